"""A payout as reviews and claims show it: every term of it, the one that limits it marked (S-3h, S-9)."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from textual.content import Content

from mci_tui.domain.payout import Term
from mci_tui.widgets.section import LabelledLine
from mci_tui.words import term_line


def payout_lines(terms: Sequence[Term], limited_by: str) -> Iterator[LabelledLine]:
    """A line for each term."""
    for term in terms:
        limits = term.name == limited_by
        yield "", Content.styled(term_line(asdict(term), limits=limits), "bold" if limits else "$foreground 60%")
