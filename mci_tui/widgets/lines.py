"""What our line-by-line widgets share: marks and tones, text cut to cells, and painting only what changed."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import ClassVar, Literal

from rich.cells import cell_len, set_cell_size
from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from mci_tui.text import safe_text

Align = Literal["left", "right"]
Piece = tuple[str, tuple[str | Style, ...]]
"""A run of characters and the styles that lie over each other on it, the last one on top."""

TONES = ("muted", "accent", "success", "warning", "error")
"""Style names that a `Text` may use beside Rich's own; each takes its colour from the theme."""

WHEEL = 3
"""Lines that one notch of the mouse wheel moves."""


def fitted(cell: Text | str, width: int, align: Align = "left") -> Iterator[Piece]:
    """`cell` in exactly `width` cells: cut with `…` where it is longer, padded where it is shorter.

    A `str` may come from people or files: it goes through `safe_text`. A `Text` must have been made from safe text.
    """
    plain, spans = (safe_text(cell), []) if isinstance(cell, str) else (cell.plain, cell.spans)
    base = "" if isinstance(cell, str) else cell.style
    if cell_len(plain) > width:
        plain = set_cell_size(plain, width - 1) + "…" if width > 0 else ""
    spare = " " * (width - cell_len(plain))
    if spare and align == "right":
        yield spare, ()
    edges = sorted({0, len(plain), *(min(edge, len(plain)) for span in spans for edge in (span.start, span.end))})
    for start, end in pairwise(edges):
        over = (span.style for span in spans if span.start <= start and end <= span.end)
        yield plain[start:end], (base, *over)
    if spare and align == "left":
        yield spare, ()


