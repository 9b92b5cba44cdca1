"""Mails on their way while the mail server refuses and breaks off, and while senders are killed (S-5d, S-5g).

Promised is: what stands as sent was taken by the server; what was not sent is shown; a second copy comes only of a cut
or a death after the text was handed over, and both copies have one Message-ID.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from mci_tui.domain.mails import State
from mci_tui.mail.transport import Delivery, Outcome
from mci_tui.services.answers import hashed
from mci_tui.services.outbox import Lease, Outbox, set_mail
from mci_tui.store.engine import Store
from mci_tui.store.schema import claims, history, mails, tokens
from tests.conftest import NOW
from tests.faults.senders import Job, KeptClock, ask, crew
from tests.mail.post_office import Act, PostOffice, Received
from tests.services.consent_kit import token_in

SEED = 20261123
CREW = 3

Fate = tuple[str, Act | str | None]
"""At which step of a session what is done."""

USUAL: Fate = ("", None)
FATES: dict[Fate, int] = {
    USUAL: 62,
    ("GREETING", "421 4.3.2 Closing for a moment"): 2,
    ("EHLO", Act.CUT): 2,
    ("MAIL", "451 4.3.0 Later, please"): 2,
    ("RCPT", "451 4.2.0 Greylisted"): 4,
    ("RCPT", "421 4.3.2 Closing"): 3,
    ("RCPT", "550 5.1.1 Nobody of that name"): 3,
    ("RCPT", Act.CUT): 3,
    ("DATA", Act.CUT): 3,
    ("TEXT", Act.CUT): 2,
    ("DOT", "451 4.3.0 No room"): 4,
    ("DOT", "550 5.7.1 Not this text"): 2,
    ("DOT", Act.CUT): 2,
    ("DOT", Act.KEEP_AND_CUT): 6,
}
"""What befalls a session, and how often of a hundred."""

STEPS = 7
"""The steps of a session that is cut at none of them."""


@dataclass
class Chaos:
    """Decides for each session what befalls it, and at which steps somebody is killed."""

    seed: int
    fates: dict[Fate, int]
    deaths: set[int]
    strike: Callable[[], None] = lambda: None
    befell: Counter[Fate] = field(default_factory=Counter)
    refused: set[str] = field(default_factory=set)
    _steps: int = field(init=False, default=0)
    _sessions: Counter[str] = field(init=False, default_factory=Counter)
    _of: dict[str, Fate] = field(init=False, default_factory=dict)

    def plan(self, step: str, recipient: str) -> Act | str | None:
        """What a post office does at a step."""
        self._steps += 1
        if self._steps in self.deaths:
            self.strike()
        if not recipient:  # sessions that have not come so far share a fate at each step
            fate = self._drawn(self._steps)
            return self._done(fate) if fate[0] == step else None
        if step == "RCPT":
            self._sessions[recipient] += 1
            self._of[recipient] = self._drawn(recipient, self._sessions[recipient])
        fate = self._of[recipient]
        if fate[0] != step:
            return None
        if str(fate[1]).startswith("5"):
            self.refused.add(recipient)
        return self._done(fate)

    def _drawn(self, *lot: object) -> Fate:
        """The same for the same lot, in whatever order the senders come."""
        (fate,) = random.Random(repr((self.seed, lot))).choices(list(self.fates), list(self.fates.values()))
        return fate

    def _done(self, fate: Fate) -> Act | str | None:
        self.befell[fate] += 1
        return fate[1]

    @property
    def kept_and_cut(self) -> int:
        """How many mails were taken and the connection cut before that was said."""
        return self.befell["DOT", Act.KEEP_AND_CUT]


@dataclass(frozen=True)
class Run:
    """What can be looked at when no mail is left to send."""

    store: Store
    received: list[Received]
    chaos: Chaos
    killed: int
    left_in_hand: int
    """How many mails senders had in hand when they were killed."""


def test_whatever_befalls_them_no_mail_is_lost_none_falsely_sent_and_copies_share_a_message_id(
    run: Callable[..., Run], database: str
) -> None:
    """S-5d, S-5g"""
    number, kills = {"sqlite": (300, 20), "postgres": (60, 5)}[database]
    done = run(number, FATES, deaths=kills + 4)
    print(f"seed {SEED}: {number} mails, {len(done.received)} received, {done.killed} senders killed")
    print(f"  {done.left_in_hand} mails in hand then; {dict(done.chaos.befell)}")
    assert_nothing_lost(done)
    assert done.killed >= kills
    assert done.left_in_hand >= kills // 2
    early = {fate for fate in FATES if fate[0] in ("GREETING", "EHLO", "MAIL")}
    assert sum(done.chaos.befell[fate] for fate in early) >= number // 100
    assert all(done.chaos.befell[fate] >= number // 100 for fate in FATES.keys() - early - {USUAL})
    assert done.chaos.befell.total() >= number // 5


def test_of_several_senders_at_work_one_has_each_mail(run: Callable[..., Run]) -> None:
    """S-5d"""
    done = run(40, {USUAL: 1}, deaths=0)
    assert_nothing_lost(done)
    with done.store.read() as tx:
        assert list(tx.scalars(select(mails.c.attempts))) == [1] * len(done.received) == [1] * 40


class TellsBeforehand(Outbox):
    """Writes down that a mail is sent before it is."""

    def cleared(self, lease: Lease) -> bool:
        self.settle(lease, Delivery(Outcome.SENT, ""))
        return True


class LeasesNothing(Outbox):
    """Gives a mail to whoever asks, and lets everybody hand it over."""

    def lease(self, owner: str) -> Lease | None:
        lease = super().lease(owner)
        if lease is not None:
            with self._desk.serving() as scene:
                set_mail(scene.tx, lease.id, state=State.WAITING, next_at=NOW)
        return lease

    def cleared(self, lease: Lease) -> bool:
        return True


@pytest.mark.parametrize(
    ("outbox", "fates", "wrong"),
    [
        (TellsBeforehand, {USUAL: 1, ("DOT", "451 4.3.0 No room"): 1}, "falsely sent"),
        (LeasesNothing, {USUAL: 1}, "more copies than mails"),
    ],
)
def test_an_outbox_without_its_order_would_not_stand_it(
    run: Callable[..., Run], outbox: type[Outbox], fates: dict[Fate, int], wrong: str
) -> None:
    """The negative control of the test above."""
    done = run(30, fates, deaths=0, outbox=outbox)
    with pytest.raises(AssertionError, match=wrong):
        assert_nothing_lost(done)


def assert_nothing_lost(run: Run) -> None:
    """Of every mail is known how it ended, and that is true."""
    with run.store.read() as tx:
        made = {str(row.message_id): row for row in tx.execute(select(mails))}
        links = {row.hash: row for row in tx.execute(select(tokens))}
        told = _told(tx)
    copies = Counter(str(each.message["Message-ID"]) for each in run.received)
    for id_, mail in made.items():
        assert mail.next_at is None
        assert mail.state in ENDS, f"lost: {id_}"
        assert mail.state != State.SENT or copies[id_], f"falsely sent: {id_}"
        assert mail.state != State.FAILED or mail.to_address in run.chaos.refused, f"falsely failed: {id_}"
        assert mail.state != State.UNKNOWN or mail.doubts == 2
    more = sum(copies.values()) - len(copies)
    assert more <= run.chaos.kept_and_cut + run.killed, f"{more} more copies than mails"
    assert max(copies.values()) <= 2
    assert all(told[mail.claim_id] == ENDS[mail.state] for mail in made.values())
    for received in run.received:
        mail, link = made[str(received.message["Message-ID"])], links[hashed(token_in(received.message))]
        assert received.recipients == (mail.to_address,)
        assert (link.mail_id, link.claim_id, link.voided_at) == (mail.id, mail.claim_id, None)


ENDS: dict[str, list[str]] = {State.SENT: ["mailed"], State.FAILED: ["mail_failed"], State.UNKNOWN: []}
"""How a mail may end, and what its claim's history then tells of it."""


def _told(tx: Any) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {id_: [] for id_ in tx.scalars(select(claims.c.id))}
    lines = select(history.c.claim_id, history.c.what).where(history.c.what.in_(("mailed", "mail_failed")))
    for line in tx.execute(lines):
        found[line.claim_id].append(line.what)
    return found


@pytest.fixture
def run(store: Store, place: str, tmp_path: Path) -> Callable[..., Run]:
    """Has so many mails sent through chaos, with so many deaths, until nothing is left to do."""

    def until_all_is_done(number: int, fates: dict[Fate, int], *, deaths: int, outbox: type[Outbox] = Outbox) -> Run:
        ask(store, number)
        clock = KeptClock(tmp_path / "clock")
        clock.put(NOW)
        steps = random.Random(SEED).sample(range(number, STEPS * number), deaths)
        chaos = Chaos(SEED, fates, set(steps))
        with PostOffice("none", plan=chaos.plan) as office:
            with crew(Job(place, office.port, clock, outbox), store, CREW, SEED) as senders:
                chaos.strike = senders.strike
                senders.handle_all()
            return Run(store, office.received, chaos, senders.killed, senders.left_in_hand)

    return until_all_is_done
