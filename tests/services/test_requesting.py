"""Requesting a known customer: what is offered, what is refused and why, and the claims that come of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from mci_tui.domain.adding import Addition
from mci_tui.domain.claims import Event, Status
from mci_tui.domain.eligibility import Tab
from mci_tui.domain.ids import IdType
from mci_tui.domain.payout import Term
from mci_tui.domain.requesting import CustomerRequest
from mci_tui.errors import Invalid, NotAllowed, NotFound, Refused
from mci_tui.services import Services
from mci_tui.services.claims import ClaimQuestion
from mci_tui.services.customers import PageQuestion, Place
from mci_tui.services.requesting import Offered
from mci_tui.store.engine import Store
from mci_tui.store.schema import claims, customers, history, identifiers
from mci_tui.store.standing import refresh
from mci_tui.words import say
from tests.conftest import LOGIN, MovingClock
from tests.factories import HERE, THERE, Books, guid
from tests.store.derivation import derived, kept

SEATS = [{"fact": "seats", "is": "at_least", "value": 300, "reason": "fewer than 300 paid seats"}]
LARGE = [{"fact": "acv", "is": "at_least", "value": 50_000, "reason": "worth less than 50,000 USD"}]
OPPORTUNITY = "7-ABC123"
CORVARA = "C-000001"
REQUEST = CustomerRequest(
    customer=CORVARA,
    name="Autumn wave",
    location=HERE,
    engagement=("assessment",),
    contact_name="Anna Bianchi",
    contact_email="anna.bianchi@corvara.example",
    partner_name="Marco Rossi",
    partner_email="m.rossi@partner.example",
)
VARIABLE = replace(REQUEST, engagement=("projects",), id=OPPORTUNITY, hours="16")
AsOperator = Callable[[str], Services]


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    """Two locations, and Corvara, known by its tenant ID, whose mail domain belongs to that tenant."""
    made = Books(store, clock)
    made.location(HERE)
    made.location(THERE)
    known = made.known("Corvara", made.engagement(code="elsewhere"), number=1, seats=500)
    made.identifier(known, "domain", "corvara.example", tenant=guid(1))
    return made


def opportunity(books: Books, value: str = OPPORTUNITY, customer: int = 1, **facts: Any) -> int:
    """An opportunity's row."""
    about = {"open": True, "acv": 60_000, "country": "IT", "stage": "develop", **facts}
    return books.identifier(customer, "msx", value, **about)


def told(offered: Offered, code: str = "assessment") -> list[str]:
    """The codes of what speaks against an engagement."""
    (verdict,) = (each for each in offered.verdicts if each.engagement.code == code)
    return [each.code for each in verdict.reasons]


def refusal_of(services: Services, request: CustomerRequest) -> Refused:
    """What is said where nothing is made of a request, by every call that should say it; and nothing is made."""
    before = services.claims.rows(ClaimQuestion())
    for call in (services.requesting.review, services.requesting.request):
        with pytest.raises(Refused) as refusal:
            call(request)
    assert services.claims.rows(ClaimQuestion()) == before
    return refusal.value


def reasons(refusal: Refused) -> dict[str, list[str]]:
    """Why something is not eligible, by engagement."""
    assert refusal.code == "not_eligible"
    found: dict[str, list[str]] = {}
    for engagement, why in refusal.reasons:
        found.setdefault(engagement, []).append(why.code)
    return found


def problems(refusal: Refused) -> dict[str, str]:
    return {field: why.code for field, why in refusal.problems.items()}


def rows_of(store: Store) -> tuple[int, ...]:
    """How many customers, IDs, claims and lines of history there are."""
    with store.read() as tx:
        return tuple(
            tx.scalar(select(func.count()).select_from(table)) or 0
            for table in (customers, identifiers, claims, history)
        )


def eligible(services: Services, code: str) -> list[tuple[str, str | None, str | None]]:
    """The Eligible tab: customer, claim, action."""
    rows = services.customers.rows(PageQuestion(code, Tab.ELIGIBLE), Place())
    return [(row.customer, row.claim_id, row.action) for row in rows]


# What is offered


