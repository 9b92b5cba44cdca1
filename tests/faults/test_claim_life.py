"""The life of claims against a model of the rules: operators, customers, time, and writes that are cut off (S-6)."""

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mci_tui.domain import claims
from mci_tui.domain.claims import Event, Life, Terms, move
from mci_tui.domain.consent import Reminder
from mci_tui.domain.deadlines import deadline
from mci_tui.domain.mails import Kind
from mci_tui.services import consent, deciding, lapses, moving
from mci_tui.services.desk import Scene
from mci_tui.services.moving import Held
from tests.conftest import NOW
from tests.faults.claim_desks import CODES, CUSTOMERS, LARGE, MADE, SMALL, Desks, make_desk
from tests.faults.claim_model import first_instant

F = TypeVar("F", bound=Callable[..., None])

STARTS = (MADE, NOW, NOW + timedelta(days=120))
"""Before the clocks go back in Rome, in the winter, before they go forward."""

DECISIONS = ("under_review", "action_required", "action_required", "approved", "rejected", "rejected", "rejected_final")

PICK = st.integers(0, 99)
CHOSEN = st.sampled_from(((SMALL,), (LARGE,), CODES))
WHOM = st.sampled_from(("anna", "anna", "carla"))
ANSWER = st.sampled_from(("accepted", "accepted", "declined"))
BACK = st.sampled_from((0, 0, 0, 1, 2, 10, 40, -1))
"""How many days ago something was that is dated."""

BY = st.sampled_from(("a", "b", "ab", "ba", "cut a"))
"""Who does it, as `Desks` has it."""

RUNS = range(3)


def where(*events: str) -> Callable[[F], F]:
    """Lets a rule apply while one of these can happen to some claim."""
    return precondition(lambda machine: machine.able(*events))


class ClaimLife(RuleBasedStateMachine):
    """Everything that can happen to claims."""

    def __init__(self, place: str, folder: Path) -> None:
        super().__init__()
        self.at = Desks(place, folder)

    def teardown(self) -> None:
        self.at.close()

    @initialize(start=st.sampled_from(STARTS), codes=CHOSEN)
    def begins(self, start: datetime, codes: Sequence[str]) -> None:
        self.at.goes_to(start)
        for who in CUSTOMERS[:2]:
            self.at.make(False, who, codes, "a")

    def able(self, *events: str) -> list[int]:
        """The claims, by their places, to which one of these can happen."""
        claims = self.at.world.claims
        return [place for place, claim in enumerate(claims) if claim.moves.keys() & set(events)]

    def pick(self, pick: int, *events: str) -> int:
        """Mostly one of those; at times any."""
        found = self.able(*events) if pick % 6 else range(len(self.at.world.claims))
        return found[pick % len(found)]

    @precondition(lambda machine: len(machine.able("lapse", "approved")) < 4)
    @rule(pick=PICK, who=st.sampled_from(CUSTOMERS), codes=CHOSEN, by=BY, days=st.sampled_from((0, 0, 0, 3, 40)))
    def makes(self, pick: int, who: int, codes: Sequence[str], by: str, days: int) -> None:
        """Mostly the way that is open: known customers are requested, others added. At times after the catalogue has
        got other days."""
        if days:
            self.at.change_days(codes[0], days)
        known = self.at.world.knows(who, self.at.clock.now)
        self.at.make(known is bool(pick % 6), who, codes, by)

    @where("send")
    @rule(pick=PICK, whom=WHOM, dollars=st.integers(1, 10**9), by=BY)
    def sends(self, pick: int, whom: str, dollars: int, by: str) -> None:
        self.at.send(self.pick(pick, "send"), whom, dollars, by)

    @where("accepted")
    @rule(pick=PICK, whom=WHOM, by=BY)
    def reminds(self, pick: int, whom: str, by: str) -> None:
        self.at.remind(self.pick(pick, "accepted"), whom, by)

    @precondition(lambda machine: any(mail.state == "waiting" for mail in machine.at.world.mails))
    @rule(refused=st.sampled_from((0, 0, 0, 1, 2)))
    def mails_go_out(self, refused: int) -> None:
        self.at.deliver(refused)

    @precondition(lambda machine: machine.at.links)
    @rule(pick=PICK, decision=ANSWER, by=BY)
    def answers(self, pick: int, decision: str, by: str) -> None:
        """By any link that was ever mailed."""
        self.at.click(pick % len(self.at.links), decision, by)

    @where("accepted")
    @rule(pick=PICK, decision=ANSWER, back=BACK, by=BY)
    def records(self, pick: int, decision: str, back: int, by: str) -> None:
        self.at.record(self.pick(pick, "accepted"), decision, back, by)

    @where("submit")
    @rule(pick=PICK, kinds=st.frozensets(st.sampled_from(("invoice", "poe", "customer_survey")), max_size=2), by=BY)
    def proves(self, pick: int, kinds: frozenset[str], by: str) -> None:
        """Files of these kinds, or no file, but the customer's survey."""
        if kinds:
            self.at.prove(self.pick(pick, "submit"), kinds, by)
        else:
            self.at.survey(self.pick(pick, "submit"), by)

    @where("submit")
    @rule(pick=PICK, at_once=st.booleans(), by=BY)
    def submits(self, pick: int, at_once: bool, by: str) -> None:
        place = self.pick(pick, "submit")
        self.at.submit(place, self.at.world.claims[place].offer.proof if at_once else frozenset(), by)

    @where("approved")
    @rule(pick=PICK, decision=st.sampled_from(DECISIONS), back=BACK, by=BY)
    def decides(self, pick: int, decision: str, back: int, by: str) -> None:
        self.at.decide(self.pick(pick, "approved"), decision, back, by)

    @where("dispute")
    @rule(pick=PICK, by=BY)
    def disputes(self, pick: int, by: str) -> None:
        self.at.step(self.pick(pick, "dispute"), "dispute", by)

    @precondition(lambda machine: len(machine.able("cancel")) > 1)
    @rule(pick=PICK, by=BY)
    def cancels(self, pick: int, by: str) -> None:
        self.at.step(self.pick(pick, "cancel"), "cancel", by)

    @where("send", "accepted", "submit", "approved", "dispute")
    @rule(pick=PICK, decision=st.sampled_from(DECISIONS), back=st.integers(0, 3), steps=st.integers(1, 5))
    def goes_on(self, pick: int, decision: str, back: int, steps: int) -> None:
        """One claim goes its way for some steps, without a hitch."""
        able = self.able("send", "accepted", "submit", "approved", "dispute")
        place = able[pick % len(able)]
        for _step in range(steps):
            self.at.go_on(place, decision, back)
            self.at.compare()

    @where("lapse")
    @rule(
        hours=st.one_of(st.integers(1, 50), st.integers(1, 100).map(lambda days: days * 24), st.sampled_from((0, -1)))
    )
    def time_passes(self, hours: int) -> None:
        """For some hours or days; or until the last instant of the next last day of a claim (-1), or the one after."""
        now = self.at.clock.now + timedelta(hours=hours)
        if hours <= 0:
            day = min(claim.last[claim.clock] for claim in self.at.world.claims if claim.clock != "-")
            now = first_instant(day + timedelta(days=1)) + timedelta(microseconds=hours)
        self.at.goes_to(now)

    @invariant()
    def nothing_differs(self) -> None:
        self.at.compare()


