"""The goals, what was measured, and the page that says both."""

import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median


@dataclass(frozen=True)
class Goal:
    """One row: the bound, what was measured, and what it is measured against: single readings in `unit`.

    The bound is on the ratio of their medians; with nothing to measure against, on the median itself.
    """

    name: str
    unit: str
    bound: float
    measured: Sequence[float]
    against: Sequence[float] = ()
    at_least: bool = False

    @property
    def figure(self) -> float:
        """The ratio of the medians, or the median."""
        return median(self.measured) / (median(self.against) if self.against else 1)

    @property
    def holds(self) -> bool:
        """Whether the figure keeps the bound."""
        return self.figure >= self.bound if self.at_least else self.figure <= self.bound

    def row(self) -> str:
        """The goal as a row of the table."""
        sign = "≥" if self.at_least else "≤"
        if self.against:
            sides = f"{_amount(self.measured, self.unit)} | {_amount(self.against, self.unit)}"
            figure, bound = f"{self.figure:.2f}×", f"{sign} {self.bound:g}×"
        else:
            sides = f"{_amount(self.measured, self.unit)} | "
            figure, bound = f"{self.figure:.0f}", f"{sign} {self.bound:g} {self.unit}"
        return f"| {self.name} | {sides} | {figure} | {bound} | {'holds' if self.holds else '**does not hold**'} |"


def _amount(readings: Sequence[float], unit: str) -> str:
    middle = median(readings)
    return f"{middle:.1f} {unit}" if middle < 100 else f"{middle:.0f} {unit}"


def page(goals: Sequence[Goal], runs: int) -> str:
    """`docs/benchmarks.md`."""
    used = ", ".join(f"{name} {version(name)}" for name in ("textual", "sqlalchemy"))
    kept = sum(goal.holds for goal in goals)
    rows = "\n".join(goal.row() for goal in goals)
    return f"""# How quick it is

Written by `make bench`; {kept} of {len(goals)} goals hold. Milliseconds are this machine's and swing with what else it
does; the ratios are what counts.

| What | Measured (median) | Against (median) | Ratio | Goal | |
|---|---|---|---|---|---|
{rows}

## How it was measured

- Through a real pseudo-terminal of 120×36 that answers Textual's query for synchronised output. Bytecode was compiled
  beforehand. Data is in the page cache.
- *Start*: from starting the process to the chunk of output that completes the expected text; {runs} starts of each
  kind, in turn. *Minimal app*: a `Static` and a `DataTable` of 50 rows (`benchmarks/peers.py`), until its rows stand.
- *Keys*: both sides are open at the same time and pressed in turn. PageDown, End, Home and Down are timed from writing
  the key to the last byte that comes of it (80 or 200 ms of silence end a paint); opening, the tab switch and the
  filter's rows to the chunk of output that shows the first row; the echo to the first byte.
- *100,000 against 1,000*: the Customers page of one engagement in two SQLite workspaces of 50 engagements, with so many
  known customers, each with one consented claim (`benchmarks/seed.py`).
- *200,000 against 1,000*: the Claims screen in two SQLite workspaces of 50 engagements, with two claims for each
  customer in seven statuses, the latest claim first. With three statuses and a solution area it is the list that an
  operator had narrowed to those before.
- *Floor*: the least that a Textual app can do, one widget of one line painted anew at each key.
- *Adding a claim*: `claims add` as the wizard calls it, against writing the rows that it wrote by plain `sqlite3`, one
  transaction a claim in both, with the same journal and `synchronous`, into copies of the same workspace.
- Versions: Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {used}; {platform.machine()}.
"""
