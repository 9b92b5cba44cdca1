"""The data mark: whether anybody has written, told without waiting for anybody or holding anybody back."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from mci_tui.errors import Unusable
from mci_tui.store.engine import Store, Tx, open_store
from mci_tui.store.schema import settings
from tests.conftest import MovingClock, new_workspace


@pytest.fixture
def other(place: str, store: Store) -> Iterator[Store]:
    """The same workspace, opened once more."""
    opened = open_store(place)
    yield opened
    opened.close()


def keep(tx: Tx, key: str) -> None:
    tx.execute(settings.insert().values(key=key, value="1"))


def test_every_commit_that_wrote_makes_it_another_one(store: Store, other: Store) -> None:
    marks = [store.data_mark()]
    for number, writer in enumerate((store, other, store, other)):
        with writer.write() as tx:
            keep(tx, f"k{number}")
        marks.append(store.data_mark())
    assert len(set(marks)) == len(marks)


def test_reading_leaves_it_as_it_is(store: Store, other: Store) -> None:
    before = store.data_mark()
    for reader in (store, other):
        with reader.read() as tx:
            tx.execute(select(settings)).all()
        with reader.write() as tx:
            tx.execute(select(settings)).all()
        reader.data_mark()
    assert store.data_mark() == before


def test_what_is_not_committed_yet_does_not_count(store: Store, other: Store) -> None:
    before = store.data_mark()
    with other.write() as tx:
        keep(tx, "k")
        assert store.data_mark() == before
    assert store.data_mark() != before


def test_it_is_told_in_any_thread(store: Store) -> None:
    before = store.data_mark()
    with ThreadPoolExecutor(8) as threads:
        assert {thread.result() for thread in [threads.submit(store.data_mark) for _ in range(40)]} == {before}


def test_nobody_who_writes_waits_for_it(store: Store, other: Store) -> None:
    store.data_mark()
    with other.write(alone=True, wait=False) as tx:
        keep(tx, "k")


def test_where_the_file_is_locked_it_does_not_wait_and_goes_on_afterwards(tmp_path: Path, clock: MovingClock) -> None:
    path = tmp_path / "desk.db"
    with closing(new_workspace(str(path), clock)) as store:
        before = store.data_mark()
        with closing(sqlite3.connect(path, isolation_level=None)) as rival:
            rival.execute("BEGIN EXCLUSIVE")
            with pytest.raises(Unusable):
                store.data_mark()
            rival.execute("ROLLBACK")
        assert store.data_mark() == before


def test_a_file_that_is_gone_is_not_made(tmp_path: Path, clock: MovingClock) -> None:
    path, away = tmp_path / "desk?a#b.db", tmp_path / "away.db"
    with closing(new_workspace(str(path), clock)) as store:
        path.rename(away)
        with pytest.raises(Unusable):
            store.data_mark()
        assert not path.exists()
        away.rename(path)
        assert store.data_mark() == store.data_mark()
    with pytest.raises(Unusable):
        store.data_mark()


def test_one_who_began_first_and_commits_last_is_seen(new_place: Callable[[str], str], clock: MovingClock) -> None:
    """On PostgreSQL a transaction's number is handed out when it begins to write; the greatest one tells too little."""
    place = new_place("postgres")
    with closing(new_workspace(place, clock)) as store, closing(open_store(place)) as other:

        def greatest() -> object:
            with store.read() as tx:
                return tx.scalar(select(func.pg_snapshot_xmax(text("pg_current_snapshot()"))))

        with other.write() as slow:
            keep(slow, "slow")
            with store.write() as quick:
                keep(quick, "quick")
            before = store.data_mark(), greatest()
        after = store.data_mark(), greatest()
    assert after[0] != before[0]
    assert after[1] == before[1]
