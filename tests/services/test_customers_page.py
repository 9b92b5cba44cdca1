"""The Customers page of an engagement: who stands in which tab, with which action, for which reasons."""

from datetime import date, timedelta
from typing import Any

import pytest

from mci_tui.domain.claims import OPEN, TERMINAL, Event, NextAction, Status
from mci_tui.domain.eligibility import Tab
from mci_tui.errors import NotFound
from mci_tui.services import Services, customers
from mci_tui.services.customers import CustomerRow, PageQuestion, Place
from mci_tui.store.engine import Store
from mci_tui.words import say
from tests.conftest import MovingClock
from tests.factories import HERE, Books, guid

SEATS = [{"fact": "seats", "is": "at_least", "value": 300, "reason": "fewer than 300 paid seats"}]
PUBLIC = [*SEATS, {"fact": "segment", "is": "not_equals", "value": "public", "reason": "public bodies"}]


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location()
    return made


def page(services: Services, tab: Tab, code: str = "assessment", **asked: Any) -> list[CustomerRow]:
    """The rows of one tab, whose counts agree with them."""
    question = PageQuestion(code, tab, **asked)
    rows = services.customers.rows(question, Place())
    head = services.customers.head(question)
    assert head.total == len(rows)
    if not asked.get("filter"):
        assert (head.counts.of(tab) or 0) == len(rows)
        assert services.engagements.counts(code)[code] == head.counts
    return rows


def names(rows: list[CustomerRow]) -> list[tuple[str, str | None]]:
    return [(row.customer_name, row.status) for row in rows]


def test_an_empty_page_has_three_empty_tabs(services: Services, books: Books) -> None:
    """S-2a"""
    books.engagement()
    assert [page(services, tab) for tab in Tab] == [[], [], []]
    with pytest.raises(NotFound):
        services.customers.rows(PageQuestion("nothing"), Place())


def test_every_claim_stands_where_its_status_says_with_what_can_be_done(services: Services, books: Books) -> None:
    """S-2a S-2b S-2e S-2h"""
    actions = {
        Status.CUSTOMER_CLAIMED: NextAction.SEND_CONSENT,
        Status.AWAITING_CONSENT: NextAction.RESEND_CONSENT,
        Status.CONSENT_RECEIVED: NextAction.SUBMIT_CLAIM,
        Status.ACTION_REQUIRED: NextAction.SUBMIT_CLAIM,
        Status.REJECTED: NextAction.DISPUTE,
        Status.DISPUTED: NextAction.SUBMIT_CLAIM,
    }
    with books.at_once():
        offer, elsewhere = books.engagement(max_active_claims=1), books.engagement(code="elsewhere")
        for number, status in enumerate(Status, 1):
            customer = books.known(status, elsewhere, number=number)
            books.claim(offer, customer, books.identifier(customer, "tpid", f"{12340 + number}"), status)
    rows = {tab: [row for row in page(services, tab) if row.claim_id] for tab in Tab}
    assert {row.status for row in rows[Tab.ELIGIBLE]} == OPEN
    assert {row.status for row in rows[Tab.COMPLETE]} == TERMINAL
    assert rows[Tab.NOT_ELIGIBLE] == []
    for row in rows[Tab.ELIGIBLE] + rows[Tab.COMPLETE]:
        assert row.status is not None
        number = list(Status).index(Status(row.status)) + 1
        assert (row.customer_name, row.claim_id) == (row.status, f"CLM-{2 * number:06}")
        assert (row.location_id, row.id_type, row.id_value) == (HERE, "tpid", f"{12340 + number}")
        assert row.action == actions.get(Status(row.status))


