"""A mail server on this machine, with encryption and sign-in, that does as it is told and keeps what it is sent."""

import asyncio
import email
import logging
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from enum import Enum
from functools import cache, partial
from typing import Any, Self

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)

HOST = "127.0.0.1"
USERNAME = "desk@partner.example.net"
PASSWORD = "one two three"


class Act(Enum):
    """What a server may do instead of answering."""

    CUT = "breaks the connection"
    STALL = "says nothing more"
    KEEP_AND_CUT = "takes the mail (at the step DOT), and breaks the connection before it says so"


Plan = Callable[[str, str], "Act | str | None"]
"""Told the step and the recipient (empty before there is one): an act, another reply than usual, or None: as usual.

The steps are `GREETING`, every command by its name (`EHLO`, `STARTTLS`, `AUTH`, `MAIL`, `RCPT`, `DATA`, `RSET`,
`QUIT`), `TEXT` (the first line of the text is there), and `DOT` (the whole text is there).
"""


@dataclass(frozen=True, slots=True)
class Received:
    """A mail as it arrived."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail, read as a mail program reads it."""
        return email.message_from_bytes(self.content, policy=policy.default)


@cache
def authority() -> trustme.CA:
    """The authority of the certificates of these tests."""
    return trustme.CA()


def trusting(ca: trustme.CA | None = None) -> ssl.SSLContext:
    """What a client needs to trust these servers, and no others."""
    context = ssl.create_default_context()
    (ca or authority()).configure_trust(context)
    return context


class PostOffice:
    """The server, on a free port, in a thread of its own; runs within `with`.

    `security` is `starttls`, `tls` or `none`. Where there is a `password`, nobody sends without having signed in.
    `certified` is the name in its certificate, `ca` who signed it.
    """

    def __init__(
        self,
        security: str = "starttls",
        *,
        password: str = "",
        plan: Plan | None = None,
        certified: str = HOST,
        ca: trustme.CA | None = None,
    ) -> None:
        self.security = security
        self.password = password
        self.plan = plan
        self.received: list[Received] = []
        self.commands: list[str] = []
        """Every command line, sign-ins without what they carry."""
        self._steps: dict[str, Act | str] = {}
        self._certified, self._ca = certified, ca or authority()
        self._socket = socket.create_server((HOST, 0))
        self.port: int = self._socket.getsockname()[1]
        self._clerks: list[_Clerk] = []
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def does(self, step: str, act: "Act | str | None") -> Self:
        """From here on does `act` at a step, whatever the plan says; None: as usual."""
        if act is None:
            self._steps.pop(step, None)
        else:
            self._steps[step] = act
        return self

    def start(self) -> None:
        """Listens from here on."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Breaks every connection, and listens no more."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def act(self, step: str, recipient: str) -> "Act | str | None":
        """What is to be done at a step."""
        return self._steps.get(step) or (self.plan(step, recipient) if self.plan else None)

    async def handle_DATA(self, clerk: "_Clerk", _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """The whole text is there."""
        act = self.act("DOT", envelope.rcpt_tos[-1])
        if act in (None, Act.KEEP_AND_CUT):
            content = envelope.original_content or b""
            self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        if isinstance(act, Act):
            await clerk.does(act)
        return act if isinstance(act, str) else "250 2.0.0 Taken"

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(lambda _loop, _context: None)  # clients that break off are the point
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._ca.issue_cert(self._certified).configure_cert(context)
        tls = context if self.security == "tls" else None
        server = await self._loop.create_server(partial(self._clerk, context), sock=self._socket, ssl=tls)
        self._ready.set()
        await self._over.wait()
        server.close()
        for clerk in self._clerks:
            clerk.leave()
        await asyncio.sleep(0)

    def _clerk(self, context: ssl.SSLContext) -> "_Clerk":
        clerk = _Clerk(self, context if self.security == "starttls" else None)
        self._clerks.append(clerk)
        return clerk


class _Clerk(SMTP):
    """Serves one connection."""

    def __init__(self, office: PostOffice, context: ssl.SSLContext | None) -> None:
        super().__init__(
            office,
            hostname="post.example.net",
            tls_context=context,
            require_starttls=context is not None,
            auth_require_tls=context is not None,
            authenticator=self._signed_in,
            loop=asyncio.get_running_loop(),
        )
        self._office = office
        self._smtp_methods = {step: partial(self._step, step, method) for step, method in self._smtp_methods.items()}

    def leave(self) -> None:
        """Breaks the connection, if it still stands."""
        for transport in (self.transport, self._original_transport):
            if isinstance(transport, asyncio.Transport):
                transport.abort()

    def _signed_in(self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given == (USERNAME.encode(), self._office.password.encode())
        return AuthResult(success=right, handled=False)

    async def _handle_client(self) -> None:
        if await self.does(self._office.act("GREETING", "")):
            return
        await super()._handle_client()

    async def _step(self, step: str, method: Callable[[str | None], Awaitable[None]], given: str | None) -> None:
        self._office.commands.append(step if step == "AUTH" else f"{step} {given or ''}".strip())
        if step == "MAIL" and self._office.password and not (self.session and self.session.authenticated):
            await self.push("530 5.7.0 Authentication required")
        elif not await self.does(self._office.act(step, self._recipient(given or ""))):
            await method(given)

    def _recipient(self, given: str) -> str:
        if self.envelope and self.envelope.rcpt_tos:
            return self.envelope.rcpt_tos[-1]
        return given[3:].strip(" <>") if given.upper().startswith("TO:") else ""

    async def does(self, act: Act | str | None) -> bool:
        """Does what is to be done instead of answering as usual; False where nothing is."""
        if act is None:
            return False
        if act is Act.STALL:
            await asyncio.Event().wait()
        if isinstance(act, str):
            await self.push(act.encode())
            if not act.startswith("421"):
                return True
            self._writer.close()
        else:
            self.leave()
        raise asyncio.CancelledError

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        act = self._office.act("TEXT", self._recipient(""))
        if act is None:
            await super().smtp_DATA(arg)
        else:
            await self.push("354 Go on")
            await self._reader.readline()
            await self.does(act)
