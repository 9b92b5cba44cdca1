"""Requesting known customers, and variable pay both ways, by keyboard alone."""

from pathlib import Path

import pytest

from mci_tui.domain.claims import Status
from tests.factories import guid
from tests.operator import WIDE, Operator, Place
from tests.stories.projects import bring_projects, finds, narrows, requests
from tests.stories.wizard import gives_the_id, names_the_claim, names_the_contact, reaches


@pytest.fixture
def projects(workspace: Place, tmp_path: Path) -> Place:
    """The programme with engagements and opportunities of variable pay."""
    bring_projects(workspace, tmp_path)
    return workspace


async def test_a_known_customer_is_requested_on_several_engagements_at_once(workspace: Place) -> None:
    """S-4a, S-4b, S-9"""
    async with workspace.opened() as operator:
        await finds(operator, "Threat", "falkenried")
        operator.sees("Request customer")
        await operator.presses("enter")
        operator.sees("Request customer", "step 1 of 4", "1234567 · Milano", "2345678 · München")
        await operator.fills("Wave 3")
        await operator.presses("space", "enter")
        operator.sees("step 2 of 4", "Falkenried Retail (DE)", "[x] Threat Protection Engagement", "up to 8,000 USD")
        operator.does_not_see("[x] Copilot")
        await operator.presses("down", "space", "enter")
        operator.sees("step 3 of 4", "Anna Bianchi", "anna.bianchi@falkenried.example", "Marco Rossi")
        await operator.presses("enter")
        operator.sees("step 4 of 4", "Wave 3", "1234567 · Milano", f"Tenant ID {guid(7)}", "Anna Bianchi")
        operator.sees("Threat Protection Engagement · up to 8,000 USD · consent by 23 Dec 2026")
        await operator.presses("pagedown")
        operator.sees("Copilot & Agents Workshop · up to 15,000 USD · consent by 23 Dec 2026")
        await operator.presses("enter")
        operator.sees("Customer requested", "CLM-000321 · Threat Protection Engagement · consent by 23 Dec 2026")
        operator.sees("CLM-000322 · Copilot & Agents Workshop · consent by 23 Dec 2026")
        await operator.presses("enter")
        operator.sees("CLM-000321", "◔ Claimed")
        await operator.presses("o")
        operator.sees("Came by customer requested")
        await operator.presses("pagedown")
        operator.sees("fixed pay market A 8,000.00 limits")


async def test_an_opportunity_and_hours_are_requested_with_their_payout(projects: Place) -> None:
    """S-4c, S-3f, S-3h, S-9"""
    async with projects.opened() as operator:
        await finds(operator, "CRM", "corvara")
        await requests(operator)
        operator.sees("step 2 of 5", "[x] CRM Solution Assessment variable pay", "Corvara Distribuzione (IT)")
        await operator.presses("enter")
        operator.sees("step 3 of 5", "Opportunity and hours", "(●) 7-ERP0003 propose · ACV 64,000.00 USD")
        operator.sees("(–) 7-ERP0001 worth less than 50,000 USD a year", "opportunity 7-ERP0002 is closed")
        operator.sees("Whole hours, 8 to 40. They cannot be changed later.")
        await operator.presses("tab")
        await operator.types("24")
        await operator.presses("enter", "enter")
        operator.sees("step 5 of 5", "MSX opportunity ID 7-ERP0003")
        await operator.presses("pagedown", "pagedown")
        operator.sees("24 hours (cannot be changed later)", "Proposed payout 3,912 USD")
        operator.sees("▸ hours × rate 24 h × 163.00 (market A) 3,912.00 limits")
        operator.sees("percent of ACV 7.5 % of 64,000.00 4,800.00", "cap 6,000.00")
        await operator.presses("enter")
        operator.sees("Customer requested", "CLM-000321 · CRM Solution Assessment")
        await operator.presses("enter", "o")
        operator.sees("Proposed payout 3,912 USD", "Hours 24")
        await operator.presses("pagedown")
        operator.sees("▸ hours × rate", "cap 6,000.00")


