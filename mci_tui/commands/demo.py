"""`demo`: the sample workspace of a fictional partner."""

import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from mci_tui import samples
from mci_tui.bootstrap import new_workspace, open_services, require_terminal, run_screens
from mci_tui.commands.call import Call
from mci_tui.commands.printing import document, sentence
from mci_tui.domain.deadlines import today
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Unusable, reason
from mci_tui.services import services_at
from mci_tui.services.desk import Desk
from mci_tui.services.imports import Imports
from mci_tui.services.workspace import set_up
from mci_tui.settings import absolute
from mci_tui.text import _, safe_text
from mci_tui.words import number

FILE = "desk.db"
"""The sample workspace's name in its folder."""

_CALLER = {"name": "Andrea Ferri", "email": f"a.ferri@{samples.PARTNER_DOMAIN}", "phone": "+39 02 9900 1230"}
"""The caller's made-up contact data."""


def demo(call: Call, asked: Namespace) -> int:
    """Makes the sample workspace, or uses the one that is there, and opens it."""
    if "workspace" in asked:
        asked.parser.error(_("the sample workspace has a folder of its own: give DIR, not --workspace"))
    opening = not (asked.no_open or call.json)
    if opening:
        require_terminal()
    place = Path(absolute(asked.folder)) / FILE if asked.folder else call.settings.places.demo / FILE
    made = not place.exists()
    if made:
        call.require_writable()
        _make(call, place)
    _tell(call, place, made)
    return run_screens(replace(call.settings, workspace=str(place)), call.clock, call.login, call.read_only) * opening


def _tell(call: Call, place: Path, made: bool) -> None:
    services = open_services(str(place), call.clock, call.login, read_only=call.read_only)
