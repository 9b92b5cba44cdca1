"""The line under a list: where its cursor is, how many rows are marked, and what else there is to say of it."""

from rich.cells import cell_len
from rich.segment import Segment
from rich.text import Text
from textual.content import Content
from textual.strip import Strip

from mci_tui.text import _, ngettext, safe_text
from mci_tui.widgets.bars import GAP, SEPARATOR, fitting
from mci_tui.widgets.lines import Lines, fitted
from mci_tui.words import number

PLACE = 22
"""Cells for the place in the list."""


class Foot:
    """Draws the line. A move changes nothing of it but the place: all that stands behind is drawn once and kept."""

    def __init__(self) -> None:
        self._left = self._right = Content()
        self._behind: dict[tuple[int, int], Strip] = {}

    def put(self, left: Content, right: Content) -> None:
        """Takes what stands behind the place, and at the right end as many of its parts (` · `) as fit."""
        self._left, self._right = left, right
        self.forget()

    def forget(self) -> None:
        """Has everything drawn anew."""
        self._behind.clear()

    def drawn(self, table: Lines, at: int, count: int, marked: int) -> Strip:
        """The line under `table`, whose cursor is on row `at` (from 0) of `count`."""
        place = _("%(place)s of %(count)s") % {"place": number(at + 1), "count": number(count)} if count else ""
        width = max(PLACE, cell_len(place))
        if (width, marked) not in self._behind:
            self._behind[width, marked] = self._drawn_behind(table, width, marked)
        gap = Segment(" " * (width - cell_len(place)), table.look("", "muted"))
        return Strip.join([Strip([Segment(f" {place}", table.look("")), gap]), self._behind[width, marked]])

    def _drawn_behind(self, table: Lines, place: int, marked: int) -> Strip:
        words = ngettext("%(count)s marked", "%(count)s marked", marked) % {"count": number(marked)} if marked else ""
        rest = SEPARATOR * bool(words) + safe_text(self._left.plain)
        left = Text.assemble((words, "accent"), (rest, "muted"))
        right = Text(safe_text(fitting(self._right, table.cells - place - left.cell_len - GAP).plain), "muted")
        room = table.cells - place - 3 - right.cell_len
        pieces = [*fitted(left, room), (" ", ()), *fitted(right, right.cell_len)]
        return table.line(pieces, width=table.cells - place - 1)
