"""Every claim of the workspace, by solution area: narrowed, sorted, marked, moved on one by one or many at once."""

import asyncio
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from textual import on
from textual.binding import Binding
from textual.content import Content

from mci_tui.domain.claims import STAGES, Event, NextAction
from mci_tui.errors import NotAllowed
from mci_tui.screens import cells
from mci_tui.screens.arranged import ArrangedList
from mci_tui.screens.claim import look_at_claim
from mci_tui.screens.claim_filters import Filters, FiltersScreen, recalled
from mci_tui.screens.claim_rows import EXPORTED, action_of, columns_of
from mci_tui.screens.customer_rows import FULL_ROOM, NARROW, SHORT_ROOM, WIDE
from mci_tui.screens.listing import Asked, Head
from mci_tui.screens.views import View
from mci_tui.screens.wizards.leading import lead_remind_all
from mci_tui.screens.wizards.many import lead_cancel_all
from mci_tui.screens.wizards.steering import lead_action
from mci_tui.services import Services
from mci_tui.services.claims import COLUMNS, Claim, ClaimQuestion
from mci_tui.services.exporting import Source, claim_row, every_claim
from mci_tui.text import N_, _, safe_text
from mci_tui.widgets.bars import SEPARATOR, crumbs
from mci_tui.widgets.record_table import PAGE, Column, Fetch, PageRequest, RecordTable
from mci_tui.widgets.tab_strip import Tab
from mci_tui.words import number

ALL = ""
"""The tab of all solution areas."""


@dataclass(frozen=True, slots=True)
class ClaimsAsked(Asked):
    """What the list is asked for; `tab` is a solution area."""

    filters: Filters = field(default_factory=Filters)

    def question(self) -> ClaimQuestion:
        """The same for the service."""
        return ClaimQuestion(
            area=self.tab,
            filter=self.filter,
            sort=self.sort,
            descending=self.descending,
            **self.filters.question(),
        )


