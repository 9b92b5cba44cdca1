"""`referrals list` and `referrals show`, and what `claims` tells of a referral (S-1c, S-7, S-11c)."""

from pathlib import Path

import pytest

from tests.commands.calls import ADD, CATALOGUE, Mci
from tests.conftest import LOGIN, MovingClock

CLAIM = "CLM-000001"
REFERRAL = "REF-000001"
_CONDITIONS = """
[engagement.referral]
create = true
create_when = [ { fact = "country", is = "one_of", value = ["IT", "DE"] } ]
co_sell = true
co_sell_when = [
    { fact = "seats", is = "at_least", value = 500 },
    { fact = "deal_size", is = "at_least", value = 25000 },
]
"""
_SEPARATOR = "[[engagement]]"


@pytest.fixture
def referred(mci: Mci, desk: Path, tmp_path: Path) -> Path:
    """The desk with referrals on its first engagement, an admin who is a Referrals admin too, and rita, who is no
    more than that."""
    head, first, *others = CATALOGUE.split(_SEPARATOR)
    catalogue = tmp_path / "referring.toml"
    catalogue.write_text(_SEPARATOR.join([head, first + _CONDITIONS, *others]), "utf-8")
    operators = tmp_path / "operators.csv"
    operators.write_text(
        "login,role,location_id\n"
        f"{LOGIN},incentives_admin,*\n{LOGIN},referrals_admin,*\n"
        "rita,referrals_admin,*\nvera,viewer,*\n",
        "utf-8",
    )
    for kind, path in (("catalogue", catalogue), ("operators", operators)):
        assert mci("import", kind, path).code == 0
    return desk


@pytest.fixture
def made(mci: Mci, referred: Path) -> Path:
    """One referral, still partner-led."""
    assert mci(*ADD).code == 0
    return referred


def asks(mci: Mci, deal_size: str) -> None:
    """Asks the customer of the claim for consent, and records that it was given."""
    mci("settings", "set", "mail_from", "Meridiana <consent@partner.example>")
    mci("settings", "set", "portal_url", "https://consent.partner.example")
    assert mci("claims", "send-consent", CLAIM, "--deal-size", deal_size, "--accept-disclaimer").code == 0
    evidence = ("--who", "Anna Bianchi", "--how", "by phone", "--on", "2026-11-23", "--note", "Call of 14:05")
    assert mci("claims", "record-answer", CLAIM, "accepted", *evidence).code == 0


def test_without_any_the_list_says_so(mci: Mci, referred: Path) -> None:
    assert mci("referrals", "list").out == "No claim has a referral yet.\n"
    assert mci("referrals", "list", "--json").json == {"total": 0, "rows": []}


def test_scripts_get_each_referral_with_its_value_as_decimals(mci: Mci, made: Path, clock: MovingClock) -> None:
    """S-7d S-11c"""
    clock.passes(hours=2)
    asks(mci, "25000.50")
    listed = mci("referrals", "list", "--json").json
    assert listed == {
        "total": 1,
        "rows": [
            {
                "referral_id": REFERRAL,
                "kind": "co_sell",
                "claim_id": CLAIM,
                "claim_name": "Wave 1",
                "customer_name": "Corvara Distribuzione",
                "country": "IT",
                "engagement": "cloud-assessment",
                "engagement_name": "Cloud Assessment",
                "location_id": "1234567",
                "claim_status": "consent_received",
                "estimated_value_usd": "25000.50",
                "made_at": "2026-11-23T09:30:00Z",
                "field_sellers_since": "2026-11-23T11:30:00Z",
            }
        ],
    }


def test_scripts_get_one_with_every_condition(mci: Mci, made: Path) -> None:
    """S-7d"""
    asks(mci, "24999")
    shown = mci("referrals", "show", REFERRAL.lower(), "--json").json
    assert (shown["referral_id"], shown["kind"], shown["field_sellers_since"]) == (REFERRAL, "partner_led", None)
    made_by, upgrade = shown["looks"]
    assert (made_by["question"], made_by["held"]) == ("create", True)
    assert made_by["conditions"] == [
        {"fact": "country", "is": "one_of", "value": ["IT", "DE"], "known": "IT", "held": True}
    ]
    assert (upgrade["question"], upgrade["held"], upgrade["at"]) == ("co_sell", False, "2026-11-23T09:30:00Z")
    assert upgrade["conditions"] == [
        {"fact": "seats", "is": "at_least", "value": 500, "known": 500, "held": True},
        {"fact": "deal_size", "is": "at_least", "value": 25000, "known": "24999.00", "held": False},
    ]


