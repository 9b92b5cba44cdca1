"""`customers`: the Customers pages and the check of an ID."""

import csv
import io
from pathlib import Path

import pytest

from mci_tui.commands import arguments
from mci_tui.domain.eligibility import Tab
from mci_tui.domain.ids import IdType
from mci_tui.services.customers import SORTS
from tests.commands.calls import ADD, SMALL_TENANT, TENANT, Mci

ROW = [
    "customer",
    "customer_name",
    "claim_id",
    "claim_name",
    "location_id",
    "id_type",
    "id_value",
    "status",
    "due_on",
    "due_what",
    "days_left",
    "action",
    "reasons",
]
CLOUD = "cloud-migration-assessment"
ONLY_MSX = "erp-solution-assessment"


def test_tabs_orders_and_id_types_are_those_of_the_rules() -> None:
    assert [tab.name.lower() for tab in Tab] == list(arguments.TABS)
    assert arguments.CUSTOMER_SORTS == SORTS
    assert set(arguments.ID_TYPES) == set(IdType)


class TestList:
    def test_scripts_get_a_claim_with_what_can_be_done_next(self, mci: Mci, desk: Path) -> None:
        """S-2a, S-2h, S-11c"""
        assert mci(*ADD).code == 0
        assert mci("customers", "list", "cloud-assessment", "--tab", "eligible", "--json").json == {
            "total": 1,
            "rows": [
                {
                    "customer": "corvara",
                    "customer_name": "Corvara Distribuzione",
                    "claim_id": "CLM-000001",
                    "claim_name": "Wave 1",
                    "location_id": "1234567",
                    "id_type": "tenant",
                    "id_value": TENANT,
                    "status": "customer_claimed",
                    "due_on": "2026-12-23",
                    "due_what": "consent",
                    "days_left": 30,
                    "action": "send-consent",
                    "reasons": [],
                }
            ],
        }

    def test_a_known_customer_has_reasons_instead_of_a_claim(self, mci: Mci, sample: Path) -> None:
        """S-2c"""
        listed = mci("customers", "list", CLOUD, "--tab", "not-eligible", "--json").json
        assert listed["total"] == len(listed["rows"]) > 5
        for row in listed["rows"]:
            assert list(row) == ROW
            assert row["claim_id"] is row["status"] is row["action"] is None
            assert all(reason.keys() == {"code", "text"} for reason in row["reasons"])
        assert {reason["code"] for row in listed["rows"] for reason in row["reasons"]} > {"active_claim_limit"}

    def test_a_tab_without_details_says_why(self, mci: Mci, sample: Path) -> None:
        """S-2d"""
        listed = mci("customers", "list", ONLY_MSX, "--tab", "not-eligible", "--json").json
        assert listed.keys() == {"total", "rows", "notice"}
        assert (listed["total"], listed["rows"]) == (0, [])
        told = mci("customers", "list", ONLY_MSX, "--tab", "not-eligible")
        assert told.out == listed["notice"] + "\n"
        assert told.code == 0

    def test_filter_order_and_page(self, mci: Mci, sample: Path) -> None:
        """S-2i"""
        names = [row["customer_name"] for row in mci("customers", "list", CLOUD, "--json").json["rows"]]
        backwards = mci("customers", "list", CLOUD, "--sort", "customer:desc", "--json").json["rows"]
        assert [row["customer_name"] for row in backwards] == names[::-1]
        page = mci("customers", "list", CLOUD, "--limit", "3", "--offset", "2", "--json").json
        assert [row["customer_name"] for row in page["rows"]] == names[2:5]
        assert page["total"] == len(names)
        found = mci("customers", "list", CLOUD, "--filter", "SOHNE", "--json").json
        assert {row["customer_name"] for row in found["rows"]} == {"Bergmann & Söhne GmbH"}
        assert found["total"] == len(found["rows"])

    @pytest.mark.parametrize("sort", SORTS)
    def test_a_long_list_is_read_in_pages_and_nothing_is_lost(
        self, mci: Mci, sample: Path, monkeypatch: pytest.MonkeyPatch, sort: str
    ) -> None:
        whole = mci("customers", "list", CLOUD, "--sort", sort, "--json").json
        monkeypatch.setattr("mci_tui.services.exporting.PAGE", 4)
        assert mci("customers", "list", CLOUD, "--sort", sort, "--json").json == whole
        limited = mci("customers", "list", CLOUD, "--sort", sort, "--offset", "3", "--limit", "9", "--json").json
        assert limited["rows"] == whole["rows"][3:12]

    def test_as_csv_it_has_the_same_columns(self, mci: Mci, sample: Path) -> None:
        """S-11b"""
        written = mci("customers", "list", CLOUD, "--tab", "not_eligible", "--csv").out
        assert written.startswith("\ufeff")
        assert written.count("\r\n") == written.count("\n")
        header, *lines = csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline=""))
        rows = mci("customers", "list", CLOUD, "--tab", "not-eligible", "--json").json["rows"]
        assert header == ROW
        assert [line[-1] for line in lines] == ["; ".join(each["text"] for each in row["reasons"]) for row in rows]
        assert [line[0].removeprefix("'") for line in lines] == [row["customer"] for row in rows]

    def test_people_read_why_in_full(self, mci: Mci, sample: Path) -> None:
        """S-2c"""
        shown = mci("customers", "list", CLOUD, "--tab", "not-eligible", "--limit", "4").out
        assert "active claims: the limit of 1 is reached" in shown
        assert shown.splitlines()[-1].startswith("4 of ")

    def test_an_empty_list_says_so(self, mci: Mci, desk: Path) -> None:
        assert mci("customers", "list", "cloud-assessment").out == "Nobody stands in this tab.\n"
        assert "filter" in mci("customers", "list", "cloud-assessment", "--filter", "x").out

    def test_an_unknown_engagement_is_not_found(self, mci: Mci, desk: Path) -> None:
        refused = mci("customers", "list", "nothing", "--json")
        assert refused.code == 1
        assert refused.error["code"] == "not_found"

    @pytest.mark.parametrize(
        "wrong",
        [
            ("--tab", "all"),
            ("--sort", "country"),
            ("--sort", "customer:up"),
            ("--limit", "-1"),
            ("--limit", "1.5"),
            ("--offset", "x"),
            ("--csv", "--xlsx=out.xlsx"),
        ],
    )
    def test_what_cannot_be_asked_is_wrong_usage(self, mci: Mci, desk: Path, wrong: tuple[str, str]) -> None:
        refused = mci("customers", "list", "cloud-assessment", *wrong)
        assert refused.code == 2
        assert refused.out == ""


