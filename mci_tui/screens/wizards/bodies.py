"""The steps that fields cannot express: choosing engagements, and the last look at everything."""

from collections.abc import Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from mci_tui.domain.ids import shown_id
from mci_tui.errors import Reason
from mci_tui.screens.page import Line as PageLine
from mci_tui.screens.page import section
from mci_tui.screens.wizards.page import StepBody
from mci_tui.screens.wizards.parts import Line, problem_lines
from mci_tui.services.adding import Checked, Review
from mci_tui.services.verdicts import Verdict
from mci_tui.text import _, ngettext, safe_text
from mci_tui.widgets.choice import Choice, Option
from mci_tui.words import ID_TYPES, day, say, usd

LABEL = 18
"""Cells that the labels of the review take."""


class ChooseEngagements(StepBody):
    """The engagements that are eligible, to choose from, and below them the others with every reason. S-3f"""

    def __init__(self, chosen: Sequence[str], checked: Checked) -> None:
        super().__init__()
        self._chosen = tuple(chosen)
        self._eligible = [verdict for verdict in checked.verdicts if verdict.eligible]
        self._others = [verdict for verdict in checked.verdicts if not verdict.eligible]
        self._problem = Line(classes="problem")
        self._count = Line(classes="note")

    def compose(self) -> ComposeResult:
        yield Static(Content(_("Eligible %(count)s") % {"count": len(self._eligible)}), classes="heading-line")
        if self._eligible:
            choice = Choice([_option(verdict) for verdict in self._eligible], many=True)
            choice.values = self._chosen
            yield choice
        else:
            yield Static(Content(_("No engagement is eligible by this ID. Another ID of the customer may be.")))
        yield self._problem
        yield self._count
        yield Static(Content(_("Not eligible %(count)s") % {"count": len(self._others)}), classes="heading-line")
        yield Static(Content("\n").join(_against(verdict) for verdict in self._others), classes="note")

    def on_mount(self) -> None:
        self._tell(self._chosen)

    @on(Choice.Changed)
    def _changed(self, event: Choice.Changed) -> None:
        event.stop()
        chosen = tuple(self.query_one(Choice).values)
        self._problem.put("")
        self._tell(chosen)
        self.change(engagement=chosen)

    def _tell(self, chosen: Sequence[str]) -> None:
        words = ngettext("%(count)s chosen · one claim", "%(count)s chosen · one claim each, all or none", len(chosen))
        self._count.put(words % {"count": len(chosen)} if chosen else "")

    def show_problems(self, problems: Mapping[str, Reason]) -> Mapping[str, Reason]:
        rest = dict(problems)
        problem = rest.pop("engagement", None)
        self._problem.put(problem_lines([say(problem)]) if problem else "")
        return rest


def _option(verdict: Verdict) -> Option:
    upto = _("up to %(amount)s") % {"amount": usd(verdict.payout.amount)} if verdict.payout else ""
    consent = _("consent by %(day)s") % {"day": day(verdict.consent_by, year=False)}
    return Option(
        verdict.engagement.code, verdict.engagement.name, " · ".join(part for part in (upto, consent) if part)
    )


def _against(verdict: Verdict) -> Content:
    reasons = [Content(f"    ▲ {say(reason)}") for reason in verdict.reasons]
    return Content("\n").join([Content.styled(f"  {safe_text(verdict.engagement.name)}", "$foreground"), *reasons])


class ReviewAddition(StepBody, can_focus=False):
    """Everything as it will be written. S-3h"""

    def __init__(self, review: Review) -> None:
        super().__init__()
        self._review = review

    def compose(self) -> ComposeResult:
        addition, checked = self._review.addition, self._review.checked
        location = self._review.location
        customer: list[PageLine] = [
            (_("Company"), f"{checked.customer_name} ({checked.country})"),
            (_("ID"), f"{_(ID_TYPES[checked.id_type])} {shown_id(checked.id_type, checked.value)}"),
            (_("Reason"), addition.reason),
            (_("Contact"), _joined(addition.contact_name, addition.contact_title)),
            (_("Reach"), _joined(addition.contact_email, addition.contact_phone)),
        ]
        if self._review.remarks:
            yield Line(problem_lines([say(remark) for remark in self._review.remarks]), classes="remark")
        claim: list[PageLine] = [
            (_("Friendly name"), addition.name),
            (_("Location"), f"{location.id} · {location.name}"),
        ]
        own = _joined(addition.partner_name, addition.partner_email, addition.partner_phone)
        yield Static(section(_("Claim"), claim, LABEL))
        yield Static(section(_("Customer"), [(label, value) for label, value in customer if value], LABEL))
        yield Static(section(_("Your company"), [(_("Contact"), own)], LABEL))
        yield Static(section(_("Engagements"), [_chosen(verdict) for verdict in self._review.chosen]))


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _chosen(verdict: Verdict) -> PageLine:
    upto = _("up to %(amount)s") % {"amount": usd(verdict.payout.amount)} if verdict.payout else ""
    return "", _joined(verdict.engagement.name, upto, _("consent by %(day)s") % {"day": day(verdict.consent_by)})
