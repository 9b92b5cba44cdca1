"""What an importer of one kind of table does; the order of the steps is `services.imports`'."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar

from mci_tui.domain.tables import Kind, Values
from mci_tui.services.desk import Scene
from mci_tui.services.importing.lines import Line, Weighed
from mci_tui.services.importing.staging import Staging
from mci_tui.store.engine import Tx

K = TypeVar("K")
"""What an importer knows of the workspace about some lines."""


class Importer(ABC, Generic[K]):
    """Brings the lines of one kind of table in."""

    kind: Kind
    group_column: str
    """The column that names the group of a line."""
    about_column: str = ""
    also_column: str = ""
    """The columns that `Line.about` and `Line.also` come from."""
    key_column: str
    """The column that is blamed for a key that stands twice."""
    ident_column: str = "id_value"
    """The column that is blamed for an `ident` in two groups."""
    replaces: bool = False
    """A group that the file names is replaced: it goes in as a whole, or, with a bad line, not at all."""

    @abstractmethod
    def prepare(self, number: int, values: Values) -> Line:
        """The line in normal form. Raises `Invalid`."""

    @abstractmethod
    def look(self, tx: Tx, lines: Sequence[Line]) -> K:
        """What the workspace has about these lines."""

    @abstractmethod
    def weigh(self, lines: Sequence[Line], known: K) -> list[Weighed]:
        """What the lines would do."""

    @abstractmethod
    def keep(self, scene: Scene, lines: Sequence[Line], known: K) -> None:
        """Writes lines that are new or changed."""

    def strays(self, tx: Tx, staging: Staging) -> Iterator[Sequence[Any]]:
        """What the workspace has in a group that the file replaces, and the file has not; in pieces."""
        yield from ()

    def drop(self, tx: Tx, strays: Sequence[Any]) -> None:
        """Takes a piece of `strays` away."""

    def verify(self, tx: Tx, staging: Staging) -> None:
        """Raises `Refused` where the workspace as it would be cannot be."""

    def finish(self, scene: Scene) -> None:
        """Brings what is derived up to date, once everything is written."""
