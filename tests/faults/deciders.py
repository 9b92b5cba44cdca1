"""Those who decide about one claim at the same moment, in two processes; and what came of it."""

import multiprocessing
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import event, insert, select

from mci_tui.domain.claims import Event, Status
from mci_tui.domain.consent import Decision, Recorded
from mci_tui.errors import Refused
from mci_tui.services import Services, services_at
from mci_tui.services.answers import Answer, hashed
from mci_tui.services.desk import Desk
from mci_tui.services.moving import hold, move_claim
from mci_tui.store.engine import Store, open_store
from mci_tui.store.schema import answers, claims, history, mails, tokens
from tests.conftest import LOGIN
from tests.faults.senders import PATIENCE
from tests.store.derivation import derived, kept


@dataclass(frozen=True)
class Move:
    """What is done at `at`, by its own clock: `accepted`, `declined` (by a link), `recorded`, `cancelled` or `lapse`.

    After `looks` looks at the page, so that now one comes first and now the other.
    """

    what: str
    number: str
    token: str
    at: datetime
    looks: int = 0


def act(store: Store, move: Move) -> str:
    """Does it; gives the decision that stands then as far as the mover was told, or an empty string."""
    services = services_at(Desk(store, lambda: move.at, LOGIN))
    for _look in range(move.looks):
        services.answers.question(move.token)
    try:
        return _done(services, move)
    except Refused:
        return ""


def _done(services: Services, move: Move) -> str:
    match move.what:
        case Decision.ACCEPTED | Decision.DECLINED:
            shown = services.answers.answer(move.token, Answer(Decision(move.what), "Anna"))
            return str(shown.decision) if shown else ""
        case "recorded":
            day = move.at.date().isoformat()
            services.consent.record(Recorded(move.number, "declined", "Anna", "by phone", day, "Call"))
            return "declined"
        case "cancelled":
            with services.desk.serving(LOGIN) as scene:
                move_claim(scene, hold(scene.tx, move.number), Event.CANCEL, "cancelled")
            return "cancelled"
        case _:
            services.desk.sweep()
            return ""


def race(place: str, moves: Sequence[tuple[Move, Move]]) -> list[tuple[str, str]]:
    """Has two processes make each pair of moves at the same moment; gives what each of them was told."""
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(2)
    ends, told, rivals = [], [], []
    for side in range(2):
        mine, theirs = spawn.Pipe()
        work = (theirs, start, place, [pair[side] for pair in moves])
        rivals.append(spawn.Process(target=_rival, args=work, daemon=True))
        rivals[-1].start()
        ends.append(mine)
    for end in ends:
        assert end.poll(3 * PATIENCE), "a rival does not answer"
        told.append(end.recv())
    for rival in rivals:
        rival.join(PATIENCE)
    broken = [answer for answer in told if isinstance(answer, str)]
    assert not broken, broken
    return list(zip(*told, strict=True))


def _rival(end: "Connection[Any, Any]", start: Barrier, place: str, moves: Sequence[Move]) -> None:
    store = open_store(place)
    told = []
    try:
        for move in moves:
            start.wait(PATIENCE)
            told.append(act(store, move))
        end.send(told)
    except Exception as error:  # whatever it is, the test tells it
        start.abort()
        end.send(repr(error))
    store.close()


def mailed_links(store: Store, each: int) -> dict[str, list[str]]:
    """The tokens of `each` links of every mail, by the claim's number, as if they had been mailed."""
    found: dict[str, list[str]] = {}
    draw = random.Random(0)
    with store.write() as tx:
        for row in tx.execute(select(mails.c.id, mails.c.claim_id, mails.c.asked_at, claims.c.number).join(claims)):
            found[row.number] = [f"{draw.getrandbits(256):064x}" for _number in range(each)]
            made = {"claim_id": row.claim_id, "mail_id": row.id, "made_at": row.asked_at}
            tx.execute(insert(tokens), [{"hash": hashed(token), **made} for token in found[row.number]])
    return found


STATUSES = {
    "accepted": Status.CONSENT_RECEIVED,
    "declined": Status.CONSENT_DECLINED,
    "declined_recorded": Status.CONSENT_DECLINED,
    "cancelled": Status.CANCELLED,
    "lapse": Status.CONSENT_EXPIRED,
}
"""What history says of a decision, and how the claim stands then."""


def decisions(store: Store) -> dict[str, str]:
    """The one decision about each claim that is decided; that it is one, and everything says the same, is asserted."""
    with store.read() as tx:
        given = {row.claim_id: row for row in tx.execute(select(answers))}
        lines = tx.execute(select(history.c.claim_id, history.c.what).where(history.c.what.in_(STATUSES))).all()
        rows = {row.id: row for row in tx.execute(select(claims))}
        assert kept(tx) == derived(tx)
    often = Counter(line.claim_id for line in lines)
    assert set(often.values()) <= {1}, f"decided twice: {often.most_common(3)}"
    told = {line.claim_id: line.what for line in lines}
    for id_, row in rows.items():
        what = told.get(id_, "")
        assert row.status == STATUSES.get(what, Status.AWAITING_CONSENT)
        assert row.version == 1 + (id_ in told)
        assert (id_ in given) is (row.status in (Status.CONSENT_RECEIVED, Status.CONSENT_DECLINED))
        if id_ in given:
            assert what.startswith(given[id_].decision)
            assert given[id_].at < given[id_].deadline == row.consent_due
    return {rows[id_].number: what for id_, what in told.items()}


def take_guards(store: Store) -> None:
    """Lets a store neither hold rows nor compare a claim with what was read of it. The negative controls' way."""
    event.listen(store._engine, "before_cursor_execute", _without_guards, retval=True)


def _without_guards(
    _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
) -> tuple[str, Any]:
    statement = re.sub(r"\sFOR UPDATE.*", "", statement, flags=re.DOTALL)
    if statement.startswith("UPDATE claims"):
        statement = re.sub(r"(claims\.(?:status|version) = \S+)", r"(\1 OR 1 = 1)", statement)
    return statement, parameters
