"""Proof and submission: items attached over any number of sittings, submitted once all are there (S-6b)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from mci_tui.domain.claims import Event
from mci_tui.domain.roles import Action
from mci_tui.domain.submission import MAX_FILE, MAX_NAME, Survey, check_kind, check_survey, missing
from mci_tui.errors import Invalid, NotFound, Reason, Refused, reason
from mci_tui.services.claims import Claim, claims_by_id
from mci_tui.services.desk import Desk, Scene
from mci_tui.services.files import opened
from mci_tui.services.moving import Held, find, hold, location_of, move_claim
from mci_tui.services.verdicts import safe
from mci_tui.store.engine import Tx
from mci_tui.store.schema import files, proofs
from mci_tui.text import safe_text


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof item as it is kept: a file, or a survey (`who`, `on_day`); `replaced_at` is set once another took its
    place."""

    kind: str
    file_name: str
    sha256: str | None
    size: int | None
    who: str
    on_day: str
    recorded_by: str
    at: datetime
    replaced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """The items that a claim's engagement wants, in its order, each with what is there."""

    claim: Claim
    items: tuple[tuple[str, Proof | None], ...]

    @property
    def missing(self) -> list[str]:
        """The items that are not there yet."""
        return [kind for kind, proof in self.items if proof is None]


@dataclass(frozen=True, slots=True)
class _Read:
    """A file's content, read before the transaction begins."""

    name: str
    content: bytes

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()


class Submitting:
    """Attaches proof, and submits claims."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def checklist(self, number: str) -> Checklist:
        """What the claim's submission needs and has. Raises `NotFound`."""
        with self._desk.reading() as scene:
            return _checklist(scene, find(scene.tx, number))

    def attach(self, number: str, paths: Mapping[str, str]) -> Checklist:
        """Attaches files by the kind of item; a file of the same kind is replaced, and stays in history. S-6b

        Raises `Invalid` (by kind), `NotFound`, `NotAllowed`, `Refused` (`wrong_state`); then nothing is attached.
        """
        location = location_of(self._desk, number, Action.WORK)
        read = _read_all(paths)
        with self._desk.acting(Action.WORK, location) as scene:
            held = hold(scene.tx, number)
            _attach(scene, held, read)
            return _checklist(scene, held)

    def record(self, number: str, survey: Survey) -> Checklist:
        """Records that a survey was answered, with date and who. S-6b. Raises as `attach` does."""
        survey = safe(survey)
        with self._desk.acting(Action.WORK, location_of(self._desk, number, Action.WORK)) as scene:
            held = hold(scene.tx, number)
            _require_kinds(held, [survey.kind])
            if problems := check_survey(survey, scene.today):
                raise Invalid(problems)
            _keep(scene, held, survey.kind, who=survey.who.strip(), on_day=survey.on.strip())
            return _checklist(scene, held)

    def submit(self, number: str, paths: Mapping[str, str] | None = None) -> Claim:
        """Attaches these files, and submits the claim if all items are there: both, or neither. S-6b

        Raises as `attach` does, and `Invalid` naming each item that is missing.
        """
        location = location_of(self._desk, number, Action.WORK)
        read = _read_all(paths or {})
        with self._desk.acting(Action.WORK, location) as scene:
            held = hold(scene.tx, number)
            held.require(Event.SUBMIT)
            _attach(scene, held, read)
            have = [proof.kind for proof in proofs_of(scene.tx, held.row.id) if proof.replaced_at is None]
            if lacking := missing(held.engagement.proof, have):
                raise Invalid({kind: reason("proof_missing", proof=kind) for kind in lacking})
            move_claim(scene, held, Event.SUBMIT, "submitted", values={"submitted_at": scene.now})
            return claims_by_id(scene, [held.row.id])[0]

    def file_of(self, number: str, kind: str) -> bytes:
        """The file that is attached for an item, as it was attached. Raises `NotFound`, `NotAllowed`. S-6b"""
        with self._desk.reading() as scene:
            claim = find(scene.tx, number)
            of_item = (proofs.c.claim_id == claim.row.id) & (proofs.c.kind == kind) & proofs.c.replaced_at.is_(None)
            joined = files.join(proofs, proofs.c.sha256 == files.c.sha256)
            found: bytes | None = scene.tx.scalar(select(files.c.content).select_from(joined).where(of_item))
        if found is None:
            raise NotFound(reason("proof_no_file", claim=claim.row.number, proof=kind))
        return found


