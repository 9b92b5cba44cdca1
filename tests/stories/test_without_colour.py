"""The screens where a terminal is to have no colour: the same words and marks, every one of them (NO_COLOR)."""

import pytest
from textual.strip import Strip

from tests.operator import SIZES, Operator, Place
from tests.stories.figures import make_half_a_year

PLACES = ("1", "2", "3", "4", "5", "6")
"""The keys of the screens that can be gone to."""


async def looked_at(place: Place, size: tuple[int, int]) -> list[list[Strip]]:
    """Every screen, with its boxes, as it is drawn."""
    seen = []
    async with place.opened(size=size) as operator:
        for way in (*((key,) for key in PLACES), ("2", "enter"), ("right",), ("3", "f"), ("escape", "v")):
            await operator.presses(*way)
            seen.append(_drawn(operator))
        for way in (("escape", "space", "x"), ("escape", "o"), ("6", "right"), ("down",), ("right",), ("colon",)):
            await operator.presses(*way)
            seen.append(_drawn(operator))
    return seen


def _drawn(operator: Operator) -> list[Strip]:
    return operator.app.screen._compositor.render_strips()


def _words(screens: list[list[Strip]]) -> list[list[str]]:
    return [[strip.text for strip in strips] for strips in screens]


def _coloured(screens: list[list[Strip]]) -> bool:
    triplets = (
        colour.triplet
        for strips in screens
        for strip in strips
        for segment in strip
        if segment.style
        for colour in (segment.style.color, segment.style.bgcolor)
        if colour and colour.triplet
    )
    return any(len(set(triplet)) > 1 for triplet in triplets)


@pytest.mark.parametrize("size", SIZES)
async def test_every_screen_says_the_same_without_colour(
    workspace: Place, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is told by colour alone, and nothing that is drawn fails for want of one"""
    make_half_a_year(workspace, 20)
    with_colour = await looked_at(workspace, size)
    monkeypatch.setenv("NO_COLOR", "1")
    without = await looked_at(workspace, size)
    assert _words(without) == _words(with_colour)
    assert _coloured(with_colour)
    assert not _coloured(without)
