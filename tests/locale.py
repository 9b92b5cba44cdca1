"""Brings the Italian catalogue up to date (`python -m tests.locale`); `--check` only says what is wrong with it.

Messages are read out of the syntax tree: Babel's own reader does not see a call that stands inside an f-string.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import mci_tui

PACKAGE = Path(mci_tui.__file__).parent
LANGUAGE = "it"
PO = PACKAGE / "locale" / LANGUAGE / "LC_MESSAGES" / "mci_tui.po"
MO = PO.with_suffix(".mo")

KEYWORDS = {"_": 1, "N_": 1, "ngettext": 2}
"""The functions that take messages, with how many of their arguments are messages."""

Id = str | tuple[str, str]
"""A message as the program has it, or its two forms."""

_PLACEHOLDER = re.compile(r"%(?:\(\w+\)\w|%)")


class Stable(Catalog):
    """A catalogue whose header names no date, no person and no tool: the same words make the same bytes."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def extracted(package: Path = PACKAGE) -> set[Id]:
    """The messages of the package. Raises `ValueError` where one is put together before it is translated."""
    return {found for path in package.rglob("*.py") for found in _messages(path)}


def _messages(path: Path) -> Iterator[Id]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in KEYWORDS:
            continue
        given = node.args[: KEYWORDS[node.func.id]]
        if any(isinstance(each, ast.JoinedStr | ast.BinOp) for each in given):
            raise ValueError(f"{path.name}:{node.lineno}: a message must be one plain text")
        texts = [each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if len(texts) == KEYWORDS[node.func.id]:
            yield texts[0] if len(texts) == 1 else (texts[0], texts[1])


def written(po: Path = PO) -> dict[Id, Message]:
    """The messages of the catalogue as it is on disk."""
    if not po.exists():
        return {}
    with po.open("rb") as file:
        catalogue = read_po(file, locale=LANGUAGE)
    return {_id(message): message for message in catalogue if message.id}


def updated(ids: set[Id], known: dict[Id, Message]) -> Stable:
    """A catalogue of exactly these messages, with the translations that are known."""
    catalogue = Stable(LANGUAGE, header_comment="# The program's words in Italian.", fuzzy=False)
    for each in ids:
        old = known.get(each)
        catalogue.add(each, old.string if old else None, flags=old.flags if old else ())
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as the program reads it."""
    made = io.BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def problems(ids: set[Id], known: dict[Id, Message], mo: bytes | None) -> Iterator[str]:
    """What is wrong with a catalogue of `known` messages, compiled to `mo`, for a program that has `ids`."""
    for missing in ids - known.keys():
        yield f"not in the catalogue: {missing!r}"
    for surplus in known.keys() - ids:
        yield f"no longer in the program: {surplus!r}"
    for each, message in known.items():
        if message.fuzzy:
            yield f"fuzzy: {each!r}"
        if not all(_forms(message.string)):
            yield f"without translation: {each!r}"
        elif any(_placeholders(form) != _placeholders(_forms(each)[-1]) for form in _forms(message.string)):
            yield f"other placeholders than: {each!r}"
    if mo != compiled(updated(set(known), known)):
        yield "the .mo is not what the .po compiles to"


def _id(message: Message) -> Id:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def _forms(texts: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [texts or ""] if texts is None or isinstance(texts, str) else list(texts)


def _placeholders(text: str) -> list[str]:
    return sorted(set(_PLACEHOLDER.findall(text)))


def main(argv: list[str]) -> int:
    ids = extracted()
    if "--check" not in argv:
        catalogue = updated(ids, written())
        PO.parent.mkdir(parents=True, exist_ok=True)
        with PO.open("wb") as file:
            write_po(file, catalogue, width=0, no_location=True, sort_output=True)
        MO.write_bytes(compiled(catalogue))
    found = sorted(problems(ids, written(), MO.read_bytes() if MO.exists() else None))
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        print(f"{PO.relative_to(PACKAGE.parent)}: mend this, then run python -m tests.locale", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
