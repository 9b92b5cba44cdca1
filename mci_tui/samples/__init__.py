"""The fictional sample workspace: files in the formats that operators bring, dated around the day they are made for."""

import csv
import io
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from string import Template

KINDS = ("catalogue", "locations", "operators", "directory", "nominations", "opportunities", "claims")
"""The kinds of sample file, in the order in which they are imported."""

PARTNER_NAME = "Meridiana Cloud (fictional)"
PARTNER_DOMAIN = "partner.example.net"
"""The made-up partner that the sample workspace belongs to, and the domain of its people's addresses."""

SETTINGS: Mapping[str, str] = {
    "partner_name": PARTNER_NAME,
    "partner_domains": PARTNER_DOMAIN,
    "mail_from": f"{PARTNER_NAME} <consent@{PARTNER_DOMAIN}>",
    "portal_url": "http://127.0.0.1:8765",
}
"""What the sample workspace is set to; its customers' page is served on this machine alone."""

_HERE = Path(__file__).parent
_FISCAL_YEAR_STARTS_IN = 7


def write_files(folder: Path, today: date) -> dict[str, Path]:
    """Writes every sample file into `folder`, which must exist, and gives their paths by kind, in import order.

    `today` is the local date in the workspace's time zone: engagements and claims are dated around it. Raises
    `OSError` where the folder cannot be written.
    """
    paths = {}
    for kind in KINDS:
        path = folder / _file_name(kind)
        path.write_text(text(kind, today), encoding="utf-8", newline="")
        paths[kind] = path
    return paths


def text(kind: str, today: date) -> str:
    """What the sample file of this kind says on the day `today`: TOML for the catalogue, CSV for all else."""
    stored = (_HERE / _file_name(kind)).read_text(encoding="utf-8")
    if kind == "catalogue":
        return Template(stored).substitute(_years(today))
    return _dated(stored, today) if kind == "claims" else stored


def _file_name(kind: str) -> str:
    return "catalogue.toml" if kind == "catalogue" else f"{kind}.csv"


def _years(today: date) -> Mapping[str, int]:
    """The years that the catalogue names: `year` is the one in which today's fiscal year began."""
    year = today.year if today.month >= _FISCAL_YEAR_STARTS_IN else today.year - 1
    return {"before": year - 2, "last": year - 1, "year": year, "next": year + 1, "after": year + 2}


def _dated(stored: str, today: date) -> str:
    """The claims with their `…_on` columns as ISO dates: the file keeps them as days from today."""
    rows = csv.DictReader(io.StringIO(stored))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows.fieldnames or (), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({column: _day(today, cell) if column.endswith("_on") else cell for column, cell in row.items()})
    return out.getvalue()


def _day(today: date, offset: str) -> str:
    return (today + timedelta(days=int(offset))).isoformat() if offset else ""
