"""How the pipeline and the referrals look, at the two sizes that the screens are made for."""

from collections.abc import Awaitable, Callable, Mapping

import pytest
from textual.pilot import Pilot

from tests.operator import SIZES, Operator, Place
from tests.stories.figures import looks_at_the_pipeline, make_half_a_year
from tests.stories.referring import looks_at_referrals, refer


async def pipeline_by_status(operator: Operator) -> None:
    """Every status with its bar, and what is at stake."""
    await looks_at_the_pipeline(operator)


async def pipeline_by_week(operator: Operator) -> None:
    """The new claims of half a year."""
    await looks_at_the_pipeline(operator)
    await operator.presses("right")


async def pipeline_approvals(operator: Operator) -> None:
    """The last series, which has few."""
    await pipeline_by_week(operator)
    await operator.presses("up")


async def pipeline_deadlines(operator: Operator) -> None:
    """What lapses soon, and how customers answer."""
    await looks_at_the_pipeline(operator)
    await operator.presses("left")


async def referrals(operator: Operator) -> None:
    """The list."""
    await looks_at_referrals(operator)


async def referral(operator: Operator) -> None:
    """One that stayed partner-led."""
    await looks_at_referrals(operator)
    await operator.presses("down", "enter")


SCENES: Mapping[str, Callable[[Operator], Awaitable[None]]] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (pipeline_by_status, pipeline_by_week, pipeline_approvals, pipeline_deadlines, referrals, referral)
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
def test_a_screen_looks_as_it_did(
    name: str, size: tuple[int, int], workspace: Place, snap_compare: Callable[..., bool]
) -> None:
    if name.startswith("pipeline"):
        make_half_a_year(workspace)
    else:
        refer(workspace)
    app = workspace.app()

    async def arrive(pilot: Pilot[None]) -> None:
        operator = Operator(app, pilot)
        await operator.settled()
        await SCENES[name](operator)

    assert snap_compare(app, terminal_size=size, run_before=arrive)
    workspace.close()


def test_whoever_lacks_the_role_is_told_calmly(workspace: Place, snap_compare: Callable[..., bool]) -> None:
    """S-1c"""
    app = workspace.app("vera")

    async def arrive(pilot: Pilot[None]) -> None:
        operator = Operator(app, pilot)
        await operator.settled()
        await looks_at_referrals(operator)

    assert snap_compare(app, terminal_size=(80, 24), run_before=arrive)
    workspace.close()
