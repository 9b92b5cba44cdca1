"""Who may do what, cell by cell: every role at every place, through the services and through the commands (S-1d)."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from mci_tui.commands.arguments import COMMANDS
from mci_tui.domain.adding import Addition
from mci_tui.domain.claims import Status
from mci_tui.domain.consent import Recorded
from mci_tui.domain.eligibility import Tab
from mci_tui.domain.ids import IdType
from mci_tui.domain.requesting import CustomerRequest
from mci_tui.domain.submission import Survey
from mci_tui.errors import NotAllowed
from mci_tui.services import Services, services_at
from mci_tui.services.claims import ClaimQuestion
from mci_tui.services.customers import PageQuestion, Place
from mci_tui.services.desk import Desk
from mci_tui.services.imports import Imports
from mci_tui.store.engine import Store, Tx
from mci_tui.store.schema import claims, history, mails, referrals
from tests.commands.calls import Mci, home, mci
from tests.conftest import LOGIN, MovingClock
from tests.factories import HERE, THERE, Books
from tests.services.consent_kit import configured, sending

__all__ = ["home", "mci"]

NO, ANY, LOCATION, ALL = "no", "any grant", "a grant for the location", "a grant for all locations"
ENOUGH = {NO: "", ANY: (HERE, THERE, "*"), LOCATION: (HERE, "*"), ALL: ("*",)}
"""The locations of a grant that will do for something at HERE."""

ROLES = ("viewer", "incentives_user", "incentives_admin", "referrals_admin")
TABLE = {
    "read": (ANY, ANY, ANY, NO),
    "read the claims of referrals": (ANY, ANY, ANY, ANY),
    "work": (NO, LOCATION, LOCATION, NO),
    "record and decide": (NO, NO, LOCATION, NO),
    "administer": (NO, NO, ALL, NO),
    "open referrals": (NO, NO, NO, ANY),
}
"""The table of the rules, written out here by hand: what each of the roles needs for it."""

NOBODY = "nobody"
PEOPLE = {f"{role}{number}": (role, place) for role in ROLES for number, place in enumerate((HERE, THERE, "*"))}
"""Everybody's one grant, by login: a role, for a location."""

READ_ONLY = ("read", "read the claims of referrals", "open referrals")


@dataclass(frozen=True)
class Case:
    """What one attempt is made on: a number of its own, and a claim of its own where it needs one."""

    number: int
    claim: str
    folder: Path

    @property
    def proof(self) -> str:
        return str(self.folder / "invoice.pdf")

    @property
    def locations(self) -> Path:
        return self.folder / "locations.csv"

    @property
    def message(self) -> str:
        return f"{self.claim}@partner.example"


@dataclass(frozen=True)
class Act:
    """Something that an operator does: by which row of the table, on a claim in which status, in both ways."""

    row: str
    command: str
    serve: Callable[[Services, Case], object]
    arguments: Callable[[Case], tuple[str, ...]] = lambda _case: ()
    status: Status | None = None
    form: str = "--json"


ABOUT: dict[str, Any] = {
    "name": "Autumn wave",
    "location": HERE,
    "engagement": ("offer",),
    "contact_name": "Anna Bianchi",
    "contact_email": "anna@corvara.example.com",
    "partner_name": "Marco Rossi",
    "partner_email": "m.rossi@partner.example",
}
OPTIONS = tuple(
    part
    for name, value in ABOUT.items()
    for part in (f"--{name.replace('_', '-')}", *(value if isinstance(value, tuple) else (value,)))
)
KNOWN = "C-000001"
REFERRED = "CLM-000001"
"""The claim of the one referral, of a known customer."""

CLAIMED, AWAITING, CONSENTED = Status.CUSTOMER_CLAIMED, Status.AWAITING_CONSENT, Status.CONSENT_RECEIVED
NOTED = ("--note", "because")

