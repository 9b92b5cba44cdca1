"""How the screens look, at the two sizes that they are made for. To accept a change: `pytest --snapshot-update`."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.operator import SIZES, Operator, Place
from tests.scenes import SCENES
from tests.snapshots.conftest import PINNED, why_not_update


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
def test_a_screen_looks_as_it_did(
    name: str, size: tuple[int, int], workspace: Place, snap_compare: Callable[..., bool]
) -> None:
    app = workspace.app()

    async def arrive(pilot: Pilot[None]) -> None:
        operator = Operator(app, pilot)
        await operator.settled()
        await SCENES[name](operator)

    assert snap_compare(app, terminal_size=size, run_before=arrive)
    workspace.close()


def test_pictures_are_not_taken_anew_with_other_versions() -> None:
    assert why_not_update({**PINNED}) == ""
    assert "textual 9.0.0" in why_not_update({**PINNED, "textual": "9.0.0"})
    assert "python 3.14" in why_not_update({**PINNED, "python": "3.14"})
