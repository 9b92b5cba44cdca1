"""What *Add customer* collects, and what is wrong with it before anything is looked up (S-3)."""

from dataclasses import dataclass, replace

from mci_tui.domain.details import LIMITS, Details, check_details, normal_contacts
from mci_tui.domain.ids import IdType, normal_id
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Reason, WrongValue, reason

__all__ = ["LIMITS", "Addition", "check", "normal"]


@dataclass(frozen=True, slots=True)
class Addition(Details):
    """A customer to add: the ID by which it is nominated, and the company where the directory does not know the ID."""

    id_type: str = ""
    id: str = ""
    customer_name: str = ""
    country: str = ""


def no_id_type(typed: str) -> Reason:
    """What is wrong with a type of ID that is none, or not chosen yet."""
    return reason("not_a_choice", value=typed, choices=", ".join(IdType)) if typed else reason("choose_id_type")


def check(addition: Addition, workspace: Workspace) -> dict[str, Reason]:
    """What is wrong, field by field; empty where nothing is. S-3a, S-3b, S-3f, S-3g"""
    found = check_details(addition, workspace)
    if addition.id_type not in tuple(IdType):
        return {"id_type": no_id_type(addition.id_type), **found}
    try:
        normal_id(IdType(addition.id_type), addition.id, workspace.msx_pattern)
    except WrongValue as wrong:
        found["id"] = wrong.why
    return found


def normal(addition: Addition, workspace: Workspace) -> Addition:
    """The addition in the form in which it is kept; only for one that `check` finds right."""
    value = normal_id(IdType(addition.id_type), addition.id, workspace.msx_pattern)
    return replace(normal_contacts(addition), id=value, country=addition.country.strip().upper())
