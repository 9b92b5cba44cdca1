"""Asking customers for consent in the stories' programme."""

from dataclasses import replace

from mci_tui.domain.consent import YES
from mci_tui.screens.wizards.claim_steps import with_own
from mci_tui.services import Services
from mci_tui.services.outbox import Lease
from mci_tui.services.verdicts import own_data
from tests.operator import Operator, Place
from tests.stories.projects import finds

CLAIMED, AWAITING = "CLM-000311", "CLM-000310"
"""O'Neill & Sons' claim, whose customer was not asked yet, and Aurelia Foods', brought along, whose customer was."""


def set_up_mail(place: Place) -> None:
    """What a workspace needs before a customer can be asked."""
    with place.services() as services:
        services.settings.set("mail_from", "Meridiana Cloud <consent@partner.example>")
        services.settings.set("portal_url", "https://consent.partner.example")


def asks(services: Services) -> None:
    """Asks the one customer who was not asked yet."""
    sending = with_own(services.consent.start(CLAIMED), own_data(services.desk))
    services.consent.send(replace(sending, deal_size="25000", disclaimer=(YES,)))


def reminds(services: Services, contact_email: str = "") -> None:
    """Reminds the one who was."""
    reminder = with_own(services.consent.remind_start(AWAITING), own_data(services.desk))
    services.consent.remind(replace(reminder, contact_email=contact_email or reminder.contact_email))


def leased(services: Services) -> Lease:
    """The next mail, in a sender's hands."""
    lease = services.outbox.lease("sender")
    assert lease is not None
    return lease


async def reaches(operator: Operator, step: str, deal_size: str = "25000") -> None:
    """Opens *Send customer consent email* for O'Neill & Sons, and fills what lies before `step`: contacts, deal or
    review."""
    await finds(operator, "Threat", "o'neill")
    await operator.presses("enter")
    if step in ("deal", "review"):
        await operator.presses("enter")
    if step == "review":
        await operator.types(deal_size)
        await operator.presses("enter")
