"""What is in view of a list, and where the cursor goes in it."""

from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from mci_tui.widgets.pages import PageRequest, Pages
from mci_tui.widgets.window import Window

SIZE = 7


def read(window: Window[int]) -> None:
    """Answers what the window wants until it wants no more."""
    while not window.settle() or window.wanted() is not None:
        page = window.wanted()
        assert page is not None
        assert window.pages
        window.pages.hold(page, window.pages.fetch(window.pages.request(page)))


def listed(rows: Sequence[int]) -> Pages[int]:
    def fetch(request: PageRequest[int]) -> Sequence[int]:
        if request.after is not None:
            at = rows.index(request.after) + 1
        elif request.before is not None:
            at = rows.index(request.before) - request.size
        elif request.last:
            at = len(rows) - request.size
        else:
            at = request.offset
        return rows[at : at + request.size]

    return Pages(len(rows), rows[:SIZE], fetch, SIZE)


moves = st.one_of(
    st.tuples(st.just("step"), st.integers(-12, 12)),
    st.tuples(st.just("turn"), st.sampled_from([-1, 1])),
    st.tuples(st.just("go"), st.integers(-5, 200)),
    st.tuples(st.just("resize"), st.integers(1, 30)),
    st.tuples(st.just("read"), st.just(0)),
)


@given(st.integers(1, 150), st.lists(moves, max_size=30))
def test_whatever_the_keys_the_view_shows_the_rows_around_the_cursor(count: int, keys: list[tuple[str, int]]) -> None:
    """Neighbours are read by key here, so that a wrong `after` or `before` shows wrong rows."""
    rows = [number * 10 for number in range(count)]
    window: Window[int] = Window(lambda row: row)
    window.height = 10
    window.open(listed(rows), None, True)
    index = 0
    for key, number in keys:
        if key == "resize":
            window.height = number
        elif key == "read":
            read(window)
        elif key == "turn":
            lines = number * window.height
            index = max(0, min(index + lines, count - 1))
            window.go(window.next_cursor + lines, window.next_top + lines)
        else:
            index = max(0, min(number + (index if key == "step" else 0), count - 1))
            window.go(number + (window.next_cursor if key == "step" else 0))
        window.settle()
    read(window)
    assert window.current == rows[index]
    assert window.top <= window.cursor < window.top + window.height
    assert window.rows == rows[window.top : window.top + window.height]
    assert len(window.rows) == min(window.height, count)


@example(before=set(range(22)), after=set(), at=21, located=False)
@given(st.sets(st.integers(0, 99), min_size=1), st.sets(st.integers(0, 99)), st.integers(0, 99), st.booleans())
def test_a_row_found_again_keeps_the_cursor(before: set[int], after: set[int], at: int, located: bool) -> None:
    window: Window[int] = Window(lambda row: row)
    window.height = 10
    old, new = sorted(before), sorted(after)
    window.open(listed(old), None, True)
    window.go(at)
    read(window)
    current, cursor = window.current, window.cursor
    window.open(listed(new), (lambda key: new.index(key) if key in new else None) if located else None, True)
    if window.sought is not None and window.locate:
        window.found(window.locate(window.sought))
    read(window)
    if current in after and (located or new.index(current) < SIZE):
        assert window.current == current
    elif current not in after:
        assert window.cursor == max(0, min(cursor, len(new) - 1))
    assert list(window.rows) == new[window.top : window.top + window.height]


def test_half_a_page_turns_at_either_edge() -> None:
    window: Window[int] = Window(lambda row: row)
    window.height = 10
    window.open(listed(range(100)), None, True)
    tops = []
    for index in [9, 10, 14, 15, 16, 9, 4]:
        window.go(index)
        read(window)
        tops.append(window.top)
    assert tops == [0, 5, 5, 10, 10, 5, 0] or tops == [0, 5, 5, 10, 10, 5, 4]


def test_a_move_taken_back_leaves_the_cursor_where_it_was() -> None:
    window: Window[int] = Window(lambda row: row)
    window.open(listed(range(100)), None, True)
    read(window)
    window.go(99)
    assert not window.settle()
    assert window.moving
    window.stay()
    assert window.settle()
    assert (window.current, window.moving) == (0, False)
