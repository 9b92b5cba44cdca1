"""What others write comes to open screens by itself, and disturbs nobody who works there."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select, update
from textual.pilot import Pilot

from mci_tui.app import MciApp
from mci_tui.domain.claims import Event, Status, move
from mci_tui.screens import watching
from mci_tui.screens.customers import CustomersScreen
from mci_tui.screens.listing import Asked, FilterInput
from mci_tui.screens.watching import Watching
from mci_tui.services import Services
from mci_tui.services.customers import CustomerRow
from mci_tui.services.desk import Desk
from mci_tui.services.lapses import life_of, life_values, terms_of
from mci_tui.store.schema import claims
from mci_tui.store.standing import refresh
from mci_tui.widgets.record_table import Fetch
from tests.conftest import MovingClock
from tests.factories import Books
from tests.operator import LIMIT, SMALL, Operator

NAMES = ("Aurelia Foods", "Corbett & Sons", "Cordero Hermanos", "Corvara Distribuzione", "Davila")
AWAITING = "Corvara Distribuzione"

Elsewhere = Callable[[], Services]

sqlite_alone = pytest.mark.parametrize("database", ["sqlite"])
"""What does not depend on how the database tells of a change."""


@pytest.fixture(autouse=True)
def no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Screens look only when a test lets them."""
    monkeypatch.setattr(watching, "EVERY", 3600)


@pytest.fixture
def desk(services: Services, clock: MovingClock) -> Services:
    """A workspace with five known customers on one engagement, one of whom is asked for consent."""
    books = Books(services.desk.store, clock)
    books.location()
    assessment = books.engagement(max_active_claims=1)
    pilot = books.engagement(code="pilot", name="Pilot")
    for number, name in enumerate(NAMES, 1):
        customer = books.known(name, pilot, number=number)
        if name == AWAITING:
            with services.desk.store.read() as tx:
                used = tx.scalars(select(claims.c.identifier_id).where(claims.c.customer_id == customer)).one()
            books.claim(assessment, customer, used, Status.AWAITING_CONSENT)
    return services


@asynccontextmanager
async def before(services: Services, size: tuple[int, int] = SMALL) -> AsyncIterator[Operator]:
    """An operator before the first screen."""
    app = MciApp(lambda: services)
    async with app.run_test(size=size, notifications=True) as pilot:
        operator = Operator(app, pilot)
        await operator.settled()
        yield operator


def answered(services: Services, clock: MovingClock, number: str = "CLM-000005") -> None:
    """The customer accepts, in another process."""
    with services.desk.store.write() as tx:
        row = tx.execute(select(claims).where(claims.c.number == number)).one()
        life = move(life_of(row), Event.ACCEPT, clock(), terms_of(row))
        assert life is not None
        tx.execute(update(claims).where(claims.c.id == row.id).values(version=row.version + 1, **life_values(life)))
        refresh(tx, {row.customer_id})


async def looks(operator: Operator) -> None:
    """The screen in front looks once, as it does every second."""
    screen = operator.app.screen
    assert isinstance(screen, Watching)
    screen.look()
    await operator.settled()


async def goes_to_the_third_of_the_filtered(operator: Operator) -> None:
    await operator.presses("enter", "slash")
    await operator.types("cor")
    await operator.presses("down", "down", "down", "slash", "left")
    operator.sees("3 of 3")
    assert operator.row(AWAITING).startswith(f"{AWAITING} CLM-000005 ◐ Awaiting consent")


async def test_an_answer_from_elsewhere_is_shown_and_neither_cursor_nor_typed_text_move(
    desk: Services, elsewhere: Elsewhere, clock: MovingClock
) -> None:
    async with before(desk) as operator:
        await goes_to_the_third_of_the_filtered(operator)
        kept = operator.table.current_index, operator.app.focused
        answered(elsewhere(), clock)
        await looks(operator)
        assert operator.row(AWAITING).startswith(f"{AWAITING} CLM-000005 ● Consent received")
        assert (operator.table.current_index, operator.app.focused) == kept
        assert isinstance(kept[1], FilterInput)
        assert (kept[1].value, kept[1].cursor_position) == ("cor", 2)
        operator.sees("3 of 3", "filter: cor")
        assert operator.told() == []


