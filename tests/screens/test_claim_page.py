"""The keys of a claim's page: what the claim's status allows to whoever looks, and nothing else (S-6, S-1d)."""

import re
from collections.abc import Callable

import pytest

from mci_tui.domain.claims import Status
from tests.factories import guid
from tests.operator import WIDE, Operator, Place
from tests.programme import MILANO, MUENCHEN

KEYS = {
    "customer_claimed": ["⏎ Send consent email", "X Cancel claim"],
    "awaiting_consent": ["⏎ Resend email", "A Record answer", "X Cancel claim"],
    "consent_received": ["⏎ Submit claim", "X Cancel claim"],
    "submitted": ["D Record decision"],
    "under_review": ["D Record decision"],
    "action_required": ["⏎ Submit claim"],
    "rejected": ["⏎ Dispute"],
    "disputed": ["⏎ Submit claim"],
}
"""What an Incentives admin can do in each status, written out by hand; in the others nothing."""

ADMINS = {"A Record answer", "D Record decision"}
"""What takes an Incentives admin."""


@pytest.fixture
def one_in_each(workspace: Place) -> dict[str, str]:
    """A claim in each status, by its number."""
    found = {}
    with workspace.books() as books, books.at_once():
        for number, status in enumerate(Status):
            customer = books.customer(f"Filiale {number:02}")
            used = books.identifier(customer, value=guid(700 + number))
            found[str(status)] = f"CLM-{books.claim(1, customer, used, status, location_id=MILANO):06d}"
    return found


async def keys_of(operator: Operator, number: str) -> list[str]:
    """Opens the claim under the cursor, reads the line of keys, and goes on to the next one; what every page has is
    left out."""
    await operator.presses("o")
    operator.sees(f"› {number}")
    found = re.split(r"\s{2,}", operator.lines()[-1].strip())
    await operator.presses("escape", "down")
    return [key for key in found if key not in ("Esc Back", "? Keys")]


@pytest.mark.parametrize(
    ("role", "location", "may"),
    [
        ("incentives_admin", MILANO, lambda _key: True),
        ("incentives_user", MILANO, lambda key: key not in ADMINS),
        ("incentives_admin", MUENCHEN, lambda _key: False),
        ("viewer", "*", lambda _key: False),
    ],
    ids=["admin", "user", "admin elsewhere", "viewer"],
)
async def test_a_claims_page_has_the_keys_of_its_status_and_no_others(
    workspace: Place, one_in_each: dict[str, str], role: str, location: str, may: Callable[[str], bool]
) -> None:
    """S-6 S-2h S-1d"""
    with workspace.books() as books:
        books.grant("somebody", role, location)
    async with workspace.opened("somebody", WIDE) as operator:
        await operator.presses("3")
        shown = {status: await keys_of(operator, one_in_each[status]) for status in reversed(one_in_each)}
    assert shown == {status: [key for key in KEYS.get(status, []) if may(key)] for status in one_in_each}
