"""Five thousand calls that no browser would make: no error of the portal's own, and the headers on every answer."""

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from starlette.applications import Starlette

from mci_tui.services.answers import Answers
from tests.portal.asgi import Headers, call
from tests.portal.kit import HEADERS, Partner

CALLS = 5000
SEED = 20261123

METHODS = (
    "GET",
    "HEAD",
    "POST",
    "POST",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "BREW",
    "get",
)
NASTY = (
    b"\x00", b"%00", b"%2e%2e", b"..", b"%2f", b"//", b"\\", b"%5c", b"%c0%af", b"%e0%80%af", b"%ff%fe", b"%ed%a0%80",
    b"\xff", b"%u0041", b"%", b"%zz", b"?", b"#", b";", b"%0d%0aX-Evil:%201", b"{{7*7}}", b"${7*7}", b"%(name)s",
    b"<script>alert(1)</script>", b"' OR 1=1 --", b"%F0%9F%92%A9", b"\xe2\x80\xae", b"%E2%80%AE", b"a" * 3000, b"",
)  # fmt: skip
KINDS = (
    b"application/x-www-form-urlencoded", b"application/x-www-form-urlencoded; charset=utf-16", b"multipart/form-data",
    b"multipart/form-data; boundary=x", b"application/json", b"text/xml", b"", b"\xff", b";;;",
    b"APPLICATION/X-WWW-FORM-URLENCODED",
)  # fmt: skip
FIELDS = (b"name", b"role", b"reason", b"decision", b"name[]", b"__proto__", b"token", b"")
VALUES = (b"accept", b"decline", b"Anna", b"Anna+Bianchi", b"%E2%80%8B", b"+", b"x" * 81, b"x" * 1001, b"x" * 9000)
NAMES = (
    b"host", b"origin", b"sec-fetch-site", b"content-length", b"content-type", b"accept-language", b"x-forwarded-for",
    b"user-agent", b"cookie", b"transfer-encoding", b"expect", b"upgrade", b"connection", b"range", b"if-none-match",
    b"x-http-method-override", b"x-forwarded-host", b"referer", b"accept-encoding",
)  # fmt: skip


class Fuzzed(NamedTuple):
    """A call as it is made."""

    method: str
    path: bytes
    headers: list[tuple[bytes, bytes]]
    chunks: list[bytes]
    client: tuple[str, int] | None


def fuzzed(tokens: list[str], calls: int) -> Iterator[Fuzzed]:
    """So many calls; the same ones every time."""
    some = random.Random(SEED)
    for _each in range(calls):
        token = some.choice([*tokens, "A" * 42]).encode()
        path = some.choice([b"/c/" + token] * 6 + [b"/style.css", b"/healthz", b"/robots.txt", b"/", b"", b"*"])
        if some.random() < 0.3:
            place = some.randrange(len(path) + 1)
            path = path[:place] + some.choice(NASTY) + path[place:]
        headers = [(some.choice(NAMES), _value(some)) for _header in range(max(0, some.randrange(-4, 4)))]
        if some.random() < 0.9:
            headers.append((b"content-type", some.choice(KINDS[:1] * 12 + KINDS)))
        yield Fuzzed(
            some.choice(METHODS), path, headers, _body(some), some.choice((("203.0.113.7", 1), ("x", 0), None))
        )


def _value(some: random.Random) -> bytes:
    return some.choice((*NASTY, b"null", b"same-origin", b"-1", b"99999999999", b"it;q=9,en", some.randbytes(20)))


def _body(some: random.Random) -> list[bytes]:
    pairs = [some.choice(FIELDS) + b"=" + some.choice((*VALUES, *NASTY)) for _pair in range(some.randrange(6))]
    match some.randrange(10):
        case 0:
            return [some.randbytes(some.randrange(12_000))]
        case 1:
            return [b"name=A&", b"decision=", b"", quote(some.randbytes(40)).encode()]
        case 2:
            return []
        case 3 | 4 | 5:
            return [b"name=Anna&decision=" + some.choice(VALUES[:2]), *(b"&" + pair for pair in pairs[:1])]
        case _:
            return [some.choice((b"&", b"&", b"&", b";")).join(pairs)]


async def outcomes(app: Starlette, tokens: list[str], calls: int = CALLS) -> tuple[Counter[int], int]:
    """How often each status was given, and how many answers lacked a header."""
    statuses: Counter[int] = Counter()
    bare = 0
    for each in fuzzed(tokens, calls):
        headers: Headers = each.headers
        reply = await call(app, each.method, each.path, headers, each.chunks, client=each.client)
        statuses[reply.status] += 1
        bare += not reply.named.items() >= HEADERS.items()
    return statuses, bare


async def test_nothing_that_is_sent_breaks_the_portal(partner: Partner) -> None:
    tokens = [partner.asks() for _customer in range(30)]
    statuses, bare = await outcomes(partner.portal(), tokens)
    assert sum(statuses.values()) == CALLS
    assert not [status for status in statuses if status >= 500 or status < 200]
    assert bare == 0
    assert {200, 303, 400, 403, 404, 405, 409, 413, 415, 422} <= statuses.keys()
    decided = [token for token in tokens if partner.status(token) != "awaiting_consent"]
    assert len(partner.evidence()) == len(decided)


async def test_the_calls_find_a_portal_that_breaks(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    def fragile(_answers: Answers, token: str, *_more: Any) -> None:
        if len(token) < 43:
            raise ValueError(token)

    monkeypatch.setattr(Answers, "question", fragile)
    statuses, _bare = await outcomes(partner.portal(), [partner.asks()], 500)
    assert statuses[500]
