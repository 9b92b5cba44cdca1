"""`mci-tui`: reads the command line, and says in words and by its exit code how the call went."""

import io
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING

from mci_tui.clock import Clock, system_clock
from mci_tui.errors import Refused, Unusable
from mci_tui.settings import language_of, load, places
from mci_tui.text import _, use_language

if TYPE_CHECKING:
    from argparse import Namespace

    Asked = Namespace | SimpleNamespace

DONE, REFUSED, UNUSABLE = 0, 1, 3
"""The exit codes; 2, wrong usage, is argparse's own."""

_INTERRUPTED, _READER_GONE = 130, 141
"""What shells know as ended by Ctrl+C, and by a pipe that nobody reads any more."""


def main(argv: Sequence[str] | None = None, *, clock: Clock = system_clock, login: str | None = None) -> int:
    """Runs one call and gives its exit code; writes no traceback.

    `clock` and `login` are for tests: there is no other way to move the clock or to work as somebody else.
    """
    _prepare()
    try:
        code = _run(_asked(sys.argv[1:] if argv is None else argv), clock, login)
        sys.stdout.flush()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else DONE
    except KeyboardInterrupt:
        return _stop(_INTERRUPTED, _("Stopped."))
    except BrokenPipeError:
        _drop_output()
        return _READER_GONE
    except OSError as error:
        _drop_output()
        return _stop(REFUSED, _("Reading or writing has failed: %(why)s.") % {"why": error.strerror or error})
    except Exception as error:
        from mci_tui.terminal import crash

        return _stop(REFUSED, str(crash(error, places().reports)))
    return code


def _asked(argv: Sequence[str]) -> "Asked":
    """What the command line asks for. With no more on it than a workspace, the screens open without the parser of all
    commands being built."""
    match argv:
        case []:
            return SimpleNamespace(does=None)
        case ["--workspace", place] if not place.startswith("-"):
            return SimpleNamespace(does=None, workspace=place)
    from mci_tui.commands.arguments import parser

    return parser().parse_args(argv)


def _run(asked: "Asked", clock: Clock, login: str | None) -> int:
    from mci_tui.bootstrap import account, run_screens

    as_json = getattr(asked, "json", False)
    try:
        settings = load(getattr(asked, "workspace", None))
        use_language(settings.language)
        login, read_only = login or account(), getattr(asked, "read_only", False)
        if asked.does:
            from mci_tui.commands.arguments import handler
            from mci_tui.commands.call import Call

            return handler(asked.does)(Call(settings, clock, login, read_only, as_json), asked)
        if as_json:
            asked.parser.error(_("--json needs a command"))
        return run_screens(settings, clock, login, read_only)
    except Refused as refused:
        from mci_tui.commands.printing import refusal

        refusal(refused, as_json, asked.parser.labels() if hasattr(asked, "parser") else {})
        return UNUSABLE if isinstance(refused, Unusable) else REFUSED


def _prepare() -> None:
    """The language for the command line itself; nothing of drivers or libraries reaches the terminal."""
    use_language(language_of(os.environ))
    logging.basicConfig(handlers=[logging.NullHandler()])
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _stop(code: int, said: str) -> int:
    print(said, file=sys.stderr)
    return code


def _drop_output() -> None:
    """Lets what is not written yet fall into nothing: Python would complain of it on the way out."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
