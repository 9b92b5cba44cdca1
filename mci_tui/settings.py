"""The user's own settings: flag, else environment, else settings file, else default.

The workspace's settings are another matter: they live in the workspace (`domain.workspace`).
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from mci_tui.errors import Invalid, Reason, Refused, WrongValue, reason
from mci_tui.text import LANGUAGES, N_, _

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LOCALE_VARIABLES = ("MCI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


class Places(NamedTuple):
    """Where this user's things are: XDG's folders, or those of the platform."""

    settings: Path
    """The settings file; there may be none."""
    workspace: Path
    """The workspace that is opened where none is named."""
    demo: Path
    """The folder of the sample workspace."""
    reports: Path
    """The folder of reports on errors in the program."""


@dataclass(frozen=True, slots=True)
class Mail:
    """How this user's mail leaves; nothing set means that it does not."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    password_command: str = ""
    folder: str = ""


class Portal(NamedTuple):
    """Where the customers' page listens."""

    host: str = "127.0.0.1"
    port: int = 8765
    trusted_proxies: tuple[str, ...] = ()


class Tenants(NamedTuple):
    """Whether a domain's tenant is asked for outside, and for how long."""

    lookup: str = "off"
    timeout_s: float = 5.0
    base_url: str = "https://login.microsoftonline.com"


class Settings(NamedTuple):
    """Everything that this user has decided, with the defaults for all else."""

    places: Places
    workspace: str
    language: str = LANGUAGES[0]
    theme: str = ""
    """Empty: the program's own."""
    animations: bool = False
    mouse: bool = True
    keys: Mapping[str, str] = MappingProxyType({})
    """Keys by binding id, several with commas between."""
    mail: Mail = Mail()
    portal: Portal = Portal()
    tenants: Tenants = Tenants()
    overrides: Mapping[str, str] = MappingProxyType({})
    """Settings of the workspace that hold otherwise in this process."""

    @property
    def sends_mail(self) -> bool:
        """Whether it is said how mail leaves."""
        return bool(self.mail.host or self.mail.folder)


class _Setting(NamedTuple):
    """How a value is read, from TOML or from a variable's text, and what it needs to be."""

    read: Callable[[Any], Any]
    needs: str


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError
    return value.strip()


def _texts(value: Any) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise ValueError
    return tuple(_text(part) for part in parts)


def _flag(value: Any) -> bool:
    written = str(value).lower()
    if written not in ("true", "false"):
        raise ValueError
    return written == "true"


def _port(value: Any) -> int:
    if isinstance(value, bool | float) or not 1 <= int(value) <= 65535:
        raise ValueError
    return int(value)


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not 0 < float(value) <= 60:
        raise ValueError
    return float(value)


def _url(value: Any) -> str:
    """An address that is asked over the network: encrypted, unless it is on this machine."""
    found = urlsplit(_text(value))
    if not found.hostname or not (found.scheme == "https" or (found.scheme == "http" and found.hostname in _LOOPBACK)):
        raise ValueError
    return _text(value)


def _one_of(*allowed: str) -> _Setting:
    def read(value: Any) -> str:
        if value not in allowed:
            raise ValueError
        return str(value)

    return _Setting(read, " | ".join(allowed))


_TEXT = _Setting(_text, N_("a text on one line"))
_FLAG = _Setting(_flag, "true | false")
_PORT = _Setting(_port, "1–65535")

_SETTINGS: dict[str, _Setting] = {
    "workspace": _TEXT,
    "language": _one_of(*LANGUAGES),
    "theme": _TEXT,
    "animations": _FLAG,
    "mouse": _FLAG,
    "mail.host": _TEXT,
    "mail.port": _PORT,
    "mail.security": _one_of("starttls", "tls", "none"),
    "mail.username": _TEXT,
    "mail.password_command": _TEXT,
    "mail.folder": _TEXT,
    "portal.host": _TEXT,
    "portal.port": _PORT,
    "portal.trusted_proxies": _Setting(_texts, N_("a list of addresses")),
    "tenants.lookup": _one_of("off", "openid"),
    "tenants.timeout_s": _Setting(_seconds, "0–60"),
    "tenants.base_url": _Setting(_url, "https://…"),
}
_PATHS = ("workspace", "mail.folder")
_KEYS = "keys."
_SECTIONS = frozenset({"mail", "portal", "tenants", "keys"})
_PASSWORD = "mail.password"  # noqa: S105 - the setting's name
"""Taken from the environment alone: a settings file is no place for it."""
_OVERRIDES = {"MCI_PORTAL_URL": "portal_url", "MCI_MAIL_FROM": "mail_from"}
"""Variables that override a setting of the workspace for this process."""


