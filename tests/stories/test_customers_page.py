"""The Customers page as an operator looks at it."""

import asyncio
from threading import Event

import pytest

from mci_tui.services.memory import Memory
from tests.operator import SIZES, SMALL, WIDE, Place

FIRST = "Aurelia Foods S.p.A."


@pytest.mark.parametrize("size", SIZES)
async def test_three_tabs_stand_side_by_side_each_with_its_count_and_its_rows(
    workspace: Place, size: tuple[int, int]
) -> None:
    """S-2a, S-2b"""
    async with workspace.opened(size=size) as operator:
        await operator.opens("Threat")
        operator.sees("Eligible 13 Not eligible 7 Complete 3")
        assert len(operator.rows()) == 13
        assert "○ Known" in operator.row("Corvara")
        assert "Request" in operator.row("Corvara")
        assert operator.row("שחר").startswith("שחר מערכות בע״מ CLM-000315")
        await operator.presses("right")
        assert len(operator.rows()) == 7
        await operator.presses("l")
        assert len(operator.rows()) == 3
        await operator.presses("right")
        assert len(operator.rows()) == 13
        await operator.presses("left", "h")
        assert len(operator.rows()) == 7


async def test_every_reason_stands_in_words_below_the_list_and_follows_the_cursor(workspace: Place) -> None:
    """S-2c"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("right")
        assert operator.row("Café [Noir]").endswith("fewer than 300 paid seats (+1 more)")
        operator.sees("▲ fewer than 300 paid seats ▲ public bodies have an offer of their own")
        await operator.presses("down", "down")
        operator.sees(f"▲ seats is not known for Tenant ID {'00000009-0000-4000-8000-000000000009'}")
        operator.does_not_see("▲ public bodies")
        await operator.presses("left", "right")
        operator.sees("▲ fewer than 300 paid seats")


async def test_a_key_that_can_do_nothing_says_why(workspace: Place) -> None:
    """S-2h, S-3a"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("slash", *"corvara", "enter", "o")
        await operator.presses("slash", "escape", "right", "a", "enter", "o")
        assert [sentence.partition(":")[0] for sentence in operator.told()] == [
            "There is no claim to open yet",
            "Customers are added on the Eligible tab",
        ]
        assert operator.where == "CustomersScreen"


async def test_an_engagement_by_msx_opportunity_alone_shows_one_sentence_and_no_details(workspace: Place) -> None:
    """S-2d"""
    async with workspace.opened() as operator:
        await operator.opens("ERP")
        await operator.presses("right")
        assert operator.rows() == []
        operator.sees("This engagement takes customers by MSX opportunity ID alone")


async def test_a_claim_at_its_end_opens_by_its_number(workspace: Place) -> None:
    """S-2e"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("right", "right", "down", "o")
        operator.sees("CLM-000318", "Cancelled", "Dávila Hermanos", "Ended 12 Sep 2026")
        await operator.presses("end")
        operator.sees("brought along")
        await operator.presses("escape")
        assert operator.row("Dávila").startswith("Dávila Hermanos CLM-000318 – Cancelled")


async def test_typed_letters_narrow_the_list_at_once_and_esc_clears_the_filter(workspace: Place) -> None:
    """S-2i: customer, claim ID, friendly name, ID value, contact's e-mail"""
    found = {
        "emeraude": "L'Étoile",
        "ναυτ": "Ελληνική",
        "000313": "星影食品",
        "wave 1 – zarya": "ООО",
        "0000000c-0000": "שחר",
        "anna.bianchi@oneill": "O'Neill",
        "O'N": "O'Neill",
    }
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        for typed, beginning in found.items():
            await operator.presses("slash")
            await operator.types(typed)
            assert [row[: len(beginning)] for row in operator.rows()] == [beginning], typed
            operator.sees("1 of 1")
            await operator.presses("escape")
            assert len(operator.rows()) == 13
        await operator.presses("slash")
        await operator.types("%_['")
        operator.sees("Nothing matches the filter.", "Eligible 13")


