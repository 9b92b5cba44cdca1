"""*Add customer*: the wizard that nominates a customer by an ID (S-3)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from textual.content import Content

from mci_tui.domain.adding import LIMITS, Addition, check
from mci_tui.domain.ids import FIXED_PAY_TYPES
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Reason
from mci_tui.screens.wizards.bodies import ChooseEngagements, ReviewAddition
from mci_tui.screens.wizards.steps import Field, Step, Wizard
from mci_tui.services import Services
from mci_tui.services.adding import Checked
from mci_tui.services.claims import Claim
from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.choice import Option
from mci_tui.words import ID_TYPES

KIND = "add"


def resumed(values: Mapping[str, Any]) -> Addition:
    """A kept draft as an addition; what an earlier version kept and this one does not know is left out."""
    known = {field.name for field in fields(Addition)}
    kept: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items() if name in known
    }
    return Addition(**kept)


def _text(name: str, label: str | Callable[[Addition], str], **more: Any) -> Field[Addition]:
    return Field(name, label, max_length=LIMITS[name], **more)


def add_customer(services: Services, code: str, workspace: Workspace) -> Wizard[Addition, list[Claim]]:
    """The wizard, come to from the engagement `code`."""
    adding, memory = services.adding, services.memory

    def problems(draft: Addition) -> Mapping[str, Reason]:
        return check(draft, workspace)

    def first(draft: Addition, found: list[Option]) -> Addition:
        return replace(draft, location=found[0].value) if len(found) == 1 and not draft.location else draft

    steps = (
        Step(
            "claim",
            N_("Claim"),
            ask=lambda _draft: [Option(each.id, f"{each.id} · {each.name}") for each in adding.locations()],
            settle=first,
            fields=(
                _text("name", N_("Friendly name"), note=N_("How you will find this claim again.")),
                Field("location", N_("Location"), options=lambda _draft, found: found, note=_no_location),
            ),
        ),
        Step(
            "customer",
            N_("Customer ID"),
            fields=(
                Field("id_type", N_("ID type"), options=lambda _draft, _found: _id_types()),
                _text("id", _id_label, note=_ID_NOTE),
                _text("customer_name", N_("Company"), applies=_unknown),
                _text("country", N_("Country"), applies=_unknown, placeholder="IT"),
            ),
        ),
        Step(
            "engagements",
            N_("Engagements"),
            ask=adding.check,
            asking=N_("Checking the ID against every engagement …"),
            settle=lambda draft, found: _chosen_beforehand(draft, found, code),
            heading=_who,
            body=lambda draft, found: ChooseEngagements(draft.engagement, found),
            answers=frozenset({"engagement"}),
        ),
        Step(
            "contacts",
            N_("Contacts"),
            ask=lambda _draft: adding.own(),
            settle=_with_own,
            columns=(N_("Customer"), N_("Your company")),
            fields=(
                _text("contact_name", N_("Name")),
                _text("contact_email", N_("E-mail")),
                _text("reason", N_("Why this tenant"), applies=lambda draft, _found: bool(draft.reason)),
                _text("contact_title", N_("Job title")),
                _text("contact_phone", N_("Phone")),
                Field("contact_language", N_("Language of the e-mail"), options=lambda _draft, _found: _languages()),
                _text("partner_name", N_("Name"), column=1),
                _text("partner_email", N_("E-mail"), column=1),
                _text("partner_phone", N_("Phone"), column=1),
            ),
        ),
        Step(
            "review",
            N_("Review"),
            ask=adding.review,
            asking=N_("Checking once more …"),
            body=lambda _draft, found: ReviewAddition(found),
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


_ID_NOTE = N_("The check runs on this ID alone. What is true of a customer's other IDs does not count.")


def _no_location(_draft: Addition, found: list[Option]) -> str:
    if found:
        return ""
    return _("No location can be chosen: one is needed that is enrolled in MCI and for which you hold a role.")


def _id_types() -> list[Option]:
    return [Option(str(id_type), _(ID_TYPES[id_type])) for id_type in FIXED_PAY_TYPES]


def _languages() -> list[Option]:
    return [Option("en", "English"), Option("it", "Italiano")]


def _id_label(draft: Addition) -> str:
    return _(ID_TYPES[draft.id_type]) if draft.id_type in ID_TYPES else _("ID")


def _unknown(draft: Addition, _found: object) -> bool:
    """Company and country are asked for where the directory does not know the ID; what is typed stays in sight. S-3b"""
    return bool(draft.customer_name or draft.country)


def _chosen_beforehand(draft: Addition, found: Checked, code: str) -> Addition:
    """The engagement that one came from is chosen if it is eligible; what is no longer eligible falls away. S-3f"""
    eligible = {verdict.engagement.code for verdict in found.verdicts if verdict.eligible}
    chosen = tuple(each for each in draft.engagement if each in eligible)
    return replace(draft, engagement=chosen or ((code,) if code in eligible and not draft.engagement else ()))


def _who(_draft: Addition, found: Checked) -> Content:
    where = f" ({found.country})" if found.country else ""
    tenant = (
        _("tenant %(tenant)s") % {"tenant": found.tenant}
        if found.tenant
        else f"{_(ID_TYPES[found.id_type])} {found.value}"
    )
    return Content.assemble((safe_text(f"{found.customer_name}{where}"), "bold"), f" · {tenant}")


def _with_own(draft: Addition, own: Any) -> Addition:
    """One's own company is prefilled from the operator's own data. S-3g"""
    if draft.partner_name or draft.partner_email or draft.partner_phone:
        return draft
    return replace(draft, partner_name=own.name, partner_email=own.email, partner_phone=own.phone)
