"""`claims add`: a customer added by an ID, to one engagement or several."""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from mci_tui.commands.call import Call
from mci_tui.commands.claims import whole
from mci_tui.commands.printing import document, sentence
from mci_tui.domain.adding import Addition
from mci_tui.errors import Invalid, Reason, Refused, reason
from mci_tui.services.claims import Claim
from mci_tui.services.files import opened
from mci_tui.services.verdicts import Own
from mci_tui.text import _, safe_text
from mci_tui.words import day

FIELDS = tuple(field.name for field in fields(Addition))
"""What the options, with `_` for `-`, and the keys of the file are called."""

_MOST_BYTES = 1_000_000


def add_claims(call: Call, asked: Namespace) -> int:
    """Adds a customer (S-3i); an option counts before what the file says."""
    call.require_writable()
    written = _read(Path(asked.file)) if asked.file else {}
    options = {name: value for name, value in vars(asked).items() if name in FIELDS and value is not None}
    with call.services() as services:
        addition = _with_own(Addition(**written | options), services.adding.own())
        claims = services.adding.add(replace(addition, engagement=tuple(dict.fromkeys(addition.engagement))))
        pages = [services.claims.show(claim.claim_id) for claim in claims] if call.json else []
    if call.json:
        document({"claims": [whole(page) for page in pages]})
    for claim in () if call.json else claims:
        sentence(_told(claim))
    return 0


def _told(claim: Claim) -> str:
    by = _("consent by %(day)s") % {"day": day(claim.consent_due_on)} if claim.consent_due_on else ""
    return f"{safe_text(claim.claim_id)} · {safe_text(claim.engagement_name)} · {by}"


def _with_own(addition: Addition, own: Own) -> Addition:
    """The addition with the operator as the partner's contact, where it names nobody else. S-3g"""
    if addition.partner_name or addition.partner_email:
        return addition
    phone = addition.partner_phone or own.phone
    return replace(addition, partner_name=own.name, partner_email=own.email, partner_phone=phone)


def _read(path: Path) -> dict[str, Any]:
    """What a file says of an addition. Raises `Refused`, or `Invalid` by key."""
    import tomllib

    with opened(path) as file:
        raw = file.read(_MOST_BYTES)
    try:
        written = tomllib.loads(raw.decode("utf-8-sig"))
    except ValueError as error:
        raise Refused("invalid", reason("add_file_broken", path=str(path), why=str(error))) from error
    return _checked(written)


def _checked(written: Mapping[str, Any]) -> dict[str, Any]:
    problems: dict[str, Reason] = {}
    found: dict[str, Any] = {}
    for name, value in written.items():
        many = value if isinstance(value, list) else [value]
        if name not in FIELDS:
            problems[name] = reason("add_key_unknown", key=name, known=", ".join(FIELDS))
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
