"""Two operators in processes of their own who act on one workspace at the same moment."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier, Event
from typing import Any

from sqlalchemy.engine import Connection as Tx

from mci_tui.domain.adding import Addition
from mci_tui.domain.requesting import CustomerRequest
from mci_tui.errors import Refused
from mci_tui.services import Services, adding, services_at
from mci_tui.services.desk import Desk
from mci_tui.services.making import make_customer
from mci_tui.store import engine
from tests.conftest import LOGIN, MovingClock

PATIENCE = 60
"""Seconds after which a rival that does not answer is given up."""


@dataclass(frozen=True)
class Task:
    """What to do at `place` when the others are ready too: add or request a customer, or (None) look at the pages."""

    place: str
    wanted: Addition | CustomerRequest | None = None
    days_later: int = 0
    guarded: bool = True


@dataclass(frozen=True)
class Outcome:
    """What came of it: the claims made, or why none was."""

    claims: tuple[str, ...] = ()
    refusal: str = ""
    reasons: frozenset[str] = frozenset()


class Rivals:
    """Two processes that wait for tasks."""

    def __init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._shared = start, checked, first_done = spawn.Barrier(2), spawn.Barrier(2), spawn.Event()
        self._ends: list[Connection[Any, Any]] = []
        self._processes = []
        for first in (True, False):
            mine, theirs = spawn.Pipe()
            process = spawn.Process(target=_rival, args=(theirs, start, checked, first_done, first), daemon=True)
            process.start()
            self._ends.append(mine)
            self._processes.append(process)

    def race(self, one: Task, other: Task) -> list[Outcome]:
        """Both tasks at once; an error that is no refusal is raised here."""
        for end, task in zip(self._ends, (one, other), strict=True):
            end.send(task)
        answers: list[Outcome | str] = []
        for end in self._ends:
            assert end.poll(PATIENCE), "a rival does not answer"
            answers.append(end.recv())
        broken = [answer for answer in answers if isinstance(answer, str)]
        assert not broken, broken
        return [answer for answer in answers if isinstance(answer, Outcome)]

    def close(self) -> None:
        for end in self._ends:
            end.send(None)
        for process in self._processes:
            process.join(PATIENCE)


def _rival(end: "Connection[Any, Any]", start: Barrier, checked: Barrier, first_done: Event, first: bool) -> None:
    while (task := end.recv()) is not None:
        first_done.clear()
        clock = MovingClock()
        clock.passes(days=task.days_later)
        with _unguarded(task, checked, first_done, first):
            store = engine.open_store(task.place)
            services = services_at(Desk(store, clock, LOGIN))
            start.wait(PATIENCE)
            try:
                end.send(_do(services, task))
            except Exception as error:  # whatever it is, the test tells it
                end.send(repr(error))
            store.close()
        if first:
            first_done.set()


def _do(services: Services, task: Task) -> Outcome:
    if task.wanted is None:
        services.engagements.counts()
        return Outcome()
    try:
        if isinstance(task.wanted, Addition):
            made = services.adding.add(task.wanted)
        else:
            made = services.requesting.request(task.wanted)
        return Outcome(tuple(claim.claim_id for claim in made))
    except Refused as refused:
        return Outcome(refusal=refused.code, reasons=frozenset(why.code for _engagement, why in refused.reasons))


@contextmanager
def _unguarded(task: Task, checked: Barrier, first_done: Event, first: bool) -> Iterator[None]:
    """For a task without guards: SQLite's default transactions, no lock on a customer's row, and the worst moment —
    both have checked before either writes."""
    if task.guarded:
        yield
        return
    held: list[tuple[Any, str, Callable[..., Any]]] = [
        (engine, "_begin_sqlite", lambda _connection: None),
        (engine, "_prepare_sqlite", _default_transactions),
        (adding, "_held", adding._looked_up),
        (adding, "make_customer", _after_both(checked, first_done, first)),
    ]
    before = [getattr(module, name) for module, name, _instead in held]
    for module, name, instead in held:
        setattr(module, name, instead)
    yield
    for (module, name, _instead), original in zip(held, before, strict=True):
        setattr(module, name, original)


def _default_transactions(connection: Any, _record: object) -> None:
    connection.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")


def _after_both(checked: Barrier, first_done: Event, first: bool) -> Callable[..., Any]:
    def make(tx: Tx, *arguments: Any) -> Any:
        checked.wait(PATIENCE)
        if not first:
            first_done.wait(PATIENCE)
        return make_customer(tx, *arguments)

    return make
