"""Decisions of the review, disputes, cancelling: what each does to a claim, and what is refused (S-6a, S-6c)."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from mci_tui.domain.claims import STAGES, TERMINAL, Event, Status
from mci_tui.domain.deciding import DECISIONS
from mci_tui.errors import Invalid, NotAllowed, NotFound, Refused
from mci_tui.services import Services
from mci_tui.services.claims import ClaimQuestion
from mci_tui.services.customers import PageQuestion, Place
from mci_tui.store.engine import Store
from mci_tui.store.schema import decisions, history
from tests.conftest import LOGIN, MovingClock
from tests.factories import THERE, Books
from tests.services.consent_kit import CLAIM, claimed

TODAY = date(2026, 11, 23)


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location()
    return made


def status(services: Services) -> Status:
    return services.claims.show(CLAIM).claim.status


@pytest.mark.parametrize("decision", [each for each in DECISIONS if each != "rejected_final"])
def test_a_submitted_claim_is_decided_on_with_date_source_and_note(
    services: Services, books: Books, clock: MovingClock, decision: str
) -> None:
    """S-6c"""
    claimed(books, Status.SUBMITTED)
    clock.passes(days=3)
    claim = services.deciding.decide(CLAIM, decision, "as the review says", "2026-11-25")
    assert claim.status == decision
    last = services.claims.show(CLAIM).history[-1]
    assert (last.who, last.what, last.note) == (LOGIN, "decided", "as the review says")
    assert (last.changes["decided_on"], last.changes["source"]) == ("2026-11-25", "operator")
    assert claim.status_since.date() in (date(2026, 11, 24), date(2026, 11, 25))


def one_in_each(books: Books) -> dict[Status, str]:
    """A claim in each status, by its number."""
    found = {}
    for number, each in enumerate(Status, 1):
        offer = books.engagement(code=f"offer-{number}", id_types=["tpid"])
        customer = books.customer(f"Customer {number}")
        id_ = books.claim(offer, customer, books.identifier(customer, "tpid", f"30000{number}"), each)
        found[each] = f"CLM-{id_:06d}"
    return found


@pytest.mark.parametrize("decision", list(DECISIONS))
def test_a_decision_is_taken_only_where_the_claim_is_with_the_review(
    services: Services, books: Books, decision: str
) -> None:
    """S-6a, S-6c"""
    for before, claim in one_in_each(books).items():
        if DECISIONS[decision] in STAGES[before].moves and decision != "rejected_final":
            assert services.deciding.decide(claim, decision, "n").status == decision
            continue
        with pytest.raises(Refused) as refused:
            services.deciding.decide(claim, decision, "n")
        assert refused.value.code == "wrong_state"
        assert services.claims.show(claim).claim.status is before


def test_a_decision_of_the_past_starts_its_clock_on_its_day(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-6c, S-10"""
    claimed(books, Status.SUBMITTED)
    clock.passes(days=10)
    claim = services.deciding.decide(CLAIM, "rejected", "n", "2026-11-26")
    assert claim.dispute_due_on == date(2026, 11, 26) + timedelta(days=30)


def test_a_decision_of_the_day_of_the_submission_comes_after_it(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-6c: nothing is decided before it was submitted, whenever that is entered"""
    claimed(books, Status.SUBMITTED)
    submitted = services.claims.show(CLAIM).claim.status_since
    clock.passes(days=2)
    claim = services.deciding.decide(CLAIM, "approved", "n", "2026-11-23")
    assert (claim.status_since, claim.ended_at) == (submitted, submitted)


def test_a_rejection_whose_dispute_time_is_over_already_is_final(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-6a, S-6c, S-10"""
    claimed(books, Status.SUBMITTED)
    clock.passes(days=45)
    services.deciding.decide(CLAIM, "rejected", "n", "2026-11-24")
    assert status(services) is Status.REJECTED_FINAL


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"on": "2026-11-24"}, "on"),
        ({"on": "2026-11-22"}, "on"),
        ({"on": "soon"}, "on"),
        ({"on": ""}, "on"),
        ({"note": " "}, "note"),
        ({"note": "x" * 501}, "note"),
        ({"decision": "approve"}, "decision"),
    ],
)
def test_what_is_wrong_is_said_of_its_field(
    services: Services, books: Books, changes: dict[str, str], field: str
) -> None:
    """S-6c"""
    claimed(books, Status.SUBMITTED)
    with pytest.raises(Refused) as refused:
        services.deciding.decide(**{"number": CLAIM, "decision": "approved", "note": "n", **changes})
    assert (refused.value.code, set(refused.value.problems)) == ("invalid", {field})
    assert status(services) is Status.SUBMITTED


@pytest.mark.parametrize(("on", "why"), [("2026-11-22", "decision_out_of_order"), ("2026-11-24", "day_future")])
def test_all_that_is_wrong_is_said_at_once(services: Services, books: Books, on: str, why: str) -> None:
    """S-6c"""
    claimed(books, Status.SUBMITTED)
    with pytest.raises(Invalid) as refused:
        services.deciding.decide(CLAIM, "", " ", on)
    found = {field: problem.code for field, problem in refused.value.problems.items()}
    assert found == {"decision": "choose", "note": "required", "on": why}


def test_after_a_dispute_the_next_rejection_is_final(services: Services, books: Books, clock: MovingClock) -> None:
    """S-6a"""
    claimed(books, Status.REJECTED)
    claim = services.deciding.dispute(CLAIM, "we did the work")
    assert (claim.status, claim.dispute_due_on) == (Status.DISPUTED, TODAY + timedelta(days=30))
    for kind in ("invoice",):
        assert kind in services.submitting.checklist(CLAIM).missing
    clock.passes(days=31)
    assert status(services) is Status.DISPUTED_EXPIRED


