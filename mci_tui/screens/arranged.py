"""Lists that every operator arranges: columns, order and filters are remembered, and can be saved as views (S-2i)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from mci_tui.screens.following import Following
from mci_tui.screens.listing import Asked, FilterInput, ListScreen
from mci_tui.screens.pick import PickScreen
from mci_tui.screens.views import View, ViewsScreen
from mci_tui.services import Services
from mci_tui.text import _
from mci_tui.widgets.choice import Option
from mci_tui.widgets.record_table import Column

Row = TypeVar("Row")


class ArrangedList(ListScreen[Row], Following):
    """A list that stands as its operator left it; of its columns it shows those that are not `hidden`."""

    KEPT = ""
    """Under what it is remembered; its saved views under the same, with `.views` behind."""

    services: Services
    hidden: frozenset[str] = frozenset()
    _recalled = False

    def offered(self, asked: Asked, width: int | None = None) -> Sequence[Column[Row]]:
        """Every column for what is asked on a terminal of `width` cells; on the widest, where there is none."""
        raise NotImplementedError

    def columns(self, asked: Asked) -> Sequence[Column[Row]]:
        return [column for column in self.offered(asked, self.app.size.width) if column.key not in self.hidden]

    def chosen(self, asked: Asked) -> list[str]:
        """The keys of the columns chosen, whether the terminal is wide enough for them or not."""
        return [column.key for column in self.offered(asked) if column.key not in self.hidden]

    def on_resize(self) -> None:
        self.table.columns = self.columns(self.asked)

    def action_columns(self) -> None:
        options = [Option(column.key, column.title) for column in self.offered(self.asked)[1:]]

        def choose(chosen: tuple[str, ...] | None) -> None:
            if chosen is not None:
                others = self.hidden - {option.value for option in options}
                self.hidden = others | {option.value for option in options if option.value not in chosen}
                self.load()

        self.app.push_screen(PickScreen(_("Columns"), options, tuple(self.chosen(self.asked))), choose)

    # What is remembered

    def kept(self, asked: Asked) -> dict[str, Any]:
        """How the list is looked at, as it is kept."""
        return {"sort": asked.sort, "descending": asked.descending, "hidden": sorted(self.hidden)}

    def recall(self, kept: Mapping[str, Any]) -> Asked:
        """What the list is asked for according to what was kept, as far as that means something still."""
        sort = kept.get("sort")
        self.hidden = frozenset(kept.get("hidden", ()))
        if sort not in dict(self.SORTS):
            return self.asked
        return replace(self.asked, sort=sort, descending=bool(kept.get("descending")))

    async def prepare(self) -> None:
        if not self._recalled:
            self._recalled = True
            self._stand(await asyncio.to_thread(self.services.memory.preference, self.KEPT))

    def _stand(self, kept: Mapping[str, Any]) -> None:
        self.asked = self.recall(kept)
        with self.prevent(FilterInput.Changed):
            self.query_one(FilterInput).value = self.asked.filter

    def remember(self, asked: Asked) -> None:
        now = self.kept(asked)
        if now != self.services.memory.preference(self.KEPT):
            self.services.memory.prefer(self.KEPT, now)

    # Saved views

    def told(self, view: View) -> str:
        """What a saved view shows, in words."""
        raise NotImplementedError

    async def action_views(self) -> None:
        """Offers the saved views, and to save the present one."""
        await self.follow(self._look_at_views)

    async def _look_at_views(self, arrived: asyncio.Event) -> bool:
        memory, key = self.services.memory, f"{self.KEPT}.views"
        kept = await asyncio.to_thread(memory.preference, key)
        words = {name: self.told(view) for name, view in kept.items()}
        arrived.set()
        left = await self.app.push_screen_wait(ViewsScreen(kept, self.kept(self.asked), words))
        if left.views != kept:
            await asyncio.to_thread(memory.prefer, key, left.views)
        if left.opened is not None:
            self._stand(left.opened)
            self.tab_strip.activate(self.asked.tab)
            self.table.clear_marks()
            self.load(keep_cursor=False)
        return False
