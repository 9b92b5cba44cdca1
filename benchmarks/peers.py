"""What the screens are measured against: `python -m benchmarks.peers table` or `line`.

`table` is the smallest Textual app with a list of 50 rows; `line` paints one line anew at each Down key, the least that
a Textual app can do.
"""

import sys

from textual.app import App, ComposeResult
from textual.strip import Strip
from textual.widget import Widget

TABLE_SEEN = "customer 30"
LINE_SEEN = "line 0"


class TableApp(App[None]):
    """A line of text and a `DataTable` of 50 rows and five columns."""

    def compose(self) -> ComposeResult:
        from textual.widgets import DataTable, Static

        yield Static("50 customers")
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        from textual.widgets import DataTable

        table = self.query_one(DataTable)
        table.add_columns("Customer", "Claim ID", "Status", "Due", "Action")
        for number in range(50):
            table.add_row(f"customer {number}", f"CLM-{number:06}", "Awaiting consent", f"{number} days", "Resend")


class Line(Widget, can_focus=True):
    """One line that says how often Down was pressed."""

    DEFAULT_CSS = "Line { height: 1; }"
    BINDINGS = [("down", "count", "Count")]

    pressed = 0

    def action_count(self) -> None:
        self.pressed += 1
        self.refresh()

    def render_line(self, y: int) -> Strip:
        from rich.segment import Segment

        return Strip([Segment(f"line {self.pressed}".ljust(self.size.width), self.rich_style)])


class LineApp(App[None]):
    """Nothing but a `Line`."""

    def compose(self) -> ComposeResult:
        yield Line()


if __name__ == "__main__":
    {"table": TableApp, "line": LineApp}[sys.argv[1]]().run()
