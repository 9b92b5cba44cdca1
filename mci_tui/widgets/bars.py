"""The lines around a list: a bar of words at both ends, and the line of keys."""

from collections.abc import Mapping

from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from mci_tui.text import _, safe_text

_SHORT = {
    "enter": "⏎",
    "escape": "Esc",
    "slash": "/",
    "question_mark": "?",
    "colon": ":",
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
        width = self.size.width
        right = fitting(right, width - left.cell_length - GAP)
        if not right:
            return left.truncate(width, ellipsis=True)
        return Content.assemble(left, " " * (width - left.cell_length - right.cell_length), right)


def fitting(words: Content, room: int) -> Content:
    """The first ones of the parts of `words` (` · `), as many as fit into `room` cells."""
    while words and words.cell_length > room:
        words = Content(SEPARATOR).join(words.split(SEPARATOR)[:-1])
    return words


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

    A screen's `key_words` say what an action is called at the moment, where its binding cannot know; an action that
    they name is shown in any case.
    """
    found: dict[str, tuple[int, tuple[str, str, bool]]] = {}
    names: Mapping[str, str] = getattr(screen, "key_words", {})
    for active in screen.active_bindings.values():
        binding = active.binding
        if (binding.show or binding.action in names) and binding.action not in found:
            key = binding.key_display or short_key(binding.key)
            rank = _LATE.get((binding.id or "").partition(".")[0], 0) + _LEAVING.get(binding.description, 0)
            words = names.get(binding.action) or _(binding.description)
            found[binding.action] = rank, (key, words, active.enabled)
    return [key for _rank, key in sorted(found.values(), key=lambda entry: entry[0])]


_LATE = {"list": 1, "app": 9}
_LEAVING = {"Back": 5, "Quit": 5}


def _key(key: str, label: str, alive: bool) -> Content:
    if not alive:
        return Content.assemble((f"{key} {label}", "$foreground 40%"))
    return Content.assemble((key, "bold $accent"), f" {label}")


def crumbs(*parts: str) -> Content:
    """Where one is: `MCI › Engagement`; the parts may come from people or files."""
    pieces: list[tuple[str, str]] = [("MCI", "bold $accent")]
    for number, part in enumerate(parts, 1):
        pieces += [(" › ", "$foreground 40%"), (safe_text(part), "bold $foreground" if number == len(parts) else "")]
    return Content.assemble(*pieces)
