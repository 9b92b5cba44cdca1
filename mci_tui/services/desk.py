"""The desk: who works, on which workspace, by which clock; every service call goes through it."""

import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, insert, select

from mci_tui.clock import Clock
from mci_tui.domain.deadlines import today
from mci_tui.domain.roles import PERMISSIONS, Action, Grant, Role, allowed
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import NotAllowed, Unusable, reason
from mci_tui.services.lapses import BATCH, pass_deadlines
from mci_tui.store.engine import Busy, Store, Tx
from mci_tui.store.schema import claims, grants, history, settings

SYSTEM = "system"
"""Who lets deadlines pass."""


@dataclass(frozen=True)
class Scene:
    """One transaction as a service sees it: the connection, the instant, who asks."""

    tx: Tx
    now: datetime
    login: str
    overrides: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace's settings, with what this process overrides."""
        kept: dict[str, Any] = {}
        for row in self.tx.execute(_SETTINGS):
            value = json.loads(row.value)
            kept[row.key] = tuple(value) if isinstance(value, list) else value
        return Workspace(**{**kept, **self.overrides})

    @cached_property
    def grants(self) -> Sequence[Grant]:
        """The operator's grants as they are at this moment."""
        found = self.tx.execute(_GRANTS, {"login": self.login})
        return [Grant(Role(row.role), row.location) for row in found]

    @property
    def zone(self) -> str:
        """The time zone whose days count."""
        return self.workspace.timezone

    @property
    def today(self) -> date:
        """The local date."""
        return today(self.now, self.zone)

    def allows(self, action: Action, location: str | None = None) -> bool:
        """Whether the operator may do this, there. S-1d"""
        return allowed(action, self.grants, location)

    def require(self, action: Action, location: str | None = None) -> None:
        """Raises `NotAllowed` where the operator may not. S-1d"""
        if self.allows(action, location):
            return
        if not self.grants:
            raise NotAllowed(reason("no_role", login=self.login))
        permission = PERMISSIONS[action]
        where = {"any": "", "all": " (*)", "location": f" ({location})"}[permission.scope]
        raise NotAllowed(reason("role_missing", roles=" / ".join(sorted(permission.roles)), where=where))

    def record(
        self,
        what: str,
        *,
        claim: int | None = None,
        note: str = "",
        changes: dict[str, Any] | None = None,
        who: str = "",
    ) -> None:
        """Writes a line of history, of a claim or of the workspace."""
        self.tx.execute(
            _HISTORY,
            {
                "claim_id": claim,
                "at": self.now,
                "who": who or self.login,
                "what": what,
                "note": note,
                "changes": json.dumps(changes or {}, ensure_ascii=False, default=str),
            },
        )


_SETTINGS = select(settings.c.key, settings.c.value)
_GRANTS = select(grants.c.role, grants.c.location).where(grants.c.login == bindparam("login"))
_HISTORY = insert(history)
_FIRST_DUE = select(func.min(claims.c.next_due))


