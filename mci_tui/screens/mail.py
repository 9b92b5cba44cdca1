"""The mails of a claim to read, as they are kept, and what is said of a mail wherever one is shown (S-6d)."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from textual.app import App
from textual.binding import Binding
from textual.content import Content

from mci_tui.domain.mails import State
from mci_tui.screens.page import PageScreen
from mci_tui.text import N_, _, ngettext, safe_text
from mci_tui.widgets.bars import crumbs
from mci_tui.widgets.section import LabelledLine
from mci_tui.words import MAIL_KINDS, MAIL_STATES, moment, number

if TYPE_CHECKING:
    from mci_tui.services.mails import Mail


class MailScreen(PageScreen):
    """Mails of one claim, the latest first: how far each got, and the copy that is kept, its link masked."""

    BINDINGS = [Binding("escape,backspace,enter,q", "app.pop_screen", N_("Back"), id="mail.back")]

    def __init__(self, mails: "Sequence[Mail]", zone: ZoneInfo) -> None:
        super().__init__()
        self._mails = sorted(mails, key=lambda mail: mail.asked_at, reverse=True)
        self._zone = zone

    def headline(self) -> tuple[Content, Content]:
        mail = self._mails[0]
        return crumbs(mail.claim_id, _("Mail")), Content(safe_text(mail.customer_name))

    def sections(self) -> Iterable[tuple[str, list[LabelledLine]]]:
        for mail in self._mails:
            yield self._heading(mail), [(label, value) for label, value in self._facts(mail) if value]
            text = "\n".join(safe_text(line) for line in mail.text.splitlines())
            yield "", [("", Content.assemble((safe_text(mail.subject), "bold"), "\n\n", text))]

    def _heading(self, mail: "Mail") -> str:
        kind = _(MAIL_KINDS[mail.kind])
        return f"{kind[:1].upper()}{kind[1:]} · {moment(mail.asked_at, self._zone)}"

    def _facts(self, mail: "Mail") -> Iterable[LabelledLine]:
        words = MAIL_STATES[mail.state]
        yield _("State"), Content.styled(f"{words.mark} {_(words.name)}", "bold")
        yield _("To"), f"{mail.to_name} · {mail.to}"
        yield _("Written by"), mail.asked_by
        yield _("Sent"), moment(mail.sent_at, self._zone) if mail.sent_at else ""
        yield _("What to do"), "" if mail.sent_at else what_to_do(mail, self._zone)
        yield _("The server said"), mail.server_said
        yield _("Message-ID"), mail.message_id


def what_to_do(mail: "Mail", zone: ZoneInfo) -> str:
    """What becomes of a mail by itself, or what somebody has to do about it."""
    again = {"moment": moment(mail.next_at, zone) if mail.next_at else "", "count": number(mail.attempts)}
    match mail.state:
        case State.WAITING if mail.attempts:
            words = _("Attempts so far: %(count)s. The next is due on %(moment)s; nothing has to be done.")
        case State.WAITING if mail.server_said:
            words = _("The sender was not let in: its settings of [mail] have to be corrected. The mail is kept.")
        case State.WAITING:
            words = _("It waits for whoever sends mails.")
        case State.SENDING:
            words = _("It is being handed over.")
        case State.UNKNOWN if mail.next_at:
            words = _(
                "The line broke while it was handed over: it is sent once more, as the same message, on %(moment)s."
            )
        case State.UNKNOWN:
            words = _("The line broke each time it was handed over: ask the customer, or send it again.")
        case State.FAILED:
            words = _("Correct the address with “Resend customer consent email”, or send it again to this one.")
        case State.CANCELLED:
            words = _("The claim was answered or ended first, or another address was written to.")
        case _:
            words = ""
    return words % again


def who_sends(app: App[Any], waiting: int) -> str:
    """Who sends the mails that wait: these screens, if the user's settings say how, or `mci-tui work` elsewhere."""
    if getattr(app, "sends_mail", False):
        return _("This session sends what waits.")
    if not waiting:
        return _("Mails are sent by mci-tui work.")
    words = ngettext("%(count)s mail waits for mci-tui work.", "%(count)s mails wait for mci-tui work.", waiting)
    return words % {"count": number(waiting)}
