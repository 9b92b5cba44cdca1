"""The projection behind the Customers pages: `standing`, and its one writer.

A pair (customer, engagement) is the unit of change: its lines are thrown away and derived again by
`eligibility.lines`. What is read here is what every derivation needs, so the services read it here too.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Column, Result, Select, bindparam, delete, literal_column, select, text

from mci_tui.domain.catalogue import defined
from mci_tui.domain.claims import Status
from mci_tui.domain.eligibility import Customer, CustomerId, Nomination, Nominations, PairClaim, Tab, lines
from mci_tui.domain.engagements import Engagement, Fact
from mci_tui.domain.ids import IdType
from mci_tui.store.engine import Tx
from mci_tui.store.schema import claims, customers, engagements, identifiers, nominations, standing

CHUNK = 500
"""How many customers are derived at a time."""

_BULK = 5000


class Loaded(NamedTuple):
    """A customer with its ID, name and country, its place in the order and its claims by engagement."""

    customer: Customer
    key: str
    name: str
    country: str | None
    sort_name: str
    claims: dict[int, list[PairClaim]]


def chunks(items: Sequence[int], size: int = CHUNK) -> Iterator[Sequence[int]]:
    """`items` in pieces of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def load_engagements(
    tx: Tx, ids: Collection[int] | None = None, codes: Collection[str] | None = None
) -> dict[int, Engagement]:
    """The engagements with these ids or codes, or all, in the catalogue's order."""
    rows = _ENGAGEMENTS.of(tx, ids) if codes is None else _BY_CODE.of(tx, codes)
    return {row.id: defined(row.definition) for row in rows}


class _Rows:
    """The rows of a query, or those with given values of a column. Made once: that is most of a small query's cost."""

    def __init__(self, query: Select[*tuple[Any, ...]], column: Column[Any]) -> None:
        self._all = query
        self._some = query.where(column.in_(bindparam("wanted", expanding=True)))

    def of(self, tx: Tx, wanted: Collection[Any] | None) -> Result[Any]:
        """The rows with these values, or all."""
        return tx.execute(self._all) if wanted is None else tx.execute(self._some, {"wanted": list(wanted)})


_IN_ORDER = select(engagements.c.id, engagements.c.definition).order_by(engagements.c.position, engagements.c.id)
_ENGAGEMENTS, _BY_CODE = _Rows(_IN_ORDER, engagements.c.id), _Rows(_IN_ORDER, engagements.c.code)


def read_facts(kept: str) -> dict[str, Fact]:
    """The facts kept as JSON."""
    facts: dict[str, Fact] = json.loads(kept, parse_float=Decimal) if kept != "{}" else {}
    return facts


def load_customers(tx: Tx, ids: Collection[int] | None = None) -> list[Loaded]:
    """The customers with these ids, or all that have a claim, in the order of the pages."""
    with_claims = _claims(tx, ids)
    consented = _consented_ids(tx, ids) if with_claims else {}
    opportunities = _opportunities(tx, ids)
    found = []
    for row in _CUSTOMERS.of(tx, ids):
        if ids is None and row.id not in with_claims:
            continue
        known = consented.get(row.id, ())
        customer = Customer(
            row.id,
            bool(known),
            [_with_country(customer_id, row.country) for customer_id in known],
            opportunities.get(row.id, ()),
        )
        found.append(Loaded(customer, row.key, row.name, row.country, row.sort_name, with_claims.get(row.id, {})))
    return found


_C = customers.c
_CUSTOMERS = _Rows(select(_C.id, _C.key, _C.name, _C.sort_name, _C.country).order_by(_C.sort_name, _C.id), _C.id)


def _with_country(customer_id: CustomerId, country: str | None) -> CustomerId:
    facts = customer_id.facts
    if country is None or "country" in facts:
        return customer_id
    return CustomerId(
        customer_id.id_type, customer_id.value, {**facts, "country": country}, customer_id.tenant, customer_id.row
    )


def _claims(tx: Tx, ids: Collection[int] | None) -> dict[int, dict[int, list[PairClaim]]]:
    found: dict[int, dict[int, list[PairClaim]]] = {}
    for row in _CLAIMS.of(tx, ids):
        used = row.identifier_id if row.id_type == IdType.MSX else 0
        pair = PairClaim(row.id, Status(row.status), row.on_page, used)
        found.setdefault(row.customer_id, {}).setdefault(row.engagement_id, []).append(pair)
    return found


_CLAIMS = _Rows(
    select(
        claims.c.id,
        claims.c.customer_id,
        claims.c.engagement_id,
        claims.c.status,
        claims.c.on_page,
        claims.c.id_type,
        claims.c.identifier_id,
    ).order_by(claims.c.id),
    claims.c.customer_id,
)


def _consented_ids(tx: Tx, ids: Collection[int] | None) -> dict[int, list[CustomerId]]:
    """The IDs of consented claims by customer, the latest consent first."""
    found: defaultdict[int, dict[int, CustomerId]] = defaultdict(dict)
    for row in _CONSENTED.of(tx, ids):
        if row.id not in found[row.customer_id]:
            facts = read_facts((row.tenant_facts or "{}") if row.id_type == IdType.DOMAIN else row.facts)
            found[row.customer_id][row.id] = CustomerId(IdType(row.id_type), row.value, facts, row.tenant, row.id)
    return {customer: list(by_id.values()) for customer, by_id in found.items()}


