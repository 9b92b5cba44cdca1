"""The customer's answer: one decision for ever, by any link that holds, with what proves it (S-5f, S-5g)."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError

from mci_tui.domain.claims import Event, Status
from mci_tui.domain.consent import Decision
from mci_tui.domain.eligibility import Tab
from mci_tui.errors import Invalid, Refused
from mci_tui.mail.letters import TEXT_VERSION, statement, statement_hash
from mci_tui.services import Services
from mci_tui.services.answers import Answer, Question, hashed
from mci_tui.services.customers import PageQuestion, Place
from mci_tui.store.engine import Store
from mci_tui.store.schema import answers, claims, tokens
from tests.conftest import MovingClock
from tests.factories import Books
from tests.services.consent_kit import CLAIM, Post, claimed, configured, send_all, sending, token_in

ACCEPT = Answer(Decision.ACCEPTED, "Anna Bianchi", "Head of IT", "", "192.0.2.7", "Mozilla/5.0")
DECLINE = Answer(Decision.DECLINED, "Anna Bianchi", reason="Not this year")


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location()
    return made


@pytest.fixture
def token(services: Services, books: Books) -> str:
    """The token of a mail that was sent to the customer of `CLAIM`."""
    claimed(books)
    configured(services)
    services.consent.send(sending(services))
    post = Post()
    send_all(services, post)
    return token_in(post.taken[0])


def shown(services: Services, tab: Tab) -> list[tuple[str, str | None]]:
    rows = services.customers.rows(PageQuestion("assessment", tab), Place())
    return [(row.customer_name, row.claim_id) for row in rows]


def test_a_link_shows_what_the_mail_said(services: Services, token: str) -> None:
    """S-5g"""
    question = services.answers.question(token)
    assert question is not None
    assert question.paragraphs == statement(question.invitation)
    assert (question.invitation.partner, question.invitation.engagement) == ("Meridiana Cloud", "Assessment")
    assert question.invitation.language == "it"
    assert question.decision is None
    (mail,) = services.mails.rows()
    assert all(" ".join(paragraph.split()) in " ".join(mail.text.split()) for paragraph in question.paragraphs)


def test_an_acceptance_starts_the_clocks_and_makes_the_customer_known_everywhere(
    services: Services, books: Books, token: str, clock: MovingClock
) -> None:
    """S-5f, S-10"""
    books.engagement(code="other", name="Other", id_types=["tpid"])
    clock.passes(days=2)
    given = services.answers.answer(token, ACCEPT)
    assert given is not None
    assert (given.decision, given.answered_by) == (Decision.ACCEPTED, "Anna Bianchi")
    claim = services.claims.show(CLAIM).claim
    assert (claim.status, claim.consent_at) == (Status.CONSENT_RECEIVED, clock())
    assert claim.submit_due_on == (clock().date() + timedelta(days=60))
    assert claim.answer_given_by == "Anna Bianchi"
    others = services.customers.rows(PageQuestion("other", Tab.ELIGIBLE), Place())
    assert [row.customer_name for row in others] == ["Corvara Distribuzione"]


def test_whoever_was_newly_added_and_declines_leaves_the_page(services: Services, token: str) -> None:
    """S-2f, S-5f"""
    services.answers.answer(token, DECLINE)
    assert services.claims.show(CLAIM).claim.status is Status.CONSENT_DECLINED
    assert [shown(services, tab) for tab in Tab] == [[], [], []]


def test_a_known_customer_who_declines_stands_in_complete_and_can_be_requested_again(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-2e, S-2f, S-5f"""
    number = claimed(books)
    books.claim(1, 1, 1, Status.APPROVED)
    configured(services)
    clock.passes(hours=1)
    services.consent.send(sending(services))
    post = Post()
    send_all(services, post)
    services.answers.answer(token_in(post.taken[0]), DECLINE)
    assert number == 1
    assert ("Corvara Distribuzione", CLAIM) in shown(services, Tab.COMPLETE)
    assert ("Corvara Distribuzione", None) in shown(services, Tab.ELIGIBLE)


def test_the_same_answer_again_changes_nothing_and_the_other_one_is_refused(
    services: Services, token: str, store: Store, clock: MovingClock
) -> None:
    """S-5g"""
    first = services.answers.answer(token, ACCEPT)
    before = services.claims.show(CLAIM)
    clock.passes(hours=1)
    assert services.answers.answer(token, Answer(Decision.ACCEPTED, "Somebody else")) == first
    with pytest.raises(Refused) as refused:
        services.answers.answer(token, DECLINE)
    assert refused.value.why.code == "answered_already"
    assert services.claims.show(CLAIM) == before
    assert services.answers.question(token) == first
    with store.read() as tx:
        assert tx.scalar(select(func.count()).select_from(answers)) == 1


