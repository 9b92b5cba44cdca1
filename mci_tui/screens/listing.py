"""What every list of the program shares: its frame, its keys, and how it asks and shows."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from mci_tui.errors import Refused
from mci_tui.screens.watching import READING, Watching
from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.bars import Bar, KeyLine
from mci_tui.widgets.record_table import PAGE, Column, Fetch, RecordTable
from mci_tui.widgets.tab_strip import Tab, TabStrip
from mci_tui.words import say

if TYPE_CHECKING:
    from mci_tui.services.exporting import Source

Row = TypeVar("Row")

MAX_FILTER = 80


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for: one frozen value, so that an answer to an earlier one is known and dropped."""

    tab: str
    sort: str
    filter: str = ""
    descending: bool = False


class Head(NamedTuple):
    """What stands around the rows: how many there are, the tabs' counts, the words of an empty list."""

    total: int
    counts: dict[str, int | None]
    empty: str
    left: Content
    right: Content


class FilterInput(Input):
    """The filter: typed letters narrow the list at once; Enter goes back to the list, Esc clears it first."""

    BINDINGS = [
        Binding("enter,down", "screen.to_list", N_("Back to the list"), id="filter.done", key_display="⏎"),
        Binding("escape", "screen.clear_filter", N_("Clear the filter"), id="filter.clear"),
    ]

    def __init__(self) -> None:
        super().__init__(
            id="filter", placeholder=_("/ filter"), max_length=MAX_FILTER, compact=True, select_on_focus=False
        )
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        return safe_text(value)

    def watch_value(self, value: str) -> None:
        self.set_class(bool(value), "-filled")


