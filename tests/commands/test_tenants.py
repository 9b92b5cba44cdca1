"""The tenant of a domain asked for on the line, as the user's settings have it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.calls import TENANT, Mci
from tests.openid_host import Host, found, listening

CHECK = ("customers", "check", "domain", "nuova.example.com", "--json")


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with listening() as told:
        told.answer = found(TENANT)
        yield told


@pytest.fixture
def settings(home: Path) -> Path:
    """The user's settings file, its folder made."""
    path = home / "config" / "mci-tui" / "settings.toml"
    path.parent.mkdir(parents=True)
    return path


def test_nobody_is_asked_unless_it_is_switched_on(mci: Mci, desk: Path, host: Host, settings: Path) -> None:
    """S-3c"""
    settings.write_text(f'[tenants]\nbase_url = "{host.url}"\n')
    assert mci(*CHECK).json["tenant_id"] is None
    settings.write_text(f'[tenants]\nlookup = "off"\nbase_url = "{host.url}"\n')
    assert mci(*CHECK).json["tenant_id"] is None
    assert host.asked == []


def test_the_settings_file_switches_it_on_and_the_answer_is_kept(
    mci: Mci, desk: Path, host: Host, settings: Path
) -> None:
    """S-3c"""
    settings.write_text(f'[tenants]\nlookup = "openid"\ntimeout_s = 30\nbase_url = "{host.url}"\n')
    for _ in range(2):
        checked = mci(*CHECK).json
        assert checked["tenant_id"] == TENANT
        (verdict,) = (each for each in checked["engagements"] if each["code"] == "cloud-assessment")
        assert verdict == {"code": "cloud-assessment", "eligible": True, "reasons": []}
    assert len(host.asked) == 1


def test_the_environment_switches_it_on_as_well(
    mci: Mci, desk: Path, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-3c"""
    for name, value in {"LOOKUP": "openid", "BASE_URL": host.url, "TIMEOUT_S": "0.05"}.items():
        monkeypatch.setenv(f"MCI_TENANTS_{name}", value)
    host.hold()
    assert mci(*CHECK).json["tenant_id"] is None
    assert mci(*CHECK).code == 0


@pytest.mark.parametrize("url", ["http://login.example.com", "file:///etc/passwd", "login.example.com", "https://"])
def test_only_an_encrypted_host_or_this_machine_is_asked(
    mci: Mci, desk: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-3c"""
    monkeypatch.setenv("MCI_TENANTS_BASE_URL", url)
    refused = mci(*CHECK)
    assert refused.code == 1
    assert refused.error["problems"].keys() == {"MCI_TENANTS_BASE_URL"}
