"""What *Add customer* collects, and what is wrong with it before anything is looked up (S-3)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mci_tui.domain import cells
from mci_tui.domain.contacts import LANGUAGES, MAX_EMAIL, MAX_PHONE, email_problem, normal_email, normal_phone
from mci_tui.domain.ids import IdType, normal_id, normal_location
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Reason, WrongValue, reason


@dataclass(frozen=True, slots=True)
class Addition:
    """A customer to add, as typed. The names are those of the command's options."""

    name: str = ""
    location: str = ""
    id_type: str = ""
    id: str = ""
    customer_name: str = ""
    country: str = ""
    engagement: tuple[str, ...] = ()
    hours: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_title: str = ""
    contact_phone: str = ""
    contact_language: str = "en"
    partner_name: str = ""
    partner_email: str = ""
    partner_phone: str = ""
    reason: str = ""


LIMITS: Mapping[str, int] = {
    "name": 80,
    "location": 8,
    "id": 253,
    "customer_name": 120,
    "country": 2,
    "hours": 12,
    "contact_name": 80,
    "contact_email": MAX_EMAIL,
    "contact_title": 80,
    "contact_phone": MAX_PHONE,
    "partner_name": 80,
    "partner_email": MAX_EMAIL,
    "partner_phone": MAX_PHONE,
    "reason": 500,
}
"""The most characters that each text may have."""

_REQUIRED = ("name", "contact_name", "partner_name")
_VALUES: Mapping[str, cells.Parse] = {
    "country": cells.country,
    "hours": cells.hours,
    "contact_phone": normal_phone,
    "partner_phone": normal_phone,
}


def check(addition: Addition, workspace: Workspace) -> dict[str, Reason]:
    """What is wrong, field by field; empty where nothing is. S-3a, S-3b, S-3f, S-3g"""
    found: dict[str, Reason] = {}
    for field, limit in LIMITS.items():
        length = len(str(getattr(addition, field)).strip())
        if length > limit:
            found[field] = reason("too_long", limit=limit, length=length)
        elif not length and field in _REQUIRED:
            found[field] = reason("required")
    found |= _check_id(addition, workspace) | _check_values(addition)
    if not addition.engagement:
        found["engagement"] = reason("choose_engagement")
    return {**_check_contacts(addition, workspace), **found}


def _check_id(addition: Addition, workspace: Workspace) -> dict[str, Reason]:
    found: dict[str, Reason] = {}
    try:
        normal_location(addition.location)
    except WrongValue as wrong:
        found["location"] = wrong.why if addition.location else reason("choose_location")
    if addition.id_type not in tuple(IdType):
        found["id_type"] = reason("choose_id_type")
        return found
    try:
        normal_id(IdType(addition.id_type), addition.id, workspace.msx_pattern)
    except WrongValue as wrong:
        found["id"] = wrong.why
    return found


def _check_values(addition: Addition) -> dict[str, Reason]:
    """What may be left out, but not be of any other form."""
    found: dict[str, Reason] = {}
    for field, read in _VALUES.items():
        typed = str(getattr(addition, field)).strip()
        try:
            if typed:
                read(typed)
        except WrongValue as wrong:
            found[field] = wrong.why
    return found


def _check_contacts(addition: Addition, workspace: Workspace) -> dict[str, Reason]:
    found: dict[str, Reason] = {}
    for field, forbidden in (("contact_email", workspace.partner_domains), ("partner_email", ())):
        if (problem := email_problem(getattr(addition, field), forbidden)) is not None:
            found[field] = problem
    if addition.contact_language not in LANGUAGES:
        found["contact_language"] = reason("language_form")
    return found


def normal(addition: Addition, workspace: Workspace) -> Addition:
    """The addition in the form in which it is kept; only for one that `check` finds right."""
    trimmed: dict[str, Any] = {field: str(getattr(addition, field)).strip() for field in LIMITS}
    return replace(
        addition,
        **trimmed
        | {
            "id": normal_id(IdType(addition.id_type), addition.id, workspace.msx_pattern),
            "country": addition.country.strip().upper(),
            "contact_email": normal_email(addition.contact_email),
            "partner_email": normal_email(addition.partner_email),
            "contact_phone": normal_phone(addition.contact_phone),
            "partner_phone": normal_phone(addition.partner_phone),
        },
    )
