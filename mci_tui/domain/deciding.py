"""The review's decisions: which there are, what each does to a claim, and which dates they may have (S-6c)."""

from collections.abc import Mapping
from datetime import date

from mci_tui.domain.claims import Event, Life
from mci_tui.domain.deadlines import due_day, today
from mci_tui.errors import Reason, reason

DECISIONS: Mapping[str, Event] = {
    "under_review": Event.START_REVIEW,
    "action_required": Event.REQUIRE_ACTION,
    "approved": Event.APPROVE,
    "rejected": Event.REJECT,
    "rejected_final": Event.REJECT,
}
"""The decisions by the status that they name."""

MAX_NOTE = 500


def against_decision(life: Life, decision: str, on: date, now_on: date, zone: str) -> tuple[str, Reason] | None:
    """What speaks against a decision dated `on`: (error code, why). The claim's status is looked at by `move`. S-6c

    A decision lies neither in the future nor before what it decides on. Only after a dispute is a rejection final. A
    claim whose review deadline passed with the reviewer can no longer be acted on: it is approved or rejected.
    """
    if on > now_on:
        return "invalid", reason("day_future", day=on)
    if on < today(life.since, zone):
        return "invalid", reason("decision_out_of_order", day=today(life.since, zone))
    if decision == "rejected_final" and not life.disputed:
        return "wrong_state", reason("final_needs_dispute")
    if decision == "action_required":
        by = life.review_by
        if by is not None and on > due_day(by, zone):
            return "too_late", reason("action_too_late", day=due_day(by, zone))
    return None
