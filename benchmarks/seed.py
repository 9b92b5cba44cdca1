"""Workspaces of a given size: known customers with one consented claim each, over 50 engagements, and newcomers; or
customers with several claims each, in statuses that need nobody now.

`python -m benchmarks.seed FILE CUSTOMERS` makes one. The same size gives the same customers; dates are relative to the
day on which it is made and lapse years later.
"""

import getpass
import json
import random
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table
from sqlalchemy.sql.base import Executable

from mci_tui.clock import system_clock
from mci_tui.domain.catalogue import read_catalogue
from mci_tui.domain.claims import STAGES, Status, Terms
from mci_tui.services.making import search_text
from mci_tui.store import schema
from mci_tui.store.engine import Tx, make_store
from mci_tui.store.standing import refresh
from mci_tui.text import folded

ENGAGEMENTS = 50
LOCATION = "4000001"
RARE = "q"
"""A letter that stands in the names of one customer in 20 and in nothing else that a filter looks at."""

QUIET = (
    Status.CONSENT_RECEIVED,
    Status.AWAITING_CONSENT,
    Status.APPROVED,
    Status.SUBMITTED,
    Status.CUSTOMER_CLAIMED,
    Status.APPROVED,
    Status.UNDER_REVIEW,
    Status.CANCELLED,
)
"""The statuses of several claims each, in turn."""

_DAYS = 3000
_WELCOME = {"seats": 1000, "managed": True}
_BATCH = 5000
_SYLLABLES = [consonant + vowel for consonant in "bcdfglmnprs" for vowel in "aeio"]
_AREAS = ("Business Applications", "Cloud & AI Platforms", "Security")


def make(path: Path, customers: int, newcomers: int = 0, each: int = 1) -> None:
    """Makes the workspace `path` with `customers`, known by `each` so many claims, and `newcomers` without any."""
    everybody = customers + newcomers
    now = system_clock()
    store = make_store(str(path), now, getpass.getuser())
    with store.write(alone=True) as tx:
        _insert(tx, schema.locations, [_location()])
        _insert(tx, schema.operators, [{"login": getpass.getuser(), "name": "", "email": "", "phone": ""}])
        _insert(tx, schema.grants, [{"login": getpass.getuser(), "role": "incentives_admin", "location": "*"}])
        _insert(tx, schema.engagements, list(_engagements(now)))
        _insert(tx, schema.customers, _customers(everybody))
        _insert(tx, schema.identifiers, _identifiers(customers, everybody))
        _insert(tx, schema.claims, _claims(customers, each, now))
        refresh(tx)
    store.close()


def tenant(number: int) -> str:
    """The tenant ID of customer `number`."""
    return f"00000000-0000-4000-8000-{number:012}"


def domain(number: int) -> str:
    """The e-mail domain of customer `number`."""
    return f"c{number}.example.com"


def _insert(tx: Tx, table: Table, rows: Sequence[dict[str, Any]] | Iterator[dict[str, Any]]) -> None:
    statement: Executable = table.insert()
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            tx.execute(statement, batch)
            batch.clear()
    if batch:
        tx.execute(statement, batch)


def _location() -> dict[str, Any]:
    return {"id": LOCATION, "name": "Milano", "country": "IT", "enrolled": True, "is_global": False}


def _engagements(now: datetime) -> Iterator[dict[str, Any]]:
    for number, (engagement, definition) in enumerate(read_catalogue(catalogue(now)), 1):
        yield {
            "id": number,
            "code": engagement.code,
            "position": number,
            "name": engagement.name,
            "solution_area": engagement.solution_area,
            "definition": definition,
        }


