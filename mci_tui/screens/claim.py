"""A claim: every field, its deadlines with the rule behind them, and its history, in local days (S-2e, S-6d, S-10)."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from textual.binding import Binding
from textual.content import Content

from mci_tui.domain.ids import shown_id
from mci_tui.screens import cells
from mci_tui.screens.page import PageScreen
from mci_tui.screens.payout import payout_lines
from mci_tui.services.claims import Claim, ClaimPage, HistoryLine
from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.bars import crumbs
from mci_tui.widgets.section import LabelledLine
from mci_tui.words import DUE, ID_TYPES, PAY, STATUSES, day, days, usd

EVENTS = {
    "added": N_("customer added"),
    "requested": N_("customer requested"),
    "imported": N_("brought along"),
    "lapse": N_("deadline passed"),
}


class ClaimScreen(PageScreen):
    """The page of one claim; `zone` is the workspace's time zone."""

    BINDINGS = [Binding("escape,backspace,o,q", "app.pop_screen", N_("Back"), id="claim.back")]

    def __init__(self, page: ClaimPage, zone: str) -> None:
        super().__init__()
        self._page = page
        self._zone = ZoneInfo(zone)

    def headline(self) -> tuple[Content, Content]:
        claim = self._page.claim
        words = STATUSES[claim.status]
        return crumbs(claim.engagement_name, claim.claim_id), Content(f"{words.mark} {_(words.name)}")

    def sections(self) -> Iterable[tuple[str, list[LabelledLine]]]:
        claim = self._page.claim
        yield _("Claim"), _filled(_claim(claim))
        yield _("Terms of the payout"), list(payout_lines(self._page.payout_terms, claim.payout_limited_by))
        yield _("Customer"), _filled(_customer(claim))
        yield _("Days"), _filled(_clocks(claim, self._zone))
        yield _("Your company"), _filled([(_("Contact"), _person(claim, "partner"))])
        yield _("History"), [(_moment(line.at, self._zone), _told(line)) for line in self._page.history]


def _filled(lines: Iterable[LabelledLine]) -> list[LabelledLine]:
    return [(label, value) for label, value in lines if value]


def _claim(claim: Claim) -> Iterable[LabelledLine]:
    yield _("Status"), Content.styled(cells.status(claim.status).plain, "bold")
    if claim.due_what is not None and claim.days_left is not None and claim.due_on is not None:
        due = {"what": _(DUE[claim.due_what]), "day": day(claim.due_on), "left": days(claim.days_left)}
        yield _("Due"), _("%(what)s by %(day)s (%(left)s left)") % due
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


def _clocks(claim: Claim, zone: ZoneInfo) -> Iterable[LabelledLine]:
    for label, due in (
        (_("Consent"), claim.consent_due_on),
        (_("Submission"), claim.submit_due_on),
        (_("Review"), claim.review_due_on),
        (_("Dispute"), claim.dispute_due_on),
    ):
        if due is not None:
            yield label, _("by %(day)s") % {"day": day(due)}
    for label, at in (
        (_("Made"), claim.created_at),
        (_("Consent given"), claim.consent_at),
        (_("Ended"), claim.ended_at),
    ):
        if at is not None:
            yield label, day(at.astimezone(zone).date())


def _moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{day(local.date())}, {local:%H:%M}"


def _told(line: HistoryLine) -> str:
    event = EVENTS.get(line.what)
    said = f"{line.who}: {_(event) if event else line.what}"
    if "status" in line.changes:
        said += f" → {_(STATUSES[line.changes['status'][1]].name)}"
    return safe_text(f"{said}  {line.note}".rstrip())
