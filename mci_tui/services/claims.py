"""Claims as lists, pages, scripts and exports show them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, bindparam, select

from mci_tui.domain.catalogue import defined
from mci_tui.domain.claims import Status, Terms
from mci_tui.domain.deadlines import due_day, today
from mci_tui.domain.engagements import Pay
from mci_tui.domain.payout import Term
from mci_tui.domain.roles import Action
from mci_tui.errors import NotAllowed, NotFound, reason
from mci_tui.services.claim_lists import SORTS, Choices, ClaimList, ClaimQuestion, areas_of, choices_of
from mci_tui.services.customers import due_of, overdue_of
from mci_tui.services.desk import Desk, Scene
from mci_tui.services.lapses import seen_at, terms_of
from mci_tui.services.payouts import read_terms
from mci_tui.services.referrals import Look, kind_of, looks_of
from mci_tui.store.engine import Tx
from mci_tui.store.schema import answers, claims, customers, engagements, history, referrals
from mci_tui.store.standing import chunks

if TYPE_CHECKING:
    from mci_tui.services.mails import Mail
    from mci_tui.services.submitting import Proof

__all__ = ["COLUMNS", "MONEY", "SORTS", "Choices", "Claim", "ClaimPage", "ClaimQuestion", "Claims"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: a field for each column of the claim export, in its order. Money is whole cents."""

    claim_id: str
    claim_name: str
    engagement: str
    engagement_name: str
    solution_area: str
    pay: Pay
    origin: str
    customer: str
    customer_name: str
    country: str | None
    id_type: str
    id_value: str
    tenant_id: str | None
    reason: str
    location_id: str
    status: Status
    status_since: datetime
    on_page: bool
    created_at: datetime
    created_by: str
    consent_due_on: date | None
    consent_sent_at: datetime | None
    consent_at: datetime | None
    answer_given_by: str
    submit_due_on: date | None
    submitted_at: datetime | None
    review_due_on: date | None
    dispute_due_on: date | None
    ended_at: datetime | None
    due_on: date | None
    due_what: str | None
    days_left: int | None
    hours: int | None
    proposed_payout_usd: int | None
    payout_limited_by: str
    deal_size_usd: int | None
    contact_name: str
    contact_email: str
    contact_title: str
    contact_phone: str
    contact_language: str
    partner_name: str
    partner_email: str
    partner_phone: str
    referral_id: str | None = None
    referral_kind: str | None = None
    field_sellers_since: date | None = None
    days_overdue: int | None = None
    """How long the review has been overdue, where it is; no column of the export. S-6a"""


COLUMNS = tuple(field.name for field in fields(Claim) if field.name != "days_overdue")
"""The columns of the claim export, in order."""

MONEY = frozenset({"proposed_payout_usd", "deal_size_usd"})
"""The columns that hold cents."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What happened to a claim: when, who, what, a note, and what changed (`name: [old, new]`)."""

    at: datetime
    who: str
    what: str
    note: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """A claim with its whole history, the oldest line first, every term of its payout, its mails, its answer,
    its proof items (replaced ones too), and every look at it for referrals; the days that it was
    given."""

    claim: Claim
    history: tuple[HistoryLine, ...]
    terms: Terms
    payout_terms: tuple[Term, ...] = ()
    mails: "tuple[Mail, ...]" = ()
    answer: "Given | None" = None
    proof: "tuple[Proof, ...]" = ()
    looks: tuple[Look, ...] = ()
    allowed: frozenset[Action] = frozenset()
    """What whoever reads may do with it."""


@dataclass(frozen=True, slots=True)
class Given:
    """The customer's answer with what proves it; `recorded_by` is set where it came another way. S-5g, S-5h"""

    decision: str
    at: datetime
    name: str
    role: str
    reason: str
    recorded_by: str
    how: str
    note: str
    address: str
    agent: str
    language: str
    text_version: str
    text_hash: str
    message_id: str
    deadline: datetime


