"""Adding a customer: the check of an ID, what is refused and why, and the claims that come of it."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from mci_tui.domain.adding import Addition
from mci_tui.domain.claims import Event, Status
from mci_tui.domain.eligibility import Tab
from mci_tui.domain.ids import IdType
from mci_tui.errors import Invalid, NotAllowed, NotFound, Refused
from mci_tui.services import Services, making, services_at
from mci_tui.services.adding import Checked
from mci_tui.services.claims import ClaimQuestion
from mci_tui.services.customers import PageQuestion, Place
from mci_tui.services.desk import Desk
from mci_tui.services.verdicts import Own
from mci_tui.store.engine import Store, open_store
from mci_tui.store.schema import claims, customers, history, identifiers
from mci_tui.words import say
from tests.conftest import LOGIN, MovingClock
from tests.factories import HERE, THERE, Books, guid
from tests.store.derivation import derived, kept

SEATS = [{"fact": "seats", "is": "at_least", "value": 300, "reason": "fewer than 300 paid seats"}]
IN_ITALY = {"fact": "country", "is": "equals", "value": "IT", "reason": "not in Italy"}
ADDITION = Addition(
    name="Autumn wave",
    location=HERE,
    id_type="tpid",
    id="12345",
    customer_name="Corvara Distribuzione",
    country="IT",
    engagement=("assessment",),
    contact_name="Anna Bianchi",
    contact_email="anna.bianchi@corvara.example",
    partner_name="Marco Rossi",
    partner_email="m.rossi@partner.example",
)
AsOperator = Callable[[str], Services]


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location(HERE)
    made.location(THERE)
    return made


def by(id_type: str, value: str, **changes: Any) -> Addition:
    return replace(ADDITION, id_type=id_type, id=value, **changes)


def told(checked: Checked, code: str = "assessment") -> list[str]:
    """The codes of what speaks against an engagement."""
    verdict = checked.verdict(code)
    assert verdict is not None
    assert verdict.eligible is not bool(verdict.reasons)
    return [each.code for each in verdict.reasons]


def refused(services: Services, addition: Addition) -> dict[str, list[str]]:
    """Why nothing is made of an addition, by engagement; and nothing is."""
    before = services.claims.rows(ClaimQuestion())
    with pytest.raises(Refused) as refusal:
        services.adding.add(addition)
    assert refusal.value.code == "not_eligible"
    assert "engagement" in refusal.value.problems
    assert services.claims.rows(ClaimQuestion()) == before
    found: dict[str, list[str]] = {}
    for engagement, why in refusal.value.reasons:
        found.setdefault(engagement, []).append(why.code)
    return found


def in_history(store: Store, what: str) -> list[Any]:
    with store.read() as tx:
        return list(tx.execute(select(history).where(history.c.what == what).order_by(history.c.id)))


def rows_of(store: Store) -> tuple[int, ...]:
    """How many customers, IDs, claims and lines of history there are."""
    with store.read() as tx:
        return tuple(
            tx.scalar(select(func.count()).select_from(table)) or 0
            for table in (customers, identifiers, claims, history)
        )


# Locations and roles


def test_the_locations_offered_are_enrolled_not_global_and_granted(
    services: Services, as_operator: AsOperator, books: Books
) -> None:
    """S-1b S-3a"""
    books.location("1000003", enrolled=False)
    books.location("1000004", is_global=True)
    books.grant("anna", "incentives_user", THERE)
    books.grant("anna", "viewer", "*")
    books.grant("vera", "viewer", "*")
    assert [each.id for each in services.adding.locations()] == [HERE, THERE]
    assert [each.id for each in as_operator("anna").adding.locations()] == [THERE]
    assert as_operator("vera").adding.locations() == []


def test_without_a_role_there_are_no_customers_and_no_claims(as_operator: AsOperator, books: Books) -> None:
    """S-1a"""
    books.engagement()
    books.grant("rita", "referrals_admin")
    for login, code in (("nobody", "no_role"), ("rita", "role_missing")):
        desk = as_operator(login)
        for call in (
            desk.engagements.list,
            desk.engagements.counts,
            desk.adding.locations,
            lambda desk=desk: desk.customers.rows(PageQuestion("assessment"), Place()),
            lambda desk=desk: desk.customers.head(PageQuestion("assessment")),
            lambda desk=desk: desk.adding.check(ADDITION),
            lambda desk=desk: desk.adding.check_id(IdType.TPID, "12345"),
            lambda desk=desk: desk.adding.review(ADDITION),
            lambda desk=desk: desk.adding.add(ADDITION),
        ):
            with pytest.raises(NotAllowed) as refusal:
                call()
            assert refusal.value.why.code == code
    with pytest.raises(NotAllowed):
        as_operator("nobody").claims.rows(ClaimQuestion())
    assert as_operator("rita").claims.rows(ClaimQuestion()) == []  # the claims of referrals, of which there are none


def test_a_customer_is_added_only_at_a_location_that_is_granted(
    as_operator: AsOperator, books: Books, store: Store
) -> None:
    """S-1b S-1d"""
    books.engagement()
    books.grant("anna", "incentives_user", THERE)
    anna = as_operator("anna").adding
    with pytest.raises(NotAllowed) as refusal:
        anna.add(ADDITION)
    assert "incentives_user" in say(refusal.value.why)
    (attempt,) = in_history(store, "refused")
    assert (attempt.who, attempt.claim_id, attempt.note) == ("anna", None, "work")
    assert len(anna.add(replace(ADDITION, location=THERE))) == 1
    assert len(in_history(store, "refused")) == 1


@pytest.mark.parametrize("role", ["viewer", "referrals_admin"])
def test_who_may_only_look_adds_nothing(as_operator: AsOperator, books: Books, store: Store, role: str) -> None:
    """S-1d"""
    books.engagement()
    books.grant("vera", role)
    before = rows_of(store)
    with pytest.raises(NotAllowed):
        as_operator("vera").adding.add(ADDITION)
    assert rows_of(store) == (*before[:3], before[3] + 1)


def test_a_grant_taken_away_no_longer_helps_the_next_instant(elsewhere: AsOperator, books: Books, store: Store) -> None:
    """S-1d"""
    books.engagement()
    books.grant("anna", "incentives_user")
    anna = elsewhere("anna")
    assert told(anna.adding.check(ADDITION)) == []
    books.revoke("anna")
    with pytest.raises(NotAllowed):
        anna.adding.add(ADDITION)
    with pytest.raises(NotAllowed):
        anna.adding.check(ADDITION)
    assert [line.who for line in in_history(store, "refused")] == ["anna"]


def test_in_read_only_mode_nothing_is_added(place: str, store: Store, books: Books, clock: MovingClock) -> None:
    """S-1d"""
    books.engagement()
    reader = open_store(place, read_only=True)
    with pytest.raises(NotAllowed) as refusal:
        services_at(Desk(reader, clock, LOGIN)).adding.add(ADDITION)
    reader.close()
    assert refusal.value.why.code == "read_only"
    assert in_history(store, "refused") == []


# The check


def test_an_unknown_id_asks_for_company_and_country(services: Services, books: Books) -> None:
    """S-3b"""
    books.engagement()
    nameless = replace(ADDITION, customer_name=" ", country="")
    with pytest.raises(Invalid) as refusal:
        services.adding.check(nameless)
    assert {field: why.code for field, why in refusal.value.problems.items()} == {
        "customer_name": "company_missing",
        "country": "country_missing",
    }
    checked = services.adding.check(ADDITION)
    assert (checked.customer, checked.customer_name, checked.country) == (None, "Corvara Distribuzione", "IT")
    assert not checked.known
    books.identifier(books.customer("Corvara"), "tpid", "12345")
    assert services.adding.check(nameless).customer_name == "Corvara"


def test_a_customer_whose_country_nobody_told_asks_for_it_and_keeps_it(
    services: Services, books: Books, store: Store
) -> None:
    """S-3b S-9: by the country goes what is paid, and what criteria say elsewhere."""
    here, there = books.engagement(), books.engagement(code="italy", criterion=[IN_ITALY])
    customer = books.customer("Corvara", country=None)
    used = books.identifier(customer, "tpid", "12345")
    books.claim(there, customer, used, Status.APPROVED)
    books.claim(here, customer, books.identifier(customer, value=guid(1)), Status.CANCELLED)
    with pytest.raises(Invalid) as refusal:
        services.adding.add(by("tenant", guid(1), engagement=("italy",), country=" ", reason="moved"))
    assert {field: why.code for field, why in refusal.value.problems.items()} == {"country": "country_not_told"}
    assert say(refusal.value.problems["country"]).startswith("The directory does not tell the country of Corvara")
    with store.read() as tx:
        assert (there, int(Tab.NOT_ELIGIBLE), 0) in {(line[0], line[1], line[4]) for line in kept(tx)}
    (claim,) = services.adding.add(by("tenant", guid(1), engagement=("italy",), reason="moved"))
    assert (claim.country, claim.proposed_payout_usd) == ("IT", 800_000)
    with store.read() as tx:
        assert tx.scalar(select(customers.c.country)) == "IT"
        assert kept(tx) == derived(tx)


def test_an_id_alone_can_be_checked_without_a_company(services: Services, books: Books) -> None:
    """S-3b S-11c"""
    books.engagement(criterion=SEATS)
    checked = services.adding.check_id(IdType.TPID, " 0012345 ")
    assert (checked.value, checked.customer, told(checked)) == ("12345", None, ["fact_unknown"])
    with pytest.raises(Invalid) as refusal:
        services.adding.check_id(IdType.TPID, "12")
    assert refusal.value.problems["id"].code == "tpid_form"


def test_a_check_needs_a_type_and_a_value_of_its_form(services: Services) -> None:
    """S-3b"""
    for id_type, field in (("", "id_type"), ("mail", "id_type"), ("domain", "id")):
        with pytest.raises(Invalid) as refusal:
            services.adding.check(by(id_type, "https://[contoso"))
        assert list(refusal.value.problems) == [field]


def test_a_domain_is_checked_on_the_tenant_derived_from_it(services: Services, books: Books) -> None:
    """S-3c"""
    listed = books.engagement(criterion=SEATS, nomination_list=True)
    books.engagement(code="tenants", criterion=[{**SEATS[0], "id_types": ["tenant"]}])
    customer = books.customer("Corvara")
    books.identifier(customer, "domain", "corvara.example", tenant=guid(1))
    assert told(services.adding.check(by("domain", "corvara.example"))) == ["fact_unknown", "not_on_nomination_list"]
    books.identifier(customer, value=guid(1), seats=300)
    books.nominated(listed, [("tenant", guid(1), True, ""), ("domain", "corvara.example", False, "")])
    checked = services.adding.check(by("domain", "https://www.Corvara.example/"))
    assert (checked.tenant, checked.customer_name, told(checked)) == (guid(1), "Corvara", [])
    assert told(checked, "tenants") == []


def test_a_criterion_looks_at_the_type_typed(services: Services, books: Books) -> None:
    """S-3c"""
    books.engagement(criterion=[{**SEATS[0], "id_types": ["domain"]}])
    customer = books.customer("Corvara")
    books.identifier(customer, "domain", "corvara.example", tenant=guid(1))
    books.identifier(customer, value=guid(1), seats=1)
    assert told(services.adding.check(by("domain", "corvara.example"))) == ["criterion_not_met"]
    assert told(services.adding.check(by("tenant", guid(1)))) == []


def test_a_domain_without_a_tenant_asks_for_another_id(services: Services, books: Books) -> None:
    """S-3c"""
    books.engagement(criterion=SEATS)
    books.engagement(code="tpids", id_types=["tpid"])
    books.identifier(books.customer("Corvara"), "domain", "corvara.example")
    checked = services.adding.check(by("domain", "corvara.example"))
    assert told(checked) == ["id_not_resolved"]
    assert told(checked, "tpids") == ["id_type_not_accepted"]
    assert refused(services, by("domain", "corvara.example")) == {"assessment": ["id_not_resolved"]}


def test_eligibility_never_carries_over_to_another_id_of_the_customer(services: Services, books: Books) -> None:
    """S-3d"""
    listed = books.engagement(criterion=SEATS, nomination_list=True)
    customer = books.customer("Corvara")
    books.identifier(customer, "tpid", "12345", seats=300)
    books.identifier(customer, value=guid(1))
    books.identifier(customer, "subscription", guid(1))
    books.nominated(listed, [("tpid", "12345", True, "")])
    assert told(services.adding.check(by("tpid", "12345"))) == []
    for id_type in ("tenant", "subscription"):
        assert told(services.adding.check(by(id_type, guid(1)))) == ["fact_unknown", "not_on_nomination_list"]


def test_the_verdict_of_every_engagement_has_all_its_reasons(
    services: Services, as_operator: AsOperator, books: Books
) -> None:
    """S-3f S-11d"""
    books.engagement(code="free")
    books.engagement(code="there", locations=[THERE])
    books.engagement(code="seats", criterion=SEATS, nomination_list=True, ends_on=date(2026, 11, 22))
    books.engagement(code="tenants", id_types=["tenant"], ends_on=date(2026, 11, 22), locations=[THERE])
    checked = services.adding.check(ADDITION)
    assert {verdict.engagement.code: told(checked, verdict.engagement.code) for verdict in checked.verdicts} == {
        "free": [],
        "there": ["location_not_eligible"],
        "seats": ["engagement_not_active", "fact_unknown", "not_on_nomination_list"],
        "tenants": ["id_type_not_accepted", "engagement_not_active"],
    }
    books.location("1000003", enrolled=False, is_global=True)
    books.grant("anna", "incentives_user", HERE)
    elsewhere = as_operator("anna").adding.check(replace(ADDITION, location="1000003"))
    assert told(elsewhere, "there") == [
        "location_not_enrolled",
        "location_global",
        "location_not_eligible",
        "operator_not_granted",
    ]
    without = services.adding.check_id(IdType.TPID, "12345")
    assert [told(without, code) for code in ("free", "there")] == [[], []]
    with pytest.raises(Invalid) as refusal:
        services.adding.check(replace(ADDITION, location="9999999"))
    assert refusal.value.problems["location"].code == "not_found_location"


def test_a_verdict_tells_what_is_paid_and_until_when_consent_is_needed(services: Services, books: Books) -> None:
    """S-3f S-9 S-10"""
    books.engagement(consent_days=30)
    for country, cents in (("IT", 800_000), ("ES", 650_000), ("JP", 500_000)):
        verdict = services.adding.check(replace(ADDITION, country=country)).verdict("assessment")
        assert verdict is not None
        assert verdict.payout is not None
        assert (verdict.payout.amount, verdict.consent_by) == (cents, date(2026, 12, 23))


def test_hours_that_are_none_yet_give_no_payout_yet(services: Services, books: Books) -> None:
    """S-9"""
    books.variable(payout={"percent_of_acv": 10, "min_hours": 1, "max_hours": 9})
    books.identifier(books.customer(), "msx", "7-ABC123", open=True)
    for hours in ("", "many", "²", "9" * 5000):
        verdict = services.adding.check(by("msx", "7-ABC123", hours=hours)).verdict("assessment")
        assert verdict is not None
        assert verdict.payout is None


def test_what_an_opportunity_pays_is_told_with_the_hours(services: Services, books: Books) -> None:
    """S-3f S-9"""
    books.variable()
    books.identifier(books.customer(country="DE"), "msx", "7-ABC123", open=True, acv=1000, country="ES")
    verdict = services.adding.check(by("msx", "7-ABC123", hours="10")).verdict("assessment")
    assert verdict is not None
    assert verdict.payout is not None
    assert (verdict.payout.amount, verdict.payout.limited_by) == (80_000, "hours")


# Contacts


def test_ones_own_data_is_there_beforehand(services: Services, as_operator: AsOperator, books: Books) -> None:
    """S-3g"""
    assert services.adding.own() == Own("Marco Rossi", "m.rossi@partner.example", "+39 02 123 4567")
    books.grant("anna", "viewer")
    assert as_operator("anna").adding.own() == Own("anna", "", "")


def test_an_address_of_ones_own_company_is_refused_and_others_are_pointed_out(services: Services, books: Books) -> None:
    """S-3g"""
    books.engagement()
    with pytest.raises(Invalid) as refusal:
        services.adding.add(replace(ADDITION, contact_email="anna@mail.partner.example", contact_name=" "))
    assert {field: why.code for field, why in refusal.value.problems.items()} == {
        "contact_email": "email_own",
        "contact_name": "required",
    }
    review = services.adding.review(replace(ADDITION, contact_email="info@gmail.com"))
    assert [each.code for each in review.remarks] == ["free_mail", "role_address"]
    assert services.adding.review(ADDITION).remarks == ()


def test_a_tenant_that_is_not_that_of_the_mail_domain_needs_a_reason(services: Services, books: Books) -> None:
    """S-3e"""
    books.engagement()
    customer = books.customer("Corvara")
    for number in (1, 2):
        books.identifier(customer, value=guid(number))
    books.identifier(customer, "domain", "corvara.example", tenant=guid(1))
    same, other = by("tenant", guid(1)), by("tenant", guid(2))
    unknown = replace(same, contact_email="anna@mail.corvara.example")
    services.adding.review(same)
    services.adding.review(by("domain", "corvara.example", contact_email="anna@elsewhere.example"))
    for addition, code in ((other, "mismatch_reason"), (unknown, "mismatch_unknown")):
        for call in (services.adding.review, services.adding.add):
            for silent in ("", "  "):
                with pytest.raises(Refused) as refusal:
                    call(replace(addition, reason=silent))
                assert refusal.value.code == "reason_required"
                assert {field: why.code for field, why in refusal.value.problems.items()} == {"reason": code}
    (claim,) = services.adding.add(replace(other, reason=" two tenants after the merger "))
    assert (claim.reason, claim.tenant_id) == ("two tenants after the merger", guid(2))


def test_other_ids_ask_for_no_reason(services: Services, books: Books) -> None:
    """S-3e"""
    books.engagement()
    assert services.adding.review(ADDITION).addition.reason == ""
    assert services.adding.review(by("subscription", guid(5))).addition.reason == ""


# Review and confirmation


def test_the_review_shows_everything_and_writes_nothing(services: Services, books: Books, store: Store) -> None:
    """S-3h"""
    books.engagement()
    books.engagement(code="second", payout={"fixed": {"A": 1, "B": 2, "C": 3}})
    before = rows_of(store)
    review = services.adding.review(replace(ADDITION, id="0012345", engagement=("second", "assessment")))
    assert review.addition.id == "12345"
    assert review.location.id == HERE
    assert [(each.engagement.code, each.payout and each.payout.amount) for each in review.chosen] == [
        ("second", 100),
        ("assessment", 800_000),
    ]
    assert rows_of(store) == before


def test_a_customer_is_added_to_every_engagement_chosen(services: Services, books: Books, store: Store) -> None:
    """S-3i S-5a S-9"""
    books.engagement(consent_days=30)
    books.engagement(code="second", consent_days=10)
    books.engagement(code="third")
    made = services.adding.add(
        replace(ADDITION, engagement=("assessment", "second"), contact_phone="+39 02-1234567", country="it")
    )
    assert [(claim.claim_id, claim.engagement, claim.consent_due_on) for claim in made] == [
        ("CLM-000001", "assessment", date(2026, 12, 23)),
        ("CLM-000002", "second", date(2026, 12, 3)),
    ]
    for claim in made:
        assert services.claims.show(claim.claim_id).claim == claim
        (row,) = services.customers.rows(PageQuestion(claim.engagement, Tab.ELIGIBLE), Place())
        assert (row.claim_id, row.customer_name, row.claim_name) == (claim.claim_id, claim.customer_name, "Autumn wave")
        assert (claim.status, claim.origin, claim.created_by) == (Status.CUSTOMER_CLAIMED, "added", LOGIN)
        assert (claim.id_type, claim.id_value, claim.country, claim.location_id) == ("tpid", "12345", "IT", HERE)
        assert (claim.contact_email, claim.contact_phone) == ("anna.bianchi@corvara.example", "+39 02 123 4567")
        assert (claim.proposed_payout_usd, claim.payout_limited_by, claim.hours) == (800_000, "fixed", None)
        assert (claim.created_at, claim.due_what, claim.deal_size_usd) == (books.clock(), "consent", None)
        assert [line.what for line in services.claims.show(claim.claim_id).history] == ["added"]
    assert services.customers.rows(PageQuestion("third", Tab.ELIGIBLE), Place()) == []
    assert rows_of(store)[:3] == (1, 1, 2)


def test_claim_numbers_rise(services: Services, books: Books) -> None:
    """S-3i"""
    books.engagement()
    numbers = [services.adding.add(by("tpid", f"{number}"))[0].claim_id for number in range(1000, 1004)]
    assert numbers == ["CLM-000001", "CLM-000002", "CLM-000003", "CLM-000004"]


def test_if_one_engagement_refuses_none_is_made(services: Services, books: Books, store: Store) -> None:
    """S-3i S-3f"""
    books.engagement()
    books.engagement(code="seats", criterion=SEATS, ends_on=date(2026, 11, 22))
    before = rows_of(store)
    assert refused(services, replace(ADDITION, engagement=("assessment", "seats"))) == {
        "seats": ["engagement_not_active", "fact_unknown"]
    }
    assert rows_of(store) == before


def test_if_the_second_claim_fails_the_first_is_taken_back(
    services: Services, books: Books, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-3i"""
    books.engagement()
    books.engagement(code="second")
    before = rows_of(store)
    calls = iter((None, RuntimeError("power cut")))

    def failing(*_arguments: Any) -> None:
        if (error := next(calls)) is not None:
            raise error

    monkeypatch.setattr(making, "refresh", failing)
    with pytest.raises(RuntimeError):
        services.adding.add(replace(ADDITION, engagement=("assessment", "second")))
    assert rows_of(store) == before


