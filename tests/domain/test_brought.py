"""Claims brought along: which dates a claim of each status may have, and where it then stands."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mci_tui.domain.brought import Dates, brought
from mci_tui.domain.claims import OPEN, TERMINAL, Status, Terms
from mci_tui.domain.deadlines import day_start, deadline
from mci_tui.errors import Invalid
from tests.factories import engagement

ZONE = "Europe/Rome"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
TERMS = Terms(ZONE, consent_days=30, submit_days=60, review_days=90, dispute_days=30)
OFFER = engagement()
CREATED, CONSENT, SUBMITTED = date(2026, 11, 2), date(2026, 11, 5), date(2026, 11, 12)
ENDED = date(2026, 11, 20)
BEFORE_CONSENT = {
    Status.CUSTOMER_CLAIMED,
    Status.AWAITING_CONSENT,
    Status.CONSENT_DECLINED,
    Status.CONSENT_EXPIRED,
    Status.CANCELLED,
}
BEFORE_SUBMISSION = BEFORE_CONSENT | {Status.CONSENT_RECEIVED, Status.NOT_SUBMITTED_EXPIRED}
LAPSED = {Status.CONSENT_EXPIRED, Status.NOT_SUBMITTED_EXPIRED, Status.POST_SUBMISSION_EXPIRED}


def good(status: Status) -> Dates:
    """Dates that fit the status."""
    if status in LAPSED:
        created = {"consent": None} if status is Status.CONSENT_EXPIRED else {"consent": date(2026, 7, 10)}
        submitted = date(2026, 8, 1) if status is Status.POST_SUBMISSION_EXPIRED else None
        return Dates(date(2026, 7, 2), submitted=submitted, ended=date(2026, 10, 20), **created)
    return Dates(
        CREATED,
        None if status in BEFORE_CONSENT else CONSENT,
        None if status in BEFORE_SUBMISSION else SUBMITTED,
        ENDED if status in TERMINAL else None,
    )


def wrong(status: Status, dates: Dates) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        brought(status, dates, OFFER, TERMS, NOW)
    return {column: why.code for column, why in refusal.value.problems.items()}


@pytest.mark.parametrize("status", Status)
def test_a_claim_of_every_status_can_be_brought_along(status: Status) -> None:
    """S-11a"""
    dates = good(status)
    found = brought(status, dates, OFFER, TERMS, NOW)
    assert found.life.status is status
    assert found.created_at == day_start(dates.created, ZONE)
    assert found.life.consent_due == deadline(found.created_at, 30, ZONE)
    assert (found.life.consent_at is None) == (dates.consent is None)
    assert (found.life.submit_due is None) == (dates.consent is None)
    assert (found.submitted_at is None) == (dates.submitted is None)
    assert (found.life.ended_at is None) == (status in OPEN)
    assert found.life.next_due is None or found.life.next_due > NOW


@pytest.mark.parametrize("status", sorted(OPEN))
def test_an_open_claim_keeps_its_clocks_and_a_dead_one_has_none(status: Status) -> None:
    life = brought(status, good(status), OFFER, TERMS, NOW).life
    expected = {
        Status.CUSTOMER_CLAIMED: deadline(day_start(CREATED, ZONE), 30, ZONE),
        Status.AWAITING_CONSENT: deadline(day_start(CREATED, ZONE), 30, ZONE),
        Status.CONSENT_RECEIVED: deadline(day_start(CONSENT, ZONE), 60, ZONE),
        Status.ACTION_REQUIRED: deadline(day_start(CONSENT, ZONE), 90, ZONE),
        Status.REJECTED: deadline(NOW, 30, ZONE),
        Status.DISPUTED: deadline(NOW, 30, ZONE),
    }
    assert life.next_due == expected.get(status)


def test_an_instant_is_kept_to_the_second() -> None:
    at = datetime(2026, 11, 2, 16, 45, 12, tzinfo=UTC)
    found = brought(Status.AWAITING_CONSENT, Dates(at), OFFER, TERMS, NOW)
    assert found.created_at == at
    assert found.life.consent_due == deadline(at, 30, ZONE)


def test_a_late_evening_belongs_to_the_next_local_day() -> None:
    """S-10"""
    at = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert wrong(Status.CONSENT_RECEIVED, Dates(at, date(2026, 11, 22)))["consent_on"] == "day_before"
    assert brought(Status.CONSENT_RECEIVED, Dates(at, TODAY), OFFER, TERMS, NOW).life.consent_at is not None


@pytest.mark.parametrize("status", sorted(set(Status) - BEFORE_CONSENT))
def test_a_claim_past_consent_needs_its_day(status: Status) -> None:
    assert wrong(status, Dates(CREATED))["consent_on"] == "day_missing"


@pytest.mark.parametrize("status", sorted(BEFORE_CONSENT - {Status.CANCELLED}))
def test_a_claim_that_was_never_answered_has_no_day_of_consent(status: Status) -> None:
    assert wrong(status, Dates(CREATED, CONSENT))["consent_on"] == "day_not_yet"


@pytest.mark.parametrize("status", sorted(BEFORE_SUBMISSION))
def test_a_claim_that_was_never_submitted_has_no_day_of_submission(status: Status) -> None:
    """S-6"""
    dates = good(status)
    day = dates.ended or TODAY
    assert wrong(status, Dates(dates.created, dates.consent, day, dates.ended))["submitted_on"] == "day_not_yet"


@pytest.mark.parametrize("status", sorted(OPEN))
def test_an_open_claim_has_no_end(status: Status) -> None:
    dates = good(status)
    assert wrong(status, Dates(dates.created, dates.consent, dates.submitted, TODAY)) == {"ended_on": "day_not_yet"}


def test_days_follow_each_other_and_none_lies_ahead() -> None:
    assert wrong(Status.SUBMITTED, Dates(CREATED, CONSENT, date(2026, 11, 4))) == {"submitted_on": "day_before"}
    assert wrong(Status.CONSENT_RECEIVED, Dates(CREATED, date(2026, 11, 1))) == {"consent_on": "day_before"}
    assert wrong(Status.APPROVED, Dates(CREATED, CONSENT, SUBMITTED, date(2026, 11, 11))) == {"ended_on": "day_before"}
    assert wrong(Status.AWAITING_CONSENT, Dates(TODAY + timedelta(days=1))) == {"created_on": "day_future"}
    assert wrong(Status.SUBMITTED, Dates(CREATED, CONSENT, TODAY + timedelta(days=1)))["submitted_on"] == "day_future"


def test_a_claim_begins_while_its_engagement_runs() -> None:
    assert wrong(Status.CONSENT_DECLINED, Dates(date(2026, 6, 30))) == {"created_on": "created_outside"}
    assert brought(Status.CONSENT_DECLINED, Dates(date(2026, 7, 1)), OFFER, TERMS, NOW)


def test_nothing_happens_after_its_deadline() -> None:
    """S-10"""
    first = date(2026, 7, 1)
    assert brought(Status.SUBMITTED, Dates(first, date(2026, 7, 31), date(2026, 10, 29)), OFFER, TERMS, NOW)
    assert wrong(Status.SUBMITTED, Dates(first, date(2026, 8, 1))) == {"consent_on": "day_late"}
    assert wrong(Status.CONSENT_DECLINED, Dates(first, ended=date(2026, 8, 1))) == {"ended_on": "day_late"}
    assert wrong(Status.CANCELLED, Dates(first, ended=date(2026, 8, 1))) == {"ended_on": "day_late"}
    assert wrong(Status.CANCELLED, Dates(first, first, ended=date(2026, 8, 31))) == {"ended_on": "day_late"}
    assert wrong(Status.SUBMITTED, Dates(first, first, date(2026, 9, 30))) == {"submitted_on": "day_late"}


def test_nothing_lapses_before_its_deadline() -> None:
    """S-10"""
    first = date(2026, 7, 1)
    assert brought(Status.CONSENT_EXPIRED, Dates(first, ended=date(2026, 7, 31)), OFFER, TERMS, NOW)
    assert wrong(Status.CONSENT_EXPIRED, Dates(first, ended=date(2026, 7, 30))) == {"ended_on": "lapse_early"}
    early = Dates(first, first, ended=date(2026, 8, 29))
    assert wrong(Status.NOT_SUBMITTED_EXPIRED, early) == {"ended_on": "lapse_early"}
    early = Dates(first, first, first, ended=date(2026, 9, 28))
    assert wrong(Status.POST_SUBMISSION_EXPIRED, early) == {"ended_on": "lapse_early"}


@pytest.mark.parametrize(
    ("status", "dates"),
    [
        (Status.AWAITING_CONSENT, Dates(date(2026, 10, 23))),
        (Status.CONSENT_RECEIVED, Dates(date(2026, 9, 1), date(2026, 9, 23))),
        (Status.ACTION_REQUIRED, Dates(date(2026, 8, 1), date(2026, 8, 24), date(2026, 9, 1))),
    ],
)
def test_a_claim_whose_deadline_has_passed_is_not_open_any_more(status: Status, dates: Dates) -> None:
    """S-10"""
    assert wrong(status, dates) == {"status": "claim_lapsed"}
    earlier = NOW - timedelta(days=1)
    assert brought(status, dates, OFFER, TERMS, earlier).life.status is status


@pytest.mark.parametrize("status", sorted(TERMINAL))
def test_an_end_that_nobody_noted_is_the_last_day_known_or_the_deadline(status: Status) -> None:
    dates = good(status)
    life = brought(status, Dates(dates.created, dates.consent, dates.submitted), OFFER, TERMS, NOW).life
    lapse = {
        Status.CONSENT_EXPIRED: life.consent_due,
        Status.NOT_SUBMITTED_EXPIRED: life.submit_due,
        Status.POST_SUBMISSION_EXPIRED: life.review_due,
    }
    last = next(day for day in (dates.submitted, dates.consent, dates.created) if day)
    assert life.ended_at == lapse.get(status, day_start(last, ZONE))
    assert life.since == life.ended_at
