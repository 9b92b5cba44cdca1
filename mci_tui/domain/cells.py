"""What may stand in a cell of a table that comes in.

Every parser takes a cell's text (safe, trimmed, not empty) and gives its value, or raises `WrongValue` that tells what
to write instead. An empty cell is never parsed: it is `None`, which means unknown.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from mci_tui.domain.countries import COUNTRIES
from mci_tui.domain.ids import normal_location
from mci_tui.domain.money import CENT
from mci_tui.domain.roles import EVERYWHERE
from mci_tui.errors import WrongValue, reason

Value = str | bool | int | Decimal | date | None
"""What a cell can hold; a `datetime` (always aware) counts as a `date` here."""

Parse = Callable[[str], Value]

MAX_MONEY = Decimal("9999999999.99")
MAX_HOURS = 100_000
MAX_FACT = 500
MAX_DIGITS = 15
"""What a decimal number keeps exactly through JSON."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?")
_COMMA_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]{3})*(,[0-9]+)+(\.[0-9]+)?")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def text(limit: int) -> Parse:
    """Reads text of at most `limit` characters."""

    def parse(value: str) -> str:
        if len(value) > limit:
            raise WrongValue(reason("too_long", limit=limit, length=len(value)))
        return value

    return parse


def boolean(value: str) -> bool:
    """Reads true or false, in any case."""
    word = value.casefold()
    if word not in ("true", "false"):
        raise WrongValue(reason("not_boolean", value=value))
    return word == "true"


def number(value: str) -> int | Decimal:
    """Reads a number with a decimal point, exactly: whole ones are `int`, others `Decimal` of at most 15 digits."""
    if not _NUMBER.fullmatch(value):
        raise WrongValue(reason("number_comma" if _COMMA_NUMBER.fullmatch(value) else "not_number", value=value))
    if "." in value and len(value.strip("-")) > MAX_DIGITS + 1:
        raise WrongValue(reason("number_digits", limit=MAX_DIGITS))
    return Decimal(value) if "." in value else int(value)


def money(value: str) -> Decimal:
    """Reads an amount in USD: whole cents, 0 to `MAX_MONEY`."""
    amount = Decimal(number(value))
    if not 0 <= amount <= MAX_MONEY:
        raise WrongValue(reason("amount_range", most=f"{MAX_MONEY:,}"))
    if amount != amount.quantize(CENT):
        raise WrongValue(reason("amount_cents", value=value))
    return amount.quantize(CENT)


def deal_size(value: str) -> Decimal:
    """Reads a deal size: an amount above 0. S-5c"""
    amount = money(value)
    if not amount:
        raise WrongValue(reason("amount_zero"))
    return amount


def hours(value: str) -> int:
    """Reads whole hours, at least one."""
    if not _NUMBER.fullmatch(value) or "." in value or not 0 < int(value) <= MAX_HOURS:
        raise WrongValue(reason("hours_whole", value=value))
    return int(value)


def day(value: str) -> date:
    """Reads an ISO date."""
    if not _DAY.fullmatch(value):
        raise WrongValue(reason("not_date", value=value))
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise WrongValue(reason("no_such_day", value=value)) from None


def day_or_instant(value: str) -> date:
    """Reads an ISO date, or an instant with its zone (an aware `datetime`)."""
    if len(value) <= len("2026-11-23"):
        return day(value)
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise WrongValue(reason("not_date", value=value)) from None
    if instant.tzinfo is None:
        raise WrongValue(reason("instant_zone", value=value))
    return instant


def country(value: str) -> str:
    """Reads the two letters of a country (ISO 3166), in any case."""
    if not _COUNTRY.fullmatch(value):
        raise WrongValue(reason("country_form"))
    if value.upper() not in COUNTRIES:
        raise WrongValue(reason("country_unknown", value=value))
    return value.upper()


def location_or_all(value: str) -> str:
    """Reads a location ID, or `*` for all of them."""
    return value if value == EVERYWHERE else normal_location(value)


def one_of(*choices: str) -> Parse:
    """Reads one of `choices`, in any case, with `-` or `_`."""

    def parse(value: str) -> str:
        choice = value.casefold().replace("-", "_")
        if choice not in choices:
            raise WrongValue(reason("not_a_choice", value=value, choices=", ".join(choices)))
        return choice

    return parse


def fact(value: str) -> str | bool | int | Decimal:
    """Reads a fact: true and false, numbers, all else as text. A number with a leading zero is text."""
    if value.casefold() in ("true", "false"):
        return boolean(value)
    if _NUMBER.fullmatch(value) or _COMMA_NUMBER.fullmatch(value):
        return number(value)
    if len(value) > MAX_FACT:
        raise WrongValue(reason("too_long", limit=MAX_FACT, length=len(value)))
    return value
