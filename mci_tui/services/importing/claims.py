"""Claims brought along from elsewhere."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, func, insert, select, update

from mci_tui.domain.brought import Brought, Dates, brought
from mci_tui.domain.cells import day_or_instant
from mci_tui.domain.claims import UNANSWERED, Status
from mci_tui.domain.contacts import normal_email
from mci_tui.domain.deadlines import today
from mci_tui.domain.details import CONTACTS
from mci_tui.domain.engagements import Engagement, Pay
from mci_tui.domain.ids import IdType, normal_id
from mci_tui.domain.money import cents
from mci_tui.domain.tables import CLAIMS, Values
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Invalid, Reason, reason
from mci_tui.services.desk import Scene
from mci_tui.services.importing.claim_rows import About, Slots, claim_row
from mci_tui.services.importing.importer import Importer
from mci_tui.services.importing.lines import Complaints, Line, Verdict, Weighed, joined
from mci_tui.services.importing.parties import (
    IdKey,
    KnownId,
    NewId,
    Party,
    RowIds,
    Writer,
    known_ids,
    parties,
)
from mci_tui.services.making import terms_for
from mci_tui.store.engine import Tx
from mci_tui.store.numbers import CLAIM, move_past
from mci_tui.store.schema import claims, customers, engagements, history, locations
from mci_tui.store.standing import load_engagements

IMPORTED = "imported"
"""What the history of a claim brought along begins with."""

_DATES = {
    "created_on": "created_at",
    "consent_on": "consent_at",
    "submitted_on": "submitted_at",
    "ended_on": "ended_at",
}
_KEPT = {
    "engagement": "code",
    "customer": "key",
    "origin": "origin",
    "claim_name": "name",
    "location_id": "location_id",
    "id_type": "id_type",
    "id_value": "id_value",
    "status": "status",
    "hours": "hours",
    "deal_size_usd": "deal_size",
    "reason": "mismatch_reason",
}
_UNKNOWN_FACTS = {IdType.MSX: '{"open": false}'}
"""An opportunity that only a claim names is taken for closed, until the opportunities say otherwise."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the workspace has about some lines."""

    numbered: Mapping[str, Any]
    similar: Mapping[str, Any]
    parties: Mapping[str, Party]
    ids: Mapping[IdKey, KnownId]
    engagements: Mapping[str, tuple[int, Engagement]]
    locations: frozenset[str]


