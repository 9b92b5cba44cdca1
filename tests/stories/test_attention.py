"""The operator sits down, and sees at once what needs them next (S-6, S-10)."""

import asyncio
import csv
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from mci_tui.domain.claims import Status
from mci_tui.mail.transport import Delivery, Outcome
from mci_tui.services.attention import Attention
from tests.conftest import NOW
from tests.factories import guid
from tests.operator import LIMIT, SIZES, SMALL, Operator, Place
from tests.programme import MUENCHEN
from tests.stories.asking import AWAITING, asks, leased, reminds, set_up_mail
from tests.stories.referring import refer
from tests.terminal_kit import Terminal, python

URGENT = {
    "O'Neill & Sons": "O'Neill & Sons CLM-000311 2 days Send",
    "L'Étoile": "L'Étoile d'Émeraude SAS CLM-000312 7 days Submit",
    "ООО": "ООО «Заря» CLM-000314 7 days Submit",
    "שחר": "שחר מערכות בע״מ CLM-000315 30 days Dispute",
    "Corvara": "Corvara Distribuzione CLM-000320 30 days Submit",
}
"""What needs the operator in the programme, by the customers' names, as it stands on a narrow terminal."""


def calm(workspace: Place) -> None:
    """Lets everything pass that has a deadline: half a year on, nothing needs anybody."""
    workspace.clock.passes(days=180)


def add_forty(workspace: Place) -> None:
    """Forty claims more, made over the last month; the consent of one lapses tonight."""
    with workspace.books() as books, books.at_once():
        for number in range(40):
            customer = books.customer(f"Filiale {number:02}")
            used = books.identifier(customer, value=guid(500 + number))
            status = Status.SUBMITTED if number % 2 else Status.AWAITING_CONSENT
            made = NOW - timedelta(days=30 if number == 16 else number % 20)
            books.claim(1, customer, used, status, at=made, location_id=MUENCHEN)


def line(operator: Operator, number: str) -> str:
    """The line about the claim with this number, its gaps narrowed."""
    (found,) = (row for row in operator.rows() if number in row)
    return " ".join(found.split())


async def does_nothing_yet(operator: Operator) -> None:
    """Goes back to the list from whatever a key has opened."""
    while operator.where != "AttentionScreen":
        await operator.presses("escape")


@pytest.mark.parametrize("size", SIZES)
async def test_with_forty_claims_and_a_deadline_tonight_that_one_stands_first(
    workspace: Place, size: tuple[int, int]
) -> None:
    """S-10"""
    add_forty(workspace)
    async with workspace.opened(size=size, attends=True) as operator:
        assert operator.where == "AttentionScreen"
        operator.sees("All 6", "Consent 2", "Submit 1", "Action 1", "Rejected 1", "Disputed 1", "Mail 0", "1 of 6")
        first, *others = operator.rows()
        assert first.split() == ["◐", "Consent", "Filiale", "16", *first.split()[4:]]
        assert "today" in first
        assert len(others) == 5
        await operator.presses("enter")
        operator.sees("Resend customer consent email", "Filiale 16")


async def test_one_key_does_what_each_line_is_about(workspace: Place) -> None:
    """S-2h, S-6: and afterwards the line is gone"""
    async with workspace.opened(attends=True) as operator:
        assert [" ".join(row.split()[2:]) for row in operator.rows()] == list(URGENT.values())
        for opened in ("Send customer consent email", "Submit claim", "Submit claim", "Dispute", "Submit claim"):
            await operator.presses("enter")
            operator.sees(opened)
            await does_nothing_yet(operator)
            await operator.presses("down")
        await operator.presses("up", "enter")
        await operator.types("The invoice was there in time.")
        await operator.presses("enter", "enter")
        operator.sees("Rejected 0", "Disputed 2", "All 5")
        assert line(operator, "CLM-000315") == f"△ Disputed {URGENT['שחר'].replace('Dispute', 'Submit')}"


async def test_the_tabs_tell_the_kinds_apart_and_typed_letters_narrow(workspace: Place) -> None:
    async with workspace.opened(attends=True) as operator:
        await operator.presses("right")
        assert [row.split()[1] for row in operator.rows()] == ["Consent"]
        await operator.presses("left", "left")
        operator.sees("Nothing needs you now. Esc goes on to the engagements.")
        await operator.presses("right", "slash")
        await operator.types("corv")
        assert len(operator.rows()) == 1
        operator.sees("filter: corv")
        await operator.presses("enter", "o")
        operator.sees("CLM-000320", "Disputed")


async def test_esc_goes_on_to_the_engagements_and_1_comes_back(workspace: Place) -> None:
    async with workspace.opened(attends=True) as operator:
        await operator.presses("escape")
        assert operator.where == "EngagementsScreen"
        await operator.presses("1")
        assert operator.where == "AttentionScreen"


async def test_where_nothing_is_due_the_engagements_are_the_first_screen(workspace: Place) -> None:
    calm(workspace)
    async with workspace.opened(attends=True) as operator:
        assert operator.where == "EngagementsScreen"
        await operator.presses("1")
        operator.sees("All 0", "Nothing needs you now.")


