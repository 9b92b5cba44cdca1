"""Referrals: made with a claim or when it is sent, upgraded by consent, opened by Referrals admins (S-7, S-1c)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import DatabaseError, IntegrityError

from mci_tui.domain.adding import Addition
from mci_tui.domain.claims import Status
from mci_tui.domain.consent import Decision, Recorded
from mci_tui.domain.referrals import Kind, Question
from mci_tui.domain.requesting import CustomerRequest
from mci_tui.errors import Invalid, NotAllowed, NotFound, Refused
from mci_tui.services import Services
from mci_tui.services.answers import Answer
from mci_tui.services.claims import ClaimQuestion
from mci_tui.services.referrals import Look, Referral, look_for_referral
from mci_tui.store.engine import Store
from mci_tui.store.schema import claims, referrals
from mci_tui.store.standing import load_engagements
from tests.conftest import LOGIN, NOW, MovingClock
from tests.factories import HERE, Books, guid
from tests.services.consent_kit import CLAIM, Post, claimed, configured, send_all, sending, token_in

REFERRAL = "REF-000001"
CORVARA = "corvara.example"
SEATS = {"fact": "seats", "is": "at_least", "value": 300}
COUNTRY = {"fact": "country", "is": "one_of", "value": ["IT", "DE"]}
DEAL = {"fact": "deal_size", "is": "at_least", "value": 25000}
ADDITION = Addition(
    name="Autumn wave",
    location=HERE,
    id_type="tenant",
    id=guid(1),
    engagement=("assessment",),
    contact_name="Anna Bianchi",
    contact_email=f"anna@{CORVARA}",
    partner_name="Marco Rossi",
    partner_email="m.rossi@partner.example",
)
RECORDED = Recorded(CLAIM, "accepted", "Anna Bianchi", "by phone", "2026-11-23", "Call of 14:05")
AsOperator = Callable[[str], Services]


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location()
    return made


def corvara(books: Books, country: str | None = "IT", **facts: Any) -> int:
    """A customer with a tenant of these facts, to which the mail domain belongs."""
    customer = books.customer("Corvara Distribuzione", country)
    books.identifier(customer, "tenant", guid(1), **facts)
    books.identifier(customer, "domain", CORVARA, tenant=guid(1))
    return customer


def offers(books: Books, *create_when: Any, co_sell_when: Any = None, code: str = "assessment", **changes: Any) -> int:
    """An engagement that makes referrals where these conditions hold."""
    referral = {"create": True, "create_when": list(create_when)}
    if co_sell_when is not None:
        referral |= {"co_sell": True, "co_sell_when": co_sell_when}
    return books.engagement(code=code, referral=referral, **changes)


def sends(services: Services, number: str = CLAIM, **changes: Any) -> str:
    """Asks the customer for consent; the token of the mail."""
    configured(services)
    services.consent.send(sending(services, number, **{"partner_name": "Marco Rossi", **changes}))
    post = Post()
    send_all(services, post)
    return token_in(post.taken[-1])


def admin(books: Books, as_operator: AsOperator, login: str = "rita") -> Services:
    """The services of somebody who is a Referrals admin, and nothing else."""
    books.grant(login, "referrals_admin")
    return as_operator(login)


def kind(services: Services, number: str = CLAIM) -> tuple[str | None, str | None, date | None]:
    """The referral of a claim, as the claim's page and the export tell it."""
    claim = services.claims.show(number).claim
    return claim.referral_id, claim.referral_kind, claim.field_sellers_since


def looks(services: Services, number: str = CLAIM) -> list[tuple[Question, bool]]:
    """Every look at a claim, and whether all conditions held."""
    return [(look.question, look.held) for look in services.claims.show(number).looks]


def conditions(look: Look) -> list[tuple[str, Any, bool | None]]:
    """The conditions of a look: fact, what was known of it, whether it held."""
    return [(fact, known, held) for fact, _comparison, _value, known, held in look.conditions]


def last_look(services: Services, number: str = CLAIM) -> list[tuple[str, Any, bool | None]]:
    return conditions(services.claims.show(number).looks[-1])


# Made with the claim


