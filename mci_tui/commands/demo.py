"""`demo`: the sample workspace of a fictional partner."""

import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mci_tui import samples
from mci_tui.bootstrap import new_workspace, open_services, require_terminal, run_screens
from mci_tui.commands.call import Call
from mci_tui.commands.printing import document, sentence
from mci_tui.domain.deadlines import today
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import Unusable, reason
from mci_tui.services.desk import Desk
from mci_tui.services.imports import Imports
from mci_tui.services.workspace import set_up
from mci_tui.settings import Mail, absolute
from mci_tui.text import _, safe_text

FILE = "desk.db"
"""The sample workspace's name in its folder."""

MAIL = "mail"
"""The folder beside it into which its mails are written: nobody is ever written to."""

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
    else:
        open_services(str(place), call.clock, call.login, read_only=call.read_only).close()
    if call.json:
        document({"workspace": str(place), "made": made})
    else:
        done = _("Made the sample workspace %(place)s.") if made else _("Using the sample workspace %(place)s.")
        sentence(done % {"place": safe_text(str(place))})
        sentence(_("Its partner, customers and figures are fictional; its mails are written into a folder beside it."))
    if not opening:
        return 0
    settings = call.settings._replace(workspace=str(place), mail=Mail(folder=str(place.with_name(MAIL))))
    return run_screens(settings, call.clock, call.login, call.read_only)


def _make(call: Call, place: Path) -> None:
    """Makes the workspace beside its place and moves it there once it is whole."""
    with _folder_beside(place) as beside:
        making = beside / FILE
        values = samples.SETTINGS
        with new_workspace(str(making), call.clock, call.login) as store:
            set_up(store, call.clock(), call.login, values, **_CALLER)
            imports = Imports(Desk(store, call.clock, call.login))
            day = today(call.clock(), Workspace().timezone)
            for kind, path in samples.write_files(beside, day).items():
                if imports.import_file(kind, path).bad:
                    raise AssertionError(f"the sample {kind} are not right")
        making.rename(place)


@contextmanager
def _folder_beside(place: Path) -> Iterator[Path]:
    """A folder for what is being made for `place`; afterwards nothing of it is left, nor of folders made for it."""
    new = [folder for folder in place.parents if not folder.exists()]
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=".making-") as beside:
            yield Path(beside)
    except BaseException as error:
        with suppress(OSError):
            for folder in new:
                folder.rmdir()
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            raise Unusable(reason("workspace_cannot_open_because", place=str(place), why=why)) from error
        raise
