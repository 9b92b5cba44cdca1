"""The sender: takes mails out of the outbox one by one, hands each to a mail server, writes down how that ended."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Event

from mci_tui.errors import Unusable
from mci_tui.mail.letters import message
from mci_tui.mail.transport import Delivery, Outcome, Transport
from mci_tui.services.outbox import Lease, Outbox
from mci_tui.store.engine import Busy

PULSE = 2.0
"""Seconds between two looks at an outbox in which nothing is due."""

PAUSE = 300.0
"""Seconds that a sender rests whom the mail server does not let in."""

TURNS = 10
"""How often more a sender waits for its turn to write down how a mail ended, some seconds each time."""


@dataclass(frozen=True, slots=True)
class Handled:
    """One mail that a sender had in hand, and how that ended."""

    message_id: str
    to: str
    outcome: Outcome
    said: str


class Sender:
    """Sends what waits. Several may work at once, in one process or many: each mail is leased by one of them."""

    def __init__(self, outbox: Outbox, transport: Transport, owner: str) -> None:
        self._outbox = outbox
        self._transport = transport
        self._owner = owner

    def once(self) -> Handled | None:
        """Handles the next mail that is due; None where nothing is. Raises `Unusable`."""
        lease = self._outbox.lease(self._owner)
        if lease is None:
            return None
        delivery = self._deliver(lease)
        self._settle(lease, delivery)
        return Handled(lease.message_id, lease.to_address, delivery.outcome, delivery.said)

    def run(self, stop: Event, tell: Callable[[Handled | Unusable], None]) -> None:
        """Sends until `stop` is set; what was handled, or why the workspace cannot be used, is told."""
        while not stop.is_set():
            try:
                handled = self.once()
            except Unusable as unusable:
                tell(unusable)
                stop.wait(PULSE if isinstance(unusable, Busy) else PAUSE)
                continue
            if handled is not None:
                tell(handled)
            if handled is None or handled.outcome is Outcome.PAUSED:
                stop.wait(PULSE if handled is None else PAUSE)

    def _settle(self, lease: Lease, delivery: Delivery) -> None:
        """Waits for whoever writes for long: a mail would go out twice if nobody wrote down that it was taken."""
        for _turn in range(TURNS):
            with suppress(Busy):
                self._outbox.settle(lease, delivery)
                return
        self._outbox.settle(lease, delivery)

    def _deliver(self, lease: Lease) -> Delivery:
        try:
            written = message(
                lease.letter,
                link=lease.link,
                message_id=lease.message_id,
                sender=lease.sender,
                reply_to=lease.reply_to,
                to_name=lease.to_name,
                to_address=lease.to_address,
                at=lease.at,
            )
        except (ValueError, LookupError, UnicodeError) as error:  # one mail that cannot be written holds up no other
            return Delivery(Outcome.REFUSED, str(error))
        return self._transport.deliver(
            written, sender=lease.sender, to=lease.to_address, cleared=lambda: self._outbox.cleared(lease)
        )
