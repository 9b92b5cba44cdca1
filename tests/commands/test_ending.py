"""`claims proof`, `submit`, `decide`, `dispute` and `cancel`: a claim to its end without a screen (S-6, S-11c)."""

from pathlib import Path
from typing import Any

import pytest

from tests.commands.calls import ADD, Mci
from tests.commands.test_asking import ANSWER, CLAIM, SEND
from tests.commands.test_claims import COLUMNS
from tests.conftest import LOGIN, MovingClock

WHOLE = [*COLUMNS, "history", "mails", "proof", "referral", "answer"]


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    path = tmp_path / "bill.pdf"
    path.write_bytes(b"%PDF a bill")
    return path


@pytest.fixture
def consented(mci: Mci, desk: Path) -> str:
    """Corvara's claim, with consent; it wants an invoice."""
    assert mci(*ADD).code == 0
    mci("settings", "set", "mail_from", "Meridiana <consent@partner.example>")
    mci("settings", "set", "portal_url", "https://consent.partner.example")
    for step in (SEND, (*ANSWER, "--note", "she called")):
        assert mci(*step).code == 0
    return CLAIM


@pytest.fixture
def surveyed(mci: Mci, sample: Path) -> str:
    """A claim of the sample workspace that wants surveys as well."""
    wanted = ("--status", "consent-received", "--engagement", "threat-protection-engagement")
    number: str = mci("claims", "list", *wanted, "--json").json["rows"][0]["claim_id"]
    return number


def status(mci: Mci, number: str = CLAIM) -> str:
    found: str = mci("claims", "show", number, "--json").json["status"]
    return found


def test_from_consent_to_approved_every_call_says_how_the_claim_stands(
    mci: Mci, consented: str, bill: Path, clock: MovingClock
) -> None:
    """S-6b S-6c S-11c"""
    proof = mci("claims", "proof", CLAIM, "--file", f"invoice={bill}")
    assert (proof.code, proof.out, proof.err) == (0, "invoice  bill.pdf\n", "")
    told = f"{CLAIM} · Corvara Distribuzione ·"
    assert mci("claims", "submit", CLAIM).out == f"{told} Submitted\n"
    clock.passes(days=4)
    returned = mci("claims", "decide", CLAIM, "action-required", "--note", "unreadable", "--on", "2026-11-25")
    assert returned.out == f"{told} Partner action required · by 21 Feb 2027\n"
    assert mci("claims", "submit", CLAIM, "--proof", f"invoice={bill}").out == f"{told} Submitted\n"
    assert mci("claims", "decide", CLAIM, "under_review", "--note", "with the review").out == f"{told} Under review\n"
    assert mci("claims", "decide", CLAIM, "approved", "--note", "fine").out == f"{told} Approved\n"


def test_scripts_get_the_claim_from_each_of_them(mci: Mci, consented: str, bill: Path) -> None:
    """S-6a S-11c"""
    steps: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("consent_received", ("proof", CLAIM, "--file", f"invoice={bill}")),
        ("submitted", ("submit", CLAIM)),
        ("rejected", ("decide", CLAIM, "rejected", "--note", "too late")),
        ("disputed", ("dispute", CLAIM, "--note", "it was in time")),
    )
    for expected, words in steps:
        claim = mci("claims", *words, "--json").json
        assert list(claim) == WHOLE
        assert claim["status"] == expected
    (item,) = claim["proof"]
    assert list(item)[:6] == ["kind", "file_name", "sha256", "size", "recorded_by", "at"]
    assert (item["kind"], item["file_name"], item["size"], item["recorded_by"]) == ("invoice", "bill.pdf", 11, LOGIN)


def test_after_a_dispute_a_rejection_is_final(mci: Mci, consented: str, bill: Path) -> None:
    """S-6a"""
    mci("claims", "submit", CLAIM, "--proof", f"invoice={bill}")
    refused = mci("claims", "decide", CLAIM, "rejected-final", "--note", "n", "--json")
    assert (refused.code, refused.error["code"]) == (1, "wrong_state")
    for words in (("decide", CLAIM, "rejected"), ("dispute", CLAIM)):
        assert mci("claims", *words, "--note", "n").code == 0
    mci("claims", "submit", CLAIM)
    assert mci("claims", "decide", CLAIM, "rejected-final", "--note", "n").code == 0
    assert status(mci) == "rejected_final"


def test_what_was_never_submitted_is_cancelled_with_a_note(mci: Mci, consented: str, bill: Path) -> None:
    """S-6a"""
    refused = mci("claims", "cancel", CLAIM)
    assert (refused.code, refused.err) == (1, "Something is not right yet.\n  --note: This cannot be empty.\n")
    assert mci("claims", "cancel", CLAIM, "--note", "they have gone elsewhere").code == 0
    again = mci("claims", "submit", CLAIM, "--proof", f"invoice={bill}", "--json")
    assert (again.code, again.error["code"], status(mci)) == (1, "wrong_state", "cancelled")


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        (("proof", CLAIM, "--file", "invoice"), ["--file"]),
        (("proof", CLAIM, "--file", "invoice=BILL", "--file", "invoice=BILL"), ["--file"]),
        (("proof", CLAIM, "--file", "poe=BILL"), ["poe"]),
        (("proof", CLAIM, "--file", "invoice=/nowhere/bill.pdf"), ["invoice"]),
        (("proof", CLAIM, "--record", "letter", "--who", "Anna", "--on", "2026-11-23"), ["--record"]),
        (("proof", CLAIM, "--record", "customer-survey", "--who", "Anna", "--on", "2026-11-23"), ["--record"]),
        (("submit", CLAIM), ["invoice"]),
        (("submit", CLAIM, "--proof", "invoice=/nowhere/bill.pdf"), ["invoice"]),
    ],
)
def test_what_is_wrong_is_said_of_the_option_or_the_item_and_nothing_is_kept(
    mci: Mci, consented: str, bill: Path, words: tuple[str, ...], labels: list[str]
) -> None:
    """S-6b"""
    refused = mci("claims", *(word.replace("BILL", str(bill)) for word in words))
    assert refused.code == 1
    assert [line.split(":")[0].strip() for line in refused.err.splitlines()[1:]] == labels
    claim = mci("claims", "show", CLAIM, "--json").json
    assert (claim["proof"], claim["status"]) == ([], "consent_received")


