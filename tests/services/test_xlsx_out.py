"""Workbooks that go out: what other programs find in them, and that they come in again exactly."""

import io
import tempfile
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mci_tui.domain.cells import Value
from mci_tui.domain.cells import fact as fact_cell
from mci_tui.domain.tables import DIRECTORY
from mci_tui.errors import Refused, WrongValue, reason
from mci_tui.services import csv_out, xlsx_out
from mci_tui.services.csv_out import Cell
from mci_tui.services.files import new_file
from mci_tui.services.tables import Row, Table
from mci_tui.text import safe_text
from tests.services.test_csv_out import DANGEROUS
from tests.services.test_exporting import room_for
from tests.services.xlsx_kit import DAY, sheet_xml


def written(header: list[str], *rows: list[Cell], name: str = "Claims") -> Any:
    """The sheet that openpyxl finds in what is written."""
    return openpyxl.load_workbook(io.BytesIO(content(header, *rows, name=name))).worksheets[0]


def content(header: list[str], *rows: Sequence[Cell], name: str = "Claims") -> bytes:
    """What is written."""
    out = io.BytesIO()
    xlsx_out.write(out, name, header, rows)
    return out.getvalue()


def cells(*values: Any) -> list[tuple[Any, str, str]]:
    """How another program reads a line: value, kind and format of each cell."""
    sheet = written([f"c{place}" for place in range(len(values))], list(values))
    return [(cell.value, cell.data_type, cell.number_format) for cell in sheet[2]]


def test_numbers_dates_and_money_are_such_and_all_else_is_text() -> None:
    """S-11b"""
    found = cells("0012", 3, Decimal("12500.50"), Decimal("7.5"), True, DAY, datetime(2026, 11, 3, 9, 30, tzinfo=UTC))
    assert found == [
        ("0012", "s", "@"),
        (3, "n", "General"),
        (12500.5, "n", "#,##0.00"),
        (7.5, "n", "General"),
        (True, "b", "General"),
        (datetime(2026, 11, 3, tzinfo=UTC).replace(tzinfo=None), "d", "yyyy-mm-dd"),
        ("2026-11-03T09:30:00Z", "s", "@"),
    ]


def test_what_a_spreadsheet_keeps_no_number_or_date_of_is_text() -> None:
    kept = [123456789012345, 1234567890123456, Decimal("1234567890.123456"), date(1900, 2, 28), date(1900, 3, 1)]
    assert [kind for _value, kind, _format in cells(*kept)] == ["n", "s", "s", "s", "d"]


def test_unknown_and_empty_are_empty() -> None:
    assert [value for value, _kind, _format in cells(None, "", "x")] == [None, None, "x"]


RISKY = [*DANGEROUS, '=HYPERLINK("http://x","y")', "=cmd|'/C calc'!A0", "@x", "#N/A", "#REF!", "TRUE", "12", "3/4"]


@pytest.mark.parametrize("text", RISKY)
def test_no_text_is_ever_a_formula_a_number_or_an_error(text: str) -> None:
    """S-11b"""
    ((value, kind, form),) = cells(text)
    assert (kind, form) == ("s", "@")
    assert value.lstrip("'") == safe_text(text).lstrip("'")


def test_in_the_archive_every_text_is_written_out_in_its_cell_and_nothing_is_computed() -> None:
    """S-11b, without openpyxl"""
    sheet = sheet_xml(content(RISKY, RISKY, [3, *RISKY[1:]]))
    said = [cell.get("t") for cell in sheet.iter() if cell.tag.endswith("}c")]
    assert said == ["inlineStr"] * len(RISKY) * 2 + ["n"] + ["inlineStr"] * (len(RISKY) - 1)
    assert not [element for element in sheet.iter() if element.tag.rpartition("}")[2] in ("f", "hyperlink", "extLst")]


