"""How things are timed: processes in a terminal of one size, compiled bytecode in use."""

import atexit
import os
from collections.abc import Mapping, Sequence
from functools import cache
from tempfile import TemporaryDirectory

from tests.terminal_kit import Terminal, python

COLUMNS, ROWS = 120, 36


def open_terminal(*arguments: str) -> Terminal:
    """A Python program in a terminal of 120×36."""
    return Terminal(python(*arguments), columns=COLUMNS, rows=ROWS, environ=environ())


def environ() -> Mapping[str, str]:
    """What measured processes find set: no settings of the user's own, nothing that forbids compiled bytecode."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return {"PYTHONHASHSEED": "0", **dict.fromkeys(("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"), _nowhere())}


@cache
def _nowhere() -> str:
    """An empty folder for as long as the benchmarks run."""
    place = TemporaryDirectory(prefix="mci-tui-benchmarks-")
    atexit.register(place.cleanup)
    return place.name


def start(seen: Sequence[str], *arguments: str) -> list[float]:
    """Milliseconds from starting a program to each text of `seen`, standing in its output."""
    with open_terminal(*arguments) as there:
        for text in seen:
            there.wait_for(text)
        there.settle()
        return [(there.seen_at(text) - there.started) * 1000 for text in seen]
