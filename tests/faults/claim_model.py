"""What becomes of a claim, once more: its statuses, days and clocks by the rules of S-6 and S-10 alone.

It imports nothing of the program.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TABLE = """
customer_claimed consent    send-consent   send:awaiting_consent lapse:consent_expired cancel:cancelled
awaiting_consent consent    resend-consent accepted:consent_received declined:consent_declined lapse:consent_expired
awaiting_consent consent    resend-consent cancel:cancelled
consent_received submission submit-claim   submit:submitted lapse:not_submitted_expired cancel:cancelled
submitted        -          -              under_review:under_review action_required:action_required
submitted        -          -              approved:approved reject:rejected
under_review     -          -              action_required:action_required approved:approved reject:rejected
action_required  review     submit-claim   submit:submitted lapse:post_submission_expired
rejected         dispute    dispute        dispute:disputed lapse:rejected_final
disputed         dispute    submit-claim   submit:submitted lapse:disputed_expired
"""
"""Each status that is no end: the clock that runs, the action shown, where its events lead. S-6"""

STAGES: dict[str, list[str]] = {}
for _status, *_words in map(str.split, TABLE.strip().splitlines()):
    STAGES[_status] = [*_words[:2], *STAGES.get(_status, [])[2:], *_words[2:]]


class No(Exception):
    """Refused, with one of these codes."""


def refuse(**codes: bool) -> None:
    """Raises `No` with every code that holds."""
    if found := [code for code, holds in codes.items() if holds]:
        raise No(*found)


def day_of(at: datetime) -> date:
    """The local day."""
    return at.astimezone(ZoneInfo("Europe/Rome")).date()


def first_instant(day: date) -> datetime:
    """The local midnight with which a day begins."""
    return datetime.combine(day, time(), ZoneInfo("Europe/Rome")).astimezone(UTC)


@dataclass(frozen=True)
class Offer:
    """An engagement: the days of each clock, its proof items, its last day, how many claims a customer may have."""

    days: dict[str, int]
    proof: frozenset[str]
    ends: date
    active: int = 99
    total: int = 99


@dataclass(eq=False)
class Claim:
    """A claim; `last` has the last day of each clock that was started. What is refused raises `No`."""

    code: str
    customer: int
    offer: Offer
    address: str
    since: datetime
    status: str = "customer_claimed"
    last: dict[str, date] = field(default_factory=dict)
    consent_at: datetime | None = None
    answered: str = ""
    disputed: bool = False
    deal_size: int | None = None
    proof: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._start("consent", self.since)

    @property
    def moves(self) -> dict[str, str]:
        """Where each event leads from here; nowhere, for ever, from an end."""
        return dict(move.split(":") for move in STAGES.get(self.status, [])[2:])

    @property
    def action(self) -> str:
        """What the Action column shows."""
        return STAGES.get(self.status, "--")[1]

    @property
    def clock(self) -> str:
        """The clock that runs; after a dispute it is the dispute's. S-6a"""
        clock = STAGES.get(self.status, "-")[0]
        return "dispute" if self.disputed and clock != "-" else clock

    def passes(self, now: datetime) -> None:
        """Lapses if that is due, at its own instant. S-10"""
        if self.clock != "-" and (lapse := first_instant(self.last[self.clock] + timedelta(days=1))) <= now:
            self._move("lapse", lapse)

    def step(self, event: str, now: datetime) -> None:
        """Sends, disputes or cancels. S-6a"""
        self._move(event, self._instant(event, day_of(now), now))

    def answer(self, decision: str, on: date, now: datetime) -> None:
        """The customer's answer, given or recorded. S-5f, S-5h"""
        at = self._instant(decision, on, now)
        self.answered = decision
        if decision == "accepted":
            self.consent_at = at
            self._start("submission", at)
            self._start("review", at)
        self._move(decision, at)

    def prove(self, kinds: frozenset[str], now: datetime, *, submit: bool = False) -> None:
        """Items are attached, or the claim is submitted with them: complete, or nothing of it. S-6b"""
        lacking = submit and not self.offer.proof <= kinds | self.proof
        refuse(wrong_state="submit" not in self.moves, invalid=not kinds <= self.offer.proof or lacking)
        self.proof |= kinds
        if submit:
            self._move("submit", now)

    def decide(self, decision: str, on: date, now: datetime) -> None:
        """A second rejection is final; more can be asked for only while there is time for it. S-6a, S-6c"""
        event = "reject" if decision.startswith("rejected") else decision
        at = self._instant(event, on, now)
        refuse(
            wrong_state=decision == "rejected_final" and not self.disputed,
            too_late=decision == "action_required" and on > self.last["dispute" if self.disputed else "review"],
        )
        self._move(event, at)

    def _instant(self, event: str, on: date, now: datetime) -> datetime:
        """When that happens which is dated: neither in the future, nor before what it follows. S-6c"""
        refuse(wrong_state=event not in self.moves, invalid=not day_of(self.since) <= on <= day_of(now))
        return now if on == day_of(now) else max(first_instant(on), self.since)

    def _start(self, clock: str, at: datetime) -> None:
        self.last[clock] = day_of(at) + timedelta(days=self.offer.days[clock])

    def _move(self, event: str, at: datetime) -> None:
        target = self.moves[event]
        if target == "rejected" and self.disputed:
            target = "rejected_final"
        if target in ("rejected", "disputed"):
            self._start("dispute", at)
        self.disputed |= target == "disputed"
        self.status, self.since = target, at
