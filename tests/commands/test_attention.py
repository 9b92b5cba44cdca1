"""`attention`, and the filters of `claims list` that the Claims screen has as well."""

from pathlib import Path

from tests.commands.calls import ADD, Mci
from tests.conftest import MovingClock

ROW = [
    "kind", "claim_id", "customer_name", "engagement", "engagement_name", "status", "due_on", "due_what", "days_left",
    "action", "message_id",
]  # fmt: skip


class TestAttention:
    def test_says_that_there_is_nothing_where_there_is_nothing(self, mci: Mci, desk: Path) -> None:
        assert mci("attention").out == "Nothing needs you now.\n"
        assert mci("attention", "--json").json == {"total": 0, "rows": []}

    def test_lists_what_lapses_soon_with_what_is_to_be_done(self, mci: Mci, desk: Path, clock: MovingClock) -> None:
        """S-11c, S-10"""
        mci(*ADD)
        clock.passes(days=25)
        listed = mci("attention", "--json").json
        assert listed["total"] == 1
        (row,) = listed["rows"]
        assert list(row) == ROW
        assert (row["kind"], row["claim_id"], row["days_left"]) == ("consent", "CLM-000001", 5)
        assert (row["action"], row["due_on"], row["message_id"]) == ("send-consent", "2026-12-23", None)
        told = mci("attention").out.splitlines()
        assert told[1].split()[:2] == ["Consent", "CLM-000001"]
        assert told[1].endswith("Send customer consent email")

    def test_is_for_whoever_may_do_something(self, mci: Mci, desk: Path, clock: MovingClock) -> None:
        """S-1d"""
        mci(*ADD)
        clock.passes(days=25)
        refused = mci("attention", login="stranger")
        assert refused.code == 1
        assert "has no role" in refused.err


class TestClaimsList:
    def test_is_narrowed_by_area_location_and_owner(self, mci: Mci, sample: Path) -> None:
        """S-2i, S-11c"""
        whole = mci("claims", "list", "--json").json["rows"]

        def found(*argv: str) -> list[str]:
            return [row["claim_id"] for row in mci("claims", "list", *argv, "--json").json["rows"]]

        def having(name: str, *values: str) -> list[str]:
            return [row["claim_id"] for row in whole if row[name] in values]

        for option, name in (("--area", "solution_area"), ("--location", "location_id"), ("--owner", "created_by")):
            value = whole[0][name]
            assert found(option, value) == having(name, value)
        locations = sorted({row["location_id"] for row in whole})[:2]
        assert found("--location", locations[0], "--location", locations[1]) == having("location_id", *locations)
        assert mci("claims", "list", "--area", "Nowhere").out == "No claim is like that.\n"