def test_the_locations_offered_are_enrolled_granted_and_eligible_for_the_engagement(
    services: Services, as_operator: AsOperator, books: Books
) -> None:
    """S-4a S-1b"""
    books.engagement(locations=[THERE, "1000003", "1000004"])
    books.location("1000003", enrolled=False)
    books.location("1000004", is_global=True)
    books.grant("anna", "incentives_user", HERE)
    assert [each.id for each in services.adding.locations()] == [HERE, THERE]
    assert [each.id for each in services.requesting.locations("assessment")] == [THERE]
    assert as_operator("anna").requesting.locations("assessment") == []
    with pytest.raises(NotFound):
        services.requesting.locations("nothing")


def test_a_request_begins_with_the_contact_of_the_last_claim(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-4a"""
    clock.passes(days=1)
    last: dict[str, Any] = {
        "contact_name": "Bruno Verdi",
        "contact_email": "b.verdi@corvara.example",
        "contact_language": "en",
    }
    books.claim(books.engagement(), 1, 1, Status.CANCELLED, contact_title="CIO", **last)
    begun = services.requesting.start(f" {CORVARA} ")
    assert begun == CustomerRequest(customer=CORVARA, contact_title="CIO", **last)
    with pytest.raises(NotFound):
        services.requesting.start("C-000009")


def test_the_id_is_that_of_the_latest_consented_claim_of_a_type_accepted(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-4b"""
    books.engagement()
    books.engagement(code="tpids", id_types=["tpid"])
    books.engagement(code="tenants", id_types=["tenant"])
    clock.passes(days=1)
    books.claim(books.engagement(code="past"), 1, books.identifier(1, "tpid", "12345"), Status.APPROVED)
    clock.passes(days=1)
    books.claim(books.engagement(code="open"), 1, books.identifier(1, "subscription", guid(7)))
    offered = services.requesting.check(REQUEST)
    used = {code: (offered.ids[code].id_type, offered.ids[code].value) for code in ("assessment", "tpids", "tenants")}
    assert used == {
        "assessment": (IdType.TPID, "12345"),
        "tpids": (IdType.TPID, "12345"),
        "tenants": (IdType.TENANT, guid(1)),
    }
    (claim,) = services.requesting.request(REQUEST)
    assert (claim.origin, claim.id_type, claim.id_value) == ("requested", "tpid", "12345")


def test_without_an_id_of_a_type_accepted_the_customer_is_not_eligible_and_may_be_added(
    services: Services, books: Books
) -> None:
    """S-4b"""
    books.engagement(id_types=["tpid"])
    books.identifier(1, "tpid", "12345")
    assert told(services.requesting.check(REQUEST)) == ["id_type_not_accepted"]
    assert reasons(refusal_of(services, REQUEST)) == {"assessment": ["id_type_not_accepted"]}
    checked = services.adding.check_id(IdType.TPID, "12345").verdict("assessment")
    assert checked is not None
    assert checked.eligible


def test_the_id_is_checked_afresh(services: Services, books: Books) -> None:
    """S-4b"""
    books.engagement(criterion=SEATS)
    assert told(services.requesting.check(REQUEST)) == []
    books.facts(1, seats=299)
    assert reasons(refusal_of(services, REQUEST)) == {"assessment": ["criterion_not_met"]}


def test_a_customer_without_a_consent_is_not_requested(services: Services, books: Books) -> None:
    """S-4a S-2g"""
    books.engagement()
    books.identifier(books.customer("Brenta"), value=guid(2))
    refusal = refusal_of(services, replace(REQUEST, customer="C-000002"))
    assert (refusal.code, refusal.why.code) == ("not_eligible", "customer_not_known")
    assert say(refusal.why) == "Brenta has given no consent yet: add this customer by an ID instead."
    with pytest.raises(NotFound):
        services.requesting.request(replace(REQUEST, customer="C-000009"))


def test_each_opportunity_is_offered_with_what_speaks_against_it(services: Services, books: Books) -> None:
    """S-4c"""
    offer = books.variable(code="projects", criterion=LARGE)
    opportunity(books)
    opportunity(books, "7-CLOSED", open=False, acv=1)
    books.claim(offer, 1, opportunity(books, "7-USEDUP", stage=""))
    opportunity(books, "7-OTHERS", books.customer("Brenta"))
    found = services.requesting.opportunities(CORVARA, "projects")
    assert [(each.value, each.acv, each.stage, [why.code for why in each.reasons]) for each in found] == [
        (OPPORTUNITY, 60_000, "develop", []),
        ("7-CLOSED", 1, "develop", ["opportunity_closed", "criterion_not_met"]),
        ("7-USEDUP", 60_000, "", ["opportunity_in_use"]),
    ]


def test_one_open_opportunity_that_meets_the_criteria_makes_a_known_customer_eligible(
    services: Services, books: Books, store: Store
) -> None:
    """S-4c S-2b"""
    offer = books.variable(code="projects", criterion=LARGE)
    assert eligible(services, "projects") == []
    opportunity(books, "7-SMALL1", acv=49_999)
    opportunity(books, "7-CLOSED", open=False)
    assert eligible(services, "projects") == []
    opportunity(books)
    assert eligible(services, "projects") == [(CORVARA, None, "request-customer")]
    (claim,) = services.requesting.request(VARIABLE)
    assert eligible(services, "projects") == [(CORVARA, claim.claim_id, "send-consent")]
    opportunity(books, "7-SECOND")
    assert eligible(services, "projects") == [
        (CORVARA, None, "request-customer"),
        (CORVARA, claim.claim_id, "send-consent"),
    ]
    assert services.customers.rows(PageQuestion("projects", Tab.NOT_ELIGIBLE), Place()) == []
    with store.write() as tx:
        refresh(tx, None, [offer])
        assert kept(tx) == derived(tx)


# What comes of it


def test_a_known_customer_is_requested_on_every_engagement_chosen(
    services: Services, books: Books, store: Store
) -> None:
    """S-4a S-5a S-9"""
    books.engagement(consent_days=30)
    books.engagement(code="second", consent_days=10)
    before = rows_of(store)
    review = services.requesting.review(replace(REQUEST, engagement=("second", "assessment")))
    assert [(each.engagement.code, each.consent_by) for each in review.chosen] == [
        ("second", date(2026, 12, 3)),
        ("assessment", date(2026, 12, 23)),
    ]
    assert rows_of(store) == before
    made = services.requesting.request(replace(REQUEST, engagement=("assessment", "second", "assessment")))
    assert [(claim.claim_id, claim.engagement, claim.consent_due_on) for claim in made] == [
        ("CLM-000002", "assessment", date(2026, 12, 23)),
        ("CLM-000003", "second", date(2026, 12, 3)),
    ]
    for claim in made:
        assert (claim.customer, claim.origin, claim.created_by) == (CORVARA, "requested", LOGIN)
        assert (claim.id_type, claim.id_value, claim.tenant_id) == ("tenant", guid(1), guid(1))
        assert (claim.proposed_payout_usd, claim.payout_limited_by, claim.hours) == (800_000, "fixed", None)
        assert (CORVARA, claim.claim_id, "send-consent") in eligible(services, claim.engagement)
        assert [line.what for line in services.claims.show(claim.claim_id).history] == ["requested"]
    assert rows_of(store) == (*before[:2], before[2] + 2, before[3] + 2)


def test_an_opportunity_with_hours_becomes_a_claim_with_every_term_of_its_payout(
    services: Services, books: Books
) -> None:
    """S-4c S-9 S-3h"""
    pays = {"hourly": {"A": 100, "B": 80, "C": 60}, "percent_of_acv": 2.5, "cap": 5000, "min_hours": 8, "max_hours": 40}
    books.variable(code="projects", payout=pays)
    opportunity(books)
    request = replace(VARIABLE, id=" 7-abc 123 ", hours=" 16 ")
    (verdict,) = services.requesting.review(request).chosen
    assert verdict.payout is not None
    (claim,) = services.requesting.request(request)
    assert (claim.id_type, claim.id_value, claim.hours) == ("msx", OPPORTUNITY, 16)
    assert (claim.proposed_payout_usd, claim.payout_limited_by) == (150_000, "percent_of_acv")
    assert (verdict.payout.amount, verdict.payout.limited_by) == (150_000, "percent_of_acv")
    terms = services.claims.show(claim.claim_id).payout_terms
    assert terms == verdict.payout.terms
    assert [(term.name, term.amount) for term in terms] == [
        ("hours", 160_000),
        ("percent_of_acv", 150_000),
        ("cap", 500_000),
    ]


@pytest.mark.parametrize(("country", "rate"), [("IT", 10_000), ("ES", 8_000), ("JP", 6_000), ("AQ", 6_000)])
def test_the_market_is_that_of_the_opportunitys_country_and_every_other_one_is_c(
    services: Services, books: Books, country: str, rate: int
) -> None:
    """S-9"""
    books.variable(code="projects")
    opportunity(books, country=country)
    (claim,) = services.requesting.request(VARIABLE)
    (hours, _cap) = services.claims.show(claim.claim_id).payout_terms
    market = {10_000: "A", 8_000: "B"}.get(rate, "C")
    assert hours == Term("hours", 16 * rate, market, hours=16, rate=rate)
    assert claim.proposed_payout_usd == 16 * rate


def test_a_fixed_amount_is_a_term_as_well(services: Services, books: Books) -> None:
    """S-9"""
    books.engagement()
    (claim,) = services.requesting.request(REQUEST)
    assert services.claims.show(claim.claim_id).payout_terms == (Term("fixed", 800_000, "A"),)


def test_hours_are_frozen_once_the_claim_is_made(services: Services, books: Books, store: Store) -> None:
    """S-3f"""
    books.variable(code="projects")
    opportunity(books)
    (claim,) = services.requesting.request(VARIABLE)
    statement = text("UPDATE claims SET hours = 40 WHERE number = :number").bindparams(number=claim.claim_id)
    with pytest.raises(DBAPIError, match="frozen: hours"), store.write() as tx:
        tx.execute(statement)
    assert services.claims.show(claim.claim_id).claim.hours == 16


# What is refused


@pytest.mark.parametrize("hours", ["1,5", "1.5", "-3", "0", "1e9", "sixteen", "", "7", "41", "9" * 13])
def test_hours_are_whole_and_within_the_engagements_limits(services: Services, books: Books, hours: str) -> None:
    """S-3f"""
    books.variable(code="projects")
    opportunity(books)
    refusal = refusal_of(services, replace(VARIABLE, hours=hours))
    assert refusal.code == "invalid"
    assert list(refusal.problems) == ["hours"]
    for at_the_edge in ("8", "40"):
        services.requesting.review(replace(VARIABLE, hours=at_the_edge))


@pytest.mark.parametrize("typed", [" 7-abc123", "7-ABC 123", "7-aBc123\t"])
def test_an_opportunity_may_be_typed_in_any_case_and_with_spaces(services: Services, books: Books, typed: str) -> None:
    """S-8 S-4c"""
    books.variable(code="projects")
    opportunity(books)
    assert services.requesting.review(replace(VARIABLE, id=typed)).request.id == OPPORTUNITY
    assert services.requesting.check(replace(VARIABLE, id=typed)).ids["projects"].value == OPPORTUNITY


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("7-NOBODY", "opportunity_unknown"),
        ("7-OTHERS", "opportunity_other"),
        ("ABC", "msx_form"),
        ("", "opportunity_needed"),
    ],
)
def test_an_opportunity_that_is_not_this_customers_is_refused_with_its_reason(
    services: Services, books: Books, value: str, problem: str
) -> None:
    """S-4c"""
    books.variable(code="projects")
    opportunity(books)
    opportunity(books, "7-OTHERS", books.customer("Brenta"))
    refusal = refusal_of(services, replace(VARIABLE, id=value))
    assert (refusal.code, problems(refusal)) == ("invalid", {"id": problem})
    with pytest.raises(Invalid) as weighed:
        services.requesting.weigh(replace(VARIABLE, id=value))
    assert problems(weighed.value) == {"id": problem}


