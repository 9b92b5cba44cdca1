"""Whatever ends the program, the terminal is left as it was found, and what was typed is kept."""

import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mci_tui import terminal
from tests.terminal_kit import Terminal, modes, python

SIGNALS = [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT]
IGNORING = ("sh", "-c", 'trap "" HUP; exec "$@"', "sh")
IN_BAND_RESIZE = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[?2048$p": b"\x1b[?2048;2$y"}


@contextmanager
def host(
    how: str, draft: Path, *, before: tuple[str, ...] = (), answers: dict[bytes, bytes] = IN_BAND_RESIZE
) -> Iterator[Terminal]:
    command = [*before, *python("-m", "tests.faults.terminal_host", how, str(draft))]
    with Terminal(command, answers=answers) as there:
        there.wait_for("ready")
        there.send("Corvara")
        there.wait_for("Corvara")
        yield there


def assert_as_found(there: Terminal) -> None:
    left = modes(there.output)
    assert there.attributes() == there.before
    assert left["25"]
    assert left["7"]
    assert [mode for mode, on in left.items() if on and mode not in ("25", "7")] == []
    assert {"1049", "1000", "1003", "1004", "1006", "1016", "2004", "2048", "kitty"} <= left.keys()


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_keeps_what_was_typed_and_gives_the_terminal_back(number: signal.Signals, tmp_path: Path) -> None:
    with host("guarded", tmp_path / "draft") as there:
        there.kill(number)
        assert there.wait() == 128 + number
        assert_as_found(there)
        assert not there.orphans()
        assert "Traceback" not in there.text()
    assert (tmp_path / "draft").read_text() == "Corvara\n"


def test_a_hang_up_counts_even_where_it_was_to_be_ignored(tmp_path: Path) -> None:
    with host("guarded", tmp_path / "draft", before=IGNORING) as there:
        there.kill(signal.SIGHUP)
        assert there.wait() == terminal.HUNG_UP
        assert_as_found(there)
    assert (tmp_path / "draft").read_text() == "Corvara\n"


@pytest.mark.parametrize("before", [(), IGNORING], ids=["as usual", "SIGHUP ignored"])
def test_a_lost_connection_keeps_what_was_typed_and_leaves_nothing_running(
    before: tuple[str, ...], tmp_path: Path
) -> None:
    with host("guarded", tmp_path / "draft", before=before) as there:
        there.hang_up()
        assert there.wait() == terminal.HUNG_UP
        assert not there.orphans()
    assert (tmp_path / "draft").read_text() == "Corvara\n"


@pytest.mark.parametrize("how", ["busy", "stuck", "locked"])
def test_what_is_stuck_does_not_hold_the_terminal(how: str, tmp_path: Path) -> None:
    """A thread, the event loop and saving itself: none of them ever comes back."""
    with host(how, tmp_path / "draft") as there:
        there.send("!")
        if how == "stuck":
            wait_for_file(there, tmp_path / "draft.stuck")
        else:
            there.wait_for("Corvara!")
        there.kill(signal.SIGTERM)
        assert there.wait() == 128 + signal.SIGTERM
        assert_as_found(there)
        assert not there.orphans()
    assert (tmp_path / "draft").read_text() == "Corvara!\n"


def wait_for_file(there: Terminal, path: Path) -> None:
    while not path.exists():
        there.read(0.02)
        assert not there.ended()


def test_an_ordinary_end_leaves_nothing_behind_either(tmp_path: Path) -> None:
    with host("guarded", tmp_path / "draft") as there:
        there.send(b"\x11")  # Ctrl+Q
        assert there.wait() == 0
        assert_as_found(there)
    assert not (tmp_path / "draft").exists()


@pytest.mark.parametrize("how", ["broken", "worker"])
def test_an_unforeseen_error_is_one_sentence_and_a_private_report_without_values(how: str, tmp_path: Path) -> None:
    with host(how, tmp_path / "draft") as there:
        there.send("!")
        assert there.wait() == 1
        assert_as_found(there)
        said = there.text()[there.text().rindex("An error") :]
    (report,) = (tmp_path / "reports").iterdir()
    assert report.name in "".join(said.split())
    assert "Traceback" not in said
    assert "Corvara" not in said
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    written = report.read_text()
    assert "in break_down" in written
    assert "RuntimeError: mail to … failed" in written
    assert "Corvara" not in written


def test_without_the_lifeline_the_terminal_stays_raw(tmp_path: Path) -> None:
    """The negative control: what the other tests look at does tell."""
    with host("bare", tmp_path / "draft") as there:
        there.kill(signal.SIGTERM)
        assert there.wait() == -signal.SIGTERM
        assert there.attributes() != there.before
        assert modes(there.output)["1049"]
    assert not (tmp_path / "draft").exists()


def test_a_report_that_cannot_be_written_is_told_in_the_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = terminal.crash(ValueError("x"), tmp_path / "file" / "reports")
    assert "could not be written" in str(told)


def test_the_report_masks_addresses_ids_tokens_and_parameters(tmp_path: Path) -> None:
    token = "aB3-" * 11
    error = ValueError(
        f"rossi@example.com 72f988bf-86f1-41af-91ab-2d7cd011db47 {token}\n[parameters: ('Corvara', 1)]\nkept"
    )
    terminal.crash(error, tmp_path)
    (report,) = tmp_path.iterdir()
    assert report.read_text().endswith("ValueError: … … …\n…\nkept\n")


def test_variables_that_load_code_write_files_or_press_keys_are_dropped() -> None:
    kept = {"TEXTUAL_ANIMATIONS": "none", "TEXTUAL_FPS": "250", "TERM": "xterm", "HOME": "/home/rossi"}
    dropped = {
        "TEXTUAL": "devtools",
        "TEXTUAL_DRIVER": "evil:Driver",
        "TEXTUAL_LOG": "log",
        "TEXTUAL_PRESS": "x",
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_SCREENSHOT_LOCATION": "/",
        "BROWSER": "evil",
    }
    environ = kept | dropped
    terminal.scrub_environment(environ)
    assert environ == kept
