"""One of many, or many of many: what is drawn, chosen and found."""

import pytest
from textual.binding import Binding
from textual.events import Key

from mci_tui.widgets.choice import PAUSE, Choice, Option
from tests.widgets.listing import Host, lines

LOCATIONS = (
    Option("mi", "Milano", "enrolled"),
    Option("ro", "Roma", "enrolled"),
    Option("zh", "Zürich", "enrolled"),
    Option("tk", "東京", disabled="not enrolled in MCI"),
)
TOWNS = tuple(Option(str(number), f"Town {number}") for number in range(200))
SIZE = (44, 8)


def values(host: Host) -> list[tuple[str, ...]]:
    return [message.values for message in host.heard if isinstance(message, Choice.Changed)]


async def typed(choice: Choice, letters: str, at: float) -> None:
    """Types letters in the same moment, `at` seconds on the widget's clock."""
    for letter in letters:
        key = Key(letter, letter)
        key.time = at
        choice.on_key(key)


async def test_one_of_many_is_drawn_with_round_marks_and_reasons() -> None:
    choice = Choice(LOCATIONS)
    choice.value = "ro"
    async with Host(choice).run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert lines(choice) == [
            " ( ) Milano  enrolled",
            "▌(●) Roma    enrolled",
            " ( ) Zürich  enrolled",
            " (–) 東京    not enrolled in MCI",
        ]


async def test_many_of_many_are_drawn_with_square_marks() -> None:
    choice = Choice(LOCATIONS, many=True)
    choice.values = ["mi", "zh"]
    async with Host(choice).run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert [line[1:4] for line in lines(choice)] == ["[x]", "[ ]", "[x]", "[–]"]


async def test_space_chooses_one_and_enter_is_left_to_the_screen() -> None:
    choice = Choice(LOCATIONS)

    class Wizard(Host):
        BINDINGS = [Binding("enter", "next")]
        went_on = 0

        def action_next(self) -> None:
            self.went_on += 1

    host = Wizard(choice)
    async with host.run_test(size=SIZE) as pilot:
        await pilot.press("down", "space", "space", "enter", "up", "space")
        assert values(host) == [("ro",), ("mi",)]
        assert (choice.value, host.went_on) == ("mi", 1)


async def test_space_chooses_and_takes_back_where_many_may_be_chosen() -> None:
    choice = Choice(LOCATIONS, many=True)
    host = Host(choice)
    async with host.run_test(size=SIZE) as pilot:
        await pilot.press("j", "space", "k", "space", "j", "space")
        assert values(host) == [("ro",), ("mi", "ro"), ("mi",)]
        assert choice.values == ("mi",)


async def test_a_disabled_option_cannot_be_chosen_but_can_be_taken_back() -> None:
    choice = Choice(LOCATIONS, many=True)
    choice.values = ["tk"]
    host = Host(choice)
    async with host.run_test(size=SIZE) as pilot:
        await pilot.press("end", "space", "space")
        assert (values(host), choice.values) == ([()], ())


async def test_setting_the_value_tells_nothing_and_puts_the_cursor_there() -> None:
    choice = Choice(LOCATIONS)
    host = Host(choice)
    async with host.run_test(size=SIZE) as pilot:
        choice.value = "zh"
        await pilot.pause()
        assert (values(host), choice.value, choice.current) == ([], "zh", LOCATIONS[2])
        choice.value = None
        assert choice.value is None


async def test_a_value_that_is_no_option_is_not_chosen_until_it_is_one() -> None:
    choice = Choice()
    choice.value = "ro"
    async with Host(choice).run_test(size=SIZE) as pilot:
        assert choice.value is None
        choice.options = LOCATIONS
        await pilot.pause()
        assert choice.value == "ro"
        assert [line[1:4] for line in lines(choice)] == ["( )", "(●)", "( )", "(–)"]


async def test_only_one_value_can_be_set_where_only_one_may_be_chosen() -> None:
    choice = Choice(LOCATIONS)
    choice.values = ["ro", "zh"]
    assert choice.values == ("ro",)