async def test_an_opportunity_of_a_new_customer_is_added_with_hours_and_payout(projects: Place) -> None:
    """S-3b, S-3f, S-3h, S-9"""
    async with projects.opened() as operator:
        await operator.opens("CRM")
        await reaches(operator, "engagements", "msx", " 7-new 0001")
        operator.sees("step 3 of 5", "Montefalco Ceramiche S.r.l. (IT) MSX opportunity ID 7-NEW0001")
        operator.sees("Whole hours, 8 to 40. They cannot be changed later.", "[x] CRM Solution Assessment")
        await operator.types("30")
        await operator.presses("enter")
        await names_the_contact(operator)
        operator.sees("step 5 of 5")
        await operator.presses("pagedown", "pagedown")
        operator.sees("30 hours (cannot be changed later)", "Proposed payout 4,890 USD", "▸ hours × rate")
        await operator.presses("enter")
        operator.sees("Customer added", "CLM-000321 · CRM Solution Assessment")


async def test_hours_that_are_none_are_explained_under_their_field_and_stay(projects: Place) -> None:
    """S-3f"""
    async with projects.opened() as operator:
        await operator.opens("CRM")
        await reaches(operator, "engagements", "msx", "7-NEW0001")
        for typed in ("1,5", "1.5", "-3", "0", "1e9", "sixteen"):
            await operator.types(typed)
            await operator.presses("enter")
            operator.sees("step 3 of 5", f"▲ {typed} is no number of whole hours: write one such as 16.")
            await operator.presses("ctrl+u")
        await operator.bursts("4", "1", "enter")
        operator.sees("step 3 of 5", "▲ Write whole hours between 8 and 40")
        await operator.bursts("backspace", "0", "enter")
        operator.sees("step 4 of 5")


async def test_a_second_engagement_of_variable_pay_takes_the_place_of_the_first_and_says_so(projects: Place) -> None:
    """S-3f"""
    async with projects.opened() as operator:
        await operator.opens("CRM")
        await reaches(operator, "engagements", "msx", "7-NEW0001")
        operator.sees("[ ] ERP Solution Assessment", "[x] CRM Solution Assessment")
        await operator.fills("10")
        await operator.presses("up", "space")
        operator.sees("[x] ERP Solution Assessment", "[ ] CRM Solution Assessment", "1 chosen · one claim")
        operator.sees(
            "Variable pay takes one engagement at a time: this one took the place of CRM Solution Assessment."
        )
        await operator.presses("enter")
        operator.sees("step 4 of 5")


async def test_variable_pay_takes_the_place_of_all_fixed_pay_and_the_other_way_round(projects: Place) -> None:
    """S-3f, S-4a"""
    async with projects.opened(size=WIDE) as operator:
        await finds(operator, "Threat", "falkenried")
        await requests(operator)
        await _chooses(operator, "Copilot")
        await _chooses(operator, "CRM")
        operator.sees("[x] CRM Solution Assessment", "step 2 of 5", "1 chosen · one claim")
        operator.sees("this one took the place of Threat Protection Engagement, Copilot & Agents Workshop.")
        await operator.presses("enter", "tab", "1", "0")
        await operator.presses("escape")
        await _chooses(operator, "Cloud")
        operator.sees("[x] Cloud Migration Assessment", "step 2 of 4", "took the place of CRM Solution Assessment.")
        await operator.presses("enter", "enter")
        operator.sees("step 4 of 4", "Cloud Migration Assessment · up to 8,000 USD")
        operator.does_not_see("MSX opportunity", "10 hours")
        await operator.presses("enter")
        operator.sees("Customer requested")


async def _chooses(operator: Operator, engagement: str) -> None:
    await operator.types(engagement)
    await operator.presses("space")


async def test_a_chosen_opportunity_does_not_close_other_engagements(projects: Place) -> None:
    """S-4c: going back, the customer counts, not the opportunity chosen before"""
    async with projects.opened() as operator:
        await finds(operator, "ERP", "corvara")
        await requests(operator)
        await operator.presses("enter", "space", "tab", "1", "6", "escape")
        operator.sees("step 2 of 5", "[x] ERP Solution Assessment", "[ ] CRM Solution Assessment")
        await _chooses(operator, "CRM")
        await operator.presses("enter")
        operator.sees("step 3 of 5", "worth less than 50,000 USD a year")


async def test_adding_a_known_customer_turns_into_requesting_it_with_all_that_was_typed(projects: Place) -> None:
    """S-2g"""
    async with projects.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("a")
        await names_the_claim(operator, "Wave 7")
        await gives_the_id(operator, "tenant", guid(7))
        operator.sees("Falkenried Retail can be requested. F2 does that instead, and takes along what you typed.")
        await operator.presses("f2")
        operator.sees("Request customer", "step 1 of 4", "Wave 7", "(●) 1234567 · Milano")
        await operator.presses("escape")
        assert operator.where == "CustomersScreen"
        await narrows(operator, "falkenried")
        await operator.presses("enter", "enter")
        operator.sees("Request customer", "Wave 7")
        await operator.presses("enter", "enter", "enter", "enter")
        operator.sees("Customer requested", "CLM-000321")
        await operator.presses("enter", "a")
        operator.sees("Add customer", "step 1 of 5")
        operator.does_not_see("A draft of this wizard is kept")


