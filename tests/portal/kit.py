"""A partner who has asked customers for consent, and the portal that takes their answers."""

import hashlib
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import insert, select, update
from starlette.applications import Starlette

from mci_tui.domain.claims import Event, Status
from mci_tui.portal.app import portal_app
from mci_tui.portal.limits import Rates
from mci_tui.portal.serve import listening, server
from mci_tui.services.answers import Answers, hashed
from mci_tui.services.desk import Desk
from mci_tui.store.engine import Store
from mci_tui.store.schema import answers, claims, mails, metadata, tokens
from tests.conftest import LOGIN, MovingClock
from tests.factories import Books, guid

URL = "https://consent.partner.example"
"""Where customers reach the portal of the tests."""

GENEROUS = Rates(strangers=10**6, link=10**6, answers=10**6)
"""For tests that are about something else than how often somebody may call."""

HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
    "cross-origin-opener-policy": "same-origin",
}
"""What every answer of the portal carries."""

ACCEPT = {"name": "Anna Bianchi", "role": "CIO", "reason": "", "decision": "accept"}
DECLINE = {"name": "Anna Bianchi", "role": "CIO", "reason": "Not this year.", "decision": "decline"}


@dataclass
class Partner:
    """A workspace whose customers have been asked."""

    store: Store
    clock: MovingClock
    _asked: int = 0

    def __post_init__(self) -> None:
        Books(self.store, self.clock).location()

    def asks(
        self,
        *,
        engagement: str = "Assessment",
        company: str = "Corvara Distribuzione",
        summary: str | None = None,
        **claim: Any,
    ) -> str:
        """Asks one more customer; the token of the link that was mailed. `claim` changes the claim's columns."""
        books = Books(self.store, self.clock)
        self._asked += 1
        kept: dict[str, Any] = {
            "contact_language": "en",
            "partner_name": "Marco Rossi",
            "consent_sent_at": self.clock(),
        }
        with books.at_once():
            offer = books.engagement(code=f"offer-{self._asked}", name=engagement, summary=summary)
            customer = books.customer(company)
            tenant = books.identifier(customer, value=guid(self._asked))
            id_ = books.claim(offer, customer, tenant, events=(Event.SEND,), **kept | claim)
        return self._mailed(id_)

    def _mailed(self, claim: int) -> str:
        token = secrets.token_urlsafe(32)
        mail = {
            "message_id": f"<{claim}@partner.example>",
            "claim_id": claim,
            "kind": "consent",
            "to_name": "Anna Bianchi",
            "to_address": "anna.bianchi@contoso.example",
            "asked_at": self.clock(),
            "asked_by": LOGIN,
            "state": "sent",
            "attempts": 1,
            "handed": True,
            "doubts": 0,
        } | dict.fromkeys(("subject", "text", "html", "lease", "server_said"), "")
        with self.store.write() as tx:
            mail_id = tx.execute(insert(mails).values(**mail).returning(mails.c.id)).scalar_one()
            row = {"hash": hashed(token), "claim_id": claim, "mail_id": mail_id, "made_at": self.clock()}
            tx.execute(insert(tokens).values(**row))
        return token

    def voids(self, token: str) -> None:
        """Makes a link void, as a change of the customer's address does."""
        with self.store.write() as tx:
            tx.execute(update(tokens).where(tokens.c.hash == hashed(token)).values(voided_at=self.clock()))

    def cancels(self, token: str) -> None:
        """Cancels the claim behind a link."""
        values = {"status": str(Status.CANCELLED), "next_due": None}
        claim = select(tokens.c.claim_id).where(tokens.c.hash == hashed(token)).scalar_subquery()
        with self.store.write() as tx:
            tx.execute(update(claims).where(claims.c.id == claim).values(**values))

    def status(self, token: str) -> str:
        """Where the claim behind a link stands."""
        with self.store.read() as tx:
            found = select(claims.c.status).join(tokens, tokens.c.claim_id == claims.c.id)
            return str(tx.scalar(found.where(tokens.c.hash == hashed(token))))

    def evidence(self) -> list[Any]:
        """Every answer that is on record."""
        with self.store.read() as tx:
            return list(tx.execute(select(answers).order_by(answers.c.claim_id)))

    def contents(self) -> str:
        """A fingerprint of everything that the workspace's tables hold."""
        with self.store.read() as tx:
            rows = [str(row) for table in metadata.sorted_tables for row in tx.execute(select(table))]
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    def answers(self) -> Answers:
        """The service that knows what was asked and takes the answers."""
        return Answers(Desk(self.store, self.clock, "portal"))

    def portal(self, url: str = URL, rates: Rates = GENEROUS, proxies: tuple[str, ...] = ()) -> Starlette:
        """The portal, its answers taken from the workspace."""
        return portal_app(self.answers(), portal_url=url, clock=self.clock, trusted_proxies=proxies, rates=rates)


def browsing(app: Starlette, **headers: str) -> httpx.AsyncClient:
    """Somebody who calls the portal from 203.0.113.7, without following where it sends them."""
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 4711))
    return httpx.AsyncClient(transport=transport, base_url=URL, headers=headers)


@contextmanager
def on_the_network(app: Starlette) -> Iterator[tuple[str, int]]:
    """The portal listening on this machine, for as long as it is needed: its host and port."""
    with listening("127.0.0.1", 0) as listener:
        serving = server(app)
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()
        finally:
            serving.should_exit = True
            thread.join()
