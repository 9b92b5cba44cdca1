"""Fixtures: a partner at a workspace of its own, and customers who call the portal."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from mci_tui.store.engine import open_store
from tests.conftest import MovingClock, new_workspace
from tests.portal.kit import Partner, browsing


@pytest.fixture(scope="session")
def empty_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace as it is made; not to be changed."""
    path = tmp_path_factory.mktemp("portal") / "desk.db"
    new_workspace(str(path), MovingClock()).close()
    return path


@pytest.fixture
def partner(empty_workspace: Path, tmp_path: Path, clock: MovingClock) -> Iterator[Partner]:
    """A partner with a workspace on SQLite; nobody has been asked yet."""
    store = open_store(str(shutil.copy(empty_workspace, tmp_path / "desk.db")))
    yield Partner(store, clock)
    store.close()


@pytest.fixture
async def visitor(partner: Partner) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who calls the partner's portal."""
    async with browsing(partner.portal()) as client:
        yield client
