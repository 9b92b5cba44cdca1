"""How *Request customer* and variable pay look, at the two sizes that the screens are made for."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.factories import guid
from tests.operator import SIZES, Operator, Place
from tests.stories.projects import bring_projects, finds, requests
from tests.stories.wizard import names_the_contact, reaches


async def request_claim(operator: Operator) -> None:
    """Step 1 of *Request customer*."""
    await finds(operator, "CRM", "corvara")
    await operator.presses("enter")
    await operator.types("Wave 3")


async def request_engagements(operator: Operator) -> None:
    """Step 2, where an engagement of variable pay has taken the place of the others."""
    await finds(operator, "Threat", "falkenried")
    await requests(operator)
    await operator.types("CRM")
    await operator.presses("space")


async def request_opportunity(operator: Operator) -> None:
    """The extra step of variable pay, with hours that are none."""
    await finds(operator, "CRM", "corvara")
    await requests(operator)
    await operator.presses("enter", "tab")
    await operator.types("1,5")
    await operator.presses("enter")


async def request_review(operator: Operator) -> None:
    """The last look, with the payout and its limiting term."""
    await finds(operator, "CRM", "corvara")
    await requests(operator)
    await operator.presses("enter", "tab")
    await operator.types("24")
    await operator.presses("enter", "enter", "pagedown")


async def requested(operator: Operator) -> None:
    """The confirmation."""
    await request_review(operator)
    await operator.presses("enter")


async def claim_of_variable_pay(operator: Operator) -> None:
    """The claim that came of it."""
    await requested(operator)
    await operator.presses("enter", "o")


async def add_hours(operator: Operator) -> None:
    """Step 3 of *Add customer* by an opportunity."""
    await operator.opens("CRM")
    await reaches(operator, "engagements", "msx", "7-NEW0001")
    await operator.types("30")


async def add_review_of_variable_pay(operator: Operator) -> None:
    """The last look at it."""
    await add_hours(operator)
    await operator.presses("enter")
    await names_the_contact(operator)
    await operator.presses("pagedown")


async def add_known_customer(operator: Operator) -> None:
    """Step 3 for a customer who is to be requested instead."""
    await operator.opens("Threat")
    await reaches(operator, "engagements", "tenant", guid(7))


SCENES: Mapping[str, Callable[[Operator], Awaitable[None]]] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (
        request_claim,
        request_engagements,
        request_opportunity,
        request_review,
        requested,
        claim_of_variable_pay,
        add_hours,
        add_review_of_variable_pay,
        add_known_customer,
    )
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
def test_a_screen_looks_as_it_did(
    name: str, size: tuple[int, int], workspace: Place, tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    bring_projects(workspace, tmp_path)
    app = workspace.app()

    async def arrive(pilot: Pilot[None]) -> None:
        operator = Operator(app, pilot)
        await operator.settled()
        await SCENES[name](operator)

    assert snap_compare(app, terminal_size=size, run_before=arrive)
    workspace.close()
