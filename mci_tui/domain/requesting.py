"""What *Request customer* collects, and what is wrong with it before anything is looked up (S-4)."""

from dataclasses import dataclass, replace

from mci_tui.domain.details import Details, check_details, normal_contacts
from mci_tui.domain.ids import IdType, normal_id
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Reason, WrongValue, reason


@dataclass(frozen=True, slots=True)
class CustomerRequest(Details):
    """A known customer to request, by its key; `id` is the MSX opportunity ID, for variable pay."""

    customer: str = ""
    id: str = ""


def check(request: CustomerRequest, workspace: Workspace) -> dict[str, Reason]:
    """What is wrong, field by field; empty where nothing is. S-4a, S-4c"""
    found = check_details(request, workspace)
    if not request.customer.strip():
        found["customer"] = reason("required")
    try:
        if request.id.strip():
            normal_id(IdType.MSX, request.id, workspace.msx_pattern)
    except WrongValue as wrong:
        found["id"] = wrong.why
    return found


def normal(request: CustomerRequest, workspace: Workspace) -> CustomerRequest:
    """The request in the form in which it is kept; only for one that `check` finds right."""
    value = normal_id(IdType.MSX, request.id, workspace.msx_pattern) if request.id.strip() else ""
    return replace(normal_contacts(request), id=value, customer=request.customer.strip())
