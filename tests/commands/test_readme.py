"""The README's first use does what it says, with the very files and commands that stand in it."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

import mci_tui
from tests.commands.calls import Mci

README = (Path(mci_tui.__file__).parent.parent / "README.md").read_text("utf-8")
FILES = ("catalogue.toml", "locations.csv", "directory.csv")


def blocks(language: str) -> list[str]:
    """The blocks of code in this language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands() -> Iterator[list[str]]:
    """What `mci-tui` is called with, wherever the README calls it."""
    for block in blocks("sh"):
        for line in block.replace("\\\n", " ").splitlines():
            if (words := shlex.split(line, comments=True)) and words[0] == "mci-tui":
                yield words[1:]


def test_every_example_file_stands_in_it() -> None:
    examples = [*blocks("toml"), *blocks("csv")]
    assert len(examples) == len(FILES)


def test_its_first_use_leads_from_nothing_to_the_first_claim(
    mci: Mci, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-11a, S-11c, S-3i"""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MCI_WORKSPACE", str(tmp_path / "desk.db"))
    for name, content in zip(FILES, [*blocks("toml"), *blocks("csv")], strict=True):
        Path(name).write_text(content, encoding="utf-8")
    ran: dict[str, int] = {}
    for words in commands():
        if words and words[0] not in ("work", "portal"):  # these go on until they are stopped
            ran[" ".join(words[:2])] = mci(*words).code
    assert ran == {
        "init --workspace": 0,
        "import catalogue": 0,
        "import locations": 0,
        "import directory": 0,
        "customers check": 0,
        "claims add": 0,
        "claims request": 1,  # this customer has not consented yet, as the README says
        "customers list": 0,
        "settings set": 0,
        "claims send-consent": 0,
    }
    sent = mci("claims", "show", "CLM-000001", "--json").json
    assert (sent["status"], sent["customer_name"]) == ("awaiting_consent", "Aurelia Foods S.p.A.")