def test_variable_pay_takes_exactly_one_engagement(services: Services, books: Books, store: Store) -> None:
    """S-3f"""
    books.variable()
    books.variable(code="second")
    books.identifier(books.customer(), "msx", "7-ABC123", open=True, acv=1000, country="IT")
    before = rows_of(store)
    with pytest.raises(Refused) as refusal:
        services.adding.add(by("msx", "7-ABC123", hours="10", engagement=("assessment", "second")))
    assert refusal.value.code == "single_engagement"
    assert rows_of(store) == before


def test_an_engagement_named_twice_is_chosen_once(services: Services, books: Books) -> None:
    """S-3i S-6e"""
    books.engagement(max_active_claims=1)
    assert len(services.adding.add(replace(ADDITION, engagement=("assessment", "assessment")))) == 1


def test_an_engagement_that_is_not_there_is_not_found(services: Services, books: Books) -> None:
    """S-3i"""
    books.engagement()
    with pytest.raises(NotFound):
        services.adding.add(replace(ADDITION, engagement=("assessment", "second")))


def test_everything_wrong_with_the_form_is_told_at_once(services: Services, books: Books, store: Store) -> None:
    """S-3i"""
    books.engagement()
    before = rows_of(store)
    with pytest.raises(Invalid) as refusal:
        services.adding.add(replace(ADDITION, name="", contact_email="anna", partner_name="", hours="many"))
    assert set(refusal.value.problems) == {"name", "contact_email", "partner_name", "hours"}
    assert set(services.adding.problems(Addition(location=HERE))) > {"name", "id_type", "engagement"}
    assert rows_of(store) == before


