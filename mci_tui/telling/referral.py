"""What is said of a referral: what it is, and how each look at its claim ended (S-7)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mci_tui.domain.referrals import Question
from mci_tui.domain.roles import Action
from mci_tui.telling import Said
from mci_tui.telling.engagement import checked_line
from mci_tui.text import N_, _
from mci_tui.words import REFERRAL_KINDS, day

if TYPE_CHECKING:
    from mci_tui.services.claims import ClaimPage
    from mci_tui.services.referrals import Look

LACKING = N_(
    "Referrals need the role Referrals admin, which you do not hold here.\n"
    "An Incentives admin of all locations can grant it."
)
"""What somebody is told who may not open referrals. S-1c"""

MARKS = {"partner_led": "○", "co_sell": "●"}

OUTCOMES = {
    (Question.CREATE, True): N_("✓ All conditions held: a partner-led referral was made."),
    (Question.CREATE, False): N_("✗ Not all conditions held: no referral was made."),
    (Question.CO_SELL, True): N_("✓ All conditions held: it became a co-sell referral."),
    (Question.CO_SELL, False): N_("✗ Not all conditions held: it stayed partner-led."),
}
"""How a look at a claim ends."""


def kind_words(kind: str) -> str:
    """The kind of a referral as mark and word."""
    return f"{MARKS[kind]} {_(REFERRAL_KINDS[kind])}"


def referral_section(page: "ClaimPage", opens: str) -> list[Said]:
    """What is said of a claim's referral: which there is, or why there is none; `opens` tells whoever may open it how.

    Empty for a claim that was never looked at for one. S-1c, S-7b, S-7c, S-7d
    """
    claim, lines = page.claim, list[Said]()
    if Action.OPEN_REFERRAL not in page.allowed:
        opens = _("opening it needs the role Referrals admin")
    if claim.referral_id and claim.referral_kind:
        since = claim.field_sellers_since
        seen = _("see the claim since %(day)s") % {"day": day(since)} if since else _("do not see the claim")
        kind = f" · {kind_words(claim.referral_kind)} · {opens}"
        lines += [Said(_("Referral"), kind, lead=claim.referral_id), Said(_("Field sellers"), seen)]
    elif page.looks:
        lines.append(Said(_("Referral"), _("none")))
    for look in page.looks:
        first, *others = look_lines(look)
        lines += [Said(_when(look, page), first), *(Said("", line) for line in others)]
    return lines


def look_lines(look: "Look") -> Iterator[str]:
    """How a look ended, and every condition with whether it held. S-7d"""
    yield _(OUTCOMES[look.question, look.held])
    for condition in look.conditions:
        yield checked_line(*condition)


def _when(look: "Look", page: "ClaimPage") -> str:
    if look.question is Question.CO_SELL:
        return _("At the consent")
    return _("When it was made") if look.at == page.claim.created_at else _("When it was sent")
