"""The figures of the workspace, each added up by hand (S-6, S-10, S-1)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from mci_tui.domain.claims import OPEN, Event, Status
from mci_tui.domain.roles import Role
from mci_tui.errors import NotAllowed
from mci_tui.services import Services
from mci_tui.services.claims import ClaimQuestion
from mci_tui.services.pipeline import HORIZONS, SERIES, WEEKS, Consents, Stake, Waits
from mci_tui.store.engine import Store
from tests.conftest import NOW, MovingClock
from tests.factories import Books

NOTHING = Stake()


class Claims:
    """Makes claims of customers of their own, on an engagement of 30 days for consent and 60 for the submission."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._made = 0
        books.location()
        self._offer = books.engagement(id_types=["tpid"])

    def __call__(self, status: Status = Status.CUSTOMER_CLAIMED, **about: Any) -> int:
        self._made += 1
        customer = self._books.customer(f"Customer {self._made}")
        used = self._books.identifier(customer, "tpid", str(100_000 + self._made))
        return self._books.claim(self._offer, customer, used, status, **about)


@pytest.fixture
def claim(store: Store, clock: MovingClock) -> Claims:
    return Claims(Books(store, clock))


def told(services: Services, status: Status) -> Stake:
    return services.pipeline.figures().statuses[status]


def counted(services: Services, name: str) -> dict[date, int]:
    """The weeks in which something happened."""
    figures = services.pipeline.figures()
    return {week: count for week, count in zip(figures.weeks, figures.series[name], strict=True) if count}


# By status


def test_an_empty_workspace_has_nothing_of_everything(services: Services, clock: MovingClock) -> None:
    figures = services.pipeline.figures()
    assert figures.at == clock()
    assert figures.statuses == dict.fromkeys(Status, NOTHING)
    assert figures.series == dict.fromkeys(SERIES, (0,) * WEEKS)
    assert figures.consents == Consents()
    assert figures.waits is None
    assert figures.due == dict.fromkeys(HORIZONS, NOTHING)
    assert figures.open == NOTHING


def test_claims_are_counted_by_status_with_what_is_at_stake(services: Services, claim: Claims) -> None:
    """S-6 S-9 S-5c"""
    claim(Status.AWAITING_CONSENT, payout=800_000, deal_size=2_500_050)
    claim(Status.AWAITING_CONSENT, payout=650_025, deal_size=999_999_999_999)
    claim(Status.AWAITING_CONSENT)
    claim(Status.CUSTOMER_CLAIMED, payout=100)
    claim(Status.APPROVED, payout=70_000, deal_size=1)
    figures = services.pipeline.figures()
    assert {status: stake for status, stake in figures.statuses.items() if stake.count} == {
        Status.AWAITING_CONSENT: Stake(3, 1_450_025, 1_000_002_500_049),
        Status.CUSTOMER_CLAIMED: Stake(1, 100, 0),
        Status.APPROVED: Stake(1, 70_000, 1),
    }
    assert figures.open == Stake(4, 1_450_125, 1_000_002_500_049)


def test_every_status_has_its_line_and_what_has_ended_is_not_at_stake(services: Services, claim: Claims) -> None:
    """S-6"""
    for rank, status in enumerate(Status):
        claim(status, payout=1 << rank)
    figures = services.pipeline.figures()
    assert figures.statuses == {status: Stake(1, 1 << rank, 0) for rank, status in enumerate(Status)}
    assert figures.open == Stake(8, sum(1 << rank for rank, status in enumerate(Status) if status in OPEN), 0)


def test_deadlines_have_passed_before_anything_is_counted(
    services: Services, claim: Claims, clock: MovingClock
) -> None:
    """S-10"""
    claim(Status.AWAITING_CONSENT, payout=500)
    assert told(services, Status.AWAITING_CONSENT) == Stake(1, 500, 0)
    clock.passes(days=31)
    assert told(services, Status.AWAITING_CONSENT) == NOTHING
    assert told(services, Status.CONSENT_EXPIRED) == Stake(1, 500, 0)


