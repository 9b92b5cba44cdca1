"""What the screens share that lead somewhere: one way at a time is followed, and keys wait for what it leads to."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from textual import work
from textual.screen import Screen

from mci_tui.errors import Refused
from mci_tui.screens.wizards.engine import PATIENCE

Way = Callable[[asyncio.Event], Awaitable[bool]]
"""Leads through a wizard, a box or another screen: gives whether something was done, sets the event once there is
something in front that takes keys, and raises `Refused`."""


class Following(Screen[None]):
    """A screen that follows ways."""

    following = False
    """Whether a way is being followed."""

    async def follow(self, way: Way) -> None:
        """Follows `way`, one at a time; keys wait for what it leads to, as long as patience lasts."""
        if self.following:
            return
        self.following = True
        arrived = asyncio.Event()
        self._walk(way(arrived), arrived)
        with suppress(TimeoutError):
            await asyncio.wait_for(arrived.wait(), PATIENCE)

    @work(group="way")
    async def _walk(self, way: Awaitable[bool], arrived: asyncio.Event) -> None:
        try:
            if await way:
                await self.was_done()
        except Refused as refused:
            self.refuse(refused)
        finally:
            self.following = False
            arrived.set()

    async def was_done(self) -> None:
        """Something was done on the way: what is shown has to be read anew."""
        raise NotImplementedError

    def refuse(self, refused: Refused) -> None:
        """Says why something could not be done."""
        raise NotImplementedError
