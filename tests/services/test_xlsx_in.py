"""Workbooks that come in: the same values and the same problems as CSV, nothing computed, nothing unpacked too far."""

import os
import random
import struct
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from mci_tui.domain.tables import DECISIONS, DIRECTORY, LOCATIONS, OPPORTUNITIES, Kind
from mci_tui.errors import Refused
from mci_tui.services.records import MAX_LINE
from mci_tui.services.tables import BadRow, Row, Table
from tests.services.xlsx_kit import DAY, MAIN, NOON, OFFICE, RELATIONS, packed, parts_of, raw, row, saved, workbook

Write = Callable[[bytes], Path]

HEADER = ("location_id", "name", "country", "enrolled", "global")
GOOD = ("1234567", "Torino", "IT", True, False)
DIRECTORY_HEADER = ("customer", "customer_name", "id_type", "id_value", "fact:seats")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(content: bytes) -> Path:
        path = tmp_path / "table.xlsx"
        path.write_bytes(content)
        return path

    return put


def read(path: Path, kind: Kind = LOCATIONS) -> list[Row | BadRow]:
    return list(Table(path, kind).rows())


def refused(path: Path, kind: Kind = LOCATIONS) -> Refused:
    with pytest.raises(Refused) as refusal:
        read(path, kind)
    return refusal.value


def bad(path: Path, kind: Kind = LOCATIONS) -> list[tuple[int, str, str]]:
    """Line, column and code of everything wrong with single lines."""
    rows = [row for row in read(path, kind) if isinstance(row, BadRow)]
    return [(problem.line, problem.column, problem.why.code) for row in rows for problem in row.problems]


def texts(path: Path, kind: Kind = LOCATIONS) -> list[list[str]]:
    """The cells of every line, as they are read."""
    return [row.cells for row in read(path, kind)]


def seats(write: Write, cell: str, **more: Any) -> str:
    """How a cell of a raw workbook reads, in a line that is otherwise good."""
    lines = row(1, *DIRECTORY_HEADER) + row(2, "K", "Corvara", "tpid", "123456").replace("</row>", f"{cell}</row>")
    (found,) = read(write(raw(lines, **more)), DIRECTORY)
    return found.cells[4]


# What is read


def test_cells_are_read_as_the_table_means_them(write: Write) -> None:
    """S-11a"""
    header = ("customer", "customer_name", "country", "msx_id", "acv_usd", "open", "fact:since")
    (line,) = read(
        write(workbook(header, (1234567.0, "0012", "it", "7-ABC1234567", 12500.5, True, DAY))), OPPORTUNITIES
    )
    assert isinstance(line, Row)
    assert line.cells == ["1234567", "0012", "it", "7-ABC1234567", "12500.5", "true", "2026-11-03"]
    assert (line.line, line.values["country"], line.values["open"]) == (2, "IT", True)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1234567.0", "1234567"),
        ("1234567", "1234567"),
        ("2.2999999999999998", "2.3"),
        ("0.30000000000000004", "0.3"),
        ("1.2E+3", "1200"),
        ("1E-3", "0.001"),
        ("-7.50", "-7.5"),
        ("1e15", "1000000000000000"),
        ("123456789012345678", "123456789012345678"),
        ("-7", "-7"),
    ],
)
def test_numbers_come_without_noise(write: Write, written: str, said: str) -> None:
    assert seats(write, f"<c><v>{written}</v></c>") == said


_STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="0.0&quot; days&quot;"/>'
    '<numFmt numFmtId="166" formatCode="[h]:mm"/><numFmt numFmtId="167" formatCode="[$-410]d mmmm yyyy;@"/>'
    '<numFmt numFmtId="168" formatCode="[Red]0.00_m"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
    + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 164, 165, 166, 167, 168))
    + '</cellXfs><cellStyles/><dxfs><dxf><numFmt numFmtId="165" formatCode="yyyy"/></dxf></dxfs>'
)