async def test_rows_can_be_sorted_by_customer_claim_status_and_due_both_ways(workspace: Place) -> None:
    """S-2i: what has no value stands last either way"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        seen = []
        for key in ("s", "s", "s", "S", "s"):
            await operator.presses(key)
            order = [row.split("  ")[0] for row in operator.rows()]
            seen.append((operator.line_with("sorted by").split("sorted by ")[1].split("  ")[0], order[0], order[-1]))
        assert seen == [
            ("claim ID ↑", FIRST, "Ελληνική Ναυτιλία ΑΕ"),
            ("status ↑", "O'Neill & Sons", "Ελληνική Ναυτιλία ΑΕ"),
            ("due ↑", "O'Neill & Sons", "星影食品株式会社"),
            ("due ↓", "שחר מערכות בע״מ", "星影食品株式会社"),
            ("customer ↑", FIRST, "星影食品株式会社"),
        ]


async def test_sort_filter_and_columns_are_as_they_were_on_the_next_opening(workspace: Place) -> None:
    """S-2i"""
    async with workspace.opened(size=WIDE) as operator:
        await operator.opens("Threat")
        operator.sees("Friendly name")
        await operator.presses("s", "S", "c")
        operator.sees("[x] Friendly name")
        await operator.presses("down", "space", "enter")
        operator.does_not_see("Friendly name")
        await operator.presses("slash")
        await operator.types("wave 1")
        await operator.presses("enter")
        before = operator.lines()
        assert len(operator.rows()) == 7
    async with workspace.opened(size=WIDE) as operator:
        await operator.opens("Threat")
        assert operator.lines() == before
        await operator.presses("escape")
        await operator.opens("Cloud Mig")
        operator.sees("sorted by claim ID ↓")
        operator.does_not_see("filter:", "Friendly name")
    async with workspace.opened("vera", WIDE) as colleague:
        await colleague.opens("Threat")
        colleague.sees("sorted by customer ↑", "Friendly name")
        colleague.does_not_see("filter:")


async def test_the_list_is_read_again_when_asked_and_the_cursor_stays_with_its_customer(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("down", "down")
        operator.sees("3 of 13")
        with workspace.books() as books:
            books.known("Alba Nuova", 1, number=900, seats=400, segment="small")
        await operator.presses("r")
        assert operator.row("Alba Nuova").startswith("Alba Nuova – ○ Known")
        operator.sees("4 of 14", "Eligible 14")


async def test_an_engagement_tells_all_about_itself(workspace: Place) -> None:
    async with workspace.opened(size=WIDE) as operator:
        await operator.presses("i")
        operator.sees("Threat Protection Engagement", "1 Jul 2026 to 30 Jun 2027", "2 of 2 enrolled ones are eligible")
        operator.sees("8,000 USD", "30 days from the day the claim is made", "at most 1 for one customer")
        await operator.presses("end")
        operator.sees("fewer than 300 paid seats", "proof of execution", "https://guides.example.com")
        await operator.presses("enter")
        assert operator.where == "CustomersScreen"
        await operator.presses("i", "escape")
        assert operator.where == "CustomersScreen"


@pytest.mark.parametrize(("keys", "opened"), [("aa", "WizardScreen"), ("aci", "WizardScreen"), ("oi", "ClaimScreen")])
async def test_keys_that_come_before_what_they_open_open_nothing_else(keys: str, opened: str, workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.bursts(*keys)
        assert [type(screen).__name__ for screen in operator.app.screen_stack[2:]] == [opened]


async def test_however_slow_the_workspace_is_one_key_opens_one_wizard(
    workspace: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Event()

    def no_draft(_memory: Memory, _wizard: str) -> None:
        gate.wait(20)

    monkeypatch.setattr(Memory, "draft", no_draft)
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        hasty = asyncio.create_task(operator.bursts(*"aaci"))
        await operator.hands_over(4)
        gate.set()
        await hasty
        assert [type(screen).__name__ for screen in operator.app.screen_stack[2:]] == ["WizardScreen"]


async def test_a_terminal_of_any_size_shows_what_it_can(workspace: Place) -> None:
    async with workspace.opened(size=(120, 36)) as operator:
        await operator.opens("Threat")
        for size in (SMALL, (40, 10), (20, 5), (200, 60)):
            await operator.pilot.resize_terminal(*size)
            await operator.settled()
            assert all(len(line) <= size[0] for line in operator.lines())
        operator.sees("Wave 1 – aurelia", "1234567", FIRST)
