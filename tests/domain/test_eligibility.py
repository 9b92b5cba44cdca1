"""Who is eligible for what, with every reason against it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mci_tui.domain.claims import OPEN, Status
from mci_tui.domain.eligibility import (
    Customer,
    CustomerId,
    Location,
    Nomination,
    Nominations,
    PairClaim,
    Tab,
    against_id,
    against_limits,
    against_location,
    against_time,
    lines,
    request_by,
)
from mci_tui.domain.engagements import Fact
from mci_tui.domain.ids import IdType
from mci_tui.errors import Reason
from mci_tui.words import say
from tests.factories import HERE, THERE, engagement, guid, variable_engagement

TENANT, OTHER_TENANT = guid(1), guid(2)


def no_list(_listed_as: tuple[str, str]) -> Nomination | None:
    return None


def listed(lines: Mapping[tuple[str, str], Nomination]) -> Nominations:
    return lines.get


def criterion(fact: str, comparison: str, value: Any = None, why: str = "no", **more: Any) -> dict[str, Any]:
    return {
        "fact": fact,
        "is": comparison,
        **({} if value is None else {"value": value}),
        "reason": why,
        **more,
    }


def tenant(*, row: int = 0, value: str = TENANT, **facts: Fact) -> CustomerId:
    return CustomerId(IdType.TENANT, value, facts, row=row)


def codes(reasons: Iterable[Reason]) -> list[str]:
    return [each.code for each in reasons]


MET, NOT_MET, UNKNOWN = [], ["criterion_not_met"], ["fact_unknown"]  # type: ignore[var-annotated]


@pytest.mark.parametrize(
    ("comparison", "value", "fact", "expected"),
    [
        ("equals", "retail", "retail", MET),
        ("equals", "retail", "RETAIL", MET),
        ("equals", "Straße", "STRASSE", MET),
        ("equals", "retail", "public", NOT_MET),
        ("equals", "300", 300, UNKNOWN),
        ("equals", 300, 300, MET),
        ("equals", 300, Decimal("300.0"), MET),
        ("equals", 300, "300", UNKNOWN),
        ("equals", True, True, MET),
        ("equals", True, False, NOT_MET),
        ("equals", True, 1, UNKNOWN),
        ("equals", 1, True, UNKNOWN),
        ("not_equals", "public", "retail", MET),
        ("not_equals", "public", "Public", NOT_MET),
        ("not_equals", "public", 7, UNKNOWN),
        ("not_equals", False, False, NOT_MET),
        ("one_of", ["IT", "DE"], "it", MET),
        ("one_of", ["IT", "DE"], "FR", NOT_MET),
        ("one_of", ["IT", "DE"], 5, UNKNOWN),
        ("one_of", ["IT", 5], Decimal("5.0"), MET),
        ("one_of", ["IT", 5], 6, NOT_MET),
        ("none_of", ["IT", "DE"], "FR", MET),
        ("none_of", ["IT", "DE"], "de", NOT_MET),
        ("none_of", ["IT", "DE"], True, UNKNOWN),
        ("at_least", 300, 300, MET),
        ("at_least", 300, 299, NOT_MET),
        ("at_least", Decimal("0.5"), Decimal("0.50"), MET),
        ("at_least", 300, Decimal("299.99"), NOT_MET),
        ("at_least", 300, "many", UNKNOWN),
        ("at_least", 1, True, UNKNOWN),
        ("at_most", 300, 300, MET),
        ("at_most", 300, 301, NOT_MET),
        ("at_most", 300, "few", UNKNOWN),
        ("present", None, "anything", MET),
        ("present", None, 0, MET),
        ("present", None, False, MET),
    ],
)
def test_every_comparison_holds_or_says_why_not(comparison: str, value: Any, fact: Fact, expected: list[str]) -> None:
    """S-11d"""
    offer = engagement(criterion=[criterion("known", comparison, value)])
    assert codes(against_id(offer, tenant(known=fact), no_list)) == expected


@pytest.mark.parametrize(
    ("comparison", "value"),
    [
        ("equals", "x"),
        ("not_equals", "x"),
        ("one_of", ["x"]),
        ("none_of", ["x"]),
        ("at_least", 1),
        ("at_most", 1),
        ("present", None),
    ],
)
def test_a_missing_fact_speaks_against_the_id_and_is_named(comparison: str, value: Any) -> None:
    """S-11d"""
    offer = engagement(criterion=[criterion("seats", comparison, value)])
    (found,) = against_id(offer, tenant(), no_list)
    assert say(found) == f"seats is not known for Tenant ID {TENANT}"


def test_the_fact_not_known_of_a_domain_is_one_of_its_tenant() -> None:
    """S-3c"""
    offer = engagement(criterion=[criterion("seats", "at_least", 1)])
    (found,) = against_id(offer, CustomerId(IdType.DOMAIN, "contoso.example", {}, TENANT), no_list)
    assert say(found) == f"seats is not known for Tenant ID {TENANT}"


def test_every_reason_that_holds_is_given() -> None:
    """S-11d"""
    offer = engagement(
        criterion=[
            criterion("seats", "at_least", 300, "fewer than 300 paid seats"),
            criterion("segment", "not_equals", "public", "public bodies have an offer of their own"),
            criterion("managed", "equals", True),
        ],
        nomination_list=True,
    )
    found = against_id(offer, tenant(seats=12, segment="public"), no_list)
    assert codes(found) == ["criterion_not_met", "criterion_not_met", "fact_unknown", "not_on_nomination_list"]
    assert [say(each) for each in found[:2]] == [
        "fewer than 300 paid seats",
        "public bodies have an offer of their own",
    ]


def test_an_id_type_that_is_not_accepted_stands_alone() -> None:
    """S-11d"""
    offer = engagement(id_types=["tpid"], criterion=[criterion("seats", "at_least", 300)], nomination_list=True)
    (found,) = against_id(offer, tenant(), no_list)
    assert found.code == "id_type_not_accepted"
    assert say(found) == "this engagement takes only: Top parent ID (TPID)"


def test_a_domain_without_a_tenant_cannot_be_checked() -> None:
    """S-3c"""
    offer = engagement(criterion=[criterion("seats", "at_least", 300)], nomination_list=True)
    (found,) = against_id(offer, CustomerId(IdType.DOMAIN, "contoso.example"), no_list)
    assert say(found) == "no tenant is known for contoso.example: use the tenant ID or the TPID"


def test_reasons_show_an_international_domain_in_its_own_letters() -> None:
    """S-8"""
    offer = engagement(nomination_list=True)
    (unknown,) = against_id(offer, CustomerId(IdType.DOMAIN, "xn--mnchen-3ya.example"), no_list)
    (unlisted,) = against_id(offer, CustomerId(IdType.DOMAIN, "xn--mnchen-3ya.example", {}, TENANT), no_list)
    assert say(unknown).startswith("no tenant is known for münchen.example:")
    assert say(unlisted).startswith("münchen.example (")


def test_a_domain_is_checked_on_its_tenants_line_of_the_nomination_list() -> None:
    """S-3c"""
    offer = engagement(nomination_list=True)
    domain = CustomerId(IdType.DOMAIN, "contoso.example", {}, TENANT)
    assert against_id(offer, domain, listed({("tenant", TENANT): Nomination(True)})) == []
    by_name = listed({("domain", "contoso.example"): Nomination(True)})
    (found,) = against_id(offer, domain, by_name)
    assert found.code == "not_on_nomination_list"
    assert say(found) == f"contoso.example ({TENANT}) is not on the engagement's nomination list"


def test_a_criterion_for_some_id_types_looks_at_the_type_typed() -> None:
    """S-3c"""
    offer = engagement(criterion=[criterion("seats", "at_least", 300, id_types=["tenant"])])
    assert codes(against_id(offer, tenant(seats=1), no_list)) == ["criterion_not_met"]
    assert against_id(offer, CustomerId(IdType.DOMAIN, "contoso.example", {"seats": 1}, TENANT), no_list) == []
    assert against_id(offer, CustomerId(IdType.TPID, "12345", {"seats": 1}), no_list) == []


def test_eligibility_never_carries_over_to_another_id() -> None:
    """S-3d"""
    offer = engagement(criterion=[criterion("seats", "at_least", 300)], nomination_list=True)
    on_list = listed({("tpid", "12345"): Nomination(True)})
    assert against_id(offer, CustomerId(IdType.TPID, "12345", {"seats": 900}), on_list) == []
    assert codes(against_id(offer, tenant(), on_list)) == ["fact_unknown", "not_on_nomination_list"]
    subscription = CustomerId(IdType.SUBSCRIPTION, TENANT, {"seats": 900})
    same_digits = listed({("tenant", TENANT): Nomination(True)})
    assert codes(against_id(offer, subscription, same_digits)) == ["not_on_nomination_list"]


def test_a_line_that_says_no_gives_its_own_reason() -> None:
    """S-11d"""
    offer = engagement(nomination_list=True)
    lines_of_list = listed({("tenant", TENANT): Nomination(False, "won in an earlier year")})
    (found,) = against_id(offer, tenant(), lines_of_list)
    assert (found.code, say(found)) == ("not_on_nomination_list", "won in an earlier year")
    (found,) = against_id(offer, tenant(), listed({("tenant", TENANT): Nomination(False)}))
    assert say(found) == f"{TENANT} is not on the engagement's nomination list"


def test_only_an_opportunity_can_be_closed() -> None:
    """S-4c S-11d"""
    closed = CustomerId(IdType.MSX, "7-ABC123", {"open": False})
    assert codes(against_id(variable_engagement(), closed, no_list)) == ["opportunity_closed"]
    assert against_id(engagement(), tenant(open=False), no_list) == []


LIMIT_CASES = [
    ((), [], []),
    ((Status.CUSTOMER_CLAIMED,), ["active_claim_limit"], []),
    ((Status.REJECTED,), ["active_claim_limit"], []),
    ((Status.DISPUTED,), ["active_claim_limit"], []),
    ((Status.APPROVED,), [], []),
    ((Status.APPROVED, Status.APPROVED), [], ["total_claim_limit"]),
    ((Status.APPROVED, Status.SUBMITTED), ["active_claim_limit"], ["total_claim_limit"]),
    ((Status.CONSENT_DECLINED, Status.CONSENT_EXPIRED, Status.CANCELLED, Status.REJECTED_FINAL), [], []),
    ((Status.NOT_SUBMITTED_EXPIRED, Status.POST_SUBMISSION_EXPIRED, Status.DISPUTED_EXPIRED), [], []),
    ((Status.SUBMITTED, Status.SUBMITTED, Status.SUBMITTED), ["active_claim_limit"], ["total_claim_limit"]),
]


@pytest.mark.parametrize(("statuses", "active", "total"), LIMIT_CASES)
def test_open_claims_are_active_and_approved_ones_count_among_all(
    statuses: tuple[Status, ...], active: list[str], total: list[str]
) -> None:
    """S-6e S-2c"""
    assert codes(against_limits(engagement(max_active_claims=1), statuses)) == active
    assert codes(against_limits(engagement(max_total_claims=2), statuses)) == total
    assert codes(against_limits(engagement(max_active_claims=1, max_total_claims=2), statuses)) == active + total
    assert against_limits(engagement(), statuses) == []


def test_an_engagement_runs_from_its_first_to_its_last_day() -> None:
    """S-10"""
    offer = engagement(starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30))
    for day in (date(2026, 7, 1), date(2027, 6, 30)):
        assert against_time(offer, day) == []
    for day in (date(2026, 6, 30), date(2027, 7, 1)):
        (found,) = against_time(offer, day)
        assert found.code == "engagement_not_active"
        assert say(found) == "the engagement runs from 1 Jul 2026 to 30 Jun 2027"


def test_every_reason_against_a_location_is_given() -> None:
    """S-1b S-3a"""
    narrow = engagement(locations=[THERE])
    here = Location(HERE, "Torino", "IT", enrolled=True, is_global=False)
    assert against_location(here, granted=True) == []
    assert against_location(here, granted=True, engagement=engagement()) == []
    wrong = Location(HERE, "Meridiana", "IT", enrolled=False, is_global=True)
    assert codes(against_location(wrong, granted=False, engagement=narrow)) == [
        "location_not_enrolled",
        "location_global",
        "location_not_eligible",
        "operator_not_granted",
    ]


def test_a_known_customer_is_requested_by_the_latest_consented_id_that_is_accepted() -> None:
    """S-4b"""
    domain = CustomerId(IdType.DOMAIN, "contoso.example", {}, TENANT, row=5)
    customer = Customer(1, True, consented=[CustomerId(IdType.TPID, "12345", row=9), domain, tenant(row=3)])
    assert request_by(engagement(id_types=["domain", "tenant"]), customer, [], no_list) == (domain, [])
    found, against = request_by(engagement(id_types=["subscription"]), customer, [], no_list)
    assert (found, codes(against)) == (None, ["id_type_not_accepted"])


def test_an_earlier_id_does_not_step_in_for_one_that_fails() -> None:
    """S-3d S-4b"""
    offer = engagement(criterion=[criterion("seats", "at_least", 300)])
    customer = Customer(1, True, consented=[tenant(row=3), tenant(row=2, value=OTHER_TENANT, seats=900)])
    found, against = request_by(offer, customer, [], no_list)
    assert found is not None
    assert (found.row, codes(against)) == (3, ["fact_unknown"])


def opportunity(row: int, **facts: Fact) -> CustomerId:
    return CustomerId(IdType.MSX, f"7-ABC00{row}", {"open": True, **facts}, row=row)


def test_variable_pay_takes_the_first_opportunity_that_is_open_free_and_meets_the_criteria() -> None:
    """S-4c"""
    offer = variable_engagement(criterion=[criterion("acv", "at_least", 1000)])
    chances = [
        opportunity(1, open=False, acv=9000),
        opportunity(2, acv=10),
        opportunity(3, acv=9000),
        opportunity(4, acv=9000),
    ]
    customer = Customer(1, True, opportunities=chances)
    using = [PairClaim(7, Status.AWAITING_CONSENT, opportunity=3)]
    used = [PairClaim(7, Status.CANCELLED, opportunity=3)]
    assert request_by(offer, customer, [], no_list) == (chances[2], [])
    assert request_by(offer, customer, using, no_list) == (chances[3], [])
    assert request_by(offer, customer, used, no_list) == (chances[2], [])
    found, against = request_by(offer, Customer(1, True, opportunities=chances[:2]), [], no_list)
    assert (found, codes(against)) == (None, ["criterion_not_met"])
    found, against = request_by(offer, Customer(1, True), [], no_list)
    assert (found, codes(against)) == (None, ["opportunity_closed"])


KNOWN = Customer(1, True, consented=[tenant(row=3, seats=300)])
UNKNOWN_CUSTOMER = Customer(1, False)


def test_a_customer_who_is_not_known_has_claim_rows_only() -> None:
    """S-2a S-2c"""
    assert lines(engagement(), UNKNOWN_CUSTOMER, [], no_list) == []
    claim = PairClaim(7, Status.AWAITING_CONSENT)
    assert lines(engagement(), UNKNOWN_CUSTOMER, [claim], no_list) == [(Tab.ELIGIBLE, 7, 0)]


@pytest.mark.parametrize("status", Status)
def test_a_claim_stands_in_eligible_while_it_is_open_and_then_in_complete(status: Status) -> None:
    """S-2b S-2e"""
    tab = Tab.ELIGIBLE if status in OPEN else Tab.COMPLETE
    assert lines(engagement(), UNKNOWN_CUSTOMER, [PairClaim(7, status)], no_list) == [(tab, 7, 0)]


def test_a_claim_taken_off_the_page_stands_in_no_tab() -> None:
    """S-2f"""
    gone = PairClaim(7, Status.CONSENT_EXPIRED, on_page=False)
    assert lines(engagement(), UNKNOWN_CUSTOMER, [gone], no_list) == []
    assert lines(engagement(), KNOWN, [gone], no_list) == [(Tab.ELIGIBLE, 0, 3)]


def test_a_known_customer_has_exactly_one_customer_row_besides_the_claims() -> None:
    """S-2b S-2c"""
    done, running = PairClaim(7, Status.APPROVED), PairClaim(8, Status.SUBMITTED)
    limited = engagement(max_active_claims=1)
    assert lines(limited, KNOWN, [done], no_list) == [(Tab.COMPLETE, 7, 0), (Tab.ELIGIBLE, 0, 3)]
    assert lines(limited, KNOWN, [done, running], no_list) == [
        (Tab.COMPLETE, 7, 0),
        (Tab.ELIGIBLE, 8, 0),
        (Tab.NOT_ELIGIBLE, 0, 3),
    ]
    strict = engagement(criterion=[criterion("seats", "at_least", 301)])
    assert lines(strict, KNOWN, [], no_list) == [(Tab.NOT_ELIGIBLE, 0, 3)]


def test_an_opportunity_only_engagement_has_no_lines_in_not_eligible() -> None:
    """S-2d"""
    assert lines(variable_engagement(), KNOWN, [], no_list) == []
    with_chance = Customer(1, True, consented=[tenant(row=3)], opportunities=[opportunity(4)])
    assert lines(variable_engagement(), with_chance, [], no_list) == [(Tab.ELIGIBLE, 0, 4)]
