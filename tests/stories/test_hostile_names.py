"""Names that would act on a terminal, on markup or on the order of letters do nothing anywhere."""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from mci_tui.store.schema import claims, customers, engagements, locations, operators
from tests.conftest import LOGIN, NOW
from tests.factories import guid
from tests.operator import SIZES, Operator, Place
from tests.stories.asking import set_up_mail
from tests.stories.projects import narrows
from tests.stories.wizard import gives_the_id, names_the_claim, names_the_contact
from tests.terminal_kit import DOWN, ENTER, TAB, Terminal, plain, python

PAYLOADS = {
    "right to left": "\u202egnp.exe \u2066\u2067\u200fx",
    "escape sequences": "\x1b[5;7;31mred\x1b]0;owned\x07\x1b[2J\x1bPq\x1b\\\x1b[6n",
    "C1": "\x9b31mC1\x90q\x9c\x85",
    "invisible": "a\u200bb\u2060c\ufeff\u00add",
    "combining flood": "Z" + "\u0301\u0323\u20dd" * 40,
    "markup": "[/x] [@click=app.quit]x[/] [bold red] [",
    "controls": "a\x00b\x07c\x08\x08d\re\tf\x7f",
}
EVERYTHING = " ".join(PAYLOADS.values())

_SEQUENCE = re.compile(r"\x1b(?:\[([<-?]*)([0-9;:]*)[ -/]*([@-~])|(.))", re.DOTALL)


def shapes(output: str) -> set[str]:
    """The kinds of control sequences in `output`: modes by their number, all others without their parameters."""
    found = set()
    for private, numbers, final, other in _SEQUENCE.findall(output):
        found.add(f"{private}{numbers if final in 'hlJn' else ''}{final}{other}")
    return found


def harmful(text: str) -> set[str]:
    """Characters of `text` that act instead of being seen, and letters under a flood of marks."""
    bidi_and_hidden = "\u200b\u2060\ufeff\u00ad\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    rest = _SEQUENCE.sub("", text)
    acting = {char for char in rest if unicodedata.category(char) == "Cc" and char not in "\r\n"}
    flooded = {"flood"} if re.search(r"[\u0300-\u036f\u20dd]{4}", rest) else set()
    return acting | flooded | {char for char in rest if char in bidi_and_hidden}


def poison(place: Place, text: str) -> None:
    """Puts `text` behind the first words of every name in the workspace, past all that checks what comes in."""
    with place.books() as books, books.store.write() as tx:
        for column in (customers.c.name, locations.c.name, claims.c.name, claims.c.contact_name):
            tx.execute(update(column.table).values({column.name: column.expression + f" {text}"}))
        tx.execute(update(operators).values(name=operators.c.name.expression + f" {text[:40]}"))
        for row in tx.execute(select(engagements)).all():
            kept = json.loads(row.definition)
            for part in (kept["engagement"], *kept["engagement"].get("criterion", ())):
                part |= {key: f"{part[key]} {text[:40]}" for key in ("name", "summary", "reason") if key in part}
            values = {"definition": json.dumps(kept), "name": f"{row.name} {text[:40]}"}
            tx.execute(update(engagements).where(engagements.c.id == row.id).values(**values))


ENDS = ("Customer added", "Customer asked for consent", "Request for consent", "0 of 1 reminded.")
"""What the ways through the screens lead to."""


async def walks_through_everything(operator: Operator) -> list[str]:
    """Every screen once; what each showed."""
    seen = []

    async def sees(*keys: str) -> None:
        await operator.presses(*keys)
        seen.append(operator.screen_text())

    await sees()
    await sees("i")
    await sees("escape", "enter")
    await sees("question_mark")
    await sees("escape", "o")
    await sees("escape", "c")
    await sees("escape", "right")
    await sees("right")
    await sees("right", "a")
    await names_the_claim(operator)
    await sees()
    await gives_the_id(operator)
    await sees()
    await sees("pagedown")
    await sees("enter")
    await names_the_contact(operator)
    await sees()
    await sees("enter")
    await sees("enter")
    await narrows(operator, "o'neill")
    await sees("enter")
    await operator.presses("ctrl+u")
    await operator.types("Anna")
    await sees("enter")
    await operator.types("25000")
    await sees("enter")
    await sees("space")
    await sees("space", "enter")
    await sees("enter", "M")
    await sees("enter")
    await sees("escape", "escape", "space", "m")
    await sees("enter")
    await sees("enter")
    await operator.presses("slash", "escape")
    return seen


