"""A line of tabs with their counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from textual.events import Click
from textual.message import Message
from textual.strip import Strip

from mci_tui.text import safe_text
from mci_tui.widgets.lines import Lines, Piece
from mci_tui.words import number

GAPS = (4, 2, 1)
"""Cells between tabs: the widest gap with which all fit."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its `count` is shown behind its label, unless there is none."""

    key: str
    label: str
    count: int | None = None

    @property
    def number(self) -> str:
        """The count as it is written."""
        return "" if self.count is None else f" {number(self.count)}"

    @property
    def width(self) -> int:
        """How many cells the tab takes."""
        return cell_len(safe_text(self.label)) + len(self.number)


class TabStrip(Lines, can_focus=False):
    """Tabs on one line, the active one bold and underlined; the screen binds the keys.

    Where not all of them fit, those from the left make room for the active one; `…` stands for those on the right.
    """

    DEFAULT_CSS = "TabStrip { height: 1; }"

    class Activated(Message):
        """Another tab is active: `key` says which."""

        def __init__(self, strip: "TabStrip", key: str) -> None:
            super().__init__()
            self.strip = strip
            self.key = key

        @property
        def control(self) -> "TabStrip":
            return self.strip

    def __init__(
        self,
        tabs: Sequence[Tab] = (),
        *,
        active: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._tabs = tuple(tabs)
        self._active = active

    @property
    def tabs(self) -> Sequence[Tab]:
        """The tabs, from left to right."""
        return self._tabs

    @tabs.setter
    def tabs(self, value: Sequence[Tab]) -> None:
        self._tabs = tuple(value)
        self.paint()

    @property
    def active(self) -> str | None:
        """The key of the active tab: the first one until another is activated, None without tabs."""
        keys = [tab.key for tab in self._tabs]
        return self._active if self._active in keys else next(iter(keys), None)

    def set_counts(self, counts: Mapping[str, int | None]) -> None:
        """Counts by key; tabs that are not named keep theirs."""
        self.tabs = [replace(tab, count=counts.get(tab.key, tab.count)) for tab in self._tabs]

    def activate(self, key: str) -> None:
        """Makes a tab the active one and says so, unless it is already."""
        if key == self.active or all(tab.key != key for tab in self._tabs):
            return
        self._active = key
        self.paint()
        self.post_message(self.Activated(self, key))

    def next(self) -> None:
        """Activates the tab on the right of the active one, or the first behind the last."""
        self._step(1)

    def previous(self) -> None:
        """Activates the tab on the left of the active one, or the last before the first."""
        self._step(-1)

    def _step(self, by: int) -> None:
        keys = [tab.key for tab in self._tabs]
        if self.active is not None:
            self.activate(keys[(keys.index(self.active) + by) % len(keys)])

    def on_click(self, event: Click) -> None:
        at = event.get_content_offset(self)
        for tab, start in self._placed():
            if at is not None and start <= at.x < start + tab.width:
                self.activate(tab.key)

    def _placed(self) -> Iterator[tuple[Tab, int]]:
        """The tabs that are shown, each with the cell that it begins in."""
        shown, width = list(self._tabs), self.cells - 2
        taken = sum(tab.width for tab in shown)
        gap = next((gap for gap in GAPS if taken + gap * (len(shown) - 1) <= width), GAPS[-1])
        while shown and shown[0].key != self.active and self._end(shown, gap) > width:
            shown.pop(0)
        x = 1
        for tab in shown:
            if tab is not shown[0] and x + tab.width > self.cells:
                return
            yield tab, x
            x += tab.width + gap

    def _end(self, shown: Sequence[Tab], gap: int) -> int:
        """The cell behind the active tab."""
        until = [tab.key for tab in shown].index(self.active or "") + 1
        return sum(tab.width for tab in shown[:until]) + gap * (until - 1)

    def draw(self) -> list[Strip]:
        pieces: list[Piece] = []
        placed = list(self._placed())
        x = 0
        for tab, start in placed:
            active = tab.key == self.active
            pieces.append((" " * (start - x), ()))
            pieces.append((safe_text(tab.label), ("bold underline",) if active else ("muted",)))
            pieces.append((tab.number, ("bold", "accent") if active else ("muted",)))
            x = start + tab.width
        if placed and placed[-1][0] is not self._tabs[-1]:
            pieces.append((" …", ("muted",)))
        return [self.line(pieces)]
