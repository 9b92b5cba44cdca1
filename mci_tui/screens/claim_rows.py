"""How the rows of the claims list look: its columns at every width, and what they are called for scripts (S-2i)."""

from mci_tui.domain.claims import STAGES, NextAction
from mci_tui.screens import cells
from mci_tui.screens.customer_rows import FULL_ROOM, NARROW, ROOM, SHORT_ROOM, WIDE
from mci_tui.services.claims import Claim
from mci_tui.text import _
from mci_tui.widgets.record_table import Column

EXPORTED = {
    "customer": ("customer", "customer_name"),
    "claim": ("claim_id",),
    "engagement": ("engagement", "engagement_name"),
    "name": ("claim_name",),
    "location": ("location_id",),
    "id": ("id_type", "id_value"),
    "owner": ("created_by",),
    "status": ("status",),
    "due": ("due_on", "due_what", "days_left"),
    "action": (),
}
"""What the columns are for scripts, by their keys; the action follows from the status."""


def columns_of(width: int = WIDE) -> tuple[Column[Claim], ...]:
    """The columns on a terminal of `width` cells; on a narrow one with shorter words."""
    room = SHORT_ROOM if width < NARROW else ROOM if width < WIDE else FULL_ROOM
    short = width < WIDE
    return (
        Column("customer", _("Customer"), lambda row: row.customer_name, 22, weight=1),
        Column("claim", _("Claim ID"), lambda row: row.claim_id, 10),
        Column("engagement", _("Engagement"), lambda row: row.engagement_name, 20, 3, from_width=116),
        Column("name", _("Friendly name"), lambda row: row.claim_name, 16, 1, from_width=150),
        Column("location", _("Location"), lambda row: row.location_id, 8, from_width=160),
        Column("id", _("ID used"), cells.id_used, 24, 1, from_width=190),
        Column("owner", _("Made by"), lambda row: row.created_by, 10, from_width=172),
        Column("status", _("Status"), lambda row: cells.status(row.status, short=short), 18),
        Column("due", _("Due"), lambda row: cells.due_or_overdue(row, short=short), 8 if short else 20),
        Column("action", _("Action"), lambda row: cells.action(action_of(row), room), room),
    )


def action_of(claim: Claim) -> NextAction | None:
    """What the claim's status offers. S-2h"""
    return STAGES[claim.status].action
