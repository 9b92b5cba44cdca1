"""The rows that claims brought along become."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import count
from typing import Any, NamedTuple

from sqlalchemy import select

from mci_tui.domain.adding import LIMITS
from mci_tui.domain.brought import Brought
from mci_tui.domain.claims import OPEN
from mci_tui.domain.contacts import LANGUAGES
from mci_tui.domain.details import CONTACTS
from mci_tui.domain.engagements import Engagement, Pay
from mci_tui.domain.ids import IdType
from mci_tui.domain.payout import Proposed, proposed
from mci_tui.services.importing.parties import KnownId, Party
from mci_tui.services.lapses import life_values, terms_kept
from mci_tui.services.making import search_text, terms_for
from mci_tui.services.payouts import terms_to_keep
from mci_tui.store.engine import Tx
from mci_tui.store.numbers import CLAIM, numbered
from mci_tui.store.schema import claims
from mci_tui.store.standing import read_facts


class About(NamedTuple):
    """What a claim brought along belongs to, and where it stands."""

    engagement_id: int
    engagement: Engagement
    party: Party
    identifier: KnownId
    brought: Brought


class Slots:
    """Gives open claims the lowest free place of their customer on their engagement, imported surplus too. S-6e"""

    def __init__(self, tx: Tx, customer_ids: Collection[int]) -> None:
        c = claims.c
        query = select(c.engagement_id, c.customer_id, c.slot).where(
            c.customer_id.in_(customer_ids), c.status.in_([str(status) for status in OPEN])
        )
        self._taken: defaultdict[tuple[int, int], set[int | None]] = defaultdict(set)
        for row in tx.execute(query):
            self._taken[row.engagement_id, row.customer_id].add(row.slot)

    def take(self, engagement_id: int, customer_id: int, limit: int | None) -> int | None:
        """A place, or None where the engagement has no limit."""
        if limit is None:
            return None
        taken = self._taken[engagement_id, customer_id]
        slot = next(number for number in count(1) if number not in taken)
        taken.add(slot)
        return slot


def claim_row(id_: int, said: Mapping[str, Any], about: About, slots: Slots, login: str, zone: str) -> dict[str, Any]:
    """The row of a new claim, out of what its line said."""
    found, party = about.brought, about.party
    number = said["claim_id"] or numbered(CLAIM, id_)
    name = said.get("claim_name") or party.name[: LIMITS["name"]]
    payout = _payout(about, said)
    is_open = found.life.status in OPEN
    limit = about.engagement.max_active_claims
    return {
        "id": id_,
        "number": number,
        "engagement_id": about.engagement_id,
        "customer_id": party.id,
        "identifier_id": about.identifier.id,
        "name": name,
        "origin": said["origin"],
        "location_id": said["location_id"],
        "id_type": said["id_type"],
        "id_value": said["id_value"],
        "tenant": said["id_value"] if said["id_type"] == IdType.TENANT else about.identifier.tenant,
        "mismatch_reason": said.get("reason", ""),
        "version": 1,
        "slot": slots.take(about.engagement_id, party.id, limit) if is_open else None,
        "on_page": True,
        "terms": terms_kept(terms_for(about.engagement, zone)),
        "created_at": found.created_at,
        "created_by": login,
        "submitted_at": found.submitted_at,
        "answer_given_by": "",
        "hours": said.get("hours"),
        "payout": payout.amount if payout else None,
        "payout_limited_by": payout.limited_by if payout else "",
        "payout_terms": terms_to_keep(payout.terms if payout else ()),
        "deal_size": said.get("deal_size_usd"),
        "search": search_text(party.name, number, name, said["id_value"], said.get("contact_email", "")),
        **{column: said.get(column, "") for column in CONTACTS},
        "contact_language": said.get("contact_language", LANGUAGES[0]),
        **life_values(found.life),
    }


def _payout(about: About, said: Mapping[str, Any]) -> Proposed | None:
    """S-9: what the claim may earn, as far as country, opportunity and hours are known."""
    engagement, facts, hours = about.engagement, read_facts(about.identifier.facts), said.get("hours")
    variable = engagement.pay is Pay.VARIABLE
    country = facts.get("country") if variable else about.party.country
    acv_missing = engagement.payout.percent_of_acv is not None and "acv" not in facts
    if country is None or (variable and (hours is None or acv_missing)):
        return None
    return proposed(engagement, str(country), facts, hours)
