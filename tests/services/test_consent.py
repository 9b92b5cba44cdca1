"""Asking a customer for consent: what is refused, what is frozen, what waits in the outbox (S-5)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from mci_tui.domain.claims import Status
from mci_tui.domain.consent import YES, Decision, Recorded
from mci_tui.domain.mails import Kind, State
from mci_tui.errors import Invalid, NotAllowed, NotFound, Refused, reason
from mci_tui.mail.letters import MASK
from mci_tui.mail.transport import Delivery, Outcome
from mci_tui.services import Services
from mci_tui.services.answers import Answer
from mci_tui.store.engine import Store
from mci_tui.store.schema import claims, history, mails
from mci_tui.words import say
from tests.conftest import LOGIN, MovingClock
from tests.factories import HERE, THERE, Books
from tests.services.consent_kit import ADDRESS, CLAIM, Post, claimed, configured, send_all, sending, token_in


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location()
    return made


@pytest.fixture
def asked(services: Services, books: Books) -> Services:
    """A claim whose customer has been asked, by a mail that was sent."""
    claimed(books)
    configured(services)
    services.consent.send(sending(services))
    send_all(services, Post())
    return services


def test_the_claim_awaits_an_answer_and_one_mail_waits_to_be_sent(services: Services, books: Books) -> None:
    """S-5b, S-5c, S-5d"""
    claimed(books)
    configured(services)
    claim = services.consent.send(sending(services))
    assert (claim.status, claim.deal_size_usd) == (Status.AWAITING_CONSENT, 2_500_050)
    (mail,) = services.mails.rows()
    assert (mail.claim_id, mail.to, mail.kind, mail.state) == (CLAIM, ADDRESS, Kind.CONSENT, State.WAITING)
    assert MASK in mail.text
    (line,) = [line for line in services.claims.show(CLAIM).history if line.what == "sent"]
    assert line.who == LOGIN
    assert line.changes["deal_size"] == [None, "25000.50"]


def test_the_letter_of_the_review_is_the_one_that_is_kept(services: Services, books: Books) -> None:
    """S-5d"""
    claimed(books)
    configured(services)
    review = services.consent.review(sending(services))
    services.consent.send(sending(services))
    (mail,) = services.mails.rows()
    assert (mail.subject, mail.text) == (review.letter.subject, review.letter.text)
    assert review.kind is Kind.CONSENT


def test_the_deadline_is_that_of_the_claim_however_late_the_customer_is_asked(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-5a, S-5e"""
    claimed(books)
    configured(services)
    due = services.claims.show(CLAIM).claim.consent_due_on
    clock.passes(days=20)
    services.consent.send(sending(services))
    send_all(services, Post())
    clock.passes(days=2)
    assert services.consent.remind(services.consent.remind_start(CLAIM)).consent_due_on == due
    clock.passes(days=10)
    assert services.claims.show(CLAIM).claim.status is Status.CONSENT_EXPIRED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"deal_size": ""}, "deal_size"),
        ({"deal_size": "0"}, "deal_size"),
        ({"deal_size": "25,000"}, "deal_size"),
        ({"deal_size": "10000000000"}, "deal_size"),
        ({"deal_size": "1.001"}, "deal_size"),
        ({"disclaimer": ()}, "disclaimer"),
        ({"contact_email": "anna@"}, "contact_email"),
        ({"contact_email": "anna@sales.partner.example"}, "contact_email"),
        ({"contact_email": "anna@gmail.com"}, "unusual"),
        ({"contact_email": "info@corvara.example.com"}, "unusual"),
        ({"contact_name": " "}, "contact_name"),
        ({"partner_email": ""}, "partner_email"),
    ],
)
def test_what_is_wrong_is_said_of_its_field_and_nothing_is_written(
    services: Services, books: Books, changes: dict[str, Any], field: str
) -> None:
    """S-5b, S-5c, S-5d"""
    claimed(books)
    configured(services)
    with pytest.raises(Invalid) as refused:
        services.consent.send(sending(services, **changes))
    assert refused.value.problems.keys() == {field}
    assert services.mails.rows() == []
    assert services.claims.show(CLAIM).claim.status is Status.CUSTOMER_CLAIMED


def test_an_unusual_address_that_is_confirmed_is_taken(services: Services, books: Books) -> None:
    """S-5b"""
    claimed(books)
    configured(services)
    draft = sending(services, contact_email="anna@gmail.com", unusual=(YES,))
    assert [remark.code for remark in services.consent.review(draft).remarks] == ["free_mail"]
    assert services.consent.send(draft).contact_email == "anna@gmail.com"