def test_a_claim_that_is_added_gets_a_partner_led_referral_where_the_conditions_hold(
    services: Services, books: Books
) -> None:
    """S-7a S-7d"""
    offers(books, COUNTRY, SEATS)
    corvara(books, seats=500)
    services.adding.add(ADDITION)
    assert kind(services) == (REFERRAL, "partner_led", None)
    page = services.claims.show(CLAIM)
    assert page.looks == (
        Look(
            Question.CREATE,
            NOW,
            True,
            (("country", "one_of", ["IT", "DE"], "IT", True), ("seats", "at_least", 300, 500, True)),
        ),
    )
    made = page.history[-1]
    assert (made.what, made.who, made.note) == ("referral", LOGIN, REFERRAL)
    assert made.changes == {"referral_kind": [None, "partner_led"]}


def test_where_one_does_not_hold_there_is_no_referral_and_the_page_tells_which(
    services: Services, books: Books
) -> None:
    """S-7a S-7d"""
    offers(books, COUNTRY, SEATS)
    corvara(books, seats=299)
    services.adding.add(ADDITION)
    assert kind(services) == (None, None, None)
    assert looks(services) == [(Question.CREATE, False)]
    assert last_look(services) == [("country", "IT", True), ("seats", 299, False)]
    assert [line.what for line in services.claims.show(CLAIM).history] == ["added"]


def test_a_fact_that_is_not_known_is_no_condition_met(services: Services, books: Books) -> None:
    """S-7d"""
    offers(books, SEATS, {"fact": "managed", "is": "not_equals", "value": True})
    corvara(books)
    services.adding.add(ADDITION)
    assert kind(services) == (None, None, None)
    assert last_look(services) == [("seats", None, None), ("managed", None, None)]


def test_each_engagement_looks_for_itself(services: Services, books: Books) -> None:
    """S-7a"""
    offers(books, SEATS, code="first")
    offers(books, COUNTRY, code="second")
    books.engagement(code="third")
    offers(books, code="fourth")
    corvara(books, seats=10)
    services.adding.add(replace(ADDITION, engagement=("first", "second", "third", "fourth")))
    found = {claim.engagement: claim.referral_id for claim in services.claims.rows(ClaimQuestion())}
    assert found == {"first": None, "second": "REF-000001", "third": None, "fourth": "REF-000002"}
    assert looks(services, "CLM-000003") == []


def test_a_claim_that_is_requested_gets_one_as_well(services: Services, books: Books) -> None:
    """S-7a"""
    books.engagement(code="elsewhere")
    customer = books.known("Corvara", books.engagement(code="elsewhere"), number=1, seats=500)
    books.identifier(customer, "domain", CORVARA, tenant=guid(1))
    offers(books, SEATS)
    contacts = {name: getattr(ADDITION, name) for name in ("contact_name", "contact_email")}
    own = {name: getattr(ADDITION, name) for name in ("partner_name", "partner_email")}
    asked = CustomerRequest(customer="C-000001", name="Wave", location=HERE, engagement=("assessment",))
    services.requesting.request(replace(asked, **contacts, **own))
    assert kind(services, "CLM-000002") == (REFERRAL, "partner_led", None)


def test_a_claim_brought_along_has_none_of_its_own_accord(services: Services, books: Books) -> None:
    """S-7a: it was neither added nor requested here"""
    offers(books)
    books.claim(1, corvara(books), 1)
    assert (kind(services), looks(services)) == ((None, None, None), [])


def test_a_refused_addition_makes_no_referral(services: Services, books: Books, store: Store) -> None:
    """S-3i S-7a"""
    offers(books)
    corvara(books)
    with pytest.raises(Invalid):
        services.adding.add(replace(ADDITION, name=""))
    with store.read() as tx:
        assert tx.execute(select(referrals)).all() == []


# The facts


def test_a_domain_has_the_facts_of_its_tenant(services: Services, books: Books) -> None:
    """S-7d S-3c"""
    offers(books, SEATS)
    corvara(books, seats=500)
    services.adding.add(replace(ADDITION, id_type="domain", id=CORVARA))
    assert last_look(services) == [("seats", 500, True)]
    assert kind(services)[0] == REFERRAL


def test_another_id_of_the_customer_lends_no_facts(services: Services, books: Books) -> None:
    """S-7d S-3d"""
    offers(books, SEATS)
    books.identifier(corvara(books, seats=500), "tpid", "123456")
    services.adding.add(replace(ADDITION, id_type="tpid", id="123456"))
    assert last_look(services) == [("seats", None, None)]


