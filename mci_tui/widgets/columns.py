"""The columns of a list: which of them fit a width, how wide each is then, and what stands in them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from rich.text import Text

from mci_tui.text import safe_text
from mci_tui.widgets.lines import Align, Piece, fitted

Row = TypeVar("Row")


class Column(NamedTuple, Generic[Row]):
    """One column of a list of rows.

    `cell` gives what a row shows in it: a `str` is made safe, a `Text` must have been made from safe text and may
    use the names of `lines.TONES` as styles. `width` is the least width in cells; what the table has to spare is
    shared out by `weight`. Tables narrower than `from_width` leave the column out.
    """

    key: str
    title: str
    cell: Callable[[Row], Text | str]
    width: int
    weight: int = 0
    align: Align = "left"
    from_width: int = 0


class Fitting(NamedTuple, Generic[Row]):
    """The columns that are drawn, each with its width, and the gap between them."""

    columns: Sequence[tuple[Column[Row], int]]
    gap: int


def laid_out(columns: Sequence[Column[Row]], table: int) -> Fitting[Row]:
    """Fits columns into a table of `table` cells, the first of which is the cursor's.

    The gap is two cells where that leaves no column out, else one. Where even that is too much, columns are left out
    from the right.
    """
    shown = [column for column in columns if table >= column.from_width]
    width = table - 1
    gap = 2 if _needed(shown, 2) <= width else 1
    while len(shown) > 1 and _needed(shown, gap) > width:
        shown.pop()
    spare = max(0, width - _needed(shown, gap))
    weights = sum(column.weight for column in shown)
    widths: list[tuple[Column[Row], int]] = []
    for column in shown:
        share = spare * column.weight // weights if weights else 0
        spare, weights = spare - share, weights - column.weight
        widths.append((column, min(column.width + share, width)))
    return Fitting(widths, gap)


def title_pieces(fitting: Fitting[Row], sorted_by: tuple[str, bool] | None) -> Iterator[Piece]:
    """The line of titles, with an arrow beside the column that the rows are sorted by."""
    for place, (column, width) in enumerate(fitting.columns):
        yield " " * (fitting.gap if place else 1), ()
        title = Text(safe_text(column.title))
        if sorted_by and sorted_by[0] == column.key:
            title.truncate(width - 2, overflow="ellipsis")
            title.append(" ↓" if sorted_by[1] else " ↑")
        yield from fitted(title, width, column.align)


def row_pieces(fitting: Fitting[Row], row: Row, mark: str) -> Iterator[Piece]:
    """The line of a row behind its `mark`.

    Where there is one, the row is the cursor's: it begins in bold, and has the cursor's look alone. Its cells' own
    tones would cost as many bytes again with every key, and might not be legible on it.
    """
    for place, (column, width) in enumerate(fitting.columns):
        yield (" " * fitting.gap, ()) if place else (mark or " ", ())
        over = ("bold",) if place == 0 else ()
        for text, styles in fitted(column.cell(row), width, column.align):
            yield text, over if mark else styles


def _needed(columns: Sequence[Column[Row]], gap: int) -> int:
    return sum(column.width for column in columns) + gap * (len(columns) - 1)
