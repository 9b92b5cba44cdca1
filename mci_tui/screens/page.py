"""A page to read: a title, sections of lines, and the keys."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from mci_tui.text import safe_text
from mci_tui.widgets.bars import Bar, KeyLine

LABEL = 24
"""Cells that the labels of a page take."""

Line = tuple[str, str | Content]
"""A label with what stands beside it; the label may be empty."""


class PageScreen(Screen[None]):
    """Sections of labelled lines that scroll."""

    def headline(self) -> tuple[Content, Content]:
        """The words at both ends of the title bar."""
        raise NotImplementedError

    def sections(self) -> Iterable[tuple[str, list[Line]]]:
        """The sections with their lines; one without lines is left out."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield Bar(id="title-bar")
        with VerticalScroll(id="page"):
            for heading, lines in self.sections():
                if lines:
                    yield Static(section(heading, lines))
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one("#title-bar", Bar).put(*self.headline())
        self.query_one("#page").focus()


def section(heading: str, lines: list[Line], label_width: int = LABEL) -> Content:
    """A heading with its lines, labels in one column; where no line has a label there is no such column."""
    drawn = [Content.styled(heading, "bold $accent")] if heading else []
    width = label_width if any(label for label, _value in lines) else 2
    for label, value in lines:
        words = Content(safe_text(value)) if isinstance(value, str) else value
        drawn.append(Content.assemble((f"  {label}".ljust(width), "$text-muted"), words))
    return Content("\n").join([*drawn, Content("")])
