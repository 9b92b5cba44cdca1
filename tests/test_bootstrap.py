"""The way to the screens, in a real terminal."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mci_tui import bootstrap
from mci_tui.errors import Unusable, reason
from mci_tui.store.engine import open_store
from tests.commands.calls import desk, files, home, live_in, mci
from tests.conftest import LOGIN, MovingClock
from tests.terminal_kit import Terminal, modes, python

__all__ = ["desk", "files", "home", "mci"]


def ended(*argv: str) -> tuple[int, str, bool]:
    """How a call without a command ends in a terminal: its code, what it wrote, and whether all is as it was found."""
    with Terminal(python("-m", "mci_tui", *argv)) as there:
        code = there.wait()
        clean = there.attributes() == there.before and not any(
            on for number, on in modes(there.output).items() if number not in ("7", "25")
        )
        return code, there.text(), clean


class TestScreens:
    def test_leave_with_a_sentence_where_the_workspace_cannot_be_opened(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        live_in(tmp_path, monkeypatch)
        code, written, clean = ended("--workspace", str(tmp_path / "nowhere.db"))
        assert code == 3
        assert f"There is no workspace at {tmp_path}/nowhere.db." in written.replace("\r\n", "")
        assert clean

    def test_are_not_begun_where_the_settings_name_a_theme_or_a_key_that_there_is_not(
        self, desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = live_in(tmp_path, monkeypatch) / "config" / "mci-tui"
        place.mkdir(parents=True)
        (place / "settings.toml").write_text('theme = "mci-drak"\n[keys]\n"customers.ad" = "a"\n')
        code, written, clean = ended("--workspace", str(desk))
        assert code == 1
        assert "There is no theme mci-drak. The themes are: " in written
        assert "No key has the id customers.ad; the nearest is customers.add." in written
        assert clean

    def test_leave_with_a_sentence_where_the_operator_has_no_role(self, desk: Path) -> None:
        """S-1a"""
        code, written, clean = ended("--workspace", str(desk))
        assert code == 1
        assert f"{bootstrap.account()} has no role in this workspace" in written
        assert clean


class TestNewWorkspace:
    def test_stands_once_it_is_filled(self, place: str, clock: MovingClock) -> None:
        with bootstrap.new_workspace(place, clock, LOGIN) as store:
            assert not store.read_only
        open_store(place).close()

    def test_is_gone_where_filling_it_fails(self, place: str, clock: MovingClock) -> None:
        for error in (KeyboardInterrupt, RuntimeError):
            with pytest.raises(error), bootstrap.new_workspace(place, clock, LOGIN):
                raise error
            with pytest.raises(Unusable):
                open_store(place)

    def test_never_takes_the_place_of_another(self, place: str, clock: MovingClock) -> None:
        with bootstrap.new_workspace(place, clock, LOGIN):
            pass
        with pytest.raises(Unusable), bootstrap.new_workspace(place, clock, LOGIN):
            pass
        open_store(place).close()

    def test_leaves_no_file_where_making_the_tables_fails(
        self, new_place: Callable[[str], str], clock: MovingClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = new_place("sqlite")

        def full(*_anything: object, **_more: object) -> None:
            raise Unusable(reason("workspace_full"))

        monkeypatch.setattr("mci_tui.store.schema.metadata.create_all", full)
        with pytest.raises(Unusable), bootstrap.new_workspace(place, clock, LOGIN):
            pass
        assert not Path(place).exists()
