"""Claims brought along: what they become, and what speaks against them."""

import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mci_tui import samples
from mci_tui.domain.claims import OPEN, Status
from mci_tui.domain.deadlines import day_start
from mci_tui.services import Services, services_at
from mci_tui.services.claims import COLUMNS, MONEY, Claim, ClaimQuestion
from mci_tui.services.csv_out import Cell, write
from mci_tui.services.desk import Desk
from tests.conftest import LOGIN, MovingClock, new_workspace
from tests.factories import HERE, THERE, Books, guid
from tests.services.importing_kit import Bench, counted, told

ZONE = "Europe/Rome"
CLAIM = {
    "claim_id": "CLM-000041",
    "engagement": "assessment",
    "customer": "K1",
    "customer_name": "Corvara Distribuzione",
    "origin": "added",
    "claim_name": "Corvara 2026",
    "location_id": HERE,
    "id_type": "tenant",
    "id_value": guid(1),
    "status": "approved",
    "created_on": "2026-08-03",
    "consent_on": "2026-08-10",
    "submitted_on": "2026-09-01",
    "ended_on": "2026-09-20",
    "deal_size_usd": "12500.50",
    "reason": "group tenant",
    "contact_name": "Anna Bianchi",
    "contact_email": "anna.bianchi@corvara.example.com",
    "contact_language": "it",
}
DECLINED = {**CLAIM, "status": "consent_declined", "consent_on": "", "submitted_on": "", "ended_on": "2026-08-20"}
WAITING = {**CLAIM, "status": "awaiting_consent", "created_on": "2026-11-10"} | dict.fromkeys(
    ("consent_on", "submitted_on", "ended_on"), ""
)
LESS = {name: value for name, value in CLAIM.items() if name != "claim_id"}


@pytest.fixture
def bench(services: Services, tmp_path: Path) -> Bench:
    return Bench(services.desk, tmp_path)


@pytest.fixture
def books(bench: Bench, clock: MovingClock) -> Books:
    made = Books(bench.desk.store, clock)
    made.location()
    made.engagement()
    made.engagement(code="other")
    made.variable(code="project")
    return made


def on_page(bench: Bench) -> dict[str, bool]:
    """Whether each claim is on its engagement's page, by its number."""
    return {row["number"]: row["on_page"] for row in bench.rows("claims")}


def test_a_claim_brings_its_customer_its_id_its_dates_and_its_history(
    bench: Bench, books: Books, clock: MovingClock
) -> None:
    """S-11a"""
    assert counted(bench.bring("claims", CLAIM)) == (1, 0, 0)
    (claim,) = bench.rows("claims")
    assert (claim["number"], claim["id"], claim["status"], claim["origin"]) == ("CLM-000041", 41, "approved", "added")
    assert (claim["created_at"], claim["consent_at"], claim["submitted_at"], claim["ended_at"]) == tuple(
        day_start(date.fromisoformat(CLAIM[name]), ZONE)
        for name in ("created_on", "consent_on", "submitted_on", "ended_on")
    )
    assert (claim["tenant"], claim["mismatch_reason"], claim["deal_size"]) == (guid(1), "group tenant", 1250050)
    assert (claim["slot"], claim["next_due"], claim["on_page"], claim["created_by"]) == (None, None, True, LOGIN)
    assert (claim["contact_email"], claim["contact_phone"]) == ("anna.bianchi@corvara.example.com", "")
    (customer,) = bench.rows("customers")
    assert (customer["key"], customer["name"]) == ("K1", "Corvara Distribuzione")
    (line,) = (row for row in bench.rows("history") if row["claim_id"])
    assert (line["claim_id"], line["at"], line["what"]) == (41, clock(), "imported")
    assert json.loads(line["changes"]) == {"status": [None, "approved"]}
    assert bench.pages_are_right()


def test_the_customer_of_a_consented_claim_is_known_on_every_page(bench: Bench, books: Books) -> None:
    """S-2b"""
    bench.bring("claims", CLAIM)
    found = {(row["engagement_id"], row["tab"], row["claim_id"]) for row in bench.rows("standing")}
    assert found == {(1, 0, 0), (1, 2, 41), (2, 0, 0)}


