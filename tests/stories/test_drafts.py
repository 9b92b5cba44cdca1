"""What is typed into *Add customer* is kept until it is used or dropped."""

from tests.operator import Place
from tests.stories.wizard import gives_the_id, names_the_claim, reaches


async def test_leaving_with_f10_keeps_the_draft_and_going_on_comes_back_to_its_step(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "engagements")
        await operator.presses("down", "space", "f10")
        assert operator.where == "CustomersScreen"
    workspace.clock.passes(hours=30)
    async with workspace.opened() as operator:
        await operator.opens("Copilot")
        await operator.presses("a")
        operator.sees("A draft of this wizard is kept from 23 Nov 2026, 10:30.")
        await operator.presses("enter")
        operator.sees("step 3 of 5", "[x] Threat Protection Engagement", "[x] Copilot & Agents Workshop")


async def test_the_question_about_the_draft_can_be_left_and_the_draft_stays(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("a")
        await operator.types("Half a name")
        await operator.presses("escape", "a", "escape")
        assert operator.where == "CustomersScreen"
        await operator.presses("a", "enter")
        operator.sees("step 1 of 5", "Half a name")


async def test_starting_anew_drops_the_draft_even_if_nothing_is_typed_after_it(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("a")
        await operator.types("Half a name")
        await operator.presses("f10", "a", "down", "enter")
        operator.sees("step 1 of 5")
        operator.does_not_see("Half a name")
        await operator.presses("escape", "a")
        operator.sees("step 1 of 5")


async def test_a_draft_belongs_to_the_operator_who_typed_it(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("a")
        await operator.types("Half a name")
        await operator.presses("f10")
    async with workspace.opened("ulla") as colleague:
        await colleague.opens("Threat")
        await colleague.presses("a")
        colleague.sees("step 1 of 5")
        colleague.does_not_see("Half a name")


async def test_going_back_loses_nothing_that_was_typed(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await reaches(operator, "contacts")
        await operator.fills("Anna Bianchi")
        await operator.presses("escape", "escape", "escape")
        operator.sees("step 1 of 5", "Wave 2")
        await operator.presses("enter", "enter", "enter")
        operator.sees("step 4 of 5", "Anna Bianchi")


async def test_keys_that_arrive_all_at_once_end_in_the_fields_that_they_were_meant_for(workspace: Place) -> None:
    """A slow line hands over many keys in one go."""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("a")
        await operator.bursts(*"Ceramics", "tab", "down", "space", "shift+tab", "end", *", wave 1", "enter")
        operator.sees("step 2 of 5")
        await operator.bursts("down", "space", "tab", *"not a tenant", "enter")
        operator.sees("step 2 of 5", "not a tenant", "A tenant ID has 36 characters")
        await operator.presses("escape")
        operator.sees("Ceramics, wave 1", "(●) 2345678 · München")


async def test_a_draft_whose_id_means_somebody_else_by_now_stands_where_it_can_be_mended(workspace: Place) -> None:
    """A resumed draft asks again what its steps asked."""
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("a")
        await names_the_claim(operator)
        await gives_the_id(operator)
        await operator.presses("f10")
        workspace.clock.passes(days=20)
        with workspace.books() as books:
            books.revoke("mrossi")
            books.grant("mrossi", "incentives_user", "2345678")
        await operator.presses("a", "enter")
        operator.sees("step 3 of 5", "you hold no role for location 1234567")
