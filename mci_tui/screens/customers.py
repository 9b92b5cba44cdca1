"""The Customers page of an engagement: three tabs, filter, sort, and the way to each action (S-2)."""

import asyncio
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from mci_tui.domain.claims import NextAction
from mci_tui.domain.eligibility import Tab as Page
from mci_tui.screens import cells
from mci_tui.screens.arranged import ArrangedList
from mci_tui.screens.claim import look_at_claim
from mci_tui.screens.customer_rows import EXPORTED, FULL_ROOM, NARROW, ROOM, columns_of, empty_words, why_not
from mci_tui.screens.engagement import EngagementScreen
from mci_tui.screens.listing import Asked, Head
from mci_tui.screens.wizards.leading import lead_add, lead_remind_all, lead_request
from mci_tui.screens.wizards.steering import lead_action
from mci_tui.services import Services
from mci_tui.services.customers import CustomerRow, PageQuestion, Place
from mci_tui.services.engagements import EngagementRow
from mci_tui.services.exporting import CUSTOMER_COLUMNS, Source, customer_row, every_customer
from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.bars import crumbs
from mci_tui.widgets.record_table import PAGE, Column, Fetch, PageRequest, RecordTable
from mci_tui.widgets.tab_strip import Tab
from mci_tui.words import PAY, days, say

PAGES = {"eligible": Page.ELIGIBLE, "not_eligible": Page.NOT_ELIGIBLE, "complete": Page.COMPLETE}
NAMES = {"eligible": N_("Eligible"), "not_eligible": N_("Not eligible"), "complete": N_("Complete")}


