"""The Customers page of an engagement: its three tabs, filtered, sorted and page by page (S-2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, case, desc, func, or_, select, tuple_

from mci_tui.domain.claims import STAGES, Life, NextAction
from mci_tui.domain.deadlines import days_left, due_day
from mci_tui.domain.eligibility import Tab, against_time, request_by
from mci_tui.domain.engagements import Engagement
from mci_tui.errors import Reason
from mci_tui.services.desk import Desk, Scene
from mci_tui.services.engagements import Counts, count_tabs, find_engagement
from mci_tui.services.lapses import LIFE_COLUMNS, seen_at
from mci_tui.store.engine import contains, contains_any_case
from mci_tui.store.schema import claims, customers, identifiers, standing
from mci_tui.store.standing import load_customers, nomination_lists
from mci_tui.text import folded

SORTS = ("customer", "claim", "status", "due")
"""What a Customers page can be sorted by."""


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """What is asked of a Customers page."""

    engagement: str
    tab: Tab = Tab.ELIGIBLE
    filter: str = ""
    sort: str = "customer"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of rows begins: by offset, or better by the row that it follows or precedes, or at the very end."""

    offset: int = 0
    limit: int = 100
    after: "CustomerRow | None" = None
    before: "CustomerRow | None" = None
    last: bool = False


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A line of a Customers page: a claim, or a known customer (`claim_id` None)."""

    customer: str
    customer_name: str
    claim_id: str | None
    claim_name: str
    location_id: str
    id_type: str
    id_value: str
    status: str | None
    due_on: date | None
    due_what: str | None
    days_left: int | None
    action: NextAction | None
    reasons: tuple[Reason, ...]
    place: tuple[str, int, int]
    days_overdue: int | None = None
    """How long the review has been overdue, where it is. S-6a"""

    @property
    def key(self) -> tuple[int, int]:
        """What stays the same for this line over every refresh: customer and claim."""
        return self.place[1:]


@dataclass(frozen=True, slots=True)
class PageHead:
    """What stands above the rows: the engagement, whether it runs, its counts, and the rows that the filter leaves."""

    engagement: Engagement
    active: bool
    counts: Counts
    total: int
    no_details: bool
    """S-2d: this tab shows no details, by rule."""


class Customers:
    """Reads the Customers pages."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def rows(self, asked: PageQuestion, place: Place) -> list[CustomerRow]:
        """The rows at `place`. Raises `NotFound` for an unknown engagement."""
        with self._desk.reading() as scene:
            id_, engagement = find_engagement(scene.tx, asked.engagement)
            return _rows(scene, id_, engagement, asked, place)

    def index_of(self, asked: PageQuestion, key: tuple[int, int]) -> int | None:
        """Where the line with this key stands on the page, counted from 0; None where it does not stand there.

        By the order of names alone: for other orders None as well.
        """
        if asked.sort != "customer":
            return None
        s = standing.c
        with self._desk.reading() as scene:
            id_, engagement = find_engagement(scene.tx, asked.engagement)
            conditions = _conditions(scene, id_, engagement, asked)
            one = select(s.sort_name).where(*conditions, s.customer_id == key[0], s.claim_id == key[1])
            sort_name = scene.tx.scalar(one)
            if sort_name is None:
                return None
            here, place = tuple_(sort_name, *key), tuple_(*(s[name] for name in _PLACE))
            before = place > here if asked.descending else place < here
            return scene.tx.scalar(select(func.count()).select_from(standing).where(*conditions, before))

    def head(self, asked: PageQuestion) -> PageHead:
        """Counts of the tabs, and of what the filter leaves in this one. Raises `NotFound`."""
        with self._desk.reading() as scene:
            id_, engagement = find_engagement(scene.tx, asked.engagement)
            counts = count_tabs(scene, {id_: engagement})[id_]
            no_details = asked.tab is Tab.NOT_ELIGIBLE and engagement.msx_only
            total = 0 if no_details else counts.of(asked.tab) or 0
            if asked.filter.strip() and not no_details:
                query = select(func.count()).select_from(standing).where(*_conditions(scene, id_, engagement, asked))
                total = scene.tx.scalar(query) or 0
            return PageHead(engagement, engagement.active(scene.today), counts, total, no_details)