class ListScreen(Watching, Generic[Row]):
    """A list with tabs, filter and sort. A subclass says what is read and how a row looks."""

    BINDINGS = [
        Binding("slash", "filter", N_("Filter"), id="list.filter"),
        Binding("s", "sort", N_("Sort"), id="list.sort"),
        Binding("S", "reverse", N_("Reverse the order"), id="list.reverse", show=False),
        Binding("right,l", "tab(1)", N_("Next tab"), id="list.next_tab", show=False),
        Binding("left,h", "tab(-1)", N_("Previous tab"), id="list.previous_tab", show=False),
        Binding("r,f5", "reload", N_("Read again"), id="list.reload", show=False),
        Binding("x", "export", N_("Export"), id="list.export", show=False),
        Binding("y", "copy", N_("Copy what the row is about"), id="list.copy", show=False),
        Binding("Y", "copy_row", N_("Copy the row"), id="list.copy_row", show=False),
    ]
    SORTS: tuple[tuple[str, str], ...] = ()
    """What the list can be sorted by: keys of columns with their words, the first one to begin with."""
    AUTO_FOCUS = "RecordTable"
    has_detail = False

    def __init__(self, tabs: Sequence[Tab], asked: Asked) -> None:
        super().__init__()
        self.asked = asked
        self._tabs = tabs

    # What a subclass says

    def columns(self, asked: Asked) -> Sequence[Column[Row]]:
        """The columns for what is asked."""
        raise NotImplementedError

    def row_key(self, row: Row) -> Any:
        """What stays the same for a row over every refresh."""
        raise NotImplementedError

    def read_rows(self, asked: Asked) -> tuple[Sequence[Row], Fetch[Row]]:
        """The first page of rows and the source of the others. Blocks; raises `Refused`."""
        raise NotImplementedError

    def read_head(self, asked: Asked) -> Head:
        """What stands around the rows. Blocks; raises `Refused`."""
        raise NotImplementedError

    def remember(self, asked: Asked) -> None:
        """Keeps for the operator how the list is looked at. Blocks."""

    def headline(self) -> tuple[Content, Content]:
        """The words at both ends of the title bar."""
        raise NotImplementedError

    def locate(self, asked: Asked) -> Callable[[Any], int | None] | None:
        """Finds where the row with a key stands, if the list can tell. The callable blocks."""
        return None

    def markable(self) -> Callable[[Row], bool] | None:
        """What tells whether a row can be marked, if any can. Marks go when tab or filter change."""
        return None

    def export_source(self, asked: Asked, *, everything: bool) -> "Source | None":
        """What there is to export of the list: as it is filtered, sorted and shown, or with `everything` all rows of
        the tab and every column; None where there is nothing. Nothing is read yet."""
        return None

    @property
    def exports_marked(self) -> int:
        """To how many marked rows `export_source` keeps, unless it gives everything; 0 where it looks at no marks."""
        return 0

    def today(self) -> date:
        """The workspace's day, for the names of files. Blocks; raises `Refused`."""
        raise NotImplementedError

    def main_value(self, row: Row) -> str:
        """What a row is about, as it is copied: what stands in its first column."""
        return _words(self.columns(self.asked)[0].cell(row))

    # The frame

    def compose(self) -> ComposeResult:
        yield Bar(id="title-bar")
        with Horizontal(id="tabs-line"):
            yield TabStrip(self._tabs, active=self.asked.tab)
            yield FilterInput()
        columns, markable = self.columns(self.asked), self.markable()
        yield RecordTable(columns, key=self.row_key, empty="", foot=True, markable=markable)
        if self.has_detail:
            yield Static(id="detail", markup=False)
        yield KeyLine()

    @property
    def table(self) -> RecordTable[Row]:
        """The list itself."""
        return self.query_one(RecordTable)

    @property
    def tab_strip(self) -> TabStrip:
        """The tabs."""
        return self.query_one(TabStrip)

    def on_mount(self) -> None:
        if self.has_detail:
            self.query_one("#detail").display = False
        with self.prevent(FilterInput.Changed):
            self.query_one(FilterInput).value = self.asked.filter
        self.table.focus()
        self.show_title()
        self.load()

    def show_title(self) -> None:
        """Writes the title bar."""
        self.query_one("#title-bar", Bar).put(*self.headline())

    # Asking

    def ask(self, **changes: Any) -> None:
        """Asks for something else, and shows it when it is there."""
        asked = replace(self.asked, **changes)
        if asked != self.asked:
            begin_anew = replace(asked, sort=self.asked.sort, descending=self.asked.descending) != self.asked
            self.asked = asked
            if begin_anew:
                self.table.clear_marks()
            self.load(keep_cursor=not begin_anew)

    @work(exclusive=True, group=READING)
    async def load(self, *, keep_cursor: bool = True) -> None:
        """Reads rows, then what stands around them; an answer that is no longer asked for is dropped."""
        await self._load(keep_cursor)

    async def read_anew(self) -> None:
        await self._load(keep_cursor=True)

    async def _load(self, keep_cursor: bool) -> None:
        try:
            await self.prepare()
            asked = self.asked
            mark, (rows, fetch) = await asyncio.to_thread(lambda: (self.mark(), self.read_rows(asked)))
            if asked == self.asked:
                self.was_read_at(mark)
                self._show_rows(asked, rows, fetch, keep_cursor)
            head = await asyncio.to_thread(self.read_head, asked)
            if asked == self.asked:
                self._show_head(head)
            await asyncio.to_thread(self.remember, asked)
        except Refused as refused:
            self._cannot_read(refused)

    async def prepare(self) -> None:
        """What has to be done before the first question can be put."""

    def refuse(self, refused: Refused) -> None:
        """Says why something could not be done; the list stays as it is."""
        self.notify(_in_words(refused), severity="error", markup=False, timeout=8)

    def _cannot_read(self, refused: Refused) -> None:
        """Says why there is nothing new to show; where nothing is shown yet, that stands in its place."""
        if self.table.count:
            self.refuse(refused)
        else:
            self.table.show(0, (), lambda _request: ())
            self.table.set_empty(_in_words(refused))

    def _show_rows(self, asked: Asked, rows: Sequence[Row], fetch: Fetch[Row], keep_cursor: bool) -> None:
        table = self.table
        columns = self.columns(asked)
        if [column.key for column in columns] != [column.key for column in table.columns]:
            table.columns = columns
        table.sorted_by = asked.sort, asked.descending
        if not keep_cursor:
            table.set_empty("")
        count = len(rows) if len(rows) < PAGE else max(len(rows), table.count if keep_cursor else 0)
        table.show(count, rows, fetch, keep_cursor=keep_cursor, locate=self.locate(asked))

    def _show_head(self, head: Head) -> None:
        self.table.set_empty(head.empty)
        self.table.set_count(head.total)
        self.tab_strip.set_counts(head.counts)
        self.table.set_foot(head.left, head.right)

    @on(RecordTable.Failed)
    def _failed(self, event: RecordTable.Failed[Row]) -> None:
        self.refuse(event.refused)

    def sorted_words(self, asked: Asked) -> str:
        """How the list is sorted, in words."""
        word = _(dict(self.SORTS)[asked.sort])
        return _("sorted by %(column)s %(arrow)s") % {"column": word, "arrow": "↓" if asked.descending else "↑"}

    # Routing

    @on(Input.Changed, "#filter")
    def _filtered(self, event: Input.Changed) -> None:
        self.ask(filter=event.value.strip())

    @on(TabStrip.Activated)
    def _turned(self, event: TabStrip.Activated) -> None:
        self.ask(tab=event.key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "filter" and isinstance(self.focused, FilterInput):
            return False
        return super().check_action(action, parameters)

    def action_filter(self) -> None:
        self.query_one(FilterInput).focus()

    def action_to_list(self) -> None:
        self.table.focus()

    def action_clear_filter(self) -> None:
        self.query_one(FilterInput).value = ""
        self.table.focus()

    def action_sort(self) -> None:
        keys = [key for key, _word in self.SORTS]
        self.ask(sort=keys[(keys.index(self.asked.sort) + 1) % len(keys)], descending=False)

    def action_reverse(self) -> None:
        self.ask(descending=not self.asked.descending)

    def action_tab(self, by: int) -> None:
        if by > 0:
            self.tab_strip.next()
        else:
            self.tab_strip.previous()

    def action_reload(self) -> None:
        self.load()

    @work(group="export", exclusive=True)
    async def action_export(self) -> None:
        """Asks where to, and exports what the list shows. S-11b"""
        from mci_tui.screens.export import ask_export

        shown = self.export_source(self.asked, everything=False)
        everything = self.export_source(self.asked, everything=True)
        if shown is None or everything is None:
            self.notify(_("There is nothing to export here."), markup=False)
            return
        try:
            await ask_export(self.app, shown, everything, self.today, self.exports_marked)
        except Refused as refused:
            self.refuse(refused)

    def action_copy(self) -> None:
        if (row := self.table.current) is not None:
            self._copy(self.main_value(row))

    def action_copy_row(self) -> None:
        if (row := self.table.current) is not None:
            self._copy("\t".join(_words(column.cell(row)) for column in self.columns(self.asked)))

    def _copy(self, text: str) -> None:
        """Hands safe text to the terminal's clipboard (OSC 52), and says so: terminals do not tell what they take."""
        self.app.copy_to_clipboard(text)
        told = text.replace("\t", " · ")
        self.notify(_("Sent to the terminal's clipboard: %(text)s") % {"text": told}, markup=False)


def _words(cell: Text | str) -> str:
    """A cell as plain text, safe wherever it is pasted."""
    return safe_text(cell.plain if isinstance(cell, Text) else cell)


def _in_words(refused: Refused) -> str:
    return "\n".join([say(refused.why), *map(say, refused.problems.values())])
