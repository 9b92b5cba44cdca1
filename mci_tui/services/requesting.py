"""Requesting a known customer: what stands against each engagement now, and the claims that come of it (S-4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from mci_tui.domain.claims import OPEN
from mci_tui.domain.contacts import remarks
from mci_tui.domain.details import CUSTOMER_CONTACT
from mci_tui.domain.eligibility import (
    CustomerId,
    Location,
    Nominations,
    PairClaim,
    against_id,
    against_location,
    against_time,
    request_by,
)
from mci_tui.domain.engagements import Engagement, Pay
from mci_tui.domain.ids import IdType, normal_id
from mci_tui.domain.requesting import CustomerRequest, check, normal
from mci_tui.domain.roles import Action
from mci_tui.errors import Invalid, NotFound, Reason, Refused, WrongValue, reason
from mci_tui.services.claims import Claim, claims_by_id
from mci_tui.services.desk import Desk, Scene
from mci_tui.services.engagements import find_engagement
from mci_tui.services.making import NewClaim, make_claim
from mci_tui.services.verdicts import (
    Own,
    Verdict,
    chosen_of,
    find_location,
    learn_tenants,
    offered_locations,
    own_data,
    require_reason,
    safe,
    verdict_of,
)
from mci_tui.store.schema import claims, customers, identifiers
from mci_tui.store.standing import Loaded, load_customers, load_engagements, nomination_lists


@dataclass(frozen=True, slots=True)
class Opportunity:
    """An opportunity of the customer, for one engagement: every reason against it, ACV and stage as far as known."""

    value: str
    acv: Any
    stage: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """A known customer, the verdict of every engagement now, and the ID by which each of them would be requested."""

    customer: str
    customer_name: str
    country: str
    verdicts: tuple[Verdict, ...]
    ids: Mapping[str, CustomerId]


@dataclass(frozen=True, slots=True)
class RequestReview:
    """Everything as it will be: the request in its normal form, what is offered, what is chosen, what to point out."""

    request: CustomerRequest
    offered: Offered
    location: Location
    chosen: tuple[Verdict, ...]
    remarks: tuple[Reason, ...]


class Requesting:
    """Requests known customers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def locations(self, code: str) -> list[Location]:
        """The locations that can be chosen for the engagement `code`: enrolled, eligible for it, granted. S-4a"""
        with self._desk.reading() as scene:
            _id, engagement = find_engagement(scene.tx, code)
        return offered_locations(self._desk, engagement)

    def start(self, customer: str) -> CustomerRequest:
        """A request to begin with: the contacts are those of the customer's last claim. S-4a. Raises `NotFound`."""
        with self._desk.reading() as scene:
            row = _customer(scene, customer)
            columns = [claims.c[name] for name in CUSTOMER_CONTACT]
            query = (
                select(*columns)
                .where(claims.c.customer_id == row.id)
                .order_by(claims.c.created_at.desc(), claims.c.id.desc())
            )
            last = scene.tx.execute(query.limit(1)).one_or_none()
            return CustomerRequest(customer=row.key, **(last._asdict() if last else {}))

    def opportunities(self, customer: str, code: str) -> list[Opportunity]:
        """The customer's opportunities, with what speaks against each on the engagement `code`. S-4c"""
        with self._desk.reading() as scene:
            return [
                Opportunity(each.value, each.facts.get("acv"), str(each.facts.get("stage", "")), tuple(against))
                for each, against in _opportunities(scene, customer, code).values()
            ]

    def check(self, request: CustomerRequest) -> Offered:
        """What every engagement says to the customer now, whatever opportunity was thought of. S-4a, S-4b, S-4c

        Raises `NotFound`, or `Refused` (`not_eligible`) for a customer without a consent on record.
        """
        with self._desk.reading() as scene:
            return _offered(scene, safe(request))

    def weigh(self, request: CustomerRequest) -> Own:
        """Whether engagements, opportunity and hours can stand, before contacts are asked for; one's own data for
        those. Raises as `request` does of them."""
        with self._desk.reading() as scene:
            request = safe(request)
            _weighed(scene, _offered(scene, request), request)
        return own_data(self._desk)

    def review(self, request: CustomerRequest) -> RequestReview:
        """The last look. Raises as `request` does, and writes nothing."""
        request = safe(request)
        self._learn(request)
        with self._desk.reading() as scene:
            return _review(scene, request)

    def _learn(self, request: CustomerRequest) -> None:
        """Asks for the tenant of the mail domain, if the customer is nominated by a tenant ID somewhere. S-3e"""
        if self._desk.look_up is None:
            return
        with self._desk.reading() as scene:
            ids = _offered(scene, request).ids
        by_tenant = (
            ids[code].value for code in request.engagement if code in ids and ids[code].id_type is IdType.TENANT
        )
        if (tenant := next(by_tenant, None)) is not None:
            learn_tenants(self._desk, IdType.TENANT, tenant, request.contact_email)

    def request(self, request: CustomerRequest) -> list[Claim]:
        """One claim for each engagement chosen, all or none, in one transaction. S-4a

        Raises `Invalid` (fields), `Refused`: `not_eligible` (with the reasons of now), `reason_required`,
        `single_engagement`; `NotAllowed` where the operator holds no role for the location.
        """
        request = safe(request)
        self._learn(request)
        with self._desk.acting(Action.WORK, request.location.strip()) as scene:
            held = select(customers.c.id).where(customers.c.key == request.customer.strip()).with_for_update()
            scene.tx.execute(held)
            review = _review(scene, request)
            customer = _customer(scene, review.request.customer)
            made = [make_claim(scene, _claim(review, verdict, customer)) for verdict in review.chosen]
            return claims_by_id(scene, made)