@pytest.mark.parametrize(
    ("style", "written", "said"),
    [
        (0, "46329", "46329"),
        (1, "46329", "2026-11-03"),
        (2, "46329.5", "2026-11-03T12:00:00"),
        (2, "46328.999999999", "2026-11-03"),
        (3, "46329", "46329"),
        (4, "46329", "46329"),
        (5, "46329", "2026-11-03"),
        (6, "46329", "46329"),
        (1, "1", "1900-01-01"),
        (1, "59", "1900-02-28"),
        (1, "61", "1900-03-01"),
        (1, "0.5", "12:00:00"),
        (1, "2958465", "9999-12-31"),
        (4, "1.5", "1.5"),
    ],
    ids=str,
)
def test_a_number_is_a_date_where_its_cell_shows_one(write: Write, style: int, written: str, said: str) -> None:
    assert seats(write, f'<c s="{style}"><v>{written}</v></c>', styles=_STYLES) == said


def test_a_day_that_no_spreadsheet_knows_is_told(write: Write) -> None:
    lines = row(1, *DIRECTORY_HEADER) + '<row r="2"><c r="E2" s="1"><v>2958466</v></c></row>'
    assert bad(write(raw(lines, styles=_STYLES)), DIRECTORY)[-1] == (2, "fact:seats", "cell_error")


def test_a_workbook_may_count_its_days_from_1904(write: Write) -> None:
    for flag in ("1", "true"):
        book = f'<workbookPr date1904="{flag}"/>'
        assert seats(write, '<c s="1"><v>44867</v></c>', styles=_STYLES, book=book) == "2026-11-03"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('<c t="b"><v>0</v></c>', "false"),
        ('<c t="str"><v>plain</v></c>', "plain"),
        ('<c t="d"><v>2026-11-03T00:00:00.000</v></c>', "2026-11-03"),
        ('<c t="d"><v>2026-11-03T09:30:00</v></c>', "2026-11-03T09:30:00"),
        ('<c t="s"><v>1</v></c>', "東京 rich"),
        ('<c t="inlineStr"><is><r><t>two </t></r><r><t>runs</t></r></is></c>', "two runs"),
        ('<c t="inlineStr"><is><t>a_x000D_b_x005F_x0041_ _x41_</t></is></c>', "a\rb_x0041_ _x41_"),
        ('<x:c t="inlineStr"><x:is><x:t>prefixed</x:t></x:is></x:c>', "prefixed"),
        ('<c r="F2" t="inlineStr"><is><t> </t></is></c>', ""),
        ("<c><v/></c>", ""),
    ],
)
def test_texts_and_flags_are_read_wherever_the_workbook_keeps_them(write: Write, cell: str, said: str) -> None:
    shared = (
        "<si><t>other</t></si><si><r><t>東京</t></r><rPh sb='0' eb='1'><t>トウキョウ</t></rPh><r><t> rich</t></r></si>"
    )
    assert seats(write, cell.replace("<x:c", f"<x:c xmlns:x='{MAIN[7:-1]}'"), texts=shared) == said


def test_line_breaks_of_other_systems_are_read_in_shared_texts_as_well(write: Write) -> None:
    shared = "<si><t>a_x000D_\nb_x005F_x0041_ax005F_b</t></si>"
    assert seats(write, '<c t="s"><v>0</v></c>', texts=shared) == "a\r\nb_x0041_ax005F_b"


def test_lines_have_the_numbers_of_the_sheet_and_blank_ones_are_passed_over(write: Write) -> None:
    """S-11a"""
    content = workbook(HEADER, GOOD, (), ("", None, "  "), ("2345678", "Lyon", "France", True), (None,) * 9)
    path = write(content)
    assert [line.line for line in read(path)] == [2, 5]
    assert bad(path) == [(5, "country", "country_form")]


def test_a_line_with_a_cell_beyond_the_header_is_bad_and_a_short_one_is_not(write: Write) -> None:
    path = write(workbook(HEADER, (*GOOD, None, "stray"), GOOD[:4], (*GOOD, None, " ")))
    assert bad(path) == [(2, "", "row_long")]
    assert [type(line) for line in read(path)] == [BadRow, Row, Row]


def test_the_header_is_the_first_line_of_the_sheet(write: Write) -> None:
    refusal = refused(write(workbook((), HEADER, GOOD)))
    assert refusal.why.code == "table_header"
    assert set(refusal.problems) == set(LOCATIONS.required)
    assert refused(write(workbook(("location_id", "Name")))).problems["Name"].code == "column_misspelt"
    assert refused(write(workbook(HEADER))).why.code == "table_no_lines"


