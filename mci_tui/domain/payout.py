"""What a partner may earn with a claim (S-9). No amount is in code: all are the catalogue's."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from mci_tui.domain.engagements import Engagement, Fact
from mci_tui.domain.money import cents


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a payout in cents, with what it was made of in words of numbers."""

    name: str
    """`fixed`, `hours`, `percent_of_acv` or `cap`."""
    amount: int
    market: str = ""
    hours: int | None = None
    rate: int | None = None
    percent: Decimal | None = None
    acv: int | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """The payout in cents, every term of it, and the one that limits it."""

    amount: int
    limited_by: str
    terms: tuple[Term, ...]


def proposed(engagement: Engagement, country: str, facts: Mapping[str, Fact], hours: int | None) -> Proposed | None:
    """The payout of a claim: the market's amount for fixed pay, the lowest of the terms defined for variable pay. S-9

    The market is that of the customer's country; for variable pay of the opportunity's, which its facts carry. None
    where no term can be told, because what it needs — the country, hours, the opportunity's ACV — is not known.
    """
    market = engagement.market(country) if country else None
    if engagement.payout.fixed is not None:
        terms = [Term("fixed", engagement.payout.fixed[market], market)] if market else []
    else:
        terms = _variable(engagement, market, facts.get("acv"), hours)
    if not terms:
        return None
    limiting = min(terms, key=lambda term: term.amount)
    return Proposed(limiting.amount, limiting.name, tuple(terms))


def _variable(engagement: Engagement, market: str | None, acv: Fact | None, hours: int | None) -> list[Term]:
    """Whole cents, half up; a term whose input is not known is not a term."""
    pays = engagement.payout
    terms = []
    if pays.hourly is not None and hours is not None and market:
        rate = pays.hourly[market]
        terms.append(Term("hours", hours * rate, market, hours=hours, rate=rate))
    if pays.percent_of_acv is not None and isinstance(acv, int | Decimal):
        amount = cents(Decimal(acv) * pays.percent_of_acv / 100)
        terms.append(Term("percent_of_acv", amount, percent=pays.percent_of_acv, acv=cents(acv)))
    if pays.cap is not None:
        terms.append(Term("cap", pays.cap))
    return terms
