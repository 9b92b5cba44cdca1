"""What a submission needs: the engagement's proof items, each as a file or as a survey that was recorded (S-6b)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from mci_tui.domain import cells
from mci_tui.domain.engagements import PROOF
from mci_tui.errors import Reason, WrongValue, reason

SURVEYS = frozenset({"customer_survey", "partner_survey"})
"""The items that can be recorded with a date and who answered, in place of a file."""

MAX_FILE = 10 * 1024 * 1024
"""Bytes that one file may have."""

MAX_NAME = 200
MAX_WHO = 80


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey that was answered: by whom, and on which day (ISO date)."""

    kind: str
    who: str
    on: str


def check_kind(kind: str, wanted: Collection[str]) -> Reason | None:
    """What speaks against an item of this kind, of the kinds that the engagement wants."""
    if kind not in PROOF:
        return reason("not_a_choice", value=kind, choices=", ".join(PROOF))
    if kind not in wanted:
        return reason("proof_not_wanted", proof=kind)
    return None


def check_survey(survey: Survey, today: date) -> dict[str, Reason]:
    """What is wrong with a survey to record, field by field."""
    found: dict[str, Reason] = {}
    if survey.kind not in SURVEYS:
        found["kind"] = reason("proof_needs_file", proof=survey.kind)
    if not survey.who.strip():
        found["who"] = reason("required")
    elif len(survey.who.strip()) > MAX_WHO:
        found["who"] = reason("too_long", limit=MAX_WHO, length=len(survey.who.strip()))
    try:
        if (day := cells.day(survey.on.strip())) > today:
            found["on"] = reason("day_future", day=day)
    except WrongValue as wrong:
        found["on"] = wrong.why if survey.on.strip() else reason("required")
    return found


def missing(wanted: Collection[str], have: Collection[str]) -> list[str]:
    """The items that a submission still needs, in the engagement's order."""
    return [kind for kind in wanted if kind not in have]
