"""Bringing files in: checked as a whole, written as a whole, or not at all."""

import csv
import json
import random
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest

from mci_tui import samples
from mci_tui.domain.claims import Status
from mci_tui.errors import NotAllowed, NotFound, Refused
from mci_tui.services import Services, imports
from mci_tui.services.claims import ClaimQuestion
from mci_tui.services.imports import OFFERED
from tests.conftest import LOGIN, MovingClock
from tests.factories import HERE, THERE, Books, catalogue_text, guid, offer, variable
from tests.services.importing_kit import Bench, counted, told

PLACE = {"location_id": HERE, "name": "Torino", "country": "IT", "enrolled": "true", "global": "false"}
TENANT = {
    "customer": "K1",
    "customer_name": "Corvara Distribuzione",
    "country": "IT",
    "id_type": "tenant",
    "id_value": guid(1),
    "tenant_id": "",
    "fact:seats": "300",
    "fact:managed": "true",
    "fact:segment": "retail",
}
DOMAIN = {**TENANT, "id_type": "domain", "id_value": "corvara.example.com", "tenant_id": guid(1)} | dict.fromkeys(
    ("fact:seats", "fact:managed", "fact:segment"), ""
)
DEAL = {
    "msx_id": "7-ABC123",
    "customer": "K1",
    "customer_name": "Corvara Distribuzione",
    "country": "DE",
    "acv_usd": "12000.50",
    "stage": "develop",
    "open": "true",
}
LISTED = {"engagement": "assessment", "id_type": "tenant", "id_value": guid(1), "eligible": "true", "reason": ""}
GRANT = {"login": "hkeller", "name": "Hanna Keller", "role": "incentives_user", "location_id": HERE}


@pytest.fixture
def bench(services: Services, tmp_path: Path) -> Bench:
    return Bench(services.desk, tmp_path)


@pytest.fixture
def books(bench: Bench, clock: MovingClock) -> Books:
    return Books(bench.desk.store, clock)


def test_the_sample_files_come_in_and_the_second_time_change_nothing(bench: Bench, clock: MovingClock) -> None:
    """S-11a"""
    files = samples.write_files(bench.folder, clock().date())
    for kind, path in files.items():
        imported = bench.bring_file(kind, path)
        assert told(imported) == []
        assert imported.written
        assert imported.new == imported.read > 0
    before = bench.everything()
    for kind, path in files.items():
        imported = bench.bring_file(kind, path)
        assert counted(imported) == (0, 0, imported.read)
        assert not imported.written
    assert bench.everything() == before
    assert bench.pages_are_right()


def test_a_check_says_what_would_happen_and_changes_nothing(bench: Bench, clock: MovingClock) -> None:
    """S-11a"""
    before = bench.everything()
    for kind, path in samples.write_files(bench.folder, clock().date()).items():
        if kind in ("catalogue", "locations", "directory"):
            imported = bench.bring_file(kind, path, check=True)
            assert counted(imported) == (imported.read, 0, 0)
            assert not imported.written
    assert bench.everything() == before


def test_one_bad_line_keeps_the_whole_file_out(bench: Bench) -> None:
    """S-11a"""
    before = bench.everything()
    imported = bench.bring("locations", PLACE, {**PLACE, "location_id": THERE, "country": "Italy"})
    assert told(imported) == [(3, "country", "country_form")]
    assert counted(imported) == (0, 0, 0)
    assert (imported.read, imported.bad_lines, imported.written) == (2, 1, False)
    assert bench.everything() == before


