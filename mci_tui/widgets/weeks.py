"""Counts by week as a plot: one bar a week, on two thin axes."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Grid
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import Static
from textual_hires_canvas import Canvas
from textual_plot import AxisFormatter, HiResMode, PlotWidget

from mci_tui.words import day, number

EVERY = 4
"""How many weeks lie between those that are named below the plot."""

TICKS = 5
"""At most so many steps on the way up."""

LABELS = 8
"""Cells for the numbers beside the plot."""

NAME = 8
"""Cells for the name of a week."""


class WeekPlot(PlotWidget, can_focus=False, inherit_bindings=False):
    """One series of counts. Keys and mouse do nothing to it: whoever shows it binds the keys."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"plot--bar"}
    DEFAULT_CSS = """
    WeekPlot {
        & > .plot--axis, &:focus > .plot--axis { color: $foreground 40%; }
        & > .plot--tick { color: $text-muted; text-style: none; }
        & > .plot--bar { color: $accent 80%; }
    }
    """
    margin_top = reactive(0)
    margin_bottom = reactive(1)
    margin_left = reactive(LABELS)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, allow_pan_and_zoom=False)
        self._weeks: Sequence[date] = ()
        self._counts: Sequence[int] = ()

    def compose(self) -> ComposeResult:
        with Grid():
            for part in ("margin-top", "margin-left", "plot", "margin-bottom"):
                yield _Surface(1, 1, id=part)
        yield Static(id="legend")

    def put(self, weeks: Sequence[date], counts: Sequence[int]) -> None:
        """Shows the counts of these weeks, each named by its Monday."""
        self._weeks, self._counts = weeks, counts
        self._plot()

    def on_resize(self) -> None:
        self.refresh(layout=True)
        self._plot()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._plot()

    def _plot(self) -> None:
        """Each week takes the same whole number of cells, the last of which stays free where there is more than one."""
        if not self._weeks:
            return
        room = self.size.width - LABELS - 2
        cells = room // len(self._weeks)
        self.query_one(Grid).display = cells > 0
        if cells <= 0:
            return
        bar = max(1, cells - 1) / cells
        places = [week + bar / 2 for week in range(len(self._weeks))]
        every = max(EVERY, -(-NAME // cells))
        named = [week for week in range(0, len(self._weeks), every) if week * cells + NAME / 2 <= room]
        steps = ticks(max(self._counts))
        self.clear()
        self.set_xlimits(0, room / cells)
        self.set_ylimits(0, steps[-1])
        self.set_xticks([places[week] for week in named])
        self.set_yticks(steps)
        self.set_x_formatter(_Words([day(self._weeks[week], year=False) for week in named]))
        self.set_y_formatter(_Words([number(step) for step in steps]))
        colour = str(self.get_component_rich_style("plot--bar"))
        self.bar(places, list(self._counts), bar, colour, HiResMode.HALFBLOCK)

    def render(self) -> str:
        super().render()
        canvas = self.query_one("#plot", _Surface)
        if canvas.size.area and canvas.size == canvas.drawn_size and self._weeks:
            for x, y, kept in _frame(canvas.size):
                char, style = canvas.get_pixel(x, y)
                if (thin := _thin(char, x, y == canvas.size.height - 1) if kept else " ") != char:
                    canvas.set_pixel(x, y, thin, style)
        return ""


class _Surface(Canvas):
    """What is drawn on. Every part of its lines has a style: without colour, Textual asks each for it.

    `drawn_size` is the size that it was last drawn in; a terminal that changes its own gives it another one first.
    """

    drawn_size = Size(0, 0)

    def reset(self, size: Size | None = None, refresh: bool = True) -> None:
        self.drawn_size = size or self.drawn_size
        super().reset(size, refresh)

    def render_line(self, y: int) -> Strip:
        return super().render_line(y).apply_style(self.rich_style)


def _frame(size: Size) -> Iterator[tuple[int, int, bool]]:
    """The cells of the frame around the plot, and whether each is of the two axes that are kept."""
    right, bottom = size.width - 1, size.height - 1
    for y in range(bottom):
        yield 0, y, True
        yield right, y, False
    for x in range(right + 1):
        yield x, bottom, True
        if x:
            yield x, 0, False


def _thin(char: str, x: int, bottom: bool) -> str:
    """A cell of an axis in a thin line, with its tick if it has one."""
    if char in _THIN:
        return char
    if bottom:
        return "┴" if x == 0 else "┬" if char in "┳╋" else "─"
    return "│" if char == "┃" else "┤"


_THIN = "┴┬─│┤"


class _Words(AxisFormatter):
    """The words for the ticks, in their order."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = list(words)

    def get_ticks(self, min_: float, max_: float, max_ticks: int = 8) -> list[float]:
        return []

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        return self._words


def ticks(most: int) -> list[int]:
    """Round numbers from 0 to the first one that is not below `most`, in few steps."""
    step = next(step for step in _steps() if step * TICKS >= most)
    return list(range(0, max(most, 1) + step, step))[: -(-max(most, 1) // step) + 1]


def _steps() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10
