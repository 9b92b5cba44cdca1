"""Adding a customer: the check of an ID against every engagement, and the claims that come of it (S-3)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from mci_tui.domain.adding import Addition, check, no_id_type, normal
from mci_tui.domain.claims import OPEN
from mci_tui.domain.contacts import remarks
from mci_tui.domain.eligibility import (
    CustomerId,
    Location,
    Nominations,
    PairClaim,
    Tab,
    against_id,
    against_limits,
    against_location,
    against_time,
    lines,
)
from mci_tui.domain.engagements import Engagement, Fact
from mci_tui.domain.ids import IdType, normal_id
from mci_tui.domain.roles import Action
from mci_tui.errors import Invalid, Reason, Refused, WrongValue, reason
from mci_tui.services.claims import Claim, claims_by_id
from mci_tui.services.desk import Desk, Scene
from mci_tui.services.making import NewClaim, keep_country, make_claim, make_customer
from mci_tui.services.tenants import tenant_of
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
from mci_tui.store.engine import Tx
from mci_tui.store.schema import claims, customers, identifiers
from mci_tui.store.standing import Loaded, load_customers, load_engagements, nomination_lists, read_facts


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of an ID, and the verdict of every engagement in the catalogue's order. S-3c, S-3d, S-3f"""

    id_type: IdType
    value: str
    tenant: str | None
    customer: str | None
    customer_name: str
    country: str
    known: bool
    verdicts: tuple[Verdict, ...]

    def verdict(self, code: str) -> Verdict | None:
        """The verdict of one engagement."""
        return next((verdict for verdict in self.verdicts if verdict.engagement.code == code), None)


@dataclass(frozen=True, slots=True)
class Review:
    """Everything as it will be, for the last look: the addition in its normal form, the check for the engagements
    chosen, what to point out."""

    addition: Addition
    checked: Checked
    location: Location
    chosen: tuple[Verdict, ...]
    remarks: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """An ID as the workspace knows it: the ID with its facts, whose it is, all customers that it may mean by row id."""

    id: CustomerId
    owner: Loaded | None
    name: str
    country: str
    customers: Mapping[int, Loaded]


class Adding:
    """Adds customers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def locations(self) -> list[Location]:
        """The locations that can be chosen: enrolled, not global, and granted to the operator. S-1b, S-3a"""
        return offered_locations(self._desk)

    def own(self) -> Own:
        """The operator's own contact data, as far as the workspace has it. S-3g"""
        return own_data(self._desk)

    def problems(self, addition: Addition) -> dict[str, Reason]:
        """What is wrong with an addition as typed, field by field."""
        with self._desk.reading() as scene:
            return check(addition, scene.workspace)

    def check(self, addition: Addition) -> Checked:
        """What every engagement says to the ID, the location and the company of `addition`. S-3c, S-3d, S-3f

        Raises `Invalid` where the ID's form is wrong, or company and country are needed and missing.
        """
        self._learn(addition)
        with self._desk.reading() as scene:
            return self._check(scene, safe(addition), company_needed=True)

    def check_id(self, id_type: IdType, text: str, location: str | None = None) -> Checked:
        """The same for an ID alone; the location and its grants count only where one is given. Raises `Invalid`."""
        addition = safe(Addition(id_type=id_type, id=text, location=location or ""))
        self._learn(addition)
        with self._desk.reading() as scene:
            return self._check(scene, addition, company_needed=False)

    def weigh(self, addition: Addition) -> Own:
        """Whether the engagements and hours chosen can stand, before contacts are asked for; one's own data for those.

        Raises as `add` does of engagements and hours.
        """
        with self._desk.reading() as scene:
            addition = safe(addition)
            chosen_of(self._check(scene, addition, company_needed=True).verdicts, addition)
        return own_data(self._desk)

    def review(self, addition: Addition) -> Review:
        """The last look. Raises as `add` does, and writes nothing. S-3h"""
        self._learn(addition)
        with self._desk.reading() as scene:
            return self._review(scene, safe(addition), _looked_up)[0]

    def _learn(self, addition: Addition) -> None:
        learn_tenants(self._desk, addition.id_type, addition.id, addition.contact_email)

    def add(self, addition: Addition) -> list[Claim]:
        """One claim for each engagement chosen, all or none, in one transaction. S-3i

        Raises `Invalid` (fields), `Refused`: `not_eligible` (with every reason), `reason_required`,
        `single_engagement`, `stale`; `NotAllowed` where the operator holds no role for the location.
        """
        addition = safe(addition)
        self._learn(addition)
        with self._desk.acting(Action.WORK, addition.location.strip()) as scene:
            try:
                return self._add(scene, addition)
            except IntegrityError as error:
                raise Refused("stale", reason("stale")) from error

    def _add(self, scene: Scene, addition: Addition) -> list[Claim]:
        review, found = self._review(scene, addition, _held)
        final, checked = review.addition, review.checked
        customer, identifier = make_customer(
            scene.tx,
            found.owner.customer.id if found.owner else None,
            found.id,
            checked.customer_name,
            checked.country,
        )
        if found.owner and not found.owner.country and found.id.id_type is not IdType.MSX:
            keep_country(scene.tx, customer, checked.country)
        made = [
            make_claim(
                scene,
                NewClaim(
                    engagement_id=verdict.engagement_id,
                    engagement=verdict.engagement,
                    customer_id=customer,
                    customer_name=checked.customer_name,
                    identifier_id=identifier,
                    id_type=final.id_type,
                    id_value=final.id,
                    tenant=checked.tenant,
                    origin="added",
                    details=final,
                    payout=verdict.payout,
                ),
            )
            for verdict in review.chosen
        ]
        return claims_by_id(scene, made)

    def _review(
        self, scene: Scene, addition: Addition, look_up: Callable[[Scene, Addition], "_Found"]
    ) -> tuple[Review, "_Found"]:
        if problems := check(addition, scene.workspace):
            raise Invalid(problems)
        addition = normal(addition, scene.workspace)
        found = look_up(scene, addition)
        location = find_location(scene.tx, addition.location)
        listed = load_engagements(scene.tx, codes=addition.engagement)
        checked = _checked(scene, addition, found, location, listed, company_needed=True)
        chosen = chosen_of(checked.verdicts, addition)
        require_reason(scene.tx, addition.id_type, addition.id, addition)
        pointed_out = remarks(addition.contact_email, scene.workspace.free_mail_domains)
        return Review(addition, checked, location, tuple(chosen), tuple(pointed_out)), found

    def _check(self, scene: Scene, addition: Addition, *, company_needed: bool) -> Checked:
        found = _looked_up(scene, addition)
        location = find_location(scene.tx, addition.location) if addition.location else None
        return _checked(scene, addition, found, location, load_engagements(scene.tx), company_needed=company_needed)