Machines = Callable[[str], type[ClaimLife]]


@pytest.fixture
def machines(tmp_path: Path, new_place: Callable[[str], str]) -> Machines:
    """Gives the machine on a database, each of its runs with a workspace of its own."""
    template = new_place("sqlite")
    make_desk(template)

    def on(database: str) -> type[ClaimLife]:
        class Made(ClaimLife):
            def __init__(self) -> None:
                place = new_place(database)
                if database == "sqlite":
                    shutil.copy(template, place)
                else:
                    make_desk(place)
                super().__init__(place, tmp_path)

        return Made

    return on


def play(machine: type[ClaimLife], number: int, *phases: Phase, examples: int = 8) -> None:
    """Lets that many examples of forty steps happen; below ten, none of them is a variation of another."""
    bounded = settings(max_examples=examples, stateful_step_count=40, phases=(Phase.generate, *phases))
    run_state_machine_as_test(seed(number)(machine), settings=bounded)


@pytest.mark.parametrize("number", RUNS)
def test_claims_live_as_the_rules_say(machines: Machines, number: int) -> None:
    """S-6a S-6b S-6c S-6e S-5a S-5c S-5e S-5f S-5h S-2f S-2g S-10"""
    play(machines("sqlite"), number, Phase.shrink)


def test_they_do_so_on_a_server_too(machines: Machines) -> None:
    """S-6a S-6b S-6c S-6e S-5a S-5c S-5e S-5f S-5h S-2f S-2g S-10"""
    play(machines("postgres"), 0, examples=4)


# What would be wrong


def a_reminder_extends_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    look = consent._look

    def extending(scene: Scene, held: Held, asked: Reminder) -> tuple[consent.Review, dict[str, Any]]:
        review, values = look(scene, held, asked)
        if review.kind is Kind.REMINDER:
            values |= dict.fromkeys(("consent_due", "next_due"), deadline(scene.now, 30, scene.zone))
        return review, values

    monkeypatch.setattr(consent, "_look", extending)


def a_second_rejection_is_like_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetting(life: Life, event: Event, at: datetime, terms: Terms) -> Life | None:
        return move(life._replace(disputed=False) if event is Event.REJECT else life, event, at, terms)

    monkeypatch.setattr(moving, "move", forgetting)


def who_declines_stays_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "UNANSWERED", frozenset())


def who_says_nothing_stays_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lapses, "UNANSWERED", frozenset())


def days_have_24_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    def elapsed(start: datetime, days: int, zone: str) -> datetime:
        return deadline(start, 0, zone) + timedelta(days=days)

    monkeypatch.setattr(claims, "deadline", elapsed)


def a_mail_goes_out_whatever_became_of_the_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "stop_mails", lambda *_arguments: None)


def an_old_link_holds_at_the_new_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consent, "void_links", lambda *_arguments: None)


def a_decision_starts_its_clock_when_it_is_entered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "_instant", lambda scene, _held, _on: scene.now)


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        (1, a_reminder_extends_the_deadline),
        (1, a_second_rejection_is_like_the_first),
        (0, who_declines_stays_on_the_page),
        (1, who_says_nothing_stays_on_the_page),
        (0, days_have_24_hours),
        (0, a_mail_goes_out_whatever_became_of_the_claim),
        (1, an_old_link_holds_at_the_new_address),
        (2, a_decision_starts_its_clock_when_it_is_entered),
    ],
)
def test_a_program_that_broke_a_rule_would_be_found_out(
    machines: Machines,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    wrong: Callable[[pytest.MonkeyPatch], None],
) -> None:
    """The negative controls of the test above, each in the run that comes upon it first."""
    wrong(monkeypatch)
    with pytest.raises(AssertionError):
        play(machines("sqlite"), number)
