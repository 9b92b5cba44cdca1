"""The palette, and the keys that lead from screen to screen."""

import pytest

from mci_tui.screens.places import PLACES
from tests.operator import SIZES, WIDE, Operator, Place
from tests.stories.wizard import reaches

TITLES = {place.key: place.screen for place in PLACES}


async def finds(operator: Operator, words: str) -> None:
    """Opens the palette, and does what is found first under these words."""
    await operator.presses(":")
    await operator.types(words)
    await operator.presses("enter")


@pytest.mark.parametrize("size", SIZES)
async def test_every_screen_and_what_can_be_done_here_stand_with_their_keys(
    workspace: Place, size: tuple[int, int]
) -> None:
    async with workspace.opened(size=size) as operator:
        await operator.opens("Threat")
        await operator.presses(":")
        assert operator.where == "PaletteScreen"
        assert [row.split()[-1] for row in operator.rows()[:6]] == list("123456")
        await operator.types("cust")
        assert operator.row("Add customer") == "Add customer a"
        await operator.presses("ctrl+u")
        await operator.types("KEYS")
        assert operator.row("Keys") == "Keys ?, F1, Ctrl+G"
        await operator.types(" nothing like that")
        operator.sees("No command is called that.")
        await operator.presses("enter", "escape")
        assert operator.where == "CustomersScreen"


async def test_what_is_found_is_done_on_the_screen_below(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await finds(operator, "claims")
        assert operator.where == "ClaimsScreen"
        await finds(operator, "filters")
        assert operator.where == "FiltersScreen"
        await operator.presses("escape", "ctrl+p", "down", "pagedown", "up", "pageup")
        await operator.types("sub")
        await operator.presses("enter")
        assert operator.where == "SubmissionScreen"
        await operator.presses("escape")
        await finds(operator, "back")
        assert operator.where == "EngagementsScreen"
        await finds(operator, "keys")
        assert operator.where == "HelpScreen"


async def test_what_cannot_be_done_now_is_not_offered(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("right", "right", ":")
        await operator.types("add customer")
        assert operator.rows() == []


async def test_where_text_is_typed_a_colon_is_a_colon(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.presses("slash", ":", "3")
        assert operator.where == "EngagementsScreen"
        operator.sees(":3")
        await operator.presses("escape")
        await operator.opens("Threat")
        await reaches(operator, "claim")
        await operator.presses(":", "ctrl+p", "3")
        assert operator.where == "WizardScreen"


async def test_a_digit_goes_from_any_screen_to_any_other_and_none_is_open_twice(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        for key in "134561436251":
            await operator.presses(key)
            assert operator.where == TITLES[key]
            stack = [type(screen).__name__ for screen in operator.app.screen_stack]
            assert len(stack) == len(set(stack))


async def test_esc_goes_back_to_where_one_came_from(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("3", "4", "escape", "escape")
        assert operator.where == "CustomersScreen"
        await operator.presses("3", "o", "2")
        assert operator.where == "EngagementsScreen"
        assert len(operator.app.screen_stack) == 1


async def test_the_help_tells_the_keys_of_the_screens(workspace: Place) -> None:
    async with workspace.opened(size=WIDE) as operator:
        await operator.presses("3", "question_mark")
        operator.sees("On this screen", "f Filters", "v Views")
        await operator.presses("end")
        operator.sees("To another screen", "1 Attention", "6 Pipeline", "Anywhere", ":, Ctrl+P Commands")


async def test_a_keymap_moves_the_keys_of_the_screens(workspace: Place) -> None:
    async with workspace.opened() as operator:
        operator.app.set_keymap({"go.claims": "g,c"})
        await operator.presses("3")
        assert operator.where == "EngagementsScreen"
        await operator.presses("c")
        assert operator.where == "ClaimsScreen"