ACTS = (
    Act("read", "engagements list", lambda services, _case: services.engagements.list()),
    Act(
        "read", "engagements show", lambda services, _case: services.engagements.show("offer"), lambda _case: ("offer",)
    ),
    Act(
        "read",
        "customers list",
        lambda services, _case: [services.customers.rows(PageQuestion("offer", tab), Place()) for tab in Tab],
        lambda _case: ("offer",),
    ),
    Act(
        "read",
        "customers list",
        lambda services, _case: services.customers.head(PageQuestion("offer")),
        lambda _case: ("offer",),
        form="--csv",
    ),
    Act(
        "read",
        "customers check",
        lambda services, _case: services.adding.check_id(IdType.TPID, "123456", HERE),
        lambda _case: ("tpid", "123456", "--location", HERE),
    ),
    Act("read", "settings show", lambda services, _case: services.settings.show()),
    Act("read", "mail list", lambda services, _case: (services.mails.rows(), services.mails.counts())),
    Act(
        "read",
        "claims show",
        lambda services, case: services.claims.show(case.claim),
        lambda case: (case.claim,),
        CLAIMED,
    ),
    Act("read the claims of referrals", "claims list", lambda services, _case: services.claims.rows(ClaimQuestion())),
    Act(
        "read the claims of referrals",
        "claims list",
        lambda services, _case: services.claims.count(ClaimQuestion()),
        form="--csv",
    ),
    Act(
        "read the claims of referrals",
        "claims show",
        lambda services, _case: services.claims.show(REFERRED),
        lambda _case: (REFERRED,),
    ),
    Act("read the claims of referrals", "attention", lambda services, _case: services.attention.list()),
    Act("open referrals", "referrals list", lambda services, _case: services.referrals.rows()),
    Act(
        "open referrals",
        "referrals show",
        lambda services, _case: services.referrals.show("REF-000001"),
        lambda _case: ("REF-000001",),
    ),
    Act(
        "work",
        "claims add",
        lambda services, case: services.adding.add(
            Addition(id_type="tpid", id=str(70_000_000 + case.number), customer_name="New", country="IT", **ABOUT)
        ),
        lambda case: (
            *OPTIONS,
            *("--id-type", "tpid", "--id", str(70_000_000 + case.number), "--customer-name", "New", "--country", "IT"),
        ),
    ),
    Act(
        "work",
        "claims request",
        lambda services, _case: services.requesting.request(CustomerRequest(customer=KNOWN, **ABOUT)),
        lambda _case: (*OPTIONS, "--customer", KNOWN),
    ),
    Act(
        "work",
        "claims send-consent",
        lambda services, case: services.consent.send(sending(services, case.claim)),
        lambda case: (case.claim, "--deal-size", "25000", "--accept-disclaimer"),
        CLAIMED,
    ),
    Act(
        "work",
        "claims remind",
        lambda services, case: services.consent.remind(services.consent.remind_start(case.claim)),
        lambda case: (case.claim,),
        AWAITING,
    ),
    Act(
        "work",
        "mail retry",
        lambda services, case: services.mails.retry(case.message),
        lambda case: (case.message,),
        AWAITING,
    ),
    Act(
        "work",
        "claims proof",
        lambda services, case: services.submitting.attach(case.claim, {"invoice": case.proof}),
        lambda case: (case.claim, "--file", f"invoice={case.proof}"),
        CONSENTED,
    ),
    Act(
        "work",
        "claims proof",
        lambda services, case: services.submitting.record(case.claim, Survey("partner_survey", "Marco", "2026-11-23")),
        lambda case: (case.claim, "--record", "partner-survey", "--who", "Marco", "--on", "2026-11-23"),
        CONSENTED,
    ),
    Act(
        "work",
        "claims submit",
        lambda services, case: services.submitting.submit(
            case.claim, {"invoice": case.proof, "partner_survey": case.proof}
        ),
        lambda case: (case.claim, "--proof", f"invoice={case.proof}", "--proof", f"partner-survey={case.proof}"),
        CONSENTED,
    ),
    Act(
        "work",
        "claims dispute",
        lambda services, case: services.deciding.dispute(case.claim, "because"),
        lambda case: (case.claim, *NOTED),
        Status.REJECTED,
    ),
    Act(
        "work",
        "claims cancel",
        lambda services, case: services.deciding.cancel(case.claim, "because"),
        lambda case: (case.claim, *NOTED),
        CLAIMED,
    ),
    Act(
        "record and decide",
        "claims record-answer",
        lambda services, case: services.consent.record(
            Recorded(case.claim, "accepted", "Anna", "by phone", "2026-11-23", "call of noon")
        ),
        lambda case: (
            *(case.claim, "accepted", "--who", "Anna", "--how", "by phone", "--on", "2026-11-23"),
            *("--note", "call of noon"),
        ),
        AWAITING,
    ),
    Act(
        "record and decide",
        "claims decide",
        lambda services, case: services.deciding.decide(case.claim, "approved", "because"),
        lambda case: (case.claim, "approved", *NOTED),
        Status.SUBMITTED,
    ),
    Act(
        "administer",
        "settings set",
        lambda services, case: services.settings.set("reminder_hours", str(20 + case.number % 9)),
        lambda case: ("reminder_hours", str(20 + case.number % 9)),
    ),
    Act(
        "administer",
        "import",
        lambda services, case: Imports(services.desk).import_file("locations", case.locations),
        lambda case: ("locations", str(case.locations)),
    ),
)
"""Everything that needs a role."""

