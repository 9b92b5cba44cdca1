"""The one wizard: it leads through a `Wizard`'s steps, asks and saves off the loop, and loses nothing typed."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Generic, Literal

from textual import on, work
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from mci_tui.errors import Invalid, Refused
from mci_tui.screens.wizards.page import StepBody, StepPage
from mci_tui.screens.wizards.parts import Foot, Line, Trail, problem_lines, said, told
from mci_tui.screens.wizards.sitting import Arrival, Drafts, Order, walk
from mci_tui.screens.wizards.steps import D, R, Step, Wizard
from mci_tui.text import N_, _
from mci_tui.widgets.choice import Choice
from mci_tui.words import say

PATIENCE = 0.2
"""Seconds that an answer may take before the foot line speaks of it; until then keys wait, so typing ahead works."""

Doing = Literal["", "asking", "drawing", "saving", "leaving"]


class WizardScreen(ModalScreen[R | None], Generic[D, R]):
    """Leads through `wizard` and gives what its `save` gave, or `None` if the operator left before.

    With a kept `draft` it asks again what the steps before `at` asked, and stands on the first of them that fails, or
    on `at`; `arrived` is set when that step is drawn. Only `Refused` is expected of the wizard's calls.
    """

    AUTO_FOCUS = ""
    CSS_PATH = "../../styles/wizard.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (72, "-narrow"), (100, "-wide")]
    BINDINGS = [
        Binding("enter", "next_step", N_("Next"), id="wizard.next", priority=True),
        Binding("escape", "step_back", N_("Back"), id="wizard.back"),
        Binding("f10,ctrl+o", "leave", N_("Cancel, keep draft"), id="wizard.leave"),
        Binding("f2,ctrl+r", "instead", N_("Take the other way offered"), id="wizard.instead", show=False),
        Binding("down", "move(1)", N_("Next field"), id="wizard.down", show=False),
        Binding("up", "move(-1)", N_("Previous field"), id="wizard.up", show=False),
        Binding("pagedown", "turn(1)", N_("Page down"), id="wizard.page_down", show=False),
        Binding("pageup", "turn(-1)", N_("Page up"), id="wizard.page_up", show=False),
    ]

    LEAVE = N_("Leave")
    """What Esc does on the first step."""

    def __init__(
        self, wizard: Wizard[D, R], draft: D | None = None, at: str = "", *, arrived: asyncio.Event | None = None
    ) -> None:
        super().__init__(name=wizard.kind)
        self.wizard = wizard
        self.draft: D = wizard.blank if draft is None else draft
        self._asked = self.draft
        self._drafts = Drafts(wizard, kept=draft is not None)
        self._goal = at
        self._step: Step[D] | None = None
        self._found: Mapping[str, Any] = {}
        self._doing: Doing = ""
        self._waiting = ""
        self._arrived = arrived or asyncio.Event()
        self._unkept: Refused | None = None
        self._warned = False
        self._outcome: tuple[R | None] | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="wizard"):
            with Horizontal(id="title"):
                yield Line(told(self.wizard.title), id="name")
                yield Line(id="count")
            yield Trail()
            yield StepPage()
            yield Line(id="trouble", classes="problem")
            yield Foot()

    def on_mount(self) -> None:
        steps = self.wizard.steps_for(self.draft)
        keys = [step.key for step in steps]
        until = keys.index(self._goal) if self._goal in keys else 0
        self._set_off(steps[: until + 1])
        self._frame()

    @property
    def busy(self) -> bool:
        """Whether an answer, the drawing of a step, or a write is under way."""
        return self._doing != ""

    def keep_now(self) -> Refused | None:
        """Keeps the draft as it stands in the fields this moment; it blocks, and gives what speaks against it."""
        return self._order()()

    def dismiss(self, result: R | None = None) -> AwaitComplete:
        """Leaves with `result`; while another screen stands above this one it waits until that has gone."""
        if self.is_active:
            return super().dismiss(result)
        self._outcome = (result,)
        return AwaitComplete()

    def on_screen_resume(self) -> None:
        if self._outcome is not None:
            self.dismiss(*self._outcome)

    async def action_next_step(self) -> None:
        step = self._step
        if self.busy or step is None:
            return
        self._collect()
        if step.key not in self._found:
            await self._go(step)
        elif wrong := self.wizard.wrong(step, self.draft):
            self._show(Invalid(wrong))
        elif following := self.wizard.after(step, self.draft):
            await self._go(following, self._order(following))
        elif wrong := dict(self.wizard.check(self.draft)):
            self._turned_down(Invalid(wrong))
        else:
            self._do("saving", told(self.wizard.saving))
            self._save(self.draft)

    async def action_step_back(self) -> None:
        if self._doing == "asking":
            self._drop_answer()
            if self._step is None:
                self.dismiss(None)
        elif not self.busy and self._step is not None:
            previous = self.wizard.before(self._step, self.draft)
            if previous is None:
                self.action_leave()
            else:
                await self._go(previous, self._order(previous), again=False)

    def action_leave(self) -> None:
        self._drop_answer()
        if not self.busy:
            self._do("leaving", _("Keeping the draft …"))
            self._leave(self._order())

    def action_instead(self) -> None:
        step = self._step
        if self.busy or step is None or step.instead is None:
            return
        self._collect()
        other: R | None = step.instead(self.draft, self._found.get(step.key))
        if other is not None:
            self._do("leaving", _("Keeping the draft …"))
            self._leave(self._order(), other)

    def action_move(self, way: int) -> None:
        self._page.move(way)

    def action_turn(self, way: int) -> None:
        self._page.turn(way)

    async def _go(self, step: Step[D], order: Order | None = None, *, again: bool = True) -> None:
        """Sets off for `step`, and lets keys wait for the arrival as long as patience lasts."""
        self._set_off([step], order, again=again)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._arrived.wait(), PATIENCE)
        self._foot()

    def _set_off(
        self,
        steps: Sequence[Step[D]],
        order: Order | None = None,
        refused: Refused | None = None,
        *,
        again: bool = True,
    ) -> None:
        self._doing = "asking"
        self._waiting = told(next((step.asking for step in steps if step.ask), N_("Keeping the draft …")))
        self._asked = self.draft
        self._arrived.clear()
        self._walk(partial(walk, self.wizard, self.draft, self._found, steps, refused, again=again), order)

    @work(exclusive=True, group="wizard.walk")
    async def _walk(self, way: Callable[[], Arrival[D]], order: Order | None) -> None:
        if order:
            self._unkept = await asyncio.to_thread(order)
        arrival = await asyncio.to_thread(way)
        self._collect()
        if self.draft == self._asked:
            await self._arrive(arrival)
        self._do("")
        self._arrived.set()

    async def _arrive(self, arrival: Arrival[D]) -> None:
        self._doing = "drawing"
        self.draft, self._found = arrival.draft, arrival.found
        if arrival.step is not None or self._step is None:
            self._step = arrival.step or self.wizard.steps_for(self.draft)[0]
            with self.app.batch_update():
                if self._step.key in self._found:
                    await self._page.draw(self._step, self.draft, self._found[self._step.key])
                self._frame()
        self._show(arrival.refused)

    def _turned_down(self, refused: Refused) -> None:
        """Goes back to the step that can mend what the whole draft was refused for."""
        mending = self.wizard.mending(refused.problems, self.draft)
        if mending and (mending is not self._step or mending.ask):
            self._set_off([mending], refused=refused)
            self._foot()
        else:
            self._show(refused)

    @work(group="wizard.write")
    async def _save(self, draft: D) -> None:
        try:
            result = await asyncio.to_thread(self._drafts.save, draft)
        except Refused as refused:
            self._do("")
            self._turned_down(refused)
        else:
            self.dismiss(result)

    @work(group="wizard.write")
    async def _leave(self, order: Order, other: R | None = None) -> None:
        self._unkept = await asyncio.to_thread(order)
        if self._unkept is None or self._warned:
            self.dismiss(other)
            return
        self._warned = True
        self._do("")
        self._show(None, _("Leave once more to go without it."))

    def _order(self, at: Step[D] | None = None) -> Order:
        """The call that keeps the draft as it stands in the fields, to come back to step `at` or to this one."""
        self._collect()
        step = at or self._step
        return self._drafts.order(self.draft, step.key if step else self._goal)

    def _drop_answer(self) -> None:
        if self._doing == "asking":
            self.workers.cancel_group(self, "wizard.walk")
            self._do("")
            self._arrived.set()

    def _collect(self) -> None:
        """Takes what stands in the step's fields into the draft."""
        if self._step is not None:
            self.draft = replace(self.draft, **self._page.answers)

    @on(Input.Changed)
    @on(Choice.Changed)
    @on(StepBody.Changed)
    def _edited(self, event: Message) -> None:
        event.stop()
        self._collect()
        if self.draft != self._asked:
            self._drop_answer()
        if self._page.follow(self.draft):
            self._frame()

    def _show(self, refused: Refused | None, *sentences: str) -> None:
        """Shows everything that is wrong at once: each problem under its field, the rest above the foot line."""
        rest = self._page.mark(refused.problems if refused else {})
        lines = [*(said(refused) if refused else ()), *map(say, rest.values())]
        if self._unkept:
            lines.append(_("The draft is not kept. %(why)s") % {"why": say(self._unkept.why)})
        self.query_one("#trouble", Line).put(problem_lines([*lines, *sentences]))

    @property
    def _page(self) -> StepPage:
        return self.query_one(StepPage)

    def _do(self, doing: Doing, waiting: str = "") -> None:
        self._doing, self._waiting = doing, waiting
        self._foot()

    def _frame(self) -> None:
        """Title, trail and foot line as they are for the present draft."""
        steps = self.wizard.steps_for(self.draft)
        at = steps.index(self._step) if self._step in steps else 0
        numbers = {"number": at + 1, "count": len(steps)}
        self.query_one("#count", Line).put(_("step %(number)s of %(count)s") % numbers)
        self.query_one(Trail).show([told(step.title) for step in steps], at)
        self._foot()

    def _foot(self) -> None:
        step, waits = self._step, self._doing in ("asking", "saving", "leaving")
        first = step is None or self.wizard.before(step, self.draft) is None
        last = step is not None and self.wizard.after(step, self.draft) is None
        back = _("Stop") if self._doing == "asking" else told(self.LEAVE) if first else _("Back")
        unanswered = step is not None and step.key not in self._found
        following = _("Try again") if unanswered else told(self.wizard.save_label) if last else _("Next")
        stoppable = self._doing not in ("saving", "leaving")
        self.query_one(Foot).put(back, following, self._waiting if waits else "", stoppable=stoppable)
