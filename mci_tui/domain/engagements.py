"""Engagements: what the programme offers, to whom, until when, for how much."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from mci_tui.domain.ids import IdType

Fact = str | bool | int | Decimal
"""What can be known of an ID: a word, yes or no, or a number."""

MARKETS = ("A", "B", "C")
OTHER_MARKET = "C"
"""The market of every country that no list names."""

PROOF = ("invoice", "poe", "customer_survey", "partner_survey")


class Pay(StrEnum):
    """The two pay models."""

    FIXED = "fixed"
    VARIABLE = "variable"


class Comparison(StrEnum):
    """How a condition compares a fact with its value."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    PRESENT = "present"


class Condition(NamedTuple):
    """A comparison of one fact with a value."""

    fact: str
    comparison: Comparison
    value: Fact | tuple[Fact, ...] | None = None

    def holds(self, facts: Mapping[str, Fact]) -> bool | None:
        """Whether the facts meet the condition; None where the fact is not known, or not of the kind compared."""
        fact = facts.get(self.fact)
        if self.comparison is Comparison.PRESENT:
            return None if fact is None else True
        if fact is None:
            return None
        if isinstance(self.value, tuple):
            alike = [value for value in self.value if _kind(value) is _kind(fact)]
            found = any(_same(fact, value) for value in alike)
            return (found is (self.comparison is Comparison.ONE_OF)) if alike else None
        if self.value is None or _kind(fact) is not _kind(self.value):
            return None
        return self._compare(fact, self.value)

    def _compare(self, fact: Fact, value: Fact) -> bool | None:
        if self.comparison in (Comparison.EQUALS, Comparison.NOT_EQUALS):
            return _same(fact, value) is (self.comparison is Comparison.EQUALS)
        if isinstance(fact, str | bool) or isinstance(value, str | bool):
            return None
        return fact >= value if self.comparison is Comparison.AT_LEAST else fact <= value


class Criterion(NamedTuple):
    """A condition that an ID must meet, for the ID types named (none named: all), and its reason in words. S-11d"""

    condition: Condition
    reason: str
    id_types: frozenset[IdType] = frozenset()


class Payout(NamedTuple):
    """What the engagement pays: whole cents by market, percent of the opportunity's ACV, cap, limits of the hours."""

    fixed: Mapping[str, int] | None = None
    hourly: Mapping[str, int] | None = None
    percent_of_acv: Decimal | None = None
    cap: int | None = None
    min_hours: int | None = None
    max_hours: int | None = None


class Referral(NamedTuple):
    """Whether claims of the engagement get a referral, and when it becomes a co-sell one. S-7"""

    create: bool = False
    create_when: tuple[Condition, ...] = ()
    co_sell: bool = False
    co_sell_when: tuple[Condition, ...] = ()


class Engagement(NamedTuple):
    """One fiscal year's offer of the programme."""

    code: str
    name: str
    solution_area: str
    pay: Pay
    id_types: tuple[IdType, ...]
    starts_on: date
    ends_on: date
    consent_days: int
    submit_days: int
    review_days: int
    dispute_days: int
    proof: tuple[str, ...]
    payout: Payout
    partner_role: str = ""
    summary: str = ""
    partner_qualification: str = ""
    customer_qualification: str = ""
    links: tuple[tuple[str, str], ...] = ()
    max_active_claims: int | None = None
    max_total_claims: int | None = None
    locations: frozenset[str] | None = None
    """The location IDs eligible for it; None means all."""
    nomination_list: bool = False
    criteria: tuple[Criterion, ...] = ()
    referral: Referral = Referral()
    markets: tuple[tuple[str, frozenset[str]], ...] = ()

    @property
    def msx_only(self) -> bool:
        """Whether customers can be nominated by MSX opportunity ID alone. S-2d"""
        return self.id_types == (IdType.MSX,)

    def active(self, day: date) -> bool:
        """Whether claims can be started on the local day `day`."""
        return self.starts_on <= day <= self.ends_on

    def accepts_location(self, location: str) -> bool:
        """Whether this location is eligible for the engagement."""
        return self.locations is None or location in self.locations

    def market(self, country: str) -> str:
        """The market of a country: A, B, or C for every country that the catalogue does not name. S-9"""
        return next((name for name, countries in self.markets if country in countries), OTHER_MARKET)


def _kind(value: Fact) -> type:
    """Numbers are of one kind, whole or not; yes-or-no is not a number."""
    return Decimal if isinstance(value, int | Decimal) and not isinstance(value, bool) else type(value)


def _same(fact: Fact, value: Fact) -> bool:
    if isinstance(fact, str) and isinstance(value, str):
        return fact.casefold() == value.casefold()
    return fact == value
