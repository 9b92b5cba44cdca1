"""`claims add` (S-3)."""

from pathlib import Path

import pytest

from mci_tui.commands.arguments import COMMANDS
from mci_tui.commands.making import names_of
from mci_tui.domain.adding import Addition
from tests.commands.calls import ADD, SMALL_TENANT, TENANT, Mci
from tests.commands.test_claims import COLUMNS

FILE = f"""
name = "Wave 1"
location = 1234567
id_type = "tenant"
id = "{TENANT}"
engagement = ["cloud-assessment", "security-workshop"]
contact_name = "Anna Bianchi"
contact_email = "anna@corvara.example.com"
contact_language = "it"
partner_name = "Hanna Keller"
partner_email = "h.keller@partner.example"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An addition in a file."""
    path = tmp_path / "addition.toml"
    path.write_text(FILE)
    return path


def test_there_is_an_option_for_everything_that_the_wizard_collects() -> None:
    (add,) = (command for command in COMMANDS if command.words == "claims add")
    options = {names[0].removeprefix("--").replace("-", "_") for names, _help, _more in add.arguments}
    assert options == {*names_of(Addition), "from"}


def test_says_the_numbers_and_until_when_consent_is_needed(mci: Mci, desk: Path) -> None:
    """S-3i"""
    added = mci(*ADD, "--engagement", "security-workshop")
    assert added.code == 0
    assert added.out.splitlines() == [
        "CLM-000001 · Cloud Assessment · consent by 23 Dec 2026",
        "CLM-000002 · Security Workshop · consent by 13 Dec 2026",
    ]


def test_scripts_get_the_claims(mci: Mci, desk: Path) -> None:
    """S-3i, S-9, S-11c"""
    made = mci(*ADD, "--json").json
    assert made.keys() == {"claims"}
    (claim,) = made["claims"]
    assert list(claim) == [*COLUMNS, "history", "mails", "proof", "referral", "answer"]
    assert claim["proposed_payout_usd"] == "8000.00"
    assert claim["origin"] == "added"
    assert claim["contact_language"] == "en"


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ((), ("Marco Rossi", "m.rossi@partner.example", "+39 02 123 4567")),
        (("--partner-phone", "+39 02 7654321"), ("Marco Rossi", "m.rossi@partner.example", "+39 02 765 4321")),
        (
            ("--partner-name", "Hanna Keller", "--partner-email", "h.keller@partner.example"),
            ("Hanna Keller", "h.keller@partner.example", None),
        ),
    ],
)
def test_the_partners_contact_is_the_operator_unless_said_otherwise(
    mci: Mci, desk: Path, named: tuple[str, ...], expected: tuple[str | None, ...]
) -> None:
    """S-3g"""
    (claim,) = mci(*ADD, *named, "--json").json["claims"]
    assert (claim["partner_name"], claim["partner_email"], claim["partner_phone"]) == expected


def test_a_file_has_the_same_names(mci: Mci, desk: Path, file: Path) -> None:
    """S-3i"""
    added = mci("claims", "add", "--from", file, "--json").json["claims"]
    assert [claim["engagement"] for claim in added] == ["cloud-assessment", "security-workshop"]
    assert {claim["contact_language"] for claim in added} == {"it"}
    assert {claim["partner_name"] for claim in added} == {"Hanna Keller"}


def test_an_option_counts_before_the_file(mci: Mci, desk: Path, file: Path) -> None:
    (claim,) = mci(
        "claims", "add", "--from", file, "--name", "Wave 2", "--engagement", "security-workshop", "--json"
    ).json["claims"]
    assert (claim["claim_name"], claim["engagement"]) == ("Wave 2", "security-workshop")


def test_a_company_that_the_directory_does_not_know_is_named_here(mci: Mci, desk: Path) -> None:
    """S-3b"""
    new = ("claims", "add", "--name", "New", "--location", "1234567", "--id-type", "tpid", "--id", "555000")
    contacts = (*ADD[-4:], "--engagement", "security-workshop")
    refused = mci(*new, *contacts, "--json")
    assert refused.error["problems"].keys() == {"customer_name", "country"}
    assert "  --customer-name: " in refused.err
    (claim,) = mci(*new, *contacts, "--customer-name", "Nuova Srl", "--country", "it", "--json").json["claims"]
    assert (claim["customer_name"], claim["country"]) == ("Nuova Srl", "IT")


def test_what_is_missing_is_told_by_option_all_at_once(mci: Mci, desk: Path) -> None:
    """S-3a, S-3b, S-3f, S-3g"""
    refused = mci("claims", "add", "--json")
    assert refused.code == 1
    assert refused.error["code"] == "invalid"
    assert refused.error["problems"].keys() == {
        "name",
        "location",
        "id_type",
        "engagement",
        "contact_name",
        "contact_email",
    }
    assert "  --contact-email: " in refused.err
    assert "  --id-type: " in refused.err


