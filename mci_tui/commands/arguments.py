"""The command line as data: which commands there are, and what each takes. Imports nothing of what they do."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NamedTuple

from mci_tui import __version__
from mci_tui.text import N_, _

KINDS = ("catalogue", "locations", "operators", "directory", "nominations", "opportunities", "claims", "decisions")
TABS = ("eligible", "not_eligible", "complete")
ID_TYPES = ("domain", "tenant", "tpid", "subscription", "msx")
CUSTOMER_SORTS = ("customer", "claim", "status", "due")
CLAIM_SORTS = ("claim", "customer", "status", "due", "created")
DECISIONS = ("under_review", "action_required", "approved", "rejected", "rejected_final")
STATUSES = (
    "customer_claimed", "awaiting_consent", "consent_received", "consent_declined", "consent_expired",
    "not_submitted_expired", "submitted", "under_review", "action_required", "post_submission_expired", "approved",
    "rejected", "disputed", "disputed_expired", "rejected_final", "cancelled",
)  # fmt: skip


class Argument(NamedTuple):
    """An argument of a command: its names, its help, and what else argparse is told of it."""

    names: tuple[str, ...]
    help: str
    more: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its words, what it does in words, `module:function` of what does it, and its arguments."""

    words: str
    help: str
    does: str
    arguments: tuple[Argument, ...] = ()


def _arg(*names: str, help: str, **more: Any) -> Argument:
    return Argument(names, help, more)


def _flag(name: str, help: str, **more: Any) -> Argument:
    return Argument((name,), help, {"action": "store_true", **more})


_DIGITS = 9
"""Of the longest number that an option takes."""


