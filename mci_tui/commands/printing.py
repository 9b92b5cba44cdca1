"""What commands write: JSON for scripts, aligned columns and sentences for people, refusals for both."""

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mci_tui.errors import Refused
from mci_tui.text import _, ngettext, safe_text
from mci_tui.words import DUE, day, number, plain, problems_said, say

if TYPE_CHECKING:
    from argparse import Namespace

    from mci_tui.services.exporting import Source

Row = TypeVar("Row")

_GAP = 2
_PROBLEMS = 20
"""How many problems a person is shown; scripts get them all."""
_NARROWEST = 8
"""To how few cells a column may be cut where the terminal is narrow."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column for people: its title and what a row says in it.

    Where the terminal has no room, `wide` columns go, and others are cut; one that `wraps` goes on in the next line.
    """

    title: str
    cell: Callable[[Row], object]
    wide: bool = False
    right: bool = False
    wraps: bool = False


def document(value: Mapping[str, Any]) -> None:
    """Prints the one JSON document of a call."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=2))


def listing(total: int, rows: Iterable[Mapping[str, Any]], notice: str = "") -> None:
    """Prints a list as JSON, a row a line; nothing before the last row is there."""
    written = ",\n".join(json.dumps(plain(row), ensure_ascii=False) for row in rows)
    end = f', "notice": {json.dumps(notice, ensure_ascii=False)}' if notice else ""
    print(
        f'{{"total": {total}, "rows": [\n{written}\n]{end}}}' if written else f'{{"total": {total}, "rows": []{end}}}'
    )


def table(columns: Sequence[Column[Row]], rows: Iterable[Row]) -> None:
    """Prints rows under their titles: fitted to the terminal, or in full where something else reads."""
    lines = [[column.title for column in columns], *([_shown(column.cell(row)) for column in columns] for row in rows)]
    widths = [max(map(_width, cells)) for cells in zip(*lines, strict=True)]
    kept = list(range(len(columns)))
    if sys.stdout.isatty():
        room = shutil.get_terminal_size().columns
        for index in reversed(kept):
            if columns[index].wide and _total([widths[each] for each in kept]) > room:
                kept = [each for each in kept if each != index]
        fitted = dict(zip(kept, _fitted([widths[each] for each in kept], room), strict=True))
        widths = [fitted.get(index, 0) for index in range(len(columns))]
    for line in lines:
        parts = [_parts(line[index], widths[index], columns[index].wraps) for index in kept]
        for cells in zip_longest(*parts, fillvalue=""):
            placed = (_placed(cell, widths[at], columns[at].right) for at, cell in zip(kept, cells, strict=True))
            print((" " * _GAP).join(placed).rstrip())


def shown_of(shown: int, total: int) -> None:
    """Says how many rows there are in all, where not all are shown."""
    if shown < total:
        print(_("%(shown)s of %(total)s") % {"shown": number(shown), "total": number(total)})


def due(on: date | None, what: str | None, days_overdue: int | None = None) -> str:
    """The last day of a deadline with what is due by then, or that the review is overdue."""
    if days_overdue is not None:
        return f"{_('overdue')} · {_(DUE['review'])}"
    return f"{day(on)} {_(DUE[what])}" if on and what else ""


def csv(source: "Source") -> None:
    """Writes a list as a CSV table to standard output, row by row."""
    from mci_tui.services.csv_out import write

    sys.stdout.flush()
    write(sys.stdout.buffer, source.columns, source.cells())
    sys.stdout.buffer.flush()


def require_one_form(asked: "Namespace", as_json: bool) -> None:
    """Ends with wrong usage where a list is wanted in several forms at once."""
    wanted = {"--csv": asked.csv, "--xlsx": asked.xlsx is not None, "--json": as_json}
    forms = [form for form, this in wanted.items() if this]
    if len(forms) > 1:
        asked.parser.error(_("choose one of %(forms)s") % {"forms": ", ".join(forms)})


def workbook(source: "Source", path: str) -> None:
    """Writes a list as a workbook to a new file, and says how many rows it has. Raises `Refused`."""
    from mci_tui.services.exporting import Format, export

    rows = export(source, Format.XLSX, Path(path))
    words = ngettext("%(count)s row is in %(path)s.", "%(count)s rows are in %(path)s.", rows)
    sentence(words % {"count": number(rows), "path": safe_text(path)})


def facts(pairs: Iterable[tuple[str, object]]) -> None:
    """Prints names with their values beside them; what is not known is left out."""
    told = [(name, _shown(value)) for name, value in pairs if value not in (None, "")]
    width = max((_width(name) for name, _value in told), default=0)
    for name, value in told:
        print(f"{_placed(name, width, False)}  {value}")


def section(heading: str, lines: Sequence[tuple[str, str]]) -> None:
    """Prints labels with their values beside them below a heading, after an empty line; nothing without lines.

    On a terminal, a value that is too long goes on under its beginning.
    """
    if not lines:
        return
    print(f"\n{heading}")
    width = max(_width(label) for label, _value in lines)
    before = _GAP + (width + _GAP if width else 0)
    room = max(_NARROWEST, shutil.get_terminal_size().columns - before) if sys.stdout.isatty() else 0
    for label, value in lines:
        first, *others = _parts(safe_text(value), room, wraps=bool(room)) or [""]
        print(f"{' ' * _GAP}{_placed(label, width, False)}{' ' * (before - _GAP - width)}{first}".rstrip())
        for other in others:
            print(f"{' ' * before}{other}")


def sentence(text: str) -> None:
    """Prints a sentence for people."""
    print(text)


def refusal(refused: Refused, as_json: bool, labels: Mapping[str, str]) -> None:
    """Says on standard error what was refused and why; with `as_json` also as a document on standard output.

    `labels` are the names that the problems' fields have on the command line. People are told no sentence twice, and
    of very many problems the first ones.
    """
    message = say(refused.why)
    problems = problems_said(refused.problems)
    reasons = [{"engagement": engagement, "code": why.code, "text": say(why)} for engagement, why in refused.reasons]
    if as_json:
        document({"error": {"code": refused.code, "message": message, "problems": problems, "reasons": reasons}})
    told = [(field, problem) for field, problem in problems.items() if problem != message]
    lines = [message]
    lines += [f"  {labels.get(field, safe_text(field))}: {problem}" for field, problem in told[:_PROBLEMS]]
    lines += ["  …"] if len(told) > _PROBLEMS else []
    lines += [f"  {safe_text(why['engagement'])}: {why['text']}" for why in reasons]
    sys.stdout.flush()
    print("\n".join(lines), file=sys.stderr)


def _shown(value: object) -> str:
    return "–" if value is None or value == "" else safe_text(str(value))


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _fitted(widths: Sequence[int], room: int) -> list[int]:
    """The widths with the widest of them cut until all fit, none below what can still be read."""
    fitted = list(widths)
    while _total(fitted) > room and max(fitted) > _NARROWEST:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


def _parts(text: str, width: int, wraps: bool) -> list[str]:
    """The lines that a cell takes."""
    return wrap(text, width) if wraps and _width(text) > width else [text]


def _width(text: str) -> int:
    from rich.cells import cell_len

    return len(text) if text.isascii() else cell_len(text)


def _placed(text: str, width: int, right: bool) -> str:
    from rich.cells import set_cell_size

    taken = _width(text)
    if taken > width:
        return set_cell_size(text, width - 1).rstrip() + "…"
    return " " * (width - taken) + text if right else text + " " * (width - taken)
