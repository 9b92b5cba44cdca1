"""The engagements of the workspace, as lists and pages show them."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from mci_tui.domain.eligibility import Tab
from mci_tui.domain.engagements import Engagement
from mci_tui.errors import NotFound, reason
from mci_tui.services.desk import Desk, Scene
from mci_tui.store.engine import Tx
from mci_tui.store.schema import engagements, locations, standing
from mci_tui.store.standing import load_engagements


class Counts(NamedTuple):
    """How many rows each tab of a Customers page has; `not_eligible` is None where it shows none by rule (S-2d)."""

    eligible: int
    not_eligible: int | None
    complete: int

    def of(self, tab: Tab) -> int | None:
        """The rows of one tab."""
        return (self.eligible, self.not_eligible, self.complete)[tab]


class EngagementRow(NamedTuple):
    """An engagement, whether it runs today, and how many of the enrolled locations are eligible for it."""

    id: int
    engagement: Engagement
    active: bool
    locations_eligible: int
    locations_enrolled: int

    @property
    def code(self) -> str:
        """The engagement's code."""
        return self.engagement.code


class Engagements:
    """Reads engagements."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def list(self) -> list[EngagementRow]:
        """Every engagement, by solution area in the catalogue's order."""
        with self._desk.reading() as scene:
            found = load_engagements(scene.tx)
            enrolled = _enrolled(scene.tx)
            rows = [_row(scene, id_, engagement, enrolled) for id_, engagement in found.items()]
        areas = list(dict.fromkeys(row.engagement.solution_area for row in rows))
        return sorted(rows, key=lambda row: areas.index(row.engagement.solution_area))

    def show(self, code: str) -> EngagementRow:
        """One engagement. Raises `NotFound`."""
        with self._desk.reading() as scene:
            id_, engagement = find_engagement(scene.tx, code)
            return _row(scene, id_, engagement, _enrolled(scene.tx))

    def counts(self, code: str | None = None) -> dict[str, Counts]:
        """The rows of each tab by engagement code; of one engagement alone where `code` is given."""
        with self._desk.reading() as scene:
            found = load_engagements(scene.tx) if code is None else dict([find_engagement(scene.tx, code)])
            return {found[id_].code: counts for id_, counts in count_tabs(scene, found).items()}


def find_engagement(tx: Tx, code: str) -> tuple[int, Engagement]:
    """The engagement with this code, with its row's id. Raises `NotFound`."""
    id_ = tx.scalar(select(engagements.c.id).where(engagements.c.code == code))
    if id_ is None:
        raise NotFound(reason("not_found_engagement", code=code))
    return id_, load_engagements(tx, [id_])[id_]


def count_tabs(scene: Scene, found: Mapping[int, Engagement]) -> dict[int, Counts]:
    """The rows of each tab, as they stand today: outside its dates nobody can be requested for an engagement."""
    counted = {row.id: row for row in scene.tx.execute(_TABS.where(engagements.c.id.in_(found)))}
    closed = [id_ for id_, engagement in found.items() if not engagement.active(scene.today)]
    waiting = dict.fromkeys(found, 0)
    if closed:
        waiting |= {row.id: row.waiting for row in scene.tx.execute(_WAITING.where(engagements.c.id.in_(closed)))}
    return {
        id_: Counts(
            counted[id_].eligible - waiting[id_],
            None if engagement.msx_only else counted[id_].not_eligible + waiting[id_],
            counted[id_].complete,
        )
        for id_, engagement in found.items()
    }


def _lines(tab: Tab, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    s = standing.c
    query = select(func.count()).select_from(standing)
    return query.where(s.engagement_id == engagements.c.id, s.tab == int(tab), *conditions).scalar_subquery()


_TABS = select(
    engagements.c.id,
    _lines(Tab.ELIGIBLE).label("eligible"),
    _lines(Tab.NOT_ELIGIBLE).label("not_eligible"),
    _lines(Tab.COMPLETE).label("complete"),
)
_WAITING = select(engagements.c.id, _lines(Tab.ELIGIBLE, standing.c.claim_id == 0).label("waiting"))
"""One statement for all engagements: with hundreds of them, the overhead of each would be half of the time."""


def _enrolled(tx: Tx) -> set[str]:
    query = select(locations.c.id).where(locations.c.enrolled, ~locations.c.is_global)
    return set(tx.scalars(query))


def _row(scene: Scene, id_: int, engagement: Engagement, enrolled: set[str]) -> EngagementRow:
    eligible = sum(engagement.accepts_location(location) for location in enrolled)
    return EngagementRow(id_, engagement, engagement.active(scene.today), eligible, len(enrolled))
