"""From one's own files to the first customer on two Customers pages."""

from pathlib import Path

from mci_tui.services.imports import Imports
from tests.conftest import MovingClock, new_workspace
from tests.operator import Place
from tests.programme import write_files
from tests.stories.wizard import gives_the_id, names_the_claim, names_the_contact


async def test_an_operator_brings_files_in_and_adds_a_customer_to_two_engagements_by_keyboard_alone(
    tmp_path: Path,
) -> None:
    """S-11a, S-3a, S-3b, S-3f, S-3g, S-3h, S-3i, S-2a"""
    place = Place(tmp_path / "desk.db", MovingClock())
    new_workspace(str(place.path), place.clock).close()
    async with place.opened() as operator:
        operator.sees("No engagements yet.", "mci-tui import catalogue FILE")
    with place.services() as services:
        for kind, path in write_files(tmp_path, "catalogue", "locations", "directory").items():
            assert Imports(services.desk).import_file(kind, path).written

    async with place.opened() as operator:
        await operator.opens("Threat")
        operator.sees("No customers yet. Press a to add one.")
        await operator.presses("a")
        operator.sees("step 1 of 5", "1234567 · Milano")
        await names_the_claim(operator, "Ceramics, wave 1")
        operator.sees("step 2 of 5")
        await gives_the_id(operator)
        operator.sees("step 3 of 5", "Montefalco Ceramiche S.r.l. (IT)", "[x] Threat Protection Engagement")
        operator.sees("up to 8,000 USD · by 23 Dec")
        await operator.presses("down", "space", "enter")
        operator.sees("step 4 of 5", "Marco Rossi", "m.rossi@partner.example")
        await names_the_contact(operator)
        operator.sees("step 5 of 5", "Ceramics, wave 1", "1234567 · Milano", "anna@montefalco.example.com · English")
        await operator.presses("enter")
        operator.sees("Customer added", "CLM-000001 · Threat Protection Engagement · consent by 23 Dec 2026")
        operator.sees("CLM-000002 · Copilot & Agents Workshop · consent by 23 Dec 2026")
        await operator.presses("enter")
        assert "CLM-000001 ◔ Claimed 30 days" in operator.row("Montefalco")
        operator.sees("Eligible 1")
        await operator.presses("escape")
        await operator.opens("Copilot")
        assert "CLM-000002 ◔ Claimed 30 days" in operator.row("Montefalco")


async def test_the_claim_just_made_opens_by_its_number_with_all_that_was_typed(workspace: Place) -> None:
    """S-2e, S-3i, S-6d"""
    async with workspace.opened() as operator:
        await operator.opens("Cloud Mig")
        await operator.presses("a")
        await names_the_claim(operator, "Ceramics, wave 1")
        await gives_the_id(operator, "domain", "https://www.Montefalco.example.com/it")
        operator.sees(f"tenant {'0000000f-0000-4000-8000-00000000000f'}")
        await operator.presses("enter")
        await names_the_contact(operator)
        await operator.presses("enter", "enter", "slash")
        await operator.types("ceramics")
        await operator.presses("enter", "o")
        assert operator.where == "ClaimScreen"
        operator.sees("CLM-000321", "Ceramics, wave 1", "Domain name montefalco.example.com")
        operator.sees("30 days from 23 Nov 2026: by 23 Dec 2026", "8,000 USD", "Anna Bianchi")
        await operator.presses("end")
        operator.sees("mrossi: customer added")
        await operator.presses("escape")
        assert operator.where == "CustomersScreen"
