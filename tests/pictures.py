"""Writes the pictures of `docs/screens/` (`python -m tests.pictures`), or of all scenes at both sizes into a folder:
`python -m tests.pictures FOLDER`.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select

from mci_tui.store.schema import customers
from tests.operator import SIZES, SMALL, WIDE, Place
from tests.programme import make_programme
from tests.scenes import SCENES

DOCS = Path(__file__).parent.parent / "docs" / "screens"

SHOWN = (
    ("engagements", SMALL),
    ("customers", WIDE),
    ("customers-not-eligible", SMALL),
    ("add-engagements", SMALL),
    ("add-contacts", WIDE),
)
"""The scenes that the documents show, each with its size."""

_WIDE_LETTERS = {"hoshikage": "Hoshikage Foods K.K.", "iwata": "Iwata Seisakusho"}
"""Names that fonts without letters of two cells would put out of line in a picture, by key, in other letters."""


async def take(scenes: Iterable[tuple[str, tuple[int, int]]], folder: Path) -> None:
    """Takes a picture of each scene at its size."""
    with tempfile.TemporaryDirectory() as beside:
        original = Path(beside) / "original"
        original.mkdir()
        make_programme(original / "desk.db")
        for name, size in scenes:
            place = Place(original / "desk.db").copied_to(Path(beside))
            _write_wide_letters_otherwise(place)
            async with place.opened(size=size) as operator:
                await SCENES[name](operator)
                picture = operator.app.export_screenshot(title="mci-tui")
            (folder / f"{name}-{size[0]}x{size[1]}.svg").write_text(picture, "utf-8")


def _write_wide_letters_otherwise(place: Place) -> None:
    with place.books() as books:
        for key, name in _WIDE_LETTERS.items():
            with books.store.read() as tx:
                customer = tx.execute(select(customers.c.id).where(customers.c.key == key)).scalar_one()
            books.rename(customer, name)


if __name__ == "__main__":
    wanted = [(name, size) for name in SCENES for size in SIZES] if sys.argv[1:] else SHOWN
    into = Path(sys.argv[1]) if sys.argv[1:] else DOCS
    into.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(wanted, into))
