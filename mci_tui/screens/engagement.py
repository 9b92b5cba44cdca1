"""What an engagement is: pay, days, limits, criteria, proof."""

from collections.abc import Iterable

from textual.binding import Binding
from textual.content import Content

from mci_tui.domain.engagements import Engagement
from mci_tui.screens.page import PageScreen
from mci_tui.services import Services
from mci_tui.services.engagements import EngagementRow
from mci_tui.telling.engagement import ON_THE_LIST, condition_line, criterion_line, day_lines, limit_lines
from mci_tui.text import N_, _
from mci_tui.widgets.bars import crumbs
from mci_tui.widgets.section import LabelledLine
from mci_tui.words import ID_TYPES, PAY, PROOF, day, number, usd


class EngagementScreen(PageScreen):
    """The summary of one engagement."""

    BINDINGS = [
        Binding("enter,c", "customers", N_("Customers"), id="engagement.customers"),
        Binding("escape,backspace,i,q", "app.pop_screen", N_("Back"), id="engagement.back"),
    ]

    def __init__(self, services: Services, row: EngagementRow, *, from_page: bool = False) -> None:
        super().__init__()
        self._services, self._row, self._from_page = services, row, from_page

    def headline(self) -> tuple[Content, Content]:
        engagement = self._row.engagement
        state = _("active") if self._row.active else _("closed")
        return crumbs(engagement.name, _("About it")), Content(f"{_(PAY[engagement.pay])} · {state}")

    def sections(self) -> Iterable[tuple[str, list[LabelledLine]]]:
        engagement = self._row.engagement
        yield _("Engagement"), self._about(engagement)
        yield _("Pay"), list(_pay(engagement))
        yield _("Days"), list(day_lines(engagement))
        yield _("Customers"), list(_customers(engagement))
        yield _("Criteria"), [("", criterion_line(each)) for each in engagement.criteria]
        yield _("Proof for the submission"), [("", ", ".join(_(PROOF[item]) for item in engagement.proof))]
        yield _("Referral"), list(_referral(engagement))
        yield _("More"), [(title, url) for title, url in engagement.links]

    def _about(self, engagement: Engagement) -> list[LabelledLine]:
        row = self._row
        dates = {"start": day(engagement.starts_on), "end": day(engagement.ends_on)}
        places = {"eligible": row.locations_eligible, "enrolled": row.locations_enrolled}
        lines: list[LabelledLine] = [
            (_("Code"), engagement.code),
            (_("Solution area"), engagement.solution_area),
            (_("Partner role"), engagement.partner_role),
            (_("Runs"), _("%(start)s to %(end)s") % dates),
            (_("Locations"), _("%(eligible)s of %(enrolled)s enrolled ones are eligible") % places),
            (_("Summary"), engagement.summary),
            (_("For partners"), engagement.partner_qualification),
            (_("For customers"), engagement.customer_qualification),
        ]
        return [(label, value) for label, value in lines if value]

    def action_customers(self) -> None:
        from mci_tui.screens.customers import CustomersScreen

        self.app.pop_screen()
        if not self._from_page:
            self.app.push_screen(CustomersScreen(self._services, self._row))


def _pay(engagement: Engagement) -> Iterable[LabelledLine]:
    pays = engagement.payout
    markets = {name: ", ".join(sorted(countries)) for name, countries in engagement.markets}
    for label, amounts in ((_("Market %(name)s"), pays.fixed), (_("Per hour, market %(name)s"), pays.hourly)):
        for name, amount in (amounts or {}).items():
            yield label % {"name": name}, f"{usd(amount)}   {markets.get(name, _('every other country'))}"
    if pays.percent_of_acv is not None:
        yield _("Of the ACV"), f"{pays.percent_of_acv} %"
    if pays.cap is not None:
        yield _("At most"), usd(pays.cap)
    if pays.min_hours is not None and pays.max_hours is not None:
        yield _("Hours"), f"{number(pays.min_hours)}–{number(pays.max_hours)}"


def _customers(engagement: Engagement) -> Iterable[LabelledLine]:
    yield _("Nominated by"), ", ".join(_(ID_TYPES[id_type]) for id_type in engagement.id_types)
    yield from limit_lines(engagement)
    if engagement.nomination_list:
        yield _("Nomination list"), _(ON_THE_LIST)


def _referral(engagement: Engagement) -> Iterable[LabelledLine]:
    referral = engagement.referral
    if referral.create:
        conditions = "; ".join(map(condition_line, referral.create_when)) or _("always")
        yield _("Partner-led when"), conditions
    if referral.co_sell:
        yield _("Co-sell when"), "; ".join(map(condition_line, referral.co_sell_when)) or _("always")
