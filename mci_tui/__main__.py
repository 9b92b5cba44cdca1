"""`python -m mci_tui` is `mci-tui`."""

import sys

from mci_tui.cli import main

sys.exit(main())
