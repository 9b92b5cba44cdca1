"""What every new claim needs, however it comes: its name and location, engagements, hours, contacts (S-3, S-4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from mci_tui.domain import cells
from mci_tui.domain.contacts import LANGUAGES, MAX_EMAIL, MAX_PHONE, email_problem, normal_email, normal_phone
from mci_tui.domain.ids import normal_location
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Reason, WrongValue, reason


@dataclass(frozen=True, slots=True)
class Contacts:
    """The customer's contact and one's own company's, as typed, and why the customer's address is not of the tenant
    given. The names are those of the commands' options."""

    contact_name: str = ""
    contact_email: str = ""
    contact_title: str = ""
    contact_phone: str = ""
    contact_language: str = "en"
    partner_name: str = ""
    partner_email: str = ""
    partner_phone: str = ""
    reason: str = ""


CUSTOMER_CONTACT = ("contact_name", "contact_email", "contact_title", "contact_phone", "contact_language")
PARTNER_CONTACT = ("partner_name", "partner_email", "partner_phone")
CONTACTS = CUSTOMER_CONTACT + PARTNER_CONTACT
"""Contact data by the names that it has in files, in the workspace and as typed."""


@dataclass(frozen=True, slots=True)
class Details(Contacts):
    """The details of claims to make, as typed."""

    name: str = ""
    location: str = ""
    engagement: tuple[str, ...] = ()
    hours: str = ""


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
    "deal_size": 20,
}
"""The most characters that each text may have."""

_REQUIRED = ("name", "contact_name", "partner_name")
_VALUES: Mapping[str, cells.Parse] = {
    "country": cells.country,
    "hours": cells.hours,
    "deal_size": cells.deal_size,
    "contact_phone": normal_phone,
    "partner_phone": normal_phone,
}

C = TypeVar("C", bound=Contacts)


def check_contacts(contacts: Contacts, workspace: Workspace) -> dict[str, Reason]:
    """What is wrong with the texts of whatever has contacts, and with its addresses, field by field. S-3g"""
    found: dict[str, Reason] = {}
    for field, limit in _limits(contacts).items():
        length = len(_typed(contacts, field))
        if length > limit:
            found[field] = reason("too_long", limit=limit, length=length)
        elif not length and field in _REQUIRED:
            found[field] = reason("required")
    return found | _check_values(contacts) | _check_addresses(contacts, workspace)


def check_details(details: Details, workspace: Workspace) -> dict[str, Reason]:
    """What is wrong, field by field; empty where nothing is. S-3a, S-3f, S-3g"""
    found = check_contacts(details, workspace)
    try:
        normal_location(details.location)
    except WrongValue as wrong:
        found["location"] = wrong.why if details.location else reason("choose_location")
    if not details.engagement:
        found["engagement"] = reason("choose_engagement")
    return found


def normal_contacts(contacts: C) -> C:
    """The same in the form in which it is kept; only for what `check_contacts` finds right."""
    trimmed: dict[str, Any] = {field: _typed(contacts, field) for field in _limits(contacts)}
    return replace(
        contacts,
        **trimmed
        | {
            "contact_email": normal_email(contacts.contact_email),
            "partner_email": normal_email(contacts.partner_email),
            "contact_phone": normal_phone(contacts.contact_phone),
            "partner_phone": normal_phone(contacts.partner_phone),
        },
    )


def _limits(contacts: Contacts) -> dict[str, int]:
    return {field: limit for field, limit in LIMITS.items() if hasattr(contacts, field)}


def _typed(contacts: Contacts, field: str) -> str:
    return str(getattr(contacts, field)).strip()


def _check_values(contacts: Contacts) -> dict[str, Reason]:
    """What may be left out, but not be of any other form."""
    found: dict[str, Reason] = {}
    for field, read in _VALUES.items():
        try:
            if hasattr(contacts, field) and (typed := _typed(contacts, field)):
                read(typed)
        except WrongValue as wrong:
            found[field] = wrong.why
    return found


def _check_addresses(contacts: Contacts, workspace: Workspace) -> dict[str, Reason]:
    found: dict[str, Reason] = {}
    for field, forbidden in (("contact_email", workspace.partner_domains), ("partner_email", ())):
        if (problem := email_problem(getattr(contacts, field), forbidden)) is not None:
            found[field] = problem
    if contacts.contact_language not in LANGUAGES:
        found["contact_language"] = reason("language_form")
    return found
