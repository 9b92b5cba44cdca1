"""The palette: every screen to go to, and everything that can be done on the screen below, found by typing."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static

from mci_tui.screens.help import PARTS, working
from mci_tui.screens.places import PLACES
from mci_tui.screens.wizards.page import Entry
from mci_tui.text import N_, _, folded
from mci_tui.widgets.bars import short_key
from mci_tui.widgets.record_table import Column, RecordTable

_LINES = 12
"""Lines of commands in view at most."""

_FRAME = 11
"""Lines that stand around them."""


class Command(NamedTuple):
    """Something to do: in words, by its keys, and what does it."""

    words: str
    keys: str
    run: Callable[[], Awaitable[object]]


class PaletteScreen(ModalScreen[None]):
    """The commands that work on the screen `below`; typed words narrow them, Enter does the one under the cursor."""

    BINDINGS = [
        Binding("enter", "take", N_("Do it"), id="palette.take", priority=True),
        Binding("escape", "leave", N_("Leave"), id="palette.leave"),
        Binding("down", "step(1)", N_("Next command"), id="palette.down", show=False),
        Binding("up", "step(-1)", N_("Previous command"), id="palette.up", show=False),
        Binding("pagedown", "turn(1)", N_("Page down"), id="palette.page_down", show=False),
        Binding("pageup", "turn(-1)", N_("Page up"), id="palette.page_up", show=False),
    ]
    AUTO_FOCUS = "Entry"

    def __init__(self, below: Screen[Any]) -> None:
        super().__init__(classes="modal")
        self._below = below
        self._commands = [*_screens(below.app), *_actions(below)]

    def compose(self) -> ComposeResult:
        columns: tuple[Column[Command], ...] = (
            Column("words", _("Command"), lambda command: command.words, 40, weight=1),
            Column("keys", _("Keys"), lambda command: Text(command.keys, "accent"), 19),
        )
        with Vertical():
            yield Static(Content(_("Commands")), classes="heading")
            yield Entry("", placeholder=_("type to find one"), max_length=40)
            yield RecordTable[Command](columns, key=lambda command: command.words, foot=True)
            yield Static(Content(_("⏎ Do it    Esc Leave")), classes="keys")

    def on_mount(self) -> None:
        self.query_one(RecordTable).set_empty(_("No command is called that."))
        self._show(self._commands)

    def on_resize(self) -> None:
        self.query_one(RecordTable).styles.height = 2 + max(1, min(_LINES, self.size.height - _FRAME))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        parts = folded(event.value).split()
        self._show([each for each in self._commands if all(part in folded(each.words) for part in parts)])

    def _show(self, commands: Sequence[Command]) -> None:
        self.query_one(RecordTable).show(len(commands), commands, lambda _request: (), keep_cursor=False)

    def action_step(self, lines: int) -> None:
        self.query_one(RecordTable).action_step(lines)

    def action_turn(self, pages: int) -> None:
        self.query_one(RecordTable).action_turn(pages)

    @on(RecordTable.Opened)
    def action_take(self) -> None:
        command: Command | None = self.query_one(RecordTable).current
        if command is not None:
            self.dismiss()
            self._below.call_later(command.run)

    def action_leave(self) -> None:
        self.dismiss()


def _screens(app: App[Any]) -> Iterator[Command]:
    for place in PLACES:
        yield Command(_(place.title), place.key, partial(app.run_action, f"app.go('{place.name}')"))


def _actions(screen: Screen[Any]) -> list[Command]:
    """What the screen's own keys do now, then those of every list, then those that work anywhere; each once."""
    taken, names = {_(place.title) for place in PLACES}, getattr(screen, "key_words", {})
    found: dict[str, tuple[int, Command]] = {}
    for key, binding, about, node in working(screen):
        part, words = (binding.id or "").partition(".")[0], names.get(binding.action) or _(about)
        if (part in PARTS and part != "app") or binding.action == "palette" or words in taken:
            continue
        if screen.app._check_action_state(binding.action, node) is not True:
            continue
        keys = [found[words][1].keys] if words in found else []
        keys.append(binding.key_display or short_key(key))
        run = partial(screen.app.run_action, binding.action, node)
        found[words] = _LATE.get(part, 0), Command(words, ", ".join(dict.fromkeys(keys)), run)
    return [command for _rank, command in sorted(found.values(), key=lambda each: each[0])]


_LATE = {"list": 1, "app": 2}
