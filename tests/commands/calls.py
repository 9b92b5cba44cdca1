"""What the tests of the command line share: calls in process, places of their own, a small programme in files."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mci_tui import cli
from mci_tui.text import use_language
from tests.conftest import LOGIN, MovingClock

TENANT = "4f1c0e2a-77b1-4c1e-9a55-0c2d5be81f10"
SMALL_TENANT = "4f1c0e2a-77b1-4c1e-9a55-0c2d5be81f20"

CATALOGUE = """
format = 1
[markets]
A = ["IT", "DE"]

[[engagement]]
code = "cloud-assessment"
name = "Cloud Assessment"
solution_area = "Cloud"
partner_role = "pre-sales"
summary = "A look at the estate."
pay = "fixed"
id_types = ["domain", "tenant", "tpid"]
starts_on = 2026-07-01
ends_on = 2027-06-30
consent_days = 30
submit_days = 60
review_days = 90
dispute_days = 30
max_active_claims = 1
proof = ["invoice"]
payout = { fixed = { A = 8000, B = 6500, C = 5000 } }
criterion = [{ fact = "seats", is = "at_least", value = 300, reason = "fewer than 300 paid seats" }]

[[engagement]]
code = "security-workshop"
name = "Security Workshop"
solution_area = "Security"
pay = "fixed"
id_types = ["tenant", "tpid"]
starts_on = 2026-07-01
ends_on = 2027-06-30
consent_days = 20
submit_days = 60
review_days = 90
dispute_days = 30
proof = ["poe"]
locations = ["1234567"]
payout = { fixed = { A = 6000.5, B = 5000, C = 4000 } }

[[engagement]]
code = "erp-assessment"
name = "ERP Assessment"
solution_area = "Business"
pay = "variable"
id_types = ["msx"]
starts_on = 2026-07-01
ends_on = 2027-06-30
consent_days = 30
submit_days = 60
review_days = 90
dispute_days = 30
proof = ["poe"]
payout = { percent_of_acv = 7.5, hourly = { A = 163, B = 130, C = 98 }, cap = 6000, min_hours = 8, max_hours = 40 }
"""

FILES: Mapping[str, str] = {
    "catalogue": CATALOGUE,
    "locations": "location_id,name,country,enrolled\n1234567,Milano,IT,true\n2345678,Torino,IT,false\n",
    "directory": (
        "customer,customer_name,country,id_type,id_value,tenant_id,fact:seats\n"
        f"corvara,Corvara Distribuzione,IT,domain,corvara.example.com,{TENANT},\n"
        f"corvara,Corvara Distribuzione,IT,tenant,{TENANT},,500\n"
        "corvara,Corvara Distribuzione,IT,tpid,7654321,,20\n"
        f"minuta,Minuta & Figli,IT,tenant,{SMALL_TENANT},,10\n"
    ),
}
"""A programme of three engagements, two locations and two customers."""

ADD = (
    "claims",
    "add",
    *("--name", "Wave 1", "--location", "1234567", "--id-type", "tenant", "--id", TENANT.upper()),
    *("--engagement", "cloud-assessment", "--contact-name", "Anna Bianchi"),
    *("--contact-email", "anna@corvara.example.com"),
)
"""Adds Corvara to one engagement."""


@dataclass(frozen=True)
class Outcome:
    """How a call went."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """What the document says of a refusal."""
        assert self.json.keys() == {"error"}
        return self.json["error"]


class Mci:
    """Calls `mci-tui` in process, as an operator, by the tests' clock."""

    def __init__(self, clock: MovingClock, capsys: pytest.CaptureFixture[str]) -> None:
        self._clock, self._capsys = clock, capsys

    def __call__(self, *argv: str | Path, login: str | None = LOGIN) -> Outcome:
        self._capsys.readouterr()
        code = cli.main([str(each) for each in argv], clock=self._clock, login=login)
        return Outcome(code, *self._capsys.readouterr())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of one's own, where settings file and default workspace would be."""
    return live_in(tmp_path / "home", monkeypatch)


def live_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Makes `folder` the home of whoever calls from here on."""
    monkeypatch.setenv("HOME", str(folder))
    for variable, name in (("CONFIG", "config"), ("DATA", "data"), ("STATE", "state")):
        monkeypatch.setenv(f"XDG_{variable}_HOME", str(folder / name))
    return folder


@pytest.fixture
def mci(home: Path, clock: MovingClock, capsys: pytest.CaptureFixture[str]) -> Iterator[Mci]:
    """Calls `mci-tui`."""
    yield Mci(clock, capsys)
    use_language("en")


@pytest.fixture
def files(tmp_path: Path) -> Mapping[str, Path]:
    """The small programme as files, by kind."""
    written = {kind: tmp_path / f"{kind}.{'toml' if kind == 'catalogue' else 'csv'}" for kind in FILES}
    for kind, path in written.items():
        path.write_text(FILES[kind], encoding="utf-8")
    return written


@pytest.fixture
def desk(mci: Mci, files: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A workspace with the small programme, made by commands alone; it is the one that `MCI_WORKSPACE` names."""
    place = tmp_path / "desk.db"
    monkeypatch.setenv("MCI_WORKSPACE", str(place))
    own = ("--name", "Marco Rossi", "--email", "m.rossi@partner.example", "--phone", "+39 02 1234567")
    assert mci("init", "--partner", "Meridiana", "--domain", "partner.example", *own).code == 0
    for kind, path in files.items():
        assert mci("import", kind, path).code == 0
    return place


@pytest.fixture(scope="session")
def made_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample workspace, made once for all tests of a run by `LOGIN`; not to be written to."""
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as monkeypatch:
        live_in(folder / "home", monkeypatch)
        assert cli.main(["demo", str(folder), "--no-open"], clock=MovingClock(), login=LOGIN) == 0
    return folder / "desk.db"


@pytest.fixture
def sample(made_sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample workspace; it is the one that `MCI_WORKSPACE` names."""
    place = tmp_path / "sample.db"
    shutil.copy(made_sample, place)
    monkeypatch.setenv("MCI_WORKSPACE", str(place))
    return place
