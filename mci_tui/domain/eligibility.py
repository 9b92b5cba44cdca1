"""Who is eligible for what, with every reason against it (S-2, S-3c, S-3d, S-11d, S-6e)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import IntEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from mci_tui.domain.claims import OPEN, Status
from mci_tui.domain.engagements import Engagement, Fact
from mci_tui.domain.ids import IdType, shown_id
from mci_tui.errors import Reason, reason


class Tab(IntEnum):
    """The three tabs of a Customers page, in their order."""

    ELIGIBLE = 0
    NOT_ELIGIBLE = 1
    COMPLETE = 2


class CustomerId(NamedTuple):
    """An ID of a customer with what is known of it.

    `facts` are those of the ID itself — for a domain those of the tenant derived from it — with the customer's
    country. `tenant` is the tenant that a domain belongs to, or the tenant ID itself.
    """

    id_type: IdType
    value: str
    facts: Mapping[str, Fact] = MappingProxyType({})
    tenant: str | None = None
    row: int = 0

    @property
    def listed_as(self) -> tuple[str, str]:
        """The ID as nomination lists name it: a domain counts as its tenant. S-3c"""
        return (
            (IdType.TENANT, self.tenant)
            if self.id_type is IdType.DOMAIN and self.tenant
            else (
                self.id_type,
                self.value,
            )
        )


class Nomination(NamedTuple):
    """A line of an engagement's nomination list."""

    eligible: bool
    why: str = ""


Nominations = Callable[[tuple[str, str]], Nomination | None]
"""Looks an ID (type, value) up in the nomination list of one engagement."""


class PairClaim(NamedTuple):
    """A claim as the Customers page of its engagement sees it."""

    id: int
    status: Status
    on_page: bool = True
    opportunity: int = 0


class Customer(NamedTuple):
    """A customer as every Customers page sees it: the IDs of consented claims, latest first, and the opportunities."""

    id: int
    known: bool
    consented: Sequence[CustomerId] = ()
    opportunities: Sequence[CustomerId] = ()


def against_id(engagement: Engagement, customer_id: CustomerId, nominations: Nominations) -> list[Reason]:
    """Every reason in the ID itself that speaks against nominating by it. S-3c, S-3d, S-11d

    Where the engagement does not accept the type, that reason stands alone; a domain whose tenant is unknown cannot
    be checked further.
    """
    if customer_id.id_type not in engagement.id_types:
        return [reason("id_type_not_accepted", id_type=customer_id.id_type, accepted=engagement.id_types)]
    if customer_id.id_type is IdType.DOMAIN and customer_id.tenant is None:
        return [reason("id_not_resolved", value=shown_id(customer_id.id_type, customer_id.value))]
    found = []
    if customer_id.id_type is IdType.MSX and not customer_id.facts.get("open", True):
        found.append(reason("opportunity_closed", value=customer_id.value))
    for criterion in engagement.criteria:
        if criterion.id_types and customer_id.id_type not in criterion.id_types:
            continue
        holds = criterion.condition.holds(customer_id.facts)
        if holds is None:
            found.append(_unknown(criterion.condition.fact, customer_id))
        elif not holds:
            found.append(reason("criterion_not_met", text=criterion.reason))
    if engagement.nomination_list:
        found.extend(_against_nomination(nominations(customer_id.listed_as), customer_id))
    return found


def _unknown(fact: str, customer_id: CustomerId) -> Reason:
    id_type, value = customer_id.listed_as
    return reason("fact_unknown", fact=fact, id_type=id_type, value=value)


def _against_nomination(line: Nomination | None, customer_id: CustomerId) -> list[Reason]:
    if line is not None and line.eligible:
        return []
    value = shown_id(customer_id.id_type, customer_id.value)
    if customer_id.id_type is IdType.DOMAIN:  # its own line would not count: the tenant is what was looked up
        value = f"{value} ({customer_id.tenant})"
    return [reason("not_on_nomination_list", value=value, text=line.why if line else "")]


