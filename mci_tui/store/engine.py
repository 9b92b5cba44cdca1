"""The workspace's database: how it is opened, and the two transactions that are the only way in."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError, ProgrammingError

from mci_tui.errors import Unusable, reason
from mci_tui.store import guards  # noqa: F401 - tables come with their guards
from mci_tui.store.schema import VERSION, metadata, workspace
from mci_tui.store.writer_note import note_kept, read_note

Tx = Connection
"""A connection inside one of the two transactions."""

BUSY_SECONDS = 10
_PATIENT = f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}"
_WAL_IS_SOUND = (3, 51, 3)
"""Older SQLite libraries have a published bug that can corrupt a database in WAL mode."""
_LOCK = 0x6D63695F747569
_SNAPSHOT = text("SELECT pg_current_snapshot()::text")
"""All of it: a transaction that began first and commits last leaves its greatest number as it was."""
_HELD_PAGES = 32767
"""Pages (128 MB) that a long write keeps in memory before SQLite locks readers out; 32768 would read as OFF."""


class Busy(Unusable):
    """Somebody else writes, and it was not worth waiting."""


class Store:
    """An open workspace. Transactions are short, opened inside one service call, never held across a screen."""

    def __init__(self, engine: Engine, *, read_only: bool = False, login: str = "") -> None:
        self._engine = engine
        self._login = login
        self.read_only = read_only
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._watching = Lock()
        self._watcher: sqlite3.Connection | None = None
        self._closed = False

    def close(self) -> None:
        """Gives every connection back."""
        with self._watching:
            self._closed = True
            if self._watcher is not None:
                self._watcher.close()
                self._watcher = None
        self._engine.dispose()

    def data_mark(self) -> str:
        """What is another one after every commit that wrote, here or elsewhere; looking for it changes nothing.

        It is cheap, waits for nobody and holds nobody back. On PostgreSQL it is another one also after what was taken
        back, and after commits in the server's other databases. Raises `Unusable` where it cannot be told just now.
        """
        if self.is_sqlite:
            return self._file_mark()
        with self._told(), self._engine.connect() as connection:
            return str(connection.execution_options(isolation_level="AUTOCOMMIT").scalar(_SNAPSHOT))

    def _file_mark(self) -> str:
        """SQLite counts for one connection what others commit: so one is kept that never writes."""
        with self._watching:
            if self._closed:
                raise Unusable(reason("workspace_unreachable"))
            try:
                if self._watcher is None:
                    file = f"{Path(self._engine.url.database or '').absolute().as_uri()}?mode=ro"
                    self._watcher = sqlite3.connect(file, uri=True, timeout=0, check_same_thread=False)
                return str(self._watcher.execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.Error as error:
                raise Unusable(reason("workspace_unreachable")) from error

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """One consistent view of the workspace; nothing can be written in it."""
        options: dict[str, Any] = (
            {"mci_begin": ("PRAGMA query_only=ON", _PATIENT, "BEGIN")}
            if self.is_sqlite
            else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        with self._told(), self._engine.connect() as connection:
            connection = connection.execution_options(**options)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self, *, alone: bool = False, wait: bool = True) -> Iterator[Tx]:
        """All that is written in it is kept together, or none of it. Raises `Unusable`.

        `alone` is for imports and rebuilds: nobody else writes meanwhile, and readers go on reading. Without `wait`,
        `Busy` is raised at once where somebody else writes.
        """
        with (
            self._told(),
            ExitStack() as announced,
            self._engine.connect() as connection,
            self._begin(connection, alone, wait) as begun,
        ):
            if alone and self._note:
                announced.enter_context(note_kept(self._note, self._login))
            yield begun

    @contextmanager
    def rehearse(self) -> Iterator[Tx]:
        """A write transaction that is always taken back: how things would stand. For read-only readers."""
        with self._told(), self._engine.connect() as connection:
            options = {"mci_begin": ("PRAGMA query_only=OFF", "PRAGMA busy_timeout=0", "BEGIN IMMEDIATE")}
            connection = connection.execution_options(**(options if self.is_sqlite else {}))
            with connection.begin() as transaction:
                try:
                    yield connection
                finally:
                    transaction.rollback()

    @contextmanager
    def _begin(self, connection: Connection, alone: bool, wait: bool) -> Iterator[Tx]:
        if self.is_sqlite:
            spill = f"PRAGMA cache_spill={_HELD_PAGES}" if alone else "PRAGMA cache_spill=ON"
            patience = _PATIENT if wait else "PRAGMA busy_timeout=0"
            begin = ("PRAGMA query_only=OFF", patience, spill, "BEGIN IMMEDIATE")
            with connection.execution_options(mci_begin=begin).begin():
                yield connection
            return
        kind = "" if alone else "_shared"
        with connection.begin():
            if wait:
                connection.execute(text(f"SELECT pg_advisory_xact_lock{kind}({_LOCK})"))
            elif not connection.scalar(text(f"SELECT pg_try_advisory_xact_lock{kind}({_LOCK})")):
                raise Busy(reason("workspace_locked", holder=""))
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns what a database says into what an operator can be told."""
        try:
            yield
        except (OperationalError, DBAPIError) as error:
            if (refusal := self._refusal(error)) is None:
                raise
            raise refusal from error

    def _refusal(self, error: DBAPIError) -> Unusable | None:
        name = getattr(error.orig, "sqlite_errorname", "")
        sqlstate = getattr(error.orig, "sqlstate", None) or ""
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or sqlstate in ("55P03", "40P01", "40001"):
            return Busy(reason("workspace_locked", holder=self.writer()))
        for start, code in _UNUSABLE.items():
            if name.startswith(start):
                return Unusable(reason(code))
        if self.is_sqlite and not name and "decode" in str(error.orig):
            return Unusable(reason("workspace_damaged"))
        if self.is_sqlite or isinstance(error, IntegrityError):
            return None
        if error.connection_invalidated:
            return Unusable(reason("workspace_unreachable"))
        if not sqlstate and isinstance(error, OperationalError):
            return _no_connection(str(error.orig))
        if sqlstate.startswith(_REFUSED):
            return Unusable(reason("workspace_refused", why=str(error.orig).partition("\n")[0]))
        return None

    @property
    def _note(self) -> Path | None:
        database = self._engine.url.database
        return Path(f"{database}-writer") if self.is_sqlite and database else None

    def writer(self) -> str:
        """Who holds the workspace for a long write and since when, or an empty string where nobody is known to."""
        return read_note(self._note) if self._note else ""


