"""`--csv`, `--xlsx` and `import` with workbooks: what goes out comes in again (S-11)."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from mci_tui.commands.arguments import CLAIM_SORTS
from mci_tui.services.claims import COLUMNS
from mci_tui.services.exporting import CUSTOMER_COLUMNS
from tests.commands.calls import ADD, Mci
from tests.services.xlsx_kit import shown_elsewhere, workbook

CLOUD = "cloud-migration-assessment"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder for what goes out."""
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def test_claims_go_into_a_workbook_with_the_columns_of_the_export(mci: Mci, sample: Path, out: Path) -> None:
    """S-11b, S-11c"""
    path = out / "claims.xlsx"
    told = mci("claims", "list", "--xlsx", path, "--read-only")
    assert (told.code, told.out, told.err) == (0, f"64 rows are in {path}.\n", "")
    header, *lines = shown_elsewhere(path)
    rows = mci("claims", "list", "--json").json["rows"]
    assert tuple(header) == COLUMNS
    assert [line[0] for line in lines] == [row["claim_id"] for row in rows]
    money = header.index("proposed_payout_usd")
    assert [line[money] for line in lines] == [
        None if row["proposed_payout_usd"] is None else float(row["proposed_payout_usd"]) for row in rows
    ]


@pytest.mark.parametrize("sort", CLAIM_SORTS)
def test_filter_order_and_page_hold_for_the_workbook(mci: Mci, sample: Path, out: Path, sort: str) -> None:
    asked = ("claims", "list", "--status", "approved", "--sort", f"{sort}:desc", "--limit", "3", "--offset", "1")
    assert mci(*asked, "--xlsx", out / "some.xlsx").code == 0
    found = [line[0] for line in shown_elsewhere(out / "some.xlsx")[1:]]
    assert found == [row["claim_id"] for row in mci(*asked, "--json").json["rows"]]


@pytest.mark.parametrize("tab", ["eligible", "not-eligible", "complete"])
def test_a_customers_page_goes_into_a_workbook(mci: Mci, sample: Path, out: Path, tab: str) -> None:
    """S-11b, S-11c"""
    path = out / "customers.xlsx"
    rows = mci("customers", "list", CLOUD, "--tab", tab, "--json").json["rows"]
    told = mci("customers", "list", CLOUD, "--tab", tab, "--xlsx", path)
    assert (
        told.out == f"{len(rows)} row{'' if len(rows) == 1 else 's'} {'is' if len(rows) == 1 else 'are'} in {path}.\n"
    )
    header, *lines = shown_elsewhere(path)
    assert tuple(header) == CUSTOMER_COLUMNS
    assert [line[1] for line in lines] == [row["customer_name"] for row in rows]
    assert [line[-1] for line in lines] == ["; ".join(each["text"] for each in row["reasons"]) or None for row in rows]


def test_a_file_that_is_there_already_is_never_written_over(mci: Mci, sample: Path, out: Path) -> None:
    path = out / "mine.xlsx"
    path.write_text("mine")
    refused = mci("claims", "list", "--xlsx", path)
    assert refused.code == 1
    assert refused.err == f"{path} exists already: choose another name or remove it.\n"
    assert path.read_text() == "mine"
    assert os.listdir(out) == ["mine.xlsx"]


@pytest.mark.parametrize("place", ["none/out.xlsx", ".", ""])
def test_a_place_where_nothing_can_be_written_is_told(
    mci: Mci, sample: Path, out: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(out)
    refused = mci("claims", "list", "--xlsx", place)
    assert refused.code == 1
    assert refused.err.count("\n") == 1
    assert os.listdir(out) == []


def test_what_cannot_be_read_leaves_no_file(mci: Mci, sample: Path, out: Path) -> None:
    assert mci("claims", "list", "--engagement", "nothing", "--xlsx", out / "claims.xlsx").code == 1
    assert mci("customers", "list", "nothing", "--xlsx", out / "customers.xlsx").code == 1
    assert os.listdir(out) == []


@pytest.mark.parametrize("command", [("claims", "list"), ("customers", "list", CLOUD)])
@pytest.mark.parametrize(
    ("forms", "said"),
    [
        (("--csv", "--xlsx", "x.xlsx"), "choose one of --csv, --xlsx"),
        (("--json", "--xlsx", "x.xlsx"), "choose one of --xlsx, --json"),
        (("--csv", "--json"), "choose one of --csv, --json"),
    ],
)
def test_a_list_comes_in_one_form_at_a_time(
    mci: Mci,
    sample: Path,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    forms: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(out)
    refused = mci(*command, *forms)
    assert refused.code == 2
    assert said in refused.err
    assert os.listdir(out) == []


def test_a_workbook_is_brought_in_like_csv(mci: Mci, desk: Path, out: Path) -> None:
    """S-11a"""
    path = out / "locations.xlsx"
    path.write_bytes(workbook(("location_id", "name", "country", "enrolled"), (3456789, "Madrid", "ES", True)))
    assert mci("import", "locations", path, "--json").json["new"] == 1
    assert mci("import", "locations", path, "--json").json["same"] == 1


def test_what_is_wrong_in_a_workbook_is_told_by_line_and_column(mci: Mci, desk: Path, out: Path) -> None:
    """S-11a"""
    path, bad = out / "locations.xlsx", out / "bad.csv"
    header = ("location_id", "name", "country", "enrolled")
    path.write_bytes(workbook(header, (3456789, "=1+1", "ES", True), (4567890, "Lyon", "FR", True)))
    refused = mci("import", "locations", path)
    assert refused.code == 1
    assert "line 2, column name: This cell holds a formula" in refused.err
    assert refused.err.endswith("Nothing was changed.\n")
    partly = mci("import", "locations", path, "--bad-rows", bad, "--json")
    assert (partly.code, partly.json["new"]) == (1, 1)
    assert bad.read_text("utf-8-sig").splitlines()[1].startswith('"3456789","","ES","true",2,')


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_one_workspace_gives_another_one_takes(
    mci: Mci,
    desk: Path,
    files: Mapping[str, Path],
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
) -> None:
    """S-11b"""
    assert mci(*ADD, "--contact-phone", "+39 02 1234567", "--contact-title", "=CFO").code == 0
    path = out / f"claims.{form}"
    if form == "xlsx":
        assert mci("claims", "list", "--xlsx", path).code == 0
    else:
        path.write_text(mci("claims", "list", "--csv").out, encoding="utf-8", newline="")
    before = mci("claims", "list", "--json").json

    monkeypatch.setenv("MCI_WORKSPACE", str(out / "other.db"))
    assert mci("init", "--partner", "Meridiana", "--domain", "partner.example").code == 0
    for kind, file in files.items():
        assert mci("import", kind, file).code == 0
    assert mci("import", "claims", path, "--json").json["new"] == 1
    after = mci("claims", "list", "--json").json
    assert json.dumps(after) == json.dumps(before)
