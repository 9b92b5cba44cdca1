"""Writes the generated pages of `docs/` (`python -m tests.docs`); `--check` only says whether they are up to date."""

import sys
from collections.abc import Iterator
from pathlib import Path

from textual.binding import Binding, BindingType
from textual.dom import DOMNode

from mci_tui.app import MciApp
from mci_tui.screens.attention import AttentionScreen
from mci_tui.screens.claim import ClaimScreen
from mci_tui.screens.claim_filters import FiltersScreen
from mci_tui.screens.claims import ClaimsScreen
from mci_tui.screens.confirm import ConfirmScreen
from mci_tui.screens.customers import CustomersScreen
from mci_tui.screens.engagement import EngagementScreen
from mci_tui.screens.engagements import EngagementsScreen
from mci_tui.screens.export import ExportScreen
from mci_tui.screens.help import HelpScreen
from mci_tui.screens.listing import FilterInput, ListScreen
from mci_tui.screens.mails import MailsScreen
from mci_tui.screens.palette import PaletteScreen
from mci_tui.screens.pick import PickScreen
from mci_tui.screens.pipeline import PipelineScreen
from mci_tui.screens.referral import ReferralScreen
from mci_tui.screens.referrals import ReferralsScreen
from mci_tui.screens.submission import SubmissionScreen
from mci_tui.screens.views import ViewsScreen
from mci_tui.screens.wizards.engine import WizardScreen
from mci_tui.widgets.bars import short_key
from mci_tui.widgets.choice import Choice
from mci_tui.widgets.record_table import RecordTable

KEYS = Path(__file__).parent.parent / "docs" / "keys.md"

PARTS: tuple[tuple[str, type[DOMNode]], ...] = (
    ("Anywhere", MciApp),
    ("Engagements", EngagementsScreen),
    ("About an engagement", EngagementScreen),
    ("Customers page", CustomersScreen),
    ("Every list", ListScreen),
    ("The rows of a list", RecordTable),
    ("The filter", FilterInput),
    ("Claims", ClaimsScreen),
    ("Attention", AttentionScreen),
    ("Mail", MailsScreen),
    ("Referrals", ReferralsScreen),
    ("A referral", ReferralScreen),
    ("Pipeline", PipelineScreen),
    ("A claim", ClaimScreen),
    ("The proof of a claim", SubmissionScreen),
    ("A wizard", WizardScreen),
    ("A choice", Choice),
    ("Choosing among a few things", PickScreen),
    ("The filters of the claims", FiltersScreen),
    ("Saved views", ViewsScreen),
    ("The palette", PaletteScreen),
    ("A question", ConfirmScreen),
    ("An export", ExportScreen),
    ("The help", HelpScreen),
)

HEAD = """# Keys

Every key has an id, and can be moved in the settings file: `[keys]`, then `id = "key,key"`. This page is generated.
"""


def bindings_of(owner: type[DOMNode]) -> Iterator[Binding]:
    """The bindings that a class declares itself."""
    declared: list[BindingType] = owner.__dict__.get("BINDINGS", [])
    yield from (each for each in declared if isinstance(each, Binding))


def keys_page() -> str:
    """The page of all keys."""
    lines = [HEAD]
    for heading, owner in PARTS:
        lines += [f"## {heading}", "", "| keys | what it does | id |", "|---|---|---|"]
        for binding in bindings_of(owner):
            keys = " ".join(f"`{short_key(key)}`" for key in binding.key.split(","))
            lines.append(f"| {keys} | {binding.description or binding.action} | `{binding.id}` |")
        lines.append("")
    return "\n".join(lines)


def main(argv: list[str]) -> int:
    page = keys_page()
    if "--check" not in argv:
        KEYS.write_text(page, "utf-8")
        return 0
    if KEYS.exists() and KEYS.read_text("utf-8") == page:
        return 0
    print("docs/keys.md is out of date: run python -m tests.docs", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
