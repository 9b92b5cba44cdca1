"""A question with two answers, or a sentence to take note of."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.choice import Choice, Option

_FRAME = 8
"""Lines that stand around the text, without the two answers."""


class Words(VerticalScroll, can_focus=False):
    """The text, which scrolls where it is longer than the terminal is high."""


class ConfirmScreen(ModalScreen[bool | None]):
    """Asks `text`; Enter gives the answer under the cursor: True for `yes`, False for `no`; Esc gives None.

    Without `no` there is nothing to choose.

    `careful` puts the cursor on `no`.
    """

    BINDINGS = [
        Binding("enter", "take", N_("Take it"), id="confirm.take", priority=True),
        Binding("escape", "leave", N_("Leave"), id="confirm.leave"),
        Binding("pagedown", "turn(1)", N_("Page down"), id="confirm.page_down", show=False, priority=True),
        Binding("pageup", "turn(-1)", N_("Page up"), id="confirm.page_up", show=False, priority=True),
        Binding("down", "step(1)", N_("One line down"), id="confirm.down", show=False),
        Binding("up", "step(-1)", N_("One line up"), id="confirm.up", show=False),
    ]

    def __init__(self, heading: str, text: str, *, yes: str, no: str = "", careful: bool = False) -> None:
        super().__init__(classes="modal")
        self._heading, self._text, self._yes, self._no, self._careful = heading, text, yes, no, careful

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content(safe_text(self._heading)), classes="heading")
            with Words():
                yield Static(Content("\n".join(safe_text(line) for line in self._text.splitlines())))
            if self._no:
                choice = Choice([Option("yes", self._yes), Option("no", self._no)])
                choice.value = "no" if self._careful else "yes"
                yield choice
            keys = _("Space Choose    ⏎ OK    Esc Leave") if self._no else f"⏎ {self._yes}"
            yield Static(Content(keys), classes="keys")

    def on_resize(self) -> None:
        """Keeps the answers in view, however low the terminal is."""
        answers = 3 if self._no else 0
        self.query_one(Words).styles.max_height = max(1, self.size.height - _FRAME - answers)

    def action_turn(self, pages: int) -> None:
        words = self.query_one(Words)
        words.scroll_relative(y=pages * max(1, words.size.height - 1), animate=False)

    def action_step(self, lines: int) -> None:
        self.query_one(Words).scroll_relative(y=lines, animate=False)

    def action_take(self) -> None:
        if not self._no:
            self.dismiss(True)
            return
        choice = self.query_one(Choice)
        choice.action_choose()
        self.dismiss(choice.value == "yes")

    def action_leave(self) -> None:
        self.dismiss(None)
