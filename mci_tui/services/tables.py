"""Tables that come in as CSV, read line by line in memory that does not grow with the file."""

import csv
import io
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from mci_tui.domain.cells import Value
from mci_tui.domain.tables import FACT, Column, Kind
from mci_tui.errors import Reason, Refused, WrongValue, reason
from mci_tui.services.csv_out import unguarded
from mci_tui.services.files import opened
from mci_tui.text import safe_text

DELIMITERS = (",", ";")
MAX_LINE = 131_072
"""Characters that one line of a table may have, with the line breaks in its quoted cells."""
MAX_COLUMNS = 1_000
BAD_COLUMNS = ("line", "problem")
"""The columns that a file of bad lines has besides its own: put right, it can be read as it is."""

_ESCAPED_BYTES = re.compile("[\udc80-\udcff]")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Problem(NamedTuple):
    """What is wrong in a line, and in which column; an empty column means the line as a whole."""

    line: int
    column: str
    why: Reason


@dataclass(frozen=True, slots=True)
class Row:
    """A line whose cells are all right. `line` is where it begins in the file; `cells` are as they stand there."""

    line: int
    cells: list[str]
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line in which something is wrong; `values` are those of its cells that are right."""

    line: int
    cells: list[str]
    values: dict[str, Value]
    problems: tuple[Problem, ...]


class Table:
    """A CSV file of one kind: its header is read and checked at once, its lines as often as asked for.

    Raises `Refused`, here and while lines are read, where the file as a whole cannot be used: not there, not text,
    wrong header, a quote left open, no lines, changed since the header was read.
    """

    def __init__(self, path: Path, kind: Kind) -> None:
        self.path = path
        self.kind = kind
        with self._open() as file:
            self._stamp = _stamp(file)
            first = next(_Lines(file), "")
        if not first.strip():
            raise _refused("table_empty", path=str(path))
        if "\0" in first:
            raise _refused("table_encoding", line=1)
        self._delimiter = _delimiter(first, kind)
        with self._open() as file:
            self.header = tuple(map(safe_text, next(_records(file, self._delimiter))[1]))
        self._columns = _columns(self.header, kind)

    @property
    def names(self) -> frozenset[str]:
        """The columns that the file has, by the names that its lines' values have."""
        return frozenset(column.name for column in self._columns if column)

    def rows(self) -> Iterator[Row | BadRow]:
        """The lines after the header, in order; empty ones are passed over."""
        found = False
        with self._open() as file:
            self._unchanged(file)
            records = _records(file, self._delimiter)
            next(records, None)
            for line, cells in records:
                if any(map(str.strip, cells)):
                    found = True
                    yield self._row(line, cells)
            self._unchanged(file)
        if not found:
            raise _refused("table_no_lines", path=str(self.path))

    def _row(self, line: int, cells: list[str]) -> Row | BadRow:
        if len(cells) != len(self.header):
            return BadRow(line, cells, {}, (self._ragged(line, cells),))
        values: dict[str, Value] = {}
        problems = []
        for column, cell in zip(self._columns, cells, strict=True):
            if column is None:
                continue
            try:
                values[column.name] = _value(column, cell)
            except WrongValue as wrong:
                problems.append(Problem(line, column.name, wrong.why))
        if not problems:
            problems = [Problem(line, name, why) for name, why in self.kind.check(values).items()]
        return BadRow(line, cells, values, tuple(problems)) if problems else Row(line, cells, values)

    def _ragged(self, line: int, cells: list[str]) -> Problem:
        count, width = len(cells), len(self.header)
        if count > width:
            return Problem(line, "", reason("row_long", count=count, width=width))
        return Problem(line, self.header[count], reason("row_short", count=count, width=width))

    @contextmanager
    def _open(self) -> Iterator[io.TextIOWrapper]:
        """The file as text. Bytes that are not UTF-8 come through escaped, for `_Lines` to say on which line."""
        with opened(self.path) as binary:
            if binary.peek(2)[:2] in _UTF_16:
                yield io.TextIOWrapper(binary, "utf-16", newline="")
            else:
                yield io.TextIOWrapper(binary, "utf-8-sig", "surrogateescape", newline="")

    def _unchanged(self, file: io.TextIOWrapper) -> None:
        if _stamp(file) != self._stamp:
            raise _refused("table_changed", path=str(self.path))


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
            raise _refused("table_utf16", line=self.number) from error
        if not line:
            raise StopIteration
        self.number += 1
        self.size += len(line)
        self.taken.append(line)
        if not line.isascii() and _ESCAPED_BYTES.search(line):
            raise _refused("table_encoding", line=self.number)
        return line


def _records(file: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every record of a CSV file with the line on which it begins."""
    lines = _Lines(file)
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
        yield line, cells


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
        return _refused("table_quote", line=first, cell=cell + 1)
    return _refused("table_line_long", line=first, limit=MAX_LINE)


def _delimiter(first: str, kind: Kind) -> str:
    """The delimiter by which the first line names the most columns of this kind."""

    def score(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([first], delimiter=delimiter), [])
        return sum(1 for cell in cells if cell in kind.ignored or kind.find(cell)), len(cells)

    best = max(DELIMITERS, key=score)
    if "\t" in first and not score(best)[0]:
        raise _refused("table_tabs", line=1)
    return best


def _columns(header: tuple[str, ...], kind: Kind) -> tuple[Column | None, ...]:
    """What each cell of the header means; None is a column that is not read. Refuses all that is wrong in one go."""
    if len(header) > MAX_COLUMNS:
        raise _refused("table_columns", line=1, count=len(header), limit=MAX_COLUMNS)
    ignored = kind.ignored | (set(BAD_COLUMNS) if set(BAD_COLUMNS) <= set(header) else set())
    columns = tuple(None if name in ignored else kind.find(name) for name in header)
    names = [column.name if column else name for name, column in zip(header, columns, strict=True)]
    problems: dict[str, Reason] = {}
    for position, (name, column) in enumerate(zip(header, columns, strict=True), 1):
        if column is None and name not in ignored:
            problems[name or str(position)] = _unknown(name, position, kind)
    problems |= {name: reason("column_repeated", column=name) for name, times in Counter(names).items() if times > 1}
    problems |= {name: reason("column_missing", column=name) for name in kind.required if name not in names}
    if problems:
        why = reason("table_header", line=1, kind=kind.name, columns=", ".join(problems))
        raise Refused("import_failed", why, problems=problems)
    return columns


def _unknown(name: str, position: int, kind: Kind) -> Reason:
    if not name.strip():
        return reason("column_unnamed", position=position)
    if kind.facts and name.startswith(FACT) and (problem := kind.fact_problem(name)):
        return problem
    near = get_close_matches(name.strip().casefold(), [column.name for column in kind.columns], 1, 0.75)
    return reason("column_misspelt", column=name, meant=near[0]) if near else reason("column_unknown", column=name)


def _value(column: Column, cell: str) -> Value:
    if "\0" in cell:
        raise WrongValue(reason("cell_nul"))
    text = unguarded(safe_text(cell).strip()).strip()
    if text:
        return column.parse(text)
    if column.required:
        raise WrongValue(reason("required"))
    return None


def _stamp(file: io.TextIOWrapper) -> tuple[int, int, int, int]:
    found = os.fstat(file.fileno())
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _refused(code: str, /, **params: object) -> Refused:
    return Refused("import_failed", reason(code, **params))
