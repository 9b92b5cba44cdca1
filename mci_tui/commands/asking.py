"""`claims send-consent`, `claims remind` and `claims record-answer`: asking the customer, and their answer."""

from argparse import Namespace
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from mci_tui.commands.call import Call
from mci_tui.commands.claims import whole
from mci_tui.commands.printing import document, sentence
from mci_tui.domain.consent import YES, Recorded, Reminder
from mci_tui.text import _, safe_text
from mci_tui.words import day, status_name

if TYPE_CHECKING:
    from mci_tui.services import Services
    from mci_tui.services.claims import Claim

R = TypeVar("R", bound=Reminder)


def send_consent(call: Call, asked: Namespace) -> int:
    """Asks the customer for consent; whoever is not named stays as the claim has it. S-5b, S-5c, S-5d"""
    call.require_writable()
    with call.services() as services:
        draft = _said(services.consent.start(asked.claim), asked)
        ticked = (YES,) if asked.disclaimer else ()
        claim = services.consent.send(replace(draft, deal_size=asked.deal_size or "", disclaimer=ticked))
        return tell_claim(call, services, claim, _waits(services, call))


def remind(call: Call, asked: Namespace) -> int:
    """Reminds the customer, or asks at another address. S-5e"""
    call.require_writable()
    with call.services() as services:
        claim = services.consent.remind(_said(services.consent.remind_start(asked.claim), asked))
        return tell_claim(call, services, claim, _waits(services, call))


def record_answer(call: Call, asked: Namespace) -> int:
    """Records an answer that came another way. S-5h"""
    call.require_writable()
    answer = Recorded(asked.claim, asked.decision, asked.who or "", asked.how or "", asked.on or "", asked.note or "")
    with call.services() as services:
        return tell_claim(call, services, services.consent.record(answer))


def _said(draft: R, asked: Namespace) -> R:
    """The draft with what the options say in place of what the claim has."""
    names = {field.name for field in fields(draft)} - {"claim", "unusual", "disclaimer", "deal_size"}
    said: dict[str, Any] = {name: value for name, value in vars(asked).items() if name in names and value is not None}
    return replace(draft, **said, unusual=(YES,) if asked.unusual else ())


def _waits(services: "Services", call: Call) -> str:
    """Who will send the mail."""
    if call.settings.sends_mail:
        return _("The mail waits in the outbox: 'mci-tui work' sends it, or open screens do.")
    return _("The mail waits in the outbox: 'mci-tui work' sends it where [mail] is set.")


def tell_claim(call: Call, services: "Services", claim: "Claim", more: str = "") -> int:
    """Tells how the claim stands now: to scripts all of it."""
    if call.json:
        document(whole(services.claims.show(claim.claim_id)))
        return 0
    due = _("by %(day)s") % {"day": day(claim.due_on)} if claim.due_on else ""
    told = (safe_text(claim.claim_id), safe_text(claim.customer_name), status_name(claim.status), due)
    sentence(" · ".join(part for part in told if part))
    if more:
        sentence(more)
    return 0
