"""`x` on a list: what it shows, or everything, goes into a file, or the box says why it does not (S-11b)."""

import csv
import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mci_tui.screens.customers import CustomersScreen
from mci_tui.services.customers import Customers
from mci_tui.services.exporting import CUSTOMER_COLUMNS, ENGAGEMENT_COLUMNS
from tests.operator import SIZES, SMALL, Operator, Place, _key
from tests.services.xlsx_kit import shown_elsewhere

TODAY = "2026-11-23"
NAME = f"customers-threat-protection-{TODAY}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the program was started."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def lines_of(path: Path) -> list[Mapping[str, str]]:
    """A CSV file's lines by column."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


async def types_over(operator: Operator, name: str) -> None:
    """Goes to the file's name, and writes another one."""
    await operator.presses("tab", "tab", "end", "ctrl+u")
    await operator.types(name)


async def test_enter_writes_what_the_list_shows_and_says_where(workspace: Place, folder: Path) -> None:
    """S-11b"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("x")
        operator.sees("Export", f"{NAME}.csv", "In ", "unless you write another.", "⏎ Write the file Esc Leave")
        await operator.presses("enter")
        assert operator.where == "CustomersScreen"
        assert operator.told() == [f"13 rows are in {folder / NAME}.csv."]
    lines = lines_of(folder / f"{NAME}.csv")
    assert len(lines) == 13
    assert list(lines[0]) == [
        *("customer", "customer_name", "claim_id", "claim_name", "location_id", "id_type", "id_value", "status"),
        *("due_on", "due_what", "days_left", "action"),
    ]
    assert (lines[0]["customer_name"], lines[0]["status"]) == ("Aurelia Foods S.p.A.", "awaiting_consent")


async def test_filter_order_and_chosen_columns_hold_and_everything_leaves_them_out(
    workspace: Place, folder: Path
) -> None:
    """S-2i, S-11b"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("c", "space", "down", "space", "enter", "S", "slash")
        await operator.types("s.p.a")
        await operator.presses("enter", "x", "enter")
        await operator.presses("x")
        operator.sees(f"{NAME}-2.csv")
        await operator.presses("tab", "down", "space", "enter")
        assert operator.told()[-1] == f"13 rows are in {folder / NAME}-2.csv."
    shown, everything = lines_of(folder / f"{NAME}.csv"), lines_of(folder / f"{NAME}-2.csv")
    assert [line["customer_name"] for line in shown] == ["Aurelia Foods S.p.A."]
    assert not {"claim_id", "claim_name"} & set(shown[0])
    assert tuple(everything[0]) == CUSTOMER_COLUMNS
    names = [line["customer_name"] for line in everything]
    assert names[-1] == "Aurelia Foods S.p.A."
    assert len(names) == 13


async def test_why_not_goes_out_in_full(workspace: Place, folder: Path) -> None:
    """S-2c, S-11b"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("right", "x", "down", "down", "space", "enter")
    document = json.loads((folder / f"{NAME}.json").read_text())
    assert document["total"] == 7
    assert list(document["rows"][0]) == ["customer", "customer_name", "id_type", "id_value", "reasons"]
    assert all(row["reasons"] for row in document["rows"])


async def test_the_name_follows_the_format_and_a_name_of_ones_own_stays(workspace: Place, folder: Path) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("x", "down", "space")
        operator.sees(f"{NAME}.xlsx")
        await types_over(operator, "for Anna.txt")
        await operator.presses("up", "up", "up", "up", "space")
        operator.sees("for Anna.txt")
        await operator.presses("enter")
    assert os.listdir(folder) == ["for Anna.txt"]
    assert len(lines_of(folder / "for Anna.txt")) == 13


async def test_a_workbook_has_what_the_list_shows(workspace: Place, folder: Path) -> None:
    """S-11b"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("x", "down", "space", "enter")
    header, first, *_others = shown_elsewhere(folder / f"{NAME}.xlsx")
    assert dict(zip(header, first, strict=True))["days_left"] == 12


async def test_engagements_go_out_as_they_are_listed(workspace: Place, folder: Path) -> None:
    """S-11b"""
    async with workspace.opened() as operator:
        await operator.presses("right", "s", "x", "enter")
        assert operator.told() == [f"2 rows are in {folder}/engagements-{TODAY}.csv."]
        await operator.presses("x", "tab", "down", "space", "enter")
        assert operator.told()[-1] == f"7 rows are in {folder}/engagements-{TODAY}-2.csv."
    shown, everything = lines_of(folder / f"engagements-{TODAY}.csv"), lines_of(folder / f"engagements-{TODAY}-2.csv")
    assert {line["solution_area"] for line in shown} == {"Security"}
    assert tuple(everything[0]) == ENGAGEMENT_COLUMNS
    assert not {"partner_role", "starts_on"} & set(shown[0])


