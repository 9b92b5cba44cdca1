"""Lists of claims: what is asked of them, in which order, and any page of them at the same pace (S-2i)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import dropwhile
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, desc, func, or_, select

from mci_tui.domain.claims import STAGES, Status
from mci_tui.domain.deadlines import lapses_at
from mci_tui.domain.roles import Action
from mci_tui.services.desk import Scene
from mci_tui.services.engagements import find_engagement
from mci_tui.store.engine import Tx, contains
from mci_tui.store.schema import claims, customers, engagements, locations, referrals
from mci_tui.store.standing import load_engagements
from mci_tui.text import folded

Conditions = list[ColumnElement[bool]]

SORTS = ("claim", "customer", "status", "due", "created")
"""What a list of claims can be sorted by."""

FEW = 2000
"""Up to so many claims are found first and ordered then; more are read in their order, no further than the page.

How many of the latest claims are looked at to tell which of the two it will be.
"""


@dataclass(frozen=True, slots=True)
class ClaimQuestion:
    """What is asked of a list of claims; nothing asked is every claim of the workspace."""

    statuses: tuple[Status, ...] = ()
    engagement: str | None = None
    filter: str = ""
    due_within: int | None = None
    sort: str = "claim"
    descending: bool = False
    area: str = ""
    locations: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What a list of claims can be narrowed to: the names of engagements by code, of locations by ID; and who has made
    claims."""

    engagements: dict[str, str]
    locations: dict[str, str]
    owners: tuple[str, ...]


class Stretch(NamedTuple):
    """A part of a list in which one order holds: its claims, by what they are ordered and whether that descends, and
    what tells whether a claim belongs to it."""

    where: tuple[ColumnElement[bool], ...]
    order: tuple[tuple[Any, bool], ...]
    has: Callable[[Any], bool] = lambda _row: True


class ClaimList:
    """The claims asked for, in their order, by their row ids. Raises `NotFound` for an unknown engagement.

    A page is found by the claim beside it, given by its number, or from the end: where it lies costs nothing then.
    """

    def __init__(self, scene: Scene, asked: ClaimQuestion) -> None:
        self._tx = scene.tx
        self._asked = asked
        self._about = conditions(scene, asked)
        wanted = folded(asked.filter)
        self._text = [contains(scene.tx, claims.c.search, wanted)] if wanted else []

    def count(self) -> int:
        """How many they are."""
        return self._count(self._whole())

    def page(
        self, *, offset: int = 0, limit: int | None = None, after: str = "", before: str = "", last: bool = False
    ) -> list[int]:
        """The ids from `offset` on, of those behind or before a claim, or of the last ones."""
        few = self._looked_up()
        where: Conditions = self._whole() if few is None else [claims.c.id.in_(few)]
        at = None if last else _claim(self._tx, after or before)
        backwards = last or (at is not None and not after)
        parts = _stretches(self._asked)[:: -1 if backwards else 1]
        if at is not None:
            parts = list(dropwhile(lambda part: not part.has(at), parts))
        offset = 0 if backwards or at is not None else offset
        while offset and len(parts) > 1 and (passed := self._count([*where, *parts[0].where])) <= offset:
            parts, offset = parts[1:], offset - passed
        found: list[int] = []
        for part in parts:
            beyond = [_beyond(part.order, at, backwards)] if at is not None and part.has(at) else []
            query = self._joined(few is not None).where(*self._of(part, where), *beyond)
            query = query.order_by(*_ordered(part.order, backwards)).offset(offset)
            found += self._tx.scalars(query.limit(None if limit is None else limit - len(found)))
            offset = 0
            if len(found) == limit:
                break
        return found[::-1] if backwards else found

    def index_of(self, number: str) -> int | None:
        """Where the claim with this number stands, counted from 0; None where it is not among them."""
        where, at = self._whole(), _claim(self._tx, number)
        if at is None or not self._count([*where, claims.c.number == number]):
            return None
        before = 0
        for part in _stretches(self._asked):
            if part.has(at):
                return before + self._count([*where, *part.where, _beyond(part.order, at, True)])
            before += self._count([*where, *part.where])
        return None

    def _whole(self) -> Conditions:
        return [*self._about, *self._text]

    def _looked_up(self) -> Sequence[int] | None:
        """The claims by their ids, if they are few."""
        if self._text:
            latest = select(claims.c.id).order_by(desc(claims.c.id)).limit(FEW)
            if self._count([claims.c.id.in_(latest), *self._whole()]) >= FEW // 100:
                return None
        return self._few(self._whole()) if self._whole() else None

    def _few(self, where: Conditions) -> Sequence[int] | None:
        found = self._tx.scalars(select(claims.c.id).where(*where).limit(FEW + 1)).all()
        return found if len(found) <= FEW else None

    def _of(self, part: Stretch, where: Conditions) -> Conditions:
        """The claims of a part; a status that few have by their ids, as they lie far apart in the order of numbers."""
        few = self._few([*where, *part.where]) if self._asked.sort == "status" else None
        return [*where, *part.where] if few is None else [claims.c.id.in_(few)]

    def _joined(self, few: bool) -> Select[Any]:
        query: Select[Any] = select(claims.c.id)
        if self._asked.sort != "customer":
            return query
        # Many claims are read by the names in their order, not the names by the claims: nothing finds a sum by its key.
        return query.join_from(
            customers, claims, claims.c.customer_id == (customers.c.id if few else customers.c.id + 0)
        )

    def _count(self, where: Conditions) -> int:
        query = select(func.count()).select_from(claims).where(*where)
        by_name = self._asked.sort == "customer"
        return self._tx.scalar(query.join(customers, customers.c.id == claims.c.customer_id) if by_name else query) or 0


