"""What a catalogue must say: every error names engagement and key, and what is kept reads back as it was."""

import tomllib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mci_tui.domain.catalogue import CatalogueError, defined, read_catalogue
from mci_tui.domain.engagements import Comparison, Condition, Criterion, Engagement, Pay, Payout, Referral
from mci_tui.domain.ids import IdType
from mci_tui.sentences import SENTENCES
from mci_tui.words import say
from tests.factories import catalogue_text, offer, variable

SEATS = {"fact": "seats", "is": "at_least", "value": 300, "reason": "fewer than 300 paid seats"}
HOURLY = {"A": 100, "B": 80, "C": 60}


def refusal(text: str) -> CatalogueError:
    with pytest.raises(CatalogueError) as refused:
        read_catalogue(text)
    assert refused.value.why.code in SENTENCES
    assert say(refused.value.why)
    return refused.value


def test_an_engagement_reads_as_the_catalogue_says() -> None:
    """S-11a"""
    text = catalogue_text(
        offer(
            code="cloud-assessment",
            name="Cloud Assessment",
            solution_area="Cloud & AI",
            partner_role="pre-sales",
            id_types=["domain", "tpid"],
            summary="Three days.",
            partner_qualification="Enrolled.",
            customer_qualification="300 seats.",
            links=[{"title": "Guide", "url": "https://guides.example.com"}],
            max_active_claims=1,
            max_total_claims=2,
            proof=["invoice", "partner_survey"],
            locations=["1000001"],
            nomination_list=True,
            criterion=[{**SEATS, "id_types": ["domain"]}],
            referral={
                "create": True,
                "create_when": [{"fact": "country", "is": "one_of", "value": ["IT", "DE"]}],
                "co_sell": True,
                "co_sell_when": [{"fact": "deal_size", "is": "at_least", "value": 25000}],
            },
        ),
        markets={"A": ["IT"], "B": ["ES"]},
    )
    assert read_catalogue(text)[0][0] == Engagement(
        code="cloud-assessment",
        name="Cloud Assessment",
        solution_area="Cloud & AI",
        pay=Pay.FIXED,
        id_types=(IdType.DOMAIN, IdType.TPID),
        starts_on=date(2026, 7, 1),
        ends_on=date(2027, 6, 30),
        consent_days=30,
        submit_days=60,
        review_days=90,
        dispute_days=30,
        proof=("invoice", "partner_survey"),
        payout=Payout(fixed={"A": 800_000, "B": 650_000, "C": 500_000}),
        partner_role="pre-sales",
        summary="Three days.",
        partner_qualification="Enrolled.",
        customer_qualification="300 seats.",
        links=(("Guide", "https://guides.example.com"),),
        max_active_claims=1,
        max_total_claims=2,
        locations=frozenset({"1000001"}),
        nomination_list=True,
        criteria=(
            Criterion(
                Condition("seats", Comparison.AT_LEAST, 300), "fewer than 300 paid seats", frozenset({IdType.DOMAIN})
            ),
        ),
        referral=Referral(
            True,
            (Condition("country", Comparison.ONE_OF, ("IT", "DE")),),
            True,
            (Condition("deal_size", Comparison.AT_LEAST, 25000),),
        ),
        markets=(("A", frozenset({"IT"})), ("B", frozenset({"ES"}))),
    )


def test_what_is_left_out_has_no_limit() -> None:
    """S-11a"""
    read = read_catalogue(catalogue_text(offer()))[0][0]
    assert (read.max_active_claims, read.max_total_claims, read.locations) == (None, None, None)
    assert (read.nomination_list, read.criteria, read.referral) == (False, (), Referral())


