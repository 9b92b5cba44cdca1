"""`referrals list` and `referrals show` (S-7)."""

from argparse import Namespace
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from mci_tui.commands.call import Call
from mci_tui.commands.claims import referral_looks
from mci_tui.commands.printing import Column, document, facts, listing, sentence, table
from mci_tui.domain.referrals import Kind, Question
from mci_tui.services.referrals import Referral, referral_row
from mci_tui.telling.engagement import checked_line
from mci_tui.text import _
from mci_tui.words import REFERRAL_KINDS, moment, status_name, usd


def list_referrals(call: Call, _asked: Namespace) -> int:
    """Prints the referrals, the latest first. S-1c"""
    with call.services() as services:
        found = services.referrals.rows()
        zone = services.desk.zone()
    if call.json:
        listing(len(found), map(referral_row, found))
    elif found:
        table(_columns(zone), found)
    else:
        sentence(_("No claim has a referral yet."))
    return 0


def show_referral(call: Call, asked: Namespace) -> int:
    """Prints a referral with the conditions that held and those that did not. S-7d"""
    with call.services() as services:
        page = services.referrals.show(asked.referral)
        zone = services.desk.zone()
    if call.json:
        document({**referral_row(page.referral), "looks": referral_looks(page.looks)})
        return 0
    referral = page.referral
    value, since = referral.estimated_value_usd, referral.field_sellers_since
    facts(
        [
            (_("Referral"), f"{referral.referral_id} · {_(REFERRAL_KINDS[referral.kind])}"),
            (_("Claim"), f"{referral.claim_id} · {referral.claim_name} · {status_name(referral.claim_status)}"),
            (_("Customer"), f"{referral.customer_name} ({referral.country or '–'})"),
            (_("Engagement"), referral.engagement_name),
            (_("Estimated value"), None if value is None else usd(value)),
            (_("Made"), moment(referral.made_at, zone)),
            (_("Field sellers see it since"), None if since is None else moment(since, zone)),
        ]
    )
    for look in page.looks:
        kind = Kind.PARTNER_LED if look.question is Question.CREATE else Kind.CO_SELL
        sentence("")
        sentence(f"{'✓' if look.held else '✗'} {_(REFERRAL_KINDS[kind])} · {moment(look.at, zone)}")
        for line in look.conditions:
            sentence(f"  {checked_line(*line)}")
    return 0


def _columns(zone: ZoneInfo) -> Sequence[Column[Referral]]:
    return (
        Column(_("Referral"), lambda referral: referral.referral_id),
        Column(_("Kind"), lambda referral: _(REFERRAL_KINDS[referral.kind])),
        Column(_("Claim ID"), lambda referral: referral.claim_id),
        Column(_("Customer"), lambda referral: referral.customer_name),
        Column(
            _("Estimated value"),
            lambda referral: None if referral.estimated_value_usd is None else usd(referral.estimated_value_usd),
            right=True,
        ),
        Column(
            _("Field sellers since"),
            lambda referral: referral.field_sellers_since and moment(referral.field_sellers_since, zone),
        ),
    )