_I, _TENANTS = identifiers.c, identifiers.alias("tenants")
_OF_DOMAIN = (_TENANTS.c.id_type == IdType.TENANT) & (_TENANTS.c.value == _I.tenant) & (_I.id_type == IdType.DOMAIN)
_CONSENTED = _Rows(
    select(claims.c.customer_id, _I.id, _I.id_type, _I.value, _I.tenant, _I.facts)
    .add_columns(_TENANTS.c.facts.label("tenant_facts"))
    .join_from(claims, identifiers, claims.c.identifier_id == _I.id)
    .outerjoin(_TENANTS, _OF_DOMAIN)
    .where(claims.c.consent_at.is_not(None))
    .order_by(claims.c.consent_at.desc(), claims.c.id.desc()),
    claims.c.customer_id,
)


def _opportunities(tx: Tx, ids: Collection[int] | None) -> dict[int, list[CustomerId]]:
    found: defaultdict[int, list[CustomerId]] = defaultdict(list)
    for row in _OPPORTUNITIES.of(tx, ids):
        found[row.customer_id].append(CustomerId(IdType.MSX, row.value, read_facts(row.facts), None, row.id))
    return found


_OPPORTUNITIES = _Rows(
    select(_I.id, _I.customer_id, _I.value, _I.facts).where(_I.id_type == IdType.MSX).order_by(_I.id), _I.customer_id
)


def nomination_lists(
    tx: Tx, listed: Mapping[int, Engagement], values: Collection[str] | None = None
) -> dict[int, Nominations]:
    """A look-up for the nomination list of each engagement; for these ID values alone, where they are given."""
    found: dict[int, dict[tuple[str, str], Nomination]] = {id_: {} for id_ in listed}
    if with_list := [id_ for id_, engagement in listed.items() if engagement.nomination_list]:
        n = nominations.c
        query = select(n.engagement_id, n.id_type, n.value, n.eligible, n.why).where(n.engagement_id.in_(with_list))
        for row in _Rows(query, n.value).of(tx, values):
            found[row.engagement_id][row.id_type, row.value] = Nomination(row.eligible, row.why)
    return {id_: lines_of_list.get for id_, lines_of_list in found.items()}


def refresh(
    tx: Tx, changed: Collection[int] | None = None, of: Collection[int] | Mapping[int, Engagement] | None = None
) -> None:
    """Derives the lines of these customers on these engagements again; None means all of them.

    A customer whose name changes must be `forget`-ed under the old one first.
    """
    involved = of if isinstance(of, Mapping) else load_engagements(tx, of)
    if changed is None:
        _rebuild(tx, involved)
        return
    for chunk in chunks(sorted(changed)):
        found = load_customers(tx, chunk)
        _forget(tx, [(loaded.sort_name, loaded.customer.id) for loaded in found], list(involved))
        values = {id_.listed_as[1] for f in found for id_ in (*f.customer.consented, *f.customer.opportunities)}
        lists = nomination_lists(tx, involved, values)
        _insert(
            tx, [row for id_, engagement in involved.items() for row in _derive(id_, engagement, found, lists[id_])]
        )


def forget(tx: Tx, changed: Collection[int]) -> None:
    """Takes these customers' lines away, before their names change."""
    for chunk in chunks(sorted(changed)):
        named = tx.execute(select(customers.c.sort_name, customers.c.id).where(customers.c.id.in_(chunk)))
        _forget(tx, [(row.sort_name, row.id) for row in named], list(tx.scalars(select(engagements.c.id))))


def _rebuild(tx: Tx, involved: Mapping[int, Engagement]) -> None:
    """Engagement by engagement in key order: three times as quick as customer by customer."""
    found = load_customers(tx)
    for id_, engagement in involved.items():
        tx.execute(delete(standing).where(standing.c.engagement_id == id_))
        look_up = nomination_lists(tx, {id_: engagement})[id_]
        rows: list[tuple[Any, ...]] = []
        for row in _derive(id_, engagement, found, look_up):
            rows.append(row)
            if len(rows) >= _BULK:
                _insert(tx, rows)
                rows.clear()
        _insert(tx, rows)
    tx.execute(text("ANALYZE"))


def _derive(
    id_: int, engagement: Engagement, found: Sequence[Loaded], look_up: Nominations
) -> Iterator[tuple[Any, ...]]:
    for loaded in found:
        customer = loaded.customer
        for tab, claim, used in lines(engagement, customer, loaded.claims.get(id_, ()), look_up):
            yield id_, int(tab), loaded.sort_name, customer.id, claim, used


def _forget(tx: Tx, named: Sequence[tuple[str, int]], of: Sequence[int]) -> None:
    """Finds the lines by their whole key, tabs and all, so that no second index is needed."""
    keys = [
        {"engagement": engagement, "sort_name_is": sort_name, "customer": customer}
        for engagement in of
        for sort_name, customer in named
    ]
    if keys:
        tx.execute(_FORGOTTEN, keys)


_FORGOTTEN = delete(standing).where(
    standing.c.engagement_id == bindparam("engagement"),
    standing.c.tab.in_(literal_column(str(int(tab))) for tab in Tab),
    standing.c.sort_name == bindparam("sort_name_is"),
    standing.c.customer_id == bindparam("customer"),
)


def _insert(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        marks = "?, ?, ?, ?, ?, ?" if tx.dialect.name == "sqlite" else "%s, %s, %s, %s, %s, %s"
        columns = "engagement_id, tab, sort_name, customer_id, claim_id, identifier_id"
        tx.exec_driver_sql(f"INSERT INTO standing ({columns}) VALUES ({marks})", list(rows))  # noqa: S608
