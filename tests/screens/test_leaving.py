"""What a screen still reads when it is left is for nobody any more."""

import asyncio
from threading import Event
from typing import Never

import pytest

from mci_tui.errors import NotAllowed, reason
from mci_tui.screens.referrals import ReferralsScreen
from mci_tui.services.referrals import Referrals
from tests.operator import Place


async def test_an_answer_that_comes_while_its_screen_is_going_does_no_harm(
    workspace: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answers, answered = Event(), Event(), Event()

    def slow(*_anything: object, **_more: object) -> Never:
        asked.set()
        answers.wait(10)
        answered.set()
        raise NotAllowed(reason("no_role", login="anna"))

    monkeypatch.setattr(Referrals, "counts", slow)
    monkeypatch.setattr(Referrals, "rows", slow)
    async with workspace.opened() as operator:
        with workspace.services() as services:
            for later in range(14):
                for each in (asked, answers, answered):
                    each.clear()
                await operator.app.push_screen(ReferralsScreen(services))
                await asyncio.to_thread(asked.wait, 10)
                operator.app.pop_screen()
                for _turn in range(later):
                    await asyncio.sleep(0)
                answers.set()
                answered.wait(10)
                await operator.settled()
                assert operator.where == "EngagementsScreen"
