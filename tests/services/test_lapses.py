"""What time does to claims: deadlines pass at their instant, once, by reading; who may not write sees it too."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from mci_tui.domain.claims import Event, Status
from mci_tui.domain.deadlines import deadline
from mci_tui.domain.eligibility import Tab
from mci_tui.errors import NotAllowed
from mci_tui.services import Services, lapses, services_at
from mci_tui.services.claims import ClaimQuestion
from mci_tui.services.customers import CustomerRow, PageQuestion, Place
from mci_tui.services.desk import Desk
from mci_tui.store.engine import Store, open_store
from mci_tui.store.schema import claims, history
from tests.conftest import LOGIN, MovingClock
from tests.factories import PATHS, Books, guid

TICK = timedelta(microseconds=1)
LAPSE = datetime(2026, 12, 23, 23, tzinfo=UTC)
"""When a consent clock of thirty days that starts with the stories has run out in Rome."""


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location()
    return made


def lapsed(store: Store) -> list[Any]:
    """The lines of history that tell of a lapse."""
    with store.read() as tx:
        return list(tx.execute(select(history).where(history.c.what == "lapse").order_by(history.c.id)))


def page(services: Services, tab: Tab) -> list[CustomerRow]:
    return services.customers.rows(PageQuestion("assessment", tab), Place())


def statuses(services: Services) -> list[Status]:
    return [claim.status for claim in services.claims.rows(ClaimQuestion())]


READS: dict[str, Callable[[Services], object]] = {
    "engagements": lambda services: services.engagements.list(),
    "counts": lambda services: services.engagements.counts(),
    "rows": lambda services: services.customers.rows(PageQuestion("assessment"), Place()),
    "head": lambda services: services.customers.head(PageQuestion("assessment")),
    "claims": lambda services: services.claims.rows(ClaimQuestion()),
    "claim": lambda services: services.claims.show("CLM-000001"),
    "locations": lambda services: services.adding.locations(),
    "setting": lambda services: services.settings.set("partner_name", "Meridiana"),
}


def test_whoever_comes_first_after_the_instant_makes_it_so_once(
    services: Services, books: Books, store: Store, clock: MovingClock
) -> None:
    """S-10"""
    offer, customer = books.engagement(consent_days=30), books.customer()
    used = books.identifier(customer)
    for number, read in enumerate(READS.values(), 1):
        claim = books.claim(offer, customer, used, Status.AWAITING_CONSENT)
        lapse = deadline(clock(), 30, "Europe/Rome")
        clock.now = lapse - TICK
        read(services)
        assert len(lapsed(store)) == number - 1
        clock.now = lapse
        for _ in range(2):
            read(services)
            line = lapsed(store)[number - 1 :][0]
            assert (len(lapsed(store)), line.who, line.claim_id, line.at) == (number, "system", claim, lapse)
            assert line.changes == '{"status": ["awaiting_consent", "consent_expired"]}'
        with store.read() as tx:
            row = tx.execute(select(claims).where(claims.c.id == claim)).one()
        assert (row.status, row.status_since, row.ended_at, row.next_due) == ("consent_expired", lapse, lapse, None)


def test_a_change_that_is_refused_lets_deadlines_pass_all_the_same(
    books: Books, store: Store, clock: MovingClock
) -> None:
    """S-10 S-1d"""
    customer = books.customer()
    books.claim(books.engagement(consent_days=30), customer, books.identifier(customer), Status.AWAITING_CONSENT)
    clock.now = LAPSE
    with pytest.raises(NotAllowed):
        services_at(Desk(store, clock, "nobody")).settings.set("partner_name", "Meridiana")
    assert [line.at for line in lapsed(store)] == [LAPSE]


def test_each_clock_brings_its_end(services: Services, books: Books, clock: MovingClock) -> None:
    """S-6 S-6a S-10"""
    offer = books.engagement(consent_days=30, submit_days=60, review_days=90, dispute_days=20)
    customer, began = books.customer(), clock()
    used = books.identifier(customer)
    ends = (
        (Status.CUSTOMER_CLAIMED, 30, Status.CONSENT_EXPIRED),
        (Status.CONSENT_RECEIVED, 60, Status.NOT_SUBMITTED_EXPIRED),
        (Status.ACTION_REQUIRED, 90, Status.POST_SUBMISSION_EXPIRED),
        (Status.REJECTED, 20, Status.REJECTED_FINAL),
        (Status.DISPUTED, 20, Status.DISPUTED_EXPIRED),
        (Status.SUBMITTED, 5000, Status.SUBMITTED),
        (Status.UNDER_REVIEW, 5000, Status.UNDER_REVIEW),
    )
    for status, _days, _end in ends:
        books.claim(offer, customer, used, status)
    for passed in (20, 21, 30, 31, 60, 61, 90, 91, 5001):
        clock.now = began + timedelta(days=passed)
        assert statuses(services) == [status if passed <= days else end for status, days, end in ends]


def test_a_desk_left_alone_for_long_catches_up_in_the_order_of_the_deadlines(
    services: Services, books: Books, store: Store, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-2f S-10"""
    monkeypatch.setattr(lapses.pass_deadlines, "__defaults__", (2,))
    monkeypatch.setattr("mci_tui.services.desk.BATCH", 2)
    offer = books.engagement(consent_days=30)
    newcomer, known = books.customer("Newcomer"), books.known("Known", offer, number=1)
    for days in range(5):
        for customer in (newcomer, known):
            used = books.identifier(customer, "subscription", guid(10 * days + customer))
            books.claim(offer, customer, used, at=clock() - timedelta(days=days))
    clock.passes(days=400)
    assert [row.claim_id for row in page(services, Tab.COMPLETE) if row.status == "consent_expired"] == [
        "CLM-000003",
        "CLM-000005",
        "CLM-000007",
        "CLM-000009",
        "CLM-000011",
    ]
    found = lapsed(store)
    assert len(found) == 10
    assert [line.at for line in found] == sorted(line.at for line in found)


