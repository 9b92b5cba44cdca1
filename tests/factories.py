"""Small factories: a catalogue as text, and the rows of a workspace as imports would leave them."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select, update

from mci_tui.domain.catalogue import read_catalogue
from mci_tui.domain.claims import UNANSWERED, Event, Life, Status, begin, move
from mci_tui.domain.engagements import Engagement, Fact
from mci_tui.domain.ids import IdType
from mci_tui.services.desk import Scene
from mci_tui.services.lapses import is_known, life_values, terms_kept
from mci_tui.services.making import refresh_search, search_text, terms_for
from mci_tui.store import numbers
from mci_tui.store.engine import Store, Tx
from mci_tui.store.schema import (
    claims,
    customers,
    engagements,
    grants,
    identifiers,
    locations,
    nominations,
    operators,
)
from mci_tui.store.standing import forget, load_engagements, refresh
from mci_tui.text import folded

HERE, THERE = "1000001", "1000002"
"""Two locations of the partner."""

_OFFER: dict[str, Any] = {
    "code": "assessment",
    "name": "Assessment",
    "solution_area": "Security",
    "pay": "fixed",
    "id_types": ["domain", "tenant", "tpid", "subscription"],
    "starts_on": date(2026, 7, 1),
    "ends_on": date(2027, 6, 30),
    "consent_days": 30,
    "submit_days": 60,
    "review_days": 90,
    "dispute_days": 30,
    "proof": ["invoice"],
    "payout": {"fixed": {"A": 8000, "B": 6500, "C": 5000}},
}
_VARIABLE: dict[str, Any] = {
    "pay": "variable",
    "id_types": ["msx"],
    "payout": {"hourly": {"A": 100, "B": 80, "C": 60}, "cap": 5000, "min_hours": 8, "max_hours": 40},
}
_MARKETS = {"A": ["IT", "DE", "US"], "B": ["ES"]}


def offer(**changes: Any) -> dict[str, Any]:
    """The keys of one `[[engagement]]`; a key changed to None is left out."""
    return {key: value for key, value in {**_OFFER, **changes}.items() if value is not None}


def variable(**changes: Any) -> dict[str, Any]:
    """The keys of a variable-pay `[[engagement]]`."""
    return offer(**{**_VARIABLE, **changes})


def catalogue_text(*offers: Mapping[str, Any], markets: Mapping[str, Any] = _MARKETS) -> str:
    """A catalogue with these engagements, as TOML."""
    head = ["format = 1", f"markets = {_toml(markets)}"]
    body = ["[[engagement]]\n" + "\n".join(f"{key} = {_toml(value)}" for key, value in each.items()) for each in offers]
    return "\n".join(head + body)


def _toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)
        case Decimal() if not value.is_finite():
            return "nan" if value.is_nan() else "inf"
        case date():
            return value.isoformat()
        case Mapping():
            return "{" + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(_toml(each) for each in value) + "]"
    return str(value)


def engagement(**changes: Any) -> Engagement:
    """A fixed-pay engagement as the catalogue gives it."""
    return read_catalogue(catalogue_text(offer(**changes)))[0][0]


def variable_engagement(**changes: Any) -> Engagement:
    """A variable-pay engagement as the catalogue gives it."""
    return read_catalogue(catalogue_text(variable(**changes)))[0][0]


def guid(number: int) -> str:
    """A made-up tenant or subscription ID."""
    return f"{number:08x}-0000-4000-8000-{number:012x}"


PATHS: dict[Status, tuple[Event, ...]] = {
    Status.CUSTOMER_CLAIMED: (),
    Status.AWAITING_CONSENT: (Event.SEND,),
    Status.CONSENT_RECEIVED: (Event.SEND, Event.ACCEPT),
    Status.CONSENT_DECLINED: (Event.SEND, Event.DECLINE),
    Status.CONSENT_EXPIRED: (Event.SEND, Event.LAPSE),
    Status.NOT_SUBMITTED_EXPIRED: (Event.SEND, Event.ACCEPT, Event.LAPSE),
    Status.SUBMITTED: (Event.SEND, Event.ACCEPT, Event.SUBMIT),
    Status.UNDER_REVIEW: (Event.SEND, Event.ACCEPT, Event.SUBMIT, Event.START_REVIEW),
    Status.ACTION_REQUIRED: (Event.SEND, Event.ACCEPT, Event.SUBMIT, Event.REQUIRE_ACTION),
    Status.POST_SUBMISSION_EXPIRED: (Event.SEND, Event.ACCEPT, Event.SUBMIT, Event.REQUIRE_ACTION, Event.LAPSE),
    Status.APPROVED: (Event.SEND, Event.ACCEPT, Event.SUBMIT, Event.APPROVE),
    Status.REJECTED: (Event.SEND, Event.ACCEPT, Event.SUBMIT, Event.REJECT),
    Status.DISPUTED: (Event.SEND, Event.ACCEPT, Event.SUBMIT, Event.REJECT, Event.DISPUTE),
    Status.DISPUTED_EXPIRED: (Event.SEND, Event.ACCEPT, Event.SUBMIT, Event.REJECT, Event.DISPUTE, Event.LAPSE),
    Status.REJECTED_FINAL: (Event.SEND, Event.ACCEPT, Event.SUBMIT, Event.REJECT, Event.LAPSE),
    Status.CANCELLED: (Event.CANCEL,),
}
"""What happens to a claim until it stands in a status."""


@dataclass
class Books:
    """Writes rows into a workspace, and brings the Customers pages up to date as imports do."""

    store: Store
    clock: Callable[[], datetime]
    _open: Tx | None = None

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """All rows in one transaction, the pages at its end: quicker where there are many."""
        with self.store.write(alone=True) as tx:
            self._open = tx
            yield
            self._open = None
            refresh(tx)

    @contextmanager
    def _writing(self) -> Iterator[Tx]:
        if self._open is not None:
            yield self._open
        else:
            with self.store.write() as tx:
                yield tx

    def refresh(self, tx: Tx, changed: Collection[int] | None, of: Collection[int] | None = None) -> None:
        """Brings the pages of these customers on these engagements up to date."""
        if self._open is None:
            refresh(tx, changed, of)

    def engagement(self, **changes: Any) -> int:
        """A fixed-pay engagement's row."""
        return self.offered(offer(**changes))

    def variable(self, **changes: Any) -> int:
        """A variable-pay engagement's row."""
        return self.offered(variable(**changes))

    def offered(self, keys: Mapping[str, Any]) -> int:
        """The row of an engagement with these keys, new or changed."""
        ((read, definition),) = read_catalogue(catalogue_text(keys))
        with self._writing() as tx:
            id_ = tx.scalar(select(engagements.c.id).where(engagements.c.code == read.code))
            if id_ is None:
                about = {"position": 1, "name": read.name, "solution_area": read.solution_area}
                row = insert(engagements).values(code=read.code, definition=definition, **about)
                id_ = tx.execute(row.returning(engagements.c.id)).scalar_one()
            else:
                tx.execute(update(engagements).where(engagements.c.id == id_).values(definition=definition))
            self.refresh(tx, None, [id_])
        return id_

    def location(self, id_: str = HERE, *, enrolled: bool = True, is_global: bool = False) -> str:
        """A location's row."""
        about = {"name": f"Office {id_}", "country": "IT", "enrolled": enrolled, "is_global": is_global}
        with self._writing() as tx:
            tx.execute(insert(locations).values(id=id_, **about))
        return id_

    def grant(self, login: str, role: str, location: str = "*") -> None:
        """One role more for an operator."""
        with self._writing() as tx:
            if tx.scalar(select(operators.c.login).where(operators.c.login == login)) is None:
                tx.execute(insert(operators).values(login=login, name=login, email="", phone=""))
            tx.execute(insert(grants).values(login=login, role=role, location=location))

    def revoke(self, login: str) -> None:
        """Takes every role from an operator."""
        with self._writing() as tx:
            tx.execute(delete(grants).where(grants.c.login == login))

    def customer(self, name: str = "Corvara Distribuzione", country: str | None = "IT") -> int:
        """A customer's row."""
        with self._writing() as tx:
            id_ = numbers.next_id(tx, customers)
            key = numbers.numbered(numbers.CUSTOMER, id_)
            about = {"name": name, "country": country, "sort_name": folded(name)}
            tx.execute(insert(customers).values(id=id_, key=key, **about))
        return id_

    def rename(self, customer: int, name: str) -> None:
        """Gives a customer another name."""
        with self._writing() as tx:
            forget(tx, [customer])
            values = {"name": name, "sort_name": folded(name)}
            tx.execute(update(customers).where(customers.c.id == customer).values(**values))
            refresh_search(tx, [customer])
            self.refresh(tx, [customer])

    def identifier(
        self, customer: int, id_type: str = "tenant", value: str = guid(1), tenant: str | None = None, **facts: Fact
    ) -> int:
        """An ID's row, with its facts."""
        row = {"customer_id": customer, "id_type": id_type, "value": value, "tenant": tenant, "facts": _kept(facts)}
        with self._writing() as tx:
            id_ = tx.execute(insert(identifiers).values(**row).returning(identifiers.c.id)).scalar_one()
            self.refresh(tx, _touched(tx, id_))
        return id_

    def facts(self, identifier: int, **facts: Fact) -> None:
        """Makes these the facts of an ID."""
        with self._writing() as tx:
            tx.execute(update(identifiers).where(identifiers.c.id == identifier).values(facts=_kept(facts)))
            self.refresh(tx, _touched(tx, identifier))

    def nominated(self, engagement: int, lines: Iterable[tuple[str, str, bool, str]]) -> None:
        """Makes these lines (ID type, value, eligible, why) the nomination list of an engagement."""
        names = ("id_type", "value", "eligible", "why")
        with self._writing() as tx:
            tx.execute(delete(nominations).where(nominations.c.engagement_id == engagement))
            for line in lines:
                row = dict(zip(names, line, strict=True))
                tx.execute(insert(nominations).values(engagement_id=engagement, **row))
            self.refresh(tx, None, [engagement])

    def claim(
        self,
        engagement: int,
        customer: int,
        identifier: int,
        status: Status = Status.CUSTOMER_CLAIMED,
        *,
        at: datetime | None = None,
        events: tuple[Event, ...] | None = None,
        **changes: Any,
    ) -> int:
        """A claim's row: made at `at` (now), brought by `events` at the same instant to where it stands."""
        at = at or self.clock()
        with self._writing() as tx:
            scene = Scene(tx, at, "import")
            terms = terms_for(load_engagements(tx, [engagement])[engagement], scene.zone)
            life = begin(at, terms)
            for event in PATHS[status] if events is None else events:
                moved = move(life, event, _when(life, event, at), terms)
                assert moved is not None
                life = moved
            used = tx.execute(select(identifiers).where(identifiers.c.id == identifier)).one()
            called = tx.scalar(select(customers.c.name).where(customers.c.id == customer)) or ""
            id_ = numbers.next_id(tx, claims)
            number = numbers.numbered(numbers.CLAIM, id_)
            known = life.consent_at is not None or is_known(tx, customer, life.since)
            values = {
                "number": number,
                "name": f"claim {id_}",
                "id_type": used.id_type,
                "id_value": used.value,
                "tenant": used.value if used.id_type == IdType.TENANT else used.tenant,
                "on_page": life.status not in UNANSWERED or known,
                "terms": terms_kept(terms),
                "created_at": at,
                **_PLAIN,
                **life_values(life),
                **changes,
            }
            values["search"] = search_text(called, number, values["name"], used.value, values["contact_email"])
            tx.execute(
                insert(claims).values(
                    id=id_, engagement_id=engagement, customer_id=customer, identifier_id=identifier, **values
                )
            )
            self.refresh(tx, [customer])
        return id_

    def known(self, name: str, engagement: int, *, number: int, country: str | None = "IT", **facts: Any) -> int:
        """A customer known by an approved claim on `engagement`, nominated by the tenant ID `guid(number)`."""
        customer = self.customer(name, country)
        self.claim(engagement, customer, self.identifier(customer, value=guid(number), **facts), Status.APPROVED)
        return customer


