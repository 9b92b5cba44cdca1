"""Writes the generated pages of `docs/` (`python -m tests.docs`); `--check` only says whether they are up to date."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from textual.dom import DOMNode

from mci_tui.app import MciApp
from mci_tui.commands.arguments import COMMANDS, Argument
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
from mci_tui.screens.keymap import bindings
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

DOCS = Path(__file__).parent.parent / "docs"

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

KEYS_HEAD = """# Keys

Every key has an id, and can be moved in the settings file: `[keys]`, then `id = "key,key"`. This page is generated.
"""

COMMANDS_HEAD = """# Commands

Every command takes `--workspace W`, `--json` and `--read-only`, before or after its name. Statuses and tabs may be
written with `-` or `_`. Dates are ISO 8601. This page is generated; `mci-tui COMMAND --help` says the same.
"""


def keys_page() -> str:
    """The page of all keys."""
    lines = [KEYS_HEAD]
    for heading, owner in PARTS:
        lines += [f"## {heading}", "", "| keys | what it does | id |", "|---|---|---|"]
        for binding in bindings(owner):
            keys = " ".join(f"`{short_key(key)}`" for key in binding.key.split(","))
            lines.append(f"| {keys} | {binding.description or binding.action} | `{binding.id}` |")
        lines.append("")
    return "\n".join(lines)


def commands_page() -> str:
    """The page of all commands, with what each takes."""
    lines = [COMMANDS_HEAD]
    for command in COMMANDS:
        lines += [f"## mci-tui {command.words}", "", f"{command.help[:1].upper()}{command.help[1:]}.", ""]
        if command.arguments:
            lines += ["| argument | what it is |", "|---|---|", *map(_argument, command.arguments), ""]
    return "\n".join(lines)


def _argument(argument: Argument) -> str:
    more, (name, *_others) = argument.more, argument.names
    choices = ", ".join(map(str, more.get("choices", ())))
    value = str(more.get("metavar", choices.replace(", ", "|")))
    told = argument.help.replace("%(choices)s", choices)
    if "metavar" in more and choices and choices.partition(",")[0] not in told:
        told = f"{told}: {choices}"
    cells = (f"`{f'{name} {value}'.strip() if name.startswith('-') else value}`", told)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


PAGES: Mapping[str, Callable[[], str]] = {"keys.md": keys_page, "commands.md": commands_page}


def main(argv: list[str]) -> int:
    late = 0
    for name, page in PAGES.items():
        if "--check" not in argv:
            (DOCS / name).write_text(page(), "utf-8")
        elif not (DOCS / name).exists() or (DOCS / name).read_text("utf-8") != page():
            print(f"docs/{name} is out of date: run python -m tests.docs", file=sys.stderr)
            late = 1
    return late


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
