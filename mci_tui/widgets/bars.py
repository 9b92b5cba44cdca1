"""The lines around a list: a bar of words at both ends, and the line of keys."""

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from mci_tui.text import _

_SHORT = {
    "enter": "⏎",
    "escape": "Esc",
    "slash": "/",
    "question_mark": "?",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
}

GAP = 3
SEPARATOR = " · "


def short_key(key: str) -> str:
    """A key as people write it: `⏎`, `Esc`, `F10`, `Ctrl+O`; a letter as it is."""
    return _SHORT.get(key) or (key if len(key) == 1 else "+".join(part.capitalize() for part in key.split("+")))


class Bar(Widget):
    """One line with words at its left and right end; where both do not fit, parts of the right ones go (` · `)."""

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._ends = Content(), Content()

    def put(self, left: Content, right: Content | None = None) -> None:
        """Shows these words; the same words again paint nothing."""
        ends = left, right or Content()
        if [(end.plain, end.spans) for end in ends] != [(end.plain, end.spans) for end in self._ends]:
            self._ends = ends
            self.refresh()

    def render(self) -> Content:
        left, right = self._ends
        parts = right.split(SEPARATOR) if right else []
        while parts:
            end = Content(SEPARATOR).join(parts)
            room = self.size.width - left.cell_length - end.cell_length
            if room >= GAP:
                return Content.assemble(left, " " * room, end)
            parts.pop()
        return left.truncate(self.size.width, ellipsis=True)


class StatusLine(Horizontal):
    """The line below a list. The place in the list stands in a part of its own, so that a key repaints only that."""

    DEFAULT_CSS = """
    StatusLine { height: 1; }
    StatusLine #place { width: 22; }
    """

    def compose(self) -> ComposeResult:
        yield Static("", id="place", markup=False)
        yield Bar(id="about")

    def put_place(self, words: str) -> None:
        """Shows where in the list the cursor stands."""
        self.query_one("#place", Static).update(Content(words), layout=False)

    def put_about(self, left: Content, right: Content) -> None:
        """Shows how the list is sorted and filtered, and who looks at what."""
        self.query_one("#about", Bar).put(left, right)


class KeyLine(Widget):
    """The keys that do something here, as far as they fit; a key that can do nothing now is dimmed."""

    DEFAULT_CSS = "KeyLine { height: 1; }"

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._updated)

    def _updated(self, _screen: Screen[object]) -> None:
        self.refresh()

    def render(self) -> Content:
        keys = _shown_keys(self.screen)
        width = self.size.width
        while True:
            line = Content("   ").join(_key(*key) for key in keys)
            if line.cell_length <= width or len(keys) < 2:
                return line
            keys.pop(-2)


def _shown_keys(screen: Screen[object]) -> list[tuple[str, str, bool]]:
    """The keys shown: the screen's own ones first, then what every list has, the way back, and the help last.

    A screen's `key_words` say what an action is called at the moment, where its binding cannot know.
    """
    found: dict[str, tuple[int, tuple[str, str, bool]]] = {}
    names: Mapping[str, str] = getattr(screen, "key_words", {})
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.show and binding.action not in found:
            key = binding.key_display or short_key(binding.key)
            rank = _LATE.get((binding.id or "").partition(".")[0], 0) + _LEAVING.get(binding.description, 0)
            words = names.get(binding.action) or _(binding.description)
            found[binding.action] = rank, (key, words, active.enabled)
    return [key for _rank, key in sorted(found.values(), key=lambda entry: entry[0])]


_LATE = {"list": 1, "app": 9}
_LEAVING = {"Back": 5, "Quit": 5}


def _key(key: str, label: str, alive: bool) -> Content:
    if not alive:
        return Content.assemble((f"{key} {label}", "$text-disabled"))
    return Content.assemble((key, "bold $accent"), f" {label}")


def crumbs(*parts: str) -> Content:
    """Where one is: `MCI › Engagement`."""
    trail: Sequence[Content] = [Content(part) for part in parts]
    pieces: list[Content | tuple[str, str]] = [("MCI", "bold $accent")]
    for number, part in enumerate(trail, 1):
        pieces += [(" › ", "$text-disabled"), (part.plain, "bold $foreground" if number == len(trail) else "")]
    return Content.assemble(*pieces)
