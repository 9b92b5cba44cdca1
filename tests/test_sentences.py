"""Every reason has its sentence, and every sentence what fills it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import mci_tui
from mci_tui.domain.claims import STAGES
from mci_tui.errors import reason
from mci_tui.sentences import SENTENCES
from mci_tui.words import ACTIONS, STATUSES, say

PACKAGE = Path(mci_tui.__file__).parent


def reasons_given() -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """Where a reason is written with its code: place, code, names of its parameters (None: not all are written out)."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != "reason":
                continue
            if not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            names = [keyword.arg for keyword in node.keywords]
            written = None if None in names else frozenset(name for name in names if name)
            yield f"{path.relative_to(PACKAGE)}:{node.lineno}", str(node.args[0].value), written


GIVEN = list(reasons_given())


def test_there_are_reasons_to_look_at() -> None:
    assert len(GIVEN) > 100


@pytest.mark.parametrize(("place", "code", "names"), GIVEN, ids=[f"{code}-{place}" for place, code, _names in GIVEN])
def test_a_reason_has_a_sentence_that_it_can_fill(place: str, code: str, names: frozenset[str] | None) -> None:
    assert code in SENTENCES, f"{place}: no sentence for {code}"
    needed = set(re.findall(r"%\((\w+)\)s", SENTENCES[code]))
    if names is not None and not (code == "opportunity_closed" and not names):
        assert needed <= names, f"{place}: {code} needs {needed - names}"


def test_words_out_of_files_cannot_act_on_the_terminal() -> None:
    said = say(reason("not_found_claim", number="\x1b]0;evil\x07\u202eCLM"))
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_every_status_and_action_has_words() -> None:
    assert set(STATUSES) == {*map(str, STAGES), "known"}
    assert {str(stage.action) for stage in STAGES.values() if stage.action} <= set(ACTIONS)
