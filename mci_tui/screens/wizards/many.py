"""What is done for many claims at once, with what came of it for each (S-6a)."""

import asyncio
from collections.abc import Sequence
from typing import Any

from textual.app import App

from mci_tui.screens.confirm import ConfirmScreen
from mci_tui.screens.wizards import claim_forms
from mci_tui.screens.wizards.leading import lead
from mci_tui.services import Services
from mci_tui.services.claims import Claim
from mci_tui.services.deciding import Cancelled
from mci_tui.text import _, ngettext
from mci_tui.words import number, say, status_name


async def lead_cancel_all(app: App[Any], services: Services, claims: Sequence[Claim], arrived: asyncio.Event) -> bool:
    """Cancels several claims, once they are confirmed and a reason is given; whether that was done. S-6a"""
    count = {"count": number(len(claims))}
    question = ngettext(
        "This claim is cancelled. Nothing brings it back:",
        "These %(count)s claims are cancelled. Nothing brings them back:",
        len(claims),
    )
    lines = [f"{claim.customer_name} · {claim.claim_id} · {status_name(claim.status, short=True)}" for claim in claims]
    yes = ngettext("Cancel this claim", "Cancel these %(count)s claims", len(claims)) % count
    no = ngettext("Keep the claim", "Keep the claims", len(claims))
    arrived.set()
    asks = ConfirmScreen(_("Cancel claims"), "\n".join([question % count, "", *lines]), yes=yes, no=no, careful=True)
    if not await app.push_screen_wait(asks):
        return False
    wizard = claim_forms.cancel_all(services, [claim.claim_id for claim in claims])
    found = await lead(app, services, wizard, arrived)
    if found is None:
        return False
    done = sum(each.refused is None for each in found)
    sums = _("%(done)s of %(count)s cancelled.") % {"done": number(done), **count}
    text = "\n".join([sums, "", *map(_became, found)])
    await app.push_screen_wait(ConfirmScreen(_("Cancel claims"), text, yes=_("Done")))
    return True


def _became(each: Cancelled) -> str:
    who = f"{each.customer_name} · {each.claim_id}"
    return f"✓ {who}" if each.refused is None else f"▲ {who}: {say(each.refused)}"
