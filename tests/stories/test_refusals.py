"""What *Add customer* says when something is wrong, and that nothing typed is lost by it."""

from datetime import UTC, datetime

import pytest

from mci_tui.domain.adding import Addition
from tests.factories import guid
from tests.operator import Operator, Place
from tests.programme import MILANO, MONTEFALCO
from tests.stories.wizard import gives_the_id, names_the_claim, names_the_contact, reaches

RIVAL = Addition(
    name="Rival",
    location=MILANO,
    id_type="tenant",
    id=MONTEFALCO,
    engagement=("threat-protection",),
    contact_name="Bruno Verdi",
    contact_email="bruno@montefalco.example.com",
    partner_name="Vera Neri",
    partner_email="v.neri@partner.example",
)
"""What a colleague adds meanwhile."""


async def test_the_first_step_says_under_each_field_what_is_missing(workspace: Place) -> None:
    """S-3a"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("a", "enter")
        operator.sees("Friendly name ▲ This cannot be empty.", "▲ Choose a location.", "step 1 of 5")
        await operator.types("Wave 2")
        operator.does_not_see("This cannot be empty.")
        operator.sees("▲ Choose a location.")


@pytest.mark.parametrize(
    ("id_type", "typed", "sentence"),
    [
        ("domain", "montefalco", "A domain name has at least one dot and no spaces, such as contoso.example.com."),
        ("tenant", "0000000f-0000-4000-8000", "A tenant ID has 36 characters"),
        ("tenant", "x" * 36, "A tenant ID is made of 0–9, a–f and hyphens"),
        ("tenant", "00000000-0000-0000-0000-000000000000", "This ID is all zeros: it names nobody."),
        ("tpid", "12", "A TPID has 3 to 12 digits, such as 1234567."),
        ("subscription", "x" * 36, "A subscription ID is made of 0–9, a–f and hyphens"),
        ("tenant", "", "Type the ID."),
    ],
)
async def test_an_id_of_the_wrong_form_is_explained_under_its_field(
    id_type: str, typed: str, sentence: str, workspace: Place
) -> None:
    """S-3b"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "engagements", id_type, typed)
        operator.sees("step 2 of 5", f"▲ {sentence}", typed)


async def test_an_id_that_the_directory_does_not_know_asks_for_company_and_country(workspace: Place) -> None:
    """S-3b"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "engagements", "tpid", "7654321")
        operator.sees("step 2 of 5", "▲ The directory does not know this ID: write the company's name.", "7654321")
        operator.sees("▲ The directory does not know this ID: write the company's country, such as IT.")
        await operator.fills("Novella S.r.l.")
        await operator.types("i1")
        await operator.presses("enter")
        operator.sees("step 2 of 5", "▲ Write the country as its two letters, such as IT.", "Novella S.r.l.")
        await operator.presses("backspace")
        await operator.types("t")
        await operator.presses("enter")
        operator.sees("step 3 of 5", "Novella S.r.l. (IT)")


async def test_a_customer_whose_country_nobody_told_asks_for_that_alone(workspace: Place) -> None:
    """S-3b, S-9"""
    with workspace.books() as books:
        books.identifier(books.customer("Novella S.r.l.", country=None), "tpid", "7654321", seats=900)
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "engagements", "tpid", "7654321")
        operator.sees(
            "step 2 of 5", "▲ The directory does not tell the country of Novella S.r.l.: write it, such as IT."
        )
        operator.does_not_see("Company")
        await operator.types("UK")
        await operator.presses("enter")
        operator.sees("▲ UK is no country of ISO 3166")
        operator.does_not_see("Company")
        await operator.presses("ctrl+u")
        await operator.types("it")
        await operator.presses("enter")
        operator.sees("step 3 of 5", "Novella S.r.l. (IT)", "up to 8,000 USD")


async def test_a_domain_without_a_tenant_asks_for_another_id(workspace: Place) -> None:
    """S-3c, S-3d: another ID of the same customer is judged by itself"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "engagements", "domain", "hellstrom.example.com")
        operator.sees("no tenant is known for hellstrom.example.com: use the tenant ID or the TPID")
        await operator.presses("escape", "down", "down", "space", "tab", "ctrl+u")
        await operator.types("900120")
        await operator.presses("enter")
        operator.sees("step 3 of 5", "Hellström Industri AB (SE)", "[x] Threat Protection Engagement")


async def test_what_is_not_eligible_stands_with_all_its_reasons(workspace: Place) -> None:
    """S-3f"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "engagements")
        operator.sees("Eligible 3", "Not eligible 4", "[x] Threat Protection Engagement")
        operator.sees(f"Data Security Engagement ▲ {MONTEFALCO} is not on the engagement's nomination list")
        await operator.presses(*["pagedown"] * 3)
        operator.sees("ERP Solution Assessment ▲ this engagement takes only: MSX opportunity ID")
        operator.sees("App Innovation Pilot ▲ the engagement runs from 1 Jul 2025 to 30 Jun 2026")
        operator.sees("Migrate & Modernise, Small Project ▲ location 1234567 is not eligible for this engagement")


async def test_without_an_engagement_there_is_nothing_to_go_on_with(workspace: Place) -> None:
    """S-3f"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "engagements")
        await operator.presses("space", "enter")
        operator.sees("step 3 of 5", "▲ Choose at least one engagement.")


