"""What a partner may earn: fixed by market, variable by the lowest of the terms."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mci_tui.domain.engagements import Engagement
from mci_tui.domain.payout import Proposed, proposed
from tests.factories import engagement, variable_engagement

HOURLY = {"A": 100, "B": 80, "C": 60}


def pays(**terms: Any) -> Engagement:
    """A variable-pay engagement with these terms."""
    return variable_engagement(payout={"min_hours": 1, "max_hours": 10_000, **terms})


def payout(offer: Engagement, hours: int | None, acv: str | None = None, country: str = "IT") -> Proposed:
    found = proposed(offer, country, {} if acv is None else {"acv": Decimal(acv)}, hours)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("country", "cents"),
    [("IT", 800_000), ("US", 800_000), ("ES", 650_000), ("FR", 500_000), ("ZZ", 500_000)],
)
def test_fixed_pay_gives_the_amount_of_the_market_and_every_other_country_is_c(country: str, cents: int) -> None:
    """S-9"""
    offer = engagement()
    found = proposed(offer, country, {"acv": 1}, None)
    assert found is not None
    assert (found.amount, found.limited_by) == (cents, "fixed")
    assert [term.name for term in found.terms] == ["fixed"]


@pytest.mark.parametrize(
    ("terms", "hours", "acv", "country", "cents", "limit"),
    [
        # Each term limits once.
        ({"hourly": HOURLY, "percent_of_acv": 10, "cap": 5000}, 8, "100000", "IT", 80_000, "hours"),
        ({"hourly": HOURLY, "percent_of_acv": 10, "cap": 5000}, 40, "20000", "IT", 200_000, "percent_of_acv"),
        ({"hourly": HOURLY, "percent_of_acv": 10, "cap": 5000}, 400, "900000", "IT", 500_000, "cap"),
        # The market decides the rate.
        ({"hourly": HOURLY}, 8, None, "ES", 64_000, "hours"),
        ({"hourly": HOURLY}, 8, None, "JP", 48_000, "hours"),
        # Of equal terms the first one is named: hours, percentage, cap.
        ({"hourly": HOURLY, "percent_of_acv": 10, "cap": 800}, 8, "8000", "IT", 80_000, "hours"),
        ({"percent_of_acv": 10, "cap": 800}, 8, "8000", "IT", 80_000, "percent_of_acv"),
        # A term that is not defined, or whose input is not known, is none.
        ({"cap": 5000}, 8, "100", "IT", 500_000, "cap"),
        ({"percent_of_acv": 10}, 8, "8000", "IT", 80_000, "percent_of_acv"),
        ({"hourly": HOURLY, "percent_of_acv": 10}, 8, None, "IT", 80_000, "hours"),
        ({"hourly": HOURLY, "percent_of_acv": 10}, None, "100", "IT", 1_000, "percent_of_acv"),
        ({"percent_of_acv": 10}, 8, "0", "IT", 0, "percent_of_acv"),
        # Half a cent goes up, less goes down.
        ({"percent_of_acv": Decimal("7.5")}, 8, "0.20", "IT", 2, "percent_of_acv"),
        ({"percent_of_acv": Decimal("0.5")}, 8, "1.00", "IT", 1, "percent_of_acv"),
        ({"percent_of_acv": Decimal("0.49")}, 8, "1.00", "IT", 0, "percent_of_acv"),
        ({"percent_of_acv": Decimal("2.5")}, 8, "1.00", "IT", 3, "percent_of_acv"),
        ({"hourly": {"A": Decimal("163.55"), "B": 1, "C": 1}}, 3, None, "IT", 49_065, "hours"),
    ],
)
def test_variable_pay_gives_the_lowest_of_its_terms(
    terms: dict[str, Any], hours: int | None, acv: str | None, country: str, cents: int, limit: str
) -> None:
    """S-9"""
    found = payout(pays(**terms), hours, acv, country)
    assert (found.amount, found.limited_by) == (cents, limit)


def test_every_term_says_what_it_was_made_of() -> None:
    """S-9"""
    found = payout(pays(hourly=HOURLY, percent_of_acv=Decimal("7.5"), cap=5000), 8, "20000", "ES")
    hours, percent, cap = found.terms
    assert (hours.name, hours.amount, hours.market, hours.hours, hours.rate) == ("hours", 64_000, "B", 8, 8_000)
    assert (percent.name, percent.amount, percent.percent) == ("percent_of_acv", 150_000, Decimal("7.5"))
    assert percent.acv == 2_000_000
    assert (cap.name, cap.amount) == ("cap", 500_000)


def test_where_no_term_can_be_told_there_is_no_payout() -> None:
    """S-9"""
    assert proposed(pays(percent_of_acv=10), "IT", {}, 8) is None
    assert proposed(pays(hourly=HOURLY), "IT", {}, None) is None


def test_a_country_that_is_not_known_has_no_market() -> None:
    """S-9: it is none of the others, which would be market C."""
    assert proposed(engagement(), "", {}, None) is None
    assert proposed(pays(hourly=HOURLY), "", {}, 8) is None
    assert payout(pays(hourly=HOURLY, cap=5000), 8, country="").limited_by == "cap"


CENTS = st.integers(0, 10**12).map(lambda cents: Decimal(cents) / 100)
HOURS = st.integers(1, 10_000)
PERCENT = st.integers(1, 10_000).map(lambda part: Decimal(part) / 100)
CAP = st.integers(1, 10**8)
RATE = st.integers(1, 10**6)


@given(HOURS, CENTS, PERCENT, CAP, RATE)
def test_the_payout_is_never_above_any_term(hours: int, acv: Decimal, percent: Decimal, cap: int, rate: int) -> None:
    """S-9"""
    offer = pays(hourly={"A": rate, "B": 1, "C": 1}, percent_of_acv=percent, cap=cap)
    found = payout(offer, hours, str(acv))
    assert found.amount == min(term.amount for term in found.terms)
    assert found.amount <= min(cap * 100, hours * rate * 100)
    assert abs(found.terms[1].amount - acv * percent) <= Decimal("0.5")


@given(HOURS, HOURS, CENTS, CENTS, CAP, CAP)
def test_more_hours_a_larger_deal_or_a_higher_cap_never_pay_less(
    hours: int, more_hours: int, acv: Decimal, more_acv: Decimal, cap: int, more_cap: int
) -> None:
    """S-9"""
    low, high = pays(hourly=HOURLY, percent_of_acv=10, cap=min(cap, more_cap)), max(cap, more_cap)
    least = payout(low, min(hours, more_hours), str(min(acv, more_acv))).amount
    assert least <= payout(low, max(hours, more_hours), str(min(acv, more_acv))).amount
    assert least <= payout(low, min(hours, more_hours), str(max(acv, more_acv))).amount
    raised = pays(hourly=HOURLY, percent_of_acv=10, cap=high)
    assert least <= payout(raised, min(hours, more_hours), str(min(acv, more_acv))).amount
