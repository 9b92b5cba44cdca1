"""The portal as an ASGI application: its paths, and what holds for every one of them."""

import logging
import re
import traceback
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from importlib.resources import files
from time import perf_counter
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

import anyio
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mci_tui.clock import Clock
from mci_tui.domain.consent import Decision
from mci_tui.errors import Invalid, Refused, Unusable
from mci_tui.portal.limits import PATIENCE, Buckets, Proxies, Rates, household, origin_of, read_form, require_own_page
from mci_tui.portal.pages import Pages, preferred
from mci_tui.services.answers import LIMITS, Answer, Answers, Question

LOG = logging.getLogger("mci_tui.portal")

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""On every answer, whatever it says."""

HSTS = {"Strict-Transport-Security": "max-age=31536000"}

DECISIONS = {"accept": Decision.ACCEPTED, "decline": Decision.DECLINED}
"""What the two buttons send."""

PLACES = 12
"""Calls that are at the workspace at the same time; it has connections for a few more."""

_STYLE = files(__package__).joinpath("style.css").read_bytes()
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")
_PLAIN_PATHS = ("/healthz", "/robots.txt", "/style.css")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")

P = ParamSpec("P")
T = TypeVar("T")
Refusal = Callable[[Request, Exception], Awaitable[Response]]


def portal_app(
    answers: Answers,
    *,
    portal_url: str,
    clock: Clock,
    trusted_proxies: tuple[str, ...] = (),
    rates: Rates | None = None,
) -> Starlette:
    """The portal over `answers`, reached by customers at `portal_url`, whose path a proxy in front takes off.

    `trusted_proxies` are addresses or networks whose X-Forwarded-For is believed (`Refused` for anything else).
    """
    portal = _Portal(answers, portal_url, clock, Proxies(trusted_proxies), rates or Rates())
    headers = HEADERS | (HSTS if portal_url.startswith("https:") else {})
    app = Starlette(
        routes=[
            Route("/c/{token}", portal.consent, methods=["GET", "POST"]),
            Route("/style.css", _style),
            Route("/healthz", _healthy),
            Route("/robots.txt", _robots),
        ],
        middleware=[Middleware(_Door, headers=headers, refused=portal.refused)],
        exception_handlers={HTTPException: portal.refused},
    )
    app.router.redirect_slashes = False
    return app


async def _style(_request: Request) -> Response:
    return Response(_STYLE, media_type="text/css")


async def _healthy(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _robots(_request: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


class _Portal:
    """The customer's page, over the service that knows the answers."""

    def __init__(self, answers: Answers, url: str, clock: Clock, proxies: Proxies, rates: Rates) -> None:
        self._answers = answers
        self._origin = origin_of(url)
        self._home = urlsplit(url).path.rstrip("/")
        self._pages = Pages(self._home)
        self._proxies = proxies
        self._places = anyio.Semaphore(PLACES)
        self._strangers = Buckets(rates.strangers, clock)
        self._links = Buckets(rates.link, clock)
        self._in_all = Buckets(rates.answers, clock)

    async def consent(self, request: Request) -> Response:
        """What a link shows, and where it is answered."""
        if request.method == "POST":
            return await self._answered(request)
        question = await self._question(request)
        if question.decision is None:
            return HTMLResponse(self._pages.asked(question))
        return HTMLResponse(self._pages.settled(question))

    async def refused(self, request: Request, refusal: Exception) -> Response:
        """The one page of each status that is an error."""
        status, headers = 500, None
        if isinstance(refusal, HTTPException):
            status, headers = refusal.status_code, refusal.headers
        language = preferred(request.headers.get("accept-language", ""))
        return HTMLResponse(self._pages.notice(status, language), status, headers)

    async def _question(self, request: Request) -> Question:
        """What is asked by the link. Raises 404, and 429 for an address that tries one wrong link after the other."""
        token = request.path_params["token"]
        question = await self._ask(self._answers.question, token) if _TOKEN.fullmatch(token) else None
        if question is None:
            _count(self._strangers, household(self._caller(request)))
            raise HTTPException(404)
        return question

    async def _answered(self, request: Request) -> Response:
        require_own_page(request.headers, self._origin)
        form = await read_form(request)
        decision = DECISIONS.get(form.get("decision", ""))
        question = await self._question(request)
        token = request.path_params["token"]
        _count(self._links, token)
        _count(self._in_all, "")
        if question.decision is None:
            if decision is None:
                return HTMLResponse(self._pages.asked(question, form, undecided=True), 422)
            try:
                question = await self._decided(request, decision, form)
            except Invalid as invalid:
                return HTMLResponse(self._pages.asked(question, form, invalid.problems), 422)
        if decision not in (None, question.decision):
            return HTMLResponse(self._pages.settled(question, refused=True), 409)
        return RedirectResponse(f"{self._home}/c/{token}", 303)

    async def _decided(self, request: Request, decision: Decision, form: Mapping[str, str]) -> Question:
        """The question with the answer that is now on record: this one, or another that came first."""
        texts = {name: form.get(name, "") for name in LIMITS}
        agent = request.headers.get("user-agent", "")
        answer = Answer(decision, **texts, address=self._caller(request), agent=agent)
        try:
            settled = await self._ask(self._answers.answer, request.path_params["token"], answer)
        except Refused as refused:
            if refused.code != "wrong_state":
                raise
            settled = None
        return settled or await self._question(request)

    def _caller(self, request: Request) -> str:
        peer = request.client.host if request.client else ""
        return self._proxies.caller(peer, request.headers.getlist("x-forwarded-for"))

    async def _ask(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Calls the service in a thread. Raises 503 where the workspace is too busy or cannot be used."""
        try:
            with anyio.fail_after(PATIENCE):
                await self._places.acquire()
        except TimeoutError as error:
            raise _later() from error
        try:
            return await run_in_threadpool(call, *args, **kwargs)
        except Unusable as unusable:
            LOG.warning("the workspace cannot be used: %s", unusable.why.code)
            raise _later() from unusable
        finally:
            self._places.release()


def _later() -> HTTPException:
    return HTTPException(503, headers={"Retry-After": "30"})


def _count(buckets: Buckets, key: str) -> None:
    """Counts a call. Raises 429 where it is one too many."""
    if wait := buckets.take(key):
        raise HTTPException(429, headers={"Retry-After": str(wait)})


class _Door:
    """What every call comes through: it puts the headers on the answer, writes one line, and lets no error out.

    The line, and what is written of an error, has no token in it, nor anything else that a caller wrote.
    """

    def __init__(self, app: ASGIApp, headers: Mapping[str, str], refused: Refusal) -> None:
        self._app, self._refused = app, refused
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 0, perf_counter()

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:
            LOG.error("%s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
            if not status:
                await (await self._refused(Request(scope), error))(scope, receive, sent)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        LOG.info("%s %s %s %.0f ms", method, _masked(scope["path"]), status, (perf_counter() - began) * 1000)


def _masked(path: str) -> str:
    """A path as it may be written down."""
    if path in _PLAIN_PATHS:
        return path
    start, slash, token = path.rpartition("/")
    if start + slash == "/c/":
        return f"/c/{sha256(token.encode('utf-8', 'replace')).hexdigest()[:6]}"
    return "other"