def _natural(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > _DIGITS:
        told = {"text": text, "most": "9" * _DIGITS}
        raise argparse.ArgumentTypeError(_("%(text)r is no whole number from 0 to %(most)s") % told)
    return int(text)


def _port(text: str) -> int:
    number = _natural(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError(_("a port is a number from 1 to 65535"))
    return number


def _stored(text: str) -> str:
    """Names may be written with `-` or `_`."""
    return text.replace("-", "_")


def _sorts(columns: tuple[str, ...]) -> list[str]:
    return [*columns, *(f"{column}:desc" for column in columns)]


def _list_arguments(sorts: tuple[str, ...], told: str) -> tuple[Argument, ...]:
    return (
        _arg("--filter", help=N_("only rows in which this stands"), default="", metavar="TEXT"),
        _arg(
            "--sort",
            help=told,
            choices=_sorts(sorts),
            default=sorts[0],
            metavar="COLUMN[:desc]",
        ),
        _arg("--limit", help=N_("at most so many rows"), type=_natural, metavar="N"),
        _arg("--offset", help=N_("leave out so many rows first"), type=_natural, default=0, metavar="N"),
        _flag("--csv", N_("as a CSV table on standard output")),
        _arg("--xlsx", help=N_("as an XLSX workbook in this new file"), metavar="FILE"),
    )


_NUMBER = _arg("claim", help=N_("the claim's number"), metavar="CLAIM")
_NOTE = _arg("--note", help=N_("why, in a sentence"), metavar="N")
_FILE = "KIND=FILE"
_CODE = _arg("code", help=N_("the engagement's code"), metavar="CODE")

_CONTACTS = (
    _arg("--reason", help=N_("why by this tenant, where it is not that of the e-mail domain"), metavar="TEXT"),
    _arg("--contact-name", help=N_("the customer's contact"), metavar="N"),
    _arg("--contact-email", help=N_("the contact's address"), metavar="A"),
    _arg("--contact-title", help=N_("the contact's job title"), metavar="T"),
    _arg("--contact-phone", help=N_("the contact's phone number"), metavar="P"),
    _arg("--contact-language", help=N_("the language of the mail: en or it"), metavar="en|it"),
    _arg("--partner-name", help=N_("your company's contact; default: yourself"), metavar="N"),
    _arg("--partner-email", help=N_("that contact's address"), metavar="A"),
    _arg("--partner-phone", help=N_("that contact's phone number"), metavar="P"),
)
"""The customer's contact and one's own, and why the tenant is not that of the customer's address."""

_UNUSUAL = _flag("--unusual-address", N_("a free-mail or role address is meant"), dest="unusual")

_CLAIM = (
    _arg("--from", help=N_("a TOML file with the names of these options, - written _"), dest="file", metavar="FILE"),
    _arg("--name", help=N_("the claim's friendly name"), metavar="NAME"),
    _arg("--location", help=N_("the location ID"), metavar="ID"),
    _arg("--engagement", help=N_("an engagement's code; once for each"), action="append", metavar="CODE"),
    _arg("--hours", help=N_("the hours needed (variable pay)"), metavar="H"),
    *_CONTACTS,
)
"""What every new claim needs, however it comes."""

_ADD = (
    _arg("--id-type", help=N_("domain, tenant, tpid, subscription or msx"), metavar="TYPE"),
    _arg("--id", help=N_("the customer's ID"), metavar="VALUE"),
    _arg("--customer-name", help=N_("the company, where the directory does not know the ID"), metavar="COMPANY"),
    _arg("--country", help=N_("its country, such as IT"), metavar="CC"),
    *_CLAIM,
)

_REQUEST = (
    _arg("--customer", help=N_("the known customer's key, as 'customers list' has it"), metavar="KEY"),
    _arg("--id", help=N_("the MSX opportunity ID (variable pay)"), metavar="MSX"),
    *_CLAIM,
)

COMMANDS = (
    Command(
        "demo",
        N_("make a sample workspace, or use it again, and open it"),
        "demo:demo",
        (
            _arg("folder", help=N_("the folder for it; default: see 'mci-tui paths'"), nargs="?", metavar="DIR"),
            _flag("--no-open", N_("only make it")),
        ),
    ),
    Command(
        "init",
        N_("make a new, empty workspace, with you as its first Incentives admin"),
        "workspace:init",
        (
            _arg("--timezone", help=N_("whose days count; default: Europe/Rome"), metavar="Z"),
            _arg("--partner", help=N_("your company's name"), dest="partner_name", metavar="NAME"),
            _arg(
                "--domain",
                help=N_("a mail domain of your company; once for each"),
                dest="partner_domains",
                action="append",
                metavar="D",
            ),
            _arg("--name", help=N_("your name"), default="", metavar="N"),
            _arg("--email", help=N_("your address"), default="", metavar="A"),
            _arg("--phone", help=N_("your phone number"), default="", metavar="P"),
        ),
    ),
    Command("settings show", N_("the workspace's settings"), "workspace:show_settings"),
    Command(
        "settings set",
        N_("change a setting of the workspace"),
        "workspace:set_setting",
        (_arg("key", help=N_("the setting"), metavar="KEY"), _arg("value", help=N_("its value"), metavar="VALUE")),
    ),
    Command(
        "import",
        N_("bring a file in: all of it, or nothing"),
        "importing:import_file",
        (
            _arg("kind", help=N_("what the file holds: %(choices)s"), choices=KINDS, metavar="KIND"),
            _arg("file", help=N_("the file: TOML for the catalogue, CSV or XLSX for all else"), metavar="FILE"),
            _flag("--check", N_("only look: change nothing")),
            _arg("--bad-rows", help=N_("let the good rows in, and write the others to this file"), metavar="OUT.csv"),
        ),
    ),
    Command("engagements list", N_("every engagement, with its counts"), "engagements:list_engagements"),
    Command("engagements show", N_("what an engagement asks and gives"), "engagements:show_engagement", (_CODE,)),
    Command(
        "customers list",
        N_("the Customers page of an engagement"),
        "customers:list_customers",
        (
            _CODE,
            _arg(
                "--tab",
                help=N_("eligible, not-eligible or complete"),
                type=_stored,
                choices=TABS,
                default=TABS[0],
                metavar="TAB",
            ),
            *_list_arguments(CUSTOMER_SORTS, N_("customer, claim, status or due; with :desc the other way round")),
        ),
    ),
    Command(
        "customers check",
        N_("what every engagement says to an ID"),
        "customers:check_customer",
        (
            _arg("id_type", help=N_("what kind of ID: %(choices)s"), choices=ID_TYPES, metavar="ID_TYPE"),
            _arg("id", help=N_("the ID"), metavar="VALUE"),
            _arg("--location", help=N_("let this location and your grants for it count too"), metavar="ID"),
        ),
    ),
    Command(
        "claims list",
        N_("the claims of the workspace"),
        "claims:list_claims",
        (
            _arg(
                "--status",
                help=N_("only claims in this status; once for each"),
                action="append",
                type=_stored,
                choices=STATUSES,
                default=[],
                metavar="S",
            ),
            _arg("--engagement", help=N_("only claims on this engagement"), metavar="CODE"),
            _arg("--area", help=N_("only claims on engagements of this solution area"), default="", metavar="AREA"),
            _arg(
                "--location",
                help=N_("only claims at this location; once for each"),
                action="append",
                default=[],
                metavar="ID",
            ),
            _arg(
                "--owner",
                help=N_("only claims that this operator made; once for each"),
                action="append",
                default=[],
                metavar="LOGIN",
            ),
            _arg("--due-within", help=N_("only what is due within so many days"), type=_natural, metavar="DAYS"),
            *_list_arguments(
                CLAIM_SORTS, N_("claim, customer, status, due or created; with :desc the other way round")
            ),
        ),
    ),
    Command(
        "claims show",
        N_("a claim with its history"),
        "claims:show_claim",
        (_NUMBER,),
    ),
    Command("claims add", N_("add a customer: one claim for each engagement"), "making:add_claims", _ADD),
    Command(
        "claims request",
        N_("request a known customer: one claim for each engagement"),
        "making:request_claims",
        _REQUEST,
    ),
    Command(
        "claims send-consent",
        N_("ask the customer for consent by e-mail"),
        "asking:send_consent",
        (
            _NUMBER,
            _arg(
                "--deal-size",
                help=N_("what the customer will spend in the first 12 months, in USD; it cannot be changed once sent"),
                metavar="USD",
            ),
            _flag(
                "--accept-disclaimer",
                N_("say that the customer expects this mail and that what it says is right"),
                dest="disclaimer",
            ),
            *_CONTACTS,
            _UNUSUAL,
        ),
    ),
    Command(
        "claims remind",
        N_("remind the customer, or ask at another address"),
        "asking:remind",
        (_NUMBER, *(each for each in _CONTACTS if not each.names[0].startswith("--partner")), _UNUSUAL),
    ),
    Command(
        "claims record-answer",
        N_("record an answer that came another way, with its evidence"),
        "asking:record_answer",
        (
            _NUMBER,
            _arg("decision", help=N_("accepted or declined"), choices=("accepted", "declined"), metavar="DECISION"),
            _arg("--who", help=N_("who answered"), metavar="W"),
            _arg("--how", help=N_("how the answer came"), metavar="H"),
            _arg("--on", help=N_("on which day, such as 2026-11-03"), metavar="DATE"),
            _arg("--note", help=N_("what proves it"), metavar="N"),
        ),
    ),
    Command(
        "claims proof",
        N_("attach a proof item, record an answered survey, or get a file out again"),
        "ending:proof",
        (
            _NUMBER,
            _arg("--file", help=N_("a file for an item; once for each"), dest="files", action="append", metavar=_FILE),
            _arg("--record", help=N_("the survey that was answered"), metavar="KIND"),
            _arg(
                "--save",
                help=N_("write an item's file to this new file; once for each"),
                dest="saved",
                action="append",
                metavar=_FILE,
            ),
            _arg("--who", help=N_("who answered it"), metavar="W"),
            _arg("--on", help=N_("on which day, such as 2026-11-03"), metavar="DATE"),
        ),
    ),
    Command(
        "claims submit",
        N_("submit a claim whose proof is complete"),
        "ending:submit",
        (
            _NUMBER,
            _arg(
                "--proof",
                help=N_("a file to attach first; once for each"),
                dest="files",
                action="append",
                metavar=_FILE,
            ),
        ),
    ),
    Command(
        "claims decide",
        N_("record the review's decision"),
        "ending:decide",
        (
            _NUMBER,
            _arg(
                "decision",
                help=N_("under-review, action-required, approved, rejected or rejected-final"),
                type=_stored,
                choices=DECISIONS,
                metavar="DECISION",
            ),
            _NOTE,
            _arg("--on", help=N_("the day of the decision; default: today"), metavar="DATE"),
        ),
    ),
    Command("claims dispute", N_("dispute a rejection"), "ending:dispute", (_NUMBER, _NOTE)),
    Command("claims cancel", N_("cancel a claim that was never submitted"), "ending:cancel", (_NUMBER, _NOTE)),
    Command(
        "attention",
        N_("what needs you next: claims about to lapse or handed back, failed mails"),
        "attention:attention",
    ),
    Command("referrals list", N_("the referrals made from claims"), "referrals:list_referrals"),
    Command(
        "referrals show",
        N_("a referral with its conditions"),
        "referrals:show_referral",
        (_arg("referral", help=N_("the referral's number"), metavar="REFERRAL"),),
    ),
    Command("mail list", N_("every mail to a customer, and how far it got"), "mailing:list_mails"),
    Command(
        "mail retry",
        N_("send a mail again"),
        "mailing:retry_mail",
        (_arg("message", help=N_("the mail's Message-ID, as 'mail list' has it"), metavar="MESSAGE"),),
    ),
    Command(
        "work",
        N_("send what waits in the outbox, let deadlines pass"),
        "mailing:work",
        (_flag("--once", N_("only what is due now")),),
    ),
    Command(
        "portal",
        N_("serve the page on which customers answer"),
        "portal:portal",
        (
            _arg("--host", help=N_("the address to listen on; default: 127.0.0.1"), metavar="H"),
            _arg("--port", help=N_("the port to listen on; default: 8765"), type=_port, metavar="P"),
        ),
    ),
    Command("paths", N_("every place in use"), "workspace:paths"),
)
"""Every command that there is."""

_GROUPS = {
    "settings": N_("the workspace's settings"),
    "engagements": N_("the engagements of the programme"),
    "customers": N_("the Customers pages"),
    "claims": N_("claims: look at them, add and request customers, ask for consent"),
    "mail": N_("the mails to customers"),
    "referrals": N_("the referrals made from claims"),
}


class Parser(argparse.ArgumentParser):
    """A parser that knows what `does` the command, and how the command line calls its fields."""

    def __init__(self, **more: Any) -> None:
        super().__init__(allow_abbrev=False, **more)

    def labels(self) -> dict[str, str]:
        """The option of each field, such as `--contact-email` for `contact_email`."""
        return {action.dest: action.option_strings[0] for action in self._actions if action.option_strings}


def parser() -> Parser:
    """The whole command line, its help in the reader's language."""
    root = Parser(prog="mci-tui", description=_("The MCI engagement desk for the terminal."), parents=[_common()])
    root.add_argument("--version", action="version", version=f"mci-tui {__version__}")
    root.set_defaults(does=None, parser=root)
    words = root.add_subparsers(title=_("commands"), metavar=_("COMMAND"), parser_class=Parser)
    groups: dict[str, Any] = {}
    for command in COMMANDS:
        group, _space, last = command.words.rpartition(" ")
        if group and group not in groups:
            about = _(_GROUPS[group])
            made = words.add_parser(group, help=about, description=about, parents=[_common()])
            groups[group] = made.add_subparsers(metavar=_("COMMAND"), required=True, parser_class=Parser)
        about = _(command.help)
        leaf = groups.get(group, words).add_parser(last, help=about, description=about, parents=[_common()])
        leaf.set_defaults(does=command.does, parser=leaf)
        for names, told, more in command.arguments:
            leaf.add_argument(*names, help=_(told), **more)
    return root


def _common() -> Parser:
    """The options of every command; they stand before it or after it."""
    common = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--workspace", metavar="W", help=_("the workspace: a file, or a database's URL"))
    common.add_argument("--json", action="store_true", help=_("answer with one JSON document"))
    common.add_argument("--read-only", action="store_true", help=_("refuse whatever would write"))
    return common


def handler(does: str) -> Callable[..., int]:
    """What does the command."""
    module, _colon, function = does.partition(":")
    found: Callable[..., int] = getattr(import_module(f"mci_tui.commands.{module}"), function)
    return found
