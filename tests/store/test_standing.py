"""The projection behind the Customers pages says what the rules derive, whatever happened before."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update

from mci_tui.domain.adding import Addition
from mci_tui.domain.claims import Event, Status, move
from mci_tui.domain.eligibility import Tab
from mci_tui.domain.ids import IdType
from mci_tui.errors import Refused
from mci_tui.services import lapses, making, services_at
from mci_tui.services.customers import PageQuestion, Place
from mci_tui.services.desk import Desk
from mci_tui.services.lapses import life_of, life_values, terms_of
from mci_tui.store.engine import Store, Tx
from mci_tui.store.schema import claims, engagements, identifiers, standing
from mci_tui.store.standing import refresh
from tests import factories
from tests.conftest import LOGIN, MovingClock, new_workspace
from tests.factories import HERE, Books, guid, offer, variable
from tests.store.derivation import derived, kept

NAMES = ("Arno", "arno", "Brenta", "Çatal", "Zürich", "日本")
FACTS = st.fixed_dictionaries({}, optional={"seats": st.sampled_from([1, 300]), "open": st.booleans()})
PICK = st.integers(0, 99)


class Workspaces(RuleBasedStateMachine):
    """Everything that imports, operators, customers and time can do to what the Customers pages show."""

    def __init__(self, make: Callable[[MovingClock], Store]) -> None:
        super().__init__()
        self.clock = MovingClock()
        self.store = make(self.clock)
        self.books = Books(self.store, self.clock)
        self.services = services_at(Desk(self.store, self.clock, LOGIN))
        self.keys = {
            "small": offer(code="small", max_active_claims=1, max_total_claims=2, criterion=_at_least("seats", 300)),
            "listed": offer(code="listed", id_types=["domain", "tenant"], nomination_list=True),
            "free": offer(code="free", max_total_claims=3),
            "chance": variable(code="chance", criterion=_at_least("acv", 1000)),
        }
        self.customers: list[int] = []
        self.identifiers: list[int] = []
        self.values = iter(range(1, 1000))

    @initialize()
    def begin(self) -> None:
        with self.books.at_once():
            self.books.location()
            self.engagements = [self.books.offered(keys) for keys in self.keys.values()]
            for name in NAMES[:4]:
                customer = self.books.customer(name)
                number = next(self.values)
                self.customers.append(customer)
                self.identifiers.append(self.books.identifier(customer, value=guid(number), seats=300))
                self.identifiers.append(self.books.identifier(customer, "tpid", f"{10_000 + number}", seats=300))
            self.books.nominated(self.engagements[1], [("tenant", guid(number), True, "") for number in (1, 2, 3)])

    def teardown(self) -> None:
        self.store.close()

    @rule(name=st.sampled_from(NAMES), country=st.sampled_from(["IT", None]), facts=FACTS)
    def imports_a_customer(self, name: str, country: str | None, facts: dict[str, Any]) -> None:
        customer = self.books.customer(name, country)
        self.customers.append(customer)
        self.identifiers.append(self.books.identifier(customer, value=guid(next(self.values)), **facts))

    @rule(pick=PICK, kind=st.sampled_from(IdType), facts=FACTS)
    def imports_an_id(self, pick: int, kind: IdType, facts: dict[str, Any]) -> None:
        customer, number = self.customers[pick % len(self.customers)], next(self.values)
        value = {"domain": f"d{number}.example", "tpid": f"{10_000 + number}", "msx": f"7-ABC{number:03}"}
        tenant = guid(1 + pick % number) if kind is IdType.DOMAIN else None
        given = {"acv": 300 + 700 * (pick % 2), **facts} if kind is IdType.MSX else facts
        if kind is IdType.DOMAIN:
            given = {}
        self.identifiers.append(self.books.identifier(customer, kind, value.get(kind, guid(number)), tenant, **given))

    @rule(pick=PICK, facts=FACTS)
    def imports_other_facts(self, pick: int, facts: dict[str, Any]) -> None:
        self.books.facts(self.identifiers[pick % len(self.identifiers)], **facts)

    @rule(pick=PICK, name=st.sampled_from(NAMES))
    def imports_another_name(self, pick: int, name: str) -> None:
        self.books.rename(self.customers[pick % len(self.customers)], name)

    @rule(picks=st.sets(PICK, max_size=5), eligible=st.booleans())
    def imports_a_nomination_list(self, picks: set[int], eligible: bool) -> None:
        self.books.nominated(
            self.engagements[1], [("tenant", guid(1 + pick % 7), eligible, "") for pick in _few(picks)]
        )

    @rule(seats=st.sampled_from([1, 300]), limit=st.sampled_from([1, None]), types=st.sampled_from(["tpid", "tenant"]))
    def imports_another_catalogue(self, seats: int, limit: int | None, types: str) -> None:
        changed = {"criterion": _at_least("seats", seats), "max_active_claims": limit, "id_types": ["domain", types]}
        self.books.offered({key: value for key, value in {**self.keys["small"], **changed}.items() if value})

    @rule(pick=PICK, engagement=st.integers(0, 2), status=st.sampled_from(Status), days=st.integers(0, 60))
    def imports_a_claim(self, pick: int, engagement: int, status: Status, days: int) -> None:
        with self.store.read() as tx:
            used = self.identifiers[pick % len(self.identifiers)]
            owner = tx.execute(select(identifiers).where(identifiers.c.id == used)).one().customer_id
        at = self.clock() - timedelta(days=days)
        self.books.claim(self.engagements[engagement], owner, used, status, at=at)

    @rule(pick=PICK, engagement=st.sampled_from([("small",), ("listed",), ("free",), ("small", "free")]))
    def an_operator_adds(self, pick: int, engagement: tuple[str, ...]) -> None:
        with self.store.read() as tx:
            used = tx.execute(select(identifiers).order_by(identifiers.c.id)).all()
        chosen = used[pick % len(used)]
        kind, value = (chosen.id_type, chosen.value) if pick % 5 else ("tpid", str(20_000 + pick))
        addition = Addition(
            name="Wave",
            location=HERE,
            id_type=kind,
            id=value,
            customer_name="Newcomer",
            country="IT",
            engagement=("chance",) if kind == IdType.MSX else engagement,
            contact_name="Anna Bianchi",
            contact_email="anna@contoso.example",
            partner_name="Marco Rossi",
            partner_email="m.rossi@partner.example",
            reason="moved",
        )
        try:
            self.services.adding.add(addition)
        except Refused as refused:
            assert refused.code == "not_eligible"  # noqa: PT017 - being refused is no failure

    @rule(pick=PICK, event=st.sampled_from([event for event in Event if event is not Event.LAPSE] + 3 * [Event.ACCEPT]))
    def a_claim_moves(self, pick: int, event: Event) -> None:
        with self.store.write() as tx:
            rows = tx.execute(select(claims).order_by(claims.c.id)).all()
            able = [row for row in rows if move(life_of(row), event, self.clock(), terms_of(row))]
            if not able:
                return
            row = able[pick % len(able)]
            moved = move(life_of(row), event, self.clock(), terms_of(row))
            assert moved is not None
            tx.execute(update(claims).where(claims.c.id == row.id).values(**life_values(moved)))
            self.books.refresh(tx, [row.customer_id])

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.clock.passes(days=days)
        self.services.engagements.counts()

    @invariant()
    def what_is_written_down_is_what_the_rules_derive(self) -> None:
        with self.store.read() as tx:
            assert kept(tx) == derived(tx), "the projection differs"


def workspaces(make: Callable[[MovingClock], Store]) -> type[Workspaces]:
    """The machine, with workspaces as `make` makes them."""

    class Made(Workspaces):
        def __init__(self) -> None:
            super().__init__(make)

    return Made


def _at_least(fact: str, value: int) -> list[dict[str, Any]]:
    return [{"fact": fact, "is": "at_least", "value": value, "reason": f"too few {fact}"}]


def _few(picks: set[int]) -> Iterator[int]:
    """At most one pick for each line of a list."""
    yield from {pick % 7: pick for pick in picks}.values()


@pytest.fixture
def make(database: str, new_place: Callable[[str], str]) -> Callable[[MovingClock], Store]:
    return lambda clock: new_workspace(new_place(database), clock)


def test_what_is_written_down_is_what_the_rules_derive_after_anything(
    make: Callable[[MovingClock], Store], database: str
) -> None:
    """S-2a S-2b S-2c S-2d S-2e S-2f"""
    phases = (Phase.generate, Phase.shrink) if database == "sqlite" else (Phase.generate,)
    few = settings(max_examples=12, stateful_step_count=25, phases=phases)
    run_state_machine_as_test(workspaces(make), settings=few)


def test_a_refresh_that_reaches_one_pair_only_would_be_noticed(
    make: Callable[[MovingClock], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""

    def of_one_pair(tx: Tx, changed: Collection[int] | None = None, of: Collection[int] | None = None) -> None:
        one = [min(of)] if of else [tx.scalars(select(engagements.c.id)).all()[0]]
        refresh(tx, None if changed is None else sorted(changed)[:1], one)

    for module in (factories, lapses, making):
        monkeypatch.setattr(module, "refresh", of_one_pair)
    few = settings(max_examples=12, stateful_step_count=25, phases=[Phase.generate])
    with pytest.raises(AssertionError, match="the projection differs"):
        run_state_machine_as_test(workspaces(make), settings=few)


def test_a_rebuild_writes_the_same_as_every_change_did(store: Store, clock: MovingClock) -> None:
    """S-2a"""
    books = Books(store, clock)
    books.location()
    small = books.engagement(criterion=_at_least("seats", 300), max_active_claims=1)
    listed = books.engagement(code="listed", nomination_list=True)
    for number, status in enumerate(Status, 1):
        customer = books.customer(NAMES[number % len(NAMES)])
        used = books.identifier(customer, value=guid(number), seats=100 * number)
        books.claim(small, customer, used, status)
        books.claim(listed, customer, used, Status.APPROVED)
    with store.write(alone=True) as tx:
        before = kept(tx)
        assert before == derived(tx)
        tx.execute(standing.delete())
        refresh(tx)
        assert kept(tx) == before


def test_customers_come_in_pieces_and_none_is_lost(
    store: Store, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-2a"""
    monkeypatch.setattr("mci_tui.store.standing.chunks.__defaults__", (3,))
    monkeypatch.setattr("mci_tui.store.standing._BULK", 4)
    books = Books(store, clock)
    with books.at_once():
        books.location()
        books.engagement()
        elsewhere = books.engagement(code="elsewhere")
        known = [books.known(f"Customer {number % 5}", elsewhere, number=number) for number in range(1, 12)]
    with store.write() as tx:
        assert kept(tx) == derived(tx)
        assert len(kept(tx)) == 33
        tx.execute(standing.delete())
        refresh(tx, known)
        assert kept(tx) == derived(tx)


def test_a_customer_may_have_many_lines_and_a_page_shows_each_once(store: Store, clock: MovingClock) -> None:
    """S-2a"""
    books = Books(store, clock)
    books.location()
    open_for = books.engagement(ends_on=date(2027, 6, 30))
    customer = books.known("Corvara", open_for, number=1)
    used = books.identifier(customer, "tpid", "12345")
    for _ in range(3):
        books.claim(open_for, customer, used, Status.AWAITING_CONSENT)
    rows = services_at(Desk(store, clock, LOGIN)).customers.rows(PageQuestion("assessment", Tab.ELIGIBLE), Place())
    assert [row.claim_id for row in rows] == [None, "CLM-000002", "CLM-000003", "CLM-000004"]
