"""What is said of a claim, as its page shows it (S-6d)."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from textual.content import Content

from mci_tui.services.claims import ClaimPage
from mci_tui.telling import Said
from mci_tui.telling.claim import sections_of
from mci_tui.text import _, safe_text
from mci_tui.widgets.section import LabelledLine


def page_sections(page: ClaimPage, zone: ZoneInfo) -> Iterable[tuple[str, list[LabelledLine]]]:
    """The sections of a claim's page with their lines; one without lines is left out."""
    for heading, lines in sections_of(page, zone, opens=_("R opens it")):
        yield heading, [(line.label, _shown(line)) for line in lines]


def _shown(line: Said) -> str | Content:
    if line.faint:
        return Content.styled(safe_text(line.words), "$foreground 60%")
    return Content.assemble((safe_text(line.lead), "bold"), safe_text(line.words)) if line.lead else line.words