# By week


def test_the_weeks_are_the_last_26_and_begin_on_mondays(services: Services, clock: MovingClock) -> None:
    weeks = services.pipeline.figures().weeks
    assert (len(weeks), weeks[0], weeks[-1]) == (26, date(2026, 6, 1), date(2026, 11, 23))
    clock.passes(days=6, hours=13)
    assert services.pipeline.figures().weeks == weeks
    clock.passes(hours=1)
    assert services.pipeline.figures().weeks[-1] == date(2026, 11, 30)


def test_a_week_ends_at_the_local_midnight(services: Services, claim: Claims) -> None:
    """S-10: Rome is an hour ahead of UTC in winter, two in summer"""
    tick = timedelta(microseconds=1)
    winter, summer = datetime(2026, 11, 15, 23, tzinfo=UTC), datetime(2026, 7, 5, 22, tzinfo=UTC)
    for instant in (winter - tick, winter, summer - tick, summer, summer + tick):
        claim(at=instant)
    assert counted(services, "made") == {
        date(2026, 6, 29): 1,
        date(2026, 7, 6): 2,
        date(2026, 11, 9): 1,
        date(2026, 11, 16): 1,
    }
    services.settings.set("timezone", "UTC")
    assert counted(services, "made") == {date(2026, 6, 29): 3, date(2026, 11, 9): 2}


def test_what_is_older_than_26_weeks_is_left_out(services: Services, claim: Claims) -> None:
    first = datetime(2026, 5, 31, 22, tzinfo=UTC)
    claim(at=first - timedelta(seconds=1))
    claim(at=first)
    assert counted(services, "made") == {date(2026, 6, 1): 1}


def test_each_series_counts_its_own_moment(services: Services, claim: Claims) -> None:
    """S-6"""
    made = datetime(2026, 9, 1, 9, tzinfo=UTC)
    asked, agreed = made + timedelta(days=7), made + timedelta(days=14)
    submitted, ended = made + timedelta(days=21), made + timedelta(days=28)
    known: dict[str, Any] = {"at": made, "consent_sent_at": asked, "consent_at": agreed, "submitted_at": submitted}
    claim(Status.APPROVED, **known, ended_at=ended)
    claim(Status.SUBMITTED, **known)
    claim(Status.REJECTED_FINAL, **known, ended_at=ended)
    claim(Status.CANCELLED, at=made, ended_at=ended)
    claim(Status.AWAITING_CONSENT, at=made + timedelta(days=63), consent_sent_at=made + timedelta(days=63))
    assert counted(services, "made") == {date(2026, 8, 31): 4, date(2026, 11, 2): 1}
    assert counted(services, "sent") == {date(2026, 9, 7): 3, date(2026, 11, 2): 1}
    assert counted(services, "consented") == {date(2026, 9, 14): 3}
    assert counted(services, "submitted") == {date(2026, 9, 21): 3}
    assert counted(services, "approved") == {date(2026, 9, 28): 1}


# Answers


def test_the_rate_of_consent_is_over_all_claims_that_came_to_an_answer_or_lapsed_without(
    services: Services, claim: Claims
) -> None:
    """S-5f"""
    for status in Status:
        claim(status)
    claim(Status.CANCELLED, events=(Event.SEND, Event.ACCEPT, Event.CANCEL))
    consents = services.pipeline.figures().consents
    answered = set(Status) - {
        Status.CUSTOMER_CLAIMED,
        Status.AWAITING_CONSENT,
        Status.CONSENT_DECLINED,
        Status.CONSENT_EXPIRED,
        Status.CANCELLED,
    }
    assert consents == Consents(accepted=len(answered) + 1, declined=1, unanswered=1)
    assert consents.settled == 14


