"""What *Add* and *Request* share: the verdict of an engagement, who may deliver where, and the last checks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import bindparam, select

from mci_tui.domain import cells
from mci_tui.domain.claims import begin
from mci_tui.domain.contacts import mail_domain
from mci_tui.domain.deadlines import due_day
from mci_tui.domain.details import Contacts, Details
from mci_tui.domain.eligibility import CustomerId, Location, against_location
from mci_tui.domain.engagements import Engagement, Pay
from mci_tui.domain.ids import IdType, normal_id, shown_id
from mci_tui.domain.payout import Proposed, proposed
from mci_tui.domain.roles import Action
from mci_tui.errors import Invalid, NotFound, Reason, Refused, WrongValue, reason
from mci_tui.services.desk import Desk, Scene
from mci_tui.services.making import terms_for
from mci_tui.services.tenants import learn_tenant, tenant_of
from mci_tui.store.engine import Tx
from mci_tui.store.schema import locations, operators
from mci_tui.text import safe_text

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True)
class Verdict:
    """One engagement for a customer's ID: every reason against it, what it would pay, until when consent is needed."""

    engagement_id: int
    engagement: Engagement
    reasons: tuple[Reason, ...]
    payout: Proposed | None
    consent_by: date

    @property
    def eligible(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Own:
    """The operator's own contact data. S-3g"""

    name: str = ""
    email: str = ""
    phone: str = ""


D = TypeVar("D", bound="DataclassInstance")


def safe(details: D) -> D:
    """The details as they may be kept and shown, whatever was typed or stood in a file."""
    typed = {field.name: getattr(details, field.name) for field in fields(details)}
    safe_ones: dict[str, Any] = {name: safe_text(text) for name, text in typed.items() if isinstance(text, str)}
    return replace(details, **safe_ones)


def own_data(desk: Desk) -> Own:
    """The operator's own contact data, as far as the workspace has it."""
    with desk.reading() as scene:
        return own_data_in(scene)


def own_data_in(scene: Scene) -> Own:
    """The same inside a transaction."""
    row = scene.tx.execute(select(operators).where(operators.c.login == scene.login)).one_or_none()
    return Own(row.name, row.email, row.phone) if row else Own()


def offered_locations(desk: Desk, engagement: Engagement | None = None) -> list[Location]:
    """The locations that can be chosen: enrolled, not global, granted to the operator; and eligible for the
    engagement, where one is given. S-1b, S-3a, S-4a"""
    with desk.reading() as scene:
        found = [_location(row) for row in scene.tx.execute(select(locations).order_by(locations.c.id))]
        return [each for each in found if not against_location(each, scene.allows(Action.WORK, each.id), engagement)]


def find_location(tx: Tx, location: str) -> Location:
    """The location with this ID. Raises `Invalid`."""
    row = tx.execute(_LOCATION_BY_ID, {"id": location.strip()}).one_or_none()
    if row is None:
        raise Invalid({"location": reason("not_found_location", location=location)})
    return _location(row)


_LOCATION_BY_ID = select(locations).where(locations.c.id == bindparam("id"))


def _location(row: Any) -> Location:
    return Location(row.id, row.name, row.country, row.enrolled, row.is_global)


def verdict_of(
    scene: Scene,
    id_: int,
    engagement: Engagement,
    against: Iterable[Reason],
    customer_id: CustomerId | None,
    hours: str,
) -> Verdict:
    """The verdict of an engagement: what it would pay is known once the ID, and for variable pay the hours, are."""
    payout = None
    country = str(customer_id.facts.get("country", "")) if customer_id else ""
    whole = _hours(hours)
    if customer_id and (engagement.pay is Pay.FIXED or (customer_id.id_type is IdType.MSX and whole is not None)):
        payout = proposed(engagement, country, customer_id.facts, whole)
    lapse = begin(scene.now, terms_for(engagement, scene.zone)).consent_due
    return Verdict(id_, engagement, tuple(against), payout, due_day(lapse, scene.zone))


def _hours(typed: str) -> int | None:
    """The hours typed so far, or None."""
    try:
        return cells.hours(typed.strip())
    except WrongValue:
        return None


def chosen_of(verdicts: Sequence[Verdict], details: Details) -> list[Verdict]:
    """The verdicts of the engagements chosen, none of which may have a reason against it. S-3f

    Raises `NotFound`, `Refused` (`single_engagement`, or `not_eligible` with every reason), or `Invalid` (hours).
    """
    by_code = {verdict.engagement.code: verdict for verdict in verdicts}
    if missing := [code for code in details.engagement if code not in by_code]:
        raise NotFound(reason("not_found_engagement", code=missing[0]))
    chosen = [by_code[code] for code in dict.fromkeys(details.engagement)]
    if len(chosen) > 1 and any(verdict.engagement.pay is Pay.VARIABLE for verdict in chosen):
        single = reason("single_engagement")
        raise Refused("single_engagement", single, problems={"engagement": single})
    if against := [(verdict.engagement.code, why) for verdict in chosen for why in verdict.reasons]:
        problems = {"engagement": reason("not_eligible_any_more", engagement=against[0][0])}
        raise Refused("not_eligible", reason("not_eligible"), problems=problems, reasons=against)
    if problem := _hours_problem(chosen[0].engagement, details.hours):
        raise Invalid({"hours": problem})
    return chosen


def _hours_problem(engagement: Engagement, typed: str) -> Reason | None:
    """Hours are for variable pay alone, and within the engagement's limits. S-3f"""
    hours, pays = _hours(typed), engagement.payout
    if pays.min_hours is None or pays.max_hours is None:
        return reason("hours_fixed_pay") if typed.strip() else None
    if hours is None or not pays.min_hours <= hours <= pays.max_hours:
        return reason("hours_range", low=pays.min_hours, high=pays.max_hours)
    return None


def learn_tenants(desk: Desk, id_type: str, value: str, email: str) -> None:
    """Asks for the tenants that the check will need, where asking is switched on: of the domain given, or of the mail
    domain that a tenant ID is compared with. S-3c, S-3e"""
    if desk.look_up is None:
        return
    domains = []
    if id_type == IdType.DOMAIN:
        domains.append(value)
    elif id_type == IdType.TENANT and "@" in email:
        domains.append(email.rpartition("@")[2])
    for text in domains:
        try:
            learn_tenant(desk, normal_id(IdType.DOMAIN, text))
        except WrongValue:
            continue


def mismatch(tx: Tx, id_type: str, value: str, email: str) -> Reason | None:
    """Why a reason is needed for nominating by this tenant ID a customer at this address; None where none is. S-3e"""
    if id_type != IdType.TENANT:
        return None
    domain = mail_domain(email)
    tenant = tenant_of(tx, domain)
    if tenant == value:
        return None
    shown = shown_id(IdType.DOMAIN, domain)
    return reason("mismatch_unknown" if tenant is None else "mismatch_reason", domain=shown)


def require_reason(tx: Tx, id_type: str, value: str, details: Contacts) -> None:
    """Raises `Refused` (`reason_required`) where a reason is needed for a tenant ID and none is given. S-3e"""
    why = mismatch(tx, id_type, value, details.contact_email)
    if why is not None and not details.reason:
        raise Refused("reason_required", reason("reason_required"), problems={"reason": why})
