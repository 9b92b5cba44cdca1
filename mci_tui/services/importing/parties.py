"""Customers and their IDs, as imports read and write them."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Table, bindparam, func, insert, select, text, update

from mci_tui.services.making import refresh_search
from mci_tui.store.engine import Tx
from mci_tui.store.numbers import CUSTOMER, id_numbered, move_past
from mci_tui.store.schema import claims, customers, identifiers
from mci_tui.store.standing import forget, refresh
from mci_tui.text import folded

IdKey = tuple[str, str]
"""An ID by type and value."""

_MANY = 500
_SHARE = 8
"""Deriving all lines of the Customers pages is about this many times quicker for each customer than deriving some."""
_BULK = 10_000


class Party(NamedTuple):
    """A customer of the workspace."""

    id: int
    name: str
    country: str | None


class KnownId(NamedTuple):
    """An ID of the workspace; `customer` is the customer's key, `facts` are JSON."""

    id: int
    customer: str
    tenant: str | None
    facts: str


class NewId(NamedTuple):
    """An ID to write."""

    customer_id: int
    id_type: str
    value: str
    tenant: str | None
    facts: str


def parties(tx: Tx, keys: Iterable[str]) -> dict[str, Party]:
    """The customers with these keys."""
    c = customers.c
    found = tx.execute(select(c.key, c.id, c.name, c.country).where(c.key.in_(set(keys))))
    return {row.key: Party(row.id, row.name, row.country) for row in found}


def known_ids(tx: Tx, ids: Collection[IdKey]) -> dict[IdKey, KnownId]:
    """Those of these IDs that the workspace knows."""
    i = identifiers.c
    query = (
        select(i.id_type, i.value, i.id, customers.c.key, i.tenant, i.facts)
        .join_from(identifiers, customers, customers.c.id == i.customer_id)
        .where(i.id_type.in_({id_type for id_type, _value in ids}), i.value.in_({value for _type, value in ids}))
    )
    return {(row.id_type, row.value): KnownId(row.id, row.key, row.tenant, row.facts) for row in tx.execute(query)}


def merged(facts: str, said: Mapping[str, Any]) -> str:
    """Facts (JSON) after a line: what it says holds, what it empties is gone, the rest stays."""
    kept = {**json.loads(facts), **said} if facts != "{}" else said
    return json.dumps({k: v for k, v in kept.items() if v is not None}, sort_keys=True, ensure_ascii=False)


class RowIds:
    """Gives new rows their ids: the one that a number of the program's own form stands for, else the next one."""

    def __init__(self, table: Table, prefix: str) -> None:
        self._table, self._prefix = table, prefix
        self._next = 0

    def give(self, tx: Tx, names: Sequence[str]) -> list[int]:
        """The ids for rows with these numbers or keys; an empty one takes the next id."""
        self._next = self._next or (tx.scalar(select(func.max(self._table.c.id))) or 0) + 1
        wanted = {name: id_numbered(self._prefix, name) for name in names}
        taken = set(tx.scalars(select(self._table.c.id).where(self._table.c.id.in_(set(wanted.values()) - {None}))))
        given = []
        for name in names:
            id_ = wanted[name]
            if not id_ or id_ in taken:
                id_ = self._next
            taken.add(id_)
            self._next = max(self._next, id_ + 1)
            given.append(id_)
        return given


class Writer:
    """Writes customers and IDs, and knows at the end whose lines on the Customers pages must be derived anew."""

    def __init__(self) -> None:
        self._row_ids = RowIds(customers, CUSTOMER)
        self._touched: set[int] = set()
        self._written = 0

    def make_customers(self, tx: Tx, new: Mapping[str, tuple[str, str | None]]) -> dict[str, int]:
        """Customers by key with their names and countries; their row ids."""
        ids = dict(zip(new, self._row_ids.give(tx, list(new)), strict=True))
        rows = [
            {"id": ids[key], "key": key, "name": name, "country": country, "sort_name": folded(name)}
            for key, (name, country) in new.items()
        ]
        if rows:
            tx.execute(insert(customers), rows)
        return ids

    def change_customers(self, tx: Tx, changed: Sequence[Party]) -> None:
        """Gives customers other names and countries."""
        involved = self.touch(tx, [party.id for party in changed])
        forget(tx, involved)
        rows = [{"of": p.id, "name": p.name, "country": p.country, "sort_name": folded(p.name)} for p in changed]
        if rows:
            tx.execute(update(customers).where(customers.c.id == bindparam("of")), rows)
            refresh_search(tx, involved)

    def make_ids(self, tx: Tx, new: Sequence[NewId]) -> None:
        """Writes new IDs."""
        if new:
            tx.execute(insert(identifiers), [each._asdict() for each in new])
        self._written += len(new)
        self._involve(tx, new)

    def change_ids(self, tx: Tx, changed: Mapping[int, NewId]) -> None:
        """Gives IDs, by their row ids, other facts and tenants."""
        rows = [{"of": id_, "tenant": each.tenant, "facts": each.facts} for id_, each in changed.items()]
        if rows:
            tx.execute(update(identifiers).where(identifiers.c.id == bindparam("of")), rows)
        self._written += len(rows)
        self._involve(tx, changed.values())

    def _involve(self, tx: Tx, ids: Collection[NewId]) -> None:
        """A tenant's facts are also those of the domains that belong to it, whoever's they are. S-3c"""
        tenants = {each.value for each in ids if each.id_type == "tenant"}
        theirs = tx.scalars(select(identifiers.c.customer_id).where(identifiers.c.tenant.in_(tenants)))
        self.touch(tx, {each.customer_id for each in ids} | set(theirs))

    def touch(self, tx: Tx, ids: Collection[int]) -> set[int]:
        """Something changed for these customers; those that stand on any page."""
        query = select(claims.c.customer_id).where(claims.c.customer_id.in_(ids)).distinct()
        involved = set(tx.scalars(query)) if ids else set()
        self._touched |= involved
        return involved

    def finish(self, tx: Tx) -> None:
        """Brings the Customers pages and what the database knows of its tables up to date."""
        move_past(tx, customers)
        with_claims = tx.scalar(select(func.count(claims.c.customer_id.distinct()))) or 0
        if len(self._touched) > _MANY and len(self._touched) * _SHARE > with_claims:
            refresh(tx)
        else:
            refresh(tx, self._touched)
            if self._written > _BULK:
                tx.execute(text("ANALYZE"))
