"""Bringing files in (S-11a): the whole file is checked first, then written in one transaction, or not at all."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

from mci_tui.domain.roles import Action
from mci_tui.domain.tables import KINDS
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Invalid, Refused, reason
from mci_tui.services import csv_out
from mci_tui.services.desk import Desk
from mci_tui.services.files import new_file, refuse_taken
from mci_tui.services.importing.catalogue import keep_offers, read_offers, weigh_offers
from mci_tui.services.importing.claims import ClaimsImporter
from mci_tui.services.importing.decisions import DecisionsImporter
from mci_tui.services.importing.directory import DirectoryImporter, OpportunitiesImporter
from mci_tui.services.importing.importer import Importer
from mci_tui.services.importing.lines import Line, Verdict
from mci_tui.services.importing.locations import LocationsImporter
from mci_tui.services.importing.nominations import NominationsImporter
from mci_tui.services.importing.operators import OperatorsImporter
from mci_tui.services.importing.staging import CHUNK, Staging, staging
from mci_tui.services.tables import BAD_COLUMNS, BadRow, Problem, Table
from mci_tui.store.bulk import expect_many_rows
from mci_tui.text import _
from mci_tui.words import number, say

CATALOGUE = "catalogue"
OFFERED = (CATALOGUE, "locations", "operators", "directory", "nominations", "opportunities", "claims", "decisions")
"""The kinds of file that can be brought in."""

TOLD = 1_000
"""How many problems an import names; `Imported.bad_lines` counts all bad lines."""

_EVERY = 50_000

Progress = Callable[[str], None]
"""Is told, on long files, how far an import has come."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file did, or with `check` would do: its lines by what they meant for the workspace.

    `removed` counts what the file replaced by nothing (grants, lines of a nomination list). Unless `written`, the
    workspace is as it was: a check, nothing new, or something bad.
    """

    kind: str
    read: int
    new: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    bad: tuple[Problem, ...] = ()
    bad_lines: int = 0
    written: bool = False


class Imports:
    """Brings files in."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def import_file(
        self,
        kind: str,
        path: Path,
        *,
        check: bool = False,
        bad_rows: Path | None = None,
        progress: Progress | None = None,
    ) -> Imported:
        """Brings in the file of this kind at `path`: all of it, or with `bad_rows` its good lines, the others there.

        With `check` nothing is changed. What is wrong with single lines stands in the answer. Raises `NotAllowed`
        (Incentives admin of all locations, S-1d), and `Refused` for a file that cannot be used as a whole.
        """
        if kind not in OFFERED:
            raise Refused("invalid", reason("import_kind", kind=kind, kinds=", ".join(OFFERED)))
        workspace = self._require_admin(check)
        if kind == CATALOGUE:
            if bad_rows is not None:
                raise Refused("invalid", reason("catalogue_whole_file"))
            return self._import_catalogue(path, check)
        if bad_rows is not None:
            refuse_taken(bad_rows)
        table = Table(path, KINDS[kind])
        importer = self._importer(kind, table, workspace)
        with staging() as stage:
            run = _Run(self._desk, table, importer, stage, progress or (lambda _line: None))
            run.load()
            run.check(partly=bad_rows is not None)
            return run.outcome() if check and bad_rows is None else run.write(bad_rows, check)

    def _require_admin(self, check: bool) -> Workspace:
        """S-1d: who may not import is told before the file is read."""
        with self._desk.reading(Action.ADMINISTER) if check else self._desk.acting(Action.ADMINISTER) as scene:
            return scene.workspace

    def _importer(self, kind: str, table: Table, workspace: Workspace) -> Importer[Any]:
        match kind:
            case "locations":
                return LocationsImporter()
            case "operators":
                return OperatorsImporter()
            case "directory":
                return DirectoryImporter(workspace, table.names)
            case "nominations":
                return NominationsImporter(workspace)
            case "opportunities":
                return OpportunitiesImporter(workspace, table.names)
            case "decisions":
                return DecisionsImporter(workspace, self._desk.clock())
        return ClaimsImporter(workspace, self._desk.clock())

    def _import_catalogue(self, path: Path, check: bool) -> Imported:
        offers = read_offers(path)
        with self._desk.reading(Action.ADMINISTER) as scene:
            verdicts = weigh_offers(scene.tx, offers)
        counted = Counter(verdicts)
        written = not check and counted[Verdict.SAME] < len(offers)
        if written:
            with self._desk.acting(Action.ADMINISTER, alone=True) as scene:
                keep_offers(scene, offers)
                scene.record("import", note=CATALOGUE, changes={str(verdict): n for verdict, n in counted.items()})
        new, changed, same = (counted[verdict] for verdict in Verdict)
        return Imported(CATALOGUE, len(offers), new, changed, same, written=written)


