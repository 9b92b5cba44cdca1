"""Tables that go out: safe in a spreadsheet, exact when read in again, whole on disk or not there."""

import csv
import io
import os
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mci_tui.domain.cells import Value
from mci_tui.domain.cells import fact as fact_cell
from mci_tui.domain.tables import DIRECTORY
from mci_tui.errors import Refused, WrongValue
from mci_tui.services.csv_out import Cell, guarded, line, unguarded, write
from mci_tui.services.files import new_file
from mci_tui.services.tables import Row, Table
from mci_tui.text import safe_text, use_language

DANGEROUS = [
    *("=1+1", "+39 02 1234", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", "  =1", "\u00a0=1", '"=1"'),
    *("'=1", "''=1", "' =1", "=", "-"),
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe_that_comes_off_again(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "Corvara", "O'Brien", "'quoted'", "a=b", "1+1", "'", "x@example.com", "' x"])
def test_harmless_text_is_left_alone(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text) == text


@given(st.text())
def test_no_text_is_changed_by_going_out_and_in(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_text_is_quoted_and_all_else_is_bare() -> None:
    cells: list[Cell] = [
        *('A "B"', "-x", "", 3, Decimal("7.50"), Decimal("1E+3"), True, None, date(2026, 11, 3)),
        datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
    ]
    assert line(cells, ",") == ('"A ""B""","\'-x","",3,7.50,1000,true,,2026-11-03,2026-11-03T09:30:00Z\r\n')


def test_escape_sequences_do_not_reach_who_prints_the_table() -> None:
    assert line(["\x1b]0;x\x07 a\nb \u202ec"], ",") == '"�]0;x� a b c"\r\n'


@pytest.mark.parametrize(("language", "between"), [("en", ","), ("it", ";")])
def test_a_table_is_separated_as_the_language_does(language: str, between: str) -> None:
    out = io.BytesIO()
    use_language(language)
    try:
        write(out, ["customer", "acv"], [["Corvara", Decimal("1.5")]])
    finally:
        use_language("en")
    assert out.getvalue() == f'\ufeff"customer"{between}"acv"\r\n"Corvara"{between}1.5\r\n'.encode()
    rows = csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig")), delimiter=between)
    assert list(rows) == [["customer", "acv"], ["Corvara", "1.5"]]


def _kept(text: str) -> str:
    """Text as the workspace keeps it."""
    return safe_text(text).strip()


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).map(_kept)
facts: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**17), 10**17),
    st.decimals(-(10**9), 10**9, places=3),
    st.sampled_from(["=cmd()", "007", "-", "+39", "'=1", "a;b,c", 'say "x"']),
    names,
)


def _as_read(value: Cell) -> Value:
    """A text fact that looks like something else is read as that: the file cannot tell."""
    if not isinstance(value, str):
        return value
    try:
        return fact_cell(value) if value else None
    except WrongValue:
        assume(False)
    raise AssertionError


@given(st.lists(st.tuples(names, facts), min_size=1, max_size=5), st.sampled_from(["en", "it"]))
def test_what_was_exported_is_read_in_exactly(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, Cell]], language: str
) -> None:
    """S-11b"""
    assume(all(name and _kept(name) == name for name, _ in lines))
    assume(all(_kept(fact) == fact for _, fact in lines if isinstance(fact, str)))
    expected = [(name, _as_read(fact)) for name, fact in lines]
    header = ["customer", "customer_name", "id_type", "id_value", "fact:seen"]
    path = tmp_path_factory.mktemp("round") / "trip.csv"
    use_language(language)
    try:
        with new_file(path) as out:
            write(out, header, ([name, name, "tpid", "123456", fact] for name, fact in lines))
    finally:
        use_language("en")
    rows = list(Table(path, DIRECTORY).rows())
    assert all(isinstance(row, Row) for row in rows)
    assert [(row.values["customer"], row.values["fact:seen"]) for row in rows if isinstance(row, Row)] == expected


def test_a_file_is_whole_private_and_alone_in_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with new_file(path) as out:
        out.write(b"abc")
        assert not path.exists()
    assert path.read_bytes() == b"abc"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["out.csv"]


def test_an_export_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def rows() -> Iterator[list[Cell]]:
        yield ["abc"]
        raise KeyError

    with pytest.raises(KeyError), new_file(tmp_path / "out.csv") as out:
        write(out, ["a"], rows())
    assert os.listdir(tmp_path) == []


def test_no_file_is_ever_written_over(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("mine")
    with pytest.raises(Refused) as refusal, new_file(path):
        pass
    assert refusal.value.why.code == "export_exists"
    assert path.read_text() == "mine"
    assert os.listdir(tmp_path) == ["out.csv"]


def test_a_file_that_appeared_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with pytest.raises(Refused) as refusal, new_file(path):
        path.write_text("theirs")
    assert refusal.value.why.code == "export_exists"
    assert path.read_text() == "theirs"
    assert os.listdir(tmp_path) == ["out.csv"]


@pytest.mark.parametrize("place", ["none/out.csv", "file/out.csv", "x" * 300, "a\0b"])
def test_a_place_where_nothing_can_be_written_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused) as refusal, new_file(tmp_path / place):
        pass
    assert refusal.value.why.code == "export_failed"
    assert refusal.value.why.params["why"]


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused) as refusal, new_file(tmp_path / "out.csv") as out:
        out.write(b"abc")
    assert refusal.value.why.params["why"] == "No space left on device"
    assert os.listdir(tmp_path) == []
