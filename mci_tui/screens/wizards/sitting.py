"""One sitting at a wizard, without its screen: the way through the steps, and the draft that is kept on it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from threading import Lock
from typing import Any, Generic

from mci_tui.errors import Invalid, Refused
from mci_tui.screens.wizards.steps import D, R, Step, Wizard

Order = Callable[[], Refused | None]


@dataclass(frozen=True)
class Arrival(Generic[D]):
    """Where a walk ended: at `step` (`None`: where it began), with everything found and what was refused on the way."""

    draft: D
    found: Mapping[str, Any]
    step: Step[D] | None
    refused: Refused | None


def walk(
    wizard: Wizard[D, Any],
    draft: D,
    found: Mapping[str, Any],
    steps: Sequence[Step[D]],
    refused: Refused | None = None,
    *,
    again: bool = True,
) -> Arrival[D]:
    """Asks what each of `steps` needs; ends at the last, or before that at the first with which all is not well.

    It blocks as long as the answers take. A refused question leads back to an earlier step that can mend it; where
    there is none, the walk ends at the step before. Without `again`, what was found earlier is not asked again.
    `refused` is what the walk was begun for.
    """
    findings = dict(found)
    here: Step[D] | None = None
    for step in steps:
        if again or step.key not in findings:
            try:
                findings[step.key] = step.ask(draft) if step.ask else None
            except Refused as turned_down:
                mending = wizard.mending(turned_down.problems, draft, before=step)
                if mending is None:
                    return Arrival(draft, findings, here, turned_down)
                return walk(wizard, draft, findings, [mending], turned_down)
            draft = step.settle(draft, findings[step.key]) if step.settle else draft
        here = step
        if step is not steps[-1] and (wrong := wizard.wrong(step, draft)):
            return Arrival(draft, findings, here, Invalid(wrong))
    return Arrival(draft, findings, here, refused)


class Drafts(Generic[D, R]):
    """Keeps the draft of one sitting, from any thread: a later order makes an earlier one void, saving all of them."""

    def __init__(self, wizard: Wizard[D, R], *, kept: bool) -> None:
        self._wizard = wizard
        self._kept = kept
        self._saved = False
        self._orders = count(1)
        self._latest = 0
        self._lock = Lock()

    def order(self, draft: D, key: str) -> Order:
        """A blocking call that keeps `draft` for step `key`, and gives back what speaks against that.

        A blank draft is not worth keeping: what was kept of it is dropped.
        """
        number = next(self._orders)

        def keep() -> Refused | None:
            with self._lock:
                if self._saved or number < self._latest:
                    return None
                self._latest = number
                try:
                    self._keep(draft, key)
                except Refused as refused:
                    return refused
            return None

        return keep

    def save(self, draft: D) -> R:
        """Saves `draft` and drops what is kept of it for good. It blocks; it raises what the wizard's `save` does."""
        result = self._wizard.save(draft)
        with self._lock:
            self._saved = True
            with suppress(Refused):
                self._wizard.drop()
        return result

    def _keep(self, draft: D, key: str) -> None:
        if draft != self._wizard.blank:
            self._wizard.keep(draft, key)
            self._kept = True
        elif self._kept:
            self._wizard.drop()
            self._kept = False
