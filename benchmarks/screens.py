"""The screens, timed through a pseudo-terminal."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from benchmarks import peers
from benchmarks.measure import open_terminal, start
from benchmarks.report import Goal
from benchmarks.seed import RARE
from tests.terminal_kit import DOWN, END, ENTER, ESCAPE, HOME, PAGE_DOWN, Paint, Terminal

APP = ("-m", "mci_tui", "--workspace")
FRAME = "MCI"
FIRST_ENGAGEMENT = "Offer 00"
FILTER, NEXT_TAB, LAST_TAB = "/", b"\x1b[C", b"\x1b[D"
DOWNS = 12
"""Down keys pressed before Home: few enough to stay in the page."""

_SILENCE = 0.2
_FIRST = """
SELECT name FROM standing JOIN customers ON customers.id = customer_id
WHERE engagement_id = 1 AND tab = ? AND customers.sort_name LIKE ? ORDER BY customers.sort_name {} LIMIT 1
"""


def starts(runs: int, workspace: Path) -> list[Goal]:
    """The first screen's frame and rows against the smallest app with a list."""
    frames, rows, minimal = [], [], []
    for _run in range(runs):
        frame, row = start([FRAME, FIRST_ENGAGEMENT], *APP, str(workspace))
        frames.append(frame)
        rows.append(row)
        minimal += start([peers.TABLE_SEEN], "-m", "benchmarks.peers", "table")
    return [
        Goal("First screen: frame, against the minimal app", "ms", 1.0, frames, minimal),
        Goal("First screen: rows, against the minimal app", "ms", 1.7, rows, minimal),
    ]


class Page:
    """The Customers page of the first engagement in a terminal; it knows from the workspace what is to be seen."""

    def __init__(self, there: Terminal, workspace: Path) -> None:
        self._there = there
        with closing(sqlite3.connect(workspace)) as database:

            def name(tab: int, like: str = "%", order: str = "") -> str:
                return str(database.execute(_FIRST.format(order), [tab, like]).fetchone()[0])

            self._first, self._last = name(0), name(0, order="DESC")
            self._refused, self._rare = name(1), name(0, f"%{RARE}%")
        there.wait_for(FIRST_ENGAGEMENT)
        there.settle(0.5)

    def open(self) -> float:
        """Opens the page from the list of engagements."""
        return self._press(ENTER, self._first).seen_ms

    def close(self) -> None:
        """Goes back to the list of engagements."""
        self._press(ESCAPE)

    def page_down(self) -> float:
        return self._press(PAGE_DOWN).last_ms

    def end(self) -> float:
        return self._press(END, self._last).last_ms

    def home(self) -> float:
        return self._press(HOME, self._first).last_ms

    def other_tab(self) -> float:
        took = self._press(NEXT_TAB, self._refused).seen_ms
        self._press(LAST_TAB, self._first)
        return took

    def echo(self) -> float:
        """Milliseconds from a letter typed into the filter to what first comes of it."""
        return self._filter().first_ms

    def filtered(self) -> float:
        """Milliseconds from a letter typed into the filter to its rows."""
        return self._filter().seen_ms

    def down(self) -> Paint:
        return self._there.press(DOWN)

    def _filter(self) -> Paint:
        self._press(FILTER)
        paint = self._press(RARE, self._rare)
        self._press(ESCAPE, self._first)
        return paint

    def _press(self, keys: str | bytes, seen: str = "") -> Paint:
        return self._there.press(keys, seen=seen, silence=_SILENCE)


_KEYS: Sequence[tuple[str, Callable[[Page], float], float]] = [
    ("open to rows", Page.open, 1.3),
    ("PageDown", Page.page_down, 1.3),
    ("End", Page.end, 1.3),
    ("Home", Page.home, 1.3),
    ("tab switch", Page.other_tab, 1.3),
    ("a filter letter's echo", Page.echo, 1.3),
    ("a filter letter's rows", Page.filtered, 3),
]


def pages(runs: int, small: Path, big: Path) -> list[Goal]:
    """The Customers page at 100,000 known customers against 1,000, both open at once and pressed in turn."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name, _key, _bound in _KEYS}
    with ExitStack() as stack:
        ours, theirs = (Page(stack.enter_context(open_terminal(*APP, str(each))), each) for each in (big, small))
        for _run in range(runs):
            for name, key, _bound in _KEYS:
                taken[name].append((key(ours), key(theirs)))
            for page in (ours, theirs):
                page.close()
    return [goal(f"Customers page: {name}, 100,000 against 1,000", taken[name], bound) for name, _key, bound in _KEYS]


def downs(runs: int, workspace: Path) -> list[Goal]:
    """A Down key in the page against the least that a Textual app can do, and the bytes that it writes."""
    ours: list[Paint] = []
    floor: list[Paint] = []
    with open_terminal(*APP, str(workspace)) as there, open_terminal("-m", "benchmarks.peers", "line") as line:
        line.wait_for(peers.LINE_SEEN)
        page = Page(there, workspace)
        page.open()
        line.settle(0.5)
        for _run in range(runs):
            for _key in range(DOWNS):
                ours.append(page.down())
                floor.append(line.press(DOWN))
            page.home()
    sizes = [float(paint.size) for paint in ours]
    return [
        goal(
            "A Down key in the page, against the floor",
            [(us.last_ms, least.last_ms) for us, least in zip(ours, floor, strict=True)],
            1.5,
        ),
        Goal("A Down key in the page: bytes written", "bytes", 500, sizes),
    ]


def goal(name: str, pairs: Sequence[tuple[float, float]], bound: float) -> Goal:
    """The readings of both sides, taken in turn."""
    return Goal(name, "ms", bound, [ours for ours, _against in pairs], [against for _ours, against in pairs])
