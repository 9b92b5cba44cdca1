"""How a workspace is made and opened: what is there already, what is no workspace, what may not be read or written."""

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text, update

from mci_tui.errors import Unusable
from mci_tui.services import services_at
from mci_tui.services.desk import Desk
from mci_tui.store.engine import Store, make_store, open_store, place_url, shown_place
from mci_tui.store.schema import VERSION, metadata, settings, workspace
from mci_tui.words import say
from tests.conftest import LOGIN, NOW, MovingClock, new_workspace
from tests.factories import Books

NOBODY = 65534


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every account may look into."""
    folder = Path(tempfile.mkdtemp(prefix="mci-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def no_special_powers() -> Iterator[None]:
    """Permissions hold for root as well."""
    special = os.geteuid() == 0
    if special:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if special:
            os.seteuid(0)


def why(place: str | Path, call: Callable[[str], object] = open_store) -> str:
    """The code of the refusal, whose sentence can be said."""
    with pytest.raises(Unusable) as refusal:
        call(str(place))
    assert refusal.value.code == "workspace_unusable"
    assert " " in say(refusal.value.why)
    return refusal.value.why.code


def test_what_was_made_can_be_opened_by_others(place: str, store: Store) -> None:
    """S-1d"""
    with store.write() as tx:
        tx.execute(settings.insert().values(key="k", value="1"))
    other = open_store(place, login="anna")
    with other.read() as tx:
        assert tx.scalar(select(settings.c.value).where(settings.c.key == "k")) == "1"
        assert tx.execute(select(workspace)).one() == (VERSION, NOW)
    other.close()


def test_a_place_that_is_taken_stays_as_it_is(place: str, store: Store) -> None:
    before = Path(place).read_bytes() if store.is_sqlite else b""
    assert why(place, lambda place: make_store(place, NOW)) == "workspace_exists"
    assert not store.is_sqlite or Path(place).read_bytes() == before
    open_store(place).close()


def test_nothing_else_is_overwritten(tmp_path: Path) -> None:
    file, link, folder = tmp_path / "notes.txt", tmp_path / "link.db", tmp_path / "folder"
    file.write_text("notes")
    link.symlink_to(tmp_path / "nowhere")
    folder.mkdir()
    for taken in (file, link, folder):
        assert why(taken, lambda place: make_store(place, NOW)) == "workspace_exists"
    assert file.read_text() == "notes"
    assert not (tmp_path / "nowhere").exists()


def test_the_file_is_the_owners_alone_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    path = tmp_path / "new" / "folder" / "desk.db"
    monkeypatch.setattr(metadata, "create_all", lambda _tx, **_how: seen.append(stat.S_IMODE(path.stat().st_mode)))
    before = os.umask(0)
    try:
        with pytest.raises(Exception, match="workspace"):
            make_store(str(path), NOW)
    finally:
        os.umask(before)
    assert seen == [0o600]
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_newer_workspace_asks_for_an_update_and_an_older_one_is_named(place: str, store: Store) -> None:
    for version, code in ((VERSION + 1, "workspace_newer"), (VERSION - 1, "workspace_older")):
        with store.write() as tx:
            tx.execute(update(workspace).values(version=version))
        assert why(place) == code


def test_a_database_without_a_workspace_is_none(new_place: Callable[[str], str], database: str) -> None:
    place = new_place(database)
    engine = create_engine(place_url(place))
    with engine.begin() as tx:
        tx.execute(text("CREATE TABLE notes (id INTEGER)"))
    none = "workspace_not_one" if database == "sqlite" else "workspace_not_there"
    assert why(place) == none
    for column, code in (("name", "workspace_not_one"), ("version", none)):
        with engine.begin() as tx:
            tx.execute(text("DROP TABLE IF EXISTS workspace"))
            tx.execute(text(f"CREATE TABLE workspace ({column} TEXT)"))
            tx.execute(text("INSERT INTO workspace VALUES ('mine')"))
        assert why(place) == code
    engine.dispose()


@pytest.mark.parametrize(
    "theirs",
    ["TABLE workspace (name TEXT)", "TABLE claims (id INTEGER)", "FUNCTION refuse() RETURNS int LANGUAGE sql RETURN 1"],
)
def test_a_server_database_with_somebody_elses_things_in_it_is_left_alone(
    new_place: Callable[[str], str], theirs: str
) -> None:
    place = new_place("postgres")
    engine = create_engine(place_url(place))
    with engine.begin() as tx:
        tx.execute(text(f"CREATE {theirs}"))
    assert why(place, lambda place: make_store(place, NOW)) == "workspace_exists"
    with engine.begin() as tx:
        tables = tx.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")).all()
    engine.dispose()
    assert len(tables) == theirs.startswith("TABLE")


def test_what_is_no_database_is_told_so_and_left_alone(tmp_path: Path) -> None:
    contents = {
        "empty.db": b"",
        "notes.txt": b"some notes\n",
        "short": b"x",
        "torn.db": b"SQLite format 3\0" + os.urandom(5000),
        "head.db": b"SQLite format 3\0",
    }
    for name, content in contents.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert why(path) in ("workspace_not_one", "workspace_damaged"), name
        assert path.read_bytes() == content
    assert {path.name for path in tmp_path.iterdir()} == set(contents)


def test_a_workspace_cut_short_is_damaged_or_none(tmp_path: Path, clock: MovingClock) -> None:
    path = tmp_path / "desk.db"
    new_workspace(str(path), clock).close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert why(path) in ("workspace_not_one", "workspace_damaged")


def test_a_workspace_whose_texts_are_none_any_more_is_damaged(tmp_path: Path, clock: MovingClock) -> None:
    path = tmp_path / "desk.db"
    store = new_workspace(str(path), clock)
    with store.write() as tx:
        tx.exec_driver_sql("UPDATE operators SET name = CAST(x'ff' AS TEXT)")
    with pytest.raises(Unusable) as refusal:
        services_at(Desk(store, clock, LOGIN)).adding.own()
    assert refusal.value.why.code == "workspace_damaged"
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"CREATE TABLE", b"\xff" * 12))
    assert why(path) == "workspace_damaged"


def test_where_nothing_is_the_sentence_says_how_to_make_a_workspace(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "desk.db"
    with pytest.raises(Unusable) as refusal:
        open_store(str(path))
    assert str(path) in say(refusal.value.why)
    assert "mci-tui init" in say(refusal.value.why)
    assert not path.parent.exists()


def test_a_folder_a_device_and_a_pipe_are_no_workspace(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert why(tmp_path) == "workspace_cannot_open_because"
    assert why("/dev/null") == "workspace_not_one"
    assert why(pipe) == "workspace_not_one"


def test_a_file_that_may_not_be_read_is_told_so(public: Path, clock: MovingClock) -> None:
    path = public / "desk.db"
    new_workspace(str(path), clock).close()
    path.chmod(0)
    with no_special_powers():
        assert why(path) == "workspace_cannot_open_because"


def test_a_place_where_nothing_may_be_made_is_told_so(public: Path) -> None:
    public.chmod(0o555)
    with no_special_powers():
        assert why(public / "desk.db", lambda place: make_store(place, NOW)) == "workspace_cannot_open_because"
        assert why(public / "new" / "desk.db", lambda place: make_store(place, NOW)) == "workspace_cannot_open_because"


def test_a_file_that_may_only_be_read_is_read_and_tells_its_derived_status(public: Path, clock: MovingClock) -> None:
    """S-10"""
    path = public / "desk.db"
    store = new_workspace(str(path), clock)
    books = Books(store, clock)
    books.location()
    customer = books.customer()
    books.claim(books.engagement(consent_days=30), customer, books.identifier(customer))
    store.close()
    path.chmod(0o444)
    public.chmod(0o555)
    clock.passes(days=31)
    before = path.read_bytes()
    for module in ("mails", "submitting"):  # without special powers not every machine's library can be read
        import_module(f"mci_tui.services.{module}")
    with no_special_powers():
        services = services_at(Desk(open_store(str(path)), clock, LOGIN))
        assert services.claims.show("CLM-000001").claim.status == "consent_expired"
        with pytest.raises(Unusable) as refusal:
            services.settings.set("partner_name", "Mine")
        services.close()
    public.chmod(0o755)
    assert refusal.value.why.code == "workspace_readonly"
    assert path.read_bytes() == before


def test_a_server_that_does_not_answer_is_told_so(tmp_path: Path) -> None:
    url = f"postgresql://nobody@/desk?host={tmp_path}"
    assert why(url) == "workspace_unreachable_because"
    assert why(url, lambda place: make_store(place, NOW)) == "workspace_unreachable_because"


def test_what_a_server_has_against_a_connection_is_told_in_its_own_words(new_place: Callable[[str], str]) -> None:
    there = place_url(new_place("postgres"))
    for wrong, said in (
        (there.set(database="nowhere"), 'database "nowhere" does not exist'),
        (there.set(username="stranger", password="secret"), 'role "stranger" does not exist'),
    ):
        with pytest.raises(Unusable) as refusal:
            open_store(wrong.render_as_string(hide_password=False))
        assert said in say(refusal.value.why)
        assert "secret" not in say(refusal.value.why)
    assert why(there.update_query_dict({"wrong": "x"}).render_as_string()) == "workspace_cannot_open_because"


@pytest.mark.parametrize(
    ("place", "url"),
    [
        ("/tmp/desk.db", "sqlite:////tmp/desk.db"),
        ("sqlite:////tmp/desk.db", "sqlite:////tmp/desk.db"),
        ("postgresql://desk@db.example/desk", "postgresql+psycopg://desk@db.example/desk"),
        ("postgresql+psycopg://desk@db.example/desk", "postgresql+psycopg://desk@db.example/desk"),
    ],
)
def test_a_place_is_a_file_or_a_url(place: str, url: str) -> None:
    assert place_url(place).render_as_string(hide_password=False) == url


def test_a_relative_file_is_one_of_the_folder_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert place_url("desk.db").database == str(tmp_path / "desk.db")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert place_url("~/desk.db").database == str(tmp_path / "desk.db")
    assert shown_place("desk.db") == str(tmp_path / "desk.db")


@pytest.mark.parametrize(
    "place",
    [
        "mysql://root:secret@host/desk",
        "sqlite://",
        "://desk",
        "postgresql+asyncpg://x/y",
        "postgresql://a:secret@h:port/d",
    ],
)
def test_other_urls_are_refused_without_telling_the_password(place: str) -> None:
    with pytest.raises(Unusable) as refusal:
        place_url(place)
    assert refusal.value.why.code == "workspace_url"
    assert "secret" not in say(refusal.value.why)


def test_a_password_is_never_shown() -> None:
    assert "secret" not in shown_place("postgresql://desk:secret@db.example/desk")
    assert "secret" not in shown_place("postgresql://desk@db.example/desk?password=secret&sslpassword=secret")
    assert "timeout=5" in shown_place("postgresql://desk@db.example/desk?password=secret&connect_timeout=5")


def test_sqlite_is_opened_with_everything_that_keeps_data_safe(tmp_path: Path, clock: MovingClock) -> None:
    store = new_workspace(str(tmp_path / "desk.db"), clock)
    sound = sqlite3.sqlite_version_info >= (3, 51, 3)
    expected = {
        "journal_mode": "wal" if sound else "delete",
        "synchronous": 2 if sound else 3,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "recursive_triggers": 1,
    }
    with store.read() as tx:
        assert {name: tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected} == expected
    store.close()


def test_whoever_reads_waits_even_after_a_write_that_did_not(tmp_path: Path, clock: MovingClock) -> None:
    store = new_workspace(str(tmp_path / "desk.db"), clock)
    for unwaiting in (store.write(wait=False), store.rehearse()):
        with unwaiting:
            pass
        with store.read() as tx:
            assert tx.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000
    store.close()


def test_reading_writes_nothing(store: Store) -> None:
    with pytest.raises(Unusable), store.read() as tx:
        tx.execute(settings.insert().values(key="k", value="1"))
    with store.read() as tx:
        assert tx.scalar(select(settings.c.value).where(settings.c.key == "k")) is None


def test_what_fails_halfway_is_taken_back_as_a_whole(store: Store) -> None:
    def half() -> None:
        with store.write() as tx:
            tx.execute(settings.insert().values(key="k", value="1"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    with store.rehearse() as tx:
        tx.execute(settings.insert().values(key="k", value="2"))
        assert tx.scalar(select(settings.c.value).where(settings.c.key == "k")) == "2"
    with store.read() as tx:
        assert tx.scalar(select(settings.c.value).where(settings.c.key == "k")) is None


def test_a_full_disk_is_told_so_and_nothing_is_changed(tmp_path: Path, clock: MovingClock) -> None:
    store = new_workspace(str(tmp_path / "desk.db"), clock)

    def fill() -> None:
        with store.write() as tx:
            pages = tx.exec_driver_sql("PRAGMA page_count").scalar()
            tx.exec_driver_sql(f"PRAGMA max_page_count={pages}")
            tx.execute(settings.insert().values(key="k", value="1" * 100_000))

    with pytest.raises(Unusable) as refusal:
        fill()
    assert refusal.value.why.code == "workspace_full"
    with store.read() as tx:
        assert tx.scalar(select(settings.c.value).where(settings.c.key == "k")) is None
    store.close()


def test_a_table_of_ones_own_beside_the_workspace_does_no_harm(tmp_path: Path, clock: MovingClock) -> None:
    path = tmp_path / "desk.db"
    new_workspace(str(path), clock).close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE notes (id INTEGER)")
    open_store(str(path)).close()
