"""Exports: what a list shows as CSV, JSON or XLSX, page by page, whole or not there, and exact to bring in again."""

import csv
import json
import os
import random
import resource
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mci_tui import samples
from mci_tui.domain.claims import Status
from mci_tui.domain.eligibility import Tab
from mci_tui.errors import NotAllowed, NotFound, Refused, reason
from mci_tui.services import Services, exporting, services_at
from mci_tui.services.claims import COLUMNS, Claim, ClaimQuestion
from mci_tui.services.customers import PageQuestion
from mci_tui.services.desk import Desk
from mci_tui.services.exporting import (
    CUSTOMER_COLUMNS,
    ENGAGEMENT_COLUMNS,
    Format,
    Source,
    claim_row,
    customer_row,
    engagement_row,
    every_claim,
    every_customer,
    export,
    suggested,
)
from mci_tui.text import use_language
from tests.conftest import LOGIN, MovingClock, new_workspace
from tests.factories import guid
from tests.services.importing_kit import Bench, counted
from tests.services.xlsx_kit import shown_elsewhere

CLOUD = "cloud-migration-assessment"
HOSTILE = {
    "claim_name": '=HYPERLINK("http://x","y")',
    "contact_name": "'=1+1",
    "contact_title": "＠ \x1b[31m\u202e_x0041_",
    "contact_phone": "+39 02 1234567",
    "partner_name": "''- <b>&amp;",
    "reason": 'a;b,c "d"\n\'e',
}


@pytest.fixture
def bench(services: Services, tmp_path: Path, clock: MovingClock) -> Bench:
    """The sample workspace."""
    made = Bench(services.desk, tmp_path)
    for kind, path in samples.write_files(tmp_path, clock().date()).items():
        made.bring_file(kind, path)
    return made


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder of its own for what goes out."""
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def of(name: str = "list", rows: Sequence[Mapping[str, Any]] = ({"a": "x", "b": 3, "c": None},)) -> Source:
    """A list to export."""
    return Source(name, tuple(rows[0]), lambda: rows)


def customers_of(services: Services, tab: Tab = Tab.ELIGIBLE, columns: Sequence[str] = CUSTOMER_COLUMNS) -> Source:
    question = PageQuestion(CLOUD, tab)
    return Source("customers", columns, lambda: map(customer_row, every_customer(services.customers, question)))


def claims_of(services: Services, **asked: Any) -> Source:
    question = ClaimQuestion(**asked)
    return Source("claims", COLUMNS, lambda: map(claim_row, every_claim(services.claims, question)))


@pytest.mark.parametrize("format_", Format)
def test_every_format_holds_the_same_rows(format_: Format, bench: Bench, services: Services, out: Path) -> None:
    """S-11b"""
    columns = ("customer_name", "status", "days_left", "reasons")
    rows = services.customers.rows
    for tab in Tab:
        path = out / f"{tab.name}.{format_}"
        asked = PageQuestion(CLOUD, tab)
        names = [row.customer_name for row in rows(asked, exporting_place())]
        assert export(customers_of(services, tab, columns), format_, path) == len(names) > 0
        match format_:
            case Format.CSV:
                with path.open(encoding="utf-8-sig", newline="") as file:
                    header, *lines = csv.reader(file)
                found = [line[0].removeprefix("'") for line in lines]
            case Format.XLSX:
                header, *lines = shown_elsewhere(path)
                found = [line[0] for line in lines]
            case Format.JSON:
                document = json.loads(path.read_text())
                assert document["total"] == len(names)
                header, found = list(document["rows"][0]), [row["customer_name"] for row in document["rows"]]
        assert tuple(header) == columns
        assert found == names


def exporting_place() -> Any:
    """All rows of a page at once."""
    from mci_tui.services.customers import Place

    return Place(limit=10_000)


def test_reasons_are_sentences_in_tables_and_codes_for_scripts(bench: Bench, services: Services, out: Path) -> None:
    """S-2c, S-11b"""
    source = customers_of(services, Tab.NOT_ELIGIBLE, ("reasons",))
    export(source, Format.JSON, out / "why.json")
    export(source, Format.XLSX, out / "why.xlsx")
    codes = [row["reasons"] for row in json.loads((out / "why.json").read_text())["rows"]]
    said = [line[0] for line in shown_elsewhere(out / "why.xlsx")[1:]]
    assert said == ["; ".join(each["text"] for each in row) for row in codes]
    assert {each["code"] for row in codes for each in row} > {"active_claim_limit"}


def test_money_and_dates_are_such_in_a_workbook(bench: Bench, services: Services, out: Path) -> None:
    """S-11b"""
    assert export(claims_of(services, statuses=(Status.APPROVED,)), Format.XLSX, out / "claims.xlsx") > 0
    header, first, *_others = shown_elsewhere(out / "claims.xlsx")
    shown = dict(zip(header, first, strict=True))
    assert isinstance(shown["proposed_payout_usd"], int | float)
    assert isinstance(shown["consent_due_on"], date)
    assert str(shown["created_at"]).endswith("Z")


def test_engagements_go_out_with_their_counts(bench: Bench, services: Services, out: Path) -> None:
    counts = services.engagements.counts()
    rows = [engagement_row(row, counts[row.code]) for row in services.engagements.list()]
    export(Source("engagements", ENGAGEMENT_COLUMNS, lambda: rows), Format.JSON, out / "all.json")
    document = json.loads((out / "all.json").read_text())
    assert [row["code"] for row in document["rows"]] == list(counts)
    assert list(document["rows"][0]) == list(ENGAGEMENT_COLUMNS)
    assert document["rows"][0]["eligible"] == next(iter(counts.values())).eligible


def test_an_empty_list_is_a_file_with_a_header(out: Path) -> None:
    source = Source("none", ("a", "b"), lambda: ())
    for format_ in Format:
        assert export(source, format_, out / f"none.{format_}") == 0
    assert (out / "none.csv").read_text("utf-8-sig") == '"a","b"\n'
    assert shown_elsewhere(out / "none.xlsx") == [["a", "b"]]
    assert json.loads((out / "none.json").read_text()) == {"rows": [], "total": 0}


def test_in_italian_cells_stand_apart_by_semicolons(out: Path) -> None:
    use_language("it")
    try:
        export(of(), Format.CSV, out / "it.csv")
    finally:
        use_language("en")
    assert (out / "it.csv").read_bytes() == b'\xef\xbb\xbf"a";"b";"c"\r\n"x";3;\r\n'


# Page by page


def test_rows_are_read_page_by_page_each_in_a_short_look(
    bench: Bench, services: Services, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-11b"""
    monkeypatch.setattr(exporting, "PAGE", 7)
    looks: list[int] = []
    read = services.claims.rows

    def look(asked: ClaimQuestion, **how: Any) -> list[Claim]:
        looks.append(how["limit"])
        return read(asked, **how)

    monkeypatch.setattr(services.claims, "rows", look)
    told: list[int] = []
    total = services.claims.count(ClaimQuestion())
    for sort in ("claim", "due", "status"):
        assert export(claims_of(services, sort=sort), Format.CSV, out / f"{sort}.csv", told.append) == total
        with (out / f"{sort}.csv").open(encoding="utf-8-sig", newline="") as file:
            found = [line["claim_id"] for line in csv.DictReader(file)]
        assert found == [claim.claim_id for claim in read(ClaimQuestion(sort=sort))]
    assert set(looks) == {7}
    assert told[:3] == [7, 14, 21]


