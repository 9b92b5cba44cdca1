"""Referrals by keyboard: the list, one with its conditions, the claim's section, who may open them (S-7, S-1c)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from mci_tui.domain.consent import YES
from mci_tui.domain.roles import Action
from mci_tui.screens.referrals import ReferralsScreen
from mci_tui.services.claims import ClaimPage
from mci_tui.telling.referral import referral_section
from tests.conftest import NOW
from tests.operator import SIZES, WIDE, Operator, Place
from tests.stories.referring import CO_SELL, NONE, PARTNER_LED, looks_at_referrals, opens_referral, refer

MADE = NOW - timedelta(days=3)


@pytest.fixture
def referred(workspace: Place) -> Place:
    """The programme with a referral of each kind."""
    refer(workspace)
    return workspace


def listed(operator: Operator) -> list[str]:
    """The numbers of the referrals that are listed."""
    return [row.split()[0] for row in operator.rows()]


def told(page: ClaimPage, *, may_open: bool = True) -> list[str]:
    """What the claim's page says of its referral to somebody who may open it, or who may not."""
    allowed = frozenset({Action.OPEN_REFERRAL} if may_open else ())
    lines = referral_section(replace(page, allowed=allowed), "R opens it")
    return [f"{line.label}: {line.plain}" if line.label else line.plain for line in lines]


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_tells_kind_value_and_since_when_field_sellers_see_it(
    referred: Place, size: tuple[int, int]
) -> None:
    """S-7b S-7c S-7d"""
    async with referred.opened(size=size) as operator:
        await looks_at_referrals(operator)
        operator.sees("All 2", "Partner-led 1", "Co-sell 1", "1 of 2", "latest first")
        made = "20 Nov 2026 " if size == WIDE else ""
        assert operator.row("REF-000002").startswith("REF-000002 ● Co-sell Montefalco Cer")
        assert operator.row("REF-000002").endswith(f" {CO_SELL} 42,500.50 {made}20 Nov 2026")
        assert operator.row("REF-000001").startswith("REF-000001 ○ Partner-led Aurelia Foods")
        assert operator.row("REF-000001").endswith(f" {PARTNER_LED} 18,000 {made}–")


async def test_tabs_and_typed_letters_narrow_the_list(referred: Place) -> None:
    async with referred.opened() as operator:
        await looks_at_referrals(operator)
        for expected in (["REF-000001"], ["REF-000002"], ["REF-000002", "REF-000001"]):
            await operator.presses("right")
            assert listed(operator) == expected
        for letters, expected in (("aurel", ["REF-000001"]), ("ref-000002", ["REF-000002"]), ("nobody", [])):
            await operator.presses("slash")
            await operator.types(letters)
            assert listed(operator) == expected
            await operator.presses("escape")
        await operator.presses("slash")
        await operator.types("nobody")
        operator.sees("Nothing matches the filter. Esc in the filter clears it.")


async def test_enter_opens_a_referral_that_tells_why_it_became_what_it_is(referred: Place) -> None:
    """S-7c S-7d"""
    async with referred.opened(size=WIDE) as operator:
        await looks_at_referrals(operator)
        await operator.presses("enter")
        operator.sees("MCI › Referrals › REF-000002", "Kind ● co-sell", "Estimated value 42,500.50 USD")
        operator.sees("Field sellers see the claim since 20 Nov 2026, 10:30", "Location 1234567")
        operator.sees(f"Claim {CO_SELL} · Zero Trust – montefalco", "Status ● Customer consent received")
        operator.sees("Conditions for a partner-led referral · 20 Nov 2026, 10:30 ✓ All conditions held")
        operator.sees("✓ country is one of IT, DE (IT) ✓ seats is at least 300 (450)")
        operator.sees("✓ All conditions held: it became a co-sell referral.")
        operator.sees("✓ segment is none of public, enterprise (mid_market) ✓ deal_size is at least 25000 (42500.50)")
        await operator.presses("escape", "down", "enter")
        operator.sees("REF-000001", "Kind ○ partner-led", "Field sellers do not see the claim")
        operator.sees("✗ Not all conditions held: it stayed partner-led.")
        operator.sees("✗ segment is none of public, enterprise (enterprise) ✗ deal_size is at least 25000 (18000.00)")


async def test_o_opens_the_claim_from_list_and_page(referred: Place) -> None:
    """S-7b"""
    async with referred.opened() as operator:
        await looks_at_referrals(operator)
        await operator.presses("o")
        assert operator.where == "ClaimScreen"
        operator.sees(CO_SELL)
        await operator.presses("escape", "enter", "o")
        assert operator.where == "ClaimScreen"
        await operator.presses("escape")
        assert operator.where == "ReferralScreen"
        await operator.presses("q")
        assert operator.where == "ReferralsScreen"


async def test_what_is_listed_is_what_is_exported(referred: Place) -> None:
    """S-11b"""
    async with referred.opened() as operator:
        await looks_at_referrals(operator)
        await operator.presses("right", "slash")
        await operator.types("aurelia")
        screen = operator.app.screen
        assert isinstance(screen, ReferralsScreen)
        shown = screen.export_source(screen.asked, everything=False)
        assert list(shown.lines()) == [
            ["REF-000001", "partner_led", "Aurelia Foods S.p.A.", PARTNER_LED, Decimal("18000.00"), MADE, None]
        ]
        await operator.presses("escape", "left")
        everything = screen.export_source(screen.asked, everything=True)
        assert [row["referral_id"] for row in everything.rows()] == ["REF-000002", "REF-000001"]
        assert [row.keys() for row in everything.rows()] == [dict.fromkeys(everything.columns).keys()] * 2


