"""What the program refuses, in a form that an operator can be told and a script can read.

A `Reason` is a code and what fills its sentence; `words.say` puts it into the reader's language. A refusal carries
reasons, so that nothing below the screens has to know who reads.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is so: `code` names the sentence, `params` fill it."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)


def reason(code: str, /, **params: Any) -> Reason:
    """A `Reason` written the short way."""
    return Reason(code, params)


class Refused(Exception):
    """A rule, a value or the state of things speaks against what was asked; nothing was changed.

    `code` is one of the error codes of the JSON contract, `why` the sentence. `problems` says what is wrong field by
    field, `reasons` what speaks against which engagement (code of the engagement, reason).
    """

    def __init__(
        self,
        code: str,
        why: Reason,
        *,
        problems: Mapping[str, Reason] | None = None,
        reasons: Iterable[tuple[str, Reason]] = (),
    ) -> None:
        super().__init__(code, why.code)
        self.code = code
        self.why = why
        self.problems = dict(problems or {})
        self.reasons = list(reasons)


class Invalid(Refused):
    """Values are wrong: `problems` names each field with what is wrong and what to do."""

    def __init__(self, problems: Mapping[str, Reason]) -> None:
        super().__init__("invalid", reason("invalid"), problems=problems)


class NotAllowed(Refused):
    """Who asks may not do this: role, grant or read-only mode."""

    def __init__(self, why: Reason) -> None:
        super().__init__("not_allowed", why)


class NotFound(Refused):
    """There is no such thing here."""

    def __init__(self, why: Reason) -> None:
        super().__init__("not_found", why)


class Unusable(Refused):
    """The workspace cannot be used: not one, newer than the program, locked, unreachable, full."""

    def __init__(self, why: Reason) -> None:
        super().__init__("workspace_unusable", why)


class WrongValue(ValueError):
    """One value has not the form that it needs; `why` says what is wrong, with an example."""

    def __init__(self, why: Reason) -> None:
        super().__init__(why.code)
        self.why = why