def _conditions(
    scene: Scene, id_: int, engagement: Engagement, asked: PageQuestion, *, all_of_them: bool = True
) -> list[ColumnElement[bool]]:
    """Which lines of `standing` the question is about. Outside its dates a customer waits in Not eligible. S-10

    The first ones in the order of names, unless `all_of_them` are needed.
    """
    s = standing.c
    of = s.engagement_id == id_
    if engagement.active(scene.today) or asked.tab is Tab.COMPLETE:
        conditions = [of, s.tab == int(asked.tab)]
    elif asked.tab is Tab.ELIGIBLE:
        conditions = [of, s.tab == int(Tab.ELIGIBLE), s.claim_id > 0]
    else:
        waiting = and_(s.tab == int(Tab.ELIGIBLE), s.claim_id == 0)
        conditions = [of, s.tab.in_([0, 1]), or_(s.tab == int(Tab.NOT_ELIGIBLE), waiting)]
    if wanted := folded(asked.filter):
        soon_full = not all_of_them and _common(scene, conditions, wanted)
        conditions.append(_matches(scene, id_, wanted, soon_full))
    return conditions


FEW = 2000
"""Up to how many matches are looked up first, and how many names are looked at to tell whether a word is common."""


def _common(scene: Scene, lines: list[ColumnElement[bool]], wanted: str) -> bool:
    """Whether every hundredth name has it or more: then a page of matches is soon full."""
    some = select(standing.c.sort_name).where(*lines).limit(FEW).subquery()
    having = select(func.count()).select_from(some).where(contains(scene.tx, some.c.sort_name, wanted))
    return (scene.tx.scalar(having) or 0) >= FEW // 100


def _matches(scene: Scene, engagement: int, wanted: str, soon_full: bool) -> ColumnElement[bool]:
    """S-2i: the filter looks at customer, claim ID, friendly name, ID value and the contact's e-mail address."""
    c, i, s = claims.c, identifiers.c, standing.c
    of_engagement = [c.engagement_id == engagement, contains(scene.tx, c.search, wanted)]
    of_id = [contains_any_case(scene.tx, i.value.expression, wanted)]
    return or_(
        contains(scene.tx, s.sort_name, wanted),
        _among(scene, s.claim_id, c.id, of_engagement, soon_full),
        _among(scene, s.identifier_id, i.id, of_id, soon_full),
    )


def _among(
    scene: Scene, column: ColumnElement[int], id_: Column[int], conditions: list[ColumnElement[bool]], soon_full: bool
) -> ColumnElement[bool]:
    """Whether `column` names a row that meets the conditions. Few such rows are found beforehand and looked up; where
    there are many, or the page is `soon_full`, each line is checked on its own, and read no further than need be."""
    if not soon_full:
        found = scene.tx.scalars(select(id_).where(*conditions).limit(FEW + 1)).all()
        if len(found) <= FEW:
            return column.in_(found)
    return select(id_).where(id_ == column, *conditions).exists()


def _rows(scene: Scene, id_: int, engagement: Engagement, asked: PageQuestion, place: Place) -> list[CustomerRow]:
    if asked.tab is Tab.NOT_ELIGIBLE and engagement.msx_only:
        return []
    order = _order(asked)
    backwards = place.last or (asked.sort == "customer" and place.before is not None and place.after is None)
    if backwards:
        order = [(name, not down) for name, down in order]
    conditions = _conditions(scene, id_, engagement, asked, all_of_them=asked.sort != "customer")
    page = _page(conditions, asked, place, order).subquery()
    query = (
        select(
            page.c.sort_name,
            page.c.customer_id,
            page.c.claim_id,
            page.c.identifier_id,
            customers.c.key,
            customers.c.name,
            claims.c.number,
            claims.c.name.label("claim_name"),
            claims.c.location_id,
            func.coalesce(claims.c.id_type, identifiers.c.id_type).label("id_type"),
            func.coalesce(claims.c.id_value, identifiers.c.value).label("id_value"),
            *LIFE_COLUMNS,
        )
        .join_from(page, customers, customers.c.id == page.c.customer_id)
        .outerjoin(claims, claims.c.id == page.c.claim_id)
        .outerjoin(identifiers, identifiers.c.id == page.c.identifier_id)
        .order_by(*_ordered(page.c, order))
    )
    found: Sequence[Any] = scene.tx.execute(query).all()
    if backwards:
        found = found[::-1]
    speaking: dict[int, tuple[Reason, ...]] = {}
    if asked.tab is Tab.NOT_ELIGIBLE:
        speaking = _reasons(scene, id_, engagement, [row.customer_id for row in found])
    return [_shown(scene, row, asked.tab, speaking.get(row.customer_id, ())) for row in found]


