"""How a mail leaves: to a mail server, or into a folder. What goes wrong there is told, never raised."""

import os
import re
import smtplib
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from mci_tui.text import _, safe_text

LOOPBACK = ("localhost", "127.0.0.1", "::1")
MAX_SAID = 300

_NOT_SIGNED_IN = frozenset({530, 534, 535, 538})
"""The replies by which a server asks for a sign-in, or for another one (RFC 4954)."""


class Outcome(StrEnum):
    """What became of a mail that was handed over."""

    SENT = "sent"
    """The server took it, and answers for it from here on."""
    LATER = "later"
    """Not taken now: no connection, no answer in time, or the server asks to try again."""
    REFUSED = "refused"
    """The server will not take this mail, however often it is tried."""
    UNKNOWN = "unknown"
    """The connection broke while the text was handed over: it may have been taken."""
    WITHDRAWN = "withdrawn"
    """It was no longer to be sent when its turn came."""
    PAUSED = "paused"
    """The trouble is the sender's, not this mail's: password, certificate, encryption, folder."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An outcome, with the server's words or a sentence of ours: safe to show, at most `MAX_SAID` characters."""

    outcome: Outcome
    said: str


class Transport(Protocol):
    """A way for mails to leave."""

    def deliver(self, message: EmailMessage, *, sender: str, to: str, cleared: Callable[[], bool]) -> Delivery:
        """Hands `message` over for one recipient. Both addresses may have a name: `Name <name@example.com>`.

        `cleared` is asked when only the text is left to hand over: False withdraws the mail. What it raises is raised
        on, and so is `ValueError` for what is no address.
        """


