"""The IDs by which a customer is nominated, and their forms (S-8)."""

import re
from enum import StrEnum

from mci_tui.errors import WrongValue, reason


class IdType(StrEnum):
    """The five kinds of customer ID; the value is the stored and the printed name."""

    DOMAIN = "domain"
    TENANT = "tenant"
    TPID = "tpid"
    SUBSCRIPTION = "subscription"
    MSX = "msx"


FIXED_PAY_TYPES = (IdType.DOMAIN, IdType.TENANT, IdType.TPID, IdType.SUBSCRIPTION)
"""What a fixed-pay engagement may accept; a variable-pay engagement accepts the MSX opportunity ID only."""

MSX_PATTERN = r"7-[A-Z0-9]{6,14}"
"""The form of an MSX opportunity ID, unless the workspace's settings say otherwise."""

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_GUID_LENGTH = 36
_NO_GUID = "00000000-0000-0000-0000-000000000000"
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9-_]*[a-z0-9_])?")
_MAX_DOMAIN = 253
_MAX_LABEL = 63


def normal_id(id_type: IdType, text: str, msx_pattern: str = MSX_PATTERN) -> str:
    """`text` in the form in which an ID of this type is stored. Raises `WrongValue`. S-8"""
    text = text.strip()
    if not text:
        raise WrongValue(reason("id_missing"))
    match id_type:
        case IdType.DOMAIN:
            return _domain(text)
        case IdType.TPID:
            return _tpid(text)
        case IdType.MSX:
            return _msx(text, msx_pattern)
        case _:
            return _guid(text, id_type)


def shown_id(id_type: str, value: str) -> str:
    """A stored ID as people read it: a domain with its own letters, everything else as it is."""
    if id_type != IdType.DOMAIN or "xn--" not in value:
        return value
    import idna  # only where a domain really is international: it costs as much as a small screen

    try:
        return idna.decode(value)
    except idna.IDNAError:
        return value


def normal_location(text: str) -> str:
    """A location ID of 6–8 digits. Raises `WrongValue`. S-8"""
    digits = text.strip()
    if not re.fullmatch(r"[0-9]{6,8}", digits):
        raise WrongValue(reason("location_form"))
    return digits


def _domain(text: str) -> str:
    """A domain out of a pasted URL, mail address or name, as A-label and without `www.`."""
    host = re.split(r"[/?#]", _SCHEME.sub("", text.lower()), maxsplit=1)[0]
    name = host.rpartition("@")[2].partition(":")[0].strip(".").removeprefix("www.")
    if not name.isascii():
        name = _a_label(name)
    labels = name.split(".")
    whole = len(labels) > 1 and len(name) <= _MAX_DOMAIN and not labels[-1].isdigit()
    if not whole or not all(len(label) <= _MAX_LABEL and _LABEL.fullmatch(label) for label in labels):
        raise WrongValue(reason("domain_form"))
    return name


def _a_label(name: str) -> str:
    import idna

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise WrongValue(reason("domain_form")) from error


def _guid(text: str, id_type: IdType) -> str:
    value = text.lower().strip("{}")
    if not _GUID.fullmatch(value):
        code = f"{id_type}_form" if len(value) == _GUID_LENGTH else f"{id_type}_length"
        raise WrongValue(reason(code, length=len(value)))
    if value == _NO_GUID:
        raise WrongValue(reason("id_zeros"))
    return value


def _tpid(text: str) -> str:
    digits = text.replace(" ", "")
    if not re.fullmatch(r"[0-9]{1,20}", digits):
        raise WrongValue(reason("tpid_form"))
    digits = digits.lstrip("0")
    if not 3 <= len(digits) <= 12:
        raise WrongValue(reason("tpid_form"))
    return digits


def _msx(text: str, pattern: str) -> str:
    value = text.upper().replace(" ", "")
    if not text.isascii() or not re.fullmatch(pattern, value):
        raise WrongValue(reason("msx_form"))
    return value
