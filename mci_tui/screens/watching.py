"""Screens that see by themselves what others have written."""

import asyncio
from collections.abc import Hashable

from textual import events, work
from textual.screen import Screen

EVERY = 1.0
"""Seconds from one look at the workspace to the next."""

READING = "reading"
"""The group of the workers in which a screen reads what it shows: one at a time."""


class Watching(Screen[None]):
    """A screen that reads itself anew when there may be something else to show.

    It looks while it is the screen in front, and at once when it comes to the front. What it reads by itself waits
    for what it was asked to read, and never the other way round.
    """

    _read_at: Hashable | None = None

    def mark(self) -> Hashable | None:
        """What is another one when there may be something else to show; None where nothing is known. Blocks."""
        raise NotImplementedError

    async def read_anew(self) -> None:
        """Reads what is shown once more, and shows what differs."""
        raise NotImplementedError

    def was_read_at(self, mark: Hashable | None) -> None:
        """What is shown is as it was at `mark`, which was taken before it was read."""
        self._read_at = mark

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.ScreenResume) and not self.stack_updates:
            event.refresh_styles = False  # it was styled a moment ago, when its parts were mounted
        await super().on_event(event)

    def on_mount(self) -> None:
        self.set_interval(EVERY, self.look)
        self.query("#textual-toastrack").set(display=False)  # or its first look lays everything out again

    def on_screen_resume(self) -> None:
        self.look()

    def look(self) -> None:
        """Reads anew if the mark is another one; does nothing behind another screen, or while something is read."""
        reading = any(each.node is self and each.group == READING and not each.is_finished for each in self.workers)
        if self.is_active and not reading:
            self._look()

    @work(group=READING)
    async def _look(self) -> None:
        mark = await asyncio.to_thread(self.mark)
        if mark is not None and mark != self._read_at:
            self.was_read_at(mark)
            await self.read_anew()
