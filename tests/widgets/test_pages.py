"""The pages of a list that are held, and how the others are asked for."""

from collections.abc import Sequence

from mci_tui.widgets.pages import HELD, PageRequest, Pages

TEN = list(range(95))


def source(request: PageRequest[int]) -> Sequence[int]:
    return TEN[request.offset : request.offset + request.size]


def pages(count: int = 95) -> Pages[int]:
    return Pages(count, TEN[:10], source, 10)


def fill(held: Pages[int], *numbers: int) -> None:
    for number in numbers:
        held.hold(number, held.fetch(held.request(number)))


def test_a_request_names_the_rows_and_the_neighbours_that_are_held() -> None:
    held = pages()
    assert held.request(1) == PageRequest(index=1, size=10, offset=10, after=9, before=None, last=False)
    fill(held, 7)
    assert held.request(6) == PageRequest(index=6, size=10, offset=60, after=None, before=70, last=False)
    assert held.request(8) == PageRequest(index=8, size=15, offset=80, after=79, before=None, last=True)


def test_rows_come_from_as_many_pages_as_they_need() -> None:
    held = pages()
    assert held.rows(5, 15) is None
    assert held.missing(5, 15) == 1
    fill(held, 1, 8)
    assert held.rows(5, 15) == TEN[5:15]
    assert held.rows(90, 120) == TEN[90:]


def test_a_view_of_the_end_is_one_answer_away_however_many_rows_the_list_has() -> None:
    for count in range(11, 96):
        held = pages(count)
        last = held.missing(count - 10, count)
        if last is not None:
            fill(held, last)
        assert held.rows(count - 10, count) == TEN[count - 10 : count]


def test_only_so_many_pages_are_held_and_the_one_looked_at_longest_ago_goes() -> None:
    held = Pages(1000, TEN[:10], lambda request: [0] * request.size, 10)
    fill(held, *range(1, HELD))
    assert held.rows(0, 10) is not None
    fill(held, HELD)
    assert held.missing(0, 10) is None
    assert held.missing(10, 20) == 1


def test_a_short_answer_beside_other_pages_is_asked_for_again_without_them() -> None:
    held = pages()
    fill(held, 2)
    held.hold(1, TEN[10:13])
    assert held.count == 95
    assert held.request(1) == PageRequest(index=1, size=10, offset=10, after=None, before=None, last=False)
    held.hold(1, TEN[10:13])
    assert held.count == 13
    assert held.rows(10, 20) == TEN[10:13]


def test_a_first_page_that_is_too_short_ends_the_list() -> None:
    assert Pages(95, TEN[:4], source, 10).count == 4


def test_another_count_drops_the_pages_that_it_does_not_fit() -> None:
    held = Pages(7, TEN[:7], source, 10)
    held.set_count(95)
    assert held.missing(0, 10) == 0
    fill(held, 0, 1)
    held.set_count(15)
    assert (held.missing(0, 10), held.missing(10, 20)) == (None, 1)


def test_an_answer_from_before_the_list_was_counted_anew_is_asked_for_again() -> None:
    for count in (105, 94, 75):
        held = pages()
        fill(held, 7)
        answer = held.fetch(held.request(8))
        held.set_count(count)
        held.hold(8, answer)
        assert held.count == count
        assert held.missing(80, 90) == (8 if count > 80 else None)
        assert held.rows(80, 90) == ([] if count <= 80 else None)


def test_a_row_is_found_among_the_pages_held() -> None:
    held = pages()
    fill(held, 4)
    assert held.find(lambda row: row == 43) == 43
    assert held.find(lambda row: row == 33) is None