WITHOUT_ROLE = {"demo", "init", "paths", "work", "portal"}
"""What makes a workspace, looks at none, or acts as the program itself."""


@dataclass
class Cells:
    """A workspace in which everything can be attempted once by everybody."""

    store: Store
    all: list[tuple[Act, str, Case]]
    """Every act, who attempts it, and on what."""

    def refused(self, login: str) -> int:
        """How many refused attempts of theirs are in the workspace's history."""
        lines = select(func.count()).where(history.c.what == "refused", history.c.who == login)
        with self.store.read() as tx:
            return tx.scalar(lines.where(history.c.claim_id.is_(None))) or 0

    def untouched(self, case: Case) -> bool:
        """Whether the claim is as it was made."""
        with self.store.read() as tx:
            return not case.claim or tx.scalar(select(claims.c.version).where(claims.c.number == case.claim)) == 1


@pytest.fixture
def cells(store: Store, clock: MovingClock, tmp_path: Path) -> Cells:
    (tmp_path / "invoice.pdf").write_bytes(b"%PDF a bill")
    (tmp_path / "locations.csv").write_text(f"location_id,name,country,enrolled\n{HERE},Milano,IT,true\n", "utf-8")
    configured(services_at(Desk(store, clock, LOGIN)))
    books = Books(store, clock)
    found = []
    with books.at_once():
        for place in (HERE, THERE):
            books.location(place)
        for login, (role, place) in PEOPLE.items():
            books.grant(login, role, place)
        offer = books.engagement(code="offer", id_types=["tpid"], proof=["invoice", "partner_survey"])
        known = books.customer()
        referred = books.claim(offer, known, books.identifier(known, "tpid", "10000000"), Status.APPROVED)
        for number, (act, login) in enumerate(itertools.product(ACTS, (*PEOPLE, NOBODY)), 1):
            found.append((act, login, Case(number, claim_in(books, offer, number, act.status), tmp_path)))
    with store.write() as tx:
        tx.execute(insert(referrals).values(id=1, number="REF-000001", claim_id=referred, made_at=clock()))
        for _act, _login, case in found:
            failed_mail(tx, case, clock)
    return Cells(store, found)


def claim_in(books: Books, offer: int, number: int, status: Status | None) -> str:
    """The number of a new claim at HERE, of a customer of its own."""
    if status is None:
        return ""
    customer = books.customer(f"Customer {number}")
    used = books.identifier(customer, "tpid", str(20_000_000 + number))
    return f"CLM-{books.claim(offer, customer, used, status):06}"


