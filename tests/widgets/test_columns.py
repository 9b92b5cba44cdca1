"""Which columns fit, and how wide they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mci_tui.widgets.columns import Column, laid_out, row_pieces, title_pieces


def column(key: str, width: int, weight: int = 0, from_width: int = 0) -> Column[str]:
    return Column(key, key.title(), lambda row: row, width, weight, from_width=from_width)


COLUMNS = (column("name", 22, 2), column("claim", 10), column("friendly", 14, 1, 100), column("status", 20))


@pytest.mark.parametrize(
    ("table", "widths"),
    [
        (200, {"name": 106, "claim": 10, "friendly": 57, "status": 20}),
        (100, {"name": 40, "claim": 10, "friendly": 23, "status": 20}),
        (80, {"name": 45, "claim": 10, "status": 20}),
        (56, {"name": 23, "claim": 10, "status": 20}),
        (40, {"name": 28, "claim": 10}),
        (12, {"name": 11}),
    ],
)
def test_spare_cells_are_shared_by_weight_and_columns_that_do_not_fit_are_left_out(
    table: int, widths: dict[str, int]
) -> None:
    assert {column.key: width for column, width in laid_out(COLUMNS, table).columns} == widths


def test_the_gap_is_two_cells_where_that_fits() -> None:
    two = [column("a", 10), column("b", 10)]
    assert [laid_out(two, table).gap for table in (22, 23)] == [1, 2]


@given(st.integers(1, 250), st.text(max_size=60))
def test_no_line_is_wider_than_its_table(table: int, name: str) -> None:
    fitting = laid_out(COLUMNS, table)
    for pieces in (title_pieces(fitting, ("name", True)), row_pieces(fitting, name, "▌")):
        assert sum(cell_len(text) for text, _ in pieces) <= table
