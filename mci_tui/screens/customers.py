"""The Customers page of an engagement: three tabs, filter, sort, and the way to each action (S-2)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from rich.text import Text
from textual import on, work
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from mci_tui.domain.claims import NextAction
from mci_tui.domain.eligibility import Tab as Page
from mci_tui.errors import Refused
from mci_tui.screens import cells
from mci_tui.screens.claim import ClaimScreen
from mci_tui.screens.engagement import EngagementScreen
from mci_tui.screens.listing import Asked, FilterInput, Head, ListScreen
from mci_tui.screens.pick import PickScreen
from mci_tui.screens.wizards.engine import PATIENCE
from mci_tui.screens.wizards.leading import lead_add, lead_request
from mci_tui.services import Services
from mci_tui.services.customers import CustomerRow, PageQuestion, Place
from mci_tui.services.engagements import EngagementRow
from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.bars import crumbs
from mci_tui.widgets.choice import Option
from mci_tui.widgets.record_table import PAGE, Column, Fetch, PageRequest, RecordTable
from mci_tui.widgets.tab_strip import Tab
from mci_tui.words import ACTIONS, PAY, no_details, say

PAGES = {"eligible": Page.ELIGIBLE, "not_eligible": Page.NOT_ELIGIBLE, "complete": Page.COMPLETE}
NAMES = {"eligible": N_("Eligible"), "not_eligible": N_("Not eligible"), "complete": N_("Complete")}


NARROW = 100
"""Terminals narrower than this get shorter words."""


class CustomersScreen(ListScreen[CustomerRow]):
    """Who can be worked with on one engagement, and where each claim stands."""

    BINDINGS = [
        Binding("a", "add", N_("Add customer"), id="customers.add"),
        Binding("e,enter", "act", N_("Action"), id="customers.act", key_display="⏎"),
        Binding("o", "open", N_("Open claim"), id="customers.open", show=False),
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
        self._leading = False
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
        shown = columns_of(asked.tab, narrow=self.app.size.width < NARROW)
        return [column for column in shown if column.key not in self._hidden]

    def on_resize(self) -> None:
        self.table.columns = self.columns(self.asked)

    def row_key(self, row: CustomerRow) -> Any:
        return row.key

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
        return Head(head.total, counts, _empty(asked, head.no_details), Content(" · ".join(left)), who)

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
        if self._leading and action in ("columns", "summary"):
            return None
        row = self.table.current if self.is_mounted else None
        if action == "open":
            return True if row is not None and row.claim_id else None
        if action == "act":
            return True if row is not None and (row.claim_id or row.action in WORKING) else None
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
        if row is not None and row.action == NextAction.REQUEST_CUSTOMER:
            await self.action_request(row.customer)
        else:
            await self.action_open()

    @property
    def key_words(self) -> dict[str, str]:
        """What Enter does for the row under the cursor."""
        row = self.table.current if self.is_mounted else None
        offered = row is not None and row.action in WORKING
        return {"act": _(ACTIONS[row.action][0]) if row and row.action and offered else _("Open claim")}

    async def action_open(self) -> None:
        row = self.table.current
        if row is not None and row.claim_id:
            await self._lead(partial(self._show_claim, row.claim_id))

    async def _show_claim(self, number: str, _arrived: asyncio.Event) -> bool:
        page = await asyncio.to_thread(self.services.claims.show, number)
        workspace = await asyncio.to_thread(self.services.settings.show)
        self.app.push_screen(ClaimScreen(page, workspace.timezone))
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
        await self._lead(partial(lead_add, self.app, self.services, self.engagement.code))

    async def action_request(self, customer: str) -> None:
        """Leads through *Request customer* for a known, eligible customer. S-4a"""
        await self._lead(partial(lead_request, self.app, self.services, self.engagement.code, customer))

    async def _lead(self, way: Callable[[asyncio.Event], Awaitable[bool]]) -> None:
        """Follows `way`, one at a time. Keys wait for what it leads to, as long as patience lasts."""
        if self._leading:
            return
        self._leading = True
        arrived = asyncio.Event()
        self._follow(way(arrived), arrived)
        with suppress(TimeoutError):
            await asyncio.wait_for(arrived.wait(), PATIENCE)

    @work(group="wizard")
    async def _follow(self, way: Awaitable[bool], arrived: asyncio.Event) -> None:
        try:
            if await way:
                self.load()
        except Refused as refused:
            self.refuse(refused)
        finally:
            self._leading = False
            arrived.set()


def columns_of(tab: str, *, narrow: bool = False) -> tuple[Column[CustomerRow], ...]:
    """The columns of a tab; on a narrow terminal with shorter words. S-2i"""
    customer = Column[CustomerRow]("customer", _("Customer"), lambda row: row.customer_name, 22, weight=3)
    claim = Column[CustomerRow]("claim", _("Claim ID"), lambda row: cells.text_or_dash(row.claim_id), 10)
    name = Column[CustomerRow](
        "name", _("Friendly name"), lambda row: cells.text_or_dash(row.claim_name), 16, 1, from_width=100
    )
    location = Column[CustomerRow](
        "location", _("Location"), lambda row: cells.text_or_dash(row.location_id), 8, from_width=130
    )
    used = Column[CustomerRow]("id", _("ID used"), cells.id_used, 24, 1, from_width=150)
    status = Column[CustomerRow]("status", _("Status"), lambda row: cells.status(row.status, short=narrow), 18)
    if tab == "not_eligible":
        wide = replace(used, from_width=110)
        return customer, wide, Column("why", _("Why not"), lambda row: cells.why(row.reasons), 40, weight=4)
    if tab == "complete":
        return customer, claim, name, location, used, status
    due = Column[CustomerRow]("due", _("Due"), lambda row: cells.due(row, short=narrow), 8 if narrow else 20)
    action = Column[CustomerRow]("action", _("Action"), lambda row: _offered(row, short=narrow), 8 if narrow else 16)
    return customer, claim, name, location, used, status, due, action


WORKING = frozenset({NextAction.REQUEST_CUSTOMER})
"""The actions that can be taken here."""


def _offered(row: CustomerRow, *, short: bool = False) -> Text:
    return cells.action(row.action if row.action in WORKING else None, short=short)


def _empty(asked: Asked, by_rule: bool) -> str:
    if by_rule:
        return no_details()
    if asked.filter:
        return _("Nothing matches the filter. Esc in the filter clears it.")
    return {
        "eligible": _("No customers yet. Press a to add one."),
        "not_eligible": _("No known customer is ineligible."),
        "complete": _("No claim has come to its end yet."),
    }[asked.tab]
