"""The Customers pages are what the rules derive, after whatever files came in, in whatever order."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mci_tui.domain.adding import Addition
from mci_tui.domain.ids import IdType
from mci_tui.domain.requesting import CustomerRequest
from mci_tui.errors import Refused
from mci_tui.services import services_at
from mci_tui.services.desk import Desk
from mci_tui.services.importing import parties
from mci_tui.services.imports import Imported
from mci_tui.store.engine import Store
from mci_tui.text import folded
from tests.conftest import LOGIN, MovingClock, new_workspace
from tests.factories import HERE, catalogue_text, guid, offer, variable
from tests.services.importing_kit import Bench
from tests.store.derivation import derived, kept

KEYS = ("arno", "brenta", "adda", "ticino")
NUMBER = st.integers(1, 8)
SEATS = st.sampled_from(["", "1", "300"])
ID_LINES = st.lists(
    st.tuples(st.sampled_from(["tenant", "domain", "tpid"]), NUMBER, SEATS),
    min_size=1,
    max_size=4,
    unique_by=lambda line: line[:2],
)
COUNTRIES = st.sampled_from(["IT", "ES", ""])
CODES = ("small", "listed", "free")
STATUSES = ("approved", "awaiting_consent", "consent_received", "consent_declined", "cancelled", "rejected_final")
"""Of claims brought along: some customers are known by them, some are not."""


class Files(RuleBasedStateMachine):
    """Files of every kind, operators who add and request, and time."""

    def __init__(self, make: Callable[[MovingClock], tuple[Store, Path]]) -> None:
        super().__init__()
        self.clock = MovingClock()
        self.store, folder = make(self.clock)
        self.desk = Desk(self.store, self.clock, LOGIN)
        self.bench, self.services = Bench(self.desk, folder), services_at(self.desk)
        self.offers = {
            "small": offer(code="small", max_active_claims=1, max_total_claims=2, criterion=_at_least("seats", 300)),
            "listed": offer(code="listed", id_types=["domain", "tenant"], nomination_list=True),
            "free": offer(code="free", max_total_claims=3),
            "chance": variable(code="chance", criterion=_at_least("acv", 1000)),
        }

    @initialize()
    def begin(self) -> None:
        place = {"location_id": HERE, "name": "Milano", "country": "IT", "enrolled": "true"}
        self.bring("locations", [place])
        self._catalogue()
        self.imports_ids([("tenant", number, "300") for number in (1, 2, 3)], "Arno", "IT")

    def teardown(self) -> None:
        self.store.close()

    def bring(self, kind: str, lines: Sequence[dict[str, Any]]) -> Imported:
        return self.bench.bring(kind, *lines)

    def _catalogue(self) -> None:
        self.bench.bring_file("catalogue", self.bench.file(catalogue_text(*self.offers.values()), "toml"))

    @rule(ids=ID_LINES, name=st.sampled_from(["Arno", "Çatal", "arno"]), country=COUNTRIES)
    def imports_ids(self, ids: list[tuple[str, int, str]], name: str, country: str) -> None:
        """Each number is one customer's; a domain's tenant may be another's."""
        lines = []
        for id_type, number, seats in ids:
            key = KEYS[number % len(KEYS)]
            line = {"customer": key, "customer_name": f"{name} {key}", "country": country, "id_type": id_type}
            value = _value(id_type, number)
            more = {"tenant_id": guid(1 + number * 3 % 7)} if id_type == "domain" else {"fact:seats": seats}
            lines.append({**line, "id_value": value, **more})
        self.bring("directory", lines)

    @rule(number=NUMBER, acv=st.sampled_from([300, 5000]), is_open=st.booleans())
    def imports_an_opportunity(self, number: int, acv: int, is_open: bool) -> None:
        key = KEYS[number % len(KEYS)]
        about = {"customer": key, "customer_name": key, "country": "IT", "acv_usd": acv, "open": is_open}
        self.bring("opportunities", [{"msx_id": _value("msx", number), **about}])

    @rule(numbers=st.sets(NUMBER, min_size=1, max_size=4), eligible=st.booleans())
    def imports_a_nomination_list(self, numbers: set[int], eligible: bool) -> None:
        line = {"engagement": "listed", "id_type": "tenant", "eligible": eligible}
        self.bring("nominations", [{**line, "id_value": guid(number)} for number in sorted(numbers)])

    @rule(seats=st.sampled_from([1, 300]), limit=st.sampled_from([1, None]), types=st.sampled_from(["tpid", "tenant"]))
    def imports_another_catalogue(self, seats: int, limit: int | None, types: str) -> None:
        changed = {"criterion": _at_least("seats", seats), "max_active_claims": limit, "id_types": ["domain", types]}
        self.offers["small"] = {name: v for name, v in {**self.offers["small"], **changed}.items() if v is not None}
        self._catalogue()

    @rule(
        number=NUMBER,
        kind=st.sampled_from(["tenant", "domain", "tpid", "msx"]),
        code=st.sampled_from(CODES),
        status=st.sampled_from(STATUSES),
        days=st.integers(1, 25),
    )
    def imports_a_claim(self, number: int, kind: str, code: str, status: str, days: int) -> None:
        key, begun = KEYS[number % len(KEYS)], self.clock().date() - timedelta(days=days)
        line = {"engagement": "chance" if kind == "msx" else code, "customer": key, "customer_name": key}
        line |= {"origin": "added", "location_id": HERE, "id_type": kind, "id_value": _value(kind, number)}
        dates = {"created_on": begun}
        if status in ("approved", "consent_received", "rejected_final"):
            dates |= {"consent_on": begun}
        if status in ("approved", "rejected_final"):
            dates |= {"submitted_on": begun}
        if status not in ("awaiting_consent", "consent_received"):
            dates |= {"ended_on": begun}
        hours = {"hours": 10} if kind == "msx" else {}
        self.bring("claims", [{**line, "status": status, **dates, **hours}])

    @rule(number=NUMBER, kind=st.sampled_from(IdType), codes=st.sampled_from([("small",), ("free",), CODES]))
    def an_operator_adds(self, number: int, kind: IdType, codes: tuple[str, ...]) -> None:
        value, variable_pay = _value(kind, number), kind is IdType.MSX
        addition = Addition(
            id_type=kind,
            id=value,
            customer_name="Newcomer",
            country="IT",
            engagement=("chance",) if variable_pay else codes,
            hours="10" if variable_pay else "",
            **_DETAILS,
        )
        try:
            self.services.adding.add(addition)
        except Refused as refused:
            assert refused.code in ("not_eligible", "invalid")  # noqa: PT017 - being refused is no failure

    @rule(key=st.sampled_from(KEYS), codes=st.sampled_from([("small",), ("free",), ("small", "free")]))
    def an_operator_requests(self, key: str, codes: tuple[str, ...]) -> None:
        try:
            self.services.requesting.request(CustomerRequest(customer=key, engagement=codes, **_DETAILS))
        except Refused as refused:
            assert refused.code in ("not_eligible", "not_found")  # noqa: PT017 - being refused is no failure

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.clock.passes(days=days)
        self.services.engagements.counts()

    @invariant()
    def the_pages_are_what_the_rules_derive(self) -> None:
        with self.store.read() as tx:
            assert kept(tx) == derived(tx), "the projection differs"

    @invariant()
    def filters_compare_what_is_there(self) -> None:
        names = {row["id"]: row["name"] for row in self.bench.rows("customers")}
        for row in self.bench.rows("claims"):
            parts = (names[row["customer_id"]], *(row[column] for column in _FOUND_BY))
            assert row["search"] == "\n".join(map(folded, parts))


