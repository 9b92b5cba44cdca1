"""*Submit claim*: the engagement's proof items as a checklist, each attached for itself, then the submission (S-6b)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mci_tui.errors import Refused
from mci_tui.screens.wizards.claim_forms import proof_item
from mci_tui.screens.wizards.parts import Line, problem_lines, said
from mci_tui.services import Services
from mci_tui.services.claims import Claim
from mci_tui.services.submitting import Checklist, Proof
from mci_tui.text import N_, _, ngettext, safe_text
from mci_tui.widgets.record_table import Column, RecordTable
from mci_tui.words import PROOF, day, left, say

SUBMIT = "submit"
"""The line below the items."""

Lead = Callable[[Any], Awaitable[Any]]


class _Line(NamedTuple):
    """A line of the checklist: an item with what is there of it, or the submission with how many items it lacks."""

    kind: str
    proof: Proof | None = None
    lacking: int = 0


class SubmissionScreen(ModalScreen[Claim | None]):
    """The checklist of a claim; gives the claim once it is submitted, None if the operator left before.

    What is attached is kept at once: another sitting goes on from there. `lead` leads through a wizard.
    """

    BINDINGS = [
        Binding("enter", "take", N_("Attach, or submit"), id="submission.take", priority=True),
        Binding("escape", "leave", N_("Leave"), id="submission.leave"),
    ]
    AUTO_FOCUS = "RecordTable"

    def __init__(self, services: Services, checklist: Checklist, lead: Lead) -> None:
        super().__init__(classes="modal")
        self._services, self._checklist, self._lead = services, checklist, lead
        self._busy = False

    def compose(self) -> ComposeResult:
        claim = self._checklist.claim
        with Vertical():
            heading = f"{_('Submit claim')} · {claim.claim_id} · {claim.customer_name}"
            yield Static(Content(safe_text(heading)), classes="heading")
            yield Static(Content(_deadline(claim)), classes="text")
            yield RecordTable(_columns(), key=lambda line: line.kind, empty="")
            yield Line(id="trouble", classes="problem")
            yield Static(Content(_("⏎ Attach, or submit    Esc Leave, what is attached is kept")), classes="keys")

    def on_mount(self) -> None:
        self._show(self._checklist)

    def _show(self, checklist: Checklist) -> None:
        self._checklist = checklist
        lines = [_Line(kind, proof) for kind, proof in checklist.items]
        lines.append(_Line(SUBMIT, lacking=len(checklist.missing)))
        table = self.query_one(RecordTable)
        table.styles.height = len(lines) + 2
        table.show(len(lines), lines, lambda _request: (), keep_cursor=True)

    @on(RecordTable.Opened)
    def action_take(self) -> None:
        line: _Line | None = self.query_one(RecordTable).current
        if line is None or self._busy:
            return
        self._busy = True
        if line.kind == SUBMIT:
            self._submit()
        else:
            self._attach_item(line)

    def action_leave(self) -> None:
        if not self._busy:
            self.dismiss(None)

    @work(group="submission")
    async def _attach_item(self, line: _Line) -> None:
        claim = self._checklist.claim.claim_id
        try:
            today = await asyncio.to_thread(self._services.desk.today)
            wizard = proof_item(self._services, claim, line.kind, line.proof, today.isoformat())
            if (checklist := await self._lead(wizard)) is not None:
                self._show(checklist)
                self._say(None)
        except Refused as refused:
            self._say(refused)
        finally:
            self._busy = False

    @work(group="submission")
    async def _submit(self) -> None:
        try:
            claim = await asyncio.to_thread(self._services.submitting.submit, self._checklist.claim.claim_id)
        except Refused as refused:
            self._say(refused)
            self._busy = False
        else:
            self.dismiss(claim)

    def _say(self, refused: Refused | None) -> None:
        """What is wrong, a sentence a line."""
        lines = [*said(refused), *map(say, refused.problems.values())] if refused else []
        self.query_one("#trouble", Line).put(problem_lines(lines))


def _deadline(claim: Claim) -> str:
    if claim.due_on is None or claim.days_left is None:
        return _("The review decides next.")
    return _("To be submitted by %(day)s: %(left)s.") % {"day": day(claim.due_on), "left": left(claim.days_left)}


def _columns() -> tuple[Column[_Line], ...]:
    return (
        Column("item", _("Proof"), _item, 30),
        Column("have", _("What is there"), _have, 30, weight=3),
    )


def _item(line: _Line) -> Text:
    if line.kind == SUBMIT:
        return Text(f"▷ {_('Submit claim')}", "bold" if not line.lacking else "muted")
    return Text(f"{'✓' if line.proof else '○'} {_(PROOF[line.kind])}")


def _have(line: _Line) -> Text:
    if line.kind == SUBMIT:
        if not line.lacking:
            return Text(_("everything is there"))
        needs = ngettext("one item is missing", "%(count)s items are missing", line.lacking)
        return Text(needs % {"count": line.lacking}, "muted")
    if line.proof is None:
        return Text(_("missing"), "muted")
    if line.proof.sha256 is None:
        told = _("answered by %(who)s on %(day)s") % {"who": line.proof.who, "day": line.proof.on_day}
        return Text(safe_text(told))
    return Text(safe_text(f"{line.proof.file_name} · {_size(line.proof.size or 0)}"))


def _size(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / 1024 / 1024:.1f} MiB" if size >= 1024 * 1024 else f"{max(1, size // 1024)} KiB"
