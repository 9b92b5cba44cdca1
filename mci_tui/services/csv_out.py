"""Tables that go out as CSV, safe to open in a spreadsheet and exact to read in again."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import BinaryIO

from mci_tui.text import current_language, safe_text

Cell = str | bool | int | Decimal | date | datetime | None

BOM = "\ufeff"
_FORMULA = re.compile(r"""[\s'"]*[=+\-@\t\r＝＋－＠﹦﹢﹣﹫]""")
_SEMICOLON_LANGUAGES = ("it",)


def guarded(text: str) -> str:
    """`text` with a leading `'` if a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """`text` without the `'` that `guarded` put before it."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def delimiter() -> str:
    """What stands between cells in the reader's language."""
    return ";" if current_language() in _SEMICOLON_LANGUAGES else ","


def line(cells: Iterable[Cell], between: str) -> str:
    """One line of a table: text quoted and guarded, all else bare, CRLF at its end."""
    return between.join(map(_cell, cells)) + "\r\n"


def _cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case str():
            text = guarded(safe_text(value)).replace('"', '""')
            return f'"{text}"'
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
    return str(value)


def write(out: BinaryIO, header: Sequence[str], rows: Iterable[Iterable[Cell]]) -> None:
    """Writes a whole table to `out`, line by line: UTF-8 with BOM, separated as the reader's language does."""
    between = delimiter()
    out.write((BOM + line(header, between)).encode())
    for row in rows:
        out.write(line(row, between).encode())
