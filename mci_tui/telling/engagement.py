"""What is said of an engagement: its days, its limits, whom it takes and what it looks at."""

from typing import Any

from mci_tui.domain.engagements import Condition, Criterion, Engagement
from mci_tui.text import N_, _, safe_text
from mci_tui.words import COMPARISONS, ID_TYPES, days

Line = tuple[str, str]
"""A label and its words."""

ON_THE_LIST = N_("the ID must be on the list of this engagement")
"""What a nomination list asks for."""


def day_lines(engagement: Engagement) -> list[Line]:
    """The days that it gives, each with its name and what they are counted from. S-10"""
    return [
        (_("Consent"), _("%(days)s from the day the claim is made") % {"days": days(engagement.consent_days)}),
        (_("Submission"), _("%(days)s from the day of consent") % {"days": days(engagement.submit_days)}),
        (_("Review"), _("%(days)s from the day of consent") % {"days": days(engagement.review_days)}),
        (_("Dispute"), _("%(days)s from the day of rejection") % {"days": days(engagement.dispute_days)}),
    ]


def limit_lines(engagement: Engagement) -> list[Line]:
    """Its limits, as far as it has any. S-6e"""
    active, in_all = engagement.max_active_claims, engagement.max_total_claims
    found = []
    if active is not None:
        found.append((_("Active claims"), _("at most %(limit)s for one customer") % {"limit": active}))
    if in_all is not None:
        told = _("at most %(limit)s for one customer (open and approved ones)") % {"limit": in_all}
        found.append((_("Claims in all"), told))
    return found


def criterion_line(criterion: Criterion) -> str:
    """A criterion: `seats is at least 300 (Domain name, Tenant ID) – fewer than 300 seats`. S-11d"""
    types = ", ".join(_(name) for id_type, name in ID_TYPES.items() if id_type in criterion.id_types)
    of_types = f" ({types})" if types else ""
    return f"{condition_line(criterion.condition)}{of_types} – {safe_text(criterion.reason)}"


def condition_line(condition: Condition) -> str:
    """A condition: `seats is at least 300`."""
    return comparison(condition.fact, condition.comparison, condition.value)


def checked_line(fact: str, compared: str, value: Any, known: Any, held: bool | None) -> str:
    """A condition with what was known of its fact and whether it held: `✓ seats is at least 300 (500)`. S-7d"""
    found = _("not known") if known is None else _as_written(known)
    return f"{'✓' if held else '✗'} {comparison(fact, compared, value)} ({safe_text(found)})"


def comparison(fact: str, compared: str, value: Any) -> str:
    """A fact, how it is compared, and with what."""
    values = value if isinstance(value, list | tuple) else () if value is None else (value,)
    wanted = ", ".join(map(_as_written, values))
    return safe_text(" ".join(filter(None, (fact, _(COMPARISONS[compared]), wanted))))


def _as_written(value: Any) -> str:
    """A fact as files write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
