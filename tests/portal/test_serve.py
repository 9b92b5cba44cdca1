"""The portal on a real socket: uvicorn, real connections, some of them slow, and signals."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import anyio
import httpx
import pytest
import uvicorn

from mci_tui.errors import Refused
from mci_tui.portal.serve import ROOM, Hurried, listening
from mci_tui.services.answers import Answers
from tests.portal.kit import ACCEPT, DECLINE, HEADERS, Partner, on_the_network

LIMIT = 30
"""Seconds after which something that is still under way has gone wrong."""

Address = tuple[str, int]


@pytest.fixture
def address(partner: Partner) -> Iterator[Address]:
    """Where the partner's portal listens."""
    with on_the_network(partner.portal("http://127.0.0.1")) as found:
        yield found


def connected(address: Address, sent: bytes = b"") -> socket.socket:
    """A connection on which `sent` was sent."""
    made = socket.create_connection(address, timeout=LIMIT)
    made.sendall(sent)
    return made


def answered(address: Address, sent: bytes) -> tuple[int, dict[str, str], bytes]:
    """What comes back for these bytes."""
    with connected(address, sent) as connection:
        response = HTTPResponse(connection)
        response.begin()
        with response:
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()


def was_cut(connection: socket.socket) -> bool:
    """Waits until the other side closes; False where it has something to say."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_customer_answers_over_the_network(partner: Partner, address: Address) -> None:
    """S-5g"""
    token = partner.asks()
    with closing(HTTPConnection(*address, timeout=LIMIT)) as browser:
        for method, status in (("GET", 200), ("HEAD", 200), ("POST", 303), ("GET", 200)):
            form = str(httpx.QueryParams(ACCEPT)) if method == "POST" else None
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
            browser.request(method, f"/c/{token}", form, headers)
            answer = browser.getresponse()
            body = answer.read().decode()
            assert answer.status == status
            assert {name.lower(): value for name, value in answer.getheaders()}.items() >= HEADERS.items()
            assert answer.getheader("server") is None
            assert (body == "") is (method in ("HEAD", "POST"))
    assert "Anna Bianchi accepted" in body
    assert [kept.address for kept in partner.evidence()] == ["127.0.0.1"]


@pytest.mark.parametrize(
    "sent",
    [
        b"GARBAGE\r\n\r\n",
        b"GET /c/x HTTP/1.1\r\n\r\n",
        b"GET /c/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /c/\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /c/x HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 9000,
        b"GET /c/" + b"x" * 9000,
        b"POST /c/x HTTP/1.1\r\nHost: a\r\nContent-Length: nine\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
def test_what_is_no_http_is_answered_with_the_same_headers(address: Address, sent: bytes) -> None:
    status, headers, _body = answered(address, sent)
    assert status == 400
    assert headers.items() >= HEADERS.items()


def test_rubbish_in_the_middle_of_a_form_decides_nothing(partner: Partner, address: Address) -> None:
    token = partner.asks()
    head = (
        f"POST /c/{token} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    status, headers, _body = answered(address, head.encode() + b"19\r\nname=Anna&decision=accept\r\nzz\r\n")
    assert status == 400
    assert headers.items() >= HEADERS.items()
    assert partner.status(token) == "awaiting_consent"


def test_a_form_far_too_long_is_answered_and_not_read(partner: Partner, address: Address) -> None:
    head = (
        f"POST /c/{partner.asks()} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: 1000000000\r\n\r\n"
    )
    status, headers, _body = answered(address, head.encode() + b"x" * 20_000)
    assert status == 413
    assert headers.items() >= HEADERS.items()


SLOW = (
    b"",
    b"G",
    b"GET /c/x HTTP/1.1\r\nHost: a\r\nX-Slow:",
    b"POST /c/x HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nn",
)
"""Beginnings of requests whose rest never comes."""


def test_slow_connections_do_not_keep_a_customer_out(
    partner: Partner, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that keep the portal waiting for longest go first, and there are never more than there is room for."""
    monkeypatch.setattr(Hurried, "room", 64)
    monkeypatch.setattr(Hurried, "patience", LIMIT * 10)
    token = partner.asks()
    with ExitStack() as open_until_the_end:
        slow = [open_until_the_end.enter_context(connected(address, SLOW[each % len(SLOW)])) for each in range(200)]
        status, _headers, _body = answered(address, f"GET /c/{token} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        assert status == 200
        assert all(was_cut(each) for each in slow[: 200 - 64])


def test_a_limit_that_turns_newcomers_away_would_keep_a_customer_out(partner: Partner) -> None:
    """Why uvicorn's own limit is not used."""
    config = uvicorn.Config(partner.portal(), limit_concurrency=64, log_config=None, log_level="critical")
    serving = uvicorn.Server(config)
    with listening("127.0.0.1", 0) as listener, ExitStack() as at_the_end:
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listener]})
        thread.start()
        at_the_end.callback(thread.join)
        at_the_end.callback(setattr, serving, "should_exit", True)
        address = listener.getsockname()
        for each in range(200):
            at_the_end.enter_context(connected(address, SLOW[each % 2]))
        assert answered(address, b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")[0] == 503


@pytest.mark.parametrize("sent", SLOW)
def test_patience_with_a_request_that_does_not_come_is_limited(
    partner: Partner, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(Hurried, "patience", 0.05)
    with on_the_network(partner.portal()) as address, connected(address, sent) as connection:
        assert was_cut(connection)


def test_patience_is_limited_again_after_an_answer(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Hurried, "patience", 0.05)
    sent = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /hea"
    with on_the_network(partner.portal()) as address, connected(address, sent) as connection:
        response = HTTPResponse(connection)
        response.begin()
        assert response.read() == b"ok\n"
        assert was_cut(connection)


def test_whoever_has_asked_in_full_gets_an_answer_however_long_it_takes(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hurried, "patience", 0.05)
    go_on = threading.Event()
    question = Answers.question

    def slow(answers: Answers, token: str) -> Any:
        go_on.wait(LIMIT)
        return question(answers, token)

    monkeypatch.setattr(Answers, "question", slow)
    asked = f"GET /c/{partner.asks()} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    with on_the_network(partner.portal()) as address, connected(address, asked) as connection:
        with connected(address) as idle:
            assert was_cut(idle)
        go_on.set()
        response = HTTPResponse(connection)
        response.begin()
        with response:
            assert response.status == 200
            assert b"</html>" in response.read()


async def test_two_hundred_browsers_at_once_all_get_an_answer(partner: Partner, address: Address) -> None:
    """S-5g"""
    people = 200
    assert people < ROOM
    token = partner.asks()
    statuses: Counter[int] = Counter()
    limits = httpx.Limits(max_connections=people, max_keepalive_connections=0)
    base = "http://{}:{}".format(*address)
    async with httpx.AsyncClient(base_url=base, limits=limits, timeout=LIMIT) as browsers:

        async def press(person: int) -> None:
            answer = await browsers.post(f"/c/{token}", data=(ACCEPT, DECLINE)[person % 2])
            statuses[answer.status_code] += 1

        async with anyio.create_task_group() as tasks:
            for person in range(people):
                tasks.start_soon(press, person)
    assert statuses == {303: people // 2, 409: people // 2}
    assert len(partner.evidence()) == 1


_CHILD = """
import sys
from mci_tui.clock import system_clock
from mci_tui.portal.app import portal_app
from mci_tui.portal.serve import serve

app = portal_app(None, portal_url="http://127.0.0.1", clock=system_clock)
serve(app, "127.0.0.1", int(sys.argv[1]), lambda: print("ready", flush=True))
print("went on")
"""


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_portal_and_whoever_called_goes_on(sent: signal.Signals) -> None:
    with listening("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environ,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        assert answered(("127.0.0.1", port), b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")[0] == 200
        with connected(("127.0.0.1", port), b"GET /heal"):
            child.send_signal(sent)
            said, complained = child.communicate(timeout=LIMIT)
    assert (child.returncode, said, complained) == (0, "went on\n", "")


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", None), ("no.such.host.invalid", 0), ("a..b", 0)])
def test_where_it_cannot_listen_it_says_so(host: str, port: int | None) -> None:
    with listening("127.0.0.1", 0) as taken, pytest.raises(Refused) as refused:
        listening(host, taken.getsockname()[1] if port is None else port).close()
    assert refused.value.why.code == "portal_cannot_listen"


def test_it_listens_on_ipv6_too() -> None:
    with listening("::1", 0) as listener:
        assert listener.family == socket.AF_INET6