def test_hours_are_for_variable_pay_only(services: Services, books: Books) -> None:
    """S-3f"""
    books.engagement()
    with pytest.raises(Invalid) as refusal:
        services.adding.add(replace(ADDITION, hours="10"))
    assert refusal.value.problems["hours"].code == "hours_fixed_pay"


def test_text_that_could_act_on_a_terminal_or_a_database_is_made_safe(services: Services, books: Books) -> None:
    """S-3i"""
    books.engagement()
    hostile = {field.name: "\x1b[2J\x00a\u202eb\nc" for field in fields(Addition) if field.name in _FREE}
    (claim,) = services.adding.add(replace(ADDITION, **hostile))  # type: ignore[arg-type]
    told = (claim.claim_name, claim.customer_name, claim.contact_name, claim.contact_title, claim.partner_name)
    assert {*told, claim.reason} == {"�[2J�ab c"}


_FREE = ("name", "customer_name", "contact_name", "contact_title", "partner_name", "reason")


# Added or requested, never both; limits


def test_whoever_stands_in_eligible_is_requested_and_not_added(services: Services, books: Books) -> None:
    """S-2g"""
    books.engagement()
    customer = books.known("Corvara", books.engagement(code="elsewhere"), number=1)
    books.identifier(customer, "tpid", "12345")
    books.identifier(customer, "domain", "corvara.example", tenant=guid(1))
    for addition in (by("tenant", guid(1)), by("tpid", "12345"), by("domain", "corvara.example")):
        assert refused(services, addition) == {"assessment": ["known_customer"]}


