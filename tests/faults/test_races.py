"""Rivals at one workspace: of two who take the last free place one gets it, and time passes once."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select, text

from mci_tui.domain.adding import Addition
from mci_tui.domain.claims import OPEN, Status
from mci_tui.errors import Refused
from mci_tui.services import adding, services_at
from mci_tui.services.desk import Desk
from mci_tui.services.lapses import pass_deadlines
from mci_tui.services.verdicts import chosen_of
from mci_tui.store.engine import Store, Tx, open_store
from mci_tui.store.schema import claims, customers, history
from tests.conftest import LOGIN, MovingClock, new_workspace
from tests.factories import HERE, Books, guid
from tests.faults.rivals import Outcome, Rivals, Task
from tests.store.derivation import derived, kept

ADDITION = Addition(
    name="Autumn wave",
    location=HERE,
    id_type="tpid",
    id="12345",
    customer_name="Corvara Distribuzione",
    country="IT",
    engagement=("assessment",),
    contact_name="Anna Bianchi",
    contact_email="anna.bianchi@corvara.example",
    partner_name="Marco Rossi",
    partner_email="m.rossi@partner.example",
)
ROUNDS = 4


@pytest.fixture(scope="module")
def rivals() -> Iterator[Rivals]:
    both = Rivals()
    yield both
    both.close()


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location()
    return made


def open_claims(store: Store) -> dict[tuple[int, int], int]:
    """The open claims of each customer on each engagement."""
    c = claims.c
    with store.read() as tx:
        query = select(c.engagement_id, c.customer_id, func.count().label("number"))
        found = tx.execute(query.where(c.status.in_(sorted(OPEN))).group_by(c.engagement_id, c.customer_id))
        return {(row.engagement_id, row.customer_id): row.number for row in found}


def lapsed(tx: Tx) -> list[int | None]:
    """The claims of which history tells that they lapsed."""
    told = history.c.what == "lapse"
    return list(tx.scalars(select(history.c.claim_id).where(told).order_by(history.c.claim_id)))


def one_winner(outcomes: list[Outcome], store: Store, *reasons: str) -> Outcome:
    """The outcome of whoever won; whoever lost was told one of these reasons, or to look again."""
    (winner,) = [outcome for outcome in outcomes if outcome.claims]
    (loser,) = [outcome for outcome in outcomes if not outcome.claims]
    assert loser.refusal in ("not_eligible", "stale")
    assert loser.reasons <= set(reasons)
    assert bool(loser.reasons) is (loser.refusal == "not_eligible")
    with store.read() as tx:
        assert kept(tx) == derived(tx)
    return winner


def test_of_two_who_add_the_same_customer_one_wins(rivals: Rivals, books: Books, store: Store, place: str) -> None:
    """S-6e S-2g"""
    books.engagement(max_active_claims=1)
    customer = books.customer()
    for number in range(ROUNDS):
        books.identifier(customer if number == 0 else books.customer(f"Customer {number}"), "tpid", f"{1000 + number}")
        task = Task(place, replace(ADDITION, id=f"{1000 + number}"))
        one_winner(rivals.race(task, task), store, "active_claim_limit", "open_claim")
    assert set(open_claims(store).values()) == {1}
    assert len(open_claims(store)) == ROUNDS


def test_of_two_who_bring_the_same_new_customer_one_wins(
    rivals: Rivals, books: Books, store: Store, place: str
) -> None:
    """S-6e S-3b"""
    books.engagement(max_active_claims=1)
    for number in range(ROUNDS):
        task = Task(place, replace(ADDITION, id=f"{1000 + number}"))
        one_winner(rivals.race(task, task), store, "active_claim_limit", "open_claim")
    with store.read() as tx:
        assert tx.scalar(select(func.count()).select_from(customers)) == ROUNDS
    assert set(open_claims(store).values()) == {1}


def test_of_two_who_add_a_customer_by_its_two_ids_one_wins(
    rivals: Rivals, books: Books, store: Store, place: str
) -> None:
    """S-2g S-6e"""
    books.engagement(max_total_claims=2)
    for number in range(1, ROUNDS + 1):
        customer = books.customer(f"Customer {number}")
        books.identifier(customer, "domain", f"d{number}.example", tenant=guid(number))
        domain = Task(place, replace(ADDITION, id_type="domain", id=f"d{number}.example"))
        tenant = Task(place, replace(ADDITION, id_type="tenant", id=guid(number), reason="moved"))
        one_winner(rivals.race(domain, tenant), store, "open_claim")
    assert set(open_claims(store).values()) == {1}


def test_a_customer_whom_somebody_else_brings_in_after_the_check_is_not_added_twice(
    new_place: Callable[[str], str], clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-6e S-3b"""
    place = new_place("postgres")
    store, other = new_workspace(place, clock), open_store(place)
    books = Books(store, clock)
    books.location()
    books.engagement()
    mine, theirs = (services_at(Desk(each, clock, LOGIN)) for each in (store, other))

    def and_then_somebody_else(*checked: Any) -> Any:
        monkeypatch.setattr(adding, "chosen_of", chosen_of)
        theirs.adding.add(ADDITION)
        return chosen_of(*checked)

    monkeypatch.setattr(adding, "chosen_of", and_then_somebody_else)
    with pytest.raises(Refused) as refusal:
        mine.adding.add(ADDITION)
    assert refusal.value.code == "stale"
    assert open_claims(store) == {(1, 1): 1}
    with pytest.raises(Refused) as refusal:
        mine.adding.add(ADDITION)
    assert [why.code for _engagement, why in refusal.value.reasons] == ["open_claim"]
    store.close()
    other.close()


