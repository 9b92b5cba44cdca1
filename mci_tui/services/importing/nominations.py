"""Nomination lists of engagements."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, tuple_

from mci_tui.domain.ids import IdType, normal_id
from mci_tui.domain.tables import NOMINATIONS, Values
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import reason
from mci_tui.services.desk import Scene
from mci_tui.services.importing.importer import Importer
from mci_tui.services.importing.lines import Complaints, Line, Weighed, joined, weighed
from mci_tui.services.importing.staging import CHUNK, Staging
from mci_tui.store.engine import Tx
from mci_tui.store.schema import engagements, nominations
from mci_tui.store.standing import refresh


class Known(NamedTuple):
    """Engagements' row ids by code, and lines of the lists by the keys of lines: eligible, reason."""

    codes: dict[str, int]
    listed: dict[str, tuple[bool, str]]


class NominationsImporter(Importer[Known]):
    """The file replaces the list of each engagement that it names."""

    kind = NOMINATIONS
    group_column = "engagement"
    key_column = "id_value"
    replaces = True

    def __init__(self, workspace: Workspace) -> None:
        self._pattern = workspace.msx_pattern
        self._changed: set[int] = set()

    def prepare(self, number: int, values: Values) -> Line:
        complaints = Complaints()
        code, id_type = str(values["engagement"]), IdType(str(values["id_type"]))
        value = complaints.read("id_value", normal_id, id_type, str(values["id_value"]), self._pattern)
        complaints.settle()
        payload = [id_type, value, values["eligible"], values.get("reason") or ""]
        return Line(number, joined(code, id_type, value), code, payload)

    def look(self, tx: Tx, lines: Sequence[Line]) -> Known:
        return Known(self._codes(tx, lines), self._listed(tx, lines))

    def weigh(self, lines: Sequence[Line], known: Known) -> list[Weighed]:
        codes, listed = known
        found = []
        for line in lines:
            if line.group not in codes:
                why = {"engagement": reason("not_found_engagement", code=line.group)}
                found.append(Weighed(line, None, why))
            else:
                found.append(weighed(line, line.key in listed, listed.get(line.key) == tuple(line.payload[2:])))
        return found

    def keep(self, scene: Scene, lines: Sequence[Line], known: Known) -> None:
        rows = []
        for line in lines:
            id_type, value, eligible, why = line.payload
            engagement = known.codes[line.group]
            rows.append(
                {"engagement_id": engagement, "id_type": id_type, "value": value, "eligible": eligible, "why": why}
            )
        self._changed |= {row["engagement_id"] for row in rows}
        self._delete(
            scene.tx,
            [tuple(row.values())[:3] for row, line in zip(rows, lines, strict=True) if line.key in known.listed],
        )
        scene.tx.execute(insert(nominations), rows)

    def strays(self, tx: Tx, staging: Staging) -> Iterator[Sequence[Any]]:
        n = nominations.c
        for code in staging.groups():
            id_ = tx.scalar(select(engagements.c.id).where(engagements.c.code == code))
            place = ("", "")
            query = select(n.engagement_id, n.id_type, n.value).where(n.engagement_id == id_)
            query = query.order_by(n.id_type, n.value).limit(CHUNK)
            while rows := tx.execute(query.where(tuple_(n.id_type, n.value) > tuple_(*place))).all():
                kept = staging.has([joined(code, row.id_type, row.value) for row in rows])
                if strays := [tuple(row) for row in rows if joined(code, row.id_type, row.value) not in kept]:
                    yield strays
                place = (rows[-1].id_type, rows[-1].value)

    def drop(self, tx: Tx, strays: Sequence[Any]) -> None:
        self._changed |= {engagement for engagement, _id_type, _value in strays}
        self._delete(tx, strays)

    def finish(self, scene: Scene) -> None:
        if self._changed:
            refresh(scene.tx, None, self._changed)

    def _delete(self, tx: Tx, keys: Sequence[Any]) -> None:
        n = nominations.c
        this = (n.engagement_id == bindparam("of"), n.id_type == bindparam("type"), n.value == bindparam("which"))
        if keys:
            tx.execute(delete(nominations).where(*this), [{"of": o, "type": t, "which": v} for o, t, v in keys])

    def _codes(self, tx: Tx, lines: Sequence[Line]) -> dict[str, int]:
        e = engagements.c
        found = tx.execute(select(e.code, e.id).where(e.code.in_({line.group for line in lines})))
        return {row.code: row.id for row in found}

    def _listed(self, tx: Tx, lines: Sequence[Line]) -> dict[str, tuple[bool, str]]:
        n, e = nominations.c, engagements.c
        query = (
            select(e.code, n.id_type, n.value, n.eligible, n.why)
            .join_from(nominations, engagements, e.id == n.engagement_id)
            .where(e.code.in_({line.group for line in lines}), n.id_type.in_({line.payload[0] for line in lines}))
            .where(n.value.in_({line.payload[1] for line in lines}))
        )
        return {joined(r.code, r.id_type, r.value): (r.eligible, r.why) for r in tx.execute(query)}
