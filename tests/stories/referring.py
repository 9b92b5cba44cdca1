"""Referrals in the stories' programme: one of each kind, and a claim that got none."""

from dataclasses import replace
from datetime import date

from mci_tui.domain.adding import Addition
from mci_tui.domain.consent import YES, Recorded
from mci_tui.screens.referral import open_referral
from mci_tui.screens.referrals import ReferralsScreen
from tests.conftest import LOGIN
from tests.factories import guid, offer
from tests.operator import Operator, Place
from tests.programme import MILANO
from tests.stories.asking import set_up_mail
from tests.stories.figures import services_of

NONE, PARTNER_LED, CO_SELL = "CLM-000321", "CLM-000322", "CLM-000323"
"""The claims: of Dávila Hermanos, Aurelia Foods and Montefalco Ceramiche, all on the same engagement."""

ENGAGEMENT = offer(
    code="zero-trust",
    name="Zero Trust Workshop",
    referral={
        "create": True,
        "create_when": [
            {"fact": "country", "is": "one_of", "value": ["IT", "DE"]},
            {"fact": "seats", "is": "at_least", "value": 300},
        ],
        "co_sell": True,
        "co_sell_when": [
            {"fact": "segment", "is": "none_of", "value": ["public", "enterprise"]},
            {"fact": "deal_size", "is": "at_least", "value": 25000},
        ],
    },
)


def refer(place: Place) -> None:
    """Adds three customers; two of them agree, one with a deal size that makes a co-sell referral. `LOGIN` becomes a
    Referrals admin as well."""
    with place.books() as books:
        books.offered(ENGAGEMENT)
        books.grant(LOGIN, "referrals_admin")
    set_up_mail(place)
    place.clock.passes(days=-3)
    with place.services() as services:
        for key, tenant in (("davila", 5), ("aurelia", 1), ("montefalco", 15)):
            services.adding.add(_addition(key, tenant))
        for claim, deal_size in ((PARTNER_LED, "18000"), (CO_SELL, "42500.50")):
            sending = services.consent.start(claim)
            services.consent.send(replace(sending, deal_size=deal_size, disclaimer=(YES,)))
            on = place.clock().date()
            services.consent.record(_recorded(claim, on))
    place.clock.passes(days=3)


def _addition(key: str, tenant: int) -> Addition:
    return Addition(
        name=f"Zero Trust – {key}",
        location=MILANO,
        id_type="tenant",
        id=guid(tenant),
        engagement=("zero-trust",),
        contact_name="Anna Bianchi",
        contact_email=f"anna@{key}.example.com",
        partner_name="Marco Rossi",
        partner_email="m.rossi@partner.example",
    )


def _recorded(claim: str, on: date) -> Recorded:
    return Recorded(claim, "accepted", "Anna Bianchi", "by phone", on.isoformat(), "Call of 14:05")


async def looks_at_referrals(operator: Operator) -> None:
    """Opens the list from wherever one is."""
    operator.app.push_screen(ReferralsScreen(services_of(operator)))
    await operator.settled()


async def opens_referral(operator: Operator, number: str) -> None:
    """Opens one from wherever one is."""
    await open_referral(operator.app, services_of(operator), number)
    await operator.settled()
