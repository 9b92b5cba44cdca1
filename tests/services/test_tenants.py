"""The tenant of a domain: the directory, then what was asked before, then — where switched on — a host on the line."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from mci_tui.domain.claims import Event
from mci_tui.domain.ids import IdType
from mci_tui.domain.requesting import CustomerRequest
from mci_tui.errors import NotAllowed, Refused
from mci_tui.services import Services, services_at
from mci_tui.services.desk import Desk
from mci_tui.services.tenants import FOUND_FOR, UNKNOWN_FOR, LookUp, LookUpFailed, openid
from mci_tui.store.engine import Store, open_store
from mci_tui.store.schema import asked_tenants, identifiers
from tests.conftest import LOGIN, MovingClock
from tests.factories import HERE, Books, guid
from tests.openid_host import UNKNOWN, Answer, Host, found, listening
from tests.services.test_adding import ADDITION, by, told
from tests.store.derivation import derived, kept

DOMAIN = "corvara.example"
PATIENT, HASTY = 30.0, 0.05
"""Seconds that a look-up may take: more than any answer needs, and less than one that never comes."""

FAILURES: dict[str, Answer] = {
    "no JSON": (200, b"<html>welcome</html>"),
    "no object": (200, b"[]"),
    "no issuer": (200, b"{}"),
    "an issuer of another kind": (200, b'{"issuer": 7}'),
    "no text": (200, b"\xff\xfe\x00"),
    "too deep": (200, b"[" * 60_000),
    "too big": (200, found()[1][:-1] + b', "more": "' + b"x" * 200_000 + b'"}'),
    "another refusal": (400, b'{"error": "invalid_request"}'),
    "not there": (404, b"nothing here"),
    "broken": (500, b"oops"),
    "overloaded": (503, b""),
}


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with listening() as found:
        yield found


@pytest.fixture
def asking(store: Store, clock: MovingClock, host: Host) -> Services:
    """The services of an operator who has switched the look-up on."""
    return services_at(Desk(store, clock, LOGIN, openid(host.url, PATIENT)))


@pytest.fixture
def books(store: Store, clock: MovingClock) -> Books:
    made = Books(store, clock)
    made.location(HERE)
    made.engagement()
    return made


def remembered(store: Store) -> dict[str, str | None]:
    with store.read() as tx:
        return {row.domain: row.tenant for row in tx.execute(select(asked_tenants))}


# The line


def test_the_tenant_is_the_guid_of_the_issuer(host: Host) -> None:
    """S-3c"""
    host.answer = found(guid(0xABC).upper())
    assert openid(f"{host.url}/", PATIENT)(DOMAIN) == guid(0xABC)
    assert host.asked == [f"/{DOMAIN}/v2.0/.well-known/openid-configuration"]


def test_a_domain_that_the_host_does_not_know_has_no_tenant(host: Host) -> None:
    """S-3c"""
    host.answer = UNKNOWN
    assert openid(host.url, PATIENT)(DOMAIN) is None


def test_a_placeholder_is_nobodys_tenant(host: Host) -> None:
    """S-3c: what `common` and its like answer"""
    host.answer = found("{tenantid}")
    assert openid(host.url, PATIENT)("common") is None


@pytest.mark.parametrize("answer", FAILURES)
def test_an_answer_that_is_none_is_a_failure(host: Host, answer: str) -> None:
    """S-3c"""
    host.answer = FAILURES[answer]
    with pytest.raises(LookUpFailed):
        openid(host.url, PATIENT)(DOMAIN)


def test_nobody_waits_longer_than_allowed(host: Host) -> None:
    """S-3c"""
    host.hold()
    with pytest.raises(LookUpFailed):
        openid(host.url, HASTY)(DOMAIN)


@pytest.mark.parametrize("base", ["http://127.0.0.1:9", "nowhere", "http://"])
def test_a_host_that_is_not_there_is_a_failure(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """S-3c"""
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(LookUpFailed):
        openid(base, PATIENT)(DOMAIN)


# What is asked, and what is kept


def test_without_the_setting_nobody_is_asked(services: Services, books: Books, store: Store) -> None:
    """S-3c"""
    assert services.desk.look_up is None
    assert told(services.adding.check(by("domain", DOMAIN))) == ["id_not_resolved"]
    assert remembered(store) == {}


def test_the_tenant_found_is_checked_and_asked_for_once(
    asking: Services, books: Books, host: Host, store: Store
) -> None:
    """S-3c"""
    customer = books.customer("Corvara")
    books.identifier(customer, value=guid(1), seats=300)
    for _ in range(2):
        checked = asking.adding.check(by("domain", f"https://www.{DOMAIN.upper()}/"))
        assert (checked.tenant, checked.customer_name, told(checked)) == (guid(1), "Corvara", [])
    assert len(host.asked) == 1
    assert remembered(store) == {DOMAIN: guid(1)}


def test_the_directory_comes_first(asking: Services, books: Books, host: Host, store: Store) -> None:
    """S-3c"""
    books.identifier(books.customer("Corvara"), "domain", DOMAIN, tenant=guid(7))
    assert asking.adding.check(by("domain", DOMAIN)).tenant == guid(7)
    assert (host.asked, remembered(store)) == ([], {})


def test_what_is_unknown_is_asked_again_sooner_than_what_is_found(
    asking: Services, books: Books, host: Host, clock: MovingClock
) -> None:
    """S-3c"""
    host.answer = UNKNOWN
    moments = (timedelta(), UNKNOWN_FOR - timedelta(seconds=1), timedelta(seconds=1))
    seen = []
    for wait in moments:
        clock.now += wait
        assert told(asking.adding.check(by("domain", DOMAIN))) == ["id_not_resolved"]
        seen.append(len(host.asked))
    host.answer = found()
    for wait in (UNKNOWN_FOR, FOUND_FOR - timedelta(seconds=1), timedelta(seconds=1)):
        clock.now += wait
        assert asking.adding.check(by("domain", DOMAIN)).tenant == guid(1)
        seen.append(len(host.asked))
    assert seen == [1, 1, 2, 3, 3, 4]


def test_a_failure_is_not_kept_and_is_asked_again(asking: Services, books: Books, host: Host, store: Store) -> None:
    """S-3c"""
    host.answer = FAILURES["broken"]
    assert told(asking.adding.check(by("domain", DOMAIN))) == ["id_not_resolved"]
    assert remembered(store) == {}
    host.answer = found()
    assert asking.adding.check(by("domain", DOMAIN)).tenant == guid(1)
    assert len(host.asked) == 2


def test_of_a_tenant_id_nothing_is_told_but_the_mail_domain_that_it_is_compared_with(
    asking: Services, books: Books, host: Host
) -> None:
    """S-3e"""
    books.identifier(books.customer("Corvara"), value=guid(1))
    tenant = by("tenant", guid(1), contact_email="")
    asking.adding.check(tenant)
    asking.adding.check_id(IdType.TENANT, guid(1))
    for id_type, value in (("tpid", "12345"), ("subscription", guid(9))):
        asking.adding.review(by(id_type, value))
    assert host.asked == []
    asking.adding.review(replace(tenant, contact_email=f"anna@{DOMAIN}"))
    assert len(host.asked) == 1
    host.answer = found(guid(2))
    with pytest.raises(Refused) as refusal:
        asking.adding.review(replace(tenant, contact_email="anna@elsewhere.example"))
    assert refusal.value.problems["reason"].code == "mismatch_reason"


def test_a_request_asks_only_where_the_customer_is_nominated_by_a_tenant_id(
    asking: Services, books: Books, host: Host
) -> None:
    """S-3e S-4b"""
    books.engagement(code="tpids", id_types=["tpid"])
    books.variable(code="projects")
    past = books.engagement(code="past")
    customer = books.known("Corvara", past, number=1)
    books.claim(past, customer, books.identifier(customer, "tpid", "12345"), events=(Event.SEND, Event.ACCEPT))
    books.identifier(customer, "msx", "7-ABC123", open=True, acv=60_000, country="IT")
    request = CustomerRequest(
        customer="C-000001",
        name="Autumn wave",
        location=HERE,
        contact_name="Anna Bianchi",
        contact_email=f"anna@{DOMAIN}",
        partner_name="Marco Rossi",
        partner_email="m.rossi@partner.example",
    )
    asking.requesting.review(replace(request, engagement=("tpids",)))
    asking.requesting.review(replace(request, engagement=("projects",), id="7-ABC123", hours="16"))
    assert host.asked == []
    books.engagement(code="tenants", id_types=["tenant"])
    assert asking.requesting.review(replace(request, engagement=("tenants",)))
    assert len(host.asked) == 1


def test_for_whoever_may_not_look_nobody_is_asked(store: Store, clock: MovingClock, books: Books, host: Host) -> None:
    """S-1a"""
    stranger = services_at(Desk(store, clock, "stranger", openid(host.url, PATIENT)))
    with pytest.raises(NotAllowed):
        stranger.adding.check(by("domain", DOMAIN))
    assert host.asked == []


def test_in_read_only_mode_nobody_is_asked(
    place: str, store: Store, clock: MovingClock, books: Books, host: Host
) -> None:
    """S-3c: what is found could not be kept"""
    reader = open_store(place, read_only=True)
    services = services_at(Desk(reader, clock, LOGIN, openid(host.url, PATIENT)))
    assert told(services.adding.check(by("domain", DOMAIN))) == ["id_not_resolved"]
    reader.close()
    assert host.asked == []


def test_two_who_ask_at_once_both_have_the_answer(store: Store, place: str, clock: MovingClock, books: Books) -> None:
    """S-3c"""
    both = threading.Barrier(2)

    def look_up(_domain: str) -> str:
        both.wait(PATIENT)
        return guid(1)

    seen: list[str | None] = []

    def check(services: Services) -> None:
        seen.append(services.adding.check(by("domain", DOMAIN)).tenant)

    other = open_store(place)
    ways = [threading.Thread(target=check, args=(_with(each, clock, look_up),)) for each in (store, other)]
    for way in ways:
        way.start()
    for way in ways:
        way.join()
    other.close()
    assert seen == [guid(1), guid(1)]


def _with(store: Store, clock: MovingClock, look_up: LookUp) -> Services:
    return services_at(Desk(store, clock, LOGIN, look_up))


# A claim by such a domain


@pytest.mark.parametrize("listed", [False, True])
def test_a_customer_added_by_a_domain_whose_tenant_was_asked_for_is_requested_by_it_later(
    asking: Services, services: Services, books: Books, store: Store, listed: bool
) -> None:
    """S-4b S-2g: the tenant stays with the domain, look-up or not"""
    offer = books.engagement(code="past")
    books.engagement(code="by-tenant", id_types=["tenant"])
    if listed:
        books.identifier(books.customer("Corvara"), "domain", DOMAIN)
    asking.adding.add(by("domain", DOMAIN, engagement=("past",)))
    with store.read() as tx:
        used = tx.execute(select(identifiers).where(identifiers.c.value == DOMAIN)).one()
        assert used.tenant == guid(1)
        assert kept(tx) == derived(tx)
    assert told(services.adding.check(by("tenant", guid(1))), "past") == ["open_claim"]
    books.claim(offer, 1, used.id, events=(Event.SEND, Event.ACCEPT))
    request = CustomerRequest(customer="C-000001", **{name: getattr(ADDITION, name) for name in _SHARED})
    (claim,) = services.requesting.request(request)
    assert (claim.id_type, claim.id_value, claim.tenant_id) == ("domain", DOMAIN, guid(1))


_SHARED = ("name", "location", "engagement", "contact_name", "contact_email", "partner_name", "partner_email")
