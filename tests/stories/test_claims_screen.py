"""The claims of the whole workspace on one screen: narrowed, arranged, and moved on one by one or many at once."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from mci_tui.domain.claims import Status
from mci_tui.services.claims import ClaimQuestion
from tests.conftest import NOW
from tests.factories import guid
from tests.operator import SIZES, WIDE, Operator, Place
from tests.programme import MILANO, MUENCHEN
from tests.stories.asking import AWAITING, CLAIMED, set_up_mail


def numbers(operator: Operator) -> list[str]:
    """The claims that are listed, as far as they are in view."""
    return [word for row in operator.rows() for word in row.split() if word.startswith("CLM-")]


async def narrows(operator: Operator, which: int, *choices: int) -> None:
    """Chooses for the filter number `which`, from 0, the options with these numbers; then goes back to the list."""
    await operator.presses("f", *["down"] * which, "enter")
    at = 0
    for choice in choices:
        await operator.presses(*["down"] * (choice - at), "space")
        at = choice
    await operator.presses("enter", "escape")


def written(folder: Path) -> list[list[str]]:
    """The lines of the one table that stands in a folder."""
    (path,) = folder.glob("claims-*.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def add_many(workspace: Place, count: int = 330) -> None:
    """So many claims more, of customers whose names come in another order than their numbers."""
    with workspace.books() as books, books.at_once():
        for number in range(count):
            customer = books.customer(f"Filiale {number * 7 % count:03}")
            used = books.identifier(customer, value=guid(1000 + number))
            made = NOW - timedelta(days=number % 20)
            status = (Status.AWAITING_CONSENT, Status.APPROVED, Status.CONSENT_RECEIVED)[number % 3]
            books.claim(1, customer, used, status, at=made, location_id=MILANO)


@pytest.mark.parametrize("size", SIZES)
async def test_every_claim_is_there_under_the_tab_of_its_area_hidden_ones_too(
    workspace: Place, size: tuple[int, int]
) -> None:
    """S-2f, S-2i"""
    workspace.clock.passes(days=10)
    async with workspace.opened(size=size) as operator:
        await operator.opens("Threat")
        await operator.presses("right", "right")
        operator.does_not_see("O'Neill")
        await operator.presses("3")
        operator.sees("All 20", "Security 10", "AI Business Solutions 1", "Cloud & AI Platforms 9", "1 of 20")
        assert operator.row("O'Neill").startswith(f"O'Neill & Sons {CLAIMED}")
        operator.sees("⌛ Consent expired", "sorted by claim ID ↓")
        await operator.presses("right")
        assert len(numbers(operator)) == 10
        await operator.presses("left", "left")
        assert numbers(operator) == [f"CLM-0003{number:02}" for number in range(9, 0, -1)]


async def test_each_filter_narrows_the_list_says_so_below_it_and_one_key_clears_them(workspace: Place) -> None:
    """S-2i: status, engagement, location, owner, due"""
    with workspace.books() as books:
        customer = books.customer("Filiale")
        used = books.identifier(customer, value=guid(900))
        books.claim(5, customer, used, location_id=MUENCHEN, created_by="ulla")
    async with workspace.opened(size=WIDE) as operator:
        await operator.presses("3")
        for which, choices, said, found in (
            (0, (1, 7), "Awaiting consent +1", {"CLM-000310", "CLM-000320"}),
            (1, (3,), "copilot-workshop", {"CLM-000320"}),
            (2, (2,), MUENCHEN, {"CLM-000321"}),
            (3, (1,), "ulla", {"CLM-000321"}),
            (4, (2,), "due within 7 days", {"CLM-000311", "CLM-000312", "CLM-000314"}),
        ):
            await narrows(operator, which, *choices)
            assert set(numbers(operator)) == found
            operator.sees(f"sorted by claim ID ↓ · {said} · F clears")
            await operator.presses("F")
            assert len(numbers(operator)) == 21
            operator.does_not_see("F clears")
        await narrows(operator, 0, 8)
        await narrows(operator, 4, 1)
        operator.sees("Approved · due today · F clears", "No claim is like that.")


async def test_what_is_typed_narrows_it_as_well_and_a_narrow_terminal_counts_the_filters(workspace: Place) -> None:
    """S-2i"""
    async with workspace.opened() as operator:
        await operator.presses("3", "slash")
        await operator.types("anna.bianchi@o")
        assert numbers(operator) == [CLAIMED]
        await operator.presses("escape")
        await narrows(operator, 0, 0)
        await narrows(operator, 2, 1)
        operator.sees("2 filters · F clears", "1 of 1")
        operator.does_not_see("sorted by")


async def test_filters_can_be_cleared_and_left_as_they_were_in_their_box(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.presses("3")
        await narrows(operator, 0, 0)
        await operator.presses("f")
        operator.sees("Filters", "Status ◔ Claimed", "Engagement all")
        await operator.presses("enter", "space", "escape", "F")
        operator.sees("Status all")
        await operator.presses("f")
        assert len(numbers(operator)) == 17


async def test_the_list_stands_as_its_operator_left_it_and_as_nobody_elses(workspace: Place) -> None:
    """S-2i: order, columns, tab and filters are remembered per operator"""
    async with workspace.opened(size=WIDE) as operator:
        await operator.presses("3", "right", "s", "S", "c", "down", "space", "enter")
        operator.does_not_see("Threat Protection Eng")
        await narrows(operator, 0, 1, 2)
        await operator.presses("slash")
        await operator.types("a")
        await operator.presses("enter")
        before = operator.lines()
        operator.sees("sorted by customer ↓ · filter: a · Awaiting consent +1 · F clears")
    async with workspace.opened(size=WIDE) as operator:
        await operator.presses("3")
        assert operator.lines() == before
    async with workspace.opened("vera", WIDE) as colleague:
        await colleague.presses("3")
        colleague.sees("1 of 20", "sorted by claim ID ↓", "Threat Protection Eng")


async def test_a_view_is_saved_opened_and_deleted(workspace: Place) -> None:
    """S-2i: saved views per operator"""
    async with workspace.opened(size=WIDE) as operator:
        await operator.presses("3", "right", "s")
        await narrows(operator, 0, 6)
        saved = numbers(operator)
        assert saved == ["CLM-000315"]
        await operator.presses("v")
        operator.sees("Nothing is saved yet.")
        await operator.presses("enter")
        operator.sees("▲ Write a name first.")
        await operator.types("To dispute [b]")
        await operator.presses("enter", "F", "left", "S")
        assert len(numbers(operator)) == 20
        await operator.presses("v")
        operator.sees("To dispute [b]", "Security · Rejected")
        await operator.presses("enter")
        assert numbers(operator) == saved
        operator.sees("sorted by customer ↑ · Rejected · F clears")
    async with workspace.opened("vera", WIDE) as colleague:
        await colleague.presses("3", "v")
        colleague.sees("Nothing is saved yet.")
    async with workspace.opened(size=WIDE) as operator:
        await operator.presses("3", "v", "tab")
        await operator.types("Another")
        await operator.presses("enter", "v", "d", "escape", "v")
        operator.does_not_see("Another")
        operator.sees("To dispute [b]")


async def test_there_is_room_for_thirty_views_and_one_can_be_saved_anew(workspace: Place) -> None:
    """S-2i"""
    with workspace.services() as services:
        services.memory.prefer("claims.views", {f"View {number:02}": {"sort": "claim"} for number in range(30)})
    async with workspace.opened() as operator:
        await operator.presses("3", "s", "v", "tab")
        await operator.types("One more")
        await operator.presses("enter")
        operator.sees("There is room for 30 views: delete one first.")
        await operator.presses(*["backspace"] * 8)
        await operator.types("View 07")
        await operator.presses("enter")
        assert operator.where == "ClaimsScreen"
    with workspace.services() as services:
        kept = services.memory.preference("claims.views")
    assert len(kept) == 30
    assert (kept["View 07"]["sort"], kept["View 08"]["sort"]) == ("customer", "claim")


async def test_enter_does_what_the_row_offers_and_o_opens_the_claim(workspace: Place) -> None:
    """S-2h"""
    async with workspace.opened() as operator:
        await operator.presses("3")
        for customer, offered in (("O'Neill", "Send customer"), ("Aurelia", "Resend"), ("שחר", "Dispute")):
            await operator.presses("slash")
            await operator.types(customer)
            await operator.presses("enter", "enter")
            operator.sees(offered)
            while operator.where != "ClaimsScreen":
                await operator.presses("escape")
            await operator.presses("slash", "escape")
        await operator.presses("end", "enter")
        assert operator.where == "ClaimScreen"
        operator.sees("CLM-000301", "Approved")
        await operator.presses("escape", "home", "o")
        operator.sees("CLM-000320", "Disputed")


async def test_marked_claims_are_reminded_together_and_each_says_what_became_of_it(workspace: Place) -> None:
    """S-5e: marks on claims that do not await consent are left out"""
    set_up_mail(workspace)
    with workspace.books() as books:
        customer = books.customer("Filiale")
        used = books.identifier(customer, value=guid(900))
        books.claim(1, customer, used, Status.AWAITING_CONSENT, location_id=MILANO, partner_email="")
    async with workspace.opened() as operator:
        await operator.presses("3", "m")
        assert operator.told() == ["Mark claims first: Space marks those that await consent."]
        await operator.presses("space", "slash")
        await operator.types("aurelia")
        await operator.presses("enter", "space", "m")
        operator.sees("Remind customers", "Aurelia Foods S.p.A.", AWAITING)
        operator.does_not_see("Filiale")
        await operator.presses("enter")
        operator.sees("1 of 1 reminded.", "✓ Aurelia Foods S.p.A.")
        await operator.presses("enter")
        operator.does_not_see("marked")


async def test_marked_claims_are_cancelled_together_once_confirmed_and_a_reason_is_given(workspace: Place) -> None:
    """S-6a: the confirmation names the customers, and stands on keeping them"""
    async with workspace.opened() as operator:
        await operator.presses("3", "C")
        assert operator.told() == ["Mark claims first: Space marks those that are not submitted yet."]
        await operator.presses("end", "space", *["up"] * 8)
        while operator.table.current_index > 8:
            await operator.presses("up")
        await operator.presses("space", "space", "space")
        operator.sees("4 marked", "C Cancel 3")
        await operator.presses("C")
        operator.sees("These 3 claims are cancelled. Nothing brings them back:")
        operator.sees(f"O'Neill & Sons · {CLAIMED} · Claimed", f"Aurelia Foods S.p.A. · {AWAITING} · Awaiting consent")
        operator.sees("(●) Keep the claims")
        operator.does_not_see("Gruppo Tessile")
        await operator.presses("enter")
        operator.sees("4 marked")
        with workspace.services() as others:
            others.deciding.cancel(CLAIMED, "They have gone elsewhere.")
        await operator.presses("C", "up", "space", "enter")
        operator.sees("Why these claims are cancelled")
        await operator.presses("enter")
        operator.sees("▲")
        await operator.types("The offer has changed.")
        await operator.presses("enter")
        operator.sees("2 of 3 cancelled.", f"✓ Aurelia Foods S.p.A. · {AWAITING}", f"▲ O'Neill & Sons · {CLAIMED}:")
        await operator.presses("enter")
        assert operator.row("Aurelia").split()[-3:] == ["–", "Cancelled", "–"]
        operator.does_not_see("marked")


async def test_marks_go_when_the_list_is_narrowed_and_stay_when_it_is_sorted(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.presses("3", "space", "space", "s", "S")
        operator.sees("2 marked")
        await narrows(operator, 0, 8)
        operator.sees("1 of 10")
        operator.does_not_see("marked")
        await operator.presses("space", "F")
        operator.sees("1 of 20")
        operator.does_not_see("marked")


async def test_what_is_marked_is_exported_alone(
    workspace: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-11b: in the columns that the list shows, and the box says so"""
    monkeypatch.chdir(tmp_path)
    async with workspace.opened() as operator:
        await operator.presses("3", "x")
        operator.sees("What the list shows", "Everything here")
        await operator.presses("escape", "down", "space", "x")
        operator.sees("1 marked row", "Everything here")
        await operator.presses("escape", "space", "x")
        operator.sees("2 marked rows", "in the list's order, with its columns")
        operator.does_not_see("What the list shows")
        await operator.presses("enter")
        header, *rows = written(tmp_path)
        assert header[:3] == ["customer", "customer_name", "claim_id"]
        assert [row[2] for row in rows] == ["CLM-000319", "CLM-000318"]


