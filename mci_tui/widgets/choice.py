"""A list of options to choose one or many of."""

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.events import Click, Key, MouseScrollDown, MouseScrollUp
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from mci_tui.text import N_, safe_text
from mci_tui.widgets.lines import WHEEL, Lines, Piece, fitted, turned

PAUSE = 1.5
"""Seconds after which a typed letter begins a new search."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option: `detail` stands behind its label; `disabled` is the reason why it cannot be chosen."""

    value: str
    label: str
    detail: str = ""
    disabled: str = ""


class Choice(Lines):
    """Options drawn as `( ) (●)`, or as `[ ] [x]` where many may be chosen; those that cannot be as `(–)` or `[–]`.

    Space chooses, and letters find an option by its label: the next one that begins with what was typed, else the
    next that contains it. Enter is left to whoever the list belongs to.
    """

    DEFAULT_CSS = "Choice { height: auto; max-height: 100%; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "step(1)", N_("Next option"), show=False, id="choice.down"),
        Binding("up,k", "step(-1)", N_("Previous option"), show=False, id="choice.up"),
        Binding("pagedown", "turn(1)", N_("Page down"), show=False, id="choice.page_down"),
        Binding("pageup", "turn(-1)", N_("Page up"), show=False, id="choice.page_up"),
        Binding("home", "home", N_("First option"), show=False, id="choice.home"),
        Binding("end", "end", N_("Last option"), show=False, id="choice.end"),
        Binding("space", "choose", N_("Choose"), show=False, id="choice.choose"),
    ]

    class Changed(Message):
        """The operator has chosen otherwise: `values` are all values chosen, `value` is the only or first one."""

        def __init__(self, choice: "Choice", values: tuple[str, ...]) -> None:
            super().__init__()
            self.choice = choice
            self.values = values
            self.value = values[0] if values else None

        @property
        def control(self) -> "Choice":
            return self.choice

    def __init__(
        self,
        options: Sequence[Option] = (),
        *,
        many: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._many = many
        self._options = tuple(options)
        self._chosen: frozenset[str] = frozenset()
        self._top = self._cursor = 0
        self._typed = ""
        self._typed_at = 0.0

    # What is chosen

    @property
    def options(self) -> Sequence[Option]:
        """The options, in their order."""
        return self._options

    @options.setter
    def options(self, value: Sequence[Option]) -> None:
        current = self.current
        self._options = tuple(value)
        values = [option.value for option in self._options]
        if current and current.value in values:
            self._cursor = values.index(current.value)
        self._cursor = max(0, min(self._cursor, len(values) - 1))
        self.forget()
        self.refresh(layout=True)

    @property
    def current(self) -> Option | None:
        """The option of the cursor."""
        return self._options[self._cursor] if self._options else None

    @property
    def values(self) -> tuple[str, ...]:
        """The values chosen, in the order of the options; a value that is no option is not among them."""
        return tuple(option.value for option in self._options if option.value in self._chosen)

    @values.setter
    def values(self, values: Collection[str]) -> None:
        self._chosen = frozenset(values if self._many else [*values][:1])
        chosen = [place for place, option in enumerate(self._options) if option.value in self._chosen]
        self._cursor = chosen[0] if chosen else self._cursor
        self.paint()

    @property
    def value(self) -> str | None:
        """The value chosen, the first one where there are many, or None."""
        return next(iter(self.values), None)

    @value.setter
    def value(self, value: str | None) -> None:
        self.values = () if value is None else (value,)

    # Keys

    def action_choose(self) -> None:
        option = self.current
        self._typed = ""
        if option is None or (option.disabled and not (self._many and option.value in self._chosen)):
            return
        before = self.values
        self._chosen = self._chosen ^ {option.value} if self._many else frozenset({option.value})
        if self.values != before:
            self.paint()
            self.post_message(self.Changed(self, self.values))

    def action_step(self, lines: int) -> None:
        self._move(self._cursor + lines)

    def action_turn(self, pages: int) -> None:
        self._move(self._cursor + pages * self.size.height)

    def action_home(self) -> None:
        self._move(0)

    def action_end(self) -> None:
        self._move(len(self._options) - 1)

    def on_key(self, event: Key) -> None:
        letter = event.character or ""
        searching = bool(self._typed) and event.time - self._typed_at < PAUSE
        if not letter.isalnum() or not self._options or (letter in "jk" and not searching):
            return
        event.stop()
        typed = (self._typed if searching else "") + letter
        found = self._found(typed, 0 if searching else 1)
        if found is None and searching:
            typed, found = letter, self._found(letter, 1)
        if found is not None:
            self._move(found)
        self._typed, self._typed_at = typed, event.time

    def on_click(self, event: Click) -> None:
        at = event.get_content_offset(self)
        if at is not None and self._top + at.y < len(self._options):
            self._move(self._top + at.y)
            self.action_choose()

    def _on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        self._wheel(event, WHEEL)

    def _on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        self._wheel(event, -WHEEL)

    def _wheel(self, event: MouseScrollDown | MouseScrollUp, lines: int) -> None:
        if len(self._options) > self.size.height:
            event.stop()
            self.action_step(lines)

    def _move(self, index: int) -> None:
        self._typed = ""
        self._cursor = max(0, min(index, len(self._options) - 1))
        self.paint()

    def _found(self, typed: str, skip: int) -> int | None:
        """The option that fits what was typed, from the cursor on or, to `skip` it, from the one behind it."""
        labels = [_folded(option.label) for option in self._options]
        order = [(self._cursor + skip + step) % len(labels) for step in range(len(labels))]
        beginning = (place for place in order if labels[place].startswith(_folded(typed)))
        containing = (place for place in order if _folded(typed) in labels[place])
        return next(beginning, next(containing, None))

    # Drawing

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self._options))

    def draw(self) -> list[Strip]:
        height, count = self.size.height, len(self._options)
        self._top = turned(self._top, self._cursor, height, count)
        bar = self._bar(height, count)
        widths = self._widths(self.cells - len(" (x) ") - (len(" ┃") if bar else 0))
        lines: list[Strip] = []
        for place in range(self._top, min(self._top + height, count)):
            here = self.has_focus and place == self._cursor
            pieces = [*self._pieces(self._options[place], here, *widths)]
            if bar:
                pieces.append((" ┃" if place - self._top in bar else "  ", ("muted",)))
            lines.append(self.line(pieces, "cursor" if here else ""))
        return lines

    def _pieces(self, option: Option, here: bool, label: int, detail: int) -> Iterator[Piece]:
        chosen = option.value in self._chosen
        inner = ("x" if self._many else "●") if chosen else "–" if option.disabled else " "
        quiet = ("muted",) if option.disabled and not here else ()
        yield "▌" if here else " ", ()
        yield f"[{inner}]" if self._many else f"({inner})", ("accent",) if chosen and not here else quiet
        yield " ", ()
        for text, styles in fitted(option.label, label):
            yield text, (*styles, *quiet, *(("bold",) if here else ()))
        yield "  " if detail else "", ()
        for text, styles in fitted(option.disabled or option.detail, detail):
            yield text, (*styles, *(() if here else ("muted",)))

    def _widths(self, width: int) -> tuple[int, int]:
        """Cells for labels and for details; details get up to half, and what labels leave."""
        longest = max((cell_len(safe_text(option.label)) for option in self._options), default=0)
        details = max((cell_len(safe_text(option.disabled or option.detail)) for option in self._options), default=0)
        if not details:
            return width, 0
        label = min(longest, width - min(details, width // 2) - 2)
        return label, width - label - 2

    def _bar(self, height: int, count: int) -> range:
        """The lines on which a list longer than its box shows what part of it is in view."""
        if count <= height:
            return range(0)
        size = max(1, height * height // count)
        start = self._top * (height - size) // (count - height)
        return range(start, start + size)


def _folded(text: str) -> str:
    """`text` without case and accents, as people type it."""
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
