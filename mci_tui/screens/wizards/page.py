"""A step as it is drawn: its fields with what is wrong with them, and a body of its own where fields do not do."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Input

from mci_tui.errors import Reason
from mci_tui.screens.wizards.parts import Line, problem_lines, told
from mci_tui.screens.wizards.steps import Field, Step
from mci_tui.text import safe_text
from mci_tui.widgets.choice import Choice
from mci_tui.words import say


class Entry(Input):
    """A line of text: safe whatever is pasted into it, and a paste that is too long keeps what there is room for."""

    def __init__(self, value: str, *, placeholder: str, max_length: int) -> None:
        super().__init__(value, placeholder=placeholder, max_length=max_length, select_on_focus=False, compact=True)
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        return safe_text(value)

    def replace(self, text: str, start: int, end: int) -> None:
        room = self.max_length - len(self.value) + abs(end - start) if self.max_length else len(text)
        super().replace(safe_text(text)[: max(0, room)], start, end)


class Pick(Choice):
    """A choice among other things on a step: at its ends the keys that move lead on, out of it."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action not in ("step", "turn"):
            return super().check_action(action, parameters)
        return bool(self.options) and self.current is not self.options[-1 if parameters == (1,) else 0]


class FieldBox(Vertical):
    """A field on its step: label, entry or choice, what is wrong with it, and its note.

    `value` is what stands in it now. The box shows itself while its field applies, has a problem or has the focus. A
    problem that came while the field applied goes when it ceases to.
    """

    def __init__(self, field: Field[Any], draft: Any, found: Any) -> None:
        super().__init__()
        self.field = field
        self.problem: Reason | None = None
        self._applies = self._applied = False  # now, and when its problem came
        self._found = found
        self._label = Line(classes="label")
        self._wrong = Line(classes="problem")
        self._note = Line(classes="note")
        self.control = self._made(draft)
        self.follow(draft)

    def compose(self) -> ComposeResult:
        yield self._label
        yield self.control
        yield self._wrong
        yield self._note

    @property
    def value(self) -> str | tuple[str, ...]:
        """The draft's value for this field, as it stands in the box."""
        if isinstance(self.control, Entry):
            return self.control.value
        return self.control.values if self.field.many else self.control.value or ""

    def follow(self, draft: Any) -> None:
        """Fits label, options, note and visibility to `draft`."""
        field, found = self.field, self._found
        self._label.put(told(field.label) if isinstance(field.label, str) else field.label(draft))
        self._note.put(told(field.note) if isinstance(field.note, str) else field.note(draft, found))
        if isinstance(self.control, Pick) and field.options:
            options = tuple(field.options(draft, found))
            if options != self.control.options:
                self.control.options = options
        applies = field.applies is None or field.applies(draft, found)
        if self._applied and not applies:
            self.mark(None)
        self._applies = applies
        self.display = applies or self.problem is not None or self.has_focus_within

    def mark(self, problem: Reason | None) -> None:
        """Shows what is wrong under the field, or nothing."""
        self.problem = problem
        self._applied = problem is not None and self._applies
        self._wrong.put(problem_lines([say(problem)]) if problem else "")
        self.display = self.display or problem is not None

    def _made(self, draft: Any) -> Entry | Pick:
        field, value = self.field, getattr(draft, self.field.name)
        if field.options is None:
            return Entry(value, placeholder=told(field.placeholder), max_length=field.max_length)
        pick = Pick(field.options(draft, self._found), many=field.many)
        pick.values = value if field.many else (value,)
        return pick


class StepBody(Vertical):
    """What a step shows that fields cannot express; a subclass composes it from a draft and what was found for it.

    It reports with `change` whenever it changes an answer. The screen rebuilds it each time the step is drawn.
    """

    class Changed(Message):
        """The operator changed `changes` (fields of the draft)."""

        def __init__(self, changes: Mapping[str, Any]) -> None:
            super().__init__()
            self.changes = dict(changes)

    def __init__(self) -> None:
        super().__init__()
        self.changes: dict[str, Any] = {}

    def change(self, **changes: Any) -> None:
        """Reports answers; they are part of the draft from this moment."""
        self.changes |= changes
        self.post_message(self.Changed(changes))

    def show_problems(self, problems: Mapping[str, Reason]) -> Mapping[str, Reason]:
        """Shows what is wrong with the fields that it answers; gives back what it has no place for."""
        return problems


