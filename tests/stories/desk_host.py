"""The program at a workspace, for an operator and a moment that the test names.

`python -m tests.stories.desk_host PLACE LOGIN NOW`: what `mci-tui --workspace PLACE` does.
"""

import sys
from datetime import datetime

from mci_tui.cli import main

if __name__ == "__main__":
    place, login, now = sys.argv[1:]
    moment = datetime.fromisoformat(now)
    sys.exit(main(["--workspace", place], clock=lambda: moment, login=login))
