"""A customer with a real browser: reads, answers, comes too late, on a phone, without JavaScript, without a mouse."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.chromium import PATH, chromium
from tests.conftest import MovingClock
from tests.portal.conftest import empty_workspace, partner
from tests.portal.kit import Partner, on_the_network

__all__ = ["empty_workspace", "partner"]

pytestmark = pytest.mark.xdist_group("browser")

PHONE: ViewportSize = {"width": 390, "height": 844}
SMALL_PHONE: ViewportSize = {"width": 320, "height": 568}
DESK: ViewportSize = {"width": 1280, "height": 800}

Opens = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if PATH is None:
        if os.environ.get("MCI_REQUIRE_CHROMIUM") == "1":
            pytest.fail("MCI_REQUIRE_CHROMIUM=1, and there is no Chromium on this machine")
        pytest.skip("no Chromium on this machine: the customer's page is not tested in a browser")
    with chromium() as found:
        yield found


@pytest.fixture
def opens(browser: Browser, partner: Partner) -> Iterator[Opens]:
    """Opens a path of the partner's portal in a browser of the customer's own."""
    with ExitStack() as at_the_end:
        base = "http://{}:{}".format(*at_the_end.enter_context(on_the_network(partner.portal("http://127.0.0.1"))))

        def open_path(path: str, **options: Any) -> Page:
            context = browser.new_context(base_url=base, **{"viewport": DESK} | options)
            at_the_end.callback(context.close)
            context.set_default_timeout(15_000)
            page = context.new_page()
            page.goto(path)
            return page

        yield open_path


def problems(page: Page) -> list[str]:
    """What a check for people with disabilities finds."""
    violations = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in violations for node in each["nodes"]]


def test_a_customer_reads_and_accepts(partner: Partner, opens: Opens) -> None:
    """S-5g"""
    token = partner.asks(engagement="Threat Protection")
    page = opens(f"/c/{token}")
    assert page.get_by_text("Threat Protection", exact=True).is_visible()
    page.get_by_label("Your name").fill("Anna Bianchi")
    page.get_by_label("Your role").fill("CIO")
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("heading", name="Consent is given").wait_for()
    assert page.url.endswith(f"/c/{token}")
    page.reload()
    assert page.get_by_text("Anna Bianchi accepted on 23 Nov 2026.").is_visible()
    (kept,) = partner.evidence()
    assert (kept.decision, kept.name, kept.role) == ("accepted", "Anna Bianchi", "CIO")
    assert "Chrom" in kept.agent


def test_a_customer_declines_and_says_why(partner: Partner, opens: Opens) -> None:
    """S-5g"""
    page = opens(f"/c/{partner.asks(contact_language='it')}", locale="it-IT")
    page.locator("#name").fill("Zoë Ångström")
    page.locator("#reason").fill("Non quest'anno.\nGrazie comunque.")
    page.locator("button[value=decline]").click()
    page.get_by_text("23 nov 2026").wait_for()
    (kept,) = partner.evidence()
    assert (kept.decision, kept.name) == ("declined", "Zoë Ångström")
    assert kept.reason.split() == ["Non", "quest'anno.", "Grazie", "comunque."]


def test_a_link_whose_time_is_over_says_what_to_do(partner: Partner, opens: Opens, clock: MovingClock) -> None:
    """S-5f"""
    token = partner.asks()
    open_before = opens(f"/c/{token}")
    clock.passes(days=31)
    assert opens(f"/c/{token}").get_by_text("ask the person who wrote to you").is_visible()
    open_before.get_by_label("Your name").fill("Anna Bianchi")
    open_before.get_by_role("button", name="Accept").click()
    open_before.get_by_role("heading", name="This link is not valid").wait_for()
    assert partner.evidence() == []


@pytest.mark.parametrize("size", [PHONE, SMALL_PHONE], ids=["phone", "small phone"])
def test_on_a_phone_nothing_is_cut_off_and_buttons_fit_a_thumb(
    partner: Partner, opens: Opens, size: ViewportSize
) -> None:
    long = "Donaudampfschifffahrtsgesellschaft" * 3
    token = partner.asks(company=long, partner_name=long[:80])
    page = opens(f"/c/{token}", viewport=size, is_mobile=True, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    for name in ("Accept", "Decline"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] > size["width"] * 0.8
    page.get_by_label("Your name").fill("Anna Bianchi")
    page.get_by_role("button", name="Accept").tap()
    page.get_by_role("heading", name="Consent is given").wait_for()
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_without_javascript_all_of_it_works(partner: Partner, opens: Opens) -> None:
    """S-5g"""
    token = partner.asks()
    page = opens(f"/c/{token}", java_script_enabled=False)
    page.get_by_label("Your name").fill("   ")
    page.get_by_role("button", name="Decline").click()
    assert page.get_by_role("alert").inner_text() == "This cannot be empty."
    page.get_by_label("Your name").fill("Anna Bianchi")
    page.get_by_role("button", name="Decline").click()
    page.get_by_role("heading", name="Consent is declined").wait_for()
    assert partner.status(token) == "consent_declined"


def focused(page: Page) -> str:
    """What has the focus: its id, or what it says."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.innerText"))


