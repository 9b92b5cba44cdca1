"""A sender is killed at each point of its way, and another one finishes; or it is held up (S-5d, S-5g)."""

import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from mci_tui.domain.mails import DOUBT, LEASE
from mci_tui.mail.transport import Delivery, Outcome, Smtp
from mci_tui.services import services_at
from mci_tui.services.desk import SYSTEM, Desk
from mci_tui.services.outbox import Lease, Outbox
from mci_tui.services.sending import Sender
from mci_tui.store import engine
from mci_tui.store.engine import Store, open_store
from mci_tui.store.schema import history, mails
from tests.conftest import LOGIN, NOW, MovingClock, new_workspace
from tests.faults.senders import Job, KeptClock, SenderProcess, ask, next_due
from tests.mail.post_office import Act, PostOffice
from tests.services.consent_kit import Post, token_in


class Dying(Outbox):
    """An outbox whose sender is killed at a point."""

    def __init__(self, point: str, desk: Desk, jitter: Callable[[], float]) -> None:
        super().__init__(desk, jitter)
        self._point = point

    def _at(self, point: str) -> None:
        if point == self._point:
            os.kill(os.getpid(), signal.SIGKILL)

    def lease(self, owner: str) -> Lease | None:
        self._at("before the lease")
        lease = super().lease(owner)
        self._at("after the lease")
        return lease

    def cleared(self, lease: Lease) -> bool:
        self._at("recipient accepted")
        cleared = super().cleared(lease)
        self._at("cleared")
        return cleared

    def settle(self, lease: Lease, delivery: Delivery) -> None:
        self._at("taken, and told so")
        super().settle(lease, delivery)
        self._at("written down")


NOTHING, LEASED, DOUBTED = NOW - NOW, LEASE, LEASE + DOUBT
"""How long the mail waits before another sender sends it."""

POINTS = [
    ("before the lease", NOTHING, 1),
    ("after the lease", LEASED, 1),
    ("recipient accepted", LEASED, 1),
    ("cleared", DOUBTED, 1),
    ("DATA", DOUBTED, 1),
    ("TEXT", DOUBTED, 1),
    ("DOT", DOUBTED, 2),
    ("taken, and told so", DOUBTED, 2),
    ("written down", None, 1),
]
"""Where it is killed, how long the mail then waits (None: for ever), how many copies arrive. In capitals: a step of
the mail server, which has taken the mail at `DOT`."""


@pytest.mark.parametrize(("point", "waits", "copies"), POINTS, ids=[point for point, *_ in POINTS])
def test_what_a_killed_sender_had_in_hand_is_finished_by_another(
    point: str, waits: object, copies: int, store: Store, place: str, tmp_path: Path
) -> None:
    """S-5d, S-5g"""
    ask(store, 1)
    clock = KeptClock(tmp_path / "clock")
    clock.put(NOW)
    with PostOffice("none") as office:
        victim = SenderProcess(Job(place, office.port, clock, partial(Dying, point)), "victim")
        office.plan = partial(_killing, victim, point)
        victim.go()
        assert victim.buried()
        office.plan = None
        sent_after = None
        sender = Sender(Outbox(Desk(store, clock, SYSTEM)), Smtp("127.0.0.1", office.port, "none"), "another")
        due: datetime | None = NOW
        while due is not None:
            clock.put(due)
            while sender.once() is not None:
                sent_after = due - NOW
            due = next_due(store)
    assert sent_after == waits
    with store.read() as tx:
        mail = tx.execute(select(mails)).one()
        told = list(tx.scalars(select(history.c.what).where(history.c.claim_id == mail.claim_id)))
    assert mail.state == "sent"
    assert told.count("mailed") == 1
    assert [received.message["Message-ID"] for received in office.received] == [mail.message_id] * copies
    answers = services_at(Desk(store, clock, LOGIN)).answers
    assert all(answers.question(token_in(received.message)) for received in office.received)


def _killing(victim: SenderProcess, point: str, step: str, _recipient: str) -> Act | None:
    if step != point:
        return None
    victim.kill()
    return Act.KEEP_AND_CUT if step == "DOT" else Act.CUT


class HeldUp(Outbox):
    """An outbox in whose workspace somebody else begins to write once a mail is cleared, and stops at the third try."""

    def __init__(self, desk: Desk, other: Store) -> None:
        super().__init__(desk)
        self._other, self._writing, self.tries = other, ExitStack(), 0

    def cleared(self, lease: Lease) -> bool:
        cleared = super().cleared(lease)
        self._writing.enter_context(self._other.write(alone=True))
        return cleared

    def settle(self, lease: Lease, delivery: Delivery) -> None:
        self.tries += 1
        if self.tries == 3:
            self._writing.close()
        super().settle(lease, delivery)


def test_that_a_mail_was_taken_is_written_down_however_long_somebody_else_writes(
    new_place: Callable[[str], str], clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-5d"""
    monkeypatch.setattr(engine, "_PATIENT", "PRAGMA busy_timeout=0")
    place = new_place("sqlite")
    store, other, office = new_workspace(place, clock), open_store(place), Post()
    ask(store, 1)
    outbox = HeldUp(Desk(store, clock, SYSTEM), other)
    handled = Sender(outbox, office, "held up").once()
    other.close()
    with store.read() as tx:
        mail = tx.execute(select(mails)).one()
    store.close()
    assert handled is not None
    assert (handled.outcome, mail.state, outbox.tries) == (Outcome.SENT, "sent", 3)