async def test_whoever_may_only_look_begins_with_the_engagements(workspace: Place) -> None:
    """S-1d"""
    async with workspace.opened("vera", attends=True) as operator:
        assert operator.where == "EngagementsScreen"
    async with workspace.opened("ulla", attends=True) as operator:
        assert operator.where == "EngagementsScreen"


async def test_one_sees_what_lies_at_ones_own_location_alone(workspace: Place) -> None:
    """S-1b, S-1d"""
    add_forty(workspace)
    async with workspace.opened("ulla", attends=True) as operator:
        operator.sees("All 1")
        assert "Filiale 16" in operator.rows()[0]


async def test_what_needs_the_operator_is_exported_as_it_is_listed(
    workspace: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-11b"""
    folder = tmp_path / "exports"
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with workspace.opened(attends=True) as operator:
        await operator.presses("slash")
        await operator.types("corv")
        await operator.presses("enter", "x", "enter")
        (path,) = folder.iterdir()
        assert path.name == "attention-2026-11-23.csv"
        header, *rows = csv.reader(path.read_text("utf-8-sig").splitlines())
        assert header[:3] == ["kind", "claim_id", "customer_name"]
        assert [row[:3] for row in rows] == [["disputed", "CLM-000320", "Corvara Distribuzione"]]
        await operator.presses("x", "tab", "down", "space", "enter")
        everything = csv.DictReader((folder / "attention-2026-11-23-2.csv").read_text("utf-8-sig").splitlines())
        assert [row["action"] for row in everything] == [
            "send-consent", "submit-claim", "submit-claim", "dispute", "submit-claim",
        ]  # fmt: skip


async def test_a_mail_that_failed_leads_to_the_mail_screen_and_to_that_mail(workspace: Place) -> None:
    """S-5e"""
    set_up_mail(workspace)
    with workspace.services() as services:
        for ask in (asks, reminds):
            ask(services)
            services.outbox.settle(leased(services), Delivery(Outcome.REFUSED, "550 no such user"))
    async with workspace.opened(attends=True) as operator:
        await operator.presses("left")
        assert line(operator, AWAITING) == f"✗ Mail Aurelia Foods S.p.A. {AWAITING} 12 days Mail"
        await operator.presses("end", "enter")
        assert operator.where == "MailsScreen"
        operator.sees("Failed 2", "▲ Failed", "550 no such user", f"filter: {AWAITING}", "1 of 1")
        await operator.presses("t", "escape")
        operator.sees("Mail 1")


async def test_what_somebody_else_does_meanwhile_goes_by_itself(workspace: Place) -> None:
    async with workspace.opened(attends=True) as operator:
        operator.sees("Consent 1")
        with workspace.services() as others:
            others.deciding.cancel("CLM-000311", "They have gone elsewhere.")
        operator.app.screen.look()  # type: ignore[attr-defined]
        await operator.settled()
        operator.sees("Consent 0", "All 4")


async def test_whoever_has_begun_to_work_is_not_led_away(workspace: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Event()
    look = Attention.begins_with

    def slowly(self: Attention) -> str:
        gate.wait(20)
        return look(self)

    monkeypatch.setattr(Attention, "begins_with", slowly)
    app = workspace.app(attends=True)
    async with app.run_test(size=SMALL) as pilot:
        operator = Operator(app, pilot)
        async with asyncio.timeout(LIMIT):
            while not operator.table.count:
                await pilot.pause()
        hasty = asyncio.create_task(operator.types("/threat"))
        await operator.hands_over(7)
        gate.set()
        await hasty
        assert operator.where == "EngagementsScreen"
        assert [row.split()[0] for row in operator.rows()] == ["Threat"]
    workspace.close()


async def test_a_referrals_admin_begins_with_the_referrals(workspace: Place) -> None:
    """S-1c, S-1d: and reads the claims of referrals, no others"""
    refer(workspace)
    async with workspace.opened("rita", attends=True) as operator:
        assert operator.where == "ReferralsScreen"
        operator.sees("REF-000001", "REF-000002")
        await operator.presses("3")
        assert operator.where == "ClaimsScreen"
        assert len(operator.rows()) == 2
        assert operator.told() == []
        await operator.presses("o")
        operator.sees("CLM-000323", "Montefalco")
        await operator.presses("escape", "escape", "escape")
        operator.sees("This needs the role incentives_admin / incentives_user / viewer: ask an Incentives admin.")
        await operator.presses("5")
        assert operator.where == "ReferralsScreen"


def test_the_program_opens_for_whoever_may_read_no_more_than_referrals(workspace: Place) -> None:
    """S-1d"""
    refer(workspace)
    home = str(workspace.path.parent)
    command = python("-m", "tests.stories.desk_host", str(workspace.path), "rita", NOW.isoformat())
    with Terminal(command, environ={"HOME": home, "XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home}) as there:
        there.wait_for("REF-000001")
        there.settle()
        there.send("q")
        there.wait_for("This needs the role", since=len(there.output))
        there.send("q")
        assert there.wait() == 0
