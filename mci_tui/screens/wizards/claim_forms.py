"""The forms of one step by which a claim is moved on: proof, dispute, cancel, decision, recorded answer (S-5h, S-6)."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from textual.content import Content

from mci_tui.domain.claims import STAGES
from mci_tui.domain.consent import LIMITS as ANSWER_LIMITS
from mci_tui.domain.consent import Decision, Recorded
from mci_tui.domain.deciding import DECISIONS, MAX_NOTE
from mci_tui.domain.submission import MAX_FILE, MAX_WHO, SURVEYS, Survey
from mci_tui.errors import Invalid
from mci_tui.screens.wizards.steps import Field, Step, Wizard
from mci_tui.services import Services
from mci_tui.services.claims import Claim
from mci_tui.services.deciding import Cancelled
from mci_tui.services.submitting import Checklist, Proof
from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.choice import Option
from mci_tui.words import proof_name, status_name

R = TypeVar("R")

MAX_PATH = 1000
"""Characters that a path may have."""

FILE, ANSWERED = "file", "answered"
"""How a survey is proved."""


@dataclass(frozen=True, slots=True)
class Item:
    """A proof item to attach, as typed: a file, or for a survey who answered it, and when."""

    way: str = FILE
    path: str = ""
    who: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Why something is done."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision of the review, as typed."""

    decision: str = ""
    on: str = ""
    note: str = ""


def _form(
    services: Services,
    kind: str,
    title: str,
    blank: Any,
    fields: Sequence[Field[Any]],
    save: Callable[[Any], R],
    label: str,
    about: Content | None = None,
) -> Wizard[Any, R]:
    """A wizard of one step, under which stands what it is `about`; what it takes is checked where it is done."""
    heading = (lambda _draft, _found: about) if about else None
    return Wizard(
        kind,
        title,
        blank,
        (Step("form", title, fields=fields, heading=heading),),
        lambda _draft: {},
        save,
        label,
        keep=lambda draft, step: services.memory.keep_draft(kind, step, asdict(draft)),
        drop=lambda: services.memory.drop_draft(kind),
    )


def _about(claim: Claim) -> Content:
    return Content(safe_text(f"{claim.customer_name} · {claim.claim_id} · {claim.engagement_name}"))


def _day(label: str, note: str = "") -> Field[Any]:
    return Field("on", label, max_length=10, placeholder=N_("year-month-day"), note=note)


