"""The pages that a list holds of a source too long to be read at once."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")

HELD = 16
"""How many pages are kept; the one that was looked at longest ago goes first."""


@dataclass(frozen=True)
class PageRequest(Generic[Row]):
    """Which rows are wanted: the `size` ones from `offset` on, counted from 0.

    What is known of the neighbours lets the source read by key instead of by offset: `after` is the row before the
    first one wanted, `before` the row behind the last one. `last` says that the rows end the list, so that they can
    be read in reversed order.
    """

    index: int
    size: int
    offset: int
    after: Row | None
    before: Row | None
    last: bool


Fetch = Callable[[PageRequest[Row]], Sequence[Row]]
"""Reads a page; it may block, as it is called in a thread. Fewer rows than wanted mean that the list has shrunk."""


class Pages(Generic[Row]):
    """At most `HELD` pages of `size` rows of one list, as `fetch` gave them; page 0 begins `first`.

    The last page takes in what would be a short one behind it: the end of a list is in view after one answer.
    """

    def __init__(self, count: int, first: Sequence[Row], fetch: Fetch[Row], size: int) -> None:
        self.count = count
        self.fetch = fetch
        self._size = size
        self._held: OrderedDict[int, Sequence[Row]] = OrderedDict()
        if count:
            self.hold(0, first[:size])

    def rows(self, start: int, stop: int) -> list[Row] | None:
        """The rows of a range, or None where one of its pages is not held."""
        if self.missing(start, stop) is not None:
            return None
        found: list[Row] = []
        for page in self._pages(start, stop):
            self._held.move_to_end(page)
            offset = page * self._size
            found += self._held[page][max(0, start - offset) : stop - offset]
        return found

    def missing(self, start: int, stop: int) -> int | None:
        """The first page of a range of rows that is not held; but the list's last page before the one in front of it,
        as it is found from the end, and the other one from there."""
        absent = [page for page in self._pages(start, stop) if page not in self._held]
        if absent and absent[-1] == self._last:
            return absent[-1]
        return absent[0] if absent else None

    def find(self, wanted: Callable[[Row], bool]) -> int | None:
        """Where the first such row stands among the pages held."""
        for page in sorted(self._held):
            for place, row in enumerate(self._held[page]):
                if wanted(row):
                    return page * self._size + place
        return None

    def request(self, page: int) -> PageRequest[Row]:
        """What to ask the source for, to get that page."""
        before, after = self._held.get(page + 1), self._held.get(page - 1)
        return PageRequest(
            index=page,
            size=self._expected(page),
            offset=page * self._size,
            after=after[-1] if after else None,
            before=before[0] if before else None,
            last=page * self._size + self._expected(page) >= self.count,
        )

    def hold(self, page: int, rows: Sequence[Row]) -> None:
        """Keeps the answer to a request.

        An answer that is too short was read from a list that has shrunk: what else is held is of no use then, and if
        nothing else was, the list ends there. One that is too long was asked for before the list was counted anew.
        """
        if len(rows) < self._expected(page):
            others = self._held.keys() - {page}
            self._held.clear()
            if others:
                return
            self.count = page * self._size + len(rows)
        if len(rows) == self._expected(page):
            self._held[page] = rows
        while len(self._held) > HELD:
            self._held.popitem(last=False)

    def set_count(self, count: int) -> None:
        """The list has `count` rows; pages that are too short or too long for that are dropped."""
        self.count = count
        for page in [page for page, rows in self._held.items() if len(rows) != self._expected(page)]:
            del self._held[page]

    @property
    def _last(self) -> int:
        """The last page: never page 0 of a longer list, as its rows come with the list."""
        return max(int(self.count > self._size), self.count // self._size - 1)

    def _pages(self, start: int, stop: int) -> range:
        first, last = (min(row // self._size, self._last) for row in (max(0, start), min(stop, self.count) - 1))
        return range(first, last + 1) if start < self.count else range(0)

    def _expected(self, page: int) -> int:
        """How many rows the page has."""
        if page < self._last:
            return self._size
        return self.count - page * self._size if page == self._last else 0
