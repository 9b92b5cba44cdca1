"""Where the lines of a file wait, checked and sorted, until they are written.

A private SQLite database in a temporary file, gone when it is closed: what must be compared across a whole file — a key
that stands twice, one ID under two customers — is compared there, so that memory does not grow with the file.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from mci_tui.errors import Reason, Refused, reason
from mci_tui.services.importing.lines import Line, Verdict
from mci_tui.services.tables import Problem

CHUNK = 500
"""How many lines are compared with the workspace at a time."""

_TABLES = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE; PRAGMA locking_mode=EXCLUSIVE;
CREATE TABLE lines (number INTEGER PRIMARY KEY, key TEXT, grp TEXT, payload TEXT, about TEXT, also TEXT, ident TEXT,
  rank INTEGER, verdict TEXT);
CREATE TABLE problems (number INTEGER, place TEXT, code TEXT, params TEXT);
CREATE TABLE bad_groups (grp TEXT PRIMARY KEY);
"""
_INDEXES = """
CREATE INDEX by_key ON lines (key);
CREATE INDEX by_rank ON lines (rank, grp, number);
CREATE INDEX by_group ON lines (grp);
"""
_LINE = "number, key, grp, payload, about, also, ident, rank"


@contextmanager
def staging() -> Iterator["Staging"]:
    """An empty staging place, for as long as an import takes. Raises `Refused` where the disk is full."""
    database = sqlite3.connect("", isolation_level=None)
    try:
        database.executescript(_TABLES)
        yield Staging(database)
    except sqlite3.OperationalError as error:
        raise Refused("import_failed", reason("staging_full", why=str(error))) from error
    finally:
        database.close()


def _kept(params: Mapping[str, Any]) -> str:
    """What fills a sentence, as it is kept: a day is read as a day again, so that it is written in the reader's way."""
    return json.dumps(dict(params), default=lambda value: {_DAY: str(value)} if type(value) is date else str(value))


def _read(kept: dict[str, Any]) -> Any:
    return date.fromisoformat(kept[_DAY]) if kept.keys() == {_DAY} else kept


_DAY = "day of the calendar"