def test_an_opportunity_that_cannot_serve_is_refused_with_every_reason_while_another_could(
    services: Services, books: Books
) -> None:
    """S-4c S-11d"""
    offer = books.variable(code="projects", criterion=LARGE)
    opportunity(books)
    opportunity(books, "7-CLOSED", open=False)
    opportunity(books, "7-SMALL1", acv=49_999)
    opportunity(books, "7-BOTH01", acv=49_999, open=False)
    books.claim(offer, 1, opportunity(books, "7-USEDUP"))
    for value, expected in {
        "7-CLOSED": ["opportunity_closed"],
        "7-SMALL1": ["criterion_not_met"],
        "7-BOTH01": ["opportunity_closed", "criterion_not_met"],
        "7-USEDUP": ["opportunity_in_use"],
    }.items():
        refusal = refusal_of(services, replace(VARIABLE, id=value))
        assert reasons(refusal) == {"projects": expected}
        assert problems(refusal) == {"id": expected[0]}
    assert told(services.requesting.check(replace(VARIABLE, id="7-CLOSED")), "projects") == []


def test_where_no_opportunity_is_left_the_engagement_is_refused_with_the_reasons_of_now(
    services: Services, books: Books
) -> None:
    """S-4c S-2g"""
    books.variable(code="projects", criterion=LARGE)
    used = opportunity(books)
    services.requesting.review(VARIABLE)
    books.facts(used, open=False, acv=60_000, country="IT")
    refusal = refusal_of(services, VARIABLE)
    assert reasons(refusal) == {"projects": ["opportunity_closed"]}
    assert list(refusal.problems) == ["engagement"]


