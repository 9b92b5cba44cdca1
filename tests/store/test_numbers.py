"""Claim numbers and customer keys: rising, and past whatever was brought along."""

import pytest

from mci_tui.store import numbers
from mci_tui.store.engine import Store
from mci_tui.store.schema import claims, customers
from tests.conftest import MovingClock
from tests.factories import Books


@pytest.mark.parametrize(
    ("id_", "number"), [(1, "CLM-000001"), (412, "CLM-000412"), (999_999, "CLM-999999"), (1_000_000, "CLM-1000000")]
)
def test_a_number_has_six_digits_or_more_and_stands_for_one_row(id_: int, number: str) -> None:
    """S-3i"""
    assert numbers.numbered(numbers.CLAIM, id_) == number
    assert numbers.id_numbered(numbers.CLAIM, number) == id_


@pytest.mark.parametrize(
    "number", ["CLM-1", "CLM-0000412", "CLM-", "CLM-00x412", "clm-000412", "000412", "CLM-٠٠٠٤١٢", "CLM-" + "9" * 16]
)
def test_other_numbers_are_not_the_programs_own(number: str) -> None:
    """S-3i"""
    assert numbers.id_numbered(numbers.CLAIM, number) is None


def test_new_rows_go_on_above_those_written_by_hand(store: Store, clock: MovingClock) -> None:
    """S-3i"""
    books = Books(store, clock)
    books.location()
    used = books.identifier(books.customer())
    with store.write() as tx:
        tx.execute(customers.insert().values(id=500, key="mine", name="Mine", sort_name="mine"))
        numbers.move_past(tx, customers)
        numbers.move_past(tx, claims)
        assert numbers.next_id(tx, customers) == 501
        assert numbers.next_id(tx, customers) == (501 if store.is_sqlite else 502)
        assert numbers.next_id(tx, claims) == 1
    made = books.claim(books.engagement(), 1, used)
    with store.write() as tx:
        numbers.move_past(tx, claims)
        assert numbers.next_id(tx, claims) == made + 1