def test_the_same_claim_again_is_nothing_and_another_under_its_number_an_error(bench: Bench, books: Books) -> None:
    """S-11a"""
    bench.bring("claims", CLAIM)
    before = bench.everything()
    assert counted(bench.bring("claims", {**CLAIM, "claim_id": "clm-000041", "reason": "", "claim_name": ""})) == (
        0,
        0,
        1,
    )
    changes = {
        "status": "rejected_final",
        "customer": "K2",
        "engagement": "other",
        "origin": "requested",
        "created_on": "2026-08-04",
        "ended_on": "2026-09-21",
        "deal_size_usd": "12500.51",
        "contact_name": "Anna Verdi",
    }
    for column, value in changes.items():
        imported = bench.bring("claims", {**CLAIM, column: value})
        assert told(imported) == [(2, column, "claim_differs")]
        assert imported.bad[0].why.params == {"claim": "CLM-000041"}
    assert bench.everything() == before


def test_a_claim_without_a_number_gets_one_and_is_known_again(bench: Bench, books: Books) -> None:
    lines = [
        {**LESS, "created_on": "2026-08-01"},
        LESS,
        {**CLAIM, "claim_id": "CLM-000001", "engagement": "other"},
        {**CLAIM, "claim_id": "old-7", "engagement": "other"},
    ]
    assert counted(bench.bring("claims", *lines)) == (4, 0, 0)
    assert [row["number"] for row in bench.rows("claims")] == ["CLM-000001", "OLD-7", "CLM-000003", "CLM-000004"]
    assert counted(bench.bring("claims", *lines)) == (0, 0, 4)


def test_the_programs_own_numbers_go_on_above_those_brought_along(bench: Bench, books: Books) -> None:
    """S-3i"""
    bench.bring("claims", CLAIM)
    identifier = bench.rows("identifiers")[0]["id"]
    books.claim(2, bench.rows("customers")[0]["id"], identifier)
    assert [row["number"] for row in bench.rows("claims")] == ["CLM-000041", "CLM-000042"]
    bench.bring("claims", {**WAITING, "claim_id": ""})
    assert bench.rows("claims")[-1]["number"] == "CLM-000043"


def test_an_open_claim_keeps_its_deadlines_from_its_first_day(
    bench: Bench, books: Books, services: Services, clock: MovingClock
) -> None:
    """S-5a S-10"""
    bench.bring("claims", WAITING)
    (claim,) = services.claims.rows(ClaimQuestion())
    assert (claim.consent_due_on, claim.due_what, claim.days_left) == (date(2026, 12, 10), "consent", 17)
    clock.passes(days=18)
    (claim,) = services.claims.rows(ClaimQuestion())
    assert claim.status is Status.CONSENT_EXPIRED
    assert told(bench.bring("claims", WAITING)) == [(2, "status", "claim_differs")]


def test_an_open_claim_whose_deadline_has_passed_is_not_taken_in(bench: Bench, books: Books) -> None:
    """S-10"""
    assert told(bench.bring("claims", {**WAITING, "created_on": "2026-10-23"})) == [(2, "status", "claim_lapsed")]
    assert counted(bench.bring("claims", {**WAITING, "created_on": "2026-10-24"})) == (1, 0, 0)


def test_a_claim_declined_by_a_new_customer_leaves_the_page_and_a_known_customers_stays(
    bench: Bench, books: Books
) -> None:
    """S-2f: judged in the order of the dates, whatever the order of the lines."""
    lines = [
        {**DECLINED, "claim_id": "A", "ended_on": "2026-08-20"},
        {**DECLINED, "claim_id": "B", "engagement": "other", "ended_on": "2026-09-02"},
        {**CLAIM, "claim_id": "C", "engagement": "other", "consent_on": "2026-09-01", "submitted_on": "2026-09-02"},
        {**DECLINED, "claim_id": "D", "customer": "K2", "id_value": guid(2), "ended_on": "2026-09-02"},
    ]
    bench.bring("claims", *lines)
    assert on_page(bench) == {"A": False, "B": True, "C": True, "D": False}
    assert bench.pages_are_right()


