"""What needs an operator next: claims about to lapse, claims handed back, mails that did not arrive (S-6, S-10)."""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, null, or_, select

from mci_tui.domain.claims import STAGES, NextAction, Status
from mci_tui.domain.deadlines import lapses_at
from mci_tui.domain.mails import State
from mci_tui.domain.roles import EVERYWHERE, PERMISSIONS, Action
from mci_tui.services.customers import due_of
from mci_tui.services.desk import Desk, Scene
from mci_tui.services.lapses import LIFE_COLUMNS, seen_at
from mci_tui.store.schema import claims, customers, engagements, mails


class Kind(StrEnum):
    """Why something needs somebody; the value is the printed name."""

    CONSENT = "consent"
    SUBMISSION = "submission"
    ACTION_REQUIRED = "action_required"
    REJECTED = "rejected"
    DISPUTED = "disputed"
    MAIL = "mail"


CONSENT_DAYS = 7
"""A customer who is reminded now still has a week of working days to answer, and may be reminded again meanwhile."""

SUBMISSION_DAYS = 14
"""Proof comes from others: a fortnight is what an invoice, a signature and two surveys take."""

LIMIT = 200
"""How many items of a kind are listed: more than anybody does in a day."""

_CLAIMS: dict[Kind, tuple[tuple[Status, ...], int | None]] = {
    Kind.CONSENT: ((Status.CUSTOMER_CLAIMED, Status.AWAITING_CONSENT), CONSENT_DAYS),
    Kind.SUBMISSION: ((Status.CONSENT_RECEIVED,), SUBMISSION_DAYS),
    Kind.ACTION_REQUIRED: ((Status.ACTION_REQUIRED,), None),
    Kind.REJECTED: ((Status.REJECTED,), None),
    Kind.DISPUTED: ((Status.DISPUTED,), None),
}
"""The claims of each kind: in these statuses, and due within so many days where that counts."""


@dataclass(frozen=True, slots=True)
class Item:
    """A claim that needs somebody, why, until when, and what is to be done; for a mail, its `message_id`."""

    kind: Kind
    claim_id: str
    customer_name: str
    engagement: str
    engagement_name: str
    status: Status
    due_on: date | None
    due_what: str | None
    days_left: int | None
    action: NextAction | None
    message_id: str | None = None


COLUMNS = tuple(field.name for field in fields(Item))
"""What an export says of an item."""


def item_row(item: Item) -> dict[str, Any]:
    """An item by those names."""
    return {name: getattr(item, name) for name in COLUMNS}


@dataclass(frozen=True, slots=True)
class Needs:
    """What needs somebody, kind by kind, the most urgent first: some or all items of a kind, and how many each has in
    truth."""

    items: tuple[Item, ...]
    counts: dict[Kind, int]


class Attention:
    """Looks for what the operator may do something about: at the locations that are granted to them. S-1d"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def any(self) -> bool:
        """Whether anything needs the operator."""
        with self._desk.reading(Action.READ_REFERRED) as scene:
            return any(scene.tx.scalar(_items(scene, kind).limit(1)) is not None for kind in Kind)

    def begins_with(self) -> str:
        """The screen with which the operator is to begin: `attention` where anything needs them, `referrals` where they
        may read nothing else (S-1d); empty for the first one."""
        with self._desk.reading(Action.READ_REFERRED) as scene:
            if not scene.allows(Action.READ):
                return "referrals"
        return "attention" if self.any() else ""

    def list(self, *, everything: bool = False) -> Needs:
        """What needs the operator. The kind whose first deadline is the nearest comes first."""
        limit, more = (None, None) if everything else (LIMIT, LIMIT + 1)
        with self._desk.reading(Action.READ_REFERRED) as scene:
            rows = {kind: scene.tx.execute(_items(scene, kind).limit(more)).all() for kind in Kind}
            counts = {kind: _count(scene, kind) if len(found) == more else len(found) for kind, found in rows.items()}
            urgent = sorted((kind for kind in Kind if rows[kind]), key=lambda kind: rows[kind][0].next_due)
            items = (_item(scene, kind, row) for kind in urgent for row in rows[kind][:limit])
            return Needs(tuple(items), counts)


def _items(scene: Scene, kind: Kind) -> Select[Any]:
    """The claims of a kind, the nearest deadline first; each with its mail where it is about that."""
    message = mails.c.message_id if kind is Kind.MAIL else null().label("message_id")
    return _of(scene, kind, _SELECTED.add_columns(message)).order_by(claims.c.next_due, claims.c.id)


def _count(scene: Scene, kind: Kind) -> int:
    return scene.tx.scalar(_of(scene, kind, select(func.count()).select_from(claims))) or 0


def _of(scene: Scene, kind: Kind, query: Select[Any]) -> Select[Any]:
    granted = [grant.location for grant in scene.grants if grant.role in PERMISSIONS[Action.WORK].roles]
    if EVERYWHERE not in granted:
        query = query.where(claims.c.location_id.in_(granted))
    if kind is Kind.MAIL:
        return query.join(mails, mails.c.claim_id == claims.c.id).where(*_LOST)
    statuses, within = _CLAIMS[kind]
    query = query.where(claims.c.status.in_([str(status) for status in statuses]))
    if within is None:
        return query
    return query.where(claims.c.next_due <= lapses_at(scene.today + timedelta(days=within), scene.zone))


_LATER = mails.alias("later")
_LOST = (
    or_(mails.c.state == State.FAILED, (mails.c.state == State.UNKNOWN) & mails.c.next_at.is_(None)),
    claims.c.status == Status.AWAITING_CONSENT,
    ~select(_LATER.c.id).where(_LATER.c.claim_id == mails.c.claim_id, _LATER.c.id > mails.c.id).exists(),
)
"""Mails of which nothing more will come by itself, and that no other one has followed."""

_SELECTED: Select[*tuple[Any, ...]] = (
    select(
        claims.c.number,
        *LIFE_COLUMNS,
        customers.c.name.label("customer_name"),
        engagements.c.code,
        engagements.c.name.label("engagement_name"),
    )
    .join_from(claims, customers, customers.c.id == claims.c.customer_id)
    .join(engagements, engagements.c.id == claims.c.engagement_id)
)


def _item(scene: Scene, kind: Kind, row: Any) -> Item:
    life = seen_at(row, scene.now)
    due_on, left = due_of(life.next_due, scene)
    return Item(
        kind=kind,
        claim_id=row.number,
        customer_name=row.customer_name,
        engagement=row.code,
        engagement_name=row.engagement_name,
        status=life.status,
        due_on=due_on,
        due_what=str(life.due_what) if life.due_what else None,
        days_left=left,
        action=STAGES[life.status].action,
        message_id=row.message_id,
    )
