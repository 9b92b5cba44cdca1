"""Writes the picture of the customer's page for the documents (`python -m tests.browser.pictures [FILE]`)."""

import sys
import tempfile
from pathlib import Path

from tests.browser.chromium import chromium
from tests.conftest import MovingClock, new_workspace
from tests.portal.kit import Partner, on_the_network

DOCS = Path(__file__).parent.parent.parent / "docs" / "screens" / "consent-page.png"


def take(file: Path) -> None:
    """Takes a picture of what a fictional partner asks a fictional customer."""
    clock = MovingClock()
    with tempfile.TemporaryDirectory() as folder:
        store = new_workspace(str(Path(folder) / "desk.db"), clock)
        partner = Partner(store, clock)
        token = partner.asks(
            engagement="Threat Protection Engagement",
            summary="Three days in which we show you which attacks reach your mail, identities and devices today.",
            partner_phone="+39 02 1234567",
        )
        with on_the_network(partner.portal("http://127.0.0.1")) as (host, port), chromium() as browser:
            page = browser.new_page(viewport={"width": 900, "height": 800})
            page.goto(f"http://{host}:{port}/c/{token}")
            page.screenshot(path=file, full_page=True)
        store.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]) if sys.argv[1:] else DOCS)
