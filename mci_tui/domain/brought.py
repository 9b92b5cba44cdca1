"""Claims brought along from elsewhere: whether their dates fit each other, and where such a claim stands (S-11a)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from mci_tui.domain.claims import TERMINAL, Life, Status, Terms
from mci_tui.domain.deadlines import day_start, deadline, due_day, last_day, today
from mci_tui.domain.engagements import Engagement
from mci_tui.errors import Invalid, Reason, reason

_S = Status
_NEVER_ANSWERED = frozenset({_S.CUSTOMER_CLAIMED, _S.AWAITING_CONSENT, _S.CONSENT_DECLINED, _S.CONSENT_EXPIRED})
_BEFORE_SUBMISSION = _NEVER_ANSWERED | {_S.CONSENT_RECEIVED, _S.NOT_SUBMITTED_EXPIRED, _S.CANCELLED}
_CONSENT_UNSURE = frozenset({_S.CANCELLED})


@dataclass(frozen=True, slots=True)
class Dates:
    """What is known of when things happened: local days, or instants."""

    created: date
    consent: date | None = None
    submitted: date | None = None
    ended: date | None = None

    def days(self, zone: str) -> dict[str, date]:
        """The local day of each date that is known, by the column that says it, in the order of a claim's life."""
        said = {
            "created_on": self.created,
            "consent_on": self.consent,
            "submitted_on": self.submitted,
            "ended_on": self.ended,
        }
        return {name: _day(when, zone) for name, when in said.items() if when is not None}


@dataclass(frozen=True, slots=True)
class Brought:
    """Where a claim stands, and the instants of its beginning and its submission."""

    life: Life
    created_at: datetime
    submitted_at: datetime | None


def brought(status: Status, dates: Dates, engagement: Engagement, terms: Terms, now: datetime) -> Brought:
    """The claim as it stands with this status and these dates. Raises `Invalid` by column.

    Open clocks run from the dates given; that of a rejection or a dispute, whose day no column tells, from `now`.
    """
    problems: dict[str, Reason] = {}
    for column, why in _wrong(status, dates.days(terms.zone), engagement, terms, now):
        problems.setdefault(column, why)
    if problems:
        raise Invalid(problems)
    life = _life(status, dates, terms, now)
    if life.next_due is not None and life.next_due <= now:
        raise Invalid({"status": reason("claim_lapsed", day=due_day(life.next_due, terms.zone))})
    submitted = None if dates.submitted is None else _instant(dates.submitted, terms.zone)
    return Brought(life, _instant(dates.created, terms.zone), submitted)


def _wrong(
    status: Status, days: dict[str, date], engagement: Engagement, terms: Terms, now: datetime
) -> Iterator[tuple[str, Reason]]:
    """What is wrong, what weighs most about a column first."""
    yield from _out_of_place(status, days)
    if not engagement.active(days["created_on"]):
        yield "created_on", reason("created_outside", starts_on=engagement.starts_on, ends_on=engagement.ends_on)
    before: tuple[str, date] | None = None
    for column, day in days.items():
        if day > today(now, terms.zone):
            yield column, reason("day_future", day=day)
        elif before is not None and day < before[1]:
            yield column, reason("day_before", column=before[0], day=before[1])
        before = column, day
    yield from _out_of_time(status, days, terms)


def _out_of_place(status: Status, days: dict[str, date]) -> Iterator[tuple[str, Reason]]:
    """Dates that a claim of this status must have, or cannot have."""
    if status not in _NEVER_ANSWERED | _CONSENT_UNSURE and "consent_on" not in days:
        yield "consent_on", reason("day_missing", status=str(status))
    forbidden = {
        "consent_on": status in _NEVER_ANSWERED,
        "submitted_on": status in _BEFORE_SUBMISSION,
        "ended_on": status not in TERMINAL,
    }
    for column, wrong in forbidden.items():
        if wrong and column in days:
            yield column, reason("day_not_yet", status=str(status))


def _out_of_time(status: Status, days: dict[str, date], terms: Terms) -> Iterator[tuple[str, Reason]]:
    """Steps taken after their deadline, and lapses before it."""
    zone, ended = terms.zone, days.get("ended_on")
    consent_by = last_day(day_start(days["created_on"], zone), terms.consent_days, zone)
    answered = days.get("consent_on") or (ended if status in (_S.CONSENT_DECLINED, _S.CANCELLED) else None)
    if answered is not None and answered > consent_by:
        yield "consent_on" if "consent_on" in days else "ended_on", reason("day_late", day=consent_by)
    lapse = {_S.CONSENT_EXPIRED: consent_by}
    if "consent_on" in days:
        start = day_start(days["consent_on"], zone)
        submit_by, review_by = last_day(start, terms.submit_days, zone), last_day(start, terms.review_days, zone)
        latest = max(submit_by, review_by)
        lapse |= {_S.NOT_SUBMITTED_EXPIRED: submit_by, _S.POST_SUBMISSION_EXPIRED: review_by}
        if "submitted_on" in days and days["submitted_on"] > latest:
            yield "submitted_on", reason("day_late", day=latest)
        if status is _S.CANCELLED and ended is not None and ended > submit_by:
            yield "ended_on", reason("day_late", day=submit_by)
    if status in lapse and ended is not None and ended < lapse[status]:
        yield "ended_on", reason("lapse_early", day=lapse[status])


def _life(status: Status, dates: Dates, terms: Terms, now: datetime) -> Life:
    zone = terms.zone
    created = _instant(dates.created, zone)
    consent, submitted, ended = (
        None if when is None else _instant(when, zone) for when in (dates.consent, dates.submitted, dates.ended)
    )
    consent_due = deadline(created, terms.consent_days, zone)
    submit_due = None if consent is None else deadline(consent, terms.submit_days, zone)
    review_due = None if consent is None else deadline(consent, terms.review_days, zone)
    in_dispute = status in (Status.REJECTED, Status.DISPUTED)
    latest = submitted or consent or created
    if status in TERMINAL and ended is None:
        lapsed = {
            _S.CONSENT_EXPIRED: consent_due,
            _S.NOT_SUBMITTED_EXPIRED: submit_due,
            _S.POST_SUBMISSION_EXPIRED: review_due,
        }
        ended = min(lapsed.get(status) or latest, now)
    return Life(
        status=status,
        since=ended or (now if in_dispute else latest),
        consent_due=consent_due,
        consent_at=consent,
        submit_due=submit_due,
        review_due=review_due,
        dispute_due=deadline(now, terms.dispute_days, zone) if in_dispute else None,
        disputed=status in (Status.DISPUTED, Status.DISPUTED_EXPIRED),
        ended_at=ended,
    )


def _day(when: date, zone: str) -> date:
    return today(when, zone) if isinstance(when, datetime) else when


def _instant(when: date, zone: str) -> datetime:
    return when if isinstance(when, datetime) else day_start(when, zone)
