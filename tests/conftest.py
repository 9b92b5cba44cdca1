"""What every test can ask for: workspaces on both databases, a clock that is handed in, an operator at a desk."""

import itertools
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url

from mci_tui.services import Services, services_at
from mci_tui.services.desk import Desk
from mci_tui.services.workspace import set_up
from mci_tui.store.engine import Store, make_store, open_store, place_url
from tests import postgres

_KEPT = ("MCI_REQUIRE_CHROMIUM", "MCI_REQUIRE_POSTGRES", "TEXTUAL_SNAPSHOT_TEMPDIR")
for name in [name for name in os.environ if name.startswith(("TEXTUAL", "MCI_")) and name not in _KEPT]:
    del os.environ[name]
for name in ("NO_COLOR", "COLORTERM", "LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE"):
    os.environ.pop(name, None)

hypothesis_settings.register_profile(
    "gate",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hypothesis_settings.load_profile("gate")

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""When the tests' stories begin: a Monday morning in Rome."""

LOGIN = "mrossi"
"""The operator of the tests' stories, Incentives admin of all locations."""


class MovingClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        """Lets time go by: `clock.passes(days=3)`."""
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    if not postgres.can_start():
        if os.environ.get("MCI_REQUIRE_POSTGRES") == "1":
            pytest.fail("MCI_REQUIRE_POSTGRES=1, and there is no PostgreSQL server on this machine")
        pytest.skip("no PostgreSQL server on this machine: everything about PostgreSQL is left untested")
    with postgres.cluster() as url:
        yield url
        _maintenance(make_url(url)).dispose()


_numbers = itertools.count(1)


@pytest.fixture
def new_place(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[str], str]]:
    """Gives places where no workspace is yet, by the database's name: `sqlite` or `postgres`."""
    made: list[tuple[URL, str]] = []

    def place(database: str) -> str:
        if database == "sqlite":
            return str(tmp_path / f"desk{next(_numbers)}.db")
        server = make_url(request.getfixturevalue("postgres_server"))
        there = _new_database(server)
        made.append((server, str(there.database)))
        return there.render_as_string(hide_password=False)

    yield place
    for server, name in made:
        _maintain(server, f"DROP DATABASE {name} WITH (FORCE)")


def _new_database(server: URL) -> URL:
    name = f"desk{os.getpid()}_{next(_numbers)}"
    _maintain(server, f"CREATE DATABASE {name}")
    return server.set(database=name)


def _maintain(server: URL, *statements: str) -> None:
    with _maintenance(server).connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


@cache
def _maintenance(server: URL) -> Engine:
    return create_engine(server, isolation_level="AUTOCOMMIT")


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """Runs the test on both databases."""
    return str(request.param)


@pytest.fixture
def place(database: str, new_place: Callable[[str], str]) -> str:
    """A place where no workspace is yet."""
    return new_place(database)


@pytest.fixture
def store(place: str, clock: MovingClock) -> Iterator[Store]:
    """A workspace whose one operator is `LOGIN`."""
    made = new_workspace(place, clock)
    yield made
    made.close()


def new_workspace(place: str, clock: MovingClock) -> Store:
    """Makes a workspace at `place` as `init` does, for `LOGIN`: a copy of the first one of this instant."""
    url = place_url(place)
    if url.drivername == "sqlite":
        path = Path(place)
        path.touch(0o600, exist_ok=False)
        path.write_bytes(_made_file(clock()))
    else:
        like = _made_database(url.set(database="postgres"), clock()).database
        again = f"DROP DATABASE {url.database}", f"CREATE DATABASE {url.database} TEMPLATE {like}"
        _maintain(url.set(database="postgres"), *again)
    return open_store(place, login=LOGIN)


@cache
def _made_file(now: datetime) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "desk.db")
        _make_workspace(str(path), now)
        return path.read_bytes()


@cache
def _made_database(server: URL, now: datetime) -> URL:
    there = _new_database(server)
    _make_workspace(there.render_as_string(hide_password=False), now)
    return there


def _make_workspace(place: str, now: datetime) -> None:
    made = make_store(place, now, LOGIN)
    values = {"partner_name": "Meridiana Cloud", "partner_domains": "partner.example", "timezone": "Europe/Rome"}
    person = {"name": "Marco Rossi", "email": "m.rossi@partner.example", "phone": "+39 02 1234567"}
    set_up(made, now, LOGIN, values, **person)
    made.close()


@pytest.fixture
def services(store: Store, clock: MovingClock) -> Services:
    """The services of `LOGIN` at the workspace."""
    return services_at(Desk(store, clock, LOGIN))


@pytest.fixture
def as_operator(store: Store, clock: MovingClock) -> Callable[[str], Services]:
    """Gives the services of another operator at the same workspace."""
    return lambda login: services_at(Desk(store, clock, login))


@pytest.fixture
def elsewhere(place: str, store: Store, clock: MovingClock) -> Iterator[Callable[[str], Services]]:
    """Gives the services of an operator in another process: with a connection of its own."""
    opened: list[Store] = []

    def open_again(login: str = LOGIN) -> Services:
        opened.append(open_store(place, login=login))
        return services_at(Desk(opened[-1], clock, login))

    yield open_again
    for each in opened:
        each.close()
