"""Puts the parts together: settings, store, services, screens. Imports each of them only where it is needed."""

import gc
import os
import pwd
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mci_tui.clock import Clock
from mci_tui.errors import Refused, Unusable, reason
from mci_tui.settings import Mail, Settings, Tenants
from mci_tui.text import use_language

if TYPE_CHECKING:
    from threading import Event

    from mci_tui.mail.transport import Transport
    from mci_tui.services import Services
    from mci_tui.services.sending import Handled, Sender
    from mci_tui.services.tenants import LookUp
    from mci_tui.store.engine import Store

_BESIDE = ("", "-journal", "-wal", "-shm", "-writer")
"""What SQLite and the store keep beside a workspace's file, by the end of the name."""

_PATIENCE = 60
"""Seconds in which the command for the mail's password has to answer: it may ask for a key first."""

_PAINTS_PER_SECOND = "1000"
"""Textual reads it when it is imported: a key's second paint is not held back for 16 ms."""


def account() -> str:
    """Who runs the program: the operating system's account, whatever the environment says."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid-{os.getuid()}"


def open_services(
    place: str, clock: Clock, login: str, *, read_only: bool = False, settings: Settings | None = None
) -> "Services":
    """The services of `login` at a workspace; `settings` say whether tenants are asked for, and what of the workspace's
    own settings holds otherwise here. Raises `Unusable`."""
    from mci_tui.services import services_at
    from mci_tui.services.desk import Desk
    from mci_tui.store.engine import open_store

    with _driver_there():
        store = open_store(place, read_only=read_only, login=login)
    if settings is None:
        return services_at(Desk(store, clock, login))
    return services_at(Desk(store, clock, login, _look_up(settings.tenants), settings.overrides))


def _look_up(tenants: Tenants) -> "LookUp | None":
    if tenants.lookup != "openid":
        return None
    from mci_tui.services.tenants import openid

    return openid(tenants.base_url, tenants.timeout_s)


def sender_for(services: "Services", settings: Settings) -> "Sender":
    """Who sends what waits in the outbox, as the user's settings say. Raises `Refused` (`not_configured`)."""
    from mci_tui.services.sending import Sender

    return Sender(services.outbox, _transport(settings), f"{os.uname().nodename}:{os.getpid()}")


def _send(settings: Settings, services: "Services", stop: "Event", say: Callable[[str], None]) -> None:
    """Sends what waits while screens are open, and says what somebody has to look at."""
    from mci_tui.mail.transport import Outcome
    from mci_tui.words import send_trouble

    def tell(told: "Handled | Unusable") -> None:
        if not isinstance(told, Unusable) and told.outcome in (Outcome.REFUSED, Outcome.PAUSED, Outcome.UNKNOWN):
            say(send_trouble(told.outcome, told.to, told.said))

    use_language(settings.language)
    with suppress(Refused):
        sender_for(services, settings).run(stop, tell)


def _transport(settings: Settings) -> "Transport":
    from mci_tui.mail.transport import Folder, Smtp

    mail = settings.mail
    if mail.folder:
        return Folder(Path(mail.folder))
    if not mail.host:
        raise Refused("not_configured", reason("mail_not_configured", path=str(settings.places.settings)))
    return Smtp(mail.host, mail.port, mail.security, mail.username, lambda: _password(mail))


def _password(mail: Mail) -> str:
    """The password of the mail account. Raises `OSError` where the command that should give it does not."""
    if mail.password or not mail.password_command:
        return mail.password
    import shlex
    import subprocess

    try:
        asked = subprocess.run(  # noqa: S603 - the user's own command, out of the user's own settings
            shlex.split(mail.password_command), capture_output=True, text=True, timeout=_PATIENCE, check=True
        )
    except (ValueError, subprocess.SubprocessError) as error:
        raise OSError(type(error).__name__) from error
    return asked.stdout.partition("\n")[0]


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
    from mci_tui.domain.roles import Action

    refusals: list[Refused] = []

    def opened() -> "Services":
        try:
            services = open_services(settings.workspace, clock, login, read_only=read_only, settings=settings)
            with services.desk.reading(Action.READ_REFERRED):
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
        send=partial(_send, settings) if settings.sends_mail and not read_only else None,
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
