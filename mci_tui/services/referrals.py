"""Referrals: made from claims, upgraded by consent, shown to Referrals admins (S-7)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, insert, select, update

from mci_tui.domain.engagements import Engagement, Fact
from mci_tui.domain.ids import IdType
from mci_tui.domain.money import CENT
from mci_tui.domain.referrals import Kind, Outcome, Question, look
from mci_tui.domain.roles import Action
from mci_tui.errors import NotFound, reason
from mci_tui.services.desk import Desk, Scene
from mci_tui.services.exporting import PAGE, usd_of
from mci_tui.store import numbers
from mci_tui.store.engine import Tx, contains, contains_any_case
from mci_tui.store.schema import claims, customers, engagements, identifiers, referral_checks, referrals
from mci_tui.store.standing import read_facts
from mci_tui.text import folded


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral: its claim, its kind, its estimated value (cents; the deal size once sent)."""

    referral_id: str
    kind: Kind
    claim_id: str
    claim_name: str
    customer_name: str
    country: str | None
    engagement: str
    engagement_name: str
    location_id: str
    claim_status: str
    estimated_value_usd: int | None
    made_at: datetime
    field_sellers_since: datetime | None


COLUMNS = tuple(field.name for field in fields(Referral))
"""What an export says of a referral."""


def referral_row(referral: Referral) -> dict[str, Any]:
    """A referral by those names, its value as decimals of USD."""
    return {**asdict(referral), "estimated_value_usd": usd_of(referral.estimated_value_usd)}


@dataclass(frozen=True, slots=True)
class Look:
    """How a look at a claim ended, as it is kept: each condition as (fact, comparison, value, known fact, held)."""

    question: Question
    at: datetime
    held: bool
    conditions: tuple[tuple[str, str, Any, Any, bool | None], ...]


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """A referral with every look at its claim, the first one first."""

    referral: Referral
    looks: tuple[Look, ...]


