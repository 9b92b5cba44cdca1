"""Referrals: when a claim gets one, when it becomes a co-sell referral, and which conditions held (S-7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mci_tui.domain.engagements import Condition, Engagement, Fact


class Kind(StrEnum):
    """The two kinds of referral; the value is the stored and the printed name."""

    PARTNER_LED = "partner_led"
    CO_SELL = "co_sell"


class Question(StrEnum):
    """What is asked of a claim."""

    CREATE = "create"
    CO_SELL = "co_sell"


@dataclass(frozen=True, slots=True)
class Tested:
    """One condition, the fact as it was, and whether it held; None where the fact is not known."""

    condition: Condition
    fact: Fact | None
    held: bool | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a look at a claim ended: whether all conditions held, and each of them. S-7d"""

    question: Question
    held: bool
    tested: tuple[Tested, ...]


def look(engagement: Engagement, question: Question, facts: Mapping[str, Fact]) -> Outcome | None:
    """What the engagement's conditions say to a claim with these facts; None where it has no such referrals. S-7a, S-7c

    An unknown fact is no condition met.
    """
    referral = engagement.referral
    offered, conditions = (
        (referral.create, referral.create_when)
        if question is Question.CREATE
        else (referral.create and referral.co_sell, referral.co_sell_when)
    )
    if not offered:
        return None
    tested = tuple(_tested(conditions, facts))
    return Outcome(question, all(each.held for each in tested), tested)


def _tested(conditions: Iterable[Condition], facts: Mapping[str, Fact]) -> Iterable[Tested]:
    for condition in conditions:
        yield Tested(condition, facts.get(condition.fact), condition.holds(facts))
