"""The life of a claim: the status table, the clocks, the one end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mci_tui.domain.claims import (
    OPEN,
    STAGES,
    TERMINAL,
    Due,
    Event,
    Life,
    NextAction,
    Status,
    Terms,
    begin,
    move,
    passed,
)
from mci_tui.domain.deadlines import deadline
from mci_tui.words import ACTIONS, STATUSES
from tests.factories import PATHS

S, E = Status, Event
START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TERMS = Terms("Europe/Rome", consent_days=30, submit_days=60, review_days=90, dispute_days=20)
TICK = timedelta(microseconds=1)

MOVES: dict[Status, dict[Event, Status]] = {
    S.CUSTOMER_CLAIMED: {E.SEND: S.AWAITING_CONSENT, E.LAPSE: S.CONSENT_EXPIRED, E.CANCEL: S.CANCELLED},
    S.AWAITING_CONSENT: {
        E.ACCEPT: S.CONSENT_RECEIVED,
        E.DECLINE: S.CONSENT_DECLINED,
        E.LAPSE: S.CONSENT_EXPIRED,
        E.CANCEL: S.CANCELLED,
    },
    S.CONSENT_RECEIVED: {E.SUBMIT: S.SUBMITTED, E.LAPSE: S.NOT_SUBMITTED_EXPIRED, E.CANCEL: S.CANCELLED},
    S.SUBMITTED: {
        E.START_REVIEW: S.UNDER_REVIEW,
        E.REQUIRE_ACTION: S.ACTION_REQUIRED,
        E.APPROVE: S.APPROVED,
        E.REJECT: S.REJECTED,
    },
    S.UNDER_REVIEW: {E.REQUIRE_ACTION: S.ACTION_REQUIRED, E.APPROVE: S.APPROVED, E.REJECT: S.REJECTED},
    S.ACTION_REQUIRED: {E.SUBMIT: S.SUBMITTED, E.LAPSE: S.POST_SUBMISSION_EXPIRED},
    S.REJECTED: {E.DISPUTE: S.DISPUTED, E.LAPSE: S.REJECTED_FINAL},
    S.DISPUTED: {E.SUBMIT: S.SUBMITTED, E.LAPSE: S.DISPUTED_EXPIRED},
}
"""The status table of the rules, written out here once more by hand."""

CLOCKS = {
    S.CUSTOMER_CLAIMED: Due.CONSENT,
    S.AWAITING_CONSENT: Due.CONSENT,
    S.CONSENT_RECEIVED: Due.SUBMISSION,
    S.ACTION_REQUIRED: Due.REVIEW,
    S.REJECTED: Due.DISPUTE,
    S.DISPUTED: Due.DISPUTE,
}
SHOWN_ACTIONS = {
    S.CUSTOMER_CLAIMED: "Send customer consent email",
    S.AWAITING_CONSENT: "Resend customer consent email",
    S.CONSENT_RECEIVED: "Submit claim",
    S.ACTION_REQUIRED: "Submit claim",
    S.REJECTED: "Dispute",
    S.DISPUTED: "Submit claim",
}
ENDS = {
    S.APPROVED,
    S.REJECTED_FINAL,
    S.CANCELLED,
    S.CONSENT_DECLINED,
    S.CONSENT_EXPIRED,
    S.NOT_SUBMITTED_EXPIRED,
    S.POST_SUBMISSION_EXPIRED,
    S.DISPUTED_EXPIRED,
}


def brought(*events: Event, at: datetime = START) -> Life:
    """A claim after these events, an hour between them."""
    life = begin(START, TERMS)
    for hours, event in enumerate(events, 1):
        moved = move(life, event, at + timedelta(hours=hours), TERMS)
        assert moved is not None, f"{life.status} does not allow {event}"
        life = moved
    return life


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("status", Status)
def test_every_event_leads_where_the_table_says_or_nowhere(status: Status, event: Event) -> None:
    """S-6a"""
    life = Life(status, START, START)
    moved = move(life, event, START, TERMS)
    assert (moved.status if moved else None) == MOVES.get(status, {}).get(event)


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("status", Status)
def test_after_a_dispute_only_the_next_rejection_differs(status: Status, event: Event) -> None:
    """S-6a"""
    moved = move(Life(status, START, START, disputed=True), event, START, TERMS)
    expected = MOVES.get(status, {}).get(event)
    assert (moved.status if moved else None) == (S.REJECTED_FINAL if expected is S.REJECTED else expected)


@pytest.mark.parametrize("status", Status)
def test_each_status_has_its_clock_its_action_and_its_words(status: Status) -> None:
    """S-2h S-6"""
    stage = STAGES[status]
    assert stage.due == CLOCKS.get(status)
    assert (ACTIONS[stage.action][0] if stage.action else None) == SHOWN_ACTIONS.get(status)
    assert stage.terminal is (status in ENDS)
    assert (status in TERMINAL, status in OPEN) == (status in ENDS, status not in ENDS)
    assert status in STATUSES


def test_only_a_customer_can_be_requested() -> None:
    """S-2h"""
    assert all(stage.action is not NextAction.REQUEST_CUSTOMER for stage in STAGES.values())


@pytest.mark.parametrize("status", Status)
def test_every_status_can_be_reached(status: Status) -> None:
    """S-6"""
    life = begin(START, TERMS)
    for event in PATHS[status]:
        at = life.next_due if event is E.LAPSE and life.next_due else life.since
        life = move(life, event, at, TERMS) or life
    assert life.status is status
    assert (life.ended_at is not None) is (status in ENDS)


def test_the_consent_clock_runs_from_the_making_and_sending_moves_it_not() -> None:
    """S-5a S-10"""
    made = begin(START, TERMS)
    assert made.next_due == deadline(START, 30, "Europe/Rome") == datetime(2026, 12, 23, 23, tzinfo=UTC)
    sent = move(made, E.SEND, START + timedelta(days=20), TERMS)
    assert sent is not None
    assert (sent.due_what, sent.next_due) == (Due.CONSENT, made.next_due)


def test_the_submit_and_review_clocks_run_from_the_consent() -> None:
    """S-5f S-10"""
    consented = brought(E.SEND, E.ACCEPT)
    assert consented.consent_at == START + timedelta(hours=2)
    assert (consented.due_what, consented.next_due) == (Due.SUBMISSION, deadline(START, 60, "Europe/Rome"))
    returned = brought(E.SEND, E.ACCEPT, E.SUBMIT, E.REQUIRE_ACTION)
    assert (returned.due_what, returned.next_due) == (Due.REVIEW, deadline(START, 90, "Europe/Rome"))


def test_the_dispute_clock_runs_from_the_rejection_and_once_more_from_the_dispute() -> None:
    """S-10"""
    rejected = brought(E.SEND, E.ACCEPT, E.SUBMIT, E.REJECT)
    assert rejected.next_due == deadline(START, 20, "Europe/Rome")
    later = START + timedelta(days=7)
    disputed = move(rejected, E.DISPUTE, later, TERMS)
    assert disputed is not None
    assert (disputed.due_what, disputed.next_due) == (Due.DISPUTE, deadline(later, 20, "Europe/Rome"))


def test_after_a_dispute_action_required_runs_on_the_disputes_deadline() -> None:
    """S-6a"""
    disputed = brought(E.SEND, E.ACCEPT, E.SUBMIT, E.REJECT, E.DISPUTE)
    life = disputed
    for day, event in enumerate((E.SUBMIT, E.START_REVIEW, E.REQUIRE_ACTION, E.SUBMIT, E.REQUIRE_ACTION), 1):
        life = move(life, event, START + timedelta(days=day), TERMS) or life
        assert life.disputed
    assert life.status is S.ACTION_REQUIRED
    assert (life.due_what, life.next_due) == (Due.DISPUTE, disputed.dispute_due)
    assert life.next_due != life.review_due
    assert disputed.dispute_due is not None
    assert passed(life, disputed.dispute_due, TERMS).status is S.POST_SUBMISSION_EXPIRED


def test_the_rejection_after_a_dispute_is_final() -> None:
    """S-6a"""
    life = brought(E.SEND, E.ACCEPT, E.SUBMIT, E.REJECT, E.DISPUTE, E.SUBMIT, E.REJECT)
    assert life.status is S.REJECTED_FINAL
    assert life.ended_at == START + timedelta(hours=7)
    assert life.next_due is None


@pytest.mark.parametrize("events", [(E.SUBMIT,), (E.SUBMIT, E.START_REVIEW)])
def test_submitted_and_under_review_never_lapse(events: tuple[Event, ...]) -> None:
    """S-6a"""
    life = brought(E.SEND, E.ACCEPT, *events)
    assert life.next_due is None
    assert passed(life, START + timedelta(days=5000), TERMS) is life


@pytest.mark.parametrize("events", [(E.SUBMIT,), (E.SUBMIT, E.START_REVIEW)])
def test_a_review_is_overdue_from_its_deadline_on_after_a_dispute_from_the_disputes(events: tuple[Event, ...]) -> None:
    """S-6a"""
    for before in ((E.SEND, E.ACCEPT), (E.SEND, E.ACCEPT, E.SUBMIT, E.REJECT, E.DISPUTE)):
        life = brought(*before, *events)
        by = life.dispute_due if E.DISPUTE in before else life.review_due
        assert by is not None
        assert (life.overdue(by - TICK), life.overdue(by)) == (None, by)


@pytest.mark.parametrize("status", sorted(set(Status) - {S.SUBMITTED, S.UNDER_REVIEW}))
def test_nothing_but_a_review_is_overdue(status: Status) -> None:
    """S-6a"""
    assert brought(*PATHS[status]).overdue(START + timedelta(days=5000)) is None


@pytest.mark.parametrize(
    ("status", "end"),
    [
        (S.CUSTOMER_CLAIMED, S.CONSENT_EXPIRED),
        (S.AWAITING_CONSENT, S.CONSENT_EXPIRED),
        (S.CONSENT_RECEIVED, S.NOT_SUBMITTED_EXPIRED),
        (S.ACTION_REQUIRED, S.POST_SUBMISSION_EXPIRED),
        (S.REJECTED, S.REJECTED_FINAL),
        (S.DISPUTED, S.DISPUTED_EXPIRED),
    ],
)
def test_a_claim_lapses_at_the_instant_of_its_deadline_and_not_before(status: Status, end: Status) -> None:
    """S-10"""
    life = brought(*PATHS[status])
    assert life.next_due is not None
    assert passed(life, life.next_due - TICK, TERMS) is life
    for now in (life.next_due, life.next_due + timedelta(days=400)):
        lapsed = passed(life, now, TERMS)
        assert (lapsed.status, lapsed.since, lapsed.ended_at) == (end, life.next_due, life.next_due)
        assert passed(lapsed, now, TERMS) is lapsed


@given(st.lists(st.tuples(st.sampled_from(Event), st.integers(0, 40)), max_size=30))
def test_a_claim_ends_once_and_nothing_revives_it(tried: list[tuple[Event, int]]) -> None:
    """S-6a"""
    life, at, ends = begin(START, TERMS), START, 0
    for event, days in tried:
        at += timedelta(days=days)
        life = passed(life, at, TERMS)
        before = life
        life = move(life, event, at, TERMS) or life
        if before.status in ENDS:
            assert life is before
        ends += before.status not in ENDS and life.status in ENDS
        assert (life.ended_at is None) is (life.status not in ENDS)
        assert (life.next_due is not None) is (life.status in CLOCKS)
    assert ends <= 1
