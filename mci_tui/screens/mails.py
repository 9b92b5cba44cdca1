"""The mails to customers: what waits, what failed and why, what was sent; and sending one again."""

import asyncio
from collections.abc import Hashable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from textual import on, work
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from mci_tui.errors import Refused
from mci_tui.screens import cells
from mci_tui.screens.claim import open_claim
from mci_tui.screens.listing import Asked, Head, ListScreen
from mci_tui.screens.mail import MailScreen, what_to_do, who_sends
from mci_tui.services import Services
from mci_tui.services.exporting import Source
from mci_tui.services.mails import COLUMNS, RETRIED, Mail, mail_row
from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.bars import crumbs
from mci_tui.widgets.record_table import PAGE, Column, Fetch, PageRequest, RecordTable
from mci_tui.widgets.tab_strip import Tab
from mci_tui.words import MAIL_KINDS_SHORT, moment, number

FOLDERS = {"waiting": N_("Waiting"), "failed": N_("Failed"), "sent": N_("Sent")}


class MailsScreen(ListScreen[Mail]):
    """Every mail of the workspace, the latest first; `wanted` is what its filter begins with."""

    BINDINGS = [
        Binding("e,enter", "read", N_("Read it"), id="mails.read", key_display="⏎"),
        Binding("t", "retry", N_("Send again"), id="mails.retry"),
        Binding("o", "open", N_("Open claim"), id="mails.open"),
        Binding("escape,backspace,q", "app.pop_screen", N_("Back"), id="mails.back"),
    ]
    has_detail = True

    def __init__(self, services: Services, folder: str = "waiting", wanted: str = "") -> None:
        super().__init__([Tab(key, _(name)) for key, name in FOLDERS.items()], Asked(folder, "", wanted))
        self.services = services
        self._zone: ZoneInfo = ZoneInfo("UTC")
        self._sender = ""

    # What it says to the list

    def headline(self) -> tuple[Content, Content]:
        return crumbs(_("Mail")), Content(self._sender)

    def columns(self, asked: Asked) -> Sequence[Column[Mail]]:
        shown = (
            Column[Mail]("to", _("To"), lambda mail: mail.to, 24, weight=3),
            Column[Mail]("claim", _("Claim ID"), lambda mail: mail.claim_id, 10),
            Column[Mail]("kind", _("What"), lambda mail: _(MAIL_KINDS_SHORT[mail.kind]), 10),
            Column[Mail]("state", _("State"), lambda mail: cells.mail_state(mail.state), 13),
            Column[Mail]("when", _("When"), lambda mail: self._moment(mail.sent_at or mail.asked_at), 13),
        )
        if asked.tab != "waiting":
            return *shown, Column[Mail](
                "said", _("The server said"), lambda mail: mail.server_said, 20, 2, from_width=110
            )
        tries = Column[Mail]("attempts", _("Tries"), lambda mail: number(mail.attempts), 5, 0, "right", from_width=90)
        return *shown, tries, Column[Mail]("next", _("Next try"), self._next, 13, from_width=100)

    def row_key(self, row: Mail) -> str:
        return row.message_id

    def mark(self) -> Hashable | None:
        return self.services.desk.mark()

    async def prepare(self) -> None:
        self._zone = ZoneInfo((await asyncio.to_thread(self.services.settings.show)).timezone)

    def read_rows(self, asked: Asked) -> tuple[Sequence[Mail], Fetch[Mail]]:
        def fetch(request: PageRequest[Mail]) -> Sequence[Mail]:
            return self.services.mails.rows(asked.tab, asked.filter, offset=request.offset, limit=request.size)

        return self.services.mails.rows(asked.tab, asked.filter, limit=PAGE), fetch

    def read_head(self, asked: Asked) -> Head:
        counts = self.services.mails.counts()
        total = self.services.mails.count(asked.tab, asked.filter) if asked.filter else counts[asked.tab]
        self._sender = who_sends(self.app, counts["waiting"])
        left = [_("latest first")]
        if asked.filter:
            left.append(_("filter: %(filter)s") % {"filter": safe_text(asked.filter)})
        who = f"{self.services.desk.login} · {self.services.settings.show().partner_name}".rstrip(" ·")
        return Head(total, {**counts}, _empty(asked), Content(" · ".join(left)), Content(safe_text(who)))

    def export_source(self, asked: Asked, *, everything: bool) -> Source:
        folder, wanted = (None, "") if everything else (asked.tab, asked.filter)
        return Source("mails", COLUMNS, lambda: map(mail_row, self.services.mails.every(folder, wanted)))

    def today(self) -> date:
        return self.services.desk.today()

    def _show_head(self, head: Head) -> None:
        super()._show_head(head)
        self.show_title()

    def _moment(self, at: datetime) -> str:
        return moment(at, self._zone, year=False)

    def _next(self, mail: Mail) -> str:
        return self._moment(mail.next_at) if mail.next_at and mail.attempts else ""

    # Routing

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("sort", "reverse"):
            return False
        row = self.table.current if self.is_mounted else None
        if action in ("read", "open"):
            return True if row else None
        if action == "retry":
            return True if row and row.state in RETRIED else None
        return super().check_action(action, parameters)

    @on(RecordTable.Moved)
    def _moved(self, event: RecordTable.Moved[Mail]) -> None:
        """Says in full what there is to say of the mail under the cursor."""
        event.stop()
        detail = self.query_one("#detail", Static)
        detail.display = event.row is not None
        if event.row is not None:
            detail.update(Content("\n").join(self._told(event.row)), layout=False)
        self.refresh_bindings()

    def _told(self, mail: Mail) -> Sequence[Content]:
        who, what = f"{mail.to_name} · {mail.to}", f"{mail.customer_name} · {mail.engagement_name}"
        said = _("The server said: %(said)s") % {"said": safe_text(mail.server_said)} if mail.server_said else ""
        todo = "" if mail.sent_at else what_to_do(mail, self._zone)
        return [Content(line) for line in (safe_text(who), safe_text(what), said, todo) if line]

    @on(RecordTable.Opened)
    def action_read(self) -> None:
        if (mail := self.table.current) is not None:
            self.app.push_screen(MailScreen([mail], self._zone))

    @work(group="mails.open", exclusive=True)
    async def action_open(self) -> None:
        if (mail := self.table.current) is not None:
            try:
                await open_claim(self.app, self.services, mail.claim_id)
            except Refused as refused:
                self.refuse(refused)

    @work(group="mails.retry")
    async def action_retry(self) -> None:
        """Has the mail under the cursor sent again at once."""
        if (mail := self.table.current) is None:
            return
        try:
            again = await asyncio.to_thread(self.services.mails.retry, mail.message_id)
        except Refused as refused:
            self.refuse(refused)
        else:
            self.notify(_("The mail to %(to)s waits to be sent again.") % {"to": safe_text(again.to)}, markup=False)
        self.load()


def _empty(asked: Asked) -> str:
    if asked.filter:
        return _("Nothing matches the filter. Esc in the filter clears it.")
    return {
        "waiting": _("Nothing waits to be sent."),
        "failed": _("Nothing has failed."),
        "sent": _("No mail has been sent yet. Customers are asked from the Customers page of an engagement."),
    }[asked.tab]
