"""Adding claims through the service, against writing the same rows by plain `sqlite3`."""

import getpass
import shutil
import sqlite3
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text

from benchmarks import seed
from benchmarks.report import Goal
from mci_tui.clock import system_clock
from mci_tui.domain.adding import Addition
from mci_tui.services.adding import Adding
from mci_tui.services.desk import Desk
from mci_tui.store.engine import open_store

KNOWN = 1000
_WRITTEN = {"claims": "customer_id = ?1", "history": "claim_id IN (SELECT id FROM claims WHERE customer_id = ?1)"}
_WRITTEN["standing"] = _WRITTEN["claims"]

Rows = list[tuple[str, tuple[Any, ...]]]


def adding(count: int, folder: Path) -> Goal:
    """`count` newcomers are added one by one; each is then written again, as raw rows, into a copy of the workspace."""
    with TemporaryDirectory(dir=folder) as place:
        served, raw = Path(place, "served.db"), Path(place, "raw.db")
        seed.make(served, KNOWN, count)
        shutil.copyfile(served, raw)
        store = open_store(str(served), login=getpass.getuser())
        with store.read() as tx:
            pragmas = {name: tx.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")}
        service = Adding(Desk(store, system_clock, getpass.getuser()))
        target, source = sqlite3.connect(raw, isolation_level=None), sqlite3.connect(served)
        for name, value in pragmas.items():
            target.execute(f"PRAGMA {name}={value}")
        ours, theirs = [], []
        for customer in range(KNOWN + 1, KNOWN + count + 1):
            ours.append(_timed_add(service, customer))
            theirs.append(_timed_write(target, _rows(source, customer)))
        for closing in (target, source, store):
            closing.close()
    return Goal("Adding a claim: service, against raw `sqlite3`", "claims/s", 0.3, ours, theirs, at_least=True)


def _timed_add(service: Adding, customer: int) -> float:
    addition = Addition(
        name=f"Claim {customer}",
        location=seed.LOCATION,
        id_type="tenant",
        id=seed.tenant(customer),
        engagement=("offer-01",),
        contact_name="Anna Bianchi",
        contact_email=f"anna@{seed.domain(customer)}",
        partner_name="Mario Rossi",
        partner_email="rossi@example.com",
    )
    began = time.perf_counter()
    service.add(addition)
    return 1 / (time.perf_counter() - began)


def _rows(source: sqlite3.Connection, customer: int) -> Rows:
    """What was written for a customer, table by table."""
    return [
        (f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        for table, where in _WRITTEN.items()
        for row in source.execute(f"SELECT * FROM {table} WHERE {where}", [customer])
    ]


def _timed_write(target: sqlite3.Connection, rows: Rows) -> float:
    began = time.perf_counter()
    target.execute("BEGIN IMMEDIATE")
    for statement, row in rows:
        target.execute(statement, row)
    target.execute("COMMIT")
    return 1 / (time.perf_counter() - began)
