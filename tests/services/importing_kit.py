"""What the tests of imports share: files, and the workspace as it stands."""

from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select

from mci_tui.domain.tables import KINDS
from mci_tui.services.desk import Desk
from mci_tui.services.imports import Imported, Imports
from mci_tui.store.schema import metadata
from mci_tui.store.standing import refresh
from tests.conftest import LOGIN

_numbers = count(1)


class Bench:
    """Brings files into a workspace, each out of its lines."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.folder = folder

    def file(self, content: str | bytes, ending: str = "csv") -> Path:
        """A file with this content."""
        path = self.folder / f"file{next(_numbers)}.{ending}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def table(self, lines: Iterable[Mapping[str, Any]]) -> Path:
        """A CSV file with these lines."""
        rows = list(lines)
        header = list(dict.fromkeys(name for row in rows for name in row))
        cells = [header, *([str(row.get(name, "")) for name in header] for row in rows)]
        quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells]
        return self.file("\n".join(quoted) + "\n")

    def bring(self, kind: str, *lines: Mapping[str, Any], **options: Any) -> Imported:
        """Brings in a table with these lines."""
        assert kind in KINDS
        return self.bring_file(kind, self.table(lines), **options)

    def bring_file(self, kind: str, path: Path, *, login: str = LOGIN, **options: Any) -> Imported:
        """Brings in a file."""
        return Imports(Desk(self.desk.store, self.desk.clock, login)).import_file(kind, path, **options)

    def rows(self, table: str) -> list[Any]:
        """Every row of a table of the workspace, in the order of its keys."""
        of = metadata.tables[table]
        with self.desk.store.read() as tx:
            return list(tx.execute(select(of).order_by(*of.primary_key)).mappings())

    def everything(self) -> dict[str, list[Any]]:
        """The whole workspace."""
        return {name: self.rows(name) for name in metadata.tables}

    def pages_are_right(self) -> bool:
        """Whether the Customers pages are what the rules derive of everything else."""
        kept = self.rows("standing")
        with self.desk.store.write() as tx:
            refresh(tx)
        return kept == self.rows("standing")


def told(imported: Imported) -> list[tuple[int, str, str]]:
    """Line, column and code of everything bad."""
    return [(problem.line, problem.column, problem.why.code) for problem in imported.bad]


def counted(imported: Imported) -> tuple[int, int, int]:
    """How many lines are new, changed, the same."""
    return imported.new, imported.changed, imported.same