@pytest.mark.parametrize(("country", "known"), [("DE", True), ("FR", False), (None, None)])
def test_the_customers_country_is_a_fact(
    services: Services, books: Books, country: str | None, known: bool | None
) -> None:
    """S-7d"""
    offers(books, COUNTRY)
    books.claim(1, corvara(books, country), 1, **_CONTACTS)
    sends(services)
    assert last_look(services) == [("country", country, known)]


_CONTACTS = {name: getattr(ADDITION, name) for name in ("contact_name", "contact_email", "partner_name")}


def test_an_opportunity_has_its_worth_its_stage_its_country_and_the_hours_asked_for(
    services: Services, books: Books
) -> None:
    """S-7d"""
    books.variable(
        code="projects",
        referral={
            "create": True,
            "create_when": [
                {"fact": "acv", "is": "at_least", "value": 50_000},
                {"fact": "stage", "is": "one_of", "value": ["develop", "propose"]},
                {"fact": "country", "is": "equals", "value": "DE"},
                {"fact": "hours", "is": "at_most", "value": 16},
            ],
        },
    )
    about: dict[str, Any] = {"open": True, "acv": Decimal("60000.5"), "stage": "develop", "country": "DE"}
    books.identifier(corvara(books), "msx", "7-ABC1234", **about)
    services.adding.add(replace(ADDITION, id_type="msx", id="7-ABC1234", engagement=("projects",), hours="16"))
    assert last_look(services) == [
        ("acv", "60000.5", True),
        ("stage", "develop", True),
        ("country", "DE", True),
        ("hours", 16, True),
    ]
    assert kind(services)[0] == REFERRAL


def test_deal_size_and_hours_are_the_claims_own_whatever_the_directory_says(services: Services, books: Books) -> None:
    """S-7d"""
    offers(books, DEAL, {"fact": "hours", "is": "present"})
    corvara(books, deal_size=90_000, hours=40)
    services.adding.add(ADDITION)
    assert last_look(services) == [("deal_size", None, None), ("hours", None, None)]


# Made when it is sent


def test_a_claim_without_a_referral_is_looked_at_again_when_it_is_sent(services: Services, books: Books) -> None:
    """S-7a S-7d: the deal size is known from then on"""
    offers(books, SEATS, DEAL)
    corvara(books, seats=500)
    services.adding.add(ADDITION)
    assert (kind(services)[0], last_look(services)) == (None, [("seats", 500, True), ("deal_size", None, None)])
    sends(services, deal_size="25000.50")
    assert kind(services) == (REFERRAL, "partner_led", None)
    assert looks(services) == [(Question.CREATE, False), (Question.CREATE, True)]
    assert last_look(services) == [("seats", 500, True), ("deal_size", "25000.50", True)]


def test_a_claim_brought_along_gets_its_first_look_when_it_is_sent(services: Services, books: Books) -> None:
    """S-7a"""
    claimed(books)
    offers(books, COUNTRY, id_types=["tpid"])
    sends(services)
    assert (kind(services)[0], looks(services)) == (REFERRAL, [(Question.CREATE, True)])


def test_a_claim_that_has_one_is_not_looked_at_again(services: Services, books: Books) -> None:
    """S-7a: one referral for a claim"""
    offers(books, COUNTRY)
    corvara(books)
    services.adding.add(ADDITION)
    sends(services)
    assert looks(services) == [(Question.CREATE, True)]
    assert [line.what for line in services.claims.show(CLAIM).history].count("referral") == 1


def test_a_sending_that_is_refused_looks_at_nothing(services: Services, books: Books) -> None:
    """S-7a"""
    claimed(books)
    offers(books)
    with pytest.raises(Refused):
        services.consent.send(sending(services))
    assert (kind(services), looks(services)) == ((None, None, None), [])


def test_a_reminder_looks_at_nothing(services: Services, books: Books, clock: MovingClock) -> None:
    """S-7a"""
    claimed(books)
    offers(books, {"fact": "country", "is": "equals", "value": "FR"}, id_types=["tpid"])
    sends(services)
    clock.passes(days=2)
    services.consent.remind(services.consent.remind_start(CLAIM))
    assert looks(services) == [(Question.CREATE, False)]


# Upgraded by consent


