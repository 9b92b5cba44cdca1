"""Tables that go out as XLSX, written row by row: safe to open in a spreadsheet and exact to read in again."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from string import ascii_uppercase
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from mci_tui.errors import Refused, reason
from mci_tui.services.csv_out import Cell, guarded, unguarded
from mci_tui.services.xlsx_values import DIGITS, escaped, to_serial
from mci_tui.text import safe_text

MAX_LINES, MAX_TEXT = 1_048_576, 32_767
"""The lines of a sheet, and the characters of a cell."""

_PLAIN, _TEXT, _QUOTED, _HEADING, _DAY, _MONEY = range(6)
"""The looks of cells, by their places in the workbook's styles."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."

_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}">'
        '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        '<cellStyleXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>'
        '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
"""The parts of every workbook besides the sheet and its name."""

_SHEET = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
)


def write(out: BinaryIO, name: str, header: Sequence[str], rows: Iterable[Iterable[Cell]]) -> None:
    """Writes a workbook of one sheet, called `name`, to `out`: a bold header that stays in view, then the rows.

    Numbers and dates are such; every text is a text cell, whatever it looks like, also when somebody edits it. Instants
    are text (UTC), as cells know no zone, and so are numbers with more digits than a cell keeps. Raises `Refused` for
    more than a sheet holds.
    """
    with ZipFile(out, "w") as archive:
        for part, xml in _PARTS.items():
            archive.writestr(_part(part), _HEAD + xml)
        archive.writestr(_part("xl/workbook.xml"), _HEAD + _book(name))
        with archive.open(_part("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            for piece in _sheet(header, rows):
                sheet.write(piece.encode())


def _part(name: str) -> ZipInfo:
    """An entry of the archive, without the date that others would have."""
    part = ZipInfo(name)
    part.compress_type = ZIP_DEFLATED
    part.external_attr = 0o600 << 16
    return part


def _book(name: str) -> str:
    """A sheet's name has 1 to 31 characters, and none of those that formulas use."""
    shown = "".join("-" if char in "[]:*?/\\'" else char for char in safe_text(name))[:31].strip() or "Sheet"
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
        f'<sheets><sheet name="{_xml(shown)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _sheet(header: Sequence[str], rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    letters = [_letters(place) for place in range(len(header))]
    widths = (
        f'<col min="{place}" max="{place}" width="{max(12, len(title) + 2)}" customWidth="1"/>'
        for place, title in enumerate(header, 1)
    )
    yield f"{_HEAD}{_SHEET}<cols>{''.join(widths)}</cols><sheetData>"
    titles = "".join(_said(f"{at}1", title, _HEADING) for at, title in zip(letters, header, strict=True))
    yield f'<row r="1">{titles}</row>'
    for line, row in enumerate(rows, 2):
        if line > MAX_LINES:
            raise _too_much()
        cells = "".join(_cell(f"{at}{line}", value) for at, value in zip(letters, row, strict=True))
        yield f'<row r="{line}">{cells}</row>'
    yield "</sheetData></worksheet>"


def _cell(at: str, value: Cell) -> str:
    match value:
        case None | "":
            return ""
        case str():
            return _text(at, safe_text(value))
        case bool():
            return f'<c r="{at}" t="b"><v>{value:d}</v></c>'
        case datetime():
            return _said(at, value.astimezone(UTC).isoformat().replace("+00:00", "Z"), _TEXT)
        case date():
            serial = to_serial(value)
            return _said(at, value.isoformat(), _TEXT) if serial is None else _number(at, str(serial), _DAY)
    written = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if sum(map(str.isdigit, written)) > DIGITS:
        return _said(at, written, _TEXT)
    cents = isinstance(value, Decimal) and value.as_tuple().exponent == -2
    return _number(at, written, _MONEY if cents else _PLAIN)


def _text(at: str, text: str) -> str:
    """A text cell. What imports would take an apostrophe off gets another one, as in CSV."""
    risky = guarded(text) != text
    return _said(at, guarded(text) if unguarded(text) != text else text, _QUOTED if risky else _TEXT)


def _said(at: str, text: str, look: int) -> str:
    if len(text) > MAX_TEXT:
        raise _too_much()
    return f'<c r="{at}" s="{look}" t="inlineStr"><is><t xml:space="preserve">{_xml(escaped(text))}</t></is></c>'


def _number(at: str, written: str, look: int) -> str:
    return f'<c r="{at}" s="{look}"><v>{written}</v></c>'


def _xml(text: str) -> str:
    return text.translate(_MARKS)


_MARKS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def _letters(place: int) -> str:
    """How a sheet calls a column, counted from 0."""
    before, last = divmod(place, len(ascii_uppercase))
    return (_letters(before - 1) if before else "") + ascii_uppercase[last]


def _too_much() -> Refused:
    return Refused("invalid", reason("xlsx_full", lines=MAX_LINES, characters=MAX_TEXT))