def test_a_text_that_looks_like_a_formula_stays_one_when_somebody_edits_it() -> None:
    sheet = written(["phone", "name"], ["+39 02 1234567", "Corvara"])
    assert [cell.quotePrefix for cell in sheet[2]] == [True, False]
    assert sheet["A2"].value == "+39 02 1234567"


def test_the_header_is_bold_and_stays_in_view_and_columns_are_wide_enough_for_it() -> None:
    sheet = written(["claim_id", "proposed_payout_usd"], ["CLM-1", 3])
    assert [cell.font.b for cell in sheet[1]] == [True, True]
    assert not sheet["A2"].font.b
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["B"].width > len("proposed_payout_usd")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("claims", "claims"),
        ("a/b[c]:*?'\\", "a-b-c------"),
        ("x" * 40, "x" * 31),
        (" ", "Sheet"),
        ('\x1b<&">', '�<&">'),
    ],
)
def test_the_sheet_has_a_name_that_is_allowed(name: str, shown: str) -> None:
    assert written(["a"], ["b"], name=name).title == shown


def test_texts_that_act_or_that_xml_cannot_have_do_no_harm() -> None:
    hostile = '\x1b]0;x\x07 \x00 \x0b \ud800 \ufffe <b>&amp;</b> " ]]> _x0041_ a\r\nb'
    ((value, _kind, _format),) = cells(hostile)
    assert value == '�]0;x� � � � � <b>&amp;</b> " ]]> _x005F_x0041_ a  b'


def test_many_columns_are_named_as_sheets_name_them() -> None:
    sheet = written([f"c{place}" for place in range(800)], [*range(800)])
    assert (sheet["Z2"].value, sheet["AA2"].value, sheet["ZZ2"].value, sheet["ADT2"].value) == (25, 26, 701, 799)


def test_the_file_tells_nothing_of_who_wrote_it_and_when() -> None:
    made = content(["a"], ["b"])
    assert made == content(["a"], ["b"])
    with ZipFile(io.BytesIO(made)) as archive:
        assert {part.date_time[0] for part in archive.infolist()} == {1980}
        told = fromstring(archive.read("docProps/core.xml"))
    assert {element.text for element in told} == {"1980-01-01T00:00:00Z"}


def test_more_than_a_sheet_holds_is_refused_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("mci_tui.services.xlsx_out.MAX_LINES", 3)
    for rows in ([["a"]] * 3, [["a" * 32_768]]):
        with pytest.raises(Refused) as refusal, new_file(tmp_path / "out.xlsx") as out:
            xlsx_out.write(out, "x", ["a"], rows)
        assert refusal.value.why.code == "xlsx_full"
        assert [*tmp_path.iterdir()] == []
    assert written(["a"], ["x"], ["y"]).max_row == 3


