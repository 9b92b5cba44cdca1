"""The steps that fields cannot express: choosing engagements, and the last look at everything."""

from collections.abc import Callable, Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from mci_tui.domain.details import Contacts
from mci_tui.domain.eligibility import Location
from mci_tui.domain.engagements import Pay
from mci_tui.domain.ids import shown_id
from mci_tui.domain.payout import Proposed
from mci_tui.errors import Reason
from mci_tui.screens.payout import payout_lines
from mci_tui.screens.wizards.page import Pick, StepBody
from mci_tui.screens.wizards.parts import Line, problem_lines
from mci_tui.services.verdicts import Verdict
from mci_tui.text import _, ngettext, safe_text
from mci_tui.widgets.choice import Choice, Option
from mci_tui.widgets.section import LabelledLine, Section
from mci_tui.words import LANGUAGES, PAY, day, say, usd

LABEL = 20
"""Cells that the labels of the review take."""


class ChooseEngagements(StepBody):
    """The engagements that are eligible, to choose from, and below them the others with every reason. S-3f

    Several of fixed pay may be chosen, or one of variable pay: another choice then takes its place, and says so.
    `other_way` tells of the way that is open instead, if one is.
    """

    def __init__(self, chosen: Sequence[str], verdicts: Sequence[Verdict], other_way: str = "") -> None:
        super().__init__()
        self._chosen = tuple(chosen)
        self._eligible = {verdict.engagement.code: verdict for verdict in verdicts if verdict.eligible}
        self._others = [verdict for verdict in verdicts if not verdict.eligible]
        self._other_way = other_way
        self._problem = Line(classes="problem")
        self._count = Line(classes="note")

    def compose(self) -> ComposeResult:
        eligible = _("Eligible %(count)s, with the day by which consent is needed") % {"count": len(self._eligible)}
        yield Static(Content(eligible), classes="heading-line")
        if self._eligible:
            choice = Pick([_option(verdict) for verdict in self._eligible.values()], many=True)
            choice.values = self._chosen
            yield choice
        elif not self._other_way:
            yield Line(_("No engagement is eligible by this ID. Another ID of the customer may be."))
        yield self._problem
        yield self._count
        yield Line(self._other_way, classes="remark")
        yield Static(Content(_("Not eligible %(count)s") % {"count": len(self._others)}), classes="heading-line")
        for verdict in self._others:
            yield Line(verdict.engagement.name, classes="other")
            yield Line(problem_lines([say(reason) for reason in verdict.reasons]), classes="against")

    def on_mount(self) -> None:
        self._tell(self._chosen)

    @on(Choice.Changed)
    def _changed(self, event: Choice.Changed) -> None:
        event.stop()
        choice = self.query_one(Pick)
        taken = tuple(code for code in choice.values if code not in self._chosen)
        kept, replaced = together([code for code in choice.values if code in self._chosen], taken, self._variable)
        self._chosen = kept
        if replaced:
            choice.values = kept
        self._problem.put("")
        self._tell(kept, replaced)
        self.change(engagement=kept)

    def _variable(self, code: str) -> bool:
        return self._eligible[code].engagement.pay is Pay.VARIABLE

    def _tell(self, chosen: Sequence[str], replaced: Sequence[str] = ()) -> None:
        words = ngettext("%(count)s chosen · one claim", "%(count)s chosen · one claim each, all or none", len(chosen))
        told = words % {"count": len(chosen)} if chosen else ""
        if replaced:
            names = ", ".join(self._eligible[code].engagement.name for code in replaced)
            told += "\n" + _("Variable pay takes one engagement at a time: this one took the place of %(names)s.") % {
                "names": safe_text(names)
            }
        self._count.put(Content(told))

    def show_problems(self, problems: Mapping[str, Reason]) -> Mapping[str, Reason]:
        rest = dict(problems)
        problem = rest.pop("engagement", None)
        self._problem.put(problem_lines([say(problem)]) if problem else "")
        return rest


def together(
    before: Sequence[str], taken: Sequence[str], variable: Callable[[str], bool]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is chosen once `taken` is chosen beside `before`, and what had to make room: variable pay stands alone."""
    if not taken or not any(variable(code) for code in (*before, *taken)):
        return (*before, *taken), ()
    return tuple(taken[-1:]), tuple(before)


def _option(verdict: Verdict) -> Option:
    consent = _("by %(day)s") % {"day": day(verdict.consent_by, year=False)}
    return Option(verdict.engagement.code, verdict.engagement.name, _joined(_pays(verdict), consent))


def _pays(verdict: Verdict) -> str:
    """What the engagement pays, as far as it is known."""
    if verdict.payout is None:
        return _(PAY[verdict.engagement.pay])
    if verdict.engagement.pay is Pay.VARIABLE:
        return usd(verdict.payout.amount)
    return _("up to %(amount)s") % {"amount": usd(verdict.payout.amount)}


class ReviewClaims(StepBody, can_focus=False):
    """Everything as it will be written: claim, customer, contacts, engagements, and the payout of variable pay. S-3h"""

    def __init__(
        self,
        name: str,
        location: Location,
        customer: Sequence[LabelledLine],
        own: Sequence[str],
        chosen: Sequence[Verdict],
        hours: str,
        remarks: Sequence[Reason],
    ) -> None:
        super().__init__()
        self._claim: list[LabelledLine] = [
            (_("Friendly name"), name),
            (_("Location"), f"{location.id} · {location.name}"),
        ]
        self._customer = [(label, value) for label, value in customer if value]
        self._own = _joined(*own)
        self._chosen, self._hours, self._remarks = chosen, hours, remarks

    def compose(self) -> ComposeResult:
        if self._remarks:
            yield Line(problem_lines([say(remark) for remark in self._remarks]), classes="remark")
        yield Section(_("Claim"), self._claim, LABEL)
        yield Section(_("Customer"), list(self._customer), LABEL)
        yield Section(_("Your company"), [(_("Contact"), self._own)], LABEL)
        yield Section(_("Engagements"), [self._line(verdict) for verdict in self._chosen])
        for verdict in self._chosen:
            if verdict.engagement.pay is Pay.VARIABLE and verdict.payout is not None:
                yield _payout(verdict.payout)

    def _line(self, verdict: Verdict) -> LabelledLine:
        hours = _("%(hours)s hours (cannot be changed later)") % {"hours": self._hours} if self._hours else ""
        consent = _("consent by %(day)s") % {"day": day(verdict.consent_by)}
        return "", _joined(verdict.engagement.name, _pays(verdict), hours, consent)


def _payout(payout: Proposed) -> Section:
    """The proposed payout with every term of it, the limiting one marked. S-3h, S-9"""
    heading = _("Proposed payout %(amount)s") % {"amount": usd(payout.amount)}
    return Section(heading, list(payout_lines(payout.terms, payout.limited_by)))


def company_line(name: str, country: str) -> LabelledLine:
    """The customer's company, and its country where that is known."""
    return _("Company"), f"{name} ({country})" if country else name


def contact_lines(contacts: Contacts) -> list[LabelledLine]:
    """Why this tenant, whom the customer's contact is, and where and in which language they are written to."""
    language = LANGUAGES.get(contacts.contact_language, "")
    return [
        (_("Reason"), contacts.reason),
        (_("Contact"), _joined(contacts.contact_name, contacts.contact_title)),
        (_("Reach"), _joined(contacts.contact_email, contacts.contact_phone, language)),
    ]


def id_line(id_type: str, name: str, value: str) -> LabelledLine:
    """The ID by which the customer is nominated."""
    return _("ID"), f"{name} {shown_id(id_type, value)}"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