class Referrals:
    """Reads referrals, for Referrals admins alone. S-1c"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def rows(
        self, kind: Kind | None = None, wanted: str = "", *, offset: int = 0, limit: int | None = None, after: str = ""
    ) -> list[Referral]:
        """The referrals of a kind, or all, in which `wanted` stands, the latest first; those behind the one with the
        number `after`, if it is given. Raises `NotAllowed`. S-1c"""
        with self._desk.reading(Action.OPEN_REFERRAL) as scene:
            query = _SELECTED.where(*_conditions(scene.tx, kind, wanted)).order_by(referrals.c.id.desc())
            if after:
                before = select(referrals.c.id).where(referrals.c.number == after).scalar_subquery()
                query = query.where(referrals.c.id < before)
            return [_referral(row) for row in scene.tx.execute(query.offset(offset).limit(limit))]

    def every(self, kind: Kind | None = None, wanted: str = "") -> Iterator[Referral]:
        """The same ones, read page by page, each in a transaction of its own. S-11b"""
        after = ""
        while page := self.rows(kind, wanted, limit=PAGE, after=after):
            yield from page
            after = page[-1].referral_id

    def count(self, kind: Kind | None = None, wanted: str = "") -> int:
        """How many those are."""
        with self._desk.reading(Action.OPEN_REFERRAL) as scene:
            counted = select(func.count()).select_from(_JOINED).where(*_conditions(scene.tx, kind, wanted))
            return scene.tx.scalar(counted) or 0

    def counts(self) -> dict[Kind, int]:
        """How many referrals there are of each kind."""
        with self._desk.reading(Action.OPEN_REFERRAL) as scene:
            query = select(func.count().label("made"), func.count(referrals.c.co_sell_since).label("upgraded"))
            found = scene.tx.execute(query.select_from(referrals)).one()
        return {Kind.PARTNER_LED: found.made - found.upgraded, Kind.CO_SELL: found.upgraded}

    def show(self, number: str) -> ReferralPage:
        """One referral. Raises `NotAllowed`, `NotFound`. S-1c, S-7b"""
        with self._desk.reading(Action.OPEN_REFERRAL) as scene:
            row = scene.tx.execute(_SELECTED.where(referrals.c.number == number.strip().upper())).one_or_none()
            if row is None:
                raise NotFound(reason("not_found_referral", number=number))
            return ReferralPage(_referral(row), looks_of(scene.tx, row.claim))


_JOINED = (
    referrals.join(claims, claims.c.id == referrals.c.claim_id)
    .join(customers, customers.c.id == claims.c.customer_id)
    .join(engagements, engagements.c.id == claims.c.engagement_id)
)
_SELECTED: Select[*tuple[Any, ...]] = select(
    referrals.c.number,
    referrals.c.made_at,
    referrals.c.co_sell_since,
    claims.c.id.label("claim"),
    claims.c.number.label("claim_number"),
    claims.c.name.label("claim_name"),
    claims.c.location_id,
    claims.c.status,
    claims.c.deal_size,
    customers.c.name.label("customer_name"),
    customers.c.country,
    engagements.c.code,
    engagements.c.name.label("engagement_name"),
).select_from(_JOINED)


def _referral(row: Any) -> Referral:
    return Referral(
        referral_id=row.number,
        kind=kind_of(row.co_sell_since),
        claim_id=row.claim_number,
        claim_name=row.claim_name,
        customer_name=row.customer_name,
        country=row.country,
        engagement=row.code,
        engagement_name=row.engagement_name,
        location_id=row.location_id,
        claim_status=row.status,
        estimated_value_usd=row.deal_size,
        made_at=row.made_at,
        field_sellers_since=row.co_sell_since,
    )


def kind_of(co_sell_since: datetime | None) -> Kind:
    """A referral is a co-sell one once field sellers see it."""
    return Kind.PARTNER_LED if co_sell_since is None else Kind.CO_SELL


def _conditions(tx: Tx, kind: Kind | None, wanted: str) -> list[Any]:
    found: list[Any] = []
    if kind is not None:
        since = referrals.c.co_sell_since
        found.append(since.is_(None) if kind is Kind.PARTNER_LED else since.is_not(None))
    if part := folded(wanted):
        found.append(contains(tx, claims.c.search, part) | contains_any_case(tx, referrals.c.number, part))
    return found


def look_for_referral(scene: Scene, claim: int, engagement: Engagement, question: Question) -> None:
    """Looks at a claim for a referral of its own, or for an upgrade of the one that it has; keeps how that ended.

    A claim gets one referral at most, and one upgrade. S-7a, S-7c
    """
    if not engagement.referral.create:
        return
    has = scene.tx.execute(select(referrals).where(referrals.c.claim_id == claim)).one_or_none()
    if (has is None) is not (question is Question.CREATE) or (has is not None and has.co_sell_since is not None):
        return
    outcome = look(engagement, question, _facts(scene.tx, claim))
    if outcome is None:
        return
    _keep(scene, claim, outcome)
    if not outcome.held:
        return
    if question is Question.CREATE:
        id_ = numbers.next_id(scene.tx, referrals)
        number = numbers.numbered(numbers.REFERRAL, id_)
        scene.tx.execute(insert(referrals).values(id=id_, number=number, claim_id=claim, made_at=scene.now))
        scene.record("referral", claim=claim, note=number, changes={"referral_kind": [None, str(Kind.PARTNER_LED)]})
    else:
        upgraded = update(referrals).where(referrals.c.claim_id == claim, referrals.c.co_sell_since.is_(None))
        scene.tx.execute(upgraded.values(co_sell_since=scene.now))
        kinds = [str(Kind.PARTNER_LED), str(Kind.CO_SELL)]
        scene.record("referral", claim=claim, changes={"referral_kind": kinds})


def _facts(tx: Tx, claim: int) -> Mapping[str, Fact]:
    """The facts of the claim's ID, with the country, and the claim's own deal size and hours. S-7d

    A domain has the facts of its tenant.
    """
    tenants = identifiers.alias("tenants")
    row = tx.execute(
        select(
            claims.c.deal_size,
            claims.c.hours,
            claims.c.id_type,
            customers.c.country,
            identifiers.c.facts,
            tenants.c.facts.label("tenant_facts"),
        )
        .join_from(claims, customers, customers.c.id == claims.c.customer_id)
        .join(identifiers, identifiers.c.id == claims.c.identifier_id)
        .outerjoin(tenants, (tenants.c.id_type == IdType.TENANT) & (tenants.c.value == claims.c.tenant))
        .where(claims.c.id == claim)
    ).one()
    kept = (row.tenant_facts or "{}") if row.id_type == IdType.DOMAIN else row.facts
    facts: dict[str, Fact] = {"country": row.country} if row.country else {}
    facts |= read_facts(kept)
    own = {"deal_size": None if row.deal_size is None else row.deal_size * CENT, "hours": row.hours}
    others = {name: fact for name, fact in facts.items() if name not in own}
    return others | {name: fact for name, fact in own.items() if fact is not None}


def _keep(scene: Scene, claim: int, outcome: Outcome) -> None:
    told = [
        (each.condition.fact, str(each.condition.comparison), each.condition.value, each.fact, each.held)
        for each in outcome.tested
    ]
    kept = json.dumps(told, ensure_ascii=False, default=str)
    row = {"claim_id": claim, "question": str(outcome.question), "at": scene.now, "held": outcome.held}
    scene.tx.execute(insert(referral_checks).values(**row, conditions=kept))


def looks_of(tx: Tx, claim: int) -> tuple[Look, ...]:
    """Every look at a claim for referrals, the first one first. S-7d"""
    c = referral_checks.c
    rows = tx.execute(select(c.question, c.at, c.held, c.conditions).where(c.claim_id == claim).order_by(c.id))
    return tuple(
        Look(
            Question(row.question),
            row.at,
            row.held,
            tuple(
                (fact, comparison, value, known, held)
                for fact, comparison, value, known, held in json.loads(row.conditions, parse_float=Decimal)
            ),
        )
        for row in rows
    )
