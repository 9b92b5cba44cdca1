"""A page to read: a title, sections of lines, and the keys."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen

from mci_tui.widgets.bars import Bar, KeyLine
from mci_tui.widgets.section import LabelledLine, Section


class PageScreen(Screen[None]):
    """Sections of labelled lines that scroll."""

    def headline(self) -> tuple[Content, Content]:
        """The words at both ends of the title bar."""
        raise NotImplementedError

    def sections(self) -> Iterable[tuple[str, list[LabelledLine]]]:
        """The sections with their lines; one without lines is left out."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield Bar(id="title-bar")
        with VerticalScroll(id="page"):
            yield from self._sections()
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one("#title-bar", Bar).put(*self.headline())
        self.query_one("#page").focus()

    async def draw_anew(self) -> None:
        """Shows headline and sections as they read now; the page stays where it was scrolled to."""
        page = self.query_one("#page")
        before = list(page.children)
        with self.app.batch_update():
            self.query_one("#title-bar", Bar).put(*self.headline())
            await page.mount(*self._sections())
            await page.remove_children(before)

    def _sections(self) -> Iterable[Section]:
        return [Section(heading, lines) for heading, lines in self.sections() if lines]
