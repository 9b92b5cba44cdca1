"""How the Claims and the Attention screen look, what lies over them, and the palette."""

from collections.abc import Awaitable, Callable, Mapping

import pytest
from textual.pilot import Pilot

from mci_tui.mail.transport import Delivery, Outcome
from tests.operator import SIZES, Operator, Place
from tests.stories.asking import leased, reminds, set_up_mail
from tests.stories.test_attention import add_forty


async def attention(operator: Operator) -> None:
    """What needs the operator, of every kind."""
    await operator.presses("1", "down")


async def attention_nothing(operator: Operator) -> None:
    """A kind of which there is nothing."""
    await operator.presses("1")
    await operator.types("/nobody")


async def claims(operator: Operator) -> None:
    """Every claim, the latest first."""
    await operator.presses("3", *["down"] * 3)


async def claims_filters(operator: Operator) -> None:
    """The box of filters."""
    await operator.presses("3", "f", "enter", "down", "space", "down", "space", "enter", *["down"] * 4)


async def claims_narrowed(operator: Operator) -> None:
    """The list as the filters leave it, with claims marked."""
    await claims_filters(operator)
    await operator.presses("escape", "space", "space")


async def claims_views(operator: Operator) -> None:
    """The saved views, with a name being typed."""
    await operator.presses("3", "v")
    await operator.types("Everything")
    await operator.presses("enter", "f", "enter", "space", "enter", "escape", "v", "tab")
    await operator.types("Not asked yet")
    await operator.presses("enter", "v", "tab")
    await operator.types("Mine")


async def claims_cancel(operator: Operator) -> None:
    """The question before several claims are cancelled."""
    await claims_narrowed(operator)
    await operator.presses("C")


async def palette(operator: Operator) -> None:
    """The palette, narrowed by typed letters."""
    await operator.presses("3", ":")
    await operator.types("c")


SCENES: Mapping[str, Callable[[Operator], Awaitable[None]]] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (
        attention,
        attention_nothing,
        claims,
        claims_filters,
        claims_narrowed,
        claims_views,
        claims_cancel,
        palette,
    )
}


@pytest.fixture
def desk(workspace: Place) -> Place:
    """The programme with forty claims more, and a mail that failed."""
    set_up_mail(workspace)
    with workspace.services() as services:
        reminds(services)
        services.outbox.settle(leased(services), Delivery(Outcome.REFUSED, "550 no such user"))
    add_forty(workspace)
    return workspace


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
def test_a_screen_looks_as_it_did(
    name: str, size: tuple[int, int], desk: Place, snap_compare: Callable[..., bool]
) -> None:
    app = desk.app()

    async def arrive(pilot: Pilot[None]) -> None:
        operator = Operator(app, pilot)
        await operator.settled()
        await SCENES[name](operator)

    assert snap_compare(app, terminal_size=size, run_before=arrive)
    desk.close()
