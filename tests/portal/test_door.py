"""What holds for every call of the portal: statuses, headers, what is let in, and what is written down."""

import logging
import threading
from collections.abc import Iterator
from typing import Any

import anyio
import httpx
import pytest

from mci_tui.errors import Refused, Unusable, reason
from mci_tui.portal import app as portal
from mci_tui.portal import limits
from mci_tui.portal.app import PLACES
from mci_tui.services.answers import Answers
from tests.portal.asgi import call
from tests.portal.kit import ACCEPT, DECLINE, HEADERS, URL, Partner, browsing
from tests.portal.reading import Page

FORM = (b"content-type", b"application/x-www-form-urlencoded")
SENT = b"name=Anna&role=&reason=&decision=accept"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/c/{good}", 200),
        ("HEAD", "/c/{good}", 200),
        ("POST", "/c/{good}", 415),
        ("PUT", "/c/{good}", 405),
        ("DELETE", "/c/{good}", 405),
        ("OPTIONS", "/c/{good}", 405),
        ("BREW", "/c/{good}", 405),
        ("GET", "/c/{good}/", 404),
        ("GET", "/C/{good}", 404),
        ("GET", "//c/{good}", 404),
        ("GET", "/c/{good}%2F..", 404),
        ("GET", "/c/", 404),
        ("GET", "/c", 404),
        ("GET", "/", 404),
        ("POST", "/", 404),
        ("GET", "/favicon.ico", 404),
        ("GET", "/style.css", 200),
        ("POST", "/style.css", 405),
        ("GET", "/style.css/../../app.py", 404),
        ("GET", "/healthz", 200),
        ("HEAD", "/healthz", 200),
        ("POST", "/healthz", 405),
        ("GET", "/robots.txt", 200),
    ],
)
async def test_every_path_has_its_status_and_every_answer_the_headers(
    partner: Partner, method: str, path: str, status: int
) -> None:
    reply = await call(partner.portal(), method, path.format(good=partner.asks()).encode())
    assert reply.status == status
    assert reply.named.items() >= HEADERS.items()


async def test_a_wrong_method_names_the_right_ones(partner: Partner, visitor: httpx.AsyncClient) -> None:
    answer = await visitor.put(f"/c/{partner.asks()}")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}
    assert Page(answer.text).one("h1").text == "This page cannot do that"


async def test_the_style_comes_from_the_portal_itself(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/style.css")
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "prefers-color-scheme: dark" in answer.text
    assert "url(" not in answer.text
    assert "@import" not in answer.text


@pytest.mark.parametrize(("url", "promised"), [(URL, True), ("http://127.0.0.1:8765", False)])
async def test_https_is_promised_only_where_there_is_https(partner: Partner, url: str, promised: bool) -> None:
    async with browsing(partner.portal(url)) as visitor:
        assert ("strict-transport-security" in (await visitor.get("/healthz")).headers) is promised


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null"},
        {"Origin": URL},
        {"Origin": "http://127.0.0.1:8765", "Host": "127.0.0.1:8765"},
    ],
)
async def test_the_portals_own_form_is_taken(partner: Partner, headers: dict[str, str]) -> None:
    async with browsing(partner.portal()) as visitor:
        answer = await visitor.post(f"/c/{partner.asks()}", data=ACCEPT, headers=headers)
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": URL},
        {"Sec-Fetch-Site": "anything"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://consent.partner.example:8080"},
        {"Origin": "https://consent.partner.example.evil.example"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": ""},
    ],
)
async def test_another_sites_form_is_refused(partner: Partner, headers: dict[str, str]) -> None:
    token = partner.asks()
    async with browsing(partner.portal()) as visitor:
        assert (await visitor.post(f"/c/{token}", data=ACCEPT, headers=headers)).status_code == 403
    assert partner.status(token) == "awaiting_consent"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nA\r\n--x--'),
        (b"application/json", b'{"decision": "accept", "name": "A"}'),
        (b"text/plain", SENT),
        (b"", SENT),
    ],
)
async def test_only_the_forms_own_encoding_is_read(partner: Partner, kind: bytes, body: bytes) -> None:
    token = partner.asks()
    reply = await call(partner.portal(), "POST", f"/c/{token}".encode(), [(b"content-type", kind)], [body])
    assert reply.status == 415
    assert partner.status(token) == "awaiting_consent"


@pytest.mark.parametrize("twice", [b"&decision=decline", b"&name=Eve", b"&x=1&x=2", b"&a&b&c&d&e&f&g&h&i&j&k&l&m&n"])
async def test_a_form_that_says_something_twice_or_too_much_decides_nothing(partner: Partner, twice: bytes) -> None:
    token = partner.asks()
    reply = await call(partner.portal(), "POST", f"/c/{token}".encode(), [FORM], [SENT + twice])
    assert reply.status == 400
    assert partner.status(token) == "awaiting_consent"


async def test_a_form_is_read_no_further_than_its_limit(partner: Partner) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b"x" * 1024

    reply = await call(partner.portal(), "POST", f"/c/{partner.asks()}".encode(), [FORM], endless())
    assert reply.status == 413
    assert read <= limits.MAX_BODY // 1024 + 2


