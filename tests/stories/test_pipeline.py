"""Looking at the pipeline by keyboard: three views, five series, read again when asked (S-6, S-10, S-1)."""

import subprocess
import sys

import pytest

from tests.conftest import new_workspace
from tests.operator import SIZES, SMALL, Operator, Place
from tests.stories.figures import looks_at_the_pipeline, make_half_a_year


@pytest.fixture
def half_a_year(workspace: Place) -> Place:
    """The programme with claims of half a year."""
    make_half_a_year(workspace)
    return workspace


def line(operator: Operator, text: str) -> str:
    """The line in which a word stands, without bars and gaps."""
    return " ".join(operator.line_with(text).replace("━", " ").replace("╸", " ").split())


@pytest.mark.parametrize("size", SIZES)
async def test_every_status_stands_with_its_count_and_what_is_at_stake(
    half_a_year: Place, size: tuple[int, int]
) -> None:
    """S-6 S-9"""
    async with half_a_year.opened(size=size) as operator:
        await looks_at_the_pipeline(operator)
        operator.sees("MCI › Pipeline", "as of 23 Nov, 10:30")
        assert line(operator, "payout, USD") == "Open claims 66 payout, USD deal size, USD"
        assert line(operator, "Awaiting") == "◐ Awaiting consent 35 246,500 3,077,500"
        assert line(operator, "Claimed") == "◔ Claimed 4 25,880 –"
        assert line(operator, "Ended") == "Ended claims 74"
        assert line(operator, "Consent expired") == "⌛ Consent expired 19 110,640 600,900"
        assert line(operator, "Rejected final") == "✗ Rejected final – – –"
        longest, shorter = (operator.line_with(word).count("━") for word in ("Awaiting", "Consent received"))
        assert longest > 4 * shorter > 0


async def test_the_arrows_turn_from_view_to_view_and_nothing_is_cut(half_a_year: Place) -> None:
    async with half_a_year.opened(size=SMALL) as operator:
        await looks_at_the_pipeline(operator)
        views = []
        for key in ("right", "right", "right", "left", "h", "l"):
            await operator.presses(key)
            assert "…" not in operator.screen_text()
            views.append(next(word for word in ("week of", "Lapses within", "Ended") if word in operator.screen_text()))
        assert views == ["week of", "Lapses within", "Ended", "Lapses within", "week of", "Lapses within"]


async def test_one_series_at_a_time_is_drawn_with_its_numbers_beside(half_a_year: Place) -> None:
    async with half_a_year.opened(size=SMALL) as operator:
        await looks_at_the_pipeline(operator)
        operator.does_not_see("Next series")
        await operator.presses("down", "right")
        operator.sees("New claims 130", "Asked 103", "Consents 55", "Submissions 6", "Approvals 25")
        operator.sees("↓ Next series", "1 Jun", "16 Nov")
        assert operator.line_with("19 Oct   8").endswith("8")
        made = operator.screen_text()
        assert made.count("█") > 100
        await operator.presses("down")
        operator.sees("23 Nov 1 ", "19 Oct 7")
        await operator.presses("up")
        assert operator.screen_text() == made
        for key in ("tab", "shift+tab", "j", "k"):
            await operator.presses(key)
        assert operator.screen_text() == made
        await operator.presses("up")
        operator.sees("2 Nov –", "14 Sep 3")


async def test_bars_are_as_high_as_their_numbers_say(half_a_year: Place) -> None:
    """The plot read off again: every half cell is one of thirty to the highest tick"""
    async with half_a_year.opened(size=(100, 36)) as operator:
        await looks_at_the_pipeline(operator)
        await operator.presses("right")
        lines = operator.lines()
        numbers = [int(text) if (text := row[-2:].strip()) != "–" else 0 for row in lines[7:33]]
        axis = next(number for number, row in enumerate(lines) if "┴┬" in row or "┴─" in row)
        start = lines[axis].index("┴") + 1
        drawn = [
            sum({"█": 2, "▄": 1}.get(row[column : column + 1], 0) for row in lines[6:axis])
            for column in range(start, start + 26 * 2, 2)
        ]
        assert len(drawn) == len(numbers) == 26
        highest = 2 * (axis - 7)
        for halves, number in zip(drawn, reversed(numbers), strict=True):
            assert abs(halves - number / 10 * highest) <= 2