def test_a_date_in_a_column_of_dates_and_a_time_of_no_zone(write: Write) -> None:
    header = ("claim_id", "status", "decided_on", "note")
    path = write(workbook(header, ("CLM-1", "approved", DAY, ""), ("CLM-2", "approved", NOON, "")))
    first, second = read(path, DECISIONS)
    assert first.values["decided_on"] == DAY
    assert isinstance(second, BadRow)
    assert bad(path, DECISIONS) == [(3, "decided_on", "not_date")]


def test_the_format_is_told_by_the_content_whatever_the_name(tmp_path: Path) -> None:
    (tmp_path / "book.csv").write_bytes(workbook(HEADER, GOOD))
    (tmp_path / "text.xlsx").write_text(",".join(HEADER) + "\n1234567,Torino,IT,true,false\n")
    one, other = read(tmp_path / "book.csv"), read(tmp_path / "text.xlsx")
    assert one == other


def test_a_workbook_that_changes_between_two_readings_is_refused(write: Write) -> None:
    table = Table(write(workbook(HEADER, GOOD)), LOCATIONS)
    assert list(table.rows()) == list(table.rows())
    write(workbook(HEADER, GOOD, GOOD))
    with pytest.raises(Refused) as refusal:
        list(table.rows())
    assert refusal.value.why.code == "table_changed"


def test_what_stands_behind_the_lines_is_not_read_and_openpyxl_says_nothing(
    write: Write, capfd: pytest.CaptureFixture[str]
) -> None:
    """Rules, extensions and properties that openpyxl cannot read or would warn of."""
    warnings.simplefilter("default")
    lines = row(1, *HEADER) + row(2, *("1234567", "Torino", "IT", "true", ""))
    behind = '<dataValidations count="x"><none/></dataValidations><extLst><ext uri="{unknown}"/></extLst>'
    sheet = f"<worksheet {MAIN}><pageSetup orientation='x'/><sheetData>{lines}</sheetData>{behind}</worksheet>"
    (line,) = read(write(raw("", parts={"xl/s.xml": sheet, "docProps/core.xml": "no XML"}, styles="<fonts/>")))
    assert isinstance(line, Row)
    assert capfd.readouterr() == ("", "")


def test_openpyxl_prints_nothing_of_looks_that_are_missing(write: Write, capfd: pytest.CaptureFixture[str]) -> None:
    styles = '<cellStyles><cellStyle name="Normal" xfId="7"/></cellStyles>'
    assert refused(write(raw(row(1, *HEADER), styles=styles))).why.code == "xlsx_broken"
    assert capfd.readouterr() == ("", "")


# What is not computed, and not guessed


def test_formulas_and_errors_are_told_by_line_and_column_and_never_taken(write: Write) -> None:
    """S-11a"""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for line in (HEADER, GOOD, ("2345678", "=A2&B2", "FR", "=TRUE()", None), ("3456789", "Bari", "#N/A", True, None)):
        sheet.append(line)
    sheet["B5"] = ArrayFormula("B5:B6", "=B2:B3")
    path = write(saved(book))
    assert bad(path) == [
        (3, "name", "cell_formula"),
        (3, "enrolled", "cell_formula"),
        (4, "country", "cell_error"),
        (5, "location_id", "required"),
        (5, "name", "cell_formula"),
        (5, "country", "required"),
        (5, "enrolled", "required"),
    ]


def test_of_a_formula_the_last_value_is_kept_to_be_looked_at(write: Write) -> None:
    lines = row(1, *HEADER) + '<row r="2"><c><v>1234567</v></c><c t="str"><f>B9</f><v>Torino</v></c></row>'
    (line,) = read(write(raw(lines)))
    assert isinstance(line, BadRow)
    assert line.cells == ["1234567", "Torino", "", "", ""]


def test_a_formula_in_a_column_that_is_not_read_does_no_harm(write: Write) -> None:
    content = workbook((*HEADER, "line", "problem"), (*GOOD, "=ROW()", "=1"))
    assert bad(write(content)) == []


