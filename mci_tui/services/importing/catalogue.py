"""The catalogue of engagements."""

from pathlib import Path

from sqlalchemy import insert, select, update

from mci_tui.domain.catalogue import CatalogueError, read_catalogue
from mci_tui.domain.engagements import Engagement
from mci_tui.errors import Refused, reason
from mci_tui.services.desk import Scene
from mci_tui.services.files import opened
from mci_tui.services.importing.lines import Verdict
from mci_tui.store.engine import Tx
from mci_tui.store.schema import engagements
from mci_tui.store.standing import refresh

MAX_BYTES = 8 * 1024 * 1024

Offer = tuple[Engagement, str]
"""An engagement with its definition as it is kept."""


def read_offers(path: Path) -> list[Offer]:
    """The engagements of a catalogue file. Raises `Refused`, naming engagement and key, or the line."""
    with opened(path) as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Refused("import_failed", reason("catalogue_large", limit=MAX_BYTES // 1024 // 1024))
    try:
        return read_catalogue(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused("import_failed", reason("table_encoding", line=line)) from error
    except CatalogueError as error:
        raise Refused("import_failed", error.why, problems={error.key: error.why} if error.key else {}) from error


def weigh_offers(tx: Tx, offers: list[Offer]) -> list[Verdict]:
    """What each engagement of the file would do."""
    e = engagements.c
    known = {row.code: (row.definition, row.position) for row in tx.execute(select(e.code, e.definition, e.position))}
    found = []
    for position, (engagement, definition) in enumerate(offers):
        same = known.get(engagement.code) == (definition, position)
        found.append(Verdict.SAME if same else Verdict.CHANGED if engagement.code in known else Verdict.NEW)
    return found


def keep_offers(scene: Scene, offers: list[Offer]) -> None:
    """Writes what is new or changed. Engagements that the file does not name stay, and so do claims made already."""
    e = engagements.c
    changed = []
    for position, ((engagement, definition), verdict) in enumerate(
        zip(offers, weigh_offers(scene.tx, offers), strict=True)
    ):
        values = {
            "position": position,
            "name": engagement.name,
            "solution_area": engagement.solution_area,
            "definition": definition,
        }
        if verdict is Verdict.NEW:
            scene.tx.execute(insert(engagements).values(code=engagement.code, **values))
        elif verdict is Verdict.CHANGED:
            scene.tx.execute(update(engagements).where(e.code == engagement.code).values(**values))
        if verdict is not Verdict.SAME:
            changed.append(engagement.code)
    refresh(scene.tx, None, list(scene.tx.scalars(select(e.id).where(e.code.in_(changed)))))
