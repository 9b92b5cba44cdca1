"""The outbox as senders see it: a mail is leased, cleared before it is handed over, and settled afterwards."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, select, update

from mci_tui.domain.claims import Status
from mci_tui.domain.mails import DOUBT, LEASE, Kind, State, next_attempt
from mci_tui.mail.letters import Letter
from mci_tui.mail.transport import Delivery, Outcome
from mci_tui.services.answers import hashed
from mci_tui.services.desk import SYSTEM, Desk, Scene
from mci_tui.services.lapses import LIFE_COLUMNS, seen_at
from mci_tui.store.engine import Tx
from mci_tui.store.schema import Instant, claims, mails, tokens


@dataclass(frozen=True, slots=True)
class Lease:
    """A mail that one sender has to itself until the lease ends; `token` is known to nobody else."""

    id: int
    claim: int
    owner: str
    message_id: str
    kind: Kind
    letter: Letter
    to_name: str
    to_address: str
    sender: str
    reply_to: str
    link: str
    at: datetime


class Outbox:
    """Hands mails to senders."""

    def __init__(self, desk: Desk, jitter: Callable[[], float] = lambda: random.uniform(-1, 1)) -> None:  # noqa: S311
        self._desk = desk
        self._jitter = jitter

    def waiting(self) -> int:
        """How many mails wait for a sender."""
        with self._desk.looking() as scene:
            waits = mails.c.state.in_([str(State.WAITING), str(State.SENDING)])
            return scene.tx.scalar(select(func.count()).where(waits)) or 0

    def lease(self, owner: str) -> Lease | None:
        """The next mail that is due, for `owner` alone until the lease ends, with a link of its own; None if there is
        none. Deadlines that are due pass first, and what is no longer wanted is laid aside. S-10"""
        self._desk.sweep()
        with self._desk.looking() as scene:
            first = scene.tx.scalar(_FIRST)
            if first is None or scene.now < first:
                return None
        with self._desk.serving() as scene:
            while (due := scene.tx.execute(_DUE, {"now": scene.now}).one_or_none()) is not None:
                row = hold_mail(scene.tx, due.id, due.claim_id)
                if row.next_at is not None and row.next_at <= scene.now and (lease := _leased(scene, row, owner)):
                    return lease
        return None

    def cleared(self, lease: Lease) -> bool:
        """Whether the text may be handed over now: the lease holds, and the customer is still to be asked there."""
        with self._desk.serving() as scene:
            row = hold_mail(scene.tx, lease.id, lease.claim)
            holds = row.state == State.SENDING and row.lease == lease.owner and scene.now < row.next_at
            if not holds or not still_wanted(row, scene.now):
                return False
            set_mail(scene.tx, row.id, handed=True)
            return True

    def settle(self, lease: Lease, delivery: Delivery) -> None:
        """Writes down how it ended. A sender that no longer has the lease can only say that the mail has gone out."""
        with self._desk.serving() as scene:
            row = hold_mail(scene.tx, lease.id, lease.claim)
            if delivery.outcome is Outcome.SENT:
                set_mail(scene.tx, row.id, state=State.SENT, sent_at=scene.now, next_at=None, server_said=delivery.said)
                scene.record("mailed", claim=row.claim_id, note=row.message_id, who=SYSTEM)
                return
            if delivery.outcome is not Outcome.UNKNOWN:
                _void(scene, hashed(lease.link.rpartition("/")[2]))
            if row.state == State.SENDING and row.lease == lease.owner:
                _settled(scene, row, delivery, self._jitter())


def _leased(scene: Scene, row: Any, owner: str) -> Lease | None:
    """The mail with a new link; None where there is nothing to send, which is then written down."""
    if not still_wanted(row, scene.now):
        set_mail(scene.tx, row.id, state=State.CANCELLED, next_at=None, lease="")
        return None
    if row.state == State.SENDING and row.handed:  # a sender ended while it handed the text over
        _doubt(scene, row)
        return None
    token = secrets.token_urlsafe(32)
    made = {"hash": hashed(token), "claim_id": row.claim_id, "mail_id": row.id, "made_at": scene.now}
    scene.tx.execute(insert(tokens).values(**made))
    until = scene.now + LEASE
    mine = f"{owner}:{secrets.token_hex(8)}"
    set_mail(scene.tx, row.id, state=State.SENDING, lease=mine, next_at=until, handed=False, attempts=row.attempts + 1)
    workspace = scene.workspace
    return Lease(
        row.id,
        row.claim_id,
        mine,
        row.message_id,
        Kind(row.kind),
        Letter(row.subject, row.text, row.html),
        row.to_name,
        row.to_address,
        workspace.mail_from,
        workspace.mail_reply_to or row.partner_email,
        f"{workspace.portal_url}/c/{token}",
        row.asked_at,
    )


def _settled(scene: Scene, row: Any, delivery: Delivery, jitter: float) -> None:
    """How a mail goes on that was not sent, as far as anybody knows."""
    said = {"server_said": delivery.said, "lease": "", "handed": False}
    match delivery.outcome:
        case Outcome.UNKNOWN:
            _doubt(scene, row, **said)
        case Outcome.REFUSED:
            set_mail(scene.tx, row.id, state=State.FAILED, next_at=None, **said)
            scene.record("mail_failed", claim=row.claim_id, note=delivery.said, who=SYSTEM)
        case Outcome.WITHDRAWN:
            set_mail(scene.tx, row.id, state=State.CANCELLED, next_at=None, **said)
        case Outcome.PAUSED:
            set_mail(scene.tx, row.id, state=State.WAITING, next_at=scene.now, attempts=row.attempts - 1, **said)
        case _:
            again = next_attempt(scene.now, row.attempts, jitter)
            set_mail(scene.tx, row.id, state=State.WAITING, next_at=again, **said)


def _doubt(scene: Scene, row: Any, **more: Any) -> None:
    """Nobody knows whether it arrived: it waits before the one retry, and is left to an operator after that."""
    again = scene.now + DOUBT if row.doubts == 0 else None
    set_mail(scene.tx, row.id, state=State.UNKNOWN, next_at=again, doubts=row.doubts + 1, **more)


def _void(scene: Scene, token_hash: str) -> None:
    scene.tx.execute(update(tokens).where(tokens.c.hash == token_hash).values(voided_at=scene.now))


def set_mail(tx: Tx, mail: int, **values: Any) -> None:
    kept = {name: str(value) if isinstance(value, State) else value for name, value in values.items()}
    tx.execute(update(mails).where(mails.c.id == mail).values(**kept))


def still_wanted(row: Any, now: datetime) -> bool:
    """Whether the customer is still to be asked, at the address that the mail goes to."""
    return seen_at(row, now).status is Status.AWAITING_CONSENT and row.contact_email == row.to_address


_FIRST = select(func.min(mails.c.next_at))
_DUE = (
    select(mails.c.id, mails.c.claim_id)
    .where(mails.c.next_at <= bindparam("now", type_=Instant()))
    .order_by(mails.c.next_at, mails.c.id)
    .limit(1)
)
ROWS: Select[Any] = select(
    mails, *LIFE_COLUMNS, claims.c.contact_email, claims.c.partner_email, claims.c.location_id
).join_from(mails, claims, claims.c.id == mails.c.claim_id)


def hold_mail(tx: Tx, mail: int, claim: int) -> Any:
    """A mail's row with what its claim says of it, both held: the claim first, as whoever moves it does."""
    tx.execute(select(claims.c.id).where(claims.c.id == claim).with_for_update())
    return tx.execute(ROWS.where(mails.c.id == mail).with_for_update(of=mails)).one()