class Claims:
    """Reads claims."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def rows(
        self,
        asked: ClaimQuestion,
        *,
        offset: int = 0,
        limit: int | None = None,
        after: str = "",
        before: str = "",
        last: bool = False,
    ) -> list[Claim]:
        """The claims asked for, from `offset` on, or better behind or before the claim with a number, or the last ones.

        Raises `NotFound` for an unknown engagement.
        """
        with self._desk.reading(Action.READ_REFERRED) as scene:
            ids = ClaimList(scene, asked).page(offset=offset, limit=limit, after=after, before=before, last=last)
            return [claim for chunk in chunks(ids) for claim in claims_by_id(scene, chunk)]

    def count(self, asked: ClaimQuestion) -> int:
        """How many claims are asked for."""
        with self._desk.reading(Action.READ_REFERRED) as scene:
            return ClaimList(scene, asked).count()

    def index_of(self, asked: ClaimQuestion, number: str) -> int | None:
        """Where the claim with this number stands among those asked for, from 0; None where it is not among them."""
        with self._desk.reading(Action.READ_REFERRED) as scene:
            return ClaimList(scene, asked).index_of(number)

    def areas(self) -> dict[str, int]:
        """How many claims there are in each solution area, in the catalogue's order."""
        with self._desk.reading(Action.READ_REFERRED) as scene:
            return areas_of(scene)

    def choices(self) -> Choices:
        """What the list can be narrowed to."""
        with self._desk.reading(Action.READ_REFERRED) as scene:
            return choices_of(scene.tx)

    def show(self, number: str) -> ClaimPage:
        """One claim with all that belongs to it. Raises `NotFound`, `NotAllowed`. S-6d"""
        from mci_tui.services.mails import mails_of
        from mci_tui.services.submitting import proofs_of

        with self._desk.reading(Action.READ_REFERRED) as scene:
            row = scene.tx.execute(_SELECTED.where(claims.c.number == number.strip().upper())).one_or_none()
            if row is None or row.referral is None:
                scene.require(Action.READ)
            if row is None:
                raise NotFound(reason("not_found_claim", number=number))
            h = history.c
            lines = scene.tx.execute(
                select(h.at, h.who, h.what, h.note, h.changes).where(h.claim_id == row.id).order_by(h.id)
            )
            told = tuple(
                HistoryLine(line.at, line.who, line.what, line.note, json.loads(line.changes)) for line in lines
            )
            return ClaimPage(
                shown(scene, row),
                told,
                terms_of(row),
                read_terms(row.payout_terms),
                mails_of(scene.tx, row.id),
                _given(scene.tx, row.id),
                proofs_of(scene.tx, row.id),
                looks_of(scene.tx, row.id),
                frozenset(action for action in Action if scene.allows(action, row.location_id)),
            )

    def show_for(self, action: Action, number: str) -> ClaimPage:
        """The same for whoever is about to do `action` with it. Raises `NotAllowed` where they may not. S-1d"""
        with self._desk.attempting(action):
            page = self.show(number)
            with self._desk.looking() as scene:
                scene.require(action, page.claim.location_id)
        if self._desk.store.read_only:
            raise NotAllowed(reason("read_only"))
        return page


def _given(tx: Tx, claim: int) -> Given | None:
    columns = [answers.c[field.name] for field in fields(Given)]
    row = tx.execute(select(*columns).where(answers.c.claim_id == claim)).one_or_none()
    return None if row is None else Given(**row._asdict())


def claims_by_id(scene: Scene, ids: Sequence[int]) -> list[Claim]:
    """The claims with these row ids, in the order given."""
    found = {row.id: shown(scene, row) for row in scene.tx.execute(_BY_ID, {"ids": ids})}
    return [found[id_] for id_ in ids]


_SELECTED: Select[Any] = (
    select(
        claims,
        customers.c.key.label("customer_key"),
        customers.c.name.label("customer_name"),
        customers.c.country,
        engagements.c.definition,
        referrals.c.number.label("referral"),
        referrals.c.co_sell_since,
    )
    .join_from(claims, customers, customers.c.id == claims.c.customer_id)
    .join(engagements, engagements.c.id == claims.c.engagement_id)
    .outerjoin(referrals, referrals.c.claim_id == claims.c.id)
)
_BY_ID = _SELECTED.where(claims.c.id.in_(bindparam("ids", expanding=True)))


def shown(scene: Scene, row: Any) -> Claim:
    """A claim's row as a `Claim`, at the instant of the scene."""
    life = seen_at(row, scene.now)
    engagement = defined(row.definition)
    due_on, left = due_of(life.next_due, scene)

    def day_of(lapse: datetime | None) -> date | None:
        return None if lapse is None else due_day(lapse, scene.zone)

    return Claim(
        claim_id=row.number,
        claim_name=row.name,
        engagement=engagement.code,
        engagement_name=engagement.name,
        solution_area=engagement.solution_area,
        pay=engagement.pay,
        origin=row.origin,
        customer=row.customer_key,
        customer_name=row.customer_name,
        country=row.country,
        id_type=row.id_type,
        id_value=row.id_value,
        tenant_id=row.tenant,
        reason=row.mismatch_reason,
        location_id=row.location_id,
        status=life.status,
        status_since=life.since,
        on_page=row.on_page,
        created_at=row.created_at,
        created_by=row.created_by,
        consent_due_on=day_of(life.consent_due),
        consent_sent_at=row.consent_sent_at,
        consent_at=life.consent_at,
        answer_given_by=row.answer_given_by,
        submit_due_on=day_of(life.submit_due),
        submitted_at=row.submitted_at,
        review_due_on=day_of(life.review_due),
        dispute_due_on=day_of(life.dispute_due),
        ended_at=life.ended_at,
        due_on=due_on,
        due_what=str(life.due_what) if life.due_what else None,
        days_left=left,
        hours=row.hours,
        proposed_payout_usd=row.payout,
        payout_limited_by=row.payout_limited_by,
        deal_size_usd=row.deal_size,
        contact_name=row.contact_name,
        contact_email=row.contact_email,
        contact_title=row.contact_title,
        contact_phone=row.contact_phone,
        contact_language=row.contact_language,
        partner_name=row.partner_name,
        partner_email=row.partner_email,
        partner_phone=row.partner_phone,
        referral_id=row.referral,
        referral_kind=str(kind_of(row.co_sell_since)) if row.referral else None,
        field_sellers_since=today(row.co_sell_since, scene.zone) if row.co_sell_since else None,
        days_overdue=overdue_of(life, scene),
    )