def test_whoever_has_an_open_claim_is_not_added_again(services: Services, books: Books) -> None:
    """S-2g"""
    offer = books.engagement()
    customer = books.customer("Corvara")
    books.identifier(customer, "tpid", "12345")
    books.claim(offer, customer, books.identifier(customer, value=guid(1)), Status.AWAITING_CONSENT)
    assert refused(services, by("tenant", guid(1))) == {"assessment": ["open_claim"]}
    verdict = services.adding.check(ADDITION).verdict("assessment")
    assert verdict is not None
    assert [say(each) for each in verdict.reasons] == ["Corvara already has the open claim CLM-000001"]


@pytest.mark.parametrize("known", [False, True])
def test_a_domain_means_the_customer_of_its_tenant_too(services: Services, books: Books, known: bool) -> None:
    """S-2g"""
    offer, elsewhere = books.engagement(), books.engagement(code="elsewhere")
    used = books.identifier(owner := books.customer("Owner of the tenant"), value=guid(1))
    if known:
        books.claim(elsewhere, owner, used, Status.APPROVED)
    else:
        books.claim(offer, owner, used)
    books.identifier(books.customer("Owner of the domain"), "domain", "corvara.example", tenant=guid(1))
    found = refused(services, by("domain", "corvara.example"))
    assert found == {"assessment": ["known_customer" if known else "open_claim"]}