def test_a_file_or_a_survey_is_named_and_not_both(mci: Mci, consented: str, bill: Path) -> None:
    for words in ((), ("--file", f"invoice={bill}", "--record", "customer_survey")):
        refused = mci("claims", "proof", CLAIM, *words, "--json")
        assert (refused.code, refused.error["code"]) == (1, "invalid")


def test_a_survey_is_recorded_and_what_is_still_missing_is_told(mci: Mci, surveyed: str, bill: Path) -> None:
    """S-6b"""
    words = ("claims", "proof", surveyed, "--record", "customer-survey")
    refused = mci(*words, "--on", "2027-01-01")
    assert [line.split(":")[0].strip() for line in refused.err.splitlines()[1:]] == ["--who", "--on"]
    assert mci(*words, "--who", "Anna Bianchi", "--on", "2026-11-20").out.splitlines() == [
        "invoice             missing",
        "proof of execution  missing",
        "customer survey     Anna Bianchi · 20 Nov 2026",
        "partner survey      missing",
    ]
    assert mci("claims", "proof", surveyed, "--record", "invoice", "--who", "A", "--on", "2026-11-20").err.endswith(
        "  --record: The invoice is a file: attach it.\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--on", "2026-11-24"), "--on: 24 Nov 2026 is still to come: write a day up to today."),
        (("--on", "2026-11-22"), "--on: The claim stands as it does since 23 Nov 2026: a decision on it cannot be"),
        (("--on", "soon"), "--on: soon is not a date: write it as year-month-day, such as 2026-11-03."),
    ],
)
def test_a_date_that_cannot_be_is_said_once(
    mci: Mci, consented: str, bill: Path, words: tuple[str, ...], said: str
) -> None:
    """S-6c"""
    mci("claims", "submit", CLAIM, "--proof", f"invoice={bill}")
    refused = mci("claims", "decide", CLAIM, "approved", "--note", "n", *words)
    head, problem = refused.err.splitlines()
    assert (refused.code, head) == (1, "Something is not right yet.")
    assert problem.strip().startswith(said)
    assert status(mci) == "submitted"


@pytest.mark.parametrize(
    "words",
    [("decide", CLAIM, "approve", "--note", "n"), ("decide", CLAIM), ("submit",), ("cancel", CLAIM, "--why", "n")],
)
def test_what_cannot_be_asked_is_wrong_usage(mci: Mci, desk: Path, words: tuple[str, ...]) -> None:
    assert mci("claims", *words).code == 2


@pytest.mark.parametrize("words", [("proof", "--file", "invoice=x"), ("submit",), ("cancel", "--note", "n")])
def test_a_claim_that_is_not_there_is_not_found(mci: Mci, desk: Path, words: tuple[str, ...]) -> None:
    name, *rest = words
    refused: Any = mci("claims", name, "CLM-999999", *rest, "--json")
    assert (refused.code, refused.error["code"]) == (1, "not_found")


def test_a_workspace_opened_read_only_is_left_as_it_is(mci: Mci, consented: str, bill: Path) -> None:
    for words in (
        ("proof", CLAIM, "--file", f"invoice={bill}"),
        ("submit", CLAIM),
        ("decide", CLAIM, "approved", "--note", "n"),
        ("dispute", CLAIM, "--note", "n"),
        ("cancel", CLAIM, "--note", "n"),
    ):
        refused = mci("claims", *words, "--read-only", "--json")
        assert (refused.code, refused.error["code"]) == (1, "not_allowed")
    assert status(mci) == "consent_received"


def test_what_is_attached_is_written_to_new_files_all_or_none(
    mci: Mci, consented: str, bill: Path, tmp_path: Path
) -> None:
    """S-6b: a file is wherever the workspace is; whoever reads the claim gets it, read-only too"""
    mci("claims", "proof", CLAIM, "--file", f"invoice={bill}")
    out = tmp_path / "out.pdf"
    saved = mci("claims", "proof", CLAIM, "--save", f"invoice={out}", "--read-only")
    assert (saved.code, saved.out) == (0, f"invoice  {out}\n")
    assert out.read_bytes() == bill.read_bytes()
    assert out.stat().st_mode & 0o777 == 0o600
    again = mci("claims", "proof", CLAIM, "--save", f"invoice={out}", "--json")
    assert (again.code, again.error["code"]) == (1, "invalid")
    for wanted in ((f"invoice={tmp_path}/a.pdf", f"poe={tmp_path}/b.pdf"), (f"invoice={tmp_path}/a.pdf", "poe")):
        refused = mci("claims", "proof", CLAIM, *(part for each in wanted for part in ("--save", each)), "--json")
        assert refused.code == 1
        assert not (tmp_path / "a.pdf").exists()
    assert mci("claims", "proof", CLAIM, "--save", f"invoice={out}", "--file", f"invoice={bill}").code == 1
