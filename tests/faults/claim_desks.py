"""Two operators and a model of the rules, side by side: what is done at a desk is done in the model, and compared."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import select

from mci_tui.domain.adding import Addition
from mci_tui.domain.consent import YES, Decision, Recorded
from mci_tui.domain.eligibility import Tab
from mci_tui.domain.requesting import CustomerRequest
from mci_tui.domain.submission import Survey
from mci_tui.errors import Refused, reason
from mci_tui.mail.transport import Delivery, Outcome
from mci_tui.services import Services, services_at
from mci_tui.services.answers import Answer
from mci_tui.services.claims import Claim as Shown
from mci_tui.services.claims import ClaimQuestion
from mci_tui.services.customers import PageQuestion, Place
from mci_tui.services.desk import Desk
from mci_tui.store.engine import Store, Tx, open_store
from mci_tui.store.schema import claims, history, mails, proofs
from tests.conftest import LOGIN, NOW, MovingClock, new_workspace
from tests.factories import HERE, Books, offer
from tests.faults.claim_model import STAGES, Claim, No, Offer, day_of
from tests.faults.world_model import MAX_REMINDERS, Mail, World
from tests.services.consent_kit import Post, configured, send_all, token_in

MADE = NOW - timedelta(days=40)
"""When the workspace is made: before the clocks go back in Rome."""

OPERATORS = (LOGIN, "gverdi")
CUSTOMERS = (1, 2, 3)
SMALL, LARGE = CODES = ("small", "large")
PAGES = [(code, tab) for code in CODES for tab in Tab]
OFFERS = {
    SMALL: Offer(
        {"consent": 20, "submission": 30, "review": 45, "dispute": 15},
        frozenset({"invoice"}),
        date(2027, 12, 31),
        active=1,
        total=2,
    ),
    LARGE: Offer(
        {"consent": 30, "submission": 60, "review": 90, "dispute": 30},
        frozenset({"poe", "customer_survey"}),
        date(2060, 6, 30),
    ),
}


def make_desk(place: str) -> None:
    """A workspace at `place` with the engagements, customers and operators of the model's world."""
    clock = MovingClock(MADE)
    store = new_workspace(place, clock)
    books = Books(store, clock)
    with books.at_once():
        books.location()
        books.grant(OPERATORS[1], "incentives_admin")
        for code in CODES:
            books.offered(offered(code, OFFERS[code]))
        for who in CUSTOMERS:
            books.identifier(books.customer(f"Customer {who}"), "tpid", f"10000{who}")
    configured(services_at(Desk(store, clock, LOGIN)), max_reminders=str(MAX_REMINDERS))
    store.close()


def offered(code: str, terms: Offer) -> dict[str, Any]:
    """The keys of an engagement with these terms."""
    names = {"consent": "consent_days", "submission": "submit_days", "review": "review_days", "dispute": "dispute_days"}
    return offer(
        code=code,
        id_types=["tpid"],
        proof=sorted(terms.proof),
        ends_on=terms.ends,
        max_active_claims=terms.active,
        max_total_claims=terms.total,
        **{names[clock]: days for clock, days in terms.days.items()},
    )


class Cut(Exception):
    """The program ended before it had committed."""


@contextmanager
def cut_off(store: Store) -> Iterator[None]:
    """Every write ends just before it would be kept."""
    real = store.write

    @contextmanager
    def write(**how: Any) -> Iterator[Tx]:
        with real(**how) as tx:
            yield tx
            raise Cut

    with patch.object(store, "write", write):
        yield


