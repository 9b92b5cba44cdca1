"""Claim numbers and customer keys: made of the row's id, rising, past whatever was brought along."""

from functools import cache

from sqlalchemy import Select, Table, func, select, text

from mci_tui.store.engine import Tx

CLAIM = "CLM-"
CUSTOMER = "C-"
REFERRAL = "REF-"
_DIGITS = 6
_MAX_DIGITS = 15


def numbered(prefix: str, id_: int) -> str:
    """The number of a row: its prefix and its id, at least six digits."""
    return f"{prefix}{id_:0{_DIGITS}d}"


def id_numbered(prefix: str, number: str) -> int | None:
    """The row id that `number` stands for, or None where it is not of the program's own form."""
    digits = number.removeprefix(prefix)
    if not number.startswith(prefix) or not digits.isdecimal() or not digits.isascii() or len(digits) > _MAX_DIGITS:
        return None
    return int(digits) if numbered(prefix, int(digits)) == number else None


def next_id(tx: Tx, table: Table) -> int:
    """The id for a new row, above every one that there is."""
    if tx.dialect.name == "sqlite":
        return (tx.scalar(_highest(table)) or 0) + 1
    return int(tx.scalar(text(f"SELECT nextval(pg_get_serial_sequence('{table.name}', 'id'))")) or 0)


def move_past(tx: Tx, table: Table) -> None:
    """Makes `next_id` go on above ids that were written by hand."""
    if tx.dialect.name != "sqlite":
        highest = tx.scalar(_highest(table))
        if highest is not None:
            tx.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {highest:d})"))


@cache
def _highest(table: Table) -> Select[int | None]:
    return select(func.max(table.c.id))
