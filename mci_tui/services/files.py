"""Files that people name: opened with care, refused in words."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from mci_tui.errors import NotFound, Refused, reason


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """A plain file's bytes. Raises `Refused` where there is none that can be read; never waits for a pipe."""
    binary = _open(path)
    try:
        with binary:
            if not stat.S_ISREG(os.fstat(binary.fileno()).st_mode):
                raise Refused("import_failed", reason("file_not_regular", path=str(path)))
            yield binary
    except OSError as error:
        raise _unreadable(path, error) from error


def _open(path: Path) -> BufferedReader:
    try:
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> Refused:
    if isinstance(error, FileNotFoundError):
        return NotFound(reason("not_found_file", path=str(path)))
    if isinstance(error, IsADirectoryError):
        return Refused("import_failed", reason("file_directory", path=str(path)))
    why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
    return Refused("import_failed", reason("file_unreadable", path=str(path), why=why))
