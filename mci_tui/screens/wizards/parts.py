"""What frames a wizard's step: lines of words, the trail of steps, and the foot line with its keys."""

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from mci_tui.errors import Refused
from mci_tui.text import _, safe_text
from mci_tui.words import say


def told(words: str) -> str:
    """`words` marked for translation, in the reader's language; gettext has words of its own for an empty message."""
    return _(words) if words else ""


def said(refused: Refused) -> list[str]:
    """What a refusal says beside the problems that it names field by field."""
    why = [] if refused.problems and not refused.reasons else [say(refused.why)]
    return why + [f"{engagement}: {say(reason)}" for engagement, reason in refused.reasons]


def problem_lines(sentences: Iterable[str]) -> Content:
    """What is wrong, a sentence a line, each with its mark; sentences may quote people and files."""
    return Content("\n").join(Content(f"▲ {safe_text(sentence)}") for sentence in sentences)


class Line(Static):
    """Words that take no room while there are none. A `str` may come from people or files; it is never markup."""

    def __init__(self, words: str | Content = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__("", id=id, classes=classes, markup=False)
        self._words: Content | None = None
        self.put(words)

    def put(self, words: str | Content) -> None:
        """Shows `words`; the same words again change nothing on the screen."""
        content = Content(safe_text(words)) if isinstance(words, str) else words
        if self._words is None or (content.plain, content.spans) != (self._words.plain, self._words.spans):
            self._words = content
            self.update(content)
            self.display = bool(content.plain)


class Trail(Widget):
    """The steps on one line: behind, here, ahead. Where they do not fit, only the present one keeps its words."""

    _titles: Sequence[str] = ()
    _at = 0

    def show(self, titles: Sequence[str], at: int) -> None:
        """Shows the steps `titles`, standing on number `at` (from 0)."""
        if (titles, at) != (self._titles, self._at):
            self._titles, self._at = titles, at
            self.refresh()

    def render(self) -> Content:
        drawn = (self._drawn(between, words) for between, words in (("  ─  ", True), (" ─ ", True), ("", False)))
        return next((line for line in drawn if line.cell_length <= self.size.width), Content())

    def _drawn(self, between: str, words: bool) -> Content:
        pieces: list[Content] = []
        for number, title in enumerate(self._titles):
            here = number == self._at
            mark = ("○ ", "") if number > self._at else ("● ", "$accent" if here else "$success")
            word = (title if words else f"{title} " if here else "", "bold $foreground" if here else "")
            pieces.append(Content.assemble(mark, word))
        return Content(between).join(pieces)


class Key(Static):
    """A key on the foot line and what it does; a click does the same."""

    def __init__(self, key: str, action: str, *, id: str) -> None:
        super().__init__("", id=id, markup=False)
        self._key = key
        self._action = action
        self._put: tuple[str, bool] | None = None

    def put(self, label: str, *, alive: bool = True) -> None:
        """Says what the key does now, or what is under way while it does nothing; the same again paints nothing."""
        if (label, alive) == self._put:
            return
        self._put = label, alive
        self.set_class(not alive, "-waiting")
        self.update(Content.assemble((f"{self._key} ", "bold $accent"), label) if alive else Content(label))

    async def on_click(self) -> None:
        await self.screen.run_action(self._action)


class Foot(Horizontal):
    """The keys of the wizard on one line; while something is under way it says so in the place of the last."""

    def compose(self) -> ComposeResult:
        yield Key("Esc", "screen.step_back", id="back")
        yield Key("F10", "screen.leave", id="leave")
        yield Key("⏎", "screen.next_step", id="next")

    def put(self, back: str, following: str, waiting: str, *, stoppable: bool) -> None:
        """Names what Esc and Enter do now, or says what is `waiting` for, and whether Esc may stop that."""
        self.query_one("#back", Key).put(back, alive=stoppable)
        self.query_one("#leave", Key).put(_("Cancel, keep draft"), alive=stoppable)
        self.query_one("#next", Key).put(waiting or following, alive=not waiting)
