"""`y` and `Y` on a list: a value or a row goes to the terminal's clipboard (OSC 52), and nothing else does."""

import base64
import re
from pathlib import Path

import pytest

from tests.conftest import LOGIN, NOW
from tests.operator import WIDE, Place
from tests.stories.test_hostile_names import EVERYTHING, harmful, poison
from tests.terminal_kit import Terminal, python

_COPIED = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def copied(output: str) -> list[str]:
    """What a terminal was asked to put on its clipboard."""
    return [base64.b64decode(payload).decode() for payload in _COPIED.findall(output)]


async def test_y_copies_the_claims_number_or_else_the_customers_name(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("y", "down", "y")
        assert operator.told() == [
            "Sent to the terminal's clipboard: CLM-000310",
            "Sent to the terminal's clipboard: Bergmann & Söhne GmbH",
        ]
        assert operator.app.clipboard == "Bergmann & Söhne GmbH"


async def test_capital_y_copies_the_row_its_cells_apart_by_tabs(workspace: Place) -> None:
    async with workspace.opened(size=WIDE) as operator:
        await operator.opens("Threat")
        await operator.presses("Y")
        cells = operator.app.clipboard.split("\t")
        assert cells[:3] == ["Aurelia Foods S.p.A.", "CLM-000310", "Wave 1 – aurelia"]
        assert cells[5:] == ["◐ Awaiting consent", "12 days · consent", "Resend email"]
        assert operator.told()[0].startswith(
            "Sent to the terminal's clipboard: Aurelia Foods S.p.A. · CLM-000310 · Wave"
        )


async def test_an_engagement_is_copied_by_its_name(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.presses("y")
        assert operator.app.clipboard == "Threat Protection Engagement"


async def test_where_letters_are_typed_nothing_is_copied(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.presses("slash", "y", "Y")
        operator.sees("yY")
        assert (operator.told(), operator.app.clipboard) == ([], "")


async def test_without_a_row_there_is_nothing_to_copy(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.presses("slash")
        await operator.types("zzz")
        await operator.presses("enter", "y", "Y")
        assert (operator.told(), operator.app.clipboard) == ([], "")


async def test_what_is_copied_does_no_harm_where_it_is_pasted(
    workspace: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(workspace, f"{EVERYTHING}\n\trm -rf /\r")
    written: list[str] = []
    async with workspace.opened(size=WIDE) as operator:
        await operator.opens("Threat")
        driver = operator.app._driver
        assert driver is not None
        monkeypatch.setattr(driver, "write", written.append)
        await operator.presses("Y", "down", "y", "Y")
    first, name, other = copied("".join(written))
    for text in (first, name, other):
        assert harmful(text.replace("\t", "")) == set()
        assert "\n" not in text
        assert "\r" not in text
    assert first.count("\t") == other.count("\t") == await columns(workspace) - 1
    assert name.startswith("Bergmann & Söhne GmbH gnp.exe")


async def columns(workspace: Place) -> int:
    """How many columns the list has."""
    async with workspace.opened(size=WIDE) as operator:
        await operator.opens("Threat")
        return len(operator.table.columns)


def test_a_real_terminal_is_asked_by_osc_52(workspace: Place, tmp_path: Path) -> None:
    home = {name: str(tmp_path) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    command = python("-m", "tests.stories.desk_host", str(workspace.path), LOGIN, NOW.isoformat())
    with Terminal(command, environ=home) as there:
        there.wait_for("CLM-")
        there.settle()
        there.send(b"y")
        there.wait_for("Sent to the terminal")
        there.settle()
        (text,) = copied(there.output.decode(errors="replace"))
        assert text.startswith("CLM-")
