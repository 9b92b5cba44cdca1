"""`claims list` and `claims show`."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mci_tui.commands import arguments
from mci_tui.domain.claims import Status
from mci_tui.services.claims import SORTS
from tests.commands.calls import ADD, TENANT, Mci
from tests.conftest import MovingClock

COLUMNS = [
    "claim_id", "claim_name", "engagement", "engagement_name", "solution_area", "pay", "origin", "customer",
    "customer_name", "country", "id_type", "id_value", "tenant_id", "reason", "location_id", "status", "status_since",
    "on_page", "created_at", "created_by", "consent_due_on", "consent_sent_at", "consent_at", "answer_given_by",
    "submit_due_on", "submitted_at", "review_due_on", "dispute_due_on", "ended_at", "due_on", "due_what", "days_left",
    "hours", "proposed_payout_usd", "payout_limited_by", "deal_size_usd", "contact_name", "contact_email",
    "contact_title", "contact_phone", "contact_language", "partner_name", "partner_email", "partner_phone",
    "referral_id", "referral_kind", "field_sellers_since",
]  # fmt: skip
"""The columns of the claim export, as the contract has them."""


def test_statuses_and_orders_are_those_of_the_rules() -> None:
    assert set(arguments.STATUSES) == set(Status)
    assert arguments.CLAIM_SORTS == SORTS


class TestList:
    def test_scripts_get_every_column_of_the_export(self, mci: Mci, sample: Path) -> None:
        """S-11b, S-11c"""
        listed = mci("claims", "list", "--json").json
        assert listed.keys() == {"total", "rows"}
        assert listed["total"] == len(listed["rows"]) == 64
        assert all(list(row) == COLUMNS for row in listed["rows"])
        assert {row["status"] for row in listed["rows"]} == set(Status)

    def test_values_are_written_for_scripts(self, mci: Mci, sample: Path) -> None:
        first = mci("claims", "list", "--limit", "1", "--json").json["rows"][0]
        assert first["proposed_payout_usd"] == "7000.00"
        assert first["deal_size_usd"] == "38000.00"
        assert first["on_page"] is True
        assert first["hours"] is None
        assert first["reason"] is None
        assert first["created_at"].endswith("Z")
        assert datetime.fromisoformat(first["created_at"]).astimezone(UTC) == datetime(2025, 2, 20, 23, tzinfo=UTC)
        assert first["consent_due_on"] == "2025-03-23"

    def test_filters_narrow_the_list(self, mci: Mci, sample: Path) -> None:
        def found(*argv: str) -> set[tuple[str, str]]:
            rows = mci("claims", "list", *argv, "--json").json["rows"]
            return {(row["engagement"], row["status"]) for row in rows}

        statuses = found("--status", "consent-received", "--status", "awaiting_consent")
        assert {status for _code, status in statuses} == {"consent_received", "awaiting_consent"}
        assert {code for code, _status in found("--engagement", "erp-solution-assessment")} == {
            "erp-solution-assessment"
        }
        by_name = mci("claims", "list", "--filter", "falkenried", "--json").json["rows"]
        assert {row["customer_name"] for row in by_name} == {"Falkenried Retail"}

    def test_what_is_due_soon(self, mci: Mci, sample: Path) -> None:
        rows = mci("claims", "list", "--due-within", "5", "--sort", "due", "--json").json["rows"]
        left = [row["days_left"] for row in rows]
        assert left == sorted(left)
        assert 0 < len(left) < 64
        assert max(left) <= 5

    @pytest.mark.parametrize("sort", ["claim", "customer:desc", "due"])
    def test_a_long_list_is_read_in_pages_and_nothing_is_lost(
        self, mci: Mci, sample: Path, monkeypatch: pytest.MonkeyPatch, sort: str
    ) -> None:
        whole = mci("claims", "list", "--sort", sort, "--json").json
        monkeypatch.setattr("mci_tui.services.exporting.PAGE", 7)
        assert mci("claims", "list", "--sort", sort, "--json").json == whole
        page = mci("claims", "list", "--sort", sort, "--offset", "5", "--limit", "20", "--json").json
        assert page["rows"] == whole["rows"][5:25]

    def test_as_csv_it_is_the_claim_export(self, mci: Mci, sample: Path) -> None:
        """S-11b"""
        written = mci("claims", "list", "--csv").out.removeprefix("\ufeff")
        header, *lines = csv.reader(io.StringIO(written, newline=""))
        assert header == COLUMNS
        rows = mci("claims", "list", "--json").json["rows"]
        first = dict(zip(header, lines[0], strict=True))
        assert len(lines) == len(rows)
        assert first["proposed_payout_usd"] == "7000.00"
        assert first["on_page"] == "true"
        assert datetime.fromisoformat(first["created_at"]) == datetime.fromisoformat(rows[0]["created_at"])
        assert ',7000.00,"fixed",38000.00,' in written

    def test_people_get_columns_and_how_many_there_are(self, mci: Mci, sample: Path) -> None:
        shown = mci("claims", "list", "--limit", "2").out.splitlines()
        assert shown[0].split()[:2] == ["Claim", "ID"]
        assert [line.split()[0] for line in shown[1:3]] == ["CLM-000301", "CLM-000302"]
        assert shown[3] == "2 of 64"

    def test_an_overdue_review_is_told_as_such(self, mci: Mci, sample: Path, clock: MovingClock) -> None:
        """S-6a: nothing lapses by it"""
        (row,) = mci("claims", "list", "--status", "submitted", "--json").json["rows"]
        code, claim = row["engagement"], row["claim_id"]
        clock.passes(days=300)
        assert mci("claims", "list", "--status", "submitted", "--json").json["rows"] == [row]
        assert "overdue · review" in mci("claims", "list", "--status", "submitted").out
        page = mci("customers", "list", code).out.splitlines()
        assert "overdue · review" in next(line for line in page if claim in line)

    def test_an_empty_list_says_so(self, mci: Mci, desk: Path) -> None:
        assert mci("claims", "list").out == "No claims yet.\n"
        assert mci("claims", "list", "--status", "approved").out == "No claim is like that.\n"
        assert mci("claims", "list", "--json").json == {"total": 0, "rows": []}

    def test_an_unknown_engagement_is_not_found(self, mci: Mci, desk: Path) -> None:
        assert mci("claims", "list", "--engagement", "nothing").code == 1

    @pytest.mark.parametrize("wrong", [("--status", "open"), ("--due-within", "soon"), ("--sort", "name")])
    def test_what_cannot_be_asked_is_wrong_usage(self, mci: Mci, desk: Path, wrong: tuple[str, str]) -> None:
        assert mci("claims", "list", *wrong).code == 2


class TestShow:
    def test_scripts_get_the_claim_with_all_that_belongs_to_it(self, mci: Mci, desk: Path) -> None:
        """S-6d"""
        mci(*ADD)
        shown = mci("claims", "show", "clm-000001", "--json").json
        assert list(shown) == [*COLUMNS, "history", "mails", "proof", "referral", "answer"]
        assert shown["id_value"] == TENANT
        assert shown["created_by"] == "mrossi"
        assert shown["created_at"] == "2026-11-23T09:30:00Z"
        assert (shown["mails"], shown["proof"], shown["referral"]) == ([], [], None)
        changes = {"status": [None, "customer_claimed"]}
        at = "2026-11-23T09:30:00Z"
        assert shown["history"] == [{"at": at, "who": "mrossi", "what": "added", "note": None, "changes": changes}]

    def test_people_read_it_by_the_workspaces_clock(self, mci: Mci, desk: Path) -> None:
        """S-6d, S-10"""
        mci(*ADD)
        shown = mci("claims", "show", "CLM-000001").out
        assert "CLM-000001 · Corvara Distribuzione · Cloud Assessment" in shown
        assert "◔ Customer claimed · since 23 Nov 2026\n" in shown
        assert "The customer has not been asked yet: you move next, by asking for consent.\n" in shown
        assert "  Consent  30 days from 23 Nov 2026: by 23 Dec 2026 · 30 days left\n" in shown
        assert "\nHistory\n  23 Nov 2026, 10:30  mrossi: customer added → Claimed\n" in shown

    def test_an_unknown_one_is_not_found(self, mci: Mci, desk: Path) -> None:
        refused = mci("claims", "show", "CLM-999999", "--json")
        assert refused.code == 1
        assert refused.error["code"] == "not_found"
        assert refused.error["problems"] == {}
        assert refused.error["reasons"] == []