def _claim(review: RequestReview, verdict: Verdict, customer: Any) -> NewClaim:
    used = review.offered.ids[verdict.engagement.code]
    return NewClaim(
        engagement_id=verdict.engagement_id,
        engagement=verdict.engagement,
        customer_id=customer.id,
        customer_name=customer.name,
        identifier_id=used.row,
        id_type=str(used.id_type),
        id_value=used.value,
        tenant=used.value if used.id_type is IdType.TENANT else used.tenant,
        origin="requested",
        details=review.request,
        payout=verdict.payout,
    )


def _review(scene: Scene, request: CustomerRequest) -> RequestReview:
    if problems := check(request, scene.workspace):
        raise Invalid(problems)
    request = normal(request, scene.workspace)
    offered = _offered(scene, request)
    chosen = _weighed(scene, offered, request)
    for verdict in chosen:
        used = offered.ids[verdict.engagement.code]
        require_reason(scene.tx, used.id_type, used.value, request)
    location = find_location(scene.tx, request.location)
    pointed_out = remarks(request.contact_email, scene.workspace.free_mail_domains)
    return RequestReview(request, offered, location, tuple(chosen), tuple(pointed_out))


def _weighed(scene: Scene, offered: Offered, request: CustomerRequest) -> list[Verdict]:
    """The verdicts of what is chosen; an opportunity is needed for variable pay, and only there. S-4c"""
    chosen = [verdict for verdict in offered.verdicts if verdict.engagement.code in request.engagement]
    variable = [verdict for verdict in chosen if verdict.engagement.pay is Pay.VARIABLE]
    if variable and not request.id.strip():
        raise Invalid({"id": reason("opportunity_needed")})
    if chosen and not variable and request.id.strip():
        raise Invalid({"id": reason("opportunity_fixed_pay")})
    if len(chosen) == 1 and variable and variable[0].eligible:
        _require_opportunity(scene, offered, variable[0].engagement, request)
    return chosen_of(offered.verdicts, request)