def test_the_customers_answer_makes_it_a_co_sell_referral_that_field_sellers_see_from_then_on(
    services: Services, books: Books, clock: MovingClock, as_operator: AsOperator
) -> None:
    """S-7c"""
    offers(books, COUNTRY, co_sell_when=[SEATS, DEAL])
    corvara(books, seats=500)
    services.adding.add(ADDITION)
    token = sends(services, deal_size="25000")
    clock.passes(days=2, hours=14)
    services.answers.answer(token, Answer(Decision.ACCEPTED, "Anna Bianchi"))
    assert kind(services) == (REFERRAL, "co_sell", date(2026, 11, 26))
    assert looks(services) == [(Question.CREATE, True), (Question.CO_SELL, True)]
    assert last_look(services) == [("seats", 500, True), ("deal_size", "25000.00", True)]
    upgraded = services.claims.show(CLAIM).history[-1]
    assert (upgraded.what, upgraded.changes) == ("referral", {"referral_kind": ["partner_led", "co_sell"]})
    shown = admin(books, as_operator).referrals.show(REFERRAL).referral
    assert (shown.kind, shown.field_sellers_since) == (Kind.CO_SELL, clock())


def test_a_recorded_answer_does_so_from_the_moment_it_is_recorded(
    services: Services, books: Books, clock: MovingClock, as_operator: AsOperator
) -> None:
    """S-7c S-5h"""
    offers(books, co_sell_when=[])
    corvara(books)
    services.adding.add(ADDITION)
    sends(services)
    clock.passes(days=5)
    services.consent.record(RECORDED)
    assert services.claims.show(CLAIM).claim.consent_at == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    assert kind(services) == (REFERRAL, "co_sell", date(2026, 11, 28))
    assert admin(books, as_operator).referrals.show(REFERRAL).referral.field_sellers_since == clock()


def test_where_the_customer_does_not_qualify_it_stays_partner_led_and_the_page_tells_why(
    services: Services, books: Books
) -> None:
    """S-7c S-7d"""
    offers(books, co_sell_when=[SEATS, DEAL])
    corvara(books, seats=500)
    services.adding.add(ADDITION)
    sends(services, deal_size="24999.99")
    services.consent.record(RECORDED)
    assert kind(services) == (REFERRAL, "partner_led", None)
    assert looks(services) == [(Question.CREATE, True), (Question.CO_SELL, False)]
    assert last_look(services) == [("seats", 500, True), ("deal_size", "24999.99", False)]


def test_facts_count_as_they_are_at_the_consent(services: Services, books: Books) -> None:
    """S-7c"""
    offers(books, co_sell_when=[SEATS])
    corvara(books, seats=10)
    services.adding.add(ADDITION)
    sends(services)
    books.facts(1, seats=300)
    services.consent.record(RECORDED)
    assert kind(services)[1] == "co_sell"


@pytest.mark.parametrize("decision", ["accepted", "declined"])
def test_without_a_referral_there_is_nothing_to_upgrade(services: Services, books: Books, decision: str) -> None:
    """S-7c"""
    offers(books, SEATS, co_sell_when=[])
    corvara(books)
    services.adding.add(ADDITION)
    sends(services)
    books.facts(1, seats=300)
    services.consent.record(replace(RECORDED, decision=decision))
    assert kind(services) == (None, None, None)
    assert looks(services) == [(Question.CREATE, False)] * 2


def test_a_declined_claim_keeps_its_partner_led_referral(services: Services, books: Books) -> None:
    """S-7c"""
    offers(books, co_sell_when=[])
    corvara(books)
    services.adding.add(ADDITION)
    sends(services)
    services.consent.record(replace(RECORDED, decision="declined"))
    assert (kind(services), looks(services)) == ((REFERRAL, "partner_led", None), [(Question.CREATE, True)])


def test_an_engagement_without_co_sell_upgrades_nothing(services: Services, books: Books) -> None:
    """S-7c"""
    offers(books)
    corvara(books)
    services.adding.add(ADDITION)
    sends(services)
    services.consent.record(RECORDED)
    assert (kind(services), looks(services)) == ((REFERRAL, "partner_led", None), [(Question.CREATE, True)])


def test_a_second_upgrade_changes_nothing(services: Services, books: Books, clock: MovingClock) -> None:
    """S-7c: field sellers have seen it since the first one"""
    offers(books, co_sell_when=[])
    corvara(books)
    services.adding.add(ADDITION)
    sends(services)
    services.consent.record(RECORDED)
    before = services.claims.show(CLAIM)
    clock.passes(days=3)
    with services.desk.serving() as scene:
        look_for_referral(scene, 1, load_engagements(scene.tx)[1], Question.CO_SELL)
        look_for_referral(scene, 1, load_engagements(scene.tx)[1], Question.CREATE)
    after = services.claims.show(CLAIM)
    assert (after.looks, after.history) == (before.looks, before.history)
    assert kind(services) == (REFERRAL, "co_sell", date(2026, 11, 23))


