"""Asking the customer of a claim for consent, reminding them, and recording an answer that came another way (S-5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mci_tui.domain.claims import Event
from mci_tui.domain.consent import (
    Decision,
    Recorded,
    Reminder,
    Sending,
    check_recorded,
    check_reminder,
    check_sending,
    normal,
)
from mci_tui.domain.contacts import remarks
from mci_tui.domain.deadlines import day_start, today
from mci_tui.domain.details import CONTACTS, PARTNER_CONTACT
from mci_tui.domain.mails import Kind, against_reminder, next_kind
from mci_tui.domain.referrals import Question
from mci_tui.domain.roles import Action
from mci_tui.errors import Invalid, Reason, Refused, reason
from mci_tui.mail.letters import Letter
from mci_tui.services.answers import keep_answer
from mci_tui.services.claims import Claim, claims_by_id
from mci_tui.services.desk import Desk, Scene
from mci_tui.services.moving import Held, change, find, hold, location_of, move_claim
from mci_tui.services.posting import asked_before, letter_of, post, require_configured, void_links
from mci_tui.services.referrals import look_for_referral
from mci_tui.services.verdicts import learn_tenants, own_data_in, require_reason, safe


@dataclass(frozen=True, slots=True)
class Review:
    """The last look: the claim as it is, the letter as the customer will read it, what to point out of the address."""

    claim: Claim
    letter: Letter
    kind: Kind
    remarks: tuple[Reason, ...]
    new_address: bool


@dataclass(frozen=True, slots=True)
class Reminded:
    """What became of one claim of several whose customers were to be reminded; `refused` says why it was not done."""

    claim_id: str
    customer_name: str
    refused: Reason | None = None


class Consent:
    """Asks customers, and takes answers that do not come by the customer's page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def start(self, number: str) -> Sending:
        """What is to be reviewed before the customer is asked: the claim's contacts, or the operator as the partner's
        where it names none. S-3g, S-5b. Raises `NotFound`."""
        with self._desk.attempting(Action.WORK), self._desk.reading() as scene:
            held = find(scene.tx, number)
            known = {name: getattr(held.row, name) for name in CONTACTS}
            if not any(known[name] for name in PARTNER_CONTACT):  # a claim brought along may name nobody
                own = own_data_in(scene)
                known |= {"partner_name": own.name, "partner_email": own.email, "partner_phone": own.phone}
            return Sending(claim=held.row.number, reason=held.row.mismatch_reason, **known)

    def remind_start(self, number: str) -> Reminder:
        """The same for a reminder. S-5e"""
        sending = self.start(number)
        known = {name: getattr(sending, name) for name in CONTACTS}
        return Reminder(claim=sending.claim, reason=sending.reason, was=sending.contact_email, **known)

    def review(self, asked: Reminder) -> Review:
        """The last look at a sending or a reminder. Raises as `send` or `remind` does, and writes nothing. S-5d"""
        asked = safe(asked)
        self._learn(asked)
        with self._desk.reading() as scene:
            held = find(scene.tx, asked.claim)
            scene.require(Action.WORK, held.row.location_id)
            return _look(scene, held, asked)[0]

    def send(self, asked: Sending) -> Claim:
        """Asks the customer: the mail waits in the outbox, the deal size is frozen. S-5b, S-5c, S-5d

        Raises `Invalid` (fields), `Refused`: `wrong_state`, `reason_required`, `not_configured`, `stale`; `NotFound`;
        `NotAllowed` where the operator holds no role for the claim's location.
        """
        return self._ask(asked)

    def remind(self, asked: Reminder) -> Claim:
        """Reminds the customer; another address makes every earlier link void. The deadline stays. S-5e

        Raises as `send` does (`stale` also where somebody else has changed the address since this was begun), and
        `Refused`: `too_soon`, `too_many`.
        """
        return self._ask(asked)

    def remind_all(self, numbers: Sequence[str]) -> list[Reminded]:
        """Reminds the customers of several claims, each for itself: what is refused for one holds up no other."""
        return [self._remind_one(number) for number in numbers]

    def _remind_one(self, number: str) -> Reminded:
        company = ""
        try:
            with self._desk.attempting(Action.WORK), self._desk.reading() as scene:
                company = find(scene.tx, number).customer_name
            self.remind(self.remind_start(number))
        except Refused as refused:
            why = reason("contact_incomplete") if isinstance(refused, Invalid) else refused.why
            return Reminded(number, company, why)
        return Reminded(number, company)

    def _ask(self, asked: Reminder) -> Claim:
        asked = safe(asked)
        location = location_of(self._desk, asked.claim, Action.WORK)
        self._learn(asked)
        with self._desk.acting(Action.WORK, location) as scene:
            held = hold(scene.tx, asked.claim)
            review, values = _look(scene, held, asked)
            if review.new_address:
                void_links(scene, held.row.id)
            if isinstance(asked, Sending):
                values["deal_size"] = int(asked.amount * 100)
                move_claim(scene, held, Event.SEND, "sent", values=values)
                look_for_referral(scene, held.row.id, held.engagement, Question.CREATE)
            else:
                change(scene, held, "readdressed" if review.new_address else "reminded", values)
            post(scene, held, review.kind, values, review.letter)
            return claims_by_id(scene, [held.row.id])[0]

    def _learn(self, asked: Reminder) -> None:
        with self._desk.reading() as scene:
            row = find(scene.tx, asked.claim).row
        learn_tenants(self._desk, row.id_type, row.id_value, asked.contact_email)

    def record_start(self, number: str) -> Recorded:
        """An answer to be recorded, given today, with nothing else in it. S-5h

        Raises as `record` does where none can be recorded, whatever it is.
        """
        with self._desk.attempting(Action.DECIDE), self._desk.reading() as scene:
            held = find(scene.tx, number)
            scene.require(Action.DECIDE, held.row.location_id)
            _require_recordable(scene, held)
            return Recorded(held.row.number, "", "", "", scene.today.isoformat(), "")

    def record(self, answer: Recorded) -> Claim:
        """Records an answer that came another way, marked as recorded. S-5h

        Raises `Invalid`, `NotFound`, `NotAllowed`, `Refused`: `wrong_state`, `not_allowed` where the workspace does not
        take recorded answers.
        """
        answer = safe(answer)
        with self._desk.acting(Action.DECIDE, location_of(self._desk, answer.claim, Action.DECIDE)) as scene:
            held = hold(scene.tx, answer.claim)
            _require_recordable(scene, held)
            if problems := check_recorded(answer, today(held.row.status_since, scene.zone), scene.today):
                raise Invalid(problems)
            decision = Decision(answer.decision)
            at = _instant(scene, held, date.fromisoformat(answer.on.strip()))
            keep_answer(
                scene,
                held,
                decision,
                at,
                name=answer.who.strip(),
                how=answer.how.strip(),
                note=answer.note.strip(),
                recorded_by=scene.login,
            )
            return claims_by_id(scene, [held.row.id])[0]


