"""The workspace itself: its settings, and the caller who makes it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert

from mci_tui.domain.contacts import normal_email, normal_phone
from mci_tui.domain.details import LIMITS
from mci_tui.domain.roles import EVERYWHERE, Action, Role
from mci_tui.domain.workspace import Workspace, read_setting
from mci_tui.errors import Invalid, WrongValue, reason
from mci_tui.services.desk import Desk, Scene
from mci_tui.store.engine import Store
from mci_tui.store.schema import grants, operators, settings
from mci_tui.text import safe_text


class WorkspaceSettings:
    """Reads and changes the workspace's settings."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self) -> Workspace:
        """The settings."""
        with self._desk.reading() as scene:
            return scene.workspace

    def set(self, key: str, text: str) -> Workspace:
        """Changes one setting. Raises `Invalid` (no such setting, no such value), `NotAllowed`."""
        try:
            value = read_setting(key, safe_text(text))
        except WrongValue as wrong:
            raise Invalid({key: wrong.why}) from wrong
        with self._desk.acting(Action.ADMINISTER) as scene:
            before = getattr(scene.workspace, key)
            _keep(scene, key, value)
            scene.record("setting", note=key, changes={key: [before, value]})
        return self.show()


def _keep(scene: Scene, key: str, value: Any) -> None:
    scene.tx.execute(delete(settings).where(settings.c.key == key))
    scene.tx.execute(insert(settings).values(key=key, value=json.dumps(value, ensure_ascii=False)))


def set_up(
    store: Store,
    now: datetime,
    login: str,
    values: Mapping[str, str],
    *,
    name: str = "",
    email: str = "",
    phone: str = "",
) -> None:
    """Fills a new workspace: its settings, and the caller as the first Incentives admin of all locations.

    Raises `Invalid` by setting, `name`, `email` or `phone`; then nothing was written.
    """
    problems = {}
    kept: dict[str, Any] = {}
    for key, text in values.items():
        try:
            kept[key] = read_setting(key, safe_text(text))
        except WrongValue as wrong:
            problems[key] = wrong.why
    try:
        email = normal_email(email) if email else ""
    except WrongValue as wrong:
        problems["email"] = wrong.why
    try:
        phone = normal_phone(phone)
    except WrongValue as wrong:
        problems["phone"] = wrong.why
    name, most = safe_text(name).strip(), LIMITS["partner_name"]
    if len(name) > most:
        problems["name"] = reason("too_long", limit=most, length=len(name))
    if problems:
        raise Invalid(problems)
    with store.write() as tx:
        scene = Scene(tx, now, login)
        for key, value in kept.items():
            _keep(scene, key, value)
        tx.execute(insert(operators).values(login=login, name=name, email=email, phone=phone))
        tx.execute(insert(grants).values(login=login, role=str(Role.INCENTIVES_ADMIN), location=EVERYWHERE))
        scene.record("made", changes=scene.workspace._asdict())
