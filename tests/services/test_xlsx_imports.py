"""Imports of workbooks (S-11a): they do what the same table does as CSV."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mci_tui import samples
from mci_tui.services import Services
from mci_tui.services.desk import Desk
from tests.conftest import LOGIN, MovingClock, new_workspace
from tests.services.importing_kit import Bench, counted, told
from tests.services.xlsx_kit import workbook

HEADER = ("location_id", "name", "country", "enrolled")
KINDS = samples.KINDS[1:]


@pytest.fixture
def bench(services: Services, tmp_path: Path) -> Bench:
    return Bench(services.desk, tmp_path)


def as_workbook(path: Path) -> bytes:
    """A CSV file as somebody keeps it in a workbook: numbers and flags as such, all else as text."""

    def cell(text: str) -> Any:
        if text.casefold() in ("true", "false"):
            return text.casefold() == "true"
        plain = text.isascii() and text.isdigit() and not text.startswith("0") and len(text) < 16
        return int(text) if plain else text or None

    with path.open(encoding="utf-8-sig", newline="") as file:
        return workbook(*([cell(text) for text in line] for line in csv.reader(file)))


def test_every_kind_of_table_is_brought_in_from_a_workbook_as_from_csv(
    bench: Bench, clock: MovingClock, new_place: Callable[[str], str], database: str
) -> None:
    """S-11a"""
    files = samples.write_files(bench.folder, clock().date())
    other = Bench(Desk(new_workspace(new_place(database), clock), clock, LOGIN), bench.folder)
    for each in (bench, other):
        each.bring_file("catalogue", files["catalogue"])
    for kind in KINDS:
        book = bench.file(as_workbook(files[kind]), "xlsx")
        assert counted(bench.bring_file(kind, book)) == counted(other.bring_file(kind, files[kind]))
        new, changed, same = counted(bench.bring_file(kind, book))
        assert (new, changed) == (0, 0)
        assert same > 0
    untold = {"history", "settings"}
    for table, rows in other.everything().items():
        assert table in untold or bench.rows(table) == rows, table
    assert bench.pages_are_right()
    other.desk.store.close()


def test_what_is_wrong_keeps_the_whole_workbook_out(bench: Bench) -> None:
    """S-11a"""
    lines = (HEADER, ("1234567", "Torino", "IT", True), (), ("2345678", "=A2", "FR", 1), ("12", "Bari", "IT", "true"))
    before = bench.everything()
    imported = bench.bring_file("locations", bench.file(workbook(*lines), "xlsx"))
    assert told(imported) == [
        (4, "name", "cell_formula"),
        (4, "enrolled", "not_boolean"),
        (5, "location_id", "location_form"),
    ]
    assert (imported.read, imported.written) == (3, False)
    assert bench.everything() == before


def test_with_bad_rows_the_good_ones_go_in_and_the_others_come_out_as_csv(bench: Bench) -> None:
    """S-11a"""
    lines = (
        HEADER,
        ("1234567", "'=Torino", "IT", True),
        ("2345678", "'+Lyon", "FRA", True),
        (3456789.0, "Bari", "IT", None),
    )
    path = bench.folder / "bad.csv"
    imported = bench.bring_file("locations", bench.file(workbook(*lines), "xlsx"), bad_rows=path)
    assert counted(imported) == (1, 0, 0)
    assert [row["name"] for row in bench.rows("locations")] == ["=Torino"]
    text = path.read_text("utf-8-sig")
    assert text.splitlines()[0] == '"location_id","name","country","enrolled","line","problem"'
    assert '"2345678","\'+Lyon","FRA","true",3,' in text
    path.unlink()
    right = bench.file(text.replace("FRA", "FR").replace('"IT",""', '"IT","false"').encode())
    assert counted(bench.bring_file("locations", right)) == (2, 0, 0)
    assert [row["name"] for row in bench.rows("locations")] == ["=Torino", "+Lyon", "Bari"]


def test_only_a_look_changes_nothing(bench: Bench) -> None:
    book = bench.file(workbook(HEADER, ("1234567", "Torino", "IT", True)), "xlsx")
    assert counted(bench.bring_file("locations", book, check=True)) == (1, 0, 0)
    assert bench.rows("locations") == []
