"""The first screen: the engagements of the programme, by solution area."""

import asyncio
import gc
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.message import Message

from mci_tui.errors import Refused
from mci_tui.screens.listing import Asked, Head, ListScreen
from mci_tui.text import N_, _, folded, safe_text
from mci_tui.widgets.bars import crumbs
from mci_tui.widgets.record_table import Column, Fetch, PageRequest, RecordTable
from mci_tui.widgets.tab_strip import Tab
from mci_tui.words import PAY_SHORT, number

if TYPE_CHECKING:
    from mci_tui.services import Services
    from mci_tui.services.engagements import Counts, EngagementRow
    from mci_tui.services.exporting import Source

ALL = ""
"""The tab of all solution areas."""

EXPORTED = (
    *("code", "name", "solution_area", "pay", "active", "locations_eligible", "locations_enrolled"),
    *("eligible", "not_eligible", "complete"),
)
"""What the list shows, by the names that scripts know."""


class EngagementsScreen(ListScreen["EngagementRow"]):
    """Every engagement: whether it runs, where it can be delivered, and how many customers stand on its page."""

    BINDINGS = [
        Binding("o,enter", "customers", N_("Customers"), id="engagements.customers", key_display="⏎"),
        Binding("i", "summary", N_("About it"), id="engagements.summary"),
        Binding("M", "mails", N_("Mail"), id="engagements.mails"),
        Binding("q", "app.quit", N_("Quit"), id="engagements.quit"),
    ]
    SORTS = (("area", N_("solution area")), ("name", N_("name")), ("eligible", N_("eligible customers")))

    class Stands(Message):
        """The first rows stand, or why there are none: from here on other things may take the processor."""

        def __init__(self, services: "Services") -> None:
            super().__init__()
            self.services = services

    def __init__(self, open_services: "Callable[[], Services]") -> None:
        super().__init__([Tab(ALL, _("All"))], Asked(ALL, "area"))
        self._open_services = open_services
        self._services: Services | None = None
        self._counts: dict[str, Counts] = {}
        self._rows: Sequence[EngagementRow] = ()
        self._about = ""
        self._stands = False

    @property
    def services(self) -> "Services":
        """The services, once the workspace is open."""
        assert self._services is not None
        return self._services

    def headline(self) -> tuple[Content, Content]:
        return crumbs(_("Engagements")), Content(_("independent of Microsoft"))

    def columns(self, asked: Asked) -> "Sequence[Column[EngagementRow]]":
        return (
            Column("name", _("Engagement"), lambda row: row.engagement.name, 31, weight=3),
            Column("area", _("Solution area"), lambda row: _muted(row.engagement.solution_area), 22, 1, from_width=110),
            Column("pay", _("Pay"), lambda row: _(PAY_SHORT[row.engagement.pay]), 9),
            Column("active", _("Runs"), _runs, 8),
            Column("locations", _("Sites"), _sites, 5, from_width=90),
            Column("eligible", _("Eligible"), lambda row: self._count(row, 0), 8, align="right"),
            Column("not_eligible", _("Not el."), lambda row: self._count(row, 1), 7, align="right"),
            Column("complete", _("Complete"), lambda row: self._count(row, 2), 8, align="right"),
        )

    def _count(self, row: "EngagementRow", tab: int) -> Text:
        counts = self._counts.get(row.code)
        if counts is None:
            return Text("")
        found = (counts.eligible, counts.not_eligible, counts.complete)[tab]
        return Text("–", "muted") if found is None else Text(number(found), "" if found else "muted")

    def row_key(self, row: "EngagementRow") -> str:
        return row.code

    def export_source(self, asked: Asked, *, everything: bool) -> "Source | None":
        from mci_tui.services.exporting import ENGAGEMENT_COLUMNS, Source, engagement_row

        if self._services is None:
            return None
        columns = ENGAGEMENT_COLUMNS if everything else EXPORTED

        def rows() -> "Iterator[dict[str, object]]":
            found, _fetch = self.read_rows(replace(asked, tab=ALL, filter="") if everything else asked)
            counts = self.services.engagements.counts()
            return (engagement_row(row, counts[row.code]) for row in found)

        return Source("engagements", columns, rows)

    def today(self) -> date:
        return self.services.desk.today()

    def mark(self) -> Hashable | None:
        return self._services.desk.mark() if self._services else None

    async def prepare(self) -> None:
        """Opens the workspace behind the first frame, and collects no garbage until the first rows stand."""
        if self._services is None:
            self._services = await asyncio.to_thread(self._open_services)

    def read_rows(self, asked: Asked) -> "tuple[Sequence[EngagementRow], Fetch[EngagementRow]]":
        self._rows = self.services.engagements.list()
        wanted = folded(asked.filter)
        rows = [
            row
            for row in self._rows
            if asked.tab in (ALL, row.engagement.solution_area)
            and wanted in folded(f"{row.engagement.name} {row.code} {row.engagement.partner_role}")
        ]
        if asked.sort == "name":
            rows.sort(key=lambda row: folded(row.engagement.name))
        elif asked.sort == "eligible":
            self._counts = self.services.engagements.counts()
            rows.sort(key=lambda row: self._counts[row.code].eligible)
        if asked.descending:
            rows.reverse()

        def fetch(request: "PageRequest[EngagementRow]") -> "Sequence[EngagementRow]":
            return rows[request.offset : request.offset + request.size]

        return rows, fetch

    def read_head(self, asked: Asked) -> Head:
        self._counts = self.services.engagements.counts()
        workspace = self.services.settings.show()
        areas: dict[str, int | None] = {ALL: len(self._rows)}
        for row in self._rows:
            areas[row.engagement.solution_area] = (areas.get(row.engagement.solution_area) or 0) + 1
        who = f"{self.services.desk.login} · {workspace.partner_name or _('no partner name yet')}"
        empty = _("Nothing matches the filter. Esc clears it.")
        if not self._rows:
            empty = _("No engagements yet.\nBring the programme in: mci-tui import catalogue FILE")
        total = self.table.count if asked == self.asked else 0
        return Head(total, areas, empty, Content(self.sorted_words(asked)), Content(safe_text(who)))

    def _show_head(self, head: Head) -> None:
        if [tab.key for tab in self.tab_strip.tabs] != list(head.counts):
            self.tab_strip.tabs = [Tab(key, key or _("All"), count) for key, count in head.counts.items()]
        super()._show_head(head)
        self.table.draw_rows()
        self._arrive()

    def _cannot_read(self, refused: Refused) -> None:
        super()._cannot_read(refused)
        if self._services is not None:
            self._arrive()

    def _arrive(self) -> None:
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        if not self._stands:
            self._stands = True
            self.post_message(self.Stands(self.services))

    def action_customers(self) -> None:
        self._open_customers()

    @on(RecordTable.Opened)
    def _open_customers(self) -> None:
        from mci_tui.screens.customers import CustomersScreen

        if (row := self.table.current) is not None:
            self.app.push_screen(CustomersScreen(self.services, row))

    def action_summary(self) -> None:
        from mci_tui.screens.engagement import EngagementScreen

        if (row := self.table.current) is not None:
            self.app.push_screen(EngagementScreen(self.services, row))

    def action_mails(self) -> None:
        from mci_tui.screens.mails import MailsScreen

        if self._services is not None:
            self.app.push_screen(MailsScreen(self._services))


def _muted(words: str) -> Text:
    return Text(safe_text(words), "muted")


def _runs(row: "EngagementRow") -> Text:
    return Text(_("● active"), "success") if row.active else Text(_("○ closed"), "muted")


def _sites(row: "EngagementRow") -> Text:
    style = "" if row.locations_eligible else "muted"
    return Text(f"{row.locations_eligible}/{row.locations_enrolled}", style)