def test_a_consent_on_record_here_keeps_what_is_brought_along_later_on_the_page(bench: Bench, books: Books) -> None:
    """S-2f"""
    bench.bring("claims", {**CLAIM, "claim_id": "C"})
    bench.bring("claims", {**DECLINED, "claim_id": "A", "engagement": "other"})
    bench.bring("claims", {**DECLINED, "claim_id": "B", "engagement": "other", "ended_on": "2026-08-09"})
    assert on_page(bench) == {"A": True, "B": False, "C": True}


def test_what_was_judged_once_is_not_judged_again(bench: Bench, books: Books) -> None:
    """S-2f"""
    bench.bring("claims", {**DECLINED, "claim_id": "A"})
    bench.bring("claims", {**CLAIM, "claim_id": "C", "consent_on": "2026-08-05"})
    assert on_page(bench) == {"A": False, "C": True}


def test_a_history_above_the_limit_is_kept(bench: Bench, books: Books, services: Services) -> None:
    """S-6e"""
    books.engagement(max_active_claims=1, max_total_claims=1)
    lines = [{**WAITING, "claim_id": str(number), "created_on": f"2026-11-1{number}"} for number in (1, 2, 3)]
    assert counted(bench.bring("claims", *lines)) == (3, 0, 0)
    assert [row["slot"] for row in bench.rows("claims")] == [1, 2, 3]
    bench.bring("claims", {**WAITING, "claim_id": "4", "engagement": "other"})
    assert bench.rows("claims")[-1]["slot"] is None


def test_a_fixed_payout_is_that_of_the_customers_country_as_far_as_it_is_known(bench: Bench, books: Books) -> None:
    """S-9"""
    customer = {"customer": "K1", "customer_name": "Corvara", "id_type": "tenant", "id_value": guid(1)}
    bench.bring("directory", {**customer, "country": "ES"})
    bench.bring("claims", CLAIM, {**CLAIM, "claim_id": "B", "customer": "K2", "id_value": guid(2)})
    found = {row["number"]: (row["payout"], row["payout_limited_by"]) for row in bench.rows("claims")}
    assert found == {"CLM-000041": (650000, "fixed"), "B": (None, "")}
    assert [row["name"] for row in bench.rows("customers")] == ["Corvara", "Corvara Distribuzione"]


def test_a_variable_payout_needs_the_opportunity_and_the_hours(bench: Bench, books: Books) -> None:
    """S-9"""
    deal = {"msx_id": "7-ABC123", "customer": "K1", "customer_name": "Corvara", "country": "IT", "acv_usd": "1"}
    bench.bring("opportunities", {**deal, "open": "true"})
    project = {**CLAIM, "engagement": "project", "id_type": "msx", "id_value": "7-abc123"}
    lines = [
        {**project, "claim_id": "A", "hours": "20"},
        {**project, "claim_id": "B", "created_on": "2026-08-04"},
        {**project, "claim_id": "C", "id_value": "7-XYZ999", "hours": "20"},
    ]
    bench.bring("claims", *lines)
    assert {row["number"]: row["payout"] for row in bench.rows("claims")} == {"A": 200000, "B": None, "C": None}


