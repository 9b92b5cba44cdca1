"""Who sees and does what at the screens."""

from tests.operator import Place
from tests.stories.wizard import gives_the_id, names_the_contact, reaches


async def test_a_viewer_looks_at_everything_and_adds_nobody(workspace: Place) -> None:
    """S-1a, S-1d"""
    async with workspace.opened("vera") as operator:
        await operator.opens("Threat")
        operator.sees("Eligible 13")
        await operator.presses("o")
        assert operator.where == "ClaimScreen"
        await operator.presses("escape", "a")
        operator.sees("No location can be chosen: one is needed that is enrolled in MCI and for which you hold a role.")
        await operator.fills("Wave 2")
        await operator.presses("enter")
        operator.sees("step 1 of 5", "Choose a location.")


async def test_without_any_role_one_sentence_stands_in_place_of_everything(workspace: Place) -> None:
    """S-1a"""
    async with workspace.opened("stranger") as operator:
        operator.sees("stranger has no role in this workspace: an Incentives admin can grant one.")
        operator.does_not_see("Threat Protection")
        await operator.presses("enter", "o", "i", "slash")
        await operator.types("threat")
        operator.sees("stranger has no role in this workspace")
        assert operator.where == "EngagementsScreen"
        assert operator.told() == []


async def test_a_referrals_admin_alone_does_not_get_to_the_customers(workspace: Place) -> None:
    """S-1a"""
    async with workspace.opened("rita") as operator:
        operator.sees("This needs the role incentives_admin / incentives_user / viewer: ask an Incentives admin.")
        operator.does_not_see("Threat Protection")


async def test_only_locations_with_a_role_that_are_enrolled_are_offered(workspace: Place) -> None:
    """S-1b, S-3a: neither another's location, nor one that is not enrolled, nor a global ID"""
    async with workspace.opened("ulla") as operator:
        await operator.opens("Threat")
        await operator.presses("a")
        operator.sees("(●) 2345678 · München")
        operator.does_not_see("1234567", "3456789", "1000001")
        await operator.types("Welle 2")
        await operator.presses("enter")
        await gives_the_id(operator)
        await operator.presses("enter")
        await names_the_contact(operator)
        await operator.presses("enter")
        operator.sees("Customer added", "CLM-000321")


async def test_where_no_location_can_be_chosen_the_step_says_why(workspace: Place) -> None:
    """S-1b, S-3a"""
    async with workspace.opened("lyon") as operator:
        await operator.opens("Threat")
        await operator.presses("a")
        operator.sees("No location can be chosen")


async def test_a_role_taken_away_in_the_middle_stops_the_wizard_with_the_reason(workspace: Place) -> None:
    """S-1d: checked in the transaction that acts"""
    async with workspace.opened("ulla") as operator:
        await operator.opens("Threat")
        await operator.presses("a")
        await operator.types("Welle 2")
        await operator.presses("enter")
        await gives_the_id(operator)
        await operator.presses("enter")
        await names_the_contact(operator)
        with workspace.books() as books:
            books.revoke("ulla")
        await operator.presses("enter")
        operator.sees("ulla has no role in this workspace: an Incentives admin can grant one.")


async def test_a_workspace_opened_read_only_can_be_looked_at_and_says_so_where_something_is_to_change(
    workspace: Place,
) -> None:
    async with workspace.opened(read_only=True) as operator:
        await operator.opens("Threat")
        operator.sees("Eligible 13")
        await operator.presses("s", "o")
        operator.sees("CLM-000310")
        await operator.presses("escape")
        await reaches(operator, "review")
        await operator.presses("enter")
        operator.sees("step 5 of 5", "This was opened read-only: nothing can be changed.")
        await operator.presses("f10")
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        operator.sees("Eligible 13", "sorted by customer ↑")