def test_whoever_loses_one_engagement_gets_none(rivals: Rivals, books: Books, store: Store, place: str) -> None:
    """S-3i"""
    for code in ("assessment", "second", "third"):
        books.engagement(code=code, max_active_claims=1)
    for number in range(ROUNDS):
        books.identifier(books.customer(f"Customer {number}"), "tpid", f"{1000 + number}")
        one = replace(ADDITION, id=f"{1000 + number}", engagement=("assessment", "second"))
        other = replace(one, engagement=("second", "third"))
        winner = one_winner(
            rivals.race(Task(place, one), Task(place, other)), store, "active_claim_limit", "open_claim"
        )
        assert len(winner.claims) == 2
    assert len(open_claims(store)) == 2 * ROUNDS


def test_whoever_adds_other_customers_is_not_in_the_way(rivals: Rivals, books: Books, store: Store, place: str) -> None:
    """S-3i"""
    books.engagement(max_active_claims=1)
    for number in range(ROUNDS):
        one, other = (Task(place, replace(ADDITION, id=f"{1000 + number + more}")) for more in (0, 500))
        assert all(outcome.claims for outcome in rivals.race(one, other))
    with store.read() as tx:
        assert kept(tx) == derived(tx)
        numbers = sorted(tx.scalars(select(claims.c.number)))
    assert numbers == [f"CLM-{number:06}" for number in range(1, 2 * ROUNDS + 1)]


def test_without_the_guards_the_limit_would_be_exceeded(rivals: Rivals, books: Books, store: Store, place: str) -> None:
    """The negative control of the tests above."""
    books.engagement(max_active_claims=1)
    books.identifier(books.customer(), "tpid", "12345")
    with store.write() as tx:
        tx.execute(text("DROP INDEX uq_claims_slot"))
    store.close()
    task = Task(place, ADDITION, guarded=False)
    outcomes = rivals.race(task, task)
    assert all(outcome.claims for outcome in outcomes), outcomes
    assert open_claims(store) == {(1, 1): 2}


def test_of_all_who_look_after_a_deadline_one_lets_it_pass(
    rivals: Rivals, books: Books, store: Store, place: str
) -> None:
    """S-10 S-6a"""
    with books.at_once():
        offers = [books.engagement(code=code, consent_days=30) for code in ("assessment", "second")]
        for number in range(1, 31):
            customer = books.customer(f"Customer {number}")
            used = books.identifier(customer, value=guid(number))
            for offer in offers:
                books.claim(offer, customer, used, Status.AWAITING_CONSENT)
    look = Task(place, days_later=31)
    rivals.race(look, look)
    with store.read() as tx:
        assert lapsed(tx) == list(range(1, 61))
        assert kept(tx) == derived(tx)


def test_two_who_let_deadlines_of_one_customer_pass_leave_the_page_right(
    new_place: Callable[[str], str], clock: MovingClock
) -> None:
    """S-10 S-2f"""
    place = new_place("postgres")
    store = new_workspace(place, clock)
    books = Books(store, clock)
    books.location()
    offer = books.engagement(consent_days=30)
    customer = books.known("Corvara", books.engagement(code="elsewhere"), number=1)
    for number in (12345, 54321):
        books.claim(offer, customer, books.identifier(customer, "tpid", str(number)), Status.AWAITING_CONSENT)
    clock.passes(days=31)
    other = open_store(place)
    failed: list[BaseException] = []

    def also() -> None:
        try:
            with other.write() as tx:
                pass_deadlines(tx, clock(), "other", limit=1)
        except BaseException as error:
            failed.append(error)

    rival = threading.Thread(target=also)
    with store.write() as tx:
        pass_deadlines(tx, clock(), "one", limit=1)
        rival.start()
        watcher = open_store(place)
        while rival.is_alive() and not _somebody_waits(watcher):
            pass
        watcher.close()
    rival.join()
    other.close()
    with store.write() as tx:
        pass_deadlines(tx, clock(), "one")
        assert failed == []
        assert lapsed(tx) == [2, 3]
        assert kept(tx) == derived(tx)
    store.close()


def _somebody_waits(watcher: Store) -> bool:
    with watcher.read() as tx:
        return bool(tx.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
