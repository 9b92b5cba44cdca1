"""A real terminal for tests and benchmarks: a program in a pseudo-terminal of its own, driven and timed.

Plain text is what is asked for on the screen (`Terminal.text`); no terminal is emulated beyond answering Textual's
queries, which it waits for or paints differently without.
"""

import os
import re
import select
import signal
import struct
import sys
import termios
import time
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fcntl import ioctl
from types import TracebackType
from typing import Any, Self

DOWN, UP, END, HOME, PAGE_DOWN, PAGE_UP = b"\x1b[B", b"\x1b[A", b"\x1b[F", b"\x1b[H", b"\x1b[6~", b"\x1b[5~"
ENTER, ESCAPE, TAB = b"\r", b"\x1b", b"\t"

ANSWERS: Mapping[bytes, bytes] = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[?2048$p": b"\x1b[?2048;0$y"}
"""What most terminals answer Textual: synchronised output yes, in-band resize no."""

_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>78cDEHM])")
_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")


class Late(AssertionError):
    """What was waited for did not come."""


@dataclass(frozen=True)
class Paint:
    """What a key brought about: the bytes painted, and milliseconds from writing the key to the first byte, to the last
    one, and to the chunk that completed the text waited for.
    """

    first_ms: float
    last_ms: float
    seen_ms: float
    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)


class Terminal:
    """A program in a pseudo-terminal that is its controlling terminal; `close` ends what is left of it."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        environ: Mapping[str, str] | None = None,
        answers: Mapping[bytes, bytes] = ANSWERS,
    ) -> None:
        self._master, self._slave = os.openpty()
        ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(self._slave)
        self.output = b""
        self._chunks: list[tuple[int, float]] = []
        self.code: int | None = None
        self._answers, self._answered = answers, 0
        name = os.ttyname(self._slave)
        # The session's first opened terminal becomes its controlling one: no fork handler, no launcher is needed.
        actions = [(os.POSIX_SPAWN_OPEN, 0, name, os.O_RDWR, 0), *((os.POSIX_SPAWN_DUP2, 0, fd) for fd in (1, 2))]
        self.started = time.perf_counter()
        self.pid = os.posix_spawnp(command[0], list(command), _environ(environ), file_actions=actions, setsid=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # Reading

    def read(self, timeout: float) -> bytes:
        """The next chunk that the program writes, or nothing after `timeout` seconds."""
        if self._master < 0 or not select.select([self._master], [], [], timeout)[0]:
            return b""
        try:
            chunk = os.read(self._master, 65536)
        except OSError:  # nobody has the other end open
            return b""
        self.output += chunk
        self._chunks.append((len(self.output), time.perf_counter()))
        self._answer()
        return chunk

    def wait_for(self, text: str, *, since: int = 0, timeout: float = 30) -> float:
        """Reads until `text` stands in the plain text written after byte `since`; gives the clock's reading then."""
        until = time.perf_counter() + timeout
        while text not in plain(self.output[since:]):
            left = until - time.perf_counter()
            if left <= 0 or (not self.read(min(left, 1)) and self.ended() and text not in plain(self.output[since:])):
                raise Late(f"{text!r} did not come; last seen: {plain(self.output[since:])[-2000:]!r}")
        return time.perf_counter()

    def settle(self, silence: float = 0.08, timeout: float = 30) -> float:
        """Reads until nothing came for `silence` seconds; gives the clock's reading of the last byte."""
        last = time.perf_counter()
        until = last + timeout
        while self.read(silence):
            last = time.perf_counter()
            if last > until:
                raise Late("the program does not stop writing")
        return last

    def seen_at(self, text: str, since: int = 0) -> float:
        """The clock's reading when `text` was complete in the plain text written after byte `since`."""
        at = bisect_left(
            self._chunks, True, key=lambda chunk: chunk[0] > since and text in plain(self.output[since : chunk[0]])
        )
        if at == len(self._chunks):
            raise Late(f"{text!r} did not come; last seen: {plain(self.output[since:])[-2000:]!r}")
        return self._chunks[at][1]

    def text(self) -> str:
        """All that was written so far, without control sequences."""
        return plain(self.output)

    # Writing

    def send(self, keys: bytes | str) -> None:
        """Types `keys`."""
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)

    def press(self, keys: bytes | str, *, seen: str = "", silence: float = 0.08) -> Paint:
        """Types `keys` and reads what they bring about, until `seen` stands in it and the program is silent."""
        start, chunk, sent = len(self.output), len(self._chunks), time.perf_counter()
        self.send(keys)
        self.read(10)
        self.settle(silence)
        if seen not in plain(self.output[start:]):
            self.wait_for(seen, since=start)
            self.settle(silence)
        if len(self.output) == start:
            raise Late(f"nothing came of {keys!r}")
        times = self._chunks[chunk][1], self._chunks[-1][1], self.seen_at(seen, start)
        first, last, complete = ((at - sent) * 1000 for at in times)
        return Paint(first, last, complete, self.output[start:])

    # Ending

    def hang_up(self) -> None:
        """Takes the terminal away, as a lost connection does."""
        for fd in (self._slave, self._master):
            os.close(fd)
        self._slave = self._master = -1

    def kill(self, number: int) -> None:
        """Sends a signal to the program alone."""
        os.kill(self.pid, number)

    def ended(self) -> bool:
        """Whether the program has ended; `code` is then its exit code, negative for the signal that killed it."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code is not None

    def wait(self, timeout: float = 30) -> int:
        """Reads on until the program has ended, and gives its exit code."""
        until = time.perf_counter() + timeout
        while not self.ended():
            if time.perf_counter() > until:
                raise Late(f"the program did not end; last seen: {self.text()[-2000:]!r}")
            if self._master >= 0:
                self.read(0.05)
            else:
                select.select([], [], [], 0.05)
        while self.read(0):
            pass
        assert self.code is not None
        return self.code

    def attributes(self) -> list[Any]:
        """The terminal's attributes now; `before` has those of the start."""
        return termios.tcgetattr(self._slave)

    def orphans(self) -> bool:
        """Whether anything of the program's process group is left."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, 0)
            return True
        return False

    def close(self) -> None:
        """Ends the program and gives the terminal back."""
        if not self.ended():
            os.kill(self.pid, signal.SIGKILL)
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        if self._master >= 0:
            self.hang_up()

    def _answer(self) -> None:
        new = self.output[self._answered :]
        for question, answer in self._answers.items():
            for _once in range(new.count(question)):
                os.write(self._master, answer)
        self._answered = len(self.output)


def plain(data: bytes) -> str:
    """What `data` writes, without control sequences."""
    return _SEQUENCE.sub(b"", data).decode(errors="replace")


def modes(data: bytes) -> dict[str, bool]:
    """The private modes that `data` leaves set (true) or reset, by number; `kitty` is true while its keys are on."""
    left = {number: way == b"h" for numbers, way in _MODE.findall(data) for number in numbers.decode().split(";")}
    if re.search(rb"\x1b\[>\d+u", data):
        left["kitty"] = len(re.findall(rb"\x1b\[>\d+u", data)) != data.count(b"\x1b[<u")
    return left


def python(*arguments: str) -> list[str]:
    """A command that runs this Python."""
    return [sys.executable, *arguments]


def _environ(extra: Mapping[str, str] | None) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TEXTUAL", "COLUMNS", "LINES", "MCI_"))
    }
    kept.pop("NO_COLOR", None)
    return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **(extra or {})}
