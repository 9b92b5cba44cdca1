"""What the clocks do to claims: deadlines that have passed are made so, once (S-10, S-2f)."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from mci_tui.domain.claims import UNANSWERED, Life, Status, Terms, passed
from mci_tui.domain.mails import UNSENT, State
from mci_tui.store.engine import Tx
from mci_tui.store.schema import claims, customers, history, mails
from mci_tui.store.standing import refresh

BATCH = 200
"""How many claims lapse in one transaction."""

LIFE_COLUMNS = (
    claims.c.status,
    claims.c.status_since,
    claims.c.consent_due,
    claims.c.consent_at,
    claims.c.submit_due,
    claims.c.review_due,
    claims.c.dispute_due,
    claims.c.disputed,
    claims.c.ended_at,
    claims.c.next_due,
    claims.c.terms,
)
"""What `life_of` and `terms_of` read."""


def life_of(row: Any) -> Life:
    """The part of a claim's row that moves."""
    return Life(
        Status(row.status),
        row.status_since,
        row.consent_due,
        row.consent_at,
        row.submit_due,
        row.review_due,
        row.dispute_due,
        row.disputed,
        row.ended_at,
    )


def terms_of(row: Any) -> Terms:
    """The days that a claim's engagement gave when the claim was made."""
    return Terms(**json.loads(row.terms))


def life_values(life: Life) -> dict[str, Any]:
    """The columns of a claim that hold `life`."""
    values = {name: getattr(life, name) for name in _AS_KEPT}
    return {"status": str(life.status), "status_since": life.since, "next_due": life.next_due, **values}


_AS_KEPT = tuple(name for name in Life._fields if name not in ("status", "since"))


def terms_kept(terms: Terms) -> str:
    """`terms` as they are kept with the claim."""
    return json.dumps(terms._asdict(), sort_keys=True)


def seen_at(row: Any, now: datetime) -> Life:
    """The claim's life as it stands at `now`, whether or not anybody has written that down yet. S-10"""
    life = life_of(row)
    return life if row.next_due is None or now < row.next_due else passed(life, now, terms_of(row))


def is_known(tx: Tx, customer: int, at: datetime) -> bool:
    """Whether a consent of this customer is on record at the instant `at`."""
    query = select(claims.c.id).where(claims.c.customer_id == customer, claims.c.consent_at <= at).limit(1)
    return tx.scalar(query) is not None


def stop_mails(tx: Tx, of: Collection[int]) -> None:
    """Stops what still waits to be sent for these claims; what is being sent now will tell itself how it ended."""
    waits = update(mails).where(mails.c.claim_id.in_(of), mails.c.state.in_([str(state) for state in UNSENT]))
    tx.execute(waits.values(state=str(State.CANCELLED), next_at=None))


def pass_deadlines(tx: Tx, now: datetime, who: str, limit: int | None = BATCH) -> int:
    """Lets up to `limit` claims lapse whose deadline has passed at `now`; how many did. S-10

    A claim that lapses without an answer leaves its page if its customer was not known at that instant (S-2f). What
    somebody else is working on, claim or customer, is left to whoever reads next.
    """
    query = (
        select(claims.c.id, claims.c.customer_id, claims.c.engagement_id, claims.c.version, *LIFE_COLUMNS)
        .join_from(claims, customers, customers.c.id == claims.c.customer_id)
        .where(claims.c.next_due <= now)
        .order_by(claims.c.next_due, claims.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = tx.execute(query).all()
    for row in due:
        life = passed(life_of(row), now, terms_of(row))
        shown = life.status not in UNANSWERED or is_known(tx, row.customer_id, life.since)
        tx.execute(
            update(claims)
            .where(claims.c.id == row.id, claims.c.status == row.status, claims.c.version == row.version)
            .values(version=row.version + 1, on_page=shown, **life_values(life))
        )
        tx.execute(
            insert(history).values(
                claim_id=row.id,
                at=life.since,
                who=who,
                what="lapse",
                note="",
                changes=json.dumps({"status": [row.status, str(life.status)]}),
            )
        )
    if due:
        stop_mails(tx, [row.id for row in due])
        refresh(tx, {row.customer_id for row in due}, {row.engagement_id for row in due})
    return len(due)