@pytest.mark.parametrize("login", ["vera", "ulla"])
async def test_others_are_told_calmly_which_role_they_lack(referred: Place, login: str) -> None:
    """S-1c"""
    async with referred.opened(login) as operator:
        await looks_at_referrals(operator)
        operator.sees("Referrals need the role Referrals admin, which you do not hold here.")
        operator.sees("An Incentives admin of all locations can grant it.", "All Partner-led Co-sell")
        operator.does_not_see("REF-000001", "Aurelia")
        await operator.presses("right", "enter", "o", "slash")
        await operator.types("aurelia")
        operator.sees("Referrals need the role Referrals admin")
        assert (operator.told(), operator.where) == ([], "ReferralsScreen")
        await operator.presses("escape", "escape")
        await opens_referral(operator, "REF-000001")
        operator.sees("MCI › Referrals › REF-000001", "Referrals need the role Referrals admin, which you do not hold")
        operator.does_not_see("Aurelia", "partner-led")
        await operator.presses("o")
        assert (operator.told(), operator.where) == ([], "ReferralScreen")


async def test_whoever_is_a_referrals_admin_and_nothing_else_opens_them_and_their_claims(referred: Place) -> None:
    """S-1c S-1d"""
    async with referred.opened("rita") as operator:
        await looks_at_referrals(operator)
        operator.sees("All 2", "REF-000002")
        await operator.presses("enter")
        operator.sees("Estimated value 42,500.50 USD")
        await operator.presses("o")
        operator.sees(f"Zero Trust Workshop › {CO_SELL}")
        assert operator.told() == []


async def test_an_open_list_and_page_follow_what_others_do(referred: Place) -> None:
    """S-7c S-1c"""
    async with referred.opened() as operator:
        await looks_at_referrals(operator)
        with referred.books() as books:
            books.revoke("mrossi")
        operator.app.screen.look()  # type: ignore[attr-defined]
        await operator.settled()
        operator.sees("Referrals need the role Referrals admin")
        operator.does_not_see("REF-000001")


async def test_a_page_goes_blank_when_the_role_is_taken_away(referred: Place) -> None:
    """S-1c"""
    async with referred.opened() as operator:
        await opens_referral(operator, "REF-000001")
        operator.sees("Aurelia Foods S.p.A. (IT)")
        with referred.books() as books:
            books.revoke("mrossi")
        operator.app.screen.look()  # type: ignore[attr-defined]
        await operator.settled()
        operator.sees("Referrals need the role Referrals admin")
        operator.does_not_see("Aurelia")


async def test_an_empty_list_says_how_referrals_come_about(workspace: Place) -> None:
    """S-7a S-7c"""
    with workspace.books() as books:
        books.grant("mrossi", "referrals_admin")
    async with workspace.opened() as operator:
        await looks_at_referrals(operator)
        operator.sees("No claim has a referral yet. One is made with a claim, where the engagement's conditions hold.")
        await operator.presses("right", "right")
        operator.sees("No referral has become a co-sell referral yet: that happens with the customer's consent.")


def test_the_claims_page_tells_number_kind_and_both_outcomes(referred: Place) -> None:
    """S-7b S-7c S-7d"""
    with referred.services() as services:
        assert told(services.claims.show(CO_SELL)) == [
            "Referral: REF-000002 · ● co-sell · R opens it",
            "Field sellers: see the claim since 20 Nov 2026",
            "When it was made: ✓ All conditions held: a partner-led referral was made.",
            "✓ country is one of IT, DE (IT)",
            "✓ seats is at least 300 (450)",
            "At the consent: ✓ All conditions held: it became a co-sell referral.",
            "✓ segment is none of public, enterprise (mid_market)",
            "✓ deal_size is at least 25000 (42500.50)",
        ]


def test_whoever_may_not_open_it_reads_on_the_claim_which_role_that_takes(referred: Place) -> None:
    """S-1c S-7b"""
    with referred.services() as services:
        lines = told(services.claims.show(PARTNER_LED), may_open=False)
        assert lines[:2] == [
            "Referral: REF-000001 · ○ partner-led · opening it needs the role Referrals admin",
            "Field sellers: do not see the claim",
        ]
        assert lines[5:] == [
            "At the consent: ✗ Not all conditions held: it stayed partner-led.",
            "✗ segment is none of public, enterprise (enterprise)",
            "✗ deal_size is at least 25000 (18000.00)",
        ]


def test_a_claim_without_a_referral_tells_why_each_time_it_was_looked_at(referred: Place) -> None:
    """S-7a S-7d"""
    with referred.services() as services:
        assert told(services.claims.show(NONE)) == [
            "Referral: none",
            "When it was made: ✗ Not all conditions held: no referral was made.",
            "✗ country is one of IT, DE (ES)",
            "✓ seats is at least 300 (410)",
        ]
        referred.clock.passes(hours=1)
        services.consent.send(replace(services.consent.start(NONE), deal_size="1", disclaimer=(YES,)))
        labels = [line.label for line in referral_section(services.claims.show(NONE), "") if line.label]
        assert labels == ["Referral", "When it was made", "When it was sent"]


def test_a_claim_that_was_never_looked_at_has_no_such_section(referred: Place) -> None:
    """S-7a"""
    with referred.services() as services:
        assert referral_section(services.claims.show("CLM-000310"), "") == []
