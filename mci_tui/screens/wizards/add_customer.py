"""*Add customer*: the wizard that nominates a customer by an ID (S-3)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from textual.content import Content

from mci_tui.domain.adding import Addition, check
from mci_tui.domain.ids import IdType, shown_id
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
from mci_tui.services.adding import Checked, Review
from mci_tui.services.claims import Claim
from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.choice import Option
from mci_tui.words import ID_TYPES

KIND = "add"


@dataclass(frozen=True, slots=True)
class RequestInstead:
    """The customer stands in the Eligible tab of an engagement: it is to be requested, with what was typed. S-2g"""

    customer: str
    engagement: str
    typed: Addition


@dataclass(frozen=True, slots=True)
class OpenInstead:
    """The customer has an open claim: that is to be opened, and the draft stays. S-2g"""

    claim: str


def add_customer(
    services: Services, code: str, workspace: Workspace
) -> Wizard[Addition, list[Claim] | RequestInstead | OpenInstead]:
    """The wizard, come to from the engagement `code`."""
    adding, memory = services.adding, services.memory

    def problems(draft: Addition) -> Mapping[str, Reason]:
        return check(draft, workspace)

    steps = (
        claim_step(adding.locations),
        Step(
            "customer",
            N_("Customer ID"),
            fields=(
                Field("id_type", N_("ID type"), options=lambda _draft, _found: _id_types()),
                text_field("id", _id_label, note=_ID_NOTE),
                text_field("customer_name", N_("Company"), applies=_nameless),
                text_field("country", N_("Country"), applies=_homeless, placeholder="IT"),
            ),
        ),
        Step(
            "engagements",
            N_("Engagements"),
            ask=adding.check,
            asking=N_("Checking the ID against every engagement …"),
            settle=lambda draft, found: chosen_beforehand(draft, found.verdicts, code),
            heading=_who,
            fields=(
                text_field(
                    "hours",
                    N_("Hours needed"),
                    applies=lambda draft, _found: draft.id_type == IdType.MSX,
                    note=lambda draft, found: hours_note(draft, found.verdicts),
                ),
            ),
            body=lambda draft, found: ChooseEngagements(draft.engagement, found.verdicts, _other_way(found, code)),
            answers=frozenset({"engagement"}),
            instead=lambda draft, found: _instead(draft, found, code),
        ),
        contacts_step(adding.weigh),
        Step(
            "review",
            N_("Review"),
            ask=adding.review,
            asking=N_("Checking once more …"),
            body=lambda _draft, found: _review(found),
        ),
    )
    return Wizard(
        KIND,
        N_("Add customer"),
        Addition(),
        steps,
        problems,
        adding.add,
        N_("Add customer"),
        keep=lambda draft, step: memory.keep_draft(KIND, step, asdict(draft)),
        drop=lambda: memory.drop_draft(KIND),
    )


_ID_NOTE = N_("Only this ID is checked; the customer's other IDs do not count.")


def _id_types() -> list[Option]:
    return [Option(str(id_type), _(ID_TYPES[id_type])) for id_type in IdType]


def _id_label(draft: Addition) -> str:
    return _(ID_TYPES[draft.id_type]) if draft.id_type in ID_TYPES else _("ID")


def _nameless(draft: Addition, _found: object) -> bool:
    """The company is asked for where the directory does not know the ID; what is typed stays in sight. S-3b"""
    return bool(draft.customer_name)


def _homeless(draft: Addition, _found: object) -> bool:
    """The country is asked for there as well, and where the directory does not tell it. S-3b"""
    return bool(draft.customer_name or draft.country)


def _who(_draft: Addition, found: Checked) -> Content:
    where = f" ({found.country})" if found.country else ""
    by = f"{_(ID_TYPES[found.id_type])} {shown_id(found.id_type, found.value)}"
    if found.tenant:
        by = _("tenant %(tenant)s") % {"tenant": found.tenant}
    return Content.assemble((safe_text(f"{found.customer_name}{where}"), "bold"), f"\n{by}")


def _standing(found: Checked, code: str) -> tuple[str, Reason] | None:
    """Where the customer stands already, and what says so: a row to request first, on the engagement `code` first."""
    against = [(verdict.engagement.code, why) for verdict in found.verdicts for why in verdict.reasons]
    standing = [each for each in against if each[1].code in ("known_customer", "open_claim")]
    return min(standing, key=lambda each: (each[1].code != "known_customer", each[0] != code), default=None)


def _other_way(found: Checked, code: str) -> str:
    """What F2 would do instead, in words. S-2g"""
    there = _standing(found, code)
    if there is None:
        return ""
    if there[1].code == "known_customer":
        words = _("%(customer)s can be requested. F2 does that instead, and takes along what you typed.")
    else:
        words = _("F2 opens %(claim)s of %(customer)s instead; what you typed is kept.")
    return words % there[1].params


def _instead(draft: Addition, found: Checked | None, code: str) -> RequestInstead | OpenInstead | None:
    there = _standing(found, code) if found else None
    if found is None or there is None:
        return None
    engagement, why = there
    if why.code == "known_customer":
        return RequestInstead(why.params["key"], engagement, replace(draft, id=found.value))
    return OpenInstead(why.params["claim"])


def _review(found: Review) -> ReviewClaims:
    addition, checked = found.addition, found.checked
    customer = [
        company_line(checked.customer_name, checked.country),
        id_line(checked.id_type, _(ID_TYPES[checked.id_type]), checked.value),
        (_("Tenant"), checked.tenant or "" if checked.id_type is IdType.DOMAIN else ""),
        *contact_lines(addition),
    ]
    own = (addition.partner_name, addition.partner_email, addition.partner_phone)
    return ReviewClaims(addition.name, found.location, customer, own, found.chosen, addition.hours, found.remarks)
