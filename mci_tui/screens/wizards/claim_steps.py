"""The fields and steps that the wizards about claims share (S-3, S-4, S-5b)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from textual.content import Content

from mci_tui.domain.adding import Addition
from mci_tui.domain.details import LIMITS, Contacts, Details
from mci_tui.domain.eligibility import Location
from mci_tui.domain.ids import IdType
from mci_tui.screens.wizards.steps import Field, Step
from mci_tui.services.verdicts import Own, Verdict
from mci_tui.text import N_, _
from mci_tui.widgets.choice import Option
from mci_tui.words import LANGUAGES

C = TypeVar("C", bound=Contacts)
D = TypeVar("D", bound=Details)


def text_field(name: str, label: str | Callable[[Any], str], **more: Any) -> Field[Any]:
    """A line of text of the draft, as long as the rules allow."""
    return Field(name, label, max_length=LIMITS[name], **more)


def claim_step(locations: Callable[[], Sequence[Location]]) -> Step[Any]:
    """Friendly name and location; a location that is the only one is chosen. S-3a, S-4a"""

    def only(draft: Any, found: Sequence[Option]) -> Any:
        return replace(draft, location=found[0].value) if len(found) == 1 and not draft.location else draft

    return Step(
        "claim",
        N_("Claim"),
        ask=lambda _draft: [Option(each.id, f"{each.id} · {each.name}") for each in locations()],
        settle=only,
        fields=(
            text_field("name", N_("Friendly name"), note=N_("How you will find this claim again.")),
            Field("location", N_("Location"), options=lambda _draft, found: found, note=_no_location),
        ),
    )


def _no_location(_draft: Any, found: Sequence[Option]) -> str:
    if found:
        return ""
    return _("No location can be chosen: one is needed that is enrolled in MCI and for which you hold a role.")


def with_own(draft: C, own: Own) -> C:
    """The draft with the operator's own data where it has none of its company. S-3g"""
    if draft.partner_name or draft.partner_email or draft.partner_phone:
        return draft
    changes: dict[str, Any] = {"partner_name": own.name, "partner_email": own.email, "partner_phone": own.phone}
    return replace(draft, **changes)


def contacts_step(
    ask: Callable[[Any], Any],
    *,
    settle: Callable[[Any, Any], Any] | None = with_own,
    heading: Callable[[Any, Any], Content] | None = None,
    under_email: Sequence[Field[Any]] = (),
) -> Step[Any]:
    """The customer's contact and one's own, the latter prefilled from the operator's own data. S-3e, S-3g"""
    return Step(
        "contacts",
        N_("Contacts"),
        ask=ask,
        settle=settle,
        heading=heading,
        columns=(N_("Customer"), N_("Your company")),
        fields=(
            text_field("contact_name", N_("Name")),
            text_field("contact_email", N_("E-mail")),
            *under_email,
            text_field("reason", N_("Why this tenant"), applies=lambda draft, _found: bool(draft.reason)),
            text_field("contact_title", N_("Job title")),
            text_field("contact_phone", N_("Phone")),
            Field("contact_language", N_("Language of the e-mail"), options=lambda _draft, _found: _languages()),
            text_field("partner_name", N_("Name"), column=1),
            text_field("partner_email", N_("E-mail"), column=1),
            text_field("partner_phone", N_("Phone"), column=1),
        ),
    )


def _languages() -> list[Option]:
    return [Option(language, name) for language, name in LANGUAGES.items()]


def chosen_beforehand(draft: D, verdicts: Sequence[Verdict], code: str) -> D:
    """The engagement that one came from is chosen if it is eligible; what is no longer eligible falls away. S-3f"""
    eligible = {verdict.engagement.code for verdict in verdicts if verdict.eligible}
    kept = tuple(each for each in draft.engagement if each in eligible)
    first = (code,) if code in eligible and not draft.engagement else ()
    changes: dict[str, Any] = {"engagement": kept or first}
    return replace(draft, **changes)


def hours_note(draft: Details, verdicts: Sequence[Verdict]) -> str:
    """Within which limits the hours may be, for the engagement chosen. S-3f"""
    for verdict in verdicts:
        pays = verdict.engagement.payout
        if verdict.engagement.code in draft.engagement and pays.min_hours is not None:
            limits = {"low": pays.min_hours, "high": pays.max_hours}
            return _("Whole hours, %(low)s to %(high)s. They cannot be changed later.") % limits
    return _("Whole hours. They cannot be changed later.")


def resumed(blank: C, values: Mapping[str, Any]) -> C:
    """A kept draft; what an earlier version kept and this one does not know is left out, and the other way round."""
    known = {field.name for field in fields(blank)}
    kept: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items() if name in known
    }
    return replace(blank, **kept)


def carried_over(typed: Addition) -> dict[str, Any]:
    """What was typed to add a customer and serves to request it: names, location, hours, reason, contacts, and the
    opportunity. Engagements do not: where a customer can be added it cannot be requested. S-2g"""
    shared = [field.name for field in fields(Details) if field.name != "engagement"]
    if typed.id_type == IdType.MSX:
        shared.append("id")
    return {name: value for name in shared if (value := getattr(typed, name))}
