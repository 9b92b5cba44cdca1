"""The kinds of table that come in, as data: their columns, and what the cells of a line say against each other."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mci_tui.domain.adding import LIMITS
from mci_tui.domain.cells import (
    Parse,
    Value,
    boolean,
    country,
    day,
    day_or_instant,
    deal_size,
    fact,
    hours,
    location_or_all,
    money,
    one_of,
    text,
)
from mci_tui.domain.claims import Status
from mci_tui.domain.contacts import LANGUAGES
from mci_tui.domain.ids import IdType, normal_location
from mci_tui.domain.roles import Role
from mci_tui.errors import Reason, reason

Values = Mapping[str, Value]
"""A line's values by column; a column that the file does not have is absent, an empty cell is None."""

FACT = "fact:"
_FACT_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, how its cells are read, whether every line must fill it; `also` is another name for it."""

    name: str
    parse: Parse
    required: bool = False
    also: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table. With `facts` it may have any number of `fact:NAME` columns, but for the `reserved` names.

    `ignored` columns may stand in the file and are not read. `check` looks at a line whose cells are all right, and
    gives what is wrong with it by column.
    """

    name: str
    columns: tuple[Column, ...]
    facts: bool = False
    reserved: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()
    check: Callable[[Values], dict[str, Reason]] = lambda _values: {}

    def find(self, header: str) -> Column | None:
        """The column that `header` names, or none."""
        for column in self.columns:
            if header == column.name or (header and header == column.also):
                return column
        if self.facts and header.startswith(FACT) and self.fact_problem(header) is None:
            return Column(header, fact)
        return None

    def fact_problem(self, header: str) -> Reason | None:
        """What is wrong with the name of a `fact:` column, if anything."""
        name = header.removeprefix(FACT)
        if not _FACT_NAME.fullmatch(name):
            return reason("fact_name")
        return reason("fact_reserved", fact=name) if name in self.reserved else None

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that a file of this kind must have."""
        return tuple(column.name for column in self.columns if column.required)


def facts_of(values: Values) -> dict[str, Value]:
    """The facts of a line by their names; None clears one."""
    return {name.removeprefix(FACT): value for name, value in values.items() if name.startswith(FACT)}


def _directory_line(values: Values) -> dict[str, Reason]:
    """Facts stand on the ID that they speak of, never on a domain; a domain alone belongs to a tenant. S-3c, S-3d"""
    if values["id_type"] == IdType.MSX:
        return {"id_type": reason("directory_msx")}
    if values["id_type"] == IdType.DOMAIN:
        filled = [name for name, value in values.items() if name.startswith(FACT) and value is not None]
        return {name: reason("fact_on_domain") for name in filled}
    return {"tenant_id": reason("tenant_on_other")} if values.get("tenant_id") is not None else {}


def _needed(name: str, parse: Parse, also: str = "") -> Column:
    return Column(name, parse, required=True, also=also)


_CUSTOMER = (_needed("customer", text(100)), _needed("customer_name", text(200)))
_ID = (_needed("id_type", one_of(*IdType)), _needed("id_value", text(400)))
_CONTACT = (
    Column("contact_name", text(LIMITS["contact_name"])),
    Column("contact_email", text(LIMITS["contact_email"])),
    Column("contact_title", text(LIMITS["contact_title"])),
    Column("contact_phone", text(LIMITS["contact_phone"])),
    Column("contact_language", one_of(*LANGUAGES)),
    Column("partner_name", text(LIMITS["partner_name"])),
    Column("partner_email", text(LIMITS["partner_email"])),
    Column("partner_phone", text(LIMITS["partner_phone"])),
)
_DERIVED = (
    "engagement_name solution_area pay country tenant_id status_since on_page created_by consent_due_on"
    " consent_sent_at answer_given_by submit_due_on review_due_on dispute_due_on due_on due_what days_left"
    " proposed_payout_usd payout_limited_by referral_id referral_kind field_sellers_since"
)

LOCATIONS = Kind(
    "locations",
    (
        _needed("location_id", normal_location),
        _needed("name", text(200)),
        _needed("country", country),
        _needed("enrolled", boolean),
        Column("global", boolean),
    ),
)
OPERATORS = Kind(
    "operators",
    (
        _needed("login", text(64)),
        Column("name", text(LIMITS["partner_name"])),
        Column("email", text(254)),
        Column("phone", text(40)),
        _needed("role", one_of(*Role)),
        _needed("location_id", location_or_all),
    ),
)
DIRECTORY = Kind(
    "directory",
    (*_CUSTOMER, Column("country", country), *_ID, Column("tenant_id", text(100))),
    facts=True,
    reserved=frozenset(("country", "deal_size", "hours")),
    check=_directory_line,
)
NOMINATIONS = Kind(
    "nominations",
    (_needed("engagement", text(60)), *_ID, _needed("eligible", boolean), Column("reason", text(300))),
)
OPPORTUNITIES = Kind(
    "opportunities",
    (
        _needed("msx_id", text(100)),
        *_CUSTOMER,
        _needed("country", country),
        _needed("acv_usd", money),
        Column("stage", text(100)),
        _needed("open", boolean),
    ),
    facts=True,
    reserved=frozenset(("country", "acv", "stage", "deal_size", "hours")),
)
CLAIMS = Kind(
    "claims",
    (
        Column("claim_id", text(40)),
        _needed("engagement", text(60)),
        *_CUSTOMER,
        _needed("origin", one_of("added", "requested")),
        Column("claim_name", text(LIMITS["name"])),
        _needed("location_id", normal_location),
        *_ID,
        _needed("status", one_of(*Status)),
        _needed("created_on", day_or_instant, also="created_at"),
        Column("consent_on", day_or_instant, also="consent_at"),
        Column("submitted_on", day_or_instant, also="submitted_at"),
        Column("ended_on", day_or_instant, also="ended_at"),
        Column("hours", hours),
        Column("deal_size_usd", deal_size),
        Column("reason", text(LIMITS["reason"])),
        *_CONTACT,
    ),
    ignored=frozenset(_DERIVED.split()),
)
DECISIONS = Kind(
    "decisions",
    (
        _needed("claim_id", text(40)),
        _needed("status", one_of("under_review", "action_required", "approved", "rejected", "rejected_final")),
        _needed("decided_on", day),
        Column("note", text(2000)),
    ),
)

KINDS = {kind.name: kind for kind in (LOCATIONS, OPERATORS, DIRECTORY, NOMINATIONS, OPPORTUNITIES, CLAIMS, DECISIONS)}
"""Every kind of table by its name, with the columns that the contract promises."""
