"""The boxes that move a claim on take nothing wrong, lose nothing typed, and do nothing by halves (S-5h, S-6)."""

import os
from pathlib import Path

from mci_tui.domain.submission import MAX_FILE
from tests.operator import Operator, Place
from tests.stories.ending import ACTION, REVIEWED, THREAT, attaches, opens_claim, prove, records_survey, write_proof
from tests.stories.projects import finds


async def types_anew(operator: Operator, text: str) -> None:
    """Types `text` in the place of what stands in the field of the cursor."""
    await operator.bursts("ctrl+u", *text)


async def pastes_anew(operator: Operator, path: str) -> None:
    """Pastes a path there."""
    await operator.presses("ctrl+u")
    await operator.pastes(path)


async def test_a_decision_says_all_that_is_wrong_with_it_and_keeps_what_was_typed(workspace: Place) -> None:
    """S-6c: a day neither to come nor before the submission; a decision, and a note"""
    async with workspace.opened() as operator:
        await opens_claim(operator, "fjord")
        await operator.presses("D")
        operator.sees("Record decision", f"Fjordblik Møbler A/S · {REVIEWED} · Threat Protection Engagement")
        operator.sees("( ) Partner action required ( ) Approved ( ) Rejected Decided on 2026-11-23")
        await operator.presses("tab")
        await types_anew(operator, "2026-11-24")
        await operator.presses("enter")
        operator.sees("▲ Choose one of these.", "▲ 24 Nov 2026 is still to come", "Note ▲ This cannot be empty.")
        await operator.presses("down", "space", "tab")
        await types_anew(operator, "2026-10-29")
        await operator.presses("tab")
        await operator.types("All is well")
        await operator.presses("enter")
        operator.sees("(●) Approved", "2026-10-29 ▲ The claim stands as it does since 30 Oct 2026", "All is well")
        operator.does_not_see("Choose one", "cannot be empty")
        await types_anew(operator, "30.10.2026")
        await operator.presses("enter")
        operator.sees("▲ 30.10.2026 is not a date: write it as year-month-day")
        await types_anew(operator, "2026-10-30")
        await operator.presses("enter")
        operator.sees("Decision recorded", "Approved Completed: nothing is left to do.")


async def test_an_answer_needs_all_of_its_evidence(workspace: Place) -> None:
    """S-5h"""
    async with workspace.opened() as operator:
        await opens_claim(operator, "aurelia")
        await operator.presses("A", "enter")
        operator.sees("▲ Choose one of these. Given by ▲ This cannot be empty. How it came", "▲ This cannot be empty.")
        await operator.bursts("space", "tab", *"Anna", "tab", *"by letter", "tab")
        await types_anew(operator, "2026-11-01")
        await operator.presses("enter")
        operator.sees("Given by Anna", "by letter", "▲ The customer was asked on 5 Nov 2026:")
        await types_anew(operator, "2026-12-01")
        await operator.presses("tab")
        await operator.types("Letter of 20 Nov")
        await operator.presses("enter")
        operator.sees("▲ 1 Dec 2026 is still to come: write a day up to today.", "Letter of 20 Nov")
        await types_anew(operator, "2026-11-20")
        await operator.presses("enter")
        operator.sees("Answer recorded", "Customer consent received", "Next: Submit claim by 19 Jan 2027.")
        await operator.presses("enter", "pagedown", "pagedown")
        operator.sees("How by letter, recorded by mrossi", "Note Letter of 20 Nov")


async def test_a_survey_needs_who_answered_it_and_when_or_a_file(workspace: Place, tmp_path: Path) -> None:
    """S-6b"""
    (path,) = write_proof(tmp_path, "survey.pdf")
    async with workspace.opened() as operator:
        await finds(operator, THREAT, "заря")
        await operator.presses("enter", "down", "down", "enter", "tab", "tab")
        operator.sees("Customer survey · ООО «Заря» · CLM-000314", "(●) Somebody answered it")
        await types_anew(operator, "2026-11-24")
        await operator.presses("enter")
        operator.sees("Answered by ▲ This cannot be empty.", "2026-11-24 ▲ 24 Nov 2026 is still to come")
        await operator.presses("up", "down", "space")
        operator.does_not_see("Answered by", "On the day")
        await operator.presses("tab")
        await operator.pastes(path)
        await operator.presses("enter")
        operator.sees("✓ Customer survey survey.pdf · 1 KiB")
        await operator.presses("down", "down", "enter")
        operator.sees("It takes the place of survey.pdf.")
        await operator.presses("tab")
        await operator.types("Anna")
        await operator.presses("enter")
        operator.sees("✓ Customer survey Anna · 23 Nov 2026")


async def test_a_path_that_is_no_file_to_attach_is_refused_where_it_was_typed(workspace: Place, tmp_path: Path) -> None:
    """S-6b: and one that was good when it was typed is looked at again"""
    (vanished,) = write_proof(tmp_path, "bill.pdf")
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "film.mkv").open("wb") as large:
        large.truncate(MAX_FILE + 1)
    async with workspace.opened() as operator:
        await finds(operator, THREAT, "заря")
        await operator.presses("enter", "enter", "enter")
        operator.sees("Invoice · ООО «Заря» · CLM-000314", "▲ This cannot be empty.", "of at most 10 MiB.")
        for path, said in (
            (tmp_path, "is a folder: name a file in it."),
            (tmp_path / "pipe", "is not a plain file: save what it gives in a file, and name that."),
            ("/dev/zero", "is not a plain file"),
            (tmp_path / "film.mkv", "is larger than 10 MiB: attach a smaller copy."),
            ("~/no such file", "There is no file"),
        ):
            await pastes_anew(operator, str(path))
            await operator.presses("enter")
            operator.sees("Attach proof", "▲", said)
        await pastes_anew(operator, vanished)
        os.unlink(vanished)
        await operator.presses("enter")
        operator.sees("▲ There is no file", "bill.pdf")
        write_proof(tmp_path, "bill.pdf")
        await operator.presses("enter")
        operator.sees("✓ Invoice bill.pdf · 1 KiB", "○ Proof of execution missing")


async def test_a_submission_names_what_is_missing_and_leads_there(workspace: Place, tmp_path: Path) -> None:
    """S-6b: and attaches nothing"""
    prove(workspace, ACTION, tmp_path, "invoice", "customer_survey")
    async with workspace.opened() as operator:
        await finds(operator, THREAT, "заря")
        await operator.presses("enter", "end")
        operator.sees("▷ Submit claim 2 items are missing", "⏎ Submit claim Esc Leave, what is attached is kept")
        await operator.presses("enter")
        operator.sees("▲ The proof of execution is missing", "▲ The partner survey is missing", "⏎ Attach Esc")
        await attaches(operator, str(tmp_path / "proof.pdf"))
        operator.does_not_see("▲")
        await records_survey(operator, "Marco")
        await operator.presses("up", "up", "up")
        operator.sees("⏎ Replace")
        await operator.presses("end", "enter")
        operator.sees("Claim submitted", "The claim is with the review")
