"""*Request customer*: the wizard that starts claims with a known, eligible customer (S-4)."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from textual.content import Content

from mci_tui.domain.engagements import Pay
from mci_tui.domain.requesting import CustomerRequest, check
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Reason
from mci_tui.screens.wizards.bodies import (
    ChooseEngagements,
    ReviewClaims,
    company_line,
    contact_lines,
    id_line,
)
from mci_tui.screens.wizards.claim_steps import chosen_beforehand, claim_step, contacts_step, hours_note, text_field
from mci_tui.screens.wizards.steps import Field, Step, Wizard
from mci_tui.services import Services
from mci_tui.services.claims import Claim
from mci_tui.services.requesting import Offered, Opportunity, RequestReview
from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.choice import Option
from mci_tui.words import ID_TYPES, amount, say


def kind_for(customer: str) -> str:
    """The name of the drafts of requests for this customer: each customer has one of its own."""
    return f"request {customer}"


def request_customer(
    services: Services, code: str, blank: CustomerRequest, workspace: Workspace
) -> Wizard[CustomerRequest, list[Claim]]:
    """The wizard for the customer of `blank`, come to from the engagement `code`."""
    requesting, memory = services.requesting, services.memory
    variable = {row.code for row in services.engagements.list() if row.engagement.pay is Pay.VARIABLE}
    kind = kind_for(blank.customer)

    def problems(draft: CustomerRequest) -> Mapping[str, Reason]:
        return check(meant(draft), workspace)

    def of_variable_pay(draft: CustomerRequest) -> bool:
        return bool(variable.intersection(draft.engagement))

    def meant(draft: CustomerRequest) -> CustomerRequest:
        """What the draft comes to: opportunity and hours stay with it, and count for variable pay alone."""
        return draft if of_variable_pay(draft) else replace(draft, id="", hours="")

    def opportunities(draft: CustomerRequest) -> tuple[list[Opportunity], Offered]:
        return requesting.opportunities(draft.customer, draft.engagement[0]), requesting.check(draft)

    steps: tuple[Step[CustomerRequest], ...] = (
        claim_step(lambda: requesting.locations(code)),
        Step(
            "engagements",
            N_("Engagements"),
            ask=requesting.check,
            asking=N_("Checking the customer against every engagement …"),
            settle=lambda draft, found: chosen_beforehand(draft, found.verdicts, code),
            heading=_who,
            body=lambda draft, found: ChooseEngagements(draft.engagement, found.verdicts),
            answers=frozenset({"engagement"}),
        ),
        Step(
            "opportunity",
            N_("Opportunity and hours"),
            applies=of_variable_pay,
            ask=opportunities,
            settle=_only_one,
            fields=(
                Field("id", N_("MSX opportunity"), options=lambda _draft, found: [_option(each) for each in found[0]]),
                text_field("hours", N_("Hours needed"), note=lambda draft, found: hours_note(draft, found[1].verdicts)),
            ),
        ),
        contacts_step(lambda draft: requesting.weigh(meant(draft))),
        Step(
            "review",
            N_("Review"),
            ask=lambda draft: requesting.review(meant(draft)),
            asking=N_("Checking once more …"),
            body=lambda _draft, found: _review(found),
        ),
    )
    return Wizard(
        kind,
        N_("Request customer"),
        blank,
        steps,
        problems,
        lambda draft: requesting.request(meant(draft)),
        N_("Request customer"),
        keep=lambda draft, step: memory.keep_draft(kind, step, asdict(draft)),
        drop=lambda: memory.drop_draft(kind),
    )


def _who(_draft: CustomerRequest, found: Offered) -> Content:
    where = f" ({found.country})" if found.country else ""
    return Content.styled(safe_text(f"{found.customer_name}{where}"), "bold")


def _only_one(draft: CustomerRequest, found: tuple[list[Opportunity], Offered]) -> CustomerRequest:
    """The opportunity that is the only one to choose is chosen."""
    free = [each.value for each in found[0] if not each.reasons]
    return replace(draft, id=free[0]) if len(free) == 1 and not draft.id else draft


def _option(opportunity: Opportunity) -> Option:
    acv = _("ACV %(amount)s USD") % {"amount": amount(int(opportunity.acv * 100))} if opportunity.acv else ""
    about = " · ".join(part for part in (opportunity.stage, acv) if part)
    against = "; ".join(say(reason) for reason in opportunity.reasons)
    return Option(opportunity.value, opportunity.value, about, against)


def _review(found: RequestReview) -> ReviewClaims:
    request, offered = found.request, found.offered
    used = [offered.ids[verdict.engagement.code] for verdict in found.chosen]
    ids = {(each.id_type, each.value): id_line(each.id_type, _(ID_TYPES[each.id_type]), each.value) for each in used}
    customer = [
        company_line(offered.customer_name, offered.country),
        *ids.values(),
        *contact_lines(request),
    ]
    own = (request.partner_name, request.partner_email, request.partner_phone)
    return ReviewClaims(request.name, found.location, customer, own, found.chosen, request.hours, found.remarks)
