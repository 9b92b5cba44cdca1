"""Moving a claim: held, moved by compare-and-set, told in its history, its page derived again (S-6a)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select, update

from mci_tui.domain.catalogue import defined
from mci_tui.domain.claims import STAGES, UNANSWERED, Event, Life, Status, move
from mci_tui.domain.engagements import Engagement
from mci_tui.domain.money import CENT
from mci_tui.domain.roles import Action
from mci_tui.errors import NotFound, Refused, reason
from mci_tui.services.desk import Desk, Scene
from mci_tui.services.lapses import is_known, life_of, life_values, stop_mails, terms_of
from mci_tui.services.making import search_text
from mci_tui.store.engine import Tx
from mci_tui.store.schema import claims, customers, engagements
from mci_tui.store.standing import refresh


@dataclass(frozen=True, slots=True)
class Held:
    """A claim's row with its customer's name and its engagement."""

    row: Any
    customer_name: str
    engagement: Engagement

    @property
    def life(self) -> Life:
        """The part of it that moves."""
        return life_of(self.row)

    def require(self, event: Event) -> None:
        """Raises `Refused` (`wrong_state`) where the claim's status does not allow `event`."""
        if event not in STAGES[Status(self.row.status)].moves:
            raise Refused("wrong_state", reason("wrong_state", claim=self.row.number, stands=self.row.status))


_WHERE = select(claims.c.id, claims.c.customer_id, claims.c.location_id).where(claims.c.number == bindparam("number"))
_CUSTOMER = select(customers.c.name).where(customers.c.id == bindparam("customer"))
_CLAIM = (
    select(claims, engagements.c.definition)
    .join_from(claims, engagements, engagements.c.id == claims.c.engagement_id)
    .where(claims.c.id == bindparam("claim"))
)


def location_of(desk: Desk, number: str, action: Action) -> str:
    """The location of the claim that `action` is about; it never changes. Raises `NotFound`, `NotAllowed`."""
    with desk.attempting(action), desk.reading() as scene:
        return str(_located(scene.tx, number).location_id)


def find(tx: Tx, number: str) -> Held:
    """The claim with this number, to look at. Raises `NotFound`."""
    found = _located(tx, number)
    return _held(tx, found.id, found.customer_id, _CUSTOMER, _CLAIM)


def hold(tx: Tx, number: str) -> Held:
    """The same, so that nobody else changes it until the transaction ends."""
    found = _located(tx, number)
    return hold_id(tx, found.id, found.customer_id)


def hold_id(tx: Tx, claim: int, customer: int) -> Held:
    """The same for a claim known by its row id and its customer's: the customer's row is held first, then its own."""
    return _held(tx, claim, customer, _CUSTOMER.with_for_update(), _CLAIM.with_for_update(of=claims))


def _located(tx: Tx, number: str) -> Any:
    found = tx.execute(_WHERE, {"number": number.strip().upper()}).one_or_none()
    if found is None:
        raise NotFound(reason("not_found_claim", number=number))
    return found


def _held(tx: Tx, claim: int, customer: int, names: Select[Any], rows: Select[Any]) -> Held:
    name = tx.scalar(names, {"customer": customer})
    row = tx.execute(rows, {"claim": claim}).one()
    return Held(row, str(name), defined(row.definition))


def change(
    scene: Scene,
    held: Held,
    what: str,
    values: Mapping[str, Any],
    *,
    note: str = "",
    also: Mapping[str, Any] | None = None,
) -> None:
    """Writes `values` into the claim, with a line of history that says what was there before, and `also` what.

    Raises `Refused` (`stale`) where somebody else has changed the claim since it was read.
    """
    row = held.row
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if "contact_email" in changed:
        about = (held.customer_name, row.number, row.name, row.id_value)
        changed["search"] = search_text(*about, changed["contact_email"])
    c = claims.c
    same = update(claims).where(c.id == row.id, c.status == row.status, c.version == row.version)
    if scene.tx.execute(same.values(version=row.version + 1, **changed)).rowcount != 1:
        raise Refused("stale", reason("stale"))
    told = {name: [_told(name, getattr(row, name)), _told(name, value)] for name, value in changed.items()}
    told = {name: change for name, change in told.items() if name not in _UNTOLD}
    scene.record(what, claim=row.id, note=note, changes={**told, **(also or {})})


_UNTOLD = frozenset(
    """search status_since next_due ended_at consent_sent_at consent_at submitted_at submit_due review_due dispute_due
    disputed on_page answer_given_by""".split()  # noqa: SIM905 - one word after the other reads better
)
"""What a line of history leaves out: its instant or its status say it."""


def _told(name: str, value: Any) -> Any:
    """A value as history tells it: money in USD."""
    return f"{value * CENT:.2f}" if name == "deal_size" and value is not None else value


def move_claim(
    scene: Scene,
    held: Held,
    event: Event,
    what: str,
    *,
    at: datetime | None = None,
    values: Mapping[str, Any] | None = None,
    note: str = "",
    also: Mapping[str, Any] | None = None,
) -> Life:
    """Lets `event` happen to the claim at the instant `at` (now), once, and derives what follows from it. S-6a, S-2f

    Raises `Refused`: `wrong_state` where the claim's status does not allow it, `stale`.
    """
    at = at or scene.now
    held.require(event)
    life = move(held.life, event, at, terms_of(held.row)) or held.life
    shown = life.status not in UNANSWERED or is_known(scene.tx, held.row.customer_id, at)
    change(scene, held, what, {**life_values(life), "on_page": shown, **(values or {})}, note=note, also=also)
    if held.row.status == Status.AWAITING_CONSENT:
        stop_mails(scene.tx, [held.row.id])
    everywhere = event is Event.ACCEPT  # a consent makes the customer known on every engagement
    refresh(scene.tx, [held.row.customer_id], None if everywhere else [held.row.engagement_id])
    return life
