"""Review decisions brought in by a file: by their days, all or nothing, twice the same as once (S-6c, S-11a)."""

from pathlib import Path

import pytest

from mci_tui.domain.claims import Event, Status
from mci_tui.services import Services
from mci_tui.services.desk import Desk
from mci_tui.store.engine import Store
from mci_tui.words import say
from tests.conftest import LOGIN, MovingClock
from tests.factories import Books
from tests.services.importing_kit import Bench, counted, told


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location()
    return made


@pytest.fixture
def bench(store: Store, clock: MovingClock, tmp_path: Path) -> Bench:
    return Bench(Desk(store, clock, LOGIN), tmp_path)


def submitted(books: Books, count: int, *events: Event) -> None:
    """Claims CLM-000001 and so on, submitted, each of its own customer."""
    offer = books.engagement(id_types=["tpid"])
    path = (Event.SEND, Event.ACCEPT, Event.SUBMIT, *events)
    with books.at_once():
        for number in range(1, count + 1):
            customer = books.customer(f"Customer {number}")
            books.claim(offer, customer, books.identifier(customer, "tpid", f"{100000 + number}"), events=path)


def line(number: int, status: str, on: str = "2026-11-23", note: str = "") -> dict[str, str]:
    return {"claim_id": f"CLM-{number:06d}", "status": status, "decided_on": on, "note": note}


def statuses(services: Services, count: int) -> list[str]:
    return [str(services.claims.show(f"CLM-{number:06d}").claim.status) for number in range(1, count + 1)]


def test_decisions_move_the_claims_that_they_name(services: Services, books: Books, bench: Bench) -> None:
    """S-6c, S-11a"""
    submitted(books, 4)
    typed = {**line(3, "under-review"), "claim_id": " clm-000003"}
    brought = bench.bring("decisions", line(1, "approved", note="fine"), line(2, "Rejected"), typed)
    assert counted(brought) == (3, 0, 0)
    assert statuses(services, 4) == ["approved", "rejected", "under_review", "submitted"]
    last = services.claims.show("CLM-000001").history[-1]
    assert (last.note, last.changes["source"]) == ("fine", "import")
    assert bench.pages_are_right()


def test_the_same_file_twice_changes_nothing_the_second_time(services: Services, books: Books, bench: Bench) -> None:
    """S-11a"""
    submitted(books, 2)
    lines = [line(1, "under_review"), line(1, "approved"), line(2, "rejected")]
    assert counted(bench.bring("decisions", *lines)) == (3, 0, 0)
    before = bench.everything()
    assert counted(bench.bring("decisions", *lines)) == (0, 0, 3)
    assert bench.everything() == before


def test_lines_go_in_by_their_days_whatever_their_order(
    services: Services, books: Books, bench: Bench, clock: MovingClock
) -> None:
    """S-6c"""
    submitted(books, 1)
    clock.passes(days=9)
    bench.bring("decisions", line(1, "approved", "2026-11-30"), line(1, "under_review", "2026-11-25"))
    assert [each.changes["decided_on"] for each in services.claims.show("CLM-000001").history[-2:]] == [
        "2026-11-25",
        "2026-11-30",
    ]
    assert statuses(services, 1) == ["approved"]


def test_what_is_wrong_is_named_by_line_and_column_and_nothing_is_changed(
    services: Services, books: Books, bench: Bench, clock: MovingClock
) -> None:
    """S-6c, S-11a"""
    submitted(books, 2)
    books.claim(1, 1, 1, Status.CUSTOMER_CLAIMED)
    clock.passes(days=1)
    before = bench.everything()
    brought = bench.bring(
        "decisions",
        line(99, "approved"),
        line(3, "approved"),
        line(1, "approved", "2026-11-25"),
        line(1, "approved", "2026-11-01"),
        line(2, "rejected_final"),
        line(2, "approve"),
        line(2, "approved", "23.11.2026"),
        line(2, "approved", "2026-11-24"),
    )
    assert told(brought) == [
        (2, "claim_id", "not_found_claim"),
        (3, "status", "wrong_state"),
        (4, "decided_on", "day_future"),
        (5, "decided_on", "decision_out_of_order"),
        (6, "status", "final_needs_dispute"),
        (7, "status", "not_a_choice"),
        (8, "decided_on", "not_date"),
    ]
    assert not brought.written
    assert bench.everything() == before
    assert [say(problem.why) for problem in brought.bad[2:4]] == [
        "25 Nov 2026 is still to come: write a day up to today.",
        "The claim stands as it does since 23 Nov 2026: a decision on it cannot be older.",
    ]


def test_a_second_decision_on_what_the_first_has_ended_is_bad(services: Services, books: Books, bench: Bench) -> None:
    """S-6a"""
    submitted(books, 1)
    brought = bench.bring("decisions", line(1, "approved"), line(1, "rejected"))
    assert told(brought) == [(3, "status", "wrong_state")]
    assert statuses(services, 1) == ["submitted"]


def test_many_decisions_with_three_bad_lines_go_in_but_for_those(
    services: Services, books: Books, bench: Bench, tmp_path: Path
) -> None:
    """S-11a"""
    count = 1_200 if bench.desk.store.is_sqlite else 120
    submitted(books, count)
    lines = [line(number, "approved") for number in range(1, count + 1)]
    bad = (3, 57, count - 1)
    for number in bad:
        lines[number]["claim_id"] = f"CLM-9{number:05d}"
    brought = bench.bring("decisions", *lines, bad_rows=tmp_path / "bad.csv")
    assert (counted(brought), brought.bad_lines) == ((count - 3, 0, 0), 3)
    assert (tmp_path / "bad.csv").read_text("utf-8-sig").count("\n") == 4
    assert statuses(services, 5) == ["approved", "approved", "approved", "submitted", "approved"]
