"""Where an operator can go from anywhere: the one table of screens behind keys, palette and help."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.binding import Binding

from mci_tui.text import N_

if TYPE_CHECKING:
    from textual.app import App

    from mci_tui.services import Services


class Place(NamedTuple):
    """A screen: its name, the key that leads to it, its title, and where its class is, imported once it is gone to."""

    name: str
    key: str
    title: str
    module: str
    screen: str


PLACES: Sequence[Place] = (
    Place("attention", "1", N_("Attention"), "attention", "AttentionScreen"),
    Place("engagements", "2", N_("Engagements"), "engagements", "EngagementsScreen"),
    Place("claims", "3", N_("Claims"), "claims", "ClaimsScreen"),
    Place("mail", "4", N_("Mail"), "mails", "MailsScreen"),
    Place("referrals", "5", N_("Referrals"), "referrals", "ReferralsScreen"),
    Place("pipeline", "6", N_("Pipeline"), "pipeline", "PipelineScreen"),
)
"""In the order of their keys. The engagements are the first screen, and always there."""


def bindings() -> list[Binding]:
    """A key for each place."""
    return [Binding(at.key, f"go('{at.name}')", at.title, id=f"go.{at.name}", show=False) for at in PLACES]


def go(app: "App[Any]", services: "Services", name: str) -> None:
    """Puts a place in front: goes back to it where it is open already, so that no screen lies below itself."""
    place = next(place for place in PLACES if place.name == name)
    if any(type(screen).__name__ == place.screen for screen in app.screen_stack):
        while type(app.screen).__name__ != place.screen:
            app.pop_screen()
    else:
        app.push_screen(getattr(import_module(f"mci_tui.screens.{place.module}"), place.screen)(services))
