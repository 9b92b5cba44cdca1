"""Mails to a customer on their way into the outbox: what they say, and the row that waits to be sent (S-5d, S-5g)."""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from mci_tui.domain.contacts import mail_domain
from mci_tui.domain.deadlines import due_day
from mci_tui.domain.engagements import Engagement
from mci_tui.domain.mails import Asked, Kind, State
from mci_tui.errors import Refused, reason
from mci_tui.mail.letters import Invitation, Letter, letter
from mci_tui.services.desk import Scene
from mci_tui.services.lapses import stop_mails
from mci_tui.services.moving import Held
from mci_tui.store.engine import Tx
from mci_tui.store.schema import mails, tokens

NEEDED = ("partner_name", "mail_from", "portal_url")
"""The workspace's settings without which no customer can be asked."""


def require_configured(scene: Scene) -> None:
    """Raises `Refused` (`not_configured`) naming the first setting that a mail needs and that is empty."""
    for key in NEEDED:
        if not getattr(scene.workspace, key):
            raise Refused("not_configured", reason("not_configured", key=key))


def invitation_of(scene: Scene, row: Any, engagement: Engagement, company: str) -> Invitation:
    """What the customer of a claim is asked; `row` has the claim's columns."""
    return Invitation(
        language=row.contact_language,
        contact_name=row.contact_name,
        partner=scene.workspace.partner_name,
        partner_name=row.partner_name,
        partner_email=row.partner_email,
        partner_phone=row.partner_phone,
        engagement=engagement.name,
        summary=engagement.summary,
        company=company,
        deadline=due_day(row.consent_due, scene.zone),
        zone=scene.zone,
    )


class _With:
    """A claim's row as it will be once `values` are in it."""

    def __init__(self, row: Any, values: Mapping[str, Any]) -> None:
        self._row, self._values = row, values

    def __getattr__(self, name: str) -> Any:
        return self._values[name] if name in self._values else getattr(self._row, name)


def letter_of(scene: Scene, held: Held, kind: Kind, values: Mapping[str, Any]) -> Letter:
    """The letter to the claim's customer, with `values` in place of the claim's own."""
    invitation = invitation_of(scene, _With(held.row, values), held.engagement, held.customer_name)
    return letter(invitation, reminder=kind is Kind.REMINDER)


def post(scene: Scene, held: Held, kind: Kind, values: Mapping[str, Any], written: Letter) -> None:
    """Puts a letter into the outbox, in the transaction that changes the claim."""
    to = _With(held.row, values)
    sender = scene.workspace.mail_from.rpartition("<")[2].rstrip("> ")
    scene.tx.execute(
        insert(mails).values(
            message_id=f"<{held.row.number.lower()}.{secrets.token_hex(8)}@{mail_domain(sender)}>",
            claim_id=held.row.id,
            kind=str(kind),
            to_name=to.contact_name,
            to_address=to.contact_email,
            subject=written.subject,
            text=written.text,
            html=written.html,
            asked_at=scene.now,
            asked_by=scene.login,
            state=str(State.WAITING),
            next_at=scene.now,
            lease="",
            attempts=0,
            handed=False,
            doubts=0,
            server_said="",
        )
    )


_ASKED = select(mails.c.kind, mails.c.to_address, mails.c.asked_at, mails.c.state).where(
    mails.c.claim_id == bindparam("claim")
)


def asked_before(tx: Tx, claim: int) -> list[Asked]:
    """The mails of a claim, as the limits of reminders look at them."""
    rows = tx.execute(_ASKED, {"claim": claim})
    return [Asked(Kind(row.kind), row.to_address, row.asked_at, State(row.state)) for row in rows]


def void_links(scene: Scene, claim: int) -> None:
    """Makes every link that was mailed for a claim void, and stops what still waits to be sent. S-5e"""
    holds = update(tokens).where(tokens.c.claim_id == claim, tokens.c.voided_at.is_(None))
    scene.tx.execute(holds.values(voided_at=scene.now))
    stop_mails(scene.tx, [claim])
