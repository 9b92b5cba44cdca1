"""Senders in processes of their own, by a clock that a test puts on; any of them can be killed at any moment."""

import multiprocessing
import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from mci_tui.domain.claims import Status
from mci_tui.domain.mails import Kind, State
from mci_tui.mail.transport import Outcome, Smtp
from mci_tui.services import services_at
from mci_tui.services.desk import SYSTEM, Desk, Scene
from mci_tui.services.moving import hold_id
from mci_tui.services.outbox import Outbox
from mci_tui.services.posting import letter_of, post
from mci_tui.services.sending import Sender
from mci_tui.store.engine import Store, open_store
from mci_tui.store.schema import claims, mails
from tests.conftest import LOGIN, NOW
from tests.factories import Books, guid
from tests.services.consent_kit import configured

PATIENCE = 120
"""Seconds after which a process that does not answer is given up."""

STRIDE = timedelta(minutes=10)
"""By how much a clock is put on at least."""

_LOADED = ("tests.faults.senders", "jinja2", "psycopg", "mci_tui.mail.headers", "smtplib", "email.generator")
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(list(_LOADED))


@dataclass(frozen=True)
class KeptClock:
    """A clock that all processes read out of one file; it stands still until it is put on."""

    path: Path

    def __call__(self) -> datetime:
        return datetime.fromisoformat(self.path.read_text())

    def put(self, now: datetime) -> None:
        """Makes it `now` for everybody."""
        new = self.path.with_suffix(".new")
        new.write_text(now.isoformat())
        os.replace(new, self.path)


@dataclass(frozen=True)
class Job:
    """What a sender needs to know; `outbox` may be one that goes wrong."""

    place: str
    port: int
    clock: KeptClock
    outbox: Callable[[Desk, Callable[[], float]], Outbox] = Outbox


class SenderProcess:
    """A sender that handles what is due each time it is told to, and tells when nothing is any more."""

    def __init__(self, job: Job, owner: str) -> None:
        self.owner = owner
        self.end, theirs = _PROCESSES.Pipe()
        self._process: ForkServerProcess = _PROCESSES.Process(target=_send, args=(theirs, job, owner), daemon=True)
        self._process.start()
        theirs.close()

    def go(self) -> None:
        """Tells it to handle what is due."""
        self.end.send(True)

    def told(self) -> None:
        """Hears that nothing is due any more; what went wrong there is raised here."""
        assert self.end.poll(PATIENCE), f"{self.owner} does not answer"
        wrong = self.end.recv()
        assert wrong is None, f"{self.owner}: {wrong}"

    def kill(self) -> None:
        """Ends it at once, whatever it is doing."""
        self._process.kill()

    def buried(self) -> bool:
        """Waits until it has ended: whether it was killed."""
        self._process.join(PATIENCE)
        self.end.close()
        return self._process.exitcode == -signal.SIGKILL

    def dismiss(self) -> None:
        """Lets it go home."""
        self.end.send(False)
        assert not self.buried()


def _send(end: "Connection[Any, Any]", job: Job, owner: str) -> None:
    store = open_store(job.place)
    jitter = random.Random(owner)
    outbox = job.outbox(Desk(store, job.clock, SYSTEM), lambda: jitter.uniform(-1, 1))
    sender = Sender(outbox, Smtp("127.0.0.1", job.port, "none"), owner)
    while end.recv():
        try:
            while (handled := sender.once()) is not None:
                assert handled.outcome is not Outcome.PAUSED, handled
            end.send(None)
        except Exception as error:  # whatever it is, the test tells it
            end.send(repr(error))
    store.close()


class Crew:
    """Several senders at work; whoever is killed is replaced by a new one."""

    def __init__(self, job: Job, store: Store, size: int, seed: int) -> None:
        self._job, self._store, self._random = job, store, random.Random(seed)
        self._deaths, self._bell = _PROCESSES.Pipe(duplex=False)
        self.killed = 0
        self.left_in_hand = 0
        """How many mails those who were killed had in hand."""
        self._members = [SenderProcess(job, f"sender{number}") for number in range(size)]

    def strike(self) -> None:
        """Has one of those killed who are at work. Safe to call from another thread."""
        self._bell.send(None)

    def handle_all(self) -> None:
        """Puts the clock on, each time that nothing is due, until nothing is left to do."""
        while (due := next_due(self._store)) is not None:
            self._job.clock.put(max(due, self._job.clock() + STRIDE))
            self._handle_what_is_due()

    def _handle_what_is_due(self) -> None:
        """Returns when none of them finds anything to do: then nobody who lives holds a lease."""
        for member in self._members:
            member.go()
        busy = list(self._members)
        while busy:
            ready = wait([self._deaths, *(member.end for member in busy)], PATIENCE)
            assert ready, "no sender answers"
            if self._deaths in ready:
                self._deaths.recv()
                busy.append(self._replaced(busy.pop(self._random.randrange(len(busy)))))
                continue
            for member in [member for member in busy if member.end in ready]:
                member.told()
                busy.remove(member)

    def _replaced(self, victim: SenderProcess) -> SenderProcess:
        victim.kill()
        assert victim.buried()
        with self._store.read() as tx:
            his = mails.c.lease.startswith(f"{victim.owner}:"), mails.c.state == State.SENDING
            self.left_in_hand += tx.scalar(select(func.count()).where(*his)) or 0
        self.killed += 1
        new = SenderProcess(self._job, f"sender{len(self._members) - 1 + self.killed}")
        self._members[self._members.index(victim)] = new
        new.go()
        return new

    def close(self) -> None:
        """Lets them go home."""
        for member in self._members:
            member.dismiss()
        self._deaths.close()
        self._bell.close()


@contextmanager
def crew(job: Job, store: Store, size: int, seed: int) -> Iterator[Crew]:
    """Senders for as long as the block lasts; where it fails, they end with the test's process."""
    made = Crew(job, store, size, seed)
    yield made
    made.close()


def next_due(store: Store) -> datetime | None:
    """When the outbox has to be looked at next; None where nothing is left to do."""
    with store.read() as tx:
        return tx.scalar(select(func.min(mails.c.next_at)))


def ask(store: Store, number: int, days_apart: int = 0) -> None:
    """Makes `number` claims whose customers, each at an address of its own, are to be asked: a mail waits for each.

    The claims' deadlines lie `days_apart`.
    """
    books = Books(store, lambda: NOW)
    books.location()
    configured(services_at(Desk(store, lambda: NOW, LOGIN)))
    with books.at_once():
        offer = books.engagement(consent_days=30, submit_days=3000)
        for each in range(1, number + 1):
            customer = books.customer(f"Customer {each}")
            used = books.identifier(customer, value=guid(each))
            at = NOW + timedelta(days=days_apart * each)
            address = f"anna@customer{each}.example.com"
            books.claim(offer, customer, used, Status.AWAITING_CONSENT, at=at, contact_email=address)
    with store.write(alone=True) as tx:
        scene = Scene(tx, NOW, LOGIN)
        for row in tx.execute(select(claims.c.id, claims.c.customer_id)).all():
            held = hold_id(tx, row.id, row.customer_id)
            post(scene, held, Kind.CONSENT, {}, letter_of(scene, held, Kind.CONSENT, {}))
