"""Cancelling several claims at once (S-6a)."""

from collections.abc import Callable

import pytest

from mci_tui.domain.claims import Status
from mci_tui.errors import Invalid
from mci_tui.services import Services
from mci_tui.store.engine import Store
from tests.conftest import MovingClock
from tests.factories import HERE, THERE, Books, guid


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.engagement()
    made.location()
    made.location(THERE)
    for number, (status, location) in enumerate(
        (
            (Status.CUSTOMER_CLAIMED, HERE),
            (Status.SUBMITTED, HERE),
            (Status.AWAITING_CONSENT, THERE),
            (Status.CONSENT_RECEIVED, HERE),
        ),
        1,
    ):
        customer = made.customer(f"Customer {number}")
        made.claim(1, customer, made.identifier(customer, value=guid(number)), status, location_id=location)
    return made


NUMBERS = [f"CLM-00000{number}" for number in range(1, 6)]


def test_each_claim_is_cancelled_for_itself_and_what_is_refused_is_said(
    books: Books, as_operator: Callable[[str], Services]
) -> None:
    """S-6a, S-1d: one is submitted, one lies elsewhere, one does not exist"""
    books.grant("ada", "incentives_user", HERE)
    ada = as_operator("ada")
    found = ada.deciding.cancel_all(NUMBERS, "the programme has changed")
    assert [(each.claim_id, each.customer_name, each.refused and each.refused.code) for each in found] == [
        ("CLM-000001", "Customer 1", None),
        ("CLM-000002", "Customer 2", "wrong_state"),
        ("CLM-000003", "Customer 3", "role_missing"),
        ("CLM-000004", "Customer 4", None),
        ("CLM-000005", "", "not_found_claim"),
    ]
    stand = [ada.claims.show(number).claim.status for number in NUMBERS[:4]]
    assert stand == [Status.CANCELLED, Status.SUBMITTED, Status.AWAITING_CONSENT, Status.CANCELLED]
    assert ada.claims.show("CLM-000001").history[-1].note == "the programme has changed"


def test_without_a_reason_none_is_cancelled(books: Books, services: Services) -> None:
    """S-6a"""
    for note in ("", "  ", "x" * 5000):
        with pytest.raises(Invalid) as refused:
            services.deciding.cancel_all(NUMBERS, note)
        assert set(refused.value.problems) == {"note"}
    assert services.claims.show("CLM-000001").claim.status is Status.CUSTOMER_CLAIMED
