"""Tables that come in as CSV or XLSX, read line by line in memory that does not grow with the file."""

import os
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from difflib import get_close_matches
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from mci_tui.domain.cells import Value
from mci_tui.domain.tables import FACT, Column, Kind
from mci_tui.errors import Reason, Refused, WrongValue, reason
from mci_tui.services import csv_in
from mci_tui.services.csv_out import unguarded
from mci_tui.services.files import opened
from mci_tui.services.records import MAX_COLUMNS, Read, Record, is_workbook, unusable
from mci_tui.text import safe_text

BAD_COLUMNS = ("line", "problem")
"""The columns that a file of bad lines has besides its own: put right, it can be read as it is."""


_NAMED = 10
"""How many columns the sentence about a wrong header names."""


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
    """A CSV or XLSX file of one kind: its header is read and checked at once, its lines as often as asked for.

    Raises `Refused`, here and while lines are read, where the file as a whole cannot be used: not there, not text,
    wrong header, a quote left open, no lines, changed since the header was read.
    """

    def __init__(self, path: Path, kind: Kind) -> None:
        self.path = path
        self.kind = kind
        with opened(path) as file, closing(self._records(file)) as records:
            self._stamp = _stamp(file)
            self.header = tuple(map(safe_text, next(records).cells))
        if "".join(self.header[:1]).strip().startswith(("{", "[")):
            raise unusable("table_json", path=str(path))
        self._columns = _columns(self.header, kind)

    @property
    def names(self) -> frozenset[str]:
        """The columns that the file has, by the names that its lines' values have."""
        return frozenset(column.name for column in self._columns if column)

    def rows(self) -> Iterator[Row | BadRow]:
        """The lines after the header, in order; empty ones are passed over."""
        found = False
        with opened(self.path) as file, closing(self._records(file)) as records:
            self._unchanged(file)
            next(records)
            for record in records:
                if record.wrong or any(map(str.strip, record.cells)):
                    found = True
                    yield self._row(record)
            self._unchanged(file)
        if not found:
            raise unusable("table_no_lines", path=str(self.path))

    def _records(self, file: BufferedReader) -> Generator[Record, None, None]:
        read: Read = csv_in.records
        if is_workbook(file):
            from mci_tui.services import xlsx_in

            read = xlsx_in.records
        return read(file, self.path, lambda name: name in self.kind.ignored or self.kind.find(name) is not None)

    def _row(self, record: Record) -> Row | BadRow:
        line, cells, wrong = record
        if len(cells) != len(self.header):
            return BadRow(line, cells, {}, (self._ragged(line, cells),))
        values: dict[str, Value] = {}
        problems = []
        for place, (column, cell) in enumerate(zip(self._columns, cells, strict=True)):
            if column is None:
                continue
            try:
                if place in wrong:
                    raise WrongValue(wrong[place])
                values[column.name] = _value(column, cell)
            except WrongValue as found:
                problems.append(Problem(line, column.name, found.why))
        if not problems:
            problems = [Problem(line, name, why) for name, why in self.kind.check(values).items()]
        return BadRow(line, cells, values, tuple(problems)) if problems else Row(line, cells, values)

    def _ragged(self, line: int, cells: list[str]) -> Problem:
        count, width = len(cells), len(self.header)
        if count > width:
            return Problem(line, "", reason("row_long", count=count, width=width))
        return Problem(line, self.header[count], reason("row_short", count=count, width=width))

    def _unchanged(self, file: BufferedReader) -> None:
        if _stamp(file) != self._stamp:
            raise unusable("table_changed", path=str(self.path))


def _columns(header: tuple[str, ...], kind: Kind) -> tuple[Column | None, ...]:
    """What each cell of the header means; None is a column that is not read. Refuses all that is wrong in one go."""
    if len(header) > MAX_COLUMNS:
        raise unusable("table_columns", line=1, count=len(header), limit=MAX_COLUMNS)
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
        named = [*problems][:_NAMED] + ["…"] * (len(problems) > _NAMED)
        why = reason("table_header", line=1, kind=kind.name, columns=", ".join(named))
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


def _stamp(file: BufferedReader) -> tuple[int, int, int, int]:
    found = os.fstat(file.fileno())
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