# What the database holds


def test_a_claim_cannot_have_two_and_none_is_ever_taken_away(services: Services, books: Books, store: Store) -> None:
    """S-7a"""
    offers(books)
    corvara(books)
    services.adding.add(ADDITION)
    with pytest.raises(IntegrityError), store.write() as tx:
        tx.execute(insert(referrals).values(id=2, number="REF-000002", claim_id=1, made_at=NOW))
    with pytest.raises(DatabaseError, match="referrals are never deleted"), store.write() as tx:
        tx.execute(delete(referrals))


# Who opens them


@pytest.fixture
def three(books: Books, services: Services, clock: MovingClock) -> Services:
    """Three claims, each made a day after the one before: without a referral, partner-led, co-sell."""
    offers(books, {"fact": "country", "is": "equals", "value": "XX"}, code="without", id_types=["tpid"])
    offers(books, code="partner-led", id_types=["tpid"])
    offers(books, code="co-sell", id_types=["tpid"], co_sell_when=[])
    for number, (code, name) in enumerate((("without", "Aurelia"), ("partner-led", "Bérg"), ("co-sell", "Corvara"))):
        books.identifier(books.customer(name), "tpid", f"10000{number}")
        wanted = replace(ADDITION, id_type="tpid", id=f"10000{number}", engagement=(code,), name=f"Wave {number}")
        services.adding.add(wanted)
        clock.passes(days=1)
    sends(services, "CLM-000003", deal_size="1234.50")
    services.consent.record(replace(RECORDED, claim="CLM-000003", on="2026-11-26"))
    return services


def test_a_referrals_admin_lists_them_the_latest_first(
    three: Services, books: Books, as_operator: AsOperator, clock: MovingClock
) -> None:
    """S-1c S-7b S-7d: the deal size, once sent, is the estimated value"""
    listed = admin(books, as_operator).referrals.rows()
    assert listed == [
        Referral(
            referral_id="REF-000002",
            kind=Kind.CO_SELL,
            claim_id="CLM-000003",
            claim_name="Wave 2",
            customer_name="Corvara",
            country="IT",
            engagement="co-sell",
            engagement_name="Assessment",
            location_id=HERE,
            claim_status=Status.CONSENT_RECEIVED,
            estimated_value_usd=123450,
            made_at=datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
            field_sellers_since=clock(),
        ),
        Referral(
            referral_id="REF-000001",
            kind=Kind.PARTNER_LED,
            claim_id="CLM-000002",
            claim_name="Wave 1",
            customer_name="Bérg",
            country="IT",
            engagement="partner-led",
            engagement_name="Assessment",
            location_id=HERE,
            claim_status=Status.CUSTOMER_CLAIMED,
            estimated_value_usd=None,
            made_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
            field_sellers_since=None,
        ),
    ]


@pytest.mark.parametrize(
    ("of", "wanted", "found"),
    [
        (None, "", ["REF-000002", "REF-000001"]),
        (Kind.PARTNER_LED, "", ["REF-000001"]),
        (Kind.CO_SELL, "", ["REF-000002"]),
        (None, "berg", ["REF-000001"]),
        (None, "WAVE 2", ["REF-000002"]),
        (None, "clm-000002", ["REF-000001"]),
        (None, "ref-000002", ["REF-000002"]),
        (None, "REF-", ["REF-000002", "REF-000001"]),
        (None, "aurelia", []),
        (None, "%", []),
        (Kind.CO_SELL, "berg", []),
    ],
)
def test_the_list_is_narrowed_by_kind_and_words(
    three: Services, books: Books, as_operator: AsOperator, of: Kind | None, wanted: str, found: list[str]
) -> None:
    rita = admin(books, as_operator).referrals
    assert [referral.referral_id for referral in rita.rows(of, wanted)] == found
    assert rita.count(of, wanted) == len(found)
    assert [referral.referral_id for referral in rita.rows(of, wanted, offset=1, limit=1)] == found[1:2]
    assert [referral.referral_id for referral in rita.every(of, wanted)] == found
    assert rita.counts() == {Kind.PARTNER_LED: 1, Kind.CO_SELL: 1}


