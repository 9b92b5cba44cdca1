"""The Customers page of an engagement: three tabs, filter, sort, and the way to each action (S-2)."""

import asyncio
from collections.abc import Callable, Hashable, Sequence
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
from mci_tui.screens.claim import open_claim
from mci_tui.screens.customer_rows import EXPORTED, FULL_ROOM, NARROW, ROOM, columns_of, empty_words
from mci_tui.screens.engagement import EngagementScreen
from mci_tui.screens.following import Following
from mci_tui.screens.listing import Asked, FilterInput, Head, ListScreen
from mci_tui.screens.pick import PickScreen
from mci_tui.screens.wizards.leading import lead_add, lead_remind_all, lead_request
from mci_tui.screens.wizards.steering import lead_action
from mci_tui.services import Services
from mci_tui.services.customers import CustomerRow, PageQuestion, Place
from mci_tui.services.engagements import EngagementRow
from mci_tui.services.exporting import CUSTOMER_COLUMNS, Source, customer_row, every_customer
from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.bars import crumbs
from mci_tui.widgets.choice import Option
from mci_tui.widgets.record_table import PAGE, Column, Fetch, PageRequest, RecordTable
from mci_tui.widgets.tab_strip import Tab
from mci_tui.words import PAY, say

PAGES = {"eligible": Page.ELIGIBLE, "not_eligible": Page.NOT_ELIGIBLE, "complete": Page.COMPLETE}
NAMES = {"eligible": N_("Eligible"), "not_eligible": N_("Not eligible"), "complete": N_("Complete")}


class CustomersScreen(ListScreen[CustomerRow], Following):
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
        self._remembered = False
        self._hidden: frozenset[str] = frozenset()

    # What it says to the list

    def headline(self) -> tuple[Content, Content]:
        engagement = self.engagement.engagement
        about = [
            _(PAY[engagement.pay]),
            _("consent %(days)s days") % {"days": engagement.consent_days},
            _("%(eligible)s of %(enrolled)s locations")
            % {"eligible": self.engagement.locations_eligible, "enrolled": self.engagement.locations_enrolled},
        ]
        if not self.engagement.active:
            about.insert(0, _("closed"))
        return crumbs(engagement.name), Content(" · ".join(about))

    def columns(self, asked: Asked) -> Sequence[Column[CustomerRow]]:
        shown = columns_of(asked.tab, self.app.size.width)
        return [column for column in shown if column.key not in self._hidden]

    def on_resize(self) -> None:
        self.table.columns = self.columns(self.asked)

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
        chosen = [column.key for column in columns_of(asked.tab) if column.key not in self._hidden]
        columns = CUSTOMER_COLUMNS if everything else [name for key in chosen for name in EXPORTED[key]]
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

    # What is remembered for the operator (S-2i)

    async def prepare(self) -> None:
        if not self._remembered:
            self._remembered = True
            self._recall(self.services.memory.preference("customers"))

    def _recall(self, kept: dict[str, Any]) -> None:
        sort = kept.get("sort", "customer")
        known = sort if sort in dict(self.SORTS) else "customer"
        filters = kept.get("filters", {})
        words = str(filters.get(self.engagement.code, "")) if isinstance(filters, dict) else ""
        self._hidden = frozenset(kept.get("hidden", ()))
        self.asked = replace(self.asked, sort=known, descending=bool(kept.get("descending")), filter=words)
        with self.prevent(FilterInput.Changed):
            self.query_one(FilterInput).value = words

    def remember(self, asked: Asked) -> None:
        kept = self.services.memory.preference("customers")
        filters = {**kept.get("filters", {}), self.engagement.code: asked.filter}
        now = {
            "sort": asked.sort,
            "descending": asked.descending,
            "hidden": sorted(self._hidden),
            "filters": {code: words for code, words in filters.items() if words},
        }
        if now != kept:
            self.services.memory.prefer("customers", now)

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
            await self.follow(partial(self._show_claim, row.claim_id))

    async def _show_claim(self, number: str, _arrived: asyncio.Event) -> bool:
        await open_claim(self.app, self.services, number)
        return False

    def action_summary(self) -> None:
        self.app.push_screen(EngagementScreen(self.services, self.engagement, from_page=True))

    def action_columns(self) -> None:
        options = [Option(column.key, column.title) for column in columns_of(self.asked.tab)[1:]]
        shown = tuple(option.value for option in options if option.value not in self._hidden)

        def choose(chosen: tuple[str, ...] | None) -> None:
            if chosen is not None:
                others = self._hidden - {option.value for option in options}
                self._hidden = others | {option.value for option in options if option.value not in chosen}
                self.load()

        self.app.push_screen(PickScreen(_("Columns"), options, shown), choose)

    async def action_add(self) -> None:
        """Leads through *Add customer*; back from it the new claims stand in the list. S-3a, S-3i"""
        await self.follow(partial(lead_add, self.app, self.services, self.engagement.code))

    async def was_done(self) -> None:
        self.load()
