"""The claims list and a claim's page: every claim of the workspace, whoever may see it on a Customers page."""

from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from mci_tui.domain.claims import STAGES, Status
from mci_tui.domain.roles import Action
from mci_tui.errors import NotAllowed, NotFound
from mci_tui.services import Services, services_at
from mci_tui.services.claims import COLUMNS, SORTS, Claim, ClaimQuestion
from mci_tui.services.desk import Desk
from mci_tui.store.engine import Store, open_store
from mci_tui.store.schema import history, referrals
from tests.conftest import LOGIN, MovingClock
from tests.factories import Books, guid


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location()
    return made


def numbers(services: Services, **asked: Any) -> list[str]:
    """The numbers of the claims asked for, as digits; and there are as many as are counted."""
    question = ClaimQuestion(**asked)
    found = [claim.claim_id.removeprefix("CLM-00000") for claim in services.claims.rows(question)]
    assert services.claims.count(question) == len(found)
    return found


@pytest.fixture
def some(services: Services, books: Books, clock: MovingClock) -> Services:
    """Six claims of three customers on two engagements."""
    with books.at_once():
        one, other = books.engagement(), books.engagement(code="second", consent_days=10)
        for number, (offer, status, days) in enumerate(
            (
                (one, Status.AWAITING_CONSENT, 5),
                (other, Status.CUSTOMER_CLAIMED, 3),
                (one, Status.APPROVED, 0),
                (one, Status.CONSENT_EXPIRED, 40),
                (other, Status.REJECTED, 1),
                (other, Status.AWAITING_CONSENT, 10),
            ),
            1,
        ):
            customer = books.customer(("Zürich AG", "arno", "Brenta")[number % 3])
            used = books.identifier(customer, value=guid(number))
            books.claim(offer, customer, used, status, at=clock() - timedelta(days=days), name=f"Wave {number}")
    return services


def test_the_list_has_every_claim_hidden_ones_too(some: Services) -> None:
    """S-2f"""
    assert numbers(some) == ["1", "2", "3", "4", "5", "6"]
    assert [claim.claim_id for claim in some.claims.rows(ClaimQuestion()) if not claim.on_page] == ["CLM-000004"]


def test_the_list_can_be_narrowed(some: Services) -> None:
    """S-2i"""
    assert numbers(some, statuses=(Status.AWAITING_CONSENT,)) == ["1", "6"]
    assert numbers(some, statuses=(Status.APPROVED, Status.REJECTED)) == ["3", "5"]
    assert numbers(some, engagement="second") == ["2", "5", "6"]
    assert numbers(some, engagement="second", statuses=(Status.AWAITING_CONSENT,), filter="WAVE") == ["6"]
    assert numbers(some, filter="zurich") == ["3", "6"]
    assert numbers(some, filter="clm-000002") == ["2"]
    assert numbers(some, filter=guid(5)[:8]) == ["5"]
    assert numbers(some, filter="anna.bianchi@") == ["1", "2", "3", "4", "5", "6"]
    assert numbers(some, filter="100%") == []
    with pytest.raises(NotFound):
        some.claims.rows(ClaimQuestion(engagement="third"))
    with pytest.raises(NotFound):
        some.claims.count(ClaimQuestion(engagement="third"))


def test_what_is_due_within_days_counts_civil_days(some: Services) -> None:
    """S-10"""
    due = {claim.claim_id[-1]: claim.due_on for claim in some.claims.rows(ClaimQuestion()) if claim.due_on}
    assert due == {
        "1": date(2026, 12, 18),
        "2": date(2026, 11, 30),
        "5": date(2026, 12, 22),
        "6": date(2026, 11, 23),
    }
    assert numbers(some, due_within=0) == ["6"]
    assert numbers(some, due_within=6) == ["6"]
    assert numbers(some, due_within=7) == ["2", "6"]
    assert numbers(some, due_within=28) == ["1", "2", "6"]
    assert numbers(some, due_within=29) == ["1", "2", "5", "6"]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", SORTS)
def test_the_list_can_be_ordered_and_what_has_no_value_comes_last(some: Services, sort: str, descending: bool) -> None:
    """S-2i"""
    value: dict[str, Callable[[Claim], Any]] = {
        "claim": lambda claim: claim.claim_id,
        "customer": lambda claim: claim.customer_name.casefold().replace("ü", "u"),
        "status": lambda claim: list(STAGES).index(claim.status),
        "due": lambda claim: claim.due_on,
        "created": lambda claim: claim.created_at,
    }
    found = some.claims.rows(ClaimQuestion(sort=sort, descending=descending))
    by_number = sorted(found, key=lambda claim: claim.claim_id)
    with_value = [claim for claim in by_number if value[sort](claim) is not None]
    without = [claim for claim in by_number if value[sort](claim) is None]
    assert found == sorted(with_value, key=value[sort], reverse=descending) + without


