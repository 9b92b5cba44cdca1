"""Deadlines in civil days of the workspace's time zone (S-10)."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def last_day(start: datetime, days: int, zone: str) -> date:
    """The last valid day of a clock of `days` that started at the instant `start`: its local date and N days more."""
    return start.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)


def lapses_at(day: date, zone: str) -> datetime:
    """The instant at which a deadline whose last valid day is `day` has passed: the local midnight that ends it, UTC.

    Where that midnight does not exist or exists twice (a change of the clocks), it is the first instant of the next
    local day.
    """
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    return midnight.astimezone(UTC)


def deadline(start: datetime, days: int, zone: str) -> datetime:
    """The instant at which a clock of `days` civil days from `start` has run out, UTC; valid is what comes before."""
    return lapses_at(last_day(start, days, zone), zone)


@lru_cache(maxsize=4096)
def due_day(lapse: datetime, zone: str) -> date:
    """The last valid day of a deadline that passes at `lapse`. Kept: the pages of a list have few such instants."""
    return (lapse - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()


def days_left(lapse: datetime, now: datetime, zone: str) -> int:
    """Civil days from today to the last valid day: 0 on that day, negative once it has passed."""
    return (due_day(lapse, zone) - now.astimezone(ZoneInfo(zone)).date()).days


def day_start(day: date, zone: str) -> datetime:
    """The first instant of a local day, UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def today(now: datetime, zone: str) -> date:
    """The local date at the instant `now`."""
    return now.astimezone(ZoneInfo(zone)).date()
