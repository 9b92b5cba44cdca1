"""Workbooks (XLSX) that come in: one sheet, read line by line. Nothing in them is computed, run or followed.

openpyxl reads them. It gets only the parts that a table needs, as `Package` hands them out: so no file makes it take
more memory than that, and what else a workbook has (links, drawings, rules behind the cells) can do no harm.
"""

import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BufferedReader
from math import isfinite
from pathlib import Path
from typing import Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.escape import unescape
from openpyxl.worksheet._reader import DATA_TAG, FORMULA_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from mci_tui.errors import Reason, Refused, reason
from mci_tui.services.records import MAX_LINE, Record, sealed, unusable
from mci_tui.services.xlsx_parts import Large, Package, Sipped

MAX_SHEET, MAX_TEXTS = 512 * 1024 * 1024, 64 * 1024 * 1024
"""Bytes of a sheet, and of the texts that its cells share: those stay in memory."""

MAX_LINES, MAX_WIDTH = 1_048_576, 16_384
"""The lines and the columns of the largest sheet."""

DIGITS = 15
"""What a spreadsheet's number keeps exactly."""

_TEXTS_TAG, _TEXT_TAG = f"{{{SHEET_MAIN_NS}}}sst", f"{{{SHEET_MAIN_NS}}}si"


def records(file: BufferedReader, path: Path, _knows: Callable[[str], bool]) -> Generator[Record, None, None]:
    """The lines of the one visible sheet that has anything in it, by their numbers there; the first is the header.

    Numbers, dates and flags are written as CSV has them, and every line has a cell for each column of the header.
    Raises `Refused` where there are several such sheets, or the workbook cannot be read.
    """
    if sealed(file):
        raise unusable("xlsx_sealed", path=str(path))
    with _readable(path):
        book = _Book(file)
        found = [name for name in book.sheets if next(book.lines(name), None)]
        if len(found) != 1:
            why = "xlsx_sheets" if found else "table_empty"
            raise unusable(why, path=str(path), sheets=", ".join(found))
        lines = book.lines(found[0])
        first = next(lines)
        header = first if first.line == 1 else Record(1, [])
        yield header
        for line in lines:
            yield line._replace(cells=line.cells + [""] * (len(header.cells) - len(line.cells)))


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Says in words that a workbook is too large, broken, or none: openpyxl raises whatever comes of it."""
    try:
        yield
    except Refused:
        raise
    except (Large, MemoryError) as error:
        raise unusable("xlsx_large", path=str(path)) from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise unusable("xlsx_broken", path=str(path)) from error


class _Book:
    """A workbook: the parts of its `sheets` that can be seen, by their names, and what their cells share."""

    def __init__(self, file: BufferedReader) -> None:
        warnings.filterwarnings("ignore", module="openpyxl")
        reader = ExcelReader(Sipped(file), read_only=True, keep_links=False)
        self._package = reader.archive = Package(reader.archive)
        reader.read_manifest()
        reader.read_workbook()
        with redirect_stdout(None):  # openpyxl prints of looks that are missing
            apply_stylesheet(self._package, reader.wb)
        found = [(sheet, rel) for sheet, rel in reader.parser.find_sheets() if rel.target in reader.valid_files]
        if not found:
            raise ValueError
        self.sheets = {
            sheet.name: rel.target for sheet, rel in found if sheet.state == "visible" and "chart" not in rel.Type
        }
        shared = reader.package.find(SHARED_STRINGS)
        texts = self._package.children(shared.PartName[1:], _TEXTS_TAG, _TEXT_TAG, MAX_TEXTS) if shared else ()
        self._texts = [Text.from_tree(text).content for text in texts]
        self._book = reader.wb

    def lines(self, sheet: str) -> Iterator[Record]:
        """The lines of a sheet that have anything in them."""
        book = self._book
        parser = WorkSheetParser(
            None, self._texts, data_only=True, epoch=book.epoch,
            date_formats=book._date_formats, timedelta_formats=book._timedelta_formats,
        )  # fmt: skip
        before = 0
        for row in self._package.children(self.sheets[sheet], DATA_TAG, ROW_TAG, MAX_SHEET):
            line, cells = parser.parse_row(row)
            parser.row_dimensions.clear()  # or it keeps those of every line
            if not before < line <= MAX_LINES:
                raise ValueError
            before = line
            formulas = [element.find(FORMULA_TAG) is not None for element in row]
            if (record := _record(line, cells, formulas)).cells:
                yield record


def _record(line: int, cells: list[dict[str, Any]], formulas: list[bool]) -> Record:
    """A line without the blank cells at its end; of a formula the last value is kept, to be looked at."""
    if sum(len(cell["value"]) for cell in cells if isinstance(cell["value"], str)) > MAX_LINE:
        raise unusable("table_line_long", line=line, limit=MAX_LINE)
    texts: dict[int, str] = {}
    wrong: dict[int, Reason] = {}
    for cell, formula in zip(cells, formulas, strict=True):
        place, text = cell["column"] - 1, _text(cell["value"])
        if place in texts or place >= MAX_WIDTH:
            raise ValueError
        texts[place] = text if text.strip() else ""
        if formula:
            wrong[place] = reason("cell_formula")
        elif cell["data_type"] == "e":
            wrong[place] = reason("cell_error", value=text)
    width = max((place + 1 for place, text in texts.items() if text or place in wrong), default=0)
    return Record(line, [texts.get(place, "") for place in range(width)], wrong)


def _text(value: Any) -> str:
    """The value of a cell as tables have it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return _number(value)
        case timedelta():
            return _number(value / timedelta(days=1))
        case datetime() if value.time() != time():
            return value.isoformat(timespec="seconds")
        case datetime():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
    unescaped: str = unescape(str(value))
    return unescaped


def _number(value: float) -> str:
    """A number without exponent, and without the noise behind the digits that a spreadsheet keeps."""
    if not isfinite(value):
        raise ValueError
    return f"{Decimal(f'{value:.{DIGITS}g}'):f}"
