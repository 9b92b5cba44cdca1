"""A workspace with claims of half a year, and the way to their figures."""

from datetime import timedelta
from typing import Any

from mci_tui.domain.claims import Event, Status
from mci_tui.screens.pipeline import PipelineScreen
from mci_tui.services import Services
from tests.conftest import NOW
from tests.factories import PATHS
from tests.operator import Operator, Place
from tests.programme import MILANO

TURNS = (
    Status.APPROVED,
    Status.AWAITING_CONSENT,
    Status.APPROVED,
    Status.CONSENT_RECEIVED,
    Status.CONSENT_DECLINED,
    Status.SUBMITTED,
    Status.APPROVED,
    Status.CUSTOMER_CLAIMED,
    Status.CONSENT_EXPIRED,
    Status.ACTION_REQUIRED,
    Status.CANCELLED,
)
"""The statuses that claims stand in, in turn."""


def make_half_a_year(place: Place, claims: int = 120) -> None:
    """Claims made over the last 26 weeks, more of them each week, all of them of customers of their own.

    Customers who answer do so after one to twelve days.
    """
    with place.books() as books, books.at_once():
        offer = books.engagement(code="half-a-year", id_types=["tpid"], consent_days=60, submit_days=120)
        for number in range(claims):
            age = timedelta(days=180 * (1 - (number / claims) ** 0.5), hours=number % 9)
            status = TURNS[number % len(TURNS)] if age > timedelta(days=25) else Status.AWAITING_CONSENT
            made = NOW - age
            asked = made + timedelta(days=1) if Event.SEND in PATHS[status] else None
            answered = asked + timedelta(days=1 + number % 12) if asked else None
            customer = books.customer(f"Customer {number}")
            used = books.identifier(customer, "tpid", str(500_000 + number))
            about: dict[str, Any] = {"payout": (5_000 + number * 20) * 100, "consent_sent_at": asked}
            if asked:
                about["deal_size"] = (20_000 + number * 700) * 100
            if Event.ACCEPT in PATHS[status]:
                about["consent_at"] = answered
            if Event.DECLINE in PATHS[status]:
                about["ended_at"] = answered
            books.claim(offer, customer, used, status, at=made, location_id=MILANO, **about)


async def looks_at_the_pipeline(operator: Operator) -> None:
    """Opens the screen from wherever one is."""
    operator.app.push_screen(PipelineScreen(services_of(operator)))
    await operator.settled()


def services_of(operator: Operator) -> Services:
    """The services that the screen in front works with."""
    found = getattr(operator.app.screen, "services", None)
    assert isinstance(found, Services)
    return found
