"""The page of a claim, with the actions that its status allows (S-2e, S-6)."""

import asyncio
from collections.abc import Hashable, Iterable
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from textual.app import App
from textual.binding import Binding
from textual.content import Content

from mci_tui.domain.claims import STAGES, Event
from mci_tui.domain.roles import Action
from mci_tui.errors import Refused
from mci_tui.screens import cells
from mci_tui.screens.claim_lines import page_sections
from mci_tui.screens.following import Following
from mci_tui.screens.mail import MailScreen
from mci_tui.screens.page import PageScreen
from mci_tui.screens.watching import Watching
from mci_tui.services import Services
from mci_tui.services.claims import ClaimPage
from mci_tui.text import N_, _
from mci_tui.widgets.bars import crumbs
from mci_tui.widgets.section import LabelledLine
from mci_tui.words import STATUSES, say


class ClaimRead(NamedTuple):
    """What the page of a claim is made of, with the mark that was taken before it was read."""

    mark: Hashable | None
    page: ClaimPage
    zone: ZoneInfo


def read_claim(services: Services, number: str) -> ClaimRead:
    """Reads the claim with this number. Blocks; raises `Refused`."""
    mark = services.desk.mark()
    return ClaimRead(mark, services.claims.show(number), services.desk.zone())


async def open_claim(app: App[Any], services: Services, number: str) -> None:
    """Puts the page of the claim with this number in front. Raises `Refused`."""
    app.push_screen(ClaimScreen(services, await asyncio.to_thread(read_claim, services, number)))


async def look_at_claim(app: App[Any], services: Services, number: str, _arrived: asyncio.Event) -> bool:
    """The same as a way to follow, on which nothing is done."""
    await open_claim(app, services, number)
    return False


class ClaimScreen(PageScreen, Watching, Following):
    """The page of one claim, which stays up to date. Its keys are what the claim's status allows, no others."""

    BINDINGS = [
        Binding("enter,e", "act", N_("Action"), id="claim.act", key_display="⏎"),
        Binding("A", "record", N_("Record answer"), id="claim.record"),
        Binding("D", "decide", N_("Record decision"), id="claim.decide"),
        Binding("X", "cancel", N_("Cancel claim"), id="claim.cancel"),
        Binding("m", "mails", N_("Mails"), id="claim.mails"),
        Binding("R", "referral", N_("Referral"), id="claim.referral"),
        Binding("escape,backspace,o,q", "app.pop_screen", N_("Back"), id="claim.back"),
    ]

    def __init__(self, services: Services, read: ClaimRead) -> None:
        super().__init__()
        self.services = services
        self._take(read)

    def _take(self, read: ClaimRead) -> None:
        self._page, self._zone = read.page, read.zone
        self.was_read_at(read.mark)

    def mark(self) -> Hashable | None:
        return self.services.desk.mark()

    async def read_anew(self) -> None:
        try:
            read = await asyncio.to_thread(read_claim, self.services, self._page.claim.claim_id)
        except Refused as refused:
            self.refuse(refused)
            return
        differs = (read.page, read.zone) != (self._page, self._zone)
        self._take(read)
        if differs:
            await self.draw_anew()
            self.refresh_bindings()

    async def was_done(self) -> None:
        await self.read_anew()

    def refuse(self, refused: Refused) -> None:
        self.notify(say(refused.why), severity="error", markup=False, timeout=8)

    # What it shows

    def headline(self) -> tuple[Content, Content]:
        claim = self._page.claim
        words = STATUSES[claim.status]
        return crumbs(claim.engagement_name, claim.claim_id), Content(f"{words.mark} {_(words.name)}")

    def sections(self) -> Iterable[tuple[str, list[LabelledLine]]]:
        return page_sections(self._page, self._zone)

    @property
    def key_words(self) -> dict[str, str]:
        """What Enter does now."""
        action = STAGES[self._page.claim.status].action
        return {"act": cells.action_words(action, ROOM)} if action else {}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        found = self._open(action)
        return super().check_action(action, parameters) if found is None else found

    def _open(self, action: str) -> bool | None:
        """Whether a key of this page is shown; None for every other action. S-6, S-1d"""
        page = self._page
        stage = STAGES[page.claim.status]
        works, decides = Action.WORK in page.allowed, Action.DECIDE in page.allowed
        return {
            "act": works and stage.action is not None,
            "cancel": works and Event.CANCEL in stage.moves,
            "record": decides and Event.ACCEPT in stage.moves,
            "decide": decides and Event.APPROVE in stage.moves,
            "mails": bool(page.mails),
            "referral": page.claim.referral_id is not None,
        }.get(action)

    # What its keys do

    async def action_act(self) -> None:
        from mci_tui.screens.wizards.steering import lead_action

        claim = self._page.claim
        if action := STAGES[claim.status].action:
            await self.follow(partial(lead_action, self.app, self.services, claim.claim_id, action))

    async def action_record(self) -> None:
        from mci_tui.screens.wizards.steering import lead_record

        await self.follow(partial(lead_record, self.app, self.services, self._page.claim.claim_id))

    async def action_decide(self) -> None:
        from mci_tui.screens.wizards.steering import lead_decide

        await self.follow(partial(lead_decide, self.app, self.services, self._page.claim.claim_id))

    async def action_cancel(self) -> None:
        from mci_tui.screens.wizards.steering import lead_cancel

        await self.follow(partial(lead_cancel, self.app, self.services, self._page.claim.claim_id))

    def action_mails(self) -> None:
        self.app.push_screen(MailScreen(self._page.mails, self._zone))

    async def action_referral(self) -> None:
        from mci_tui.screens.referral import open_referral

        number = self._page.claim.referral_id

        async def open_it(_arrived: asyncio.Event) -> bool:
            await open_referral(self.app, self.services, number or "")
            return False

        await self.follow(open_it)


ROOM = 18
"""Cells for the name of the state's action on the line of keys."""