class _Run:
    """One table on its way in, step by step: load, check, write."""

    def __init__(self, desk: Desk, table: Table, importer: Importer[Any], stage: Staging, progress: Progress) -> None:
        self._desk, self._table, self._importer, self._stage, self._progress = desk, table, importer, stage, progress
        self._read = 0
        self._removed = 0

    def load(self) -> None:
        """Reads the file: good lines wait in the staging place, of the bad ones what is wrong."""
        for good in _batches(self._good_lines()):
            self._stage.add(good)
        self._stage.loaded()

    def _good_lines(self) -> Iterator[Line]:
        for row in self._table.rows():
            self._read = self._tell(_("%(count)s lines read"), self._read, 1)
            group = str(row.values.get(self._importer.group_column) or "")
            if isinstance(row, BadRow):
                self._stage.refuse(row.line, {column: why for _line, column, why in row.problems}, group)
                continue
            try:
                yield self._importer.prepare(row.line, row.values)
            except Invalid as invalid:
                self._stage.refuse(row.line, invalid.problems, group)

    def check(self, *, partly: bool) -> None:
        """Compares the lines with each other and, in short looks, with the workspace."""
        stage, importer = self._stage, self._importer
        stage.refuse_shared(importer.ident_column, "id_two_customers")
        stage.refuse_repeated(importer.key_column)
        if importer.about_column:
            stage.refuse_contradicting(importer.about_column, importer.also_column)
        done = 0
        for chunk in stage.chunks():
            with self._desk.store.read() as tx:
                known = importer.look(tx, chunk)
            found = importer.weigh(chunk, known)
            for line, _verdict, problems in found:
                if problems:
                    stage.refuse(line.number, problems, line.group)
            stage.judge((verdict, line.number) for line, verdict, _problems in found if verdict)
            done = self._tell(_("%(count)s lines checked"), done, len(chunk))
        if partly and importer.replaces:
            stage.refuse_touched_groups()
        if partly or not stage.bad_lines():
            with self._desk.store.read() as tx:
                importer.verify(tx, stage)
                self._removed = sum(map(len, importer.strays(tx, stage)))

    def outcome(self, written: bool = False, nothing: bool = False) -> Imported:
        """What the file did, or would do; `nothing`, because something in it is bad."""
        counted = {} if nothing else self._stage.counted()
        return Imported(
            self._importer.kind.name,
            self._read,
            new=counted.get(Verdict.NEW, 0),
            changed=counted.get(Verdict.CHANGED, 0),
            same=counted.get(Verdict.SAME, 0),
            removed=0 if nothing else self._removed,
            bad=tuple(self._stage.problems(TOLD)),
            bad_lines=self._stage.bad_lines(),
            written=written,
        )

    def write(self, bad_rows: Path | None, check: bool) -> Imported:
        """Writes the good lines in one transaction, and the bad ones beside it; with `check` only the latter."""
        counted = self._stage.counted()
        bad = self._stage.bad_lines() > 0
        if bad and bad_rows is None:
            return self.outcome(nothing=True)
        wanted = not check and any((counted.get(Verdict.NEW), counted.get(Verdict.CHANGED), self._removed))
        with ExitStack() as afterwards:
            out = afterwards.enter_context(new_file(bad_rows)) if bad and bad_rows else None
            if out is not None:
                self._write_bad(out)
            if wanted:
                self._write_good(counted)
        return self.outcome(written=wanted)

    def _write_good(self, counted: dict[str, int]) -> None:
        importer, done = self._importer, 0
        with self._desk.acting(Action.ADMINISTER, alone=True) as scene:
            expect_many_rows(scene.tx)
            importer.verify(scene.tx, self._stage)
            for chunk in self._stage.chunks((Verdict.NEW, Verdict.CHANGED)):
                known = importer.look(scene.tx, chunk)
                found = importer.weigh(chunk, known)
                for _line, _verdict, problems in found:
                    if problems:
                        raise Refused("stale", reason("stale"), problems=problems)
                if wanted := [line for line, verdict, _problems in found if verdict is not Verdict.SAME]:
                    importer.keep(scene, wanted, known)
                done = self._tell(_("%(count)s lines written"), done, len(chunk))
            for strays in importer.strays(scene.tx, self._stage):
                importer.drop(scene.tx, strays)
            importer.finish(scene)
            told = {name: times for name, times in {**counted, "removed": self._removed}.items() if times}
            scene.record("import", note=importer.kind.name, changes=told)

    def _write_bad(self, out: BinaryIO) -> None:
        """The bad lines as they stand in the file, each with its number and what is wrong."""
        header = self._table.header
        own = [position for position, name in enumerate(header) if name not in BAD_COLUMNS]
        problems = groupby(self._stage.problems(), key=lambda problem: problem.line)
        rows = self._table.rows()

        def lines() -> Iterator[list[csv_out.Cell]]:
            for line, why in problems:
                cells = next(row.cells for row in rows if row.line == line)
                texts = [csv_out.unguarded(cells[at]) if at < len(cells) else "" for at in own]
                said = " ".join(f"{each.column}: {say(each.why)}" if each.column else say(each.why) for each in why)
                yield [*texts, line, said, *cells[len(header) :]]

        csv_out.write(out, [*(header[at] for at in own), *BAD_COLUMNS], lines())

    def _tell(self, sentence: str, done: int, more: int) -> int:
        """What is done with `more`; told every 50,000 lines."""
        after = done + more
        if after // _EVERY > done // _EVERY:
            self._progress(sentence % {"count": number(after // _EVERY * _EVERY)})
        return after


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) >= CHUNK:
            yield batch
            batch = []
    yield batch
