"""Puts the parts together: settings, store, services, screens. Imports each of them only where it is needed."""

import gc
import os
import pwd
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mci_tui.clock import Clock
from mci_tui.errors import Refused, Unusable, reason
from mci_tui.settings import Settings, Tenants

if TYPE_CHECKING:
    from mci_tui.services import Services
    from mci_tui.services.tenants import LookUp
    from mci_tui.store.engine import Store

_BESIDE = ("", "-journal", "-wal", "-shm", "-writer")
"""What SQLite and the store keep beside a workspace's file, by the end of the name."""

_PAINTS_PER_SECOND = "1000"
"""Textual reads it when it is imported: a key's second paint is not held back for 16 ms."""


def account() -> str:
    """Who runs the program: the operating system's account, whatever the environment says."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid-{os.getuid()}"


def open_services(
    place: str, clock: Clock, login: str, *, read_only: bool = False, tenants: Tenants | None = None
) -> "Services":
    """The services of `login` at a workspace; `tenants` says whether tenants are asked for. Raises `Unusable`."""
    from mci_tui.services import services_at
    from mci_tui.services.desk import Desk
    from mci_tui.store.engine import open_store

    with _driver_there():
        store = open_store(place, read_only=read_only, login=login)
    return services_at(Desk(store, clock, login, _look_up(tenants)))


def _look_up(tenants: Tenants | None) -> "LookUp | None":
    if tenants is None or tenants.lookup != "openid":
        return None
    from mci_tui.services.tenants import openid

    return openid(tenants.base_url, tenants.timeout_s)


@contextmanager
def new_workspace(place: str, clock: Clock, login: str) -> Iterator["Store"]:
    """A new, empty workspace for as long as it takes to fill it; leaving by an exception leaves nothing behind.

    Raises `Unusable` where something is there already, or nothing can be made.
    """
    from mci_tui.store.engine import make_store, place_url

    url = place_url(place)
    file = Path(url.database) if url.drivername == "sqlite" and url.database else None
    new_folders = [folder for folder in file.parents if not folder.exists()] if file else []
    try:
        with _driver_there():
            store = make_store(place, clock(), login)
    except Unusable as refused:
        if file and refused.why.code != "workspace_exists":
            _remove(file, new_folders)
        raise
    try:
        yield store
    except BaseException:
        if file is None:
            _empty(store)
        store.close()
        if file:
            _remove(file, new_folders)
        raise
    store.close()


def run_screens(settings: Settings, clock: Clock, login: str, read_only: bool = False) -> int:
    """Plays the screens in the terminal until they end; the code to exit with.

    Raises `Refused` where there is no terminal, and, the terminal as it was, where the workspace cannot be opened or
    the operator has no role in it.
    """
    require_terminal()
    gc.disable()  # until the first rows stand: the screens switch it on again
    from mci_tui import terminal

    terminal.scrub_environment()
    os.environ.setdefault("TEXTUAL_FPS", _PAINTS_PER_SECOND)
    from mci_tui.app import MciApp

    refusals: list[Refused] = []

    def opened() -> "Services":
        try:
            services = open_services(settings.workspace, clock, login, read_only=read_only, tenants=settings.tenants)
            with services.desk.reading():
                return services
        except Refused as refused:
            refusals.append(refused)
            app.call_from_thread(app.exit)
            raise

    app = MciApp(
        opened,
        theme=settings.theme,
        keymap=settings.keys,
        animations=settings.animations,
        reports=settings.places.reports,
    )
    code = terminal.run(app, app.keep_drafts, mouse=settings.mouse)
    if refusals:
        raise refusals[0]
    return code


def require_terminal() -> None:
    """Raises `Refused` where the screens would have no terminal to be seen on."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise Refused("invalid", reason("no_terminal"))


@contextmanager
def _driver_there() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise Unusable(reason("workspace_driver")) from error


def _remove(file: Path, folders: list[Path]) -> None:
    for end in _BESIDE:
        with suppress(OSError):
            file.with_name(file.name + end).unlink()
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()


def _empty(store: "Store") -> None:
    """Takes the tables and the guards of a new workspace away again."""
    from mci_tui.store.schema import metadata

    with store.write(alone=True) as tx:
        metadata.drop_all(tx)
        tx.exec_driver_sql("DROP FUNCTION refuse()")