def _checked(
    scene: Scene,
    addition: Addition,
    found: _Found,
    location: Location | None,
    listed: Mapping[int, Engagement],
    *,
    company_needed: bool,
) -> Checked:
    id_type, value = found.id.id_type, found.id.value
    if company_needed and id_type is IdType.MSX and found.owner is None:
        raise Invalid({"id": reason("opportunity_unknown", value=value)})
    if company_needed and id_type is not IdType.MSX:
        _require_company(found)
    look_ups = nomination_lists(scene.tx, listed, [found.id.listed_as[1]])
    verdicts = []
    for id_, engagement in listed.items():
        against = _against(scene, engagement, found, look_ups[id_], location)
        if not (against and against[0].code == "id_type_not_accepted"):
            against += _against_customers(scene, id_, engagement, found, look_ups[id_])
        verdicts.append(verdict_of(scene, id_, engagement, against, found.id, addition.hours))
    key, known = (found.owner.key, found.owner.customer.known) if found.owner else (None, False)
    return Checked(id_type, value, found.id.tenant, key, found.name, found.country, known, tuple(verdicts))


def _looked_up(scene: Scene, addition: Addition) -> _Found:
    """What the workspace knows of the ID of `addition`. Raises `Invalid` where its form is wrong."""
    try:
        id_type = IdType(addition.id_type)
        value = normal_id(id_type, addition.id, scene.workspace.msx_pattern)
    except WrongValue as wrong:
        raise Invalid({"id": wrong.why}) from wrong
    except ValueError as error:
        raise Invalid({"id_type": no_id_type(addition.id_type)}) from error
    return _find(scene.tx, id_type, value, addition)


def _held(scene: Scene, addition: Addition) -> _Found:
    """The same with the rows of all customers that the ID may mean held, so that nobody else starts a claim for them.

    What is checked and what is written must be this one find: of a customer whom somebody else brings in meanwhile, the
    ID is taken when it comes to writing. On SQLite nobody else writes anyhow.
    """
    if scene.tx.dialect.name == "sqlite":
        return _looked_up(scene, addition)
    held: set[int] = set()
    while not (found := _looked_up(scene, addition)).customers.keys() <= held:
        held |= found.customers.keys()
        rows = select(customers.c.id).where(customers.c.id.in_(held)).order_by(customers.c.id)
        scene.tx.execute(rows.with_for_update())
    return found


