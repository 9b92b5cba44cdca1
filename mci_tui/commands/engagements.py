"""`engagements`: the programme's offers."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Any

from mci_tui.commands.call import Call
from mci_tui.commands.printing import Column, document, facts, listing, sentence, table
from mci_tui.domain.engagements import Condition, Engagement, Payout, Referral
from mci_tui.domain.money import usd
from mci_tui.services.engagements import Counts, EngagementRow
from mci_tui.services.exporting import engagement_row
from mci_tui.telling.engagement import ON_THE_LIST, criterion_line, day_lines, limit_lines
from mci_tui.text import _, safe_text
from mci_tui.words import ID_TYPES, PAY, PROOF, day, number
from mci_tui.words import usd as spoken_usd

Line = tuple[EngagementRow, Counts]


def list_engagements(call: Call, _asked: Namespace) -> int:
    """Prints every engagement with its counts."""
    with call.services() as services:
        rows = services.engagements.list()
        counts = services.engagements.counts()
    lines = [(row, counts[row.code]) for row in rows]
    if call.json:
        listing(len(lines), (engagement_row(*line) for line in lines))
    elif lines:
        table(_columns(), lines)
    else:
        sentence(_("No engagements yet. Bring the programme in: mci-tui import catalogue FILE"))
    return 0


def show_engagement(call: Call, asked: Namespace) -> int:
    """Prints all that is known of an engagement."""
    with call.services() as services:
        line = services.engagements.show(asked.code), services.engagements.counts(asked.code)[asked.code]
    if call.json:
        document(engagement_row(*line) | _definition(line[0].engagement))
    else:
        _tell(line)
    return 0


def _columns() -> Sequence[Column[Line]]:
    return (
        Column(_("Code"), lambda line: line[0].code),
        Column(_("Name"), lambda line: line[0].engagement.name, wide=True),
        Column(_("Solution area"), lambda line: line[0].engagement.solution_area, wide=True),
        Column(_("Pay"), lambda line: _(PAY[line[0].engagement.pay]), wide=True),
        Column(_("Runs"), lambda line: _("yes") if line[0].active else _("no")),
        Column(_("Sites"), lambda line: f"{line[0].locations_eligible}/{line[0].locations_enrolled}", wide=True),
        Column(_("Eligible"), lambda line: number(line[1].eligible), right=True),
        Column(_("Not eligible"), lambda line: _count(line[1].not_eligible), right=True),
        Column(_("Complete"), lambda line: number(line[1].complete), right=True),
    )


def _count(value: int | None) -> str | None:
    return None if value is None else number(value)


def _definition(engagement: Engagement) -> dict[str, Any]:
    """What the catalogue says, under the catalogue's names."""
    return {
        "summary": engagement.summary,
        "partner_qualification": engagement.partner_qualification,
        "customer_qualification": engagement.customer_qualification,
        "links": [{"title": title, "url": url} for title, url in engagement.links],
        "id_types": engagement.id_types,
        "consent_days": engagement.consent_days,
        "submit_days": engagement.submit_days,
        "review_days": engagement.review_days,
        "dispute_days": engagement.dispute_days,
        "max_active_claims": engagement.max_active_claims,
        "max_total_claims": engagement.max_total_claims,
        "proof": engagement.proof,
        "locations": "all" if engagement.locations is None else sorted(engagement.locations),
        "nomination_list": engagement.nomination_list,
        "criterion": [
            _condition(criterion.condition) | {"id_types": sorted(criterion.id_types), "reason": criterion.reason}
            for criterion in engagement.criteria
        ],
        "payout": _payout(engagement.payout),
        "referral": _referral(engagement.referral),
    }


def _condition(condition: Condition) -> dict[str, Any]:
    return {"fact": condition.fact, "is": condition.comparison, "value": condition.value}


def _payout(payout: Payout) -> dict[str, Any]:
    def by_market(amounts: Mapping[str, int] | None) -> dict[str, str] | None:
        return None if amounts is None else {market: usd(amount) for market, amount in amounts.items()}

    return {
        "fixed": by_market(payout.fixed),
        "hourly": by_market(payout.hourly),
        "percent_of_acv": payout.percent_of_acv,
        "cap": None if payout.cap is None else usd(payout.cap),
        "min_hours": payout.min_hours,
        "max_hours": payout.max_hours,
    }


def _referral(referral: Referral) -> dict[str, Any]:
    return {
        "create": referral.create,
        "create_when": [_condition(condition) for condition in referral.create_when],
        "co_sell": referral.co_sell,
        "co_sell_when": [_condition(condition) for condition in referral.co_sell_when],
    }


def _tell(line: Line) -> None:
    row, counts = line
    engagement = row.engagement
    sentence(f"{safe_text(engagement.name)} · {_(PAY[engagement.pay])}")
    if engagement.summary:
        sentence(safe_text(engagement.summary))
    sentence("")
    runs = _("from %(start)s to %(end)s") % {"start": day(engagement.starts_on), "end": day(engagement.ends_on)}
    places = _("%(eligible)s of %(enrolled)s enrolled locations")
    facts(
        [
            (_("Code"), engagement.code),
            (_("Solution area"), engagement.solution_area),
            (_("Your role"), engagement.partner_role),
            (_("Runs"), runs if row.active else _("%(runs)s: not today") % {"runs": runs}),
            (_("Pays"), _pays(engagement.payout)),
            (_("Nominated by"), ", ".join(_(ID_TYPES[id_type]) for id_type in engagement.id_types)),
            (_("Delivered from"), places % {"eligible": row.locations_eligible, "enrolled": row.locations_enrolled}),
            *day_lines(engagement),
            *limit_lines(engagement),
            (_("Nomination list"), _(ON_THE_LIST) if engagement.nomination_list else ""),
            *((_("Criterion"), criterion_line(each)) for each in engagement.criteria),
            (_("Proof"), ", ".join(_(PROOF[kind]) for kind in engagement.proof)),
            (_("Your company"), engagement.partner_qualification),
            (_("The customer"), engagement.customer_qualification),
            *((_("See"), f"{title}: {url}") for title, url in engagement.links),
            (_("Eligible"), number(counts.eligible)),
            (_("Not eligible"), _count(counts.not_eligible)),
            (_("Complete"), number(counts.complete)),
        ]
    )


def _pays(payout: Payout) -> str:
    """The terms of the payout in words; for variable pay the lowest of them counts."""
    if payout.fixed is not None:
        return " · ".join(f"{market} {spoken_usd(amount)}" for market, amount in payout.fixed.items())
    terms = []
    if payout.percent_of_acv is not None:
        terms.append(_("%(percent)s %% of the opportunity's ACV") % {"percent": payout.percent_of_acv})
    if payout.hourly is not None:
        rates = ", ".join(f"{market} {spoken_usd(rate)}" for market, rate in payout.hourly.items())
        terms.append(_("%(rates)s an hour") % {"rates": rates})
    if payout.cap is not None:
        terms.append(_("at most %(cap)s") % {"cap": spoken_usd(payout.cap)})
    return " · ".join(terms)