def test_the_answer_is_shown_for_ever_whatever_becomes_of_the_claim(
    services: Services, token: str, clock: MovingClock
) -> None:
    """S-5g"""
    first = services.answers.answer(token, ACCEPT)
    clock.passes(days=400)
    assert services.claims.show(CLAIM).claim.status is Status.NOT_SUBMITTED_EXPIRED
    assert services.answers.question(token) == first


def test_from_the_deadline_on_the_link_is_like_an_unknown_one_even_if_nobody_has_swept(
    services: Services, token: str, clock: MovingClock
) -> None:
    """S-5a, S-5g, S-10"""
    due = services.claims.show(CLAIM).claim.consent_due_on
    assert due is not None
    clock.now = clock.now.replace(day=23, month=12, hour=22, minute=59, second=59)
    assert services.answers.question(token) is not None
    clock.passes(seconds=1)
    assert services.answers.question(token) is None
    assert services.answers.answer(token, ACCEPT) is None
    assert services.claims.show(CLAIM).claim.status is Status.CONSENT_EXPIRED


def test_looking_changes_nothing(services: Services, token: str, store: Store, clock: MovingClock) -> None:
    """S-5g"""
    clock.passes(days=60)
    with store.read() as tx:
        before = tx.execute(select(claims)).all()
    for _number in range(50):
        assert services.answers.question(token) is None
        assert services.answers.question("x" * 43) is None
    with store.read() as tx:
        assert tx.execute(select(claims)).all() == before


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (Answer(Decision.ACCEPTED, "  "), "name"),
        (Answer(Decision.ACCEPTED, "x" * 81), "name"),
        (Answer(Decision.ACCEPTED, "Anna", "x" * 81), "role"),
        (Answer(Decision.DECLINED, "Anna", reason="x" * 501), "reason"),
    ],
)
def test_a_form_that_is_not_right_decides_nothing(services: Services, token: str, answer: Answer, field: str) -> None:
    """S-5g"""
    with pytest.raises(Invalid) as refused:
        services.answers.answer(token, answer)
    assert refused.value.problems.keys() == {field}
    assert services.claims.show(CLAIM).claim.status is Status.AWAITING_CONSENT


def test_the_evidence_says_who_when_from_where_and_what_was_read(
    services: Services, token: str, store: Store, clock: MovingClock
) -> None:
    """S-5g"""
    question = services.answers.question(token)
    assert question is not None
    services.answers.answer(token, Answer(Decision.DECLINED, "Anna\x1b[2J", "IT", "No\u202e", "192.0.2.7", "A" * 900))
    given = services.claims.show(CLAIM).answer
    assert given is not None
    assert (given.decision, given.at, given.address, given.recorded_by) == ("declined", clock(), "192.0.2.7", "")
    assert given.name == "Anna�[2J"
    assert (given.reason, len(given.agent)) == ("No", 300)
    assert (given.text_version, given.text_hash) == (TEXT_VERSION, statement_hash(question.invitation))
    assert given.message_id == services.mails.rows()[0].message_id
    with store.read() as tx:
        assert tx.scalar(select(answers.c.token_hash)) == hashed(token)


def test_no_token_is_kept_anywhere(services: Services, token: str, store: Store) -> None:
    """S-5g"""
    services.answers.answer(token, ACCEPT)
    with store.read() as tx:
        for table in answers.metadata.sorted_tables:
            assert token not in repr(tx.execute(select(table)).all())
        assert tx.scalar(select(tokens.c.hash)) == hashed(token)


def test_an_answer_cannot_be_rewritten_nor_taken_away(services: Services, token: str, store: Store) -> None:
    """S-5g"""
    services.answers.answer(token, ACCEPT)
    for statement_ in (update(answers).values(decision="declined"), delete(answers)):
        with pytest.raises(DatabaseError, match="given once"), store.write() as tx:
            tx.execute(statement_)


def test_history_names_the_customer_as_the_one_who_acted(services: Services, token: str) -> None:
    """S-1d, S-6d"""
    services.answers.answer(token, DECLINE)
    last = services.claims.show(CLAIM).history[-1]
    assert (last.who, last.what, last.note) == ("customer", "declined", "Not this year")
    assert last.changes["status"] == ["awaiting_consent", "consent_declined"]


def test_an_answer_stops_the_reminder_that_still_waits(services: Services, token: str, clock: MovingClock) -> None:
    """S-5e"""
    clock.passes(days=1)
    services.consent.remind(services.consent.remind_start(CLAIM))
    services.answers.answer(token, ACCEPT)
    post = Post()
    assert send_all(services, post) == []
    assert post.taken == []


def test_a_decision_is_one_of_two_and_moves_the_claim_as_its_event_does() -> None:
    from mci_tui.services.answers import EVENTS

    assert EVENTS == {Decision.ACCEPTED: Event.ACCEPT, Decision.DECLINED: Event.DECLINE}
    assert Question.__dataclass_fields__.keys() >= {"invitation", "paragraphs", "decision"}
