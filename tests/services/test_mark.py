"""The desk's mark: another one as soon as a screen may have something else to show."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from mci_tui.domain.claims import Status
from mci_tui.errors import Unusable, reason
from mci_tui.services import Services
from mci_tui.store.engine import Store
from tests.conftest import MovingClock
from tests.factories import Books, guid


def test_what_others_write_makes_it_another_one_and_what_they_read_does_not(
    services: Services, elsewhere: Callable[[], Services], clock: MovingClock
) -> None:
    before = services.desk.mark()
    assert before is not None
    colleague = elsewhere()
    colleague.settings.show()
    assert services.desk.mark() == before
    Books(colleague.desk.store, clock).location()
    assert services.desk.mark() not in (None, before)


def test_a_deadline_makes_it_another_one_at_the_instant_when_it_passes(
    store: Store, services: Services, clock: MovingClock
) -> None:
    """S-10"""
    books = Books(store, clock)
    books.location()
    used = books.identifier(books.customer(), value=guid(1))
    books.claim(books.engagement(consent_days=30), 1, used, Status.AWAITING_CONSENT)
    services.settings.set("timezone", "UTC")  # the deadline, made in Rome, is no longer at the end of a day
    clock.now = datetime(2026, 12, 23, 22, 59, 59, tzinfo=UTC)
    before = services.desk.mark()
    clock.passes(seconds=1)
    assert services.desk.mark() != before


def test_another_day_where_the_workspace_is_makes_it_another_one(services: Services, clock: MovingClock) -> None:
    """S-10"""
    clock.now = datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC)  # in Rome, the last second of the day
    before = services.desk.mark()
    clock.passes(seconds=1)
    assert services.desk.mark() != before


def test_while_nobody_writes_nothing_is_read_for_it(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_store: Store) -> None:
        raise AssertionError

    before = services.desk.mark()
    monkeypatch.setattr(Store, "read", read)
    assert services.desk.mark() == before


@pytest.mark.parametrize("call", ["data_mark", "read"])
def test_there_is_none_while_the_workspace_cannot_be_reached(
    services: Services, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def refused(_store: Store) -> None:
        raise Unusable(reason("workspace_unreachable"))

    with monkeypatch.context() as gone:
        gone.setattr(Store, call, refused)
        assert services.desk.mark() is None
    assert services.desk.mark() is not None
