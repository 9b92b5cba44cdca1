"""The Claims screen, timed through a pseudo-terminal."""

import getpass
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from benchmarks.measure import open_terminal
from benchmarks.report import Goal
from benchmarks.screens import APP, FILTER, FIRST_ENGAGEMENT, goal
from benchmarks.seed import RARE
from tests.terminal_kit import END, ESCAPE, HOME, PAGE_DOWN, Terminal

CLAIMS = "3"
AREA = "Security"
STATUSES = ("awaiting_consent", "consent_received", "submitted")
NARROWED = {"tab": AREA, "filters": {"status": STATUSES}}
"""Several statuses and a solution area, as the list remembers them."""

_SILENCE = 0.2
_FOUND = f"""
SELECT number
FROM claims JOIN customers ON customers.id = customer_id JOIN engagements ON engagements.id = engagement_id
WHERE (? OR (status IN {STATUSES} AND solution_area = '{AREA}')) AND customers.sort_name LIKE ?
ORDER BY claims.id {{}} LIMIT 1 OFFSET ?
"""


class List:
    """The Claims screen in a terminal, the latest claim first; it knows from the workspace what is to be seen."""

    def __init__(self, there: Terminal, workspace: Path, *, narrowed: bool) -> None:
        self._there = there
        with closing(sqlite3.connect(workspace)) as database:

            def number(like: str = "%", order: str = "DESC", behind: int = 0) -> str:
                return str(database.execute(_FOUND.format(order), [not narrowed, like, behind]).fetchone()[0])

            self._latest, self._first = number(), number(order="")
            self._rare = number(f"%{RARE}%", behind=3)  # not in view before: only what differs is painted
        there.wait_for(FIRST_ENGAGEMENT)
        there.settle(0.5)

    def open(self) -> float:
        return self._there.press(CLAIMS, seen=self._latest, silence=_SILENCE).seen_ms

    def close(self) -> None:
        self._there.press(ESCAPE, seen=FIRST_ENGAGEMENT, silence=_SILENCE)

    def page_down(self) -> float:
        return self._there.press(PAGE_DOWN, silence=_SILENCE).last_ms

    def end(self) -> float:
        return self._there.press(END, seen=self._first, silence=_SILENCE).last_ms

    def home(self) -> float:
        return self._there.press(HOME, seen=self._latest, silence=_SILENCE).last_ms

    def filtered(self) -> float:
        """Milliseconds from a letter typed into the filter to its rows."""
        self._there.press(FILTER, silence=_SILENCE)
        took = self._there.press(RARE, seen=self._rare, silence=_SILENCE).seen_ms
        self._there.press(ESCAPE, seen=self._latest, silence=_SILENCE)
        return took


Key = tuple[str, Callable[[List], float], float]

_KEYS: Sequence[Key] = [
    ("open to rows", List.open, 1.3),
    ("PageDown", List.page_down, 1.3),
    ("End", List.end, 1.3),
    ("Home", List.home, 1.3),
    ("a filter letter's rows", List.filtered, 3),
]
_NARROWED_KEYS: Sequence[Key] = [
    ("open to rows with three statuses and an area", List.open, 3),
    ("a filter letter's rows with three statuses and an area", List.filtered, 3),
]


def lists(runs: int, few: Path, many: Path) -> list[Goal]:
    """The Claims screen at 200,000 claims against 1,000, both open at once and pressed in turn."""
    return [
        *_measured(runs, few, many, _KEYS, narrowed=False),
        *_measured(runs, few, many, _NARROWED_KEYS, narrowed=True),
    ]


def _measured(runs: int, few: Path, many: Path, keys: Sequence[Key], *, narrowed: bool) -> list[Goal]:
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name, _key, _bound in keys}
    with ExitStack() as stack:
        for workspace in (many, few):
            _remember(workspace, NARROWED if narrowed else {})
        terminals = [(stack.enter_context(open_terminal(*APP, str(each))), each) for each in (many, few)]
        ours, theirs = (List(there, each, narrowed=narrowed) for there, each in terminals)
        for _run in range(runs):
            for name, key, _bound in keys:
                taken[name].append((key(ours), key(theirs)))
            for each in (ours, theirs):
                each.close()
    return [goal(f"Claims screen: {name}, 200,000 against 1,000", taken[name], bound) for name, _key, bound in keys]


def _remember(workspace: Path, kept: object) -> None:
    """What the list is to look like when it is opened."""
    with closing(sqlite3.connect(workspace)) as database, database:
        database.execute("DELETE FROM preferences")
        database.execute("INSERT INTO preferences VALUES (?, 'claims', ?)", [getpass.getuser(), json.dumps(kept)])