def places() -> Places:
    """The places of whoever runs the program; nothing is made there."""
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("mci-tui", appauthor=False)
    data = dirs.user_data_path
    return Places(dirs.user_config_path / "settings.toml", data / "desk.db", data / "demo", dirs.user_state_path)


def language_of(environ: Mapping[str, str]) -> str:
    """The language that the environment asks for, of those that the program speaks."""
    asked = next((environ[name] for name in _LOCALE_VARIABLES if environ.get(name)), "")
    language = re.split("[^a-z]", asked, maxsplit=1)[0]
    return language if language in LANGUAGES else LANGUAGES[0]


def load(workspace: str | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings that hold; `workspace` is what the command line says.

    Raises `Invalid` by key or variable (unknown in the file, or no such value), `Refused` where the file is unreadable.
    """
    here = places()
    written = _read_file(here.settings)
    problems: dict[str, Reason] = {}
    found: dict[str, Any] = {}
    for name in written:
        if name in _SECTIONS:
            problems[name] = reason("setting_user_value", key=name, value=written[name], needs=f"[{name}]")
        elif name not in _SETTINGS and not name.startswith(_KEYS):
            problems[name] = reason("setting_file_unknown", path=str(here.settings), key=name)
    for name, setting in _SETTINGS.items():
        variable = _variable(name)
        source, value = (variable, environ[variable]) if environ.get(variable) else (name, written.get(name))
        if value not in (None, ""):
            _take(found, name, setting, source, value, problems)
    keys = {name.removeprefix(_KEYS): value for name, value in written.items() if name.startswith(_KEYS)}
    for binding, value in keys.items():
        _take(keys, binding, _TEXT, _KEYS + binding, value, problems)
    if password := environ.get(_variable(_PASSWORD)):
        found[_PASSWORD] = password
    _check_mail(found, problems)
    overrides = _overrides(environ, problems)
    if problems:
        raise Invalid(problems)
    defaults = {"workspace": str(here.workspace), "language": language_of(environ)}
    given = {} if workspace is None else {"workspace": workspace}
    return _settings(here, defaults | found | given, keys)._replace(overrides=overrides)


def _overrides(environ: Mapping[str, str], problems: dict[str, Reason]) -> dict[str, str]:
    found = {}
    for variable, key in _OVERRIDES.items():
        if value := environ.get(variable):
            from mci_tui.domain.workspace import read_setting

            try:
                found[key] = str(read_setting(key, value))
            except WrongValue as wrong:
                problems[variable] = wrong.why
    return found


def _settings(here: Places, found: Mapping[str, Any], keys: Mapping[str, str]) -> Settings:
    def section(prefix: str) -> dict[str, Any]:
        return {name.removeprefix(prefix): value for name, value in found.items() if name.startswith(prefix)}

    return Settings(
        here,
        absolute(found["workspace"]),
        **{name: value for name, value in found.items() if "." not in name and name != "workspace"},
        keys=keys,
        mail=Mail(**section("mail.")),
        portal=Portal(**section("portal.")),
        tenants=Tenants(**section("tenants.")),
    )


def absolute(place: str) -> str:
    """A place as it is from anywhere: a path in full, a database's URL as it stands."""
    return place if "://" in place else os.path.abspath(os.path.expanduser(place))


def _variable(name: str) -> str:
    """`mail.host` is `MCI_MAIL_HOST` in the environment."""
    return "MCI_" + name.upper().replace(".", "_")


def _take(
    found: dict[str, Any], name: str, setting: _Setting, source: str, value: Any, problems: dict[str, Reason]
) -> None:
    try:
        found[name] = setting.read(value)
    except (ValueError, TypeError):
        problems[source] = reason("setting_user_value", key=source, value=value, needs=_(setting.needs))


def _check_mail(found: Mapping[str, Any], problems: dict[str, Reason]) -> None:
    """Mail leaves this machine encrypted, or not at all."""
    host = found.get("mail.host", "")
    if found.get("mail.security") == "none" and host not in ("", *_LOOPBACK):
        needs = _("starttls | tls, as %(host)s is another machine") % {"host": host}
        problems["mail.security"] = reason("setting_user_value", key="mail.security", value="none", needs=needs)


def _read_file(path: Path) -> dict[str, Any]:
    """What the settings file says, by dotted names; nothing where there is none. Paths in it are beside it."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _broken(path, error) from error
    import tomllib

    try:
        written = _flat(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _broken(path, error) from error
    for name in _PATHS:
        if isinstance(place := written.get(name), str) and place and "://" not in place:
            written[name] = str(path.parent / os.path.expanduser(place))
    return written


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = value
    return found


def _broken(path: Path, error: Exception) -> Refused:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return Refused("invalid", reason("setting_file_broken", path=str(path), why=why))
