"""*Export*: what a list shows, or all of it, written to a file (S-11b)."""

import asyncio
import os
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mci_tui.errors import Refused, reason
from mci_tui.screens.wizards.page import Entry, Pick
from mci_tui.screens.wizards.parts import Line, problem_lines
from mci_tui.services.exporting import Format, Source, export, suggested
from mci_tui.text import N_, _, ngettext, safe_text
from mci_tui.widgets.choice import Choice, Option
from mci_tui.words import number, say

SHOWN, ALL = "shown", "all"
"""How much goes out."""

MAX_PATH = 1000
"""Characters that a path may have."""

_FRAME = 9
"""Lines that stand around the fields."""


async def ask_export(
    app: App[Any], shown: Source, everything: Source, today: Callable[[], date], marked: int = 0
) -> None:
    """Asks for the file, proposing a new one in the folder where the program was started.

    `shown` is of that many `marked` rows alone, if any are. `today` may block. Raises `Refused` as it does, and where
    that folder is gone.
    """
    path = await asyncio.to_thread(lambda: suggested(_here(), shown.name, today(), Format.CSV))
    app.push_screen(ExportScreen(shown, everything, path, marked))


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError as error:
        raise Refused("invalid", reason("export_failed", path=".", why=os.strerror(error.errno or 0))) from error


class _Stopped(Exception):
    """Somebody left while the file was written."""


class Fields(VerticalScroll, can_focus=False):
    """The fields, which scroll where the terminal is low."""


class ExportScreen(ModalScreen[None]):
    """Asks for format, extent and file, and writes what the list shows, or everything; `path` is proposed.

    Enter writes, from any field. Leaving while it writes leaves no file behind.
    """

    DEFAULT_CSS = """
    ExportScreen {
        & .label { color: $text-muted; }
        & .problem { color: $text-error; }
        & Pick { margin-bottom: 1; }
        & Entry { padding: 0 1; background: $background; }
        & Entry:focus { background: $accent 25%; }
    }
    """
    AUTO_FOCUS = "#format"
    BINDINGS = [
        Binding("enter", "write", N_("Write the file"), id="export.write", priority=True),
        Binding("escape", "leave", N_("Leave"), id="export.leave"),
        Binding("down", "move(1)", N_("Next field"), id="export.down", show=False),
        Binding("up", "move(-1)", N_("Previous field"), id="export.up", show=False),
    ]

    def __init__(self, shown: Source, everything: Source, path: Path, marked: int = 0) -> None:
        super().__init__(classes="modal")
        self._sources, self._path, self._marked = {SHOWN: shown, ALL: everything}, path, marked
        self._writing = self._stop = False

    def compose(self) -> ComposeResult:
        formats = [
            Option(Format.CSV, "CSV", _("for spreadsheets and imports")),
            Option(Format.XLSX, "XLSX", _("a workbook, with numbers and dates as such")),
            Option(Format.JSON, "JSON", _("for scripts")),
        ]
        extents = [
            self._shown(),
            Option(ALL, _("Everything here"), _("every row, and every column there is")),
        ]
        with Vertical():
            yield Static(Content(_("Export")), classes="heading")
            with Fields():
                yield from self._choice(_("Format"), formats, "format")
                yield from self._choice(_("Rows and columns"), extents, "extent")
                yield Line(_("File"), classes="label")
                yield Entry(self._path.name, placeholder=_("file name"), max_length=MAX_PATH)
                yield Line(id="problem", classes="problem")
                yield Line(
                    _("In %(folder)s, unless you write another.") % {"folder": self._path.parent}, classes="label"
                )
            yield Line(id="keys", classes="keys")

    def _shown(self) -> Option:
        """What the list shows, or what of it is marked."""
        if not self._marked:
            return Option(SHOWN, _("What the list shows"), _("with its filter, order and columns"))
        words = ngettext("%(count)s marked row", "%(count)s marked rows", self._marked)
        return Option(SHOWN, words % {"count": number(self._marked)}, _("in the list's order, with its columns"))

    def _choice(self, label: str, options: list[Option], name: str) -> ComposeResult:
        yield Line(label, classes="label")
        pick = Pick(options, id=name)
        pick.value = options[0].value
        yield pick

    def on_mount(self) -> None:
        self._tell()

    def on_resize(self) -> None:
        self.query_one(Fields).styles.max_height = max(1, self.size.height - _FRAME)

    def on_unmount(self) -> None:
        self._stop = True

    @on(Choice.Changed, "#format")
    def _named(self, event: Choice.Changed) -> None:
        """The end of the file's name follows the format, as long as it is that of a format."""
        event.stop()
        entry = self.query_one(Entry)
        stem, dot, ending = entry.value.rpartition(".")
        if dot and ending in list(Format):
            entry.value = f"{stem}.{event.value}"

    @on(Input.Changed)
    def _typed(self) -> None:
        self.query_one("#problem", Line).put("")

    def action_move(self, way: int) -> None:
        """One field on, or back."""
        chain = self.focus_chain
        at = chain.index(self.focused) + way if self.focused in chain else 0
        if 0 <= at < len(chain):
            self.set_focus(chain[at])

    def action_leave(self) -> None:
        if self._writing:
            self._stop = True
        else:
            self.dismiss(None)

    def action_write(self) -> None:
        name = self.query_one(Entry).value.strip()
        if self._writing:
            return
        if not name:
            self._complain(_("Write the name of a file."))
            return
        self._writing, self._stop = True, False
        self._tell(_("Writing …"))
        path = Path(os.path.expanduser(name))
        source = self._sources[self.query_one("#extent", Pick).value or SHOWN]
        format_ = Format(self.query_one("#format", Pick).value or Format.CSV)
        self._write(partial(export, source, format_, path), path)

    @work(group="export")
    async def _write(self, export: Callable[[Callable[[int], None]], int], path: Path) -> None:
        loop = asyncio.get_running_loop()

        def told(rows: int) -> None:
            if self._stop:
                raise _Stopped
            loop.call_soon_threadsafe(self._progress, rows)

        try:
            rows = await asyncio.to_thread(export, told)
        except Refused as refused:
            self._complain(say(refused.why))
        except _Stopped:
            self._complain(_("Stopped: there is no file."))
        else:
            words = ngettext("%(count)s row is in %(path)s.", "%(count)s rows are in %(path)s.", rows)
            there = safe_text(str(self._path.parent / path))
            self.notify(words % {"count": number(rows), "path": there}, markup=False, timeout=8)
            self.dismiss(None)

    def _progress(self, rows: int) -> None:
        if self._writing and self.is_mounted:
            self._tell(_("Writing … %(count)s rows") % {"count": number(rows)})

    def _complain(self, words: str) -> None:
        """Says under the field why there is no file."""
        self._writing = False
        self.query_one("#problem", Line).put(problem_lines([words]))
        self.query_one(Entry).focus()
        self._tell()
        self.call_after_refresh(self.query_one("#problem").scroll_visible, animate=False)

    def _tell(self, doing: str = "") -> None:
        """The keys, or how far the writing has come."""
        keys = f"⏎ {_('Write the file')}    Esc {_('Leave')}"
        self.query_one("#keys", Line).put(Content(f"{doing}    Esc {_('Stop')}" if doing else keys))
