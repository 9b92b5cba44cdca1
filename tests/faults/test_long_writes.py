"""Imports and rebuilds take long: meanwhile others read, and whoever wants to write is told who writes."""

import json
import multiprocessing
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from mci_tui.domain.adding import Addition
from mci_tui.domain.eligibility import Tab
from mci_tui.services import Services, services_at
from mci_tui.services.claims import ClaimQuestion
from mci_tui.services.customers import PageQuestion, Place
from mci_tui.services.desk import Desk
from mci_tui.store import engine
from mci_tui.store.engine import Busy, Store, Tx, open_store
from mci_tui.store.schema import preferences
from mci_tui.store.standing import refresh
from mci_tui.words import say
from tests.conftest import LOGIN, MovingClock, new_workspace
from tests.factories import HERE, Books, guid

MEGABYTE = 1024 * 1024


def write_much(tx: Tx) -> int:
    """Writes more than the cache can hold; how many bytes the file would have."""
    for number in range(8):
        tx.execute(preferences.insert().values(login="x", key=f"{number}", value="x" * MEGABYTE))
    pages, size = (tx.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "page_size"))
    return int(pages * size)


def test_others_read_on_while_a_rebuild_is_at_work(
    services: Services, store: Store, clock: MovingClock, elsewhere: Callable[[], Services]
) -> None:
    """S-11a"""
    books = Books(store, clock)
    books.location()
    books.engagement()
    books.known("Corvara", books.engagement(code="elsewhere"), number=1)
    other = elsewhere()
    with store.write(alone=True) as tx:
        refresh(tx)
        if store.is_sqlite:
            cache = -tx.exec_driver_sql("PRAGMA cache_size").scalar_one() * 1024
            assert write_much(tx) > 2 * cache > 0
        (row,) = other.customers.rows(PageQuestion("assessment", Tab.ELIGIBLE), Place())
        assert (row.customer_name, other.claims.count(ClaimQuestion())) == ("Corvara", 1)
        assert other.engagements.counts("assessment")["assessment"].eligible == 1
    assert services.customers.rows(PageQuestion("assessment", Tab.ELIGIBLE), Place()) == [row]


def test_a_cache_that_spills_would_lock_them_out(
    tmp_path: Path, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above: an ordinary write of that size, where readers depend on the journal."""
    monkeypatch.setattr(engine, "_WAL_IS_SOUND", (99,))
    path = tmp_path / "desk.db"
    store = new_workspace(str(path), clock)
    with store.write() as tx, closing(sqlite3.connect(path, timeout=0)) as reader:
        for small in ("cache_size=10", "cache_spill=1"):
            tx.exec_driver_sql(f"PRAGMA {small}")
        assert reader.execute("SELECT count(*) FROM operators").fetchone() == (1,)
        write_much(tx)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            reader.execute("SELECT count(*) FROM operators")
    store.close()


def test_whoever_wants_to_write_is_told_who_writes_since_when(
    place: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-11a"""
    monkeypatch.setattr(engine, "_PATIENT", "PRAGMA busy_timeout=1")
    importer, other = open_store(place, login=LOGIN), open_store(place, login="anna")
    with importer.write(alone=True):
        holder = other.writer()
        assert holder.startswith(f"{LOGIN} (") is store.is_sqlite
        for alone in (False, True):
            for wait in (False, True) if store.is_sqlite else (False,):
                with pytest.raises(Busy) as refusal, other.write(alone=alone, wait=wait):
                    pass
                assert holder in say(refusal.value.why)
                assert refusal.value.code == "workspace_unusable"
        assert other.writer() == holder
    assert other.writer() == ""
    with other.write(alone=True):
        assert importer.writer().startswith("anna (") is store.is_sqlite
    importer.close()
    other.close()


def test_an_operator_who_adds_meanwhile_is_told(
    tmp_path: Path, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-11a"""
    monkeypatch.setattr(engine, "_PATIENT", "PRAGMA busy_timeout=1")
    store = new_workspace(str(tmp_path / "desk.db"), clock)
    books = Books(store, clock)
    books.location()
    books.engagement()
    addition = Addition(
        name="Autumn wave",
        location=HERE,
        id_type="subscription",
        id=guid(1),
        customer_name="Corvara",
        country="IT",
        engagement=("assessment",),
        contact_name="Anna Bianchi",
        contact_email="anna@corvara.example",
        partner_name="Marco Rossi",
        partner_email="m.rossi@partner.example",
    )
    services = services_at(Desk(store, clock, LOGIN))
    importer = open_store(str(tmp_path / "desk.db"), login="importer")
    with importer.write(alone=True), pytest.raises(Busy) as refusal:
        services.adding.add(addition)
    importer.close()
    assert "importer (" in say(refusal.value.why)
    assert len(services.adding.add(addition)) == 1
    store.close()


def test_the_note_about_a_long_write_goes_with_it_however_it_ends(tmp_path: Path, clock: MovingClock) -> None:
    """S-11a"""
    path = tmp_path / "desk.db"
    store = new_workspace(str(path), clock)
    note = path.with_name("desk.db-writer")

    def broken() -> None:
        with store.write(alone=True):
            assert set(json.loads(note.read_text())) == {"login", "since"}
            assert note.stat().st_mode & 0o777 == 0o600
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert not note.exists()
    with store.write():
        assert not note.exists()
    note.write_text("not what the program writes")
    assert store.writer() == ""
    store.close()


def test_the_note_of_a_program_that_was_killed_says_nothing_any_more(tmp_path: Path, clock: MovingClock) -> None:
    """S-11a"""
    path = tmp_path / "desk.db"
    store = new_workspace(str(path), clock)
    spawn = multiprocessing.get_context("spawn")
    writes = spawn.Event()
    importing = spawn.Process(target=_writes_until_killed, args=(str(path), "importer", writes))
    importing.start()
    assert writes.wait(30)
    assert store.writer().startswith("importer (")
    importing.kill()
    importing.join()
    assert path.with_name("desk.db-writer").exists()
    assert store.writer() == ""
    with store.write(alone=True):
        assert store.writer().startswith("mrossi (")
    assert not path.with_name("desk.db-writer").exists()
    store.close()


def _writes_until_killed(place: str, login: str, writes: Event) -> None:
    with open_store(place, login=login).write(alone=True):
        writes.set()
        signal.pause()


def test_several_may_write_at_a_time_on_a_server_and_one_by_one_in_a_file(
    place: str, store: Store, clock: MovingClock
) -> None:
    """S-3i"""
    other = open_store(place)
    with store.write() as tx:
        tx.execute(preferences.insert().values(login="one", key="k", value="1"))
        if store.is_sqlite:
            with pytest.raises(Busy), other.write(wait=False):
                pass
        else:
            with other.write(wait=False) as also:
                also.execute(preferences.insert().values(login="other", key="k", value="1"))
    other.close()
