"""How often somebody may call, and who is believed about who called."""

import httpx
import pytest

from mci_tui.errors import Refused
from mci_tui.portal.limits import Buckets, Proxies, Rates, household, origin_of
from mci_tui.words import say
from tests.conftest import MovingClock
from tests.portal.kit import ACCEPT, Partner, browsing


def test_a_bucket_lets_in_so_many_and_as_many_again_in_a_minute(clock: MovingClock) -> None:
    buckets = Buckets(30, clock)
    assert [buckets.take("a") for _each in range(31)] == [0] * 30 + [2]
    assert buckets.take("b") == 0
    clock.passes(seconds=2)
    assert [buckets.take("a") for _each in range(2)] == [0, 2]
    clock.passes(minutes=5)
    assert [buckets.take("a") for _each in range(31)] == [0] * 30 + [2]


def test_a_clock_put_back_lets_nobody_wait_longer(clock: MovingClock) -> None:
    buckets = Buckets(1, clock)
    buckets.take("a")
    clock.passes(days=-1)
    assert buckets.take("a") == 60
    clock.passes(minutes=1)
    assert buckets.take("a") == 0


def test_the_buckets_do_not_grow_with_the_number_of_callers(clock: MovingClock) -> None:
    buckets = Buckets(1, clock, room=100)
    for caller in range(10_000):
        buckets.take(str(caller))
    assert len(buckets) == 100
    assert buckets.take("9999") > 0


async def test_whoever_tries_links_is_slowed_down_and_the_customer_is_not(partner: Partner, clock: MovingClock) -> None:
    """Behind one address there may be both."""
    token = partner.asks()
    async with browsing(partner.portal(rates=Rates(strangers=5))) as visitor:
        guesses = [await visitor.get(f"/c/guess{each}") for each in range(5)]
        assert {guess.status_code for guess in guesses} == {404}
        refused = await visitor.get("/c/guess")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "12")
        assert (await visitor.post("/c/guess", data=ACCEPT)).status_code == 429
        assert (await visitor.get("/healthz")).status_code == 200
        for _scanner in range(20):
            assert (await visitor.get(f"/c/{token}")).status_code == 200
        assert (await visitor.post(f"/c/{token}", data=ACCEPT)).status_code == 303
        clock.passes(seconds=12)
        assert (await visitor.get("/c/guess")).status_code == 404


async def test_one_link_is_answered_only_so_often(partner: Partner, clock: MovingClock) -> None:
    token, other = partner.asks(), partner.asks()
    async with browsing(partner.portal(rates=Rates(link=3))) as visitor:
        wrong = ACCEPT | {"name": ""}
        assert [(await visitor.post(f"/c/{token}", data=wrong)).status_code for _each in range(4)] == [422] * 3 + [429]
        assert (await visitor.get(f"/c/{token}")).status_code == 200
        assert (await visitor.post(f"/c/{other}", data=ACCEPT)).status_code == 303
        clock.passes(seconds=20)
        assert (await visitor.post(f"/c/{token}", data=ACCEPT)).status_code == 303


async def test_strangers_do_not_use_up_what_all_customers_share(partner: Partner) -> None:
    token, other = partner.asks(), partner.asks()
    async with browsing(partner.portal(rates=Rates(answers=1))) as visitor:
        for each in range(10):
            assert (await visitor.post(f"/c/guess{each}", data=ACCEPT)).status_code == 404
        assert (await visitor.post(f"/c/{token}", data=ACCEPT)).status_code == 303
        assert (await visitor.post(f"/c/{other}", data=ACCEPT)).status_code == 429


PROXY = ("10.0.0.0/8", "::1")


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("::1", ["2001:DB8::1"], "2001:db8::1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["unknown"], "10.0.0.1"),
        ("10.0.0.1", ["1.1.1.1, <script>"], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("", ["198.51.100.1"], ""),
        ("a socket", ["198.51.100.1"], ""),
    ],
)
def test_the_caller_is_the_nearest_hop_that_is_no_proxy_of_ours(peer: str, forwarded: list[str], caller: str) -> None:
    assert Proxies(PROXY).caller(peer, forwarded) == caller


@pytest.mark.parametrize("wrong", ["proxy.example", "", "10.0.0.0/64"])
def test_a_proxy_that_is_no_address_is_refused_in_words(partner: Partner, wrong: str) -> None:
    with pytest.raises(Refused) as refused:
        partner.portal(proxies=("10.0.0.0/8", wrong))
    assert f"portal.trusted_proxies cannot be {wrong}" in say(refused.value.why)


@pytest.mark.parametrize(("proxies", "address"), [((), "203.0.113.7"), (("203.0.113.0/24",), "198.51.100.1")])
async def test_a_made_up_address_gets_into_the_evidence_only_by_a_proxy_of_ours(
    partner: Partner, proxies: tuple[str, ...], address: str
) -> None:
    async with browsing(partner.portal(proxies=proxies), **{"X-Forwarded-For": "6.6.6.6, 198.51.100.1"}) as visitor:
        await visitor.post(f"/c/{partner.asks()}", data=ACCEPT)
    assert [kept.address for kept in partner.evidence()] == [address]


async def test_a_made_up_address_does_not_make_a_new_caller(partner: Partner) -> None:
    async with browsing(partner.portal(rates=Rates(strangers=2))) as visitor:
        statuses = [
            (await visitor.get("/c/guess", headers={"X-Forwarded-For": f"198.51.100.{each}"})).status_code
            for each in range(4)
        ]
    assert statuses == [404, 404, 429, 429]


def test_all_ipv6_addresses_of_one_connection_are_one_caller() -> None:
    assert household("2001:db8:1:2:aaaa::1") == household("2001:db8:1:2:bbbb::9") == "2001:db8:1:2::/64"
    assert household("2001:db8:1:3::1") != household("2001:db8:1:2::1")
    assert household("fe80::1%eth0") == "fe80::/64"
    assert household("198.51.100.1") == "198.51.100.1"
    assert household("") == ""


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Consent.Partner.example/a/b", "https://consent.partner.example"),
        ("https://consent.partner.example:443", "https://consent.partner.example"),
        ("https://consent.partner.example:8443", "https://consent.partner.example:8443"),
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
        ("http://[::1]:80/", "http://[::1]"),
    ],
)
def test_an_origin_is_written_as_browsers_do(url: str, origin: str) -> None:
    assert origin_of(url) == origin


async def test_the_portal_serves_whoever_has_no_address(partner: Partner) -> None:
    transport = httpx.ASGITransport(partner.portal(), client=("", 0))
    async with httpx.AsyncClient(transport=transport, base_url="http://portal") as visitor:
        assert (await visitor.get(f"/c/{partner.asks()}")).status_code == 200
