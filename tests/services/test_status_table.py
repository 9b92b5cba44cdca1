"""The status table, row by row: how a claim gets there by what people do, what it shows and what it refuses (S-6)."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mci_tui.domain.adding import Addition
from mci_tui.domain.claims import Status
from mci_tui.domain.consent import Decision, Recorded
from mci_tui.domain.deciding import DECISIONS
from mci_tui.domain.eligibility import Tab
from mci_tui.domain.requesting import CustomerRequest
from mci_tui.domain.submission import Survey
from mci_tui.errors import Refused, reason
from mci_tui.services import Services, services_at
from mci_tui.services.answers import Answer
from mci_tui.services.claims import ClaimPage, ClaimQuestion
from mci_tui.services.customers import CustomerRow, PageQuestion, Place
from mci_tui.services.desk import Desk
from mci_tui.store.engine import open_store
from mci_tui.words import ACTIONS, status_name
from tests.conftest import LOGIN, MovingClock, new_workspace
from tests.factories import HERE, Books
from tests.faults.claim_model import day_of, first_instant
from tests.services.consent_kit import CLAIM, Post, configured, send_all, sending, token_in

DAYS = {"consent": 30, "submission": 60, "review": 90, "dispute": 20}
"""What the engagement gives for each clock."""

ABOUT: dict[str, Any] = {
    "name": "Autumn wave",
    "location": HERE,
    "engagement": ("offer",),
    "contact_name": "Anna Bianchi",
    "contact_email": "anna@corvara.example.com",
    "partner_name": "Marco Rossi",
    "partner_email": "m.rossi@partner.example",
}
INSTANT = timedelta(microseconds=1)


class Row(NamedTuple):
    """A row of the table: the two forms of the status, the clock that runs with the step that started it, the action
    shown, and the steps that are not refused."""

    name: str
    short: str
    clock: tuple[str, str] | None = None
    action: str = ""
    steps: str = ""


ROWS = {
    "customer_claimed": Row(
        "Customer claimed", "Claimed", ("consent", "add"), "Send customer consent email", "send cancel"
    ),
    "awaiting_consent": Row(
        "Awaiting customer consent response",
        "Awaiting consent",
        ("consent", "add"),
        "Resend customer consent email",
        "remind accepted declined accept decline cancel",
    ),
    "consent_received": Row(
        "Customer consent received",
        "Consent received",
        ("submission", "accept"),
        "Submit claim",
        "attach survey submit cancel",
    ),
    "submitted": Row("Submitted", "Submitted", steps="under_review action_required approved rejected"),
    "under_review": Row("Under review", "Under review", steps="action_required approved rejected"),
    "action_required": Row(
        "Partner action required", "Action required", ("review", "accept"), "Submit claim", "attach survey submit"
    ),
    "rejected": Row("Rejected", "Rejected", ("dispute", "rejected"), "Dispute", "dispute"),
    "disputed": Row("Disputed", "Disputed", ("dispute", "dispute"), "Submit claim", "attach survey submit"),
    "approved": Row("Approved", "Approved"),
    "rejected_final": Row("Rejected final", "Rejected final"),
    "cancelled": Row("Cancelled", "Cancelled"),
    "consent_declined": Row("Customer consent declined", "Declined"),
    "consent_expired": Row("Customer consent expired", "Consent expired"),
    "not_submitted_expired": Row("Not submitted expired", "Not submitted"),
    "post_submission_expired": Row("Post submission expired", "Review expired"),
    "disputed_expired": Row("Disputed expired", "Dispute expired"),
}
"""The table of the rules, written out here by hand."""

TOLD = "send accept submit"
STORIES = {
    "": "customer_claimed",
    "send": "awaiting_consent",
    "send accept": "consent_received",
    TOLD: "submitted",
    f"{TOLD} under_review": "under_review",
    f"{TOLD} action_required": "action_required",
    f"{TOLD} under_review rejected": "rejected",
    f"{TOLD} rejected dispute": "disputed",
    f"{TOLD} action_required submit under_review approved": "approved",
    f"{TOLD} rejected dispute submit approved": "approved",
    f"{TOLD} rejected lapse": "rejected_final",
    f"{TOLD} rejected dispute submit under_review rejected": "rejected_final",
    f"{TOLD} rejected dispute submit rejected_final": "rejected_final",
    "cancel": "cancelled",
    "send cancel": "cancelled",
    "send accept cancel": "cancelled",
    "send decline": "consent_declined",
    "send declined": "consent_declined",
    "lapse": "consent_expired",
    "send lapse": "consent_expired",
    "send accept lapse": "not_submitted_expired",
    f"{TOLD} action_required lapse": "post_submission_expired",
    f"{TOLD} rejected dispute submit action_required lapse": "post_submission_expired",
    f"{TOLD} rejected dispute lapse": "disputed_expired",
}
"""What happens to a claim, and where that brings it."""

ENDS = {status for status, row in ROWS.items() if not row.steps}
story = pytest.mark.parametrize(("steps", "status"), STORIES.items(), ids=lambda value: value.replace(" ", "-"))


class Life:
    """A claim of a newly added customer, and everything that people can do to it; each step is a day after the last."""

    def __init__(self, services: Services, clock: MovingClock, bill: Path) -> None:
        self.services, self.clock = services, clock
        self.post = Post()
        paths = {"invoice": str(bill), "partner_survey": str(bill)}
        survey = Survey("partner_survey", "Marco Rossi", "2026-11-23")
        self.steps: dict[str, Callable[[], object]] = {
            "add": lambda: services.adding.add(
                Addition(id_type="tpid", id="123456", customer_name="Corvara Distribuzione", country="IT", **ABOUT)
            ),
            "request": lambda: services.requesting.request(CustomerRequest(customer="C-000001", **ABOUT)),
            "send": lambda: services.consent.send(sending(services)),
            "remind": lambda: services.consent.remind(services.consent.remind_start(CLAIM)),
            "accept": lambda: self._press(Decision.ACCEPTED),
            "decline": lambda: self._press(Decision.DECLINED),
            "accepted": lambda: self._record("accepted"),
            "declined": lambda: self._record("declined"),
            "attach": lambda: services.submitting.attach(CLAIM, {"invoice": str(bill)}),
            "survey": lambda: services.submitting.record(CLAIM, survey),
            "submit": lambda: services.submitting.submit(CLAIM, paths),
            **{each: self._decided(each) for each in DECISIONS},
            "dispute": lambda: services.deciding.dispute(CLAIM, "we did the work"),
            "cancel": lambda: services.deciding.cancel(CLAIM, "the customer went away"),
            "lapse": self._lapse,
        }
        self.days: dict[str, date] = {}
        self.goes("add")

    def goes(self, steps: str) -> None:
        """Lets these things happen, one a day."""
        for step in steps.split():
            self.clock.passes(days=1)
            self.days[step] = day_of(self.clock())
            self.steps[step]()
            send_all(self.services, self.post)

    @property
    def page(self) -> ClaimPage:
        return self.services.claims.show(CLAIM)

    @property
    def rows(self) -> dict[Tab, list[CustomerRow]]:
        """The claim on its Customers page."""
        pages = {tab: self.services.customers.rows(PageQuestion("offer", tab), Place()) for tab in Tab}
        return {tab: found for tab, rows in pages.items() if (found := [row for row in rows if row.claim_id == CLAIM])}

    def _press(self, decision: Decision) -> None:
        """Somebody presses a button behind the first link; where there is none, or it shows nothing, nobody can."""
        token = token_in(self.post.taken[0]) if self.post.taken else "no link"
        if self.services.answers.answer(token, Answer(decision, "Anna Bianchi")) is None:
            raise Refused("wrong_state", reason("link_void"))

    def _record(self, decision: str) -> None:
        on = day_of(self.clock()).isoformat()
        self.services.consent.record(Recorded(CLAIM, decision, "Anna Bianchi", "by phone", on, "the call of noon"))

    def _decided(self, decision: str) -> Callable[[], object]:
        return lambda: self.services.deciding.decide(CLAIM, decision, "as they wrote")

    def _lapse(self) -> None:
        """The last valid day passes to its last instant, and then it is over."""
        before = self.page.claim
        assert before.due_on is not None
        midnight = first_instant(before.due_on + timedelta(days=1))
        self.clock.now = midnight - INSTANT
        assert (self.page.claim.status, self.page.claim.days_left) == (before.status, 0)
        self.clock.now = midnight
        assert self.page.claim.ended_at == midnight


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one engagement that wants two items of proof."""
    place, clock = tmp_path_factory.mktemp("table") / "desk.db", MovingClock()
    with closing(new_workspace(str(place), clock)) as store:
        books = Books(store, clock)
        books.location()
        days = {"consent_days": 30, "submit_days": 60, "review_days": 90, "dispute_days": 20}
        proof = ["invoice", "partner_survey"]
        books.engagement(code="offer", id_types=["tpid"], proof=proof, ends_on=date(2040, 6, 30), **days)
        configured(services_at(Desk(store, clock, LOGIN)))
    return place