class ClaimsScreen(ArrangedList[Claim]):
    """The claims, those too that no Customers page shows any more. S-2f, S-2i"""

    BINDINGS = [
        Binding("e,enter", "act", N_("Action"), id="claims.act", key_display="⏎"),
        Binding("o", "open", N_("Open claim"), id="claims.open", show=False),
        Binding("f", "filters", N_("Filters"), id="claims.filters"),
        Binding("F", "clear_filters", N_("Clear the filters"), id="claims.clear_filters", show=False),
        Binding("v", "views", N_("Views"), id="claims.views"),
        Binding("m", "remind_marked", N_("Remind marked"), id="claims.remind_marked", show=False),
        Binding("C", "cancel_marked", N_("Cancel marked"), id="claims.cancel_marked", show=False),
        Binding("c", "columns", N_("Columns"), id="claims.columns", show=False),
        Binding("escape,backspace,q", "app.pop_screen", N_("Back"), id="claims.back"),
    ]
    KEPT = "claims"
    SORTS = (("claim", N_("claim ID")), ("customer", N_("customer")), ("status", N_("status")), ("due", N_("due")))

    def __init__(self, services: Services) -> None:
        super().__init__([Tab(ALL, _("All"))], ClaimsAsked(ALL, "claim", descending=True))
        self.services = services

    # What it says to the list

    def headline(self) -> tuple[Content, Content]:
        return crumbs(_("Claims")), Content(_("of every engagement"))

    def offered(self, asked: Asked, width: int | None = None) -> Sequence[Column[Claim]]:
        return columns_of(WIDE if width is None else width)

    def row_key(self, row: Claim) -> str:
        return row.claim_id

    def mark(self) -> Hashable | None:
        return self.services.desk.mark()

    def read_rows(self, asked: Asked) -> tuple[Sequence[Claim], Fetch[Claim]]:
        claims, question = self.services.claims, _question(asked)

        def fetch(request: PageRequest[Claim]) -> Sequence[Claim]:
            after, before = (each.claim_id if each else "" for each in (request.after, request.before))
            place = {"offset": request.offset, "limit": request.size}
            return claims.rows(question, after=after, before=before, last=request.last, **place)

        return claims.rows(question, limit=PAGE), fetch

    def read_head(self, asked: Asked) -> Head:
        areas = self.services.claims.areas()
        counts: dict[str, int | None] = {ALL: sum(areas.values()), **areas}
        question = _question(asked)
        narrowed = replace(question, sort="claim", descending=False, area="") != ClaimQuestion()
        total = self.services.claims.count(question) if narrowed else counts.get(asked.tab) or 0
        return Head(total, counts, _empty(narrowed), Content(SEPARATOR.join(self._said(asked))), Content(self._who()))

    def _who(self) -> str:
        """Who looks, and at whose claims; a Referrals admin is not told of the workspace. S-1d"""
        parts = [self.services.desk.login]
        with suppress(NotAllowed):
            parts.append(self.services.settings.show().partner_name)
        return safe_text(SEPARATOR.join(filter(None, parts)))

    def _said(self, asked: Asked) -> list[str]:
        """How the list is sorted and narrowed; a narrow terminal counts several filters, and leaves the order to the
        arrow above the rows."""
        words, narrow = _filters(asked).words(), self.app.size.width < NARROW
        said = [] if words and narrow else [self.sorted_words(asked)]
        if asked.filter:
            said.append(_("filter: %(filter)s") % {"filter": safe_text(asked.filter)})
        if words:
            several = _("%(count)s filters") % {"count": number(len(words))}
            said += [*([several] if narrow and len(words) > 1 else words), _("F clears")]
        return said

    def _show_head(self, head: Head) -> None:
        if [tab.key for tab in self.tab_strip.tabs] != list(head.counts):
            self.tab_strip.tabs = [Tab(key, key or _("All"), count) for key, count in head.counts.items()]
        super()._show_head(head)
        if self.asked.tab not in head.counts:
            self.ask(tab=ALL)

    def markable(self) -> Callable[[Claim], bool] | None:
        return lambda _row: True

    def locate(self, asked: Asked) -> Callable[[Any], int | None] | None:
        return partial(self.services.claims.index_of, _question(asked))

    def export_source(self, asked: Asked, *, everything: bool) -> Source:
        """What is marked, where anything is; else what is listed. S-11b"""
        question = ClaimQuestion(area=asked.tab) if everything else _question(asked)
        if not everything and self.table.marked:
            question = replace(question, numbers=tuple(map(str, self.table.marked)))
        columns = COLUMNS if everything else [name for key in self.chosen(asked) for name in EXPORTED[key]]
        return Source("claims", columns, lambda: map(claim_row, every_claim(self.services.claims, question)))

    @property
    def exports_marked(self) -> int:
        return len(self.table.marked)

    def today(self) -> date:
        return self.services.desk.today()

    def main_value(self, row: Claim) -> str:
        return safe_text(row.claim_id)

    # What is remembered for the operator

    def kept(self, asked: Asked) -> dict[str, Any]:
        filters = {name: list(values) for name, values in asdict(_filters(asked)).items() if values}
        return {**super().kept(asked), "tab": asked.tab, "filter": asked.filter, "filters": filters}

    def recall(self, kept: Mapping[str, Any]) -> Asked:
        asked = super().recall(kept)
        filters = recalled(kept.get("filters", {}))
        return ClaimsAsked(
            str(kept.get("tab", ALL)), asked.sort, str(kept.get("filter", "")), asked.descending, filters
        )

    def told(self, view: View) -> str:
        found = [str(view.get("tab", "")), str(view.get("filter", "")), *recalled(view.get("filters", {})).words()]
        return SEPARATOR.join(filter(None, found)) or _("every claim")

    # Actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.following and action in ("columns", "filters", "views"):
            return None
        if action in ("act", "open"):
            return True if self.is_mounted and self.table.current is not None else None
        if action == "clear_filters":
            return True if _filters(self.asked) != Filters() else None
        return super().check_action(action, parameters)

    @on(RecordTable.Moved)
    @on(RecordTable.Marked)
    def _looks_different(self, event: RecordTable.Moved[Claim] | RecordTable.Marked[Claim]) -> None:
        event.stop()
        if (words := self.key_words) != self._worded:
            self._worded = words
            self.refresh_bindings()

    _worded: Mapping[str, str] = {}

    @property
    def key_words(self) -> dict[str, str]:
        """What Enter does for the row under the cursor, and that there is something to do for marked ones."""
        if not self.is_mounted:
            return {}
        row, room = self.table.current, SHORT_ROOM if self.app.size.width < NARROW else FULL_ROOM
        action = action_of(row) if row else None
        words = {"act": cells.action_words(action, room) if action else _("Open claim")}
        if waiting := len(self._marked(_awaits)):
            words["remind_marked"] = _("Remind %(count)s") % {"count": number(waiting)}
        if cancellable := len(self._marked(_cancellable)):
            words["cancel_marked"] = _("Cancel %(count)s") % {"count": number(cancellable)}
        return words

    def _marked(self, wanted: Callable[[Claim], bool]) -> list[Claim]:
        return [claim for claim in self.table.marked.values() if wanted(claim)]

    @on(RecordTable.Opened)
    async def action_act(self) -> None:
        """Does what the claim's status offers, or opens the claim. S-2h"""
        if (row := self.table.current) is not None and (action := action_of(row)):
            await self.follow(partial(lead_action, self.app, self.services, row.claim_id, action))
        else:
            await self.action_open()

    async def action_open(self) -> None:
        if (row := self.table.current) is not None:
            await self.follow(partial(look_at_claim, self.app, self.services, row.claim_id))

    async def action_remind_marked(self) -> None:
        """Reminds the customers of all marked claims that await consent. S-5e"""
        await self._do_for_marked(
            _awaits, lead_remind_all, _("Mark claims first: Space marks those that await consent.")
        )

    async def action_cancel_marked(self) -> None:
        """Cancels all marked claims that were never submitted. S-6a"""
        await self._do_for_marked(
            _cancellable, lead_cancel_all, _("Mark claims first: Space marks those that are not submitted yet.")
        )

    async def _do_for_marked(self, wanted: Callable[[Claim], bool], lead: Any, otherwise: str) -> None:
        rows = self._marked(wanted)
        if not rows:
            self.notify(otherwise, markup=False)
            return

        async def way(arrived: asyncio.Event) -> bool:
            done: bool = await lead(self.app, self.services, rows, arrived)
            if done:
                self.table.clear_marks()
            return done

        await self.follow(way)

    async def was_done(self) -> None:
        self.load()

    async def action_filters(self) -> None:
        """Asks by what the list is to be narrowed."""
        await self.follow(self._narrow)

    async def _narrow(self, arrived: asyncio.Event) -> bool:
        choices = await asyncio.to_thread(self.services.claims.choices)
        arrived.set()
        self.ask(filters=await self.app.push_screen_wait(FiltersScreen(_filters(self.asked), choices)))
        return False

    def action_clear_filters(self) -> None:
        self.ask(filters=Filters())


def _filters(asked: Asked) -> Filters:
    return asked.filters if isinstance(asked, ClaimsAsked) else Filters()


def _question(asked: Asked) -> ClaimQuestion:
    return asked.question() if isinstance(asked, ClaimsAsked) else ClaimQuestion()


def _awaits(claim: Claim) -> bool:
    return action_of(claim) == NextAction.RESEND_CONSENT


def _cancellable(claim: Claim) -> bool:
    return Event.CANCEL in STAGES[claim.status].moves


def _empty(narrowed: bool) -> str:
    if narrowed:
        return _("No claim is like that. Esc in the filter clears it, F clears the filters.")
    return _("No claims yet. Customers are added on the Customers page of an engagement.")