def test_only_one_sheet_has_anything_in_it_or_the_operator_is_told(write: Write) -> None:
    """S-11a"""
    several = write(workbook(sheets={"Places": (HEADER, GOOD), "Notes": (("x",),), "Empty": ()}))
    refusal = refused(several)
    assert (refusal.why.code, refusal.why.params["sheets"]) == ("xlsx_sheets", "Places, Notes")
    assert len(read(write(workbook(sheets={"Empty": (), "Places": (HEADER, GOOD), "Blank": ((None,),)})))) == 1
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(("lookup",))
    sheet.sheet_state = "hidden"
    places = book.create_sheet("Places")
    for line in (HEADER, GOOD):
        places.append(line)
    assert len(read(write(saved(book)))) == 1


@pytest.mark.parametrize("content", [workbook(), workbook(sheets={"A": (), "B": ((" ",),)})], ids=["one sheet", "two"])
def test_an_empty_workbook_is_told(write: Write, content: bytes) -> None:
    assert refused(write(content)).why.code == "table_empty"


def test_nothing_outside_the_workbook_is_followed(write: Write) -> None:
    outside = (
        f'{RELATIONS}<Relationship Id="s" Type="{OFFICE}/worksheet" TargetMode="External" Target="file:///etc/passwd"/>'
    )
    parts = {"xl/_rels/workbook.xml.rels": f"{outside}</Relationships>"}
    assert refused(write(raw(row(1, "x"), parts=parts))).why.code == "xlsx_broken"
    above = f'{RELATIONS}<Relationship Id="s" Type="{OFFICE}/worksheet" Target="../../../etc/passwd"/></Relationships>'
    assert refused(write(raw("", parts={"xl/_rels/workbook.xml.rels": above}))).why.code == "xlsx_broken"


# What is no workbook


