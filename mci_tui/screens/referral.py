"""A referral: what it is worth, what became of it, and why (S-7)."""

import asyncio
from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from textual import work
from textual.app import App
from textual.binding import Binding
from textual.content import Content

from mci_tui.domain.referrals import Question
from mci_tui.errors import NotAllowed, Refused
from mci_tui.screens.claim import open_claim
from mci_tui.screens.page import PageScreen
from mci_tui.screens.watching import Watching
from mci_tui.services import Services
from mci_tui.services.referrals import Look, Referral, ReferralPage
from mci_tui.telling.referral import LACKING, kind_words, look_lines
from mci_tui.text import N_, _
from mci_tui.widgets.bars import crumbs
from mci_tui.widgets.section import LabelledLine
from mci_tui.words import STATUSES, moment, say, usd


class ReferralRead(NamedTuple):
    """What the page of a referral is made of; no `page` for somebody who may not open referrals."""

    mark: Hashable | None
    number: str
    page: ReferralPage | None
    zone: ZoneInfo


def read_referral(services: Services, number: str) -> ReferralRead:
    """Reads the referral with this number. Blocks; raises `Refused`, but not for a role that is missing. S-1c"""
    mark, zone = services.desk.mark(), services.desk.zone()
    try:
        return ReferralRead(mark, number, services.referrals.show(number), zone)
    except NotAllowed:
        return ReferralRead(mark, number, None, zone)


async def open_referral(app: App[Any], services: Services, number: str) -> None:
    """Puts the page of the referral with this number in front. Raises `Refused`."""
    app.push_screen(ReferralScreen(services, await asyncio.to_thread(read_referral, services, number)))


class ReferralScreen(PageScreen, Watching):
    """The page of one referral, which stays up to date; whoever may not open it is told what is lacking. S-1c"""

    BINDINGS = [
        Binding("o", "claim", N_("Open claim"), id="referral.claim"),
        Binding("escape,backspace,enter,q", "app.pop_screen", N_("Back"), id="referral.back"),
    ]

    def __init__(self, services: Services, read: ReferralRead) -> None:
        super().__init__()
        self.services = services
        self._read = read
        self.was_read_at(read.mark)

    def mark(self) -> Hashable | None:
        return self.services.desk.mark()

    async def read_anew(self) -> None:
        try:
            read = await asyncio.to_thread(read_referral, self.services, self._read.number)
        except Refused as refused:
            self._refuse(refused)
            return
        differs = (read.page, read.zone) != (self._read.page, self._read.zone)
        self._read = read
        self.was_read_at(read.mark)
        if differs:
            await self.draw_anew()
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "claim":
            return True if self._read.page else None
        return super().check_action(action, parameters)

    @work(group="referral.claim", exclusive=True)
    async def action_claim(self) -> None:
        if page := self._read.page:
            try:
                await open_claim(self.app, self.services, page.referral.claim_id)
            except Refused as refused:
                self._refuse(refused)

    def _refuse(self, refused: Refused) -> None:
        self.notify(say(refused.why), severity="error", markup=False, timeout=8)

    def headline(self) -> tuple[Content, Content]:
        page = self._read.page
        kind = Content(kind_words(page.referral.kind)) if page else Content()
        return crumbs(_("Referrals"), self._read.number), kind

    def sections(self) -> Iterable[tuple[str, list[LabelledLine]]]:
        page, zone = self._read.page, self._read.zone
        if page is None:
            yield "", [("", Content(_(LACKING)))]
            return
        yield _("Referral"), list(_referral(page.referral, zone))
        yield _("Claim"), list(_claim(page.referral))
        for look in page.looks:
            yield _heading(look, zone), [("", line) for line in look_lines(look)]


def _referral(referral: Referral, zone: ZoneInfo) -> Iterable[LabelledLine]:
    value, since = referral.estimated_value_usd, referral.field_sellers_since
    yield _("Kind"), Content.styled(kind_words(referral.kind), "bold")
    yield _("Estimated value"), _("known once the customer is asked for consent") if value is None else usd(value)
    yield _("Made"), moment(referral.made_at, zone)
    when = {"day": moment(since, zone)} if since else {}
    yield _("Field sellers"), _("see the claim since %(day)s") % when if when else _("do not see the claim")


def _claim(referral: Referral) -> Iterable[LabelledLine]:
    country = f" ({referral.country})" if referral.country else ""
    yield _("Claim"), f"{referral.claim_id} · {referral.claim_name}"
    status = STATUSES[referral.claim_status]
    yield _("Status"), f"{status.mark} {_(status.name)}"
    yield _("Customer"), f"{referral.customer_name}{country}"
    yield _("Engagement"), referral.engagement_name
    yield _("Location"), referral.location_id


def _heading(look: Look, zone: ZoneInfo) -> str:
    made = look.question is Question.CREATE
    words = _("Conditions for a partner-led referral") if made else _("Conditions for a co-sell referral")
    return f"{words} · {moment(look.at, zone)}"
