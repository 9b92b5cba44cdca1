"""The pipeline: claims by status and by week, what lapses soon, how customers answer (S-6, S-10)."""

import asyncio
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from mci_tui.errors import Refused
from mci_tui.screens.pipeline_lines import by_status, by_week, deadlines_and_answers
from mci_tui.screens.watching import READING
from mci_tui.services import Services
from mci_tui.services.pipeline import Figures
from mci_tui.text import N_, _
from mci_tui.widgets.bars import Bar, KeyLine, crumbs
from mci_tui.widgets.figures import FigureLines
from mci_tui.widgets.tab_strip import Tab, TabStrip
from mci_tui.words import moment, say

VIEWS = {"status": N_("By status"), "week": N_("By week"), "deadlines": N_("Deadlines and answers")}

SERIES = {
    "made": N_("New claims"),
    "sent": N_("Asked"),
    "consented": N_("Consents"),
    "submitted": N_("Submissions"),
    "approved": N_("Approvals"),
}
"""What is counted by week, as the line of series calls it."""


class PipelineScreen(Screen[None]):
    """Three views of the same figures. They stand still until somebody has them read again."""

    BINDINGS = [
        Binding("right,l", "view(1)", N_("Next view"), id="pipeline.next_view", key_display="→"),
        Binding("left,h", "view(-1)", N_("Previous view"), id="pipeline.previous_view", show=False),
        Binding("down,j,tab", "series(1)", N_("Next series"), id="pipeline.next_series", key_display="↓"),
        Binding("up,k,shift+tab", "series(-1)", N_("Previous series"), id="pipeline.previous_series", show=False),
        Binding("r,f5", "reload", N_("Read again"), id="pipeline.reload"),
        Binding("escape,backspace,q", "app.pop_screen", N_("Back"), id="pipeline.back"),
    ]
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    PipelineScreen {
        #said { margin: 1 2; color: $text-muted; }
        #week { width: 100%; }
        #series { margin: 0 1; }
        #weeks { height: 1fr; margin: 1 1 0 1; }
        #counts { width: 14; margin: 0 0 0 2; }
        WeekPlot { width: 1fr; }
    }
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self._figures: Figures | None = None

    def compose(self) -> ComposeResult:
        yield Bar(id="title-bar")
        with Horizontal(id="tabs-line"):
            yield TabStrip([Tab(key, _(name)) for key, name in VIEWS.items()], id="views")
        yield Static(id="said", markup=False)
        yield FigureLines(id="status")
        with Vertical(id="week"):
            yield TabStrip([Tab(key, _(name)) for key, name in SERIES.items()], id="series")
            with Horizontal(id="weeks"):
                yield FigureLines(bars=False, id="counts")
        yield FigureLines(id="deadlines")
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one("#title-bar", Bar).put(crumbs(_("Pipeline")))
        self._turn()
        self.load()

    # Reading

    @work(exclusive=True, group=READING)
    async def load(self) -> None:
        """Reads the figures, and shows them."""
        try:
            figures, zone = await asyncio.to_thread(self._read)
        except Refused as refused:
            if self._figures is None:
                self._say(say(refused.why))
            else:
                self.notify(say(refused.why), severity="error", markup=False, timeout=8)
            return
        self._figures = figures
        as_of = _("as of %(moment)s") % {"moment": moment(figures.at, zone, year=False)}
        self.query_one("#title-bar", Bar).put(crumbs(_("Pipeline")), Content(as_of))
        if not any(stake.count for stake in figures.statuses.values()):
            self._say(_("No claims yet. They are made on the Customers page of an engagement."))
            return
        await self._show(figures)

    def _read(self) -> tuple[Figures, ZoneInfo]:
        """The figures; what draws them by week is imported meanwhile, as that takes as long."""
        import mci_tui.widgets.weeks  # noqa: F401

        return self.services.pipeline.figures(), self.services.desk.zone()

    # Showing

    def _say(self, words: str) -> None:
        self.query_one("#said", Static).update(Content(words))
        self._turn()

    async def _show(self, figures: Figures) -> None:
        from mci_tui.widgets.weeks import WeekPlot

        if not self.query(WeekPlot):
            await self.query_one("#weeks").mount(WeekPlot(), before="#counts")
        self.query_one("#said", Static).update("")
        self.query_one("#status", FigureLines).put(by_status(figures))
        self.query_one("#deadlines", FigureLines).put(deadlines_and_answers(figures))
        series = self.query_one("#series", TabStrip)
        series.set_counts({name: sum(counts) for name, counts in figures.series.items()})
        self._turn()
        self._draw_weeks()

    def _turn(self) -> None:
        """Puts the chosen view in front, or what is to be said in its place."""
        said = self.query_one("#said", Static)
        said.display = bool(str(said.content))
        shown = self._figures is not None and not said.display
        for view in VIEWS:
            self.query_one(f"#{view}").display = shown and view == self.query_one("#views", TabStrip).active
        self.refresh_bindings()

    def _draw_weeks(self) -> None:
        from mci_tui.widgets.weeks import WeekPlot

        figures = self._figures
        name = self.query_one("#series", TabStrip).active
        if figures is None or name is None:
            return
        for plot in self.query(WeekPlot):
            plot.put(figures.weeks, figures.series[name])
        self.query_one("#counts", FigureLines).put(by_week(figures, name))

    # Routing

    @on(TabStrip.Activated, "#views")
    def _turned(self) -> None:
        self._turn()

    @on(TabStrip.Activated, "#series")
    def _other_series(self) -> None:
        self._draw_weeks()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "series":
            return self.is_mounted and bool(self.query_one("#week").display)
        return super().check_action(action, parameters)

    def action_view(self, by: int) -> None:
        _step(self.query_one("#views", TabStrip), by)

    def action_series(self, by: int) -> None:
        _step(self.query_one("#series", TabStrip), by)

    def action_reload(self) -> None:
        self.load()


def _step(tabs: TabStrip, by: int) -> None:
    if by > 0:
        tabs.next()
    else:
        tabs.previous()