STRICT = (b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/")
_SEALED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (_SEALED, "xlsx_sealed"),
        (b"PK\x03\x04", "xlsx_broken"),
        (b"PK\x05\x06" + bytes(18), "xlsx_broken"),
        (packed({"content.xml": b"<x/>"}), "xlsx_broken"),
        (raw(row(1, "x"), parts={"xl/workbook.xml": "<document/>"}), "xlsx_broken"),
        (raw(row(1, "x"), parts={"xl/workbook.xml": "no XML"}), "xlsx_broken"),
        (raw(row(1, "x"), parts={"xl/s.xml": ""}), "xlsx_broken"),
        (raw(row(1, "x"), parts={"xl/t.xml": ""}), "xlsx_broken"),
        (raw(row(1, *HEADER) + row(2, "x") + row(2, "y")), "xlsx_broken"),
        (raw(row(1, *HEADER) + row(3, "x") + row(2, "y")), "xlsx_broken"),
        (raw(row(1_048_577, "x")), "xlsx_broken"),
        (raw('<row r="x"/>'), "xlsx_broken"),
        (packed({part: xml.replace(*STRICT) for part, xml in parts_of(raw(row(1, "x"))).items()}), "xlsx_broken"),
        (raw('<row><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'), "xlsx_broken"),
        (raw('<row><c r="XFE1"><v>1</v></c></row>'), "xlsx_broken"),
        (raw('<row><c r="AAAAAAAA1"><v>1</v></c></row>'), "xlsx_broken"),
        (raw('<row><c t="s"><v>0</v></c></row>'), "xlsx_broken"),
        (raw("<row><c><v>NaN</v></c></row>"), "xlsx_broken"),
        (raw("<row><c><v>1e999</v></c></row>"), "xlsx_broken"),
        (raw("<row><c><v>word</v></c></row>"), "xlsx_broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_workbook_is_told_in_one_sentence(write: Write, content: bytes, code: str) -> None:
    assert refused(write(content)).why.code == code


def test_a_truncated_workbook_is_told(write: Write) -> None:
    content = workbook(HEADER, *[GOOD] * 50)
    for share in (0.2, 0.5, 0.9, 0.99):
        assert refused(write(content[: int(len(content) * share)])).why.code == "xlsx_broken"


def test_a_word_document_and_a_binary_workbook_are_none(write: Write) -> None:
    related = (
        f'{RELATIONS}<Relationship Id="a" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    word = {"_rels/.rels": related, "word/document.xml": "<w:document xmlns:w='x'><w:body/></w:document>"}
    assert refused(write(packed({name: text.encode() for name, text in word.items()}))).why.code == "xlsx_broken"
    assert refused(write(raw("", parts={"xl/workbook.xml": "\x83\x01\x00"}))).why.code == "xlsx_broken"


# What would burst


def _text_of(size: int) -> str:
    return f"<row><c t='inlineStr'><is><t>{'x' * size}</t></is></c></row>"


def peak_of(path: Path) -> tuple[str, int]:
    """How a file is refused, and how many bytes reading it takes."""
    tracemalloc.start()
    try:
        return refused(path).why.code, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _declaring(content: bytes, part: bytes, size: int) -> bytes:
    """The archive, in whose list a part is said to unpack to `size` bytes."""
    spoiled = bytearray(content)
    at = spoiled.rindex(b"PK\x01\x02", 0, spoiled.rindex(part))
    spoiled[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(spoiled)


def test_a_part_that_unpacks_to_far_more_than_a_table_is_not_read(write: Write) -> None:
    """A workbook of 120 KiB with 48 MiB in it, and one that speaks of 4 GiB."""
    bomb = raw("", parts={"xl/s.xml": " " * (48 * 1024 * 1024)})
    assert len(bomb) < 150_000
    for content in (bomb, _declaring(raw(row(1, "x")), b"xl/s.xml", 0xFFFFFFF0), raw("", texts=" " * 48 * 1024 * 1024)):
        code, peak = peak_of(write(content))
        assert code == "xlsx_large"
        assert peak < 2_000_000


def test_what_an_archive_says_too_little_of_is_not_read_further(write: Write) -> None:
    honest = raw("".join(row(number, "x" * 90) for number in range(1, 20_000)))
    code, peak = peak_of(write(_declaring(honest, b"xl/s.xml", 100)))
    assert code == "xlsx_broken"
    assert peak < 2_000_000


def test_an_archive_of_very_many_parts_is_not_opened(write: Write) -> None:
    code, peak = peak_of(write(packed({f"part{number}": b"" for number in range(5_000)})))
    assert code == "xlsx_large"
    assert peak < 500_000


def test_an_archive_for_giants_is_not_believed(write: Write) -> None:
    """Its list of parts is said to have 4 TiB, or more parts than there are bytes."""
    content = raw(row(1, "x"))
    end = content.rindex(b"PK\x05\x06")
    for parts, size in ((5, 1 << 42), (1 << 40, 300)):
        giant = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, parts, parts, size, 0)
        locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
        code, peak = peak_of(write(content[:end] + giant + locator + content[end:]))
        assert code in ("xlsx_large", "xlsx_broken")
        assert peak < 500_000


def test_an_encrypted_or_oddly_packed_part_is_told(write: Write) -> None:
    content = bytearray(raw(row(1, "x")))
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/s.xml"))
    content[at + 8] |= 1
    assert refused(write(bytes(content))).why.code == "xlsx_broken"
    content[at + 8] &= 0xFE
    content[at + 10] = 12
    assert refused(write(bytes(content))).why.code == "xlsx_broken"


LAUGHS = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))


@pytest.mark.parametrize("declared", [f'<!ENTITY l0 "ha">{LAUGHS}', '<!ENTITY l9 SYSTEM "file:///etc/passwd">', ""])
@pytest.mark.parametrize("part", ["xl/s.xml", "xl/t.xml", "xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_no_entity_is_expanded(write: Write, declared: str, part: str) -> None:
    sheet = f"<!DOCTYPE worksheet [{declared}]><worksheet>&l9;</worksheet>"
    code, peak = peak_of(write(raw(row(1, "x"), parts={part: sheet})))
    assert code == "xlsx_broken"
    assert peak < 2_000_000


@pytest.mark.parametrize("ahead", [0, 65_536 - 14, 65_536 - 20, 65_536 - 24])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_an_entity_is_found_wherever_and_however_it_is_written(write: Write, ahead: int, encoding: str) -> None:
    line = "".join(f"<c t='inlineStr'><is><t>{name}</t></is></c>" for name in HEADER)
    for declared, code in (('<!DOCTYPE worksheet [<!ENTITY e "x">]>', "xlsx_broken"), ("", "table_no_lines")):
        text = f"{' ' * ahead}{declared}<worksheet {MAIN}><sheetData><row>{line}</row></sheetData></worksheet>"
        mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
        parts = {**parts_of(raw("x")), "xl/s.xml": mark + text.encode(encoding)}
        assert refused(write(packed(parts))).why.code == code


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        (_text_of(MAX_LINE + 1), "table_line_long"),
        (_text_of(3_000_000), "xlsx_large"),
        (f'<row><c r="{"A" * 3_000_000}1"/></row>', "xlsx_large"),
        (f"<!--{'x' * 3_000_000}-->", "xlsx_large"),
        ("<row>" + "<c t='s'><v>0</v></c>" * 10 + "</row>", "table_line_long"),
    ],
    ids=["cell", "larger cell", "mark", "comment", "line of shared texts"],
)
def test_one_enormous_cell_line_or_mark_is_told(write: Write, sheet: str, code: str) -> None:
    found, peak = peak_of(write(raw(sheet, texts=f"<si><t>{'y' * 20_000}</t></si>")))
    assert found == code
    assert peak < 10_000_000


@pytest.mark.parametrize(
    ("sheet", "more", "room"),
    [
        (f"<row>{'<c/>' * 600_000}</row>", {}, 60_000_000),
        (f"<row>{'<c/>' * 100_000}</row>", {}, 80_000_000),
        ("<a/>" * 600_000, {}, 5_000_000),
        ("", {"texts": "<a/>" * 600_000}, 5_000_000),
        ("", {"styles": f"<cellXfs>{'<xf/>' * 500_000}</cellXfs>"}, 5_000_000),
        ("", {"book": f"<definedNames>{'<definedName/>' * 200_000}</definedNames>"}, 5_000_000),
    ],
    ids=["cells", "fewer cells", "others", "texts", "looks", "names"],
)
def test_very_many_small_things_take_little_memory(write: Write, sheet: str, more: Any, room: int) -> None:
    """Each is larger a hundred times when it is read than it is in the archive."""
    code, peak = peak_of(write(raw(sheet, **more)))
    assert code in ("xlsx_large", "xlsx_broken", "table_empty")
    assert peak < room


def test_memory_does_not_grow_with_the_workbook(tmp_path: Path) -> None:
    def peak(lines: int) -> int:
        path = tmp_path / f"{lines}.xlsx"
        header = row(1, *HEADER)
        path.write_bytes(raw(header + "".join(row(n + 2, str(1_000_000 + n), "x", "IT", "true") for n in range(lines))))
        tracemalloc.start()
        try:
            assert sum(1 for _ in Table(path, LOCATIONS).rows()) == lines
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1_000)  # what is made once for all workbooks is there from here on
    assert peak(8_000) < peak(1_000) + 200_000


