"""What the page of a claim says, section by section, in local days (S-2e, S-6d, S-10)."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from textual.content import Content

from mci_tui.domain.claims import Due
from mci_tui.domain.ids import shown_id
from mci_tui.domain.roles import Action
from mci_tui.screens import cells
from mci_tui.screens.cells import moment
from mci_tui.screens.claim_history import EVENTS, history_line, review_note
from mci_tui.screens.mail import mail_line
from mci_tui.screens.payout import payout_lines
from mci_tui.screens.referral_lines import referral_section
from mci_tui.services.claims import Claim, ClaimPage, Given
from mci_tui.services.submitting import Proof
from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.section import LabelledLine
from mci_tui.words import ID_TYPES, MEANINGS, PAY, day, days, left, proof_name, usd

DECISIONS = {"accepted": ("✓", N_("Accepted")), "declined": ("✗", N_("Declined"))}
"""A customer's answer as mark and word."""


def sections_of(page: ClaimPage, zone: ZoneInfo) -> Iterable[tuple[str, list[LabelledLine]]]:
    """The sections of a claim's page with their lines; one without lines is left out. S-6d"""
    claim = page.claim
    yield _("Claim"), _filled(_claim(page))
    yield _("Days"), list(_clocks(page, zone))
    yield _("Customer"), _filled(_customer(claim))
    yield _("Terms of the payout"), list(payout_lines(page.payout_terms, claim.payout_limited_by))
    yield _("Referral"), referral_section(page, Action.OPEN_REFERRAL in page.allowed)
    yield _("Proof"), [_proof(proof) for proof in page.proof]
    yield _("Answer"), _filled(_answer(page.answer, zone))
    yield _("Mails"), [(moment(mail.asked_at, zone), mail_line(mail)) for mail in page.mails]
    yield _("Your company"), _filled([(_("Contact"), _person(claim, "partner"))])
    yield _("History"), [(moment(line.at, zone), history_line(line)) for line in page.history]


def _filled(lines: Iterable[LabelledLine]) -> list[LabelledLine]:
    return [(label, value) for label, value in lines if value]


def _claim(page: ClaimPage) -> Iterable[LabelledLine]:
    claim = page.claim
    yield _("Status"), Content.styled(cells.status(claim.status).plain, "bold")
    yield "", _(MEANINGS[claim.status])
    yield _("The review wrote"), review_note(page)
    yield _("Friendly name"), claim.claim_name
    yield _("Engagement"), f"{claim.engagement_name} · {_(PAY[claim.pay])}"
    yield _("Location"), claim.location_id
    yield _("Came by"), _(EVENTS[claim.origin])
    if claim.proposed_payout_usd is not None:
        yield _("Proposed payout"), usd(claim.proposed_payout_usd)
    if claim.hours is not None:
        yield _("Hours"), str(claim.hours)
    if claim.deal_size_usd is not None:
        yield _("Deal size"), usd(claim.deal_size_usd)


def _customer(claim: Claim) -> Iterable[LabelledLine]:
    country = f" ({claim.country})" if claim.country else ""
    yield _("Company"), f"{claim.customer_name}{country}"
    yield _("Nominated by"), f"{_(ID_TYPES[claim.id_type])} {shown_id(claim.id_type, claim.id_value)}"
    if claim.tenant_id and claim.tenant_id != claim.id_value:
        yield _("Tenant"), claim.tenant_id
    yield _("Reason for the tenant"), claim.reason
    yield _("Contact"), _person(claim, "contact")


def _person(claim: Claim, whose: str) -> str:
    parts = [getattr(claim, f"{whose}_{part}", "") for part in ("name", "title", "email", "phone")]
    return " · ".join(part for part in parts if part)


def _clocks(page: ClaimPage, zone: ZoneInfo) -> Iterable[LabelledLine]:
    """Every deadline with the rule behind it, and the days on which things happened. S-6d, S-10"""
    claim, terms = page.claim, page.terms
    rules = {
        Due.CONSENT: (_("Consent"), terms.consent_days, claim.created_at, claim.consent_due_on),
        Due.SUBMISSION: (_("Submission"), terms.submit_days, claim.consent_at, claim.submit_due_on),
        Due.REVIEW: (_("Review"), terms.review_days, claim.consent_at, claim.review_due_on),
        Due.DISPUTE: (_("Dispute"), terms.dispute_days, None, claim.dispute_due_on),
    }
    for due, (label, number, since, on) in rules.items():
        if on is not None:
            yield label, _rule(claim, due, number, since and since.astimezone(zone).date(), on)
    for label, at in (
        (_("Made"), claim.created_at),
        (_("Consent given"), claim.consent_at),
        (_("Submitted"), claim.submitted_at),
        (_("Ended"), claim.ended_at),
    ):
        if at is not None:
            yield label, day(at.astimezone(zone).date())


def _rule(claim: Claim, due: Due, number: int, since: date | None, on: date) -> str:
    """A deadline in words: `30 days from 3 Nov 2026: by 3 Dec 2026`, and if its clock runs, how many are left."""
    words = {"days": days(number), "day": day(on), "since": day(since) if since else ""}
    told = _("%(days)s from %(since)s: by %(day)s") if since else _("%(days)s: by %(day)s")
    if claim.due_what != due or claim.days_left is None:
        return told % words
    return f"{told % words} · {left(claim.days_left)}"


def _proof(proof: Proof) -> LabelledLine:
    what = proof.file_name or cells.survey(proof)
    by = _("attached by %(login)s") % {"login": proof.recorded_by}
    replaced = f" · {_('replaced')}" if proof.replaced_at else ""
    return proof_name(proof.kind), safe_text(f"{what} · {by}{replaced}")


def _answer(given: Given | None, zone: ZoneInfo) -> Iterable[LabelledLine]:
    """What the customer answered, with what proves it. S-5g, S-5h"""
    if given is None:
        return
    mark, word = DECISIONS[given.decision]
    yield _("Decision"), Content.styled(f"{mark} {_(word)}", "bold")
    yield _("By"), " · ".join(part for part in (given.name, given.role) if part)
    yield _("When"), moment(given.at, zone)
    if given.recorded_by:
        yield _("How"), _("%(how)s, recorded by %(login)s") % {"how": given.how, "login": given.recorded_by}
    else:
        yield _("How"), _("online, on the page behind the link")
        yield _("From"), given.address
    yield _("Reason"), given.reason
    yield _("Note"), given.note
    if given.text_version:
        text = {"version": given.text_version, "hash": given.text_hash[:12]}
        yield _("Text agreed to"), _("version %(version)s, SHA-256 %(hash)s…") % text