def test_the_list_comes_in_pieces(some: Services) -> None:
    """S-2i"""
    whole = some.claims.rows(ClaimQuestion(sort="customer"))
    for offset in range(8):
        assert some.claims.rows(ClaimQuestion(sort="customer"), offset=offset, limit=3) == whole[offset : offset + 3]


def test_a_claim_is_shown_with_its_history_the_oldest_line_first(some: Services, clock: MovingClock) -> None:
    """S-6d S-2e"""
    clock.passes(days=1)
    for typed in ("CLM-000006", " clm-000006 "):
        page = some.claims.show(typed)
        assert (page.claim.claim_id, page.claim.status) == ("CLM-000006", Status.CONSENT_EXPIRED)
        (line,) = page.history
        assert (line.who, line.what, line.changes) == (
            "system",
            "lapse",
            {"status": ["awaiting_consent", "consent_expired"]},
        )
    for unknown in ("CLM-000007", "", "%", "CLM-00000_"):
        with pytest.raises(NotFound):
            some.claims.show(unknown)


def test_a_number_that_was_brought_along_is_found_in_any_case(services: Services, books: Books) -> None:
    """S-2e S-11a"""
    customer = books.customer()
    books.claim(books.engagement(), customer, books.identifier(customer), number="OLD/7-A")
    for typed in ("OLD/7-A", " old/7-a"):
        assert services.claims.show(typed).claim.claim_id == "OLD/7-A"


def test_whoever_may_do_nothing_with_a_claim_is_told_when_they_are_about_to(
    some: Services, books: Books, store: Store, clock: MovingClock
) -> None:
    """S-1d: by their role, and where nothing may be written; an attempt is told to history, a look is not"""
    books.grant("looks", "viewer")
    looking = services_at(Desk(store, clock, "looks"))
    assert looking.claims.show("CLM-000001").allowed == {Action.READ, Action.READ_REFERRED}
    for action in (Action.WORK, Action.DECIDE):
        assert some.claims.show_for(action, "CLM-000001") == some.claims.show("CLM-000001")
        with pytest.raises(NotAllowed):
            looking.claims.show_for(action, "CLM-000001")
    with store.read() as tx:
        assert tx.scalar(select(func.count()).where(history.c.what == "refused", history.c.who == "looks")) == 2
    with pytest.raises(NotFound):
        some.claims.show_for(Action.WORK, "CLM-000404")


def test_whoever_reads_the_claims_of_referrals_alone_is_told_which_role_an_action_needs(
    some: Services, books: Books, store: Store, clock: MovingClock
) -> None:
    """S-1c, S-1d"""
    books.grant("refers", "referrals_admin")
    with store.write() as tx:
        tx.execute(insert(referrals).values(id=1, number="REF-000001", claim_id=1, made_at=clock()))
    with pytest.raises(NotAllowed) as refused:
        services_at(Desk(store, clock, "refers")).claims.show_for(Action.WORK, "CLM-000001")
    assert refused.value.why.params["roles"] == "incentives_admin / incentives_user"


@pytest.mark.parametrize("database", ["sqlite"])
def test_where_nothing_may_be_written_nothing_is_begun(some: Services, place: str, clock: MovingClock) -> None:
    with closing(open_store(place, read_only=True)) as store:
        looking = services_at(Desk(store, clock, LOGIN))
        assert looking.claims.show("CLM-000001").claim == some.claims.show("CLM-000001").claim
        with pytest.raises(NotAllowed) as refused:
            looking.claims.show_for(Action.WORK, "CLM-000001")
    assert refused.value.why.code == "read_only"


def test_a_claim_has_a_field_for_each_column_of_the_export() -> None:
    """S-11b"""
    assert (
        tuple(
            """claim_id claim_name engagement engagement_name solution_area pay origin customer customer_name country
        id_type id_value tenant_id reason location_id status status_since on_page created_at created_by consent_due_on
        consent_sent_at consent_at answer_given_by submit_due_on submitted_at review_due_on dispute_due_on ended_at
        due_on due_what days_left hours proposed_payout_usd payout_limited_by deal_size_usd contact_name contact_email
        contact_title contact_phone contact_language partner_name partner_email partner_phone referral_id referral_kind
        field_sellers_since""".split()  # noqa: SIM905 - as the contract lists them
        )
        == COLUMNS
    )