class _Ended(Exception):
    """There is no more to do for a mail; `delivery` says how it ended."""

    def __init__(self, outcome: Outcome, said: str) -> None:
        super().__init__(said)
        self.delivery = Delivery(outcome, safe_text(said)[:MAX_SAID])


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server, with a session for each mail.

    `security` is `starttls`, `tls`, or `none` for a server on this machine; certificates are always verified.
    `password` is asked for where there is a `username`, and may raise `OSError`. Each answer is waited for `timeout`
    seconds at most. The server is told `local_hostname`, else the domain of the sender's address. Raises `ValueError`
    for a security that is none, or not for this host.
    """

    host: str
    port: int
    security: str
    username: str = ""
    password: Callable[[], str] = field(default=str, repr=False)
    timeout: float = 20.0
    local_hostname: str = ""
    context: ssl.SSLContext | None = field(default=None, repr=False)
    """Whose certificates are trusted; where it is not given, those that this machine trusts."""

    def __post_init__(self) -> None:
        if self.security not in ("starttls", "tls") and not (self.security == "none" and self.host in LOOPBACK):
            raise ValueError(f"security {self.security!r} is not for {self.host!r}")

    def deliver(self, message: EmailMessage, *, sender: str, to: str, cleared: Callable[[], bool]) -> Delivery:
        from mci_tui.mail.headers import mailbox

        writer, reader = mailbox(sender), mailbox(to)
        content = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
        try:
            password = self._password()
            with self._session(self.local_hostname or writer.domain) as server:
                with self._before_text():
                    self._sign_in(server, password)
                    self._require(server.mail(writer.addr_spec))
                    self._require(server.rcpt(reader.addr_spec))
                if not cleared():
                    raise _withdrawn()
                with self._before_text():
                    self._require(server.docmd("DATA"), 3)
                reply = self._hand_over(server, content)
                self._require(reply)
        except _Ended as ended:
            return ended.delivery
        return _Ended(Outcome.SENT, _words(*reply)).delivery

    def _password(self) -> str:
        try:
            password = self.password() if self.username else ""
        except OSError as error:
            none = _("mail.password_command gives no password: %(why)s")
            raise self._paused(none, _why(error)) from error
        if not (self.username + password).isascii():
            letters = _(
                "The user name or password for mail has letters that mail servers do not take, such as è: change it."
            )
            raise _Ended(Outcome.PAUSED, letters)
        return password

    @contextmanager
    def _session(self, name: str) -> Iterator[smtplib.SMTP]:
        with self._before_text():
            server = self._connected(name)
        try:
            yield server
        finally:
            with suppress(OSError):
                server.quit()
            server.close()

    def _connected(self, name: str) -> smtplib.SMTP:
        if self.security == "tls":
            context = self.context or ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, name, timeout=self.timeout, context=context)
        return smtplib.SMTP(self.host, self.port, name, timeout=self.timeout)

    def _sign_in(self, server: smtplib.SMTP, password: str) -> None:
        _introduce(server)
        if self.security == "starttls":
            if not server.has_extn("starttls"):
                raise self._paused(_("%(host)s offers no encryption (STARTTLS). Check mail.host and mail.security."))
            server.starttls(context=self.context or ssl.create_default_context())
            _introduce(server)
        if self.username:
            server.login(self.username, password)

    def _require(self, reply: tuple[int, bytes], wanted: int = 2) -> None:
        code = reply[0]
        if code in _NOT_SIGNED_IN:
            asks = _("%(host)s asks for a user name and password. Check mail.username. It said: %(why)s")
            raise self._paused(asks, _words(*reply))
        if code // 100 != wanted:
            raise _Ended(Outcome.REFUSED if code // 100 == 5 else Outcome.LATER, _words(*reply))

    def _hand_over(self, server: smtplib.SMTP, content: bytes) -> tuple[int, bytes]:
        """Sends the text, lines that begin with a dot doubled, and gives the server's verdict."""
        text = re.sub(rb"(?m)^\.", b"..", content).removesuffix(b"\r\n")
        try:
            server.send(text + b"\r\n.\r\n")
            reply = server.getreply()
            if reply[0] // 100 not in (2, 4, 5):
                raise smtplib.SMTPResponseException(*reply)
        except OSError as error:
            broke = _("The connection to %(host)s broke while the mail was handed over: it may have arrived.")
            raise _Ended(Outcome.UNKNOWN, broke % {"host": self.host}) from error
        return reply

    @contextmanager
    def _before_text(self) -> Iterator[None]:
        """What goes wrong in here leaves the mail on this side."""
        try:
            yield
        except (OSError, ValueError) as error:
            raise self._trouble(error) from error

    def _trouble(self, error: Exception) -> _Ended:
        match error:
            case smtplib.SMTPServerDisconnected() | TimeoutError() | ssl.SSLEOFError() | ssl.SSLZeroReturnError():
                cut = _("%(host)s did not answer in time, or ended the connection.")
                return _Ended(Outcome.LATER, cut % {"host": self.host})
            case ssl.SSLCertVerificationError():
                distrusted = _("The certificate of %(host)s cannot be trusted, so nothing is sent there: %(why)s")
                return self._paused(distrusted, error.verify_message)
            case ssl.SSLError():
                plain = _("%(host)s does not encrypt as asked. Check mail.port and mail.security. %(why)s")
                return self._paused(plain, error.strerror)
            case smtplib.SMTPResponseException() if error.smtp_code // 100 == 4:
                return _Ended(Outcome.LATER, _words(error.smtp_code, error.smtp_error))
            case smtplib.SMTPAuthenticationError():
                wrong = _("%(host)s does not accept mail.username with its password. It said: %(why)s")
                return self._paused(wrong, _words(error.smtp_code, error.smtp_error))
            case smtplib.SMTPResponseException():
                away = _("%(host)s turns this program away. Check mail.host and mail.port. It said: %(why)s")
                return self._paused(away, _words(error.smtp_code, error.smtp_error))
            case smtplib.SMTPException():
                return self._paused(_("%(host)s offers no sign-in that this program knows. Check mail.username."))
        unreached = _("%(host)s cannot be reached: %(why)s")
        return _Ended(Outcome.LATER, unreached % {"host": self.host, "why": _why(error)})

    def _paused(self, sentence: str, why: object = "") -> _Ended:
        return _Ended(Outcome.PAUSED, sentence % {"host": self.host, "why": why})


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder into which each mail is written as an `.eml` file, named after its Message-ID; made where there is none.

    Only the folder's owner can read what is there. A mail that is written again takes its own place.
    """

    path: Path

    def deliver(self, message: EmailMessage, *, sender: str, to: str, cleared: Callable[[], bool]) -> Delivery:
        if not cleared():
            return _withdrawn().delivery
        name = re.sub(r"[^\w.+=-]", "", message["Message-ID"], flags=re.ASCII) + ".eml"
        try:
            self._write(name, message.as_bytes())
        except OSError as error:
            unwritable = _("The mail folder %(path)s cannot be written: %(why)s")
            return _Ended(Outcome.PAUSED, unwritable % {"path": self.path, "why": _why(error)}).delivery
        return _Ended(Outcome.SENT, name).delivery

    def _write(self, name: str, content: bytes) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.path, prefix=".", suffix=".part", delete=False) as file:
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                os.replace(file.name, self.path / name)
            except BaseException:
                os.unlink(file.name)
                raise


def _introduce(server: smtplib.SMTP) -> None:
    code, words = server.ehlo()
    if code != 250:
        raise smtplib.SMTPHeloError(code, words)


def _withdrawn() -> _Ended:
    return _Ended(Outcome.WITHDRAWN, _("It was no longer to be sent."))


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _words(code: int, text: bytes | str) -> str:
    """A server's reply as it is shown."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {words}" if code > 0 else words