@pytest.mark.parametrize("known", [False, True])
def test_a_tenant_means_the_customer_of_a_domain_that_belongs_to_it(
    services: Services, books: Books, known: bool
) -> None:
    """S-2g"""
    offer, elsewhere = books.engagement(), books.engagement(code="elsewhere")
    owner = books.customer("Owner of the domain")
    used = books.identifier(owner, "domain", "corvara.example", tenant=guid(1))
    if known:
        books.claim(elsewhere, owner, used, Status.APPROVED)
    else:
        books.claim(offer, owner, used)
    found = refused(services, by("tenant", guid(1)))
    assert found == {"assessment": ["known_customer" if known else "open_claim"]}


def test_a_known_customer_who_is_not_eligible_may_be_added_by_another_id(services: Services, books: Books) -> None:
    """S-2g S-3d S-4b"""
    books.engagement(criterion=SEATS)
    customer = books.known("Corvara", books.engagement(code="elsewhere"), number=1, seats=1)
    books.identifier(customer, "tpid", "12345", seats=300)
    assert refused(services, by("tenant", guid(1), reason="x")) == {"assessment": ["criterion_not_met"]}
    checked = services.adding.check(ADDITION)
    assert (checked.known, checked.customer, told(checked)) == (True, "C-000001", [])
    (claim,) = services.adding.add(ADDITION)
    assert (claim.customer, claim.id_type) == ("C-000001", "tpid")
    assert refused(services, ADDITION) == {"assessment": ["open_claim"]}


