"""By what the claims list is narrowed beside its tabs and its typed filter (S-2i)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
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
from mci_tui.services.claims import Choices, ClaimQuestion
from mci_tui.text import N_, _, ngettext, safe_text
from mci_tui.widgets.choice import Option
from mci_tui.widgets.record_table import Column, RecordTable
from mci_tui.words import number, status_name

DAYS = ("0", "7", "14", "30", "60")
"""Within how many days a list can be narrowed to."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is chosen of each filter; nothing chosen of one is everything."""

    status: tuple[str, ...] = ()
    engagement: tuple[str, ...] = ()
    location: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    due: tuple[str, ...] = ()

    def asked(self) -> dict[str, Any]:
        """What they are in a `ClaimQuestion`."""
        return {
            "statuses": tuple(Status(name) for name in self.status),
            "engagement": next(iter(self.engagement), None),
            "locations": self.location,
            "owners": self.owner,
            "due_within": next(map(int, self.due), None),
        }

    def words(self) -> list[str]:
        """Each of them in few words, for the line below the list."""
        first = {name: next(iter(values), "") for name, values in asdict(self).items()}
        said = {
            "status": status_name(first["status"], short=True) if self.status else "",
            "engagement": first["engagement"],
            "location": first["location"],
            "owner": first["owner"],
            "due": _within(first["due"]) if self.due else "",
        }
        return [_and_more(words, len(getattr(self, name))) for name, words in said.items() if words]


ONE_ONLY = frozenset({"engagement", "due"})
"""The filters of which one value can be chosen."""

NAMES = {
    "status": N_("Status"),
    "engagement": N_("Engagement"),
    "location": N_("Location"),
    "owner": N_("Made by"),
    "due": N_("Due"),
}


def recalled(kept: Mapping[str, Any]) -> Filters:
    """The filters that were kept, as far as they still mean something."""
    values = {field.name: tuple(map(str, kept.get(field.name) or ())) for field in fields(Filters)}
    values["status"] = tuple(name for name in values["status"] if name in set(Status))
    values["due"] = tuple(days for days in values["due"] if days in DAYS)
    return Filters(**values)
