"""`claims send-consent`, `remind`, `record-answer`, `mail` and `work`: consent without a screen (S-5, S-11c)."""

import email
import email.policy
import json
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from mci_tui.commands.asking import _said
from mci_tui.domain.consent import Decision
from mci_tui.services.answers import Answer
from tests.commands.calls import ADD, Mci
from tests.commands.test_claims import COLUMNS
from tests.conftest import LOGIN, MovingClock
from tests.operator import Place
from tests.services.consent_kit import token_in

CLAIM = "CLM-000001"
SEND = ("claims", "send-consent", CLAIM, "--deal-size", "25000", "--accept-disclaimer")
ANSWER = (
    "claims",
    "record-answer",
    CLAIM,
    "accepted",
    "--who",
    "Anna Bianchi",
    "--how",
    "by phone",
    "--on",
    "2026-11-23",
)


@pytest.fixture
def mail(mci: Mci, desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A claim to ask about, a workspace that may write, and the folder into which mails go."""
    assert mci(*ADD).code == 0
    mci("settings", "set", "mail_from", "Meridiana <consent@partner.example>")
    mci("settings", "set", "portal_url", "https://consent.partner.example")
    monkeypatch.setenv("MCI_MAIL_FOLDER", str(tmp_path / "mail"))
    return tmp_path / "mail"


def sent(folder: Path) -> list[EmailMessage]:
    """The mails in a folder."""
    written = [path.read_bytes() for path in sorted(folder.glob("*.eml"))]
    return [email.message_from_bytes(each, policy=email.policy.default) for each in written]


def test_from_asking_to_the_answer_without_a_screen(mci: Mci, desk: Path, mail: Path, clock: MovingClock) -> None:
    """S-5b S-5c S-5d S-5f S-11c"""
    asked = mci(*SEND)
    assert (asked.code, asked.err) == (0, "")
    assert asked.out.startswith("CLM-000001 · Corvara Distribuzione · Awaiting customer consent response · by 23 Dec")
    worked = mci("work", "--once")
    assert worked.out.startswith("anna@corvara.example.com · <clm-000001.")
    assert worked.out.endswith(" · sent\n")
    (message,) = sent(mail)
    with Place(desk, clock).services() as services:
        services.answers.answer(token_in(message), Answer(Decision.ACCEPTED, "Anna Bianchi"))
    claim = mci("claims", "show", CLAIM, "--json").json
    assert (claim["status"], claim["answer_given_by"]) == ("consent_received", "Anna Bianchi")
    assert [each["state"] for each in claim["mails"]] == ["sent"]
    assert list(claim["mails"][0]) == ["message_id", "to", "kind", "state", "sent_at", "server_said"]
    assert claim["answer"]["decision"] == "accepted"
    assert mci("work", "--once").out == "Nothing waits to be sent.\n"


def test_scripts_get_the_claim(mci: Mci, mail: Path) -> None:
    """S-11c"""
    claim = mci(*SEND, "--json").json
    assert list(claim) == [*COLUMNS, "history", "mails", "proof", "referral", "answer"]
    assert (claim["status"], claim["deal_size_usd"]) == ("awaiting_consent", "25000.00")
    assert [each["state"] for each in claim["mails"]] == ["waiting"]


def test_what_is_wrong_is_said_of_its_option(mci: Mci, mail: Path) -> None:
    """S-5b S-5c S-5d"""
    refused = mci("claims", "send-consent", CLAIM, "--contact-email", "info@corvara.example.com")
    assert refused.code == 1
    lines = refused.err.splitlines()[1:]
    assert [line.split(":")[0].strip() for line in lines] == ["--unusual-address", "--deal-size", "--accept-disclaimer"]
    assert mci("mail", "list").out == "No mail has been written yet.\n"


def test_a_missing_setting_is_named_with_the_way_to_set_it(mci: Mci, desk: Path) -> None:
    """S-5d"""
    mci(*ADD)
    refused = mci(*SEND, "--json")
    assert refused.error["code"] == "not_configured"
    assert "'mci-tui settings set mail_from VALUE'" in refused.error["message"]


def test_without_mail_settings_work_says_which_are_needed(
    mci: Mci, mail: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mci(*SEND)
    monkeypatch.delenv("MCI_MAIL_FOLDER")
    refused = mci("work", "--once", "--json")
    assert (refused.code, refused.error["code"]) == (1, "not_configured")
    assert "[mail]" in refused.error["message"]


def test_the_environment_overrides_where_links_lead_and_who_writes(
    mci: Mci, mail: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mci(*SEND)
    monkeypatch.setenv("MCI_PORTAL_URL", "http://127.0.0.1:9000/")
    monkeypatch.setenv("MCI_MAIL_FROM", "other@partner.example")
    mci("work", "--once")
    (message,) = sent(mail)
    assert message["From"] == "other@partner.example"
    assert "http://127.0.0.1:9000/c/" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    monkeypatch.setenv("MCI_PORTAL_URL", "http://partner.example")
    assert mci("mail", "list").code == 1


def test_a_reminder_waits_a_day_unless_the_address_is_another(mci: Mci, mail: Path, clock: MovingClock) -> None:
    """S-5e"""
    mci(*SEND)
    mci("work", "--once")
    assert mci("claims", "remind", CLAIM, "--json").error["code"] == "too_soon"
    other = mci("claims", "remind", CLAIM, "--contact-email", "carla@corvara.example.com", "--contact-name", "Carla")
    assert other.code == 0
    clock.passes(days=1)
    assert mci("claims", "remind", CLAIM).code == 0
    mci("work", "--once")
    assert sorted(str(message["To"]) for message in sent(mail)) == [
        "Anna Bianchi <anna@corvara.example.com>",
        "Carla <carla@corvara.example.com>",
        "Carla <carla@corvara.example.com>",
    ]


def test_a_mail_that_failed_is_listed_with_why_and_sent_again(
    mci: Mci, mail: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-5d"""
    mci(*SEND)
    mail.write_text("in the way")
    paused = mci("work", "--once")
    assert paused.code == 1
    assert "waits: the mail server does not let us in" in paused.out
    (row,) = mci("mail", "list", "--json").json["rows"]
    assert (row["claim_id"], row["state"], row["attempts"]) == (CLAIM, "waiting", 0)
    assert str(mail) in row["server_said"]
    mail.unlink()
    assert (
        mci("mail", "retry", row["message_id"]).out == "The mail to anna@corvara.example.com waits to be sent again.\n"
    )
    assert mci("work", "--once").code == 0
    assert mci("mail", "retry", row["message_id"]).code == 1
    assert "Sent" in mci("mail", "list").out
    assert mci("mail", "retry", "nobody@example.com", "--json").error["code"] == "not_found"


def test_an_answer_is_recorded_with_its_evidence(mci: Mci, mail: Path) -> None:
    """S-5h"""
    mci(*SEND)
    assert mci(*ANSWER).err.splitlines()[1:] == ["  --note: This cannot be empty."]
    recorded = mci(*ANSWER, "--note", "Call of 14:05")
    assert (recorded.code, recorded.err) == (0, "")
    assert "Customer consent received" in recorded.out
    claim = mci("claims", "show", CLAIM, "--json").json
    assert claim["answer_given_by"] == f"Anna Bianchi (recorded by {LOGIN})"
    assert mci(*ANSWER, "--note", "Again", "--json").error["code"] == "wrong_state"


@pytest.mark.parametrize("argv", [SEND, ("claims", "remind", CLAIM), ANSWER, ("mail", "retry", "x"), ("work",)])
def test_read_only_writes_nothing(mci: Mci, mail: Path, argv: tuple[str, ...]) -> None:
    """S-1d"""
    assert mci(*argv, "--read-only", "--json").error["code"] == "not_allowed"


@pytest.mark.parametrize(("command", "password"), [("echo s3cret", "s3cret"), ("printf 'two\\nlines'", "two")])
def test_the_password_comes_out_of_the_users_command(
    monkeypatch: pytest.MonkeyPatch, home: Path, command: str, password: str
) -> None:
    from mci_tui.bootstrap import _password
    from mci_tui.settings import Mail

    assert _password(Mail(host="mail.example.com", username="u", password_command=command)) == password
    with pytest.raises(OSError, match=r"CalledProcessError|No such file"):
        _password(Mail(password_command=f"{sys.executable} -c 'raise SystemExit(3)'"))
    with pytest.raises(OSError, match="No such file"):
        _password(Mail(password_command="no-such-command"))


def test_options_take_the_place_of_what_the_claim_has() -> None:
    from argparse import Namespace

    from mci_tui.domain.consent import Reminder

    asked: dict[str, Any] = {"contact_name": "Carla", "contact_email": None, "unusual": False, "claim": "x"}
    said = _said(Reminder(claim=CLAIM, contact_name="Anna", contact_email="anna@x.example"), Namespace(**asked))
    assert (said.claim, said.contact_name, said.contact_email) == (CLAIM, "Carla", "anna@x.example")
    assert json.dumps(said.unusual) == "[]"