def test_a_row_says_what_is_due_and_how_many_days_are_left(services: Services, books: Books) -> None:
    """S-2i S-10"""
    due: dict[Status, tuple[date | None, str | None, int | None]] = {
        Status.CUSTOMER_CLAIMED: (date(2026, 12, 23), "consent", 30),
        Status.CONSENT_RECEIVED: (date(2027, 1, 22), "submission", 60),
        Status.ACTION_REQUIRED: (date(2027, 2, 21), "review", 90),
        Status.REJECTED: (date(2026, 12, 23), "dispute", 30),
        Status.DISPUTED: (date(2026, 12, 23), "dispute", 30),
        Status.SUBMITTED: (None, None, None),
        Status.APPROVED: (None, None, None),
    }
    with books.at_once():
        offer, customer = books.engagement(), books.customer()
        used = books.identifier(customer)
        for status in due:
            books.claim(offer, customer, used, status)
    rows = [row for tab in Tab for row in page(services, tab) if row.claim_id]
    assert {row.status: (row.due_on, row.due_what, row.days_left) for row in rows} == due


def test_a_known_customer_against_whom_nothing_speaks_can_be_requested(services: Services, books: Books) -> None:
    """S-2b"""
    books.engagement(criterion=SEATS)
    books.known("Corvara", books.engagement(code="elsewhere"), number=1, seats=300)
    (row,) = page(services, Tab.ELIGIBLE)
    assert (row.customer_name, row.claim_id, row.status, row.reasons) == ("Corvara", None, None, ())
    assert (row.action, row.id_type, row.id_value) == (NextAction.REQUEST_CUSTOMER, "tenant", guid(1))
    assert page(services, Tab.NOT_ELIGIBLE) == []


def test_whoever_is_not_eligible_is_told_every_reason(services: Services, books: Books) -> None:
    """S-2c S-11d"""
    books.engagement(criterion=PUBLIC, nomination_list=True, max_total_claims=1)
    books.known("Corvara", books.engagement(code="elsewhere"), number=1, seats=12, segment="public")
    (row,) = page(services, Tab.NOT_ELIGIBLE)
    assert row.action is None
    assert [say(each) for each in row.reasons] == [
        "fewer than 300 paid seats",
        "public bodies",
        f"{guid(1)} is not on the engagement's nomination list",
    ]
    assert page(services, Tab.ELIGIBLE) == []


def test_a_line_of_the_nomination_list_makes_eligible(services: Services, books: Books) -> None:
    """S-11d"""
    offer = books.engagement(nomination_list=True)
    books.known("Corvara", books.engagement(code="elsewhere"), number=1)
    assert [row.reasons[0].code for row in page(services, Tab.NOT_ELIGIBLE)] == ["not_on_nomination_list"]
    books.nominated(offer, [("tenant", guid(1), True, "")])
    assert names(page(services, Tab.ELIGIBLE)) == [("Corvara", None)]
    books.nominated(offer, [("tenant", guid(1), False, "won in an earlier year")])
    assert [say(row.reasons[0]) for row in page(services, Tab.NOT_ELIGIBLE)] == ["won in an earlier year"]


def test_a_customer_whose_open_claim_uses_up_the_limit_stands_in_both_tabs(services: Services, books: Books) -> None:
    """S-2c S-6e"""
    offer = books.engagement(max_active_claims=1, max_total_claims=2)
    customer = books.known("Corvara", offer, number=1)
    books.claim(offer, customer, books.identifier(customer, "tpid", "12345"), Status.AWAITING_CONSENT)
    assert names(page(services, Tab.ELIGIBLE)) == [("Corvara", "awaiting_consent")]
    (row,) = page(services, Tab.NOT_ELIGIBLE)
    assert (row.claim_id, row.customer_name) == (None, "Corvara")
    assert [each.code for each in row.reasons] == ["active_claim_limit", "total_claim_limit"]
    assert names(page(services, Tab.COMPLETE)) == [("Corvara", "approved")]


def test_a_customer_who_is_not_known_has_claim_rows_only(services: Services, books: Books) -> None:
    """S-2a S-2c"""
    offer = books.engagement()
    customer = books.customer()
    books.claim(offer, customer, books.identifier(customer), Status.AWAITING_CONSENT)
    books.identifier(books.customer("Nobody yet"), value=guid(2))
    assert names(page(services, Tab.ELIGIBLE)) == [("Corvara Distribuzione", "awaiting_consent")]
    assert page(services, Tab.NOT_ELIGIBLE) == page(services, Tab.COMPLETE) == []


