"""What the portal lets in: how much, how fast, how often, and from where."""

import math
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import parse_qsl, urlsplit

import anyio
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from mci_tui.clock import Clock
from mci_tui.errors import Refused, reason

MAX_BODY = 8 * 1024
"""The most bytes that a form may have."""

MAX_FIELDS = 16
PATIENCE = 10.0
"""Seconds that a form may take to arrive, and that a call may wait for its turn."""

SETTING = "portal.trusted_proxies"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Rates:
    """How many calls a minute are let in. Opening a good link is never counted: scanners do it a thousand times."""

    strangers: int = 30
    """Links that lead nowhere, from one address."""
    link: int = 10
    """Answers by one link."""
    answers: int = 300
    """Answers in all."""


class Buckets:
    """Counts calls by key: `most` at once, and as many again in every minute.

    At most `room` keys are remembered; the one that was not heard of for longest is forgotten first.
    """

    def __init__(self, most: int, clock: Clock, room: int = 4096) -> None:
        self._most, self._clock, self._room = most, clock, room
        self._levels: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._levels)

    def take(self, key: str) -> int:
        """Counts one call; 0 where it is let in, else the seconds after which one will be."""
        now = self._clock()
        level, since = self._levels.pop(key, (float(self._most), now))
        level = min(level + max((now - since).total_seconds(), 0) * self._most / 60, self._most)
        let_in = level >= 1
        self._levels[key] = (level - let_in, now)
        if len(self._levels) > self._room:
            self._levels.popitem(last=False)
        return 0 if let_in else math.ceil((1 - level) * 60 / self._most)


class Proxies:
    """The proxies whose word about who called is taken. Raises `Refused` for what is no address or network."""

    def __init__(self, trusted: Iterable[str]) -> None:
        self._networks = [_network(each) for each in trusted]

    def caller(self, peer: str, forwarded: Iterable[str]) -> str:
        """Who called: the nearest hop that is none of these proxies.

        `forwarded` are the X-Forwarded-For headers. Whatever stands beyond that hop anybody may have written.
        """
        hops = [hop.strip() for line in forwarded for hop in line.split(",")]
        caller = _plain(peer)
        while hops and self._trusts(caller):
            hop = _plain(hops.pop())
            if not hop:
                break
            caller = hop
        return caller

    def _trusts(self, address: str) -> bool:
        return bool(address) and any(ip_address(address) in network for network in self._networks)


def _network(written: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(written, strict=False)
    except ValueError as error:
        needs = "10.0.0.1, 10.0.0.0/8, ::1, …"
        raise Refused("invalid", reason("setting_user_value", key=SETTING, value=written, needs=needs)) from error


def _plain(address: str) -> str:
    """An address in its one form, an IPv4 address in IPv6 dress as itself; empty for what is none."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)


def household(address: str) -> str:
    """What counts as one caller: an IPv4 address, or all of the IPv6 addresses that one connection is given."""
    if ":" not in address:
        return address
    return str(IPv6Network((int(IPv6Address(address.partition("%")[0])), 64), strict=False))


def origin_of(url: str) -> str:
    """The origin of a URL as browsers write it."""
    parts = urlsplit(url.lower())
    port = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
    return f"{parts.scheme}://{parts.netloc.removesuffix(port)}"


def require_own_page(headers: Headers, own: str) -> None:
    """Raises 403 where the page of another site sent the form; `own` is the portal's origin.

    A page under `Referrer-Policy: no-referrer` sends its forms with the origin `null`, so that proves nothing.
    """
    origin = headers.get("origin", "null")
    strange = origin not in ("null", own) and origin.partition("://")[2] != headers.get("host", "")
    if strange or headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise HTTPException(403)


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, all of them texts. Raises 400 (no form, or a field twice), 408, 413, 415."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415)
    body = await _read_body(request)
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise HTTPException(400) from error
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise HTTPException(400)
    return fields


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    try:
        with anyio.fail_after(PATIENCE):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY:
                    raise HTTPException(413)
    except TimeoutError as error:
        raise HTTPException(408) from error
    except ClientDisconnect as error:
        raise HTTPException(400) from error
    return bytes(body)
