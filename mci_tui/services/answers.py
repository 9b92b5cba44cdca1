"""The customer's answer: what the link of a mail shows, and the one decision that is taken there, for ever (S-5g)."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, insert, select

from mci_tui.domain import referrals
from mci_tui.domain.catalogue import defined
from mci_tui.domain.claims import Event, Status
from mci_tui.domain.consent import Decision
from mci_tui.domain.deadlines import today
from mci_tui.errors import Invalid, Reason, Refused, reason
from mci_tui.mail.letters import TEXT_VERSION, Invitation, statement, statement_hash
from mci_tui.services.desk import Desk, Scene
from mci_tui.services.lapses import seen_at
from mci_tui.services.moving import Held, hold_id, move_claim
from mci_tui.services.posting import invitation_of
from mci_tui.services.referrals import look_for_referral
from mci_tui.services.verdicts import safe
from mci_tui.store.engine import Tx
from mci_tui.store.schema import answers, claims, customers, engagements, mails, tokens

CUSTOMER = "customer"
"""Who acts on the customer's page."""

EVENTS = {Decision.ACCEPTED: Event.ACCEPT, Decision.DECLINED: Event.DECLINE}

LIMITS = {"name": 80, "role": 80, "reason": 500}
"""The most characters that a customer may type."""

MAX_AGENT = 300
MAX_ADDRESS = 60
"""The most characters that are kept of where an answer came from."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a customer answers; `address` and `agent` are where it came from."""

    decision: Decision
    name: str
    role: str = ""
    reason: str = ""
    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What a link shows: the question, and once there is one, the answer to it."""

    invitation: Invitation
    paragraphs: tuple[str, ...]
    decision: Decision | None = None
    answered_on: date | None = None
    answered_by: str = ""


class Answers:
    """What a customer can do who holds a link."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def question(self, token: str) -> Question | None:
        """What the link with this token shows; None where it is unknown or void, or the claim is past answering.

        Nothing is written, not even that a deadline has passed.
        """
        with self._desk.looking() as scene:
            link = _link(scene.tx, token)
            return None if link is None else _shown(scene, link)

    def answer(self, token: str, answer: Answer) -> Question | None:
        """Takes the answer, once. The same answer again changes nothing; None as `question` gives it.

        Raises `Invalid` (name, role, reason), or `Refused` (`wrong_state`) where the other answer is on record.
        """
        answer = safe(answer)
        with self._desk.serving(CUSTOMER) as scene:
            if (link := _link(scene.tx, token)) is None:
                return None
            held = hold_id(scene.tx, link.claim_id, link.customer_id)
            link = _link(scene.tx, token)  # as it is now that nobody else can change it
            if link is None or (shown := _shown(scene, link)) is None:
                return None
            if shown.decision is None:
                if problems := _problems(answer):
                    raise Invalid(problems)
                self._take(scene, held, link, answer)
                return _shown(scene, _link(scene.tx, token))
            if shown.decision is not answer.decision:
                raise Refused("wrong_state", reason("answered_already"))
            return shown

    def _take(self, scene: Scene, held: Held, link: Any, answer: Answer) -> None:
        invitation = invitation_of(scene, held.row, held.engagement, held.customer_name)
        keep_answer(
            scene,
            held,
            answer.decision,
            scene.now,
            name=answer.name.strip(),
            role=answer.role.strip(),
            reason=answer.reason.strip(),
            address=answer.address[:MAX_ADDRESS],
            agent=answer.agent[:MAX_AGENT],
            language=invitation.language,
            text_version=TEXT_VERSION,
            text_hash=statement_hash(invitation),
            token_hash=link.hash,
            message_id=link.message_id,
        )


def keep_answer(scene: Scene, held: Held, decision: Decision, at: datetime, **evidence: str) -> None:
    """Keeps an answer given at the instant `at` with its evidence, and lets it move the claim. S-5f, S-5g, S-5h

    Raises as `move_claim` does.
    """
    by = evidence.get("recorded_by", "")
    name = evidence["name"]
    values = dict.fromkeys(_EVIDENCE, "") | evidence
    row = {"claim_id": held.row.id, "decision": str(decision), "at": at, "deadline": held.row.consent_due, **values}
    scene.tx.execute(insert(answers).values(**row))
    given_by = f"{name} (recorded by {by})" if by else name
    what = f"{decision}_recorded" if by else str(decision)
    note = evidence.get("note") or evidence.get("reason", "")
    move_claim(scene, held, EVENTS[decision], what, at=at, values={"answer_given_by": given_by}, note=note)
    if decision is Decision.ACCEPTED:
        look_for_referral(scene, held.row.id, held.engagement, referrals.Question.CO_SELL)


_EVIDENCE = tuple(column.name for column in answers.c if column.name not in ("claim_id", "decision", "at", "deadline"))


def hashed(token: str) -> str:
    """How a token is kept: it cannot be told from this."""
    return sha256(token.encode()).hexdigest()


_LINKS = (
    select(
        tokens.c.hash,
        mails.c.message_id,
        claims,
        claims.c.id.label("claim_id"),
        customers.c.name.label("customer_name"),
        engagements.c.definition,
        answers.c.decision,
        answers.c.at.label("answered_at"),
        answers.c.name.label("answered_by"),
    )
    .join_from(tokens, mails, mails.c.id == tokens.c.mail_id)
    .join(claims, claims.c.id == tokens.c.claim_id)
    .join(customers, customers.c.id == claims.c.customer_id)
    .join(engagements, engagements.c.id == claims.c.engagement_id)
    .outerjoin(answers, answers.c.claim_id == claims.c.id)
    .where(tokens.c.hash == bindparam("token_hash"), tokens.c.voided_at.is_(None))
)


def _link(tx: Tx, token: str) -> Any:
    """The link that holds, with its claim and the answer that there may be."""
    return tx.execute(_LINKS, {"token_hash": hashed(token)}).one_or_none()


def _shown(scene: Scene, link: Any) -> Question | None:
    """What a link shows; None where there is nothing left to answer."""
    if link.decision is None and seen_at(link, scene.now).status is not Status.AWAITING_CONSENT:
        return None
    invitation = invitation_of(scene, link, defined(link.definition), link.customer_name)
    if link.decision is None:
        return Question(invitation, statement(invitation))
    on = today(link.answered_at, scene.zone)
    return Question(invitation, statement(invitation), Decision(link.decision), on, link.answered_by)


def _problems(answer: Answer) -> dict[str, Reason]:
    found = {}
    for field, limit in LIMITS.items():
        length = len(getattr(answer, field).strip())
        if length > limit:
            found[field] = reason("too_long", limit=limit, length=length)
    if not answer.name.strip():
        found["name"] = reason("required")
    return found