@pytest.fixture
def life(template: Path, tmp_path: Path, clock: MovingClock) -> Iterator[Life]:
    bill = tmp_path / "bill.pdf"
    bill.write_bytes(b"%PDF a bill")
    with closing(open_store(str(shutil.copy(template, tmp_path)))) as store:
        yield Life(services_at(Desk(store, clock, LOGIN)), clock, bill)


def test_every_row_has_its_story() -> None:
    """S-6"""
    assert set(ROWS) == set(Status) == set(STORIES.values())


@story
def test_a_claim_gets_there_and_shows_what_its_row_says(life: Life, steps: str, status: str) -> None:
    """S-2e S-2f S-2h S-6 S-6a S-10"""
    life.goes(steps)
    row, claim = ROWS[status], life.page.claim
    assert claim.status == status
    assert (status_name(claim.status), status_name(claim.status, short=True)) == (row.name, row.short)
    clock = ("dispute", "dispute") if row.clock and "dispute" in life.days else row.clock
    due = life.days[clock[1]] + timedelta(days=DAYS[clock[0]]) if clock else None
    assert (claim.due_what, claim.due_on) == (clock[0] if clock else None, due)
    if claim.consent_at is None and claim.ended_at is not None and status != "cancelled":
        assert life.rows == {}
        return
    ((tab, (shown,)),) = life.rows.items()
    assert tab is (Tab.COMPLETE if status in ENDS else Tab.ELIGIBLE)
    assert (shown.status, shown.due_on) == (status, due)
    assert (ACTIONS[shown.action][0] if shown.action else "") == row.action