def test_a_second_rejection_is_final_by_either_name(services: Services, books: Books) -> None:
    """S-6a"""
    path = (Event.SEND, Event.ACCEPT, Event.SUBMIT, Event.REJECT, Event.DISPUTE, Event.SUBMIT)
    for number, decision in enumerate(("rejected", "rejected_final"), 1):
        claimed_at = books.engagement(code=f"offer-{number}", id_types=["tpid"])
        customer = books.customer(f"Customer {number}")
        used = books.identifier(customer, "tpid", f"10000{number}")
        books.claim(claimed_at, customer, used, events=path)
        claim = services.deciding.decide(f"CLM-00000{number}", decision, "n")
        assert claim.status is Status.REJECTED_FINAL


def test_a_dispute_comes_in_time_or_not_at_all(services: Services, books: Books, clock: MovingClock) -> None:
    """S-6a, S-10"""
    claimed(books, Status.REJECTED)
    clock.passes(days=31)
    with pytest.raises(Refused) as refused:
        services.deciding.dispute(CLAIM, "late")
    assert refused.value.code == "wrong_state"
    assert status(services) is Status.REJECTED_FINAL


def test_the_partner_does_not_lose_by_the_reviewers_delay(services: Services, books: Books, clock: MovingClock) -> None:
    """S-6a, S-6c"""
    claimed(books, Status.SUBMITTED)
    clock.passes(days=91)
    assert status(services) is Status.SUBMITTED
    with pytest.raises(Refused) as refused:
        services.deciding.decide(CLAIM, "action_required", "more proof")
    assert refused.value.code == "too_late"
    assert services.deciding.decide(CLAIM, "approved", "n").status is Status.APPROVED


def test_more_can_be_asked_for_up_to_the_last_day_of_the_review(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-6c, S-10"""
    claimed(books, Status.SUBMITTED)
    clock.passes(days=90)
    claim = services.deciding.decide(CLAIM, "action_required", "more proof")
    assert (claim.status, claim.days_left) == (Status.ACTION_REQUIRED, 0)


@pytest.mark.parametrize("with_review", [Status.SUBMITTED, Status.UNDER_REVIEW])
def test_a_review_that_takes_longer_than_planned_is_shown_as_overdue(
    services: Services, books: Books, clock: MovingClock, with_review: Status
) -> None:
    """S-6a, S-10"""
    claimed(books, with_review)

    def overdue() -> set[int | None]:
        listed = {row.days_overdue for row in services.claims.rows(ClaimQuestion())}
        on_page = services.customers.rows(PageQuestion("assessment"), Place())
        return listed | {row.days_overdue for row in on_page if row.claim_id}

    clock.passes(days=90)
    assert overdue() == {None}
    clock.passes(days=4)
    assert overdue() == {4}
    services.deciding.decide(CLAIM, "approved", "n")
    assert {row.days_overdue for row in services.claims.rows(ClaimQuestion())} == {None}


def test_what_was_never_submitted_can_be_cancelled_with_a_note(services: Services, books: Books) -> None:
    """S-6a"""
    for before, claim in one_in_each(books).items():
        with pytest.raises(Invalid):
            services.deciding.cancel(claim, "")
        if Event.CANCEL in STAGES[before].moves:
            assert services.deciding.cancel(claim, "the customer went away").status is Status.CANCELLED
            continue
        with pytest.raises(Refused) as refused:
            services.deciding.cancel(claim, "n")
        assert refused.value.code == "wrong_state"


def test_nothing_revives_what_has_ended(services: Services, books: Books, clock: MovingClock) -> None:
    """S-6a"""
    claims = one_in_each(books)
    clock.passes(days=1)
    for ended in sorted(TERMINAL):
        claim = claims[ended]
        for act in (
            partial(services.deciding.decide, claim, "approved", "n"),
            partial(services.deciding.dispute, claim, "n"),
            partial(services.deciding.cancel, claim, "n"),
            partial(services.submitting.submit, claim),
        ):
            with pytest.raises(Refused):
                act()
        assert services.claims.show(claim).claim.status is ended


def test_decisions_are_the_admins_disputes_and_cancels_whoevers_works_there(
    services: Services, books: Books, as_operator: Callable[[str], Services], store: Store
) -> None:
    """S-1d"""
    claimed(books, Status.SUBMITTED)
    books.location(THERE)
    books.grant("user", "incentives_user")
    books.grant("admin-there", "incentives_admin", THERE)
    for login in ("user", "admin-there"):
        with pytest.raises(NotAllowed):
            as_operator(login).deciding.decide(CLAIM, "approved", "n")
    with store.read() as tx:
        assert list(tx.scalars(select(history.c.who).where(history.c.what == "refused"))) == ["user", "admin-there"]
    services.deciding.decide(CLAIM, "rejected", "n")
    with pytest.raises(NotAllowed):
        as_operator("admin-there").deciding.dispute(CLAIM, "n")
    assert as_operator("user").deciding.dispute(CLAIM, "n").status is Status.DISPUTED


def test_a_claim_that_is_not_there_is_said_so(services: Services) -> None:
    with pytest.raises(NotFound):
        services.deciding.decide("CLM-000404", "approved", "n")


def test_a_decision_stays_as_it_was_taken(services: Services, books: Books, store: Store) -> None:
    """S-6c"""
    claimed(books, Status.SUBMITTED)
    services.deciding.decide(CLAIM, "approved", "n")
    with pytest.raises(DatabaseError, match="stays"), store.write() as tx:
        tx.execute(update(decisions).values(note="another"))