def test_the_keyboard_is_enough_and_enter_in_a_field_decides_nothing(partner: Partner, opens: Opens) -> None:
    token = partner.asks(partner_phone="+39 02 1234567")
    page = opens(f"/c/{token}")
    order = ["m.rossi@partner.example", "+39 02 1234567", "name", "role", "reason", "Accept", "Decline"]
    found = []
    for _stop in order:
        page.keyboard.press("Tab")
        found.append(focused(page))
    assert found == order
    for _back in range(4):
        page.keyboard.press("Shift+Tab")
    page.keyboard.type("Anna Bianchi")
    page.keyboard.press("Enter")
    page.locator("#decision-problem:focus").wait_for()
    assert partner.status(token) == "awaiting_consent"
    assert page.get_by_label("Your name").input_value() == "Anna Bianchi"
    for _on in range(2):
        page.keyboard.press("Tab")
    assert focused(page) == "Decline"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Consent is declined").wait_for()


def test_what_is_wrong_has_the_focus(partner: Partner, opens: Opens) -> None:
    page = opens(f"/c/{partner.asks()}")
    page.get_by_label("Your name").fill("Anna Bianchi")
    page.locator("#role").evaluate("field => { field.removeAttribute('maxlength'); field.value = 'x'.repeat(81) }")
    page.get_by_role("button", name="Accept").click()
    page.locator("#role:focus").wait_for()
    assert page.get_by_text("At most 80 characters; this has 81.").is_visible()


def test_a_form_on_another_site_decides_nothing(partner: Partner, opens: Opens) -> None:
    token = partner.asks()
    page = opens("/healthz")
    target = page.url.replace("/healthz", f"/c/{token}")
    page.goto("about:blank")
    page.set_content(
        f'<form method="post" action="{target}"><input name="name" value="Eve">'
        '<button name="decision" value="accept">Win a prize</button></form>'
    )
    page.get_by_role("button").click()
    page.get_by_role("heading", name="This came from another page").wait_for()
    assert partner.status(token) == "awaiting_consent"


def test_the_page_asks_nobody_else_and_keeps_nothing(partner: Partner, opens: Opens) -> None:
    token = partner.asks()
    page = opens("/healthz")
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    base = page.url.removesuffix("/healthz")
    page.goto(f"/c/{token}")
    assert asked == [f"{base}/c/{token}", f"{base}/style.css"]
    assert complaints == []
    assert page.context.cookies() == []
    assert page.evaluate("getComputedStyle(document.querySelector('.accept')).backgroundColor") == "rgb(47, 95, 196)"


def test_the_mail_programs_preview_of_the_link_changes_nothing(partner: Partner, opens: Opens) -> None:
    """S-5g"""
    token = partner.asks()
    before = partner.contents()
    page = opens(f"/c/{token}")
    page.get_by_label("Your name").fill("Anna Bianchi")
    page.reload()
    page.go_back()
    assert partner.contents() == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_everybody_can_read_every_page(partner: Partner, opens: Opens, scheme: str, size: ViewportSize) -> None:
    """No violations found by axe."""
    token = partner.asks(partner_phone="+39 02 1234567", summary="Three days.")
    page = opens(f"/c/{token}", viewport=size, color_scheme=scheme)
    other_form = opens(f"/c/{token}", viewport=size, color_scheme=scheme)
    found = {"question": problems(page)}
    page.get_by_label("Your name").fill(" ")
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("alert").wait_for()
    found["wrong name"] = problems(page)
    page.get_by_label("Your name").fill("Anna Bianchi")
    page.keyboard.press("Enter")
    page.get_by_text("Choose one of the two: press").wait_for()
    found["no decision"] = problems(page)
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("heading", name="Consent is given").wait_for()
    found["answer"] = problems(page)
    other_form.get_by_label("Your name").fill("Eve")
    other_form.get_by_role("button", name="Decline").click()
    other_form.get_by_text("nothing was changed").wait_for()
    found["refusal"] = problems(other_form)
    page.goto("/c/nothing")
    found["error"] = problems(page)
    assert not {name: each for name, each in found.items() if each}


def test_the_check_finds_a_page_that_not_everybody_can_read(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<img src=x><input><p style='color: #aaa; background: #bbb'>Grey on grey</p>")
    found = {line.partition(":")[0] for line in problems(page)}
    page.close()
    assert {"image-alt", "label", "color-contrast"} <= found