@pytest.mark.parametrize("key", ["mail_from", "portal_url", "partner_name"])
def test_a_missing_setting_is_named(services: Services, books: Books, key: str) -> None:
    """S-5d"""
    claimed(books)
    configured(services, **{key: ""})
    with pytest.raises(Refused) as refused:
        services.consent.send(sending(services))
    assert (refused.value.code, refused.value.why.params["key"]) == ("not_configured", key)


def test_a_claim_nominated_by_a_tenant_that_is_not_the_addresses_needs_a_reason(
    services: Services, books: Books
) -> None:
    """S-3e"""
    offer, customer = books.engagement(), books.customer()
    contact: dict[str, Any] = {
        "contact_name": "Anna",
        "contact_email": ADDRESS,
        "partner_name": "M",
        "partner_email": "m@p.example.com",
    }
    books.claim(offer, customer, books.identifier(customer), **contact)
    configured(services)
    with pytest.raises(Refused) as refused:
        services.consent.send(sending(services))
    assert (refused.value.code, set(refused.value.problems)) == ("reason_required", {"reason"})
    services.consent.send(sending(services, reason="The parent company signs"))
    assert services.claims.show(CLAIM).claim.reason == "The parent company signs"


def test_the_deal_size_cannot_be_changed_once_sent_not_even_by_sql(asked: Services, store: Store) -> None:
    """S-5c"""
    with pytest.raises(Refused) as refused:
        asked.consent.send(sending(asked, deal_size="1"))
    assert refused.value.code == "wrong_state"
    with pytest.raises(DatabaseError, match="frozen: deal_size"), store.write() as tx:
        tx.execute(update(claims).values(deal_size=100))
    with store.read() as tx:
        assert tx.scalar(select(claims.c.deal_size)) == 2_500_050


def test_the_deal_size_moves_neither_eligibility_nor_payout(services: Services, books: Books) -> None:
    """S-5c"""
    claimed(books)
    configured(services)
    before = services.claims.show(CLAIM).claim
    after = services.consent.send(sending(services, deal_size="9999999999.99"))
    assert (after.proposed_payout_usd, after.on_page) == (before.proposed_payout_usd, before.on_page)


def test_only_whoever_is_granted_the_location_asks(
    services: Services, books: Books, as_operator: Callable[[str], Services], store: Store
) -> None:
    """S-1d"""
    claimed(books)
    configured(services)
    books.location(THERE)
    books.grant("elsewhere", "incentives_user", THERE)
    books.grant("looks", "viewer")
    for login in ("elsewhere", "looks"):
        with pytest.raises(NotAllowed):
            as_operator(login).consent.send(sending(services))
    assert services.mails.rows() == []
    with store.read() as tx:
        told = tx.scalars(select(history.c.who).where(history.c.what == "refused"))
        assert list(told) == ["elsewhere", "looks"]
    books.grant("here", "incentives_user", HERE)
    assert as_operator("here").consent.send(sending(services)).status is Status.AWAITING_CONSENT


def test_a_reminder_is_one_mail_more_at_most_one_a_day_and_five_a_claim(asked: Services, clock: MovingClock) -> None:
    """S-5e"""
    reminder = asked.consent.remind_start(CLAIM)
    clock.passes(hours=23, minutes=59)
    with pytest.raises(Refused) as refused:
        asked.consent.remind(reminder)
    assert refused.value.code == "too_soon"
    assert "again from 24 Nov 2026, 10:30" in say(refused.value.why)
    for _number in range(5):
        clock.passes(hours=24)
        asked.consent.remind(reminder)
    clock.passes(hours=24)
    with pytest.raises(Refused) as refused:
        asked.consent.remind(reminder)
    assert refused.value.code == "too_many"
    assert [mail.kind for mail in asked.mails.rows()] == [Kind.REMINDER] * 5 + [Kind.CONSENT]


def test_the_limits_of_reminders_are_the_workspaces(asked: Services, clock: MovingClock) -> None:
    """S-5e"""
    asked.settings.set("reminder_hours", "2")
    asked.settings.set("max_reminders", "1")
    reminder = asked.consent.remind_start(CLAIM)
    clock.passes(hours=2)
    asked.consent.remind(reminder)
    clock.passes(hours=2)
    with pytest.raises(Refused) as refused:
        asked.consent.remind(reminder)
    assert refused.value.code == "too_many"


