"""The review's decisions on submitted claims (S-6c)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from mci_tui.domain.claims import STAGES, Life, move
from mci_tui.domain.deadlines import day_start, today
from mci_tui.domain.deciding import DECISIONS, against_decision
from mci_tui.domain.tables import DECISIONS as KIND
from mci_tui.domain.tables import Values
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Reason, reason
from mci_tui.services.deciding import IMPORTED, apply_decision
from mci_tui.services.desk import Scene
from mci_tui.services.importing.importer import Importer
from mci_tui.services.importing.lines import Line, Verdict, Weighed, joined
from mci_tui.services.importing.staging import Staging
from mci_tui.services.lapses import LIFE_COLUMNS, seen_at, terms_of
from mci_tui.services.moving import hold_id
from mci_tui.store.engine import Tx
from mci_tui.store.schema import claims, decisions


class Known(NamedTuple):
    """The claims by their numbers, and the keys of the decisions that are here already."""

    claims: dict[str, Any]
    taken: set[str]


class DecisionsImporter(Importer[Known]):
    """A decision that is here already changes nothing; the others go in by their days, whatever their order."""

    kind = KIND
    group_column = "claim_id"
    key_column = "status"

    def __init__(self, workspace: Workspace, now: datetime) -> None:
        self._zone = workspace.timezone
        self._now = now
        self._lives: dict[str, Life] = {}

    def prepare(self, number: int, values: Values) -> Line:
        claim, status, on = str(values["claim_id"]).upper(), str(values["status"]), values["decided_on"]
        assert isinstance(on, date)
        payload = [status, on.isoformat(), str(values.get("note") or "")]
        return Line(number, joined(claim, status, on.isoformat()), claim, payload, rank=on.toordinal())

    def look(self, tx: Tx, lines: Sequence[Line]) -> Known:
        c, d = claims.c, decisions.c
        numbers = {line.group for line in lines}
        rows = tx.execute(select(c.id, c.customer_id, c.number, *LIFE_COLUMNS).where(c.number.in_(numbers))).all()
        kept = tx.execute(
            select(c.number, d.status, d.decided_on)
            .join_from(decisions, claims, c.id == d.claim_id)
            .where(c.number.in_(numbers))
        )
        return Known({row.number: row for row in rows}, {joined(*row) for row in kept})

    def weigh(self, lines: Sequence[Line], known: Known) -> list[Weighed]:
        found = []
        for line in lines:
            if line.key in known.taken:
                found.append(Weighed(line, Verdict.SAME, {}))
            else:
                problems = self._against(line, known.claims.get(line.group))
                found.append(Weighed(line, None if problems else Verdict.NEW, problems))
        return found

    def _against(self, line: Line, row: Any) -> dict[str, Reason]:
        """What speaks against a line, after those before it; nothing: the claim stands where the line brings it."""
        if row is None:
            return {"claim_id": reason("not_found_claim", number=line.group)}
        decision, on = line.payload[0], date.fromisoformat(line.payload[1])
        life = self._lives.get(line.group) or seen_at(row, self._now)
        if DECISIONS[decision] not in STAGES[life.status].moves:
            return {"status": reason("wrong_state", claim=line.group, stands=str(life.status))}
        if against := against_decision(life, decision, on, today(self._now, self._zone), self._zone):
            code, why = against
            return {"decided_on" if code != "wrong_state" else "status": why}
        moved = move(life, DECISIONS[decision], max(day_start(on, self._zone), life.since), terms_of(row))
        self._lives[line.group] = moved or life
        return {}

    def verify(self, tx: Tx, staging: Staging) -> None:
        """Between the check and the writing: what was thought through so far is looked at again as it is."""
        self._lives.clear()

    def keep(self, scene: Scene, lines: Sequence[Line], known: Known) -> None:
        for line in lines:
            row = known.claims[line.group]
            status, on, note = line.payload
            held = hold_id(scene.tx, row.id, row.customer_id)
            apply_decision(scene, held, status, note, date.fromisoformat(on), IMPORTED)