class TestCheck:
    def test_every_engagement_answers_for_the_id(self, mci: Mci, desk: Path) -> None:
        """S-3d, S-11d"""
        checked = mci("customers", "check", "tenant", f" {SMALL_TENANT.upper()} ", "--json").json
        assert {name: checked[name] for name in list(checked)[:-1]} == {
            "id_type": "tenant",
            "id_value": SMALL_TENANT,
            "tenant_id": SMALL_TENANT,
            "customer": "minuta",
            "customer_name": "Minuta & Figli",
            "known": False,
        }
        cloud, security, erp = checked["engagements"]
        reasons = [{"code": "criterion_not_met", "text": "fewer than 300 paid seats"}]
        assert cloud == {"code": "cloud-assessment", "eligible": False, "reasons": reasons}
        assert security == {"code": "security-workshop", "eligible": True, "reasons": []}
        assert erp["reasons"][0]["code"] == "id_type_not_accepted"

    def test_a_domain_is_checked_as_its_tenant(self, mci: Mci, desk: Path) -> None:
        """S-3c"""
        checked = mci("customers", "check", "domain", "https://www.corvara.example.com/it", "--json").json
        assert (checked["id_value"], checked["tenant_id"]) == ("corvara.example.com", TENANT)
        assert checked["engagements"][0]["eligible"] is True

    def test_an_id_that_nobody_knows_is_checked_too(self, mci: Mci, desk: Path) -> None:
        checked = mci("customers", "check", "tpid", "555000", "--json")
        assert checked.code == 0
        assert checked.json["customer"] is checked.json["customer_name"] is checked.json["tenant_id"] is None
        assert [each["eligible"] for each in checked.json["engagements"]] == [False, True, False]

    def test_location_and_grants_count_where_a_location_is_given(self, mci: Mci, desk: Path) -> None:
        """S-1b, S-3a"""
        checked = mci("customers", "check", "tenant", TENANT, "--location", "2345678", "--json").json
        codes = [[why["code"] for why in each["reasons"]] for each in checked["engagements"]]
        assert codes[:2] == [["location_not_enrolled"], ["location_not_enrolled", "location_not_eligible"]]

    def test_people_read_the_verdicts(self, mci: Mci, desk: Path) -> None:
        told = mci("customers", "check", "tpid", "7654321").out
        assert "Corvara Distribuzione" in told
        assert "✗ cloud-assessment\n    fewer than 300 paid seats\n" in told
        assert "✓ security-workshop\n    eligible\n" in told

    def test_a_wrong_form_is_refused_in_words(self, mci: Mci, desk: Path) -> None:
        """S-8"""
        refused = mci("customers", "check", "tenant", "corvara", "--json")
        assert refused.code == 1
        assert refused.error["problems"].keys() == {"id"}

    def test_an_unknown_location_is_named_by_its_option(self, mci: Mci, desk: Path) -> None:
        refused = mci("customers", "check", "tenant", TENANT, "--location", "9999999")
        assert refused.code == 1
        assert "  --location: " in refused.err

    def test_an_unknown_type_is_wrong_usage(self, mci: Mci, desk: Path) -> None:
        assert mci("customers", "check", "vat", "1").code == 2
