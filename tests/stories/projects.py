"""Variable pay in the stories' programme: two engagements, and opportunities of customers known and unknown."""

from decimal import Decimal
from pathlib import Path

from mci_tui.services.imports import Imports
from tests.factories import catalogue_text, variable
from tests.operator import Operator, Place
from tests.programme import OFFERS

_CRM = variable(
    code="crm-assessment",
    name="CRM Solution Assessment",
    solution_area="AI Business Solutions",
    criterion=[{"fact": "acv", "is": "at_least", "value": 50_000, "reason": "worth less than 50,000 USD a year"}],
    payout={
        "hourly": {"A": 163, "B": 130, "C": 98},
        "percent_of_acv": Decimal("7.5"),
        "cap": 6000,
        "min_hours": 8,
        "max_hours": 40,
    },
)

_FILES = {
    "catalogue": catalogue_text(*OFFERS, _CRM, markets={"A": ["IT", "DE", "FR", "US", "GB", "JP"], "B": ["ES"]}),
    "opportunities": """\
msx_id,customer,customer_name,country,acv_usd,stage,open
7-ERP0001,corvara,Corvara Distribuzione,IT,32500.00,develop,true
7-ERP0002,corvara,Corvara Distribuzione,IT,90000.00,lost,false
7-ERP0003,corvara,Corvara Distribuzione,IT,64000.00,propose,true
7-ERP0004,falkenried,Falkenried Retail,DE,250000.00,develop,true
7-NEW0001,montefalco,Montefalco Ceramiche S.r.l.,IT,84000.00,qualify,true
""",
}


def bring_projects(place: Place, folder: Path) -> None:
    """Brings the engagements and the opportunities into the workspace at `place`."""
    with place.services() as services:
        for kind, text in _FILES.items():
            path = folder / f"projects-{kind}"
            path.write_text(text, "utf-8")
            assert not Imports(services.desk).import_file(kind, path).bad


async def finds(operator: Operator, engagement: str, customer: str) -> None:
    """Opens the Customers page of an engagement, with the cursor on the row of one customer."""
    await operator.opens(engagement)
    await narrows(operator, customer)


async def narrows(operator: Operator, customer: str) -> None:
    """Filters the list for one customer."""
    await operator.presses("slash", "escape", "slash")
    await operator.types(customer)
    await operator.presses("enter")


async def requests(operator: Operator, name: str = "Wave 3") -> None:
    """Begins *Request customer* for the row under the cursor, and fills its first step."""
    await operator.presses("enter")
    await operator.fills(name)
    await operator.presses("space", "enter")