async def test_a_form_that_does_not_arrive_is_given_up(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PATIENCE", 0.01)
    token = partner.asks()
    path = f"/c/{token}".encode()
    reply = await call(partner.portal(), "POST", path, [FORM], [SENT], stops=anyio.sleep_forever)
    assert reply.status == 408
    assert reply.named.items() >= HEADERS.items()
    assert partner.status(token) == "awaiting_consent"


async def test_whoever_leaves_before_the_form_is_there_has_decided_nothing(partner: Partner) -> None:
    token = partner.asks()
    reply = await call(
        partner.portal(), "POST", f"/c/{token}".encode(), [FORM], [SENT], stops=anyio.lowlevel.checkpoint
    )
    assert reply.status == 400
    assert partner.status(token) == "awaiting_consent"


async def test_an_error_inside_shows_a_calm_page_and_tells_nobody_anything(
    partner: Partner, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_answers: Answers, token: str, *_more: Any) -> None:
        raise RuntimeError(token[::-1])

    token = partner.asks()
    monkeypatch.setattr(Answers, "question", broken)
    for answer in (await visitor.get(f"/c/{token}"), await visitor.post(f"/c/{token}", data=ACCEPT)):
        assert answer.status_code == 500
        assert answer.headers.items() >= HEADERS.items()
        assert Page(answer.text).one("h1").text == "Something went wrong here"
    assert "RuntimeError" in caplog.text
    assert "in broken" in caplog.text
    for said in (caplog.text, answer.text):
        assert token not in said
        assert token[::-1] not in said


@pytest.mark.parametrize("call_of", ["question", "answer"])
async def test_a_workspace_that_is_too_busy_is_no_error_of_the_customer(
    partner: Partner, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, call_of: str
) -> None:
    def locked(*_asked: Any) -> None:
        raise Unusable(reason("workspace_locked", holder=""))

    token = partner.asks()
    monkeypatch.setattr(Answers, call_of, locked)
    answer = await visitor.post(f"/c/{token}", data=ACCEPT)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert answer.headers.items() >= HEADERS.items()


async def test_a_refusal_that_is_no_answer_to_a_customer_is_an_error(
    partner: Partner, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_asked: Any) -> None:
        raise Refused("not_allowed", reason("read_only"))

    monkeypatch.setattr(Answers, "answer", refused)
    assert (await visitor.post(f"/c/{partner.asks()}", data=ACCEPT)).status_code == 500


async def test_the_workspace_is_asked_by_only_so_many_at_once(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = partner.asks()
    inside: list[int] = []
    most = 0
    go_on = threading.Event()
    question = Answers.question

    def slow(answers: Answers, asked: str) -> Any:
        nonlocal most
        inside.append(1)
        most = max(most, len(inside))
        go_on.wait()
        inside.pop()
        return question(answers, asked)

    monkeypatch.setattr(Answers, "question", slow)
    app = partner.portal()
    statuses: list[int] = []

    async def ask() -> None:
        statuses.append((await call(app, "GET", f"/c/{token}".encode())).status)

    async with anyio.create_task_group() as tasks:
        for _each in range(PLACES * 3):
            tasks.start_soon(ask)
        while len(inside) < PLACES:
            await anyio.lowlevel.checkpoint()
        go_on.set()
    assert statuses == [200] * PLACES * 3
    assert most == PLACES


async def test_whoever_waits_too_long_for_a_turn_is_asked_to_come_back(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portal, "PATIENCE", 0.01)
    monkeypatch.setattr(portal, "PLACES", 0)
    reply = await call(partner.portal(), "GET", f"/c/{partner.asks()}".encode())
    assert (reply.status, reply.named["retry-after"]) == (503, "30")


async def test_no_log_has_a_token_or_anything_that_a_caller_wrote(
    partner: Partner, visitor: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "mci_tui")
    caplog.set_level(logging.DEBUG, "uvicorn")
    caplog.set_level(logging.DEBUG, "asyncio")
    token = partner.asks()
    for path in (f"/c/{token}", f"/c/{token}/", f"/x/{token}", f"/c/a/{token}", f"/c/{token}%0a", f"/?t={token}"):
        await visitor.get(path)
        await visitor.request(token[:20], path)
    for form in (ACCEPT | {"name": ""}, ACCEPT, DECLINE, ACCEPT):
        await visitor.post(
            f"/c/{token}?{token}", data=form, headers={"User-Agent": token, "Referer": f"{URL}/c/{token}"}
        )
    assert token[:20] not in caplog.text
    assert "Anna" not in caplog.text
    assert len([line for line in caplog.messages if line.startswith("POST /c/")]) == 4


async def test_the_log_says_method_masked_path_status_and_time(
    partner: Partner, visitor: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "mci_tui.portal")
    await visitor.get("/c/abc")
    await visitor.get("/healthz")
    await visitor.get("/wp-login.php")
    (masked, plain, other) = (line for line in caplog.messages if line.endswith(" ms"))
    assert masked.startswith("GET /c/ba7816 404 ")
    assert plain.startswith("GET /healthz 200 ")
    assert other.startswith("GET other 404 ")
