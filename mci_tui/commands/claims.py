"""`claims list` and `claims show`."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from mci_tui.commands.call import Call
from mci_tui.commands.printing import (
    Column,
    csv,
    document,
    due,
    listing,
    require_one_form,
    section,
    sentence,
    shown_of,
    table,
    workbook,
)
from mci_tui.domain.claims import Status
from mci_tui.domain.ids import shown_id
from mci_tui.services.claims import COLUMNS, Claim, ClaimPage, ClaimQuestion
from mci_tui.services.exporting import Source, claim_row, every_claim
from mci_tui.services.referrals import Look
from mci_tui.telling.claim import sections_of
from mci_tui.text import _, safe_text
from mci_tui.words import status_name


def list_claims(call: Call, asked: Namespace) -> int:
    """Prints the claims asked for."""
    column, _colon, direction = asked.sort.partition(":")
    question = ClaimQuestion(
        statuses=tuple(Status(status) for status in asked.status),
        engagement=asked.engagement,
        filter=asked.filter,
        due_within=asked.due_within,
        sort=column,
        descending=direction == "desc",
        area=asked.area,
        locations=tuple(asked.location),
        owners=tuple(asked.owner),
    )
    require_one_form(asked, call.json)
    with call.services() as services:
        total = services.claims.count(question)
        claims = every_claim(services.claims, question, asked.offset, asked.limit)
        source = Source("claims", COLUMNS, lambda: map(claim_row, claims))
        if call.json:
            listing(total, source.rows())
        elif asked.csv:
            csv(source)
        elif asked.xlsx is not None:
            workbook(source, asked.xlsx)
        else:
            _tell_list(list(claims), total, asked)
    return 0


def show_claim(call: Call, asked: Namespace) -> int:
    """Prints a claim with its history."""
    with call.services() as services:
        page = services.claims.show(asked.claim)
        zone = services.desk.zone()
    if call.json:
        document(whole(page))
    else:
        _tell(page, zone)
    return 0


def whole(page: ClaimPage) -> dict[str, Any]:
    """A claim as scripts get it: the export's columns, and what belongs to it."""
    history = [asdict(line) for line in page.history]
    mails = [{name: getattr(mail, name) for name in _MAIL} for mail in page.mails]
    answer = None if page.answer is None else asdict(page.answer)
    return claim_row(page.claim) | {
        "history": history,
        "mails": mails,
        "proof": [{name: getattr(proof, name) for name in _PROOF} for proof in page.proof],
        "referral": _referral(page),
        "answer": answer,
    }


_MAIL = ("message_id", "to", "kind", "state", "sent_at", "server_said")
_PROOF = ("kind", "file_name", "sha256", "size", "recorded_by", "at", "who", "on_day", "replaced_at")
"""What a claim tells scripts of each of its mails and proof items."""


def _referral(page: ClaimPage) -> dict[str, Any] | None:
    claim = page.claim
    if claim.referral_id is None and not page.looks:
        return None
    return {
        "referral_id": claim.referral_id,
        "kind": claim.referral_kind,
        "field_sellers_since": claim.field_sellers_since,
        "looks": referral_looks(page.looks),
    }


def referral_looks(looks: Sequence[Look]) -> list[dict[str, Any]]:
    """The looks at a claim for referrals, each condition by its parts. S-7d"""
    names = ("fact", "is", "value", "known", "held")
    return [
        {**asdict(look), "conditions": [dict(zip(names, each, strict=True)) for each in look.conditions]}
        for look in looks
    ]


def _tell_list(claims: Sequence[Claim], total: int, asked: Namespace) -> None:
    if claims:
        table(_columns(), claims)
    if total or claims:
        shown_of(len(claims), total)
    elif _narrowed(asked):
        sentence(_("No claim is like that."))
    else:
        sentence(_("No claims yet."))


def _narrowed(asked: Namespace) -> bool:
    words = (asked.filter.strip(), asked.status, asked.engagement, asked.area, asked.location, asked.owner)
    return any(words) or asked.due_within is not None


def _columns() -> Sequence[Column[Claim]]:
    return (
        Column(_("Claim ID"), lambda claim: claim.claim_id),
        Column(_("Customer"), lambda claim: claim.customer_name),
        Column(_("Engagement"), lambda claim: claim.engagement),
        Column(_("Status"), lambda claim: status_name(claim.status, short=True)),
        Column(_("Due"), lambda claim: due(claim.due_on, claim.due_what, claim.days_overdue)),
        Column(_("Friendly name"), lambda claim: claim.claim_name, wide=True),
        Column(_("Location"), lambda claim: claim.location_id, wide=True),
        Column(_("ID"), lambda claim: shown_id(claim.id_type, claim.id_value), wide=True),
    )


def _tell(page: ClaimPage, zone: ZoneInfo) -> None:
    """What the claim's page says, section by section. S-6d"""
    claim = page.claim
    sentence(f"{safe_text(claim.claim_id)} · {safe_text(claim.customer_name)} · {safe_text(claim.engagement_name)}")
    opens = _("'%(command)s' opens it") % {"command": f"mci-tui referrals show {claim.referral_id}"}
    for heading, lines in sections_of(page, zone, opens):
        section(heading, [(line.label, line.plain) for line in lines])
