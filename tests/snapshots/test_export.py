"""How the box of *Export* looks, at the two sizes that the screens are made for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.operator import SIZES, Operator, Place


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_screen_looks_as_it_did(
    size: tuple[int, int], workspace: Place, monkeypatch: pytest.MonkeyPatch, snap_compare: Callable[..., bool]
) -> None:
    monkeypatch.setattr(Path, "cwd", lambda: Path("/home/mrossi/nominations"))
    app = workspace.app()

    async def arrive(pilot: Pilot[None]) -> None:
        operator = Operator(app, pilot)
        await operator.settled()
        await operator.opens("Threat")
        await operator.presses("x", "down", "space", "tab", "tab", "end", "ctrl+u")
        await operator.types("none/customers.xlsx")
        await operator.presses("enter")

    assert snap_compare(app, terminal_size=size, run_before=arrive)
    workspace.close()
