"""Workbooks for tests: as another program writes them, and as nobody should."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'


def workbook(*rows: Iterable[Any], sheets: Mapping[str, Sequence[Iterable[Any]]] | None = None) -> bytes:
    """A workbook of these rows, or of several sheets, as openpyxl writes it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in (sheets or {"Sheet1": rows}).items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
    return saved(book)


def saved(book: Any) -> bytes:
    """A workbook's bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def raw(
    sheet: str, *, texts: str = "", styles: str = "", book: str = "", parts: Mapping[str, str] | None = None
) -> bytes:
    """A workbook out of XML: `sheet` is what stands in the sheet, `parts` take the place of others or go."""
    made = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/t.xml" ContentType="{KIND}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'{RELATIONS}<Relationship Id="a" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/_rels/workbook.xml.rels": f'{RELATIONS}<Relationship Id="s" Type="{OFFICE}/worksheet" Target="/xl/s.xml"/>'
        f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="t.xml"/>'
        f'<Relationship Id="y" Type="{OFFICE}/styles" Target="./styles.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}">{book}<sheets><sheet name="One" sheetId="1" r:id="s"/>'
        "</sheets></workbook>",
        "xl/s.xml": f"<worksheet {MAIN}><sheetData>{sheet}</sheetData></worksheet>",
        "xl/t.xml": f"<sst {MAIN}>{texts}</sst>",
        "xl/styles.xml": f"<styleSheet {MAIN}>{styles}</styleSheet>",
        **(parts or {}),
    }
    return packed({name: text.encode() for name, text in made.items() if text})


def packed(parts: Mapping[str, bytes]) -> bytes:
    """An archive of these parts."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of an archive."""
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def row(number: int, *cells: str) -> str:
    """A line of text cells for `raw`."""
    written = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    return f'<row r="{number}">{written}</row>'


def sheet_xml(content: bytes) -> Element:
    """The sheet of a workbook of one, as it stands in the archive."""
    return fromstring(parts_of(content)["xl/worksheets/sheet1.xml"])


def shown_elsewhere(path: Path) -> list[list[Any]]:
    """What openpyxl reads in the first sheet of a workbook, dates as such."""
    book = openpyxl.load_workbook(path)
    found = [[cell.value for cell in line] for line in book.worksheets[0].iter_rows()]
    return [[value.date() if isinstance(value, datetime) else value for value in line] for line in found]


NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC).replace(tzinfo=None)
"""An instant as cells have it: without a zone."""

DAY = date(2026, 11, 3)
