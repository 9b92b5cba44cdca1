"""The figures of a workspace: claims by status and by week, how customers answer, what is at stake (S-6, S-10)."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import CTE, TIMESTAMP, ColumnElement, Select, case, cast, extract, func, literal, select, union_all

from mci_tui.domain.claims import OPEN, Status
from mci_tui.domain.deadlines import day_start, lapses_at
from mci_tui.services.desk import Desk, Scene
from mci_tui.store.engine import Tx
from mci_tui.store.schema import claims

WEEKS = 26
"""How many weeks are told apart, the present one last."""

HORIZONS = (7, 14, 30)
"""Within how many days deadlines are looked at."""

SERIES = ("made", "sent", "consented", "submitted", "approved")
"""What is counted by week."""

WAITED = "waited"


@dataclass(frozen=True, slots=True)
class Stake:
    """Claims: how many, what they may earn, what they are worth to the programme. Money is whole cents of USD."""

    count: int = 0
    payout: int = 0
    deal_size: int = 0

    def __add__(self, other: "Stake") -> "Stake":
        return Stake(self.count + other.count, self.payout + other.payout, self.deal_size + other.deal_size)


@dataclass(frozen=True, slots=True)
class Consents:
    """How the question for consent ended, over all claims: a claim that lapsed before an answer is `unanswered`."""

    accepted: int = 0
    declined: int = 0
    unanswered: int = 0

    @property
    def settled(self) -> int:
        """Over how many claims a rate of consent is told."""
        return self.accepted + self.declined + self.unanswered


@dataclass(frozen=True, slots=True)
class Waits:
    """Within how many hours a quarter, half and three quarters of the customers answered who were asked from here."""

    count: int
    quarter: int
    half: int
    three_quarters: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything at once, as it stood at one instant.

    `statuses` has every status. `weeks` are the Mondays of the workspace's own weeks, `series` the counts of each.
    `due` says of the days of `HORIZONS` what lapses within them, today's deadlines included.
    """

    at: datetime
    statuses: Mapping[Status, Stake]
    weeks: tuple[date, ...]
    series: Mapping[str, tuple[int, ...]]
    consents: Consents
    waits: Waits | None
    due: Mapping[int, Stake]

    @property
    def open(self) -> Stake:
        """What is at stake in all: the open claims."""
        return sum((self.statuses[status] for status in OPEN), Stake())


class Pipeline:
    """Adds up the claims of the workspace."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def figures(self) -> Figures:
        """The figures as they stand now. Raises `NotAllowed`."""
        with self._desk.reading() as scene:
            stands = _stands(scene)
            weeks = _weeks(scene.today)
            happened = _happened(scene, weeks)
        statuses = {status: _sum(row for row in stands if row.status == status) for status in Status}
        return Figures(
            scene.now,
            statuses,
            weeks,
            {name: tuple(happened[name].get(week, 0) for week in range(WEEKS)) for name in SERIES},
            Consents(
                accepted=sum(row.consented for row in stands),
                declined=statuses[Status.CONSENT_DECLINED].count,
                unanswered=statuses[Status.CONSENT_EXPIRED].count,
            ),
            _waits(happened[WAITED]),
            {days: _sum(row for row in stands if row.due and row.due <= days) for days in HORIZONS},
        )


def _stands(scene: Scene) -> Sequence[Any]:
    """Claims by status, and by the horizon within which their deadline lies."""
    c = claims.c
    ends = [lapses_at(scene.today + timedelta(days=days), scene.zone) for days in HORIZONS]
    due = case(*((c.next_due <= end, days) for days, end in zip(HORIZONS, ends, strict=True))).label("due")
    sums: list[ColumnElement[Any]] = [
        func.count().label("claims"),
        func.sum(c.payout).label("payout"),
        func.sum(c.deal_size).label("deal_size"),
        func.count(c.consent_at).label("consented"),
    ]
    return scene.tx.execute(select(c.status, due, *sums).group_by(c.status, "due")).all()


def _sum(rows: Iterable[Any]) -> Stake:
    stakes = (Stake(row.claims, int(row.payout or 0), int(row.deal_size or 0)) for row in rows)
    return sum(stakes, Stake())


def _weeks(today: date) -> tuple[date, ...]:
    this = today - timedelta(days=today.weekday())
    return tuple(this - timedelta(weeks=back) for back in reversed(range(WEEKS)))


def _happened(scene: Scene, weeks: tuple[date, ...]) -> dict[str, dict[int, int]]:
    """How many claims by week of each series, and by hours waited for an answer.

    The claims are read through once, narrowed to their instants; those are then counted one after the other.
    """
    c = claims.c
    approved: Any = case((c.status == str(Status.APPROVED), c.ended_at))
    answered: Any = case((c.status == str(Status.CONSENT_DECLINED), c.ended_at), else_=c.consent_at)
    instants = (c.created_at, c.consent_sent_at, c.consent_at, c.submitted_at, approved)
    named = [instant.label(name) for name, instant in zip(SERIES, instants, strict=True)]
    moved = select(*named, answered.label("answered")).cte("moved")
    edges = [day_start(monday, scene.zone) for monday in (*weeks, weeks[-1] + timedelta(weeks=1))]
    found: dict[str, dict[int, int]] = {name: {} for name in (*SERIES, WAITED)}
    by_week = [_by_week(name, moved.c[name], edges) for name in SERIES]
    for row in scene.tx.execute(union_all(*by_week, _by_hour(scene.tx, moved))):
        found[row.name][int(row.place)] = row.claims
    return found


def _by_week(name: str, at: ColumnElement[Any], edges: list[datetime]) -> Select[Any]:
    week = case(*((at < edge, number) for number, edge in enumerate(edges[1:])))
    return _counted(name, week).where(at >= edges[0], at < edges[-1])


def _by_hour(tx: Tx, moved: CTE) -> Select[Any]:
    """By begun hours from the first mail to the answer."""
    sent, answered = moved.c.sent, moved.c.answered
    waited = _seconds(tx, answered) - _seconds(tx, sent)
    return _counted(WAITED, (waited + 3599) // 3600).where(answered >= sent)


def _seconds(tx: Tx, at: ColumnElement[Any]) -> ColumnElement[int]:
    """An instant as the database can count with it: it is kept as text."""
    return extract("epoch", at if tx.dialect.name == "sqlite" else cast(at, TIMESTAMP(timezone=True)))


def _counted(name: str, place: ColumnElement[Any]) -> Select[Any]:
    columns = literal(name).label("name"), place.label("place"), func.count().label("claims")
    return select(*columns).group_by("place")


def _waits(hours: Mapping[int, int]) -> Waits | None:
    """Out of how many customers answered after so many hours."""
    if not hours:
        return None
    waited = sorted(hours)
    until = list(accumulate(hours[each] for each in waited))
    within = (waited[bisect_left(until, until[-1] * quarters / 4)] for quarters in (1, 2, 3))
    return Waits(until[-1], *within)
