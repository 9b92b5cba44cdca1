"""The terminal is left as it was found, whatever ends the program.

`run` plays an app's screens and brings the process to an end on a signal or when the terminal goes away. `crash` turns
an unforeseen error into one sentence and a report. `scrub_environment` comes before the first import of Textual.
"""

import asyncio
import os
import re
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from traceback import TracebackException
from typing import TYPE_CHECKING, Protocol

from mci_tui import __version__
from mci_tui.text import _, safe_text

if TYPE_CHECKING:
    from rich.text import Text

HUNG_UP = 128 + signal.SIGHUP
"""What the process exits with when its terminal has gone away."""

_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
_PATIENCE = 1.0
_LIMIT = 1.4
_LOOK_EVERY_MS = 500
_STOP_WATCHING = b"\0"

_HARMLESS = frozenset({"ANIMATIONS", "COLOR_SYSTEM", "DIM_FACTOR", "DISABLE_KITTY_KEY", "FPS", "SMOOTH_SCROLL"})

# Synchronised output, paste, line wrap, in-band resize, mouse, focus, kitty keys, alternate screen, cursor, colours.
_MODES_OFF = (
    b"\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?1004l"
    b"\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m"
)
# The one mode that Textual switches on where a terminal offers it and never off again: mouse places in pixels.
_LEFT_ON = b"\x1b[?1016l"

# SQL parameters, e-mail addresses, GUIDs and tokens.
_PRIVATE = (
    r"(?im)^\[parameters: .*$|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|[\w-]{40,}"
)


def scrub_environment(environ: MutableMapping[str, str] = os.environ) -> None:
    """Takes away what would let a variable load code, open a port, write a file, press keys or start a program.

    Textual reads such variables when it is imported; of its own only those of looks and speed stay.
    """
    for name in list(environ):
        if name == "BROWSER" or (name.startswith("TEXTUAL") and name.removeprefix("TEXTUAL_") not in _HARMLESS):
            del environ[name]


class Screens(Protocol):
    """What `run` needs of an app; every Textual app has it."""

    @property
    def return_code(self) -> int | None: ...

    async def run_async(self, *, mouse: bool = True) -> object: ...

    def exit(self, *, return_code: int = 0) -> None: ...


def run(app: Screens, on_leave: Callable[[], None], *, mouse: bool = True) -> int:
    """Plays `app` in the terminal until it ends, and gives the code to exit with.

    On SIGHUP (even if it was ignored), SIGINT, SIGQUIT and SIGTERM, and when the terminal goes away, `on_leave` is
    called once, the app closes, and the process ends within two seconds with 128 + the signal's number (129 where the
    terminal went away), even if a thread, `on_leave` or the event loop itself is stuck. `on_leave` is called on the
    event loop, or on a thread of its own if that is stuck; what it raises does not stop the leaving. Standard input
    and standard error must be the terminal; to be called on the main thread.
    """
    return _Lifeline(app, on_leave, mouse).run()


