"""The keys of the program by their ids, as settings move them."""

from collections.abc import Iterable
from difflib import get_close_matches
from importlib import import_module
from pkgutil import walk_packages

from textual.binding import Binding
from textual.dom import DOMNode

from mci_tui import screens, widgets
from mci_tui.errors import Reason, reason


def owners() -> list[type[DOMNode]]:
    """Every class of the program that can bind keys, in the order of their names; all screens are imported."""
    for room in (screens, widgets):
        for module in walk_packages(room.__path__, f"{room.__name__}."):
            import_module(module.name)
    found: list[type[DOMNode]] = [DOMNode]
    for each in found:
        found += each.__subclasses__()
    ours = (each for each in set(found) if each.__module__.startswith("mci_tui."))
    return sorted(ours, key=lambda each: (each.__module__, each.__qualname__))


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
