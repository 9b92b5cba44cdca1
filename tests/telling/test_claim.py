"""What is said of a claim: every field, every deadline with its rule, the whole history (S-6d, S-10)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mci_tui.domain.claims import Event, Status
from mci_tui.domain.consent import YES
from mci_tui.domain.details import CONTACTS
from mci_tui.services import Services
from mci_tui.services.claims import COLUMNS, Claim, ClaimPage
from mci_tui.store.engine import Store
from mci_tui.telling import Said
from mci_tui.telling.claim import CHANGED, sections_of
from mci_tui.words import MEANINGS, STATUSES
from tests.conftest import MovingClock
from tests.factories import Books, guid
from tests.services.consent_kit import CLAIM, claimed, configured, sending

ROME = ZoneInfo("Europe/Rome")


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location()
    return made


def sections(page: ClaimPage) -> dict[str, list[Said]]:
    return dict(sections_of(page, ROME, "R opens it"))


def lines(page: ClaimPage, heading: str) -> dict[str, str]:
    """The labelled lines of a section."""
    return {line.label: line.plain for line in sections(page)[heading] if line.label}


def told(page: ClaimPage) -> str:
    return "\n".join(f"{line.label}: {line.plain}" for found in sections(page).values() for line in found)


FILLED: dict[str, tuple[Any, str]] = {
    "claim_name": ("Autumn wave", "Autumn wave"),
    "engagement": ("offer-7", "offer-7"),
    "engagement_name": ("Assessment of everything", "Assessment of everything"),
    "solution_area": ("Business matters", "Business matters"),
    "pay": ("variable", "variable pay"),
    "origin": ("requested", "customer requested by"),
    "customer": ("CUS-77", "CUS-77"),
    "customer_name": ("Zürich AG", "Zürich AG"),
    "country": ("CH", "(CH)"),
    "id_type": ("tenant", "Tenant ID"),
    "id_value": (guid(5), guid(5)),
    "tenant_id": (guid(6), guid(6)),
    "reason": ("another subsidiary", "another subsidiary"),
    "location_id": ("7654321", "7654321"),
    "status": (Status.DISPUTED, "△ Disputed"),
    "status_since": (datetime(2026, 3, 1, 12, tzinfo=UTC), "since 1 Mar 2026"),
    "on_page": (False, "No longer on the engagement's Customers page"),
    "created_at": (datetime(2026, 1, 2, 12, tzinfo=UTC), "Made: 2 Jan 2026"),
    "created_by": ("keller", "by keller"),
    "consent_due_on": (date(2026, 2, 1), "Consent: 30 days from 2 Jan 2026: by 1 Feb 2026"),
    "consent_sent_at": (datetime(2026, 1, 3, 12, tzinfo=UTC), "First asked: 3 Jan 2026"),
    "consent_at": (datetime(2026, 1, 5, 12, tzinfo=UTC), "Consent given: 5 Jan 2026"),
    "submit_due_on": (date(2026, 3, 6), "by 6 Mar 2026"),
    "submitted_at": (datetime(2026, 2, 7, 12, tzinfo=UTC), "Submitted: 7 Feb 2026"),
    "review_due_on": (date(2026, 4, 5), "by 5 Apr 2026"),
    "dispute_due_on": (date(2026, 3, 31), "by 31 Mar 2026"),
    "ended_at": (datetime(2026, 3, 31, 22, tzinfo=UTC), "Ended: 1 Apr 2026"),
    "due_on": (date(2026, 3, 31), "by 31 Mar 2026 · 12 days left"),
    "due_what": ("dispute", "by 31 Mar 2026 · 12 days left"),
    "days_left": (12, "12 days left"),
    "hours": (37, "Hours: 37"),
    "proposed_payout_usd": (123_456, "Proposed payout: 1,234.56 USD"),
    "deal_size_usd": (9_900_000, "Deal size: 99,000 USD"),
    "contact_name": ("Urs Bianchi", "Urs Bianchi"),
    "contact_email": ("urs@zuerich.example", "urs@zuerich.example"),
    "contact_title": ("Head of IT", "Head of IT"),
    "contact_phone": ("+41 44 000 00 01", "+41 44 000 00 01"),
    "contact_language": ("it", "E-mail language: Italiano"),
    "partner_name": ("Marta Rossi", "Marta Rossi"),
    "partner_email": ("marta@partner.example", "marta@partner.example"),
    "partner_phone": ("+39 02 000", "+39 02 000"),
    "referral_id": ("REF-000009", "REF-000009"),
    "referral_kind": ("co_sell", "● co-sell"),
    "field_sellers_since": (date(2026, 1, 5), "see the claim since 5 Jan 2026"),
}
"""A claim's fields, each with a value of its own and how that is told."""

ELSEWHERE = {"claim_id", "answer_given_by", "payout_limited_by"}
"""The title, the section of the answer, the mark among the terms of the payout."""


