"""What an operator or a script can do: one call, one transaction."""

from dataclasses import dataclass

from mci_tui.services.adding import Adding
from mci_tui.services.claims import Claims
from mci_tui.services.customers import Customers
from mci_tui.services.desk import Desk
from mci_tui.services.engagements import Engagements
from mci_tui.services.memory import Memory
from mci_tui.services.requesting import Requesting
from mci_tui.services.workspace import WorkspaceSettings


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that screens and commands can ask for, for one operator at one workspace."""

    desk: Desk
    engagements: Engagements
    customers: Customers
    claims: Claims
    adding: Adding
    requesting: Requesting
    memory: Memory
    settings: WorkspaceSettings

    def close(self) -> None:
        """Closes the workspace."""
        self.desk.store.close()


def services_at(desk: Desk) -> Services:
    """The services of one desk."""
    return Services(
        desk=desk,
        engagements=Engagements(desk),
        customers=Customers(desk),
        claims=Claims(desk),
        adding=Adding(desk),
        requesting=Requesting(desk),
        memory=Memory(desk),
        settings=WorkspaceSettings(desk),
    )