class _Lifeline:
    """One play of an app's screens, and the thread that watches over it.

    The thread hears signals through a pipe into which the interpreter writes them: a handler on the event loop would
    wait for whatever blocks the loop.
    """

    def __init__(self, app: Screens, on_leave: Callable[[], None], mouse: bool) -> None:
        if sys.__stdin__ is None or sys.__stderr__ is None:
            raise OSError("there is no terminal")
        self._app, self._on_leave, self._mouse = app, on_leave, mouse
        self._in, self._out = sys.__stdin__.fileno(), sys.__stderr__.fileno()
        self._before = termios.tcgetattr(self._in)
        self._code = 0
        self._saving = threading.Lock()
        self._closed = threading.Event()

    def run(self) -> int:
        """Plays the app and gives the exit code."""
        heard, told = os.pipe()
        os.set_blocking(told, False)
        wakeup = signal.set_wakeup_fd(told, warn_on_full_buffer=False)
        handlers = {number: signal.signal(number, _note) for number in _SIGNALS}
        try:
            asyncio.run(self._play(heard))
        except Exception:
            if not self._ended():
                raise
        finally:
            os.write(told, _STOP_WATCHING)
            self._closed.set()
            self._put_back()
        if self._ended():
            self._save()
        else:
            signal.set_wakeup_fd(wakeup)
            for number, handler in handlers.items():
                signal.signal(number, handler)
        return self._code or self._app.return_code or 0

    async def _play(self, heard: int) -> None:
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._watch, args=(heard, loop), name="lifeline", daemon=True).start()
        await self._app.run_async(mouse=self._mouse)

    def _watch(self, heard: int, loop: asyncio.AbstractEventLoop) -> None:
        """Waits for a signal or the end of the terminal, without writing a byte to it."""
        waiting = select.poll()
        waiting.register(heard, select.POLLIN)
        waiting.register(self._in, 0)
        while not self._ended():
            if any(fd == heard for fd, _event in waiting.poll(_LOOK_EVERY_MS)):
                told = os.read(heard, 64)
                self._code = next((128 + number for number in told if number in _SIGNALS), 0)
                if _STOP_WATCHING in told and not self._code:
                    return
        self._leave(loop)

    def _ended(self) -> bool:
        """Whether the process is to end, by a signal or because the terminal is no longer there."""
        if not self._code:
            try:
                termios.tcgetattr(self._in)
            except termios.error:
                self._code = HUNG_UP
        return self._code != 0

    def _leave(self, loop: asyncio.AbstractEventLoop) -> None:
        limit = threading.Timer(_LIMIT, self._stop)
        limit.daemon = True
        limit.start()
        with suppress(RuntimeError):  # the loop has closed already
            loop.call_soon_threadsafe(self._close)
        if not self._closed.wait(_PATIENCE):
            self._save()
            self._stop()

    def _close(self) -> None:
        self._save()
        self._app.exit(return_code=self._code)

    def _save(self) -> None:
        if self._saving.acquire(blocking=False):  # taken for good: only once
            with suppress(Exception):
                self._on_leave()

    def _stop(self) -> None:
        self._put_back()
        os._exit(self._code)

    def _put_back(self) -> None:
        """Does what the app's driver has not done: it sets the attributes back before it resets the modes."""
        with suppress(OSError, termios.error):
            if termios.tcgetattr(self._in) != self._before:
                termios.tcsetattr(self._in, termios.TCSANOW, self._before)
                termios.tcflush(self._out, termios.TCOFLUSH)
                modes = _MODES_OFF
            else:
                modes = _LEFT_ON
            if select.select([], [self._out], [], 0)[1]:
                os.write(self._out, modes)


def _note(_number: int, _frame: object) -> None:
    """A handler, so that the interpreter writes the signal's number into the pipe."""


class Crash(Exception):
    """An unforeseen error as an operator is told of it: one sentence. Textual shows it in place of a traceback."""

    def __rich__(self) -> "Text":
        from rich.text import Text

        return Text(str(self))


def crash(error: BaseException, reports: Path) -> Crash:
    """`error` as a `Crash`, its report written to a new file of mode 0600 in the folder `reports`.

    The report has the stack without the values of variables, and masks addresses, GUIDs, tokens and SQL parameters.
    """
    path = reports / f"crash-{os.urandom(4).hex()}.txt"
    try:
        reports.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w") as file:
            file.write(_report(error))
    except OSError as refusal:
        sentence = _("An error in the program has closed it. A report could not be written: %(why)s")
        return Crash(sentence % {"why": safe_text(str(refusal))})
    sentence = _("An error in the program has closed it. Please send this report to whoever looks after it: %(path)s")
    return Crash(sentence % {"path": safe_text(str(path))})


def _report(error: BaseException) -> str:
    in_worker = getattr(error, "error", None)  # Textual's WorkerFailed keeps the error itself there
    thrown = in_worker if isinstance(in_worker, BaseException) else error
    stack = "".join(TracebackException.from_exception(thrown).format())
    return f"mci-tui {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n\n{re.sub(_PRIVATE, '…', stack)}"
