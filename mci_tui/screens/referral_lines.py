"""A referral as pages show it: what it is, and how each look at its claim ended (S-7)."""

from collections.abc import Iterator

from textual.content import Content

from mci_tui.domain.referrals import Question
from mci_tui.services.claims import ClaimPage
from mci_tui.services.referrals import Look
from mci_tui.text import N_, _
from mci_tui.widgets.section import LabelledLine
from mci_tui.words import REFERRAL_KINDS, condition_line, day

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


def referral_section(page: ClaimPage, may_open: bool) -> list[LabelledLine]:
    """What the page of a claim says of its referral: which there is, or why there is none. S-1c, S-7b, S-7c, S-7d

    Empty for a claim that was never looked at for one.
    """
    claim, lines = page.claim, list[LabelledLine]()
    if claim.referral_id and claim.referral_kind:
        hint = _("R opens it") if may_open else _("opening it needs the role Referrals admin")
        number = Content.assemble((claim.referral_id, "bold"), f" · {kind_words(claim.referral_kind)} · {hint}")
        since = claim.field_sellers_since
        seen = _("see the claim since %(day)s") % {"day": day(since)} if since else _("do not see the claim")
        lines += [(_("Referral"), number), (_("Field sellers"), seen)]
    elif page.looks:
        lines.append((_("Referral"), _("none")))
    for look in page.looks:
        first, *others = look_lines(look)
        lines += [(_when(look, page), first), *(("", line) for line in others)]
    return lines


def look_lines(look: Look) -> Iterator[str]:
    """How a look ended, and every condition with whether it held. S-7d"""
    yield _(OUTCOMES[look.question, look.held])
    for condition in look.conditions:
        yield condition_line(*condition)


def _when(look: Look, page: ClaimPage) -> str:
    if look.question is Question.CO_SELL:
        return _("At the consent")
    return _("When it was made") if look.at == page.claim.created_at else _("When it was sent")