_FOUND_BY = ("number", "name", "id_value", "contact_email")
_DETAILS: dict[str, Any] = {
    "name": "Wave",
    "location": HERE,
    "contact_name": "Anna Bianchi",
    "contact_email": "anna@contoso.example",
    "partner_name": "Marco Rossi",
    "partner_email": "m.rossi@partner.example",
    "reason": "moved",
}


def _value(id_type: str, number: int) -> str:
    forms = {"domain": f"d{number}.example", "tpid": f"{10_000 + number}", "msx": f"7-ABC{number:03}"}
    return forms.get(id_type, guid(number))


def _at_least(fact: str, value: int) -> list[dict[str, Any]]:
    return [{"fact": fact, "is": "at_least", "value": value, "reason": f"too few {fact}"}]


@pytest.fixture
def machine(database: str, new_place: Callable[[str], str], tmp_path: Path) -> type[Files]:
    """The machine, on a workspace of its own each time."""

    class Made(Files):
        def __init__(self) -> None:
            super().__init__(lambda clock: (new_workspace(new_place(database), clock), tmp_path))

    return Made


def test_the_pages_are_what_the_rules_derive_whatever_files_came_in(machine: type[Files], database: str) -> None:
    """S-2a S-2b S-2c S-2f S-11a"""
    phases = (Phase.generate, Phase.shrink) if database == "sqlite" else (Phase.generate,)
    few = settings(max_examples=12, stateful_step_count=25, phases=phases)
    run_state_machine_as_test(machine, settings=few)


def test_an_import_that_forgets_whose_pages_it_changes_would_be_noticed(
    machine: type[Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(parties.Writer, "touch", lambda _self, _tx, _ids: set())
    few = settings(max_examples=12, stateful_step_count=25, phases=[Phase.generate])
    with pytest.raises(AssertionError, match="the projection differs"):
        run_state_machine_as_test(machine, settings=few)
