"""A list of made-up records, its source, and the smallest program around a widget."""

import asyncio
import threading
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget

from mci_tui.widgets.choice import Choice
from mci_tui.widgets.record_table import Column, PageRequest, RecordTable
from mci_tui.widgets.tab_strip import TabStrip

SIZE = 20
"""Rows of a page in these tests."""


@dataclass(frozen=True)
class Record:
    number: int
    name: str
    state: str = "known"


def records(count: int) -> list[Record]:
    return [Record(number, f"Customer {number}") for number in range(count)]


COLUMNS = (
    Column[Record]("name", "Customer", lambda row: row.name, 12, weight=1),
    Column[Record]("state", "Status", lambda row: Text(f"○ {row.state}", "muted"), 10),
    Column[Record]("number", "Number", lambda row: str(row.number), 8, align="right", from_width=60),
)


@dataclass
class Source:
    """Answers from `rows`; while `gate` is closed, a reader waits at it."""

    rows: Sequence[Record]
    asked: list[PageRequest[Record]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)

    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()
        self.loop = asyncio.get_running_loop()

    def fetch(self, request: PageRequest[Record]) -> Sequence[Record]:
        self.asked.append(request)
        self.answer()
        return self.rows[request.offset : request.offset + request.size]

    def locate(self, key: Hashable) -> int | None:
        self.answer()
        return next((place for place, row in enumerate(self.rows) if row.number == key), None)

    def answer(self) -> None:
        assert self.gate.wait(30)
        self.loop.call_soon_threadsafe(self.answered.set)

    async def has_answered(self) -> None:
        await asyncio.wait_for(self.answered.wait(), 30)


class Table(RecordTable[Record]):
    """Remembers which parts of it had to be painted."""

    def __init__(self, **options: Any) -> None:
        self.painted: list[Region] = []
        super().__init__(COLUMNS, key=lambda row: row.number, page_size=SIZE, **options)

    def refresh(self, *regions: Region, **options: Any) -> Any:
        self.painted += regions or [Region(0, 0, 1000, 1000)]
        return super().refresh(*regions, **options)

    def show_all(self, source: Source, **options: Any) -> None:
        self.show(len(source.rows), source.rows[:SIZE], source.fetch, **options)


class Host(App[None]):
    """A program with nothing but one widget in it; it keeps what the widget tells."""

    ENABLE_COMMAND_PALETTE = False

    CSS = "Choice { max-height: 5; }"

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_mount(self) -> None:
        if self.widget.focusable:
            self.widget.focus()

    @on(RecordTable.Opened)
    @on(RecordTable.Moved)
    @on(RecordTable.Failed)
    @on(Choice.Changed)
    @on(TabStrip.Activated)
    def hear(self, message: Message) -> None:
        self.heard.append(message)


async def read(pilot: Pilot[None]) -> None:
    """Waits until everything that is wanted has been read and shown."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def lines(widget: Widget) -> list[str]:
    """What a widget shows, line by line, without the blanks at the ends."""
    return [strip.text.rstrip() for strip in widget.render_lines(Region(0, 0, *widget.size))]
