"""What is said of a claim, section by section, in local days (S-2e, S-6d, S-10)."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mci_tui.domain.claims import Due
from mci_tui.domain.ids import shown_id
from mci_tui.telling import Said, Section
from mci_tui.telling.referral import referral_section
from mci_tui.text import N_, _
from mci_tui.words import (
    ID_TYPES,
    LANGUAGES,
    MAIL_KINDS,
    MAIL_STATES,
    MEANINGS,
    PAY,
    PROOF,
    REFERRAL_KINDS,
    STATUSES,
    day,
    days,
    left,
    moment,
    proof_name,
    status_name,
    term_line,
    usd,
)

if TYPE_CHECKING:
    from mci_tui.services.claims import Claim, ClaimPage, Given, HistoryLine
    from mci_tui.services.mails import Mail
    from mci_tui.services.submitting import Proof

EVENTS = {
    "added": N_("customer added"),
    "requested": N_("customer requested"),
    "imported": N_("brought along"),
    "lapse": N_("deadline passed"),
    "sent": N_("customer asked for consent"),
    "reminded": N_("customer reminded"),
    "readdressed": N_("customer asked at another address"),
    "accepted": N_("accepted"),
    "declined": N_("declined"),
    "accepted_recorded": N_("acceptance recorded"),
    "declined_recorded": N_("refusal recorded"),
    "mailed": N_("mail sent"),
    "mail_failed": N_("mail failed"),
    "mail_retried": N_("mail to be sent again"),
    "proof": N_("proof attached"),
    "submitted": N_("submitted"),
    "decided": N_("review decided"),
    "disputed": N_("rejection disputed"),
    "cancelled": N_("cancelled"),
    "referral": N_("referral"),
}
"""What can happen to a claim, by the names that history keeps."""

DECISIONS = {"accepted": ("✓", N_("Accepted")), "declined": ("✗", N_("Declined"))}
"""A customer's answer as mark and word."""

CHANGED = {
    "contact_name": N_("contact"),
    "contact_email": N_("contact's address"),
    "contact_title": N_("contact's job title"),
    "contact_phone": N_("contact's phone number"),
    "contact_language": N_("language of the e-mail"),
    "partner_name": N_("your contact"),
    "partner_email": N_("your contact's address"),
    "partner_phone": N_("your contact's phone number"),
    "mismatch_reason": N_("reason for the tenant"),
    "deal_size": N_("deal size"),
    "decided_on": N_("decided on"),
    "referral_kind": N_("kind"),
    **PROOF,
}
"""What of a claim can change, by the names that history keeps."""


def sections_of(page: "ClaimPage", zone: ZoneInfo, opens: str) -> Iterable[Section]:
    """The sections of a claim's page; one that has nothing to say has no lines. `opens` tells how its referral can be
    opened. S-6d"""
    claim = page.claim
    yield _("Claim"), _filled(_claim(page, zone))
    yield _("Days"), list(_clocks(page, zone))
    yield _("Customer"), _filled(_customer(claim))
    yield _("Payout"), list(_payout(page))
    yield _("Referral"), referral_section(page, opens)
    yield _("Proof"), [_proof(proof) for proof in page.proof]
    yield _("Answer"), _filled(_answer(page.answer, zone))
    yield _("Mails"), [_mail(mail, zone) for mail in page.mails]
    yield _("Your company"), _filled([Said(_("Contact"), _person(claim, "partner"))])
    yield _("History"), [Said(moment(line.at, zone), history_line(line)) for line in page.history]


def _filled(lines: Iterable[Said]) -> list[Said]:
    return [line for line in lines if line.plain]