async def test_what_lapses_soon_and_how_customers_answer_stands_on_one_view(half_a_year: Place) -> None:
    """S-10 S-5f"""
    async with half_a_year.opened() as operator:
        await looks_at_the_pipeline(operator)
        await operator.presses("left")
        assert line(operator, " 7 days") == "7 days 6 36,520 130,700"
        assert line(operator, "all open") == "all open claims 66 445,440 4,217,100"
        assert line(operator, "agreed") == "✓ agreed 65 71 %"
        assert line(operator, "no answer") == "⌛ no answer in time 19"
        assert line(operator, "Days to answer") == "Days to answer 57 answers"
        assert line(operator, "half of them") == "half of them within 6.0"


async def test_the_figures_stand_still_until_they_are_read_again(half_a_year: Place) -> None:
    async with half_a_year.opened() as operator:
        await looks_at_the_pipeline(operator)
        before = operator.screen_text()
        half_a_year.clock.passes(days=40)
        await operator.presses("right", "left")
        assert operator.screen_text() == before
        await operator.presses("r")
        operator.sees("as of 2 Jan, 10:30", "Consent expired 33")
        await operator.presses("right", "r")
        operator.sees("week of 28 Dec –")


async def test_an_empty_workspace_says_so(workspace: Place, tmp_path_factory: pytest.TempPathFactory) -> None:
    place = Place(tmp_path_factory.mktemp("empty") / "desk.db")
    new_workspace(str(place.path), place.clock).close()
    async with place.opened() as operator:
        await looks_at_the_pipeline(operator)
        operator.sees("No claims yet. They are made on the Customers page of an engagement.")
        await operator.presses("right", "down", "right", "r")
        operator.sees("No claims yet.")
        operator.does_not_see("Open", "week of", "Lapses")


async def test_without_a_role_one_sentence_stands_in_place_of_the_figures(workspace: Place) -> None:
    """S-1a"""
    async with workspace.opened("rita") as operator:
        before = operator.where
        await looks_at_the_pipeline(operator)
        operator.sees("This needs the role incentives_admin / incentives_user / viewer: ask an Incentives admin.")
        await operator.presses("right", "down")
        operator.does_not_see("week of")
        assert operator.told() == []
        await operator.presses("q")
        assert operator.where == before


async def test_a_role_taken_away_leaves_the_figures_and_says_why_there_are_no_newer_ones(workspace: Place) -> None:
    """S-1d"""
    async with workspace.opened("vera") as operator:
        await looks_at_the_pipeline(operator)
        with workspace.books() as books:
            books.revoke("vera")
        await operator.presses("r")
        operator.sees("Awaiting consent")
        assert operator.told() == ["vera has no role in this workspace: an Incentives admin can grant one."]


@pytest.mark.parametrize("size", [(40, 10), (20, 5), (200, 60)])
async def test_any_size_of_terminal_will_do(half_a_year: Place, size: tuple[int, int]) -> None:
    async with half_a_year.opened(size=size) as operator:
        await looks_at_the_pipeline(operator)
        await operator.presses("right", "down", "right")
        assert operator.where == "PipelineScreen"
        await operator.pilot.resize_terminal(80, 24)
        await operator.presses("left")
        operator.sees("week of", "16 Nov")


def test_what_draws_the_plot_is_not_imported_before_it_is_needed() -> None:
    """It takes longer to import than the first screen takes to stand"""
    script = "import sys, mci_tui.app, mci_tui.screens.pipeline; print('numpy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