class StepPage(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The part of a wizard that scrolls: one step, drawn from a draft."""

    _boxes: Sequence[FieldBox] = ()
    _body: StepBody | None = None
    _draft: Any = None

    async def draw(self, step: Step[Any], draft: Any, found: Any) -> None:
        """Draws `step` in the place of what was there, and gives its first field the focus."""
        self._draft = draft
        self._boxes = [FieldBox(field, draft, found) for field in step.fields]
        self._space()
        self._body = step.body(draft, found) if step.body else None
        heading = [Line(step.heading(draft, found), classes="heading")] if step.heading else []
        columns = [Horizontal(*self._columns(step.columns), classes="columns")] if self._boxes else []
        await self.remove_children()
        await self.mount(*heading, *columns, *([self._body] if self._body else []))
        self.scroll_home(animate=False)
        self.screen.set_focus(next(iter(self.screen.focus_chain), None), scroll_visible=False)

    @property
    def answers(self) -> dict[str, Any]:
        """What stands in the step now, by field of the draft."""
        values = {box.field.name: box.value for box in self._boxes}
        return values | (self._body.changes if self._body else {})

    def follow(self, draft: Any) -> bool:
        """Fits the fields to `draft`, if it has changed; a problem goes with the value that it was about."""
        before, self._draft = self._draft, draft
        if draft == before:
            return False
        for box in self._boxes:
            if getattr(before, box.field.name) != getattr(draft, box.field.name):
                box.mark(None)
            box.follow(draft)
        self._space()
        return True

    def mark(self, problems: Mapping[str, Reason]) -> Mapping[str, Reason]:
        """Shows all problems at once, each under its field, with the focus on the first; gives back the others."""
        rest = dict(problems)
        for box in self._boxes:
            box.mark(rest.pop(box.field.name, None))
        self._space()
        if first := next((box for box in self._boxes if box.problem), None):
            first.control.focus()
            self.call_after_refresh(self._reveal_problems)
        return self._body.show_problems(rest) if self._body else rest

    def move(self, way: int) -> None:
        """One field on (1) or back (-1); one line, where there is no further field."""
        chain = self.screen.focus_chain
        at = chain.index(self.screen.focused) + way if self.screen.focused in chain else -1
        if 0 <= at < len(chain):
            self.screen.set_focus(chain[at])
        else:
            self.scroll_relative(y=way, animate=False)

    def turn(self, way: int) -> None:
        """One page down or up."""
        self.scroll_relative(y=way * max(1, self.size.height - 1), animate=False)

    def _columns(self, headings: Sequence[str]) -> Iterator[Vertical]:
        for number in range(1 + max(box.field.column for box in self._boxes)):
            heading = Line(told(headings[number]) if number < len(headings) else "", classes="heading")
            yield Vertical(heading, *(box for box in self._boxes if box.field.column == number), classes="column")

    def _space(self) -> None:
        """Sets fields off from each other, but not the last one of a column from what comes below the page."""
        last = {box.field.column: box for box in self._boxes if box.display}
        for box in self._boxes:
            box.set_class(box is last.get(box.field.column), "-last")

    def on_resize(self) -> None:
        self.call_after_refresh(self._reveal)

    def on_descendant_focus(self) -> None:
        self.call_after_refresh(self._reveal)

    def _reveal_problems(self) -> None:
        """Scrolls as many problems into view as there is room for, the first one in any case."""
        if last := next((box for box in reversed(self._boxes) if box.problem), None):
            self.scroll_to_widget(last, animate=False)
        self.call_after_refresh(self._reveal)

    def _reveal(self) -> None:
        """Scrolls the field in hand into view with its label and its problem."""
        box = next((box for box in self._boxes if box.has_focus_within), None)
        if box and box.outer_size.height <= self.size.height:
            self.scroll_to_widget(box, animate=False)