def test_the_good_lines_go_in_and_the_bad_ones_come_back_to_be_put_right(bench: Bench) -> None:
    """S-11a"""
    out = bench.folder / "bad.csv"
    lines = [
        PLACE,
        {**PLACE, "location_id": THERE, "name": '-Lyon\n"Sud"', "country": "Frankreich", "enrolled": "perhaps"},
        {**PLACE, "location_id": "77"},
    ]
    imported = bench.bring("locations", *lines, bad_rows=out)
    assert told(imported) == [
        (3, "country", "country_form"),
        (3, "enrolled", "not_boolean"),
        (5, "location_id", "location_form"),
    ]
    assert (counted(imported), imported.bad_lines, imported.written) == ((1, 0, 0), 2, True)
    assert [row["id"] for row in bench.rows("locations")] == [HERE]
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert list(rows[0]) == [*PLACE, "line", "problem"]
    assert [(row["line"], row["country"]) for row in rows] == [("3", "Frankreich"), ("5", "IT")]
    assert "country" in rows[0]["problem"]
    assert "enrolled" in rows[0]["problem"]
    mended = (
        out.read_text("utf-8-sig").replace("Frankreich", "FR").replace("perhaps", "true").replace('"77"', '"7777777"')
    )
    assert counted(bench.bring_file("locations", bench.file(mended))) == (2, 0, 0)
    assert [row["name"] for row in bench.rows("locations")] == ["Torino", '-Lyon "Sud"', "Torino"]


def test_no_file_of_bad_lines_is_made_where_none_is_bad(bench: Bench) -> None:
    assert bench.bring("locations", PLACE, bad_rows=bench.folder / "bad.csv").written
    assert not (bench.folder / "bad.csv").exists()


def test_a_file_of_bad_lines_never_takes_another_files_place(bench: Bench) -> None:
    path = bench.table([PLACE, {**PLACE, "location_id": "x"}])
    with pytest.raises(Refused) as refusal:
        bench.bring_file("locations", path, bad_rows=path)
    assert refusal.value.why.code == "export_exists"
    assert bench.rows("locations") == []


def test_where_the_bad_lines_cannot_be_written_the_good_ones_stay_out(bench: Bench) -> None:
    with pytest.raises(Refused) as refusal:
        bench.bring("locations", PLACE, {**PLACE, "location_id": "x"}, bad_rows=bench.folder / "none" / "bad.csv")
    assert refusal.value.why.code == "export_failed"
    assert bench.rows("locations") == []


def test_a_line_with_too_many_cells_comes_back_whole(bench: Bench) -> None:
    out = bench.folder / "bad.csv"
    text = f"location_id,name,country,enrolled\n{HERE},Torino,IT,true,more,still more\n{THERE},Lyon\n"
    bench.bring_file("locations", bench.file(text), bad_rows=out)
    rows = list(csv.reader(out.read_text("utf-8-sig").splitlines()))
    assert rows[1][:4] == [HERE, "Torino", "IT", "true"]
    assert rows[1][4] == "2"
    assert rows[1][6:] == ["more", "still more"]
    assert rows[2][:5] == [THERE, "Lyon", "", "", "3"]


def test_only_an_incentives_admin_of_all_locations_brings_files_in(bench: Bench, books: Books) -> None:
    """S-1d"""
    books.location()
    for login, role, location in (("anna", "incentives_user", "*"), ("bruno", "incentives_admin", HERE)):
        books.grant(login, role, location)
    for login in ("anna", "bruno", "nobody"):
        for check in (False, True):
            with pytest.raises(NotAllowed):
                bench.bring("locations", PLACE, login=login, check=check)
    tried = [(row["who"], row["what"], row["note"]) for row in bench.rows("history") if row["who"] != LOGIN]
    assert tried == [(login, "refused", "administer") for login in ("anna", "bruno", "nobody")]


def test_a_kind_that_is_not_offered_is_refused_with_those_that_are(bench: Bench) -> None:
    for kind in ("customers", "nothing", ""):
        with pytest.raises(Refused) as refusal:
            bench.bring_file(kind, bench.file(""))
        assert refusal.value.why.code == "import_kind"
        assert all(offered in refusal.value.why.params["kinds"] for offered in OFFERED)


@pytest.mark.parametrize("kind", OFFERED)
def test_a_missing_file_is_refused_for_every_kind(bench: Bench, kind: str) -> None:
    with pytest.raises(NotFound):
        bench.bring_file(kind, bench.folder / "none")