class Staging:
    """The good lines of a file and the problems of the others."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    def add(self, lines: Iterable[Line]) -> None:
        """Takes good lines in."""
        marks = "?, ?, ?, ?, ?, ?, ?, ?"
        rows = ((*line[:3], json.dumps(line.payload, default=float), *line[4:]) for line in lines)
        self._db.execute("BEGIN")
        self._db.executemany(f"INSERT INTO lines ({_LINE}) VALUES ({marks})", rows)  # noqa: S608
        self._db.execute("COMMIT")

    def loaded(self) -> None:
        """All lines are in: they can be searched now."""
        self._db.executescript(_INDEXES)

    def refuse(self, number: int, problems: Mapping[str, Reason], group: str | None) -> None:
        """A line is bad: it does not go in. `group` is the group that it belongs to, None where that cannot be told."""
        rows = [(number, column, why.code, _kept(why.params)) for column, why in problems.items()]
        self._db.executemany("INSERT INTO problems VALUES (?, ?, ?, ?)", rows)
        self._db.execute("INSERT OR IGNORE INTO bad_groups VALUES (?)", (group or "",))
        self._db.execute("DELETE FROM lines WHERE number = ?", (number,))

    def refuse_shared(self, column: str, code: str) -> None:
        """Refuses every line whose `ident` stands in more than one group, naming a line of another group."""
        idents = "SELECT ident FROM lines WHERE ident IS NOT NULL GROUP BY ident HAVING count(DISTINCT grp) > 1"
        for (ident,) in self._db.execute(idents).fetchall():
            found = self._db.execute(
                "SELECT number, grp FROM lines WHERE ident = ? ORDER BY number", (ident,)
            ).fetchall()
            first = found[0]
            second = next(row for row in found if row[1] != first[1])
            for number, group in found:
                other = second if group == first[1] else first
                self.refuse(number, {column: reason(code, line=other[0], other=other[1])}, group)

    def refuse_repeated(self, column: str) -> None:
        """Refuses the later lines of every key that stands more than once."""
        keys = "SELECT key, min(number) FROM lines GROUP BY key HAVING count(*) > 1"
        for key, first in self._db.execute(keys).fetchall():
            later = self._db.execute("SELECT number, grp FROM lines WHERE key = ? AND number > ?", (key, first))
            for number, group in later.fetchall():
                self.refuse(number, {column: reason("line_repeated", line=first)}, group)

    def refuse_contradicting(self, about: str, also: str) -> None:
        """Refuses lines that say something else about their group than its first line, and fills in what all say."""
        groups = (
            "SELECT grp, min(number), count(also) BETWEEN 1 AND count(*) - 1 FROM lines GROUP BY grp"
            " HAVING count(DISTINCT about) > 1 OR count(DISTINCT also) > 1 OR count(also) BETWEEN 1 AND count(*) - 1"
        )
        for group, first, fill in self._db.execute(groups).fetchall():
            said = self._one("SELECT about FROM lines WHERE number = ?", first)
            also_said = self._one("SELECT also FROM lines WHERE grp = ? AND also IS NOT NULL ORDER BY number", group)
            others = self._db.execute(
                "SELECT number, about <> ? FROM lines WHERE grp = ? AND (about <> ? OR also <> ?)",
                (said, group, said, also_said),
            )
            for number, about_differs in others.fetchall():
                self.refuse(number, {about if about_differs else also: reason("line_contradicts", line=first)}, group)
            if fill:
                self._db.execute("UPDATE lines SET also = ? WHERE grp = ?", (also_said, group))

    def refuse_touched_groups(self) -> None:
        """Refuses every line of a group that has a bad one; all lines, if a bad one's group cannot be told."""
        untold = self._one("SELECT 1 FROM bad_groups WHERE grp = ''")
        where = "1 = 1" if untold else "grp IN (SELECT grp FROM bad_groups)"
        self._db.execute(f"INSERT INTO problems SELECT number, '', 'group_bad', '{{}}' FROM lines WHERE {where}")  # noqa: S608
        self._db.execute(f"DELETE FROM lines WHERE {where}")  # noqa: S608

    def chunks(self, verdicts: Sequence[Verdict] | None = None) -> Iterator[list[Line]]:
        """The good lines by rank, group and number, in pieces; of these verdicts alone, where they are given."""
        only = "" if verdicts is None else f"verdict IN ({', '.join(repr(str(each)) for each in verdicts)}) AND"
        query = (
            f"SELECT {_LINE} FROM lines WHERE {only} (rank, grp, number) > (?, ?, ?)"  # noqa: S608
            f" ORDER BY rank, grp, number LIMIT {CHUNK}"
        )
        place: tuple[Any, ...] = (-1, "", 0)
        while rows := self._db.execute(query, place).fetchall():
            yield [Line._make((*row[:3], json.loads(row[3]), *row[4:])) for row in rows]
            place = (rows[-1][7], rows[-1][2], rows[-1][0])

    def judge(self, verdicts: Iterable[tuple[Verdict, int]]) -> None:
        """Notes the verdict on lines, by their numbers."""
        self._db.execute("BEGIN")
        self._db.executemany("UPDATE lines SET verdict = ? WHERE number = ?", ((str(v), n) for v, n in verdicts))
        self._db.execute("COMMIT")

    def counted(self) -> dict[str, int]:
        """How many good lines each verdict has."""
        return dict(self._db.execute("SELECT verdict, count(*) FROM lines GROUP BY verdict"))

    def groups(self) -> Iterator[str]:
        """The groups that have a good line."""
        return (group for (group,) in self._db.execute("SELECT DISTINCT grp FROM lines ORDER BY grp"))

    def has(self, keys: Sequence[str]) -> set[str]:
        """Those of `keys` that stand in a good line."""
        found: set[str] = set()
        for start in range(0, len(keys), CHUNK):
            piece = keys[start : start + CHUNK]
            query = f"SELECT key FROM lines WHERE key IN ({', '.join('?' * len(piece))})"  # noqa: S608
            found |= {key for (key,) in self._db.execute(query, piece)}
        return found

    def problems(self, limit: int = -1) -> Iterator[Problem]:
        """What is wrong, in the order of the lines."""
        query = "SELECT number, place, code, params FROM problems ORDER BY number, rowid LIMIT ?"
        for number, column, code, params in self._db.execute(query, (limit,)):
            yield Problem(number, column, Reason(code, json.loads(params, object_hook=_read)))

    def bad_lines(self) -> int:
        """How many lines are bad."""
        return int(self._one("SELECT count(DISTINCT number) FROM problems"))

    def _one(self, query: str, *values: Any) -> Any:
        row = self._db.execute(query, values).fetchone()
        return row and row[0]
