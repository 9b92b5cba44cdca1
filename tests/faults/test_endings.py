"""Whoever moves a claim towards its end at the same moment as somebody else: it ends once, and one way (S-6a)."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from mci_tui.domain.claims import TERMINAL, Event, Status
from mci_tui.domain.deciding import against_decision
from mci_tui.errors import Refused
from mci_tui.services import Services, deciding, services_at
from mci_tui.services.desk import Desk
from mci_tui.store import engine
from mci_tui.store.engine import Store, open_store
from mci_tui.store.schema import claims, history
from tests.conftest import LOGIN, NOW, MovingClock
from tests.factories import PATHS, Books
from tests.faults.deciders import take_guards
from tests.faults.senders import PATIENCE
from tests.store.derivation import derived, kept

ROUNDS = 10
APART = timedelta(days=500)
"""Between two claims: whoever lets deadlines pass for one lets none pass for the next."""

SECOND = timedelta(seconds=1)
ONCE_MORE = (*PATHS[Status.DISPUTED], Event.SUBMIT)
"""A claim's way to its second review."""

Case = tuple[tuple[Event, ...], str, str, set[str]]
"""A claim's way, what the two do, and where the claim may stand then."""

CASES: list[Case] = [
    (PATHS[Status.SUBMITTED], "approved", "rejected", {"approved", "rejected"}),
    (PATHS[Status.UNDER_REVIEW], "approved", "action_required", {"approved", "action_required"}),
    (ONCE_MORE, "approved", "rejected", {"approved", "rejected_final"}),
    (ONCE_MORE, "rejected", "rejected_final", {"rejected_final"}),
    (PATHS[Status.CONSENT_RECEIVED], "submit", "cancel", {"submitted", "cancelled"}),
    (PATHS[Status.CUSTOMER_CLAIMED], "cancel", "cancel", {"cancelled"}),
    (PATHS[Status.REJECTED], "dispute", "dispute", {"disputed"}),
    (PATHS[Status.CONSENT_RECEIVED], "submit", "lapse", {"submitted", "not_submitted_expired"}),
    (PATHS[Status.CONSENT_RECEIVED], "cancel", "lapse", {"cancelled", "not_submitted_expired"}),
    (PATHS[Status.ACTION_REQUIRED], "submit", "lapse", {"submitted", "post_submission_expired"}),
    (PATHS[Status.REJECTED], "dispute", "lapse", {"disputed", "rejected_final"}),
    (PATHS[Status.DISPUTED], "submit", "lapse", {"submitted", "disputed_expired"}),
]


def act(services: Services, what: str, number: str) -> bool:
    """Does it; whether it was done."""
    steps: dict[str, Callable[[], object]] = {
        "submit": lambda: services.submitting.submit(number),
        "cancel": lambda: services.deciding.cancel(number, "n"),
        "dispute": lambda: services.deciding.dispute(number, "n"),
        "lapse": services.desk.sweep,
    }
    try:
        steps.get(what, lambda: services.deciding.decide(number, what, "n"))()
    except Refused as refused:
        if refused.code not in ("wrong_state", "stale"):
            raise
        return False
    return True


def ended(store: Store, number: str) -> str:
    """Where the claim stands; that it moved once, as its history says, and never out of an end, is asserted."""
    with store.read() as tx:
        row = tx.execute(select(claims).where(claims.c.number == number)).one()
        lines = tx.scalars(select(history.c.changes).where(history.c.claim_id == row.id).order_by(history.c.id))
        moves = [json.loads(line)["status"] for line in lines]
    assert len(moves) == 1, f"{number} was moved {len(moves)} times: {moves}"
    assert (row.status, row.version) == (moves[0][1], 2)
    assert (row.ended_at is not None) is (Status(row.status) in TERMINAL)
    return str(row.status)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[1]} and {case[2]} after {len(case[0])}")
def test_of_two_at_the_same_moment_one_moves_the_claim(
    store: Store, place: str, clock: MovingClock, case: Case
) -> None:
    """S-6a S-6c S-10"""
    path, one, other, may = case
    books = Books(store, clock)
    books.location()
    offer = books.engagement(id_types=["tpid"], proof=[])
    stores, start = [open_store(place), open_store(place)], threading.Barrier(2)
    outcomes: Counter[str] = Counter()

    def takes_part(side: int, number: str, at: datetime) -> bool:
        what = (one, other)[side]
        now = at if what == "lapse" else at - SECOND
        services = services_at(Desk(stores[side], lambda: now, LOGIN))
        start.wait(PATIENCE)
        return act(services, what, number)

    with ThreadPoolExecutor(2) as people:
        for turn in range(ROUNDS):
            customer = books.customer(f"Customer {turn}")
            used = books.identifier(customer, "tpid", f"{1000 + turn}")
            id_ = books.claim(offer, customer, used, events=path, at=NOW + turn * APART)
            with store.read() as tx:
                row = tx.execute(select(claims).where(claims.c.id == id_)).one()
            at = row.next_due if "lapse" in (one, other) else row.status_since + 2 * SECOND
            done = list(people.map(takes_part, range(2), [row.number] * 2, [at] * 2))
            outcomes[ended(store, row.number)] += 1
            assert "lapse" in (one, other) or sum(done) == 1
    assert outcomes.keys() <= may
    with store.read() as tx:
        assert kept(tx) == derived(tx)
    for each in stores:
        each.close()


@pytest.mark.parametrize("database", ["sqlite"])
def test_without_lock_and_comparison_a_claim_would_be_moved_twice(
    store: Store, place: str, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control, at the worst moment: one has looked, not yet written. An end the database guards itself."""
    books = Books(store, clock)
    books.location()
    offer, customer = books.engagement(id_types=["tpid"]), books.customer()
    books.claim(offer, customer, books.identifier(customer, "tpid", "1000"), Status.SUBMITTED)
    monkeypatch.setattr(engine, "_begin_sqlite", lambda _connection: None)
    monkeypatch.setattr(engine, "_prepare_sqlite", lambda _connection, _record: None)
    stores = [open_store(place), open_store(place)]
    for unguarded in stores:
        take_guards(unguarded)
    clock.passes(hours=1)
    first, second = (services_at(Desk(each, clock, LOGIN)) for each in stores)

    def reviewed_meanwhile(*asked: Any) -> object:
        monkeypatch.setattr(deciding, "against_decision", against_decision)
        assert act(second, "under_review", "CLM-000001")
        return against_decision(*asked)

    monkeypatch.setattr(deciding, "against_decision", reviewed_meanwhile)
    act(first, "approved", "CLM-000001")
    for each in stores:
        each.close()
    with pytest.raises(AssertionError, match="moved 2 times"):
        ended(store, "CLM-000001")
