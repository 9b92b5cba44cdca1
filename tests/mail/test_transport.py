"""A mail on its way out, against a real server: every ending is told as what it is, and nothing leaves unprotected."""

import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme

from mci_tui.mail.transport import MAX_SAID, Delivery, Folder, Outcome, Smtp, Transport
from mci_tui.text import safe_text, speaking
from tests.mail.letters import LINK, MESSAGE_ID, SENDER, TO, invited, mail, parts
from tests.mail.post_office import HOST, PASSWORD, USERNAME, Act, PostOffice, trusting


def patience(act: Act | str, seconds: float) -> dict[str, float]:
    """How long a client waits: not for long where the server stalls."""
    return {"timeout": seconds} if act is Act.STALL else {}


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice(password=PASSWORD) as office:
        yield office


def client(office: PostOffice, **changes: Any) -> Smtp:
    """A client that the server lets in."""
    values: dict[str, Any] = {
        "host": HOST,
        "port": office.port,
        "security": office.security,
        "username": USERNAME if office.password else "",
        "password": lambda: PASSWORD,
        "context": trusting(),
    }
    return Smtp(**(values | changes))


def handed_to(
    way: Transport, message: EmailMessage | None = None, to: str = TO, cleared: Callable[[], bool] = lambda: True
) -> Delivery:
    """What becomes of a mail that is handed over."""
    delivery = way.deliver(message or mail(), sender=SENDER, to=to, cleared=cleared)
    assert safe_text(delivery.said) == delivery.said
    assert len(delivery.said) <= MAX_SAID
    return delivery


class TestTaken:
    @pytest.mark.parametrize("password", ["", PASSWORD])
    @pytest.mark.parametrize("security", ["starttls", "tls", "none"])
    def test_a_mail_arrives_with_its_two_parts_and_its_link(self, security: str, password: str) -> None:
        with PostOffice(security, password=password) as office:
            assert handed_to(client(office)) == Delivery(Outcome.SENT, "250 2.0.0 Taken")
        (received,) = office.received
        assert received.sender == "consent@partner.example.net"
        assert received.recipients == (TO,)
        assert received.content == mail().as_bytes()
        assert received.message["Message-ID"] == MESSAGE_ID
        assert all(LINK in part for part in parts(received.message))

    def test_the_server_is_told_the_senders_domain_and_not_the_machines_name(self, office: PostOffice) -> None:
        handed_to(client(office))
        handed_to(client(office, local_hostname="desk.example.net"))
        told = [command for command in office.commands if command.startswith("EHLO")]
        assert told == ["EHLO partner.example.net"] * 2 + ["EHLO desk.example.net"] * 2

    def test_lines_that_begin_with_a_dot_arrive_as_they_were_written(self, office: PostOffice) -> None:
        message = EmailMessage(policy=policy.SMTP)
        message.set_content(".one\n..two\n.\nlast\n")
        handed_to(client(office), message)
        assert office.received[0].message.get_content() == ".one\r\n..two\r\n.\r\nlast\r\n"

    def test_an_address_beyond_ascii_is_given_to_the_server_as_its_a_label(self, office: PostOffice) -> None:
        assert handed_to(client(office), to="mario@però.example.com").outcome is Outcome.SENT
        assert office.received[0].recipients == ("mario@xn--per-ena.example.com",)

    def test_hostile_names_bring_no_second_recipient_and_no_header(self, office: PostOffice) -> None:
        name = "Rossi\r\nBcc: spy@elsewhere.example\0, <spy@elsewhere.example>"
        handed_to(client(office), mail(invited(partner=name, engagement=name), to_name=name))
        (received,) = office.received
        assert received.recipients == (TO,)
        assert received.message.keys() == mail().keys()

    @pytest.mark.parametrize("act", [Act.CUT, Act.STALL, "421 4.3.0 Gone", "550 5.0.0 No"])
    def test_what_goes_wrong_after_the_server_took_it_changes_nothing(self, office: PostOffice, act: Act | str) -> None:
        office.does("QUIT", act)
        assert handed_to(client(office, **patience(act, 2))).outcome is Outcome.SENT


