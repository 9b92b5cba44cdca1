"""`claims add` and `claims request`: new claims, one for each engagement named."""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from mci_tui.commands.call import Call
from mci_tui.commands.claims import whole
from mci_tui.commands.printing import document, sentence
from mci_tui.domain.adding import Addition
from mci_tui.domain.details import Details
from mci_tui.domain.requesting import CustomerRequest
from mci_tui.errors import Invalid, Reason, Refused, reason
from mci_tui.services import Services
from mci_tui.services.claims import Claim
from mci_tui.services.files import opened
from mci_tui.text import _, safe_text
from mci_tui.words import day

D = TypeVar("D", bound=Details)

_MOST_BYTES = 1_000_000


def add_claims(call: Call, asked: Namespace) -> int:
    """Adds a customer (S-3i); an option counts before what the file says."""
    said = _said(call, asked, Addition)
    with call.services() as services:
        return _tell(call, services, services.adding.add(_whole(Addition(**said), services)))


def request_claims(call: Call, asked: Namespace) -> int:
    """Requests a known customer (S-4a); the contact is that of the customer's last claim, unless one is named."""
    said = _said(call, asked, CustomerRequest)
    with call.services() as services:
        return _tell(call, services, services.requesting.request(_whole(_requested(services, said), services)))


def names_of(kind: type[Details]) -> tuple[str, ...]:
    """What the options, with `_` for `-`, and the keys of the file are called."""
    return tuple(field.name for field in fields(kind))


def _said(call: Call, asked: Namespace, kind: type[Details]) -> dict[str, Any]:
    call.require_writable()
    names = names_of(kind)
    written = _read(Path(asked.file), names) if asked.file else {}
    return written | {name: value for name, value in vars(asked).items() if name in names and value is not None}


def _tell(call: Call, services: Services, made: list[Claim]) -> int:
    if call.json:
        document({"claims": [whole(services.claims.show(claim.claim_id)) for claim in made]})
    for claim in () if call.json else made:
        by = _("consent by %(day)s") % {"day": day(claim.consent_due_on)} if claim.consent_due_on else ""
        sentence(f"{safe_text(claim.claim_id)} · {safe_text(claim.engagement_name)} · {by}")
    return 0


def _requested(services: Services, said: dict[str, Any]) -> CustomerRequest:
    """The request with the contact of the customer's last claim; whoever names another one names all of it."""
    if "contact_name" in said or not said.get("customer"):
        return CustomerRequest(**said)
    return replace(services.requesting.start(said["customer"]), **said)


def _whole(details: D, services: Services) -> D:
    """The details with each engagement once, and with the operator as the partner's contact, where they name nobody
    else. S-3g"""
    details = replace(details, engagement=tuple(dict.fromkeys(details.engagement)))
    if details.partner_name or details.partner_email:
        return details
    own = services.adding.own()
    contact: dict[str, Any] = {"partner_name": own.name, "partner_email": own.email}
    return replace(details, **contact, partner_phone=details.partner_phone or own.phone)


def _read(path: Path, names: tuple[str, ...]) -> dict[str, Any]:
    """What a file says of the claims to make. Raises `Refused`, or `Invalid` by key."""
    import tomllib

    with opened(path) as file:
        raw = file.read(_MOST_BYTES)
    try:
        written = tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused("invalid", reason("table_encoding", line=raw.count(b"\n", 0, error.start) + 1)) from error
    except ValueError as error:
        raise Refused("invalid", reason("add_file_broken", path=str(path), why=str(error))) from error
    return _checked(written, names)


def _checked(written: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    problems: dict[str, Reason] = {}
    found: dict[str, Any] = {}
    for name, value in written.items():
        many = value if isinstance(value, list) else [value]
        if name not in names:
            problems[name] = reason("add_key_unknown", key=name, known=", ".join(names))
        elif not all(isinstance(each, str | int) and not isinstance(each, bool) for each in many):
            problems[name] = reason("add_key_text", key=name)
        elif name == "engagement":
            found[name] = tuple(str(each) for each in many)
        elif isinstance(value, list):
            problems[name] = reason("add_key_text", key=name)
        else:
            found[name] = str(value)
    if problems:
        raise Invalid(problems)
    return found
