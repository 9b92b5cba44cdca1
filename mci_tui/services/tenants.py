"""The tenant of a domain: the directory first, then what was asked before, then — where switched on — Entra (S-3c)."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError

from mci_tui.domain.ids import IdType
from mci_tui.services.desk import Desk
from mci_tui.store.engine import Tx
from mci_tui.store.schema import asked_tenants, identifiers

LookUp = Callable[[str], str | None]
"""Gives the tenant ID of a domain, or None where it has none. Blocks; raises `LookUpFailed`."""

FOUND_FOR = timedelta(days=30)
UNKNOWN_FOR = timedelta(days=1)
"""How long an answer is believed."""

_DOCUMENT = "/v2.0/.well-known/openid-configuration"
_MAX_ANSWER = 64 * 1024
_ISSUER = re.compile(r"https://[^/]+/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/", re.IGNORECASE)


_NO_SUCH_TENANT = b"AADSTS90002"
"""How Entra says, with status 400, that a domain has no tenant."""


class LookUpFailed(Exception):
    """No answer came, or none that can be understood."""


def openid(base_url: str, timeout_s: float) -> LookUp:
    """Asks the OpenID discovery document of a domain. Whoever runs the host learns which customer is worked on.

    After `timeout_s` nobody waits any longer, whatever holds the answer up: the name server, the line, the host.
    """

    def look_up(domain: str) -> str | None:
        answers: SimpleQueue[str | LookUpFailed | None] = SimpleQueue()
        asker = Thread(target=lambda: answers.put(_asked(base_url, domain, timeout_s)), daemon=True)
        asker.start()
        try:
            answer = answers.get(timeout=timeout_s)
        except Empty:
            raise LookUpFailed("too slow") from None
        if isinstance(answer, LookUpFailed):
            raise answer
        return answer

    return look_up


def _asked(base_url: str, domain: str, timeout_s: float) -> str | LookUpFailed | None:
    from urllib.parse import quote

    try:
        return _ask(f"{base_url.rstrip('/')}/{quote(domain, safe='.-_')}{_DOCUMENT}", timeout_s)
    except Exception as error:  # whatever a stranger's host answers, it is no answer
        return LookUpFailed(type(error).__name__)


def _ask(url: str, timeout_s: float) -> str | None:
    from urllib.error import HTTPError
    from urllib.request import urlopen

    try:
        with urlopen(url, timeout=timeout_s) as answer:  # noqa: S310 - the scheme is the setting's
            return _tenant(json.loads(answer.read(_MAX_ANSWER)))
    except HTTPError as error:
        with error:
            if error.code == HTTPStatus.BAD_REQUEST and _NO_SUCH_TENANT in error.read(_MAX_ANSWER):
                return None
            raise


def _tenant(document: Any) -> str | None:
    """The GUID in the issuer; a placeholder there (`common`) is nobody's tenant."""
    if not isinstance(document, dict) or not isinstance(document.get("issuer"), str):
        raise LookUpFailed("issuer")
    found = _ISSUER.match(document["issuer"])
    return found[1].lower() if found else None


def tenant_of(tx: Tx, domain: str) -> str | None:
    """The tenant of a domain, as far as the workspace knows it."""
    asked = {"domain": domain}
    return tx.scalar(_LISTED, asked) or tx.scalar(_ASKED, asked)


_LISTED = select(identifiers.c.tenant).where(
    identifiers.c.id_type == IdType.DOMAIN, identifiers.c.value == bindparam("domain")
)
_ASKED = select(asked_tenants.c.tenant, asked_tenants.c.asked_at).where(asked_tenants.c.domain == bindparam("domain"))


def learn_tenant(desk: Desk, domain: str) -> None:
    """Asks for the tenant of a domain that the workspace does not know, and keeps the answer; a failure is no answer.

    Outside every transaction, as it waits for the network. Raises `NotAllowed` before anybody is asked.
    """
    if desk.look_up is None or desk.store.read_only or _answered(desk, domain):
        return
    try:
        tenant = desk.look_up(domain)
    except LookUpFailed:
        return
    try:
        with desk.store.write() as tx:
            tx.execute(delete(asked_tenants).where(asked_tenants.c.domain == domain))
            tx.execute(insert(asked_tenants).values(domain=domain, tenant=tenant, asked_at=desk.clock()))
    except IntegrityError:
        return  # somebody else kept the same answer meanwhile


def _answered(desk: Desk, domain: str) -> bool:
    """Whether the directory knows the domain's tenant, or an earlier answer still holds."""
    with desk.reading() as scene:
        asked = {"domain": domain}
        if scene.tx.scalar(_LISTED, asked) is not None:
            return True
        kept = scene.tx.execute(_ASKED, asked).one_or_none()
    if kept is None:
        return False
    good_for = FOUND_FOR if kept.tenant else UNKNOWN_FOR
    return bool(kept.asked_at + good_for > desk.clock())
