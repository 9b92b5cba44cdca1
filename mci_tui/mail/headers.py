"""Headers of a mail that carry what people wrote: on their way they gain no line, lose no letter and no space.

The standard library's own folding drops spaces between encoded words, and decodes encoded words that somebody typed.
"""

from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import (
    Address,
    BaseHeader,
    HeaderRegistry,
    UniqueSingleAddressHeader,
    UniqueUnstructuredHeader,
)
from email.policy import SMTP, Policy
from typing import cast

from mci_tui.domain.contacts import mail_domain
from mci_tui.text import _, safe_text

_WIDTH = 78
_LONG_WORD = 60


def header_text(value: str) -> str:
    """`value` on one line, with nothing in it that a mail program would decode."""
    return " ".join(safe_text(value).replace("=?", "= ?").split())


def mailbox(written: str, name: str = "") -> Address:
    """The address out of `name@example.com` or `Name <name@example.com>`, its domain as an A-label in lower case.

    `name` takes the place of the name that stands there. Raises `ValueError` where this is no address.
    """
    before, _bracket, address = written.strip().rpartition("<")
    local, at, domain = address.removesuffix(">").rpartition("@")
    shown = header_text(name or before.strip().strip('"'))
    try:
        return Address(shown, addr_spec=f"{local}{at}{mail_domain(domain)}")
    except (HeaderParseError, IndexError, ValueError) as error:
        raise ValueError(_("No mail can go to %(address)s.") % {"address": safe_text(written)}) from error


class _Subject(UniqueUnstructuredHeader):
    name: str

    def fold(self, *, policy: Policy) -> str:
        words = str(self)
        plain = words.isascii() and all(len(word) <= _LONG_WORD for word in words.split())
        return f"{self.name}: {_folded(words, self.name, policy, 'us-ascii' if plain else 'utf-8')}{policy.linesep}"


class _Person(UniqueSingleAddressHeader):
    name: str

    def fold(self, *, policy: Policy) -> str:
        name, end = self.address.display_name, policy.linesep
        line = f"{self.name}: {self.address}"
        if name and not (line.isascii() and len(line) <= _WIDTH):
            line = f"{self.name}: {_folded(name, self.name, policy, 'utf-8')}{end} <{self.address.addr_spec}>"
        return line + end


def _folded(words: str, header: str, policy: Policy, charset: str) -> str:
    return Header(words, charset, maxlinelen=_WIDTH - 2, header_name=header).encode(linesep=policy.linesep)


_REGISTRY = HeaderRegistry()
for _name, _kind in {"subject": _Subject, "from": _Person, "to": _Person, "reply-to": _Person}.items():
    _REGISTRY.map_to_type(_name, cast("type[BaseHeader]", _kind))

POLICY = SMTP.clone(header_factory=_REGISTRY)
"""How a mail to a customer is written for the wire."""
