"""`init`, `settings` and `paths`: the workspace as a whole."""

from argparse import Namespace

from mci_tui.bootstrap import new_workspace
from mci_tui.commands.call import Call
from mci_tui.commands.printing import document, facts, sentence
from mci_tui.text import _, safe_text


def init(call: Call, asked: Namespace) -> int:
    """Makes a new, empty workspace; the caller becomes its first Incentives admin of all locations."""
    call.require_writable()
    from mci_tui.services.workspace import set_up
    from mci_tui.store.engine import shown_place

    values = {"timezone": asked.timezone, "partner_name": asked.partner_name}
    values["partner_domains"] = ",".join(asked.partner_domains or ()) or None
    given = {key: value for key, value in values.items() if value is not None}
    place = call.settings.workspace
    with new_workspace(place, call.clock, call.login) as store:
        set_up(store, call.clock(), call.login, given, name=asked.name, email=asked.email, phone=asked.phone)
    if call.json:
        document({"workspace": shown_place(place), "login": call.login})
        return 0
    made = _("Made the workspace %(place)s. You, %(login)s, are its first Incentives admin.")
    sentence(made % {"place": safe_text(shown_place(place)), "login": safe_text(call.login)})
    sentence(_("Next, bring the programme in: mci-tui import catalogue FILE"))
    return 0


def show_settings(call: Call, _asked: Namespace) -> int:
    """Prints the workspace's settings."""
    with call.services() as services:
        found = services.settings.show()._asdict()
    if call.json:
        document(found)
    else:
        facts((key, _written(value) or "–") for key, value in found.items())
    return 0


def set_setting(call: Call, asked: Namespace) -> int:
    """Changes one of the workspace's settings."""
    with call.services() as services:
        found = services.settings.set(asked.key, asked.value)._asdict()
    if call.json:
        document(found)
    else:
        facts([(asked.key, _written(found[asked.key]))])
    return 0


def paths(call: Call, _asked: Namespace) -> int:
    """Prints every place in use."""
    from mci_tui.store.engine import shown_place

    places = call.settings.places
    found = {
        "workspace": shown_place(call.settings.workspace),
        "settings": str(places.settings),
        "demo": str(places.demo),
        "reports": str(places.reports),
    }
    if call.json:
        document(found)
    else:
        facts(found.items())
    return 0


def _written(value: object) -> str:
    """A setting as `settings set` takes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, tuple) else str(value)