class ClaimsImporter(Importer[Known]):
    """A claim that is here already, and equal in all that the line says, stays; a different one is an error."""

    kind = CLAIMS
    group_column = "customer"
    key_column = "claim_id"

    def __init__(self, workspace: Workspace, now: datetime) -> None:
        self._pattern = workspace.msx_pattern
        self._zone = workspace.timezone
        self._now = now
        self._writer = Writer()
        self._row_ids = RowIds(claims, CLAIM)
        self._history_before: int | None = None

    def prepare(self, number: int, values: Values) -> Line:
        complaints = Complaints()
        said: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
        id_type = IdType(said["id_type"])
        said["id_value"] = complaints.read("id_value", normal_id, id_type, said["id_value"], self._pattern)
        for column in ("contact_email", "partner_email"):
            if column in said:
                said[column] = complaints.read(column, normal_email, said[column])
        claim_id = said["claim_id"] = str(said.get("claim_id", "")).upper()
        if len(claim_id.split()) > 1:
            complaints["claim_id"] = reason("claim_id_form")
        if said["status"] == Status.CUSTOMER_CLAIMED and "deal_size_usd" in said:
            complaints["deal_size_usd"] = reason("deal_size_not_sent")
        complaints.settle()
        if "deal_size_usd" in said:
            said["deal_size_usd"] = cents(Decimal(said["deal_size_usd"]))
        day = self._day(said["created_on"])
        said |= {column: said[column].isoformat() for column in _DATES if column in said}
        similar = joined(said["engagement"], said["customer"], id_type, said["id_value"], day.isoformat())
        said["similar"] = similar
        ident = joined(id_type, said["id_value"])
        return Line(number, claim_id or similar, said["customer"], said, ident=ident, rank=0 if claim_id else 1)

    def weigh(self, lines: Sequence[Line], known: Known) -> list[Weighed]:
        found = []
        for line in lines:
            row = self._row(known, line)
            problems = self._against(known, line) if row is None else self._different(row, line.payload)
            verdict = None if problems else Verdict.NEW if row is None else Verdict.SAME
            found.append(Weighed(line, verdict, problems))
        return found

    def keep(self, scene: Scene, lines: Sequence[Line], known: Known) -> None:
        tx = scene.tx
        if self._history_before is None:
            self._history_before = tx.scalar(select(func.max(history.c.id))) or 0
        self._make_parties(tx, known, lines)
        known = self.look(tx, lines)
        given = self._row_ids.give(tx, [line.payload["claim_id"] for line in lines])
        slots = Slots(tx, {known.parties[line.group].id for line in lines})
        rows = [
            claim_row(id_, line.payload, self._about(known, line), slots, scene.login, self._zone)
            for line, id_ in zip(lines, given, strict=True)
        ]
        tx.execute(insert(claims), rows)
        told = {"at": scene.now, "who": scene.login, "what": IMPORTED, "note": ""}
        changes = [{"claim_id": row["id"], "changes": json.dumps({"status": [None, row["status"]]})} for row in rows]
        tx.execute(insert(history), [{**told, **each} for each in changes])
        self._writer.touch(tx, {row["customer_id"] for row in rows})

    def finish(self, scene: Scene) -> None:
        if self._history_before is not None:
            self._judge_pages(scene.tx, self._history_before)
        move_past(scene.tx, claims)
        self._writer.finish(scene.tx)

    def _judge_pages(self, tx: Tx, after: int) -> None:
        """S-2f, in the order of the claims' dates: who was not known at a decline or lapse leaves the page."""
        c, earlier = claims.c, claims.alias("earlier").c
        was_known = exists().where(earlier.customer_id == c.customer_id, earlier.consent_at <= c.ended_at)
        brought_now = select(history.c.claim_id).where(history.c.id > after, history.c.what == IMPORTED)
        unanswered = c.status.in_([str(status) for status in UNANSWERED])
        tx.execute(update(claims).where(c.id.in_(brought_now), unanswered, ~was_known).values(on_page=False))

    def look(self, tx: Tx, lines: Sequence[Line]) -> Known:
        numbers = {line.payload["claim_id"] for line in lines} - {""}
        nameless = {line.group for line in lines if not line.payload["claim_id"]}
        query = (
            select(claims, customers.c.key, engagements.c.code)
            .join_from(claims, customers, customers.c.id == claims.c.customer_id)
            .join(engagements, engagements.c.id == claims.c.engagement_id)
        )
        rows = tx.execute(query.where(claims.c.number.in_(numbers) | customers.c.key.in_(nameless))).all()
        similar = {
            joined(row.code, row.key, row.id_type, row.id_value, self._day(row.created_at).isoformat()): row
            for row in rows
        }
        return Known(
            numbered={row.number: row for row in rows},
            similar=similar,
            parties=parties(tx, (line.group for line in lines)),
            ids=known_ids(tx, [_id_of(line) for line in lines]),
            engagements={each.code: (id_, each) for id_, each in load_engagements(tx).items()},
            locations=frozenset(tx.scalars(select(locations.c.id))),
        )

    def _row(self, known: Known, line: Line) -> Any:
        number = line.payload["claim_id"]
        return known.numbered.get(number) if number else known.similar.get(line.payload["similar"])

    def _different(self, row: Any, said: Mapping[str, Any]) -> dict[str, Reason]:
        """What a line says otherwise than the claim that is here; what it leaves empty is not compared."""
        kept = {**_KEPT, **{name: name for name in CONTACTS}}
        differ = [column for column, name in kept.items() if column in said and said[column] != getattr(row, name)]
        for column, name in _DATES.items():
            if column in said and not self._same_moment(day_or_instant(said[column]), getattr(row, name)):
                differ.append(column)
        return {column: reason("claim_differs", claim=row.number) for column in differ}

    def _same_moment(self, said: date, kept: datetime | None) -> bool:
        if kept is None or isinstance(said, datetime):
            return said == kept
        return said == self._day(kept)

    def _against(self, known: Known, line: Line) -> dict[str, Reason]:
        """What speaks against a claim that is not here yet."""
        said, found = line.payload, dict[str, Reason]()
        id_ = known.ids.get(_id_of(line))
        if id_ is not None and id_.customer != line.group:
            found["id_value"] = reason("id_of_other", customer=id_.customer)
        if said["location_id"] not in known.locations:
            found["location_id"] = reason("not_found_location", location=said["location_id"])
        if said["engagement"] not in known.engagements:
            return found | {"engagement": reason("not_found_engagement", code=said["engagement"])}
        engagement = known.engagements[said["engagement"]][1]
        if said["id_type"] not in engagement.id_types:
            found["id_type"] = reason("id_type_not_accepted", accepted=list(engagement.id_types))
        if engagement.pay is Pay.FIXED and "hours" in said:
            found["hours"] = reason("hours_fixed_pay")
        try:
            self._brought(said, engagement)
        except Invalid as invalid:
            found |= invalid.problems
        return found

    def _brought(self, said: Mapping[str, Any], engagement: Engagement) -> Brought:
        """Where the claim stands. Raises `Invalid`."""
        created, *later = (day_or_instant(said[column]) if column in said else None for column in _DATES)
        assert created is not None
        terms = terms_for(engagement, self._zone)
        return brought(Status(said["status"]), Dates(created, *later), engagement, terms, self._now)

    def _make_parties(self, tx: Tx, known: Known, lines: Sequence[Line]) -> None:
        """The customers and IDs that only the claims name."""
        new = {line.group: (line.payload["customer_name"], None) for line in lines if line.group not in known.parties}
        made = self._writer.make_customers(tx, new)
        ids = {key: party.id for key, party in known.parties.items()} | made
        wanted = {_id_of(line): line.group for line in lines if _id_of(line) not in known.ids}
        self._writer.make_ids(
            tx,
            [
                NewId(ids[owner], id_type, value, None, _UNKNOWN_FACTS.get(IdType(id_type), "{}"))
                for (id_type, value), owner in wanted.items()
            ],
        )

    def _about(self, known: Known, line: Line) -> About:
        engagement_id, engagement = known.engagements[line.payload["engagement"]]
        where = self._brought(line.payload, engagement)
        return About(engagement_id, engagement, known.parties[line.group], known.ids[_id_of(line)], where)

    def _day(self, when: date) -> date:
        return today(when, self._zone) if isinstance(when, datetime) else when


def _id_of(line: Line) -> IdKey:
    return line.payload["id_type"], line.payload["id_value"]
