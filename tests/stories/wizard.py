"""The way through *Add customer*, by keyboard alone."""

from collections.abc import Awaitable, Callable

from tests.operator import Operator
from tests.programme import MONTEFALCO

ID_TYPES = ("domain", "tenant", "tpid", "subscription", "msx")
"""The types of ID in the order in which the wizard offers them."""


async def names_the_claim(operator: Operator, name: str = "Wave 2") -> None:
    """Step 1: a friendly name, and the first location."""
    await operator.fills(name)
    await operator.presses("space", "enter")


async def gives_the_id(operator: Operator, id_type: str = "tenant", value: str = MONTEFALCO) -> None:
    """Step 2: a type of ID and its value."""
    await operator.presses(*["down"] * ID_TYPES.index(id_type), "space", "tab")
    await operator.types(value)
    await operator.presses("enter")


async def names_the_contact(
    operator: Operator, name: str = "Anna Bianchi", email: str = "anna@montefalco.example.com"
) -> None:
    """Step 4: whom to write to; one's own company is filled in already."""
    await operator.fills(name)
    await operator.types(email)
    await operator.presses("enter")


async def reaches(operator: Operator, step: str, id_type: str = "tenant", value: str = MONTEFALCO) -> None:
    """Opens the wizard and fills what lies before `step`: claim, customer, engagements, contacts or review."""
    ways: dict[str, Callable[[], Awaitable[None]]] = {
        "claim": lambda: operator.presses("a"),
        "customer": lambda: names_the_claim(operator),
        "engagements": lambda: gives_the_id(operator, id_type, value),
        "contacts": lambda: operator.presses("enter"),
        "review": lambda: names_the_contact(operator),
    }
    for name, way in ways.items():
        await way()
        if name == step:
            return
