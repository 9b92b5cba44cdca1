"""Several people at one claim: what one may, what another did meanwhile, what was typed and left (S-1d, S-6)."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from mci_tui.domain.consent import Recorded
from mci_tui.services import Services
from tests.operator import Operator, Place
from tests.programme import MILANO
from tests.stories.ending import (
    ACTION,
    AWAITING,
    CONSENTED,
    REJECTED,
    REVIEWED,
    THREAT,
    opens_claim,
    prove,
)
from tests.stories.projects import narrows

CUSTOMERS = {AWAITING: "aurelia", CONSENTED: "étoile", ACTION: "заря", REJECTED: "שחר", REVIEWED: "fjord"}
"""Letters that find the customers of the claims."""


async def decides(operator: Operator) -> None:
    """Fills the box of a decision."""
    await operator.presses("D")
    await operator.bursts("space", "tab", "tab", *"Well done")


async def answers(operator: Operator) -> None:
    """Fills the box of an answer."""
    await operator.presses("A")
    await operator.bursts("space", "tab", *"Anna", "tab", *"by phone", "tab", "tab", *"Call of 10:15")


async def disputes(operator: Operator) -> None:
    """Fills the box of a dispute."""
    await operator.presses("enter")
    await operator.types("It was done")


async def proves(operator: Operator) -> None:
    """Fills the box of the last item of the checklist."""
    await operator.presses("enter", "end", "up", "enter")
    await operator.bursts("tab", *"Marco")


async def submits(operator: Operator) -> None:
    """Stands before the submission, all of whose proof is there."""
    await operator.presses("enter", "end")
    operator.sees("everything is there")


def accepted(others: Services) -> object:
    """The customer has said yes to a colleague."""
    return others.consent.record(Recorded(AWAITING, "accepted", "Anna", "by letter", "2026-11-20", "Letter of 20 Nov"))


@pytest.mark.parametrize(
    ("claim", "fills", "typed", "meanwhile", "stands"),
    [
        (REVIEWED, decides, "Well done", lambda others: others.deciding.decide(REVIEWED, "rejected", "No"), "Rejected"),
        (AWAITING, answers, "Call of 10:15", accepted, "Customer consent received"),
        (REJECTED, disputes, "It was done", None, "Rejected final"),
        (ACTION, proves, "Marco", lambda others: others.submitting.submit(ACTION), "Submitted"),
        (CONSENTED, submits, "", lambda others: others.deciding.cancel(CONSENTED, "Gone"), "Cancelled"),
    ],
    ids=["decided", "answered", "lapsed", "submitted", "cancelled"],
)
async def test_what_a_colleague_or_the_clock_did_meanwhile_is_said_and_nothing_is_done_by_halves(
    workspace: Place,
    tmp_path: Path,
    claim: str,
    fills: Callable[[Operator], Awaitable[None]],
    typed: str,
    meanwhile: Callable[[Services], object] | None,
    stands: str,
) -> None:
    """S-6a, S-6b: in one sentence, with what was typed still there; the page behind it shows how the claim stands"""
    if claim in (ACTION, CONSENTED):
        prove(workspace, claim, tmp_path)
    async with workspace.opened() as operator:
        await opens_claim(operator, CUSTOMERS[claim])
        await fills(operator)
        with workspace.services() as others:
            workspace.clock.passes(days=0 if meanwhile else 31)
            if meanwhile:
                meanwhile(others)
            page = others.claims.show(claim)
            await operator.presses("enter")
            operator.sees(f"▲ Claim {claim} is “{stands}” now: this cannot be done with it.", typed)
            assert others.claims.show(claim) == page
        while operator.where != "ClaimScreen":
            await operator.presses("escape")
        operator.sees(stands, "Esc Back")


@pytest.mark.parametrize(
    ("login", "keys"),
    [
        ("vera", {ACTION: "", AWAITING: "", REVIEWED: ""}),
        ("uma", {ACTION: "⏎ Submit claim ", AWAITING: "⏎ Resend email X Cancel claim ", REVIEWED: ""}),
    ],
)
async def test_the_page_of_a_claim_shows_nobody_a_key_that_is_not_theirs(
    workspace: Place, login: str, keys: dict[str, str]
) -> None:
    """S-1d: neither a viewer nor an Incentives user, whom pressing it all the same leads nowhere"""
    with workspace.books() as books:
        books.grant("uma", "incentives_user", MILANO)
    async with workspace.opened(login) as operator:
        await operator.opens(THREAT)
        for claim, shown in keys.items():
            await narrows(operator, CUSTOMERS[claim])
            await operator.presses("o")
            assert " ".join(operator.lines()[-1].split()) == f"{shown}Esc Back ? Keys"
            await operator.presses("A", "D", *[] if shown else ["enter", "X"])
            assert operator.where == "ClaimScreen"
            await operator.presses("escape")
        assert operator.told() == []


async def test_whoever_may_not_is_told_before_anything_is_typed(workspace: Place) -> None:
    """S-1d, S-5h: by the list, and where the workspace takes no recorded answers"""
    async with workspace.opened("vera") as operator:
        await operator.opens(THREAT)
        for number, customer in enumerate(("заря", "שחר"), 1):
            await narrows(operator, customer)
            await operator.presses("enter")
            assert operator.where == "CustomersScreen"
            assert len(operator.told()) == number
            assert operator.told()[-1].startswith("This needs the role incentives_admin / incentives_user (1234567)")
    with workspace.services() as services:
        services.settings.set("allow_recorded_answers", "false")
    async with workspace.opened() as operator:
        await opens_claim(operator, "aurelia")
        await operator.presses("A")
        assert operator.where == "ClaimScreen"
        assert operator.told()[0].startswith("This workspace takes answers from customers alone")


async def test_what_was_typed_into_a_box_is_kept_and_offered_until_it_is_used(workspace: Place) -> None:
    """By F10 as by Esc; where nothing was typed, nothing is kept"""
    async with workspace.opened() as operator:
        await opens_claim(operator, "fjord")
        await operator.presses("D", "escape", "D")
        operator.sees("Record decision", "( ) Approved", "Esc Leave, keep draft")
        await operator.presses("down", "space", "tab", "tab")
        await operator.types("All is")
        await operator.presses("f10")
        assert operator.where == "ClaimScreen"
        await operator.presses("D")
        operator.sees("A draft of this wizard is kept from 23 Nov 2026, 10:30. Go on with it?")
        await operator.presses("enter")
        operator.sees("(●) Approved", "All is")
        await operator.presses("tab", "tab")
        await operator.types(" well")
        await operator.presses("escape", "D", "enter")
        operator.sees("All is well")
        await operator.presses("enter")
        operator.sees("Decision recorded")
    with workspace.services() as services:
        assert services.memory.draft(f"decide {REVIEWED}") is None
        assert services.claims.show(REVIEWED).history[-1].note == "All is well"
