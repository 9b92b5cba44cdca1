"""`init`, `settings` and `paths`."""

import json
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.calls import Mci

SETTINGS = {
    "partner_name",
    "partner_domains",
    "timezone",
    "reminder_hours",
    "max_reminders",
    "free_mail_domains",
    "allow_recorded_answers",
    "msx_pattern",
    "mail_from",
    "mail_reply_to",
    "portal_url",
}


class TestInit:
    def test_makes_a_workspace_that_only_its_owner_can_read(self, mci: Mci, tmp_path: Path) -> None:
        place = tmp_path / "new folder" / "desk.db"
        made = mci("init", "--workspace", place)
        assert made.code == 0
        assert str(place) in made.out
        assert stat.S_IMODE(place.stat().st_mode) == 0o600

    def test_the_caller_becomes_the_first_admin_of_all_locations(self, mci: Mci, desk: Path) -> None:
        """S-1d"""
        with sqlite3.connect(desk) as database:
            assert database.execute("SELECT * FROM grants").fetchall() == [("mrossi", "incentives_admin", "*")]
        assert mci("settings", "set", "reminder_hours", "12").code == 0

    def test_keeps_what_it_was_told(self, mci: Mci, tmp_path: Path) -> None:
        told = ("--timezone", "Asia/Tokyo", "--partner", "Meridiana", "--domain", "a.example", "--domain", "b.example")
        mci("init", *told, "--workspace", tmp_path / "desk.db")
        shown = mci("settings", "show", "--json", "--workspace", tmp_path / "desk.db").json
        assert shown["timezone"] == "Asia/Tokyo"
        assert shown["partner_name"] == "Meridiana"
        assert shown["partner_domains"] == ["a.example", "b.example"]

    def test_without_a_place_it_goes_to_the_default_one(self, mci: Mci, home: Path) -> None:
        assert mci("init").code == 0
        assert (home / "data" / "mci-tui" / "desk.db").exists()

    def test_answers_with_the_place_and_the_login(self, mci: Mci, tmp_path: Path) -> None:
        place = str(tmp_path / "desk.db")
        assert mci("--json", "--workspace", place, "init").json == {"workspace": place, "login": "mrossi"}

    @pytest.mark.parametrize("database", ["sqlite", "postgres"])
    def test_a_refused_one_leaves_nothing_behind(
        self, mci: Mci, new_place: Callable[[str], str], database: str
    ) -> None:
        place = new_place(database)
        wrong = ("--email", "nobody", "--timezone", "Mars/Base", "--phone", "12", "--name", "n" * 81)
        refused = mci("init", "--workspace", place, *wrong)
        assert refused.code == 1
        for option in ("--name: ", "--email: ", "--timezone: ", "--phone: "):
            assert option in refused.err
        assert mci("init", "--workspace", place).code == 0

    def test_a_refused_one_takes_its_folders_along(self, mci: Mci, tmp_path: Path) -> None:
        mci("init", "--workspace", tmp_path / "a" / "b" / "desk.db", "--email", "nobody")
        assert not (tmp_path / "a").exists()

    def test_what_is_there_already_is_left_alone(self, mci: Mci, desk: Path) -> None:
        before = desk.read_bytes()
        refused = mci("init", "--json")
        assert refused.code == 3
        assert refused.error["code"] == "workspace_unusable"
        assert desk.read_bytes() == before

    def test_a_folder_that_cannot_be_made_is_named(self, mci: Mci, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        refused = mci("init", "--workspace", tmp_path / "file" / "sub" / "desk.db")
        assert refused.code == 3
        assert "Not a directory" in refused.err

    def test_read_only_makes_nothing(self, mci: Mci, tmp_path: Path) -> None:
        refused = mci("--read-only", "init", "--workspace", tmp_path / "desk.db", "--json")
        assert refused.code == 1
        assert refused.error["code"] == "not_allowed"
        assert not (tmp_path / "desk.db").exists()


class TestSettings:
    def test_shows_every_setting(self, mci: Mci, desk: Path) -> None:
        shown = mci("settings", "show")
        assert {line.split()[0] for line in shown.out.splitlines()} == SETTINGS
        assert mci("settings", "show", "--json").json.keys() == SETTINGS

    def test_a_change_is_shown_and_kept(self, mci: Mci, desk: Path) -> None:
        changed = mci("settings", "set", "allow_recorded_answers", "FALSE")
        assert changed.out.split() == ["allow_recorded_answers", "false"]
        assert mci("settings", "show", "--json").json["allow_recorded_answers"] is False

    @pytest.mark.parametrize(
        ("key", "value"),
        [("reminder_hours", "soon"), ("timezone", "Rome"), ("portal_url", "http://example.com"), ("colour", "blue")],
    )
    def test_a_wrong_one_is_refused_by_name(self, mci: Mci, desk: Path, key: str, value: str) -> None:
        refused = mci("settings", "set", key, value, "--json")
        assert refused.code == 1
        assert refused.error["code"] == "invalid"
        assert list(refused.error["problems"]) == [key]
        assert f"  {key}: " in refused.err

    def test_only_an_admin_of_all_locations_changes_them(self, mci: Mci, desk: Path, tmp_path: Path) -> None:
        """S-1d"""
        grants = tmp_path / "operators.csv"
        grants.write_text("login,role,location_id\nanna,incentives_admin,1234567\n")
        assert mci("import", "operators", grants).code == 0
        refused = mci("settings", "set", "timezone", "Asia/Tokyo", "--json", login="anna")
        assert refused.code == 1
        assert refused.error["code"] == "not_allowed"
        assert mci("settings", "show", "--json", login="anna").json["timezone"] == "Europe/Rome"

    def test_without_a_role_there_is_nothing_to_see(self, mci: Mci, desk: Path) -> None:
        """S-1a"""
        refused = mci("settings", "show", "--json", login="stranger")
        assert refused.code == 1
        assert refused.error["code"] == "not_allowed"
        assert "stranger" in refused.err

    def test_read_only_changes_nothing(self, mci: Mci, desk: Path) -> None:
        refused = mci("settings", "set", "reminder_hours", "12", "--read-only", "--json")
        assert refused.code == 1
        assert refused.error["code"] == "not_allowed"
        assert mci("--read-only", "settings", "show", "--json").json["reminder_hours"] == 24


class TestPaths:
    def test_every_place_in_use_is_named(self, mci: Mci, home: Path) -> None:
        assert mci("paths", "--json").json == {
            "workspace": f"{home}/data/mci-tui/desk.db",
            "settings": f"{home}/config/mci-tui/settings.toml",
            "demo": f"{home}/data/mci-tui/demo",
            "reports": f"{home}/state/mci-tui",
        }

    def test_people_see_them_in_columns(self, mci: Mci, home: Path) -> None:
        shown = [line.split() for line in mci("paths").out.splitlines()]
        assert ["settings", f"{home}/config/mci-tui/settings.toml"] in shown

    def test_a_relative_place_is_shown_in_full(self, mci: Mci, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert mci("--workspace", "mine.db", "paths", "--json").json["workspace"] == f"{tmp_path}/mine.db"

    def test_a_password_is_never_shown(self, mci: Mci) -> None:
        shown = mci("paths", "--workspace", "postgresql://desk:secret@db.example/desk", "--json")
        assert "secret" not in shown.out
        assert "db.example" in json.loads(shown.out)["workspace"]
