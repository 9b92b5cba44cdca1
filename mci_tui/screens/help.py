"""All keys of a screen, with what each does."""

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from mci_tui.text import N_, _
from mci_tui.widgets.bars import short_key

PARTS = {
    "table": N_("In the list"),
    "filter": N_("In the filter"),
    "choice": N_("In a choice"),
    "": N_("From field to field"),
    "go": N_("To another screen"),
    "app": N_("Anywhere"),
}
"""The headings of the parts of the help, by the first word of a binding's id; all others are the screen's own."""

TOOLKIT = {
    "app.focus_next": N_("Next field"),
    "app.focus_previous": N_("Previous field"),
    "screen.copy_text": N_("Copy the selection, else: How to leave"),
}
"""What the toolkit's own keys do, as far as they matter here, by action."""


_FRAME = 8
"""Lines that stand around the keys."""


class HelpScreen(ModalScreen[None]):
    """The keys that work on the screen below."""

    BINDINGS = [Binding("escape,question_mark,q,enter", "dismiss", N_("Close"), id="help.close")]

    def __init__(self, below: Screen[object]) -> None:
        super().__init__(classes="modal")
        self._keys = keys_of(below)

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content(_("Keys")), classes="heading")
            with VerticalScroll():
                yield Static(self._table())
            yield Static(Content(_("Esc Close")), classes="keys")

    def on_resize(self) -> None:
        """Keeps the frame and the line below the keys in view, however low the terminal is."""
        self.query_one(VerticalScroll).styles.max_height = max(1, self.size.height - _FRAME)

    def _table(self) -> Content:
        lines: list[Content] = []
        heading = ""
        width = max((len(keys) for _part, keys, _words in self._keys), default=0)
        for area, keys, words in self._keys:
            if area != heading:
                heading = area
                lines += [Content(""), Content.styled(area, "bold")] if lines else [Content.styled(area, "bold")]
            lines.append(Content.assemble((f"  {keys:<{width}}  ", "$accent"), words))
        return Content("\n").join(lines)


def keys_of(screen: Screen[object]) -> list[tuple[str, str, str]]:
    """What works on a screen: where, the keys as they are written, what they do. The screen's own keys come first."""
    found: dict[str, tuple[tuple[int, bool], str, list[str], str]] = {}
    for key, binding, words, _node in working(screen):
        part = (binding.id or "").partition(".")[0]
        place = list(PARTS).index(part) + 1 if part in PARTS else 0
        heading = _(PARTS[part]) if part in PARTS else _("On this screen")
        entry = found.setdefault(binding.id or binding.action, ((place, part == "list"), heading, [], _(words)))
        entry[2].append(short_key(key))
    ordered = sorted(found.values(), key=lambda entry: entry[0])
    return [(heading, ", ".join(keys), words) for _place, heading, keys, words in ordered]


def working(screen: Screen[object]) -> Iterator[tuple[str, Binding, str, DOMNode]]:
    """Each key that does something now, with its binding, what that does, and whose it is.

    `Screen.active_bindings` will not do: the toolkit's keys for scrolling stand before ours there, and step aside only
    when they are pressed. To open a row is what the screen says that its Enter does.
    """
    taken: set[str] = set()
    own = {key for node, bindings in screen._binding_chain if node is screen for key, _binding in bindings}
    within = [node for node, _bindings in screen._modal_binding_chain]
    for node, bindings in screen._binding_chain:
        for key, binding in bindings:
            words = binding.description if binding.id else TOOLKIT.get(binding.action, "")
            reached = node in within or binding.priority
            if not words or not reached or key in taken or key.startswith("super+"):
                continue
            if binding.id == "table.open" and key in own:
                continue
            if screen.app._check_action_state(binding.action, node) is not False:
                taken.add(key)
                yield key, binding, words, node
