"""The screens' frame: themes, keys, and what happens when the program has to go."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from textual import on, work
from textual.actions import ActionParseResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from mci_tui.errors import Invalid, Refused, reason
from mci_tui.screens import places
from mci_tui.screens.engagements import EngagementsScreen
from mci_tui.screens.themes import DEFAULT_THEME, THEMES
from mci_tui.terminal import crash
from mci_tui.text import N_, _
from mci_tui.widgets.record_table import RecordTable
from mci_tui.widgets.typeahead import TypeAheadApp

if TYPE_CHECKING:
    from mci_tui.services import Services

    Send = Callable[[Services, Event, Callable[[str], None]], None]


class MciApp(TypeAheadApp[None], inherit_bindings=False):
    """The desk on a terminal. `open_services` may block: it is called in a thread once the first frame stands.

    `send`, where it is given, sends what waits in the outbox, in a thread of its own, until its event is set.
    Raises `Invalid` by setting where there is no such theme, or no key of an id in `keymap`.
    """

    TITLE = "mci-tui"
    CSS_PATH = Path(__file__).parent / "styles" / "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    BINDINGS = [
        Binding("question_mark", "help", N_("Keys"), id="app.help"),
        Binding("f1,ctrl+g", "help", N_("Keys"), id="app.help_anywhere", show=False, priority=True),
        Binding("colon,ctrl+p", "palette", N_("Commands"), id="app.palette", show=False),
        Binding("ctrl+c", "say_how_to_leave", N_("How to leave"), id="app.leave", show=False),
        *places.bindings(),
    ]

    def __init__(
        self,
        open_services: "Callable[[], Services]",
        *,
        theme: str = "",
        keymap: Mapping[str, str] | None = None,
        animations: bool = False,
        reports: Path = Path(),
        send: "Send | None" = None,
    ) -> None:
        super().__init__()
        self._send = send
        self._leaving = Event()
        self._services: Services | None = None
        self._open_services = open_services
        self._reports = reports
        for each in THEMES:
            self.register_theme(each)
        theme = theme or DEFAULT_THEME
        self._require_known(theme, keymap or {})
        self.theme = theme
        self.animation_level = "full" if animations else "none"
        if keymap:
            self.set_keymap(keymap)

    def _require_known(self, theme: str, keymap: Mapping[str, str]) -> None:
        problems = {}
        if theme not in self.available_themes:
            problems["theme"] = reason("theme_unknown", theme=theme, known=", ".join(sorted(self.available_themes)))
        if keymap:
            from mci_tui.screens.keymap import unknown_keys

            problems |= unknown_keys(keymap)
        if problems:
            raise Invalid(problems)

    def get_default_screen(self) -> Screen[None]:
        screen = EngagementsScreen(self._open_services)
        fitting = [name for width, name in self.HORIZONTAL_BREAKPOINTS if width <= self.size.width]
        return screen.add_class(fitting[-1], update=False)  # as its first resize would, and style everything again

    def refresh_css(self, animate: bool = True) -> None:
        if self.screen_stack:
            super().refresh_css(animate)
        else:  # the theme at the start: nothing is styled yet, the styles need not be parsed twice
            self.stylesheet.set_variables(self.get_css_variables())

    @property
    def sends_mail(self) -> bool:
        """Whether these screens send what waits in the outbox."""
        return self._send is not None

    @on(EngagementsScreen.Stands)
    def _first_rows_stand(self, event: EngagementsScreen.Stands) -> None:
        self._services = event.services
        self.begin(event.services)
        if self._send is not None:
            Thread(target=self._send, args=(event.services, self._leaving, self._say), daemon=True).start()

    def begin(self, services: "Services") -> None:
        """Puts in front what the operator is to begin with, unless they have begun with something already."""
        self._begin(services)

    @work(group="begin")
    async def _begin(self, services: "Services") -> None:
        with suppress(Refused):
            first = await asyncio.to_thread(services.attention.begins_with)
            if first and len(self.screen_stack) == 1 and isinstance(self.focused, RecordTable):
                places.go(self, services, first)

    def _say(self, words: str) -> None:
        """Shows a sentence of the sender's."""
        if not self._leaving.is_set():
            with suppress(RuntimeError):  # the screens have just gone
                self.call_from_thread(self.notify, words, severity="warning", markup=False, timeout=10)

    def on_unmount(self) -> None:
        self._leaving.set()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("go", "palette") and (self._services is None or getattr(self.screen, "following", False)):
            return None
        return super().check_action(action, parameters)

    def pop_screen(self) -> AwaitComplete:
        """What the screen still reads is for nobody any more, and must not come in while its parts are going."""
        self.workers.cancel_node(self.screen)
        return super().pop_screen()

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """A key that is dimmed says why, where its screen knows (`why_not`)."""
        if await super().run_action(action, default_namespace, namespaces):
            return True
        target, name, parameters = self._parse_action(action, default_namespace or self, namespaces)
        why_not = getattr(target, "why_not", None)
        if why_not is None or target.check_action(name, parameters) is not None or not (why := why_not(name)):
            return False
        self.notify(why, markup=False)
        return True

    def action_go(self, name: str) -> None:
        """Goes to one of the screens that can be gone to from anywhere."""
        if self._services is not None:
            places.go(self, self._services, name)

    def action_palette(self) -> None:
        from mci_tui.screens.palette import PaletteScreen

        self.push_screen(PaletteScreen(self.screen))

    def action_help(self) -> None:
        from mci_tui.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
        else:
            self.push_screen(HelpScreen(self.screen))

    def action_say_how_to_leave(self) -> None:
        self.notify(_("Esc goes back, q leaves from the first screen. What you typed is kept."), markup=False)

    def keep_drafts(self) -> None:
        """Keeps what stands in every open wizard this moment; for when the terminal goes away."""
        for screen in reversed(self.screen_stack):
            if keep := getattr(screen, "keep_now", None):  # a wizard: the first screen does not wait for their import
                keep()

    def _handle_exception(self, error: Exception) -> None:
        """Tells the operator one sentence in place of a traceback, which would show what was typed."""
        if self.return_code is None:
            super()._handle_exception(error if self.is_headless else crash(error, self._reports))