def test_after_the_last_day_nobody_is_added(services: Services, books: Books, clock: MovingClock) -> None:
    """S-10 S-2g"""
    books.engagement(ends_on=date(2026, 11, 23))
    customer = books.known("Corvara", books.engagement(code="elsewhere"), number=1)
    books.identifier(customer, "tpid", "12345")
    assert refused(services, ADDITION) == {"assessment": ["known_customer"]}
    clock.passes(days=1)
    assert refused(services, ADDITION) == {"assessment": ["engagement_not_active"]}


def test_the_limits_of_the_engagement_hold(services: Services, books: Books) -> None:
    """S-6e"""
    offer = books.engagement(criterion=SEATS, max_active_claims=2, max_total_claims=2)
    customer = books.known("Corvara", books.engagement(code="elsewhere"), number=1, seats=1)
    used = books.identifier(customer, "tpid", "12345", seats=300)
    for status in (Status.CONSENT_DECLINED, Status.CONSENT_EXPIRED, Status.REJECTED_FINAL, Status.CANCELLED):
        books.claim(offer, customer, used, status)
    assert told(services.adding.check(by("tpid", "12345"))) == ["known_customer"]
    books.claim(offer, customer, used, Status.APPROVED)
    books.identifier(customer, "tpid", "54321", seats=300)
    services.adding.check(by("tpid", "54321"))
    books.claim(offer, customer, used, Status.REJECTED)
    assert told(services.adding.check(by("tpid", "54321"))) == ["total_claim_limit", "open_claim"]
    books.claim(offer, customer, used, Status.DISPUTED)
    assert told(services.adding.check(by("tpid", "54321"))) == [
        "active_claim_limit",
        "total_claim_limit",
        "open_claim",
        "open_claim",
    ]