def test_earlier_links_stay_good_beside_a_reminders(services: Services, books: Books, clock: MovingClock) -> None:
    """S-5e"""
    claimed(books)
    configured(services)
    post = Post()
    services.consent.send(sending(services))
    send_all(services, post)
    clock.passes(days=1)
    services.consent.remind(services.consent.remind_start(CLAIM))
    send_all(services, post)
    first, second = map(token_in, post.taken)
    assert first != second
    assert services.answers.question(first) == services.answers.question(second) is not None


def test_another_address_makes_every_earlier_link_void_and_asks_anew(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-5e"""
    claimed(books)
    configured(services)
    post = Post()
    services.consent.send(sending(services))
    send_all(services, post)
    moved = replace(services.consent.remind_start(CLAIM), contact_email="carla@corvara.example.com")
    assert services.consent.review(moved).new_address
    claim = services.consent.remind(moved)
    assert (claim.contact_email, claim.deal_size_usd) == ("carla@corvara.example.com", 2_500_050)
    send_all(services, post)
    first, second = map(token_in, post.taken)
    assert services.answers.question(first) is None
    assert services.answers.answer(first, Answer(Decision.ACCEPTED, "Anna")) is None
    assert services.answers.question(second) is not None
    assert services.mails.rows()[0].kind is Kind.CONSENT


def test_an_address_that_a_colleague_has_changed_meanwhile_is_not_put_back(asked: Services, clock: MovingClock) -> None:
    """S-5e"""
    begun = asked.consent.remind_start(CLAIM)
    asked.consent.remind(replace(begun, contact_email="carla@corvara.example.com"))
    clock.passes(days=2)
    for draft in (begun, replace(begun, contact_email="dora@corvara.example.com")):
        with pytest.raises(Refused) as refused:
            asked.consent.remind(draft)
        assert refused.value.code == "stale"
        assert refused.value.why == reason("address_changed", address="carla@corvara.example.com")
    assert asked.claims.show(CLAIM).claim.contact_email == "carla@corvara.example.com"
    asked.consent.remind(replace(begun, contact_email="carla@corvara.example.com"))


def test_a_mail_that_still_waits_is_not_sent_to_an_address_that_was_changed(services: Services, books: Books) -> None:
    """S-5e"""
    claimed(books)
    configured(services)
    services.consent.send(sending(services))
    services.consent.remind(replace(services.consent.remind_start(CLAIM), contact_email="carla@corvara.example.com"))
    post = Post()
    send_all(services, post)
    assert [message["To"].addresses[0].addr_spec for message in post.taken] == ["carla@corvara.example.com"]
    assert [mail.state for mail in services.mails.rows()] == [State.SENT, State.CANCELLED]


def test_a_failed_mail_does_not_count_against_the_next(services: Services, books: Books) -> None:
    """S-5e"""
    claimed(books)
    configured(services)
    services.consent.send(sending(services))
    send_all(services, Post([Delivery(Outcome.REFUSED, "550 no such user")]))
    services.consent.remind(services.consent.remind_start(CLAIM))
    assert [(mail.state, mail.kind) for mail in services.mails.rows()] == [
        (State.WAITING, Kind.CONSENT),  # nobody is reminded of what never reached them
        (State.FAILED, Kind.CONSENT),
    ]


def test_several_are_reminded_each_for_itself(services: Services, books: Books, clock: MovingClock) -> None:
    """S-5e"""
    claimed(books, Status.AWAITING_CONSENT)
    configured(services)
    other = books.customer("Bergamo Dati")
    books.claim(1, other, books.identifier(other, "tpid", "654321"))
    results = services.consent.remind_all([CLAIM, "CLM-000002", "CLM-000099"])
    assert [(each.claim_id, each.refused is None) for each in results] == [
        (CLAIM, True),
        ("CLM-000002", False),
        ("CLM-000099", False),
    ]
    assert [mail.claim_id for mail in services.mails.rows()] == [CLAIM]


def test_a_claim_that_names_nobody_of_the_partner_gets_the_operator(services: Services, books: Books) -> None:
    """S-3g, S-5e"""
    claimed(books, Status.AWAITING_CONSENT, partner_name="", partner_email="")
    configured(services)
    (reminded,) = services.consent.remind_all([CLAIM])
    assert reminded.refused is None
    assert services.claims.show(CLAIM).claim.partner_email == "m.rossi@partner.example"


def test_a_claim_brought_along_gets_its_first_link_with_the_next_resend(services: Services, books: Books) -> None:
    """S-5e, S-11a"""
    claimed(books, Status.AWAITING_CONSENT)
    configured(services)
    services.consent.remind(services.consent.remind_start(CLAIM))
    (mail,) = services.mails.rows()
    assert mail.kind is Kind.CONSENT


def test_an_answer_that_came_another_way_is_recorded_and_marked_so(asked: Services) -> None:
    """S-5h"""
    claim = asked.consent.record(Recorded(CLAIM, "accepted", "Anna Bianchi", "by phone", "2026-11-23", "Call 14:05"))
    assert (claim.status, claim.answer_given_by) == (Status.CONSENT_RECEIVED, f"Anna Bianchi (recorded by {LOGIN})")
    page = asked.claims.show(CLAIM)
    assert page.answer is not None
    assert (page.answer.recorded_by, page.answer.how, page.answer.address) == (LOGIN, "by phone", "")
    assert page.history[-1].what == "accepted_recorded"


def test_the_clocks_of_a_recorded_answer_start_on_the_day_it_was_given(asked: Services, clock: MovingClock) -> None:
    """S-5f, S-5h, S-10"""
    clock.passes(days=5)
    claim = asked.consent.record(Recorded(CLAIM, "accepted", "Anna", "letter", "2026-11-25", "Ref. 7"))
    assert claim.submit_due_on is not None
    assert (claim.submit_due_on - timedelta(days=60)).isoformat() == "2026-11-25"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decision": "maybe"}, "decision"),
        ({"who": " "}, "who"),
        ({"how": ""}, "how"),
        ({"note": ""}, "note"),
        ({"on": ""}, "on"),
        ({"on": "2026-11-24"}, "on"),
        ({"on": "2026-11-22"}, "on"),
        ({"on": "yesterday"}, "on"),
    ],
)
def test_an_answer_without_its_evidence_is_not_recorded(asked: Services, changes: dict[str, str], field: str) -> None:
    """S-5h"""
    with pytest.raises(Invalid) as refused:
        asked.consent.record(replace(Recorded(CLAIM, "declined", "A", "phone", "2026-11-23", "n"), **changes))
    assert refused.value.problems.keys() == {field}
    assert asked.claims.show(CLAIM).claim.status is Status.AWAITING_CONSENT


def test_all_that_is_wrong_with_an_answer_is_said_at_once(asked: Services) -> None:
    """S-5h"""
    with pytest.raises(Invalid) as refused:
        asked.consent.record(Recorded(CLAIM, "", " ", "", "2026-11-22", ""))
    assert {field: why.code for field, why in refused.value.problems.items()} == {
        "decision": "choose",
        "who": "required",
        "how": "required",
        "on": "answer_before_asked",
        "note": "required",
    }


def test_answers_are_recorded_by_admins_and_where_the_workspace_takes_them(
    asked: Services, books: Books, as_operator: Callable[[str], Services]
) -> None:
    """S-1d, S-5h"""
    answer = Recorded(CLAIM, "accepted", "Anna", "phone", "2026-11-23", "n")
    books.grant("user", "incentives_user")
    user = as_operator("user").consent
    assert asked.consent.record_start(CLAIM) == Recorded(CLAIM, "", "", "", "2026-11-23", "")
    for attempt in (lambda: user.record(answer), lambda: user.record_start(CLAIM)):
        with pytest.raises(NotAllowed):
            attempt()
    asked.settings.set("allow_recorded_answers", "false")
    for attempt in (lambda: asked.consent.record(answer), lambda: asked.consent.record_start(CLAIM)):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.why.code == "recorded_answers_off"
    asked.settings.set("allow_recorded_answers", "true")
    asked.consent.record(answer)
    with pytest.raises(Refused) as refused:
        asked.consent.record_start(CLAIM)
    assert refused.value.why.code == "wrong_state"


def test_nobody_is_asked_about_a_claim_that_is_not_there(services: Services) -> None:
    for call in (services.consent.start, services.consent.remind_start):
        with pytest.raises(NotFound):
            call("CLM-000404")


def test_what_a_mail_says_cannot_be_rewritten(asked: Services, store: Store) -> None:
    with pytest.raises(DatabaseError, match="message_id"), store.write() as tx:
        tx.execute(update(mails).values(message_id="<other@partner.example>"))