def _claim(page: "ClaimPage", zone: ZoneInfo) -> Iterable[Said]:
    claim = page.claim
    words = STATUSES[claim.status]
    since = _("since %(day)s") % {"day": _day(claim.status_since, zone)}
    yield Said(_("Status"), f" · {since}", lead=f"{words.mark} {_(words.name)}")
    yield Said("", _(MEANINGS[claim.status]))
    yield Said(_("The review wrote"), review_note(page))
    if not claim.on_page:
        yield Said("", _("No longer on the engagement's Customers page: a newly added customer did not agree."))
    country = f" ({claim.country})" if claim.country else ""
    yield Said(_("Company"), f"{claim.customer_name}{country} · {claim.customer}")
    yield Said(_("Friendly name"), claim.claim_name)
    yield Said(_("Engagement"), f"{claim.engagement_name} · {_(PAY[claim.pay])}")
    yield Said(_("Location"), claim.location_id)
    if claim.proposed_payout_usd is not None:
        yield Said(_("Proposed payout"), usd(claim.proposed_payout_usd))
    if claim.hours is not None:
        yield Said(_("Hours"), str(claim.hours))
    if claim.deal_size_usd is not None:
        yield Said(_("Deal size"), usd(claim.deal_size_usd))
    yield Said(_("Came by"), _("%(what)s by %(login)s") % {"what": _(EVENTS[claim.origin]), "login": claim.created_by})
    yield Said(_("In the catalogue"), f"{claim.engagement} · {claim.solution_area}")


def review_note(page: "ClaimPage") -> str:
    """What the review wrote where the claim stands by its decision; empty where it does not. S-6c"""
    moved = [line for line in page.history if "status" in line.changes]
    return moved[-1].note if moved and moved[-1].what == "decided" else ""


def _customer(claim: "Claim") -> Iterable[Said]:
    yield Said(_("Nominated by"), f"{_(ID_TYPES[claim.id_type])} {shown_id(claim.id_type, claim.id_value)}")
    if claim.tenant_id and claim.tenant_id != claim.id_value:
        yield Said(_("Tenant"), claim.tenant_id)
    yield Said(_("Reason for the tenant"), claim.reason)
    yield Said(_("Contact"), _person(claim, "contact"))
    yield Said(_("E-mail language"), _value("contact_language", claim.contact_language))


def _person(claim: "Claim", whose: str) -> str:
    parts = [getattr(claim, f"{whose}_{part}", "") for part in ("name", "title", "email", "phone")]
    return " · ".join(part for part in parts if part)


def _clocks(page: "ClaimPage", zone: ZoneInfo) -> Iterable[Said]:
    """Every deadline with the rule behind it, and the days on which things happened. S-6d, S-10"""
    claim, terms = page.claim, page.terms
    rules = {
        Due.CONSENT: (_("Consent"), terms.consent_days, claim.consent_due_on),
        Due.SUBMISSION: (_("Submission"), terms.submit_days, claim.submit_due_on),
        Due.REVIEW: (_("Review"), terms.review_days, claim.review_due_on),
        Due.DISPUTE: (_("Dispute"), terms.dispute_days, claim.dispute_due_on),
    }
    for due, (label, number, on) in rules.items():
        if on is not None:
            yield Said(label, _rule(claim, due, number, on))
    for label, at in (
        (_("Made"), claim.created_at),
        (_("First asked"), claim.consent_sent_at),
        (_("Consent given"), claim.consent_at),
        (_("Submitted"), claim.submitted_at),
        (_("Ended"), claim.ended_at),
    ):
        if at is not None:
            yield Said(label, _day(at, zone))


def _day(at: datetime, zone: ZoneInfo) -> str:
    return day(at.astimezone(zone).date())


def _rule(claim: "Claim", due: Due, number: int, on: date) -> str:
    """A deadline in words: `30 days from 3 Nov 2026: by 3 Dec 2026`, and how many are left, or how many it is past."""
    words = {"days": days(number), "day": day(on), "since": day(on - timedelta(days=number))}
    told = _("%(days)s from %(since)s: by %(day)s") % words
    if claim.due_what == due and claim.days_left is not None:
        return f"{told} · {left(claim.days_left)}"
    if claim.days_overdue is not None and due is (Due.DISPUTE if claim.dispute_due_on else Due.REVIEW):
        return f"{told} · {_('overdue for %(days)s') % {'days': days(claim.days_overdue)}}"
    return told


