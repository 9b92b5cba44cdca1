"""Keys take effect one after the other, however fast they come.

Textual hands every key at once to what has the focus now, and a key's binding runs when the key has bubbled back up: of
keys that arrive together (a slow line, a paste without brackets), those behind Tab would go to the old field, and
Enter would come before the letters typed before it.
"""

from collections import deque
from collections.abc import Sequence
from typing import TypeVar

from textual.app import App
from textual.events import Event, Key, Paste
from textual.message_pump import MessagePump
from textual.timer import Timer

R = TypeVar("R")

PATIENCE = 0.3
"""Seconds after which the next key goes on though the last one has not come back: what had it is gone."""


class TypeAheadApp(App[R]):
    """An app that holds each key back until the one before it has done what it does."""

    def __init__(self) -> None:
        super().__init__()
        self._held_back: deque[Event] = deque()
        self._sent = 0
        self._under_way = False
        self._release: Timer | None = None

    async def on_event(self, event: Event) -> None:
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._under_way:
            self._held_back.append(event)
        else:
            await self._let_go(event)

    async def _let_go(self, event: Event) -> None:
        """Hands on one key, and follows it up from the focus to the app."""
        target = self.focused or self.screen
        await super().on_event(event)
        if event.is_forwarded:
            self._sent += 1
            self._under_way = True
            self._release = self.set_timer(PATIENCE, lambda: self._go_on(self._sent))
            way_up = [node for node in target.ancestors_with_self if node is not self]
            self._follow(self._sent, way_up, way_up)

    def _follow(self, number: int, way_up: Sequence[MessagePump], rest: Sequence[MessagePump]) -> None:
        """Goes behind the key through the queue of everything on its way."""
        if not rest:
            self.call_later(self._come_back, number, way_up)
        elif not rest[0].call_later(self._follow, number, way_up, rest[1:]):
            self._follow(number, way_up, rest[1:])

    async def _come_back(self, number: int, way_up: Sequence[MessagePump]) -> None:
        """The key has come up. What it set off on its way (a change told to a parent) is waited for as well."""
        if any(node.message_queue_size for node in way_up):
            self._follow(number, way_up, way_up)
        else:
            await self._go_on(number)

    async def _go_on(self, number: int) -> None:
        if number != self._sent or not self._under_way:
            return
        if self._release is not None:
            self._release.stop()
        self._under_way = False
        while self._held_back and not self._under_way:
            await self._let_go(self._held_back.popleft())
