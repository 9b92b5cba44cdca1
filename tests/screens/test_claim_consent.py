"""What a claim's page says of its mails and of the customer's answer."""

import pytest

from mci_tui.domain.consent import Decision, Recorded
from mci_tui.mail.transport import Delivery, Outcome
from mci_tui.services.answers import Answer
from tests.operator import WIDE, Operator, Place
from tests.stories.asking import AWAITING, CLAIMED, asks, leased, reminds, set_up_mail
from tests.stories.projects import finds


@pytest.fixture
def desk(workspace: Place) -> Place:
    """A workspace in which one customer was asked, and has the mail."""
    set_up_mail(workspace)
    return workspace


def answers(desk: Place, decision: Decision) -> None:
    """The customer answers by the link in the mail."""
    with desk.services() as services:
        asks(services)
        lease = leased(services)
        services.outbox.settle(lease, Delivery(Outcome.SENT, "250 2.0.0 queued"))
        desk.clock.passes(hours=2)
        answer = Answer(decision, "Anna Bianchi", "Head of IT", "no budget", "203.0.113.7", "Browser")
        assert services.answers.answer(lease.link.rpartition("/")[2], answer)


async def opens_the_claim(operator: Operator, tabs: int = 0) -> None:
    """The claim's page, its end."""
    await operator.opens("Threat")
    await operator.presses(*["right"] * tabs, "slash")
    await operator.types("000311")
    await operator.presses("enter", "o", "end")


async def test_an_answer_given_online_stands_with_what_proves_it(desk: Place) -> None:
    """S-5f, S-5g, S-6d"""
    answers(desk, Decision.ACCEPTED)
    async with desk.opened(size=WIDE) as operator:
        await opens_the_claim(operator)
        operator.sees("Decision ✓ Accepted", "By Anna Bianchi · Head of IT", "When 23 Nov 2026, 12:30")
        operator.sees("How online, on the page behind the link", "From 203.0.113.7", "Reason no budget")
        operator.sees("Text agreed to version 1, SHA-256")
        operator.sees("✓ Sent · request for consent · anna.bianchi@oneill.example.com · 250 2.0.0 queued")
        operator.sees("system: mail sent", "customer: accepted · Awaiting consent → Consent received")


async def test_a_refusal_stands_with_its_reason_in_the_history(desk: Place) -> None:
    """S-5f, S-2f: the claim has left the page and is opened from the Mail screen"""
    answers(desk, Decision.DECLINED)
    async with desk.opened(size=WIDE) as operator:
        await operator.presses("M", "right", "right", "o", "end")
        operator.sees("Decision ✗ Declined", "customer: declined · Awaiting consent → Declined no budget")


async def test_a_recorded_answer_is_told_from_one_given_online(desk: Place) -> None:
    """S-5h"""
    with desk.services() as services:
        asks(services)
        services.consent.record(Recorded(CLAIMED, "accepted", "Anna Bianchi", "by telephone", "2026-11-23", "at 15:00"))
    async with desk.opened(size=WIDE) as operator:
        await opens_the_claim(operator)
        operator.sees("By Anna Bianchi", "How by telephone, recorded by mrossi", "Note at 15:00")
        operator.sees(
            "– Not sent any more · request for consent",
            "mrossi: acceptance recorded · Awaiting consent → Consent received",
        )
        operator.does_not_see("online", "Text agreed to", "From")


async def test_all_mails_of_a_claim_are_read_one_below_the_other_the_latest_first(desk: Place) -> None:
    """S-6d"""
    with desk.services() as services:
        reminds(services)
        services.outbox.settle(leased(services), Delivery(Outcome.REFUSED, "550 no such user"))
        desk.clock.passes(days=2)
        reminds(services, "bea@aurelia.example.com")
    async with desk.opened(size=WIDE) as operator:
        await finds(operator, "Threat", "aurelia")
        await operator.presses("o", "end")
        operator.sees("▲ Failed · request for consent · anna.bianchi@aurelia.example.com · 550 no such user")
        operator.sees("mrossi: customer reminded", "system: mail failed 550 no such user")
        operator.sees(
            "mrossi: customer asked at another address · contact's address anna.bianchi@aurelia.example.com →"
        )
        await operator.presses("m")
        operator.sees("Request for consent · 25 Nov 2026, 10:30", "To Anna Bianchi · bea@aurelia.example.com")
        await operator.presses("end")
        operator.does_not_see("bea@")
        await operator.presses(*["up"] * 6)
        operator.sees("Request for consent · 23 Nov 2026, 10:30", "The server said 550 no such user")


async def test_a_claim_without_mails_has_none_to_read(desk: Place) -> None:
    async with desk.opened() as operator:
        await finds(operator, "Threat", AWAITING)
        await operator.presses("o", "m")
        assert operator.where == "ClaimScreen"
        operator.does_not_see("Mails", "Answer")
