"""The part of a long list that is in view, and the cursor in it."""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from mci_tui.widgets.lines import turned
from mci_tui.widgets.pages import Pages

Row = TypeVar("Row")

Locate = Callable[[Hashable], int | None]
"""Finds the index of the row with a key, or None; it may block, as it is called in a thread."""


class Window(Generic[Row]):
    """What is in view (`rows` from `top` on, `cursor`), and where view and cursor are to be once its rows are read.

    Moves are counted from where the cursor is to be, so that keys typed while rows are read are not lost.
    """

    def __init__(self, key: Callable[[Row], Hashable]) -> None:
        self.pages: Pages[Row] | None = None
        self.locate: Locate | None = None
        self.height = 1
        self.rows: Sequence[Row] = ()
        self.top = self.cursor = 0
        self.next_top = self.next_cursor = 0
        self._key = key
        self._sought: Row | None = None
        self._ahead = True

    @property
    def count(self) -> int:
        """How many rows the list has, as far as is known."""
        return self.pages.count if self.pages else 0

    @property
    def current(self) -> Row | None:
        """The row of the cursor."""
        at = self.cursor - self.top
        return self.rows[at] if at < len(self.rows) else None

    @property
    def moving(self) -> bool:
        """Whether the cursor was sent somewhere and waits for the rows there."""
        return self._sought is None and self.next_cursor != self.cursor

    @property
    def sought(self) -> Hashable | None:
        """The key of the row that `locate` has to find before anything is shown."""
        return self._key(self._sought) if self._sought is not None and self.locate else None

    def open(self, pages: Pages[Row], locate: Locate | None, keep_cursor: bool) -> None:
        """Takes another list; the cursor goes on to where it was sent, stays with its row, or goes to the first one."""
        self.pages, self.locate = pages, locate
        self._sought = self.current if keep_cursor and not self.moving else None
        if not keep_cursor:
            self.next_top = self.next_cursor = 0
        self._follow(self._find())

    def go(self, index: int, top: int | None = None) -> None:
        """Sends the cursor to a row, and the view to begin at `top`; whoever moves seeks no more."""
        self._sought = None
        self._ahead = index >= self.next_cursor
        self.next_cursor = index
        self.next_top = self.next_top if top is None else top

    def stay(self) -> None:
        """Takes back where the cursor was sent to."""
        self._sought = None
        self.next_top, self.next_cursor = self.top, self.cursor

    def found(self, index: int | None) -> None:
        """Takes the answer of `locate`, unless the cursor was sent elsewhere meanwhile."""
        if self._sought is not None:
            self._follow(index)
            self._sought = None

    def settle(self) -> bool:
        """Moves to where the cursor is to be, if all the rows in view there are held; says whether they were."""
        if self.pages is None or self.sought is not None:
            return False
        rows = self._rows(self.pages)
        if rows is not None and self._sought is not None:
            self.found(self._find())
            rows = self._rows(self.pages)
        if rows is None:
            return False
        self.rows, self.top, self.cursor = rows, self.next_top, self.next_cursor
        return True

    def wanted(self) -> int | None:
        """The page to read next: one of the view to be, or the neighbour in the direction of travel."""
        if self.pages is None:
            return None
        self._clamp(self.pages)
        top, stop = self.next_top, self.next_top + self.height
        missing = self.pages.missing(top, stop)
        if missing is not None:
            return missing
        return self.pages.missing(*((stop, stop + self.height) if self._ahead else (top - self.height, top)))

    def _clamp(self, pages: Pages[Row]) -> None:
        self.next_cursor = max(0, min(self.next_cursor, pages.count - 1))
        self.next_top = turned(self.next_top, self.next_cursor, self.height, pages.count)

    def _rows(self, pages: Pages[Row]) -> list[Row] | None:
        self._clamp(pages)
        return pages.rows(self.next_top, self.next_top + self.height)

    def _find(self) -> int | None:
        if self.pages is None or self._sought is None:
            return None
        key = self._key(self._sought)
        return self.pages.find(lambda row: self._key(row) == key)

    def _follow(self, index: int | None) -> None:
        """Keeps the row on its line of the screen, except where the list is shown from its beginning."""
        if index is None:
            return
        if self.next_top or index >= self.height:
            self.next_top += index - self.next_cursor
        self.next_cursor = index
        self._sought = None