def proofs_of(tx: Tx, claim: int) -> tuple[Proof, ...]:
    """Every proof item of a claim, replaced ones too, the first one first."""
    columns = [proofs.c[name] for name in Proof.__dataclass_fields__]
    rows = tx.execute(select(*columns).where(proofs.c.claim_id == claim).order_by(proofs.c.id))
    return tuple(Proof(**row._asdict()) for row in rows)


def _checklist(scene: Scene, held: Held) -> Checklist:
    have = {proof.kind: proof for proof in proofs_of(scene.tx, held.row.id) if proof.replaced_at is None}
    items = tuple((kind, have.get(kind)) for kind in held.engagement.proof)
    return Checklist(claims_by_id(scene, [held.row.id])[0], items)


def _read_all(paths: Mapping[str, str]) -> dict[str, _Read]:
    read: dict[str, _Read] = {}
    problems: dict[str, Reason] = {}
    for kind, path in paths.items():
        try:
            read[kind] = _read(kind, path)
        except Refused as refused:
            problems |= refused.problems or {kind: refused.why}
    if problems:
        raise Invalid(problems)
    return read


def _place(path: str) -> Path:
    """The file that is meant, in full, so that a refusal tells where it was looked for. Terminals quote what is dropped
    on them."""
    quoted = len(path) > 2 and path[0] == path[-1] and path[0] in "'\""
    return Path(path[1:-1] if quoted else path).expanduser().absolute()


def _read(kind: str, path: str) -> _Read:
    """A file's content. Raises `Refused` for what is no plain file, empty, or larger than `MAX_FILE`."""
    if not path.strip():
        raise Invalid({kind: reason("required")})
    place = _place(path.strip())
    with opened(place) as file:
        content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise Invalid({kind: reason("proof_large", path=path, limit=MAX_FILE // (1024 * 1024))})
    if not content:
        raise Invalid({kind: reason("proof_empty", path=path)})
    return _Read(safe_text(place.name)[-MAX_NAME:], content)


def _require_kinds(held: Held, kinds: Sequence[str]) -> None:
    held.require(Event.SUBMIT)
    found = {kind: check_kind(kind, held.engagement.proof) for kind in kinds}
    if problems := {kind: why for kind, why in found.items() if why is not None}:
        raise Invalid(problems)


def _attach(scene: Scene, held: Held, read: Mapping[str, _Read]) -> None:
    _require_kinds(held, list(read))
    for kind, file in read.items():
        digest = file.digest
        if scene.tx.scalar(select(files.c.size).where(files.c.sha256 == digest)) is None:
            scene.tx.execute(insert(files).values(sha256=digest, size=len(file.content), content=file.content))
        _keep(scene, held, kind, file_name=file.name, sha256=digest, size=len(file.content))


def _keep(scene: Scene, held: Held, kind: str, **item: Any) -> None:
    """Keeps an item in place of the one of its kind that there may be, and tells history of both."""
    p = proofs.c
    same = (p.claim_id == held.row.id) & (p.kind == kind) & p.replaced_at.is_(None)
    before = scene.tx.execute(select(p.file_name, p.who, p.sha256).where(same)).one_or_none()
    scene.tx.execute(update(proofs).where(same).values(replaced_at=scene.now))
    kept = {"file_name": "", "sha256": None, "size": None, "who": "", "on_day": "", **item}
    about = {"claim_id": held.row.id, "kind": kind, "recorded_by": scene.login, "at": scene.now}
    scene.tx.execute(insert(proofs).values(**about, **kept))
    old = None if before is None else before.file_name or before.who
    scene.record("proof", claim=held.row.id, changes={kind: [old, kept["file_name"] or kept["who"]]})
