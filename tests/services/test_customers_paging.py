"""The Customers page page by page: every way of asking for a page gives the same slice of the same list."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from mci_tui.domain.claims import STAGES, Status
from mci_tui.domain.eligibility import Tab
from mci_tui.services import Services
from mci_tui.services.customers import SORTS, CustomerRow, PageQuestion, Place
from mci_tui.store.engine import Store
from tests.conftest import MovingClock
from tests.factories import Books, guid

NAMES = ["Zeta", "alfa", "Álfa", "Beta 😀", "Beta ｚ", "beta", "Beta-", "Straße", "strasse", "日本"]
"""Equal but for case and accents, and beyond what sixteen bits hold."""

STATUSES = [Status.AWAITING_CONSENT, Status.SUBMITTED, Status.CUSTOMER_CLAIMED, Status.REJECTED, Status.SUBMITTED]


@pytest.fixture
def services_with_rows(services: Services, store: Store, clock: MovingClock) -> Services:
    books = Books(store, clock)
    with books.at_once():
        books.location()
        elsewhere, offer = books.engagement(code="elsewhere"), books.engagement()
        for number, name in enumerate(NAMES, 1):
            books.known(name, elsewhere, number=number)
        newcomer = books.customer("Beta")
        for number, status in enumerate(STATUSES, 50):
            customer = newcomer if number % 2 else books.customer("alfa")
            used = books.identifier(customer, value=guid(number))
            books.claim(offer, customer, used, status, at=clock() - timedelta(days=number % 7))
    return services


def questions() -> Iterator[PageQuestion]:
    for sort in SORTS:
        for descending in (False, True):
            for wanted in ("", "a"):
                yield PageQuestion("assessment", Tab.ELIGIBLE, wanted, sort, descending)


def value_of(row: CustomerRow, sort: str) -> object:
    match sort:
        case "claim":
            return row.claim_id
        case "status":
            return None if row.status is None else list(STAGES).index(Status(row.status))
        case "due":
            return row.due_on
    return row.place


def ordered(rows: list[CustomerRow], asked: PageQuestion) -> list[CustomerRow]:
    """The order of the rules, made by Python's own sort: what has no value comes last, ties stay in page order."""
    by_place = sorted(rows, key=lambda row: row.place, reverse=asked.descending and asked.sort == "customer")
    if asked.sort == "customer":
        return by_place
    with_value = [row for row in by_place if value_of(row, asked.sort) is not None]
    without = [row for row in by_place if value_of(row, asked.sort) is None]
    return sorted(with_value, key=lambda row: value_of(row, asked.sort), reverse=asked.descending) + without  # type: ignore[arg-type, return-value]


def test_every_page_is_the_slice_of_the_whole_list(services_with_rows: Services) -> None:
    """S-2i"""
    ask = services_with_rows.customers.rows
    for asked in questions():
        whole = ask(asked, Place(limit=1000))
        assert len(whole) == services_with_rows.customers.head(asked).total > 5
        assert whole == ordered(whole, asked), asked
        for limit in (1, 7, len(whole) + 3):
            for offset in range(0, len(whole) + 2, 5):
                assert ask(asked, Place(offset, limit)) == whole[offset : offset + limit]
            assert ask(asked, Place(limit=limit, last=True)) == whole[-limit:]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("wanted", ["", "a"])
def test_a_page_beside_a_row_is_the_slice_beside_it(
    services_with_rows: Services, wanted: str, descending: bool
) -> None:
    """S-2i"""
    customers = services_with_rows.customers
    asked = PageQuestion("assessment", Tab.ELIGIBLE, wanted, descending=descending)
    whole = customers.rows(asked, Place(limit=1000))
    for index, row in enumerate(whole):
        assert customers.index_of(asked, row.key) == index
        for limit in (1, 4):
            assert customers.rows(asked, Place(limit=limit, after=row)) == whole[index + 1 :][:limit]
            assert customers.rows(asked, Place(limit=limit, before=row)) == whole[:index][-limit:]


def test_a_page_beside_a_row_that_is_gone_is_the_one_beside_its_place(services_with_rows: Services) -> None:
    """S-2i"""
    customers = services_with_rows.customers
    asked = PageQuestion("assessment")
    whole = customers.rows(asked, Place())
    gone = replace(whole[4], place=(whole[4].place[0], whole[4].place[1], whole[4].place[2] + 1000))
    assert customers.rows(asked, Place(after=gone)) == [row for row in whole if row.place > gone.place] != []
    assert customers.rows(asked, Place(before=gone)) == [row for row in whole if row.place < gone.place] != []
    assert customers.index_of(asked, (gone.place[1], gone.place[2])) is None


def test_waiting_customers_and_others_make_one_ordered_list(
    services_with_rows: Services, store: Store, clock: MovingClock
) -> None:
    """S-2i S-10"""
    books = Books(store, clock)
    books.engagement(ends_on=clock().date() - timedelta(days=1), max_active_claims=1)
    asked = PageQuestion("assessment", Tab.NOT_ELIGIBLE)
    whole = services_with_rows.customers.rows(asked, Place(limit=1000))
    assert {row.customer_name for row in whole} == {*NAMES, "Beta"}
    assert whole == sorted(whole, key=lambda row: row.place)
    for index, row in enumerate(whole):
        assert services_with_rows.customers.rows(asked, Place(limit=3, after=row)) == whole[index + 1 :][:3]
        assert services_with_rows.customers.rows(asked, Place(limit=3, before=row)) == whole[:index][-3:]
