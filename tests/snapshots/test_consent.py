"""How asking for consent and the Mail screen look."""

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from mci_tui.mail.transport import Delivery, Outcome
from tests.operator import SMALL, WIDE, Operator, Place
from tests.stories.asking import asks, leased, reaches, reminds, set_up_mail


async def send_contacts(operator: Operator) -> None:
    """Step 1 of *Send customer consent email*, with an address to confirm."""
    await reaches(operator, "contacts")
    await operator.presses("tab", "ctrl+u")
    await operator.types("info@oneill.example.com")
    await operator.presses("enter")


async def send_deal(operator: Operator) -> None:
    """Step 2, with a deal size that is none."""
    await reaches(operator, "deal")
    await operator.types("25,000")
    await operator.presses("enter")


async def send_review(operator: Operator) -> None:
    """Step 3 as it comes up."""
    await reaches(operator, "review")


async def send_disclaimer(operator: Operator) -> None:
    """Its end, with the box not ticked."""
    await reaches(operator, "review")
    await operator.presses("enter")


async def mails_failed(operator: Operator) -> None:
    """The Mail screen, where something has failed."""
    await operator.presses("M", "right")


SCENES: tuple[tuple[Callable[[Operator], Awaitable[None]], tuple[int, int]], ...] = (
    (send_contacts, SMALL),
    (send_deal, SMALL),
    (send_review, SMALL),
    (send_review, WIDE),
    (send_disclaimer, SMALL),
    (mails_failed, SMALL),
    (mails_failed, WIDE),
)


@pytest.mark.parametrize(
    ("scene", "size"), SCENES, ids=[f"{scene.__name__.replace('_', '-')}-{w}x{h}" for scene, (w, h) in SCENES]
)
def test_a_screen_looks_as_it_did(
    scene: Callable[[Operator], Awaitable[None]],
    size: tuple[int, int],
    workspace: Place,
    snap_compare: Callable[..., bool],
) -> None:
    set_up_mail(workspace)
    if scene is mails_failed:
        _fails(workspace)
    app = workspace.app()

    async def arrive(pilot: Pilot[None]) -> None:
        operator = Operator(app, pilot)
        await operator.settled()
        await scene(operator)

    assert snap_compare(app, terminal_size=size, run_before=arrive)
    workspace.close()


def _fails(place: Place) -> None:
    """One mail that the server refused, and one of which nobody knows whether it arrived."""
    with place.services() as services:
        asks(services)
        services.outbox.settle(leased(services), Delivery(Outcome.REFUSED, "550 5.1.1 no such user here"))
        reminds(services)
        services.outbox.settle(leased(services), Delivery(Outcome.UNKNOWN, ""))