class CustomersScreen(ArrangedList[CustomerRow]):
    """Who can be worked with on one engagement, and where each claim stands."""

    BINDINGS = [
        Binding("a", "add", N_("Add customer"), id="customers.add"),
        Binding("e,enter", "act", N_("Action"), id="customers.act", key_display="⏎"),
        Binding("o", "open", N_("Open claim"), id="customers.open", show=False),
        Binding("m", "remind_marked", N_("Remind marked"), id="customers.remind_marked", show=False),
        Binding("M", "mails", N_("Mail"), id="customers.mails", show=False),
        Binding("c", "columns", N_("Columns"), id="customers.columns", show=False),
        Binding("i", "summary", N_("About it"), id="customers.summary", show=False),
        Binding("escape,backspace", "app.pop_screen", N_("Back"), id="customers.back"),
    ]
    KEPT = "customers"
    SORTS = (
        ("customer", N_("customer")),
        ("claim", N_("claim ID")),
        ("status", N_("status")),
        ("due", N_("due")),
    )
    has_detail = True

    def __init__(self, services: Services, engagement: EngagementRow) -> None:
        super().__init__([Tab(key, _(name)) for key, name in NAMES.items()], Asked("eligible", "customer"))
        self.services = services
        self.engagement = engagement

    # What it says to the list

    def headline(self) -> tuple[Content, Content]:
        engagement = self.engagement.engagement
        about = [
            _(PAY[engagement.pay]),
            _("consent %(days)s") % {"days": days(engagement.consent_days)},
            _("%(eligible)s of %(enrolled)s locations")
            % {"eligible": self.engagement.locations_eligible, "enrolled": self.engagement.locations_enrolled},
        ]
        if not self.engagement.active:
            about.insert(0, _("closed"))
        return crumbs(engagement.name), Content(" · ".join(about))

    def offered(self, asked: Asked, width: int | None = None) -> Sequence[Column[CustomerRow]]:
        return columns_of(asked.tab) if width is None else columns_of(asked.tab, width)

    def row_key(self, row: CustomerRow) -> Any:
        return row.key

    def mark(self) -> Hashable | None:
        return self.services.desk.mark()

    def read_rows(self, asked: Asked) -> tuple[Sequence[CustomerRow], Fetch[CustomerRow]]:
        question = self._question(asked)

        def fetch(request: PageRequest[CustomerRow]) -> Sequence[CustomerRow]:
            place = Place(request.offset, request.size, request.after, request.before, request.last)
            return self.services.customers.rows(question, place)

        return self.services.customers.rows(question, Place(limit=PAGE)), fetch

    def read_head(self, asked: Asked) -> Head:
        head = self.services.customers.head(self._question(asked))
        counts = {key: head.counts.of(page) for key, page in PAGES.items()}
        partner = self.services.settings.show().partner_name
        left = [self.sorted_words(asked)]
        if asked.filter:
            left.append(_("filter: %(filter)s") % {"filter": safe_text(asked.filter)})
        who = Content(safe_text(f"{self.services.desk.login} · {partner}".rstrip(" ·")))
        return Head(head.total, counts, empty_words(asked, head.no_details), Content(" · ".join(left)), who)

    def export_source(self, asked: Asked, *, everything: bool) -> Source:
        question = self._question(replace(asked, filter="") if everything else asked)
        columns = CUSTOMER_COLUMNS if everything else [name for key in self.chosen(asked) for name in EXPORTED[key]]
        customers = self.services.customers
        name = f"customers-{self.engagement.code}"
        return Source(name, columns, lambda: map(customer_row, every_customer(customers, question)))

    def today(self) -> date:
        return self.services.desk.today()

    def main_value(self, row: CustomerRow) -> str:
        return safe_text(row.claim_id or row.customer_name)

    def markable(self) -> Callable[[CustomerRow], bool] | None:
        return lambda row: row.action == NextAction.RESEND_CONSENT

    def locate(self, asked: Asked) -> Callable[[Any], int | None] | None:
        question = self._question(asked)
        return lambda key: self.services.customers.index_of(question, key)

    def _question(self, asked: Asked) -> PageQuestion:
        page = PAGES[asked.tab]
        return PageQuestion(self.engagement.code, page, asked.filter, asked.sort, asked.descending)

    # What is remembered for the operator: the typed filter for each engagement (S-2i)

    def recall(self, kept: Mapping[str, Any]) -> Asked:
        filters = kept.get("filters", {})
        words = str(filters.get(self.engagement.code, "")) if isinstance(filters, dict) else ""
        return replace(super().recall(kept), filter=words)

    def remember(self, asked: Asked) -> None:
        kept = self.services.memory.preference(self.KEPT)
        filters = {**kept.get("filters", {}), self.engagement.code: asked.filter}
        now = {**self.kept(asked), "filters": {code: words for code, words in filters.items() if words}}
        if now != kept:
            self.services.memory.prefer(self.KEPT, now)

    # Actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.following and action in ("columns", "summary", "mails"):
            return None
        row = self.table.current if self.is_mounted else None
        if action == "open":
            return True if row is not None and row.claim_id else None
        if action == "act":
            return True if row is not None and (row.claim_id or row.action) else None
        if action == "add":
            return True if self.engagement.active and self.asked.tab == "eligible" else None
        return super().check_action(action, parameters)

    def why_not(self, action: str) -> str:
        """Why a key that stands here can do nothing just now; empty where the screen says it already."""
        return why_not(action, self.table.current, self.asked.tab, self.engagement)

    @on(RecordTable.Moved)
    def _moved(self, event: RecordTable.Moved[CustomerRow]) -> None:
        """Says in full why the customer under the cursor is not eligible. S-2c"""
        event.stop()
        detail = self.query_one("#detail", Static)
        detail.display = self.asked.tab == "not_eligible"
        if detail.display:
            reasons = event.row.reasons if event.row else ()
            detail.update(Content("\n").join(Content(f"▲ {say(reason)}") for reason in reasons), layout=False)
        offers = (event.row.claim_id is not None, event.row.action) if event.row else None
        if offers != self._offers:
            self._offers = offers
            self.refresh_bindings()

    _offers: tuple[bool, str | None] | None = None

    @on(RecordTable.Opened)
    async def action_act(self) -> None:
        """Does what the Action column offers, or opens the claim. S-2b, S-2h"""
        row = self.table.current
        if row is None:
            return
        if row.action == NextAction.REQUEST_CUSTOMER:
            await self.follow(partial(lead_request, self.app, self.services, self.engagement.code, row.customer))
        elif row.action and row.claim_id:
            await self.follow(partial(lead_action, self.app, self.services, row.claim_id, row.action))
        else:
            await self.action_open()

    @property
    def key_words(self) -> dict[str, str]:
        """What Enter does for the row under the cursor, and that there is something to do for marked ones."""
        row = self.table.current if self.is_mounted else None
        room = ROOM if self.app.size.width < NARROW else FULL_ROOM
        act = cells.action_words(row.action, room) if row and row.action else _("Open claim")
        marked = len(self.table.marked) if self.is_mounted else 0
        words = {"remind_marked": _("Remind %(count)s") % {"count": marked}} if marked else {}
        return {"act": act, **words}

    @on(RecordTable.Marked)
    def _marked(self, event: RecordTable.Marked[CustomerRow]) -> None:
        event.stop()
        self.refresh_bindings()

    async def action_remind_marked(self) -> None:
        """Reminds the customers of all marked claims at once. S-5e"""
        if self.table.marked:
            await self.follow(self._remind_marked)
        else:
            self.notify(_("Mark claims first: Space marks those that await consent."), markup=False)

    async def _remind_marked(self, arrived: asyncio.Event) -> bool:
        rows = list(self.table.marked.values())
        if not await lead_remind_all(self.app, self.services, rows, arrived):
            return False
        self.table.clear_marks()
        return True

    def action_mails(self) -> None:
        from mci_tui.screens.mails import MailsScreen

        self.app.push_screen(MailsScreen(self.services))

    async def action_open(self) -> None:
        row = self.table.current
        if row is not None and row.claim_id:
            await self.follow(partial(look_at_claim, self.app, self.services, row.claim_id))
        elif why := self.why_not("open"):
            self.notify(why, markup=False)

    def action_summary(self) -> None:
        self.app.push_screen(EngagementScreen(self.services, self.engagement, from_page=True))

    async def action_add(self) -> None:
        """Leads through *Add customer*; back from it the new claims stand in the list. S-3a, S-3i"""
        await self.follow(partial(lead_add, self.app, self.services, self.engagement.code))

    async def was_done(self) -> None:
        self.load()
