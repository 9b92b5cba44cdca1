"""`demo`: the sample workspace."""

import stat
from pathlib import Path

import pytest

from mci_tui import samples
from mci_tui.errors import Refused, reason
from tests.commands.calls import Mci


def test_makes_the_whole_sample_through_the_importer(mci: Mci, sample: Path) -> None:
    assert mci("engagements", "list", "--json").json["total"] == 12
    assert mci("claims", "list", "--json").json["total"] == 64
    settings = mci("settings", "show", "--json").json
    assert "fictional" in settings["partner_name"]


def test_the_caller_is_its_admin_and_has_contact_data(mci: Mci, sample: Path) -> None:
    """S-1d, S-3g"""
    assert mci("settings", "set", "reminder_hours", "12").code == 0
    asked = ("--name", "N", "--location", "1234567", "--id-type", "tpid", "--id", "424242")
    contact = ("--contact-name", "Ada", "--contact-email", "ada@nova.example.com", "--country", "IT")
    refused = mci("claims", "add", *asked, *contact, "--customer-name", "Nova", "--json").error
    assert refused["problems"].keys() == {"engagement"}


def test_says_where_it_is_and_uses_it_again(mci: Mci, tmp_path: Path) -> None:
    place = tmp_path / "sample" / "desk.db"
    made = mci("demo", place.parent, "--no-open")
    assert made.code == 0
    assert made.out.startswith(f"Made the sample workspace {place}.")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    before = place.read_bytes()
    again = mci("demo", place.parent, "--no-open")
    assert again.out.startswith(f"Using the sample workspace {place}.")
    assert place.read_bytes() == before
    assert mci("demo", place.parent, "--json").json == {"workspace": str(place), "made": False}
    assert [each.name for each in place.parent.iterdir()] == ["desk.db"]


def test_without_a_folder_it_has_a_place_of_its_own(mci: Mci, home: Path) -> None:
    made = mci("demo", "--json").json
    assert made == {"workspace": f"{home}/data/mci-tui/demo/desk.db", "made": True}


def test_a_failure_half_way_leaves_nothing(mci: Mci, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = samples.text

    def broken(kind: str, *day: object) -> str:
        if kind == "directory":
            raise Refused("import_failed", reason("table_encoding", line=1))
        return text(kind, *day)  # type: ignore[arg-type]

    monkeypatch.setattr(samples, "text", broken)
    assert mci("demo", tmp_path / "a" / "b", "--no-open").code == 1
    assert not (tmp_path / "a").exists()


def test_a_folder_that_cannot_be_used_is_named(mci: Mci, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = mci("demo", tmp_path / "file", "--no-open")
    assert refused.code == 3
    assert str(tmp_path / "file") in refused.err


def test_something_else_in_its_place_is_left_alone(mci: Mci, tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_text("my notes")
    assert mci("demo", tmp_path, "--no-open").code == 3
    assert (tmp_path / "desk.db").read_text() == "my notes"


def test_without_a_terminal_it_is_not_even_made(mci: Mci, tmp_path: Path) -> None:
    assert mci("demo", tmp_path / "sample").code == 1
    assert not (tmp_path / "sample").exists()


def test_read_only_makes_none_but_uses_one(mci: Mci, made_sample: Path, tmp_path: Path) -> None:
    refused = mci("demo", tmp_path / "sample", "--no-open", "--read-only")
    assert refused.code == 1
    assert not (tmp_path / "sample").exists()
    assert mci("demo", made_sample.parent, "--no-open", "--read-only").code == 0


def test_it_takes_a_folder_rather_than_a_workspace(mci: Mci, tmp_path: Path) -> None:
    assert mci("demo", "--no-open", "--workspace", tmp_path / "x.db").code == 2
