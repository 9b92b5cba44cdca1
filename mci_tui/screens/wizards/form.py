"""A wizard of one step: a box over the page that it was opened from, no higher than what it asks."""

from mci_tui.errors import Refused
from mci_tui.screens.wizards.engine import WizardScreen
from mci_tui.screens.wizards.parts import Line
from mci_tui.screens.wizards.steps import D, R
from mci_tui.text import N_

_FRAME, _EMPTY = 6, 2
"""Lines that stand around the fields, and empty ones that set them off from the frame."""

_WIDTH, _BESIDE = 76, 6
"""Cells of the box, and of what stands beside its words."""

_MANY, _LOW = 5, 28
"""A box with more answers than this to choose or to write leaves the empty lines out on a terminal lower than that."""


class FormScreen(WizardScreen[D, R]):
    """Asks on one step what a wizard asks on many: there is neither a trail of steps nor a count of them."""

    LEAVE = N_("Leave, keep draft")

    def on_resize(self) -> None:
        self._fit()

    def _frame(self) -> None:
        super()._frame()
        self.query_one("#count").display = False

    def _show(self, refused: Refused | None, *sentences: str) -> None:
        super()._show(refused, *sentences)
        self._fit()

    def _fit(self) -> None:
        """Keeps the keys in view, however low the terminal is: the fields scroll."""
        (step,) = self.wizard.steps
        answers = sum(len(field.options(self.draft, None)) if field.options else 1 for field in step.fields)
        bare = self.size.height < _LOW and answers > _MANY
        self.set_class(bare, "-bare")
        around = _FRAME + (0 if bare else _EMPTY) + self._trouble()
        self._page.styles.max_height = max(2, self.size.height - around)

    def _trouble(self) -> int:
        """Lines that are taken by what is wrong beside the fields."""
        line = self.query_one("#trouble", Line)
        room = min(self.size.width, _WIDTH) - _BESIDE
        return 1 + line.get_content_height(self.size, self.size, room) if line.display else 0
