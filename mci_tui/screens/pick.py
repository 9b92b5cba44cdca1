"""Choosing among a few things."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mci_tui.text import N_, _
from mci_tui.widgets.choice import Choice, Option

_FRAME = 8
"""Lines that stand around the options."""


class PickScreen(ModalScreen[tuple[str, ...] | None]):
    """Offers `options`: several of them are chosen by Space, or where not `many` may be, one by Enter; gives the chosen
    ones, or None."""

    BINDINGS = [
        Binding("enter", "take", N_("Take it"), id="pick.take", priority=True),
        Binding("escape", "leave", N_("Leave"), id="pick.leave"),
    ]

    def __init__(self, heading: str, options: Sequence[Option], chosen: tuple[str, ...], *, many: bool = True) -> None:
        super().__init__(classes="modal")
        self._heading, self._options, self._chosen, self._many = heading, options, chosen, many

    def compose(self) -> ComposeResult:
        keys = _("Space chooses    ⏎ Take it    Esc Leave") if self._many else _("⏎ Take it    Esc Leave")
        with Vertical():
            yield Static(Content(self._heading), classes="heading")
            choice = Choice(self._options, many=self._many)
            choice.values = self._chosen
            yield choice
            yield Static(Content(keys), classes="keys")

    def on_resize(self) -> None:
        """Keeps the line of keys in view, however low the terminal is."""
        self.query_one(Choice).styles.max_height = max(1, self.size.height - _FRAME)

    def action_take(self) -> None:
        choice = self.query_one(Choice)
        if not self._many:
            choice.action_choose()
        self.dismiss(choice.values)

    def action_leave(self) -> None:
        self.dismiss(None)
