"""`claims list` and `claims show`."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from mci_tui.commands.call import Call
from mci_tui.commands.printing import (
    Column,
    csv,
    document,
    due,
    facts,
    listing,
    moment,
    require_one_form,
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
from mci_tui.text import _, safe_text
from mci_tui.words import (
    ID_TYPES,
    MAIL_KINDS,
    MAIL_STATES,
    REFERRAL_KINDS,
    condition_line,
    day,
    number,
    status_name,
    term_line,
    usd,
)


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
        Column(_("Due"), lambda claim: due(claim.due_on, claim.due_what)),
        Column(_("Friendly name"), lambda claim: claim.claim_name, wide=True),
        Column(_("Location"), lambda claim: claim.location_id, wide=True),
        Column(_("ID"), lambda claim: shown_id(claim.id_type, claim.id_value), wide=True),
    )


def _tell(page: ClaimPage, zone: str) -> None:
    claim = page.claim
    sentence(f"{safe_text(claim.claim_id)} · {safe_text(claim.customer_name)} · {safe_text(claim.engagement_name)}")
    sentence("")
    facts(_facts(claim, zone))
    if page.payout_terms:
        sentence("")
    for term in page.payout_terms:
        sentence(f"  {term_line(asdict(term), limits=term.name == claim.payout_limited_by)}")
    for mail in page.mails:
        state = _(MAIL_STATES[mail.state].name)
        parts = (moment(mail.asked_at, zone), _(MAIL_KINDS[mail.kind]), mail.to, state, mail.server_said)
        sentence("  ".join(safe_text(part) for part in parts if part))
    for look in page.looks:
        sentence("")
        sentence(f"{_('Referral')}: {'✓' if look.held else '✗'} {moment(look.at, zone)}")
        for condition in look.conditions:
            sentence(f"  {condition_line(*condition)}")
    sentence("")
    for line in page.history:
        parts = (moment(line.at, zone), line.who, line.what, _changes(line.changes), line.note)
        sentence("  ".join(safe_text(part) for part in parts if part))


def _facts(claim: Claim, zone: str) -> list[tuple[str, object]]:
    payout, deal = claim.proposed_payout_usd, claim.deal_size_usd
    return [
        (_("Status"), status_name(claim.status)),
        (_("Due"), due(claim.due_on, claim.due_what)),
        (_("Friendly name"), claim.claim_name),
        (_("Customer"), f"{claim.customer_name} ({claim.customer}), {claim.country or '–'}"),
        (_(ID_TYPES[claim.id_type]), shown_id(claim.id_type, claim.id_value)),
        (_("Tenant"), None if claim.tenant_id == claim.id_value else claim.tenant_id),
        (_("Reason"), claim.reason),
        (_("Location"), claim.location_id),
        (_("Made"), f"{moment(claim.created_at, zone)} {claim.created_by}"),
        (_("Consent by"), claim.consent_due_on and day(claim.consent_due_on)),
        (_("Submit by"), claim.submit_due_on and day(claim.submit_due_on)),
        (_("Review by"), claim.review_due_on and day(claim.review_due_on)),
        (_("Dispute by"), claim.dispute_due_on and day(claim.dispute_due_on)),
        (_("Hours"), None if claim.hours is None else number(claim.hours)),
        (_("Payout"), None if payout is None else usd(payout)),
        (_("Deal size"), None if deal is None else usd(deal)),
        (_("Contact"), _person(claim.contact_name, claim.contact_email, claim.contact_title, claim.contact_phone)),
        (_("Answer given by"), claim.answer_given_by),
        (_("Referral"), claim.referral_id and f"{claim.referral_id} · {_(REFERRAL_KINDS[claim.referral_kind or ''])}"),
        (_("Your contact"), _person(claim.partner_name, claim.partner_email, claim.partner_phone)),
    ]


def _person(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _changes(changes: dict[str, Any]) -> str:
    """What changed, as `name: old → new`."""
    told = []
    for name, change in changes.items():
        old, new = change if isinstance(change, list) and len(change) == 2 else (None, change)
        told.append(f"{name}: {'–' if old is None else old} → {'–' if new is None else new}")
    return ", ".join(told)
