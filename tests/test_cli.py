"""The command line as a whole: exit codes, options common to all, identity, and calm in every trouble."""

import logging
import os
import pwd
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mci_tui import __version__, bootstrap
from mci_tui.commands.arguments import COMMANDS, handler, parser
from mci_tui.store import engine
from mci_tui.text import current_language
from tests.commands.calls import ADD, Mci, desk, files, home, live_in, mci

__all__ = ["desk", "files", "home", "mci"]

LATER = ("backup", "restore", "doctor", "audit", "keys")


class TestUsage:
    @pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.words)
    def test_every_command_explains_itself_and_has_somebody_to_do_it(self, mci: Mci, command: object) -> None:
        assert command in COMMANDS
        (known,) = (each for each in COMMANDS if each is command)
        told = mci(*known.words.split(), "--help")
        assert told.code == 0
        assert told.out.startswith(f"usage: mci-tui {known.words} ")
        assert callable(handler(known.does))

    def test_the_version_is_the_programs(self, mci: Mci) -> None:
        assert mci("--version").out == f"mci-tui {__version__}\n"

    @pytest.mark.parametrize(
        "argv", [("nothing",), ("claims",), ("claims", "show"), ("--json",), ("claims", "list", "--work", "x.db")]
    )
    def test_wrong_usage_ends_with_2_and_says_how(self, mci: Mci, argv: tuple[str, ...]) -> None:
        wrong = mci(*argv)
        assert wrong.code == 2
        assert wrong.out == ""
        assert wrong.err.startswith("usage: mci-tui")

    @pytest.mark.parametrize("number", ["-1", "1.5", "many", "9999999999"])
    def test_a_number_that_is_none_is_told_which_ones_are(self, mci: Mci, number: str) -> None:
        wrong = mci("claims", "list", f"--limit={number}")
        assert wrong.code == 2
        assert f"'{number}' is no whole number from 0 to 999999999" in wrong.err

    @pytest.mark.parametrize("argv", [(name,) for name in LATER])
    def test_what_does_not_work_yet_is_not_offered(self, mci: Mci, argv: tuple[str, ...]) -> None:
        assert mci(*argv, "--help").code == 2

    @pytest.mark.parametrize("position", range(3))
    def test_common_options_stand_anywhere(self, mci: Mci, desk: Path, tmp_path: Path, position: int) -> None:
        argv: list[str] = ["claims", "list"]
        argv[position:position] = ["--workspace", str(tmp_path / "desk.db"), "--json", "--read-only"]
        assert mci(*argv).json == {"total": 0, "rows": []}

    def test_an_option_before_the_command_is_not_forgotten_by_it(self, mci: Mci, desk: Path) -> None:
        assert mci("--workspace", "nowhere.db", "claims", "list").code == 3
        assert mci("--read-only", *ADD).code == 1


