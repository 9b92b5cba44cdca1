"""`make bench`: measures every goal and writes `docs/benchmarks.md`."""

import argparse
import compileall
import gc
import inspect
import sqlite3
import sysconfig
import tempfile
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from benchmarks import claims, overview, screens, seed
from benchmarks.report import page
from mci_tui.store import schema, standing

SMALL, BIG = 1_000, 100_000
FEW_CLAIMS, MANY_CLAIMS = 1_000, 200_000
EACH = 2
"""Claims of a customer, where it is the claims that are counted."""

_ROOT = Path(__file__).parent.parent


def main() -> None:
    """Measures and writes the page."""
    asked = _arguments()
    for folder in (_ROOT / "mci_tui", _ROOT / "benchmarks", Path(sysconfig.get_path("purelib"))):
        compileall.compile_dir(folder, quiet=2)
    small, big = (_workspace(asked.cache, customers) for customers in (SMALL, BIG))
    few, many = (_workspace(asked.cache, claims // EACH, EACH) for claims in (FEW_CLAIMS, MANY_CLAIMS))
    gc.collect()
    gc.freeze()
    goals = [
        *screens.starts(asked.runs, small),
        *screens.pages(asked.runs, small, big),
        *screens.downs(asked.runs, small),
        *overview.lists(asked.runs, few, many),
        claims.adding(10 * asked.runs, asked.cache),
    ]
    asked.out.write_text(page(goals, asked.runs), encoding="utf-8")
    for goal in goals:
        print(goal.row())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=11, help="readings of each kind")
    parser.add_argument("--out", type=Path, default=_ROOT / "docs" / "benchmarks.md", help="the page to write")
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path(tempfile.gettempdir(), "mci-tui-benchmarks"),
        help="where the workspaces are kept from one run to the next",
    )
    asked = parser.parse_args()
    asked.cache.mkdir(parents=True, exist_ok=True)
    return asked


def _workspace(cache: Path, customers: int, each: int = 1) -> Path:
    """The workspace of that size, made where there is none of this schema and seed."""
    made_by = "".join(inspect.getsource(source) for source in (seed, schema, standing))
    path = cache / f"{customers}x{each}-{sha256(made_by.encode()).hexdigest()[:12]}.db"
    if not path.exists():
        making = path.with_suffix(".making")
        making.unlink(missing_ok=True)
        seed.make(making, customers, each=each)
        making.rename(path)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM preferences")  # what an interrupted run left typed into a filter
    return path


if __name__ == "__main__":
    main()
