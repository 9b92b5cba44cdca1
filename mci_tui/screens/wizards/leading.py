"""The way into a wizard and out of it: a kept draft is offered first, what was made is said afterwards."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from textual.app import App

from mci_tui.domain.adding import Addition
from mci_tui.domain.requesting import CustomerRequest
from mci_tui.screens.claim import ClaimScreen
from mci_tui.screens.confirm import ConfirmScreen
from mci_tui.screens.wizards import add_customer as adding
from mci_tui.screens.wizards import request_customer as requesting
from mci_tui.screens.wizards.claim_steps import carried_over, resumed
from mci_tui.screens.wizards.engine import WizardScreen
from mci_tui.services import Services
from mci_tui.services.claims import Claim
from mci_tui.services.memory import Draft
from mci_tui.text import _, ngettext
from mci_tui.words import day


async def lead_add(app: App[Any], services: Services, code: str, arrived: asyncio.Event) -> bool:
    """Leads through *Add customer* from the engagement `code`; whether claims were made. Raises `Refused`.

    `arrived` is set when there is something in front that takes keys.
    """
    workspace = await asyncio.to_thread(services.settings.show)
    draft = await asyncio.to_thread(services.memory.draft, adding.KIND)
    goes_on = await _offer(app, _("Add customer"), draft, workspace.timezone, arrived)
    if goes_on is None:
        return False
    if draft and not goes_on:
        await asyncio.to_thread(services.memory.drop_draft, adding.KIND)
    start = resumed(Addition, draft.values) if goes_on and draft else None
    wizard = adding.add_customer(services, code, workspace)
    at = draft.step if start and draft else ""
    made = await app.push_screen_wait(WizardScreen(wizard, start, at, arrived=arrived))
    if isinstance(made, adding.RequestInstead):
        await asyncio.to_thread(services.memory.drop_draft, adding.KIND)
        return await lead_request(app, services, made.engagement, made.customer, arrived, made.typed)
    if isinstance(made, adding.OpenInstead):
        page = await asyncio.to_thread(services.claims.show, made.claim)
        app.push_screen(ClaimScreen(page, workspace.timezone))
        return False
    return await _say_made(app, _("Customer added"), made)


async def lead_request(
    app: App[Any],
    services: Services,
    code: str,
    customer: str,
    arrived: asyncio.Event,
    typed: Addition | None = None,
) -> bool:
    """Leads through *Request customer* for one customer, with what was `typed` elsewhere. Raises `Refused`."""
    workspace = await asyncio.to_thread(services.settings.show)
    blank = await asyncio.to_thread(services.requesting.start, customer)
    wizard = await asyncio.to_thread(requesting.request_customer, services, code, blank, workspace)
    draft = await asyncio.to_thread(services.memory.draft, wizard.kind)
    start, at = None, ""
    if typed is not None:
        start = replace(blank, **carried_over(typed))
    elif draft is not None:
        goes_on = await _offer(app, _("Request customer"), draft, workspace.timezone, arrived)
        if goes_on is None:
            return False
        if goes_on:
            start, at = resumed(CustomerRequest, draft.values), draft.step
        else:
            await asyncio.to_thread(services.memory.drop_draft, wizard.kind)
    made = await app.push_screen_wait(WizardScreen(wizard, start, at, arrived=arrived))
    return await _say_made(app, _("Customer requested"), made)


async def _offer(app: App[Any], title: str, draft: Draft | None, zone: str, arrived: asyncio.Event) -> bool | None:
    """Whether to go on with a kept draft; False where none is kept, None where the operator leaves."""
    if draft is None:
        return False
    when = {"day": day(_local(draft.kept_at, zone).date()), "time": f"{_local(draft.kept_at, zone):%H:%M}"}
    question = _("A draft of this wizard is kept from %(day)s, %(time)s. Go on with it?") % when
    arrived.set()
    return await app.push_screen_wait(ConfirmScreen(title, question, yes=_("Go on"), no=_("Start anew")))


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


async def _say_made(app: App[Any], heading: str, made: Sequence[Claim] | None) -> bool:
    """Says what was made: claim numbers and until when consent is needed. S-3i, S-4a"""
    if not made:
        return False
    where = ngettext(
        "%(customer)s now stands on the Customers page of the engagement chosen.",
        "%(customer)s now stands on the Customers pages of the engagements chosen.",
        len(made),
    )
    lines = [f"{claim.claim_id} · {claim.engagement_name} · {_consent_by(claim)}" for claim in made]
    text = "\n".join([where % {"customer": made[0].customer_name}, "", *lines])
    await app.push_screen_wait(ConfirmScreen(heading, text, yes=_("Done")))
    return True


def _consent_by(claim: Claim) -> str:
    return _("consent by %(day)s") % {"day": day(claim.consent_due_on)} if claim.consent_due_on else ""
