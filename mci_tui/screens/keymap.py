"""The keys of the program by their ids, as settings move them."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules, walk_packages

from textual.binding import Binding
from textual.dom import DOMNode

import mci_tui
from mci_tui.errors import Reason, reason

_ROOMS = ("app", "screens", "widgets")


def owners() -> Iterator[type[DOMNode]]:
    """Every class of the program that can bind keys; all of its screens are imported."""
    for room in iter_modules(mci_tui.__path__, "mci_tui."):
        if room.name.removeprefix("mci_tui.") in _ROOMS:
            path = getattr(import_module(room.name), "__path__", ())
            for name in (room.name, *(each.name for each in walk_packages(path, f"{room.name}."))):
                for thing in vars(import_module(name)).values():
                    if isinstance(thing, type) and issubclass(thing, DOMNode) and thing.__module__ == name:
                        yield thing


def bindings(owner: type[DOMNode]) -> list[Binding]:
    """The bindings that a class declares itself."""
    return [each for each in owner.__dict__.get("BINDINGS", ()) if isinstance(each, Binding)]


def unknown_keys(ids: Iterable[str]) -> dict[str, Reason]:
    """What is wrong with those of `ids` that no key has, each under its place in the settings file."""
    known = sorted({binding.id for owner in owners() for binding in bindings(owner) if binding.id})
    return {f"keys.{id_}": _unknown(id_, known) for id_ in ids if id_ not in known}


def _unknown(id_: str, known: list[str]) -> Reason:
    (like, *_others) = get_close_matches(id_, known, 1, 0) or known
    return reason("key_unknown", id=id_, like=like)
