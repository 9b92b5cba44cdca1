"""Every rule that the program keeps has a test that names it."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
RULES = (HERE.parent / "docs" / "rules.md").read_text("utf-8")
ALL = re.findall(r"^### (S-\d+[a-z]?)\b", RULES, re.MULTILINE)


def _named() -> set[str]:
    """The rules that the docstrings and names of tests speak of."""
    found: set[str] = set()
    for path in HERE.rglob("test_*.py"):
        if path.name != Path(__file__).name:
            found.update(re.findall(r"S-\d+[a-z]?", path.read_text("utf-8")))
    return found


NAMED = _named()


def test_the_rules_are_found_in_their_document() -> None:
    assert len(ALL) >= 45
    assert len(ALL) == len(set(ALL))


@pytest.mark.parametrize("rule", ALL)
def test_a_rule_has_a_test_that_names_it(rule: str) -> None:
    assert rule in NAMED, f"{rule} has no test that names it"