def against_limits(engagement: Engagement, statuses: Iterable[Status]) -> list[Reason]:
    """The limits that the customer's claims on this engagement have reached. S-2c, S-6e

    Active are the open claims, all are the open and the approved ones; what died otherwise does not count.
    """
    counted = list(statuses)
    active = sum(status in OPEN for status in counted)
    total = active + sum(status is Status.APPROVED for status in counted)
    found = []
    if engagement.max_active_claims is not None and active >= engagement.max_active_claims:
        found.append(reason("active_claim_limit", limit=engagement.max_active_claims))
    if engagement.max_total_claims is not None and total >= engagement.max_total_claims:
        found.append(reason("total_claim_limit", limit=engagement.max_total_claims))
    return found


def against_time(engagement: Engagement, day: date) -> list[Reason]:
    """`engagement_not_active` outside the engagement's own start and end. Compared when read, never stored. S-10"""
    if engagement.active(day):
        return []
    return [reason("engagement_not_active", starts_on=engagement.starts_on, ends_on=engagement.ends_on)]


class Location(NamedTuple):
    """A location of the partner."""

    id: str
    name: str
    country: str
    enrolled: bool
    is_global: bool


def against_location(location: Location, granted: bool, engagement: Engagement | None = None) -> list[Reason]:
    """What speaks against a location: not enrolled, global, not granted, not eligible for the engagement. S-1b, S-3a"""
    found: list[Reason] = []
    about: dict[str, Any] = {"location": location.id}
    if not location.enrolled:
        found.append(reason("location_not_enrolled", **about))
    if location.is_global:
        found.append(reason("location_global", **about))
    if engagement is not None and not engagement.accepts_location(location.id):
        found.append(reason("location_not_eligible", **about))
    if not granted:
        found.append(reason("operator_not_granted", **about))
    return found


def request_by(
    engagement: Engagement, customer: Customer, claims: Sequence[PairClaim], nominations: Nominations
) -> tuple[CustomerId | None, list[Reason]]:
    """The ID by which a known customer would be requested, and every lasting reason against it. S-2b, S-2c, S-4b, S-4c

    Fixed pay: the ID of the latest consented claim whose type the engagement accepts. Variable pay: the first open
    opportunity that meets the criteria and is in no open claim of this engagement.
    """
    limits = against_limits(engagement, [claim.status for claim in claims])
    if engagement.msx_only:
        chosen, found = _opportunity(engagement, customer, claims, nominations)
        return chosen, found + limits
    for known_id in customer.consented:
        if known_id.id_type in engagement.id_types:
            return known_id, against_id(engagement, known_id, nominations) + limits
    return None, [reason("id_type_not_accepted", accepted=engagement.id_types), *limits]


def _opportunity(
    engagement: Engagement, customer: Customer, claims: Sequence[PairClaim], nominations: Nominations
) -> tuple[CustomerId | None, list[Reason]]:
    used = {claim.opportunity for claim in claims if claim.status in OPEN}
    found: list[Reason] = [reason("opportunity_closed")]
    for opportunity in customer.opportunities:
        if opportunity.row in used:
            found = [reason("opportunity_in_use", value=opportunity.value)]
            continue
        found = against_id(engagement, opportunity, nominations)
        if not found:
            return opportunity, []
    return None, found


def lines(
    engagement: Engagement, customer: Customer, claims: Sequence[PairClaim], nominations: Nominations
) -> list[tuple[Tab, int, int]]:
    """The customer's lines on this engagement's Customers page: tab, claim (0: the customer row), ID used. S-2a…S-2f

    What only time decides (`against_time`) is left to who reads. An engagement that takes MSX opportunity IDs alone
    has no lines in Not eligible (S-2d).
    """
    found = [
        (Tab.ELIGIBLE if claim.status in OPEN else Tab.COMPLETE, claim.id, 0)
        for claim in claims
        if claim.on_page or claim.status in OPEN
    ]
    if customer.known:
        chosen, reasons = request_by(engagement, customer, claims, nominations)
        row = chosen.row if chosen else 0
        if not reasons:
            found.append((Tab.ELIGIBLE, 0, row))
        elif not engagement.msx_only:
            found.append((Tab.NOT_ELIGIBLE, 0, row))
    return found
