"""Exports (S-11b): what a list shows, or all of it, as CSV, JSON or XLSX; one home for commands and screens."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import count
from os.path import lexists
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from mci_tui.domain.money import CENT
from mci_tui.services import csv_out
from mci_tui.services.csv_out import Cell
from mci_tui.services.files import new_file
from mci_tui.words import plain, say

if TYPE_CHECKING:
    from mci_tui.services.claims import Claim, ClaimQuestion, Claims
    from mci_tui.services.customers import CustomerRow, Customers, PageQuestion
    from mci_tui.services.engagements import Counts, EngagementRow

PAGE = 1_000
"""How many rows are read at a time, each page in a transaction of its own."""

CUSTOMER_COLUMNS = (
    "customer", "customer_name", "claim_id", "claim_name", "location_id", "id_type", "id_value", "status", "due_on",
    "due_what", "days_left", "action", "reasons",
)  # fmt: skip
"""What a row of a Customers page is made of."""

ENGAGEMENT_COLUMNS = (
    "code", "name", "solution_area", "partner_role", "pay", "active", "starts_on", "ends_on", "locations_eligible",
    "locations_enrolled", "eligible", "not_eligible", "complete",
)  # fmt: skip
"""What an engagement's row is made of."""

Row = Mapping[str, Any]
"""A row by the names that scripts know."""

Told = Callable[[int], None]
"""Is told how many rows are written; what it raises stops the export."""


class Format(StrEnum):
    """What a file can be; each is also the end of the file's name."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Source:
    """What is exported: the `columns` wanted of rows, which are read page by page once they are asked for.

    `name` is what the sheet is called, and how the file's name begins.
    """

    name: str
    columns: Sequence[str]
    rows: Callable[[], Iterable[Row]]

    def lines(self) -> Iterator[list[Any]]:
        """The values wanted of each row."""
        return ([row[name] for name in self.columns] for row in self.rows())

    def cells(self) -> Iterator[list[Cell]]:
        """The same for tables, whose cells hold one value: of several reasons the sentences."""
        return ([cell(value) for value in line] for line in self.lines())


def export(source: Source, format_: Format, path: Path, told: Told = lambda _rows: None) -> int:
    """Writes a new file at `path`, and gives the number of its rows.

    Raises `Refused` as the reading of rows does, where something stands there already, and where no file can be
    written; then there is none, not even a part.
    """
    written = 0

    def counted() -> Iterator[Row]:
        nonlocal written
        for row in source.rows():
            yield row
            written += 1
            if written % PAGE == 0:
                told(written)

    watched = replace(source, rows=counted)
    with new_file(path) as out:
        match format_:
            case Format.CSV:
                csv_out.write(out, watched.columns, watched.cells())
            case Format.XLSX:
                from mci_tui.services import xlsx_out

                xlsx_out.write(out, watched.name, watched.columns, watched.cells())
            case Format.JSON:
                _write_json(out, watched.columns, watched.lines())
    return written


def _write_json(out: BinaryIO, columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    """The document that commands print of a list, a row a line; its total stands behind the rows."""
    out.write(b'{"rows": [')
    total = 0
    for total, line in enumerate(lines, 1):
        row = json.dumps(plain(dict(zip(columns, line, strict=True))), ensure_ascii=False)
        out.write(f"{',' if total > 1 else ''}\n{row}".encode())
    out.write(f'\n], "total": {total}}}\n'.encode())


def suggested(folder: Path, name: str, on: date, format_: Format) -> Path:
    """A name in `folder` that nothing stands under yet, such as `claims-2026-11-23.csv`. Blocks."""
    endings = (f"-{number}" if number > 1 else "" for number in count(1))
    paths = (folder / f"{name}-{on}{ending}.{format_}" for ending in endings)
    return next(path for path in paths if not lexists(path))


def cell(value: Any) -> Cell:
    """A value as one cell of a table."""
    if isinstance(value, tuple):
        return "; ".join(say(reason) for reason in value)
    found: Cell = value
    return found


# What there is to export, page by page, and its rows by the names of the contract


def every_customer(
    customers: "Customers", asked: "PageQuestion", offset: int = 0, limit: int | None = None
) -> "Iterator[CustomerRow]":
    """The rows of a Customers page, from `offset` on, at most `limit` of them."""
    from mci_tui.services.customers import Place

    after = None
    for size in _sizes(limit):
        page = customers.rows(asked, Place(offset, size, after))
        yield from page
        if len(page) < size:
            return
        after, offset = page[-1], offset + size


def customer_row(row: "CustomerRow") -> dict[str, Any]:
    """A row of a Customers page."""
    return {name: getattr(row, name) for name in CUSTOMER_COLUMNS}


def every_claim(
    claims: "Claims", asked: "ClaimQuestion", offset: int = 0, limit: int | None = None
) -> "Iterator[Claim]":
    """The claims asked for, from `offset` on, at most `limit` of them."""
    after = ""
    for size in _sizes(limit):
        page = claims.rows(asked, offset=offset, limit=size, after=after)
        yield from page
        if len(page) < size:
            return
        after, offset = page[-1].claim_id, offset + size


def claim_row(claim: "Claim") -> dict[str, Any]:
    """A claim, its money as decimals of USD."""
    from mci_tui.services.claims import COLUMNS, MONEY

    return {name: usd_of(getattr(claim, name)) if name in MONEY else getattr(claim, name) for name in COLUMNS}


def engagement_row(row: "EngagementRow", counts: "Counts") -> dict[str, Any]:
    """An engagement with its counts."""
    found = {name: getattr(row, name) for name in ("code", "active", "locations_eligible", "locations_enrolled")}
    found |= {name: getattr(counts, name) for name in ("eligible", "not_eligible", "complete")}
    return {name: found[name] if name in found else getattr(row.engagement, name) for name in ENGAGEMENT_COLUMNS}


def usd_of(cents: int | None) -> Decimal | None:
    """Whole cents as decimals of USD."""
    return None if cents is None else (cents * CENT).quantize(CENT)


def _sizes(limit: int | None) -> Iterator[int]:
    """The sizes of pages that come to `limit`, or go on."""
    while limit is None or limit > 0:
        yield PAGE if limit is None else min(PAGE, limit)
        limit = None if limit is None else limit - PAGE