def failed_mail(tx: Tx, case: Case, clock: MovingClock) -> None:
    """A mail that the server did not take, for a claim that waits for an answer."""
    row = tx.execute(select(claims.c.id, claims.c.status).where(claims.c.number == case.claim)).one_or_none()
    if row is None or row.status != AWAITING:
        return
    texts = dict.fromkeys(("to_name", "subject", "text", "html", "lease", "server_said"), "")
    tx.execute(
        insert(mails).values(
            message_id=f"<{case.message}>",
            claim_id=row.id,
            kind="consent",
            to_address="anna.bianchi@contoso.example",
            asked_at=clock(),
            asked_by=LOGIN,
            state="failed",
            attempts=1,
            handed=False,
            doubts=0,
            **texts,
        )
    )


def may(act: Act, login: str) -> bool:
    """What the table says."""
    if login == NOBODY:
        return False
    role, place = PEOPLE[login]
    return place in ENOUGH[TABLE[act.row][ROLES.index(role)]]


def test_every_cell_through_the_services(cells: Cells, clock: MovingClock) -> None:
    """S-1a S-1b S-1c S-1d"""
    wrong: list[tuple[object, ...]] = []
    for act, login, case in cells.all:
        recorded = cells.refused(login)
        try:
            act.serve(services_at(Desk(cells.store, clock, login)), case)
            done = True
        except NotAllowed:
            done = False
        told = cells.refused(login) - recorded
        if done is not may(act, login) or told != (not done and act.row not in READ_ONLY):
            wrong.append((act.row, act.command, login, done, told))
        if not done and not cells.untouched(case):
            wrong.append((act.row, act.command, login, "touched"))
    assert wrong == []


@pytest.mark.parametrize("database", ["sqlite"])
def test_every_cell_through_the_commands(cells: Cells, mci: Mci, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """S-1a S-1b S-1c S-1d S-11c"""
    monkeypatch.setenv("MCI_WORKSPACE", place)
    wrong: list[tuple[object, ...]] = []
    for act, login, case in cells.all:
        recorded = cells.refused(login)
        called = mci(*act.command.split(), *act.arguments(case), act.form, login=login)
        refused = act.form == "--json" and called.code == 1 and called.error["code"] == "not_allowed"
        refused = refused or (act.form == "--csv" and "Incentives admin" in called.err)
        told = cells.refused(login) - recorded
        expected = (0, False) if may(act, login) else (1, True)
        if (called.code, refused) != expected or told != (refused and act.row not in READ_ONLY):
            wrong.append((act.row, act.command, login, called, told))
        if refused and not cells.untouched(case):
            wrong.append((act.row, act.command, login, "touched"))
    assert wrong == []


def test_no_command_is_without_its_row_of_the_table() -> None:
    """S-1d"""
    assert {command.words for command in COMMANDS} == {act.command for act in ACTS} | WITHOUT_ROLE


def test_a_referrals_admin_reads_the_claims_of_referrals_and_no_other(
    cells: Cells, as_operator: Callable[[str], Services]
) -> None:
    """S-1c S-1d"""
    seen = as_operator("referrals_admin0").claims.rows(ClaimQuestion())
    assert [claim.claim_id for claim in seen] == [REFERRED]
    assert len(as_operator("viewer0").claims.rows(ClaimQuestion())) > 1


def test_a_grant_that_was_taken_away_no_longer_helps_whoever_is_in_the_middle(
    cells: Cells, clock: MovingClock, as_operator: Callable[[str], Services]
) -> None:
    """S-1d"""
    login = "incentives_admin2"
    services = as_operator(login)
    mine = [(act, case) for act, who, case in cells.all if who == login]
    draft = sending(services, next(case.claim for act, case in mine if act.command == "claims send-consent"))
    Books(cells.store, clock).revoke(login)
    with pytest.raises(NotAllowed):
        services.consent.send(draft)
    for act, case in mine:
        with pytest.raises(NotAllowed):
            act.serve(services, case)
        assert cells.untouched(case)
    Books(cells.store, clock).grant(login, "viewer")
    assert services.consent.start(draft.claim) is not None
    with pytest.raises(NotAllowed):
        services.consent.send(draft)
