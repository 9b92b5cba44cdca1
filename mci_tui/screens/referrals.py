"""The referrals made from claims: what each is, what it is worth, since when field sellers see it (S-7)."""

import asyncio
from collections.abc import Hashable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rich.text import Text
from textual import on, work
from textual.binding import Binding
from textual.content import Content

from mci_tui.domain.referrals import Kind
from mci_tui.errors import NotAllowed, Refused
from mci_tui.screens.cells import NOTHING
from mci_tui.screens.claim import open_claim
from mci_tui.screens.listing import Asked, Head, ListScreen
from mci_tui.screens.referral import open_referral
from mci_tui.services import Services
from mci_tui.services.exporting import Source
from mci_tui.services.referrals import COLUMNS, Referral, referral_row
from mci_tui.telling.referral import LACKING, MARKS
from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.bars import crumbs
from mci_tui.widgets.record_table import PAGE, Column, Fetch, PageRequest, RecordTable
from mci_tui.widgets.tab_strip import Tab
from mci_tui.words import day, usd

ALL = ""
"""The tab of both kinds."""

KINDS = {ALL: N_("All"), "partner_led": N_("Partner-led"), "co_sell": N_("Co-sell")}

EXPORTED = (
    "referral_id", "kind", "customer_name", "claim_id", "estimated_value_usd", "made_at", "field_sellers_since",
)  # fmt: skip
"""What an export says of the columns that are shown."""


class ReferralsScreen(ListScreen[Referral]):
    """Every referral, the latest first, for Referrals admins; others are told what they lack. S-1c"""

    BINDINGS = [
        Binding("e,enter", "referral", N_("Open referral"), id="referrals.open", key_display="⏎"),
        Binding("o", "claim", N_("Open claim"), id="referrals.claim"),
        Binding("escape,backspace,q", "app.pop_screen", N_("Back"), id="referrals.back"),
    ]

    def __init__(self, services: Services) -> None:
        super().__init__([Tab(key, _(name)) for key, name in KINDS.items()], Asked(ALL, ""))
        self.services = services
        self._zone = ZoneInfo("UTC")

    # What it says to the list

    def headline(self) -> tuple[Content, Content]:
        return crumbs(_("Referrals")), Content()

    def columns(self, asked: Asked) -> Sequence[Column[Referral]]:
        return (
            Column("referral", _("Number"), lambda row: row.referral_id, 10),
            Column("kind", _("Kind"), lambda row: f"{MARKS[row.kind]} {_(KINDS[row.kind])}", 13),
            Column("customer", _("Customer"), lambda row: row.customer_name, 15, 2),
            Column("claim", _("Claim ID"), lambda row: row.claim_id, 10),
            Column("value", _("Value, USD"), _value, 13, align="right"),
            Column("made", _("Made"), lambda row: self._day(row.made_at), 11, from_width=100),
            Column("since", _("Seen since"), lambda row: self._day(row.field_sellers_since), 11),
            Column("engagement", _("Engagement"), lambda row: row.engagement_name, 20, 1, from_width=140),
        )

    def _day(self, at: datetime | None) -> Text:
        return Text(day(at.astimezone(self._zone).date())) if at else NOTHING

    def row_key(self, row: Referral) -> str:
        return row.referral_id

    def mark(self) -> Hashable | None:
        return self.services.desk.mark()

    async def prepare(self) -> None:
        self._zone = await asyncio.to_thread(self.services.desk.zone)

    def read_rows(self, asked: Asked) -> tuple[Sequence[Referral], Fetch[Referral]]:
        kind = Kind(asked.tab) if asked.tab else None

        def fetch(request: PageRequest[Referral]) -> Sequence[Referral]:
            return self.services.referrals.rows(kind, asked.filter, offset=request.offset, limit=request.size)

        return self.services.referrals.rows(kind, asked.filter, limit=PAGE), fetch

    def read_head(self, asked: Asked) -> Head:
        kinds = self.services.referrals.counts()
        counts = {ALL: sum(kinds.values()), **{str(kind): count for kind, count in kinds.items()}}
        kind = Kind(asked.tab) if asked.tab else None
        total = self.services.referrals.count(kind, asked.filter) if asked.filter else counts[asked.tab]
        left = [_("latest first")]
        if asked.filter:
            left.append(_("filter: %(filter)s") % {"filter": safe_text(asked.filter)})
        who = safe_text(self.services.desk.login)
        return Head(total, {**counts}, _empty(asked), Content(" · ".join(left)), Content(who))

    def export_source(self, asked: Asked, *, everything: bool) -> Source:
        kind = Kind(asked.tab) if asked.tab else None
        wanted = "" if everything else asked.filter
        columns = COLUMNS if everything else EXPORTED
        return Source("referrals", columns, lambda: map(referral_row, self.services.referrals.every(kind, wanted)))

    def today(self) -> date:
        return self.services.desk.today()

    def _cannot_read(self, refused: Refused) -> None:
        if not isinstance(refused, NotAllowed):
            super()._cannot_read(refused)
            return
        self.table.show(0, (), lambda _request: ())
        self._show_head(Head(0, dict.fromkeys(KINDS), _(LACKING), Content(), Content()))

    # Routing

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("sort", "reverse"):
            return False
        if action in ("referral", "claim"):
            return True if self.is_mounted and self.table.current else None
        return super().check_action(action, parameters)

    @on(RecordTable.Moved)
    def _moved(self, event: RecordTable.Moved[Referral]) -> None:
        event.stop()
        if self._any is not bool(event.row):
            self._any = bool(event.row)
            self.refresh_bindings()

    _any: bool | None = None

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        self.action_referral()

    @work(group="referrals.open", exclusive=True)
    async def action_referral(self) -> None:
        if (row := self.table.current) is not None:
            try:
                await open_referral(self.app, self.services, row.referral_id)
            except Refused as refused:
                self.refuse(refused)

    @work(group="referrals.open", exclusive=True)
    async def action_claim(self) -> None:
        if (row := self.table.current) is not None:
            try:
                await open_claim(self.app, self.services, row.claim_id)
            except Refused as refused:
                self.refuse(refused)


def _value(row: Referral) -> Text:
    value = row.estimated_value_usd
    return NOTHING if value is None else Text(usd(value).removesuffix(" USD"))


def _empty(asked: Asked) -> str:
    if asked.filter:
        return _("Nothing matches the filter. Esc in the filter clears it.")
    if asked.tab == Kind.CO_SELL:
        return _("No referral has become a co-sell referral yet: that happens with the customer's consent.")
    return _("No claim has a referral yet. One is made with a claim, where the engagement's conditions hold.")
