"""A host on this machine that tells tenants of domains, as Entra does or as it should not."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.factories import guid

Answer = tuple[int, bytes]


def found(tenant: str = guid(1), base: str = "https://login.example.com") -> Answer:
    """The discovery document of a domain that has a tenant."""
    document = {
        "issuer": f"{base}/{tenant}/v2.0",
        "token_endpoint": f"{base}/{tenant}/oauth2/v2.0/token",
        "tenant_region_scope": "WW",
    }
    return 200, json.dumps(document).encode()


UNKNOWN: Answer = (
    400,
    json.dumps(
        {
            "error": "invalid_tenant",
            "error_description": "AADSTS90002: Tenant 'corvara.example' not found.",
            "error_codes": [90002],
        }
    ).encode(),
)


@dataclass
class Host:
    """A host on this machine that answers as it is told, and remembers what it was asked."""

    answer: Answer = field(default_factory=found)
    asked: list[str] = field(default_factory=list)
    held: threading.Event | None = None
    url: str = ""

    def hold(self) -> None:
        """Answers nobody from here on, until it is closed."""
        self.held = threading.Event()


@contextmanager
def listening() -> Iterator[Host]:
    """The host, for as long as it is needed."""
    told = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            if told.held is not None:
                told.held.wait()
            status, body = told.answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_arguments: Any) -> None:
            """Whoever asked has gone."""

    server = Server(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield told
    if told.held is not None:
        told.held.set()
    server.shutdown()
    server.server_close()
    serving.join()
