"""`portal`: the customers' page."""

import logging
from argparse import Namespace

from mci_tui.commands.call import Call
from mci_tui.text import _, safe_text


def portal(call: Call, asked: Namespace) -> int:
    """Serves the page on which customers answer, until it is stopped by a signal."""
    call.require_writable()
    from mci_tui.portal.app import portal_app
    from mci_tui.portal.serve import serve

    host, port = asked.host or call.settings.portal.host, asked.port or call.settings.portal.port
    with call.services() as services:
        url = services.settings.show().portal_url
        app = portal_app(
            services.answers,
            portal_url=url,
            clock=call.clock,
            trusted_proxies=call.settings.portal.trusted_proxies,
        )
        listens = {"host": safe_text(host), "port": port, "url": safe_text(url) or "–"}
        told = _("The customers' page listens on %(host)s:%(port)s; its links begin with %(url)s.") % listens
        _log_to_standard_error()
        serve(app, host, port, ready=lambda: print(told, flush=True))
    return 0


def _log_to_standard_error() -> None:
    """A line for each request, without the token of its link."""
    logger = logging.getLogger("mci_tui.portal")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
