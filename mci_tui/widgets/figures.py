"""Figures as calm lines: a word, its number, a bar as long as the number is large, and amounts beside it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len
from rich.text import Text
from textual.strip import Strip

from mci_tui.text import safe_text
from mci_tui.widgets.lines import Lines, Piece, fitted

BAR, HALF = "━", "╸"
"""A cell of a bar, and half a cell at its end."""

GAP = 2
LONGEST = 48
"""Cells that no bar is longer than: what stands far from its word is hard to read."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: `share` (0 to 1) is the length of its bar, `beside` what stands in the columns behind that.

    `tone` colours the bar and the word's mark. A heading is bold. A figure of nothing is an empty line.
    """

    word: str = ""
    number: str = ""
    share: float = 0
    beside: Sequence[str] = ()
    tone: str = ""
    heading: bool = False


class FigureLines(Lines, can_focus=False):
    """Figures one below the other, their columns in line; what has no room below the last line in view is left out."""

    DEFAULT_CSS = "FigureLines { margin: 0 2; }"

    def __init__(self, *, bars: bool = True, id: str | None = None) -> None:
        super().__init__(id=id)
        self._figures: Sequence[Figure] = ()
        self._bars = bars

    def put(self, figures: Iterable[Figure]) -> None:
        """Shows these figures; lines that stay as they were are not painted again."""
        self._figures = tuple(figures)
        self.paint()

    def draw(self) -> list[Strip]:
        cells = [(safe_text(each.word), each.number, *each.beside) for each in self._figures]
        widths = [max(map(cell_len, column)) for column in zip_longest(*cells, fillvalue="")]
        spare = self.cells - sum(widths) - GAP * len(widths)
        bar = max(0, min(LONGEST, spare)) if self._bars else 0
        return [self.line(_pieces(each, widths, bar)) for each in self._figures[: self.size.height]]


def _pieces(figure: Figure, widths: Sequence[int], bar: int) -> Iterator[Piece]:
    over = ("bold", "accent") if figure.heading else ()
    word, number, *beside = widths
    mark, _space, _rest = safe_text(figure.word).partition(" ")
    told = Text(safe_text(figure.word))
    told.stylize(figure.tone, 0, len(mark))
    yield from ((text, (*over, *styles)) for text, styles in fitted(told, word))
    yield " " * GAP, ()
    yield from ((text, over) for text, _styles in fitted(figure.number, number, "right"))
    yield " " * GAP, ()
    yield from fitted(Text(bar_of(figure.share, bar), figure.tone), bar)
    for place, width in enumerate(beside):
        cell = figure.beside[place] if place < len(figure.beside) else ""
        yield " " * GAP, ()
        yield from ((text, ("muted",)) for text, _styles in fitted(cell, width, "right"))


def bar_of(share: float, cells: int) -> str:
    """A bar of at most `cells` cells, to half a cell; only nothing at all has none."""
    halves = max(round(share * cells * 2), 1 if share else 0)
    return BAR * (halves // 2) + HALF * (halves % 2)
