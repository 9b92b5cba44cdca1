"""Carrying claims to their ends at the screens: where each stands in the programme, and the keys that move it on."""

from datetime import timedelta
from pathlib import Path

from mci_tui.domain.claims import Status
from tests.conftest import NOW
from tests.factories import guid
from tests.operator import Operator, Place
from tests.programme import MILANO
from tests.stories.projects import finds, narrows

THREAT = "Threat"
"""The engagement of most of the claims, by the letters that find it."""

AWAITING, CONSENTED, ACTION, REJECTED, REVIEWED = (f"CLM-0003{number}" for number in (10, 12, 14, 15, 16))
"""Its claims of Aurelia Foods, L'Étoile d'Émeraude, ООО «Заря» (of whom the review wants more), שחר מערכות and
Fjordblik Møbler."""

KINDS = ("invoice", "poe", "customer_survey", "partner_survey")
"""The proof that it wants."""

NEW = "CLM-000321"
"""The first claim that is made here."""


def write_proof(folder: Path, *names: str) -> list[str]:
    """Writes files of these names to attach; their paths."""
    for name in names:
        (folder / name).write_bytes(b"%PDF of a fictional project\n")
    return [str(folder / name) for name in names]


def prove(place: Place, claim: str, folder: Path, *kinds: str) -> None:
    """A colleague attaches proof of these kinds, or all, to a claim."""
    (path,) = write_proof(folder, "proof.pdf")
    with place.services() as services:
        services.submitting.attach(claim, dict.fromkeys(kinds or KINDS, path))


def ask_known(place: Place) -> None:
    """A known customer, *Filiale Nord*, is asked for consent."""
    with place.books() as books:
        customer = books.customer("Filiale Nord")
        used = books.identifier(customer, value=guid(900))
        books.claim(7, customer, used, Status.APPROVED, at=NOW - timedelta(days=20), location_id=MILANO)
        books.claim(1, customer, used, Status.AWAITING_CONSENT, location_id=MILANO)


async def opens_claim(operator: Operator, customer: str) -> None:
    """Opens the page of the claim of a customer, from the Customers page of the Threat Protection Engagement."""
    await finds(operator, THREAT, customer)
    await operator.presses("o")
    assert operator.where == "ClaimScreen"


async def attaches(operator: Operator, path: str) -> None:
    """Attaches a file, its path pasted, for the item of the checklist under the cursor."""
    await operator.presses("enter")
    await operator.pastes(path)
    await operator.presses("enter")


async def records_survey(operator: Operator, who: str) -> None:
    """Records that somebody answered the survey under the cursor, today."""
    await operator.presses("enter")
    await operator.bursts("tab", *who, "enter")


async def decides(operator: Operator, decision: str, note: str = "As they wrote") -> None:
    """Records a decision of today on the claim whose page is open, found by its letters, and takes note of it."""
    await operator.presses("D")
    await operator.bursts(*decision, "space", "tab", "tab", *note, "enter")
    operator.sees("Decision recorded")
    await operator.presses("enter")


async def records_answer(operator: Operator, *, accepted: bool = True) -> None:
    """Records what the customer of the claim whose page is open said on the phone, and takes note of it."""
    await operator.presses("A")
    answer = ["space"] if accepted else ["down", "space"]
    await operator.bursts(*answer, "tab", *"Anna", "tab", *"by phone", "tab", "tab", *"Call of 10:15", "enter")
    operator.sees("Answer recorded")
    await operator.presses("enter")


async def stands_at_its_end(operator: Operator, claim: str, status: str, *, on_page: bool = True) -> None:
    """The claim stands under *Complete* and in no other tab of its Customers page, which is in front and narrowed to
    its customer, or in none at all; and in any case in the list of all claims."""
    for there in (False, False, on_page):
        assert [status in row for row in operator.rows() if claim in row] == [True] * there
        await operator.presses("right")
    await operator.presses("escape", "3")
    await narrows(operator, claim)
    (row,) = operator.rows()
    assert claim in row
    assert status in row