def test_an_opportunity_serves_one_open_claim(services: Services, books: Books) -> None:
    """S-4c"""
    offer = books.variable()
    customer = books.customer("Corvara")
    used = books.identifier(customer, "msx", "7-ABC123", open=True, acv=1000, country="IT")
    books.claim(offer, customer, used)
    assert told(services.adding.check(by("msx", "7-abc123"))) == ["open_claim", "opportunity_in_use"]


def test_a_later_catalogue_moves_no_deadline_and_no_payout(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-10 S-9"""
    books.engagement(consent_days=30)
    (claim,) = services.adding.add(ADDITION)
    books.engagement(consent_days=1, payout={"fixed": {"A": 1, "B": 1, "C": 1}})
    clock.passes(days=30)
    assert services.claims.show(claim.claim_id).claim == replace(claim, days_left=0)
    clock.passes(days=1)
    lapsed = services.claims.show(claim.claim_id).claim
    assert (lapsed.status, lapsed.proposed_payout_usd) == (Status.CONSENT_EXPIRED, 800_000)
    assert lapsed.ended_at == datetime(2026, 12, 23, 23, tzinfo=UTC)


def test_a_customer_made_here_is_found_again_by_its_id(services: Services, books: Books) -> None:
    """S-3b S-3d"""
    offer = books.engagement()
    (claim,) = services.adding.add(ADDITION)
    books.claim(offer, 1, 1, events=(Event.SEND, Event.ACCEPT))
    again = services.adding.check(replace(ADDITION, customer_name="", country=""))
    assert (again.customer, again.customer_name, again.country) == (claim.customer, "Corvara Distribuzione", "IT")
    assert again.known
