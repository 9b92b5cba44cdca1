"""The program at a workspace for `test_idle`, looking a hundred times a second.

`python -m tests.screens.watching_host PLACE NOW LOOKS HOW`: for every look a byte is written to the file LOOKS. HOW is
`calm`, `restless` (each look finds another mark, so that everything is read anew), or `wasteful` (restless, and a list
read anew is painted whole).
"""

import itertools
import sys
from collections.abc import Hashable
from datetime import datetime
from pathlib import Path

from mci_tui.cli import main
from mci_tui.screens import watching
from mci_tui.services.desk import Desk
from mci_tui.widgets.record_table import RecordTable
from tests.conftest import LOGIN

if __name__ == "__main__":
    place, now, looks, how = sys.argv[1:]
    moment, counted, mark = datetime.fromisoformat(now), itertools.count(), Desk.mark

    def counting(desk: Desk) -> Hashable | None:
        with Path(looks).open("a") as file:
            file.write(".")
        found = mark(desk)
        return found if how == "calm" else (found, next(counted))

    watching.EVERY = 0.01
    setattr(Desk, "mark", counting)  # noqa: B010
    if how == "wasteful":
        setattr(RecordTable, "draw_rows", RecordTable.forget)  # noqa: B010
    sys.exit(main(["--workspace", place], clock=lambda: moment, login=LOGIN))
