"""The letter that asks a customer for consent, in the customer's language (S-5g)."""

import hashlib
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mci_tui.text import _, current_language, safe_text, speaking
from mci_tui.words import day

if TYPE_CHECKING:
    from email.message import EmailMessage

    from jinja2 import Environment

MASK = "https://…/c/••••••••"
"""What stands in place of the link in a letter, and in the copy of it that is kept."""

TEXT_VERSION = "1"
"""Counts the wordings of `statement`; evidence of an answer names it."""

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a customer is asked: the mail and the page behind its link say the same."""

    language: str
    contact_name: str
    partner: str
    """The partner's company."""
    partner_name: str
    partner_email: str
    partner_phone: str
    """Empty where none is known."""
    engagement: str
    summary: str
    company: str
    """The customer's company."""
    deadline: date
    """The last day of an answer, in `zone`."""
    zone: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is read, with `MASK` once in either part: where the link will stand."""

    subject: str
    text: str
    html: str


def statement(invitation: Invitation) -> tuple[str, ...]:
    """The paragraphs of what the customer is asked to consent to, in the customer's language."""
    with speaking(invitation.language):
        filled = _filled(invitation)
        paragraphs = (
            _(
                "%(partner_name)s of %(partner)s asks whether %(company)s agrees to take part in the engagement"
                " “%(engagement)s”."
            ),
            _("What it is: %(summary)s") if filled["summary"] else "",
            _(
                "If you accept, %(partner)s may carry out this engagement with %(company)s, and claim for it in"
                " Microsoft Commerce Incentives, the programme by which Microsoft rewards its partners for such work."
            ),
            _("The decision is yours. Declining costs nothing, and you need not give a reason."),
            _(
                "Please answer by %(deadline)s (%(zone)s). Without an answer by the end of that day,"
                " this request lapses."
            ),
            _("If you have any questions, please ask %(partner_name)s: %(reach)s."),
        )
        return tuple(paragraph % filled for paragraph in paragraphs if paragraph)


def statement_hash(invitation: Invitation) -> str:
    """SHA-256 in hex over the wording's version and its paragraphs, a line each."""
    return hashlib.sha256("\n".join((TEXT_VERSION, *statement(invitation))).encode()).hexdigest()


def letter(invitation: Invitation, *, reminder: bool) -> Letter:
    """The letter in the customer's language, its link masked; a reminder says that it is one."""
    with speaking(invitation.language):
        filled = _filled(invitation)
        asks = (
            _("Reminder: %(partner)s asks for your consent: %(engagement)s")
            if reminder
            else _("%(partner)s asks for your consent: %(engagement)s")
        )
        subject = asks % filled
        page = {
            "language": current_language(),
            "subject": subject,
            "greeting": _("Dear %(contact_name)s,") % filled,
            "reminder": _("This is a reminder: your answer has not reached us yet.") if reminder else "",
            "paragraphs": statement(invitation),
            "before_link": _("You can accept or decline on the page behind this link. Opening it decides nothing yet."),
            "answer": _("Read and answer"),
            "link": MASK,
            "regards": _("Kind regards"),
            "signed": (filled["partner_name"], filled["partner"]),
            "notes": (
                _("This message comes from %(partner)s, not from Microsoft.") % filled,
                _("The link is meant for you alone: please do not pass this message on."),
            ),
        }
    text, page_html = (_templates().get_template(name).render(page) for name in ("letter.txt", "letter.html"))
    return Letter(subject, text, page_html)


def message(
    letter: Letter,
    *,
    link: str,
    message_id: str,
    sender: str,
    reply_to: str,
    to_name: str,
    to_address: str,
    at: datetime,
) -> "EmailMessage":
    """The mail for the wire, with `link` in place of `MASK`; the same bytes for the same letter and values.

    `sender` and `reply_to` are addresses, with or without a name; an empty `reply_to` is left out. `at` is aware.
    Raises `ValueError` where an address is none.
    """
    from email.message import EmailMessage
    from html import escape

    from mci_tui.mail.headers import POLICY, header_text, mailbox

    mail = EmailMessage(policy=POLICY)
    mail["From"] = mailbox(sender)
    mail["To"] = mailbox(to_address, to_name)
    if reply_to:
        mail["Reply-To"] = mailbox(reply_to)
    mail["Subject"] = header_text(letter.subject)
    mail["Date"] = at
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text.replace(MASK, link), cte="quoted-printable")
    linked = letter.html.replace(MASK, escape(link))
    mail.add_alternative(linked, subtype="html", cte="quoted-printable")
    # `=_` cannot stand in quoted-printable text, so no letter can contain its own boundary.
    mail.set_boundary("=_" + hashlib.sha256(message_id.encode()).hexdigest()[:32])
    return mail


def _filled(invitation: Invitation) -> dict[str, str]:
    """What fills the sentences: safe, on one line each, and with nothing in it that could be taken for `MASK`."""
    written = {field.name: getattr(invitation, field.name) for field in fields(invitation)}
    filled = {name: " ".join(safe_text(str(value)).replace("•", "·").split()) for name, value in written.items()}
    reach = (filled["partner_email"], filled["partner_phone"])
    return filled | {"deadline": day(invitation.deadline), "reach": ", ".join(way for way in reach if way)}


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