def test_an_opportunity_that_only_a_claim_names_offers_nothing(bench: Bench, books: Books) -> None:
    """S-4c"""
    project = {**CLAIM, "engagement": "project", "id_type": "msx", "id_value": "7-XYZ999", "hours": "20"}
    bench.bring("claims", project)
    assert [json.loads(row["facts"]) for row in bench.rows("identifiers")] == [{"open": False}]
    assert not [row for row in bench.rows("standing") if row["engagement_id"] == 3 and not row["claim_id"]]


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"engagement": "none"}, "engagement", "not_found_engagement"),
        ({"location_id": THERE}, "location_id", "not_found_location"),
        ({"engagement": "project"}, "id_type", "id_type_not_accepted"),
        ({"hours": "8"}, "hours", "hours_fixed_pay"),
        ({"hours": "1,5"}, "hours", "hours_whole"),
        ({"id_value": "1"}, "id_value", "tenant_length"),
        ({"contact_email": "anna@"}, "contact_email", "email_form"),
        ({"claim_id": "CLM 7"}, "claim_id", "claim_id_form"),
        ({"status": "open"}, "status", "not_a_choice"),
        ({"created_on": "03/08/2026"}, "created_on", "not_date"),
        ({"created_on": "2026-06-30"}, "created_on", "created_outside"),
        ({"ended_on": "2026-11-24"}, "ended_on", "day_future"),
        ({"consent_on": "2026-09-05"}, "consent_on", "day_late"),
        ({"submitted_on": "2026-08-09"}, "submitted_on", "day_before"),
        ({"status": "customer_claimed", "consent_on": ""}, "deal_size_usd", "deal_size_not_sent"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_claim_that_cannot_be_is_bad(
    bench: Bench, books: Books, change: dict[str, str], column: str, code: str
) -> None:
    imported = bench.bring("claims", {**CLAIM, **change})
    assert (2, column, code) in told(imported)
    assert bench.rows("claims") == []


def test_an_id_of_another_customer_is_an_error_here_and_in_the_file(bench: Bench, books: Books) -> None:
    bench.bring("claims", CLAIM)
    imported = bench.bring(
        "claims",
        {**CLAIM, "claim_id": "A", "customer": "K2"},
        {**CLAIM, "claim_id": "B", "customer": "K3", "id_value": guid(3)},
        {**CLAIM, "claim_id": "C", "customer": "K4", "id_value": guid(3)},
        {**CLAIM, "claim_id": "B", "customer": "K3", "id_value": guid(4)},
    )
    assert told(imported) == [
        (2, "id_value", "id_of_other"),
        (3, "id_value", "id_two_customers"),
        (4, "id_value", "id_two_customers"),
    ]


def test_the_same_claim_twice_in_a_file_is_an_error(bench: Bench, books: Books) -> None:
    imported = bench.bring("claims", CLAIM, LESS, {**CLAIM, "claim_id": "clm-000041"}, LESS)
    assert told(imported) == [(4, "claim_id", "line_repeated"), (5, "claim_id", "line_repeated")]


def _exported(claim: Claim) -> list[Cell]:
    """A claim as the export writes it."""
    cells: list[Cell] = []
    for column in COLUMNS:
        value: Any = getattr(claim, column)
        cells.append(Decimal(value) / 100 if column in MONEY and value is not None else value)
    return cells


def test_what_was_exported_comes_in_again_exactly(
    bench: Bench, services: Services, clock: MovingClock, new_place: Callable[[str], str], database: str
) -> None:
    """S-11b"""
    files = samples.write_files(bench.folder, clock().date())
    for kind, path in files.items():
        bench.bring_file(kind, path)
    clock.passes(days=12, hours=5)
    exported = services.claims.rows(ClaimQuestion())
    out = io.BytesIO()
    write(out, COLUMNS, (_exported(claim) for claim in exported))
    path = bench.file(out.getvalue())
    assert counted(bench.bring_file("claims", path)) == (0, 0, len(exported))

    store = new_workspace(new_place(database), clock)
    other = Bench(Desk(store, clock, LOGIN), bench.folder)
    for kind, sample in files.items():
        if kind != "claims":
            other.bring_file(kind, sample)
    assert counted(other.bring_file("claims", path)) == (len(exported), 0, 0)
    again = services_at(other.desk).claims.rows(ClaimQuestion())
    untold = {"status_since", "dispute_due_on", "due_on", "days_left"}
    for before, after in zip(exported, again, strict=True):
        waits = before.status in (Status.REJECTED, Status.DISPUTED)
        told_again = [name for name in COLUMNS if not (waits and name in untold) and name != "status_since"]
        assert [getattr(after, name) for name in told_again] == [getattr(before, name) for name in told_again]
    assert other.pages_are_right()
    store.close()


def test_many_claims_come_in_together(bench: Bench, books: Books) -> None:
    """S-2f"""
    start = date(2026, 8, 1)
    lines = []
    for number in range(1_200):
        about = {"claim_id": f"N{number}", "customer": f"K{number % 400}", "id_value": guid(number % 400 + 1)}
        day = (start + timedelta(days=number // 400)).isoformat()
        lines.append({**(CLAIM if number % 3 == 0 else DECLINED), **about, "created_on": day})
    assert counted(bench.bring("claims", *lines)) == (1_200, 0, 0)
    assert counted(bench.bring("claims", *lines)) == (0, 0, 1_200)
    assert not [row for row in bench.rows("claims") if row["status"] in OPEN]
    assert bench.pages_are_right()
