"""Two hundred people press both buttons of one link at once: it is decided once."""

from collections import Counter
from dataclasses import replace
from typing import cast

import anyio
from starlette.applications import Starlette

from mci_tui.domain.consent import Decision
from mci_tui.portal.app import portal_app
from mci_tui.portal.limits import Rates
from mci_tui.services.answers import Answer, Answers, Question
from mci_tui.store.engine import Store
from tests.conftest import MovingClock
from tests.portal.asgi import call
from tests.portal.kit import GENEROUS, URL, Partner

FORM = [(b"content-type", b"application/x-www-form-urlencoded")]
PEOPLE = 200


async def press_both(app: Starlette, token: str) -> dict[str, Counter[int]]:
    """Half of the people accept and half decline, all at once: how often each was answered with which status."""
    answered: dict[str, Counter[int]] = {"accept": Counter(), "decline": Counter()}

    async def press(person: int) -> None:
        decision = ("accept", "decline")[person % 2]
        body = f"name=Person+{person}&decision={decision}".encode()
        reply = await call(app, "POST", f"/c/{token}".encode(), FORM, [body])
        answered[decision][reply.status] += 1

    async with anyio.create_task_group() as people:
        for person in range(PEOPLE):
            people.start_soon(press, person)
    return answered


async def test_two_hundred_people_at_once_decide_once(store: Store, clock: MovingClock) -> None:
    """S-5g"""
    partner = Partner(store, clock)
    token = partner.asks()
    answered = await press_both(partner.portal(), token)
    (kept,) = partner.evidence()
    won, lost = ("accept", "decline") if kept.decision == "accepted" else ("decline", "accept")
    assert answered == {won: {303: PEOPLE // 2}, lost: {409: PEOPLE // 2}}
    assert partner.status(token) == f"consent_{'received' if won == 'accept' else 'declined'}"


async def test_under_the_usual_limits_a_crowd_is_turned_away_and_it_is_decided_once(
    store: Store, clock: MovingClock
) -> None:
    partner = Partner(store, clock)
    answered = await press_both(partner.portal(rates=Rates()), partner.asks())
    statuses = answered["accept"] + answered["decline"]
    assert statuses[429] == PEOPLE - Rates().link
    assert statuses[303] + statuses[409] == Rates().link
    assert len(partner.evidence()) == 1


class _Careless:
    """Takes answers without looking again once it has the time to write them down."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self.taken: list[Decision] = []

    def question(self, _token: str) -> Question:
        return self._question

    def answer(self, _token: str, answer: Answer) -> Question:
        self.taken.append(answer.decision)
        return replace(self._question, decision=answer.decision)


async def test_the_crowd_finds_out_a_service_that_decides_more_than_once(partner: Partner, clock: MovingClock) -> None:
    token = partner.asks()
    question = partner.answers().question(token)
    assert question is not None
    careless = _Careless(question)
    app = portal_app(cast(Answers, careless), portal_url=URL, clock=clock, rates=GENEROUS)
    answered = await press_both(app, token)
    assert len(careless.taken) > 1
    assert all(answered[decision][303] for decision in answered)
