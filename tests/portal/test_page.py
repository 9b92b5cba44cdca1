"""The customer's page: what is asked, how it is answered, and what stands there afterwards."""

from datetime import datetime, timedelta

import httpx
import pytest

from mci_tui.portal.limits import MAX_BODY
from mci_tui.services.answers import LIMITS
from tests.conftest import MovingClock
from tests.portal.kit import ACCEPT, DECLINE, Partner, browsing
from tests.portal.reading import Page


async def test_the_page_says_who_asks_what_and_until_when(partner: Partner, visitor: httpx.AsyncClient) -> None:
    """S-5g"""
    token = partner.asks(engagement="Threat Protection", summary="Three days with you.", partner_phone="+39 02 1234567")
    answer = await visitor.get(f"/c/{token}")
    assert answer.status_code == 200
    page = Page(answer.text)
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("h1").text == "Meridiana Cloud asks for your consent"
    for said in ("Threat Protection", "Three days with you.", "Corvara Distribuzione", "Marco Rossi"):
        assert said in page.text
    assert "23 Dec 2026, end of the day (Europe/Rome)" in page.text
    assert {"mailto:m.rossi@partner.example", "tel:+39021234567"} == {
        link.attributes["href"] for link in page.every("a")
    }
    assert "run by Meridiana Cloud with mci-tui. It is independent of Microsoft." in page.text


async def test_the_form_asks_for_a_name_and_offers_two_buttons(partner: Partner, visitor: httpx.AsyncClient) -> None:
    """S-5g"""
    page = Page((await visitor.get(f"/c/{partner.asks()}")).text)
    assert page.one("form").attributes == {"method": "post"}
    assert page.one("input", name="name").attributes.items() >= {"required": "", "autocomplete": "name"}.items()
    assert "required" not in page.one("input", name="role").attributes
    assert "required" not in page.one("textarea", name="reason").attributes
    seen = [button for button in page.every("button", name="decision") if "aria-hidden" not in button.attributes]
    assert [(each.attributes["value"], each.text) for each in seen] == [("accept", "Accept"), ("decline", "Decline")]
    for field, limit in LIMITS.items():
        (found,) = (each for each in page.elements if each.attributes.get("id") == field)
        assert found.attributes["maxlength"] == str(limit)
        assert list(page.every("label", **{"for": field}))


async def test_the_page_speaks_the_contacts_language(partner: Partner, visitor: httpx.AsyncClient) -> None:
    """S-5g"""
    token = partner.asks(contact_language="it")
    page = Page((await visitor.get(f"/c/{token}", headers={"Accept-Language": "en"})).text)
    assert page.one("html").attributes["lang"] == "it"
    assert "23 dic 2026" in page.text


async def test_accepting_leads_back_to_the_page_which_then_confirms(
    partner: Partner, visitor: httpx.AsyncClient
) -> None:
    """S-5f, S-5g"""
    token = partner.asks()
    answer = await visitor.post(f"/c/{token}", data=ACCEPT)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/c/{token}")
    page = Page((await visitor.get(answer.headers["location"])).text)
    assert page.one("h1").text.endswith("Consent is given")
    assert "Anna Bianchi accepted on 23 Nov 2026." in page.text
    assert "write to Marco Rossi" in page.text
    assert not list(page.every("form"))
    assert partner.status(token) == "consent_received"


async def test_an_answer_is_kept_with_what_proves_it(partner: Partner) -> None:
    """S-5g"""
    token = partner.asks()
    async with browsing(partner.portal(), **{"User-Agent": "Browser/1 " + "x" * 900}) as visitor:
        await visitor.post(f"/c/{token}", data=DECLINE)
    (kept,) = partner.evidence()
    assert (kept.decision, kept.name, kept.role, kept.reason) == ("declined", "Anna Bianchi", "CIO", "Not this year.")
    assert (kept.address, kept.language, kept.text_version) == ("203.0.113.7", "en", "1")
    assert kept.agent.startswith("Browser/1 ")
    assert len(kept.agent) == 300
    assert partner.status(token) == "consent_declined"