def proof_item(services: Services, claim: Claim, kind: str, had: Proof | None, today: str) -> Wizard[Any, Checklist]:
    """Attaches a proof item to the claim, in place of the one that it may have. S-6b"""
    survey, number = kind in SURVEYS, claim.claim_id

    def answered(draft: Item, _found: Any) -> bool:
        return survey and draft.way == ANSWERED

    def attach(draft: Item) -> Checklist:
        try:
            if survey and draft.way == ANSWERED:
                return services.submitting.record(number, Survey(kind, draft.who, draft.on))
            return services.submitting.attach(number, {kind: draft.path})
        except Invalid as invalid:
            raise Invalid({"path" if name == kind else name: why for name, why in invalid.problems.items()}) from None

    ways = [Option(ANSWERED, _("Somebody answered it")), Option(FILE, _("It is in a file"))]
    fields: list[Field[Any]] = [
        Field(
            "path",
            N_("File"),
            max_length=MAX_PATH,
            note=_("A file on this machine, of at most %(limit)s MiB.") % {"limit": MAX_FILE // (1024 * 1024)},
            applies=lambda draft, found: not answered(draft, found),
        )
    ]
    if survey:
        fields = [
            Field("way", N_("How it is proved"), options=lambda _draft, _found: ways),
            Field("who", N_("Answered by"), max_length=MAX_WHO, applies=answered),
            replace(_day(N_("On the day")), applies=answered),
            *fields,
        ]

    about = Content.assemble((proof_name(kind), "bold"), " · ", safe_text(f"{claim.customer_name} · {number}"))
    if had is not None:
        before = _("It takes the place of %(before)s.") % {"before": had.file_name or had.who}
        about = Content.assemble(about, "\n", (safe_text(before), "$foreground 60%"))
    blank = Item(ANSWERED if survey else FILE, on=today if survey else "")
    return _form(services, f"proof {number} {kind}", N_("Attach proof"), blank, fields, attach, N_("Attach"), about)


def dispute(services: Services, claim: Claim) -> Wizard[Any, Claim]:
    """Disputes a rejection, with why. S-6a"""
    why = Field[Any]("note", N_("Why the rejection is disputed"), max_length=MAX_NOTE)
    return _form(
        services,
        f"dispute {claim.claim_id}",
        N_("Dispute"),
        Note(),
        (why,),
        lambda draft: services.deciding.dispute(claim.claim_id, draft.note),
        N_("Dispute"),
        _about(claim),
    )


def cancel(services: Services, claim: Claim) -> Wizard[Any, Claim]:
    """Cancels a claim, with why. S-6a"""
    why = Field[Any]("note", N_("Why the claim is cancelled"), max_length=MAX_NOTE)
    return _form(
        services,
        f"cancel {claim.claim_id}",
        N_("Cancel claim"),
        Note(),
        (why,),
        lambda draft: services.deciding.cancel(claim.claim_id, draft.note),
        N_("Cancel claim"),
        _about(claim),
    )


def cancel_all(services: Services, numbers: Sequence[str]) -> Wizard[Any, list[Cancelled]]:
    """Cancels several claims, with one reason for all. S-6a"""
    why = Field[Any]("note", N_("Why these claims are cancelled"), max_length=MAX_NOTE)
    return _form(
        services,
        "cancel marked",
        N_("Cancel claims"),
        Note(),
        (why,),
        lambda draft: services.deciding.cancel_all(numbers, draft.note),
        N_("Cancel claims"),
    )


def decide(services: Services, claim: Claim, disputed: bool, today: str) -> Wizard[Any, Claim]:
    """Records a decision of the review that the claim's status allows. S-6c"""
    moves = STAGES[claim.status].moves
    final = "rejected_final" if disputed else "rejected"
    offered = [name for name, event in DECISIONS.items() if event in moves]
    offered = [name for name in offered if name not in ("rejected", "rejected_final") or name == final]
    options = [Option(name, status_name(name)) for name in offered]
    fields: tuple[Field[Any], ...] = (
        Field("decision", N_("Decision"), options=lambda _draft, _found: options),
        _day(N_("Decided on"), N_("The clocks start on that day.")),
        Field("note", N_("Note"), max_length=MAX_NOTE),
    )
    return _form(
        services,
        f"decide {claim.claim_id}",
        N_("Record decision"),
        Decided(on=today),
        fields,
        lambda draft: services.deciding.decide(claim.claim_id, draft.decision, draft.note, draft.on),
        N_("Record decision"),
        _about(claim),
    )


def record_answer(services: Services, claim: Claim, blank: Recorded) -> Wizard[Any, Claim]:
    """Records an answer that came another way, with its evidence. S-5h"""
    options = [
        Option(Decision.ACCEPTED, _("The customer accepted")),
        Option(Decision.DECLINED, _("The customer declined")),
    ]
    fields: tuple[Field[Any], ...] = (
        Field("decision", N_("Answer"), options=lambda _draft, _found: options),
        Field("who", N_("Given by"), max_length=ANSWER_LIMITS["who"]),
        Field("how", N_("How it came"), max_length=ANSWER_LIMITS["how"], placeholder=N_("by phone, by letter …")),
        _day(N_("On the day")),
        Field("note", N_("What proves it"), max_length=ANSWER_LIMITS["note"]),
    )
    return _form(
        services,
        f"answer {claim.claim_id}",
        N_("Record answer"),
        blank,
        fields,
        services.consent.record,
        N_("Record answer"),
        _about(claim),
    )
