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
from mci_tui.telling.claim import answered
from mci_tui.text import N_, _, ngettext, safe_text
from mci_tui.widgets.record_table import Column, RecordTable
from mci_tui.words import day, left, proof_name, say

MAX_ASKED = 150
"""Characters of what the review wrote."""

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

    What is attached is kept at once: another sitting goes on from there. The cursor stands on what comes next. `note`
    is what the review wrote; `lead` leads through a wizard.
    """

    BINDINGS = [
        Binding("enter", "take", N_("Attach, or submit"), id="submission.take", priority=True),
        Binding("escape", "leave", N_("Leave"), id="submission.leave"),
    ]
    AUTO_FOCUS = "RecordTable"

    def __init__(self, services: Services, checklist: Checklist, lead: Lead, note: str = "") -> None:
        super().__init__(classes="modal")
        self._services, self._checklist, self._lead, self._note = services, checklist, lead, note
        self._busy = False

    def compose(self) -> ComposeResult:
        claim = self._checklist.claim
        with Vertical():
            heading = f"{_('Submit claim')} · {claim.claim_id} · {claim.customer_name}"
            yield Static(Content(safe_text(heading)), classes="heading")
            yield Line(_deadline(claim))
            yield Line(_asked(self._note), classes="remark")
            yield RecordTable(_columns(), key=lambda line: line.kind, id="items")
            yield Line(id="trouble", classes="problem")
            yield Line(id="keys", classes="keys")

    def on_mount(self) -> None:
        self._show(self._checklist)
        if not self._note:
            self._go_on()

    def _show(self, checklist: Checklist) -> None:
        self._checklist = checklist
        lines = [_Line(kind, proof) for kind, proof in checklist.items]
        lines.append(_Line(SUBMIT, lacking=len(checklist.missing)))
        table = self.query_one(RecordTable)
        table.styles.height = len(lines) + 1
        table.show(len(lines), lines, lambda _request: ())

    def _go_on(self) -> None:
        """Sends the cursor to the first item that is missing, or to the submission."""
        kinds = [kind for kind, _proof in self._checklist.items]
        missing = self._checklist.missing
        self.query_one(RecordTable).move_to(kinds.index(missing[0]) if missing else len(kinds))

    @on(RecordTable.Moved)
    def _moved(self, event: RecordTable.Moved[_Line]) -> None:
        event.stop()
        if event.row is not None:
            leave = _("Esc Leave, what is attached is kept")
            self.query_one("#keys", Line).put(f"⏎ {_does(event.row)}    {leave}")

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
        claim = self._checklist.claim
        try:
            today = await asyncio.to_thread(self._services.desk.today)
            wizard = proof_item(self._services, claim, line.kind, line.proof, today.isoformat())
            if (checklist := await self._lead(wizard)) is not None:
                self._show(checklist)
                self._go_on()
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
            if refused.problems:
                self._go_on()
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


def _asked(note: str) -> str:
    """What the review wrote, as far as there is room; the claim's page has all of it."""
    short = note if len(note) <= MAX_ASKED else f"{note[:MAX_ASKED]}…"
    return _("The review wrote: %(note)s") % {"note": short} if note else ""


def _does(line: _Line) -> str:
    """What Enter does with a line."""
    if line.kind == SUBMIT:
        return _("Submit claim")
    return _("Replace") if line.proof else _("Attach")


def _columns() -> tuple[Column[_Line], ...]:
    return (
        Column("item", _("Proof"), _item, 26),
        Column("have", _("What is there"), _have, 24, weight=3),
    )


def _item(line: _Line) -> Text:
    if line.kind == SUBMIT:
        return Text(f"▷ {_('Submit claim')}", "bold" if not line.lacking else "muted")
    return Text(f"{'✓' if line.proof else '○'} {proof_name(line.kind)}")


def _have(line: _Line) -> Text:
    if line.kind == SUBMIT:
        if not line.lacking:
            return Text(_("everything is there"))
        needs = ngettext("one item is missing", "%(count)s items are missing", line.lacking)
        return Text(needs % {"count": line.lacking}, "muted")
    if line.proof is None:
        return Text(_("missing"), "muted")
    if line.proof.sha256 is None:
        return Text(safe_text(answered(line.proof)))
    return Text(safe_text(f"{line.proof.file_name} · {_size(line.proof.size or 0)}"))


def _size(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / 1024 / 1024:.1f} MiB" if size >= 1024 * 1024 else f"{max(1, size // 1024)} KiB"
