"""The mails to a customer: their states, when a failed attempt is repeated, how often somebody is reminded (S-5e)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Reason, reason


class Kind(StrEnum):
    """What a mail is: the question, or a reminder of it."""

    CONSENT = "consent"
    REMINDER = "reminder"


class State(StrEnum):
    """How far a mail got; the value is the stored and the printed name."""

    WAITING = "waiting"
    SENDING = "sending"
    UNKNOWN = "unknown"
    """Cut off after its text was begun to be handed over: nobody knows whether it arrived."""
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    """Not sent any more: the claim was answered, cancelled or lapsed first, or the address was changed."""


UNSENT = frozenset({State.WAITING, State.SENDING, State.UNKNOWN})
"""The states in which a sender may still have to do something."""

LEASE = timedelta(minutes=5)
"""How long a sender may take for one mail; longer than all of its time-outs."""

DOUBT = timedelta(minutes=30)
"""How long a mail waits of which nobody knows whether it arrived: servers are given time to deliver it."""

_BACK_OFF = (1, 5, 15, 30, 60)
"""Minutes before the next attempt; the last goes for all that follow."""


def next_attempt(now: datetime, attempts: int, jitter: float) -> datetime:
    """When to try again after `attempts` attempts; `jitter` of -1 to 1 moves that by up to a fifth."""
    minutes = _BACK_OFF[min(attempts, len(_BACK_OFF)) - 1]
    return now + timedelta(minutes=minutes * (1 + jitter / 5))


class Asked(NamedTuple):
    """One mail of a claim, as the limits of reminders look at it."""

    kind: Kind
    address: str
    at: datetime
    state: State


def written_to(mails: Iterable[Asked], address: str) -> list[Asked]:
    """The mails that count as written to `address`: not one that failed, or was not sent any more. S-5e"""
    return [mail for mail in _counted(mails) if mail.address == address]


def next_kind(mails: Iterable[Asked], address: str) -> Kind:
    """What the next mail to `address` is: whoever was never written to is asked, not reminded. S-5e"""
    return Kind.REMINDER if written_to(mails, address) else Kind.CONSENT


def against_reminder(mails: Sequence[Asked], address: str, now: datetime, workspace: Workspace) -> Reason | None:
    """What speaks against one more mail to `address`: too soon after the last, or too many reminders. S-5e"""
    same = [mail.at for mail in written_to(mails, address)]
    if not same:
        return None
    if now < (again := max(same) + timedelta(hours=workspace.reminder_hours)):
        local = again.astimezone(ZoneInfo(workspace.timezone))
        return reason("reminder_too_soon", hours=workspace.reminder_hours, again=local)
    if sum(mail.kind is Kind.REMINDER for mail in _counted(mails)) >= workspace.max_reminders:
        return reason("reminders_used_up", limit=workspace.max_reminders)
    return None


def _counted(mails: Iterable[Asked]) -> list[Asked]:
    return [mail for mail in mails if mail.state not in (State.FAILED, State.CANCELLED)]