@story
def test_what_the_row_does_not_list_is_refused_and_changes_nothing(life: Life, steps: str, status: str) -> None:
    """S-5g S-6 S-6a S-6b S-6c"""
    life.goes(steps)
    before, rows, mails = life.page, life.rows, len(life.post.taken)
    answered = {"accepted": "accept", "declined": "decline"}.get(before.answer.decision if before.answer else "")
    for step in life.steps.keys() - set(ROWS[status].steps.split()) - {"add", "request", "lapse", answered}:
        with pytest.raises(Refused) as refused:
            life.steps[step]()
        assert refused.value.code == "wrong_state", step
    if answered:
        life.steps[answered]()  # the same answer again shows the same page
    assert (life.page, life.rows, len(life.post.taken)) == (before, rows, mails)


@pytest.mark.parametrize(
    ("status", "step"), [(status, step) for status, row in ROWS.items() for step in row.steps.split()]
)
def test_what_the_row_lists_can_be_done(life: Life, status: str, step: str) -> None:
    """S-5e S-5h S-6 S-6b S-6c"""
    life.goes(next(steps for steps, reached in STORIES.items() if reached == status))
    before = life.page
    life.goes(step)
    assert len(life.page.history) > len(before.history)
    stays = ("remind", "attach", "survey")
    assert (life.page.claim.status == before.claim.status) is (step in stays)


@pytest.mark.parametrize("steps", [steps for steps, status in STORIES.items() if status in ENDS])
def test_an_end_is_reached_once_and_is_for_ever(life: Life, steps: str) -> None:
    """S-6a S-10"""
    life.goes(steps)
    page = life.page
    life.clock.passes(days=2000)
    assert life.page == page
    moved = [line.changes["status"][1] for line in page.history if "status" in line.changes]
    assert [status for status in moved if status in ENDS] == moved[-1:] == [page.claim.status]
    assert page.claim.ended_at == page.claim.status_since
    life.goes("request" if page.claim.consent_at else "add")
    assert len(life.services.claims.rows(ClaimQuestion())) == 2
