"""What the program keeps for an operator: drafts of wizards, and how each list was last looked at."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from mci_tui.services.desk import Desk
from mci_tui.store.schema import drafts, preferences

KEPT_FOR = timedelta(days=30)
"""How long a draft is offered."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed into a wizard: values by field, the step it stood at, since when it is kept."""

    step: str
    values: dict[str, Any]
    kept_at: datetime


class Memory:
    """Keeps and finds again what belongs to the operator alone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def draft(self, wizard: str) -> Draft | None:
        """The operator's draft of this wizard, if one is kept."""
        with self._desk.store.read() as tx:
            mine = select(drafts).where(drafts.c.login == self._desk.login, drafts.c.wizard == wizard)
            row = tx.execute(mine).one_or_none()
        if row is None or row.kept_at < self._desk.clock() - KEPT_FOR:
            return None
        return Draft(row.step, json.loads(row.content), row.kept_at)

    def keep_draft(self, wizard: str, step: str, values: dict[str, Any]) -> None:
        """Keeps the draft of this wizard in place of an earlier one."""
        if self._desk.store.read_only:
            return
        content = json.dumps(values, ensure_ascii=False)
        mine = {"login": self._desk.login, "wizard": wizard}
        with self._desk.store.write() as tx:
            tx.execute(delete(drafts).filter_by(**mine))
            kept_at = self._desk.clock()
            tx.execute(insert(drafts).values(**mine, step=step, content=content, kept_at=kept_at))

    def drop_draft(self, wizard: str) -> None:
        """Forgets the draft of this wizard."""
        if not self._desk.store.read_only:
            with self._desk.store.write() as tx:
                tx.execute(delete(drafts).where(drafts.c.login == self._desk.login, drafts.c.wizard == wizard))

    def preference(self, key: str) -> dict[str, Any]:
        """How the operator last looked at the list `key`."""
        with self._desk.store.read() as tx:
            mine = select(preferences.c.value)
            kept = tx.scalar(mine.where(preferences.c.login == self._desk.login, preferences.c.key == key))
        found: dict[str, Any] = json.loads(kept) if kept else {}
        return found

    def prefer(self, key: str, value: dict[str, Any]) -> None:
        """Remembers how the operator looks at the list `key`."""
        if self._desk.store.read_only:
            return
        mine = {"login": self._desk.login, "key": key}
        with self._desk.store.write() as tx:
            tx.execute(delete(preferences).filter_by(**mine))
            tx.execute(insert(preferences).values(**mine, value=json.dumps(value, ensure_ascii=False)))