async def test_an_opportunity_typed_to_add_its_known_customer_is_taken_along_with_its_hours(projects: Place) -> None:
    """S-2g, S-4c"""
    async with projects.opened() as operator:
        await operator.opens("ERP")
        await reaches(operator, "engagements", "msx", "7-erp0001")
        await operator.types("16")
        await operator.presses("f2")
        operator.sees("Request customer", "Wave 2", "(●) 1234567 · Milano")
        await operator.presses("enter")
        operator.sees("[x] ERP Solution Assessment")
        await operator.presses("enter")
        operator.sees("step 3 of 5", "(●) 7-ERP0001", "16")
        await operator.presses("enter", "enter", "enter")
        operator.sees("Customer requested")


async def test_adding_a_customer_with_an_open_claim_opens_it_instead_and_keeps_what_was_typed(workspace: Place) -> None:
    """S-2g"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "engagements", "tenant", guid(1))
        operator.sees("F2 opens CLM-000310 of Aurelia Foods S.p.A. instead; what you typed is kept.")
        await operator.presses("f2")
        assert operator.where == "ClaimScreen"
        operator.sees("CLM-000310", "Aurelia Foods S.p.A.")
        await operator.presses("escape", "a", "enter")
        operator.sees("step 3 of 5", "Aurelia Foods S.p.A.")


async def test_a_customer_who_is_eligible_no_more_is_told_why_and_nothing_typed_is_lost(workspace: Place) -> None:
    """S-2g, S-4a"""
    async with workspace.opened() as operator:
        await finds(operator, "Threat", "falkenried")
        await requests(operator)
        await operator.presses("enter", "enter")
        operator.sees("step 4 of 4")
        with workspace.books() as books:
            books.claim(1, 7, _used(workspace), Status.AWAITING_CONSENT)
        await operator.presses("enter")
        operator.sees("step 2 of 4", "▲")
        operator.does_not_see("[x] Threat Protection")
        await operator.presses("space", "enter")
        operator.sees("step 3 of 4", "anna.bianchi@falkenried")


def _used(place: Place) -> int:
    with place.services() as services:
        ids = services.requesting.check(services.requesting.start("falkenried")).ids
        return ids["threat-protection"].row


async def test_an_opportunity_that_closes_meanwhile_leads_back_to_its_field(projects: Place) -> None:
    """S-4c"""
    async with projects.opened() as operator:
        await finds(operator, "ERP", "corvara")
        await requests(operator)
        await operator.presses("enter", "space", "tab", "1", "6", "enter", "enter")
        operator.sees("step 5 of 5")
        with projects.services() as services:
            (first, *_others) = services.requesting.opportunities("corvara", "erp-assessment")
            ids = services.requesting.check(services.requesting.start("corvara")).ids
            assert ids["erp-assessment"].value == first.value
            row = ids["erp-assessment"].row
        with projects.books() as books:
            books.facts(row, open=False, acv=32_500, country="IT")
        await operator.presses("enter")
        operator.sees("step 3 of 5", "▲ opportunity 7-ERP0001 is closed", "16")
        await operator.presses("end", "space", "enter", "enter", "enter")
        operator.sees("Customer requested")


async def test_each_customers_draft_is_kept_beside_the_others(workspace: Place) -> None:
    """S-4a: nothing typed is lost"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        for customer in ("falkenried", "corvara"):
            await narrows(operator, customer)
            await operator.presses("enter")
            await operator.types(f"Half of {customer}")
            await operator.presses("f10")
        for customer in ("falkenried", "corvara"):
            await narrows(operator, customer)
            await operator.presses("enter")
            operator.sees("A draft of this wizard is kept")
            await operator.presses("enter")
            operator.sees(f"Half of {customer}")
            await operator.presses("f10")


async def test_the_locations_offered_are_fewer_than_those_for_adding(workspace: Place) -> None:
    """S-4a"""
    with workspace.books() as books:
        books.known("Alba Nuova", 1, number=900, seats=400, segment="small")
    async with workspace.opened() as operator:
        await finds(operator, "Migrate", "alba")
        await operator.presses("enter")
        operator.sees("(●) 2345678 · München")
        operator.does_not_see("1234567 · Milano")