def _look(scene: Scene, held: Held, asked: Reminder) -> tuple[Review, dict[str, Any]]:
    """Everything that speaks against asking; the letter, and what will be written into the claim."""
    row, workspace = held.row, scene.workspace
    if isinstance(asked, Sending):
        held.require(Event.SEND)
        problems = check_sending(asked, workspace)
    else:
        held.require(Event.ACCEPT)
        problems = check_reminder(asked, workspace, row.contact_email)
    if problems:
        raise Invalid(problems)
    asked = normal(asked)
    require_reason(scene.tx, row.id_type, row.id_value, asked)
    require_configured(scene)
    before = asked_before(scene.tx, row.id)
    if why := against_reminder(before, asked.contact_email, scene.now, workspace):
        raise Refused("too_soon" if why.code == "reminder_too_soon" else "too_many", why)
    if asked.was and row.contact_email not in (asked.was, asked.contact_email):
        raise Refused("stale", reason("address_changed", address=row.contact_email))
    values: dict[str, Any] = {name: getattr(asked, name) for name in CONTACTS}
    values |= {"mismatch_reason": asked.reason, "consent_sent_at": row.consent_sent_at or scene.now}
    kind = next_kind(before, asked.contact_email)
    review = Review(
        claims_by_id(scene, [row.id])[0],
        letter_of(scene, held, kind, values),
        kind,
        tuple(remarks(asked.contact_email, workspace.free_mail_domains)),
        new_address=bool(before) and asked.contact_email != row.contact_email,
    )
    return review, values


def _require_recordable(scene: Scene, held: Held) -> None:
    if not scene.workspace.allow_recorded_answers:
        raise Refused("not_allowed", reason("recorded_answers_off"))
    held.require(Event.ACCEPT)


def _instant(scene: Scene, held: Held, on: date) -> datetime:
    """The instant of an answer given on a local day: nobody answers before having been asked."""
    return scene.now if on == scene.today else max(day_start(on, scene.zone), held.row.status_since)
