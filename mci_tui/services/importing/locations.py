"""Locations of the partner."""

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select, update

from mci_tui.domain.tables import LOCATIONS, Values
from mci_tui.services.desk import Scene
from mci_tui.services.importing.importer import Importer
from mci_tui.services.importing.lines import Line, Weighed, weighed
from mci_tui.store.engine import Tx
from mci_tui.store.schema import locations

Known = dict[str, dict[str, object]]
"""Locations by their IDs."""


class LocationsImporter(Importer[Known]):
    """The same location ID again updates it; a file without the column `global` leaves that as it is."""

    kind = LOCATIONS
    group_column = key_column = "location_id"

    def prepare(self, number: int, values: Values) -> Line:
        id_ = str(values["location_id"])
        payload = {"name": values["name"], "country": values["country"], "enrolled": values["enrolled"]}
        if "global" in values:
            payload["is_global"] = bool(values["global"])
        return Line(number, id_, id_, payload)

    def weigh(self, lines: Sequence[Line], known: Known) -> list[Weighed]:
        return [
            weighed(line, line.key in known, line.payload.items() <= known.get(line.key, {}).items()) for line in lines
        ]

    def keep(self, scene: Scene, lines: Sequence[Line], known: Known) -> None:
        new = [{"id": line.key, "is_global": False, **line.payload} for line in lines if line.key not in known]
        changed = [{**known[line.key], **line.payload, "key": line.key} for line in lines if line.key in known]
        if new:
            scene.tx.execute(insert(locations), new)
        if changed:
            scene.tx.execute(update(locations).where(locations.c.id == bindparam("key")), changed)

    def look(self, tx: Tx, lines: Sequence[Line]) -> Known:
        query = select(locations).where(locations.c.id.in_([line.key for line in lines]))
        found = {row.id: dict(row._mapping) for row in tx.execute(query)}
        for row in found.values():
            del row["id"]
        return found
