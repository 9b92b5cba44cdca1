"""*Resend customer consent email*: the wizard that reminds a customer, or asks at another address (S-5e)."""

from collections.abc import Mapping
from dataclasses import asdict

from mci_tui.domain.consent import Reminder, check_reminder
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Reason
from mci_tui.screens.wizards.consent_steps import ReviewMail, people_step
from mci_tui.screens.wizards.steps import Step, Wizard
from mci_tui.services import Services
from mci_tui.services.claims import Claim
from mci_tui.text import N_


def remind_customer(services: Services, blank: Reminder, workspace: Workspace) -> Wizard[Reminder, Claim]:
    """The wizard for the claim of `blank`. Each claim has a draft of its own."""
    consent, memory = services.consent, services.memory
    kind = f"remind {blank.claim}"

    def problems(draft: Reminder) -> Mapping[str, Reason]:
        return check_reminder(draft, workspace, blank.contact_email)

    steps: tuple[Step[Reminder], ...] = (
        people_step(services, workspace, blank, meant=blank.contact_email),
        Step(
            "review",
            N_("Review"),
            ask=consent.review,
            asking=N_("Writing the e-mail …"),
            body=lambda draft, found: ReviewMail(found, draft),
        ),
    )
    return Wizard(
        kind,
        N_("Resend customer consent email"),
        blank,
        steps,
        problems,
        consent.remind,
        N_("Resend"),
        keep=lambda draft, step: memory.keep_draft(kind, step, asdict(draft)),
        drop=lambda: memory.drop_draft(kind),
    )