def test_every_field_is_told(services: Services, books: Books) -> None:
    """S-6d"""
    claimed(books)
    page = services.claims.show(CLAIM)
    filled: Claim = replace(page.claim, **{name: value for name, (value, _words) in FILLED.items()})
    words = told(replace(page, claim=filled))
    assert {name for name, (_value, expected) in FILLED.items() if expected not in words} == set()
    assert FILLED.keys() | ELSEWHERE == set(COLUMNS)


@pytest.mark.parametrize("status", Status)
def test_a_status_says_in_full_what_it_means_and_who_moves_next(
    services: Services, books: Books, status: Status
) -> None:
    """S-6d"""
    claimed(books, status)
    first, second, *_others = sections(services.claims.show(CLAIM))["Claim"]
    assert first.lead == f"{STATUSES[status].mark} {STATUSES[status].name}"
    assert second.plain == MEANINGS[status]


def test_each_deadline_is_told_with_its_rule_and_the_one_that_runs_with_the_days_left(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-6d, S-10"""
    claimed(books, Status.SUBMITTED)
    clock.passes(days=5)
    services.deciding.decide(CLAIM, "rejected", "n")
    clock.passes(days=2)
    days = lines(services.claims.show(CLAIM), "Days")
    assert days["Consent"] == "30 days from 23 Nov 2026: by 23 Dec 2026"
    assert days["Submission"] == "60 days from 23 Nov 2026: by 22 Jan 2027"
    assert days["Review"] == "90 days from 23 Nov 2026: by 21 Feb 2027"
    assert days["Dispute"] == "30 days from 28 Nov 2026: by 28 Dec 2026 · 28 days left"
    services.deciding.dispute(CLAIM, "it is all there")
    days = lines(services.claims.show(CLAIM), "Days")
    assert days["Dispute"] == "30 days from 30 Nov 2026: by 30 Dec 2026 · 30 days left"


def test_an_overdue_review_is_told_at_the_deadline_that_it_missed(
    services: Services, books: Books, clock: MovingClock
) -> None:
    """S-6a"""
    claimed(books, Status.UNDER_REVIEW)
    clock.passes(days=90)
    assert lines(services.claims.show(CLAIM), "Days")["Review"] == "90 days from 23 Nov 2026: by 21 Feb 2027"
    clock.passes(days=1)
    days = lines(services.claims.show(CLAIM), "Days")
    assert days["Review"] == "90 days from 23 Nov 2026: by 21 Feb 2027 · overdue for 1 day"


def test_after_a_dispute_that_is_the_disputes_deadline(services: Services, books: Books, clock: MovingClock) -> None:
    """S-6a"""
    path = (Event.SEND, Event.ACCEPT, Event.SUBMIT, Event.REJECT, Event.DISPUTE, Event.SUBMIT)
    claimed(books, events=path)
    clock.passes(days=33)
    days = lines(services.claims.show(CLAIM), "Days")
    assert days["Dispute"] == "30 days from 23 Nov 2026: by 23 Dec 2026 · overdue for 3 days"
    assert days["Review"] == "90 days from 23 Nov 2026: by 21 Feb 2027"


def test_history_tells_what_was_there_before_in_words(services: Services, books: Books, clock: MovingClock) -> None:
    """S-6d: who, when, what, old → new"""
    claimed(books)
    configured(services)
    services.consent.send(sending(services, contact_email="carla@corvara.example.com", disclaimer=(YES,)))
    clock.passes(hours=1)
    services.deciding.cancel(CLAIM, "it came to nothing")
    asked, cancelled = sections(services.claims.show(CLAIM))["History"]
    assert asked.label == "23 Nov 2026, 10:30"
    assert asked.plain.startswith("mrossi: customer asked for consent · Claimed → Awaiting consent · ")
    assert "contact's address anna.bianchi@corvara.example.com → carla@corvara.example.com" in asked.plain
    assert "deal size 25,000.50 USD" in asked.plain
    assert cancelled == Said(
        "23 Nov 2026, 11:30", "mrossi: cancelled · Awaiting consent → Cancelled  it came to nothing"
    )


def test_what_the_review_wrote_stands_beside_the_status_as_long_as_its_decision_does(
    services: Services, books: Books
) -> None:
    """S-6c, S-6d"""
    claimed(books, Status.SUBMITTED)
    services.deciding.decide(CLAIM, "rejected", "The invoice is of another year.")
    assert lines(services.claims.show(CLAIM), "Claim")["The review wrote"] == "The invoice is of another year."
    services.deciding.dispute(CLAIM, "It is of this one.")
    assert "The review wrote" not in lines(services.claims.show(CLAIM), "Claim")


def test_whatever_history_keeps_of_a_claim_has_words() -> None:
    """S-6d"""
    assert {*CONTACTS, "mismatch_reason", "deal_size", "decided_on", "referral_kind"} <= CHANGED.keys()
