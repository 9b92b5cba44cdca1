"""What has happened to a claim, as its page tells it (S-6d)."""

from datetime import date

from mci_tui.services.claims import ClaimPage, HistoryLine
from mci_tui.text import N_, _, safe_text
from mci_tui.words import PROOF, REFERRAL_KINDS, STATUSES, day

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

"""What history calls the things that happen."""

CHANGED = {
    **PROOF,
    "contact_name": N_("contact name"),
    "contact_email": N_("contact email"),
    "contact_title": N_("contact title"),
    "contact_phone": N_("contact phone"),
    "contact_language": N_("contact language"),
    "partner_name": N_("partner name"),
    "partner_email": N_("partner email"),
    "partner_phone": N_("partner phone"),
    "mismatch_reason": N_("reason for the tenant"),
    "deal_size": N_("deal size"),
    "decided_on": N_("decided on"),
    "referral_kind": N_("referral kind"),
}
"""What history calls the things that change."""


def review_note(page: ClaimPage) -> str:
    """What the review wrote where the claim stands by its decision; empty where it does not. S-6c"""
    moved = [line for line in page.history if "status" in line.changes]
    return safe_text(moved[-1].note) if moved and moved[-1].what == "decided" else ""


def history_line(line: HistoryLine) -> str:
    """Who did what, what changed, and the note that was written with it."""
    event = EVENTS.get(line.what)
    said = f"{line.who}: {_(event) if event else line.what}"
    if "status" in line.changes:
        said += f" → {_(STATUSES[line.changes['status'][1]].name)}"
    changed = [name for name in line.changes if name not in ("status", "source")]
    said += "".join(f" · {_changed(name, line.changes[name])}" for name in changed)
    return safe_text(f"{said}  {line.note}".rstrip())


def _changed(name: str, change: object) -> str:
    """What changed: old → new. S-6d"""
    label = _(CHANGED[name]) if name in CHANGED else name.replace("_", " ")
    values = change if isinstance(change, list) and len(change) == 2 else [None, change]
    old, new = (_value(name, value) for value in values)
    return f"{label} {f'{old} → ' if old else ''}{new or '–'}"


def _value(name: str, value: object) -> str:
    """A value of history as people read it."""
    if value in (None, ""):
        return ""
    if name == "decided_on":
        return day(date.fromisoformat(str(value)))
    return _(REFERRAL_KINDS[str(value)]) if name == "referral_kind" else str(value)
