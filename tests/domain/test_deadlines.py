"""Deadlines in civil days: the last valid day, and the instant at which it has passed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mci_tui.domain.deadlines import day_start, days_left, deadline, due_day, lapses_at, last_day, today

ZONES = (
    "UTC",
    "Europe/Rome",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Beirut",
    "America/Santiago",
    "America/Nuuk",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Antarctica/Troll",
)
"""Whole and broken offsets, both ends of the calendar, and clocks that change at midnight or across it."""

TICK = timedelta(microseconds=1)
INSTANTS = st.integers(0, 6 * 365 * 24 * 3600).map(
    lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(0, seconds)
)
"""From a year whose rules are known to one that they reach."""


@given(INSTANTS, st.integers(0, 400), st.sampled_from(ZONES))
def test_the_last_valid_day_is_the_local_date_and_n_days_more(start: datetime, days: int, zone: str) -> None:
    """S-10"""
    assert last_day(start, days, zone) == start.astimezone(ZoneInfo(zone)).date() + timedelta(days)


@given(INSTANTS, st.integers(0, 400), st.sampled_from(ZONES))
def test_a_deadline_passes_with_the_first_instant_of_the_next_local_day(start: datetime, days: int, zone: str) -> None:
    """S-10"""
    lapse = deadline(start, days, zone)
    last = start.astimezone(ZoneInfo(zone)).date() + timedelta(days)
    assert lapse.tzinfo is UTC
    assert (lapse - TICK).astimezone(ZoneInfo(zone)).date() == last
    assert lapse.astimezone(ZoneInfo(zone)).date() == last + timedelta(1)
    assert due_day(lapse, zone) == last
    assert lapse > start


@given(INSTANTS, INSTANTS, st.integers(0, 400), st.integers(0, 400), st.sampled_from(ZONES))
def test_who_starts_later_or_has_more_days_is_never_due_earlier(
    one: datetime, other: datetime, days: int, more: int, zone: str
) -> None:
    """S-10"""
    early, late = sorted((one, other))
    assert deadline(early, days, zone) <= deadline(late, days, zone)
    assert (deadline(early, days, zone) < deadline(early, days + more, zone)) == (more > 0)


@given(INSTANTS, st.integers(0, 400), INSTANTS, st.sampled_from(ZONES))
def test_the_days_left_are_civil_days(start: datetime, days: int, now: datetime, zone: str) -> None:
    """S-10"""
    lapse = deadline(start, days, zone)
    left = days_left(lapse, now, zone)
    assert left == (last_day(start, days, zone) - today(now, zone)).days
    assert (left < 0) == (now >= lapse)


@pytest.mark.parametrize(
    ("zone", "day", "lapse"),
    [
        # The clocks go from 00:00 to 01:00: the next day begins an hour late.
        ("America/Havana", date(2026, 3, 7), datetime(2026, 3, 8, 5, tzinfo=UTC)),
        ("Africa/Cairo", date(2026, 4, 23), datetime(2026, 4, 23, 22, tzinfo=UTC)),
        ("Asia/Beirut", date(2026, 3, 28), datetime(2026, 3, 28, 22, tzinfo=UTC)),
        # The clocks go back over midnight: the last day has 25 hours.
        ("Asia/Beirut", date(2026, 10, 24), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        ("Africa/Cairo", date(2026, 10, 29), datetime(2026, 10, 29, 22, tzinfo=UTC)),
        # Midnight comes twice in Havana, at the beginning of a day: the first one ends the day before.
        ("America/Havana", date(2026, 10, 31), datetime(2026, 11, 1, 4, tzinfo=UTC)),
        ("Europe/Rome", date(2026, 12, 23), datetime(2026, 12, 23, 23, tzinfo=UTC)),
        ("Europe/Rome", date(2026, 7, 23), datetime(2026, 7, 23, 22, tzinfo=UTC)),
    ],
)
def test_a_change_of_the_clocks_moves_no_deadline_off_its_midnight(zone: str, day: date, lapse: datetime) -> None:
    """S-10"""
    assert lapses_at(day, zone) == lapse
    assert day_start(day + timedelta(1), zone) == lapse


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (datetime(2028, 1, 30, 12, tzinfo=UTC), 30, date(2028, 2, 29)),
        (datetime(2027, 1, 30, 12, tzinfo=UTC), 30, date(2027, 3, 1)),
        (datetime(2028, 2, 29, 12, tzinfo=UTC), 365, date(2029, 2, 28)),
        (datetime(2026, 12, 2, 12, tzinfo=UTC), 30, date(2027, 1, 1)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), 0, date(2027, 1, 1)),
        (datetime(2026, 12, 31, 22, 30, tzinfo=UTC), 0, date(2026, 12, 31)),
        (datetime(2026, 11, 23, 9, 30, tzinfo=UTC), 30, date(2026, 12, 23)),
    ],
)
def test_leap_days_and_year_ends_are_days_like_others(start: datetime, days: int, last: date) -> None:
    """S-10"""
    assert last_day(start, days, "Europe/Rome") == last


def test_the_days_are_those_of_the_workspace_wherever_the_operator_sits() -> None:
    """S-10"""
    start = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    assert last_day(start, 1, "America/Havana") == date(2026, 11, 24)
    assert last_day(start, 1, "Pacific/Kiritimati") == date(2026, 11, 25)
