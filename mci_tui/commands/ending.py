"""`claims proof`, `submit`, `decide`, `dispute` and `cancel`: a claim on its way to its end (S-6)."""

from argparse import Namespace
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from mci_tui.commands.asking import tell_claim
from mci_tui.commands.call import Call
from mci_tui.commands.claims import whole
from mci_tui.commands.printing import document, facts
from mci_tui.domain.submission import Survey
from mci_tui.errors import Invalid, Refused, reason
from mci_tui.services.files import new_file
from mci_tui.telling.claim import answered
from mci_tui.text import _
from mci_tui.words import PROOF

if TYPE_CHECKING:
    from mci_tui.services import Services
    from mci_tui.services.submitting import Checklist, Proof


def proof(call: Call, asked: Namespace) -> int:
    """Attaches files, or records that a survey was answered; then tells what is still missing. S-6b

    Or writes what is attached to new files.
    """
    if len([each for each in (asked.files, asked.record, asked.saved) if each]) != 1:
        raise Refused("invalid", reason("proof_what"))
    if asked.saved:
        return _save(call, asked)
    call.require_writable()
    with call.services() as services:
        if asked.record:
            survey = Survey(asked.record.replace("-", "_"), asked.who or "", asked.on or "")
            checklist = _record(services, asked.claim, survey)
        else:
            checklist = services.submitting.attach(asked.claim, _paths(asked.files, "files"))
        if call.json:
            document(whole(services.claims.show(checklist.claim.claim_id)))
        else:
            _tell(checklist)
    return 0


def _save(call: Call, asked: Namespace) -> int:
    """Writes what is attached to new files: all of them, or none."""
    with call.services() as services:
        wanted = _paths(asked.saved, "saved")
        contents = {kind: services.submitting.file_of(asked.claim, kind) for kind in wanted}
        with ExitStack() as written:
            for kind, content in contents.items():
                written.enter_context(new_file(Path(wanted[kind]))).write(content)
        if call.json:
            document(whole(services.claims.show(asked.claim)))
        else:
            facts((_(PROOF[kind]), path) for kind, path in wanted.items())
    return 0


def _record(services: "Services", claim: str, survey: Survey) -> "Checklist":
    """Records a survey; what is wrong with its kind is wrong with the option that names it."""
    try:
        return services.submitting.record(claim, survey)
    except Invalid as invalid:
        names = {"kind": "record", survey.kind: "record"}
        raise Invalid({names.get(field, field): why for field, why in invalid.problems.items()}) from None


def submit(call: Call, asked: Namespace) -> int:
    """Submits a claim, with what is attached here: both, or neither. S-6b"""
    call.require_writable()
    with call.services() as services:
        claim = services.submitting.submit(asked.claim, _paths(asked.files or (), "files"))
        return tell_claim(call, services, claim)


def decide(call: Call, asked: Namespace) -> int:
    """Records the review's decision. S-6c"""
    call.require_writable()
    with call.services() as services:
        claim = services.deciding.decide(asked.claim, asked.decision, asked.note or "", asked.on or None)
        return tell_claim(call, services, claim)


def dispute(call: Call, asked: Namespace) -> int:
    """Disputes a rejection. S-6a"""
    call.require_writable()
    with call.services() as services:
        return tell_claim(call, services, services.deciding.dispute(asked.claim, asked.note or ""))


def cancel(call: Call, asked: Namespace) -> int:
    """Cancels a claim that was never submitted. S-6a"""
    call.require_writable()
    with call.services() as services:
        return tell_claim(call, services, services.deciding.cancel(asked.claim, asked.note or ""))


def _paths(written: Sequence[str], option: str) -> dict[str, str]:
    """`KIND=FILE` as (kind, file). Raises `Invalid` where one is not of that form, or a kind stands twice."""
    found: dict[str, str] = {}
    for each in written:
        kind, equals, path = each.partition("=")
        kind = kind.strip().replace("-", "_")
        if not equals or not path or kind in found:
            raise Invalid({option: reason("proof_form", value=each)})
        found[kind] = path
    return found


def _tell(checklist: "Checklist") -> None:
    facts((_(PROOF[kind]), _item(item)) for kind, item in checklist.items)


def _item(item: "Proof | None") -> str:
    if item is None:
        return _("missing")
    return item.file_name or answered(item)
