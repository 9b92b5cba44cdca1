"""One call of a command: who asks, when, with which settings, and how the answer is to be written."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mci_tui.clock import Clock
from mci_tui.errors import NotAllowed, reason
from mci_tui.settings import Settings

if TYPE_CHECKING:
    from mci_tui.services import Services


@dataclass(frozen=True, slots=True)
class Call:
    """What every command is handed."""

    settings: Settings
    clock: Clock
    login: str
    read_only: bool = False
    json: bool = False

    @contextmanager
    def services(self) -> "Iterator[Services]":
        """The services at the workspace in use, for as long as the command needs them. Raises `Unusable`."""
        from mci_tui.bootstrap import open_services

        place, settings = self.settings.workspace, self.settings
        services = open_services(place, self.clock, self.login, read_only=self.read_only, settings=settings)
        try:
            yield services
        finally:
            services.close()

    def require_writable(self) -> None:
        """Raises `NotAllowed` where the call is read-only."""
        if self.read_only:
            raise NotAllowed(reason("read_only"))
