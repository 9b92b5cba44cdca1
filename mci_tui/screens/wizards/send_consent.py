"""*Send customer consent email*: the wizard that asks a claim's customer for consent (S-5b, S-5c, S-5d)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from textual.content import Content

from mci_tui.domain.consent import YES, Sending, check_sending
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Reason
from mci_tui.screens.wizards.claim_steps import text_field
from mci_tui.screens.wizards.consent_steps import ReviewMail, people_step
from mci_tui.screens.wizards.steps import Step, Wizard
from mci_tui.services import Services
from mci_tui.services.claims import Claim
from mci_tui.text import N_, _
from mci_tui.words import usd

if TYPE_CHECKING:
    from mci_tui.services.consent import Review


def send_consent(services: Services, blank: Sending, workspace: Workspace) -> Wizard[Sending, Claim]:
    """The wizard for the claim of `blank`. Each claim has a draft of its own."""
    consent, memory = services.consent, services.memory
    kind = f"send {blank.claim}"

    def problems(draft: Sending) -> Mapping[str, Reason]:
        return check_sending(draft, workspace)

    steps: tuple[Step[Sending], ...] = (
        people_step(services, workspace, replace(_ticked(blank), deal_size="1", unusual=(YES,))),
        Step(
            "deal",
            N_("Deal size"),
            fields=(text_field("deal_size", N_("Deal size in USD"), note=_meaning),),
        ),
        Step(
            "review",
            N_("Review"),
            ask=lambda draft: consent.review(_ticked(draft)),
            asking=N_("Writing the e-mail …"),
            settle=lambda draft, _found: replace(draft, disclaimer=()),
            body=lambda draft, found: ReviewMail(found, draft, _disclaimer(draft, found)),
            answers=frozenset({"disclaimer"}),
        ),
    )
    return Wizard(
        kind,
        N_("Send customer consent email"),
        blank,
        steps,
        problems,
        consent.send,
        N_("Send for consent"),
        keep=lambda draft, step: memory.keep_draft(kind, step, asdict(draft)),
        drop=lambda: memory.drop_draft(kind),
    )


def _ticked(draft: Sending) -> Sending:
    """The draft with the box ticked: the letter is read before that."""
    return replace(draft, disclaimer=(YES,))


def _meaning(_draft: Sending, _found: object) -> Content:
    """What the deal size is. S-5c"""
    lines = (
        _(
            "What the customer is expected to spend on licences, seats or consumption linked to this engagement, in"
            " the first 12 months: the same figure as in Partner Center's referrals, in USD or its equivalent."
        ),
        _("A best estimate will do. It cannot be changed once the e-mail is sent."),
        _("It changes nothing about who is eligible, or what is paid out."),
    )
    return Content.assemble("\n", "\n\n".join(lines))


def _disclaimer(draft: Sending, found: "Review") -> Sequence[str]:
    filled = {
        "contact": draft.contact_name.strip(),
        "company": found.claim.customer_name,
        "amount": usd(int(draft.amount * 100)),
    }
    return (
        _("%(contact)s of %(company)s expects this e-mail, and has agreed to be contacted about it.") % filled,
        _("What the e-mail says of the engagement and of both companies is right.") % filled,
        _("The deal size of %(amount)s is our best estimate. I know that it cannot be changed after sending.") % filled,
    )