def test_every_one_is_read_page_by_page(
    three: Services, books: Books, as_operator: AsOperator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-11b"""
    rita = admin(books, as_operator).referrals
    monkeypatch.setattr("mci_tui.services.referrals.PAGE", 1)
    assert list(rita.every()) == rita.rows()


def test_one_that_is_made_while_they_are_read_makes_none_stand_twice(
    three: Services, books: Books, as_operator: AsOperator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-11b"""
    rita = admin(books, as_operator).referrals
    monkeypatch.setattr("mci_tui.services.referrals.PAGE", 1)
    reading = rita.every()
    read = [next(reading).referral_id]
    books.identifier(books.customer("Delta"), "tpid", "100009")
    three.adding.add(replace(ADDITION, id_type="tpid", id="100009", engagement=("partner-led",), name="Wave 9"))
    read += [referral.referral_id for referral in reading]
    assert read == ["REF-000002", "REF-000001"]


def test_one_is_shown_with_every_look_at_its_claim(three: Services, books: Books, as_operator: AsOperator) -> None:
    """S-1c S-7d"""
    rita = admin(books, as_operator).referrals
    page = rita.show(" ref-000002 ")
    assert page.referral == rita.rows()[0]
    assert [(look.question, look.held, look.conditions) for look in page.looks] == [
        (Question.CREATE, True, ()),
        (Question.CO_SELL, True, ()),
    ]
    for unknown in ("REF-000003", "", "%"):
        with pytest.raises(NotFound):
            rita.show(unknown)


@pytest.mark.parametrize("role", ["viewer", "incentives_user", "incentives_admin", None])
def test_nobody_else_opens_them_and_is_told_which_role_that_takes(
    three: Services, books: Books, as_operator: AsOperator, role: str | None
) -> None:
    """S-1c"""
    if role:
        books.grant("other", role)
    others = as_operator("other").referrals
    calls: list[Callable[[], object]] = [others.rows, others.count, others.counts, lambda: others.show(REFERRAL)]
    calls.append(lambda: others.show("REF-000404"))
    for call in calls:
        with pytest.raises(NotAllowed) as refused:
            call()
        assert refused.value.why.code == ("role_missing" if role else "no_role")
        if role:
            assert refused.value.why.params["roles"] == "referrals_admin"


def test_any_grant_of_the_role_will_do(three: Services, books: Books, as_operator: AsOperator) -> None:
    """S-1c S-1d"""
    books.grant("lena", "referrals_admin", HERE)
    assert as_operator("lena").referrals.count() == 2


def test_whoever_reads_claims_sees_number_and_kind_on_them(
    three: Services, books: Books, as_operator: AsOperator
) -> None:
    """S-7b"""
    books.grant("vera", "viewer")
    found = {claim.claim_id: claim.referral_id for claim in as_operator("vera").claims.rows(ClaimQuestion())}
    assert found == {"CLM-000001": None, "CLM-000002": "REF-000001", "CLM-000003": "REF-000002"}


def test_a_referrals_admin_alone_reads_the_claims_of_referrals_and_no_others(
    three: Services, books: Books, as_operator: AsOperator
) -> None:
    """S-1d"""
    rita = admin(books, as_operator)
    assert [claim.claim_id for claim in rita.claims.rows(ClaimQuestion())] == ["CLM-000002", "CLM-000003"]
    assert rita.claims.count(ClaimQuestion()) == 2
    assert rita.claims.show("CLM-000003").claim.referral_id == "REF-000002"
    for number in ("CLM-000001", "CLM-000404"):
        with pytest.raises(NotAllowed):
            rita.claims.show(number)
    with pytest.raises(NotAllowed):
        rita.deciding.cancel("CLM-000002", "not hers")
    assert three.claims.show("CLM-000002").claim.status is Status.CUSTOMER_CLAIMED


def test_a_lapsed_claim_of_a_referral_is_shown_as_such(
    three: Services, books: Books, as_operator: AsOperator, clock: MovingClock, store: Store
) -> None:
    """S-10"""
    clock.passes(days=40)
    shown = admin(books, as_operator).referrals.show(REFERRAL).referral
    assert shown.claim_status == Status.CONSENT_EXPIRED
    with store.read() as tx:
        assert tx.scalar(select(claims.c.status).where(claims.c.id == 2)) == Status.CONSENT_EXPIRED
