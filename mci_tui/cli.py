"""`mci-tui`: reads the command line, and says in words and by its exit code how the call went."""

import logging
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress

from mci_tui.clock import Clock, system_clock
from mci_tui.commands.arguments import handler, parser
from mci_tui.errors import Refused, Unusable
from mci_tui.settings import language_of
from mci_tui.text import _, use_language

DONE, REFUSED, UNUSABLE = 0, 1, 3
"""The exit codes; 2, wrong usage, is argparse's own."""

_INTERRUPTED, _PIPE_CLOSED = 130, 141
"""What shells call a program that was stopped with Ctrl+C, or whose reader went away."""


def main(argv: Sequence[str] | None = None, *, clock: Clock = system_clock, login: str | None = None) -> int:
    """Runs one call and gives its exit code; writes no traceback.

    `clock` and `login` are for tests: nobody else can move the clock or work as somebody else.
    """
    _prepare()
    try:
        asked = parser().parse_args(argv)
        code = _run(asked, clock, login)
        sys.stdout.flush()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else DONE
    except KeyboardInterrupt:
        print(_("Stopped."), file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return _PIPE_CLOSED
    return code