@pytest.mark.parametrize("size", SIZES)
async def test_every_screen_shows_them_without_harm(workspace: Place, size: tuple[int, int]) -> None:
    set_up_mail(workspace)
    poison(workspace, EVERYTHING)
    async with workspace.opened(size=size) as operator:
        seen = await walks_through_everything(operator)
        assert operator.where == "CustomersScreen"
        assert harmful("\n".join(seen)) == set()
        assert "gnp.exe x �[5;7;31mred" in "\n".join(seen)
        assert [end for end in ENDS if not any(end in text for text in seen)] == []
        operator.sees("Eligible 14")


@pytest.mark.parametrize("what", PAYLOADS)
async def test_what_is_pasted_is_made_safe_before_it_is_kept(what: str, workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("a")
        await operator.pastes(f"Wave {PAYLOADS[what]}")
        operator.sees("Friendly name Wave")
        assert harmful(operator.screen_text()) == set()
        await operator.presses("f10")
        await operator.presses("slash")
        await operator.pastes(PAYLOADS[what])
        assert harmful(operator.screen_text()) == set()
    with workspace.services() as services:
        draft = services.memory.draft("add")
        assert draft is not None
        assert harmful(draft.values["name"]) == set()


def written_by(place: Place) -> str:
    """All that the program writes to a real terminal while somebody walks through its screens."""
    home = str(place.path.parent)
    command = python("-m", "tests.stories.desk_host", str(place.path), LOGIN, NOW.isoformat())
    with Terminal(command, environ={"HOME": home, "XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home}) as there:
        for keys, seen in way():
            since = len(there.output) if keys else 0
            there.send(keys)
            there.wait_for(seen, since=since)
        there.settle()
        there.send(b"\x1b[21~")
        there.settle()
        there.send(b"q")
        return there.output.decode()


def way() -> Iterator[tuple[bytes, str]]:
    """Keys, and what is waited for behind them."""
    yield b"", "the most urgent first"
    yield b"2", "Threat Protection"
    yield b"i", "Solution area"
    yield b"q", "Sort"
    yield ENTER, "Corvara"
    yield b"o", "Friendly name"
    yield b"q", "Corvara"
    yield b"l", "Why not"
    yield b"h", "Claim ID"
    yield b"?", "On this screen"
    yield b"q", "Corvara"
    yield b"a", "Friendly name"
    yield b"\x1b[200~Wave\xe2\x80\xae\xc2\x9b31m\x1b[201~" + TAB + b" " + ENTER, "ID type"
    yield DOWN + b" " + TAB + guid(15).encode() + ENTER, "Montefalco"
    yield ENTER, "Your company"
    yield b"Anna" + TAB + b"anna@montefalco.example.com" + ENTER, "Friendly name"


def test_nothing_of_them_reaches_the_terminal_as_anything_but_letters(workspace: Place, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    harmless = workspace.copied_to(tmp_path / "plain")
    poison(workspace, EVERYTHING)
    written, expected = written_by(workspace), written_by(harmless)
    assert "[5;7;31mred" in plain(written.encode())
    assert shapes(written) - shapes(expected) == set()
    assert harmful(written) - harmful(expected) == set()
    assert "\x1b[5;7;31m" not in written
    assert "owned\x07" not in written


def test_a_plain_widget_would_let_them_through() -> None:
    """The negative control: what the other test looks at does tell."""
    script = (
        "import json, sys\n"
        "from textual.app import App\n"
        "from textual.widgets import Static\n"
        "class Plain(App):\n"
        "    def compose(self):\n"
        "        yield Static('ready ' + json.loads(sys.argv[1]), markup=False)\n"
        "Plain().run()\n"
    )
    with Terminal(python("-c", script, json.dumps(EVERYTHING))) as there:
        there.wait_for("ready")
        there.settle()
        written = there.output.decode(errors="replace")
    assert "\x1b[5;7;31m" in written
    assert harmful(written) >= {"\x9b", "\u202e", "\x07", "flood"}