class Desks:
    """Two desks at the workspace of `make_desk` at `place`; `folder` is for files to attach.

    `by` says who does something: `a`, `b`, or both one after the other on what each had before. After `cut` the first
    attempt ends before it is kept, and everybody opens the workspace again.
    """

    def __init__(self, place: str, folder: Path) -> None:
        self._place = place
        self.clock = MovingClock(MADE)
        self.world = World(MADE, dict(OFFERS))
        self.links: list[tuple[str, Mail]] = []
        self.numbers: list[str] = []
        self._looks = 0
        self.files = {kind: folder / f"{kind}.pdf" for kind in ("invoice", "poe", "customer_survey")}
        for kind, path in self.files.items():
            path.write_bytes(kind.encode())
        self.open()

    def open(self) -> None:
        self._stores = [open_store(self._place, login=login) for login in OPERATORS]
        desks = zip(self._stores, OPERATORS, strict=True)
        self.desks = [services_at(Desk(store, self.clock, login)) for store, login in desks]

    def close(self) -> None:
        for store in self._stores:
            store.close()

    def goes_to(self, now: datetime) -> None:
        """It is later."""
        self.clock.now = self.world.now = max(now, self.clock.now)
        self.world.settle()

    # Acting

    def acts(self, by: str, act: Callable[[Services], object], told: Callable[[], object]) -> None:
        """The same is done at the desk and in the model; what one refuses, so does the other."""
        if by.startswith("cut"):
            with cut_off(self._stores[0]), suppress(Cut, Refused):
                act(self.desks[0])
            self.close()
            self.open()
            self.compare()
        for operator in by.removeprefix("cut "):
            expected = _refused(told)
            self.world.settle()
            found = _refused(partial(act, self.desks["ab".index(operator)]))
            assert bool(found) is bool(expected), f"refused: {found}, to be refused: {expected}"
            assert found <= expected

    def make(self, known: bool, who: int, codes: Sequence[str], by: str) -> None:
        """A known customer is requested, or a customer added."""
        about: dict[str, Any] = {
            "name": "Autumn wave",
            "location": HERE,
            "engagement": tuple(codes),
            "contact_name": "Anna Bianchi",
            "contact_email": _address(who, "anna"),
            "partner_name": "Marco Rossi",
            "partner_email": "m.rossi@partner.example",
        }
        request = CustomerRequest(customer=f"C-{who:06}", **about)
        addition = Addition(id_type="tpid", id=f"10000{who}", **about)
        self.acts(
            by,
            lambda desk: desk.requesting.request(request) if known else desk.adding.add(addition),
            lambda: self.world.make(known, who, codes, _address(who, "anna")),
        )

    def send(self, place: int, whom: str, dollars: int, by: str) -> None:
        """Whoever comes second has the draft open from before."""
        claim, number = self.world.claims[place], self.numbers[place]
        to = _address(claim.customer, whom)
        filled: dict[str, Any] = {"contact_email": to, "deal_size": f"{dollars}.50", "disclaimer": (YES,)}
        draft = replace(self.desks[0].consent.start(number), **filled)
        self.acts(by, lambda desk: desk.consent.send(draft), lambda: self.world.send(claim, to, dollars * 100 + 50))

    def remind(self, place: int, whom: str, by: str) -> None:
        """At the address that the customer has, or at another."""
        claim = self.world.claims[place]
        to = _address(claim.customer, whom)
        draft = replace(self.desks[0].consent.remind_start(self.numbers[place]), contact_email=to)
        self.acts(by, lambda desk: desk.consent.remind(draft), lambda: self.world.remind(claim, to))

    def deliver(self, refused: int) -> None:
        """What waits goes out, but the first ones."""
        post = Post([Delivery(Outcome.REFUSED, "550 No such user")] * refused)
        send_all(self.desks[1], post)
        sent = self.world.deliver(refused)
        assert [message["To"].addresses[0].addr_spec for message in post.taken] == [mail.address for mail in sent]
        self.links += zip(map(token_in, post.taken), sent, strict=True)

    def click(self, link: int, decision: str, by: str) -> None:
        """Somebody opens a link and presses a button."""
        token, mail = self.links[link]
        answer = Answer(Decision(decision), "Anna Bianchi")

        def press(desk: Services) -> None:
            if desk.answers.answer(token, answer) is None:
                raise Refused("void", reason("void"))

        self.acts(by, press, lambda: self.world.click(mail, decision))

    def record(self, place: int, decision: str, back: int, by: str) -> None:
        """An answer came by telephone, `back` days ago."""
        claim, on = self.world.claims[place], self._days_ago(back)
        answer = Recorded(self.numbers[place], decision, "Anna", "by phone", on.isoformat(), "the call of noon")
        self.acts(by, lambda desk: desk.consent.record(answer), lambda: claim.answer(decision, on, self.clock.now))

    def prove(self, place: int, kinds: frozenset[str], by: str) -> None:
        """Files are attached."""
        claim, paths = self.world.claims[place], {kind: str(self.files[kind]) for kind in kinds}
        self.acts(
            by,
            lambda desk: desk.submitting.attach(self.numbers[place], paths),
            lambda: claim.prove(kinds, self.clock.now),
        )

    def survey(self, place: int, by: str) -> None:
        """The customer has answered the survey."""
        claim, survey = self.world.claims[place], Survey("customer_survey", "Anna", self._days_ago(0).isoformat())
        self.acts(
            by,
            lambda desk: desk.submitting.record(self.numbers[place], survey),
            lambda: claim.prove(frozenset({survey.kind}), self.clock.now),
        )

    def submit(self, place: int, kinds: frozenset[str], by: str) -> None:
        """The claim is submitted, with these files."""
        claim, paths = self.world.claims[place], {kind: str(self.files[kind]) for kind in kinds}
        self.acts(
            by,
            lambda desk: desk.submitting.submit(self.numbers[place], paths),
            lambda: claim.prove(kinds, self.clock.now, submit=True),
        )

    def decide(self, place: int, decision: str, back: int, by: str) -> None:
        """The review has decided, `back` days ago."""
        claim, on = self.world.claims[place], self._days_ago(back)
        self.acts(
            by,
            lambda desk: desk.deciding.decide(self.numbers[place], decision, "as they wrote", on.isoformat()),
            lambda: claim.decide(decision, on, self.clock.now),
        )

    def step(self, place: int, event: str, by: str) -> None:
        """The claim is disputed or cancelled."""
        claim = self.world.claims[place]
        self.acts(
            by,
            lambda desk: getattr(desk.deciding, event)(self.numbers[place], "we think so"),
            lambda: claim.step(event, self.clock.now),
        )

    def go_on(self, place: int, decision: str, back: int) -> None:
        """The next step that leads on, if there is one; what can be dated is, up to `back` days ago."""
        claim = self.world.claims[place]
        back = min(back, (self._days_ago(0) - day_of(claim.since)).days)
        if "send" in claim.moves:
            self.send(place, "anna", 1000, "a")
        elif "accepted" in claim.moves:
            self.record(place, "accepted", back, "b")
        elif "submit" in claim.moves:
            self.submit(place, claim.offer.proof, "a")
        elif "dispute" in claim.moves:
            self.step(place, "dispute", "b")
        elif "approved" in claim.moves:
            self.decide(place, decision, back, "a")

    def change_days(self, code: str, days: int) -> None:
        """The catalogue gives other days from now on."""
        old = self.world.offers[code]
        new = replace(old, days=dict.fromkeys(old.days, days))
        self.world.offers[code] = new
        Books(self._stores[0], self.clock).offered(offered(code, new))

    def _days_ago(self, back: int) -> date:
        return day_of(self.clock.now) - timedelta(days=back)

    # Comparing

    def compare(self) -> None:
        """What is seen of claims, a page, history, mails and proof is as the model has it; the pages take turns."""
        self._looks += 1
        desk = self.desks[self._looks % 2]
        rows = desk.claims.rows(ClaimQuestion())
        self.numbers = [row.claim_id for row in rows]
        assert [_seen(row) for row in rows] == [self._told(claim) for claim in self.world.claims]
        self._compare_page(desk, *PAGES[self._looks % len(PAGES)])
        with self._stores[0].read() as tx:
            self._compare_behind(tx)

    def _told(self, claim: Claim) -> dict[str, Any]:
        due = claim.last[claim.clock] if claim.clock != "-" else None
        return {
            "status": claim.status,
            "since": claim.since,
            "ended_at": None if claim.moves else claim.since,
            "on_page": self.world.shown(claim),
            "last": claim.last,
            "due": (claim.clock, due, (due - day_of(self.clock.now)).days) if due else None,
            "consent_at": claim.consent_at,
            "deal_size": claim.deal_size,
            "address": claim.address,
        }

    def _compare_page(self, desk: Services, code: str, tab: Tab) -> None:
        rows = desk.customers.rows(PageQuestion(code, tab), Place())
        found = {
            (
                int(row.customer.removeprefix("C-")),
                None if row.claim_id is None else self.numbers.index(row.claim_id),
                str(row.action) if row.action else "-",
            )
            for row in rows
        }
        assert len(found) == len(rows)
        assert found == self.world.tabs(code)[tab], f"{tab.name} of {code}"

    def _compare_behind(self, tx: Tx) -> None:
        """History, outbox and proof as they are written down."""
        ids = list(tx.scalars(select(claims.c.id).order_by(claims.c.id)))
        told: dict[int, list[list[str | None]]] = {id_: [] for id_ in ids}
        for line in tx.execute(select(history).where(history.c.claim_id.is_not(None)).order_by(history.c.id)):
            if "status" in (changes := json.loads(line.changes)):
                told[line.claim_id or 0].append(changes["status"])
        items = select(proofs.c.claim_id, proofs.c.kind).where(proofs.c.replaced_at.is_(None))
        kept = [(row.claim_id, row.kind) for row in tx.execute(items)]
        for id_, claim in zip(ids, self.world.claims, strict=True):
            steps = told[id_]
            assert [old for old, _new in steps] == [None, *(new for _old, new in steps[:-1])]
            assert steps[-1][1] == claim.status
            assert sum(new not in STAGES for _old, new in steps) == (not claim.moves), "one end, and one only"
            assert {kind for of, kind in kept if of == id_} == claim.proof
        assert len(set(kept)) == len(kept)
        written = tx.execute(select(mails).order_by(mails.c.id)).all()
        assert [(mail.to_address, mail.kind, mail.state, mail.asked_at) for mail in written] == [
            (mail.address, mail.kind, mail.state, mail.at) for mail in self.world.mails
        ]
        assert all((mail.next_at is None) is (mail.state != "waiting") for mail in written)


def _refused(do: Callable[[], object]) -> set[str]:
    """With which code it was refused, or with which it may be."""
    try:
        do()
    except Refused as refused:
        return {refused.code}
    except No as no:
        return set(no.args)
    return set()


def _address(who: int, whom: str) -> str:
    return f"{whom}@customer{who}.example.com"


def _seen(row: Shown) -> dict[str, Any]:
    days = {
        "consent": row.consent_due_on,
        "submission": row.submit_due_on,
        "review": row.review_due_on,
        "dispute": row.dispute_due_on,
    }
    return {
        "status": row.status,
        "since": row.status_since,
        "ended_at": row.ended_at,
        "on_page": row.on_page,
        "last": {clock: day for clock, day in days.items() if day is not None},
        "due": (row.due_what, row.due_on, row.days_left) if row.due_on else None,
        "consent_at": row.consent_at,
        "deal_size": row.deal_size_usd,
        "address": row.contact_email,
    }
