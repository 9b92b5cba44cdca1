"""What a file that holds a table is made of, whatever its format."""

from collections.abc import Callable, Generator, Mapping
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from mci_tui.errors import Reason, Refused, reason

MAX_LINE = 131_072
"""Characters that one line of a table may have, with the line breaks in its quoted cells."""

MAX_COLUMNS = 1_000

_PACKED = (b"PK\x03\x04", b"PK\x05\x06")


class Record(NamedTuple):
    """A line of a table as it stands in the file: where it begins, and its cells as text.

    `wrong` says by their places which cells cannot be taken at all, and why.
    """

    line: int
    cells: list[str]
    wrong: Mapping[int, Reason] = {}


Read = Callable[[BufferedReader, Path, Callable[[str], bool]], Generator[Record, None, None]]
"""Gives every record of an open file, the header first; it knows which names columns have. Raises `Refused`."""


def is_workbook(file: BufferedReader) -> bool:
    """Whether a file is a workbook by its content, whatever its name: also an encrypted one, or one of old."""
    return sealed(file) or file.peek(4)[:4] in _PACKED


def sealed(file: BufferedReader) -> bool:
    """Whether a workbook is encrypted, or of the old kind."""
    return file.peek(4)[:4] == b"\xd0\xcf\x11\xe0"


def unusable(code: str, /, **params: object) -> Refused:
    """The refusal of a file as a whole."""
    return Refused("import_failed", reason(code, **params))