def turned(top: int, index: int, height: int, count: int) -> int:
    """The first line to show so that `index` is in view: as it was, or half a page on where `index` has left it.

    Half pages keep most keys to two painted lines; a view that followed line by line would be painted whole each time.
    """
    half = max(1, height // 2)
    if index >= top + height:
        top = max(top + half, index - height + 1)
    elif index < top:
        top = min(top - half, index)
    return max(0, min(top, count - height))


class Lines(Widget, can_focus=True):
    """A widget that draws itself as lines (`draw`) and repaints only those that have changed (`paint`)."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"lines--cursor", "lines--heading", *(f"lines--{tone}" for tone in TONES)}
    DEFAULT_CSS = """
    Lines {
        width: 1fr;
        height: 1fr;
        & > .lines--heading { color: $text-muted; text-style: bold; }
        & > .lines--cursor { color: $text; background: $accent 10%; }
        & > .lines--muted { color: $text-muted; }
        & > .lines--accent { color: $text-accent; }
        & > .lines--success { color: $text-success; }
        & > .lines--warning { color: $text-warning; }
        & > .lines--error { color: $text-error; }
        &:focus > .lines--cursor { background: $accent 25%; }
        &:ansi:focus > .lines--cursor { color: $block-cursor-foreground; background: $block-cursor-background; }
        &:ansi > .lines--cursor { background: $background; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawn: list[Strip] | None = None
        self._cells = 0
        self._looks: dict[tuple[str | Style, ...], Style] = {}
        self._lean: dict[int, tuple[Strip, LeanStrip]] = {}
        self._filters: tuple[Sequence[LineFilter], Color] = (), Color(0, 0, 0)

    @property
    def cells(self) -> int:
        """How wide the lines are."""
        self._cells = self._cells or self.size.width
        return self._cells

    def draw(self) -> Sequence[Strip]:
        """The widget's lines at its present size; those it leaves out stay blank."""
        raise NotImplementedError

    def paint(self) -> None:
        """Draws again, and has those lines repainted that came out differently."""
        if self._drawn is None:
            self.refresh()
            return
        before, self._drawn = self._drawn, list(self.draw())
        for y, (old, new) in enumerate(zip_longest(before, self._drawn)):
            if old is not new and old != new:
                self.refresh(Region(0, y, _changed(old, new) if old and new else self.cells, 1))

    def forget(self) -> None:
        """Has everything drawn anew, as what it is drawn from has changed: styles, size, columns."""
        self._looks.clear()
        self._drawn = None
        self._cells = 0
        self.refresh()

    def line(self, pieces: Iterable[Piece], look: str = "", width: int | None = None) -> Strip:
        """One line as wide as the widget, or `width` cells, made of `pieces` over a look."""
        segments = [Segment(text, self.look(look, *over)) for text, over in pieces if text]
        return Strip(Segment.simplify(segments)).adjust_cell_length(
            self.cells if width is None else width, self.look(look)
        )

    def look(self, name: str, *over: str | Style) -> Style:
        """The style of the component class `lines--<name>` in the present theme, or the widget's own; more on top."""
        key = name, *over
        if key not in self._looks:
            style = self.get_component_rich_style(f"lines--{name}") if name else self.rich_style
            for upper in over:
                if isinstance(upper, str):
                    upper = Style(color=self.look(upper).color) if upper in TONES else Style.parse(upper)
                style += upper
            self._looks[key] = style
        return self._looks[key]

    def render_line(self, y: int) -> Strip:
        if self._drawn is None:
            self._drawn = list(self.draw())
        return self._drawn[y] if y < len(self._drawn) else self.line(())

    def render_lines(self, crop: Region) -> list[Strip]:
        """The drawn lines, which fill the widget: nothing of Textual's stands around them (border, padding) or over
        them (tint, opacity). Looking for that on every line, for each that has changed, is a seventh of a key's time.
        """
        filters = self.get_line_filters(), self.background_colors[1]
        if filters != self._filters:
            self._filters = filters
            self._lean.clear()
        strips = [self._made_lean(y, self.render_line(y)) for y in crop.line_range]
        left, right = crop.column_span
        return strips if (left, right) == (0, self.cells) else [strip.crop(left, right) for strip in strips]

    def _made_lean(self, y: int, strip: Strip) -> Strip:
        made = self._lean.get(y)
        if made is None or made[0] is not strip:
            filters, background = self._filters
            filtered = strip
            for each in filters:
                filtered = filtered.apply_filter(each, background)
            made = self._lean[y] = strip, LeanStrip(filtered, filtered.cell_length)
        return made[1]

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.forget()

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.forget()

    def on_resize(self) -> None:
        self.forget()


def _changed(old: Strip, new: Strip) -> int:
    """How many cells of a line to paint again: those up to the last segment that differs."""
    end = new.cell_length
    for before, after in zip(reversed(old), reversed(new), strict=False):
        if before != after:
            break
        end -= after.cell_length
    return end


_LASTING = ("italic", "underline", "underline2", "overline", "strike", "blink", "blink2", "reverse", "conceal")


def _lasting(style: Style) -> list[bool | None]:
    return [getattr(style, name) or None for name in _LASTING]


@lru_cache(maxsize=4096)
def _change(before: Style, after: Style, blank: bool, system: ColorSystem) -> tuple[str, Style]:
    """The SGR codes from one style to the next, and the style that the terminal is in then."""
    plain = not any(_lasting(before)) and not any(_lasting(after))
    if before == after or (blank and plain and before.bgcolor == after.bgcolor):
        return "", before
    afresh = ";".join(filter(None, ("0" if before else "", Strip.render_ansi(after, system))))
    if not plain:
        return afresh, after
    codes: list[str] = []
    if (before.bold, before.dim) != (after.bold, after.dim):
        codes += ["22"] * bool(before.bold or before.dim) + ["1"] * bool(after.bold) + ["2"] * bool(after.dim)
    for old, new, foreground in ((before.color, after.color, True), (before.bgcolor, after.bgcolor, False)):
        if old != new:
            codes += new.downgrade(system).get_ansi_codes(foreground) if new else ["39" if foreground else "49"]
    return min(";".join(codes), afresh, key=len), after


class LeanStrip(Strip):
    """A strip that tells the terminal only what changes between its segments, with one reset at the end.

    Textual writes each segment with all its colours and a reset; over SSH that is half of a list's bytes.
    """

    def render(self, console: Console) -> str:
        if self._render_cache is None:
            self._render_cache = self._lean(COLOR_SYSTEMS[console.color_system or "truecolor"])
        return self._render_cache

    def crop(self, start: int, end: int | None = None) -> Strip:
        cropped = super().crop(start, end)
        return cropped if cropped is self else LeanStrip(cropped, cropped.cell_length)

    def _lean(self, system: ColorSystem) -> str:
        written: list[str] = []
        now = reset = Style.null()
        for text, style, _control in self:
            codes, now = _change(now, style or reset, text.isspace(), system)
            written.append(f"\x1b[{codes}m{text}" if codes else text)
        return "".join(written) + ("\x1b[0m" if now != reset else "")
