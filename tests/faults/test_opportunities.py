"""Rivals for one opportunity: it serves one open claim of an engagement, whichever way each of them goes."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from mci_tui.domain.adding import Addition
from mci_tui.domain.claims import OPEN
from mci_tui.domain.requesting import CustomerRequest
from mci_tui.store.engine import Store
from mci_tui.store.schema import claims
from tests.conftest import MovingClock
from tests.factories import HERE, Books
from tests.faults.rivals import Rivals, Task
from tests.store.derivation import derived, kept

ABOUT = {
    "name": "Autumn wave",
    "location": HERE,
    "hours": "16",
    "contact_name": "Anna Bianchi",
    "contact_email": "anna@corvara.example",
    "partner_name": "Marco Rossi",
    "partner_email": "m.rossi@partner.example",
}
ROUNDS = 3


@pytest.fixture(scope="module")
def rivals() -> Iterator[Rivals]:
    both = Rivals()
    yield both
    both.close()


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    """An engagement of variable pay without any limit of claims."""
    made = Books(store, clock)
    made.location()
    made.variable(code="projects")
    return made


def adding(value: str) -> Addition:
    return Addition(id_type="msx", id=value, engagement=("projects",), **ABOUT)


def requesting(value: str, customer: str) -> CustomerRequest:
    return CustomerRequest(id=value, customer=customer, engagement=("projects",), **ABOUT)


def claims_of_each(store: Store) -> list[int]:
    """How many open claims each opportunity serves."""
    c = claims.c
    counted = select(func.count()).where(c.status.in_(sorted(OPEN)), c.id_type == "msx").group_by(c.identifier_id)
    with store.read() as tx:
        assert kept(tx) == derived(tx)
        return list(tx.scalars(counted))


@pytest.mark.parametrize("known", [False, True], ids=["both add", "both request"])
def test_of_two_who_use_an_opportunity_one_wins(
    rivals: Rivals, books: Books, store: Store, place: str, known: bool
) -> None:
    """S-4c"""
    past = books.engagement(code="past")
    for number in range(1, ROUNDS + 1):
        value = f"7-OPP00{number}"
        customer = books.known(f"C{number}", past, number=number) if known else books.customer(f"C{number}")
        books.identifier(customer, "msx", value, open=True, acv=60_000, country="IT")
        task = Task(place, requesting(value, f"C-{number:06}") if known else adding(value))
        outcomes = rivals.race(task, task)
        assert sorted(len(outcome.claims) for outcome in outcomes) == [0, 1], outcomes
        (loser,) = (outcome for outcome in outcomes if not outcome.claims)
        assert loser.refusal in ("not_eligible", "stale")
        assert loser.reasons <= {"opportunity_in_use", "open_claim"}
    assert claims_of_each(store) == [1] * ROUNDS


def test_of_one_who_adds_and_one_who_requests_the_customers_way_wins(
    rivals: Rivals, books: Books, store: Store, place: str
) -> None:
    """S-2g S-4c: the customer is known, so that only *Request* is open"""
    past = books.engagement(code="past")
    for number in range(1, ROUNDS + 1):
        value = f"7-OPP00{number}"
        books.identifier(books.known(f"C{number}", past, number=number), "msx", value, open=True, country="IT")
        added, requested = rivals.race(Task(place, adding(value)), Task(place, requesting(value, f"C-{number:06}")))
        assert (len(requested.claims), added.claims) == (1, ())
        assert added.reasons <= {"known_customer", "open_claim", "opportunity_in_use"}
    assert claims_of_each(store) == [1] * ROUNDS


def test_two_opportunities_of_a_customer_serve_two_claims(
    rivals: Rivals, books: Books, store: Store, place: str
) -> None:
    """S-4c"""
    customer = books.known("Corvara", books.engagement(code="past"), number=1)
    for value in ("7-OPP001", "7-OPP002"):
        books.identifier(customer, "msx", value, open=True, acv=60_000, country="IT")
    tasks = [Task(place, requesting(value, "C-000001")) for value in ("7-OPP001", "7-OPP002")]
    assert all(outcome.claims for outcome in rivals.race(*tasks))
    assert claims_of_each(store) == [1, 1]