async def test_the_same_answer_again_shows_the_same_page(partner: Partner, visitor: httpx.AsyncClient) -> None:
    """S-5g"""
    token = partner.asks()
    pages = []
    for _again in range(3):
        answer = await visitor.post(f"/c/{token}", data=ACCEPT | {"name": f"Anna {_again}"})
        assert answer.status_code == 303
        pages.append((await visitor.get(f"/c/{token}")).text)
    assert len(set(pages)) == 1
    assert [kept.name for kept in partner.evidence()] == ["Anna 0"]


async def test_the_other_answer_is_politely_refused(partner: Partner, visitor: httpx.AsyncClient) -> None:
    """S-5g"""
    token = partner.asks()
    await visitor.post(f"/c/{token}", data=ACCEPT)
    before = partner.contents()
    answer = await visitor.post(f"/c/{token}", data=DECLINE)
    assert answer.status_code == 409
    page = Page(answer.text)
    assert "nothing was changed" in page.one("p", role="alert").text
    assert "Anna Bianchi accepted on 23 Nov 2026." in page.text
    assert partner.contents() == before


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u202e"])
async def test_without_a_name_the_form_comes_back_and_nothing_is_lost(
    partner: Partner, visitor: httpx.AsyncClient, name: str
) -> None:
    token = partner.asks()
    typed = DECLINE | {"name": name, "reason": "First line\r\nsecond line"}
    answer = await visitor.post(f"/c/{token}", data=typed)
    assert answer.status_code == 422
    page = Page(answer.text)
    field = page.one("input", name="name").attributes
    assert {"aria-invalid", "autofocus"} <= field.keys()
    assert page.one("p", id=field["aria-describedby"], role="alert").text == "This cannot be empty."
    assert page.one("input", name="role").attributes["value"] == "CIO"
    assert page.one("textarea", name="reason").text.strip("\n") == "First line\nsecond line"
    assert partner.status(token) == "awaiting_consent"


async def test_every_field_says_what_is_wrong_and_the_first_has_the_focus(
    partner: Partner, visitor: httpx.AsyncClient
) -> None:
    typed = {"name": "Anna", "role": "r" * 81, "reason": "x" * (LIMITS["reason"] + 1), "decision": "accept"}
    answer = await visitor.post(f"/c/{partner.asks()}", data=typed)
    page = Page(answer.text)
    assert answer.status_code == 422
    assert page.one("p", id="role-problem").text == "At most 80 characters; this has 81."
    assert page.one("textarea", name="reason").attributes["aria-describedby"] == "reason-hint reason-problem"
    assert [each.attributes.get("name") for each in page.elements if "autofocus" in each.attributes] == ["role"]
    assert not list(page.every("p", id="name-problem"))


@pytest.mark.parametrize("decision", ["", "yes", "ACCEPT"])
async def test_enter_in_a_field_decides_nothing(partner: Partner, visitor: httpx.AsyncClient, decision: str) -> None:
    """A form's first button is pressed by Enter: here it is one that decides nothing."""
    token = partner.asks()
    page = Page((await visitor.get(f"/c/{token}")).text)
    assert next(page.every("button")).attributes["value"] == ""
    answer = await visitor.post(f"/c/{token}", data=ACCEPT | {"decision": decision})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "press Accept or Decline" in page.one("p", role="alert").text
    assert page.one("input", name="name").attributes["value"] == "Anna Bianchi"
    assert partner.status(token) == "awaiting_consent"


async def test_a_form_left_open_shows_what_was_answered_meanwhile(partner: Partner, visitor: httpx.AsyncClient) -> None:
    token = partner.asks()
    await visitor.post(f"/c/{token}", data=ACCEPT)
    answer = await visitor.post(f"/c/{token}", data=ACCEPT | {"decision": "", "name": ""})
    assert answer.status_code == 303


