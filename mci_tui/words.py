"""The program's words: reasons, statuses, actions, dates and amounts in the reader's language."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from mci_tui.errors import Reason
from mci_tui.sentences import SENTENCES
from mci_tui.text import N_, _, current_language, ngettext, safe_text


class StatusWords(NamedTuple):
    """A status as it is shown: its name, a short form for narrow lists, and a mark that stands beside the word."""

    name: str
    short: str
    mark: str


STATUSES: dict[str, StatusWords] = {
    "customer_claimed": StatusWords(N_("Customer claimed"), N_("Claimed"), "◔"),
    "awaiting_consent": StatusWords(N_("Awaiting customer consent response"), N_("Awaiting consent"), "◐"),
    "consent_received": StatusWords(N_("Customer consent received"), N_("Consent received"), "●"),
    "submitted": StatusWords(N_("Submitted"), N_("Submitted"), "▷"),
    "under_review": StatusWords(N_("Under review"), N_("Under review"), "◇"),
    "action_required": StatusWords(N_("Partner action required"), N_("Action required"), "◆"),
    "rejected": StatusWords(N_("Rejected"), N_("Rejected"), "▲"),
    "disputed": StatusWords(N_("Disputed"), N_("Disputed"), "△"),
    "approved": StatusWords(N_("Approved"), N_("Approved"), "✓"),
    "rejected_final": StatusWords(N_("Rejected final"), N_("Rejected final"), "✗"),
    "cancelled": StatusWords(N_("Cancelled"), N_("Cancelled"), "–"),
    "consent_declined": StatusWords(N_("Customer consent declined"), N_("Declined"), "✗"),
    "consent_expired": StatusWords(N_("Customer consent expired"), N_("Consent expired"), "⌛"),
    "not_submitted_expired": StatusWords(N_("Not submitted expired"), N_("Not submitted"), "⌛"),
    "post_submission_expired": StatusWords(N_("Post submission expired"), N_("Review expired"), "⌛"),
    "disputed_expired": StatusWords(N_("Disputed expired"), N_("Dispute expired"), "⌛"),
    "known": StatusWords(N_("Known customer"), N_("Known"), "○"),
}


MEANINGS: dict[str, str] = {
    "customer_claimed": N_("The customer has not been asked yet: you move next, by asking for consent."),
    "awaiting_consent": N_("The customer was asked: they move next. You can remind them."),
    "consent_received": N_("The customer agreed: you move next, by submitting the proof of your work."),
    "submitted": N_("The claim is with the review, which moves next. It cannot expire there."),
    "under_review": N_("The review looks at it, and moves next. It cannot expire there."),
    "action_required": N_("The review asks for more: you move next, by submitting again."),
    "rejected": N_("The review refused it: you move next, by disputing that, or the refusal becomes final."),
    "disputed": N_("You disputed the refusal: you move next, by submitting again. The next refusal is final."),
    "approved": N_("Completed: nothing is left to do."),
    "rejected_final": N_("Refused for good. A new claim may be started if the limits leave room."),
    "cancelled": N_("Taken back by you. A new claim may be started if the limits leave room."),
    "consent_declined": N_("The customer said no. A new claim may be started if the limits leave room."),
    "consent_expired": N_("No answer came in time. A new claim may be started if the limits leave room."),
    "not_submitted_expired": N_("Nothing was submitted in time. A new claim may be started if the limits leave room."),
    "post_submission_expired": N_("The review's request was not met in time. A new claim may be started."),
    "disputed_expired": N_("Nothing was submitted in time after the dispute. A new claim may be started."),
}
"""What each status means, and who moves next. S-6d"""


class StateWords(NamedTuple):
    """How far a mail got, as it is shown: its name, a short form for lists, and a mark beside the word."""

    name: str
    short: str
    mark: str


MAIL_STATES: dict[str, StateWords] = {
    "waiting": StateWords(N_("Waiting"), N_("Waiting"), "○"),
    "sending": StateWords(N_("Being sent"), N_("Being sent"), "◔"),
    "unknown": StateWords(N_("Not known if it arrived"), N_("Not known"), "△"),
    "sent": StateWords(N_("Sent"), N_("Sent"), "✓"),
    "failed": StateWords(N_("Failed"), N_("Failed"), "▲"),
    "cancelled": StateWords(N_("Not sent any more"), N_("Not sent"), "–"),
}

MAIL_KINDS: dict[str, str] = {"consent": N_("request for consent"), "reminder": N_("reminder")}

MAIL_KINDS_SHORT: dict[str, str] = {"consent": N_("request"), "reminder": N_("reminder")}
"""The kinds of mail in lists."""

ACTIONS: dict[str, tuple[str, str]] = {
    "request-customer": (N_("Request customer"), N_("Request")),
    "send-consent": (N_("Send customer consent email"), N_("Send")),
    "resend-consent": (N_("Resend customer consent email"), N_("Resend")),
    "submit-claim": (N_("Submit claim"), N_("Submit")),
    "dispute": (N_("Dispute"), N_("Dispute")),
}
"""What the Action column says: the full name, and a short form for narrow lists."""

ACTIONS_SHORTER: dict[str, str] = {
    "send-consent": N_("Send consent email"),
    "resend-consent": N_("Resend email"),
}
"""What it says where the full name has no room, and there is more than the short one needs."""

NEEDS: dict[str, tuple[str, str]] = {
    "consent": ("◐", N_("Consent")),
    "submission": ("●", N_("Submit")),
    "action_required": ("◆", N_("Action")),
    "rejected": ("▲", N_("Rejected")),
    "disputed": ("△", N_("Disputed")),
    "mail": ("✗", N_("Mail")),
}
"""Why something needs somebody: a mark and a word for each kind."""

DUE: dict[str, str] = {
    "consent": N_("consent"),
    "submission": N_("submission"),
    "review": N_("review"),
    "dispute": N_("dispute"),
}

ID_TYPES: dict[str, str] = {
    "domain": N_("Domain name"),
    "tenant": N_("Tenant ID"),
    "tpid": N_("Top parent ID (TPID)"),
    "subscription": N_("Azure subscription ID"),
    "msx": N_("MSX opportunity ID"),
}

ID_TYPES_SHORT: dict[str, str] = {
    "domain": N_("Domain"),
    "tenant": N_("Tenant"),
    "tpid": N_("TPID"),
    "subscription": N_("Azure"),
    "msx": N_("MSX"),
}
"""The types of ID in narrow lists, before a value."""

PAY: dict[str, str] = {"fixed": N_("fixed pay"), "variable": N_("variable pay")}

PAY_SHORT: dict[str, str] = {"fixed": N_("fixed"), "variable": N_("variable")}
"""The pay models in a column that says *Pay* already."""

TERMS: dict[str, str] = {
    "fixed": N_("fixed pay"),
    "hours": N_("hours × rate"),
    "percent_of_acv": N_("percent of ACV"),
    "cap": N_("cap"),
}
"""The terms of a payout."""

PROOF: dict[str, str] = {
    "invoice": N_("invoice"),
    "poe": N_("proof of execution"),
    "customer_survey": N_("customer survey"),
    "partner_survey": N_("partner survey"),
}

LANGUAGES: dict[str, str] = {"en": "English", "it": "Italiano"}
"""The languages that a mail can be written in, each by its own name."""


def proof_name(kind: str) -> str:
    """A proof item where its name stands alone: `Customer survey`."""
    name = _(PROOF[kind])
    return name[:1].upper() + name[1:]


REFERRAL_KINDS: dict[str, str] = {"partner_led": N_("partner-led"), "co_sell": N_("co-sell")}

COMPARISONS: dict[str, str] = {
    "equals": N_("is"),
    "not_equals": N_("is not"),
    "one_of": N_("is one of"),
    "none_of": N_("is none of"),
    "at_least": N_("is at least"),
    "at_most": N_("is at most"),
    "present": N_("is known"),
}
"""How a condition compares a fact with its value."""

MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip

MARKS: dict[str, tuple[str, str]] = {"en": (",", "."), "it": (".", ",")}
"""What a language writes between thousands, and before decimals."""


def say(reason: Reason) -> str:
    """The reason in the reader's words; safe to show."""
    if text := reason.params.get("text"):
        return safe_text(str(text))
    code = reason.code
    if code == "opportunity_closed" and "value" not in reason.params:
        code = "opportunity_none"
    template = SENTENCES.get(code)
    if template is None:
        return safe_text(code)
    return _(template) % {name: _word(name, value) for name, value in reason.params.items()}


