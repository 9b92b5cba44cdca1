"""What a catalogue must say, and how an engagement is kept (S-11a)."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from mci_tui.domain.countries import COUNTRIES
from mci_tui.domain.engagements import (
    MARKETS,
    PROOF,
    Comparison,
    Condition,
    Criterion,
    Engagement,
    Fact,
    Pay,
    Payout,
    Referral,
)
from mci_tui.domain.ids import IdType
from mci_tui.errors import WrongValue, reason

Markets = tuple[tuple[str, frozenset[str]], ...]


class CatalogueError(WrongValue):
    """The catalogue is wrong: in `engagement` (code or position; empty for the file as a whole), at `key`."""

    def __init__(self, engagement: str, key: str, problem: str, **params: Any) -> None:
        super().__init__(reason(problem, engagement=engagement, key=key, **params))
        self.engagement = engagement
        self.key = key


_FORBIDDEN_FACTS = frozenset({"deal_size", "hours"})
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FACT = re.compile(r"[a-z][a-z0-9_]*")
_MAX_DAYS = 3660
_MAX_CENTS = 10**12


class _Reader:
    """Takes the keys out of one TOML table, each of its kind, and at the end refuses what is left."""

    def __init__(self, table: Any, engagement: str, path: str = "") -> None:
        self.engagement, self.path = engagement, path
        if not isinstance(table, Mapping):
            raise CatalogueError(engagement, path.rstrip("."), "catalogue_table")
        self.left = dict(table)

    def fail(self, key: str, problem: str, **params: Any) -> CatalogueError:
        return CatalogueError(self.engagement, (self.path + key).rstrip("."), problem, **params)

    def take(self, key: str, kind: type | tuple[type, ...], problem: str, default: Any = ..., **params: Any) -> Any:
        if key not in self.left:
            if default is ...:
                raise self.fail(key, "catalogue_missing")
            return default
        value = self.left.pop(key)
        fits = isinstance(value, kind) and _exact(value) and (kind is bool or not isinstance(value, bool))
        if not fits:
            raise self.fail(key, problem, **params)
        return value

    def text(self, key: str, default: Any = ..., limit: int = 4000) -> str:
        value = str(self.take(key, str, "catalogue_text", default)).strip()
        if (default is ... and not value) or len(value) > limit:
            raise self.fail(key, "catalogue_text")
        return value

    def flag(self, key: str, default: bool) -> bool:
        return bool(self.take(key, bool, "catalogue_flag", default))

    def whole(self, key: str, default: Any = ..., low: int = 1, high: int = _MAX_DAYS) -> Any:
        value = self.take(key, int, "catalogue_whole", default)
        if value is not None and not low <= value <= high:
            raise self.fail(key, "catalogue_whole", low=low, high=high)
        return value

    def day(self, key: str) -> date:
        value = self.take(key, (date, str), "catalogue_date")
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise self.fail(key, "catalogue_date") from None

    def amount(self, key: str) -> int | None:
        """Cents of a positive amount of USD with at most two decimals."""
        value = self.take(key, (int, Decimal), "catalogue_amount", None)
        if value is None:
            return None
        whole = Decimal(value) * 100
        if whole <= 0 or whole != int(whole) or whole > _MAX_CENTS:
            raise self.fail(key, "catalogue_amount")
        return int(whole)

    def choices(self, key: str, allowed: Sequence[str], default: Any = ...) -> tuple[str, ...]:
        told = {"allowed": ", ".join(allowed)}
        values = self.take(key, list, "catalogue_choices", default, **told)
        if not all(value in allowed for value in values) or len(set(values)) != len(values):
            raise self.fail(key, "catalogue_choices", **told)
        return tuple(values)

    def sub(self, key: str) -> "_Reader":
        return _Reader(self.left.pop(key, {}), self.engagement, f"{self.path}{key}.")

    def tables(self, key: str) -> list["_Reader"]:
        values = self.take(key, list, "catalogue_table", [])
        return [_Reader(v, self.engagement, f"{self.path}{key} {n}: ") for n, v in enumerate(values, 1)]

    def done(self) -> None:
        if self.left:
            raise self.fail(sorted(self.left)[0], "catalogue_unknown")


def _exact(value: Any) -> bool:
    """Whether JSON keeps this value as it is: not so infinity, and decimals of too many digits."""
    return not isinstance(value, Decimal) or (value.is_finite() and Decimal(str(float(value))) == value)


def read_catalogue(text: str) -> list[tuple[Engagement, str]]:
    """The engagements of a catalogue (TOML), in its order, each with its definition as it is kept.

    Raises `CatalogueError` at the first thing wrong, by engagement and key; unknown keys are refused by name.
    """
    import tomllib

    try:
        top = _Reader(tomllib.loads(text, parse_float=Decimal), "")
    except (ValueError, RecursionError) as error:  # tomllib lets numbers and nesting beyond Python's limits through
        raise CatalogueError("", "", "catalogue_toml", detail=str(error)) from error
    if top.take("format", int, "catalogue_format") != 1:
        raise top.fail("format", "catalogue_format")
    markets = _markets(top.sub("markets"))
    for name, countries in markets:
        if unknown := sorted(countries - COUNTRIES):
            raise CatalogueError("", f"markets.{name}", "catalogue_country", country=unknown[0])
    found: dict[str, tuple[Engagement, str]] = {}
    for number, table in enumerate(top.take("engagement", list, "catalogue_table", []), 1):
        code = table.get("code") if isinstance(table, Mapping) else None
        engagement = read_engagement(table, markets, str(code or f"engagement {number}"))
        if engagement.code in found:
            raise CatalogueError(engagement.code, "code", "catalogue_repeated")
        found[engagement.code] = engagement, _definition(table, markets)
    top.done()
    if not found:
        raise CatalogueError("", "engagement", "catalogue_empty")
    return list(found.values())


def _definition(table: Mapping[str, Any], markets: Markets) -> str:
    kept = {"markets": {name: sorted(countries) for name, countries in markets}, "engagement": table}
    return json.dumps(kept, default=_plain, sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Dates as ISO text, decimals as JSON numbers: their digits survive, as `defined` reads them as decimals again."""
    return float(value) if isinstance(value, Decimal) else value.isoformat()