def catalogue(now: datetime) -> str:
    """A catalogue of 50 fixed-pay engagements with two criteria each."""
    starts, ends = (now - timedelta(days=300)).date(), (now + timedelta(days=_DAYS)).date()
    parts = ['format = 1\n[markets]\nA = ["IT"]\nB = ["ES"]\n']
    parts += [
        f"""
[[engagement]]
code = "offer-{number:02}"
name = "Offer {number:02}"
solution_area = "{_AREAS[number * len(_AREAS) // ENGAGEMENTS]}"
pay = "fixed"
id_types = ["domain", "tenant", "tpid", "subscription"]
starts_on = {starts}
ends_on = {ends}
consent_days = {_DAYS}
submit_days = {_DAYS}
review_days = {_DAYS}
dispute_days = {_DAYS}
max_active_claims = 1
max_total_claims = 2
proof = ["invoice", "poe"]
payout = {{ fixed = {{ A = 8000, B = 6500, C = 5000 }} }}
criterion = [
    {{ fact = "seats", is = "at_least", value = {100 + 50 * (number % 10)}, reason = "too few paid seats" }},
    {{ fact = "managed", is = "equals", value = {"true" if number % 3 else "false"}, reason = "not that segment" }},
]
"""
        for number in range(ENGAGEMENTS)
    ]
    return "".join(parts)


def name(number: int) -> str:
    """The name of customer `number`: of syllables, so that most letters are common."""
    draw = random.Random(number)
    words = ("".join(draw.choices(_SYLLABLES, k=draw.randint(2, 4))).capitalize() for _word in range(2))
    return f"{' '.join(words)} {RARE if number % 20 == 0 else ''}{number}"


def _customers(count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        called = name(number)
        yield {
            "id": number,
            "key": f"C-{number:06}",
            "name": called,
            "country": "IT",
            "sort_name": folded(called),
        }


def _identifiers(known: int, count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        draw = random.Random(-number)
        drawn = {"seats": draw.randint(1, 1000), "managed": draw.random() < 0.5}
        facts, of = json.dumps(drawn if number <= known else _WELCOME), tenant(number)
        row = {"customer_id": number}
        yield row | {"id": 2 * number, "id_type": "tenant", "value": of, "tenant": None, "facts": facts}
        yield row | {"id": 2 * number + 1, "id_type": "domain", "value": domain(number), "tenant": of, "facts": "{}"}


def _claims(customers: int, each: int, now: datetime) -> Iterator[dict[str, Any]]:
    terms = json.dumps(Terms("Europe/Rome", _DAYS, _DAYS, _DAYS, _DAYS)._asdict())
    made, due = now - timedelta(days=20), now + timedelta(days=_DAYS - 20)
    empty = {column.name: None for column in schema.claims.columns}
    for number in range(1, customers * each + 1):
        customer = 1 + (number - 1) // each
        status = QUIET[number % len(QUIET)] if each > 1 else Status.CONSENT_RECEIVED
        lapses = due + timedelta(minutes=number % 1000) if STAGES[status].due else None
        email = f"anna@{domain(customer)}"
        yield empty | {
            "id": number,
            "number": f"CLM-{number:06}",
            "engagement_id": 1 + number % ENGAGEMENTS,
            "customer_id": customer,
            "identifier_id": 2 * customer,
            "name": f"Claim {number}",
            "origin": "added",
            "location_id": LOCATION,
            "id_type": "tenant",
            "id_value": tenant(customer),
            "tenant": tenant(customer),
            "mismatch_reason": "",
            "status": status,
            "status_since": made,
            "version": 1,
            "slot": 1,
            "on_page": True,
            "disputed": False,
            "terms": terms,
            "created_at": made,
            "created_by": "seed",
            "consent_due": due,
            "consent_at": made,
            "answer_given_by": "Anna",
            "submit_due": due,
            "next_due": lapses,
            "payout": 800_000,
            "payout_limited_by": "fixed",
            "payout_terms": "{}",
            "contact_name": "Anna",
            "contact_email": email,
            "contact_title": "",
            "contact_phone": "",
            "contact_language": "en",
            "partner_name": "Mario Rossi",
            "partner_email": "rossi@example.com",
            "partner_phone": "",
            "search": search_text(name(customer), f"CLM-{number:06}", f"Claim {number}", tenant(customer), email),
        }


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