WRONG: list[tuple[dict[str, Any], str, str]] = [
    *((offer(**{key: None}), key, "catalogue_missing") for key in offer() if key not in ("code", "payout")),
    (offer(payout=None), "payout.fixed", "catalogue_missing"),
    (offer(nickname="x"), "nickname", "catalogue_unknown"),
    (offer(payout={"fixed": HOURLY, "bonus": 1}), "payout.bonus", "catalogue_unknown"),
    (offer(payout={"fixed": {**HOURLY, "D": 1}}), "payout.fixed.D", "catalogue_unknown"),
    (offer(payout={"fixed": {"A": 1, "B": 1}}), "payout.fixed.C", "catalogue_missing"),
    (offer(criterion=[{**SEATS, "note": "x"}]), "criterion 1: note", "catalogue_unknown"),
    (offer(criterion=[SEATS, {**SEATS, "is": "above"}]), "criterion 2: is", "catalogue_choices"),
    (offer(criterion=[{**SEATS, "value": "many"}]), "criterion 1: value", "catalogue_value"),
    (offer(criterion=[{**SEATS, "value": True}]), "criterion 1: value", "catalogue_value"),
    (offer(criterion=[{**SEATS, "is": "one_of", "value": []}]), "criterion 1: value", "catalogue_value"),
    (offer(criterion=[{**SEATS, "is": "one_of", "value": "IT"}]), "criterion 1: value", "catalogue_value"),
    (offer(criterion=[{**SEATS, "is": "present"}]), "criterion 1: value", "catalogue_value"),
    (offer(criterion=[{**SEATS, "is": "equals", "value": [1]}]), "criterion 1: value", "catalogue_value"),
    (offer(criterion=[{**SEATS, "value": date(2026, 1, 1)}]), "criterion 1: value", "catalogue_value"),
    (offer(criterion=[{**SEATS, "value": Decimal("NaN")}]), "criterion 1: value", "catalogue_value"),
    (offer(criterion=[{**SEATS, "value": Decimal("0.12345678901234567890")}]), "criterion 1: value", "catalogue_value"),
    (offer(criterion=[{**SEATS, "fact": "deal_size"}]), "criterion 1: fact", "catalogue_fact_forbidden"),
    (offer(criterion=[{**SEATS, "fact": "hours"}]), "criterion 1: fact", "catalogue_fact_forbidden"),
    (offer(criterion=[{**SEATS, "fact": "Paid seats"}]), "criterion 1: fact", "catalogue_fact"),
    (offer(criterion=[{**SEATS, "reason": ""}]), "criterion 1: reason", "catalogue_text"),
    (offer(criterion=[{**SEATS, "id_types": ["mail"]}]), "criterion 1: id_types", "catalogue_choices"),
    (offer(criterion=["seats"]), "criterion 1:", "catalogue_table"),
    (offer(criterion="seats"), "criterion", "catalogue_table"),
    (offer(pay="both"), "pay", "catalogue_choices"),
    (offer(id_types=[]), "id_types", "catalogue_id_types_fixed"),
    (offer(id_types=["tenant", "msx"]), "id_types", "catalogue_id_types_fixed"),
    (offer(id_types=["tenant", "tenant"]), "id_types", "catalogue_choices"),
    (offer(id_types="tenant"), "id_types", "catalogue_choices"),
    (offer(pay=5), "pay", "catalogue_choices"),
    (variable(id_types=["tenant"]), "id_types", "catalogue_id_types_variable"),
    (offer(name=" "), "name", "catalogue_text"),
    (offer(name="n" * 81), "name", "catalogue_text"),
    (offer(name=7), "name", "catalogue_text"),
    (offer(starts_on="soon"), "starts_on", "catalogue_date"),
    (offer(ends_on=date(2026, 6, 30)), "ends_on", "catalogue_ends_before"),
    (offer(consent_days=0), "consent_days", "catalogue_whole"),
    (offer(consent_days=True), "consent_days", "catalogue_whole"),
    (offer(submit_days=Decimal("1.5")), "submit_days", "catalogue_whole"),
    (offer(review_days=100_000), "review_days", "catalogue_whole"),
    (offer(max_active_claims=0), "max_active_claims", "catalogue_whole"),
    (offer(proof=["photo"]), "proof", "catalogue_choices"),
    (offer(locations="some"), "locations", "catalogue_locations"),
    (offer(locations=["12"]), "locations", "catalogue_locations"),
    (offer(nomination_list="yes"), "nomination_list", "catalogue_flag"),
    (offer(links=[{"title": "Guide"}]), "links 1: url", "catalogue_missing"),
    (offer(payout={"fixed": {"A": 0, "B": 1, "C": 1}}), "payout.fixed.A", "catalogue_amount"),
    (offer(payout={"fixed": {"A": Decimal("1.005"), "B": 1, "C": 1}}), "payout.fixed.A", "catalogue_amount"),
    (offer(payout={"fixed": {"A": Decimal("inf"), "B": 1, "C": 1}}), "payout.fixed.A", "catalogue_amount"),
    (offer(payout={"fixed": {"A": Decimal("nan"), "B": 1, "C": 1}}), "payout.fixed.A", "catalogue_amount"),
    (offer(payout={"fixed": HOURLY, "cap": 1}), "payout", "catalogue_fixed_terms"),
    (variable(payout={"fixed": HOURLY}), "payout.fixed", "catalogue_variable_fixed"),
    (variable(payout={"min_hours": 1, "max_hours": 2}), "payout", "catalogue_no_term"),
    (variable(payout={"cap": 1}), "payout.min_hours", "catalogue_hours"),
    (variable(payout={"cap": 1, "min_hours": 9, "max_hours": 8}), "payout.max_hours", "catalogue_hours"),
    (variable(payout={"percent_of_acv": 0}), "payout.percent_of_acv", "catalogue_percent"),
    (variable(payout={"percent_of_acv": 101}), "payout.percent_of_acv", "catalogue_percent"),
    (variable(payout={"percent_of_acv": Decimal("nan")}), "payout.percent_of_acv", "catalogue_percent"),
    (variable(payout={"percent_of_acv": Decimal("inf")}), "payout.percent_of_acv", "catalogue_percent"),
    (
        variable(payout={"percent_of_acv": Decimal("7.12345678901234567890")}),
        "payout.percent_of_acv",
        "catalogue_percent",
    ),
    (offer(referral={"create": 1}), "referral.create", "catalogue_flag"),
    (offer(referral={"sell": True}), "referral.sell", "catalogue_unknown"),
    (
        offer(referral={"create_when": [{"fact": "country", "is": "one_of"}]}),
        "referral.create_when 1: value",
        "catalogue_value",
    ),
]


