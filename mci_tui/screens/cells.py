"""How values look in lists: a mark and a word for each status, what is due, why not."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.text import Text

from mci_tui.domain.ids import shown_id
from mci_tui.errors import Reason
from mci_tui.text import _, safe_text
from mci_tui.words import ACTIONS, ACTIONS_SHORTER, DUE, ID_TYPES_SHORT, MAIL_STATES, STATUSES, day, days, say

if TYPE_CHECKING:
    from mci_tui.services.attention import Item
    from mci_tui.services.claims import Claim
    from mci_tui.services.customers import CustomerRow
    from mci_tui.services.submitting import Proof

TONES = {
    "customer_claimed": "accent",
    "awaiting_consent": "warning",
    "consent_received": "success",
    "submitted": "accent",
    "under_review": "accent",
    "action_required": "error",
    "rejected": "error",
    "disputed": "warning",
    "approved": "success",
}
"""The colour that goes with a status's mark and word; every other one is muted."""

MAIL_TONES = {"waiting": "accent", "sending": "accent", "unknown": "warning", "failed": "error", "sent": "success"}
"""The colour that goes with a mail's state; every other one is muted."""

SOON = 7
"""Days from which on what is due is written in the colour of warnings."""

NOTHING = Text("–", "muted")


def status(name: str | None, *, short: bool = False) -> Text:
    """A status as mark and word; none is a known customer."""
    words = STATUSES[name or "known"]
    return Text(f"{words.mark} {_(words.short if short or name else words.name)}", TONES.get(name or "", "muted"))


def due(row: "CustomerRow | Claim | Item", *, short: bool = False) -> Text:
    """Days left and what is due; a deadline that is near or over stands out."""
    if row.days_left is None:
        return NOTHING
    left = days(row.days_left) if row.days_left >= 0 else _("passed")
    words = left if short or row.due_what is None else f"{left} · {_(DUE[row.due_what])}"
    return Text(words, "error" if row.days_left <= 2 else "warning" if row.days_left <= SOON else "")


def action_words(name: str, room: int) -> str:
    """What an action is called in `room` cells: the longest of its names that fits, else the shortest."""
    full, short = (_(word) for word in ACTIONS[name])
    names = (full, _(ACTIONS_SHORTER[name]) if name in ACTIONS_SHORTER else short)
    return next((each for each in names if cell_len(each) <= room), short)


def action(name: str | None, room: int) -> Text:
    """What the Action column offers, in `room` cells."""
    return Text(action_words(name, room), "accent") if name else Text("")


def mail_state(state: str) -> Text:
    """How far a mail got, as mark and word."""
    words = MAIL_STATES[state]
    return Text(f"{words.mark} {_(words.short)}", MAIL_TONES.get(state, "muted"))


def moment(at: datetime, zone: ZoneInfo, *, year: bool = True) -> str:
    """An instant in a zone's own time: `23 Nov 2026, 10:30`."""
    local = at.astimezone(zone)
    return f"{day(local.date(), year=year)}, {local:%H:%M}"


def survey(proof: "Proof") -> str:
    """Who answered a survey, and when."""
    return safe_text(f"{proof.who} · {day(date.fromisoformat(proof.on_day))}")


def text_or_dash(value: str | None) -> Text:
    """Somebody's text, or a dash where there is none."""
    return Text(safe_text(value)) if value else NOTHING


def id_used(row: "CustomerRow | Claim") -> Text:
    """The ID with its type: by which the claim was made, or the customer would be requested."""
    if not row.id_value:
        return NOTHING
    short = _(ID_TYPES_SHORT[row.id_type])
    return Text.assemble((f"{short} ", "muted"), safe_text(shown_id(row.id_type, row.id_value)))


def why(reasons: Sequence[Reason]) -> Text:
    """The first reason, and how many more there are."""
    if not reasons:
        return NOTHING
    more = _(" (+%(count)s more)") % {"count": len(reasons) - 1} if len(reasons) > 1 else ""
    return Text.assemble(say(reasons[0]), (more, "muted"))
