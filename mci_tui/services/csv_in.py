"""CSV that comes in, record by record."""

import csv
import io
import re
from collections.abc import Callable, Generator, Iterator
from io import BufferedReader
from pathlib import Path

from mci_tui.errors import Refused
from mci_tui.services.records import MAX_LINE, Record, unusable

DELIMITERS = (",", ";")

_ESCAPED_BYTES = re.compile("[\udc80-\udcff]")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def records(file: BufferedReader, path: Path, knows: Callable[[str], bool]) -> Generator[Record, None, None]:
    """Every record of a CSV file with the line on which it begins.

    The delimiter is the one by which the first line has the most columns that are known. Raises `Refused` where the
    file is empty, is no text, or has a quote that is left open.
    """
    text = _text(file)
    try:
        first = next(_Lines(text), "")
        if not first.strip():
            raise unusable("table_empty", path=str(path))
        if "\0" in first:
            raise unusable("table_encoding", line=1)
        text.seek(0)
        yield from _records(_Lines(text), _delimiter(first, knows))
    finally:
        text.detach()


def _text(file: BufferedReader) -> io.TextIOWrapper:
    """The file as text. Bytes that are not UTF-8 come through escaped, for `_Lines` to say on which line."""
    if file.peek(2)[:2] in _UTF_16:
        return io.TextIOWrapper(file, "utf-16", newline="")
    return io.TextIOWrapper(file, "utf-8-sig", "surrogateescape", newline="")


class _Lines:
    """The physical lines of a file, counted, for one record after the other: `record` starts the next."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self._file = file
        self.number = self.size = 0
        self.taken: list[str] = []

    def record(self) -> None:
        self.taken.clear()
        self.size = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        try:
            line = self._file.readline(MAX_LINE)
        except UnicodeDecodeError as error:
            raise unusable("table_utf16", line=self.number) from error
        if not line:
            raise StopIteration
        self.number += 1
        self.size += len(line)
        self.taken.append(line)
        if not line.isascii() and _ESCAPED_BYTES.search(line):
            raise unusable("table_encoding", line=self.number)
        return line


def _records(lines: _Lines, delimiter: str) -> Iterator[Record]:
    reader = csv.reader(_bounded(lines, delimiter), delimiter=delimiter, strict=True)
    while True:
        lines.record()
        line = lines.number + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _broken(lines, delimiter) from error
        if cells is None:
            return
        yield Record(line, cells)


def _bounded(lines: _Lines, delimiter: str) -> Iterator[str]:
    for line in lines:
        if lines.size >= MAX_LINE:
            raise _broken(lines, delimiter)
        yield line


def _broken(lines: _Lines, delimiter: str) -> Refused:
    """The refusal of a record that does not end well, with the number of the cell that is to blame."""
    raw = "".join(lines.taken)
    first = lines.number - len(lines.taken) + 1
    whole = re.compile(rf'(?:"[^"]*(?:""[^"]*)*"|[^"{delimiter}\r\n][^{delimiter}\r\n]*|){delimiter}')
    position = cell = 0
    while match := whole.match(raw, position):
        position, cell = match.end(), cell + 1
    if raw.startswith('"', position):
        return unusable("table_quote", line=first, cell=cell + 1)
    return unusable("table_line_long", line=first, limit=MAX_LINE)


def _delimiter(first: str, knows: Callable[[str], bool]) -> str:
    """The delimiter by which the first line names the most columns that are known."""

    def score(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([first], delimiter=delimiter), [])
        return sum(map(knows, cells)), len(cells)

    best = max(DELIMITERS, key=score)
    if "\t" in first and not score(best)[0]:
        raise unusable("table_tabs", line=1)
    return best
