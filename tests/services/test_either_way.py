"""A customer is either added or requested, never both: at any moment one way is open at most."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from mci_tui.domain.adding import Addition
from mci_tui.domain.claims import Event, Status
from mci_tui.domain.details import Details
from mci_tui.domain.eligibility import Tab
from mci_tui.domain.requesting import CustomerRequest
from mci_tui.errors import Refused
from mci_tui.services import adding as adding_service
from mci_tui.services import services_at
from mci_tui.services.claims import Claim
from mci_tui.services.customers import PageQuestion, Place
from mci_tui.services.desk import Desk
from mci_tui.services.verdicts import Verdict
from mci_tui.store.engine import open_store
from tests.conftest import LOGIN, MovingClock, new_workspace
from tests.factories import HERE, Books, guid
from tests.store.derivation import derived, kept

D = TypeVar("D", bound=Details)

SEATS = [{"fact": "seats", "is": "at_least", "value": 300, "reason": "fewer than 300 paid seats"}]
LARGE = [{"fact": "acv", "is": "at_least", "value": 50_000, "reason": "worth less than 50,000 USD"}]
FIXED, UNLIMITED, VARIABLE = CODES = ("assessment", "unlimited", "projects")
PEOPLE = (1, 2)

WHO = st.sampled_from(PEOPLE)
WHERE = st.sampled_from(CODES)
OPERATOR = st.integers(0, 1)
WHICH = st.integers(0, 1)


class EitherWay(RuleBasedStateMachine):
    """Two operators, two customers with three IDs each, three engagements; `place` is where no workspace is yet."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self.clock = MovingClock()
        self.stores = [new_workspace(place, self.clock), open_store(place)]
        self.desks = [services_at(Desk(store, self.clock, LOGIN)) for store in self.stores]
        self.books = Books(self.stores[0], self.clock)
        self.books.location()
        limits = {"max_active_claims": 1, "max_total_claims": 2}
        self.offers = {
            FIXED: self.books.engagement(criterion=SEATS, id_types=["tenant"], **limits),
            UNLIMITED: self.books.engagement(code=UNLIMITED, id_types=["domain", "tenant"]),
            VARIABLE: self.books.variable(code=VARIABLE, criterion=LARGE),
        }
        self.past = self.books.engagement(code="past")
        self.ids: dict[int, dict[str, int]] = {}
        for who in PEOPLE:
            customer = self.books.customer(f"Customer {who}")
            tenant = self.books.identifier(customer, value=guid(who), seats=300)
            self.books.identifier(customer, "domain", f"c{who}.example", tenant=guid(who))
            facts: dict[str, Any] = {"open": True, "acv": 60_000, "country": "IT"}
            chances = [self.books.identifier(customer, "msx", f"7-OPP{who}0{which}", **facts) for which in (0, 1)]
            self.ids[who] = {"tenant": tenant, "0": chances[0], "1": chances[1]}

    def teardown(self) -> None:
        for store in self.stores:
            store.close()

    # What two operators do

    @rule(who=WHO, code=WHERE, operator=OPERATOR, which=WHICH)
    def adds(self, who: int, code: str, operator: int, which: int) -> None:
        """Adds a customer by one of its IDs; where that goes, the customer was not in the Eligible tab."""
        before = self.standing(who, code)
        claim = _made(self.desks[operator].adding.add, self.addition(who, code, which))
        if claim is not None:
            assert before == set()
            assert claim.origin == "added"

    @rule(who=WHO, code=WHERE, operator=OPERATOR, which=WHICH)
    def requests(self, who: int, code: str, operator: int, which: int) -> None:
        """Requests a customer; where that goes, its row was in the Eligible tab."""
        before = self.standing(who, code)
        claim = _made(self.desks[operator].requesting.request, self.request(who, code, which))
        if claim is not None:
            assert "customer" in before
            assert claim.origin == "requested"
        else:
            assert code == VARIABLE or "customer" not in before

    # What happens meanwhile

    @rule(who=WHO)
    def consents_elsewhere(self, who: int) -> None:
        """The customer becomes known by a claim on another engagement."""
        self.books.claim(self.past, who, self.ids[who]["tenant"], events=(Event.SEND, Event.ACCEPT))

    @rule(who=WHO, code=st.sampled_from((FIXED, UNLIMITED)))
    def completes(self, who: int, code: str) -> None:
        """A claim comes to its good end."""
        self.books.claim(self.offers[code], who, self.ids[who]["tenant"], Status.APPROVED)

    @rule(who=WHO, seats=st.sampled_from((299, 300)))
    def changes_size(self, who: int, seats: int) -> None:
        """The customer's facts change."""
        self.books.facts(self.ids[who]["tenant"], seats=seats)

    @rule(who=WHO, which=WHICH, is_open=st.booleans(), acv=st.sampled_from((49_999, 50_000)))
    def changes_opportunity(self, who: int, which: int, is_open: bool, acv: int) -> None:
        """An opportunity opens, closes, grows or shrinks."""
        self.books.facts(self.ids[who][str(which)], open=is_open, acv=acv, country="IT")

    @rule()
    def a_month_passes(self) -> None:
        """Consents that nobody gave lapse."""
        self.clock.passes(days=31)

    # What always holds

    @invariant()
    def one_way_is_open_at_most(self) -> None:
        """S-2g: and *Request* is open exactly where the customer's row stands in the Eligible tab."""
        for who in PEOPLE:
            checked = [self.desks[0].adding.check(self.addition(who, code, n)) for code in CODES[1:] for n in (0, 1)]
            asked = self.request(who, FIXED, 0)
            request = _eligible(self.desks[1].requesting.check(asked).verdicts) if checked[0].known else set()
            add = {code for each in checked for code in _eligible(each.verdicts)}
            standing = {code: self.standing(who, code) for code in CODES}
            assert not add & request, (who, add, request)
            assert not add & {code for code in CODES if standing[code]}, (who, add, standing)
            assert request & {*CODES} == {code for code in CODES if "customer" in standing[code]}, (who, standing)

    @invariant()
    def the_pages_are_right(self) -> None:
        """S-2a"""
        with self.stores[1].read() as tx:
            assert kept(tx) == derived(tx)

    # Looking

    def standing(self, who: int, code: str) -> set[str]:
        """What of the customer stands in the Eligible tab: its own row, and claims."""
        rows = self.desks[1].customers.rows(PageQuestion(code, Tab.ELIGIBLE), Place())
        mine = [row for row in rows if row.customer == _key(who)]
        return {"customer" if row.claim_id is None else row.claim_id for row in mine}

    def addition(self, who: int, code: str, which: int) -> Addition:
        """By an opportunity for variable pay, else by domain or tenant ID."""
        if code == VARIABLE:
            ids = {"id_type": "msx", "id": f"7-OPP{who}0{which}", "hours": "16"}
        else:
            ids = {"id_type": "tenant", "id": guid(who)} if which else {"id_type": "domain", "id": f"c{who}.example"}
        return replace(Addition(**_ABOUT), engagement=(code,), contact_email=f"anna@c{who}.example", **ids)

    def request(self, who: int, code: str, which: int) -> CustomerRequest:
        ids = {"id": f"7-OPP{who}0{which}", "hours": "16"} if code == VARIABLE else {}
        email = f"anna@c{who}.example"
        return replace(CustomerRequest(**_ABOUT), customer=_key(who), engagement=(code,), contact_email=email, **ids)


