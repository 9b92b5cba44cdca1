"""Counts by week as a plot: even bars on two thin axes, at any width, readable without colour."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Size
from textual_hires_canvas import Canvas

from mci_tui.widgets.weeks import WeekPlot, ticks

WEEKS = [date(2026, 6, 1) + timedelta(weeks=number) for number in range(26)]
COUNTS = [0, 1, 2, 4, 8, 10] + [0] * 18 + [5, 10]


class Host(App[None]):
    """The plot alone."""

    def compose(self) -> ComposeResult:
        yield WeekPlot()

    def drawn(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


async def shown(counts: Sequence[int] = COUNTS, size: tuple[int, int] = (62, 12)) -> list[str]:
    host = Host()
    async with host.run_test(size=size) as pilot:
        host.query_one(WeekPlot).put(WEEKS, counts)
        await pilot.pause()
        return host.drawn()


async def test_a_bar_a_week_stands_on_two_thin_axes() -> None:
    assert await shown() == [
        "     10 ┤",
        "        │          █                                       █",
        "      8 ┤          █                                       █",
        "        │        █ █                                       █",
        "      6 ┤        █ █                                       █",
        "        │        █ █                                     ▄ █",
        "      4 ┤      ▄ █ █                                     █ █",
        "        │      █ █ █                                     █ █",
        "      2 ┤    █ █ █ █                                     █ █",
        "        │  █ █ █ █ █                                     █ █",
        "      0 ┴┬───────┬───────┬───────┬───────┬───────┬───────┬────",
        "       1 Jun   29 Jun  27 Jul  24 Aug  21 Sep  19 Oct  16 Nov",
    ]


@pytest.mark.parametrize(("width", "cells"), [(36, 1), (61, 1), (62, 2), (87, 2), (88, 3), (200, 7)])
async def test_every_week_takes_as_many_cells_as_the_next(width: int, cells: int) -> None:
    lines = await shown([1] * 26, (width, 8))
    row = lines[4][9:]
    bar = "█" * max(1, cells - 1)
    assert row == (bar.ljust(cells) * 26).rstrip()


@pytest.mark.parametrize("size", [(35, 12), (10, 3), (62, 1), (62, 2), (1, 1)])
async def test_where_there_is_no_room_nothing_is_drawn_wrong(size: tuple[int, int]) -> None:
    assert len(await shown(size=size)) == size[1]


async def test_names_of_weeks_never_run_into_each_other() -> None:
    for width in range(36, 130, 7):
        names = (await shown(size=(width, 8)))[-1].split()
        assert set(names[1::2]) <= {"Jun", "Jul", "Aug", "Sep", "Oct", "Nov"}


async def test_another_series_takes_the_place_of_the_one_before() -> None:
    host = Host()
    async with host.run_test(size=(62, 12)) as pilot:
        plot = host.query_one(WeekPlot)
        plot.put(WEEKS, COUNTS)
        await pilot.pause()
        before = host.drawn()
        plot.put(WEEKS, [0] * 26)
        await pilot.pause()
        assert not any("█" in line or "▄" in line for line in host.drawn())
        assert host.drawn()[0].startswith("      1 ┤")
        plot.put(WEEKS, COUNTS)
        await pilot.pause()
        assert host.drawn() == before


@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark"])
async def test_another_theme_draws_the_same_in_its_own_colours(theme: str) -> None:
    host = Host()
    async with host.run_test(size=(62, 12)) as pilot:
        host.query_one(WeekPlot).put(WEEKS, COUNTS)
        await pilot.pause()
        before, colours = host.drawn(), colours_of(host)
        host.theme = theme
        await pilot.pause()
        await pilot.pause()
        assert host.drawn() == before
        assert colours_of(host) != colours


def colours_of(host: Host) -> set[object]:
    """The colours of the bars."""
    strips = host.screen._compositor.render_strips()
    return {segment.style.color for strip in strips for segment in strip if "█" in segment.text and segment.style}


async def test_keys_and_mouse_do_nothing_to_it() -> None:
    host = Host()
    async with host.run_test(size=(62, 12)) as pilot:
        host.query_one(WeekPlot).put(WEEKS, COUNTS)
        await pilot.pause()
        before = host.drawn()
        assert not host.query_one(WeekPlot).can_focus
        await pilot.press("tab", "plus", "minus", "left", "right", "up", "r")
        await pilot.pause()
        assert host.drawn() == before


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (7, [0, 2, 4, 6, 8]),
        (11, [0, 5, 10, 15]),
        (99, [0, 20, 40, 60, 80, 100]),
        (100, [0, 20, 40, 60, 80, 100]),
        (101, [0, 50, 100, 150]),
        (2078, [0, 500, 1000, 1500, 2000, 2500]),
    ],
)
def test_ticks_are_round_numbers_up_to_the_first_that_is_high_enough(most: int, expected: list[int]) -> None:
    assert ticks(most) == expected


def test_there_are_never_many_ticks() -> None:
    for most in range(0, 12_000, 7):
        found = ticks(most)
        assert len(found) <= 6
        assert found[0] == 0
        assert found[-2] < max(most, 1) <= found[-1]
        assert len({later - earlier for earlier, later in pairwise(found)}) == 1


async def test_what_was_drawn_for_another_size_is_left_alone_until_it_is_drawn_anew() -> None:
    """A terminal can paint between the two: then there is no such cell"""
    host = Host()
    async with host.run_test(size=(62, 12)) as pilot:
        plot = host.query_one(WeekPlot)
        plot.put(WEEKS, COUNTS)
        await pilot.pause()
        before, surface = host.drawn(), plot.query_one("#plot", Canvas)
        surface.reset(Size(20, 4))
        assert plot.render() == ""
        surface.reset(surface.size)
        plot.put(WEEKS, COUNTS)
        await pilot.pause()
        assert host.drawn() == before


@pytest.mark.parametrize("sizes", [((62, 12), (30, 8), (100, 30)), ((30, 8), (62, 12)), ((62, 12), (100, 5), (62, 12))])
async def test_a_terminal_that_changes_its_size_is_drawn_on_as_if_it_had_had_it(
    sizes: Sequence[tuple[int, int]],
) -> None:
    host = Host()
    async with host.run_test(size=sizes[0]) as pilot:
        host.query_one(WeekPlot).put(WEEKS, COUNTS)
        await pilot.pause()
        for size in sizes[1:]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert host.drawn() == await shown(size=sizes[-1])