@pytest.mark.parametrize("seed", range(8))
def test_a_spoiled_workbook_is_read_or_refused_in_words_never_worse(write: Write, seed: int) -> None:
    chance = random.Random(seed)
    lines = (
        row(1, *HEADER) + row(2, "1234567", "Torino", "IT", "true", "false") + '<row r="3"><c t="s"><v>0</v></c></row>'
    )
    plain = {
        "xl/s.xml": f"<worksheet {MAIN}><sheetData>{lines}</sheetData></worksheet>",
        "xl/t.xml": f"<sst {MAIN}><si><t>2345678</t></si></sst>",
        "xl/styles.xml": f"<styleSheet {MAIN}>{_STYLES}</styleSheet>",
    }
    for _ in range(60):
        name = chance.choice(list(plain))
        part = plain[name]
        at = chance.randrange(len(part))
        piece = chance.choice(
            ["<", ">", '"', "&#0;", "0", "-9", "<row>", "</row>", "<f/>", "<c>", "é", "", "]]>", "1e9"]
        )
        whole = raw(lines, parts={**plain, name: part[:at] + piece + part[at + chance.randrange(4) :]})
        spoiled = bytearray(whole)
        if chance.random() < 0.5:
            for _byte in range(3):
                spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        path = write(bytes(spoiled))
        try:
            found = read(path)
        except Refused:
            continue
        assert all(line.line > 1 for line in found)
        assert all(line.problems for line in found if isinstance(line, BadRow))


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert refused(tmp_path / "pipe.xlsx").why.code == "file_not_regular"
