"""`engagements`."""

from pathlib import Path

from mci_tui.domain.catalogue import read_catalogue
from mci_tui.domain.engagements import Comparison, Condition, Criterion
from mci_tui.domain.ids import IdType
from mci_tui.telling.engagement import criterion_line, day_lines
from tests.commands.calls import Mci
from tests.factories import catalogue_text, offer

ROW = [
    "code",
    "name",
    "solution_area",
    "partner_role",
    "pay",
    "active",
    "starts_on",
    "ends_on",
    "locations_eligible",
    "locations_enrolled",
    "eligible",
    "not_eligible",
    "complete",
]


def test_scripts_get_every_engagement_with_its_counts(mci: Mci, desk: Path) -> None:
    """S-2d, S-11c"""
    listed = mci("engagements", "list", "--json").json
    assert listed.keys() == {"total", "rows"}
    assert listed["total"] == 3
    assert [list(row) for row in listed["rows"]] == [ROW] * 3
    assert listed["rows"][0] == {
        "code": "cloud-assessment",
        "name": "Cloud Assessment",
        "solution_area": "Cloud",
        "partner_role": "pre-sales",
        "pay": "fixed",
        "active": True,
        "starts_on": "2026-07-01",
        "ends_on": "2027-06-30",
        "locations_eligible": 1,
        "locations_enrolled": 1,
        "eligible": 0,
        "not_eligible": 0,
        "complete": 0,
    }
    assert listed["rows"][2]["not_eligible"] is None
    assert listed["rows"][2]["partner_role"] is None


def test_people_get_aligned_columns(mci: Mci, desk: Path) -> None:
    title, *lines = mci("engagements", "list").out.splitlines()
    assert len(lines) == 3
    at = title.index("Solution area")
    assert [line[at:].split()[0] for line in lines] == ["Cloud", "Security", "Business"]
    assert [line[at - 1] for line in lines] == [" "] * 3
    assert [line[title.index("Sites") :].split()[0] for line in lines] == ["1/1"] * 3


def test_without_engagements_the_next_step_is_named(mci: Mci, home: Path) -> None:
    mci("init")
    told = mci("engagements", "list")
    assert told.code == 0
    assert "mci-tui import catalogue" in told.out
    assert mci("engagements", "list", "--json").json == {"total": 0, "rows": []}


def test_one_is_shown_as_the_catalogue_has_it(mci: Mci, desk: Path) -> None:
    """S-9"""
    shown = mci("engagements", "show", "security-workshop", "--json").json
    assert list(shown)[: len(ROW)] == ROW
    assert shown["locations"] == ["1234567"]
    assert shown["consent_days"] == 20
    assert shown["payout"]["fixed"] == {"A": "6000.50", "B": "5000.00", "C": "4000.00"}
    variable = mci("engagements", "show", "erp-assessment", "--json").json
    assert variable["payout"]["percent_of_acv"] == "7.5"
    assert variable["payout"]["cap"] == "6000.00"
    criterion = {"fact": "seats", "is": "at_least", "value": 300, "id_types": [], "reason": "fewer than 300 paid seats"}
    assert mci("engagements", "show", "cloud-assessment", "--json").json["criterion"] == [criterion]


def test_people_read_what_it_pays(mci: Mci, desk: Path) -> None:
    """S-9"""
    assert "A 6,000.50 USD · B 5,000 USD" in mci("engagements", "show", "security-workshop").out
    variable = mci("engagements", "show", "erp-assessment").out
    assert "7.5 % of the opportunity's ACV · A 163 USD, B 130 USD, C 98 USD an hour · at most 6,000 USD" in variable


def test_people_read_whom_it_takes_and_how_long_everything_lasts(mci: Mci, desk: Path) -> None:
    """S-6e, S-10, S-11d"""
    shown = mci("engagements", "show", "cloud-assessment").out
    assert "seats is at least 300 – fewer than 300 paid seats" in shown
    assert "30 days from the day the claim is made" in shown
    assert "at most 1 for one customer" in shown
    wanted = Condition("seats", Comparison.ONE_OF, (1, True))
    assert criterion_line(Criterion(wanted, "no", frozenset({IdType.TPID, IdType.TENANT}))) == (
        "seats is one of 1, true (Tenant ID, Top parent ID (TPID)) – no"
    )
    ((engagement, _kept),) = read_catalogue(catalogue_text(offer(consent_days=1)))
    assert day_lines(engagement)[0] == ("Consent", "1 day from the day the claim is made")


def test_an_unknown_one_is_not_found(mci: Mci, desk: Path) -> None:
    refused = mci("engagements", "show", "cloud", "--json")
    assert refused.code == 1
    assert refused.error["code"] == "not_found"
    assert "cloud" in refused.err
