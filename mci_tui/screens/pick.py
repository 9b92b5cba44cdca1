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


class PickScreen(ModalScreen[tuple[str, ...] | None]):
    """Offers `options`, several of which may be chosen; gives the chosen ones, or None."""

    BINDINGS = [
        Binding("enter", "take", N_("Take it"), id="pick.take", priority=True),
        Binding("escape", "leave", N_("Leave"), id="pick.leave"),
    ]

    def __init__(self, heading: str, options: Sequence[Option], chosen: tuple[str, ...]) -> None:
        super().__init__(classes="modal")
        self._heading, self._options, self._chosen = heading, options, chosen

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content(self._heading), classes="heading")
            choice = Choice(self._options, many=True)
            choice.values = self._chosen
            yield choice
            yield Static(Content(_("Space chooses    ⏎ Take it    Esc Leave")), classes="keys")

    def action_take(self) -> None:
        self.dismiss(tuple(self.query_one(Choice).values))

    def action_leave(self) -> None:
        self.dismiss(None)
