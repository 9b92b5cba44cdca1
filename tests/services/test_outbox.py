"""The outbox: a mail is sent once, or said to have failed; never to somebody who is not to be asked any more (S-5d)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select

from mci_tui.domain.claims import Status
from mci_tui.domain.consent import Decision
from mci_tui.domain.mails import DOUBT, LEASE, State
from mci_tui.errors import NotAllowed, NotFound, Refused
from mci_tui.mail.letters import MASK
from mci_tui.mail.transport import Delivery, Outcome
from mci_tui.services import Services
from mci_tui.services.answers import Answer
from mci_tui.services.mails import Mail
from mci_tui.services.sending import Handled, Sender
from mci_tui.store.engine import Store
from mci_tui.store.schema import mails, tokens
from tests.conftest import MovingClock
from tests.factories import Books
from tests.services.consent_kit import ADDRESS, CLAIM, Post, claimed, configured, send_all, sending, token_in

LATER = Delivery(Outcome.LATER, "451 try again later")
REFUSED = Delivery(Outcome.REFUSED, "550 no such user here")
PAUSED = Delivery(Outcome.PAUSED, "535 wrong password")
UNKNOWN = Delivery(Outcome.UNKNOWN, "cut off")


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location()
    return made


@pytest.fixture
def waiting(services: Services, books: Books) -> Services:
    """One mail waits to be sent."""
    claimed(books)
    configured(services)
    services.consent.send(sending(services))
    return services


def mail_of(services: Services) -> Mail:
    (mail,) = services.mails.rows()
    return mail


def test_what_is_sent_has_the_link_and_what_is_kept_has_it_masked(waiting: Services, clock: MovingClock) -> None:
    """S-5g"""
    post = Post()
    (handled,) = send_all(waiting, post)
    mail = mail_of(waiting)
    assert (handled.outcome, mail.state, mail.sent_at) == (Outcome.SENT, State.SENT, clock())
    assert post.links[0].startswith("https://consent.partner.example/c/")
    assert len(token_in(post.taken[0])) == 43
    assert MASK in mail.text
    assert token_in(post.taken[0]) not in mail.text
    assert post.taken[0]["Message-ID"] == mail.message_id
    assert post.taken[0]["Reply-To"] == "m.rossi@partner.example"
    assert waiting.claims.show(CLAIM).history[-1].what == "mailed"
    assert send_all(waiting, post) == []


def test_a_refusal_for_now_is_tried_again_later_and_longer_each_time(waiting: Services, clock: MovingClock) -> None:
    post = Post([LATER] * 4)
    waits = []
    for _number in range(4):
        send_all(waiting, post)
        again = mail_of(waiting).next_at
        assert again is not None
        waits.append((again - clock()) / timedelta(minutes=1))
        clock.now = again
    for wait, minutes in zip(waits, (1, 5, 15, 30), strict=True):
        assert 0.8 * minutes <= wait <= 1.2 * minutes
    assert mail_of(waiting).server_said == "451 try again later"
    send_all(waiting, post)
    assert (mail_of(waiting).state, mail_of(waiting).attempts) == (State.SENT, 5)
    assert len(post.taken) == 1


def test_a_server_that_is_down_for_hours_costs_few_attempts_and_no_mail(waiting: Services, clock: MovingClock) -> None:
    post = Post([LATER] * 100)
    back = clock() + timedelta(hours=3)
    while clock() < back:
        send_all(waiting, post)
        clock.passes(minutes=1)
    assert mail_of(waiting).attempts <= 8
    post.script.clear()
    clock.passes(hours=2)
    send_all(waiting, post)
    assert mail_of(waiting).state is State.SENT


def test_a_refusal_for_good_is_shown_with_the_servers_words_until_somebody_retries(waiting: Services) -> None:
    post = Post([REFUSED])
    send_all(waiting, post)
    mail = mail_of(waiting)
    assert (mail.state, mail.server_said, mail.next_at) == (State.FAILED, "550 no such user here", None)
    assert send_all(waiting, post) == []
    again = waiting.mails.retry(mail.message_id.strip("<>"))
    assert (again.state, again.message_id) == (State.WAITING, mail.message_id)
    send_all(waiting, post)
    assert mail_of(waiting).state is State.SENT
    assert [line.what for line in waiting.claims.show(CLAIM).history][-3:] == ["mail_failed", "mail_retried", "mailed"]


def test_a_wrong_password_is_the_senders_trouble_and_counts_as_no_attempt(waiting: Services) -> None:
    sender = Sender(waiting.outbox, Post([PAUSED]), "tests")
    handled = sender.once()
    assert handled is not None
    assert (handled.outcome, handled.said) == (Outcome.PAUSED, "535 wrong password")
    assert (mail_of(waiting).state, mail_of(waiting).attempts) == (State.WAITING, 0)
    sent = sender.once()
    assert sent is not None
    assert sent.outcome is Outcome.SENT


def test_a_cut_after_the_text_waits_before_the_one_retry_under_the_same_message_id(
    waiting: Services, clock: MovingClock
) -> None:
    post = Post([UNKNOWN, UNKNOWN])
    send_all(waiting, post)
    assert (mail_of(waiting).state, mail_of(waiting).next_at) == (State.UNKNOWN, clock() + DOUBT)
    assert send_all(waiting, post) == []
    clock.passes(minutes=30)
    send_all(waiting, post)
    assert (mail_of(waiting).state, mail_of(waiting).next_at) == (State.UNKNOWN, None)
    clock.passes(days=2)
    assert send_all(waiting, post) == []
    first, second = post.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert all(waiting.answers.question(token_in(message)) for message in post.taken)


@pytest.mark.parametrize("handed", [False, True])
def test_a_mail_whose_sender_was_killed_is_taken_over_when_the_lease_ends(
    waiting: Services, clock: MovingClock, handed: bool
) -> None:
    lease = waiting.outbox.lease("killed")
    assert lease is not None
    if handed:
        assert waiting.outbox.cleared(lease)
    post = Post()
    assert send_all(waiting, post) == []
    clock.passes(seconds=LEASE.total_seconds())
    send_all(waiting, post)
    if handed:  # the text may have arrived: nobody knows
        assert mail_of(waiting).state is State.UNKNOWN
        clock.passes(seconds=DOUBT.total_seconds())
        send_all(waiting, post)
    assert (mail_of(waiting).state, len(post.taken)) == (State.SENT, 1)


def test_whoever_has_lost_the_lease_may_not_hand_the_text_over(waiting: Services, clock: MovingClock) -> None:
    lost = waiting.outbox.lease("slow")
    assert lost is not None
    clock.passes(seconds=LEASE.total_seconds())
    assert not waiting.outbox.cleared(lost)
    send_all(waiting, Post())
    waiting.outbox.settle(lost, LATER)
    assert mail_of(waiting).state is State.SENT


@pytest.mark.parametrize("meanwhile", ["answered", "lapsed", "readdressed"])
def test_the_claim_is_looked_at_again_before_the_text_is_handed_over(
    waiting: Services, clock: MovingClock, meanwhile: str
) -> None:
    """S-5e, S-6a"""
    first = Post()
    send_all(waiting, first)
    clock.passes(days=1)
    waiting.consent.remind(waiting.consent.remind_start(CLAIM))

    def happens() -> None:
        if meanwhile == "answered":
            waiting.answers.answer(token_in(first.taken[0]), Answer(Decision.ACCEPTED, "Anna"))
        elif meanwhile == "lapsed":
            clock.passes(days=40)
        else:
            draft = waiting.consent.remind_start(CLAIM)
            waiting.consent.remind(replace(draft, contact_email="carla@corvara.example.com"))

    post = Post([Delivery(Outcome.SENT, "250 OK")], before_data=happens)
    handled = Sender(waiting.outbox, post, "tests").once()
    assert handled is not None
    assert handled.outcome is Outcome.WITHDRAWN
    assert post.taken == []
    reminder = next(mail for mail in waiting.mails.rows() if mail.kind == "reminder")
    assert reminder.state is State.CANCELLED


def test_nothing_is_sent_for_a_claim_that_lapsed_before_its_turn(waiting: Services, clock: MovingClock) -> None:
    """S-10"""
    clock.passes(days=40)
    post = Post()
    assert send_all(waiting, post) == []
    assert mail_of(waiting).state is State.CANCELLED
    assert waiting.claims.show(CLAIM).claim.status is Status.CONSENT_EXPIRED


def test_one_mail_that_cannot_be_written_holds_up_no_other(services: Services, books: Books, store: Store) -> None:
    claimed(books, contact_email="no address")
    configured(services)
    other = books.customer("Bergamo Dati")
    used = books.identifier(other, "tpid", "654321")
    contacts: dict[str, Any] = {
        "contact_email": ADDRESS,
        "contact_name": "Bea",
        "partner_name": "M",
        "partner_email": "m@x.example.com",
    }
    books.claim(1, other, used, **contacts)
    services.consent.send(sending(services, contact_email=ADDRESS))
    services.consent.send(sending(services, "CLM-000002"))
    with store.write() as tx:
        tx.execute(mails.update().where(mails.c.id == 1).values(message_id=mails.c.message_id, to_address="broken @"))
        tx.exec_driver_sql("UPDATE claims SET contact_email = 'broken @' WHERE id = 1")
    post = Post()
    handled = send_all(services, post)
    assert [one.outcome for one in handled] == [Outcome.REFUSED, Outcome.SENT]


def test_links_of_attempts_that_did_not_arrive_are_void(waiting: Services, clock: MovingClock, store: Store) -> None:
    """S-5g"""
    post = Post([LATER])
    send_all(waiting, post)
    clock.passes(hours=1)
    send_all(waiting, post)
    with store.read() as tx:
        voided = list(tx.scalars(select(tokens.c.voided_at).order_by(tokens.c.made_at)))
    assert [at is not None for at in voided] == [True, False]


def test_retry_is_for_whoever_works_there_and_for_what_is_not_over(
    waiting: Services, books: Books, as_operator: Callable[[str], Services]
) -> None:
    """S-1d"""
    with pytest.raises(NotFound):
        waiting.mails.retry("<nobody@partner.example>")
    send_all(waiting, Post())
    with pytest.raises(Refused) as refused:
        waiting.mails.retry(mail_of(waiting).message_id)
    assert refused.value.code == "wrong_state"
    books.grant("looks", "viewer")
    with pytest.raises(NotAllowed):
        as_operator("looks").mails.retry(mail_of(waiting).message_id)


def test_the_folders_of_the_mail_screen_count_what_stands_in_them(waiting: Services, clock: MovingClock) -> None:
    assert waiting.mails.counts() == {"waiting": 1, "failed": 0, "sent": 0}
    assert waiting.outbox.waiting() == 1
    send_all(waiting, Post([REFUSED]))
    assert waiting.mails.counts() == {"waiting": 0, "failed": 1, "sent": 0}
    for words in ("bianchi", "CORVARA", "clm-000001"):
        assert [mail.to for mail in waiting.mails.rows("failed", words)] == [ADDRESS]
    assert waiting.mails.count("failed", "nobody") == 0


def test_a_mail_that_is_written_while_they_are_exported_makes_none_stand_twice(
    waiting: Services, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-11b"""
    monkeypatch.setattr("mci_tui.services.mails.PAGE", 1)
    for _day in range(2):
        clock.passes(days=1)
        send_all(waiting, Post())
        waiting.consent.remind(waiting.consent.remind_start(CLAIM))
    found = [mail.message_id for mail in waiting.mails.rows()]
    reading = waiting.mails.every()
    read = [next(reading).message_id]
    clock.passes(days=1)
    send_all(waiting, Post())
    waiting.consent.remind(waiting.consent.remind_start(CLAIM))
    assert [*read, *(mail.message_id for mail in reading)] == found
    assert len(found) == 3


def test_a_sender_tells_what_it_did_and_stops_when_it_is_told_to(waiting: Services) -> None:
    stop = Event()
    told: list[object] = []

    def tell(each: object) -> None:
        told.append(each)
        stop.set()

    Sender(waiting.outbox, Post(), "tests").run(stop, tell)
    (handled,) = told
    assert isinstance(handled, Handled)
    assert handled.outcome is Outcome.SENT
