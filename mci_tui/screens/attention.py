"""What needs the operator next: one line for each claim or mail, until when, and the one key that does it."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from rich.text import Text
from textual import on
from textual.binding import Binding
from textual.content import Content

from mci_tui.screens import cells
from mci_tui.screens.claim import look_at_claim
from mci_tui.screens.customer_rows import FULL_ROOM, NARROW, ROOM, SHORT_ROOM, WIDE
from mci_tui.screens.following import Following
from mci_tui.screens.listing import Asked, Head, ListScreen
from mci_tui.screens.wizards.steering import lead_action
from mci_tui.services import Services
from mci_tui.services.attention import (
    COLUMNS,
    CONSENT_DAYS,
    LIMIT,
    SUBMISSION_DAYS,
    Item,
    Kind,
    Needs,
    item_row,
)
from mci_tui.services.exporting import Source
from mci_tui.text import N_, _, folded, safe_text
from mci_tui.widgets.bars import SEPARATOR, crumbs
from mci_tui.widgets.record_table import Column, Fetch, PageRequest, RecordTable
from mci_tui.widgets.tab_strip import Tab
from mci_tui.words import NEEDS, number

ALL = ""
"""The tab of everything."""

TONES = {Kind.CONSENT: "warning", Kind.SUBMISSION: "success", Kind.DISPUTED: "warning"}
"""The colour that goes with a kind's mark and word; every other one is that of errors."""


EXPORTED = tuple(name for name in COLUMNS if name not in ("status", "message_id"))
"""What an export says of the columns that are shown."""


class AttentionScreen(ListScreen[Item], Following):
    """What lapses soon, what was handed back, what did not arrive: the kind that is due first stands first."""

    BINDINGS = [
        Binding("e,enter", "act", N_("Action"), id="attention.act", key_display="⏎"),
        Binding("o", "open", N_("Open claim"), id="attention.open"),
        Binding("escape,backspace,q", "app.pop_screen", N_("Back"), id="attention.back"),
    ]

    def __init__(self, services: Services) -> None:
        kinds = [Tab(kind, _(word)) for kind, (_mark, word) in NEEDS.items()]
        super().__init__([Tab(ALL, _("All")), *kinds], Asked(ALL, ""))
        self.services = services
        self._needs = Needs((), {})

    # What it says to the list

    def headline(self) -> tuple[Content, Content]:
        days = {"consent": CONSENT_DAYS, "submission": SUBMISSION_DAYS}
        about = _("consent due within %(consent)s days · submission within %(submission)s")
        return crumbs(_("Attention")), Content(about % days)

    def columns(self, asked: Asked) -> Sequence[Column[Item]]:
        width = self.app.size.width
        room = SHORT_ROOM if width < NARROW else ROOM if width < WIDE else FULL_ROOM
        return (
            Column("kind", _("What"), _kind, 12),
            Column("customer", _("Customer"), lambda row: row.customer_name, 22, 1),
            Column("claim", _("Claim ID"), lambda row: row.claim_id, 10),
            Column("engagement", _("Engagement"), lambda row: row.engagement_name, 20, 3, from_width=110),
            Column("due", _("Due"), lambda row: cells.due(row, short=True), 8),
            Column("action", _("Next"), lambda row: Text(_act(row, room), "accent"), room),
        )

    def on_resize(self) -> None:
        self.table.columns = self.columns(self.asked)

    def row_key(self, row: Item) -> Hashable:
        return row.kind, row.claim_id

    def mark(self) -> Hashable | None:
        return self.services.desk.mark()

    def read_rows(self, asked: Asked) -> tuple[Sequence[Item], Fetch[Item]]:
        self._needs = self.services.attention.list()
        rows = _those(self._needs, asked)

        def fetch(request: PageRequest[Item]) -> Sequence[Item]:
            return rows[request.offset : request.offset + request.size]

        return rows, fetch

    def read_head(self, asked: Asked) -> Head:
        counts = {str(kind): count for kind, count in self._needs.counts.items()}
        left = [_("the most urgent first")]
        if any(count > LIMIT for count in counts.values()):
            left.append(_("the first %(count)s of each") % {"count": number(LIMIT)})
        if asked.filter:
            left.append(_("filter: %(filter)s") % {"filter": safe_text(asked.filter)})
        who = safe_text(self.services.desk.login)
        all_of_them: dict[str, int | None] = {ALL: sum(counts.values()), **counts}
        total = self.table.count if asked == self.asked else 0
        return Head(total, all_of_them, _empty(asked), Content(SEPARATOR.join(left)), Content(who))

    def export_source(self, asked: Asked, *, everything: bool) -> Source:
        wanted = replace(asked, filter="") if everything else asked
        columns, attention = COLUMNS if everything else EXPORTED, self.services.attention
        return Source(
            "attention", columns, lambda: map(item_row, _those(attention.list(everything=everything), wanted))
        )

    def today(self) -> date:
        return self.services.desk.today()

    def main_value(self, row: Item) -> str:
        return safe_text(row.claim_id)

    # Routing

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("sort", "reverse"):
            return False
        if action in ("act", "open"):
            return True if self.is_mounted and self.table.current is not None else None
        return super().check_action(action, parameters)

    @on(RecordTable.Moved)
    def _moved(self, event: RecordTable.Moved[Item]) -> None:
        event.stop()
        self.refresh_bindings()

    @property
    def key_words(self) -> dict[str, str]:
        """What Enter does for the line under the cursor."""
        row = self.table.current if self.is_mounted else None
        return {"act": _act(row, ROOM if self.app.size.width < NARROW else FULL_ROOM)} if row else {}

    @on(RecordTable.Opened)
    async def action_act(self) -> None:
        """Does what the line is about. S-2h"""
        row = self.table.current
        if row is None:
            return
        if row.kind is Kind.MAIL:
            from mci_tui.screens.mails import MailsScreen

            self.app.push_screen(MailsScreen(self.services, "failed", row.claim_id))
        elif row.action:
            await self.follow(partial(lead_action, self.app, self.services, row.claim_id, row.action))

    async def action_open(self) -> None:
        if (row := self.table.current) is not None:
            await self.follow(partial(look_at_claim, self.app, self.services, row.claim_id))

    async def was_done(self) -> None:
        self.load()


def _those(needs: Needs, asked: Asked) -> list[Item]:
    """The items of a tab in which the filter's word stands."""
    wanted = folded(asked.filter)
    return [
        item
        for item in needs.items
        if asked.tab in (ALL, item.kind)
        and wanted in folded(f"{item.customer_name} {item.claim_id} {item.engagement_name} {item.engagement}")
    ]


def _kind(item: Item) -> Text:
    mark, word = NEEDS[item.kind]
    return Text(f"{mark} {_(word)}", TONES.get(item.kind, "error"))


def _act(item: Item, room: int) -> str:
    if item.kind is Kind.MAIL or item.action is None:
        return _("Mail")
    return cells.action_words(item.action, room)


def _empty(asked: Asked) -> str:
    if asked.filter:
        return _("Nothing matches the filter. Esc in the filter clears it.")
    return _("Nothing needs you now. Esc goes on to the engagements.")
