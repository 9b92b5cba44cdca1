"""What *Send* and *Resend customer consent email* share: the contacts, and the last look at the e-mail (S-5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from mci_tui.domain.consent import YES, Reminder, Sending
from mci_tui.domain.contacts import remarks
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Reason, Refused
from mci_tui.screens.wizards.claim_steps import contacts_step
from mci_tui.screens.wizards.page import Pick, StepBody
from mci_tui.screens.wizards.parts import Line, problem_lines
from mci_tui.screens.wizards.steps import Field, Step
from mci_tui.services import Services
from mci_tui.services.claims import Claim
from mci_tui.text import _, safe_text
from mci_tui.widgets.choice import Choice, Option
from mci_tui.widgets.section import INDENT, LabelledLine, Section
from mci_tui.words import day, days, say, usd

if TYPE_CHECKING:
    from mci_tui.services.consent import Review

BULLET = 4
"""Cells before the lines of the disclaimer."""

GAP = 3
"""Cells between the longest label and what stands beside it."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The claim whose customer is to be asked, and what speaks against the address that it has."""

    claim: Claim
    against: Reason | None


def people_step(services: Services, workspace: Workspace, rehearsed: Reminder, meant: str = "") -> Step[Any]:
    """Everybody's contact data; an unusual address is confirmed under it, but one that is `meant` already. S-5b, S-5e

    What speaks against asking, whatever is typed, is found with the draft `rehearsed`, and said first.
    """

    def begin(_draft: Reminder) -> Begun:
        return Begun(services.claims.show(rehearsed.claim).claim, _against(services, rehearsed))

    def unusual(draft: Reminder) -> str:
        address = draft.contact_email.strip()
        found = [] if address == meant else remarks(address, workspace.free_mail_domains)
        return " ".join(map(say, found))

    confirmed = Field[Any](
        "unusual",
        unusual,
        options=lambda _draft, _found: [Option(YES, _("This address is meant"))],
        many=True,
        applies=lambda draft, _found: bool(unusual(draft)),
    )
    return contacts_step(begin, settle=None, heading=_who, under_email=(confirmed,))


def _against(services: Services, rehearsed: Reminder) -> Reason | None:
    """What speaks against the address that the claim has. Raises `Refused` where it is the same with any address."""
    try:
        services.consent.review(rehearsed)
    except Refused as refused:
        if refused.code in ("too_soon", "too_many"):
            return refused.why
        if not refused.problems:
            raise
    return None


def _who(_draft: Reminder, found: Begun) -> Content:
    claim = found.claim
    who = Content(safe_text(f"{claim.customer_name} · {claim.claim_id} · {claim.engagement_name}"))
    if found.against is None:
        return who
    other = _("Another address can be written to all the same.")
    return Content.assemble(who, "\n", (f"▲ {say(found.against)} {other}", "not bold $text-warning"))


class Tick(Pick):
    """A box that is ticked only when it has been seen: while it is out of view, Space brings it into view."""

    def action_choose(self) -> None:
        if self.screen.can_view_entire(self):
            super().action_choose()
        else:
            self.screen.scroll_to_widget(self, animate=False)


class ReviewMail(StepBody):
    """The e-mail as the customer will read it, to whom it goes, until when it can be answered; and below it, where
    there is one, a `disclaimer` to tick. S-5d, S-5e"""

    def __init__(self, found: "Review", draft: Reminder, disclaimer: Sequence[str] = ()) -> None:
        super().__init__()
        self._found, self._draft, self._disclaimer = found, draft, disclaimer
        self._problem = Line(classes="problem")

    def compose(self) -> ComposeResult:
        yield Line(problem_lines(self._remarks()), classes="remark")
        facts = self._facts()
        yield Section("", facts, INDENT + max(cell_len(label) for label, _value in facts) + GAP)
        letter = self._found.letter
        with Vertical(classes="letter"):
            yield Line(letter.subject, classes="subject")
            yield Line(Content("\n").join(Content(safe_text(line)) for line in letter.text.splitlines()))
        if self._disclaimer:
            yield Section(_("Before it is sent"), [("·", line) for line in self._disclaimer], BULLET)
            yield Tick([Option(YES, _("All of this is so"))], many=True)
            yield self._problem

    def _remarks(self) -> Sequence[str]:
        found = [say(remark) for remark in self._found.remarks]
        if self._found.new_address:
            found.append(
                _("This is another address: every link mailed before becomes void, and a new request goes there.")
            )
        return found

    def _facts(self) -> list[LabelledLine]:
        claim, draft = self._found.claim, self._draft
        facts: list[LabelledLine] = [(_("To"), f"{draft.contact_name.strip()} · {draft.contact_email.strip()}")]
        if isinstance(draft, Sending):
            size = {"amount": usd(int(draft.amount * 100))}
            facts.append((_("Deal size"), _("%(amount)s, which cannot be changed once sent") % size))
        if claim.consent_due_on is not None:
            by = [day(claim.consent_due_on), days(claim.days_left or 0)]
            if not isinstance(draft, Sending):
                by.append(_("as before"))
            facts.append((_("Answer by"), " · ".join(by)))
        return facts

    @on(Choice.Changed)
    def _ticked(self, event: Choice.Changed) -> None:
        event.stop()
        self._problem.put("")
        self.change(disclaimer=event.values)

    def show_problems(self, problems: Mapping[str, Reason]) -> Mapping[str, Reason]:
        rest = dict(problems)
        problem = rest.pop("disclaimer", None) if self._disclaimer else None
        self._problem.put(problem_lines([say(problem)]) if problem else "")
        if problem:
            self.call_after_refresh(self.screen.scroll_to_widget, self._problem, animate=False)
        return rest