def test_consent_that_came_first_keeps_the_lapsed_claim_on_the_page(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-2f"""
    offer, elsewhere = books.engagement(consent_days=30), books.engagement(code="elsewhere")
    early, late = books.customer("Consented before"), books.customer("Consented after")
    for number, customer in enumerate((early, late), 1):
        books.claim(offer, customer, books.identifier(customer, value=guid(number)))
    on_time, too_late = LAPSE - timedelta(seconds=2), LAPSE
    books.claim(elsewhere, early, 1, at=on_time, events=(Event.SEND, Event.ACCEPT))
    books.claim(elsewhere, late, 2, at=too_late, events=(Event.SEND, Event.ACCEPT))
    clock.now = LAPSE + timedelta(days=1)
    assert [row.customer_name for row in page(services, Tab.COMPLETE)] == ["Consented before"]
    assert {row.customer_name for row in page(services, Tab.ELIGIBLE)} == {"Consented before", "Consented after"}


def test_a_claim_that_lapsed_frees_its_place(services: Services, books: Books, clock: MovingClock) -> None:
    """S-6e S-6a"""
    offer = books.engagement(max_active_claims=1, consent_days=30)
    customer = books.known("Corvara", books.engagement(code="elsewhere"), number=1)
    books.claim(offer, customer, books.identifier(customer, "tpid", "12345"), slot=1)
    (row,) = [row for row in page(services, Tab.NOT_ELIGIBLE) if row.claim_id is None]
    assert [each.code for each in row.reasons] == ["active_claim_limit"]
    clock.passes(days=31)
    assert page(services, Tab.NOT_ELIGIBLE) == []
    books.claim(offer, customer, 1, slot=1)
    assert statuses(services)[1:] == [Status.CONSENT_EXPIRED, Status.CUSTOMER_CLAIMED]


# Who may not write


@pytest.fixture
def reader(place: str, store: Store, clock: MovingClock) -> Iterator[Services]:
    """The services of somebody who opened the workspace read-only."""
    opened = open_store(place, read_only=True, login=LOGIN)
    yield services_at(Desk(opened, clock, LOGIN))
    opened.close()


def everything(services: Services) -> list[object]:
    """All that lists and pages show."""
    return [
        services.engagements.list(),
        services.engagements.counts(),
        services.claims.rows(ClaimQuestion()),
        *(page(services, tab) for tab in Tab),
        *(services.customers.head(PageQuestion("assessment", tab)) for tab in Tab),
    ]


def a_full_page(books: Books) -> None:
    """Claims in every status, of newcomers and of known customers."""
    offer, elsewhere = books.engagement(max_active_claims=1), books.engagement(code="elsewhere")
    for number, status in enumerate(PATHS, 1):
        customer = books.customer(f"Customer {number}")
        used = books.identifier(customer, value=guid(number))
        if number % 2:
            books.claim(elsewhere, customer, used, Status.APPROVED)
        books.claim(offer, customer, used, status)


def test_a_read_only_reader_sees_the_page_as_it_stands_now_and_writes_nothing(
    services: Services, reader: Services, books: Books, store: Store, clock: MovingClock, place: str
) -> None:
    """S-10"""
    a_full_page(books)
    clock.passes(days=31)
    before = _digest(place, store)
    seen = everything(reader)
    assert everything(reader) == seen
    assert _digest(place, store) == before
    assert lapsed(store) == []
    assert everything(services) == seen
    assert len(lapsed(store)) == 4


def _digest(place: str, store: Store) -> str:
    """Stands for every byte of the workspace."""
    if store.is_sqlite:
        return hashlib.sha256(Path(place).read_bytes()).hexdigest()
    with store.read() as tx:
        return "\n".join(str(row) for table in (claims, history) for row in tx.execute(select(table)))


def test_while_somebody_else_writes_rows_tell_their_derived_status(
    services: Services, books: Books, store: Store, elsewhere: Callable[[], Services], clock: MovingClock
) -> None:
    """S-10"""
    customer = books.customer()
    books.claim(books.engagement(consent_days=30), customer, books.identifier(customer), Status.AWAITING_CONSENT)
    clock.passes(days=31)
    other = elsewhere()
    with store.write(alone=True):
        (row,) = page(other, Tab.ELIGIBLE)
        (claim,) = other.claims.rows(ClaimQuestion())
    assert (row.status, row.action, row.due_on, claim.status) == ("consent_expired", None, None, "consent_expired")
    assert lapsed(store) == []
    assert page(other, Tab.ELIGIBLE) == page(other, Tab.COMPLETE) == []
    assert len(lapsed(store)) == 1
