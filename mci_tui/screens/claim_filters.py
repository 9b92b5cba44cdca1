"""By what the claims list is narrowed beside its tabs and its typed filter (S-2i)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mci_tui.domain.claims import STAGES, Status
from mci_tui.screens import cells
from mci_tui.screens.pick import PickScreen
from mci_tui.services.claims import Choices
from mci_tui.text import N_, _, ngettext, safe_text
from mci_tui.widgets.choice import Option
from mci_tui.widgets.record_table import Column, RecordTable
from mci_tui.words import number, status_name

NAMES = {
    "status": N_("Status"),
    "engagement": N_("Engagement"),
    "location": N_("Location"),
    "owner": N_("Made by"),
    "due": N_("Due"),
}
"""The filters, in the order in which they stand."""

ONE_ONLY = frozenset({"engagement", "due"})
"""Those of which one value can be chosen."""

DAYS = ("0", "7", "14", "30", "60")
"""Within how many days something can be due."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is chosen of each filter; nothing chosen of one is everything."""

    status: tuple[str, ...] = ()
    engagement: tuple[str, ...] = ()
    location: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    due: tuple[str, ...] = ()

    def question(self) -> dict[str, Any]:
        """What they are in a `ClaimQuestion`."""
        return {
            "statuses": tuple(Status(name) for name in self.status),
            "engagement": next(iter(self.engagement), None),
            "locations": self.location,
            "owners": self.owner,
            "due_within": next(map(int, self.due), None),
        }

    def words(self) -> list[str]:
        """Each one in use, in few words."""
        return [_in_short(name, getattr(self, name)) for name in NAMES if getattr(self, name)]


def recalled(kept: Mapping[str, Any]) -> Filters:
    """The filters that were kept, as far as they mean something still."""
    values = {field.name: tuple(map(str, kept.get(field.name) or ())) for field in fields(Filters)}
    values["status"] = tuple(name for name in values["status"] if name in set(Status))
    values["due"] = tuple(days for days in values["due"] if days in DAYS)
    return Filters(**values)


class FiltersScreen(ModalScreen[Filters]):
    """The filters, each with what is chosen of it; gives them as they are when it is left."""

    BINDINGS = [
        Binding("enter", "change", N_("Change"), id="filters.change", priority=True),
        Binding("F", "clear", N_("Clear all"), id="filters.clear"),
        Binding("escape,f", "leave", N_("Done"), id="filters.done"),
    ]
    AUTO_FOCUS = "RecordTable"

    def __init__(self, filters: Filters, choices: Choices) -> None:
        super().__init__(classes="modal")
        self._filters, self._choices = filters, choices

    def compose(self) -> ComposeResult:
        columns: tuple[Column[str], ...] = (
            Column("filter", _("Filter"), lambda name: _(NAMES[name]), 14),
            Column("chosen", _("Only"), self._chosen, 40, weight=1),
        )
        with Vertical():
            yield Static(Content(_("Filters")), classes="heading")
            table = RecordTable[str](columns, key=lambda name: name)
            table.styles.height = len(NAMES) + 1
            yield table
            yield Static(Content(_("⏎ Change    F Clear all    Esc Done")), classes="keys")

    def on_mount(self) -> None:
        self.query_one(RecordTable).show(len(NAMES), list(NAMES), lambda _request: ())

    def _chosen(self, name: str) -> str:
        labels = {option.value: option.label for option in self._options(name)}
        chosen = [labels.get(value, value) for value in getattr(self._filters, name)]
        return ", ".join(chosen) or labels.get("", _("all"))

    def _options(self, name: str) -> Sequence[Option]:
        choices = self._choices
        match name:
            case "status":
                return [Option(status, cells.status(status, short=True).plain) for status in STAGES]
            case "engagement":
                return [Option("", _("all")), *(Option(code, title) for code, title in choices.engagements.items())]
            case "location":
                return [Option(id_, f"{id_} · {title}") for id_, title in choices.locations.items()]
            case "owner":
                return [Option(login, login) for login in choices.owners]
        return [Option("", _("at any time")), *(Option(days, _within(days)) for days in DAYS)]

    @on(RecordTable.Opened)
    def action_change(self) -> None:
        name: str | None = self.query_one(RecordTable).current
        if name is None:
            return

        def take(chosen: tuple[str, ...] | None) -> None:
            if chosen is not None:
                self._show(replace(self._filters, **{name: tuple(filter(None, chosen))}))

        many = name not in ONE_ONLY
        chosen = getattr(self._filters, name) or (() if many else ("",))
        self.app.push_screen(PickScreen(_(NAMES[name]), self._options(name), chosen, many=many), take)

    def action_clear(self) -> None:
        self._show(Filters())

    def action_leave(self) -> None:
        self.dismiss(self._filters)

    def _show(self, filters: Filters) -> None:
        self._filters = filters
        self.query_one(RecordTable).draw_rows()


def _in_short(name: str, values: Sequence[str]) -> str:
    first = {"status": lambda: status_name(values[0], short=True), "due": lambda: _within(values[0])}
    words = first[name]() if name in first else safe_text(values[0])
    return f"{words} +{number(len(values) - 1)}" if len(values) > 1 else words


def _within(days: str) -> str:
    if days == "0":
        return _("due today")
    return ngettext("due within %(days)s day", "due within %(days)s days", int(days)) % {"days": days}
