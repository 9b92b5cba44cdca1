"""Whoever decides about a claim at the same moment, at the second of its deadline or at any other: one of them does."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from mci_tui.domain.claims import Life, Terms, passed
from mci_tui.domain.consent import Decision
from mci_tui.errors import Refused
from mci_tui.services import lapses, services_at
from mci_tui.services.answers import Answer, Question
from mci_tui.services.desk import Desk
from mci_tui.store import engine
from mci_tui.store.engine import Store, open_store
from mci_tui.store.schema import claims
from tests.conftest import LOGIN, NOW
from tests.faults.deciders import Move, act, decisions, mailed_links, race, take_guards
from tests.faults.senders import PATIENCE, ask

SEED = 20261124
RACES = {"sqlite": 500, "postgres": 250}
PEOPLE = 200
SECOND = timedelta(seconds=1)

Step = tuple[str, int]
"""A move, and how many seconds from the deadline."""

Pair = tuple[Step, Step, set[str]]
"""Two who move at the same moment, and which of them may win."""

PAIRS: list[Pair] = [
    (("accepted", -1), ("lapse", 0), {"accepted", "lapse"}),
    (("declined", -1), ("lapse", 0), {"declined", "lapse"}),
    (("accepted", -1), ("declined", -1), {"accepted", "declined"}),
    (("declined", -1), ("cancelled", -1), {"declined", "cancelled"}),
    (("accepted", -1), ("recorded", -1), {"accepted", "declined_recorded"}),
    (("accepted", -1), ("lapse", -1), {"accepted"}),
    (("accepted", 0), ("lapse", 0), {"lapse"}),
    (("declined", 1), ("accepted", 0), {"lapse"}),
]


def deadlines(store: Store) -> dict[str, datetime]:
    """The deadline of each claim."""
    with store.read() as tx:
        return {row.number: row.consent_due for row in tx.execute(select(claims.c.number, claims.c.consent_due))}


def test_at_the_second_of_the_deadline_each_claim_has_one_outcome(store: Store, place: str, database: str) -> None:
    """S-5a, S-5g, S-6a, S-10"""
    ask(store, RACES[database], days_apart=1)
    due = deadlines(store)
    pairs = {number: PAIRS[each % len(PAIRS)] for each, number in enumerate(sorted(due))}
    told = race(place, drawn(pairs, due, mailed_links(store, each=2)))
    act(store, Move("lapse", "", "", max(due.values()) + SECOND))
    outcome = decisions(store)
    won = Counter((*pairs[number][:2], what) for number, what in outcome.items())
    print(f"seed {SEED}: {len(due)} races")
    for (one, other, what), times in sorted(won.items()):
        print(f"  {one} against {other}: {what} {times}")
    assert outcome.keys() == due.keys()
    for number, answered in zip(pairs, told, strict=True):
        assert outcome[number] in pairs[number][2]
        assert set(answered) <= {"", outcome[number].removesuffix("_recorded")}
    assert len(won) == sum(len(may) for *_steps, may in PAIRS)


def drawn(pairs: dict[str, Pair], due: dict[str, datetime], links: dict[str, list[str]]) -> list[tuple[Move, Move]]:
    """The moves of each pair about its claim, each by a link of its own, now one a little later and now the other."""
    draw, moves = random.Random(SEED), []
    for number, (one, other, _may) in pairs.items():
        handicap = 3 if other[0] == "recorded" else 0  # an operator's way is longer
        looks = handicap + draw.randrange(3), draw.randrange(3)
        first, second = (
            Move(what, number, token, due[number] + seconds * SECOND, look)
            for (what, seconds), token, look in zip((one, other), links[number], looks, strict=True)
        )
        moves.append((first, second))
    return moves


def test_without_lock_and_comparison_an_answer_would_lapse_all_the_same(
    store: Store, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above, at the worst moment: the sweep has looked, and not yet written."""
    ask(store, 1)
    ((number, due),) = deadlines(store).items()
    (token,) = mailed_links(store, each=1)[number]
    monkeypatch.setattr(engine, "_begin_sqlite", lambda _connection: None)
    monkeypatch.setattr(engine, "_prepare_sqlite", lambda _connection, _record: None)
    sweep, page = open_store(place), open_store(place)
    for unguarded in (sweep, page):
        take_guards(unguarded)

    def answered_meanwhile(life: Life, now: datetime, terms: Terms) -> Life:
        monkeypatch.setattr(lapses, "passed", passed)
        assert act(page, Move("accepted", number, token, due - SECOND)) == "accepted"
        return passed(life, now, terms)

    monkeypatch.setattr(lapses, "passed", answered_meanwhile)
    act(sweep, Move("lapse", number, token, due))
    sweep.close()
    page.close()
    with pytest.raises(AssertionError, match="decided twice"):
        decisions(store)


def test_of_two_hundred_who_press_both_buttons_at_once_one_decides(store: Store) -> None:
    """S-5g"""
    ask(store, 1)
    ((number, links),) = mailed_links(store, each=4).items()
    answers = services_at(Desk(store, lambda: NOW, LOGIN)).answers
    start = threading.Barrier(PEOPLE)

    def press(person: int) -> Question | str | None:
        decision = (Decision.ACCEPTED, Decision.DECLINED)[person % 2]
        start.wait(PATIENCE)
        try:
            return answers.answer(links[person // 2 % len(links)], Answer(decision, f"Person {person}"))
        except Refused as refused:
            return refused.why.code

    with ThreadPoolExecutor(PEOPLE) as people:
        told = list(people.map(press, range(PEOPLE)))
    assert told.count("answered_already") == PEOPLE // 2
    (page,) = {each for each in told if each != "answered_already"}
    assert isinstance(page, Question)
    assert decisions(store) == {number: page.decision}
    winner = int(page.answered_by.removeprefix("Person "))
    assert page.decision == (Decision.ACCEPTED, Decision.DECLINED)[winner % 2]
