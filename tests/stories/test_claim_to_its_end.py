"""A claim is carried from *Add customer* to *Approved*, and others to every other end, by keyboard alone (S-6)."""

from datetime import timedelta
from pathlib import Path

from mci_tui.screens.watching import Watching
from tests.conftest import NOW
from tests.operator import SMALL, Operator, Place
from tests.stories.asking import set_up_mail
from tests.stories.ending import (
    AWAITING,
    NEW,
    REJECTED,
    THREAT,
    ask_known,
    attaches,
    decides,
    opens_claim,
    prove,
    records_answer,
    records_survey,
    stands_at_its_end,
    write_proof,
)
from tests.stories.projects import narrows
from tests.stories.wizard import reaches


async def test_a_customer_is_added_asked_and_carried_to_approved(workspace: Place, tmp_path: Path) -> None:
    """S-3i, S-5d, S-5h, S-6a, S-6b, S-6c, S-6d, S-2e, S-2h: each step by the key that the screen offers, at 80×24"""
    set_up_mail(workspace)
    invoice, report, better = write_proof(tmp_path, "invoice.pdf", "report.pdf", "better.pdf")
    async with workspace.opened(size=SMALL) as operator:
        await operator.opens(THREAT)
        await reaches(operator, "review")
        await operator.presses("enter", "enter")
        await narrows(operator, "montef")
        assert operator.row("Montefalco") == f"Montefalco Ceramiche S.r… {NEW} ◔ Claimed 30 days Send"
        await asks_for_consent(operator)
        assert operator.row("Montefalco") == f"Montefalco Ceramiche S.r… {NEW} ◐ Awaiting consent 30 days Resend"
        await operator.presses("o")
        await records_answer(operator)
        operator.sees("● Customer consent received", "⏎ Submit claim X Cancel claim m Mails")
        operator.does_not_see("A Record answer", "D Record decision")
        await operator.presses("enter")
        await attaches(operator, invoice)
        await attaches(operator, report)
        await records_survey(operator, "Anna Bianchi")
        operator.sees("✓ Customer survey Anna Bianchi · 23 Nov 2026", "○ Partner survey missing", "one item is missing")
        await operator.presses("escape", "enter")
        await records_survey(operator, "Marco Rossi")
        operator.sees("✓ Invoice invoice.pdf · 1 KiB", "▷ Submit claim everything is there", "⏎ Submit claim")
        await operator.presses("enter")
        operator.sees("Claim submitted", f"Montefalco Ceramiche S.r.l. · {NEW} · Threat Protection Engagement")
        await operator.presses("enter")
        operator.sees("▷ Submitted", "D Record decision")
        operator.does_not_see("⏎ Submit claim", "X Cancel claim")
        await decides(operator, "under")
        await decides(operator, "partner", "Undated invoice")
        operator.sees("◆ Partner action required", "The review wrote Undated invoice", "⏎ Submit claim")
        await operator.presses("enter")
        operator.sees("The review wrote: Undated invoice", "⏎ Replace")
        await attaches(operator, better)
        await operator.presses("enter", "enter")
        await decides(operator, "approved", "All is well")
        operator.sees("✓ Approved", "Completed: nothing is left to do.", "m Mails R Referral Esc Back ? Keys")
        operator.does_not_see("⏎", "A Record", "D Record", "X Cancel")
        await tells_all_that_happened(operator)
        await operator.presses("escape")
        await stands_at_its_end(operator, NEW, "✓ Approved")


async def asks_for_consent(operator: Operator) -> None:
    """Sends the request for consent for the claim under the cursor."""
    await operator.presses("enter", "enter")
    await operator.types("25000")
    await operator.presses("enter", *["pagedown"] * 3, "space", "enter", "enter")


async def tells_all_that_happened(operator: Operator) -> None:
    """The page of the claim has every step of the story, from its end to its beginning."""
    await operator.presses("end")
    operator.sees(
        "mrossi: acceptance recorded · Awaiting consent → Consent received Call of 10:15",
        "mrossi: proof attached · invoice invoice.pdf",
        "mrossi: proof attached · customer survey Anna Bianchi",
        "mrossi: review decided · Submitted → Under review · decided on 23 Nov 2026 As they wrote",
        "mrossi: review decided · Under review → Action required · decided on 23 Nov 2026 Undated invoice",
        "mrossi: proof attached · invoice invoice.pdf → better.pdf",
        "mrossi: submitted · Action required → Submitted",
        "mrossi: review decided · Submitted → Approved · decided on 23 Nov 2026 All is well",
    )
    await operator.presses("pageup")
    operator.sees("mrossi: customer added → Claimed", "Decision ✓ Accepted", "Invoice better.pdf")


