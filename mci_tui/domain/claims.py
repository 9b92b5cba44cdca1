"""The life of a claim: statuses, what moves them, the clocks (S-6, S-10)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from mci_tui.domain.deadlines import deadline


class Status(StrEnum):
    """Where a claim stands; the value is the stored and the printed name."""

    CUSTOMER_CLAIMED = "customer_claimed"
    AWAITING_CONSENT = "awaiting_consent"
    CONSENT_RECEIVED = "consent_received"
    CONSENT_DECLINED = "consent_declined"
    CONSENT_EXPIRED = "consent_expired"
    NOT_SUBMITTED_EXPIRED = "not_submitted_expired"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    ACTION_REQUIRED = "action_required"
    POST_SUBMISSION_EXPIRED = "post_submission_expired"
    APPROVED = "approved"
    REJECTED = "rejected"
    DISPUTED = "disputed"
    DISPUTED_EXPIRED = "disputed_expired"
    REJECTED_FINAL = "rejected_final"
    CANCELLED = "cancelled"


class Event(StrEnum):
    """What can happen to a claim."""

    SEND = "send"
    ACCEPT = "accept"
    DECLINE = "decline"
    SUBMIT = "submit"
    START_REVIEW = "start_review"
    REQUIRE_ACTION = "require_action"
    APPROVE = "approve"
    REJECT = "reject"
    DISPUTE = "dispute"
    CANCEL = "cancel"
    LAPSE = "lapse"


class Due(StrEnum):
    """The four clocks; the value is the printed name of what is due."""

    CONSENT = "consent"
    SUBMISSION = "submission"
    REVIEW = "review"
    DISPUTE = "dispute"


class NextAction(StrEnum):
    """What the Action column offers; the value is the printed name."""

    REQUEST_CUSTOMER = "request-customer"
    SEND_CONSENT = "send-consent"
    RESEND_CONSENT = "resend-consent"
    SUBMIT_CLAIM = "submit-claim"
    DISPUTE = "dispute"


class Stage(NamedTuple):
    """What is true of every claim in one status: its clock, the action offered, and where each event leads."""

    due: Due | None = None
    action: NextAction | None = None
    moves: Mapping[Event, Status] = MappingProxyType({})

    @property
    def terminal(self) -> bool:
        return not self.moves


_S, _E = Status, Event

STAGES: dict[Status, Stage] = {
    _S.CUSTOMER_CLAIMED: Stage(
        Due.CONSENT,
        NextAction.SEND_CONSENT,
        {_E.SEND: _S.AWAITING_CONSENT, _E.LAPSE: _S.CONSENT_EXPIRED, _E.CANCEL: _S.CANCELLED},
    ),
    _S.AWAITING_CONSENT: Stage(
        Due.CONSENT,
        NextAction.RESEND_CONSENT,
        {
            _E.ACCEPT: _S.CONSENT_RECEIVED,
            _E.DECLINE: _S.CONSENT_DECLINED,
            _E.LAPSE: _S.CONSENT_EXPIRED,
            _E.CANCEL: _S.CANCELLED,
        },
    ),
    _S.CONSENT_RECEIVED: Stage(
        Due.SUBMISSION,
        NextAction.SUBMIT_CLAIM,
        {_E.SUBMIT: _S.SUBMITTED, _E.LAPSE: _S.NOT_SUBMITTED_EXPIRED, _E.CANCEL: _S.CANCELLED},
    ),
    _S.SUBMITTED: Stage(
        moves={
            _E.START_REVIEW: _S.UNDER_REVIEW,
            _E.REQUIRE_ACTION: _S.ACTION_REQUIRED,
            _E.APPROVE: _S.APPROVED,
            _E.REJECT: _S.REJECTED,
        }
    ),
    _S.UNDER_REVIEW: Stage(
        moves={_E.REQUIRE_ACTION: _S.ACTION_REQUIRED, _E.APPROVE: _S.APPROVED, _E.REJECT: _S.REJECTED}
    ),
    _S.ACTION_REQUIRED: Stage(
        Due.REVIEW,
        NextAction.SUBMIT_CLAIM,
        {_E.SUBMIT: _S.SUBMITTED, _E.LAPSE: _S.POST_SUBMISSION_EXPIRED},
    ),
    _S.REJECTED: Stage(Due.DISPUTE, NextAction.DISPUTE, {_E.DISPUTE: _S.DISPUTED, _E.LAPSE: _S.REJECTED_FINAL}),
    _S.DISPUTED: Stage(Due.DISPUTE, NextAction.SUBMIT_CLAIM, {_E.SUBMIT: _S.SUBMITTED, _E.LAPSE: _S.DISPUTED_EXPIRED}),
    _S.APPROVED: Stage(),
    _S.REJECTED_FINAL: Stage(),
    _S.CANCELLED: Stage(),
    _S.CONSENT_DECLINED: Stage(),
    _S.CONSENT_EXPIRED: Stage(),
    _S.NOT_SUBMITTED_EXPIRED: Stage(),
    _S.POST_SUBMISSION_EXPIRED: Stage(),
    _S.DISPUTED_EXPIRED: Stage(),
}
"""The status table of S-6 as data; what holds only after a dispute is in `move`."""

TERMINAL = frozenset(status for status, stage in STAGES.items() if stage.terminal)
OPEN = frozenset(STAGES) - TERMINAL
UNANSWERED = frozenset({Status.CONSENT_DECLINED, Status.CONSENT_EXPIRED})
"""Declined, or lapsed without an answer: what S-2f is about."""
IN_REVIEW = frozenset({Status.SUBMITTED, Status.UNDER_REVIEW})
"""The review moves next, and takes as long as it takes."""


class Terms(NamedTuple):
    """The days that a claim's engagement gave when the claim was made, and the zone that counts them. S-10

    They go with the claim: a later change of the catalogue moves none of its deadlines.
    """

    zone: str
    consent_days: int
    submit_days: int
    review_days: int
    dispute_days: int


class Life(NamedTuple):
    """The part of a claim that moves: status, since when, and the instants at which each clock that runs lapses."""

    status: Status
    since: datetime
    consent_due: datetime
    consent_at: datetime | None = None
    submit_due: datetime | None = None
    review_due: datetime | None = None
    dispute_due: datetime | None = None
    disputed: bool = False
    ended_at: datetime | None = None

    @property
    def due_what(self) -> Due | None:
        """The clock that runs now."""
        due = STAGES[self.status].due
        return Due.DISPUTE if due is Due.REVIEW and self.disputed else due

    @property
    def review_by(self) -> datetime | None:
        """The instant until which the review may ask for more; a decision after it is overdue. S-6a"""
        return self.dispute_due if self.disputed else self.review_due

    def overdue(self, now: datetime) -> datetime | None:
        """The deadline that the review has let pass at `now` with the claim before it; nothing lapses by that. S-6a"""
        by = self.review_by
        return by if self.status in IN_REVIEW and by is not None and by <= now else None

    @property
    def next_due(self) -> datetime | None:
        """The instant at which the clock that runs now lapses."""
        match self.due_what:
            case Due.CONSENT:
                return self.consent_due
            case Due.SUBMISSION:
                return self.submit_due
            case Due.REVIEW:
                return self.review_due
            case Due.DISPUTE:
                return self.dispute_due
        return None


def begin(now: datetime, terms: Terms) -> Life:
    """A claim as it is made: the consent clock runs from now. S-5a"""
    return Life(Status.CUSTOMER_CLAIMED, now, deadline(now, terms.consent_days, terms.zone))


def move(life: Life, event: Event, at: datetime, terms: Terms) -> Life | None:
    """The claim after `event` at the instant `at`, or None where its status does not allow that. S-6a

    After a dispute the next rejection is final, and action required runs on the dispute's deadline, which a dispute
    sets once.
    """
    target = STAGES[life.status].moves.get(event)
    if target is None:
        return None
    if life.disputed and target is Status.REJECTED:
        target = Status.REJECTED_FINAL
    moved = life._replace(status=target, since=at, ended_at=at if target in TERMINAL else None)
    if event is Event.ACCEPT:
        return moved._replace(
            consent_at=at,
            submit_due=deadline(at, terms.submit_days, terms.zone),
            review_due=deadline(at, terms.review_days, terms.zone),
        )
    if target is Status.REJECTED:
        return moved._replace(dispute_due=deadline(at, terms.dispute_days, terms.zone))
    if event is Event.DISPUTE:
        return moved._replace(disputed=True, dispute_due=deadline(at, terms.dispute_days, terms.zone))
    return moved


def passed(life: Life, now: datetime, terms: Terms) -> Life:
    """The claim as it stands at `now`: lapsed, at the instant of its deadline, if that has passed. S-10"""
    lapse = life.next_due
    if lapse is None or now < lapse:
        return life
    return move(life, Event.LAPSE, lapse, terms) or life