def test_others_write_while_an_export_reads(bench: Bench, services: Services, out: Path, clock: MovingClock) -> None:
    """S-11b"""
    written = 0

    def rows() -> Iterator[Mapping[str, Any]]:
        nonlocal written
        for row in every_claim(services.claims, ClaimQuestion()):
            services.settings.set("reminder_hours", str(24 + written))
            written += 1
            yield claim_row(row)

    assert export(Source("claims", COLUMNS, rows), Format.XLSX, out / "claims.xlsx") == written > 10


# Whole or not there


def test_no_file_is_ever_written_over(out: Path) -> None:
    path = out / "mine.xlsx"
    path.write_text("mine")
    for format_ in Format:
        with pytest.raises(Refused) as refusal:
            export(of(), format_, path)
        assert (refusal.value.code, refusal.value.why.code) == ("invalid", "export_exists")
    assert path.read_text() == "mine"
    assert os.listdir(out) == ["mine.xlsx"]


@pytest.mark.parametrize("place", [".", "..", "folder"])
def test_a_folder_is_told_as_such_and_nobody_is_told_to_remove_it(out: Path, place: str) -> None:
    (out / "folder").mkdir()
    with pytest.raises(Refused) as refusal:
        export(of(), Format.CSV, out / place)
    assert (refusal.value.code, refusal.value.why.code) == ("invalid", "file_directory")


