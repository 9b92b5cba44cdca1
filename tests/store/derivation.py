"""What the Customers pages show, twice: as it is written down, and derived anew from everything else."""

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from mci_tui.domain.catalogue import defined
from mci_tui.domain.claims import Status
from mci_tui.domain.eligibility import Customer, CustomerId, Nomination, PairClaim, lines
from mci_tui.domain.ids import IdType
from mci_tui.store.engine import Tx
from mci_tui.store.schema import claims, customers, engagements, identifiers, nominations, standing

Line = tuple[int, int, str, int, int, int]
"""Engagement, tab, name, customer, claim (0: the customer's own line), the ID that would be used."""


def kept(tx: Tx) -> set[Line]:
    """The lines that are written down."""
    s = standing.c
    of = select(s.engagement_id, s.tab, s.sort_name, s.customer_id, s.claim_id, s.identifier_id)
    return {(row[0], row[1], row[2], row[3], row[4], row[5]) for row in tx.execute(of)}


def derived(tx: Tx) -> set[Line]:
    """The lines that the rules give for everything in the workspace, read table by table."""
    ids = {row.id: row for row in tx.execute(select(identifiers))}
    by_value = {(row.id_type, row.value): row for row in ids.values()}
    listed: defaultdict[int, dict[tuple[str, str], Nomination]] = defaultdict(dict)
    for line in tx.execute(select(nominations)):
        listed[line.engagement_id][line.id_type, line.value] = Nomination(line.eligible, line.why)
    made = list(tx.execute(select(claims).order_by(claims.c.id)))
    found: set[Line] = set()
    for one in tx.execute(select(customers)):
        mine = [claim for claim in made if claim.customer_id == one.id]
        agreed = sorted((claim.consent_at, claim.id, claim.identifier_id) for claim in mine if claim.consent_at)
        customer = Customer(
            one.id,
            bool(agreed),
            [_known_id(ids[id_], by_value, one.country) for id_ in dict.fromkeys(row[2] for row in agreed[::-1])],
            [
                CustomerId(IdType.MSX, row.value, _facts(row), row=row.id)
                for row in sorted(ids.values(), key=lambda row: row.id)
                if row.customer_id == one.id and row.id_type == IdType.MSX
            ],
        )
        for each in tx.execute(select(engagements)):
            pair = [
                PairClaim(c.id, Status(c.status), c.on_page, c.identifier_id if c.id_type == IdType.MSX else 0)
                for c in mine
                if c.engagement_id == each.id
            ]
            for tab, claim, used in lines(defined(each.definition), customer, pair, listed[each.id].get):
                found.add((each.id, int(tab), one.sort_name, one.id, claim, used))
    return found


def _facts(row: Any) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(row.facts, parse_float=Decimal)
    return facts


def _known_id(row: Any, by_value: dict[tuple[str, str], Any], country: str | None) -> CustomerId:
    about = by_value.get(("tenant", row.tenant)) if row.id_type == IdType.DOMAIN else row
    facts = {**({"country": country} if country else {}), **(_facts(about) if about else {})}
    return CustomerId(IdType(row.id_type), row.value, facts, row.tenant, row.id)
