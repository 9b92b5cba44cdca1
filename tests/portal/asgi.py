"""Calls the portal as a server does, with whatever a server might pass on: no HTTP library refuses anything."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette

Headers = Iterable[tuple[bytes, bytes]]


@dataclass
class Reply:
    """What the portal answered."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def named(self) -> dict[str, str]:
        """The headers by name. Raises `AssertionError` where one stands there twice."""
        found = dict(self.headers)
        assert len(found) == len(self.headers)
        return found


async def call(
    app: Starlette,
    method: str,
    raw_path: bytes,
    headers: Headers = (),
    chunks: Iterable[bytes] = (b"",),
    *,
    stops: Callable[[], Awaitable[Any]] | None = None,
    client: tuple[str, int] | None = ("203.0.113.7", 4711),
) -> Reply:
    """One call. After `chunks`, `stops` is awaited for what comes next; without it the body ends there."""
    path, _mark, query = raw_path.partition(b"?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path.decode("latin-1")),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": list(headers),
        "client": client,
        "server": ("127.0.0.1", 8765),
    }
    left = iter(chunks)
    following = [next(left, None)]
    reply = Reply()

    async def receive() -> dict[str, Any]:
        chunk = following.pop()
        following.append(next(left, None))
        if chunk is not None:
            more = following[0] is not None or stops is not None
            return {"type": "http.request", "body": chunk, "more_body": more}
        if stops is not None:
            await stops()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            reply.status = message["status"]
            reply.headers = [(name.decode(), value.decode()) for name, value in message["headers"]]
        else:
            reply.body += message["body"]

    await app(scope, receive, send)
    return reply
