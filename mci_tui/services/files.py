"""Files that people name: opened and made with care, refused in words."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

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


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that stands under `path` only once it is whole and on disk; nobody else may read it.

    Leaving by an exception leaves nothing behind. Raises `Refused` where there is such a file already, or none can be
    written.
    """
    refuse_taken(path)
    partial = path.with_name(f".{token_hex(8)}.part")
    out = _create(partial, path)
    try:
        with out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        _publish(partial, path)
    except OSError as error:
        raise _not_written(path, error) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def refuse_taken(path: Path) -> None:
    """Raises `Refused` where there is something under this name already."""
    try:
        with suppress(FileNotFoundError):
            taken = path.lstat()
            raise IsADirectoryError if stat.S_ISDIR(taken.st_mode) else FileExistsError
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _not_written(path, error) from error


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


def _create(partial: Path, path: Path) -> BinaryIO:
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        return os.fdopen(os.open(partial, flags, 0o600), "wb")
    except OSError as error:
        raise _not_written(path, error) from error


def _publish(partial: Path, path: Path) -> None:
    """Gives the whole file its name, which is never taken from another file."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise FileExistsError from None
        partial.rename(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _not_written(path: Path, error: Exception) -> Refused:
    if isinstance(error, IsADirectoryError):
        return Refused("invalid", reason("file_directory", path=str(path)))
    if isinstance(error, FileExistsError):
        return Refused("invalid", reason("export_exists", path=str(path)))
    why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
    return Refused("invalid", reason("export_failed", path=str(path), why=why))
