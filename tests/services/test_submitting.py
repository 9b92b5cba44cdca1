"""Proof and submission: in any order, over any number of sittings, complete and in time or not at all (S-6b)."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from mci_tui.domain.claims import STAGES, Event, Status
from mci_tui.domain.submission import MAX_FILE, Survey
from mci_tui.errors import Invalid, NotAllowed, NotFound, Refused, reason
from mci_tui.services import Services
from mci_tui.store.engine import Store
from mci_tui.store.schema import files, proofs
from tests.conftest import LOGIN, MovingClock
from tests.factories import HERE, THERE, Books
from tests.services.consent_kit import CLAIM

ALL = ["invoice", "poe", "customer_survey", "partner_survey"]
ON = "2026-11-20"


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location()
    return made


@pytest.fixture
def bill(tmp_path: Path) -> str:
    path = tmp_path / "bill.pdf"
    path.write_bytes(b"%PDF a bill")
    return str(path)


def consented(books: Books, proof: list[str], status: Status = Status.CONSENT_RECEIVED) -> None:
    """`CLAIM`, on an engagement that wants these items."""
    offer, customer = books.engagement(proof=proof, id_types=["tpid"]), books.customer()
    books.claim(offer, customer, books.identifier(customer, "tpid", "123456"), status)


def test_items_come_over_many_sittings_and_then_the_claim_is_submitted(
    services: Services, books: Books, bill: str, clock: MovingClock
) -> None:
    """S-6b"""
    consented(books, ALL)
    clock.passes(days=1)
    assert services.submitting.checklist(CLAIM).missing == ALL
    services.submitting.attach(CLAIM, {"poe": bill})
    clock.passes(days=1)
    services.submitting.record(CLAIM, Survey("customer_survey", "Anna Bianchi", ON))
    services.submitting.attach(CLAIM, {"invoice": bill})
    clock.passes(days=1)
    checklist = services.submitting.record(CLAIM, Survey("partner_survey", "Marco Rossi", ON))
    assert checklist.missing == []
    claim = services.submitting.submit(CLAIM)
    assert (claim.status, claim.submitted_at) == (Status.SUBMITTED, clock())
    kept = services.claims.show(CLAIM).proof
    assert [(proof.kind, proof.file_name or proof.who) for proof in kept] == [
        ("poe", "bill.pdf"),
        ("customer_survey", "Anna Bianchi"),
        ("invoice", "bill.pdf"),
        ("partner_survey", "Marco Rossi"),
    ]


def test_what_is_missing_is_named_and_a_refused_submit_attaches_nothing(
    services: Services, books: Books, bill: str
) -> None:
    """S-6b"""
    consented(books, ["invoice", "poe"])
    with pytest.raises(Invalid) as refused:
        services.submitting.submit(CLAIM, {"invoice": bill})
    assert {kind: why.code for kind, why in refused.value.problems.items()} == {"poe": "proof_missing"}
    page = services.claims.show(CLAIM)
    assert (page.proof, page.claim.status) == ((), Status.CONSENT_RECEIVED)
    assert services.submitting.submit(CLAIM, {"invoice": bill, "poe": bill}).status is Status.SUBMITTED


def test_a_file_is_kept_once_whoever_attaches_it_and_can_be_read_again(
    services: Services, books: Books, bill: str, store: Store
) -> None:
    """S-6b"""
    consented(books, ["invoice", "poe"])
    services.submitting.attach(CLAIM, {"invoice": bill, "poe": bill})
    with store.read() as tx:
        assert tx.scalar(select(func.count()).select_from(files)) == 1
        assert tx.scalar(select(func.count()).select_from(proofs)) == 2
    os.unlink(bill)
    assert services.submitting.file_of(CLAIM, "poe") == b"%PDF a bill"
    assert services.submitting.submit(CLAIM).status is Status.SUBMITTED


def test_the_same_kind_again_replaces_and_history_keeps_the_old_one(
    services: Services, books: Books, bill: str, tmp_path: Path
) -> None:
    """S-6b, S-6d"""
    consented(books, ["invoice"])
    better = tmp_path / "better.pdf"
    better.write_bytes(b"%PDF a better bill")
    services.submitting.attach(CLAIM, {"invoice": bill})
    services.submitting.attach(CLAIM, {"invoice": str(better)})
    page = services.claims.show(CLAIM)
    assert [(proof.file_name, proof.replaced_at is None) for proof in page.proof] == [
        ("bill.pdf", False),
        ("better.pdf", True),
    ]
    assert page.history[-1].changes == {"invoice": ["bill.pdf", "better.pdf"]}
    assert page.history[-1].who == LOGIN


def test_the_file_that_holds_is_given_out_and_nothing_where_there_is_none(
    services: Services, books: Books, bill: str, tmp_path: Path
) -> None:
    """S-6b"""
    consented(books, ALL)
    better = tmp_path / "better.pdf"
    better.write_bytes(b"%PDF better")
    services.submitting.attach(CLAIM, {"invoice": bill})
    services.submitting.attach(CLAIM, {"invoice": str(better)})
    services.submitting.record(CLAIM, Survey("customer_survey", "Anna", ON))
    assert services.submitting.file_of(CLAIM, "invoice") == b"%PDF better"
    for kind in ("poe", "customer_survey", "letter"):
        with pytest.raises(NotFound) as refused:
            services.submitting.file_of(CLAIM, kind)
        assert refused.value.why.code == "proof_no_file"


def test_earlier_proof_counts_again_on_a_second_submission(services: Services, books: Books, bill: str) -> None:
    """S-6a, S-6b"""
    consented(books, ["invoice"])
    services.submitting.submit(CLAIM, {"invoice": bill})
    services.deciding.decide(CLAIM, "action_required", "say more")
    assert services.submitting.submit(CLAIM).status is Status.SUBMITTED
    services.deciding.decide(CLAIM, "rejected", "no")
    services.deciding.dispute(CLAIM, "yes")
    assert services.submitting.submit(CLAIM).status is Status.SUBMITTED
    services.deciding.decide(CLAIM, "approved", "after all")


def test_submission_is_for_the_states_that_allow_it(services: Services, books: Books, bill: str) -> None:
    """S-6a, S-6b"""
    for number, status in enumerate(Status, 1):
        offer = books.engagement(code=f"offer-{number}", proof=["invoice"], id_types=["tpid"])
        customer = books.customer(f"Customer {number}")
        id_ = books.claim(offer, customer, books.identifier(customer, "tpid", f"40000{number}"), status)
        claim = f"CLM-{id_:06d}"
        if Event.SUBMIT in STAGES[status].moves:
            assert services.submitting.submit(claim, {"invoice": bill}).status is Status.SUBMITTED
            continue
        for act in (services.submitting.submit, services.submitting.attach):
            with pytest.raises(Refused) as refused:
                act(claim, {"invoice": bill})
            assert refused.value.code == "wrong_state"


def test_a_submission_after_its_deadline_is_none(
    services: Services, books: Books, bill: str, clock: MovingClock
) -> None:
    """S-6a, S-10"""
    consented(books, ["invoice"])
    clock.passes(days=61)
    with pytest.raises(Refused):
        services.submitting.submit(CLAIM, {"invoice": bill})
    assert services.claims.show(CLAIM).claim.status is Status.NOT_SUBMITTED_EXPIRED


def test_a_path_that_is_no_file_to_attach_is_refused_in_words(services: Services, books: Books, tmp_path: Path) -> None:
    """S-6b"""
    consented(books, ["invoice"])
    os.symlink(tmp_path / "nowhere", tmp_path / "link")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    with open(tmp_path / "large", "wb") as large:
        large.truncate(3_000_000_000)
    with open(tmp_path / "just-too-large", "wb") as large:
        large.truncate(MAX_FILE + 1)
    for path, code in (
        (tmp_path, "file_directory"),
        ("/dev/zero", "file_not_regular"),
        (tmp_path / "pipe", "file_not_regular"),
        (tmp_path / "link", "not_found_file"),
        (tmp_path / "gone", "not_found_file"),
        (tmp_path / "empty", "proof_empty"),
        (tmp_path / "large", "proof_large"),
        (tmp_path / "just-too-large", "proof_large"),
        ("bad\x00name", "file_unreadable"),
        (" ", "required"),
    ):
        with pytest.raises(Invalid) as refused:
            services.submitting.attach(CLAIM, {"invoice": str(path)})
        assert refused.value.problems["invoice"].code == code
    assert services.claims.show(CLAIM).proof == ()


@pytest.mark.parametrize("mark", ["'", '"', ""])
def test_a_file_may_be_named_as_a_terminal_pastes_it_and_is_looked_for_in_a_folder_that_is_told(
    services: Services, books: Books, bill: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    """S-6b"""
    consented(books, ["invoice"])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Invalid) as refused:
        services.submitting.attach(CLAIM, {"invoice": f"{mark}gone.pdf{mark}"})
    assert refused.value.problems == {"invoice": reason("not_found_file", path=str(tmp_path / "gone.pdf"))}
    services.submitting.attach(CLAIM, {"invoice": f" {mark}{bill}{mark} "})
    assert services.claims.show(CLAIM).proof[0].file_name == "bill.pdf"


def test_a_file_may_be_as_large_as_is_said(services: Services, books: Books, tmp_path: Path) -> None:
    """S-6b: the negative control of *just too large*"""
    consented(books, ["invoice"])
    with open(tmp_path / "large", "wb") as large:
        large.truncate(MAX_FILE)
    ((_kind, proof),) = services.submitting.attach(CLAIM, {"invoice": str(tmp_path / "large")}).items
    assert proof is not None
    assert proof.size == MAX_FILE


def test_an_item_that_is_not_wanted_is_refused(services: Services, books: Books, bill: str) -> None:
    """S-6b"""
    consented(books, ["invoice"])
    for kind, code in (("poe", "proof_not_wanted"), ("letter", "not_a_choice")):
        with pytest.raises(Invalid) as refused:
            services.submitting.attach(CLAIM, {kind: bill})
        assert refused.value.problems[kind].code == code
    with pytest.raises(Invalid) as refused:
        services.submitting.record(CLAIM, Survey("customer_survey", "Anna", ON))
    assert refused.value.problems["customer_survey"].code == "proof_not_wanted"


@pytest.mark.parametrize(
    ("survey", "field"),
    [
        (Survey("customer_survey", "", ON), "who"),
        (Survey("customer_survey", "x" * 81, ON), "who"),
        (Survey("customer_survey", "Anna", ""), "on"),
        (Survey("customer_survey", "Anna", "2026-11-24"), "on"),
        (Survey("customer_survey", "Anna", "20 Nov"), "on"),
        (Survey("invoice", "Anna", ON), "kind"),
    ],
)
def test_a_survey_is_recorded_with_date_and_who(services: Services, books: Books, survey: Survey, field: str) -> None:
    """S-6b"""
    consented(books, ALL)
    with pytest.raises(Invalid) as refused:
        services.submitting.record(CLAIM, survey)
    assert set(refused.value.problems) == {field}


def test_names_of_files_cannot_act_on_the_terminal(services: Services, books: Books, tmp_path: Path) -> None:
    consented(books, ["invoice"])
    hostile = tmp_path / "bill\x1b[2J\u202e.pdf"
    hostile.write_bytes(b"x")
    services.submitting.attach(CLAIM, {"invoice": str(hostile)})
    (proof,) = services.claims.show(CLAIM).proof
    assert proof.file_name == "bill�[2J.pdf"


def test_only_whoever_works_there_attaches_and_submits(
    services: Services, books: Books, bill: str, as_operator: Callable[[str], Services]
) -> None:
    """S-1d"""
    consented(books, ["invoice"])
    books.location(THERE)
    books.grant("there", "incentives_admin", THERE)
    books.grant("looks", "viewer")
    for login in ("there", "looks"):
        for act in (as_operator(login).submitting.attach, as_operator(login).submitting.submit):
            with pytest.raises(NotAllowed):
                act(CLAIM, {"invoice": bill})
    assert as_operator("looks").submitting.checklist(CLAIM).missing == ["invoice"]
    books.grant("here", "incentives_user", HERE)
    assert as_operator("here").submitting.submit(CLAIM, {"invoice": bill}).status is Status.SUBMITTED