def test_what_changed_between_check_and_writing_stops_the_import(
    bench: Bench, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = imports._Run.check

    def rival(run: imports._Run, *, partly: bool) -> None:
        check(run, partly=partly)
        books.identifier(books.customer("Rival"), value=guid(2))

    monkeypatch.setattr(imports._Run, "check", rival)
    with pytest.raises(Refused) as refusal:
        bench.bring("directory", TENANT, {**TENANT, "id_value": guid(2)})
    assert refusal.value.code == "stale"
    assert refusal.value.problems["id_value"].code == "id_of_other"
    assert [row["name"] for row in bench.rows("customers")] == ["Rival"]


def test_a_file_that_changes_while_it_is_brought_in_is_refused(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bench.table([PLACE, {**PLACE, "location_id": "x"}])
    check = imports._Run.check

    def rival(run: imports._Run, *, partly: bool) -> None:
        check(run, partly=partly)
        path.write_text("location_id,name,country,enrolled\n")

    monkeypatch.setattr(imports._Run, "check", rival)
    with pytest.raises(Refused) as refusal:
        bench.bring_file("locations", path, bad_rows=bench.folder / "bad.csv")
    assert refusal.value.why.code == "table_changed"
    assert bench.rows("locations") == []
    assert not (bench.folder / "bad.csv").exists()


def test_an_import_stands_in_the_history_of_the_workspace(bench: Bench, clock: MovingClock) -> None:
    bench.bring("locations", PLACE)
    bench.bring("locations", PLACE)
    (line,) = (row for row in bench.rows("history") if row["what"] == "import")
    assert (line["claim_id"], line["who"], line["what"], line["note"]) == (None, LOGIN, "import", "locations")
    assert (line["at"], json.loads(line["changes"])) == (clock(), {"new": 1})


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_long_file_tells_how_far_it_has_come(bench: Bench) -> None:
    heard: list[str] = []
    lines = (f"{1_000_000 + number},Name,IT,true\n" for number in range(50_000))
    path = bench.file("location_id,name,country,enrolled\n" + "".join(lines))
    assert bench.bring_file("locations", path, check=True, progress=heard.append).new == 50_000
    assert heard == ["50,000 lines read", "50,000 lines checked"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_of_many_problems_a_thousand_are_told_and_all_are_counted(bench: Bench) -> None:
    text = "location_id,name,country,enrolled\n" + "1,Name,IT,true\n" * 1_500
    imported = bench.bring_file("locations", bench.file(text))
    assert (len(imported.bad), imported.bad_lines) == (1_000, 1_500)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_memory_does_not_grow_with_the_file(bench: Bench) -> None:
    """S-11a"""

    def peak(lines: int) -> int:
        rows = (f"K{lines}-{n // 2},Name {n // 2},tenant,{guid(lines * lines + n)},{n}\n" for n in range(lines))
        path = bench.file("customer,customer_name,id_type,id_value,fact:seats\n" + "".join(rows))
        tracemalloc.start()
        try:
            assert bench.bring_file("directory", path).new == lines
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    few = peak(1_500)
    assert peak(9_000) < few + 1_000_000


# Locations


def test_a_location_is_new_then_changed_then_the_same(bench: Bench) -> None:
    assert counted(bench.bring("locations", PLACE)) == (1, 0, 0)
    assert counted(bench.bring("locations", {**PLACE, "enrolled": "false", "global": "TRUE"})) == (0, 1, 0)
    without = {name: value for name, value in PLACE.items() if name != "global"}
    assert counted(bench.bring("locations", {**without, "enrolled": "false"})) == (0, 0, 1)
    (row,) = bench.rows("locations")
    assert dict(row) == {"id": HERE, "name": "Torino", "country": "IT", "enrolled": False, "is_global": True}


def test_a_key_that_stands_twice_is_an_error_on_the_later_line(bench: Bench) -> None:
    imported = bench.bring("locations", PLACE, {**PLACE, "location_id": THERE}, PLACE)
    assert told(imported) == [(4, "location_id", "line_repeated")]
    assert imported.bad[0].why.params == {"line": 2}


# Operators


def test_a_file_replaces_all_grants_of_the_logins_that_it_names(bench: Bench, books: Books) -> None:
    """S-1b"""
    books.location(HERE)
    books.location(THERE)
    assert counted(bench.bring("operators", GRANT, {**GRANT, "location_id": THERE})) == (2, 0, 0)
    imported = bench.bring(
        "operators", {**GRANT, "location_id": THERE}, {**GRANT, "role": "viewer", "location_id": "*"}
    )
    assert (counted(imported), imported.removed) == ((1, 0, 1), 1)
    found = [(row["login"], row["role"], row["location"]) for row in bench.rows("grants")]
    assert found == [
        ("hkeller", "incentives_user", THERE),
        ("hkeller", "viewer", "*"),
        (LOGIN, "incentives_admin", "*"),
    ]


def test_a_file_that_only_takes_grants_away_is_written_too(bench: Bench, books: Books) -> None:
    books.location()
    bench.bring("operators", GRANT, {**GRANT, "role": "viewer"})
    check = bench.bring("operators", GRANT, check=True)
    assert (counted(check), check.removed, check.written) == ((0, 0, 1), 1, False)
    imported = bench.bring("operators", GRANT)
    assert (counted(imported), imported.removed, imported.written) == ((0, 0, 1), 1, True)
    assert [row["role"] for row in bench.rows("grants") if row["login"] == "hkeller"] == ["incentives_user"]


def test_what_a_file_leaves_empty_of_a_person_stays(bench: Bench, books: Books) -> None:
    books.location()
    bench.bring("operators", {**GRANT, "email": "H.Keller@Partner.Example", "phone": "+39 021234567"})
    bench.bring("operators", {**GRANT, "name": "", "email": ""}, {**GRANT, "role": "viewer", "name": "Hanna K."})
    (row,) = (row for row in bench.rows("operators") if row["login"] == "hkeller")
    assert dict(row) == {
        "login": "hkeller",
        "name": "Hanna K.",
        "email": "H.Keller@partner.example",
        "phone": "+39 02 123 4567",
    }


def test_lines_of_one_operator_do_not_contradict_each_other(bench: Bench, books: Books) -> None:
    books.location()
    imported = bench.bring("operators", GRANT, {**GRANT, "role": "viewer", "name": "Somebody else"})
    assert told(imported) == [(3, "name", "line_contradicts")]


def test_the_last_admin_of_all_locations_cannot_go(bench: Bench, books: Books) -> None:
    """S-1d"""
    books.location()
    before = bench.everything()
    for check in (True, False):
        with pytest.raises(Refused) as refusal:
            bench.bring("operators", {**GRANT, "login": LOGIN}, {**GRANT, "role": "incentives_admin"}, check=check)
        assert refusal.value.why.code == "last_admin"
    assert bench.everything() == before
    admin = {"role": "incentives_admin", "location_id": "*"}
    assert bench.bring("operators", {**GRANT, "login": LOGIN}, {**GRANT, **admin}).written


def test_a_grant_for_an_unknown_location_or_a_wrong_login_or_address_is_bad(bench: Bench) -> None:
    lines = [
        GRANT,
        {**GRANT, "login": "h keller", "location_id": "*"},
        {**GRANT, "login": "x", "email": "x@y"},
        {**GRANT, "login": "y", "phone": "02 1234567"},
        {**GRANT, "login": "z", "name": "z" * 81},
    ]
    assert told(bench.bring("operators", *lines)) == [
        (2, "location_id", "not_found_location"),
        (3, "login", "login_form"),
        (4, "email", "email_form"),
        (5, "phone", "phone_form"),
        (6, "name", "too_long"),
    ]


def test_with_a_bad_line_an_operators_grants_stay_as_they_are(bench: Bench, books: Books) -> None:
    books.location()
    bench.bring("operators", {**GRANT, "role": "viewer"})
    out = bench.folder / "bad.csv"
    lines = [GRANT, {**GRANT, "role": "chief"}, {**GRANT, "login": "pilar", "name": "Pilar"}]
    imported = bench.bring("operators", *lines, bad_rows=out)
    assert told(imported) == [(2, "", "group_bad"), (3, "role", "not_a_choice")]
    found = {(row["login"], row["role"]) for row in bench.rows("grants")}
    assert found == {("hkeller", "viewer"), ("pilar", "incentives_user"), (LOGIN, "incentives_admin")}
    assert [row["line"] for row in csv.DictReader(out.read_text("utf-8-sig").splitlines())] == ["2", "3"]


def test_a_bad_line_of_nobody_knows_whom_keeps_every_grant_as_it_is(bench: Bench, books: Books) -> None:
    books.location()
    before = bench.rows("grants")
    imported = bench.bring("operators", GRANT, {**GRANT, "login": ""}, bad_rows=bench.folder / "bad.csv")
    assert told(imported) == [(2, "", "group_bad"), (3, "login", "required")]
    assert not imported.written
    assert bench.rows("grants") == before


# The directory


def test_ids_come_with_their_customer_their_facts_and_the_tenant_of_a_domain(bench: Bench) -> None:
    """S-3c S-11d"""
    assert counted(bench.bring("directory", TENANT, DOMAIN)) == (2, 0, 0)
    (customer,) = bench.rows("customers")
    assert (customer["key"], customer["name"], customer["country"]) == ("K1", "Corvara Distribuzione", "IT")
    assert customer["sort_name"] == "corvara distribuzione"
    found = {
        row["id_type"]: (row["value"], row["tenant"], json.loads(row["facts"])) for row in bench.rows("identifiers")
    }
    assert found == {
        "tenant": (guid(1), None, {"seats": 300, "managed": True, "segment": "retail"}),
        "domain": ("corvara.example.com", guid(1), {}),
    }


def test_an_empty_fact_clears_it_and_an_absent_column_keeps_it(bench: Bench) -> None:
    bench.bring("directory", TENANT)
    less = {name: value for name, value in TENANT.items() if name not in ("fact:segment", "country")}
    assert counted(bench.bring("directory", {**less, "fact:seats": "", "fact:users": "7.5"})) == (0, 1, 0)
    (row,) = bench.rows("identifiers")
    assert json.loads(row["facts"]) == {"managed": True, "segment": "retail", "users": 7.5}
    assert bench.rows("customers")[0]["country"] == "IT"


def test_a_fact_that_changes_its_kind_is_a_change(bench: Bench) -> None:
    bench.bring("directory", {**TENANT, "fact:seats": "1"})
    assert counted(bench.bring("directory", {**TENANT, "fact:seats": "true"})) == (0, 1, 0)
    assert counted(bench.bring("directory", {**TENANT, "fact:seats": "TRUE"})) == (0, 0, 1)


def test_ids_are_known_again_in_every_form_in_which_they_are_written(bench: Bench) -> None:
    """S-8"""
    bench.bring("directory", TENANT, DOMAIN)
    again = [
        {**TENANT, "id_value": f" {guid(1).upper()} "},
        {**DOMAIN, "id_value": "https://www.Corvara.example.com/home", "tenant_id": guid(1).upper()},
    ]
    assert counted(bench.bring("directory", *again)) == (0, 0, 2)


def test_one_id_under_two_customers_is_an_error_on_every_line_of_it(bench: Bench) -> None:
    other = {**TENANT, "customer": "K2", "customer_name": "Corbett"}
    imported = bench.bring("directory", TENANT, DOMAIN, {**other, "id_value": guid(1).upper()}, TENANT)
    assert told(imported) == [(line, "id_value", "id_two_customers") for line in (2, 4, 5)]
    assert [problem.why.params for problem in imported.bad] == [
        {"line": 4, "other": "K2"},
        {"line": 2, "other": "K1"},
        {"line": 4, "other": "K2"},
    ]


def test_an_id_that_belongs_to_another_customer_here_is_an_error(bench: Bench) -> None:
    bench.bring("directory", TENANT)
    imported = bench.bring("directory", {**TENANT, "customer": "K2"})
    assert told(imported) == [(2, "id_value", "id_of_other")]
    assert imported.bad[0].why.params == {"customer": "K1"}


def test_a_customer_has_one_name_and_one_country_in_a_file(bench: Bench) -> None:
    lines = [
        TENANT,
        {**TENANT, "id_value": guid(2), "customer_name": "Corvara"},
        {**TENANT, "id_value": guid(3), "country": "FR"},
        {**TENANT, "id_value": guid(4), "country": ""},
    ]
    imported = bench.bring("directory", *lines)
    assert told(imported) == [(3, "customer_name", "line_contradicts"), (4, "country", "line_contradicts")]


def test_a_country_that_one_line_tells_holds_for_the_customers_other_lines(bench: Bench) -> None:
    lines = [{**TENANT, "country": ""}, {**TENANT, "id_value": guid(2)}, {**TENANT, "id_value": guid(3), "country": ""}]
    bench.bring("directory", *lines)
    assert bench.rows("customers")[0]["country"] == "IT"
    assert counted(bench.bring("directory", *lines)) == (0, 0, 3)


def test_wrong_ids_are_bad_with_the_reason_of_their_form(bench: Bench) -> None:
    """S-8"""
    lines = [
        {**TENANT, "id_value": "123"},
        {**DOMAIN, "id_value": "no dots", "tenant_id": "x"},
        {**TENANT, "id_type": "msx", "id_value": "7-ABC123"},
        {**DOMAIN, "fact:seats": "3"},
    ]
    assert told(bench.bring("directory", *lines)) == [
        (2, "id_value", "tenant_length"),
        (3, "id_value", "domain_form"),
        (3, "tenant_id", "tenant_length"),
        (4, "id_type", "directory_msx"),
        (5, "fact:seats", "fact_on_domain"),
    ]


def test_a_customers_new_name_facts_and_country_show_on_every_page_at_once(bench: Bench, books: Books) -> None:
    """S-2b S-2c"""
    seats = [{"fact": "seats", "is": "at_least", "value": 300, "reason": "fewer than 300 paid seats"}]
    books.location()
    here, there = books.engagement(criterion=seats), books.engagement(code="elsewhere")
    bench.bring("directory", TENANT, DOMAIN)
    ids = {row["id_type"]: row["id"] for row in bench.rows("identifiers")}
    (customer,) = (row["id"] for row in bench.rows("customers"))
    books.claim(there, customer, ids["domain"], Status.APPROVED)
    tabs = {row["engagement_id"]: row["tab"] for row in bench.rows("standing") if not row["claim_id"]}
    assert tabs == {here: 0, there: 0}
    bench.bring(
        "directory", {**TENANT, "customer_name": "Àbaco", "fact:seats": "299"}, {**DOMAIN, "customer_name": "Àbaco"}
    )
    tabs = {row["engagement_id"]: row["tab"] for row in bench.rows("standing") if not row["claim_id"]}
    assert tabs == {here: 1, there: 0}
    assert {row["sort_name"] for row in bench.rows("standing")} == {"abaco"}
    assert bench.pages_are_right()


def test_a_customers_new_name_finds_its_claims_in_every_list_and_the_old_one_no_longer(
    bench: Bench, books: Books, services: Services
) -> None:
    """S-2i"""
    books.location()
    bench.bring("directory", TENANT, {**TENANT, "customer": "K2", "customer_name": "Arno", "id_value": guid(2)})
    offer = books.engagement()
    for ident, customer in ((row["id"], row["customer_id"]) for row in bench.rows("identifiers")):
        books.claim(offer, customer, ident, Status.AWAITING_CONSENT)
    bench.bring("directory", {**TENANT, "customer_name": "Àbaco"})
    for name, found in (("ABACO", ["CLM-000001"]), ("corvara", []), ("arno", ["CLM-000002"])):
        assert [claim.claim_id for claim in services.claims.rows(ClaimQuestion(filter=name))] == found


def test_keys_of_the_programs_own_form_keep_their_numbers(bench: Bench, books: Books) -> None:
    lines = [
        {**TENANT, "customer": "Z9", "id_value": guid(1)},
        {**TENANT, "customer": "C-000007", "id_value": guid(2)},
        {**TENANT, "customer": "C-07", "id_value": guid(3)},
    ]
    bench.bring("directory", *lines)
    found = {row["key"]: row["id"] for row in bench.rows("customers")}
    assert found["C-000007"] == 7
    books.customer("Made here")
    assert max(row["key"] for row in bench.rows("customers") if row["key"].startswith("C-000")) == "C-000010"


# Opportunities


def test_opportunities_are_msx_ids_with_what_they_are_worth(bench: Bench) -> None:
    bench.bring("directory", TENANT)
    assert counted(bench.bring("opportunities", {**DEAL, "customer_name": "Another name", "fact:product": "data"})) == (
        1,
        0,
        0,
    )
    (row,) = (row for row in bench.rows("identifiers") if row["id_type"] == "msx")
    facts = {"acv": 12000.5, "stage": "develop", "open": True, "country": "DE", "product": "data"}
    assert (row["value"], json.loads(row["facts"])) == ("7-ABC123", facts)
    (customer,) = bench.rows("customers")
    assert (customer["name"], customer["country"]) == ("Corvara Distribuzione", "IT")
    assert counted(bench.bring("opportunities", {**DEAL, "open": "false"})) == (0, 1, 0)
    assert counted(bench.bring("opportunities", {**DEAL, "customer": "K2"})) == (0, 0, 0)


def test_an_opportunity_brings_a_customer_that_nobody_knew(bench: Bench) -> None:
    bench.bring("opportunities", DEAL, {**DEAL, "msx_id": "7-ABC124"})
    assert [(row["key"], row["country"]) for row in bench.rows("customers")] == [("K1", "DE")]


# Nomination lists


def test_a_file_replaces_the_list_of_each_engagement_that_it_names(bench: Bench, books: Books) -> None:
    """S-11d"""
    books.engagement(nomination_list=True)
    books.engagement(code="other", nomination_list=True)
    lines = [LISTED, {**LISTED, "id_value": guid(2)}, {**LISTED, "engagement": "other"}]
    assert counted(bench.bring("nominations", *lines)) == (3, 0, 0)
    imported = bench.bring("nominations", {**LISTED, "eligible": "false", "reason": "asked by another partner"})
    assert (counted(imported), imported.removed) == ((0, 1, 0), 1)
    found = [(row["engagement_id"], row["value"], row["eligible"], row["why"]) for row in bench.rows("nominations")]
    assert found == [(1, guid(1), False, "asked by another partner"), (2, guid(1), True, "")]
    assert bench.pages_are_right()


def test_a_customer_who_comes_onto_the_list_becomes_eligible(bench: Bench, books: Books) -> None:
    """S-2b S-11d"""
    books.location()
    engagement = books.engagement(nomination_list=True)
    books.known("Corvara", books.engagement(code="other"), number=1)

    def tab() -> int:
        rows = [row for row in bench.rows("standing") if row["engagement_id"] == engagement]
        return int(rows[0]["tab"])

    assert tab() == 1
    bench.bring("nominations", LISTED)
    assert tab() == 0
    bench.bring("nominations", {**LISTED, "id_value": guid(9)})
    assert tab() == 1


def test_a_list_with_a_bad_line_stays_as_it_is(bench: Bench, books: Books) -> None:
    books.engagement()
    books.engagement(code="other")
    bench.bring("nominations", {**LISTED, "id_value": guid(7)})
    lines = [LISTED, {**LISTED, "id_value": "7"}, {**LISTED, "engagement": "other"}, {**LISTED, "engagement": "none"}]
    imported = bench.bring("nominations", *lines, bad_rows=bench.folder / "bad.csv")
    assert told(imported) == [
        (2, "", "group_bad"),
        (3, "id_value", "tenant_length"),
        (5, "engagement", "not_found_engagement"),
    ]
    assert [(row["engagement_id"], row["value"]) for row in bench.rows("nominations")] == [(1, guid(7)), (2, guid(1))]


def test_a_long_list_is_replaced_piece_by_piece(bench: Bench, books: Books) -> None:
    books.engagement()
    bench.bring("nominations", *({**LISTED, "id_value": guid(number)} for number in range(1, 1_201)))
    imported = bench.bring("nominations", *({**LISTED, "id_value": guid(number)} for number in range(600, 1_801)))
    assert (counted(imported), imported.removed) == ((600, 0, 601), 599)
    assert len(bench.rows("nominations")) == 1_201


# The catalogue


def test_a_catalogue_comes_in_and_changes_what_it_names(bench: Bench) -> None:
    first = bench.file(catalogue_text(offer(), variable(code="project")), "toml")
    assert counted(bench.bring_file("catalogue", first)) == (2, 0, 0)
    assert counted(bench.bring_file("catalogue", first)) == (0, 0, 2)
    other = bench.file(catalogue_text(offer(name="Another name"), offer(code="third")), "toml")
    assert counted(bench.bring_file("catalogue", other, check=True)) == (1, 1, 0)
    assert counted(bench.bring_file("catalogue", other)) == (1, 1, 0)
    assert [(row["code"], row["name"]) for row in bench.rows("engagements")] == [
        ("assessment", "Another name"),
        ("project", "Assessment"),
        ("third", "Assessment"),
    ]


def test_a_changed_catalogue_moves_customers_between_the_tabs(bench: Bench, books: Books) -> None:
    """S-2c"""
    books.location()
    bench.bring_file("catalogue", bench.file(catalogue_text(offer())))
    books.known("Corvara", books.engagement(code="elsewhere"), number=1, seats=10)
    assert [row["tab"] for row in bench.rows("standing") if not row["claim_id"]] == [0, 0]
    seats = [{"fact": "seats", "is": "at_least", "value": 300, "reason": "fewer than 300 paid seats"}]
    bench.bring_file("catalogue", bench.file(catalogue_text(offer(criterion=seats))))
    assert sorted(row["tab"] for row in bench.rows("standing") if not row["claim_id"]) == [0, 1]
    assert bench.pages_are_right()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (catalogue_text(offer(surprise=1)).encode(), "catalogue_unknown"),
        (b"format = 1\n[[engagement]\n", "catalogue_toml"),
        (catalogue_text(offer()).encode("utf-16"), "table_encoding"),
        (b"format = 1\nname = '\xe9'\n", "table_encoding"),
        (b"#" * (8 * 1024 * 1024 + 1), "catalogue_large"),
    ],
    ids=["unknown key", "no TOML", "UTF-16", "Latin-1", "too large"],
)
def test_a_catalogue_that_is_wrong_changes_nothing(bench: Bench, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        bench.bring_file("catalogue", bench.file(content))
    assert (refusal.value.code, refusal.value.why.code) == ("import_failed", code)
    assert bench.rows("engagements") == []


def test_a_catalogue_has_no_good_and_bad_lines(bench: Bench) -> None:
    with pytest.raises(Refused) as refusal:
        bench.bring_file("catalogue", bench.file(catalogue_text(offer())), bad_rows=bench.folder / "bad.csv")
    assert refusal.value.why.code == "catalogue_whole_file"


# Spoiled files


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", [kind for kind in samples.KINDS if kind != "catalogue"])
def test_a_spoiled_file_is_brought_in_or_refused_in_words_never_worse(
    bench: Bench, clock: MovingClock, kind: str
) -> None:
    """S-11a"""
    files = samples.write_files(bench.folder, clock().date())
    for each, path in files.items():
        bench.bring_file(each, path)
    before = bench.everything()
    chance = random.Random(kind)
    for _ in range(25):
        spoiled = bytearray(files[kind].read_bytes())
        for _ in range(3):
            at = chance.randrange(len(spoiled))
            spoiled[at : at + chance.randrange(4)] = chance.choice([b'"', b",", b"\n", b"\xff", b"\0", b"7", b"-", b""])
        with suppress(Refused):
            imported = bench.bring_file(kind, bench.file(bytes(spoiled)), check=True)
            assert imported.read >= sum(counted(imported))
    assert bench.everything() == before
