"""Fixtures: workspaces with the tests' programme in them."""

from pathlib import Path

import pytest

from mci_tui.screens import watching
from tests.operator import Place
from tests.programme import make_programme


@pytest.fixture(scope="session")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The programme as it was brought in; not to be changed."""
    path = tmp_path_factory.mktemp("programme") / "desk.db"
    make_programme(path)
    return Place(path)


@pytest.fixture
def workspace(programme: Place, tmp_path: Path) -> Place:
    """The programme, for one test to work with."""
    return programme.copied_to(tmp_path)


@pytest.fixture(autouse=True)
def nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open screens look for what others have changed when a test lets them, not by the wall clock."""
    monkeypatch.setattr(watching, "EVERY", 3600)
