"""Screens as pictures are taken of them: a name for each, and the keys that lead there."""

from collections.abc import Awaitable, Callable, Mapping

from tests.factories import guid
from tests.operator import Operator
from tests.stories.wizard import gives_the_id, names_the_contact, reaches

Scene = Callable[[Operator], Awaitable[None]]

THREAT = "Threat"


async def engagements(operator: Operator) -> None:
    """The first screen."""
    await operator.presses("down")


async def engagement(operator: Operator) -> None:
    """What an engagement is."""
    await operator.presses("i")


async def customers(operator: Operator) -> None:
    """The Eligible tab."""
    await operator.opens(THREAT)


async def customers_not_eligible(operator: Operator) -> None:
    """The Not eligible tab, with the reasons in full."""
    await operator.opens(THREAT)
    await operator.presses("right")


async def customers_complete(operator: Operator) -> None:
    """The Complete tab."""
    await operator.opens(THREAT)
    await operator.presses("right", "right")


async def customers_filtered(operator: Operator) -> None:
    """A list narrowed by typed letters."""
    await operator.opens(THREAT)
    await operator.presses("s", "slash")
    await operator.types("a")


async def claim(operator: Operator) -> None:
    """A claim's page."""
    await operator.opens(THREAT)
    await operator.presses("o")


async def keys(operator: Operator) -> None:
    """The help."""
    await operator.opens(THREAT)
    await operator.presses("question_mark")


async def add_claim(operator: Operator) -> None:
    """Step 1 of *Add customer*."""
    await operator.opens(THREAT)
    await reaches(operator, "claim")


async def add_customer(operator: Operator) -> None:
    """Step 2."""
    await operator.opens(THREAT)
    await reaches(operator, "customer")
    await operator.presses("down", "space")


async def add_customer_problems(operator: Operator) -> None:
    """Step 2 with an ID that the directory does not know."""
    await operator.opens(THREAT)
    await reaches(operator, "customer")
    await gives_the_id(operator, "tenant", guid(4711))


async def add_engagements(operator: Operator) -> None:
    """Step 3."""
    await operator.opens(THREAT)
    await reaches(operator, "engagements")
    await operator.presses("down", "space")


async def add_contacts(operator: Operator) -> None:
    """Step 4."""
    await operator.opens(THREAT)
    await reaches(operator, "contacts")


async def add_contacts_problems(operator: Operator) -> None:
    """Step 4, where a reason is asked for."""
    await operator.opens(THREAT)
    await reaches(operator, "contacts")
    await names_the_contact(operator, email="anna@aurelia.example.com")


async def add_review(operator: Operator) -> None:
    """Step 5."""
    await add_engagements(operator)
    await operator.presses("enter")
    await names_the_contact(operator)


async def added(operator: Operator) -> None:
    """The confirmation."""
    await add_review(operator)
    await operator.presses("enter")


SCENES: Mapping[str, Scene] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (
        engagements,
        engagement,
        customers,
        customers_not_eligible,
        customers_complete,
        customers_filtered,
        claim,
        keys,
        add_claim,
        add_customer,
        add_customer_problems,
        add_engagements,
        add_contacts,
        add_contacts_problems,
        add_review,
        added,
    )
}
"""Every scene by its name."""
