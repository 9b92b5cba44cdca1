"""What needs an operator next, and nothing that does not (S-6, S-10)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from mci_tui.domain.claims import NextAction, Status
from mci_tui.domain.mails import State
from mci_tui.errors import NotAllowed
from mci_tui.mail.transport import Delivery, Outcome
from mci_tui.services import Services, attention
from mci_tui.services.attention import CONSENT_DAYS, SUBMISSION_DAYS, Kind
from mci_tui.store.engine import Store
from tests.conftest import MovingClock
from tests.factories import HERE, THERE, Books, guid
from tests.services.consent_kit import CLAIM, Post, claimed, configured, send_all, sending


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location()
    made.location(THERE)
    return made


@pytest.fixture
def claim(books: Books, clock: MovingClock) -> Callable[..., int]:
    """Makes a claim that was made some days ago, on an engagement of 30 days for consent and 60 for submission."""
    made = iter(range(1, 1000))
    books.engagement()

    def make(status: Status, days: int = 0, location: str = HERE) -> int:
        customer = books.customer(f"Customer {next(made)}")
        used = books.identifier(customer, value=guid(customer))
        return books.claim(1, customer, used, status, at=clock() - timedelta(days=days), location_id=location)

    return make


def listed(services: Services) -> list[tuple[str, str]]:
    """What is listed: the kind and the claim's number."""
    found = services.attention.list()
    assert services.attention.any() is bool(found.items)
    assert sum(found.counts.values()) == len(found.items)
    return [(str(item.kind), item.claim_id[-2:]) for item in found.items]


def test_nothing_needs_anybody_in_an_empty_workspace(services: Services) -> None:
    assert listed(services) == []
    assert services.attention.begins_with() == ""


def test_consent_is_looked_at_a_week_before_it_lapses(services: Services, claim: Callable[..., int]) -> None:
    """S-5a, S-10: whether the customer was asked or not"""
    claim(Status.AWAITING_CONSENT, 30 - CONSENT_DAYS)
    claim(Status.AWAITING_CONSENT, 30 - CONSENT_DAYS - 1)
    claim(Status.CUSTOMER_CLAIMED, 30)
    claim(Status.CONSENT_EXPIRED, 40)
    assert listed(services) == [("consent", "03"), ("consent", "01")]
    last, first = services.attention.list().items
    assert (last.due_on, last.days_left, last.due_what) == (date(2026, 11, 23), 0, "consent")
    assert (last.action, first.action) == (NextAction.SEND_CONSENT, NextAction.RESEND_CONSENT)
    assert first.days_left == CONSENT_DAYS
    assert services.attention.begins_with() == "attention"


def test_a_submission_is_looked_at_a_fortnight_before_it_lapses(services: Services, claim: Callable[..., int]) -> None:
    """S-5f, S-10"""
    claim(Status.CONSENT_RECEIVED, 60 - SUBMISSION_DAYS)
    claim(Status.CONSENT_RECEIVED, 60 - SUBMISSION_DAYS - 1)
    assert listed(services) == [("submission", "01")]
    assert services.attention.list().items[0].action is NextAction.SUBMIT_CLAIM


def test_what_was_handed_back_is_listed_from_the_first_day(services: Services, claim: Callable[..., int]) -> None:
    """S-6: action required, rejected, disputed; the kind that is due first stands first"""
    for status in (Status.DISPUTED, Status.ACTION_REQUIRED, Status.SUBMITTED, Status.UNDER_REVIEW, Status.APPROVED):
        claim(status)
    claim(Status.REJECTED, 5)
    assert listed(services) == [("rejected", "06"), ("disputed", "01"), ("action_required", "02")]
    assert [item.action for item in services.attention.list().items] == [
        NextAction.DISPUTE,
        NextAction.SUBMIT_CLAIM,
        NextAction.SUBMIT_CLAIM,
    ]


def test_only_what_lies_at_a_granted_location_is_listed(
    services: Services, books: Books, claim: Callable[..., int], as_operator: Callable[[str], Services]
) -> None:
    """S-1b, S-1d"""
    claim(Status.REJECTED, location=HERE)
    claim(Status.REJECTED, location=THERE)
    books.grant("ulla", "incentives_user", THERE)
    books.grant("vera", "viewer")
    books.grant("rita", "referrals_admin")
    assert [number for _kind, number in listed(services)] == ["01", "02"]
    assert [number for _kind, number in listed(as_operator("ulla"))] == ["02"]
    assert listed(as_operator("vera")) == []
    assert as_operator("vera").attention.begins_with() == ""
    assert listed(as_operator("rita")) == []
    assert as_operator("rita").attention.begins_with() == "referrals"
    with pytest.raises(NotAllowed):
        as_operator("stranger").attention.list()


def test_of_many_the_most_urgent_ones_are_listed_and_all_are_counted(
    services: Services, claim: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attention, "LIMIT", 2)
    for days in (1, 3, 2, 0):
        claim(Status.REJECTED, days)
    found = services.attention.list()
    assert [item.claim_id[-2:] for item in found.items] == ["02", "03"]
    assert found.counts[Kind.REJECTED] == 4


def test_a_mail_that_did_not_arrive_is_listed_until_another_follows(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-5e"""
    configured(services)
    claimed(books)
    services.consent.send(sending(services))
    assert listed(services) == []
    send_all(services, Post([Delivery(Outcome.REFUSED, "550 no such user")]))
    assert listed(services) == [("mail", "01")]
    (item,) = services.attention.list().items
    assert (item.claim_id, item.message_id) == (CLAIM, services.mails.rows()[0].message_id)
    clock.passes(days=2)
    services.consent.remind(services.consent.remind_start(CLAIM))
    assert listed(services) == []


def test_a_mail_that_is_tried_again_by_itself_needs_nobody(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-5e: nor does one whose claim has ended"""
    configured(services)
    claimed(books)
    services.consent.send(sending(services))
    unknown = Delivery(Outcome.UNKNOWN, "cut off")
    send_all(services, Post([unknown]))
    assert listed(services) == []
    clock.passes(hours=1)
    send_all(services, Post([unknown]))
    assert listed(services) == [("mail", "01")]
    services.deciding.cancel(CLAIM, "not theirs any more")
    assert listed(services) == []


def test_a_mail_that_failed_needs_nobody_once_its_claim_has_ended(services: Services, books: Books) -> None:
    """S-5e: it stays Failed, as it was"""
    configured(services)
    claimed(books)
    services.consent.send(sending(services))
    send_all(services, Post([Delivery(Outcome.REFUSED, "550 no such user")]))
    services.deciding.cancel(CLAIM, "not theirs any more")
    assert [mail.state for mail in services.mails.rows()] == [State.FAILED]
    assert listed(services) == []
