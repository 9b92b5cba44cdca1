"""All keys of a screen, with what each does."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from mci_tui.text import N_, _
from mci_tui.widgets.bars import SHORT_KEYS

WORDS = {"table": N_("In the list"), "wizard": N_("In a wizard"), "filter": N_("In the filter"), "app": N_("Anywhere")}
"""The headings of the parts of the help, by the first word of a binding's id; all others are the screen's own."""


class HelpScreen(ModalScreen[None]):
    """The keys that work on the screen below."""

    BINDINGS = [Binding("escape,question_mark,q,enter,f1", "dismiss", N_("Close"), id="help.close")]

    def __init__(self, below: Screen[object]) -> None:
        super().__init__(classes="modal")
        self._keys = keys_of(below)

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content(_("Keys")), classes="heading")
            with VerticalScroll():
                yield Static(self._table())
            yield Static(Content(_("Esc Close")), classes="keys")

    def _table(self) -> Content:
        lines: list[Content] = []
        heading = ""
        for area, keys, words in self._keys:
            if area != heading:
                heading = area
                lines += [Content(""), Content.styled(area, "bold")] if lines else [Content.styled(area, "bold")]
            lines.append(Content.assemble(("  " + keys.ljust(16), "$accent"), words))
        return Content("\n").join(lines)


def keys_of(screen: Screen[object]) -> list[tuple[str, str, str]]:
    """What works on a screen: where, the keys as they are written, what they do. The screen's own keys come first."""
    found: dict[str, tuple[int, str, list[str], str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if not binding.description:
            continue
        area = (binding.id or "").partition(".")[0]
        place = list(WORDS).index(area) + 1 if area in WORDS else 0
        heading = _(WORDS[area]) if area in WORDS else _("On this screen")
        entry = found.setdefault(binding.id or binding.action, (place, heading, [], _(binding.description)))
        entry[2].append(SHORT_KEYS.get(binding.key, binding.key))
    ordered = sorted(found.values(), key=lambda entry: entry[0])
    return [(heading, ", ".join(dict.fromkeys(keys)), words) for _place, heading, keys, words in ordered]
