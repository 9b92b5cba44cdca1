"""Making claims and customers: the rows that *Add* and *Request* write, in the caller's transaction."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, literal_column, select, update

from mci_tui.domain.claims import OPEN, Terms, begin
from mci_tui.domain.details import CONTACTS, Details
from mci_tui.domain.eligibility import CustomerId
from mci_tui.domain.engagements import Engagement
from mci_tui.domain.ids import IdType
from mci_tui.domain.payout import Proposed
from mci_tui.domain.referrals import Question
from mci_tui.services.desk import Scene
from mci_tui.services.lapses import life_values, terms_kept
from mci_tui.services.payouts import terms_to_keep
from mci_tui.services.referrals import look_for_referral
from mci_tui.store import numbers
from mci_tui.store.engine import Tx
from mci_tui.store.schema import claims, customers, identifiers
from mci_tui.store.standing import refresh
from mci_tui.text import folded


def search_text(customer_name: str, number: str, name: str, id_value: str, email: str) -> str:
    """What filters compare: customer, claim ID, friendly name, ID value and the contact's e-mail address. S-2i"""
    return "\n".join(folded(part) for part in (customer_name, number, name, id_value, email))


def refresh_search(tx: Tx, customer_ids: Collection[int]) -> None:
    """Lets filters find the claims of these customers by the names that the customers have now."""
    found = tx.execute(_SEARCHED.where(claims.c.customer_id.in_(customer_ids))).all()
    texts = [(row, search_text(row.customer, row.number, row.name, row.id_value, row.contact_email)) for row in found]
    changed = [{"of": row.id, "search": text} for row, text in texts if text != row.search]
    if changed:
        tx.execute(update(claims).where(claims.c.id == bindparam("of")), changed)


_C = claims.c
_SEARCHED = select(
    _C.id, _C.number, _C.name, _C.id_value, _C.contact_email, _C.search, customers.c.name.label("customer")
).join_from(claims, customers, customers.c.id == _C.customer_id)


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A claim to make; `details` in its normal form."""

    engagement_id: int
    engagement: Engagement
    customer_id: int
    customer_name: str
    identifier_id: int
    id_type: str
    id_value: str
    tenant: str | None
    origin: str
    details: Details
    payout: Proposed | None


def make_customer(tx: Tx, customer_id: int | None, customer: CustomerId, name: str, country: str) -> tuple[int, int]:
    """The rows of a customer and of the ID, made where the directory has none: (customer, identifier)."""
    if customer_id is None:
        customer_id = numbers.next_id(tx, customers)
        key = numbers.numbered(numbers.CUSTOMER, customer_id)
        about = {"id": customer_id, "key": key, "name": name, "country": country, "sort_name": folded(name)}
        tx.execute(insert(customers).values(**about))
    tenant = customer.tenant if customer.id_type is IdType.DOMAIN else None
    if customer.row:
        if tenant is not None:
            _keep_tenant(tx, customer_id, customer.row, tenant)
        return customer_id, customer.row
    row = {
        "customer_id": customer_id,
        "id_type": str(customer.id_type),
        "value": customer.value,
        "tenant": tenant,
        "facts": "{}",
    }
    return customer_id, tx.execute(insert(identifiers).values(**row).returning(identifiers.c.id)).scalar_one()


def _keep_tenant(tx: Tx, customer_id: int, identifier: int, tenant: str) -> None:
    """Keeps the tenant that was asked for with a domain of which the directory does not tell one. S-3c, S-4b"""
    i = identifiers.c
    unknown = update(identifiers).where(i.id == identifier, i.tenant.is_(None))
    if tx.execute(unknown.values(tenant=tenant)).rowcount:
        refresh(tx, [customer_id])


def keep_country(tx: Tx, customer_id: int, country: str) -> None:
    """Keeps the country of a customer of whom the directory tells none; any criterion may look at it. S-3b, S-11d"""
    tx.execute(update(customers).where(customers.c.id == customer_id).values(country=country))
    refresh(tx, [customer_id])


def make_claim(scene: Scene, new: NewClaim) -> int:
    """Writes the claim, its history and its line on the page; the claim's row id. S-3i"""
    engagement, details = new.engagement, new.details
    terms = terms_for(engagement, scene.zone)
    life = begin(scene.now, terms)
    id_ = numbers.next_id(scene.tx, claims)
    number = numbers.numbered(numbers.CLAIM, id_)
    values = {
        "id": id_,
        "number": number,
        "engagement_id": new.engagement_id,
        "customer_id": new.customer_id,
        "identifier_id": new.identifier_id,
        "name": details.name,
        "origin": new.origin,
        "location_id": details.location,
        "id_type": new.id_type,
        "id_value": new.id_value,
        "tenant": new.tenant,
        "mismatch_reason": details.reason,
        "version": 1,
        "slot": _slot(scene.tx, new),
        "on_page": True,
        "terms": terms_kept(terms),
        "created_at": scene.now,
        "created_by": scene.login,
        "answer_given_by": "",
        "hours": int(details.hours) if details.hours else None,
        "payout": new.payout.amount if new.payout else None,
        "payout_limited_by": new.payout.limited_by if new.payout else "",
        "payout_terms": terms_to_keep(new.payout.terms if new.payout else ()),
        "search": search_text(new.customer_name, number, details.name, new.id_value, details.contact_email),
        **{name: getattr(details, name) for name in CONTACTS},
        **life_values(life),
    }
    scene.tx.execute(_CLAIM, values)
    scene.record(new.origin, claim=id_, changes={"status": [None, str(life.status)]})
    look_for_referral(scene, id_, engagement, Question.CREATE)
    refresh(scene.tx, [new.customer_id], {new.engagement_id: engagement})
    return id_


_CLAIM = insert(claims)


def terms_for(engagement: Engagement, zone: str) -> Terms:
    """The days that a claim made now on this engagement gets. S-10"""
    return Terms(zone, engagement.consent_days, engagement.submit_days, engagement.review_days, engagement.dispute_days)


def _slot(tx: Tx, new: NewClaim) -> int | None:
    """The lowest free place among the active claims that one customer may have; None where there is no limit. S-6e"""
    limit = new.engagement.max_active_claims
    if limit is None:
        return None
    taken = set(tx.scalars(_TAKEN, {"engagement": new.engagement_id, "customer": new.customer_id}))
    return next(slot for slot in range(1, limit + len(taken) + 1) if slot not in taken)


_TAKEN = select(claims.c.slot).where(
    claims.c.engagement_id == bindparam("engagement"),
    claims.c.customer_id == bindparam("customer"),
    claims.c.status.in_(literal_column(f"'{status}'") for status in sorted(OPEN)),
)
