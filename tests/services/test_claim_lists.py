"""The claims list page by page: the same claims in the same order, however it is read (S-2i)."""

from collections.abc import Callable
from datetime import timedelta
from itertools import cycle, product
from typing import Any

import pytest

from mci_tui.domain.claims import STAGES, Status
from mci_tui.errors import NotAllowed, NotFound
from mci_tui.services import Services, claim_lists
from mci_tui.services.claims import SORTS, Claim, ClaimQuestion
from mci_tui.store.engine import Store
from tests.conftest import MovingClock
from tests.factories import HERE, THERE, Books, guid

NAMES = ("Zürich AG", "arno", "Brenta", "Øresund A/S", "arno")
STATUSES = (
    Status.CUSTOMER_CLAIMED,
    Status.AWAITING_CONSENT,
    Status.CONSENT_RECEIVED,
    Status.REJECTED,
    Status.APPROVED,
    Status.CANCELLED,
    Status.UNDER_REVIEW,
)
LOOKS: tuple[dict[str, Any], ...] = (
    {},
    {"statuses": (Status.REJECTED, Status.AWAITING_CONSENT, Status.APPROVED)},
    {"filter": "arno", "area": "Security"},
    {"filter": "wave", "locations": (THERE,)},
)
"""What the walks through the list ask for."""


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location()
    made.location(THERE)
    return made


@pytest.fixture
def many(services: Services, books: Books, clock: MovingClock) -> Services:
    """Thirty-five claims in two solution areas: names, days and statuses repeat, so that ties have to be broken."""
    with books.at_once():
        offers = [books.engagement(), books.engagement(code="second", solution_area="Cloud", consent_days=20)]
        customers = [books.customer(name) for name in NAMES]
        facts = zip(cycle(offers), cycle(customers), cycle(STATUSES), cycle((0, 1, 1, 3)), range(1, 36), strict=False)
        for offer, customer, status, days, number in facts:
            books.claim(
                offer,
                customer,
                books.identifier(customer, value=guid(number)),
                status,
                at=clock() - timedelta(days=days),
                name=f"Wave {number}",
                location_id=THERE if number % 3 == 0 else HERE,
                created_by=("ada", "bob")[number % 2],
            )
    return services


@pytest.fixture(params=[1, 2000], ids=["many", "few"])
def found_first(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found counts as many, which are read in their order, or as few, which are found first."""
    monkeypatch.setattr(claim_lists, "FEW", request.param)


def value(sort: str) -> Callable[[Claim], Any]:
    """By what a claim is ordered, ties aside."""
    by: dict[str, Callable[[Claim], Any]] = {
        "claim": lambda claim: claim.claim_id,
        "customer": lambda claim: claim.customer_name.casefold().replace("ü", "u"),
        "status": lambda claim: list(STAGES).index(claim.status),
        "due": lambda claim: claim.due_on,
        "created": lambda claim: claim.created_at,
    }
    return by[sort]


def numbers(claims: list[Claim]) -> list[str]:
    return [claim.claim_id for claim in claims]


@pytest.mark.parametrize(("sort", "descending"), product(SORTS, (False, True)))
@pytest.mark.usefixtures("found_first")
def test_every_page_is_the_same_however_it_is_reached(many: Services, sort: str, descending: bool) -> None:
    """S-2i: by offset, from the claim before it, from the one behind it, from the end"""
    for look in LOOKS:
        asked = ClaimQuestion(sort=sort, descending=descending, **look)
        whole = many.claims.rows(asked)
        assert len(whole) == many.claims.count(asked) > 0
        assert len(set(numbers(whole))) == len(whole)
        with_value = [found for claim in whole if (found := value(sort)(claim)) is not None]
        assert with_value == sorted(with_value, reverse=descending)
        assert [value(sort)(claim) for claim in whole[len(with_value) :]] == [None] * (len(whole) - len(with_value))
        for start in range(0, len(whole), 8):
            page = whole[start : start + 8]
            assert many.claims.rows(asked, offset=start, limit=8) == page
            if start:
                assert many.claims.rows(asked, limit=8, after=whole[start - 1].claim_id) == page
            if start + 8 < len(whole):
                assert many.claims.rows(asked, limit=8, before=whole[start + 8].claim_id) == page
        assert many.claims.rows(asked, limit=8, last=True) == whole[-8:]
        for place in range(0, len(whole), 5):
            assert many.claims.index_of(asked, whole[place].claim_id) == place


def test_a_claim_that_is_not_among_those_asked_for_has_no_place(many: Services) -> None:
    (first, *_rest) = many.claims.rows(ClaimQuestion(statuses=(Status.APPROVED,)))
    assert many.claims.index_of(ClaimQuestion(statuses=(Status.REJECTED,)), first.claim_id) is None
    assert many.claims.index_of(ClaimQuestion(), "CLM-999999") is None


@pytest.mark.usefixtures("found_first")
def test_the_list_is_narrowed_by_area_location_owner_and_number(many: Services) -> None:
    """S-2i, S-11c"""

    def found(**asked: Any) -> list[int]:
        question = ClaimQuestion(**asked)
        rows = many.claims.rows(question)
        assert many.claims.count(question) == len(rows)
        return [int(claim.claim_id[-2:]) for claim in rows]

    everything = set(range(1, 36))
    assert found(area="Security") == [number for number in everything if number % 2]
    assert found(area="Cloud", locations=(THERE,)) == [number for number in everything if number % 6 == 0]
    assert found(locations=(HERE, THERE)) == sorted(everything)
    assert found(owners=("ada",)) == [number for number in everything if number % 2 == 0]
    assert found(owners=("ada", "bob"), statuses=(Status.REJECTED,)) == [4, 11, 18, 25, 32]
    assert found(owners=("nobody",)) == []
    assert found(area="Nowhere") == []
    assert found(numbers=("CLM-000001", "CLM-000002"), sort="customer") == [2, 1]
    assert found(engagement="second", area="Security") == []
    with pytest.raises(NotFound):
        many.claims.rows(ClaimQuestion(engagement="third"))


def test_the_areas_and_what_can_be_chosen_are_those_of_the_workspace(many: Services) -> None:
    """S-2i"""
    assert many.claims.areas() == {"Security": 18, "Cloud": 17}
    choices = many.claims.choices()
    assert choices.engagements == {"assessment": "Assessment", "second": "Assessment"}
    assert choices.locations == {HERE: f"Office {HERE}", THERE: f"Office {THERE}"}
    assert choices.owners == ("ada", "bob")


def test_a_referrals_admin_finds_the_claims_of_referrals_and_no_others(
    many: Services, books: Books, as_operator: Callable[[str], Services]
) -> None:
    """S-1d"""
    books.grant("rita", "referrals_admin")
    rita = as_operator("rita")
    assert rita.claims.rows(ClaimQuestion(sort="customer")) == []
    assert rita.claims.count(ClaimQuestion()) == 0
    assert set(rita.claims.areas().values()) == {0}
    assert rita.claims.index_of(ClaimQuestion(), "CLM-000001") is None
    with pytest.raises(NotAllowed):
        as_operator("stranger").claims.areas()
