"""A claim: every field, its deadlines with the rule behind them, and its history, in local days (S-2e, S-6d, S-10)."""

import asyncio
from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from textual.app import App
from textual.binding import Binding
from textual.content import Content

from mci_tui.domain.ids import shown_id
from mci_tui.errors import Refused
from mci_tui.screens import cells
from mci_tui.screens.cells import moment
from mci_tui.screens.mail import MailScreen, mail_line
from mci_tui.screens.page import PageScreen
from mci_tui.screens.payout import payout_lines
from mci_tui.screens.watching import Watching
from mci_tui.services import Services
from mci_tui.services.claims import Claim, ClaimPage, Given, HistoryLine
from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.bars import crumbs
from mci_tui.widgets.section import LabelledLine
from mci_tui.words import DUE, ID_TYPES, PAY, STATUSES, day, days, say, usd

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
}

DECISIONS = {"accepted": ("✓", N_("Accepted")), "declined": ("✗", N_("Declined"))}
"""A customer's answer as mark and word."""


class ClaimRead(NamedTuple):
    """What the page of a claim is made of, with the mark that was taken before it was read."""

    mark: Hashable | None
    page: ClaimPage
    zone: ZoneInfo


def read_claim(services: Services, number: str) -> ClaimRead:
    """Reads the claim with this number. Blocks; raises `Refused`."""
    mark = services.desk.mark()
    return ClaimRead(mark, services.claims.show(number), ZoneInfo(services.settings.show().timezone))


async def open_claim(app: App[Any], services: Services, number: str) -> None:
    """Puts the page of the claim with this number in front. Raises `Refused`."""
    app.push_screen(ClaimScreen(services, await asyncio.to_thread(read_claim, services, number)))


class ClaimScreen(PageScreen, Watching):
    """The page of one claim, which stays up to date."""

    BINDINGS = [
        Binding("enter,m", "mails", N_("Read the mails"), id="claim.mails"),
        Binding("escape,backspace,o,q", "app.pop_screen", N_("Back"), id="claim.back"),
    ]

    def __init__(self, services: Services, read: ClaimRead) -> None:
        super().__init__()
        self.services = services
        self._take(read)

    def _take(self, read: ClaimRead) -> None:
        self._page, self._zone = read.page, read.zone
        self.was_read_at(read.mark)

    def mark(self) -> Hashable | None:
        return self.services.desk.mark()

    async def read_anew(self) -> None:
        try:
            read = await asyncio.to_thread(read_claim, self.services, self._page.claim.claim_id)
        except Refused as refused:
            self.notify(say(refused.why), severity="error", markup=False, timeout=8)
            return
        differs = (read.page, read.zone) != (self._page, self._zone)
        self._take(read)
        if differs:
            await self.draw_anew()
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "mails":
            return True if self._page.mails else None
        return super().check_action(action, parameters)

    def action_mails(self) -> None:
        self.app.push_screen(MailScreen(self._page.mails, self._zone))

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
        yield _("Answer"), _filled(_answer(self._page.answer, self._zone))
        yield _("Mails"), [(moment(mail.asked_at, self._zone), mail_line(mail)) for mail in self._page.mails]
        yield _("History"), [(moment(line.at, self._zone), _told(line)) for line in self._page.history]


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


def _told(line: HistoryLine) -> str:
    event = EVENTS.get(line.what)
    said = f"{line.who}: {_(event) if event else line.what}"
    if "status" in line.changes:
        said += f" → {_(STATUSES[line.changes['status'][1]].name)}"
    if "contact_email" in line.changes:
        said += " · {} → {}".format(*line.changes["contact_email"])
    return safe_text(f"{said}  {line.note}".rstrip())