@dataclass(frozen=True, slots=True)
class Desk:
    """An operator at a workspace. `look_up` asks outside for the tenant of a domain; without it nobody is asked.

    `overrides` are settings of the workspace that hold otherwise in this process.
    """

    store: Store
    clock: Clock
    login: str
    look_up: Callable[[str], str | None] | None = None
    overrides: Mapping[str, str] = field(default_factory=dict)
    _noted: dict[str, tuple[datetime | None, str]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The first deadline and the time zone, as they were at one data mark."""

    @contextmanager
    def looking(self) -> Iterator[Scene]:
        """The workspace as it is written, for whoever needs no role: the customer's page, a sender."""
        with self.store.read() as tx:
            yield Scene(tx, self.clock(), self.login, self.overrides)

    @contextmanager
    def serving(self, who: str = SYSTEM) -> Iterator[Scene]:
        """A transaction that changes the workspace, for the program itself or a customer. S-1d

        Raises `NotAllowed` where nothing may be written.
        """
        if self.store.read_only:
            raise NotAllowed(reason("read_only"))
        with self.store.write() as tx:
            yield Scene(tx, self.clock(), who, self.overrides)

    def zone(self) -> ZoneInfo:
        """The workspace's time zone, for whoever is shown instants; no role is needed to know it."""
        with self.looking() as scene:
            return ZoneInfo(scene.zone)

    def today(self) -> date:
        """The local date."""
        with self.looking() as scene:
            return scene.today

    def sweep(self) -> None:
        """Lets the deadlines pass that are due. S-10"""
        self._let_deadlines_pass(self.clock())

    @contextmanager
    def reading(self, action: Action = Action.READ) -> Iterator[Scene]:
        """A view of the workspace as it stands now, deadlines passed. Raises `NotAllowed`. S-1a, S-10"""
        now = self.clock()
        with ExitStack() as stack:
            scene = Scene(self._view(stack, now), now, self.login, self.overrides)
            scene.require(action)
            yield scene

    def _view(self, stack: ExitStack, now: datetime) -> Tx:
        """A read transaction; where what is due may not be written down, a rehearsal of that.

        A file that cannot be written cannot even rehearse: rows then tell their own derived status.
        """
        if self._let_deadlines_pass(now):
            with suppress(Unusable), ExitStack() as rehearsal:
                tx = rehearsal.enter_context(self.store.rehearse())
                pass_deadlines(tx, now, SYSTEM, limit=None)
                stack.enter_context(rehearsal.pop_all())
                return tx
        return stack.enter_context(self.store.read())

    @contextmanager
    def acting(self, action: Action, location: str | None = None, *, alone: bool = False) -> Iterator[Scene]:
        """A transaction that changes the workspace: all of it or nothing. Raises `NotAllowed`.

        A refused attempt is written to the workspace's history (S-1d).
        """
        if self.store.read_only:
            raise NotAllowed(reason("read_only"))
        now = self.clock()
        with self.attempting(action), self._changing(now, alone) as tx:
            scene = Scene(tx, now, self.login, self.overrides)
            scene.require(action, location)
            yield scene

    @contextmanager
    def attempting(self, action: Action) -> Iterator[None]:
        """What comes before an action, such as the look at what it is about: a refusal is that of the attempt. S-1d"""
        try:
            yield
        except NotAllowed as refused:
            if not self.store.read_only:
                params = {name: str(value) for name, value in refused.why.params.items()}
                with self.store.write() as tx:
                    told = {refused.why.code: params}
                    Scene(tx, self.clock(), self.login).record("refused", note=str(action), changes=told)
            raise

    @contextmanager
    def _changing(self, now: datetime, alone: bool) -> Iterator[Tx]:
        """A write transaction; what is due was made so before, in transactions of its own. S-10"""
        with ExitStack() as stack:
            tx = stack.enter_context(self.store.write(alone=alone))
            if _something_is_due(tx, now):
                stack.close()
                self._let_deadlines_pass(now)
                tx = stack.enter_context(self.store.write(alone=alone))
            yield tx

    def _let_deadlines_pass(self, now: datetime) -> bool:
        """Makes what is due so, once; True where that can only be rehearsed because nothing may be written. S-10"""
        with self.store.read() as tx:
            if not _something_is_due(tx, now):
                return False
        if self.store.read_only:
            return True
        try:
            passed = BATCH
            while passed == BATCH:
                with self.store.write(wait=False) as tx:
                    passed = pass_deadlines(tx, now, SYSTEM)
        except Busy:  # somebody else writes for long: rows tell their derived status until that is done
            return False
        except Unusable:
            return True
        return False

    def mark(self) -> Hashable | None:
        """What is another one as soon as a screen may have something else to show: other data, a deadline that has
        passed, another day. None where the workspace cannot be reached at the moment. Blocks for about a millisecond.
        """
        try:
            data = self.store.data_mark()
            if (noted := self._noted.get(data)) is None:
                with self.looking() as scene:
                    noted = scene.tx.scalar(_FIRST_DUE), scene.zone
                self._noted.clear()
                self._noted[data] = noted
        except Unusable:
            return None
        first, zone = noted
        now = self.clock()
        return data, first is not None and first <= now, today(now, zone)


def _something_is_due(tx: Tx, now: datetime) -> bool:
    first = tx.scalar(_FIRST_DUE)
    return first is not None and first <= now