def _word(name: str, value: Any) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return day(value)
    if name == "stands":
        return status_name(str(value))
    if name == "state":
        return _(MAIL_STATES[str(value)].name)
    if name == "again":
        return f"{day(value.date())}, {value:%H:%M}"
    if name == "proof":
        return _(PROOF.get(str(value), str(value)))
    if name == "id_type":
        return _(ID_TYPES.get(str(value), str(value)))
    if name == "accepted":
        return ", ".join(_(ID_TYPES[str(id_type)]) for id_type in value)
    if name == "engagement" and not value:
        return _("The catalogue")
    if name == "holder":
        return f" – {safe_text(str(value))}" if value else ""
    return safe_text(str(value))


def send_trouble(outcome: str, to: str, said: str) -> str:
    """What somebody has to look at after an attempt to send a mail."""
    told = {
        "paused": _("Mails wait for five minutes: %(said)s"),
        "unknown": _("Nobody knows whether the mail to %(to)s arrived: it is tried once more. %(said)s"),
    }.get(outcome, _("The mail to %(to)s was refused: %(said)s"))
    return safe_text(told % {"to": to, "said": said})


def no_details() -> str:
    """Why the Not eligible tab of an engagement for MSX opportunity IDs alone is empty. S-2d"""
    return _(
        "This engagement takes customers by MSX opportunity ID alone:\n"
        "this tab shows no details, whether a customer is eligible depends on the opportunity."
    )


