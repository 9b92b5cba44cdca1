"""A heading with labelled lines below it; what is too long goes on under its beginning."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from mci_tui.text import safe_text

LABEL = 24
"""Cells that labels take, unless a section says otherwise."""

INDENT = 2

LabelledLine = tuple[str, str | Content]
"""A label with what stands beside it; the label may be empty. A `str` may come from people or files."""


class Section(Widget):
    """Labels in one column, values beside them; where no line has a label there is no such column."""

    DEFAULT_CSS = "Section { height: auto; margin-bottom: 1; }"

    def __init__(self, heading: str, lines: Sequence[LabelledLine], label_width: int = LABEL) -> None:
        super().__init__()
        self._heading, self._lines = heading, lines
        self._beside = label_width if any(label for label, _value in lines) else INDENT

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._drawn(width))

    def render(self) -> Content:
        return Content("\n").join(self._drawn(self.size.width))

    def _drawn(self, width: int) -> list[Content]:
        drawn = [Content.styled(self._heading, "bold $accent")] if self._heading else []
        for label, value in self._lines:
            words = Content(safe_text(value)) if isinstance(value, str) else value
            before = f"{' ' * INDENT}{label}"
            for piece in words.wrap(max(8, width - self._beside)):
                room = " " * max(bool(label), self._beside - cell_len(before))
                drawn.append(Content.assemble((before + room, "$foreground 60%"), piece))
                before = ""
        return drawn
