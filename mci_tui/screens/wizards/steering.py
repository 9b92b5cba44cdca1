"""The ways by which a claim is moved on once it is made: each leads through its form and says what came of it (S-6)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from textual.app import App

from mci_tui.domain.claims import STAGES, NextAction, Status
from mci_tui.domain.roles import Action
from mci_tui.screens.confirm import ConfirmScreen
from mci_tui.screens.submission import SubmissionScreen
from mci_tui.screens.wizards import claim_forms
from mci_tui.screens.wizards.leading import lead, lead_remind, lead_send
from mci_tui.services import Services
from mci_tui.services.claims import Claim, ClaimPage
from mci_tui.telling.claim import review_note
from mci_tui.text import _
from mci_tui.words import ACTIONS, MEANINGS, day, status_name


async def lead_submit(app: App[Any], services: Services, number: str, arrived: asyncio.Event) -> bool:
    """Leads through the checklist of a claim; whether it was submitted. Raises `Refused`. S-6b"""
    page = await _begin(services, number, Action.WORK)
    checklist = await asyncio.to_thread(services.submitting.checklist, number)
    attach = partial(lead, app, services, arrived=asyncio.Event())
    note = review_note(page) if page.claim.status is Status.ACTION_REQUIRED else ""
    screen = SubmissionScreen(services, checklist, attach, note)
    arrived.set()
    return await _say(app, _("Claim submitted"), await app.push_screen_wait(screen))


async def lead_dispute(app: App[Any], services: Services, number: str, arrived: asyncio.Event) -> bool:
    """Leads through *Dispute*; whether it was done. Raises `Refused`. S-6a"""
    claim = (await _begin(services, number, Action.WORK)).claim
    disputed = await lead(app, services, claim_forms.dispute(services, claim), arrived)
    return await _say(app, _("Rejection disputed"), disputed)


async def lead_cancel(app: App[Any], services: Services, number: str, arrived: asyncio.Event) -> bool:
    """Leads through *Cancel claim*, once that is confirmed; whether it was done. Raises `Refused`. S-6a"""
    claim = (await _begin(services, number, Action.WORK)).claim
    about = {"claim": claim.claim_id, "customer": claim.customer_name, "engagement": claim.engagement_name}
    question = _("Cancel claim %(claim)s of %(customer)s on %(engagement)s? Nothing brings it back.") % about
    arrived.set()
    asks = ConfirmScreen(_("Cancel claim"), question, yes=_("Cancel the claim"), no=_("Keep it"), careful=True)
    if not await app.push_screen_wait(asks):
        return False
    cancelled = await lead(app, services, claim_forms.cancel(services, claim), arrived)
    return await _say(app, _("Claim cancelled"), cancelled)


async def lead_decide(app: App[Any], services: Services, number: str, arrived: asyncio.Event) -> bool:
    """Leads through *Record decision*; whether one was recorded. Raises `Refused`. S-6c"""
    page = await _begin(services, number, Action.DECIDE)
    today = await asyncio.to_thread(services.desk.today)
    disputed = any("disputed" in line.changes.get("status", ()) for line in page.history)
    wizard = claim_forms.decide(services, page.claim, disputed, today.isoformat())
    decided = await lead(app, services, wizard, arrived)
    return await _say(app, _("Decision recorded"), decided)


async def lead_record(app: App[Any], services: Services, number: str, arrived: asyncio.Event) -> bool:
    """Leads through *Record answer*; whether one was recorded. Raises `Refused`. S-5h"""
    claim = (await _begin(services, number, Action.DECIDE)).claim
    blank = await asyncio.to_thread(services.consent.record_start, number)
    wizard = claim_forms.record_answer(services, claim, blank)
    recorded = await lead(app, services, wizard, arrived)
    return await _say(app, _("Answer recorded"), recorded)


LEADS: Mapping[str, Callable[[App[Any], Services, str, asyncio.Event], Awaitable[bool]]] = {
    NextAction.SEND_CONSENT: lead_send,
    NextAction.RESEND_CONSENT: lead_remind,
    NextAction.SUBMIT_CLAIM: lead_submit,
    NextAction.DISPUTE: lead_dispute,
}
"""The way of each action that a claim's status offers."""


async def lead_action(app: App[Any], services: Services, number: str, action: str, arrived: asyncio.Event) -> bool:
    """Follows the action that a claim's status offers; whether something was done. Raises `Refused`. S-2h"""
    return await LEADS[action](app, services, number, arrived)


async def _begin(services: Services, number: str, action: Action) -> ClaimPage:
    """The claim, for whoever may do this with it. Raises `Refused` before anything is typed. S-1d"""
    return await asyncio.to_thread(services.claims.show_for, action, number)


async def _say(app: App[Any], heading: str, claim: Claim | None) -> bool:
    """Says how the claim stands now, and what comes next."""
    if claim is None:
        return False
    who = f"{claim.customer_name} · {claim.claim_id} · {claim.engagement_name}"
    lines = [who, "", status_name(claim.status), _(MEANINGS[claim.status])]
    if claim.due_on is not None and (action := STAGES[claim.status].action):
        due = {"what": _(ACTIONS[action][0]), "day": day(claim.due_on)}
        lines += ["", _("Next: %(what)s by %(day)s.") % due]
    await app.push_screen_wait(ConfirmScreen(heading, "\n".join(lines), yes=_("Done")))
    return True
