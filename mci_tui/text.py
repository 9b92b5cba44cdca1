"""Text that is safe to show, and the reader's language.

`safe_text` is the one gate between text from people or files and a terminal: Textual itself passes escape sequences
and bidirectional overrides through.
"""

import gettext
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "it")
"""The languages that the program speaks; the first is the source."""

_LOCALE = Path(__file__).parent / "locale"
_MAX_MARKS = 3
_HIDDEN = frozenset(
    "\u200b\u2060\ufeff\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u00ad\u180e"
)
_SPACES = frozenset("\t\n\r\u2028\u2029\u0085")

_language: ContextVar[str] = ContextVar("language", default="en")


def safe_text(value: str) -> str:
    """`value` on one line, with nothing in it that could act on a terminal or reorder what stands beside it.

    Control and format characters become `�`, line breaks and tabs a space, invisible and direction-changing
    characters go, and at most three combining marks stay on a letter. Joiners that scripts need (U+200C, U+200D)
    stay. Safe text passes unchanged.
    """
    if value.isascii() and value.isprintable():
        return value
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", value):
        if char in _HIDDEN:
            continue
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > _MAX_MARKS:
            continue
        if char in _SPACES:
            char = " "
        elif category in ("Cc", "Cs", "Co", "Cn") or (category == "Cf" and char not in "\u200c\u200d"):
            char = "�"
        kept.append(char)
    return "".join(kept)


def folded(value: str) -> str:
    """`value` as lists order it and filters compare it: without case, accents and surrounding space."""
    split = unicodedata.normalize("NFKD", value.strip().casefold())
    return unicodedata.normalize("NFC", "".join(char for char in split if not unicodedata.combining(char)))


def use_language(language: str) -> None:
    """Makes `_` answer in `language` from here on, in this task or thread and those it starts."""
    _language.set(language if language in LANGUAGES else LANGUAGES[0])


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Makes `_` answer in `language` within the block, and in the language from before after it."""
    before = _language.get()
    use_language(language)
    try:
        yield
    finally:
        _language.set(before)


def current_language() -> str:
    """The language that `_` answers in."""
    return _language.get()


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("mci_tui", _LOCALE, [language], fallback=True)


def _(message: str) -> str:
    """`message` in the reader's language."""
    language = _language.get()
    return message if language == "en" else _catalogue(language).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The form of a counted message that fits `number`, in the reader's language."""
    language = _language.get()
    if language == "en":
        return one if number == 1 else many
    return _catalogue(language).ngettext(one, many, number)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Marks `message` for translation without translating it."""
    return message
