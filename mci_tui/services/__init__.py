"""What an operator or a script can do: one call, one transaction."""

from functools import cached_property
from typing import TYPE_CHECKING

from mci_tui.services.desk import Desk

if TYPE_CHECKING:
    from mci_tui.services.adding import Adding
    from mci_tui.services.answers import Answers
    from mci_tui.services.attention import Attention
    from mci_tui.services.claims import Claims
    from mci_tui.services.consent import Consent
    from mci_tui.services.customers import Customers
    from mci_tui.services.deciding import Deciding
    from mci_tui.services.engagements import Engagements
    from mci_tui.services.mails import Mails
    from mci_tui.services.memory import Memory
    from mci_tui.services.outbox import Outbox
    from mci_tui.services.pipeline import Pipeline
    from mci_tui.services.referrals import Referrals
    from mci_tui.services.requesting import Requesting
    from mci_tui.services.submitting import Submitting
    from mci_tui.services.workspace import WorkspaceSettings


class Services:
    """Everything that screens and commands can ask for, for one operator at one workspace.

    Each is imported when it is first asked for: the first screen is not to wait for what it does not show.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @cached_property
    def engagements(self) -> "Engagements":
        from mci_tui.services.engagements import Engagements

        return Engagements(self.desk)

    @cached_property
    def customers(self) -> "Customers":
        from mci_tui.services.customers import Customers

        return Customers(self.desk)

    @cached_property
    def claims(self) -> "Claims":
        from mci_tui.services.claims import Claims

        return Claims(self.desk)

    @cached_property
    def attention(self) -> "Attention":
        from mci_tui.services.attention import Attention

        return Attention(self.desk)

    @cached_property
    def adding(self) -> "Adding":
        from mci_tui.services.adding import Adding

        return Adding(self.desk)

    @cached_property
    def requesting(self) -> "Requesting":
        from mci_tui.services.requesting import Requesting

        return Requesting(self.desk)

    @cached_property
    def consent(self) -> "Consent":
        from mci_tui.services.consent import Consent

        return Consent(self.desk)

    @cached_property
    def answers(self) -> "Answers":
        from mci_tui.services.answers import Answers

        return Answers(self.desk)

    @cached_property
    def outbox(self) -> "Outbox":
        from mci_tui.services.outbox import Outbox

        return Outbox(self.desk)

    @cached_property
    def mails(self) -> "Mails":
        from mci_tui.services.mails import Mails

        return Mails(self.desk)

    @cached_property
    def deciding(self) -> "Deciding":
        from mci_tui.services.deciding import Deciding

        return Deciding(self.desk)

    @cached_property
    def submitting(self) -> "Submitting":
        from mci_tui.services.submitting import Submitting

        return Submitting(self.desk)

    @cached_property
    def referrals(self) -> "Referrals":
        from mci_tui.services.referrals import Referrals

        return Referrals(self.desk)

    @cached_property
    def pipeline(self) -> "Pipeline":
        from mci_tui.services.pipeline import Pipeline

        return Pipeline(self.desk)

    @cached_property
    def memory(self) -> "Memory":
        from mci_tui.services.memory import Memory

        return Memory(self.desk)

    @cached_property
    def settings(self) -> "WorkspaceSettings":
        from mci_tui.services.workspace import WorkspaceSettings

        return WorkspaceSettings(self.desk)

    def close(self) -> None:
        """Closes the workspace."""
        self.desk.store.close()


def services_at(desk: Desk) -> Services:
    """The services of one desk."""
    return Services(desk)
