"""When a claim gets a referral, and when that becomes a co-sell one: conditions over facts (S-7)."""

from decimal import Decimal
from typing import Any

import pytest

from mci_tui.domain.engagements import Fact
from mci_tui.domain.referrals import Question, look
from tests.factories import engagement

COUNTRY = {"fact": "country", "is": "one_of", "value": ["IT", "DE"]}
SEATS = {"fact": "seats", "is": "at_least", "value": 300}
MANAGED = {"fact": "managed", "is": "equals", "value": True}
DEAL = {"fact": "deal_size", "is": "at_least", "value": 25000}


def held(question: Question, facts: dict[str, Fact], **referral: Any) -> list[bool | None] | None:
    """Which conditions held, or None where nothing was looked at; the whole held where all of them did."""
    outcome = look(engagement(referral=referral), question, facts)
    if outcome is None:
        return None
    assert outcome.question is question
    found = [tested.held for tested in outcome.tested]
    assert outcome.held is all(found)
    return found


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"country": "IT", "seats": 300}, [True, True]),
        ({"country": "it", "seats": Decimal("300.5")}, [True, True]),
        ({"country": "FR", "seats": 300}, [False, True]),
        ({"country": "IT", "seats": 299}, [True, False]),
        ({"country": "FR", "seats": 299}, [False, False]),
    ],
)
def test_all_conditions_have_to_hold(facts: dict[str, Fact], expected: list[bool]) -> None:
    """S-7a"""
    assert held(Question.CREATE, facts, create=True, create_when=[COUNTRY, SEATS]) == expected


@pytest.mark.parametrize("facts", [{}, {"seats": "300"}, {"seats": True}])
def test_a_fact_that_is_not_known_or_of_another_kind_meets_no_condition(facts: dict[str, Fact]) -> None:
    """S-7d"""
    assert held(Question.CREATE, facts, create=True, create_when=[SEATS]) == [None]


def test_each_condition_tells_what_was_known_of_its_fact() -> None:
    """S-7d"""
    outcome = look(
        engagement(referral={"create": True, "co_sell": True, "co_sell_when": [MANAGED, DEAL]}),
        Question.CO_SELL,
        {"deal_size": Decimal("24999.99")},
    )
    assert outcome is not None
    assert [(tested.condition.fact, tested.fact, tested.held) for tested in outcome.tested] == [
        ("managed", None, None),
        ("deal_size", Decimal("24999.99"), False),
    ]


def test_without_conditions_every_claim_qualifies() -> None:
    """S-7a S-7c"""
    assert held(Question.CREATE, {}, create=True) == []
    assert held(Question.CO_SELL, {}, create=True, co_sell=True) == []


@pytest.mark.parametrize(
    ("question", "referral"),
    [
        (Question.CREATE, {}),
        (Question.CREATE, {"create": False, "create_when": [SEATS]}),
        (Question.CREATE, {"create": False, "co_sell": True}),
        (Question.CO_SELL, {"create": True}),
        (Question.CO_SELL, {"create": True, "co_sell": False, "co_sell_when": [SEATS]}),
        (Question.CO_SELL, {"create": False, "co_sell": True}),
    ],
)
def test_an_engagement_without_such_referrals_is_not_looked_at(question: Question, referral: dict[str, Any]) -> None:
    """S-7a S-7c"""
    assert held(question, {"seats": 1000}, **referral) is None


def test_each_question_has_conditions_of_its_own() -> None:
    """S-7a S-7c"""
    both = {"create": True, "create_when": [COUNTRY], "co_sell": True, "co_sell_when": [DEAL]}
    facts: dict[str, Fact] = {"country": "IT", "deal_size": Decimal(100)}
    assert held(Question.CREATE, facts, **both) == [True]
    assert held(Question.CO_SELL, facts, **both) == [False]
