"""What happens to a claim after its submission, and before it by the partner's own will: decisions, dispute, cancel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert

from mci_tui.domain.claims import Event
from mci_tui.domain.deadlines import day_start
from mci_tui.domain.deciding import DECISIONS, against_decision, check_decision, check_note
from mci_tui.domain.roles import Action
from mci_tui.errors import Invalid, Reason, Refused
from mci_tui.services.claims import Claim, claims_by_id
from mci_tui.services.desk import Desk, Scene
from mci_tui.services.moving import Held, find, hold, location_of, move_claim
from mci_tui.store.schema import decisions
from mci_tui.text import safe_text

BY_HAND, IMPORTED = "operator", "import"
"""Where a decision came from."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What became of one claim of several that were to be cancelled; `refused` says why it was not done."""

    claim_id: str
    customer_name: str
    refused: Reason | None = None


class Deciding:
    """Decides on submitted claims, disputes rejections, cancels what is not submitted yet."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def decide(self, number: str, decision: str, note: str, on: str | None = None) -> Claim:
        """Records the review's decision of the day `on` (ISO date; None: today), whose clocks start on that day. S-6c

        Raises `Invalid`, `NotFound`, `NotAllowed`, `Refused`: `wrong_state`, `too_late`, `stale`.
        """
        note = safe_text(note).strip()
        with self._desk.acting(Action.DECIDE, location_of(self._desk, number, Action.DECIDE)) as scene:
            held = hold(scene.tx, number)
            held.require(Event.APPROVE)
            day = scene.today.isoformat() if on is None else on
            if problems := check_decision(held.life, decision, note, day, scene.today, scene.zone):
                raise Invalid(problems)
            apply_decision(scene, held, decision, note, date.fromisoformat(day.strip()), BY_HAND)
            return claims_by_id(scene, [held.row.id])[0]

    def dispute(self, number: str, note: str) -> Claim:
        """Disputes a rejection, in time. S-6a. Raises as `decide` does."""
        return self._step(number, note, Event.DISPUTE, "disputed")

    def cancel(self, number: str, note: str) -> Claim:
        """Cancels a claim that was never submitted. S-6a. Raises as `decide` does."""
        return self._step(number, note, Event.CANCEL, "cancelled")

    def cancel_all(self, numbers: Sequence[str], note: str) -> list[Cancelled]:
        """Cancels several claims, each for itself: what is refused for one holds up no other. S-6a

        Raises `Invalid` where the note will not do; then none is cancelled.
        """
        if problem := check_note(safe_text(note)):
            raise Invalid({"note": problem})
        return [self._cancel_one(number, note) for number in numbers]

    def _cancel_one(self, number: str, note: str) -> Cancelled:
        company = ""
        try:
            with self._desk.attempting(Action.WORK), self._desk.reading() as scene:
                company = find(scene.tx, number).customer_name
            self.cancel(number, note)
        except Refused as refused:
            return Cancelled(number, company, refused.why)
        return Cancelled(number, company)

    def _step(self, number: str, note: str, event: Event, what: str) -> Claim:
        note = safe_text(note).strip()
        if problem := check_note(note):
            raise Invalid({"note": problem})
        with self._desk.acting(Action.WORK, location_of(self._desk, number, Action.WORK)) as scene:
            held = hold(scene.tx, number)
            move_claim(scene, held, event, what, note=note)
            return claims_by_id(scene, [held.row.id])[0]


def apply_decision(scene: Scene, held: Held, decision: str, note: str, on: date, source: str) -> None:
    """Lets a decision move the claim, and keeps it with its day, source and note. S-6c

    Raises `Invalid` (`problems` names `on`), `Refused`: `wrong_state`, `too_late`, `stale`.
    """
    held.require(DECISIONS[decision])
    if against := against_decision(held.life, decision, on, scene.today, scene.zone):
        code, why = against
        raise Invalid({"on": why}) if code == "invalid" else Refused(code, why)
    kept = {"claim_id": held.row.id, "status": decision, "decided_on": on.isoformat(), "note": note, "source": source}
    scene.tx.execute(insert(decisions).values(who=scene.login, at=scene.now, **kept))
    told = {"decided_on": on.isoformat(), "source": source}
    move_claim(scene, held, DECISIONS[decision], "decided", at=_instant(scene, held, on), note=note, also=told)


def _instant(scene: Scene, held: Held, on: date) -> datetime:
    """The instant of a decision of a local day: of today now, else that day's first, but after what it decides on."""
    return scene.now if on == scene.today else max(day_start(on, scene.zone), held.row.status_since)
