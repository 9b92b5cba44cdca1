"""The terms of a claim's payout as the workspace keeps them (S-9)."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal

from mci_tui.domain.payout import Term


def terms_to_keep(terms: Sequence[Term]) -> str:
    """The terms as text, amounts in cents and the percentage exact."""
    return json.dumps([asdict(term) for term in terms], default=str)


def read_terms(kept: str) -> tuple[Term, ...]:
    """The terms that `terms_to_keep` wrote."""
    found = json.loads(kept)
    return tuple(Term(**{**each, "percent": _percent(each["percent"])}) for each in found)


def _percent(kept: str | None) -> Decimal | None:
    return None if kept is None else Decimal(kept)
