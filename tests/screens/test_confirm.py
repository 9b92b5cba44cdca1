"""A question too long for the terminal can be read to its end, and answered."""

import pytest
from textual.app import App

from mci_tui.app import MciApp
from mci_tui.screens.confirm import ConfirmScreen

LINES = [f"line {number}" for number in range(1, 41)]


class Host(App[None]):
    """Asks on an empty screen; the answers are kept."""

    CSS_PATH = MciApp.CSS_PATH

    def __init__(self, screen: ConfirmScreen) -> None:
        super().__init__()
        self.asks = screen
        self.answers: list[bool | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.asks, self.answers.append)

    def seen(self) -> str:
        """What stands on the screen."""
        return "\n".join(strip.text for strip in self.screen._compositor.render_strips())


@pytest.mark.parametrize("no", ["Cancel", ""])
@pytest.mark.parametrize("size", [(80, 24), (60, 16)])
async def test_page_keys_turn_it_and_the_answer_stays_in_view(no: str, size: tuple[int, int]) -> None:
    app = Host(ConfirmScreen("Remind", "\n".join(LINES), yes="Remind them", no=no))
    async with app.run_test(size=size) as pilot:
        assert "line 1 " in app.seen()
        assert "line 40" not in app.seen()
        assert "Remind them" in app.seen()
        await pilot.press(*["pagedown"] * 20)
        assert "line 40" in app.seen()
        assert "Remind them" in app.seen()
        await pilot.press(*["pageup"] * 20)
        assert "line 1 " in app.seen()
        await pilot.press("enter")
        assert app.answers == [True]


async def test_a_short_one_takes_no_more_room_than_it_needs() -> None:
    app = Host(ConfirmScreen("Done", "one line", yes="Done"))
    async with app.run_test(size=(80, 24)):
        assert sum("│" in line for line in app.seen().splitlines()) < 12


@pytest.mark.parametrize(
    ("careful", "keys", "answer"),
    [
        (False, ["enter"], True),
        (False, ["down", "enter"], False),
        (True, ["enter"], False),
        (True, ["up", "enter"], True),
        (True, ["up", "space", "down", "enter"], False),
        (True, ["up", "escape"], None),
    ],
)
async def test_enter_gives_the_answer_under_the_cursor(careful: bool, keys: list[str], answer: bool | None) -> None:
    app = Host(ConfirmScreen("Cancel claim", "Sure?", yes="Cancel the claim", no="Keep it", careful=careful))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        assert app.answers == [answer]