Order = list[tuple[str, bool]]
"""Columns of a page's lines, each with whether it descends."""


def _order(asked: PageQuestion) -> Order:
    """What the lines are ordered by; ties always fall in the order of the page. S-2i"""
    if asked.sort == "customer":
        return [(name, asked.descending) for name in _PLACE]
    return [("blank", False), ("value", asked.descending), *((name, False) for name in _PLACE)]


_PLACE = ("sort_name", "customer_id", "claim_id")


def _ordered(columns: Any, order: Order) -> list[ColumnElement[Any]]:
    return [desc(columns[name]) if down else columns[name] for name, down in order]


def _page(conditions: list[ColumnElement[bool]], asked: PageQuestion, place: Place, order: Order) -> Select[Any]:
    """The lines of one page. By name it is found by the key of the row beside it, and the end from the end."""
    s = standing.c
    query: Select[Any] = select(standing).where(*conditions)
    columns: dict[str, Any] = dict(s)
    if asked.sort != "customer":
        value: Any = {"claim": claims.c.id, "due": claims.c.next_due, "status": _status_order()}[asked.sort]
        columns |= {"blank": case((value.is_(None), 1), else_=0).label("blank"), "value": value.label("value")}
        query = query.outerjoin(claims, claims.c.id == s.claim_id)
        query = query.add_columns(columns["blank"], columns["value"])
    neighbour = place.after or place.before
    if asked.sort == "customer" and neighbour is not None and not place.last:
        here = tuple_(*neighbour.place)
        key = tuple_(*(s[name] for name in _PLACE))
        query = query.where(key > here if (place.after is not None) is not asked.descending else key < here)
    elif not place.last:
        query = query.offset(place.offset)
    return query.order_by(*_ordered(columns, order)).limit(place.limit)


def _status_order() -> ColumnElement[int]:
    return case({str(status): rank for rank, status in enumerate(STAGES)}, value=claims.c.status)


def _reasons(scene: Scene, id_: int, engagement: Engagement, asked: Sequence[int]) -> dict[int, tuple[Reason, ...]]:
    """What speaks against each of these customers, every reason. S-2c"""
    found = load_customers(scene.tx, asked)
    values = {each.listed_as[1] for loaded in found for each in loaded.customer.consented}
    look_up = nomination_lists(scene.tx, {id_: engagement}, values)[id_]
    late = against_time(engagement, scene.today)
    return {
        loaded.customer.id: (*late, *request_by(engagement, loaded.customer, loaded.claims.get(id_, ()), look_up)[1])
        for loaded in found
    }


def _shown(scene: Scene, row: Any, tab: Tab, reasons: tuple[Reason, ...]) -> CustomerRow:
    place = (row.sort_name, row.customer_id, row.claim_id)
    about = (row.key, row.name, row.number, row.claim_name or "", row.location_id or "")
    used = (row.id_type or "", row.id_value or "")
    if row.number is None:
        action = NextAction.REQUEST_CUSTOMER if tab is Tab.ELIGIBLE else None
        return CustomerRow(*about, *used, None, None, None, None, action, reasons, place)
    life = seen_at(row, scene.now)
    due_on, left = due_of(life.next_due, scene)
    what = str(life.due_what) if life.due_what else None
    action = STAGES[life.status].action
    late = overdue_of(life, scene)
    return CustomerRow(*about, *used, str(life.status), due_on, what, left, action, (), place, late)


def due_of(lapse: datetime | None, scene: Scene) -> tuple[date | None, int | None]:
    """The last valid day before `lapse` in the workspace's zone, and the days left to it."""
    if lapse is None:
        return None, None
    return due_day(lapse, scene.zone), days_left(lapse, scene.now, scene.zone)


def overdue_of(life: Life, scene: Scene) -> int | None:
    """The days for which the review has been overdue, or None where it is not. S-6a"""
    by = life.overdue(scene.now)
    return None if by is None else -days_left(by, scene.now, scene.zone)