def _stretches(asked: ClaimQuestion) -> list[Stretch]:
    """The parts of the list, the first one first. Ties fall in the order of the numbers; no deadline comes last."""
    c, down, by_number = claims.c, asked.descending, (claims.c.id, False)
    if asked.sort == "status":
        ranked = [status for status in STAGES if not asked.statuses or status in asked.statuses]
        return [_in_status(status) for status in (ranked[::-1] if down else ranked)]
    if asked.sort == "due":
        due = Stretch((c.next_due.is_not(None),), ((c.next_due, down), by_number), lambda row: row.next_due is not None)
        return [due, Stretch((c.next_due.is_(None),), (by_number,), lambda row: row.next_due is None)]
    order: dict[str, tuple[tuple[Any, bool], ...]] = {
        "claim": ((c.id, down),),
        "customer": ((customers.c.sort_name, down), (customers.c.id, False), by_number),
        "created": ((c.created_at, down), by_number),
    }
    return [Stretch((), order[asked.sort])]


def _in_status(status: Status) -> Stretch:
    return Stretch((claims.c.status == str(status),), ((claims.c.id, False),), lambda row: row.status == status)


def _ordered(order: Sequence[tuple[Any, bool]], backwards: bool) -> list[Any]:
    return [desc(column) if down is not backwards else column for column, down in order]


def _beyond(order: Sequence[tuple[Any, bool]], at: Any, backwards: bool) -> ColumnElement[bool]:
    """What comes behind the claim `at` in this order, or before it. The bound on the first column finds the place."""
    (column, down), *rest = order
    value = at._mapping[column]
    beyond: ColumnElement[bool] = column < value if down is not backwards else column > value
    if not rest:
        return beyond
    bound: ColumnElement[bool] = column <= value if down is not backwards else column >= value
    return and_(bound, or_(beyond, _beyond(rest, at, backwards)))


_PLACED = select(
    claims.c.id, claims.c.status, claims.c.next_due, claims.c.created_at, customers.c.id, customers.c.sort_name
).join_from(claims, customers, customers.c.id == claims.c.customer_id)


def _claim(tx: Tx, number: str) -> Any:
    """What tells the place of a claim, or None where there is none."""
    return tx.execute(_PLACED.where(claims.c.number == number)).one_or_none() if number else None


def conditions(scene: Scene, asked: ClaimQuestion) -> Conditions:
    """What a claim has to be for the question to be about it, for whoever asks; the filter's word aside."""
    c = claims.c
    found: Conditions = []
    if not scene.allows(Action.READ):  # S-1d: a Referrals admin reads the claims of referrals
        found.append(c.id.in_(select(referrals.c.claim_id)))
    if asked.numbers:
        found.append(c.number.in_(asked.numbers))
    if asked.statuses:
        found.append(c.status.in_([str(status) for status in asked.statuses]))
    if asked.engagement is not None:
        found.append(c.engagement_id == find_engagement(scene.tx, asked.engagement)[0])
    if asked.area:
        of_area = select(engagements.c.id).where(engagements.c.solution_area == asked.area)
        found.append(c.engagement_id.in_(scene.tx.scalars(of_area).all()))
    if asked.locations:
        found.append(c.location_id.in_(asked.locations))
    if asked.owners:
        found.append(c.created_by.in_(asked.owners))
    if asked.due_within is not None:
        last = scene.today + timedelta(days=asked.due_within)
        found.append(c.next_due <= lapses_at(last, scene.zone))
    return found


def areas_of(scene: Scene) -> dict[str, int]:
    """How many claims there are in each solution area, in the catalogue's order."""
    by_engagement = select(claims.c.engagement_id, func.count()).where(*conditions(scene, ClaimQuestion()))
    counts: dict[int, int] = dict(scene.tx.execute(by_engagement.group_by(claims.c.engagement_id)).all())
    found: dict[str, int] = {}
    for id_, engagement in load_engagements(scene.tx).items():
        found[engagement.solution_area] = found.get(engagement.solution_area, 0) + counts.get(id_, 0)
    return found


def choices_of(tx: Tx) -> Choices:
    """What a list of claims can be narrowed to."""
    offered = tx.execute(select(engagements.c.code, engagements.c.name).order_by(engagements.c.position))
    places = tx.execute(select(locations.c.id, locations.c.name).order_by(locations.c.id))
    made_by = select(claims.c.created_by).distinct().order_by(claims.c.created_by)
    return Choices(
        {row.code: row.name for row in offered}, {row.id: row.name for row in places}, tuple(tx.scalars(made_by))
    )