def _require_opportunity(scene: Scene, offered: Offered, engagement: Engagement, request: CustomerRequest) -> None:
    """Raises `Invalid` where the opportunity is unknown or another customer's, `Refused` (`not_eligible`, with every
    reason) where something speaks against it, though not against the customer. S-4c"""
    value = _opportunity_id(scene, request)
    if offered.ids[engagement.code].value == value:
        return
    mine = _opportunities(scene, offered.customer, engagement.code).get(value)
    if mine is None:
        i = identifiers.c
        known = scene.tx.scalar(select(i.id).where(i.id_type == IdType.MSX, i.value == value)) is not None
        problem = reason("opportunity_other", value=value) if known else reason("opportunity_unknown", value=value)
        raise Invalid({"id": problem})
    reasons = [(engagement.code, why) for why in mine[1]]
    raise Refused("not_eligible", reason("not_eligible"), problems={"id": mine[1][0]}, reasons=reasons)


def _opportunity_id(scene: Scene, request: CustomerRequest) -> str:
    """The opportunity given, in its normal form; empty where none is. Raises `Invalid`."""
    try:
        return normal_id(IdType.MSX, request.id, scene.workspace.msx_pattern) if request.id.strip() else ""
    except WrongValue as wrong:
        raise Invalid({"id": wrong.why}) from wrong


def _customer(scene: Scene, key: str) -> Any:
    row = scene.tx.execute(select(customers).where(customers.c.key == key.strip())).one_or_none()
    if row is None:
        raise NotFound(reason("not_found_customer", key=key))
    return row


def _opportunities(scene: Scene, customer: str, code: str) -> dict[str, tuple[CustomerId, list[Reason]]]:
    """The customer's opportunities by ID, with all that speaks against each on the engagement `code`."""
    (loaded,) = load_customers(scene.tx, [_customer(scene, customer).id])
    id_, engagement = find_engagement(scene.tx, code)
    look_up = nomination_lists(scene.tx, {id_: engagement}, [each.value for each in loaded.customer.opportunities])[id_]
    pair = loaded.claims.get(id_, [])
    return {
        each.value: (each, _against_opportunity(engagement, each, pair, look_up))
        for each in loaded.customer.opportunities
    }


def _offered(scene: Scene, request: CustomerRequest) -> Offered:
    row = _customer(scene, request.customer)
    (loaded,) = load_customers(scene.tx, [row.id])
    if not loaded.customer.known:
        raise Refused("not_eligible", reason("customer_not_known", customer=row.name))
    listed = load_engagements(scene.tx)
    values = {each.listed_as[1] for each in (*loaded.customer.consented, *loaded.customer.opportunities)}
    look_ups = nomination_lists(scene.tx, listed, values)
    location = find_location(scene.tx, request.location) if request.location.strip() else None
    opportunity = _opportunity_id(scene, request)
    verdicts, ids = [], {}
    for id_, engagement in listed.items():
        used, against = _used(engagement, loaded, id_, look_ups[id_], opportunity)
        if used is not None:
            ids[engagement.code] = used
        against = against_time(engagement, scene.today) + against
        if location is not None:
            against += against_location(location, scene.allows(Action.WORK, location.id), engagement)
        verdicts.append(verdict_of(scene, id_, engagement, against, used, request.hours))
    return Offered(row.key, row.name, row.country or "", tuple(verdicts), ids)


def _used(
    engagement: Engagement, loaded: Loaded, id_: int, look_up: Nominations, opportunity: str
) -> tuple[CustomerId | None, list[Reason]]:
    """The ID by which the customer would be requested, with all that speaks against it: the opportunity given, where
    nothing speaks against that one."""
    pair = loaded.claims.get(id_, [])
    found, against = request_by(engagement, loaded.customer, pair, look_up)
    if engagement.msx_only and not against:
        for mine in loaded.customer.opportunities:
            if mine.value == opportunity and not _against_opportunity(engagement, mine, pair, look_up):
                return mine, against
    return found, against


def _against_opportunity(
    engagement: Engagement, opportunity: CustomerId, pair: list[PairClaim], look_up: Nominations
) -> list[Reason]:
    """What speaks against one opportunity: criteria, closed, or in another open claim of this engagement. S-4c"""
    against = against_id(engagement, opportunity, look_up)
    if any(claim.opportunity == opportunity.row and claim.status in OPEN for claim in pair):
        against.append(reason("opportunity_in_use", value=opportunity.value))
    return against