def contains(tx: Tx, column: ColumnElement[str], part: str) -> ColumnElement[bool]:
    """Whether `column` has `part` in it, letter by letter; several times as quick as LIKE."""
    return (func.instr if tx.dialect.name == "sqlite" else func.strpos)(column, part) > 0


def contains_any_case(tx: Tx, column: ColumnElement[str], part: str) -> ColumnElement[bool]:
    """The same for ASCII letters of either case; `part` is in lower case."""
    if tx.dialect.name == "sqlite":  # its LIKE ignores case, and takes a third of the time that lower() does
        return column.contains(part, autoescape=True)
    return contains(tx, func.lower(column), part)


def _no_connection(said: str) -> Unusable:
    """Why there is no connection: the server has answered, and wants none of it, or there was no answer."""
    _head, answered, refusal = said.partition("FATAL:")
    why = (refusal if answered else said).strip().partition("\n")[0].rstrip(".")
    return Unusable(reason("workspace_refused" if answered else "workspace_unreachable_because", why=why))


_REFUSED = ("08", "25006", "28", "42501", "53", "57")
"""What PostgreSQL says of connections, rights, room and shutting down (SQLSTATE)."""

_TAKEN = ("42703", "42710", "42723", "42P07")
"""What it says where tables, functions or columns of these names are somebody else's."""

_UNUSABLE = {
    "SQLITE_FULL": "workspace_full",
    "SQLITE_READONLY": "workspace_readonly",
    "SQLITE_CANTOPEN": "workspace_cannot_open",
    "SQLITE_NOTADB": "workspace_not_one",
    "SQLITE_CORRUPT": "workspace_damaged",
    "SQLITE_IOERR": "workspace_io",
    "SQLITE_PERM": "workspace_cannot_open",
    "SQLITE_AUTH": "workspace_cannot_open",
}


def place_url(place: str) -> URL:
    """The database that `place` names: a path, or a `sqlite:` or `postgresql:` URL. Raises `Unusable`."""
    if "://" not in place:
        return URL.create("sqlite", database=str(Path(place).expanduser().absolute()))
    try:
        url = make_url(place)
    except (ArgumentError, ValueError) as error:
        raise Unusable(reason("workspace_url", place=_masked(place))) from error
    if url.drivername == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg") or (url.drivername == "sqlite" and not url.database):
        raise Unusable(reason("workspace_url", place=_masked(place)))
    return url


def _masked(place: str) -> str:
    return place.partition("://")[0] + "://…"


def shown_place(place: str) -> str:
    """`place` as it may be shown: without a password."""
    if "://" not in place:
        return str(Path(place).expanduser().absolute())
    url = place_url(place)
    return str(url.update_query_dict({name: "***" for name in url.query if "password" in name}))