def test_an_opportunity_serves_one_open_claim_of_an_engagement(services: Services, books: Books) -> None:
    """S-4c"""
    books.variable(code="projects")
    books.variable(code="more-projects")
    opportunity(books)
    services.requesting.request(VARIABLE)
    assert reasons(refusal_of(services, VARIABLE)) == {"projects": ["opportunity_in_use"]}
    with pytest.raises(Refused) as refusal:
        services.adding.add(_added(VARIABLE))
    assert ("projects", "opportunity_in_use") in [(code, why.code) for code, why in refusal.value.reasons]
    assert len(services.requesting.request(replace(VARIABLE, engagement=("more-projects",)))) == 1


def test_an_opportunity_is_free_again_once_its_claim_is_at_its_end(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-4c S-6a"""
    books.variable(code="projects", consent_days=30)
    opportunity(books)
    first = services.requesting.request(VARIABLE)
    clock.passes(days=31)
    second = services.requesting.request(VARIABLE)
    assert first[0].claim_id != second[0].claim_id


def test_variable_pay_takes_exactly_one_engagement_and_its_opportunity(services: Services, books: Books) -> None:
    """S-3f S-4c"""
    books.engagement()
    books.variable(code="projects")
    books.variable(code="more-projects")
    opportunity(books)
    for engagements in (("projects", "more-projects"), ("assessment", "projects")):
        refusal = refusal_of(services, replace(VARIABLE, engagement=engagements))
        assert (refusal.code, list(refusal.problems)) == ("single_engagement", ["engagement"])
    fixed = replace(VARIABLE, engagement=("assessment",))
    assert problems(refusal_of(services, fixed)) == {"id": "opportunity_fixed_pay"}
    assert problems(refusal_of(services, replace(fixed, id=""))) == {"hours": "hours_fixed_pay"}
    assert len(services.requesting.request(replace(fixed, id="", hours=""))) == 1


@pytest.mark.parametrize("change", ["criterion", "limit", "closed", "location", "another's claim"])
def test_a_customer_who_is_no_longer_eligible_is_refused_with_the_reasons_of_now(
    services: Services, elsewhere: AsOperator, books: Books, clock: MovingClock, change: str
) -> None:
    """S-2g S-4a"""
    offer = books.engagement(ends_on=date(2026, 11, 23), max_active_claims=1)
    colleague = elsewhere(LOGIN)
    services.requesting.review(REQUEST)
    match change:
        case "criterion":
            books.engagement(criterion=[{**SEATS[0], "value": 501}])
        case "limit":
            books.engagement(max_total_claims=1)
            books.claim(offer, 1, 1, Status.APPROVED)
        case "closed":
            clock.passes(days=1)
        case "location":
            books.engagement(locations=[THERE])
        case _:
            colleague.requesting.request(REQUEST)
    expected = {
        "criterion": ["criterion_not_met"],
        "limit": ["total_claim_limit"],
        "closed": ["engagement_not_active"],
        "location": ["location_not_eligible"],
        "another's claim": ["active_claim_limit"],
    }[change]
    refusal = refusal_of(services, REQUEST)
    assert reasons(refusal) == {"assessment": expected}
    assert list(refusal.problems) == ["engagement"]


def test_if_one_engagement_refuses_none_is_made(services: Services, books: Books, store: Store) -> None:
    """S-4a S-3i"""
    books.engagement()
    books.engagement(code="large", criterion=[{**SEATS[0], "value": 501}])
    before = rows_of(store)
    assert reasons(refusal_of(services, replace(REQUEST, engagement=("assessment", "large")))) == {
        "large": ["criterion_not_met"]
    }
    with pytest.raises(NotFound):
        services.requesting.request(replace(REQUEST, engagement=("assessment", "nothing")))
    assert rows_of(store) == before


def test_everything_wrong_with_the_form_is_told_at_once(services: Services, books: Books) -> None:
    """S-4a"""
    books.variable(code="projects")
    wrong = replace(VARIABLE, name=" ", id="8-1", hours="1,5", contact_email="anna@partner.example", engagement=())
    found = problems(refusal_of(services, wrong))
    assert found == {
        "name": "required",
        "id": "msx_form",
        "hours": "hours_whole",
        "contact_email": "email_own",
        "engagement": "choose_engagement",
    }


def test_a_tenant_that_is_not_that_of_the_mail_domain_needs_a_reason(services: Services, books: Books) -> None:
    """S-3e"""
    books.engagement()
    books.variable(code="projects")
    opportunity(books)
    elsewhere: dict[str, Any] = {"contact_email": "anna@elsewhere.example"}
    refusal = refusal_of(services, replace(REQUEST, **elsewhere))
    assert (refusal.code, problems(refusal)) == ("reason_required", {"reason": "mismatch_unknown"})
    assert services.requesting.review(replace(VARIABLE, **elsewhere))
    (claim,) = services.requesting.request(replace(REQUEST, reason="a new company", **elsewhere))
    assert claim.reason == "a new company"


def test_a_customer_is_requested_only_at_a_location_that_is_granted(
    as_operator: AsOperator, books: Books, store: Store
) -> None:
    """S-1b S-1d"""
    books.engagement()
    books.grant("anna", "incentives_user", THERE)
    books.grant("vera", "viewer")
    for login in ("anna", "vera", "nobody"):
        with pytest.raises(NotAllowed):
            as_operator(login).requesting.request(REQUEST)
    with store.read() as tx:
        assert tx.scalar(select(func.count()).select_from(history).where(history.c.what == "refused")) == 3
    assert len(as_operator("anna").requesting.request(replace(REQUEST, location=THERE))) == 1
    desk = as_operator("nobody").requesting
    calls: list[Callable[[], object]] = [
        lambda: desk.check(REQUEST),
        lambda: desk.start(CORVARA),
        lambda: desk.weigh(REQUEST),
        lambda: desk.opportunities(CORVARA, "assessment"),
        lambda: desk.locations("assessment"),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call()


def test_text_that_could_act_on_a_terminal_or_a_database_is_made_safe(services: Services, books: Books) -> None:
    """S-4a"""
    books.engagement()
    (claim,) = services.requesting.request(replace(REQUEST, name="\x1b[2J\x00a\u202eb\nc"))
    assert claim.claim_name == "�[2J�ab c"


# Added or requested, never both


def test_whoever_becomes_known_is_requested_from_then_on_and_no_longer_added(services: Services, books: Books) -> None:
    """S-2g S-4a"""
    books.engagement()
    other = books.engagement(code="other")
    customer = books.customer("Brenta")
    used = books.identifier(customer, "tpid", "12345")
    request = replace(REQUEST, customer="C-000002")
    assert refusal_of(services, request).why.code == "customer_not_known"
    assert services.adding.check(_added(request)).verdicts[1].eligible
    books.claim(other, customer, used, events=(Event.SEND, Event.ACCEPT))
    with pytest.raises(Refused) as refusal:
        services.adding.add(_added(request))
    ((code, why),) = refusal.value.reasons
    assert (code, why.code, why.params["key"]) == ("assessment", "known_customer", "C-000002")
    assert len(services.requesting.request(request)) == 1


def _added(request: CustomerRequest) -> Addition:
    """The same customer, to be added instead."""
    ids: dict[str, Any] = {"id_type": "msx", "id": request.id} if request.id else {"id_type": "tpid", "id": "12345"}
    shared = (
        "name",
        "location",
        "engagement",
        "hours",
        "contact_name",
        "contact_email",
        "partner_name",
        "partner_email",
    )
    return Addition(**ids, **{name: getattr(request, name) for name in shared})