def test_whoever_is_not_eligible_is_refused_with_every_reason(mci: Mci, desk: Path) -> None:
    """S-3f, S-11d"""
    small = [SMALL_TENANT if each == TENANT.upper() else each for each in ADD]
    refused = mci(*small, "--json")
    assert refused.code == 1
    assert refused.error["code"] == "not_eligible"
    reasons = [{"engagement": "cloud-assessment", "code": "criterion_not_met", "text": "fewer than 300 paid seats"}]
    assert refused.error.keys() == {"code", "message", "problems", "reasons"}
    assert refused.error["reasons"] == reasons
    assert "  cloud-assessment: fewer than 300 paid seats" in refused.err
    assert mci("claims", "list", "--json").json["total"] == 0


def test_nobody_is_added_twice(mci: Mci, desk: Path) -> None:
    """S-2g, S-6e"""
    mci(*ADD)
    refused = mci(*ADD, "--json")
    assert refused.code == 1
    assert {why["code"] for why in refused.error["reasons"]} == {"active_claim_limit", "open_claim"}


def test_a_known_customer_is_to_be_requested(mci: Mci, sample: Path) -> None:
    """S-2g"""
    known = ("--id-type", "domain", "--id", "kestrel.example.com", "--engagement", "cloud-migration-assessment")
    about = ("--name", "Again", "--location", "1234567")
    refused = mci("claims", "add", *about, *known, *ADD[-4:], "--json")
    assert [why["code"] for why in refused.error["reasons"]] == ["known_customer"]


def test_a_tenant_that_is_not_the_mail_domains_needs_a_reason(mci: Mci, desk: Path) -> None:
    """S-3e"""
    elsewhere = (*ADD[:-1], "anna@other.example.com")
    refused = mci(*elsewhere, "--json")
    assert refused.code == 1
    assert refused.error["code"] == "reason_required"
    assert refused.error["problems"].keys() == {"reason"}
    assert "  --reason: " in refused.err
    (claim,) = mci(*elsewhere, "--reason", "the group's own tenant", "--json").json["claims"]
    assert claim["reason"] == "the group's own tenant"


def test_read_only_adds_nothing(mci: Mci, desk: Path) -> None:
    refused = mci("--read-only", *ADD, "--json")
    assert refused.code == 1
    assert refused.error["code"] == "not_allowed"
    assert mci("claims", "list", "--json").json["total"] == 0


def test_without_a_grant_for_the_location_nothing_is_added(mci: Mci, desk: Path, tmp_path: Path) -> None:
    """S-1b, S-1d"""
    grants = tmp_path / "operators.csv"
    grants.write_text("login,role,location_id\nanna,incentives_user,2345678\nvera,viewer,*\n")
    assert mci("import", "operators", grants).code == 0
    for login in ("anna", "vera", "stranger"):
        refused = mci(*ADD, "--json", login=login)
        assert refused.code == 1
        assert refused.error["code"] == "not_allowed"
    assert mci("claims", "list", "--json").json["total"] == 0


@pytest.mark.parametrize(
    ("text", "code", "problems"),
    [
        ('name = "a"\nname = "b"\n', "invalid", set()),
        ("name = \n", "invalid", set()),
        ('colour = "blue"\n', "invalid", {"colour"}),
        ("name = true\ncontact_name = 2026-11-23\nid = ['a']\n", "invalid", {"name", "contact_name", "id"}),
        ("engagement = [{ code = 'cloud-assessment' }]\n", "invalid", {"engagement"}),
        ("[contact]\nname = 'Anna'\n", "invalid", {"contact"}),
    ],
)
def test_a_wrong_file_is_refused(
    mci: Mci, desk: Path, tmp_path: Path, text: str, code: str, problems: set[str]
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    refused = mci("claims", "add", "--from", path, "--json")
    assert refused.code == 1
    assert refused.error["code"] == code
    assert refused.error["problems"].keys() == problems


@pytest.mark.parametrize("name", ["nothing.toml", ".", "latin.toml"])
def test_a_file_that_cannot_be_read_is_refused(mci: Mci, desk: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "latin.toml").write_bytes('name = "Café"'.encode("latin-1"))
    refused = mci("claims", "add", "--from", tmp_path / name)
    assert refused.code == 1
    assert ("not UTF-8" in refused.err) is (name == "latin.toml")


def test_a_type_of_id_that_is_none_is_told_which_ones_are(mci: Mci, desk: Path) -> None:
    refused = mci("claims", "add", "--id-type", "mail", "--id", "x")
    assert "--id-type: mail cannot stand here: write one of domain, tenant, tpid, subscription, msx." in refused.err
