"""A list of records of any length, one line each, that reads only the pages it shows."""

import asyncio
from collections.abc import Callable, Hashable, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.message import Message
from textual.strip import Strip
from textual.visual import Visual

from mci_tui.errors import Refused
from mci_tui.text import N_, safe_text
from mci_tui.widgets.columns import Column, Fitting, laid_out, row_pieces, title_pieces
from mci_tui.widgets.foot import Foot
from mci_tui.widgets.lines import WHEEL, Lines
from mci_tui.widgets.pages import Fetch, PageRequest, Pages
from mci_tui.widgets.window import Locate, Window

__all__ = ["PAGE", "Column", "Fetch", "Locate", "PageRequest", "RecordTable"]

Row = TypeVar("Row")
Item = TypeVar("Item")

PAGE = 100
"""Rows of a page, unless the table is told otherwise."""

DRAWN = 500
"""Lines that are kept ready drawn, with and without cursor and mark."""

MARK = "■"
CURSORS = {(True, False): "▌", (True, True): "█", (False, False): "│", (False, True): "┃"}
"""What stands before the row of the cursor, by whether the list has the focus and whether the row is marked."""


class RecordTable(Lines, Generic[Row]):
    """A list of rows under a line of column titles, with a cursor on one of them.

    `show` hands it the number of rows, the first page and a source for the others. The cursor moves onto a row only
    when that row is there to be drawn. It stays with its row, known by `key`, when the list is shown anew.

    Rows that are `markable` can be marked; marks stay with their rows whatever is shown, until `clear_marks`.

    With `foot` a line under the rows says where the cursor is; it is painted together with every move.
    """

    DEFAULT_CSS = "RecordTable { text-align: center; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "step(1)", N_("Next row"), show=False, id="table.down"),
        Binding("up,k", "step(-1)", N_("Previous row"), show=False, id="table.up"),
        Binding("pagedown", "turn(1)", N_("Page down"), show=False, id="table.page_down"),
        Binding("pageup", "turn(-1)", N_("Page up"), show=False, id="table.page_up"),
        Binding("home,g", "home", N_("First row"), show=False, id="table.home"),
        Binding("end,G", "end", N_("Last row"), show=False, id="table.end"),
        Binding("enter", "open", N_("Open the row"), show=False, id="table.open"),
        Binding("space", "mark", N_("Mark the row, or take its mark away"), show=False, id="table.mark"),
        Binding("u", "unmark", N_("Take all marks away"), show=False, id="table.unmark"),
    ]

    class _About(Message, Generic[Item]):
        def __init__(self, table: "RecordTable[Item]") -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> "RecordTable[Item]":
            return self.table

    class Opened(_About[Item]):
        """Enter, or a click on the row of the cursor: `row` is to be opened."""

        def __init__(self, table: "RecordTable[Item]", row: Item) -> None:
            super().__init__(table)
            self.row = row

    class Moved(_About[Item]):
        """The cursor is on another row, or its row reads differently now; `row` is None when the list is empty."""

        def __init__(self, table: "RecordTable[Item]", row: Item | None) -> None:
            super().__init__(table)
            self.row = row

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, RecordTable.Moved) and message.table is self.table

    class Marked(_About[Item]):
        """Other rows are marked now: `table.marked`."""

    class Failed(_About[Item]):
        """The rows that the cursor was sent to could not be read; it stays where it was."""

        def __init__(self, table: "RecordTable[Item]", refused: Refused) -> None:
            super().__init__(table)
            self.refused = refused

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        key: Callable[[Row], Hashable],
        empty: Content | str = "",
        foot: bool = False,
        markable: Callable[[Row], bool] | None = None,
        page_size: int = PAGE,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._columns = tuple(columns)
        self._empty = empty
        self._foot = Foot() if foot else None
        self._key = key
        self._markable = markable
        self._marked: dict[Hashable, Row] = {}
        self._page_size = page_size
        self._sorted_by: tuple[str, bool] | None = None
        self._window: Window[Row] = Window(key)
        self._reading: Pages[Row] | None = None
        self._then: Callable[[], None] | None = None
        self._told: Row | None = None
        self._heading: Strip | None = None
        self._fitting: Fitting[Row] = Fitting((), 0)
        self._strips: dict[tuple[int, bool, bool], tuple[Row, Strip]] = {}

    # What it shows

    @property
    def current(self) -> Row | None:
        """The row of the cursor."""
        return self._window.current

    @property
    def current_index(self) -> int:
        """Where the cursor is, counted from 0."""
        return self._window.cursor

    @property
    def count(self) -> int:
        """How many rows the list has, as far as is known."""
        return self._window.count

    @property
    def marked(self) -> Mapping[Hashable, Row]:
        """The rows that are marked by their keys, each as it was when it was marked, in the order of marking."""
        return MappingProxyType(self._marked)

    @property
    def sorted_by(self) -> tuple[str, bool] | None:
        """The key of the column that the rows are sorted by, and whether downwards; it gets the arrow."""
        return self._sorted_by

    @sorted_by.setter
    def sorted_by(self, value: tuple[str, bool] | None) -> None:
        if value != self._sorted_by:
            self._sorted_by = value
            self._heading = self._then = None
            self.paint()

    @property
    def columns(self) -> Sequence[Column[Row]]:
        """The columns, whether the width lets them be drawn or not."""
        return self._columns

    @columns.setter
    def columns(self, value: Sequence[Column[Row]]) -> None:
        self._columns = tuple(value)
        self.forget()

    def set_empty(self, text: Content | str) -> None:
        """What stands in place of rows where there are none: why, and what to press."""
        self._empty = text
        self.paint()

    def set_foot(self, left: Content, right: Content) -> None:
        """What the line under the rows says behind the place, and at its right end."""
        if self._foot:
            self._foot.put(left, right)
            self.paint()

    def draw_rows(self) -> None:
        """Draws the rows anew, as their cells may read differently now."""
        self._strips.clear()
        self.paint()

    def show(
        self,
        count: int,
        first: Sequence[Row],
        fetch: Fetch[Row],
        *,
        keep_cursor: bool = True,
        locate: Locate | None = None,
    ) -> None:
        """Shows a list of `count` rows: `first` is its first page, `fetch` reads the others in a thread.

        Where the count is not known yet, it is `len(first)` until `set_count`. The cursor stays with its row if that
        is on the pages it looks at or `locate` finds it, else at its index; without `keep_cursor` it goes to the
        first row; a cursor on its way goes on. What was shown stays until the rows to be in view are there.
        """
        self._window.open(Pages(count, first, fetch, self._page_size), locate, keep_cursor)
        if not (keep_cursor and self._window.moving):
            self._then = None
        self._strips.clear()
        self._settle()

    def set_count(self, count: int) -> None:
        """The list has `count` rows, now that they are counted."""
        if self._window.pages and count != self.count:
            self._window.pages.set_count(count)
            self._settle()

    # Moving

    def move_to(self, index: int, top: int | None = None) -> None:
        """Sends the cursor to a row by its index, or the last one; the view begins at `top` if that is given."""
        self._then = None
        self._window.go(index, top)
        self._settle()

    def action_step(self, lines: int) -> None:
        self.move_to(self._window.next_cursor + lines)

    def action_turn(self, pages: int) -> None:
        lines = pages * self._window.height
        self.move_to(self._window.next_cursor + lines, self._window.next_top + lines)

    def action_home(self) -> None:
        self.move_to(0)

    def action_end(self) -> None:
        self.move_to(self.count - 1)

    def action_open(self) -> None:
        if self._window.moving:
            self._then = self.action_open
        elif self.current is not None:
            self.post_message(self.Opened(self, self.current))

    # Marking

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("mark", "unmark") and self._markable is None:
            return False
        return super().check_action(action, parameters)

    def action_mark(self) -> None:
        """Marks the row of the cursor, if it may be, or takes its mark away; the cursor goes on to the next one."""
        row = self.current
        if self._window.moving:
            self._then = self.action_mark
        elif row is not None:
            key = self._key(row)
            if self._marked.pop(key, None) is not None:
                self.post_message(self.Marked(self))
            elif self._markable is not None and self._markable(row):
                self._marked[key] = row
                self.post_message(self.Marked(self))
            self.action_step(1)
            if self._window.moving:
                self.paint()

    def action_unmark(self) -> None:
        self.clear_marks()

    def clear_marks(self) -> None:
        """No row is marked any more."""
        if self._marked:
            self._marked.clear()
            self.paint()
            self.post_message(self.Marked(self))

    def on_click(self, event: Click) -> None:
        at = event.get_content_offset(self)
        if at is None or not 1 <= at.y <= len(self._window.rows):
            return
        index = self._window.top + at.y - 1
        if index == self._window.cursor:
            self.action_open()
        else:
            self.move_to(index)

    def _on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        event.stop()
        self.action_step(WHEEL)

    def _on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        event.stop()
        self.action_step(-WHEEL)

    def on_resize(self) -> None:
        self._window.height = max(1, self.size.height - (2 if self._foot else 1))
        self._settle()

    def forget(self) -> None:
        self._heading = None
        self._strips.clear()
        if self._foot:
            self._foot.forget()
        super().forget()

    # Reading

    def _settle(self) -> None:
        """Shows where the cursor is to be, or has that read first; has the neighbours read as well."""
        if self._window.settle():
            self.paint()
            if self.current != self._told:
                self._told = self.current
                self.post_message(self.Moved(self, self.current))
            if then := self._then:
                self._then = None
                then()
        pages = self._window.pages
        wanted = self._window.sought is not None or self._window.wanted() is not None
        if pages and wanted and pages is not self._reading:
            self._reading = pages
            self.run_worker(self._read(pages), group="record-table")

    async def _read(self, pages: Pages[Row]) -> None:
        """Reads what is wanted, page by page; another list shown meanwhile makes the answers void."""
        window = self._window
        try:
            if window.sought is not None and window.locate is not None:
                index = await asyncio.to_thread(window.locate, window.sought)
                if pages is window.pages:
                    window.found(index)
                    self._settle()
            while pages is window.pages and (page := window.wanted()) is not None:
                rows = await asyncio.to_thread(pages.fetch, pages.request(page))
                pages.hold(page, rows)
                self._settle()
        except Refused as refused:
            if pages is window.pages and not window.settle():
                window.stay()
                self._then = None
                self.post_message(self.Failed(self, refused))
        finally:
            if self._reading is pages:
                self._reading = None

    # Drawing

    def draw(self) -> list[Strip]:
        if self._heading is None:
            self._fitting = laid_out(self._columns, self.cells)
            self._heading = self.line(title_pieces(self._fitting, self._sorted_by), "heading")
        if len(self._strips) > DRAWN:
            self._strips.clear()
        window = self._window
        lines = [self._heading]
        if window.pages and not window.rows:
            lines += self._emptiness()
        lines += [self._row(index, row) for index, row in enumerate(window.rows, window.top)]
        if self._foot and window.pages:
            lines += [self.line(()) for _ in range(1 + window.height - len(lines))]
            lines.append(self._foot.drawn(self, window.cursor, window.count, len(self._marked)))
        return lines

    def _row(self, index: int, row: Row) -> Strip:
        here, marked = index == self._window.cursor, self._key(row) in self._marked
        drawn = self._strips.get((index, here, marked))
        if drawn is None or drawn[0] is not row:
            before = CURSORS[self.has_focus, marked] if here else ""
            pieces = list(row_pieces(self._fitting, row, before))
            if marked and not here:
                pieces[0] = MARK, ("accent",)
            strip = self.line(pieces, "cursor" if here else "")
            drawn = self._strips[index, here, marked] = row, strip
        return drawn[1]

    def _emptiness(self) -> list[Strip]:
        text = self._empty
        if isinstance(text, str):
            text = Content("\n".join(safe_text(line) for line in text.splitlines()))
        height = self._window.height
        strips = Visual.to_strips(self, text, self.cells, height, self.visual_style, pad=True)[:height]
        return [self.line(())] * ((height - len(strips)) // 3) + strips
