"""The lines of a file on their way in, and the verdicts on them."""

from enum import StrEnum
from typing import Any, NamedTuple

from mci_tui.errors import Invalid, Reason, WrongValue


class Verdict(StrEnum):
    """What a line would do to the workspace."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


class Line(NamedTuple):
    """A line whose form is right, ready to be compared with the workspace.

    `key` may stand in a file once, `ident` in the lines of one `group` only. All lines of a group must say the same
    `about` it, and the same `also`, those that say anything. Lines go in by `rank`, then group, then number.
    """

    number: int
    key: str
    group: str
    payload: Any
    about: str = ""
    also: str | None = None
    ident: str | None = None
    rank: int = 0


class Weighed(NamedTuple):
    """A line beside what the workspace has: what it would do, or what speaks against it by column."""

    line: Line
    verdict: Verdict | None
    problems: dict[str, Reason]


def weighed(line: Line, known: bool, same: bool) -> Weighed:
    """A line against which nothing speaks."""
    return Weighed(line, (Verdict.SAME if same else Verdict.CHANGED) if known else Verdict.NEW, {})


def joined(*parts: str) -> str:
    """Several texts as one key; none of them can hold the separator, which is no safe text."""
    return "\x1f".join(parts)


class Complaints(dict[str, Reason]):
    """Collects what is wrong with a line, column by column."""

    def read(self, column: str, parse: Any, *arguments: Any) -> Any:
        """`parse(*arguments)`, or None with its complaint noted under `column`."""
        try:
            return parse(*arguments)
        except WrongValue as wrong:
            self[column] = wrong.why
        return None

    def settle(self) -> None:
        """Raises `Invalid` if there is any."""
        if self:
            raise Invalid(self)