@pytest.mark.parametrize(("keys", "key", "code"), WRONG)
def test_what_is_wrong_is_named_by_engagement_and_key(keys: dict[str, Any], key: str, code: str) -> None:
    """S-11a"""
    refused = refusal(catalogue_text(offer(code="first"), keys))
    assert (refused.engagement, refused.key.strip(), refused.why.code) == ("assessment", key, code)
    assert "assessment" in say(refused.why)


@pytest.mark.parametrize("code", ["Assessment", "a b", "-a", "a--b", "a_b", ""])
def test_a_code_is_made_of_small_letters_digits_and_single_hyphens(code: str) -> None:
    """S-11a"""
    refused = refusal(catalogue_text(offer(code=code)))
    assert refused.key == "code"
    assert refused.engagement == (code or "engagement 1")


def test_an_engagement_without_a_code_is_named_by_its_position() -> None:
    """S-11a"""
    refused = refusal(catalogue_text(offer(), offer(code=None)))
    assert (refused.engagement, refused.key, refused.why.code) == ("engagement 2", "code", "catalogue_missing")


def test_a_code_stands_once() -> None:
    """S-11a"""
    refused = refusal(catalogue_text(offer(), offer(name="Another")))
    assert (refused.engagement, refused.key, refused.why.code) == ("assessment", "code", "catalogue_repeated")