async def test_what_is_wrong_with_the_name_stands_under_it(workspace: Place, folder: Path) -> None:
    (folder / "mine.csv").write_text("mine")
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("x")
        for name, problem in (
            ("mine.csv", "▲ mine.csv exists already: choose another name or remove it."),
            ("none/x.csv", "▲ none/x.csv cannot be written: No such file or directory."),
            (" ", "▲ Write the name of a file."),
        ):
            await types_over(operator, name)
            operator.does_not_see("▲")
            await operator.presses("enter")
            operator.sees(problem)
            assert operator.where == "ExportScreen"
            await operator.presses("shift+tab", "shift+tab")
        await types_over(operator, f"{folder.parent}/else.csv")
        await operator.presses("enter")
    assert os.listdir(folder) == ["mine.csv"]
    assert (folder / "mine.csv").read_text() == "mine"
    assert len(lines_of(folder.parent / "else.csv")) == 13


async def test_a_name_may_begin_at_home(workspace: Place, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder.parent))
    async with workspace.opened() as operator:
        await operator.presses("x")
        await types_over(operator, "~/all.csv")
        await operator.presses("enter")
        assert operator.told() == [f"7 rows are in {folder.parent}/all.csv."]


async def test_esc_leaves_and_nothing_is_written(workspace: Place, folder: Path) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("x", "escape")
        assert operator.where == "CustomersScreen"
        assert operator.told() == []
    assert os.listdir(folder) == []


async def test_who_may_only_read_exports_as_well(workspace: Place, folder: Path) -> None:
    """S-1d, S-11b"""
    async with workspace.opened("vera", read_only=True) as operator:
        await operator.opens("Threat")
        await operator.presses("x", "enter")
        assert operator.told() == [f"13 rows are in {folder / NAME}.csv."]


async def test_the_arrows_lead_from_field_to_field(workspace: Place, folder: Path) -> None:
    async with workspace.opened() as operator:
        await operator.presses("x", "down", "down", "down", "space")
        operator.sees("(●) What the list shows")
        await operator.presses("down", "space", "down", "end", "backspace")
        operator.sees("(●) Everything here", f"engagements-{TODAY}.cs ")
        await operator.presses("up", "up", "space", "up", "up", "up", "up", "enter")
        operator.sees("(●) CSV") if operator.where == "ExportScreen" else None
    assert os.listdir(folder) == [f"engagements-{TODAY}.cs"]


@pytest.mark.parametrize("size", [*SIZES, (60, 12)])
async def test_the_field_in_hand_and_its_problem_are_in_view_however_small_the_terminal(
    workspace: Place, folder: Path, size: tuple[int, int]
) -> None:
    async with workspace.opened(size=size) as operator:
        await operator.presses("x")
        operator.sees("(●) CSV", "⏎ Write the file")
        await types_over(operator, "none/x.csv")
        await operator.presses("enter")
        operator.sees("none/x.csv", "cannot be written", "⏎ Write the file")


async def test_a_long_export_counts_its_rows_and_esc_stops_it(
    workspace: Place, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-11b"""
    gate = threading.Event()
    read = Customers.rows

    def slow(self: Customers, asked: Any, place: Any) -> Any:
        assert place.limit != 1 or place.after is None or gate.wait(30)
        return read(self, asked, place)

    async with workspace.opened(size=SMALL) as operator:
        await operator.opens("Threat")
        await operator.presses("x")
        monkeypatch.setattr("mci_tui.services.exporting.PAGE", 1)
        monkeypatch.setattr(Customers, "rows", slow)
        operator.app.post_message(_key("enter"))
        while "Writing … 1 rows" not in operator.words():
            await operator.pilot.pause()
        operator.sees("Esc Stop")
        operator.app.post_message(_key("enter"))
        operator.app.post_message(_key("escape"))
        await operator.hands_over(1)
        gate.set()
        await operator.settled()
        operator.sees("▲ Stopped: there is no file.", "⏎ Write the file")
        assert os.listdir(folder) == []
        await operator.presses("enter")
        assert operator.told() == [f"13 rows are in {folder / NAME}.csv."]


async def test_a_list_without_anything_to_export_says_so(
    workspace: Place, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CustomersScreen, "export_source", lambda _self, _asked, everything: None)
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("x")
        assert operator.told() == ["There is nothing to export here."]


async def test_a_workspace_that_is_gone_is_told(
    workspace: Place, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("x")
        workspace.path.write_bytes(b"not a workspace any more" * 1000)
        await operator.presses("enter")
        assert operator.where == "ExportScreen"
        operator.sees("▲")
    assert os.listdir(folder) == []


async def test_a_folder_that_is_gone_is_told(workspace: Place, folder: Path) -> None:
    async with workspace.opened() as operator:
        os.rmdir(folder)
        await operator.presses("x")
        assert operator.where == "EngagementsScreen"
        assert operator.told() == [". cannot be written: No such file or directory."]