def status_name(status: str, *, short: bool = False) -> str:
    """The name of a status, or its short form."""
    words = STATUSES[status]
    return _(words.short if short else words.name)


def day(value: date, *, year: bool = True) -> str:
    """A date as people write it: `23 Dec 2026`."""
    written = f"{value.day} {_(MONTHS[value.month - 1])}"
    return f"{written} {value.year}" if year else written


def moment(at: datetime, zone: ZoneInfo, *, year: bool = True) -> str:
    """An instant in a zone's own time: `23 Nov 2026, 10:30`."""
    local = at.astimezone(zone)
    return f"{day(local.date(), year=year)}, {local:%H:%M}"


def days(number: int) -> str:
    """What is left of a deadline: `today`, `1 day`, `12 days`."""
    if number == 0:
        return _("today")
    return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}


def left(number: int) -> str:
    """The same in a sentence: `12 days left`, `today is the last day`."""
    return _("today is the last day") if number == 0 else _("%(left)s left") % {"left": days(number)}


def amount(whole_cents: int) -> str:
    """An amount with its cents, for columns of figures: `3,912.00`."""
    whole, rest = divmod(whole_cents, 100)
    return f"{number(whole)}{_point()}{rest:02d}"


def usd(whole_cents: int) -> str:
    """An amount as people read it: `8,000 USD`, with cents only where there are any."""
    whole, rest = divmod(whole_cents, 100)
    return f"{number(whole)}{f'{_point()}{rest:02d}' if rest else ''} USD"


def term_line(term: Mapping[str, Any], *, limits: bool) -> str:
    """A payout's term, given by its fields, as one line of a table: name, what it is made of, what it comes to. S-9"""
    made_of = {
        "fixed": _("market %(market)s"),
        "hours": _("%(hours)s h × %(rate)s (market %(market)s)"),
        "percent_of_acv": _("%(percent)s %% of %(acv)s"),
    }.get(term["name"], "")
    made_of %= {**term, "rate": amount(term["rate"] or 0), "acv": amount(term["acv"] or 0)}
    mark, word = ("▸", f"   {_('limits')}") if limits else (" ", "")
    return f"{mark} {_(TERMS[term['name']]):<16}{made_of:<30}{amount(term['amount']):>12}{word}"


def number(value: int) -> str:
    """A whole number with its thousands apart."""
    return f"{value:,}".replace(",", MARKS[current_language()][0])


def _point() -> str:
    return MARKS[current_language()][1]


def problems_said(problems: Mapping[str, Reason]) -> dict[str, str]:
    """Problems by field, each in words."""
    return {field: say(problem) for field, problem in problems.items()}


def plain(value: Any) -> Any:
    """`value` as JSON has it: ISO dates, UTC instants with `Z`, decimals as text, null for what is not known."""
    match value:
        case Reason():
            return {"code": value.code, "text": say(value)}
        case str():
            return safe_text(value) or None
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case Mapping():
            return {str(name): plain(each) for name, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(each) for each in value]
    return value
