"""A question with two answers, or a sentence to take note of."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mci_tui.text import N_, safe_text
from mci_tui.widgets.choice import Choice, Option


class ConfirmScreen(ModalScreen[bool | None]):
    """Asks `text`; gives True for `yes`, False for `no`, None for Esc. Without `no` there is nothing to choose.

    `careful` puts the cursor on `no`.
    """

    BINDINGS = [
        Binding("enter", "take", N_("Take it"), id="confirm.take", priority=True),
        Binding("escape", "leave", N_("Leave"), id="confirm.leave"),
    ]

    def __init__(self, heading: str, text: str, *, yes: str, no: str = "", careful: bool = False) -> None:
        super().__init__(classes="modal")
        self._heading, self._text, self._yes, self._no, self._careful = heading, text, yes, no, careful

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content(safe_text(self._heading)), classes="heading")
            yield Static(Content("\n".join(safe_text(line) for line in self._text.splitlines())), classes="text")
            if self._no:
                choice = Choice([Option("yes", self._yes), Option("no", self._no)])
                choice.value = "no" if self._careful else "yes"
                yield choice
            keys = f"⏎ {self._yes}" if not self._no else "⏎ OK    Esc"
            yield Static(Content(keys), classes="keys")

    def action_take(self) -> None:
        self.dismiss(self.query_one(Choice).value == "yes" if self._no else True)

    def action_leave(self) -> None:
        self.dismiss(None)
