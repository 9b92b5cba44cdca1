"""The whole way: an operator's keys, a mail server with TLS, a customer's browser, and the answer in the open list."""

import asyncio
import os
from contextlib import ExitStack

import pytest
from playwright.async_api import async_playwright

from mci_tui.mail.transport import Outcome, Smtp
from mci_tui.portal.app import portal_app
from mci_tui.screens.watching import Watching
from mci_tui.services import Services
from mci_tui.services.sending import Handled, Sender
from tests.browser.chromium import PATH
from tests.mail.post_office import HOST, PASSWORD, USERNAME, PostOffice, trusting
from tests.operator import SMALL, Operator, Place
from tests.portal.kit import on_the_network
from tests.services.consent_kit import link_in
from tests.stories.asking import CLAIMED, reaches, set_up_mail

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(autouse=True)
def a_browser() -> None:
    if PATH is None:
        if os.environ.get("MCI_REQUIRE_CHROMIUM") == "1":
            pytest.fail("MCI_REQUIRE_CHROMIUM=1, and there is no Chromium on this machine")
        pytest.skip("no Chromium on this machine: the way from the terminal to the browser is not tested")


async def test_a_claim_gets_its_consent_from_the_terminal_by_mail_and_browser(workspace: Place) -> None:
    """S-5b, S-5c, S-5d, S-5f, S-5g"""
    set_up_mail(workspace)
    with ExitStack() as running:
        office = running.enter_context(PostOffice(password=PASSWORD))
        services = running.enter_context(workspace.services())
        portal = portal_app(services.answers, portal_url="http://127.0.0.1", clock=workspace.clock)
        host, port = running.enter_context(on_the_network(portal))
        services.settings.set("portal_url", f"http://{host}:{port}")
        async with workspace.opened(size=SMALL) as operator:
            await reaches(operator, "review")
            await operator.presses(*["pagedown"] * 3, "space", "enter", "enter")
            assert operator.row("O'Neill") == f"O'Neill & Sons {CLAIMED} ◐ Awaiting consent 2 days Resend"
            sent = await asyncio.to_thread(_sends, services, office)
            assert sent is not None
            assert sent.outcome is Outcome.SENT
            await _accepts(link_in(office.received[0].message))
            await _looks(operator)
            assert operator.row("O'Neill") == f"O'Neill & Sons {CLAIMED} ● Consent received 60 days Submit"


def _sends(services: Services, office: PostOffice) -> Handled | None:
    server = Smtp(HOST, office.port, office.security, USERNAME, lambda: PASSWORD, context=trusting())
    return Sender(services.outbox, server, "story").once()


async def _accepts(link: str) -> None:
    """The customer opens the link, gives a name, and accepts."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=PATH, args=["--no-sandbox"])
        page = await browser.new_page()
        await page.goto(link)
        await page.get_by_label("Your name").fill("Anna Bianchi")
        await page.get_by_role("button", name="Accept").click()
        await page.get_by_role("heading", name="Consent is given").wait_for()
        await browser.close()


async def _looks(operator: Operator) -> None:
    """The open screen looks whether anything has changed, as it does every second."""
    screen = operator.app.screen
    assert isinstance(screen, Watching)
    screen.look()
    await operator.settled()
