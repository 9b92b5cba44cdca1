"""`claims request` (S-4)."""

import re
from pathlib import Path

import pytest

from mci_tui.commands.arguments import COMMANDS
from mci_tui.commands.making import names_of
from mci_tui.domain.requesting import CustomerRequest
from tests.commands.calls import CATALOGUE, Mci
from tests.commands.test_claims import COLUMNS

WHO = ("claims", "request", "--customer", "kestrel", "--name", "Again", "--location", "1234567")
FIXED = (*WHO, "--engagement", "cloud-migration-assessment")
VARIABLE = (*WHO, "--engagement", "erp-solution-assessment", "--id", "7-demo000023", "--hours", "24")


def test_there_is_an_option_for_everything_that_the_wizard_collects() -> None:
    (command,) = (each for each in COMMANDS if each.words == "claims request")
    options = {names[0].removeprefix("--").replace("-", "_") for names, _help, _more in command.arguments}
    assert options == {*names_of(CustomerRequest), "from"}


def test_says_the_numbers_and_until_when_consent_is_needed(mci: Mci, sample: Path) -> None:
    """S-4a"""
    made = mci(*FIXED, "--engagement", "threat-protection-engagement")
    assert (made.code, made.err) == (0, "")
    assert made.out.splitlines() == [
        "CLM-000365 · Cloud Migration Assessment · consent by 23 Dec 2026",
        "CLM-000366 · Threat Protection Engagement · consent by 23 Dec 2026",
    ]


def test_scripts_get_the_claims_with_the_contact_of_the_last_one(mci: Mci, sample: Path) -> None:
    """S-4a, S-4b, S-11c"""
    made = mci(*FIXED, "--json").json
    assert made.keys() == {"claims"}
    (claim,) = made["claims"]
    assert list(claim) == [*COLUMNS, "history", "mails", "proof", "referral", "answer"]
    assert (claim["origin"], claim["customer"], claim["id_type"]) == ("requested", "kestrel", "tenant")
    assert (claim["contact_name"], claim["contact_email"]) == ("Olive Farrant", "o.farrant@kestrel.example.com")
    assert (claim["contact_title"], claim["contact_phone"]) == ("Director of IT", "+44 20 7946 0111")
    assert claim["partner_name"] == mci(*VARIABLE, "--json").json["claims"][0]["partner_name"] != ""


def test_whoever_names_another_contact_names_all_of_it(mci: Mci, sample: Path) -> None:
    """S-4a"""
    refused = mci(*FIXED, "--contact-name", "Bruno Verdi", "--json")
    assert refused.error["problems"].keys() == {"contact_email"}
    named = ("--contact-name", "Bruno Verdi", "--contact-email", "b.verdi@kestrel.example.com")
    (claim,) = mci(*FIXED, *named, "--json").json["claims"]
    assert (claim["contact_name"], claim["contact_title"], claim["contact_phone"]) == ("Bruno Verdi", None, None)
    (claim,) = mci(*VARIABLE, "--contact-email", "bruno@kestrel.example.com", "--json").json["claims"]
    assert (claim["contact_name"], claim["contact_email"]) == ("Bruno Verdi", "bruno@kestrel.example.com")


def test_an_opportunity_and_hours_make_a_claim_of_variable_pay(mci: Mci, sample: Path) -> None:
    """S-4c, S-9"""
    (claim,) = mci(*VARIABLE, "--json").json["claims"]
    assert (claim["id_type"], claim["id_value"], claim["hours"]) == ("msx", "7-DEMO000023", 24)
    assert (claim["proposed_payout_usd"], claim["payout_limited_by"]) == ("3600.00", "hours")
    shown = mci("claims", "show", claim["claim_id"]).out
    assert "  ▸ hours × rate    24 h × 150.00 (market A)          3,600.00   limits" in shown
    assert "    percent of ACV  5 % of 88,000.00                  4,400.00\n" in shown
    assert "    cap                                               9,000.00\n" in shown
    assert list(mci("claims", "show", claim["claim_id"], "--json").json) == [
        *COLUMNS,
        "history",
        "mails",
        "proof",
        "referral",
        "answer",
    ]
    exported = mci("claims", "list", "--engagement", "erp-solution-assessment", "--csv").out
    assert '24,3600.00,"hours",' in exported


@pytest.mark.parametrize(
    ("value", "code", "sentence"),
    [
        ("7-NOBODY1", "invalid", "Opportunity 7-NOBODY1 is not known here: import it, or check the ID."),
        ("7-DEMO000017", "invalid", "Opportunity 7-DEMO000017 is another customer's: choose one of this customer."),
        ("7-DEMO000006", "not_eligible", "the opportunity is not for ERP"),
        ("kestrel", "invalid", "An MSX opportunity ID is 7- and 6 to 14 letters or digits, such as 7-ABC1234567."),
    ],
)
def test_an_opportunity_that_cannot_serve_is_refused_with_its_reason(
    mci: Mci, sample: Path, value: str, code: str, sentence: str
) -> None:
    """S-4c"""
    asked = [value if each == "7-demo000023" else each for each in VARIABLE]
    refused = mci(*asked, "--json")
    assert (refused.code, refused.error["code"]) == (1, code)
    assert refused.error["problems"] == {"id": sentence}
    assert f"  --id: {sentence}" in refused.err


