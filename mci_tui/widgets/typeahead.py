"""Keys take effect one after the other, however fast they come.

Textual hands every key at once to what has the focus now, and a key's binding runs when the key has bubbled back up: of
keys that arrive together (a slow line, a paste without brackets), those behind Tab would go to the old field, and
Enter would come before the letters typed before it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

from textual.app import App
from textual.events import Event, Key, Paste
from textual.message_pump import MessagePump

R = TypeVar("R")

LULL = 0.01
"""Seconds after which a key is followed though no other one waits for it; what it paints comes first."""

PATIENCE = 0.3
"""Seconds after which the next key goes on though the last one has not come back: what had it is gone."""


class TypeAheadApp(App[R]):
    """An app that holds each key back until the one before it has done what it does."""

    def __init__(self) -> None:
        super().__init__()
        self._held_back: deque[Event] = deque()
        self._sent = 0
        self._under_way: Sequence[MessagePump] = ()
        self._timer: asyncio.TimerHandle | None = None
        self._followed = False

    async def on_event(self, event: Event) -> None:
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._under_way:
            self._held_back.append(event)
            self._follow_up()
        else:
            await self._let_go(event)

    async def _let_go(self, event: Event) -> None:
        """Hands on one key, which goes its way up from the focus to the app."""
        target = self.focused or self.screen
        await super().on_event(event)
        if event.is_forwarded:
            self._sent += 1
            self._under_way = [node for node in target.ancestors_with_self if node is not self]
            self._followed = False
            self._wait(LULL, self._follow_up)

    def _wait(self, seconds: float, then: Callable[[], object]) -> None:
        """One timer for all: Textual's own would be a task for every key."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, then)

    def _follow_up(self) -> None:
        """Follows the key up, once."""
        if not self._followed:
            self._followed = True
            number = self._sent
            self._wait(PATIENCE, lambda: self.call_later(self._go_on, number))
            self._follow(number, self._under_way)

    def _follow(self, number: int, rest: Sequence[MessagePump]) -> None:
        """Goes behind the key through the queue of everything on its way."""
        if not rest:
            self.call_later(self._come_back, number)
        elif not rest[0].call_later(self._follow, number, rest[1:]):
            self._follow(number, rest[1:])

    async def _come_back(self, number: int) -> None:
        """The key has come up. What it set off on its way (a change told to a parent) is waited for as well."""
        if any(node.message_queue_size for node in self._under_way):
            self._follow(number, self._under_way)
        else:
            await self._go_on(number)

    async def _go_on(self, number: int) -> None:
        if number != self._sent:
            return
        self._under_way = ()
        while self._held_back and not self._under_way:
            await self._let_go(self._held_back.popleft())
        if self._held_back:
            self._follow_up()