def open_store(place: str, *, read_only: bool = False, login: str = "") -> Store:
    """Opens the workspace at `place`. Raises `Unusable`: there is none, it is something else, or of another version."""
    url = place_url(place)
    if url.drivername == "sqlite":
        _look_at_file(Path(url.database or ""))
    store = Store(_engine(url), read_only=read_only, login=login)
    try:
        with store.read() as tx:
            version = _version(tx)
    except ProgrammingError as error:
        store.close()
        if store.is_sqlite or getattr(error.orig, "sqlstate", None):
            raise Unusable(reason("workspace_not_one")) from error
        why = str(error.orig).partition("\n")[0]  # the driver's own word on the URL's options
        raise Unusable(reason("workspace_cannot_open_because", place=shown_place(place), why=why)) from error
    except DBAPIError as error:
        store.close()
        raise Unusable(reason("workspace_not_one")) from error
    except BaseException:
        store.close()
        raise
    if version != VERSION:
        store.close()
        none = "workspace_not_one" if store.is_sqlite else "workspace_not_there"
        code = none if version is None else "workspace_newer" if version > VERSION else "workspace_older"
        raise Unusable(reason(code, version=version or 0, known=VERSION))
    return store


def make_store(place: str, made_at: datetime, login: str = "") -> Store:
    """Makes an empty workspace at `place` and opens it. A SQLite file is the owner's alone (0600) from the start.

    Raises `Unusable` where something is there already.
    """
    url = place_url(place)
    if url.drivername == "sqlite":
        _make_file(Path(url.database or ""))
    store = Store(_engine(url), login=login)
    try:
        with store.write(alone=True) as tx:
            if _version(tx) is not None:
                raise Unusable(reason("workspace_exists"))
            metadata.create_all(tx, checkfirst=False)
            tx.execute(workspace.insert().values(version=VERSION, made_at=made_at))
    except ProgrammingError as error:
        store.close()
        if getattr(error.orig, "sqlstate", None) in _TAKEN:
            raise Unusable(reason("workspace_exists")) from error
        raise
    except BaseException:
        store.close()
        raise
    return store


def _look_at_file(path: Path) -> None:
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe would never answer
            raise Unusable(reason("workspace_not_one"))
        with path.open("rb") as file:
            head = file.read(16)
    except FileNotFoundError:
        raise Unusable(reason("workspace_missing", place=str(path))) from None
    except OSError as error:
        raise Unusable(reason("workspace_cannot_open_because", place=str(path), why=error.strerror)) from error
    if head and head != b"SQLite format 3\0":
        raise Unusable(reason("workspace_not_one"))


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    except FileExistsError:
        raise Unusable(reason("workspace_exists")) from None
    except OSError as error:
        raise Unusable(reason("workspace_cannot_open_because", place=str(path), why=error.strerror)) from error


def _version(tx: Tx) -> int | None:
    """The schema's version, or None where this is no workspace."""
    master = "sqlite_master" if tx.dialect.name == "sqlite" else "pg_catalog.pg_tables"
    column = "name" if tx.dialect.name == "sqlite" else "tablename"
    visible = "" if tx.dialect.name == "sqlite" else " AND schemaname = current_schema()"
    present = tx.scalar(text(f"SELECT count(*) FROM {master} WHERE {column} = 'workspace'{visible}"))  # noqa: S608
    version = tx.scalar(select(workspace.c.version)) if present else None
    return version if isinstance(version, int) else None


def _engine(url: URL) -> Engine:
    if url.drivername == "sqlite":
        engine = create_engine(url)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": BUSY_SECONDS,
            "options": f"-c lock_timeout={BUSY_SECONDS * 1000} -c application_name=mci-tui",
        },
    )


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    try:
        _say_pragmas(connection)
    except UnicodeDecodeError as error:  # SQLite's words on what is wrong quote a schema that is no text any more
        raise Unusable(reason("workspace_damaged")) from error


def _say_pragmas(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None
    sound = sqlite3.sqlite_version_info >= _WAL_IS_SOUND
    with suppress(sqlite3.OperationalError):  # a file that cannot be written keeps the journal that it has
        connection.execute(f"PRAGMA journal_mode={'WAL' if sound else 'DELETE'}")
    connection.execute(f"PRAGMA synchronous={'FULL' if sound else 'EXTRA'}")
    connection.execute(_PATIENT)
    for pragma in ("foreign_keys=ON", "trusted_schema=OFF", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A pragma that holds already is not said again: SQLite would compile every statement of the connection anew."""
    *pragmas, begin = connection.get_execution_options().get("mci_begin", ("BEGIN",))
    holding = connection.info.setdefault("mci_pragmas", {})
    for pragma in pragmas:
        name = pragma.partition("=")[0]
        if holding.get(name) != pragma:
            connection.exec_driver_sql(pragma)
            holding[name] = pragma
    connection.exec_driver_sql(begin)
