"""`mail list`, `mail retry` and `work`: what waits to be sent, and sending it."""

import signal
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from threading import Event
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mci_tui.bootstrap import sender_for
from mci_tui.commands.call import Call
from mci_tui.commands.printing import Column, document, listing, sentence, table
from mci_tui.errors import Unusable
from mci_tui.mail.transport import Outcome
from mci_tui.services.mails import mail_row
from mci_tui.text import N_, _, safe_text
from mci_tui.words import MAIL_KINDS, MAIL_STATES, moment, say

if TYPE_CHECKING:
    from mci_tui.services.mails import Mail
    from mci_tui.services.sending import Handled, Sender

OUTCOMES = {
    Outcome.SENT: N_("sent"),
    Outcome.LATER: N_("not sent yet, tried again later"),
    Outcome.REFUSED: N_("refused"),
    Outcome.UNKNOWN: N_("not known if it arrived"),
    Outcome.WITHDRAWN: N_("not sent any more"),
    Outcome.PAUSED: N_("waits: the mail server does not let us in"),
}
"""How an attempt to send ended, in words."""


def list_mails(call: Call, _asked: Namespace) -> int:
    """Prints every mail, the latest first."""
    with call.services() as services:
        found = services.mails.rows()
        zone = services.desk.zone()
    if call.json:
        listing(len(found), map(mail_row, found))
    elif found:
        table(_columns(zone), found)
    else:
        sentence(_("No mail has been written yet."))
    return 0


def retry_mail(call: Call, asked: Namespace) -> int:
    """Has a mail sent again, under the Message-ID that it has."""
    call.require_writable()
    with call.services() as services:
        mail = services.mails.retry(asked.message)
    if call.json:
        document(mail_row(mail))
    else:
        sentence(_("The mail to %(to)s waits to be sent again.") % {"to": safe_text(mail.to)})
    return 0


def work(call: Call, asked: Namespace) -> int:
    """Sends what waits and lets deadlines pass: once, or until it is stopped by a signal."""
    call.require_writable()
    with call.services() as services:
        services.desk.sweep()
        sender = sender_for(services, call.settings)
        if asked.once:
            return _once(call, sender)
        stop = Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_args: stop.set())
        sentence(_("Sending what waits, until Ctrl+C."))
        sender.run(stop, _tell)
    return 0


def _once(call: Call, sender: "Sender") -> int:
    """Handles everything that is due; 1 where the mail server does not let us in."""
    handled: list[Handled] = []
    while (one := sender.once()) is not None:
        handled.append(one)
        if not call.json:
            _tell(one)
        if one.outcome is Outcome.PAUSED:
            break
    if call.json:
        document({"handled": [asdict(one) for one in handled]})
    elif not handled:
        sentence(_("Nothing waits to be sent."))
    return 1 if any(one.outcome is Outcome.PAUSED for one in handled) else 0


def _tell(told: "Handled | Unusable") -> None:
    if isinstance(told, Unusable):
        sentence(say(told.why))
        return
    said = f" ({safe_text(told.said)})" if told.said and told.outcome is not Outcome.SENT else ""
    print(f"{safe_text(told.to)} · {safe_text(told.message_id)} · {_(OUTCOMES[told.outcome])}{said}", flush=True)


def _columns(zone: ZoneInfo) -> "Sequence[Column[Mail]]":
    return (
        Column(_("Claim ID"), lambda mail: mail.claim_id),
        Column(_("To"), lambda mail: mail.to),
        Column(_("What"), lambda mail: _(MAIL_KINDS[mail.kind])),
        Column(_("State"), lambda mail: _(MAIL_STATES[mail.state].name)),
        Column(_("Written"), lambda mail: moment(mail.asked_at, zone)),
        Column(_("The server said"), lambda mail: mail.server_said, wraps=True),
        Column(_("Message"), lambda mail: mail.message_id, wide=True),
    )