async def test_ones_own_domain_is_no_address_of_a_customer(workspace: Place) -> None:
    """S-3g"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "contacts")
        await names_the_contact(operator, email="anna@partner.example")
        operator.sees("step 4 of 5", "▲ partner.example is your own company's", "Anna Bianchi")
        await operator.presses("ctrl+u")
        await operator.types("anna")
        await operator.presses("enter")
        operator.sees("step 4 of 5", "▲ This is no e-mail address")


async def test_free_mail_and_role_addresses_are_pointed_out(workspace: Place) -> None:
    """S-3g"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "contacts", "tpid", "900115")
        await names_the_contact(operator, email="info@gmail.com")
        operator.sees("step 5 of 5", "gmail.com is a free-mail service", "info is the address of a role")


async def test_a_tenant_that_is_not_that_of_the_mail_domain_needs_a_reason(workspace: Place) -> None:
    """S-3e"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "contacts")
        await names_the_contact(operator, email="anna@aurelia.example.com")
        operator.sees("step 4 of 5", "▲ The tenant is not that of", "Anna Bianchi", "anna@aurelia.example.com")
        await operator.types("Group tenant")
        await operator.presses("enter")
        operator.sees("step 5 of 5", "Group tenant")
        await operator.presses("enter", "enter", "slash")
        await operator.types("000321")
        await operator.presses("enter", "o")
        operator.sees("Reason for the tenant Group tenant")


async def test_a_mail_domain_without_a_known_tenant_needs_a_reason_as_well(workspace: Place) -> None:
    """S-3e"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "contacts")
        await names_the_contact(operator, email="anna@ceramics.example.net")
        operator.sees("step 4 of 5", "▲ No tenant is known for")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (4, "Corvara Distribuzione stands in the Eligible tab: request this customer instead of adding it"),
        (1, "Aurelia Foods S.p.A. already has the open claim CLM-000310"),
    ],
    ids=["known customer", "open claim"],
)
async def test_a_customer_who_stands_on_the_page_is_not_added_again(number: int, reason: str, workspace: Place) -> None:
    """S-2g"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "engagements", "tenant", guid(number))
        operator.does_not_see("[x] Threat Protection")
        assert reason in await seen_by_paging(operator)


async def seen_by_paging(operator: Operator) -> str:
    """All that a step shows, page by page."""
    words = ""
    for _page in range(4):
        words += f"{operator.words()}\n"
        await operator.presses("pagedown")
    return words


async def test_the_last_place_taken_meanwhile_leads_back_to_the_engagements_with_the_reason(workspace: Place) -> None:
    """S-3i, S-6e: all or none"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "engagements")
        await operator.presses("down", "space", "enter")
        await names_the_contact(operator)
        operator.sees("step 5 of 5")
        with workspace.services() as colleague:
            colleague.adding.add(RIVAL)
        await operator.presses("enter")
        operator.sees("step 3 of 5", "[x] Copilot & Agents Workshop")
        assert "Montefalco Ceramiche S.r.l. already has the open claim CLM-000321" in await seen_by_paging(operator)
        operator.does_not_see("[x] Threat Protection")
        await operator.presses("enter")
        operator.sees("step 4 of 5", "Anna Bianchi", "anna@montefalco.example.com")
        await operator.presses("enter", "enter")
        operator.sees("Customer added", "CLM-000322 · Copilot & Agents Workshop")


async def test_an_engagement_that_ended_meanwhile_leads_back_to_the_engagements(workspace: Place) -> None:
    """S-3i, S-10"""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "review")
        workspace.clock.now = datetime(2027, 7, 1, 9, tzinfo=UTC)
        await operator.presses("enter")
        operator.sees("step 3 of 5", "the engagement runs from 1 Jul 2026 to 30 Jun 2027")
        operator.sees("No engagement is eligible by this ID. Another ID of the customer may be.")


async def test_on_a_closed_engagement_nobody_can_be_added(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.opens("App")
        operator.sees("closed")
        await operator.presses("right")
        operator.sees("▲ the engagement runs from 1 Jul 2025 to 30 Jun 2026")
        await operator.presses("left", "a")
        assert operator.where == "CustomersScreen"
        assert operator.told() == ["The engagement runs from 1 Jul 2025 to 30 Jun 2026: no claim begins outside that."]


async def test_too_much_text_is_cut_where_it_is_pasted_and_the_rest_stays(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("a")
        await names_the_claim(operator, "x" * 100)
        await gives_the_id(operator)
        await operator.presses("f10")
    with workspace.services() as services:
        draft = services.memory.draft("add")
        assert draft is not None
        assert draft.values["name"] == "x" * 80
