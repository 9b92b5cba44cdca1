"""What a wizard is: steps of fields as data, and the questions about them that need no screen."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mci_tui.errors import Reason
from mci_tui.text import N_

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from textual.content import Content

    from mci_tui.screens.wizards.page import StepBody
    from mci_tui.widgets.choice import Option

D = TypeVar("D", bound="DataclassInstance")
R = TypeVar("R")


@dataclass(frozen=True)
class Field(Generic[D]):
    """One answer of the draft.

    `name` is the draft's attribute: a `str`, or a tuple of them with `many`. With `options` (of the draft and of what
    the step's `ask` found) it is a choice, otherwise a line of text. `label`, `placeholder` and a `note` of type `str`
    are marked for translation; what their callables give is shown as it is. A field that does not apply is shown all
    the same once a problem names it.
    """

    name: str
    label: "str | Callable[[D], str]"
    _: KW_ONLY
    options: "Callable[[D, Any], Sequence[Option]] | None" = None
    many: bool = False
    placeholder: str = ""
    max_length: int = 200
    note: "str | Callable[[D, Any], str | Content]" = ""
    column: int = 0
    applies: Callable[[D, Any], bool] | None = None


@dataclass(frozen=True)
class Step(Generic[D]):
    """One page of a wizard.

    `ask` is put to the service, in a thread, before the step is drawn; what it finds goes to every callable of the step
    and never into the draft, but `settle` may fit the draft to it (a default, a choice that fell away). `body` draws
    what fields cannot express, and answers the draft's fields named in `answers`. `columns` are the headings of the
    fields' columns. `instead` gives what the wizard is left with when the operator takes the other way that the step
    offers, or None where it offers none now.
    """

    key: str
    title: str
    _: KW_ONLY
    fields: Sequence[Field[D]] = ()
    columns: Sequence[str] = ()
    ask: Callable[[D], Any] | None = None
    asking: str = N_("Checking …")
    settle: Callable[[D, Any], D] | None = None
    heading: "Callable[[D, Any], str | Content] | None" = None
    body: "Callable[[D, Any], StepBody] | None" = None
    answers: frozenset[str] = frozenset()
    applies: Callable[[D], bool] | None = None
    instead: Callable[[D, Any], Any] | None = None

    @property
    def answered(self) -> frozenset[str]:
        """The draft's fields that this step can mend."""
        return self.answers.union(field.name for field in self.fields)

    def fits(self, draft: D) -> bool:
        """Whether the step applies to `draft`."""
        return self.applies is None or self.applies(draft)


@dataclass(frozen=True)
class Wizard(Generic[D, R]):
    """A draft, the steps that fill it, and what becomes of it.

    `check` is pure and says what is wrong with the draft, field by field. `save`, `keep` (with the key of the step to
    come back to) and `drop` are calls to a service: they may block, and refuse with `Refused`. `kind` names the drafts.
    """

    kind: str
    title: str
    blank: D
    steps: Sequence[Step[D]]
    check: Callable[[D], Mapping[str, Reason]]
    save: Callable[[D], R]
    save_label: str
    keep: Callable[[D, str], None]
    drop: Callable[[], None]
    saving: str = N_("Saving …")

    def steps_for(self, draft: D) -> list[Step[D]]:
        """The steps that apply to `draft`, in order."""
        return [step for step in self.steps if step.fits(draft)]

    def before(self, step: Step[D], draft: D) -> Step[D] | None:
        """The step that Back leads to; none before the first."""
        earlier = self.steps[: self.steps.index(step)]
        return next((one for one in reversed(earlier) if one.fits(draft)), None)

    def after(self, step: Step[D], draft: D) -> Step[D] | None:
        """The step that Next leads to; none after the last."""
        later = self.steps[self.steps.index(step) + 1 :]
        return next((one for one in later if one.fits(draft)), None)

    def wrong(self, step: Step[D], draft: D) -> dict[str, Reason]:
        """What is wrong with `draft` that `step` can mend, field by field."""
        return {name: problem for name, problem in self.check(draft).items() if name in step.answered}

    def mending(self, problems: Iterable[str], draft: D, before: Step[D] | None = None) -> Step[D] | None:
        """The first step that answers one of the fields in `problems`, if it lies before step `before`."""
        names = set(problems)
        steps = self.steps if before is None else self.steps[: self.steps.index(before)]
        return next((step for step in steps if step.fits(draft) and names & step.answered), None)
