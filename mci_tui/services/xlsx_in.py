"""Workbooks (XLSX) that come in: one sheet, read line by line. Nothing in them is computed, run or followed."""

from array import array
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BufferedReader
from pathlib import Path
from string import ascii_uppercase
from typing import NamedTuple

from mci_tui.errors import Reason, reason
from mci_tui.services.records import MAX_LINE, Record, unusable
from mci_tui.services.xlsx_parts import BROKEN, Large, Package
from mci_tui.services.xlsx_values import Formats, from_iso, from_number, from_serial, unescaped

MAX_KEPT = 64 * 1024 * 1024
"""Bytes of a part of which something stays in memory: the texts that cells share, styles, names of sheets."""

MAX_SHEET = 2 * 1024 * 1024 * 1024
"""Bytes of a sheet, of which no more than a line does."""

MAX_LINES, MAX_WIDTH = 1_048_576, 16_384
"""The lines and the columns of the largest sheet."""

_PACKED, _SEALED = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0"


def is_workbook(file: BufferedReader) -> bool:
    """Whether a file is a workbook by its content, whatever its name: also an encrypted one, or one of old."""
    return file.peek(4)[:4] in (*_PACKED, _SEALED)


def records(file: BufferedReader, path: Path, _knows: Callable[[str], bool]) -> Generator[Record, None, None]:
    """The lines of the one visible sheet that has anything in it, by their numbers there; the first is the header.

    Numbers, dates and flags are written as CSV has them, and every line has a cell for each column of the header.
    Raises `Refused` where there are several such sheets, or the workbook cannot be read.
    """
    if file.peek(4)[:4] == _SEALED:
        raise unusable("xlsx_sealed", path=str(path))
    with _readable(path):
        book = _Book(Package(file))
        lines = book.lines(_the_one(book, path))
        first = next(lines)
        header = first if first.line == 1 else Record(1, [])
        yield header
        for line in lines:
            yield line._replace(cells=line.cells + [""] * (len(header.cells) - len(line.cells)))


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Says in words that a workbook is too large, broken, or none."""
    try:
        yield
    except Large as error:
        raise unusable("xlsx_large", path=str(path)) from error
    except BROKEN as error:
        raise unusable("xlsx_broken", path=str(path)) from error


class _Sheet(NamedTuple):
    """A sheet that can be seen: its name, and the part of the archive that it is."""

    name: str
    part: str


def _the_one(book: "_Book", path: Path) -> _Sheet:
    """The one sheet that has anything in it."""
    found = [sheet for sheet in book.sheets if next(book.lines(sheet), None)]
    if not found:
        raise unusable("table_empty", path=str(path))
    if len(found) > 1:
        raise unusable("xlsx_sheets", path=str(path), sheets=", ".join(sheet.name for sheet in found))
    return found[0]


class _Book:
    """A workbook: its sheets, and what their cells share."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.sheets: list[_Sheet] = []
        self._from_1904 = False
        (main,) = package.related("").get("officeDocument", {}).values()
        related = package.related(main)
        self._parts = related.get("worksheet", {})
        package.read(main, self, MAX_KEPT)
        formats, self._texts = Formats(), _Texts()
        for part in related.get("styles", {}).values():
            package.read(part, formats, MAX_KEPT)
        for part in related.get("sharedStrings", {}).values():
            package.read(part, self._texts, MAX_KEPT)
        self._dates = formats.dates

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            self._from_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            id_ = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            if id_ in self._parts:
                self.sheets.append(_Sheet(attributes["name"], self._parts[id_]))

    def lines(self, sheet: _Sheet) -> Iterator[Record]:
        """The lines of a sheet that have anything in them."""
        rows = _Rows(self._texts, self._dates, from_1904=self._from_1904)
        for _piece in self._package.pieces(sheet.part, rows, MAX_SHEET):
            yield from rows.done
            rows.done.clear()


class _Words:
    """Takes the text of a cell, or of an entry of the shared texts; what is only said aloud is no part of it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._size = 0
        self._open = self._aloud = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("v", "t"):
            self._open = not self._aloud
        elif name == "rPh":
            self._aloud = True

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._open = False
        elif name == "rPh":
            self._aloud = False

    def take(self, text: str) -> None:
        if self._open:
            self.grow(len(text))
            self._pieces.append(text)

    def grow(self, characters: int) -> None:
        """There are more characters now. Raises where that are too many."""
        self._size += characters
        if self._size > MAX_LINE:
            raise ValueError

    def taken(self) -> str:
        """The text, which begins anew."""
        text = "".join(self._pieces)
        self._pieces.clear()
        return text


class _Texts(_Words):
    """The texts that cells share, kept close together: there may be millions of them."""

    def __init__(self) -> None:
        super().__init__()
        self._kept = bytearray()
        self._ends = array("Q", [0])

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            self._kept += unescaped(self.taken()).encode(errors="surrogatepass")
            self._ends.append(len(self._kept))
            self._size = 0

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < len(self._ends) - 1:
            raise IndexError
        return self._kept[self._ends[place] : self._ends[place + 1]].decode(errors="surrogatepass")


class _Rows(_Words):
    """Takes a sheet; `done` are its lines that are complete."""

    def __init__(self, texts: _Texts, dates: set[str], *, from_1904: bool) -> None:
        super().__init__()
        self.done: list[Record] = []
        self._texts, self._dates, self._from_1904 = texts, dates, from_1904
        self._line = 0
        self._place = -1
        self._cells: dict[int, str] = {}
        self._wrong: dict[int, Reason] = {}
        self._kind = self._style = ""
        self._formula = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            at = attributes.get("r", "").rstrip("0123456789")
            self._place = _place(at) if at else self._place + 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
            self._formula = False
        elif name == "f":
            self._formula = True
        elif name == "row":
            line = int(attributes.get("r", self._line + 1))
            if not self._line < line <= MAX_LINES:
                raise ValueError
            self._line, self._place, self._size = line, -1, 0
            self._cells, self._wrong = {}, {}
        else:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        if name == "c":
            self._keep(self.taken())
        elif name == "row":
            if self._cells or self._wrong:
                cells = [""] * (max((*self._cells, *self._wrong)) + 1)
                for place, text in self._cells.items():
                    cells[place] = text
                self.done.append(Record(self._line, cells, self._wrong))
        else:
            super().end(name)

    def grow(self, characters: int) -> None:
        self._size += characters
        if self._size > MAX_LINE:
            raise unusable("table_line_long", line=self._line, limit=MAX_LINE)

    def _keep(self, raw: str) -> None:
        if self._place in self._cells or self._place >= MAX_WIDTH:
            raise ValueError
        if self._formula:
            self._wrong[self._place] = reason("cell_formula")
        elif self._kind == "e":
            self._wrong[self._place] = reason("cell_error", value=raw)
        text = self._text(raw) if raw else ""
        if text.strip():
            self._cells[self._place] = text

    def _text(self, raw: str) -> str:
        match self._kind:
            case "n":
                dated = self._style in self._dates
                return from_serial(raw, from_1904=self._from_1904) if dated else from_number(raw)
            case "s":
                text = self._texts[int(raw)]
                self.grow(len(text))
                return text
            case "b":
                return "true" if raw in ("1", "true") else "false"
            case "d":
                return from_iso(raw)
        return unescaped(raw)


@lru_cache(MAX_WIDTH)
def _place(letters: str) -> int:
    """The place of a column, counted from 0, by its letters."""
    if len(letters) > 3:
        raise ValueError
    place = 0
    for letter in letters:
        place = place * 26 + ascii_uppercase.index(letter) + 1
    return place - 1