@lru_cache(maxsize=1024)
def defined(definition: str) -> Engagement:
    """The engagement kept as `definition`."""
    kept = json.loads(definition, parse_float=Decimal)
    return read_engagement(kept["engagement"], _markets(_Reader(kept["markets"], "")), "")


def _markets(reader: _Reader) -> Markets:
    found: dict[str, frozenset[str]] = {}
    for name in ("A", "B"):
        countries = reader.take(name, list, "catalogue_countries", [])
        if not all(isinstance(country, str) and re.fullmatch(r"[A-Z]{2}", country) for country in countries):
            raise reader.fail(name, "catalogue_countries")
        if twice := [country for country in countries for taken in found.values() if country in taken]:
            raise reader.fail(name, "catalogue_market_twice", country=twice[0])
        found[name] = frozenset(countries)
    reader.done()
    return tuple(found.items())


def read_engagement(table: Any, markets: Markets, where: str) -> Engagement:
    """One `[[engagement]]` table as an `Engagement`. Raises `CatalogueError`."""
    r = _Reader(table, where)
    code = r.text("code", limit=60)
    if not _CODE.fullmatch(code):
        raise r.fail("code", "catalogue_code")
    pay = Pay(_one_of(r, "pay", tuple(Pay)))
    starts_on, ends_on = r.day("starts_on"), r.day("ends_on")
    if ends_on < starts_on:
        raise r.fail("ends_on", "catalogue_ends_before")
    engagement = Engagement(
        code=code,
        name=r.text("name", limit=80),
        solution_area=r.text("solution_area", limit=60),
        partner_role=r.text("partner_role", "", 60),
        pay=pay,
        id_types=_id_types(r, pay),
        starts_on=starts_on,
        ends_on=ends_on,
        summary=r.text("summary", ""),
        partner_qualification=r.text("partner_qualification", ""),
        customer_qualification=r.text("customer_qualification", ""),
        links=_links(r),
        consent_days=r.whole("consent_days"),
        submit_days=r.whole("submit_days"),
        review_days=r.whole("review_days"),
        dispute_days=r.whole("dispute_days"),
        max_active_claims=r.whole("max_active_claims", None, high=1000),
        max_total_claims=r.whole("max_total_claims", None, high=1000),
        proof=r.choices("proof", PROOF),
        locations=_locations(r),
        nomination_list=r.flag("nomination_list", False),
        criteria=tuple(_criterion(sub) for sub in r.tables("criterion")),
        payout=_payout(r.sub("payout"), pay),
        referral=_referral(r.sub("referral")),
        markets=markets,
    )
    r.done()
    return engagement


def _one_of(r: _Reader, key: str, allowed: Sequence[str]) -> str:
    told = {"allowed": ", ".join(allowed)}
    value: str = r.take(key, str, "catalogue_choices", **told)
    if value not in allowed:
        raise r.fail(key, "catalogue_choices", **told)
    return value


