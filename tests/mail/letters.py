"""An invitation as the tests of mail send it, and what can be read out of the mail that comes of it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

from mci_tui.mail.letters import Invitation, Letter, letter, message

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LINK = "https://consent.partner.example.net/c/dGhlIHRva2VuIG9mIHRoZXNlIHRlc3RzLCAzMiBieXRlcw"
MESSAGE_ID = "<clm-000001.5f2c9e@partner.example.net>"
SENDER = "Meridiana Cloud <consent@partner.example.net>"
REPLY_TO = "giulia.neri@partner.example.net"
TO = "mario.rossi@corvara.example.com"

INVITATION = Invitation(
    language="en",
    contact_name="Mario Rossi",
    partner="Meridiana Cloud",
    partner_name="Giulia Neri",
    partner_email="giulia.neri@partner.example.net",
    partner_phone="+39 06 5555 0101",
    engagement="Threat Protection Engagement",
    summary="Three days on which attacks reach mail, identities and devices today, and what to close first.",
    company="Corvara Logistica",
    deadline=date(2026, 12, 23),
    zone="Europe/Rome",
)


def invited(*, reminder: bool = False, **changes: Any) -> Letter:
    """The letter of the invitation with `changes`."""
    return letter(replace(INVITATION, **changes), reminder=reminder)


def mail(written: Letter | None = None, **changes: Any) -> EmailMessage:
    """The mail of a letter, or of the invitation's."""
    values: dict[str, Any] = {
        "link": LINK,
        "message_id": MESSAGE_ID,
        "sender": SENDER,
        "reply_to": REPLY_TO,
        "to_name": "Mario Rossi",
        "to_address": TO,
        "at": AT,
    }
    return message(written or invited(), **(values | changes))


def parts(read: EmailMessage) -> tuple[str, str]:
    """The text and the HTML of a mail, decoded."""
    text, html = (read.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


class Page(HTMLParser):
    """What a reader makes of HTML: its elements with their attributes, its text, and in which colours that stands."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.inks: set[tuple[str, str]] = set()
        """Colours of letters, with that of their ground."""
        self._colours = [("#000000", "#ffffff")]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            style = dict(re.findall(r"(?:^|; )(color|background-color): (#\w+)", dict(attrs).get("style") or ""))
            ink, ground = self._colours[-1]
            self._colours.append((style.get("color", ink), style.get("background-color", ground)))

    def handle_endtag(self, tag: str) -> None:
        self._colours.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if data.strip():
            self.inks.add(self._colours[-1])

    @property
    def text(self) -> str:
        """All that is to be read, on one line."""
        return " ".join(" ".join(self.texts).split())

    @property
    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """The elements with the names of their attributes."""
        return [(tag, tuple(attributes)) for tag, attributes in self.elements]

    @property
    def links(self) -> list[str | None]:
        """Where a reader can go from here."""
        return [
            attributes[name] for _tag, attributes in self.elements for name in ("href", "src") if name in attributes
        ]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG counts it, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
