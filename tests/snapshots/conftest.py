"""The pictures that are kept are those of one version of everything that draws them."""

import platform
from importlib.metadata import version

import pytest

from tests.places import nobody_looks, programme, workspace

__all__ = ["nobody_looks", "programme", "workspace"]

PINNED = {"python": "3.11", "textual": "8.2.8", "rich": "15.0.0", "pytest-textual-snapshot": "1.1.0"}
"""What the pictures are taken with; to move on, change this and take all of them anew."""


def here() -> dict[str, str]:
    """The versions in use."""
    packages = {name: version(name) for name in PINNED if name != "python"}
    return {"python": ".".join(platform.python_version_tuple()[:2]), **packages}


def why_not_update(versions: dict[str, str]) -> str:
    """Why pictures must not be taken anew with these versions; empty where they may."""
    wrong = [f"{name} {found} instead of {PINNED[name]}" for name, found in versions.items() if found != PINNED[name]]
    return f"pictures are not to be taken anew with {', '.join(wrong)}" if wrong else ""


def pytest_collection_modifyitems(config: pytest.Config) -> None:
    if config.getoption("update_snapshots") and (why := why_not_update(here())):
        raise pytest.UsageError(why)
