"""The Mail screen: what waits, what failed and why, what was sent, and sending one again."""

import pytest

from mci_tui.domain.mails import State
from mci_tui.mail.transport import Delivery, Outcome
from tests.operator import SMALL, WIDE, Operator, Place
from tests.stories.asking import AWAITING, CLAIMED, asks, leased, reminds, set_up_mail

REFUSED = Delivery(Outcome.REFUSED, "550 5.1.1 no such user here")
LATER = Delivery(Outcome.LATER, "451 4.7.1 greylisted, come back")
UNKNOWN = Delivery(Outcome.UNKNOWN, "")
PAUSED = Delivery(Outcome.PAUSED, "535 5.7.8 wrong password")
SENT = Delivery(Outcome.SENT, "250 2.0.0 queued")


@pytest.fixture
def desk(workspace: Place) -> Place:
    """A workspace in which one customer was asked."""
    set_up_mail(workspace)
    with workspace.services() as services:
        asks(services)
    return workspace


def hands_over(desk: Place, delivery: Delivery, *, times: int = 1) -> None:
    """A sender tries the mail that is due, and it ends like this."""
    with desk.services() as services:
        for _time in range(times):
            services.outbox.settle(leased(services), delivery)
            desk.clock.passes(hours=1)


async def mail_screen(operator: Operator, tabs: int = 0) -> None:
    """From the first screen to a tab of the Mail screen."""
    await operator.presses("M", *["right"] * tabs)


@pytest.mark.parametrize(
    ("delivery", "times", "tab", "state", "words"),
    [
        (
            LATER,
            2,
            0,
            "○ Waiting",
            ("The server said: 451 4.7.1 greylisted, come back", "Attempts so far: 2. The next"),
        ),
        (PAUSED, 1, 0, "○ Waiting", ("The server said: 535 5.7.8 wrong password", "its settings of [mail] have to be")),
        (
            REFUSED,
            1,
            1,
            "▲ Failed",
            ("The server said: 550 5.1.1 no such user here", "Correct the address with “Resend"),
        ),
        (UNKNOWN, 1, 1, "△ Not known", ("it is sent once more, as the same message, on 23 Nov 2026, 11:00.",)),
        (UNKNOWN, 2, 1, "△ Not known", ("The line broke each time it was handed over: ask the customer",)),
        (SENT, 1, 2, "✓ Sent", ("The server said: 250 2.0.0 queued",)),
    ],
    ids=("later", "paused", "refused", "unknown", "unknown-twice", "sent"),
)
async def test_every_mail_says_how_far_it_got_what_the_server_said_and_what_to_do(
    delivery: Delivery, times: int, tab: int, state: str, words: tuple[str, ...], desk: Place
) -> None:
    hands_over(desk, delivery, times=times)
    async with desk.opened() as operator:
        await mail_screen(operator, tab)
        assert operator.row("anna.bianchi@oneill").endswith(f"{CLAIMED} request {state} 23 Nov, 10:30")
        operator.sees("Anna Bianchi · anna.bianchi@oneill.example.com", "O'Neill & Sons · Threat", *words)


async def test_a_mail_that_failed_is_sent_again_and_waits_as_it_is(desk: Place) -> None:
    hands_over(desk, REFUSED)
    with desk.services() as services:
        (before,) = services.mails.rows()
    async with desk.opened() as operator:
        await mail_screen(operator, 1)
        operator.sees("Waiting 0 Failed 1 Sent 0")
        await operator.presses("t")
        assert operator.told() == ["The mail to anna.bianchi@oneill.example.com waits to be sent again."]
        operator.sees("Nothing has failed.", "Waiting 1 Failed 0 Sent 0", "1 mail waits for mci-tui work.")
    with desk.services() as services:
        (mail,) = services.mails.rows()
        assert (mail.state, mail.message_id) == (State.WAITING, before.message_id)


async def test_a_mail_that_was_sent_meanwhile_is_not_sent_again_and_the_screen_says_why(desk: Place) -> None:
    async with desk.opened() as operator:
        await mail_screen(operator)
        hands_over(desk, SENT)
        await operator.presses("t")
        assert operator.told() == ["This mail is “Sent” or no longer wanted: there is nothing to send again."]
        operator.sees("Waiting 0 Failed 0 Sent 1", "Nothing waits to be sent.")
        await operator.presses("right", "right", "t")
        assert len(operator.told()) == 1


async def test_the_kept_copy_is_read_its_link_masked_and_the_claim_opened(desk: Place) -> None:
    """S-5g, S-6d"""
    async with desk.opened(size=WIDE) as operator:
        await mail_screen(operator)
        await operator.presses("enter")
        operator.sees("Request for consent · 23 Nov 2026, 10:30", "State ○ Waiting", "Written by mrossi")
        operator.sees("Meridiana Cloud asks for your consent: Threat Protection Engagement", "Dear Anna Bianchi,")
        await operator.presses("end")
        operator.sees("https://…/c/••••••••")
        operator.does_not_see("consent.partner.example")
        await operator.presses("escape", "o")
        assert operator.where == "ClaimScreen"
        operator.sees(CLAIMED)


async def test_what_others_send_moves_from_tab_to_tab_and_a_filter_narrows_each(desk: Place) -> None:
    with desk.services() as services:
        reminds(services)
    async with desk.opened(size=SMALL) as operator:
        await mail_screen(operator)
        assert [row.split()[1] for row in operator.rows()] == [AWAITING, CLAIMED]
        await operator.presses("slash")
        await operator.types("oneill")
        assert [row.split()[1] for row in operator.rows()] == [CLAIMED]
        operator.sees("Waiting 2", "1 of 1")
        hands_over(desk, SENT)
        await operator.presses("enter", "r")
        operator.sees("Waiting 1 Failed 0 Sent 1", "Nothing matches the filter.")


@pytest.mark.parametrize(
    ("sends", "there", "words"),
    [
        (True, 1, "This session sends what waits."),
        (False, 1, "1 mail waits for mci-tui work."),
        (False, 0, "Mails are sent by mci-tui work."),
    ],
)
async def test_on_top_stands_who_sends(sends: bool, there: int, words: str, desk: Place) -> None:
    if not there:
        hands_over(desk, SENT)
    async with desk.opened() as operator:
        operator.app._send = (lambda *_args: None) if sends else None
        await mail_screen(operator)
        operator.sees(f"MCI › Mail {words}")


async def test_a_mail_in_a_senders_hands_is_left_to_it(desk: Place) -> None:
    with desk.services() as services:
        leased(services)
    async with desk.opened() as operator:
        await mail_screen(operator)
        operator.sees("◔ Being sent", "It is being handed over.")
        await operator.presses("t")
        assert operator.told() == []
