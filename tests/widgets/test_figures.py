"""Figures as lines: words, numbers, bars and amounts, in line one below the other."""

import pytest

from mci_tui.widgets.figures import Figure, FigureLines, bar_of
from tests.widgets.listing import Host, lines

FIGURES = (
    Figure("Open", "12", beside=("payout", "size"), heading=True),
    Figure("◔ Claimed", "9", 1.0, ("9,000", "–"), "accent"),
    Figure("● Consent received", "3", 1 / 3, ("500", "1,000"), "success"),
    Figure(),
    Figure("✗ Declined", "–", 0, ("–",)),
)


async def shown(*figures: Figure, width: int = 60, height: int = 10, bars: bool = True) -> list[str]:
    widget = FigureLines(bars=bars)
    async with Host(widget).run_test(size=(width, height)):
        widget.put(figures)
        return [line.rstrip() for line in lines(widget)]


async def test_every_column_begins_and_ends_in_line() -> None:
    assert (await shown(*FIGURES))[:5] == [
        "Open                12                     payout   size",
        "◔ Claimed            9  ━━━━━━━━━━━━━━━━━   9,000      –",
        "● Consent received   3  ━━━━━╸                500  1,000",
        "",
        "✗ Declined           –                          –",
    ]


async def test_without_bars_numbers_stand_beside_their_words() -> None:
    assert await shown(*FIGURES[1:3], height=2, bars=False) == [
        "◔ Claimed           9    9,000      –",
        "● Consent received  3      500  1,000",
    ]


async def test_what_has_no_room_below_is_left_out() -> None:
    assert len(await shown(*[Figure(str(number)) for number in range(9)], height=4)) == 4


async def test_no_figures_are_no_lines() -> None:
    assert (await shown())[0] == ""


async def test_a_bar_is_never_too_long_to_be_read_and_goes_where_there_is_no_room() -> None:
    wide = await shown(Figure("a", "1", 1.0), width=200)
    assert wide[0].count("━") == 48
    assert (await shown(Figure("a word that is long", "1", 1.0), width=20))[0].count("━") == 0


async def test_words_of_people_do_no_harm() -> None:
    assert "\x1b" not in (await shown(Figure("\x1b[31mred", "1", 0.5, tone="error")))[0]


@pytest.mark.parametrize(
    ("share", "bar"),
    [(0, ""), (1, "━━━━"), (0.5, "━━"), (0.125, "╸"), (0.0001, "╸"), (0.4, "━╸"), (0.99, "━━━━")],
)
def test_a_bar_tells_its_share_to_half_a_cell_and_something_from_nothing(share: float, bar: str) -> None:
    assert bar_of(share, 4) == bar