def test_people_read_what_held_and_what_did_not(mci: Mci, made: Path) -> None:
    """S-7c S-7d"""
    assert [" ".join(line.split()) for line in mci("referrals", "list").out.splitlines()] == [
        "Referral Kind Claim ID Customer Estimated value Field sellers since",
        f"{REFERRAL} partner-led {CLAIM} Corvara Distribuzione – –",
    ]
    asks(mci, "24999")
    told = [" ".join(line.split()) for line in mci("referrals", "show", REFERRAL).out.splitlines()]
    assert told == [
        f"Referral {REFERRAL} · partner-led",
        f"Claim {CLAIM} · Wave 1 · Customer consent received",
        "Customer Corvara Distribuzione (IT)",
        "Engagement Cloud Assessment",
        "Estimated value 24,999 USD",
        "Made 23 Nov 2026, 10:30",
        "",
        "✓ partner-led · 23 Nov 2026, 10:30",
        "✓ country is one of IT, DE (IT)",
        "",
        "✗ co-sell · 23 Nov 2026, 10:30",
        "✓ seats is at least 500 (500)",
        "✗ deal_size is at least 25000 (24999.00)",
    ]


def test_since_when_field_sellers_see_it_is_told(mci: Mci, made: Path, clock: MovingClock) -> None:
    """S-7c"""
    clock.passes(hours=2)
    asks(mci, "25000")
    assert "Field sellers see it since  23 Nov 2026, 12:30" in mci("referrals", "show", REFERRAL).out
    claim = mci("claims", "show", CLAIM, "--json").json
    assert (claim["referral_id"], claim["referral_kind"]) == (REFERRAL, "co_sell")
    assert claim["field_sellers_since"] == "2026-11-23"
    assert claim["referral"]["kind"] == "co_sell"
    assert [look["question"] for look in claim["referral"]["looks"]] == ["create", "co_sell"]


def test_a_claim_tells_scripts_why_it_has_none(mci: Mci, referred: Path, tmp_path: Path) -> None:
    """S-7d"""
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text("customer,customer_name,country,id_type,id_value\ncorvara,Corvara,FR,tpid,7654321\n", "utf-8")
    assert mci("import", "directory", elsewhere).code == 0
    assert mci(*ADD).code == 0
    claim = mci("claims", "show", CLAIM, "--json").json
    assert (claim["referral_id"], claim["referral"]["referral_id"]) == (None, None)
    (look,) = claim["referral"]["looks"]
    assert (look["held"], look["conditions"][0]["known"]) == (False, "FR")


def test_an_engagement_without_referrals_leaves_nothing_to_tell(mci: Mci, desk: Path) -> None:
    """S-7a"""
    assert mci(*ADD).code == 0
    assert mci("claims", "show", CLAIM, "--json").json["referral"] is None


@pytest.mark.parametrize("argv", [("list",), ("show", REFERRAL), ("show", "REF-000404")])
@pytest.mark.parametrize("login", ["vera", "stranger"])
def test_without_the_role_one_is_told_what_is_lacking(mci: Mci, made: Path, argv: tuple[str, ...], login: str) -> None:
    """S-1c"""
    refused = mci("referrals", *argv, "--json", login=login)
    assert (refused.code, refused.error["code"]) == (1, "not_allowed")
    assert ("referrals_admin" if login == "vera" else "stranger has no role") in refused.err


def test_a_referrals_admin_who_is_nothing_else_opens_them(mci: Mci, made: Path) -> None:
    """S-1c S-1d"""
    assert mci("referrals", "show", REFERRAL, login="rita").code == 0
    assert mci("referrals", "list", "--json", login="rita").json["total"] == 1
    assert mci("claims", "list", "--json", login="rita").json["total"] == 1


def test_one_that_is_not_there_is_said_so(mci: Mci, made: Path) -> None:
    missing = mci("referrals", "show", "REF-000404", "--json")
    assert (missing.code, missing.error["code"]) == (1, "not_found")
    assert "'mci-tui referrals list' names them" in missing.err


def test_names_from_files_reach_the_terminal_harmlessly(mci: Mci, referred: Path) -> None:
    assert mci(*ADD[:3], "\x1b[31mWave", *ADD[4:], "--json").json["claims"][0]["claim_name"]
    shown = mci("referrals", "show", REFERRAL)
    assert shown.code == 0
    assert "\x1b" not in shown.out
