"""`import`: files come in, all of each or nothing."""

import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from mci_tui.commands.call import Call
from mci_tui.commands.printing import document, sentence
from mci_tui.services.imports import Imported, Imports
from mci_tui.text import _, ngettext, safe_text
from mci_tui.words import number, say

_SHOWN = 50
"""How many problems a person is shown; scripts get all that are named."""


def import_file(call: Call, asked: Namespace) -> int:
    """Brings a file in, or only looks; 1 where anything in it is bad (S-11a)."""
    if not asked.check:
        call.require_writable()
    bad_rows = Path(asked.bad_rows) if asked.bad_rows else None
    with call.services() as services, _Counting() as progress:
        imported = Imports(services.desk).import_file(
            asked.kind, Path(asked.file), check=asked.check, bad_rows=bad_rows, progress=progress
        )
    if call.json:
        document(_outcome(imported))
    else:
        _tell(imported, asked.check)
    _complain(imported, bad_rows, told=asked.check and not call.json)
    return 1 if imported.bad_lines else 0


class _Counting:
    """The line that tells on a terminal how far it has come; elsewhere nothing."""

    def __init__(self) -> None:
        self._width = 0

    def __enter__(self) -> Callable[[str], None]:
        return self._tell if sys.stderr.isatty() else lambda _text: None

    def __exit__(self, *_error: object) -> None:
        if self._width:
            self._tell("")
            print("\r", end="", file=sys.stderr, flush=True)

    def _tell(self, text: str) -> None:
        print(f"\r{text.ljust(self._width)}", end="", file=sys.stderr, flush=True)
        self._width = len(text)


def _outcome(imported: Imported) -> dict[str, object]:
    return {
        "kind": imported.kind,
        "read": imported.read,
        "new": imported.new,
        "changed": imported.changed,
        "same": imported.same,
        "bad": [{"line": line, "column": column, "problem": say(why)} for line, column, why in imported.bad],
    }


def _tell(imported: Imported, check: bool) -> None:
    counts = {"new": imported.new, "changed": imported.changed, "same": imported.same, "removed": imported.removed}
    told = _("%(kind)s: %(read)s read, %(new)s new, %(changed)s changed, %(same)s the same, %(removed)s taken away.")
    shown = {name: number(count) for name, count in counts.items()}
    sentence(told % {"kind": imported.kind, "read": number(imported.read), **shown})
    if check:
        sentence(_("This was only a look: nothing was changed."))


def _complain(imported: Imported, bad_rows: Path | None, *, told: bool) -> None:
    """Says on standard error what is wrong, line by line; that nothing was changed may be `told` already."""
    if not imported.bad_lines:
        return
    count = ngettext("%(count)s line is wrong:", "%(count)s lines are wrong:", imported.bad_lines)
    lines = [count % {"count": number(imported.bad_lines)}]
    for line, column, why in imported.bad[:_SHOWN]:
        where = _("line %(line)s, column %(column)s") if column else _("line %(line)s")
        lines.append(f"  {where % {'line': line, 'column': safe_text(column)}}: {say(why)}")
    if len(imported.bad) > _SHOWN or imported.bad_lines > len(imported.bad):
        lines.append("  …")
    if bad_rows is not None:
        lines.append(_("They stand in %(path)s.") % {"path": safe_text(str(bad_rows))})
    elif not imported.written and not told:
        lines.append(_("Nothing was changed."))
    sys.stdout.flush()
    print("\n".join(lines), file=sys.stderr)
