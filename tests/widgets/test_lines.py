"""Text in cells, and lines written with few bytes."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.strip import Strip

from mci_tui.widgets.lines import LeanStrip, fitted, turned

COLOURS = [None, "#e0e0e0", "#121212", "#ffc473", "red", "bright_black"]
styles = st.builds(
    Style,
    color=st.sampled_from(COLOURS),
    bgcolor=st.sampled_from(COLOURS),
    bold=st.sampled_from([None, True]),
    dim=st.sampled_from([None, True]),
    underline=st.sampled_from([None, True]),
    reverse=st.sampled_from([None, True]),
)
segments = st.lists(st.builds(Segment, st.sampled_from(["a", "bc", " ", "   ", "d e", "岩"]), styles), max_size=6)


def painted(ansi: str) -> list[tuple[object, ...]]:
    """What a terminal shows for `ansi`, character by character; of a blank only what can be seen of it."""
    text = Text.from_ansi(ansi)
    shown: list[tuple[object, ...]] = []
    for place, char in enumerate(text.plain):
        style = Style.combine([Style.null(), *_over(text, place)])
        marks = bool(style.underline), bool(style.reverse)
        seen = (style.color, bool(style.bold), bool(style.dim)) if char != " " or any(marks) else ()
        shown.append((char, style.bgcolor or Color.default(), marks, *((s or Color.default()) for s in seen)))
    return shown


def _over(text: Text, place: int) -> list[Style]:
    return [
        span.style if isinstance(span.style, Style) else Style.parse(span.style)
        for span in text.spans
        if span.start <= place < span.end
    ]


@given(segments)
def test_a_lean_line_looks_like_the_line_it_stands_for_and_is_never_longer(line: list[Segment]) -> None:
    console = Console(color_system="truecolor", force_terminal=True)
    usual, lean = Strip(line).render(console), LeanStrip(line).render(console)
    assert painted(lean) == painted(usual)
    assert len(lean) <= len(usual)


def test_a_lean_line_leaves_nothing_switched_on() -> None:
    line = LeanStrip([Segment("x", Style.parse("bold red"))])
    assert line.render(Console(color_system="truecolor")).endswith("\x1b[0m")


def test_a_part_of_a_lean_line_is_as_lean() -> None:
    line = LeanStrip([Segment("ab", Style.parse("red on blue")), Segment("cd", Style.parse("green on blue"))])
    assert line.crop(0, 3).render(Console(color_system="standard")) == "\x1b[31;44mab\x1b[32mc\x1b[0m"


def test_a_lean_line_keeps_to_the_terminals_colours() -> None:
    line = LeanStrip([Segment("x", Style.parse("#ff0000")), Segment("y", Style.parse("#00ff00"))])
    assert "38;2" not in line.render(Console(color_system="256"))


@given(st.text(max_size=30), st.integers(0, 40), st.sampled_from(["left", "right"]))
def test_fitted_text_takes_exactly_its_cells(text: str, width: int, align: str) -> None:
    pieces = list(fitted(text, width, "left" if align == "left" else "right"))
    assert sum(cell_len(piece) for piece, _ in pieces) == width


def test_styles_lie_over_each_other_in_their_order() -> None:
    text = Text("○ Known customer", "muted")
    text.stylize("bold", 2, 7)
    assert list(fitted(text, 16)) == [("○ ", ("muted",)), ("Known", ("muted", "bold")), (" customer", ("muted",))]


@given(st.integers(-50, 150), st.integers(0, 99), st.integers(1, 40))
def test_the_line_of_the_cursor_is_in_view_wherever_the_view_was(top: int, index: int, height: int) -> None:
    new = turned(top, index, height, 100)
    assert new <= index < new + height
    assert 0 <= new <= max(0, 100 - height)
