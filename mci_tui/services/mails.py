"""The mails to customers as operators see them: what waits, what failed and why, and sending one again."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from mci_tui.domain.mails import Kind, State
from mci_tui.domain.roles import Action
from mci_tui.errors import NotFound, Refused, reason
from mci_tui.services.desk import Desk
from mci_tui.services.outbox import ROWS, hold_mail, set_mail, still_wanted
from mci_tui.store.engine import Tx, contains
from mci_tui.store.schema import claims, customers, engagements, mails
from mci_tui.text import folded


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as lists and claims show it; `text` is the copy that is kept, its link masked."""

    message_id: str
    claim_id: str
    customer_name: str
    engagement_name: str
    to: str
    to_name: str
    kind: Kind
    state: State
    asked_at: datetime
    asked_by: str
    attempts: int
    next_at: datetime | None
    sent_at: datetime | None
    server_said: str
    subject: str
    text: str


COLUMNS = tuple(field.name for field in fields(Mail) if field.name != "text")
"""What lists and exports for scripts say of a mail: everything but its text."""

PAGE = 500


def mail_row(mail: Mail) -> dict[str, Any]:
    """A mail by those names."""
    return {name: getattr(mail, name) for name in COLUMNS}


FOLDERS: dict[str, tuple[State, ...]] = {
    "waiting": (State.WAITING, State.SENDING),
    "failed": (State.FAILED, State.UNKNOWN),
    "sent": (State.SENT, State.CANCELLED),
}
"""The tabs of the Mail screen: what waits, what needs somebody, what is over."""

RETRIED = frozenset({State.WAITING, State.UNKNOWN, State.FAILED})
"""The states out of which an operator can have a mail sent again."""


class Mails:
    """Reads mails, and has them sent again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def rows(
        self, folder: str | None = None, wanted: str = "", *, offset: int = 0, limit: int | None = None, after: str = ""
    ) -> list[Mail]:
        """The mails of a folder, or all, in which `wanted` stands, the latest first; those behind the one with the
        Message-ID `after`, if it is given."""
        with self._desk.reading() as scene:
            query = _SELECTED.where(*_conditions(scene.tx, folder, wanted)).order_by(mails.c.id.desc())
            if after:
                before = select(mails.c.id).where(mails.c.message_id == after).scalar_subquery()
                query = query.where(mails.c.id < before)
            return [_mail(row) for row in scene.tx.execute(query.offset(offset).limit(limit))]

    def every(self, folder: str | None = None, wanted: str = "") -> Iterator[Mail]:
        """The same ones, read page by page, each in a transaction of its own. S-11b"""
        after = ""
        while page := self.rows(folder, wanted, limit=PAGE, after=after):
            yield from page
            after = page[-1].message_id

    def count(self, folder: str, wanted: str = "") -> int:
        """How many those are."""
        with self._desk.reading() as scene:
            where = _conditions(scene.tx, folder, wanted)
            counted = select(func.count()).select_from(_JOINED).where(*where)
            return scene.tx.scalar(counted) or 0

    def counts(self) -> dict[str, int]:
        """How many mails there are in each folder."""
        with self._desk.reading() as scene:
            by_state = scene.tx.execute(select(mails.c.state, func.count().label("n")).group_by(mails.c.state))
            found = {row.state: row.n for row in by_state}
        return {folder: sum(found.get(state, 0) for state in states) for folder, states in FOLDERS.items()}

    def retry(self, message: str) -> Mail:
        """Has a mail sent again at once, under the Message-ID that it has.

        Raises `NotFound`, `NotAllowed`, or `Refused` (`wrong_state`) where it is sent, being sent, or no longer wanted.
        """
        wanted = f"<{message.strip().strip('<>')}>"
        with self._desk.attempting(Action.WORK), self._desk.reading() as scene:
            found = scene.tx.execute(ROWS.where(mails.c.message_id == wanted)).one_or_none()
        if found is None:
            raise NotFound(reason("not_found_mail", message=message))
        with self._desk.acting(Action.WORK, found.location_id) as scene:
            row = hold_mail(scene.tx, found.id, found.claim_id)
            if row.state not in RETRIED or not still_wanted(row, scene.now):
                raise Refused("wrong_state", reason("mail_not_retried", state=row.state))
            set_mail(scene.tx, row.id, state=State.WAITING, next_at=scene.now, doubts=0, handed=False, lease="")
            scene.record("mail_retried", claim=row.claim_id, note=wanted)
            return _mail(scene.tx.execute(_SELECTED.where(mails.c.id == row.id)).one())


_JOINED = (
    mails.join(claims, claims.c.id == mails.c.claim_id)
    .join(customers, customers.c.id == claims.c.customer_id)
    .join(engagements, engagements.c.id == claims.c.engagement_id)
)
_SELECTED: Select[Any] = select(
    mails,
    claims.c.number,
    customers.c.name.label("customer_name"),
    engagements.c.name.label("engagement_name"),
).select_from(_JOINED)


def mails_of(tx: Tx, claim: int) -> tuple[Mail, ...]:
    """The mails of a claim, the first one first."""
    query = _SELECTED.where(mails.c.claim_id == claim).order_by(mails.c.id)
    return tuple(_mail(row) for row in tx.execute(query))


def _mail(row: Any) -> Mail:
    return Mail(
        message_id=row.message_id,
        claim_id=row.number,
        customer_name=row.customer_name,
        engagement_name=row.engagement_name,
        to=row.to_address,
        to_name=row.to_name,
        kind=Kind(row.kind),
        state=State(row.state),
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        attempts=row.attempts,
        next_at=row.next_at,
        sent_at=row.sent_at,
        server_said=row.server_said,
        subject=row.subject,
        text=row.text,
    )


def _conditions(tx: Tx, folder: str | None, wanted: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if folder is not None:
        found.append(mails.c.state.in_([str(state) for state in FOLDERS[folder]]))
    if part := folded(wanted):
        found.append(contains(tx, claims.c.search, part) | contains(tx, func.lower(mails.c.to_address), part))
    return found
