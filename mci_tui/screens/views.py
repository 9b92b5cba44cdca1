"""The views of a list that an operator has saved: opened by Enter, saved under a name, deleted (S-2i)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mci_tui.screens.wizards.page import Entry
from mci_tui.screens.wizards.parts import Line, problem_lines
from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.record_table import Column, RecordTable

View = Mapping[str, Any]
"""What a list was asked for and how it was shown, as its screen keeps it."""

MAX_NAME = 40
MAX_VIEWS = 30

_LINES = 8
"""Lines of views in view at most."""


class Left(NamedTuple):
    """What the operator leaves behind: the views that there are now, and the one to open, if any."""

    views: dict[str, View]
    opened: View | None


class ViewsScreen(ModalScreen[Left]):
    """The saved views by name, each with its `words`; below them the name under which the `present` one is saved."""

    BINDINGS = [
        Binding("enter", "take", N_("Open the view, or save this one"), id="views.take", priority=True),
        Binding("d,delete", "delete", N_("Delete the view"), id="views.delete"),
        Binding("tab,shift+tab", "other", N_("To the name, or back to the list"), id="views.other", priority=True),
        Binding("escape", "leave", N_("Leave"), id="views.leave"),
    ]

    def __init__(self, views: Mapping[str, View], present: View, words: Mapping[str, str]) -> None:
        super().__init__(classes="modal")
        self._views, self._present, self._words = dict(views), present, dict(words)

    def compose(self) -> ComposeResult:
        columns: tuple[Column[str], ...] = (
            Column("name", _("View"), lambda name: name, 20, weight=1),
            Column("shows", _("What it shows"), lambda name: self._words.get(name, ""), 30, weight=2),
        )
        with Vertical():
            yield Static(Content(_("Views")), classes="heading")
            yield RecordTable[str](columns, key=lambda name: name)
            yield Static(Content(_("Save what the list shows now as")), classes="label")
            yield Entry("", placeholder=_("a name"), max_length=MAX_NAME)
            yield Line(id="problem", classes="problem")
            yield Static(Content(_("⏎ Open, or save    d Delete    Tab Name    Esc Leave")), classes="keys")

    def on_mount(self) -> None:
        self._show()
        self.set_focus(self.query_one(RecordTable if self._views else Entry))

    def _show(self) -> None:
        table = self.query_one(RecordTable)
        table.styles.height = 1 + max(1, min(len(self._views), _LINES))
        table.set_empty(_("Nothing is saved yet."))
        table.show(len(self._views), sorted(self._views), lambda _request: ())

    @on(RecordTable.Opened)
    def action_take(self) -> None:
        if isinstance(self.focused, Input):
            self._save(safe_text(self.query_one(Entry).value).strip())
        elif (name := self.query_one(RecordTable).current) is not None:
            self.dismiss(Left(self._views, self._views[name]))

    def _save(self, name: str) -> None:
        if not name:
            self._complain(_("Write a name first."))
        elif len(self._views) >= MAX_VIEWS and name not in self._views:
            self._complain(_("There is room for %(count)s views: delete one first.") % {"count": MAX_VIEWS})
        else:
            self.dismiss(Left({**self._views, name: self._present}, None))

    def _complain(self, words: str) -> None:
        self.query_one("#problem", Line).put(problem_lines([words]))

    def action_delete(self) -> None:
        if (name := self.query_one(RecordTable).current) is not None:
            del self._views[name]
            self._show()

    def action_other(self) -> None:
        listed = isinstance(self.focused, Input) and self._views
        self.set_focus(self.query_one(RecordTable if listed else Entry))

    def action_leave(self) -> None:
        self.dismiss(Left(self._views, None))
