"""The terms of a payout come out of the workspace as they went in."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mci_tui.domain.payout import Term
from mci_tui.services.payouts import read_terms, terms_to_keep

AMOUNT = st.integers(0, 10**12)
PERCENT = st.decimals(Decimal("0.0001"), 100, places=4)
TERMS = st.one_of(
    st.builds(Term, st.just("hours"), AMOUNT, st.sampled_from("ABC"), hours=st.integers(1, 10**5), rate=AMOUNT),
    st.builds(Term, st.just("percent_of_acv"), AMOUNT, percent=PERCENT, acv=AMOUNT),
    st.builds(Term, st.sampled_from(("cap", "fixed")), AMOUNT, st.sampled_from(("", "A"))),
)


@given(st.lists(TERMS, max_size=4))
def test_terms_are_kept_exactly(terms: list[Term]) -> None:
    """S-9"""
    assert read_terms(terms_to_keep(terms)) == tuple(terms)
