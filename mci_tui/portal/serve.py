"""The portal on the network: uvicorn, with its patience limited."""

import asyncio
import socket
from collections.abc import Callable
from types import FrameType

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from mci_tui.errors import Refused, reason
from mci_tui.portal.app import HEADERS
from mci_tui.portal.limits import PATIENCE

ROOM = 512
"""Connections that are held at the same time. The backlog is smaller: a rush of people is no crowd of idlers."""

BACKLOG = 128
MAX_HEAD = 8 * 1024
"""The most bytes that a request may have before its body."""

IDLE = 5
"""Seconds that a connection is kept for another request."""

FAREWELL = 5
"""Seconds that what is being answered may take when the portal is stopped."""


class Hurried(H11Protocol):
    """A connection that is closed if its request is not all there in time, which uvicorn would wait for without end.

    Where there is no room for another connection, the one that has kept the portal waiting for longest goes.
    """

    room = ROOM
    patience = PATIENCE * 1.5
    """Longer than the form itself may take: that ends with a page that says so."""

    _since = 0.0
    _alarm: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()
        if len(self.connections) > self.room:
            waited_for = [each for each in self.connections if isinstance(each, Hurried) and each.is_waited_for]
            min(waited_for, key=lambda each: each._since).drop()

    def connection_lost(self, exc: Exception | None) -> None:
        self._quiet()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        self._wait()
        super().on_response_complete()

    @property
    def is_waited_for(self) -> bool:
        """Whether the request, or the rest of it, is still to come."""
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def drop(self) -> None:
        """Cuts the connection."""
        self._quiet()
        self.connections.discard(self)
        self.transport.abort()

    def _wait(self) -> None:
        self._quiet()
        self._since = self.loop.time()
        self._alarm = self.loop.call_later(self.patience, self._lose_patience)

    def _lose_patience(self) -> None:
        if self.is_waited_for:
            self.drop()

    def _quiet(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()

    def send_400_response(self, msg: str) -> None:
        """Answers what is no HTTP with the headers of every other answer, and closes."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            headers = [*HEADERS.items(), ("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")]
            for event in (
                h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
                h11.Data(data=b"Bad Request\n"),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


class Server(uvicorn.Server):
    """Ends by a signal as by itself: whoever called goes on, and no signal is raised a second time."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


def server(app: Starlette) -> Server:
    """The server of a portal, to be run on sockets that listen. It writes no log but of its own errors."""
    return Server(
        uvicorn.Config(
            app,
            http=Hurried,
            ws="none",
            loop="asyncio",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="error",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=BACKLOG,
            timeout_keep_alive=IDLE,
            timeout_graceful_shutdown=FAREWELL,
            h11_max_incomplete_event_size=MAX_HEAD,
        )
    )


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens on a port from 0 (any) to 65535. Raises `Refused` where there can be none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        place = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)[0][4]
        return socket.create_server(place, family=family, backlog=BACKLOG)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Refused("invalid", reason("portal_cannot_listen", host=host, port=port, why=why)) from error


def serve(app: Starlette, host: str, port: int, ready: Callable[[], None] = lambda: None) -> None:
    """Serves the portal until SIGINT or SIGTERM; calls `ready` as soon as it can be reached.

    Raises `Refused` where it cannot listen there.
    """
    with listening(host, port) as listener:
        ready()
        server(app).run(sockets=[listener])
