"""Tables that go out as CSV, safe to open in a spreadsheet and exact to read in again."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from mci_tui.errors import Refused, reason
from mci_tui.text import current_language, safe_text

Cell = str | bool | int | Decimal | date | datetime | None

BOM = "\ufeff"
_FORMULA = re.compile(r"""[\s'"]*[=+\-@\t\r＝＋－＠﹦﹢﹣﹫]""")
_SEMICOLON_LANGUAGES = ("it",)


def guarded(text: str) -> str:
    """`text` with a leading `'` if a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """`text` without the `'` that `guarded` put before it."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def delimiter() -> str:
    """What stands between cells in the reader's language."""
    return ";" if current_language() in _SEMICOLON_LANGUAGES else ","


def line(cells: Iterable[Cell], between: str) -> str:
    """One line of a table: text quoted and guarded, all else bare, CRLF at its end."""
    return between.join(map(_cell, cells)) + "\r\n"


def _cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case str():
            text = guarded(safe_text(value)).replace('"', '""')
            return f'"{text}"'
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
    return str(value)


def write(out: BinaryIO, header: Sequence[str], rows: Iterable[Iterable[Cell]]) -> None:
    """Writes a whole table to `out`, line by line: UTF-8 with BOM, separated as the reader's language does."""
    between = delimiter()
    out.write((BOM + line(header, between)).encode())
    for row in rows:
        out.write(line(row, between).encode())


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that stands under `path` only once it is whole and on disk; nobody else may read it.

    Leaving by an exception leaves nothing behind. Raises `Refused` where there is such a file already, or none can be
    written.
    """
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
            path.lstat()
            raise FileExistsError
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _not_written(path, error) from error


def _create(partial: Path, path: Path) -> BinaryIO:
    refuse_taken(path)
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
    if isinstance(error, FileExistsError):
        return Refused("invalid", reason("export_exists", path=str(path)))
    why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
    return Refused("invalid", reason("export_failed", path=str(path), why=why))