async def test_what_is_remembered_and_is_there_no_more_does_not_stand_in_the_way(workspace: Place) -> None:
    """S-2i: an area and an engagement that the catalogue has lost, a column and an order of another version"""
    kept = {
        "tab": "Gone",
        "sort": "colour",
        "hidden": ["shape"],
        "filters": {"status": ["melted"], "due": ["x"], "engagement": ["gone"]},
    }
    with workspace.services() as services:
        services.memory.prefer("claims", kept)
    async with workspace.opened() as operator:
        await operator.presses("3")
        operator.sees("There is no engagement gone")
        await operator.presses("F")
        operator.sees("1 of 20", "sorted by claim ID ↓")


async def test_a_long_list_is_read_from_both_ends_and_page_by_page(workspace: Place) -> None:
    """S-2i"""
    add_many(workspace)
    with workspace.services() as services:
        whole = {
            sort: services.claims.rows(ClaimQuestion(sort=sort, descending=sort == "claim"))
            for sort in ("claim", "customer", "status", "due")
        }
    async with workspace.opened() as operator:
        await operator.presses("3")
        for sort, claims in whole.items():
            expected = [claim.claim_id for claim in claims]
            await operator.presses("home")
            operator.sees("1 of 350")
            assert numbers(operator) == expected[:17]
            await operator.presses("end")
            operator.sees("350 of 350")
            assert numbers(operator) == expected[-17:]
            await operator.presses(*["pageup"] * 12)
            at = operator.table.current_index
            assert at == 350 - 1 - 12 * 17
            assert expected[at] in numbers(operator)
            await operator.presses("home", *["pagedown"] * 7)
            assert expected[7 * 17] in numbers(operator), sort
            await operator.presses("s")


async def test_the_cursor_stays_with_its_claim_when_others_come_before_it(workspace: Place) -> None:
    add_many(workspace)
    async with workspace.opened() as operator:
        await operator.presses("3", *["pagedown"] * 9)
        here = operator.table.current
        with workspace.books() as books:
            customer = books.customer("Newcomer")
            books.claim(1, customer, books.identifier(customer, value=guid(900)), location_id=MILANO)
        await operator.presses("r")
        assert operator.table.current == here
        operator.sees("155 of 351")