@pytest.mark.parametrize(
    ("text", "key", "code"),
    [
        ("format = ", "", "catalogue_toml"),
        (f"format = {'9' * 5000}", "", "catalogue_toml"),
        (f"format = {'[' * 9000}", "", "catalogue_toml"),
        ("", "format", "catalogue_missing"),
        ("format = 2", "format", "catalogue_format"),
        ("format = true", "format", "catalogue_format"),
        ("format = 1", "engagement", "catalogue_empty"),
        ("format = 1\nengagement = 5", "engagement", "catalogue_table"),
        (catalogue_text(offer()).replace("format = 1", "format = 1\nyear = 2026"), "year", "catalogue_unknown"),
        (catalogue_text(offer(), markets={"D": ["IT"]}), "markets.D", "catalogue_unknown"),
        (catalogue_text(offer(), markets={"A": ["Italy"]}), "markets.A", "catalogue_countries"),
        (catalogue_text(offer(), markets={"A": "IT"}), "markets.A", "catalogue_countries"),
        (catalogue_text(offer(), markets={"A": ["IT"], "B": ["UK"]}), "markets.B", "catalogue_country"),
        (catalogue_text(offer(), markets={"A": ["IT"], "B": ["IT"]}), "markets.B", "catalogue_market_twice"),
    ],
)
def test_what_is_wrong_with_the_file_as_a_whole_is_named_by_its_key(text: str, key: str, code: str) -> None:
    """S-11a"""
    refused = refusal(text)
    assert (refused.engagement, refused.key, refused.why.code) == ("", key, code)


def test_broken_toml_is_told_with_its_line() -> None:
    """S-11a"""
    assert "line 2" in say(refusal("format = 1\nname = ?\n").why)


NUMBER = st.integers(-(10**14), 10**14) | st.integers(-(10**12), 10**12).map(lambda part: Decimal(part) / 1000)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20).filter(str.strip)
FACT = st.one_of(NUMBER, st.booleans(), TEXT)
CRITERIA = st.lists(
    st.one_of(
        st.fixed_dictionaries({"is": st.sampled_from(["equals", "not_equals"]), "value": FACT}),
        st.fixed_dictionaries({"is": st.sampled_from(["at_least", "at_most"]), "value": NUMBER}),
        st.fixed_dictionaries({"is": st.sampled_from(["one_of", "none_of"]), "value": st.lists(FACT, min_size=1)}),
        st.just({"is": "present"}),
    ).map(lambda keys: {"fact": "seats", "reason": "no", **keys}),
    max_size=3,
)


@settings(max_examples=60)
@given(CRITERIA, TEXT, st.integers(1, 10**12).map(lambda cents: Decimal(cents) / 100))
def test_what_is_kept_reads_back_as_it_was(criteria: list[dict[str, Any]], name: str, amount: Decimal) -> None:
    """S-11a"""
    fixed = {"A": amount, "B": 1, "C": Decimal("0.01")}
    text = catalogue_text(offer(criterion=criteria, name=name, payout={"fixed": fixed}))
    ((read, kept),) = read_catalogue(text)
    assert defined(kept) == read
    assert read.name == name.strip()
    (written,) = tomllib.loads(text, parse_float=Decimal)["engagement"]
    assert [_listed(each.condition.value) for each in read.criteria] == [
        each.get("value") for each in written["criterion"]
    ]


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("percent", [Decimal("7.5"), Decimal("0.00001"), Decimal("33.333333333"), 100])
def test_a_percentage_is_kept_exactly(percent: Decimal) -> None:
    """S-9"""
    keys = variable(payout={"percent_of_acv": percent, "min_hours": 1, "max_hours": 2})
    ((read, kept),) = read_catalogue(catalogue_text(keys))
    assert read.payout.percent_of_acv == percent
    assert defined(kept) == read
