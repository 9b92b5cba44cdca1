"""How the boxes look that carry a claim to its end, and the page of a claim that has come there."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from mci_tui.domain.submission import Survey
from tests.operator import SMALL, WIDE, Operator, Place
from tests.stories.ending import CONSENTED, REVIEWED, THREAT, opens_claim, prove, write_proof
from tests.stories.projects import finds


async def checklist(operator: Operator) -> None:
    """Some items there, some missing, and what the review wrote."""
    await finds(operator, THREAT, "fjord")
    await operator.presses("enter")


async def checklist_refused(operator: Operator) -> None:
    """The same after an attempt to submit."""
    await checklist(operator)
    await operator.presses("end", "enter")


async def proof_survey(operator: Operator) -> None:
    """A survey, with all that is wrong with it."""
    await checklist(operator)
    await operator.presses("end", "up", "enter", "tab", "tab", "ctrl+u")
    await operator.pastes("24.11.2026")
    await operator.presses("enter")


async def proof_file(operator: Operator) -> None:
    """A file in the place of another, that is not there."""
    await checklist(operator)
    await operator.presses("enter")
    await operator.pastes("/mnt/scans/Invoice 2026-119.pdf")
    await operator.presses("enter")


async def decide(operator: Operator) -> None:
    """A decision, with all that is wrong with it."""
    await opens_claim(operator, "星影")
    await operator.presses("D", "tab", "ctrl+u")
    await operator.pastes("2026-12-24")
    await operator.presses("enter")


async def answer(operator: Operator) -> None:
    """An answer to record, of which nothing is known yet."""
    await opens_claim(operator, "aurelia")
    await operator.presses("A")


async def answer_refused(operator: Operator) -> None:
    """The same with all that is missing: more than a low terminal has room for."""
    await answer(operator)
    await operator.presses("enter")


async def dispute(operator: Operator) -> None:
    """Why a rejection is disputed."""
    await opens_claim(operator, "שחר")
    await operator.presses("enter")
    await operator.types("The invoice was sent in time")


async def cancel(operator: Operator) -> None:
    """The question before a claim is cancelled."""
    await opens_claim(operator, "aurelia")
    await operator.presses("X")


async def cancel_reason(operator: Operator) -> None:
    """Why it is."""
    await cancel(operator)
    await operator.presses("up", "space", "enter")


async def approved(operator: Operator) -> None:
    """The page of an approved claim."""
    await finds(operator, THREAT, "étoile")
    await operator.presses("right", "right", "o")


async def approved_history(operator: Operator) -> None:
    """Its end."""
    await approved(operator)
    await operator.presses("end")


SCENES: tuple[tuple[Callable[[Operator], Awaitable[None]], tuple[int, int]], ...] = (
    (checklist, SMALL),
    (checklist_refused, SMALL),
    (checklist_refused, WIDE),
    (proof_survey, SMALL),
    (proof_survey, WIDE),
    (proof_file, SMALL),
    (decide, SMALL),
    (decide, WIDE),
    (answer, SMALL),
    (answer, WIDE),
    (answer_refused, SMALL),
    (dispute, SMALL),
    (cancel, SMALL),
    (cancel, WIDE),
    (cancel_reason, SMALL),
    (cancel_reason, WIDE),
    (approved, SMALL),
    (approved, WIDE),
    (approved_history, SMALL),
)


@pytest.fixture
def desk(workspace: Place, tmp_path: Path) -> Place:
    """The programme, with a claim of which the review wants more, and one that is approved."""
    (invoice,) = write_proof(tmp_path, "Invoice 2026-118.pdf")
    prove(workspace, CONSENTED, tmp_path)
    with workspace.services() as services:
        services.deciding.decide(REVIEWED, "action_required", "The invoice shows no date, the surveys are missing")
        services.submitting.attach(REVIEWED, {"invoice": invoice, "poe": invoice})
        services.submitting.record(REVIEWED, Survey("customer_survey", "Søren Dahl", "2026-11-20"))
        workspace.clock.passes(hours=2)
        services.submitting.submit(CONSENTED)
        services.deciding.decide(CONSENTED, "under_review", "Received by the review team")
        services.deciding.decide(CONSENTED, "approved", "All is well; paid out in December")
    return workspace


@pytest.mark.parametrize(
    ("scene", "size"), SCENES, ids=[f"{scene.__name__.replace('_', '-')}-{w}x{h}" for scene, (w, h) in SCENES]
)
def test_a_screen_looks_as_it_did(
    scene: Callable[[Operator], Awaitable[None]], size: tuple[int, int], desk: Place, snap_compare: Callable[..., bool]
) -> None:
    app = desk.app()

    async def arrive(pilot: Pilot[None]) -> None:
        operator = Operator(app, pilot)
        await operator.settled()
        await scene(operator)

    assert snap_compare(app, terminal_size=size, run_before=arrive)
    desk.close()
