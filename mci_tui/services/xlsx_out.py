"""Tables that go out as XLSX, written row by row: safe to open in a spreadsheet and exact to read in again."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from mci_tui.errors import Refused, reason
from mci_tui.services.csv_out import Cell, guarded, unguarded
from mci_tui.services.xlsx_in import DIGITS, MAX_LINES
from mci_tui.text import safe_text

MAX_TEXT = 32_767
"""The characters of a cell."""

_FIRST_DAY = date(1900, 3, 1)
"""The first day that all spreadsheets count alike."""

_LONG_AGO = datetime(1980, 1, 1)  # noqa: DTZ001 - workbooks know no zone
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def write(out: BinaryIO, name: str, header: Sequence[str], rows: Iterable[Iterable[Cell]]) -> None:
    """Writes a workbook of one sheet, called `name`, to `out`: a bold header that stays in view, then the rows.

    Numbers and dates are such; every text is a text cell, whatever it looks like, also when somebody edits it. Instants
    are text (UTC), as cells know no zone, and so are numbers with more digits than a cell keeps. Raises `Refused` for
    more than a sheet holds. The rows wait in a temporary file of openpyxl's, which is gone at the end.
    """
    book = Workbook(write_only=True)
    book.properties = DocumentProperties(creator=None, created=_LONG_AGO, modified=_LONG_AGO)
    sheet = book.create_sheet(_title(name))
    sheet.freeze_panes = "A2"
    for place, title in enumerate(header, 1):
        sheet.column_dimensions[get_column_letter(place)].width = max(12, len(title) + 2)
    pen = _Pen(sheet)
    try:
        sheet.append(pen.said(title, pen.heading) for title in header)
        for line, row in enumerate(rows, 2):
            if line > MAX_LINES:
                raise _too_much()
            sheet.append(pen.cell(value) for value in row)
        with _Undated(out, "w", ZIP_DEFLATED) as archive:
            ExcelWriter(book, archive).save()
    finally:
        with suppress(Exception):  # it is closed already, or the disk is still full
            sheet.close()
        with suppress(OSError, AttributeError):  # the file is gone already, or was never there
            sheet._writer.cleanup()


class _Undated(ZipFile):
    """An archive whose parts do not tell when they were made."""

    def open(self, name: str | ZipInfo, *how: Any, **more: Any) -> Any:
        if isinstance(name, ZipInfo):
            name.date_time = _LONG_AGO.timetuple()[:6]
        return super().open(name, *how, **more)


def _title(name: str) -> str:
    """A sheet's name has 1 to 31 characters, and none of those that formulas use."""
    return "".join("-" if char in "[]:*?/\\'" else char for char in safe_text(name))[:31].strip() or "Sheet"


class _Pen:
    """A cell of each look, filled anew for each value: the sheet writes it down at once and keeps none."""

    def __init__(self, sheet: Any) -> None:
        looks = [WriteOnlyCell(sheet) for _look in range(5)]
        for look, form in zip(looks, ("@", "@", "@", "yyyy-mm-dd", "#,##0.00"), strict=True):
            look.number_format = form
        self.heading, self._text, self._quoted, self._day, self._money = looks
        self.heading.font = Font("Calibri", 11, bold=True)
        self._quoted.quotePrefix = True

    def cell(self, value: Cell) -> Any:
        """What the sheet is to write for a value."""
        match value:
            case None | "":
                return None
            case str():
                text = safe_text(value)
                # What imports would take an apostrophe off gets another one, as in CSV.
                kept = guarded(text) if unguarded(text) != text else text
                return self.said(kept, self._quoted if guarded(text) != text else self._text)
            case bool():
                return value
            case datetime():
                return self.said(value.astimezone(UTC).isoformat().replace("+00:00", "Z"), self._text)
            case date() if value < _FIRST_DAY:
                return self.said(value.isoformat(), self._text)
            case date():
                return _filled(self._day, value)
        written = f"{value:f}" if isinstance(value, Decimal) else str(value)
        if sum(map(str.isdigit, written)) > DIGITS:
            return self.said(written, self._text)
        cents = isinstance(value, Decimal) and value.as_tuple().exponent == -2
        return _filled(self._money, value) if cents else value

    def said(self, text: str, look: Any) -> Any:
        """A text, in which nothing is taken for the escape `_xHHHH_` that cells know, nor for a formula or an error."""
        text = _ESCAPED.sub("_x005F_", text)
        if len(text) > MAX_TEXT:
            raise _too_much()
        _filled(look, text).data_type = "s"
        return look


def _filled(look: Any, value: Cell) -> Any:
    look.value = value
    return look


def _too_much() -> Refused:
    return Refused("invalid", reason("xlsx_full", lines=MAX_LINES, characters=MAX_TEXT))