def test_rows_are_written_as_they_come_so_that_memory_does_not_grow(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        with (tmp_path / f"{count}.xlsx").open("wb") as out:
            tracemalloc.start()
            try:
                xlsx_out.write(out, "x", ["a"], ([f"{number} {'x' * 500}"] for number in range(count)))
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    assert peak(4_000) < peak(500) + 300_000


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which temporary files are made."""
    folder = tmp_path / "waiting"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("error", [None, KeyboardInterrupt, OSError(28, "full"), Refused("invalid", reason("invalid"))])
def test_nothing_is_left_in_temporary_files_however_it_ends(error: Any, waiting: Path) -> None:
    seen: list[int] = []

    def rows() -> Iterator[list[Cell]]:
        yield ["a"]
        seen.extend(path.stat().st_mode & 0o077 for path in waiting.iterdir())
        if error:
            raise error
        yield ["b"]

    with pytest.raises(type(error) if isinstance(error, Exception) else error) if error else nullcontext():
        xlsx_out.write(io.BytesIO(), "x", ["a"], rows())
    assert seen == [0]
    assert [*waiting.iterdir()] == []


@pytest.mark.parametrize("room", [0, 700, 20_000])
def test_nothing_is_left_in_temporary_files_when_the_disk_fills_up(room: int, waiting: Path, tmp_path: Path) -> None:
    rows: list[list[Cell]] = [[f"{number}" * 20] for number in range(1_000)]
    with room_for(room), pytest.raises(OSError, match="large"), (tmp_path / "out.xlsx").open("wb") as out:
        xlsx_out.write(out, "x", ["a"], rows)
    assert [*waiting.iterdir()] == []


def test_nothing_is_left_in_temporary_files_when_the_workbook_has_no_room(waiting: Path) -> None:
    class Full(io.BytesIO):
        def write(self, _data: Any, /) -> int:
            raise OSError(28, "full")

    with pytest.raises(OSError, match="full"):
        xlsx_out.write(Full(), "x", ["a"], [["b"]])
    assert [*waiting.iterdir()] == []


def test_where_no_temporary_file_can_be_made_that_is_told(waiting: Path, tmp_path: Path) -> None:
    waiting.rmdir()
    with pytest.raises(Refused) as refusal, new_file(tmp_path / "out.xlsx") as out:
        xlsx_out.write(out, "x", ["a"], [["b"]])
    assert refusal.value.why.code == "export_failed"
    assert [*tmp_path.iterdir()] == []


# There and back


def _kept(text: str) -> str:
    """Text as the workspace keeps it."""
    return safe_text(text).strip()


hostile = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
    st.sampled_from(DANGEROUS),
    st.builds("{}{}".format, st.sampled_from(["'", "''", "=", "+", "' ", "_x005F_", "_x000A_"]), st.text(max_size=9)),
).map(_kept)
facts: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**17), 10**17),
    st.decimals(-(10**9), 10**9, places=3),
    st.sampled_from(["007", "1e5", "TRUE", "2026-11-03", "#REF!", "x005F_", "1 234"]),
    hostile,
)


def _as_read(value: Cell) -> Value:
    """A text fact that looks like something else is read as that: as in CSV, the table cannot tell."""
    if not isinstance(value, str):
        return value
    try:
        return fact_cell(value) if value else None
    except WrongValue:
        assume(False)
    raise AssertionError


@pytest.mark.parametrize("write", [csv_out.write, lambda out, header, rows: xlsx_out.write(out, "x", header, rows)])
@given(st.lists(st.tuples(hostile, facts), min_size=1, max_size=5))
def test_what_was_exported_is_read_in_exactly(
    tmp_path_factory: pytest.TempPathFactory, write: Any, lines: list[tuple[str, Cell]]
) -> None:
    """S-11b"""
    assume(all(name and _kept(name) == name for name, _ in lines))
    assume(all(_kept(fact) == fact for _, fact in lines if isinstance(fact, str)))
    expected = [(name, _as_read(fact)) for name, fact in lines]
    header = ["customer", "customer_name", "id_type", "id_value", "fact:seen"]
    path = tmp_path_factory.mktemp("round") / "trip"
    with new_file(path) as out:
        write(out, header, ([name, name, "tpid", "123456", fact] for name, fact in lines))
    rows = list(Table(path, DIRECTORY).rows())
    assert all(isinstance(row, Row) for row in rows)
    assert [(row.values["customer"], row.values["fact:seen"]) for row in rows if isinstance(row, Row)] == expected


@pytest.mark.parametrize("line", [[True, 1, None], ["same", "=always", "z" * 9_999], [None] * 3])
def test_no_export_is_ever_taken_for_a_bomb(tmp_path: Path, line: list[Cell]) -> None:
    path = tmp_path / "same.xlsx"
    header = ["customer", "customer_name", "id_type", "id_value", "fact:seen"]
    with path.open("wb") as out:
        xlsx_out.write(out, "x", header, ([*line, "123456", 1] for _ in range(3_000)))
    assert sum(1 for _ in Table(path, DIRECTORY).rows()) == 3_000