def test_a_customer_without_an_id_of_an_accepted_type_is_not_eligible(services: Services, books: Books) -> None:
    """S-2c S-4b"""
    books.engagement(id_types=["tpid"])
    books.known("Corvara", books.engagement(code="elsewhere"), number=1)
    (row,) = page(services, Tab.NOT_ELIGIBLE)
    assert [say(each) for each in row.reasons] == ["this engagement takes only: Top parent ID (TPID)"]
    assert (row.id_type, row.id_value) == ("", "")


def test_a_domain_on_record_is_judged_by_its_tenants_facts(services: Services, books: Books) -> None:
    """S-3c"""
    books.engagement(criterion=SEATS)
    elsewhere = books.engagement(code="elsewhere")
    customer = books.customer("Corvara")
    domain = books.identifier(customer, "domain", "corvara.example", tenant=guid(1))
    books.claim(elsewhere, customer, domain, Status.APPROVED)
    assert [row.reasons[0].code for row in page(services, Tab.NOT_ELIGIBLE)] == ["fact_unknown"]
    books.identifier(customer, value=guid(1), seats=300)
    (row,) = page(services, Tab.ELIGIBLE)
    assert (row.id_type, row.id_value) == ("domain", "corvara.example")


def test_the_country_of_the_customer_is_a_fact_of_each_of_its_ids(services: Services, books: Books) -> None:
    """S-11d"""
    books.engagement(criterion=[{"fact": "country", "is": "one_of", "value": ["IT", "DE"], "reason": "IT and DE only"}])
    elsewhere = books.engagement(code="elsewhere")
    for number, country in enumerate(("IT", "FR", None), 1):
        books.known(f"Corvara {country}", elsewhere, number=number, country=country)
    assert names(page(services, Tab.ELIGIBLE)) == [("Corvara IT", None)]
    told = {row.customer_name: row.reasons[0].code for row in page(services, Tab.NOT_ELIGIBLE)}
    assert told == {"Corvara FR": "criterion_not_met", "Corvara None": "fact_unknown"}


def test_an_opportunity_only_engagement_shows_no_details(services: Services, books: Books) -> None:
    """S-2d S-4c"""
    books.variable(code="migration")
    elsewhere = books.engagement()
    books.known("Without", elsewhere, number=1)
    customer = books.known("With", elsewhere, number=2)
    books.identifier(customer, "msx", "7-ABC123", open=True, acv=1000, country="IT")
    question = PageQuestion("migration", Tab.NOT_ELIGIBLE)
    head = services.customers.head(question)
    assert services.customers.rows(question, Place()) == []
    assert (head.no_details, head.total, head.counts.not_eligible) == (True, 0, None)
    assert not services.customers.head(PageQuestion("migration")).no_details
    (row,) = page(services, Tab.ELIGIBLE, "migration")
    assert (row.customer_name, row.id_type, row.id_value) == ("With", "msx", "7-ABC123")


