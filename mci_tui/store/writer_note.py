"""The note beside a workspace's file that tells who writes for long, and since when."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TextIO


@contextmanager
def note_kept(note: Path, login: str) -> Iterator[None]:
    """Tells who waits that `login` writes, for as long as a long write lasts.

    The note is locked for that long: one that a killed program has left behind says nothing any more.
    """
    with ExitStack() as held:
        with suppress(OSError):
            handle = os.open(note, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            file = held.enter_context(open(handle, "w", encoding="utf-8"))
            json.dump({"login": login, "since": datetime.now().astimezone().isoformat("T", "minutes")}, file)
            file.flush()
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            yield
        finally:
            with suppress(OSError):
                note.unlink(missing_ok=True)


def read_note(note: Path) -> str:
    """Who writes and since when, or an empty string where nobody is known to."""
    with suppress(OSError, ValueError, KeyError), open(note, encoding="utf-8") as file:
        said = json.load(file)
        if _is_locked(file):
            return f"{said['login']} ({said['since'][11:16]})"
    return ""


def _is_locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
