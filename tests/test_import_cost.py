"""A command pays only for what it uses."""

import os
import subprocess
import sys
from pathlib import Path
from pkgutil import walk_packages

import pytest

import mci_tui
from tests.commands.calls import live_in
from tests.services.xlsx_kit import workbook

_SCRIPT = """
import sys
from mci_tui.cli import main
code = main(sys.argv[1:])
print("\\n".join(["", "modules", str(code), *sys.modules]))
"""
HEAVY = {
    "textual",
    "rich",
    "sqlalchemy",
    "sqlite3",
    "asyncio",
    "platformdirs",
    "tomllib",
    "email_validator",
    "openpyxl",
}


def imported(*argv: str) -> tuple[int, set[str]]:
    """How a call ended in a process of its own, and the packages that it had imported by then."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", _SCRIPT, *argv], capture_output=True, text=True, check=True, env=environ
    )
    code, *modules = ran.stdout.partition("\nmodules\n")[2].split()
    return int(code), {module.partition(".")[0] for module in modules}


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("--help",), 0),
        (("--version",), 0),
        (("claims", "add", "--help"), 0),
        (("claims", "nothing"), 2),
        (("customers", "list", "x", "--tab", "all"), 2),
    ],
)
def test_help_version_and_wrong_usage_import_nothing_heavy(argv: tuple[str, ...], code: int) -> None:
    ended, modules = imported(*argv)
    assert ended == code
    assert "argparse" in modules
    assert not modules & HEAVY


def test_commands_do_without_the_screens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCI_WORKSPACE", str(tmp_path / "desk.db"))
    live_in(tmp_path, monkeypatch)
    for argv in (("init",), ("claims", "list"), ("customers", "check", "tpid", "555000"), ("paths",)):
        ended, modules = imported(*argv)
        assert ended == 0
        assert "sqlalchemy" in modules
        assert not modules & {"textual", "openpyxl"}


def test_only_workbooks_need_what_reads_and_writes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCI_WORKSPACE", str(tmp_path / "desk.db"))
    live_in(tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    imported("init")
    lines = [["location_id", "name", "country", "enrolled"], ["1234567", "Torino", "IT", "true"]]
    (tmp_path / "places.csv").write_text("\n".join(map(",".join, lines)))
    (tmp_path / "places.xlsx").write_bytes(workbook(*lines))
    for argv, needs in (
        (("import", "locations", "places.csv"), False),
        (("import", "locations", "places.xlsx"), True),
        (("claims", "list", "--csv"), False),
        (("claims", "list", "--xlsx", "claims.xlsx"), True),
    ):
        ended, modules = imported(*argv)
        assert ended == 0
        assert ("openpyxl" in modules) is needs


def test_no_screen_needs_what_reads_and_writes_workbooks() -> None:
    found = (module.name for module in walk_packages(mci_tui.__path__, "mci_tui."))
    names = [name for name in found if "xlsx" not in name and not name.endswith("__main__")]
    assert "mci_tui.screens.export" in names
    script = f"import sys, importlib; [*map(importlib.import_module, {names!r})]; sys.exit('openpyxl' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_without_a_terminal_neither_screens_nor_database_are_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_in(tmp_path, monkeypatch)
    ended, modules = imported()
    assert ended == 1
    assert not modules & {"textual", "sqlalchemy"}


def test_a_workspace_to_open_needs_no_parser_of_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(tmp_path, monkeypatch)
    for argv in ((), ("--workspace", "desk.db")):
        ended, modules = imported(*argv)
        assert ended == 1
        assert "argparse" not in modules