_PLAIN: dict[str, Any] = {
    "origin": "added",
    "location_id": HERE,
    "mismatch_reason": "",
    "version": 1,
    "created_by": "import",
    "answer_given_by": "",
    "payout_limited_by": "",
    "payout_terms": "[]",
    "contact_name": "Anna Bianchi",
    "contact_email": "anna.bianchi@contoso.example",
    "contact_title": "",
    "contact_phone": "",
    "contact_language": "it",
    "partner_name": "Marco Rossi",
    "partner_email": "m.rossi@partner.example",
    "partner_phone": "",
}


def _when(life: Life, event: Event, at: datetime) -> datetime:
    """A lapse happens at its deadline, everything else a moment after the step before."""
    if event is Event.LAPSE:
        assert life.next_due is not None
        return life.next_due
    return max(life.since, at) + timedelta(seconds=1)


def _kept(facts: Mapping[str, Fact]) -> str:
    return json.dumps({name: float(fact) if isinstance(fact, Decimal) else fact for name, fact in facts.items()})


def _touched(tx: Tx, identifier: int) -> set[int]:
    """The customers on whose lines an ID bears: its own, and those of domains that belong to that tenant."""
    row = tx.execute(select(identifiers).where(identifiers.c.id == identifier)).one()
    domains = select(identifiers.c.customer_id).where(identifiers.c.tenant == row.value)
    return {row.customer_id, *(tx.scalars(domains) if row.id_type == IdType.TENANT else ())}
