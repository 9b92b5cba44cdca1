"""What each kind of table may hold."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from mci_tui.domain import cells
from mci_tui.domain.cells import Parse, Value
from mci_tui.domain.tables import CLAIMS, DIRECTORY, KINDS, LOCATIONS, OPPORTUNITIES, facts_of
from mci_tui.errors import WrongValue


def why_not(parse: Parse, text: str) -> str:
    with pytest.raises(WrongValue) as refusal:
        parse(text)
    return refusal.value.why.code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("FALSE", False),
        ("0", 0),
        ("300", 300),
        ("-12", -12),
        ("7.50", Decimal("7.50")),
        ("0.1", Decimal("0.1")),
        ("007", "007"),
        ("00.5", "00.5"),
        ("1e9", "1e9"),
        ("+5", "+5"),
        ("yes", "yes"),
        ("1" * 19, "1" * 19),
        ("E5, 300", "E5, 300"),
    ],
)
def test_a_fact_is_true_or_false_a_number_or_text(text: str, value: Value) -> None:
    found = cells.fact(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", ["1,5", "1,000", "1.000,50", "-0,5", "1,000.50"])
def test_a_number_with_a_comma_is_refused_in_words_for_facts_too(text: str) -> None:
    assert why_not(cells.fact, text) == "number_comma"
    assert why_not(cells.number, text) == "number_comma"
    assert why_not(cells.money, text) == "number_comma"


@pytest.mark.parametrize("text", ["", "ten", "1.", ".5", "1 000", "0x10", "NaN", "Infinity", "1_000", "٣"])
def test_what_is_no_number_is_refused(text: str) -> None:
    assert why_not(cells.number, text) == "not_number"


def test_a_decimal_number_has_no_more_digits_than_are_kept_exactly() -> None:
    assert cells.number("-123456789.012345") == Decimal("-123456789.012345")
    assert why_not(cells.number, "123456789012.0123") == "number_digits"


def test_amounts_are_exact_and_in_whole_cents() -> None:
    assert cells.money("8000") == Decimal("8000.00")
    assert cells.money("9999999999.99") == cells.MAX_MONEY
    assert why_not(cells.money, "10000000000") == "amount_range"
    assert why_not(cells.money, "-1") == "amount_range"
    assert why_not(cells.money, "0.001") == "amount_cents"


def test_a_deal_size_is_above_nothing() -> None:
    """S-5c"""
    assert cells.deal_size("0.01") == Decimal("0.01")
    assert why_not(cells.deal_size, "0.00") == "amount_zero"


def test_hours_are_whole() -> None:
    assert cells.hours("40") == 40
    wrong = ("0", "-3", "1.5", "1,5", "1e9", "1000000", "sixteen", "²", "016", "9" * 5000)
    assert [why_not(cells.hours, text) for text in wrong] == ["hours_whole"] * len(wrong)


def test_days_are_iso_days_that_exist() -> None:
    assert cells.day("2024-02-29") == date(2024, 2, 29)
    assert why_not(cells.day, "2026-02-29") == "no_such_day"
    assert [why_not(cells.day, text) for text in ("20260101", "1/2/2026", "2026-1-1", "2026-W01-1")] == ["not_date"] * 4


def test_an_instant_needs_its_zone() -> None:
    assert cells.day_or_instant("2026-11-03") == date(2026, 11, 3)
    assert cells.day_or_instant("2026-11-03T09:30:00Z") == datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
    assert why_not(cells.day_or_instant, "2026-11-03T09:30:00") == "instant_zone"
    assert why_not(cells.day_or_instant, "3 November 2026") == "not_date"


def test_choices_are_read_in_any_case_with_either_dash() -> None:
    parse = cells.one_of("consent_received", "approved")
    assert parse("Consent-Received") == "consent_received"
    assert why_not(parse, "received") == "not_a_choice"


def test_countries_and_locations_have_their_forms() -> None:
    """S-8"""
    assert cells.country("it") == "IT"
    assert why_not(cells.country, "ITA") == "country_form"
    assert [why_not(cells.country, text) for text in ("UK", "el", "XX", "EU")] == ["country_unknown"] * 4
    assert cells.location_or_all("*") == "*"
    assert cells.location_or_all("0012345") == "0012345"
    assert why_not(cells.location_or_all, "12345") == "location_form"


def test_a_text_too_long_is_refused_with_its_limit() -> None:
    assert cells.text(5)("abcde") == "abcde"
    assert why_not(cells.text(5), "abcdef") == "too_long"
    assert why_not(cells.fact, "x" * 501) == "too_long"


def test_every_kind_asks_for_the_columns_that_the_contract_names() -> None:
    assert {name: kind.required for name, kind in KINDS.items()} == {
        "locations": ("location_id", "name", "country", "enrolled"),
        "operators": ("login", "role", "location_id"),
        "directory": ("customer", "customer_name", "id_type", "id_value"),
        "nominations": ("engagement", "id_type", "id_value", "eligible"),
        "opportunities": ("msx_id", "customer", "customer_name", "country", "acv_usd", "open"),
        "claims": (
            *("engagement", "customer", "customer_name", "origin", "location_id"),
            *("id_type", "id_value", "status", "created_on"),
        ),
        "decisions": ("claim_id", "status", "decided_on"),
    }


def test_fact_columns_are_found_where_the_kind_has_facts() -> None:
    column = DIRECTORY.find("fact:seats")
    assert column is not None
    assert column.parse("300") == 300
    assert LOCATIONS.find("fact:seats") is None
    assert [DIRECTORY.find(f"fact:{name}") for name in ("", "Seats", "1st", "a b", "x" * 61)] == [None] * 5


def test_facts_that_are_always_there_cannot_be_brought_in() -> None:
    for name in ("fact:country", "fact:deal_size", "fact:hours"):
        problem = DIRECTORY.fact_problem(name)
        assert problem is not None
        assert problem.code == "fact_reserved"
        assert DIRECTORY.find(name) is None
    assert DIRECTORY.find("fact:acv") is not None
    assert OPPORTUNITIES.find("fact:acv") is None


def test_the_facts_of_a_line_are_given_by_name() -> None:
    assert facts_of({"customer": "K1", "fact:seats": 300, "fact:managed": None}) == {"seats": 300, "managed": None}


def test_a_domain_has_no_facts_and_only_a_domain_belongs_to_a_tenant() -> None:
    """S-3c"""
    assert not DIRECTORY.check({"id_type": "domain", "tenant_id": "t", "fact:seats": None})
    assert DIRECTORY.check({"id_type": "domain", "fact:seats": 3})["fact:seats"].code == "fact_on_domain"
    assert DIRECTORY.check({"id_type": "tpid", "tenant_id": "t"})["tenant_id"].code == "tenant_on_other"
    assert not DIRECTORY.check({"id_type": "tpid", "tenant_id": None, "fact:seats": 3})
    assert DIRECTORY.check({"id_type": "msx"})["id_type"].code == "directory_msx"


def test_claims_take_the_exports_names_and_pass_over_what_it_derives() -> None:
    for export, own in (
        ("created_at", "created_on"),
        ("consent_at", "consent_on"),
        ("submitted_at", "submitted_on"),
        ("ended_at", "ended_on"),
    ):
        column = CLAIMS.find(export)
        assert column is not None
        assert column.name == own
    exported = (
        "claim_id claim_name engagement engagement_name solution_area pay origin customer customer_name "
        "country id_type id_value tenant_id reason location_id status status_since on_page created_at "
        "created_by consent_due_on consent_sent_at consent_at answer_given_by submit_due_on submitted_at "
        "review_due_on dispute_due_on ended_at due_on due_what days_left hours proposed_payout_usd "
        "payout_limited_by deal_size_usd contact_name contact_email contact_title contact_phone "
        "contact_language partner_name partner_email partner_phone referral_id referral_kind field_sellers_since"
    )
    assert [name for name in exported.split() if not CLAIMS.find(name) and name not in CLAIMS.ignored] == []