_ABOUT: dict[str, Any] = {
    "name": "Autumn wave",
    "location": HERE,
    "contact_name": "Anna Bianchi",
    "partner_name": "Marco Rossi",
    "partner_email": "m.rossi@partner.example",
}


def _key(who: int) -> str:
    return f"C-{who:06}"


def _eligible(verdicts: Iterable[Verdict]) -> set[str]:
    return {verdict.engagement.code for verdict in verdicts if verdict.eligible}


def _made(make: Callable[[D], list[Claim]], details: D) -> Claim | None:
    """The one claim made, or None where somebody is not eligible; every other refusal is raised."""
    try:
        (claim,) = make(details)
    except Refused as refused:
        if refused.code != "not_eligible":
            raise
        return None
    return claim


def test_a_customer_is_either_added_or_requested(database: str, new_place: Callable[[str], str]) -> None:
    """S-2g S-4a S-4c S-2b"""

    class Game(EitherWay):
        def __init__(self) -> None:
            super().__init__(new_place(database))

    bounded = settings(max_examples=6 if database == "sqlite" else 3, stateful_step_count=12)
    run_state_machine_as_test(Game, settings=bounded)


def test_without_the_look_at_the_page_both_ways_would_be_open(
    new_place: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""
    game = EitherWay(new_place("sqlite"))
    game.consents_elsewhere(who=1)
    game.one_way_is_open_at_most()
    monkeypatch.setattr(adding_service, "_against_page", lambda *_arguments: [])
    with pytest.raises(AssertionError):
        game.one_way_is_open_at_most()
    game.teardown()
