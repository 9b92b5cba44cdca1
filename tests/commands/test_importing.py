"""`import`: what it says of a file, and by which code it ends (S-11a)."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest

from mci_tui.commands.arguments import KINDS
from mci_tui.services.imports import OFFERED
from tests.commands.calls import Mci

BAD = "location_id,name,country,enrolled\n3456789,Madrid,ES,true\n4567890,Lyon,France,true\n"


@pytest.fixture
def empty(mci: Mci, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace without anything in it."""
    monkeypatch.setenv("MCI_WORKSPACE", str(tmp_path / "desk.db"))
    assert mci("init").code == 0
    return tmp_path / "desk.db"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A file of locations whose third line is wrong."""
    path = tmp_path / "bad.csv"
    path.write_text(BAD)
    return path


def names(workspace: Path) -> list[str]:
    """The locations that the workspace has."""
    with sqlite3.connect(workspace) as database:
        return [row[0] for row in database.execute("SELECT name FROM locations ORDER BY name")]


def test_every_kind_that_can_be_brought_in_is_offered() -> None:
    assert KINDS == OFFERED


def test_counts_what_was_new(mci: Mci, empty: Path, files: Mapping[str, Path]) -> None:
    """S-11a"""
    told = mci("import", "locations", files["locations"])
    assert told.code == 0
    assert told.out.startswith("locations: 2 read, 2 new")
    assert names(empty) == ["Milano", "Torino"]


def test_scripts_get_the_counts_as_json(mci: Mci, empty: Path, files: Mapping[str, Path]) -> None:
    """S-11a, S-11c"""
    counted = {"kind": "locations", "read": 2, "new": 2, "changed": 0, "same": 0, "bad": []}
    assert mci("import", "locations", files["locations"], "--json").json == counted
    again = mci("import", "locations", files["locations"], "--json")
    assert again.json == counted | {"new": 0, "same": 2}
    assert again.code == 0


def test_check_only_looks(mci: Mci, empty: Path, files: Mapping[str, Path]) -> None:
    """S-11a"""
    looked = mci("import", "locations", files["locations"], "--check", "--read-only", "--json")
    assert looked.code == 0
    assert looked.json["new"] == 2
    assert names(empty) == []


@pytest.mark.parametrize("terminal", [True, False])
def test_a_terminal_is_told_how_far_a_long_file_has_come(
    mci: Mci, empty: Path, files: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    """S-11a"""
    monkeypatch.setattr("mci_tui.services.imports._EVERY", 1)
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
    done = mci("import", "locations", files["locations"])
    told = [line.strip() for line in done.err.split("\r") if line.strip()]
    assert told == (["1 lines read", "2 lines read", "2 lines checked", "2 lines written"] if terminal else [])
    assert done.out.startswith("locations: 2 read, 2 new")
    assert not terminal or done.err.endswith("\r")


def test_that_nothing_was_changed_is_told_once(mci: Mci, empty: Path, bad: Path) -> None:
    """S-11a"""
    for options in ((), ("--check",), ("--check", "--json"), ("--json",)):
        refused = mci("import", "locations", bad, *options)
        assert (refused.out + refused.err).casefold().count("nothing was changed") == 1


def test_a_bad_line_keeps_the_whole_file_out_and_is_named(mci: Mci, empty: Path, bad: Path) -> None:
    """S-11a"""
    refused = mci("import", "locations", bad, "--json")
    assert refused.code == 1
    (problem,) = refused.json["bad"]
    assert (problem["line"], problem["column"]) == (3, "country")
    assert f"line 3, column country: {problem['problem']}" in refused.err
    assert names(empty) == []


def test_with_bad_rows_the_good_ones_go_in(mci: Mci, empty: Path, bad: Path, tmp_path: Path) -> None:
    """S-11a"""
    partly = mci("import", "locations", bad, "--bad-rows", tmp_path / "out.csv")
    assert partly.code == 1
    assert "out.csv" in partly.err
    assert names(empty) == ["Madrid"]
    header, line = (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()
    assert header == '"location_id","name","country","enrolled","line","problem"'
    assert "Lyon" in line


def test_a_wrong_catalogue_names_engagement_and_key(mci: Mci, empty: Path, files: Mapping[str, Path]) -> None:
    """S-11a"""
    files["catalogue"].write_text(files["catalogue"].read_text().replace("consent_days = 20", "consent_days = 0"))
    refused = mci("import", "catalogue", files["catalogue"], "--json")
    assert refused.code == 1
    assert "security-workshop" in refused.out
    assert "consent_days" in refused.out


@pytest.mark.parametrize("kind", ["locations", "catalogue"])
def test_a_file_that_is_not_there_is_named(mci: Mci, empty: Path, tmp_path: Path, kind: str) -> None:
    refused = mci("import", kind, tmp_path / "nowhere", "--json")
    assert refused.code == 1
    assert refused.error["code"] == "not_found"
    assert str(tmp_path / "nowhere") in refused.err


def test_a_folder_is_no_file(mci: Mci, empty: Path, tmp_path: Path) -> None:
    assert mci("import", "locations", tmp_path).code == 1


def test_a_wrong_header_is_refused_by_column(mci: Mci, empty: Path, tmp_path: Path) -> None:
    """S-11a"""
    (tmp_path / "wrong.csv").write_text("location_id,name,name,country,colour\n")
    refused = mci("import", "locations", tmp_path / "wrong.csv", "--json")
    assert refused.code == 1
    assert refused.error["code"] == "import_failed"
    assert refused.error["problems"].keys() == {"name", "colour", "enrolled"}


def test_of_very_many_wrong_columns_a_person_is_told_the_first_ones(mci: Mci, empty: Path, tmp_path: Path) -> None:
    """S-11a"""
    many = [f"colour{number}" for number in range(300)]
    (tmp_path / "wide.csv").write_text(",".join(["location_id,name,country,enrolled", *many]) + "\n")
    refused = mci("import", "locations", tmp_path / "wide.csv", "--json")
    assert refused.error["problems"].keys() == set(many)
    assert refused.error["message"].endswith("colour8, colour9, ….")
    assert len(refused.err.splitlines()) < 24
    assert "…" in refused.err.splitlines()[-1]


def test_a_catalogue_without_its_first_line_is_told_once(mci: Mci, empty: Path, tmp_path: Path) -> None:
    """S-11a"""
    (tmp_path / "empty.toml").write_text("")
    assert mci("import", "catalogue", tmp_path / "empty.toml").err == "The catalogue: format is missing.\n"


def test_read_only_brings_nothing_in(mci: Mci, empty: Path, files: Mapping[str, Path]) -> None:
    refused = mci("import", "locations", files["locations"], "--read-only", "--json")
    assert refused.code == 1
    assert refused.error["code"] == "not_allowed"
    assert names(empty) == []


def test_only_an_admin_may(mci: Mci, empty: Path, files: Mapping[str, Path]) -> None:
    """S-1d"""
    refused = mci("import", "locations", files["locations"], "--json", login="stranger")
    assert refused.code == 1
    assert refused.error["code"] == "not_allowed"


@pytest.mark.parametrize("argv", [("import",), ("import", "customers", "x.csv")])
def test_what_cannot_be_imported_is_wrong_usage(mci: Mci, argv: tuple[str, ...]) -> None:
    assert mci(*argv).code == 2
