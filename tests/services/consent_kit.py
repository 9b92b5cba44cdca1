"""What the tests of consent share: a claim ready to be asked about, drafts, a mail server that answers as told."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from typing import Any

from mci_tui.domain.claims import Status
from mci_tui.domain.consent import YES, Sending
from mci_tui.mail.transport import Delivery, Outcome
from mci_tui.services import Services
from mci_tui.services.sending import Handled, Sender
from tests.factories import Books

CLAIM = "CLM-000001"
ADDRESS = "anna.bianchi@corvara.example.com"
SETTINGS = {
    "mail_from": "Meridiana Cloud <consent@partner.example>",
    "portal_url": "https://consent.partner.example",
}


def configured(services: Services, **changes: str) -> None:
    """Gives the workspace what a mail needs."""
    for key, value in {**SETTINGS, **changes}.items():
        services.settings.set(key, value)


def claimed(books: Books, status: Status = Status.CUSTOMER_CLAIMED, **changes: Any) -> int:
    """A claim on an engagement of thirty days, with contacts; its row id."""
    offer, customer = books.engagement(consent_days=30), books.customer()
    used = books.identifier(customer, "tpid", "123456")
    contacts = {
        "contact_name": "Anna Bianchi",
        "contact_email": ADDRESS,
        "contact_language": "it",
        "partner_name": "Marco Rossi",
        "partner_email": "m.rossi@partner.example",
    }
    return books.claim(offer, customer, used, status, **{**contacts, **changes})


def sending(services: Services, number: str = CLAIM, **changes: Any) -> Sending:
    """A draft that can be sent, as the wizard or the command would fill it."""
    filled: dict[str, Any] = {"deal_size": "25000.50", "disclaimer": (YES,), **changes}
    return replace(services.consent.start(number), **filled)


@dataclass
class Post:
    """A mail server in the same process: it takes what it is given, or does what `script` says, mail by mail."""

    script: list[Delivery] = field(default_factory=list)
    taken: list[EmailMessage] = field(default_factory=list)
    before_data: Callable[[], object] = lambda: None

    def deliver(self, message: EmailMessage, *, sender: str, to: str, cleared: Callable[[], bool]) -> Delivery:
        answer = self.script.pop(0) if self.script else Delivery(Outcome.SENT, "250 OK")
        if answer.outcome in (Outcome.PAUSED, Outcome.LATER, Outcome.REFUSED):
            return answer
        self.before_data()
        if not cleared():
            return Delivery(Outcome.WITHDRAWN, "")
        self.taken.append(message)
        return answer

    @property
    def links(self) -> list[str]:
        """The links of the mails taken, in their order."""
        return [link_in(message) for message in self.taken]


def link_in(message: EmailMessage) -> str:
    """The one link of a mail, out of its text."""
    part = message.get_body(("plain",))
    assert part is not None
    (link,) = (word for word in part.get_content().split() if "/c/" in word)
    return str(link)


def token_in(message: EmailMessage) -> str:
    """The token of the mail's link."""
    return link_in(message).rpartition("/")[2]


def send_all(services: Services, post: Post) -> list[Handled]:
    """Handles everything that is due now."""
    sender, handled = Sender(services.outbox, post, "tests"), []
    while (one := sender.once()) is not None:
        handled.append(one)
    return handled
