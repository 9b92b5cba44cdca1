"""What the cells of a workbook hold, written as tables have it: dates, numbers, texts."""

import re
from datetime import date, timedelta
from decimal import Decimal
from math import isfinite

_DATE_FORMATS = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))
"""The formats with a number of their own that show a date or a time."""

_NOT_CODE = re.compile(r'"[^"]*"|\\.|[_*].|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_PARTS_OF_DATES = re.compile(r"[dmyhs]", re.IGNORECASE)

_WHOLE = re.compile(r"-?[0-9]+")
DIGITS = 15
"""What a spreadsheet's number keeps exactly."""

_DAY = 24 * 60 * 60
_FIRST, _NO_DAY, _LAST = 1, 60, 2_958_465
"""The first day that is counted, the 29 February 1900 that there never was, and the last day of the year 9999."""
_FROM_1904 = 1462
"""How many days later those workbooks begin to count that count from 1904."""

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def from_number(text: str) -> str:
    """A number as tables have it: no exponent, no noise behind the digits that a spreadsheet keeps."""
    if _WHOLE.fullmatch(text):
        return text
    value = float(text)
    if not isfinite(value):
        raise ValueError
    return f"{Decimal(f'{value:.{DIGITS}g}'):f}"


def from_serial(text: str, *, from_1904: bool) -> str:
    """A number of days as the date that it stands for, with its time unless that is midnight.

    What is no date of a spreadsheet stays a number, for whoever reads it to refuse.
    """
    value = float(text)
    if not 0 <= value <= _LAST:
        return from_number(text)
    days, seconds = divmod(round(value * _DAY), _DAY)
    days += _FROM_1904 if from_1904 else 0
    if not _FIRST <= days <= _LAST or days == _NO_DAY:
        return from_number(text)
    on = date(1899, 12, 31 if days < _NO_DAY else 30) + timedelta(days)
    return from_iso(f"{on}T{timedelta(seconds=seconds)!s:0>8}")


def from_iso(text: str) -> str:
    """A date that is written as text, without the midnight."""
    return re.sub(r"T00:00(:00(\.0+)?)?$", "", text)


def unescaped(text: str) -> str:
    """A text of a cell; what XML cannot have is written `_xHHHH_` there."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def escaped(text: str) -> str:
    """A text for a cell, in which nothing is taken for such an escape."""
    return _ESCAPED.sub("_x005F_", text) if "_x" in text else text


def to_serial(day: date) -> int | None:
    """The number of days that stands for a date in a cell, or None where no spreadsheet agrees on one."""
    days = (day - date(1899, 12, 30)).days
    return days if days > _NO_DAY else None


class Formats:
    """Takes the XML of a workbook's styles: `dates` are the styles, by their places, in which a number is a date."""

    def __init__(self) -> None:
        self.dates: set[str] = set()
        self._codes: dict[str, str] = {}
        self._of_cells = False
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes.setdefault(attributes["numFmtId"], attributes["formatCode"])
        elif name in ("cellStyleXfs", "cellXfs", "cellStyles"):
            self._of_cells = name == "cellXfs"
        elif name == "xf" and self._of_cells:
            if self._is_date(attributes.get("numFmtId", "0")):
                self.dates.add(str(self._count))
            self._count += 1

    def _is_date(self, number: str) -> bool:
        code = self._codes.get(number)
        if code is None:
            return number in _DATE_FORMATS
        return not _DURATION.search(code) and bool(_PARTS_OF_DATES.search(_NOT_CODE.sub("", code)))
