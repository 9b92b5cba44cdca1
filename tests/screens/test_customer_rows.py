"""The columns of a Customers page at every width."""

from dataclasses import replace

import pytest
from rich.cells import cell_len

from mci_tui.domain.claims import NextAction
from mci_tui.screens.cells import action_words, due_or_overdue
from mci_tui.screens.customer_rows import columns_of
from mci_tui.services.customers import CustomerRow
from mci_tui.widgets.columns import laid_out
from mci_tui.words import ACTIONS

FULL = [column.key for column in columns_of("eligible")]
WIDTHS = range(80, 241)


def shown(tab: str, width: int) -> dict[str, int]:
    """The columns drawn on a terminal of `width` cells, each with its own."""
    return {column.key: cells for column, cells in laid_out(columns_of(tab, width), width - 2).columns}


def test_no_width_pushes_due_or_action_off_the_page() -> None:
    """S-2h, S-2i"""
    assert [width for width in WIDTHS if not {"status", "due", "action"} <= shown("eligible", width).keys()] == []
    assert [width for width in WIDTHS if "status" not in shown("complete", width)] == []
    assert [*shown("eligible", 240)] == FULL


def test_an_action_is_never_cut_and_is_written_in_full_where_there_is_room() -> None:
    """S-2h"""
    rooms = {width: shown("eligible", width)["action"] for width in WIDTHS}
    cut = [width for width in WIDTHS for each in ACTIONS if cell_len(action_words(each, rooms[width])) > rooms[width]]
    assert cut == []
    assert action_words(NextAction.RESEND_CONSENT, rooms[160]) == "Resend customer consent email"
    assert action_words(NextAction.RESEND_CONSENT, rooms[120]) == "Resend email"
    assert action_words(NextAction.RESEND_CONSENT, rooms[80]) == "Resend"


@pytest.mark.parametrize("name", ACTIONS)
def test_with_no_room_at_all_the_shortest_name_stands(name: str) -> None:
    assert action_words(name, 0) == ACTIONS[name][1]


def test_an_overdue_review_stands_where_others_have_their_deadline() -> None:
    """S-6a: in words, not by colour alone"""
    row = CustomerRow(
        "corvara", "Corvara", "CLM-000001", "", "", "", "", "submitted", None, None, None, None, (), ("", 1, 1), 3
    )
    assert due_or_overdue(row).plain == "overdue · review"
    assert due_or_overdue(row, short=True).plain == "overdue"
    assert due_or_overdue(replace(row, days_overdue=None)).plain == "–"