@pytest.mark.parametrize("hours", ["1,5", "1.5", "-3", "0", "1e9", "sixteen"])
def test_hours_are_whole(mci: Mci, sample: Path, hours: str) -> None:
    """S-3f"""
    refused = mci(*VARIABLE[:-2], f"--hours={hours}", "--json")
    sentence = f"{hours} is no number of whole hours: write one such as 16."
    assert (refused.code, refused.error["problems"]) == (1, {"hours": sentence})


def test_a_customer_who_is_not_eligible_is_refused_with_every_reason(mci: Mci, sample: Path) -> None:
    """S-4a, S-2g"""
    listed = mci("customers", "list", "cloud-migration-assessment", "--tab", "not-eligible", "--json").json["rows"]
    row = next(each for each in listed if len(each["reasons"]) > 1)
    asked = [row["customer"] if each == "kestrel" else each for each in FIXED]
    refused = mci(*asked, "--json")
    assert (refused.code, refused.error["code"]) == (1, "not_eligible")
    assert [{"code": each["code"], "text": each["text"]} for each in refused.error["reasons"]] == row["reasons"]
    assert {each["engagement"] for each in refused.error["reasons"]} == {"cloud-migration-assessment"}


def test_what_was_requested_once_is_not_requested_again(mci: Mci, sample: Path) -> None:
    """S-2g, S-4c"""
    assert mci(*VARIABLE).code == 0
    refused = mci(*VARIABLE, "--json")
    assert [each["code"] for each in refused.error["reasons"]] == ["opportunity_in_use"]


def test_what_is_missing_is_told_by_option_all_at_once(mci: Mci, sample: Path) -> None:
    """S-4a"""
    refused = mci("claims", "request", "--json")
    assert (refused.code, refused.error["code"]) == (1, "invalid")
    assert refused.error["problems"].keys() == {
        "customer",
        "name",
        "location",
        "engagement",
        "contact_name",
        "contact_email",
    }
    assert "  --customer: " in refused.err
    assert mci("claims", "request", "--customer", "nobody").code == 1


def test_a_file_has_the_same_names_and_an_option_counts_before_it(mci: Mci, sample: Path, tmp_path: Path) -> None:
    """S-4a"""
    path = tmp_path / "request.toml"
    path.write_text(
        'customer = "kestrel"\nname = "ERP"\nlocation = 1234567\nengagement = "erp-solution-assessment"\n'
        'id = "7-DEMO000023"\nhours = 24\n'
    )
    (claim,) = mci("claims", "request", "--from", path, "--hours", "30", "--json").json["claims"]
    assert (claim["claim_name"], claim["hours"], claim["contact_name"]) == ("ERP", 30, "Olive Farrant")
    path.write_text('id_type = "msx"\n')
    refused = mci("claims", "request", "--from", path, "--json")
    assert refused.error["problems"].keys() == {"id_type"}


def test_read_only_requests_nobody(mci: Mci, sample: Path) -> None:
    refused = mci("--read-only", *FIXED, "--json")
    assert (refused.code, refused.error["code"]) == (1, "not_allowed")


def test_an_opportunity_of_a_customer_who_is_not_known_is_added(mci: Mci, sample: Path) -> None:
    """S-3b, S-3f, S-9: the same pay model by the other way"""
    add = ("claims", "add", "--name", "CRM", "--location", "1234567", "--engagement", "business-applications-workshop")
    contact = ("--contact-name", "Maria Lis", "--contact-email", "maria@lakowa.example.com")
    made = mci(*add, "--id-type", "msx", "--id", " 7-demo000031 ", "--hours", "16", *contact, "--json").json
    assert [(claim["origin"], claim["id_value"], claim["hours"]) for claim in made["claims"]] == [
        ("added", "7-DEMO000031", 16)
    ]
    again = mci(*add, "--id-type", "msx", "--id", "7-DEMO000099", "--hours", "16", *contact, "--json")
    assert again.error["problems"] == {"id": "Opportunity 7-DEMO000099 is not known here: import it, or check the ID."}


def test_the_not_eligible_tab_of_an_engagement_by_msx_alone_is_one_sentence(mci: Mci, sample: Path) -> None:
    """S-2d: for people, for scripts, in the export"""
    tab = ("customers", "list", "erp-solution-assessment", "--tab", "not-eligible")
    listed = mci(*tab, "--json").json
    assert (listed["total"], listed["rows"]) == (0, [])
    assert mci(*tab).out == f"{listed['notice']}\n"
    assert len(mci(*tab, "--csv").out.splitlines()) == 1
    assert mci(*tab, "--filter", "corvara", "--sort", "due:desc", "--json").json == listed
    (row,) = (each for each in mci("engagements", "list", "--json").json["rows"] if each["code"] == tab[2])
    assert row["not_eligible"] is None


def test_a_catalogue_whose_variable_pay_has_no_term_is_refused_by_engagement_and_key(
    mci: Mci, desk: Path, tmp_path: Path
) -> None:
    """S-9, S-11a"""
    path = tmp_path / "no-term.toml"
    path.write_text(re.sub("percent_of_acv.*cap = 6000, ", "", CATALOGUE))
    refused = mci("import", "catalogue", path)
    assert refused.code == 1
    sentence = "erp-assessment: payout: variable pay needs at least one of hourly, percent_of_acv, cap."
    assert sentence in refused.out + refused.err