async def test_the_longest_answer_with_accents_gets_through(partner: Partner, visitor: httpx.AsyncClient) -> None:
    longest = {field: "è" * limit for field, limit in LIMITS.items()} | {"decision": "decline"}
    assert len(str(httpx.QueryParams(longest))) < MAX_BODY
    assert (await visitor.post(f"/c/{partner.asks()}", data=longest)).status_code == 303


async def test_links_that_hold_no_more_all_lead_to_the_same_page(
    partner: Partner, visitor: httpx.AsyncClient, clock: MovingClock
) -> None:
    """S-5e, S-5f"""
    void, cancelled, lapsed = partner.asks(), partner.asks(), partner.asks()
    partner.voids(void)
    partner.cancels(cancelled)
    pages = set()
    for token in (void, cancelled, "A" * 43, "x", "..", "%00", "%2e%2e", "%ff%fe", "a" * 5000):
        for answer in (await visitor.get(f"/c/{token}"), await visitor.post(f"/c/{token}", data=ACCEPT)):
            assert answer.status_code == 404
            pages.add(answer.text)
    clock.passes(days=31)
    assert (await visitor.get(f"/c/{lapsed}")).text in pages
    assert len(pages) == 1
    assert "ask the person who wrote to you to send you a new one" in pages.pop()
    assert partner.evidence() == []


async def test_an_answered_link_goes_on_showing_the_answer(
    partner: Partner, visitor: httpx.AsyncClient, clock: MovingClock
) -> None:
    token = partner.asks()
    await visitor.post(f"/c/{token}", data=ACCEPT)
    clock.passes(days=20)
    assert "accepted on 23 Nov 2026" in (await visitor.get(f"/c/{token}")).text


@pytest.mark.parametrize(("late", "status"), [(-1, 303), (0, 404), (1, 404)])
async def test_the_last_second_of_the_deadline_counts(
    partner: Partner, visitor: httpx.AsyncClient, clock: MovingClock, late: int, status: int
) -> None:
    """S-5a, S-10"""
    token = partner.asks()
    clock.now = datetime.fromisoformat("2026-12-23T23:00:00+00:00") + timedelta(seconds=late)
    assert (await visitor.post(f"/c/{token}", data=ACCEPT)).status_code == status


async def test_a_thousand_link_scanners_change_nothing(partner: Partner, visitor: httpx.AsyncClient) -> None:
    """S-5g"""
    token = partner.asks()
    before = partner.contents()
    for _scanner in range(500):
        assert (await visitor.get(f"/c/{token}?utm=mail")).status_code == 200
        assert (await visitor.head(f"/c/{token}")).status_code == 200
    assert partner.contents() == before
    assert (await visitor.post(f"/c/{token}", data=ACCEPT)).status_code == 303
    assert partner.contents() != before


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("it-IT,it;q=0.9,en;q=0.8", "it"),
        ("en-GB,en;q=0.9,it;q=0.8", "en"),
        ("de-DE,de;q=0.9,it;q=0.4,en;q=0.3", "it"),
        ("de", "en"),
        ("", "en"),
        ("it;q=x, ;;q=,,*", "en"),
    ],
)
async def test_errors_speak_the_browsers_language(visitor: httpx.AsyncClient, accepted: str, language: str) -> None:
    answer = await visitor.get("/c/nothing", headers={"Accept-Language": accepted})
    assert Page(answer.text).one("html").attributes["lang"] == language


async def test_the_portal_can_live_below_a_path(partner: Partner) -> None:
    token = partner.asks()
    async with browsing(partner.portal("https://partner.example/consent")) as visitor:
        page = Page((await visitor.get(f"/c/{token}")).text)
        assert page.one("link").attributes["href"] == "/consent/style.css"
        answer = await visitor.post(f"/c/{token}", data=ACCEPT, headers={"Origin": "https://partner.example"})
    assert answer.headers["location"] == f"/consent/c/{token}"