@pytest.mark.parametrize("place", ["none/out.csv", "file/out.csv", "x" * 300, "a\0b", ".", "..", ""])
def test_a_place_where_nothing_can_be_written_is_told(out: Path, place: str) -> None:
    (out / "file").write_text("")
    with pytest.raises(Refused) as refusal:
        export(of(), Format.XLSX, out / place)
    assert refusal.value.why.code in ("export_failed", "file_directory")
    with pytest.raises(Refused):
        export(of(), Format.CSV, Path(place))
    assert os.listdir(out) == ["file"]


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """A disk on which no file grows beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("format_", Format)
@pytest.mark.parametrize("size", [0, 700, 60_000])
def test_a_disk_that_fills_up_meanwhile_leaves_nothing(format_: Format, size: int, out: Path) -> None:
    rows = [{"a": str(random.Random(number).getrandbits(600))} for number in range(2_000)]
    with room_for(size), pytest.raises(Refused) as refusal:
        export(of(rows=rows), format_, out / "full")
    assert refusal.value.why.code == "export_failed"
    assert refusal.value.why.params["why"]
    assert os.listdir(out) == []


@pytest.mark.parametrize("format_", Format)
def test_an_export_that_is_stopped_or_refused_midway_leaves_nothing(format_: Format, out: Path) -> None:
    def rows() -> Iterator[Mapping[str, Any]]:
        for number in range(2_500):
            yield {"a": number}
        raise NotAllowed(reason("no_role", login=LOGIN))

    with pytest.raises(NotAllowed):
        export(Source("list", ("a",), rows), format_, out / "list")

    def stop(count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(Source("list", ("a",), rows), format_, out / "list", stop)
    assert os.listdir(out) == []


def test_who_may_not_read_gets_no_file(
    bench: Bench, as_operator: Callable[[str], Services], services: Services, out: Path
) -> None:
    """S-1d"""
    with pytest.raises(NotAllowed):
        export(customers_of(as_operator("stranger")), Format.CSV, out / "list.csv")
    with pytest.raises(NotFound):
        export(claims_of(services, engagement="nothing"), Format.CSV, out / "list.csv")
    assert os.listdir(out) == []


def test_a_new_name_is_suggested(out: Path) -> None:
    day = date(2026, 11, 23)
    assert suggested(out, "claims", day, Format.CSV).name == "claims-2026-11-23.csv"
    (out / "claims-2026-11-23.csv").symlink_to("nowhere")
    (out / "claims-2026-11-23-2.csv").write_text("")
    assert suggested(out, "claims", day, Format.CSV).name == "claims-2026-11-23-3.csv"
    assert suggested(out, "claims", day, Format.XLSX).name == "claims-2026-11-23.xlsx"


# There and back


@pytest.mark.parametrize("format_", [Format.CSV, Format.XLSX])
@pytest.mark.parametrize("language", ["en", "it"])
def test_claims_that_were_exported_come_in_again_exactly(
    format_: Format,
    language: str,
    bench: Bench,
    services: Services,
    clock: MovingClock,
    new_place: Callable[[str], str],
    database: str,
    out: Path,
) -> None:
    """S-11b"""
    bench.bring("claims", hostile_claim(services))
    clock.passes(days=12, hours=5)
    path = out / f"claims.{format_}"
    use_language(language)
    try:
        total = export(claims_of(services), format_, path)
    finally:
        use_language("en")
    assert counted(bench.bring_file("claims", path)) == (0, 0, total)

    other = Bench(Desk(new_workspace(new_place(database), clock), clock, LOGIN), bench.folder)
    for kind in samples.KINDS[:-1]:
        other.bring_file(kind, bench.folder / f"{kind}.{'toml' if kind == 'catalogue' else 'csv'}")
    assert counted(other.bring_file("claims", path)) == (total, 0, 0)
    again = services_at(other.desk).claims.rows(ClaimQuestion())
    before = services.claims.rows(ClaimQuestion())
    assert [told(claim) for claim in again] == [told(claim) for claim in before]
    hostile = next(claim for claim in again if claim.claim_name == HOSTILE["claim_name"])
    assert hostile.contact_name == HOSTILE["contact_name"]
    assert hostile.partner_name == HOSTILE["partner_name"]
    assert other.pages_are_right()
    other.desk.store.close()


def hostile_claim(services: Services) -> Mapping[str, Any]:
    """A claim whose every text is one that a spreadsheet, a terminal or a table could take for something else."""
    like = next(claim for claim in services.claims.rows(ClaimQuestion()) if claim.engagement == CLOUD)
    guarded = {name: f"'{text}" if text[0] in "='+＠" else text for name, text in HOSTILE.items()}
    return {
        "engagement": CLOUD,
        "customer": "hostile",
        "customer_name": "-Hostile & Söhne",
        "origin": "added",
        "location_id": like.location_id,
        "id_type": "tenant",
        "id_value": guid(4711),
        "status": "consent_declined",
        "created_on": "2026-11-02",
        "ended_on": "2026-11-05",
        "contact_email": "x@hostile.example.com",
        **guarded,
    }


def told(claim: Claim) -> dict[str, Any]:
    """What a claim's export says that an import keeps; how long a rejected one waits is counted anew."""
    waits = claim.status in (Status.REJECTED, Status.DISPUTED)
    counted_anew = {"status_since", *({"dispute_due_on", "due_on", "days_left"} if waits else ())}
    return {name: getattr(claim, name) for name in COLUMNS if name not in counted_anew}


@pytest.mark.parametrize("format_", [Format.CSV, Format.XLSX])
def test_twenty_thousand_rows_go_out_and_come_in_again(format_: Format, services: Services, out: Path) -> None:
    """S-11b"""
    names = ("location_id", "name", "country", "enrolled", "global")
    rows = [
        dict(zip(names, (f"{number:08}", f"=Site {number}", "IT", True, None), strict=True)) for number in range(20_000)
    ]
    path = out / "locations"
    assert export(Source("locations", names, lambda: rows), format_, path) == 20_000
    bench = Bench(services.desk, out)
    assert counted(bench.bring_file("locations", path)) == (20_000, 0, 0)
    assert [row["name"] for row in bench.rows("locations")] == [row["name"] for row in rows]
