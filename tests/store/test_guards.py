"""What the database itself refuses, whoever writes and however."""

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from mci_tui.domain.claims import OPEN, TERMINAL, Status
from mci_tui.store.engine import Store
from mci_tui.store.guards import GUARDS
from mci_tui.store.schema import claims, history
from tests.conftest import MovingClock
from tests.factories import Books, guid


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location()
    return made


def refused(store: Store, statement: str, message: str) -> None:
    """The statement is refused with this message, and changed nothing."""
    before = everything(store)
    with pytest.raises(DBAPIError, match=message), store.write() as tx:
        tx.execute(text(statement))
    assert everything(store) == before


def everything(store: Store) -> list[Any]:
    with store.read() as tx:
        return [tx.execute(select(table).order_by(table.c.id)).all() for table in (claims, history)]


def done(store: Store, statement: str) -> None:
    with store.write() as tx:
        assert tx.execute(text(statement)).rowcount == 1


def a_claim(books: Books, status: Status = Status.AWAITING_CONSENT, **changes: Any) -> int:
    customer = books.customer()
    return books.claim(books.engagement(), customer, books.identifier(customer), status, **changes)


def test_hours_are_frozen_once_the_claim_is_made(store: Store, books: Books) -> None:
    """S-3f"""
    a_claim(books, hours=20)
    for value in ("21", "NULL"):
        refused(store, f"UPDATE claims SET hours = {value}", "frozen: hours")
    done(store, "UPDATE claims SET hours = 20")


def test_a_claim_without_hours_gets_none_later(store: Store, books: Books) -> None:
    """S-3f"""
    a_claim(books)
    refused(store, "UPDATE claims SET hours = 20", "frozen: hours")


def test_a_deal_size_is_frozen_once_it_is_sent(store: Store, books: Books) -> None:
    """S-5c"""
    a_claim(books)
    done(store, "UPDATE claims SET deal_size = 2500000")
    for value in ("2500001", "0", "NULL"):
        refused(store, f"UPDATE claims SET deal_size = {value}", "frozen: deal_size")


def test_a_claim_at_its_end_never_moves_again(store: Store, books: Books) -> None:
    """S-6a"""
    offer, customer = books.engagement(), books.customer()
    used = books.identifier(customer)
    for status in sorted(TERMINAL):
        claim = books.claim(offer, customer, used, status)
        for target in {Status.SUBMITTED, Status.APPROVED, Status.CANCELLED} - {status}:
            refused(store, f"UPDATE claims SET status = '{target}' WHERE id = {claim}", "terminal")
        done(store, f"UPDATE claims SET name = 'another name' WHERE id = {claim}")


def test_an_open_claim_moves(store: Store, books: Books) -> None:
    """S-6a"""
    offer, customer = books.engagement(), books.customer()
    used = books.identifier(customer)
    for status in sorted(OPEN):
        claim = books.claim(offer, customer, used, status)
        done(store, f"UPDATE claims SET status = 'approved' WHERE id = {claim}")


def test_what_a_claim_was_made_with_stays(store: Store, books: Books) -> None:
    """S-9 S-10 S-2g"""
    a_claim(books, payout=800_000)
    books.engagement(code="second")
    for column, value in (
        ("number", "'CLM-9'"),
        ("engagement_id", "2"),
        ("origin", "'requested'"),
        ("id_type", "'tpid'"),
        ("id_value", "'12345'"),
        ("created_at", "'2020-01-01T00:00:00.000000Z'"),
        ("terms", "'{}'"),
        ("payout", "1"),
    ):
        refused(store, f"UPDATE claims SET {column} = {value}", f"frozen: {column}")


def test_claims_are_never_deleted(store: Store, books: Books) -> None:
    """S-2f"""
    a_claim(books, Status.CANCELLED)
    refused(store, "DELETE FROM claims", "claims are never deleted")


def test_history_only_grows(store: Store, books: Books) -> None:
    """S-6d"""
    a_claim(books)
    refused(store, "UPDATE history SET who = 'nobody'", "history is append only")
    refused(store, "DELETE FROM history", "history is append only")
    done(store, "INSERT INTO history (at, who, what, note, changes) VALUES ('2026', 'me', 'x', '', '{}')")


def test_no_row_is_replaced_behind_the_guards_back(store: Store, books: Books) -> None:
    """S-6a S-6d"""
    a_claim(books, Status.CANCELLED)
    if store.is_sqlite:
        refused(store, "REPLACE INTO history SELECT * FROM history LIMIT 1", "history is append only")
        refused(store, "INSERT OR REPLACE INTO claims SELECT * FROM claims", "claims are never deleted")
    else:
        upsert = "INSERT INTO history SELECT * FROM history LIMIT 1 ON CONFLICT (id) DO UPDATE SET who = 'nobody'"
        refused(store, upsert, "history is append only")


def test_two_open_claims_of_a_customer_never_hold_the_same_place(store: Store, books: Books) -> None:
    """S-6e"""
    offer, second = books.engagement(), books.engagement(code="second")
    customer = books.customer()
    used = books.identifier(customer)
    for status in (Status.AWAITING_CONSENT, Status.CANCELLED, Status.APPROVED):
        books.claim(offer, customer, used, status, slot=1)
    with pytest.raises(IntegrityError):
        books.claim(offer, customer, used, Status.SUBMITTED, slot=1)
    books.claim(offer, customer, used, Status.SUBMITTED, slot=2)
    books.claim(second, customer, used, Status.SUBMITTED, slot=1)
    for _ in range(2):
        books.claim(offer, customer, used, Status.SUBMITTED)
    other = books.customer("Brenta")
    books.claim(offer, other, books.identifier(other, value=guid(2)), Status.SUBMITTED, slot=1)
    done(store, "UPDATE claims SET status = 'cancelled' WHERE id = 1")
    books.claim(offer, customer, used, slot=1)


def test_an_id_has_one_row(books: Books) -> None:
    """S-3d"""
    books.identifier(books.customer(), "tpid", "12345")
    with pytest.raises(IntegrityError):
        books.identifier(books.customer("Brenta"), "tpid", "12345")


def test_every_guard_stands_in_both_databases(store: Store) -> None:
    """S-6a"""
    triggers, indexes = (
        ("SELECT name FROM sqlite_master WHERE type = 'trigger'", "SELECT name FROM sqlite_master WHERE type = 'index'")
        if store.is_sqlite
        else ("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal", "SELECT indexname FROM pg_indexes")
    )
    with store.read() as tx:
        assert set(tx.scalars(text(triggers))) == {guard.name for guard in GUARDS}
        assert "uq_claims_slot" in set(tx.scalars(text(indexes)))
