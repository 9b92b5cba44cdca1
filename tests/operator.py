"""A person at the screens: presses keys, types, looks. Everything waits until nothing is under way any more."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from textual.containers import Vertical
from textual.events import Key, Paste
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.worker import Worker

from mci_tui.app import MciApp
from mci_tui.bootstrap import open_services
from mci_tui.screens.themes import DEFAULT_THEME
from mci_tui.services import Services
from mci_tui.store.engine import open_store
from mci_tui.widgets.record_table import RecordTable
from tests.conftest import LOGIN, MovingClock
from tests.factories import Books

SIZES = SMALL, WIDE = (80, 24), (120, 36)
"""The two sizes that the screens are made for."""

WAITING = frozenset({"way", "submission"})
"""The groups of the workers that lead to other screens, and wait for what comes of those."""

LIMIT = 30
"""Seconds after which something that is still under way has gone wrong."""

_FRAMES = re.compile(r"[│─╭╮╰╯▌▎┃━▁-█]+")


class Calm(MciApp):
    """The screens where nothing needs the operator."""

    def begin(self, services: Services) -> None:
        pass


@dataclass
class Place:
    """A workspace on disk, and the clock that everybody at it goes by."""

    path: Path
    clock: MovingClock = field(default_factory=MovingClock)
    _open: list[Services] = field(default_factory=list)

    def copied_to(self, folder: Path) -> "Place":
        """The same workspace once more, in `folder`."""
        return Place(Path(shutil.copy(self.path, folder / "desk.db")))

    @contextmanager
    def services(self, login: str = LOGIN) -> Iterator[Services]:
        """The services of an operator beside the screens."""
        services = open_services(str(self.path), self.clock, login)
        try:
            yield services
        finally:
            services.close()

    @contextmanager
    def books(self) -> Iterator[Books]:
        """Writes rows as somebody else would meanwhile."""
        store = open_store(str(self.path))
        try:
            yield Books(store, self.clock)
        finally:
            store.close()

    def app(self, login: str = LOGIN, *, read_only: bool = False, attends: bool = False) -> MciApp:
        """The screens for an operator; `close` closes what they have open.

        They begin with the engagements, or with what needs the operator, as the program does, if one `attends` to that.
        """

        def opened() -> Services:
            self._open.append(open_services(str(self.path), self.clock, login, read_only=read_only))
            return self._open[-1]

        return (MciApp if attends else Calm)(opened, theme=DEFAULT_THEME)

    def close(self) -> None:
        """Closes what screens have left open."""
        while self._open:
            self._open.pop().close()

    @asynccontextmanager
    async def opened(
        self, login: str = LOGIN, size: tuple[int, int] = SMALL, *, read_only: bool = False, attends: bool = False
    ) -> AsyncIterator["Operator"]:
        """The operator before the first screen, its rows read."""
        app = self.app(login, read_only=read_only, attends=attends)
        async with app.run_test(size=size, notifications=True) as pilot:
            operator = Operator(app, pilot)
            await operator.settled()
            yield operator
        self.close()


class Operator:
    """One person before the screens."""

    def __init__(self, app: MciApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    # What a person does

    async def presses(self, *keys: str) -> None:
        """Presses keys, each when the one before has done all that it does."""
        for key in keys:
            await self.bursts(key)

    async def types(self, text: str) -> None:
        """Types `text` as fast as a line delivers it: all its keys arrive together."""
        await self.bursts(*text)

    async def bursts(self, *keys: str) -> None:
        """Presses keys that arrive all at once."""
        for key in keys:
            self.app.post_message(_key(key))
        await self.settled()

    async def pastes(self, text: str) -> None:
        """Pastes `text`, as a terminal brings it."""
        self.app.post_message(Paste(text))
        await self.settled()

    async def fills(self, *texts: str) -> None:
        """Types each text into a field, the first one where the cursor stands, and goes on with Tab."""
        for text in texts:
            await self.types(text)
            await self.presses("tab")

    async def opens(self, engagement: str) -> None:
        """Opens the Customers page of an engagement of the first list."""
        await self.presses("slash", "escape", "slash")
        await self.types(engagement)
        await self.presses("enter", "enter")

    # What a person sees

    def lines(self) -> list[str]:
        """The screen as lines of plain text."""
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    def screen_text(self) -> str:
        """The screen as plain text."""
        return "\n".join(self.lines())

    def words(self) -> str:
        """What stands on the screen, or on the box in front of it, as one line of words without frames."""
        front = self.app.screen
        region = front.query(Vertical).first().region if isinstance(front, ModalScreen) else front.region
        strips = front._compositor.render_strips()[region.y : region.bottom]
        text = " ".join(strip.crop(region.x, region.right).text for strip in strips)
        return " ".join(_FRAMES.sub(" ", text).split())

    def sees(self, *texts: str) -> None:
        """Each of `texts` stands on the screen, on however many lines."""
        for text in texts:
            assert " ".join(text.split()) in self.words(), f"{text!r} is not to be seen:\n{self.screen_text()}"

    def does_not_see(self, *texts: str) -> None:
        """None of `texts` stands on the screen."""
        for text in texts:
            assert " ".join(text.split()) not in self.words(), f"{text!r} is to be seen:\n{self.screen_text()}"

    def rows(self) -> list[str]:
        """The rows of the list that are in view, as they are written."""
        region = self.table.region
        strips = self.app.screen._compositor.render_strips()[region.y + 1 : region.bottom - 1]
        shown = [strip.crop(region.x + 1, region.right).text.rstrip() for strip in strips]
        return [row for row in shown if row] if self.table.count else []

    def row(self, beginning: str) -> str:
        """The one row that begins with these words, its gaps narrowed."""
        (found,) = (row for row in self.rows() if row.startswith(beginning))
        return " ".join(found.split())

    def row_with(self, text: str) -> str:
        """The one row in which `text` stands, its gaps narrowed."""
        (found,) = (row for row in self.rows() if text in row)
        return " ".join(found.split())

    def line_with(self, text: str) -> str:
        """The one line of the screen in which `text` stands."""
        (found,) = (line for line in self.lines() if text in line)
        return found

    def told(self) -> list[str]:
        """What the program has said at the edge of the screen."""
        return [notification.message for notification in self.app._notifications]

    @property
    def table(self) -> RecordTable[object]:
        """The list of the screen."""
        return self.app.screen.query_one(RecordTable)

    @property
    def where(self) -> str:
        """The kind of screen that is in front."""
        return type(self.app.screen).__name__

    # Waiting

    async def hands_over(self, keys: int) -> None:
        """Waits until `keys` more keys have reached what they are for, whatever comes of them."""
        async with asyncio.timeout(LIMIT):
            until = self.app._sent + keys
            while self.app._sent < until or self.app._under_way:
                await self.pilot.pause()

    async def settled(self) -> None:
        """Waits until keys, messages, services and drawing have come to rest."""
        quiet = 0
        async with asyncio.timeout(LIMIT):
            while quiet < 3:
                under_way = self.app._under_way or self.app._held_back or self._busy()
                quiet = 0 if under_way else quiet + 1
                await self.pilot.pause(None if under_way else 0)

    def _busy(self) -> list[Worker[object]]:
        """The workers that will end by themselves: all but one that waits for what a person answers."""
        front = self.app.screen
        return [
            worker
            for worker in self.app.workers
            if not worker.is_finished and (worker.group not in WAITING or worker.node is front)
        ]


def _key(name: str) -> Key:
    """The event of a key, by its name or the character that it types."""
    if len(name) == 1:
        return Key(_character_to_key(name), name)
    return Key(name, " " if name == "space" else None)