def test_an_engagement_of_opportunities_shows_no_details_after_its_last_day_either(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-2d S-10"""
    books.variable(code="migration", ends_on=date(2026, 11, 23))
    customer = books.known("With", books.engagement(), number=2)
    books.identifier(customer, "msx", "7-ABC123", open=True, acv=1000, country="IT")
    clock.passes(days=1)
    question = PageQuestion("migration", Tab.NOT_ELIGIBLE)
    assert services.customers.rows(question, Place()) == page(services, Tab.ELIGIBLE, "migration") == []
    assert services.customers.head(question).counts.not_eligible is None


@pytest.mark.parametrize("end", [Status.CONSENT_DECLINED, Status.CONSENT_EXPIRED])
def test_a_newcomers_claim_that_was_declined_or_lapsed_is_in_no_tab(
    services: Services, books: Books, end: Status
) -> None:
    """S-2f"""
    offer = books.engagement()
    customer = books.customer()
    books.claim(offer, customer, books.identifier(customer), end, at=books.clock() - timedelta(days=40))
    assert [page(services, tab) for tab in Tab] == [[], [], []]
    assert services.claims.show("CLM-000001").claim.on_page is False


def test_the_claim_of_a_newcomer_leaves_every_tab_when_its_deadline_passes(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-2f S-10"""
    offer = books.engagement(consent_days=30)
    customer = books.customer()
    books.claim(offer, customer, books.identifier(customer), Status.AWAITING_CONSENT)
    clock.passes(days=30)
    assert names(page(services, Tab.ELIGIBLE)) == [("Corvara Distribuzione", "awaiting_consent")]
    clock.passes(days=1)
    assert [page(services, tab) for tab in Tab] == [[], [], []]
    assert services.claims.show("CLM-000001").claim.status is Status.CONSENT_EXPIRED


def test_a_known_customers_claim_that_lapses_goes_to_complete_and_the_customer_back_to_eligible(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-2f S-2b"""
    offer = books.engagement(max_active_claims=1)
    customer = books.known("Corvara", books.engagement(code="elsewhere"), number=1)
    books.claim(offer, customer, books.identifier(customer, "tpid", "12345"), Status.AWAITING_CONSENT)
    assert names(page(services, Tab.NOT_ELIGIBLE)) == [("Corvara", None)]
    clock.passes(days=31)
    assert names(page(services, Tab.COMPLETE)) == [("Corvara", "consent_expired")]
    assert names(page(services, Tab.ELIGIBLE)) == [("Corvara", None)]
    assert page(services, Tab.NOT_ELIGIBLE) == []


def test_whoever_becomes_known_after_the_lapse_is_listed_but_not_the_lapsed_claim(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-2f"""
    offer, elsewhere = books.engagement(), books.engagement(code="elsewhere")
    customer = books.customer()
    used = books.identifier(customer)
    books.claim(offer, customer, used, Status.AWAITING_CONSENT)
    clock.passes(days=31)
    assert page(services, Tab.COMPLETE) == []
    books.claim(elsewhere, customer, used, Status.APPROVED)
    assert page(services, Tab.COMPLETE) == []
    assert names(page(services, Tab.ELIGIBLE)) == [("Corvara Distribuzione", None)]


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [(date(2026, 11, 24), date(2027, 6, 30)), (date(2026, 7, 1), date(2026, 11, 22))],
    ids=["not yet", "no longer"],
)
def test_outside_its_dates_customers_wait_in_not_eligible_and_claims_go_on(
    services: Services, books: Books, starts_on: date, ends_on: date
) -> None:
    """S-10 S-2c"""
    offer = books.engagement(starts_on=starts_on, ends_on=ends_on, criterion=SEATS)
    elsewhere = books.engagement(code="elsewhere")
    books.known("Arno", elsewhere, number=1, seats=900)
    books.known("Brenta", elsewhere, number=2, seats=1)
    customer = books.known("Cassia", elsewhere, number=3, seats=900)
    books.claim(offer, customer, books.identifier(customer, "tpid", "12345", seats=900), Status.AWAITING_CONSENT)
    assert names(page(services, Tab.ELIGIBLE)) == [("Cassia", "awaiting_consent")]
    waiting = page(services, Tab.NOT_ELIGIBLE)
    assert {row.customer_name: [each.code for each in row.reasons] for row in waiting} == {
        "Arno": ["engagement_not_active"],
        "Brenta": ["engagement_not_active", "criterion_not_met"],
        "Cassia": ["engagement_not_active"],
    }
    assert [row.action for row in waiting] == [None, None, None]
    assert not services.customers.head(PageQuestion("assessment")).active


def test_the_last_day_counts_in_the_workspaces_zone(services: Services, books: Books, clock: MovingClock) -> None:
    """S-10"""
    books.engagement(starts_on=date(2026, 7, 1), ends_on=date(2026, 11, 23))
    books.known("Corvara", books.engagement(code="elsewhere"), number=1)
    clock.passes(hours=13, minutes=29, seconds=59)
    assert names(page(services, Tab.ELIGIBLE)) == [("Corvara", None)]
    clock.passes(seconds=1)
    assert page(services, Tab.ELIGIBLE) == []
    assert names(page(services, Tab.NOT_ELIGIBLE)) == [("Corvara", None)]


@pytest.mark.parametrize("few", [customers.FEW, 0], ids=["looked_up_first", "line_by_line"])
def test_the_filter_looks_at_customer_claim_name_id_and_address(
    services: Services, books: Books, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """S-2i"""
    monkeypatch.setattr(customers, "FEW", few)
    offer, elsewhere = books.engagement(), books.engagement(code="elsewhere")
    claimed = books.customer("Ærø Håndværk")
    used = books.identifier(claimed, "tpid", "7654321")
    books.claim(
        offer, claimed, used, Status.AWAITING_CONSENT, name="Höhenflug 100%", contact_email="bodil@aeroe.example"
    )
    books.known("Zürich AG", elsewhere, number=0xABCDEF)
    books.variable(code="migration")
    for wanted, found in [
        ("haandvaerk", []),
        ("håndværk", ["Ærø Håndværk"]),
        ("HANDV", ["Ærø Håndværk"]),
        ("clm-000001", ["Ærø Håndværk"]),
        ("hohen", ["Ærø Håndværk"]),
        ("0%", ["Ærø Håndværk"]),
        ("_", []),
        ("54321", ["Ærø Håndværk"]),
        ("BODIL@", ["Ærø Håndværk"]),
        ("zurich", ["Zürich AG"]),
        ("00ABCDEF", ["Zürich AG"]),
        ("r", ["Ærø Håndværk", "Zürich AG"]),
        ("  ", ["Zürich AG", "Ærø Håndværk"]),
        ("'; --", []),
    ]:
        rows = page(services, Tab.ELIGIBLE, filter=wanted)
        assert sorted(row.customer_name for row in rows) == sorted(found), wanted


def test_an_opportunity_is_found_in_any_case(services: Services, books: Books) -> None:
    """S-2i"""
    books.variable(code="migration")
    customer = books.known("Corvara", books.engagement(), number=1)
    books.identifier(customer, "msx", "7-ABC123", open=True)
    for wanted in ("7-abc", "7-ABC"):
        assert names(page(services, Tab.ELIGIBLE, "migration", filter=wanted)) == [("Corvara", None)]


def test_several_claims_of_a_customer_are_several_rows(services: Services, books: Books) -> None:
    """S-2a"""
    offer = books.engagement()
    customer = books.customer()
    used = books.identifier(customer)
    for _ in range(3):
        books.claim(offer, customer, used, events=(Event.CANCEL,))
    assert [row.claim_id for row in page(services, Tab.COMPLETE)] == ["CLM-000001", "CLM-000002", "CLM-000003"]
    assert len({row.key for row in page(services, Tab.COMPLETE)}) == 3


def test_a_verdict_does_not_depend_on_who_looks(services: Services, as_operator: Any, books: Books) -> None:
    """S-1d"""
    books.engagement(criterion=SEATS, locations=[HERE])
    books.known("Corvara", books.engagement(code="elsewhere"), number=1, seats=300)
    books.grant("viewer", "viewer", "2000000")
    assert page(as_operator("viewer"), Tab.ELIGIBLE) == page(services, Tab.ELIGIBLE) != []


def test_an_engagement_tells_how_many_enrolled_locations_may_work_on_it(services: Services, books: Books) -> None:
    """S-3a"""
    books.location("1000002")
    books.location("1000003", enrolled=False)
    books.location("1000004", is_global=True)
    books.engagement(locations=["1000002", "1000003", "1000004"])
    books.engagement(code="elsewhere", solution_area="Azure", ends_on=date(2026, 11, 22))
    books.engagement(code="third")
    rows = {row.code: row for row in services.engagements.list()}
    assert list(rows) == ["assessment", "third", "elsewhere"]
    assert (rows["assessment"].locations_eligible, rows["assessment"].locations_enrolled) == (1, 2)
    assert (rows["third"].locations_eligible, rows["third"].locations_enrolled) == (2, 2)
    assert [row.active for row in rows.values()] == [True, True, False]
    assert services.engagements.show("third") == rows["third"]
    with pytest.raises(NotFound):
        services.engagements.show("fourth")
