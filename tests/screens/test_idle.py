"""Nobody writes and no key is pressed: whatever the screens look for, not a byte goes to the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.operator import Place
from tests.terminal_kit import ENTER, Terminal, python

MANY = 20
"""Looks that a screen takes while nothing may be painted."""

WAY: dict[str, tuple[bytes | str, str]] = {
    "attention": (b"", "the most urgent first"),
    "engagements": (b"2", "Threat Protection"),
    "customers": (ENTER, "Corvara Distribuzione"),
    "a claim": ("o", "Friendly name"),
    "customers again": ("q", "Corvara Distribuzione"),
    "an empty list": ("/zzz", "Nothing matches"),
}
"""The way from screen to screen: what is typed, and what is to be seen then."""


@contextmanager
def program(place: Place, looks: Path, how: str) -> Iterator[Terminal]:
    home = str(place.path.parent)
    command = python("-m", "tests.screens.watching_host", str(place.path), NOW.isoformat(), str(looks), how)
    with Terminal(command, environ={"HOME": home, "XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home}) as there:
        yield there


def looks_on(there: Terminal, looks: Path) -> None:
    """Reads on while the program looks `MANY` times."""
    until = (looks.stat().st_size if looks.exists() else 0) + MANY
    while not looks.exists() or looks.stat().st_size < until:
        there.read(0.02)
        assert not there.ended(), there.text()[-2000:]


def written(place: Place, looks: Path, how: str) -> dict[str, bytes]:
    """What the terminal is written on each screen while nothing happens there."""
    found = {}
    with program(place, looks, how) as there:
        for screen, (keys, seen) in WAY.items():
            since = len(there.output) if keys else 0
            there.send(keys)
            there.wait_for(seen, since=since)
            looks_on(there, looks)
            before = len(there.output)
            looks_on(there, looks)
            found[screen] = there.output[before:]
    return found


@pytest.mark.parametrize("how", ["calm", "restless"])
def test_a_screen_that_looks_and_finds_the_same_writes_no_byte(how: str, workspace: Place, tmp_path: Path) -> None:
    assert written(workspace, tmp_path / "looks", how) == dict.fromkeys(WAY, b"")


def test_a_list_that_were_painted_whole_would_be_told(workspace: Place, tmp_path: Path) -> None:
    """The negative control."""
    assert written(workspace, tmp_path / "looks", "wasteful")["engagements"] != b""