async def test_with_a_mark_that_never_changes_it_would_not_be_shown(
    desk: Services, elsewhere: Elsewhere, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(Desk, "mark", lambda _desk: "always the same")
    async with before(desk) as operator:
        await goes_to_the_third_of_the_filtered(operator)
        answered(elsewhere(), clock)
        await looks(operator)
        assert "◐ Awaiting consent" in operator.row(AWAITING)


@sqlite_alone
async def test_it_is_noticed_without_a_key_by_the_clock_alone(
    desk: Services, elsewhere: Elsewhere, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "EVERY", 0.2)
    async with before(desk) as operator:
        await operator.presses("enter")
        answered(elsewhere(), clock)
        async with asyncio.timeout(LIMIT):
            while "● Consent received" not in operator.screen_text():
                await operator.pilot.pause()


@sqlite_alone
async def test_rows_that_come_before_the_cursor_leave_it_with_its_customer(
    desk: Services, elsewhere: Elsewhere, clock: MovingClock
) -> None:
    async with before(desk) as operator:
        await operator.presses("enter", "down", "down")
        Books(elsewhere().desk.store, clock).known("Alba Nuova", 1, number=900)
        await looks(operator)
        operator.sees("4 of 6", "Eligible 6")
        assert isinstance(operator.table.current, CustomerRow)
        assert operator.table.current.customer_name == "Cordero Hermanos"


@sqlite_alone
async def test_marks_stay_and_are_counted_until_tab_or_filter_change(
    desk: Services, elsewhere: Elsewhere, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CustomersScreen, "markable", lambda _screen: lambda row: row.claim_id is not None)
    async with before(desk) as operator:
        await operator.presses("enter", "down", "space", "space", "space")
        operator.sees("5 of 5", "1 marked · sorted by customer ↑")
        answered(elsewhere(), clock)
        await looks(operator)
        operator.sees("1 marked")
        assert operator.line_with("● Consent received").startswith(" ■Corvara")
        await operator.presses("s", "S")
        operator.sees("1 marked · sorted by claim ID ↓")
        for key in ("right", "left"):
            await operator.presses(key)
            operator.does_not_see("marked")
        await operator.presses("home", "space")
        operator.sees("1 marked")
        await operator.presses("slash", "c")
        operator.does_not_see("marked")


@sqlite_alone
async def test_behind_another_screen_nothing_is_read_and_back_from_it_the_list_is_up_to_date(
    desk: Services, elsewhere: Elsewhere, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with before(desk) as operator:
        await operator.presses("enter")
        behind = operator.app.screen
        assert isinstance(behind, Watching)
        await operator.presses("a")
        assert operator.where == "WizardScreen"
        answered(elsewhere(), clock)
        looked: list[Watching] = []
        with monkeypatch.context() as unread:
            unread.setattr(CustomersScreen, "mark", looked.append)
            behind.look()
            await operator.settled()
        assert looked == []
        await operator.presses("escape")
        assert operator.where == "CustomersScreen"
        assert "● Consent received" in operator.row(AWAITING)


@sqlite_alone
async def test_the_engagements_count_anew(desk: Services, elsewhere: Elsewhere, clock: MovingClock) -> None:
    async with before(desk) as operator:
        await operator.presses("down")
        assert operator.row("Assessment").endswith("5 1 0")
        Books(elsewhere().desk.store, clock).known("Alba Nuova", 2, number=900)
        await looks(operator)
        assert operator.row("Assessment").endswith("6 1 0")
        operator.sees("2 of 2")


async def test_a_deadline_that_passes_shows_by_itself(desk: Services, clock: MovingClock) -> None:
    """S-10, S-2f"""
    async with before(desk) as operator:
        await operator.presses("enter")
        operator.sees("Eligible 5", "Complete 0")
        clock.passes(days=31)
        await looks(operator)
        operator.sees("Eligible 5", "Complete 1")
        assert operator.row(AWAITING) == f"{AWAITING} – ○ Known – Request"


@sqlite_alone
async def test_the_page_of_a_claim_shows_the_answer_where_it_was_scrolled_to(
    desk: Services, elsewhere: Elsewhere, clock: MovingClock
) -> None:
    async with before(desk, (80, 14)) as operator:
        await operator.presses("enter", "end", "up", "o", *["pagedown"] * 2)
        assert operator.where == "ClaimScreen"
        page = operator.app.screen.query_one("#page")
        assert page.scroll_offset.y > 0
        kept = page.scroll_offset.y, operator.app.focused
        answered(elsewhere(), clock)
        await looks(operator)
        operator.sees(
            "● Customer consent received",
            "Review 90 days from 23 Nov 2026: by 21 Feb 2027",
            "Consent given 23 Nov 2026",
        )
        assert (page.scroll_offset.y, operator.app.focused) == kept
        assert operator.told() == []


@sqlite_alone
async def test_the_page_of_a_claim_that_can_no_longer_be_read_says_why_once(
    desk: Services, elsewhere: Elsewhere, clock: MovingClock
) -> None:
    async with before(desk) as operator:
        await operator.presses("enter", "end", "up", "o")
        Books(elsewhere().desk.store, clock).revoke("mrossi")
        await looks(operator)
        await looks(operator)
        assert operator.told() == ["mrossi has no role in this workspace: an Incentives admin can grant one."]
        operator.sees("◐ Awaiting customer consent response")


async def test_what_is_written_while_rows_are_read_is_seen_at_the_next_look(
    desk: Services, elsewhere: Elsewhere, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark is taken before the rows: taken after them, this would be missed for good."""
    read = CustomersScreen.read_rows

    def read_and_written(screen: CustomersScreen, asked: Asked) -> tuple[Sequence[CustomerRow], Fetch[CustomerRow]]:
        found = read(screen, asked)
        answered(elsewhere(), clock)
        return found

    async with before(desk) as operator:
        await operator.presses("enter")
        await looks(operator)
        with monkeypatch.context() as late:
            late.setattr(CustomersScreen, "read_rows", read_and_written)
            await operator.presses("r")
        assert "◐ Awaiting consent" in operator.row(AWAITING)
        await looks(operator)
        assert "● Consent received" in operator.row(AWAITING)


@sqlite_alone
async def test_looks_do_not_pile_up_and_stop_no_reading_that_was_asked_for(
    desk: Services, elsewhere: Elsewhere, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, gate, begun = CustomersScreen.read_rows, threading.Event(), []

    def slow(screen: CustomersScreen, asked: Asked) -> tuple[Sequence[CustomerRow], Fetch[CustomerRow]]:
        begun.append(asked.tab)
        assert gate.wait(LIMIT)
        return read(screen, asked)

    async with before(desk) as operator:
        await operator.presses("enter", "end")
        monkeypatch.setattr(CustomersScreen, "read_rows", slow)
        screen = operator.app.screen
        assert isinstance(screen, CustomersScreen)
        screen.action_tab(-1)
        await waits_for(operator.pilot, lambda: begun == ["complete"])
        answered(elsewhere(), clock)
        for _time in range(3):
            screen.look()
            await operator.pilot.pause()
        gate.set()
        await operator.settled()
        assert begun == ["complete"]
        operator.sees("No claim has come to its end yet.")
        await looks(operator)
        assert begun == ["complete", "complete"]


async def waits_for(pilot: Pilot[None], told: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT):
        while not told():
            await pilot.pause()


@sqlite_alone
async def test_while_the_workspace_is_gone_nothing_is_said_and_what_was_read_stays(
    desk: Services, elsewhere: Elsewhere, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with before(desk) as operator:
        await operator.presses("enter")
        answered(elsewhere(), clock)
        with monkeypatch.context() as gone:
            gone.setattr(Desk, "mark", lambda _desk: None)
            await looks(operator)
            assert "◐ Awaiting consent" in operator.row(AWAITING)
            assert operator.told() == []
        await looks(operator)
        assert "● Consent received" in operator.row(AWAITING)