class TestIdentity:
    def test_is_the_account_whatever_the_environment_says(
        self, mci: Mci, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """S-1d"""
        for variable in ("USER", "LOGNAME", "USERNAME", "LNAME", "SUDO_USER", "MCI_LOGIN", "MCI_USER"):
            monkeypatch.setenv(variable, "somebody-else")
        made = mci("init", "--workspace", tmp_path / "desk.db", "--json", login=None)
        assert made.json["login"] == pwd.getpwuid(os.getuid()).pw_name

    def test_an_account_without_a_name_has_its_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("os.getuid", lambda: 4_000_000_001)
        assert bootstrap.account() == "uid-4000000001"

    def test_no_option_makes_one_somebody_else(self) -> None:
        options = {option for action in parser()._actions for option in action.option_strings}
        assert not {option for option in options if re.search("login|user|clock|time|now", option)}


@contextmanager
def nobody() -> Iterator[None]:
    """Root reads and writes everything: without its rights for a moment."""
    if os.geteuid():
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


def sql(place: Path, statement: str) -> None:
    """Changes a workspace behind the program's back."""
    with sqlite3.connect(place) as database:
        database.execute(statement)
    database.close()


class TestWorkspaceThatCannotBeUsed:
    """Exit code 3, one sentence that says why and what to do, and nothing is written."""

    @pytest.fixture
    def refused(self, mci: Mci) -> Callable[..., str]:
        def call(*argv: str | Path) -> str:
            outcome = mci(*argv, "--json")
            assert outcome.code == 3
            assert outcome.error["code"] == "workspace_unusable"
            assert outcome.err == outcome.error["message"] + "\n"
            message: str = outcome.error["message"]
            return message

        return call

    def test_missing(self, refused: Callable[..., str], tmp_path: Path) -> None:
        message = refused("claims", "list", "--workspace", tmp_path / "nowhere.db")
        assert str(tmp_path / "nowhere.db") in message
        assert "mci-tui init" in message
        assert not (tmp_path / "nowhere.db").exists()

    @pytest.mark.parametrize("content", [b"my notes, nothing else", b"SQLite format 3\0 and then nonsense" * 100])
    def test_not_a_database(self, refused: Callable[..., str], tmp_path: Path, content: bytes) -> None:
        (tmp_path / "notes.db").write_bytes(content)
        refused("claims", "list", "--workspace", tmp_path / "notes.db")
        assert (tmp_path / "notes.db").read_bytes() == content

    def test_somebody_elses_database(self, refused: Callable[..., str], tmp_path: Path) -> None:
        sql(tmp_path / "other.db", "CREATE TABLE songs (name TEXT)")
        assert "not a workspace" in refused("claims", "list", "--workspace", tmp_path / "other.db")

    def test_newer_than_the_program(self, refused: Callable[..., str], desk: Path) -> None:
        sql(desk, "UPDATE workspace SET version = 99")
        assert "newer" in refused("claims", "list")

    def test_of_an_early_version(self, refused: Callable[..., str], desk: Path) -> None:
        sql(desk, "UPDATE workspace SET version = 0")
        assert "early" in refused(*ADD)

    def test_a_folder(self, refused: Callable[..., str], tmp_path: Path) -> None:
        refused("claims", "list", "--workspace", tmp_path)

    def test_locked_by_somebody_else(
        self, refused: Callable[..., str], mci: Mci, desk: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engine, "BUSY_SECONDS", 0)
        rival = sqlite3.connect(desk, isolation_level=None)
        rival.execute("BEGIN IMMEDIATE")
        assert "try again" in refused(*ADD)
        assert mci("claims", "list", "--json").json == {"total": 0, "rows": []}
        rival.execute("ROLLBACK")
        rival.close()
        assert mci(*ADD).code == 0

    def test_only_to_be_read(self, mci: Mci, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        mci("claims", "list")  # with root's rights still: what is imported late must be there already
        mci(*ADD, "--json")
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder, "desk.db")
            place.write_bytes(desk.read_bytes())
            place.chmod(0o444)
            Path(folder).chmod(0o555)
            live_in(Path(folder), monkeypatch)
            with nobody():
                listed = mci("claims", "list", "--workspace", place, "--json")
                refused = mci("settings", "set", "reminder_hours", "12", "--workspace", place, "--json")
            Path(folder).chmod(0o755)
        assert listed.json["total"] == 1
        assert refused.code == 3
        assert "can only be read" in refused.err

    @pytest.mark.parametrize("url", ["mysql://db.example/desk", "sqlite://", "://", "postgresql:/desk"])
    def test_no_place_at_all(self, refused: Callable[..., str], url: str) -> None:
        refused("claims", "list", "--workspace", url)

    def test_a_server_that_nobody_hears(self, refused: Callable[..., str]) -> None:
        message = refused("claims", "list", "--workspace", "postgresql://desk:secret@127.0.0.1:1/desk")
        assert "cannot be reached" in message
        assert "secret" not in message

    def test_a_database_without_its_driver(self, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "psycopg", None)
        assert "mci-tui[postgres]" in refused("claims", "list", "--workspace", "postgresql://db.example/desk")
        assert "mci-tui[postgres]" in refused("init", "--workspace", "postgresql://db.example/desk")

    def test_an_empty_database_of_a_server(
        self, refused: Callable[..., str], mci: Mci, new_place: Callable[[str], str]
    ) -> None:
        place = new_place("postgres")
        refused("claims", "list", "--workspace", place)
        assert mci("init", "--workspace", place).code == 0
        assert mci("claims", "list", "--workspace", place, "--json").json == {"total": 0, "rows": []}


class TestPlaces:
    def test_a_workspace_is_named_in_many_ways(
        self, mci: Mci, desk: Path, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("MCI_WORKSPACE")
        monkeypatch.chdir(tmp_path)
        (home / "mine.db").parent.mkdir(exist_ok=True)
        (home / "mine.db").write_bytes(desk.read_bytes())
        for place in (str(desk), "desk.db", "./desk.db", f"sqlite:///{desk}", "~/mine.db"):
            assert mci("engagements", "list", "--workspace", place, "--json").json["total"] == 3
        assert mci("engagements", "list").code == 3

    def test_the_settings_file_names_it_too(
        self, mci: Mci, desk: Path, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("MCI_WORKSPACE")
        file = home / "config" / "mci-tui" / "settings.toml"
        file.parent.mkdir(parents=True)
        file.write_text(f'workspace = "{desk}"')
        assert mci("engagements", "list", "--json").json["total"] == 3
        file.write_text('colour = "blue"')
        refused = mci("engagements", "list", "--json")
        assert refused.code == 1
        assert refused.error["problems"].keys() == {"colour"}


class TestLanguage:
    def test_is_used_and_falls_back_to_english(self, mci: Mci, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LANG", "it_IT.UTF-8")
        assert mci("engagements", "list").code == 0
        assert current_language() == "it"
        assert mci("--help").out.startswith("usage: mci-tui")

    def test_italian_tables_have_semicolons(self, mci: Mci, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MCI_LANGUAGE", "it")
        assert '"claim_id";"claim_name";' in mci("claims", "list", "--csv").out

    def test_of_one_call_is_not_that_of_the_next(self, mci: Mci, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LANG", "it_IT.UTF-8")
        mci("claims", "list")
        monkeypatch.delenv("LANG")
        mci("claims", "list")
        assert current_language() == "en"


class TestOtherPeoplesText:
    HOSTILE = "Evil\x1b]0;owned\x07\x9b31m\u202eGmbH\n[/x]"

    @pytest.fixture
    def hostile(self, mci: Mci, desk: Path) -> Path:
        """A workspace into which somebody has written what acts on terminals."""
        mci(*ADD)
        with sqlite3.connect(desk) as database:
            database.execute("UPDATE customers SET name = ?", [self.HOSTILE])
            database.execute("UPDATE claims SET name = ?, contact_name = ?", [self.HOSTILE] * 2)
            database.execute("UPDATE operators SET name = ?", [self.HOSTILE])
        database.close()
        return desk

    @pytest.mark.parametrize(
        "argv",
        [
            ("claims", "list"),
            ("claims", "list", "--csv"),
            ("claims", "list", "--json"),
            ("claims", "show", "CLM-000001"),
            ("customers", "list", "cloud-assessment"),
            ("customers", "list", "cloud-assessment", "--csv"),
            ("customers", "check", "tpid", "7654321"),
            ("claims", "add", "--name", HOSTILE, "--location", HOSTILE),
            ("claims", "show", HOSTILE),
            ("import", "locations", HOSTILE),
            ("settings", "set", HOSTILE, HOSTILE),
        ],
        ids=lambda argv: " ".join(argv[:3]).encode("unicode_escape").decode(),
    )
    @pytest.mark.usefixtures("hostile")
    def test_never_acts_on_the_terminal(self, mci: Mci, argv: tuple[str, ...]) -> None:
        told = mci(*argv)
        assert "Evil" in told.out + told.err or argv[:2] == ("claims", "add")
        assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]", told.out + told.err)


class TestTrouble:
    def test_without_a_terminal_there_are_no_screens(self, mci: Mci, desk: Path) -> None:
        refused = mci()
        assert refused.code == 1
        assert refused.out == ""
        assert len(refused.err.splitlines()) == 1

    def test_ctrl_c_ends_a_command_calmly(self, mci: Mci, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(*_anything: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("mci_tui.commands.claims.list_claims", interrupted)
        assert mci("claims", "list").code == 130

    def test_an_error_in_the_program_is_one_sentence_and_a_report(
        self, mci: Mci, desk: Path, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_anything: object) -> None:
            raise RuntimeError("mail to anna@corvara.example.com")

        monkeypatch.setattr("mci_tui.commands.claims.list_claims", broken)
        ended = mci("claims", "list")
        assert ended.code == 1
        (report,) = (home / "state" / "mci-tui").iterdir()
        assert str(report) in ended.err
        assert "Traceback" not in ended.err
        assert "anna@" not in report.read_text()

    def test_logging_is_set_up_for_whoever_comes(self, mci: Mci) -> None:
        mci("--version")
        assert logging.getLogger().handlers


_ME = f"{sys.executable} -m mci_tui"


Shell = Callable[..., subprocess.CompletedProcess[str]]


class TestInAShell:
    @pytest.fixture
    def shell(self, mci: Mci, tmp_path: Path) -> Shell:
        """Runs a line in a shell, at a sample workspace of whoever runs the tests."""
        place = mci("demo", tmp_path, "--json", login=None).json["workspace"]

        def run(line: str, **environ: str) -> subprocess.CompletedProcess[str]:
            known = {**os.environ, "MCI_WORKSPACE": place, **environ}
            return subprocess.run(["sh", "-c", line], capture_output=True, text=True, env=known, check=False)

        return run

    def test_a_reader_that_goes_away_is_no_trouble(self, shell: Shell) -> None:
        ended = shell(f"{_ME} claims list --json | head -c 20")
        assert (ended.stdout, ended.stderr) == ('{"total": 64, "rows"', "")

    def test_a_full_disk_is_told_in_a_sentence(self, shell: Shell) -> None:
        ended = shell(f"{_ME} claims list --json > /dev/full")
        assert ended.returncode == 1
        assert len(ended.stderr.splitlines()) == 1

    def test_what_drivers_log_stays_off_the_terminal(self, shell: Shell) -> None:
        calls = "import logging; from mci_tui.cli import main; main(['claims', 'list'])"
        ended = shell(f"{sys.executable} -c \"{calls}; logging.getLogger('psycopg').warning('gone')\"")
        assert (ended.returncode, ended.stderr) == (0, "")

    def test_a_terminal_that_knows_no_unicode_gets_what_it_can_show(self, shell: Shell) -> None:
        ended = shell(f"{_ME} claims list", PYTHONIOENCODING="ascii")
        assert (ended.returncode, ended.stderr) == (0, "")