def answered(claim: Claims, *hours: float) -> None:
    """Claims whose customers answered that many hours after they were asked; every third one declined."""
    for number, waited in enumerate(hours):
        asked = NOW - timedelta(days=20)
        at = asked + timedelta(hours=waited)
        if number % 3 == 2:
            claim(Status.CONSENT_DECLINED, at=asked, consent_sent_at=asked, ended_at=at)
        else:
            claim(Status.CONSENT_RECEIVED, at=asked, consent_sent_at=asked, consent_at=at)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([36], Waits(1, 36, 36, 36)),
        ([0], Waits(1, 0, 0, 0)),
        ([1.001], Waits(1, 2, 2, 2)),
        ([24, 48], Waits(2, 24, 24, 48)),
        ([1, 2, 3], Waits(3, 1, 2, 3)),
        ([4, 3, 2, 1], Waits(4, 1, 2, 3)),
        ([10, 20, 20, 20, 30, 40, 50, 400], Waits(8, 20, 20, 40)),
    ],
)
def test_within_how_many_hours_a_quarter_half_and_three_quarters_answered(
    services: Services, claim: Claims, hours: list[float], expected: Waits
) -> None:
    """S-5f: to the full hour in which the answer lies"""
    answered(claim, *hours)
    assert services.pipeline.figures().waits == expected


def test_who_was_not_asked_from_here_or_has_not_answered_is_not_waited_for(services: Services, claim: Claims) -> None:
    claim(Status.APPROVED, at=NOW - timedelta(days=20))
    claim(Status.AWAITING_CONSENT, consent_sent_at=NOW - timedelta(days=3))
    claim(Status.CONSENT_EXPIRED, at=NOW - timedelta(days=40), consent_sent_at=NOW - timedelta(days=39))
    claim(Status.CANCELLED, consent_sent_at=NOW - timedelta(days=3))
    assert services.pipeline.figures().waits is None


# What lapses soon


def test_what_lapses_within_days_counts_civil_days_and_the_nearer_into_the_farther(
    services: Services, claim: Claims, clock: MovingClock
) -> None:
    """S-10: thirty days for consent from the day a claim is made"""
    for left, payout in ((0, 1), (7, 10), (8, 100), (14, 1_000), (15, 10_000), (30, 100_000)):
        claim(at=NOW - timedelta(days=30 - left), payout=payout, deal_size=2 * payout)
    claim(Status.SUBMITTED, payout=5, at=NOW - timedelta(days=25))
    claim(Status.CONSENT_RECEIVED, payout=7_000_000, at=NOW - timedelta(days=1))
    assert services.pipeline.figures().due == {
        7: Stake(2, 11, 22),
        14: Stake(4, 1_111, 2_222),
        30: Stake(6, 111_111, 222_222),
    }
    clock.passes(days=1)
    assert services.pipeline.figures().due[7] == Stake(2, 110, 220)


# Who reads them


@pytest.mark.parametrize("role", [None, *Role])
def test_whoever_reads_the_claims_reads_their_figures(
    claim: Claims, store: Store, clock: MovingClock, as_operator: Callable[[str], Services], role: Role | None
) -> None:
    """S-1a S-1d"""
    claim()
    if role:
        Books(store, clock).grant("other", role)
    if role in (None, Role.REFERRALS_ADMIN):
        with pytest.raises(NotAllowed):
            as_operator("other").pipeline.figures()
    else:
        assert told(as_operator("other"), Status.CUSTOMER_CLAIMED).count == 1


def test_the_figures_agree_with_the_list_of_claims(
    services: Services, claim: Claims, elsewhere: Callable[[], Services]
) -> None:
    """The same questions put to every claim in turn"""
    for number, status in enumerate([*Status, *OPEN]):
        claim(status, at=NOW - timedelta(days=9 * number % 29), payout=100 * number)
    figures = elsewhere().pipeline.figures()
    rows = services.claims.rows(ClaimQuestion())
    for status in Status:
        paid = [row.proposed_payout_usd or 0 for row in rows if row.status is status]
        assert figures.statuses[status] == Stake(len(paid), sum(paid), 0)
    for days in HORIZONS:
        soon = services.claims.rows(ClaimQuestion(due_within=days))
        assert figures.due[days] == Stake(len(soon), sum(row.proposed_payout_usd or 0 for row in soon), 0)