async def test_the_cursor_stays_with_its_option_when_others_come() -> None:
    choice = Choice(LOCATIONS[1:])
    async with Host(choice).run_test(size=SIZE) as pilot:
        await pilot.press("down")
        choice.options = LOCATIONS
        assert choice.current == LOCATIONS[2]
        choice.options = LOCATIONS[:1]
        assert choice.current == LOCATIONS[0]


async def test_a_list_longer_than_its_box_scrolls_and_shows_where_it_is() -> None:
    choice = Choice(TOWNS)
    async with Host(choice).run_test(size=SIZE) as pilot:
        await pilot.press("end")
        shown = lines(choice)
        assert [line.split()[-2 if "┃" in line else -1] for line in shown] == ["195", "196", "197", "198", "199"]
        assert [line.endswith("┃") for line in shown] == [False, False, False, False, True]
        await pilot.press("home", "pagedown", "pagedown")
        assert choice.current == TOWNS[10]
        await pilot.press("up", "pageup", "pageup")
        assert choice.current == TOWNS[0]


async def test_letters_find_the_option_that_begins_with_them_before_one_that_contains_them() -> None:
    choice = Choice(LOCATIONS)
    async with Host(choice).run_test(size=SIZE) as pilot:
        await pilot.press("r")
        assert choice.current == LOCATIONS[1]
        await typed(choice, "zuri", 100)
        assert choice.current == LOCATIONS[2]
        await typed(choice, "lan", 200)
        assert choice.current == LOCATIONS[0]


async def test_the_same_letter_again_goes_on_to_the_next_option() -> None:
    choice = Choice(TOWNS)
    async with Host(choice).run_test(size=SIZE):
        await typed(choice, "tt", 100)
        assert choice.current == TOWNS[2]


async def test_a_pause_begins_a_new_search() -> None:
    choice = Choice([Option("a", "Milano"), Option("b", "Ivrea"), Option("c", "Mira")])
    async with Host(choice).run_test(size=SIZE):
        await typed(choice, "m", 100)
        await typed(choice, "i", 100 + PAUSE / 2)
        assert choice.current == choice.options[2]
        await typed(choice, "i", 100 + 2 * PAUSE)
        assert choice.current == choice.options[1]


async def test_j_and_k_are_letters_only_in_the_middle_of_a_word() -> None:
    choice = Choice([Option("a", "Alba"), Option("b", "Banja Luka"), Option("c", "Bari")])
    async with Host(choice).run_test(size=SIZE) as pilot:
        await typed(choice, "banj", 100)
        assert choice.current == choice.options[1]
        await pilot.press("up", "j", "j")
        assert choice.current == choice.options[2]


@pytest.mark.parametrize("letter", ["x", "r"])
async def test_a_letter_typed_into_the_list_is_no_key_of_the_screen(letter: str) -> None:
    choice = Choice(LOCATIONS)

    class Page(Host):
        BINDINGS = [Binding("x,r", "export")]

        def action_export(self) -> None:
            raise AssertionError

    async with Page(choice).run_test(size=SIZE) as pilot:
        await pilot.press(letter)


async def test_a_click_chooses() -> None:
    choice = Choice(LOCATIONS)
    host = Host(choice)
    async with host.run_test(size=SIZE) as pilot:
        await pilot.click(choice, offset=(8, 2))
        assert (values(host), choice.current) == ([("zh",)], LOCATIONS[2])


async def test_labels_and_reasons_are_shown_as_text() -> None:
    choice = Choice([Option("a", "\x1b[31mRed[/x]", disabled="[@click=app.quit]no")])
    async with Host(choice).run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert lines(choice) == ["▌(–) �[31mRed[/x]  [@click=app.quit]no"]


async def test_long_labels_and_details_share_the_line() -> None:
    choice = Choice([Option("a", "A" * 60, "d" * 60)])
    async with Host(choice).run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert lines(choice) == ["▌( ) " + "A" * 17 + "…  " + "d" * 18 + "…"]


async def test_an_empty_list_takes_keys_without_harm() -> None:
    choice = Choice()
    host = Host(choice)
    async with host.run_test(size=SIZE) as pilot:
        await pilot.press("down", "end", "space", "a", "pageup")
        assert (values(host), choice.current, choice.value) == ([], None, None)
