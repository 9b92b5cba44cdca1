"""Asking a customer for consent: what is collected, what is wrong with it, and the answer (S-5)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from mci_tui.domain import cells
from mci_tui.domain.contacts import remarks
from mci_tui.domain.details import Contacts, check_contacts, normal_contacts
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Reason, WrongValue, reason

YES = "yes"
"""What stands in a draft for a box that is ticked."""


class Decision(StrEnum):
    """What a customer answers; the value is the stored and the printed name."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Reminder(Contacts):
    """A claim's customer to be asked once more, at the same address or at another."""

    claim: str = ""
    unusual: tuple[str, ...] = ()
    """Ticked: a free-mail or role address is meant."""
    was: str = ""
    """The customer's address on the claim when this was begun; empty where nobody looked."""


@dataclass(frozen=True, slots=True)
class Sending(Reminder):
    """A claim's customer to be asked for consent."""

    deal_size: str = ""
    disclaimer: tuple[str, ...] = ()

    @property
    def amount(self) -> Decimal:
        """The deal size in USD; only for a sending that `check_sending` finds right."""
        return cells.deal_size(self.deal_size.strip())


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer that came another way, as an Incentives admin records it. S-5h"""

    claim: str
    decision: str
    who: str
    how: str
    on: str
    note: str


R = TypeVar("R", bound=Reminder)


def check_reminder(asked: Reminder, workspace: Workspace, address: str = "") -> dict[str, Reason]:
    """What is wrong, field by field. An unusual address is confirmed once: not if it is still `address`. S-5b, S-5e"""
    found = check_contacts(asked, workspace)
    if "contact_email" in found or YES in asked.unusual or asked.contact_email.strip() == address:
        return found
    if remarks(asked.contact_email.strip(), workspace.free_mail_domains):
        found["unusual"] = reason("unusual_address")
    return found


def check_sending(asked: Sending, workspace: Workspace) -> dict[str, Reason]:
    """What is wrong, field by field; empty where nothing is. S-5b, S-5c, S-5d"""
    found = check_reminder(asked, workspace)
    if not asked.deal_size.strip():
        found["deal_size"] = reason("required")
    if YES not in asked.disclaimer:
        found["disclaimer"] = reason("tick_disclaimer")
    return found


def normal(asked: R) -> R:
    """The same in the form in which it is kept; only for what its check finds right."""
    return replace(normal_contacts(asked), claim=asked.claim.strip().upper())


LIMITS = {"who": 80, "how": 200, "note": 500}


def check_recorded(answer: Recorded, asked_on: date, today: date) -> dict[str, Reason]:
    """What is wrong with an answer to record: all of its evidence is needed, nobody answers before `asked_on`. S-5h"""
    found: dict[str, Reason] = {}
    if answer.decision not in tuple(Decision):
        choices = ", ".join(Decision)
        wrong = reason("not_a_choice", value=answer.decision, choices=choices) if answer.decision else reason("choose")
        found["decision"] = wrong
    for field, limit in LIMITS.items():
        text = getattr(answer, field).strip()
        if not text:
            found[field] = reason("required")
        elif len(text) > limit:
            found[field] = reason("too_long", limit=limit, length=len(text))
    try:
        if (day := cells.day(answer.on.strip())) > today:
            found["on"] = reason("day_future", day=day)
        elif day < asked_on:
            found["on"] = reason("answer_before_asked", day=asked_on)
    except WrongValue as wrong:
        found["on"] = wrong.why if answer.on.strip() else reason("required")
    return found