def _payout(page: "ClaimPage") -> Iterable[Said]:
    for term in page.payout_terms:
        limits = term.name == page.claim.payout_limited_by
        line = term_line(asdict(term), limits=limits)
        yield Said("", "", lead=line) if limits else Said("", line, faint=True)


def _proof(proof: "Proof") -> Said:
    what = proof.file_name or answered(proof)
    by = _("attached by %(login)s") % {"login": proof.recorded_by}
    replaced = f" · {_('replaced')}" if proof.replaced_at else ""
    return Said(proof_name(proof.kind), f"{what} · {by}{replaced}")


def answered(proof: "Proof") -> str:
    """A survey that was recorded: who answered it, and when."""
    on = day(date.fromisoformat(proof.on_day)) if proof.on_day else ""
    return " · ".join(filter(None, (proof.who, on)))


def _answer(given: "Given | None", zone: ZoneInfo) -> Iterable[Said]:
    """What the customer answered, with what proves it. S-5g, S-5h"""
    if given is None:
        return
    mark, word = DECISIONS[given.decision]
    yield Said(_("Decision"), "", lead=f"{mark} {_(word)}")
    yield Said(_("By"), " · ".join(part for part in (given.name, given.role) if part))
    yield Said(_("When"), moment(given.at, zone))
    if given.recorded_by:
        how = _("%(how)s, recorded by %(login)s") % {"how": given.how, "login": given.recorded_by}
        yield Said(_("How"), how)
    else:
        yield Said(_("How"), _("online, on the page behind the link"))
        yield Said(_("From"), given.address)
    yield Said(_("Reason"), given.reason)
    yield Said(_("Note"), given.note)
    if given.text_version:
        text = {"version": given.text_version, "hash": given.text_hash[:12]}
        yield Said(_("Text agreed to"), _("version %(version)s, SHA-256 %(hash)s…") % text)


def _mail(mail: "Mail", zone: ZoneInfo) -> Said:
    """How far a mail got, what it is, to whom, what the server said of it."""
    words = MAIL_STATES[mail.state]
    parts = (_(MAIL_KINDS[mail.kind]), mail.to, mail.server_said)
    rest = "".join(f" · {part}" for part in parts if part)
    return Said(moment(mail.asked_at, zone), rest, lead=f"{words.mark} {_(words.name)}")


def history_line(line: "HistoryLine") -> str:
    """Who did what, what changed of it (old → new), and the note that was written with it. S-6d"""
    event = EVENTS.get(line.what)
    said = f"{line.who}: {_(event) if event else line.what}"
    if "status" in line.changes:
        old, new = (_value("status", status) for status in line.changes["status"])
        said += f" · {old} → {new}" if old else f" → {new}"
    changed = [name for name in line.changes if name not in ("status", "source")]
    said += "".join(f" · {_changed(name, line.changes[name])}" for name in changed)
    return f"{said}  {line.note}".rstrip()


def _changed(name: str, change: object) -> str:
    """What changed: old → new. S-6d"""
    old, new = change if isinstance(change, list) and len(change) == 2 else (None, change)
    before, after = _value(name, old), _value(name, new)
    return f"{_(CHANGED.get(name, name))} {f'{before} → ' if before else ''}{after or '–'}"


def _value(name: str, value: object) -> str:
    """A value that history keeps, as it is read."""
    if value in (None, ""):
        return ""
    if name == "status":
        return status_name(str(value), short=True)
    if name == "deal_size":
        return usd(int(Decimal(str(value)) * 100))
    if name == "contact_language":
        return LANGUAGES.get(str(value), str(value))
    if name == "referral_kind":
        return _(REFERRAL_KINDS[str(value)])
    return day(date.fromisoformat(str(value))) if name == "decided_on" else str(value)
