"""The way into a wizard and out of it: a kept draft is offered first, what came of it is said afterwards."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from textual.app import App

from mci_tui.domain.adding import Addition
from mci_tui.domain.details import Contacts
from mci_tui.screens.claim import open_claim
from mci_tui.screens.confirm import ConfirmScreen
from mci_tui.screens.mail import who_sends
from mci_tui.screens.wizards import add_customer as adding
from mci_tui.screens.wizards.claim_steps import carried_over, resumed
from mci_tui.screens.wizards.engine import WizardScreen
from mci_tui.screens.wizards.form import FormScreen
from mci_tui.screens.wizards.parts import told
from mci_tui.screens.wizards.remind_customer import remind_customer
from mci_tui.screens.wizards.request_customer import request_customer
from mci_tui.screens.wizards.send_consent import send_consent
from mci_tui.screens.wizards.steps import R, Wizard
from mci_tui.services import Services
from mci_tui.services.claims import Claim
from mci_tui.text import _, ngettext
from mci_tui.words import day, say

if TYPE_CHECKING:
    from mci_tui.services.consent import Reminded
    from mci_tui.services.customers import CustomerRow

C = TypeVar("C", bound=Contacts)


async def lead_add(app: App[Any], services: Services, code: str, arrived: asyncio.Event) -> bool:
    """Leads through *Add customer* from the engagement `code`; whether claims were made. Raises `Refused`.

    `arrived` is set when there is something in front that takes keys.
    """
    workspace = await asyncio.to_thread(services.settings.show)
    made = await lead(app, services, adding.add_customer(services, code, workspace), arrived)
    if isinstance(made, adding.RequestInstead):
        await asyncio.to_thread(services.memory.drop_draft, adding.KIND)
        return await lead_request(app, services, made.engagement, made.customer, arrived, made.typed)
    if isinstance(made, adding.OpenInstead):
        await open_claim(app, services, made.claim)
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
    wizard = await asyncio.to_thread(request_customer, services, code, blank, workspace)
    start = replace(blank, **carried_over(typed)) if typed else None
    made = await lead(app, services, wizard, arrived, start)
    return await _say_made(app, _("Customer requested"), made)


async def lead_send(app: App[Any], services: Services, number: str, arrived: asyncio.Event) -> bool:
    """Leads through *Send customer consent email*; whether the customer was asked. Raises `Refused`. S-5b"""
    workspace = await asyncio.to_thread(services.settings.show)
    blank = await asyncio.to_thread(services.consent.start, number)
    asked = await lead(app, services, send_consent(services, blank, workspace), arrived)
    return await _say_asked(app, services, _("Customer asked for consent"), asked)


async def lead_remind(app: App[Any], services: Services, number: str, arrived: asyncio.Event) -> bool:
    """Leads through *Resend customer consent email*; whether that was done. Raises `Refused`. S-5e"""
    workspace = await asyncio.to_thread(services.settings.show)
    blank = await asyncio.to_thread(services.consent.remind_start, number)
    asked = await lead(app, services, remind_customer(services, blank, workspace), arrived)
    elsewhere = asked is not None and asked.contact_email != blank.contact_email
    heading = _("Customer asked at another address") if elsewhere else _("Customer reminded")
    return await _say_asked(app, services, heading, asked)


async def lead_remind_all(
    app: App[Any], services: Services, rows: "Sequence[CustomerRow | Claim]", arrived: asyncio.Event
) -> bool:
    """Reminds the customers of several claims, once they are confirmed; whether that was done. S-5e"""
    count = {"count": len(rows)}
    question = ngettext(
        "The customer of this claim gets a reminder at the address that it has:",
        "The customers of these %(count)s claims get a reminder each, at the address that the claim has:",
        len(rows),
    )
    lines = [f"{row.customer_name} · {row.claim_id} · {_due(row)}" for row in rows]
    yes = ngettext("Remind this customer", "Remind these %(count)s customers", len(rows)) % count
    arrived.set()
    text = "\n".join([question % count, "", *lines])
    if not await app.push_screen_wait(ConfirmScreen(_("Remind customers"), text, yes=yes, no=_("Cancel"))):
        return False
    found = await asyncio.to_thread(services.consent.remind_all, [row.claim_id for row in rows if row.claim_id])
    done = sum(each.refused is None for each in found)
    sums = _("%(done)s of %(count)s reminded.") % {"done": done, "count": len(found)}
    lines = [_became(each) for each in found]
    told_first = [sums, await _sender(app, services)] if done else [sums]
    text = "\n".join([" ".join(told_first), "", *lines])
    await app.push_screen_wait(ConfirmScreen(_("Remind customers"), text, yes=_("Done")))
    return True


def _due(row: "CustomerRow | Claim") -> str:
    return _("consent by %(day)s") % {"day": day(row.due_on)} if row.due_on else ""


def _became(each: "Reminded") -> str:
    who = f"{each.customer_name} · {each.claim_id}"
    return f"✓ {who}" if each.refused is None else f"▲ {who}: {say(each.refused)}"


async def lead(
    app: App[Any], services: Services, wizard: Wizard[C, R], arrived: asyncio.Event, start: C | None = None
) -> R | None:
    """Leads through a wizard, from `start` or, if the operator likes, from the draft that is kept of it."""
    at = ""
    if start is None and (draft := await asyncio.to_thread(services.memory.draft, wizard.kind)) is not None:
        workspace = await asyncio.to_thread(services.settings.show)
        kept_at = draft.kept_at.astimezone(ZoneInfo(workspace.timezone))
        when = {"day": day(kept_at.date()), "time": f"{kept_at:%H:%M}"}
        question = _("A draft of this wizard is kept from %(day)s, %(time)s. Go on with it?") % when
        arrived.set()
        asks = ConfirmScreen(told(wizard.title), question, yes=_("Go on"), no=_("Start anew"))
        goes_on = await app.push_screen_wait(asks)
        if goes_on is None:
            return None
        if goes_on:
            start, at = resumed(wizard.blank, draft.values), draft.step
        else:
            await asyncio.to_thread(services.memory.drop_draft, wizard.kind)
    screen = WizardScreen if len(wizard.steps) > 1 else FormScreen
    return await app.push_screen_wait(screen(wizard, start, at, arrived=arrived))


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


async def _say_asked(app: App[Any], services: Services, heading: str, claim: Claim | None) -> bool:
    """Says whom the e-mail goes to, until when it can be answered, and who sends it. S-5d, S-5e"""
    if claim is None:
        return False
    who = f"{claim.customer_name} · {claim.claim_id} · {claim.engagement_name}"
    goes = _("The e-mail goes to %(name)s, %(address)s.")
    goes %= {"name": claim.contact_name, "address": claim.contact_email}
    if claim.consent_due_on is not None:
        goes += "\n" + _("The answer is needed by %(day)s.") % {"day": day(claim.consent_due_on)}
    text = "\n".join((who, "", goes, "", await _sender(app, services)))
    await app.push_screen_wait(ConfirmScreen(heading, text, yes=_("Done")))
    return True


async def _sender(app: App[Any], services: Services) -> str:
    return who_sends(app, (await asyncio.to_thread(services.mails.counts))["waiting"])


def _consent_by(claim: Claim) -> str:
    return _("consent by %(day)s") % {"day": day(claim.consent_due_on)} if claim.consent_due_on else ""
