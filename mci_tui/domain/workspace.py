"""The workspace's own settings: the rules that all its operators share."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from mci_tui.domain.ids import MSX_PATTERN, IdType, normal_id
from mci_tui.errors import WrongValue, reason

FREE_MAIL = (
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "gmx.de",
    "web.de", "libero.it", "virgilio.it", "tiscali.it", "alice.it", "proton.me", "protonmail.com", "aol.com",
)  # fmt: skip


class Workspace(NamedTuple):
    """The settings with their defaults."""

    partner_name: str = ""
    partner_domains: tuple[str, ...] = ()
    timezone: str = "Europe/Rome"
    reminder_hours: int = 24
    max_reminders: int = 5
    free_mail_domains: tuple[str, ...] = FREE_MAIL
    allow_recorded_answers: bool = True
    msx_pattern: str = MSX_PATTERN
    mail_from: str = ""
    mail_reply_to: str = ""
    portal_url: str = ""


KEYS = Workspace._fields


def _wrong(key: str, value: str, needs: str) -> WrongValue:
    return WrongValue(reason("setting_value", key=key, value=value, needs=needs))


def _zone(key: str, text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as error:
        raise WrongValue(reason("timezone_unknown", zone=text)) from error
    return text


def _whole(low: int, high: int) -> Callable[[str, str], int]:
    def read(key: str, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", text) or not low <= int(text) <= high:
            raise _wrong(key, text, f"{low}–{high}")
        return int(text)

    return read


def _flag(key: str, text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise _wrong(key, text, "true / false")
    return text.lower() == "true"


def _domains(_key: str, text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(normal_id(IdType.DOMAIN, part) for part in re.split(r"[,;\s]+", text) if part))


def _pattern(key: str, text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise _wrong(key, text, f"regular expression: {error}") from error
    return text


def _address(key: str, text: str) -> str:
    if text and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+|.*<[^@\s]+@[^@\s]+\.[^@\s]+>", text):
        raise _wrong(key, text, "name@example.com")
    return text


def _url(key: str, text: str) -> str:
    """https, or http to this machine alone; what links are made of by adding a path."""
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError as error:
        raise _wrong(key, text, "https://…") from error
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    plain = not (set("?#@ ") & set(text))
    if text and not (plain and parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and local))):
        raise _wrong(key, text, "https://…")
    return text.rstrip("/")


_READ: dict[str, Callable[[str, str], Any]] = {
    "partner_name": lambda _key, text: text,
    "partner_domains": _domains,
    "timezone": _zone,
    "reminder_hours": _whole(1, 720),
    "max_reminders": _whole(0, 100),
    "free_mail_domains": _domains,
    "allow_recorded_answers": _flag,
    "msx_pattern": _pattern,
    "mail_from": _address,
    "mail_reply_to": _address,
    "portal_url": _url,
}


def read_setting(key: str, text: str) -> Any:
    """The value of a setting out of what somebody typed. Raises `WrongValue`: no such setting, or no such value."""
    if key not in _READ:
        raise WrongValue(reason("setting_unknown", key=key, known=", ".join(KEYS)))
    return _READ[key](key, text.strip())