def _require_company(found: _Found) -> None:
    """S-3b: an ID that the directory does not know asks for company name and country; a customer without a country
    asks for that, because it decides what the claim pays (S-9)."""
    problems = {}
    if not found.name:
        problems["customer_name"] = reason("company_missing")
    if not found.country:
        known = found.owner is not None
        problems["country"] = reason("country_not_told", customer=found.name) if known else reason("country_missing")
    if problems:
        raise Invalid(problems)


def _find(tx: Tx, id_type: IdType, value: str, addition: Addition) -> _Found:
    """The ID as the directory knows it, or with the company typed where it does not. S-3c"""
    row = tx.execute(_BY_VALUE, {"id_type": id_type, "value": value}).one_or_none()
    tenant = value if id_type is IdType.TENANT else tenant_of(tx, value) if id_type is IdType.DOMAIN else None
    facts: dict[str, Fact] = read_facts(row.facts) if row else {}
    candidates = {row.customer_id} if row else set()
    if id_type is IdType.TENANT:
        candidates |= set(tx.scalars(_OF_TENANT, {"tenant": value}))
    if id_type is IdType.DOMAIN and tenant is not None:
        derived = tx.execute(_BY_VALUE, {"id_type": IdType.TENANT, "value": tenant}).one_or_none()
        facts = read_facts(derived.facts) if derived else {}
        candidates |= {derived.customer_id} if derived else set()
    loaded = {each.customer.id: each for each in load_customers(tx, candidates)} if candidates else {}
    owner = loaded[row.customer_id if row else min(candidates)] if candidates else None
    country = (owner.country if owner else None) or addition.country.strip().upper()
    if country:
        facts = {"country": country, **facts}
    found = CustomerId(id_type, value, facts, tenant, row.id if row else 0)
    name = owner.name if owner else addition.customer_name.strip()
    return _Found(found, owner, name, str(facts.get("country", "")), loaded)


_BY_VALUE = select(identifiers).where(
    identifiers.c.id_type == bindparam("id_type"), identifiers.c.value == bindparam("value")
)
_OF_TENANT = select(identifiers.c.customer_id).where(identifiers.c.tenant == bindparam("tenant"))


def _against(
    scene: Scene, engagement: Engagement, found: _Found, look_up: Nominations, location: Location | None
) -> list[Reason]:
    """What time, ID and location say. A type that is not accepted stands alone but for the engagement's dates. S-11d"""
    against_the_id = against_id(engagement, found.id, look_up)
    late = against_time(engagement, scene.today)
    if against_the_id and against_the_id[0].code == "id_type_not_accepted":
        return against_the_id + late
    if location is None:
        return late + against_the_id
    return late + against_the_id + against_location(location, scene.allows(Action.WORK, location.id), engagement)


def _against_customers(
    scene: Scene, id_: int, engagement: Engagement, found: _Found, look_up: Nominations
) -> list[Reason]:
    """What the customers' claims say: limits, and that whoever stands in the Eligible tab is not added. S-2g, S-6e"""
    against: list[Reason] = []
    for each in found.customers.values():
        pair = each.claims.get(id_, [])
        if each is found.owner:
            against += against_limits(engagement, [claim.status for claim in pair])
        against += _against_page(scene, engagement, each, pair, look_up)
    if found.id.id_type is IdType.MSX and any(
        claim.opportunity == found.id.row and claim.status in OPEN
        for each in found.customers.values()
        for claim in each.claims.get(id_, [])
    ):
        against.append(reason("opportunity_in_use", value=found.id.value))
    return against


def _against_page(
    scene: Scene, engagement: Engagement, loaded: Loaded, pair: Sequence[PairClaim], look_up: Nominations
) -> list[Reason]:
    stands = [claim for tab, claim, _id in lines(engagement, loaded.customer, pair, look_up) if tab is Tab.ELIGIBLE]
    if 0 in stands and engagement.active(scene.today):
        return [reason("known_customer", customer=loaded.name, key=loaded.key)]
    numbers = _numbers(scene.tx, [claim for claim in stands if claim])
    return [reason("open_claim", customer=loaded.name, claim=number) for number in numbers]


def _numbers(tx: Tx, ids: Collection[int]) -> list[str]:
    return list(tx.scalars(select(claims.c.number).where(claims.c.id.in_(ids)).order_by(claims.c.id))) if ids else []