BEFORE = ("GREETING", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA")
AFTER = ("TEXT", "DOT")


class TestNotTaken:
    @pytest.mark.parametrize("step", BEFORE)
    @pytest.mark.parametrize("act", [Act.CUT, Act.STALL, "421 4.3.2 Closing", "451 4.3.0 Busy"])
    def test_before_the_text_every_trouble_that_passes_means_later(
        self, office: PostOffice, step: str, act: Act | str
    ) -> None:
        office.does(step, act)
        assert handed_to(client(office, **patience(act, 0.2))).outcome is Outcome.LATER
        assert office.received == []

    @pytest.mark.parametrize("step", AFTER)
    @pytest.mark.parametrize("act", [Act.CUT, Act.STALL, "What?"])
    def test_once_the_text_is_on_its_way_no_answer_means_unknown(
        self, office: PostOffice, step: str, act: Act | str
    ) -> None:
        office.does(step, act)
        delivery = handed_to(client(office, **patience(act, 2)))
        assert delivery.outcome is Outcome.UNKNOWN
        assert "may have arrived" in delivery.said

    def test_unknown_may_well_be_taken(self, office: PostOffice) -> None:
        office.does("DOT", Act.KEEP_AND_CUT)
        assert handed_to(client(office)).outcome is Outcome.UNKNOWN
        assert [received.message["Message-ID"] for received in office.received] == [MESSAGE_ID]

    @pytest.mark.parametrize("step", AFTER)
    @pytest.mark.parametrize("reply", ["421 4.3.2 Closing", "451 4.3.0 Busy"])
    def test_a_server_that_puts_off_the_text_means_later(self, office: PostOffice, step: str, reply: str) -> None:
        office.does(step, reply)
        assert handed_to(client(office)) == Delivery(Outcome.LATER, reply)

    @pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", *AFTER])
    def test_what_the_server_will_never_take_is_refused_in_its_own_words(self, office: PostOffice, step: str) -> None:
        office.does(step, "550 5.1.1 No such person here")
        assert handed_to(client(office)) == Delivery(Outcome.REFUSED, "550 5.1.1 No such person here")
        assert office.received == []

    def test_a_plan_decides_for_each_recipient(self) -> None:
        def plan(step: str, recipient: str) -> Act | str | None:
            return "550 5.1.1 Unknown" if step == "RCPT" and recipient == TO else None

        with PostOffice(plan=plan) as office:
            assert handed_to(client(office)).outcome is Outcome.REFUSED
            assert handed_to(client(office), to="other@corvara.example.com").outcome is Outcome.SENT

    def test_a_servers_words_are_made_safe_and_short(self, office: PostOffice) -> None:
        office.does("RCPT", "550-5.1.1 \x1b[2J\u202eNo\r\n550 " + "such person " * 30)
        delivery = handed_to(client(office))
        assert delivery.outcome is Outcome.REFUSED
        assert delivery.said.startswith("550 5.1.1 \ufffd[2JNo such person")
        assert len(delivery.said) == MAX_SAID

    def test_a_server_that_is_not_there_means_later(self) -> None:
        with PostOffice() as gone:
            pass
        assert handed_to(client(gone)).outcome is Outcome.LATER

    @pytest.mark.parametrize("host", ["mail.invalid", "a..b.example", "x" * 70 + ".example"])
    def test_a_host_name_that_leads_nowhere_means_later(self, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
        def unknown(name: str, *_arguments: Any, **_more: Any) -> Any:
            name.encode("idna")
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        delivery = handed_to(Smtp(host, 587, "starttls"))
        assert delivery.outcome is Outcome.LATER
        assert delivery.said.startswith(f"{host} cannot be reached: ")


class TestWithdrawn:
    def test_it_is_asked_once_everything_but_the_text_is_said(self, office: PostOffice) -> None:
        said: list[str] = []

        def cleared() -> bool:
            said.extend(office.commands)
            return False

        assert handed_to(client(office), cleared=cleared).outcome is Outcome.WITHDRAWN
        assert said[-1] == f"RCPT TO:<{TO}>"
        assert not any(command == "DATA" for command in office.commands)
        assert office.received == []

    def test_it_is_not_asked_for_a_mail_that_the_server_refuses(self, office: PostOffice) -> None:
        office.does("RCPT", "550 5.1.1 No")
        handed_to(client(office), cleared=lambda: pytest.fail("asked in vain"))

    def test_a_check_that_fails_is_not_taken_for_trouble_with_the_server(self, office: PostOffice) -> None:
        def cleared() -> bool:
            raise OSError("the database is gone")

        with pytest.raises(OSError, match="the database is gone"):
            handed_to(client(office), cleared=cleared)
        assert office.received == []


class TestPaused:
    def test_a_wrong_password(self, office: PostOffice) -> None:
        delivery = handed_to(client(office, password=lambda: "wrong"))
        assert delivery.outcome is Outcome.PAUSED
        assert "does not accept mail.username" in delivery.said
        assert "535 5.7.8" in delivery.said

    def test_no_user_name_where_the_server_wants_one(self, office: PostOffice) -> None:
        delivery = handed_to(client(office, username="", password=lambda: pytest.fail("asked in vain")))
        assert delivery.outcome is Outcome.PAUSED
        assert "Check mail.username" in delivery.said

    def test_a_password_that_no_server_takes(self, office: PostOffice) -> None:
        delivery = handed_to(client(office, password=lambda: "però"))
        assert delivery.outcome is Outcome.PAUSED
        assert "però" not in delivery.said
        assert office.commands == []

    def test_a_password_that_cannot_be_had(self, office: PostOffice) -> None:
        def password() -> str:
            raise FileNotFoundError(2, "No such file or directory")

        delivery = handed_to(client(office, password=password))
        assert delivery.outcome is Outcome.PAUSED
        assert delivery.said == "mail.password_command gives no password: No such file or directory"

    @pytest.mark.parametrize("offered", ["250 post.example.net", "250-post.example.net\r\n250 AUTH XOAUTH2"])
    def test_a_server_without_a_sign_in_that_is_known(self, offered: str) -> None:
        with PostOffice("tls").does("EHLO", offered) as office:
            delivery = handed_to(client(office, username=USERNAME))
        assert delivery.outcome is Outcome.PAUSED
        assert "offers no sign-in" in delivery.said

    @pytest.mark.parametrize("step", ["GREETING", "EHLO", "STARTTLS"])
    def test_a_server_that_turns_the_program_away(self, office: PostOffice, step: str) -> None:
        office.does(step, "554 5.7.1 Not you")
        delivery = handed_to(client(office))
        assert delivery.outcome is Outcome.PAUSED
        assert delivery.said.endswith("554 5.7.1 Not you")

    def test_a_sign_in_that_makes_no_sense_is_tried_again_later(self, office: PostOffice) -> None:
        office.does("AUTH", "334 x")
        assert handed_to(client(office)).outcome is Outcome.LATER


class TestEncryption:
    def test_without_starttls_nothing_is_sent(self) -> None:
        with PostOffice("none", password=PASSWORD) as office:
            delivery = handed_to(client(office, security="starttls"))
        assert delivery.outcome is Outcome.PAUSED
        assert "offers no encryption" in delivery.said
        assert office.commands == ["EHLO partner.example.net", "QUIT"]

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    @pytest.mark.parametrize("fault", ["signed by nobody known", "for another host"])
    def test_a_certificate_that_cannot_be_trusted_sees_no_word_of_the_mail(self, security: str, fault: str) -> None:
        ca, name = (trustme.CA(), HOST) if fault == "signed by nobody known" else (None, "elsewhere.example.net")
        with PostOffice(security, password=PASSWORD, certified=name, ca=ca) as office:
            delivery = handed_to(client(office), cleared=lambda: pytest.fail("asked in vain"))
        assert delivery.outcome is Outcome.PAUSED
        assert delivery.said.startswith(f"The certificate of {HOST} cannot be trusted")
        assert set(office.commands) <= {"EHLO partner.example.net", "STARTTLS"}
        assert office.received == []

    def test_the_machines_own_authorities_are_the_ones_that_count(self, office: PostOffice) -> None:
        assert handed_to(client(office, context=None)).outcome is Outcome.PAUSED
        assert office.received == []

    def test_a_port_that_does_not_speak_tls(self) -> None:
        with PostOffice("none") as office:
            delivery = handed_to(client(office, security="tls"))
        assert delivery.outcome is Outcome.PAUSED
        assert "does not encrypt as asked" in delivery.said

    def test_a_connection_that_breaks_while_it_is_encrypted_means_later(self) -> None:
        with hanging_up() as port:
            way = Smtp(HOST, port, "tls", context=trusting())
            assert handed_to(way).outcome is Outcome.LATER

    @pytest.mark.parametrize(("security", "host"), [("none", "mail.example.net"), ("ssl", HOST), ("", HOST)])
    def test_no_other_machine_is_spoken_to_in_the_clear(self, security: str, host: str) -> None:
        with pytest.raises(ValueError, match="is not for"):
            Smtp(host, 25, security)

    def test_a_way_out_never_shows_its_password(self, office: PostOffice) -> None:
        assert "password" not in repr(client(office))


@contextmanager
def hanging_up() -> Iterator[int]:
    """A port that takes a connection, reads a little and ends it."""
    with socket.create_server((HOST, 0)) as listening:

        def serve() -> None:
            connection, _address = listening.accept()
            with connection:
                connection.recv(16)

        serving = threading.Thread(target=serve)
        serving.start()
        yield listening.getsockname()[1]
        serving.join()


class TestFolder:
    def test_a_mail_becomes_a_file_that_mail_programs_open(self, tmp_path: Path) -> None:
        folder = tmp_path / "out" / "mail"
        delivery = handed_to(Folder(folder))
        (file,) = folder.iterdir()
        assert delivery == Delivery(Outcome.SENT, file.name)
        assert file.name == "clm-000001.5f2c9epartner.example.net.eml"
        read = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert read["To"] == f"Mario Rossi <{TO}>"
        assert all(LINK in part for part in parts(read))

    def test_only_its_owner_can_read_it(self, tmp_path: Path) -> None:
        folder = tmp_path / "mail"
        handed_to(Folder(folder))
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert [stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()] == [0o600]

    def test_a_mail_that_is_written_again_takes_its_own_place(self, tmp_path: Path) -> None:
        for _time in range(2):
            assert handed_to(Folder(tmp_path)).outcome is Outcome.SENT
        assert len(list(tmp_path.iterdir())) == 1

    def test_no_message_id_leads_out_of_the_folder(self, tmp_path: Path) -> None:
        folder = tmp_path / "mail"
        for message_id in ("<../../out@partner.example.net>", "</etc/out@partner.example.net>"):
            assert handed_to(Folder(folder), mail(message_id=message_id)).outcome is Outcome.SENT
        assert [path for path in tmp_path.rglob("*") if path.is_file() and path.parent != folder] == []

    def test_a_withdrawn_mail_is_not_written(self, tmp_path: Path) -> None:
        assert handed_to(Folder(tmp_path / "mail"), cleared=lambda: False).outcome is Outcome.WITHDRAWN
        assert not (tmp_path / "mail").exists()

    def test_a_folder_that_cannot_be_written_pauses_the_sender_and_leaves_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        delivery = handed_to(Folder(tmp_path / "file"))
        assert delivery.outcome is Outcome.PAUSED
        assert delivery.said.startswith(f"The mail folder {tmp_path / 'file'} cannot be written: ")

    def test_what_fails_half_way_leaves_no_half_mail(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(_number: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("mci_tui.mail.transport.os.fsync", full)
        assert handed_to(Folder(tmp_path)).said.endswith("No space left on device")
        assert list(tmp_path.iterdir()) == []


def test_our_own_sentences_are_in_the_readers_language(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with speaking("it"):
        assert handed_to(Folder(tmp_path / "file")).said.startswith("Impossibile scrivere")