async def test_a_rejection_is_disputed_in_vain(workspace: Place, tmp_path: Path) -> None:
    """S-6a, S-6b, S-6c, S-2e: why has to be said; the next rejection is final, and the box offers no other"""
    async with workspace.opened() as operator:
        await opens_claim(operator, "שחר")
        operator.sees("▲ Rejected", "⏎ Dispute Esc Back")
        await operator.presses("enter", "space", "enter")
        operator.sees("Why the rejection is disputed", "▲ This cannot be empty.")
        await operator.types("The work was done")
        await operator.presses("enter")
        operator.sees("Rejection disputed", "Next: Submit claim by 23 Dec 2026.")
        prove(workspace, REJECTED, tmp_path)
        await operator.presses("enter", "enter")
        operator.sees("▷ Submit claim everything is there")
        await operator.presses("enter", "enter", "D")
        operator.sees("( ) Rejected final")
        operator.does_not_see("( ) Rejected Decided")
        await operator.presses("escape")
        await decides(operator, "rejected")
        operator.sees("✗ Rejected final", "Refused for good.", "The review wrote As they wrote", "Esc Back ? Keys")
        operator.does_not_see("⏎", "D Record")
        await operator.presses("escape")
        await stands_at_its_end(operator, REJECTED, "✗ Rejected final")


async def test_what_nobody_moves_on_comes_to_its_end_by_itself_each_on_its_own_day(workspace: Place) -> None:
    """S-6a, S-10, S-2e, S-2f: in the list that is open; who never answered and was not known leaves the page"""
    ask_known(workspace)
    async with workspace.opened() as operator:
        await operator.opens(THREAT)
        for days, ends in LAST_DAYS.items():
            await a_day_comes(operator, workspace, days)
            for customer in ends:
                assert "today" in operator.row(customer)
            await a_day_comes(operator, workspace, days + 1)
            await operator.presses("right", "right")
            for customer, (end, on_page) in ends.items():
                assert [end in row for row in operator.rows() if row.startswith(customer)] == [True] * on_page
            await operator.presses("right")
        await operator.presses("escape", "3")
        for customer, (end, _on_page) in (LAST_DAYS[7] | LAST_DAYS[12] | LAST_DAYS[30] | DISPUTED).items():
            assert [row for row in operator.rows() if row.startswith(customer) and end in row], customer
        await operator.presses("escape")
        await operator.opens("Copilot")
        await operator.presses("right", "right")
        assert "⌛ Dispute expired" in operator.row("Corvara")


LAST_DAYS = {
    7: {"L'Étoile": ("⌛ Not submitted", True), "ООО": ("⌛ Review expired", True)},
    12: {"Aurelia": ("⌛ Consent expired", False)},
    30: {"שחר": ("✗ Rejected final", True), "Filiale Nord": ("⌛ Consent expired", True)},
}
"""In how many days something must have been done: for which customer, how the claim ends, and whether the page of the
Threat Protection Engagement shows that."""

DISPUTED = {"Corvara": ("⌛ Dispute expired", True)}


async def a_day_comes(operator: Operator, workspace: Place, days: int) -> None:
    """The clock goes on to a day so many days after the story's first, and the open list looks at it."""
    workspace.clock.now = NOW + timedelta(days=days)
    screen = operator.app.screen
    assert isinstance(screen, Watching)
    screen.look()
    await operator.settled()


async def test_a_customer_who_was_not_known_says_no(workspace: Place) -> None:
    """S-5h, S-6a, S-2f: the claim is nowhere on the Customers page, and stands in the list of all"""
    async with workspace.opened() as operator:
        await opens_claim(operator, "aurelia")
        await records_answer(operator, accepted=False)
        operator.sees("✗ Customer consent declined", "The customer said no.", "Esc Back ? Keys")
        operator.does_not_see("⏎", "X Cancel", "A Record")
        await operator.presses("escape")
        await stands_at_its_end(operator, AWAITING, "✗ Declined", on_page=False)


async def test_a_claim_is_taken_back_once_the_careful_question_is_answered(workspace: Place) -> None:
    """S-6a, S-2e: the question names the customer, and its cursor stands on keeping the claim"""
    async with workspace.opened() as operator:
        await opens_claim(operator, "aurelia")
        for keeping in ("enter", "escape"):
            await operator.presses("X")
            operator.sees("Cancel claim CLM-000310 of Aurelia Foods S.p.A. on Threat Protection Engagement?")
            operator.sees("( ) Cancel the claim (●) Keep it", "Space Choose ⏎ OK Esc Leave")
            await operator.presses(keeping)
            operator.sees("◐ Awaiting customer consent response", "X Cancel claim")
        await operator.presses("X", "up", "space", "enter")
        operator.sees("Aurelia Foods S.p.A. · CLM-000310", "Why the claim is cancelled")
        await operator.presses("enter")
        operator.sees("▲ This cannot be empty.")
        await operator.types("They went elsewhere")
        await operator.presses("enter")
        operator.sees("Claim cancelled", "Taken back by you.")
        await operator.presses("enter")
        operator.sees("– Cancelled", "Esc Back ? Keys")
        await operator.presses("escape")
        await stands_at_its_end(operator, AWAITING, "– Cancelled")
