"""How the rows of a Customers page look: its columns at every width, and the words where there are no rows (S-2i)."""

from rich.text import Text

from mci_tui.screens import cells
from mci_tui.screens.listing import Asked
from mci_tui.services.customers import CustomerRow
from mci_tui.services.engagements import EngagementRow
from mci_tui.text import _
from mci_tui.widgets.record_table import Column
from mci_tui.words import day, no_details

NARROW = 100
"""Terminals narrower than this get shorter words."""

WIDE = 140
"""Terminals as wide as this have room for the full names of the actions."""

FULL_ROOM, ROOM, SHORT_ROOM = 30, 18, 8
"""Cells for the full names of the actions, for shorter ones, and for the shortest."""

EXPORTED = {
    "customer": ("customer", "customer_name"),
    "claim": ("claim_id",),
    "name": ("claim_name",),
    "location": ("location_id",),
    "id": ("id_type", "id_value"),
    "status": ("status",),
    "due": ("due_on", "due_what", "days_left"),
    "action": ("action",),
    "why": ("reasons",),
}
"""What the columns are for scripts, by their keys."""


def columns_of(tab: str, width: int = WIDE) -> tuple[Column[CustomerRow], ...]:
    """The columns of a tab on a terminal of `width` cells; on a narrow one with shorter words. S-2i, S-2h"""
    narrow = width < NARROW
    customer = Column[CustomerRow]("customer", _("Customer"), lambda row: row.customer_name, 22, weight=3)
    claim = Column[CustomerRow]("claim", _("Claim ID"), lambda row: cells.text_or_dash(row.claim_id), 10)
    name = Column[CustomerRow](
        "name", _("Friendly name"), lambda row: cells.text_or_dash(row.claim_name), 16, 1, from_width=112
    )
    location = Column[CustomerRow](
        "location", _("Location"), lambda row: cells.text_or_dash(row.location_id), 8, from_width=130
    )
    used = Column[CustomerRow]("id", _("ID used"), cells.id_used, 24, 1, from_width=166)
    status = Column[CustomerRow]("status", _("Status"), lambda row: cells.status(row.status, short=narrow), 18)
    if tab == "not_eligible":
        wide = used._replace(from_width=110)
        return customer, wide, Column("why", _("Why not"), lambda row: cells.why(row.reasons), 40, weight=4)
    if tab == "complete":
        return customer, claim, name, location, used._replace(from_width=130), status
    due = Column[CustomerRow]("due", _("Due"), lambda row: cells.due_or_overdue(row, short=narrow), 8 if narrow else 20)
    room = SHORT_ROOM if narrow else ROOM if width < WIDE else FULL_ROOM
    action = Column[CustomerRow]("action", _("Action"), lambda row: offered(row, room), room)
    return customer, claim, name, location, used, status, due, action


def offered(row: CustomerRow, room: int) -> Text:
    """What the Action column offers for a row, in `room` cells; nothing, where that cannot be done here."""
    return cells.action(row.action, room)


def empty_words(asked: Asked, by_rule: bool) -> str:
    """Why a tab has no rows, and what to press."""
    if by_rule:
        return no_details()
    if asked.filter:
        return _("Nothing matches the filter. Esc in the filter clears it.")
    return {
        "eligible": _("No customers yet. Press a to add one."),
        "not_eligible": _("No known customer is ineligible."),
        "complete": _("No claim has come to its end yet."),
    }[asked.tab]


def why_not(action: str, row: CustomerRow | None, tab: str, of: EngagementRow) -> str:
    """Why a key can do nothing for a row of a tab; empty where it can, or where the screen says it already."""
    if action == "add" and not of.active:
        dates = {"start": day(of.engagement.starts_on), "end": day(of.engagement.ends_on)}
        return _("The engagement runs from %(start)s to %(end)s: no claim begins outside that.") % dates
    if action == "add" and tab != "eligible":
        return _("Customers are added on the Eligible tab: ← and → turn the tabs.")
    if action == "open" and tab == "eligible" and row is not None and not row.claim_id:
        return _("There is no claim to open yet: ⏎ requests this customer.")
    return ""
