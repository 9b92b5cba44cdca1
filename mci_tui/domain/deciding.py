"""The review's decisions: which there are, what each does to a claim, and which dates they may have (S-6c)."""

from collections.abc import Mapping
from datetime import date

from mci_tui.domain import cells
from mci_tui.domain.claims import Event, Life
from mci_tui.domain.deadlines import due_day, today
from mci_tui.errors import Reason, WrongValue, reason

DECISIONS: Mapping[str, Event] = {
    "under_review": Event.START_REVIEW,
    "action_required": Event.REQUIRE_ACTION,
    "approved": Event.APPROVE,
    "rejected": Event.REJECT,
    "rejected_final": Event.REJECT,
}
"""The decisions by the status that they name."""

MAX_NOTE = 500


def check_note(note: str) -> Reason | None:
    """What is wrong with the note that says why something is done."""
    if not note.strip():
        return reason("required")
    length = len(note.strip())
    return reason("too_long", limit=MAX_NOTE, length=length) if length > MAX_NOTE else None


def check_decision(life: Life, decision: str, note: str, on: str, now_on: date, zone: str) -> dict[str, Reason]:
    """What is wrong with a decision dated `on` (as typed), field by field. S-6c"""
    found: dict[str, Reason] = {}
    if decision not in DECISIONS:
        choices = ", ".join(DECISIONS)
        found["decision"] = reason("not_a_choice", value=decision, choices=choices) if decision else reason("choose")
    try:
        if against := _against_day(life, cells.day(on.strip()), now_on, zone):
            found["on"] = against
    except WrongValue as wrong:
        found["on"] = wrong.why if on.strip() else reason("required")
    if against := check_note(note):
        found["note"] = against
    return found


def against_decision(life: Life, decision: str, on: date, now_on: date, zone: str) -> tuple[str, Reason] | None:
    """What speaks against a decision dated `on`: (error code, why). The claim's status is looked at by `move`. S-6c

    A decision lies neither in the future nor before what it decides on. Only after a dispute is a rejection final. A
    claim whose review deadline passed with the reviewer can no longer be acted on: it is approved or rejected.
    """
    if against := _against_day(life, on, now_on, zone):
        return "invalid", against
    if decision == "rejected_final" and not life.disputed:
        return "wrong_state", reason("final_needs_dispute")
    if decision == "action_required":
        by = life.review_by
        if by is not None and on > due_day(by, zone):
            return "too_late", reason("action_too_late", day=due_day(by, zone))
    return None


def _against_day(life: Life, on: date, now_on: date, zone: str) -> Reason | None:
    since = today(life.since, zone)
    if on > now_on:
        return reason("day_future", day=on)
    return reason("decision_out_of_order", day=since) if on < since else None