def _id_types(r: _Reader, pay: Pay) -> tuple[IdType, ...]:
    found = tuple(IdType(name) for name in r.choices("id_types", tuple(IdType)))
    if not found or (found != (IdType.MSX,) if pay is Pay.VARIABLE else IdType.MSX in found):
        raise r.fail("id_types", "catalogue_id_types_variable" if pay is Pay.VARIABLE else "catalogue_id_types_fixed")
    return found


def _locations(r: _Reader) -> frozenset[str] | None:
    value = r.take("locations", (str, list), "catalogue_locations", "all")
    if value == "all":
        return None
    if isinstance(value, str) or not all(isinstance(v, str) and re.fullmatch(r"[0-9]{6,8}", v) for v in value):
        raise r.fail("locations", "catalogue_locations")
    return frozenset(value)


def _links(r: _Reader) -> tuple[tuple[str, str], ...]:
    links = []
    for sub in r.tables("links"):
        links.append((sub.text("title", limit=200), sub.text("url", limit=500)))
        sub.done()
    return tuple(links)


def _criterion(r: _Reader) -> Criterion:
    id_types = frozenset(IdType(name) for name in r.choices("id_types", tuple(IdType), []))
    why = r.text("reason", limit=300)
    condition = _condition(r, _FORBIDDEN_FACTS)
    return Criterion(condition, why, id_types)


def _condition(r: _Reader, forbidden: frozenset[str] = frozenset()) -> Condition:
    fact = r.text("fact", limit=60)
    if not _FACT.fullmatch(fact) or fact in forbidden:
        raise r.fail("fact", "catalogue_fact_forbidden" if fact in forbidden else "catalogue_fact")
    comparison = Comparison(_one_of(r, "is", tuple(Comparison)))
    value = r.left.pop("value", None)
    if not _fits(comparison, value):
        raise r.fail("value", "catalogue_value", comparison=comparison)
    r.done()
    return Condition(fact, comparison, tuple(value) if isinstance(value, list) else value)


def _fits(comparison: Comparison, value: Any) -> bool:
    if not all(_exact(each) for each in (value if isinstance(value, list) else [value])):
        return False
    match comparison:
        case Comparison.PRESENT:
            return value is None
        case Comparison.ONE_OF | Comparison.NONE_OF:
            return isinstance(value, list) and bool(value) and all(isinstance(v, Fact) for v in value)
        case Comparison.AT_LEAST | Comparison.AT_MOST:
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
    return isinstance(value, Fact)


def _by_market(r: _Reader, key: str) -> dict[str, int] | None:
    if key not in r.left:
        return None
    sub = r.sub(key)
    amounts = {market: sub.amount(market) for market in MARKETS}
    if missing := [market for market, amount in amounts.items() if amount is None]:
        raise sub.fail(missing[0], "catalogue_missing")
    sub.done()
    return {market: amount for market, amount in amounts.items() if amount is not None}


def _payout(r: _Reader, pay: Pay) -> Payout:
    """S-9: fixed pay has `fixed` alone; variable pay at least one term, and the limits of the hours."""
    percent = r.take("percent_of_acv", (int, Decimal), "catalogue_percent", None)
    if percent is not None and not 0 < percent <= 100:
        raise r.fail("percent_of_acv", "catalogue_percent")
    payout = Payout(
        fixed=_by_market(r, "fixed"),
        hourly=_by_market(r, "hourly"),
        percent_of_acv=None if percent is None else Decimal(percent),
        cap=r.amount("cap"),
        min_hours=r.whole("min_hours", None, high=100_000),
        max_hours=r.whole("max_hours", None, high=100_000),
    )
    r.done()
    variable = (payout.hourly, payout.percent_of_acv, payout.cap)
    hours = (payout.min_hours, payout.max_hours)
    if pay is Pay.FIXED:
        if payout.fixed is None:
            raise r.fail("fixed", "catalogue_missing")
        if any(term is not None for term in variable + hours):
            raise r.fail("", "catalogue_fixed_terms")
        return payout
    if payout.fixed is not None:
        raise r.fail("fixed", "catalogue_variable_fixed")
    if all(term is None for term in variable):
        raise r.fail("", "catalogue_no_term")
    if payout.min_hours is None or payout.max_hours is None or payout.min_hours > payout.max_hours:
        raise r.fail("max_hours" if payout.min_hours is not None else "min_hours", "catalogue_hours")
    return payout


def _referral(r: _Reader) -> Referral:
    referral = Referral(
        create=r.flag("create", False),
        create_when=tuple(_condition(sub) for sub in r.tables("create_when")),
        co_sell=r.flag("co_sell", False),
        co_sell_when=tuple(_condition(sub) for sub in r.tables("co_sell_when")),
    )
    r.done()
    return referral
