"""Operators and their grants."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from mci_tui.domain.contacts import normal_email, normal_phone
from mci_tui.domain.roles import EVERYWHERE, Role
from mci_tui.domain.tables import OPERATORS, Values
from mci_tui.errors import Refused, reason
from mci_tui.services.desk import Scene
from mci_tui.services.importing.importer import Importer
from mci_tui.services.importing.lines import Complaints, Line, Weighed, joined, weighed
from mci_tui.services.importing.staging import Staging
from mci_tui.store.engine import Tx
from mci_tui.store.schema import grants, locations, operators

_PERSON = ("name", "email", "phone")


class Known(NamedTuple):
    """Operators by login, grants as keys of lines, location IDs."""

    people: dict[str, dict[str, str]]
    granted: set[str]
    places: set[str]


class OperatorsImporter(Importer[Known]):
    """The file replaces all grants of each login that it names; one Incentives admin of all locations must stay.

    What it leaves empty of a person's name, address and phone number stays as it is.
    """

    kind = OPERATORS
    group_column = "login"
    key_column = "role"
    about_column = also_column = "name"
    replaces = True

    def prepare(self, number: int, values: Values) -> Line:
        complaints = Complaints()
        login = str(values["login"])
        if len(login.split()) > 1:
            complaints["login"] = reason("login_form")
        person = {name: str(values[name]) for name in _PERSON if values.get(name)}
        if "email" in person:
            person["email"] = complaints.read("email", normal_email, person["email"])
        if "phone" in person:
            person["phone"] = complaints.read("phone", normal_phone, person["phone"])
        complaints.settle()
        grant = (login, str(values["role"]), str(values["location_id"]))
        return Line(number, joined(*grant), login, grant, also=json.dumps(person) if person else None)

    def look(self, tx: Tx, lines: Sequence[Line]) -> Known:
        logins = {line.group for line in lines}
        people = tx.execute(select(operators).where(operators.c.login.in_(logins)))
        granted = tx.execute(select(grants.c.login, grants.c.role, grants.c.location).where(grants.c.login.in_(logins)))
        wanted = {line.payload[2] for line in lines}
        places = tx.scalars(select(locations.c.id).where(locations.c.id.in_(wanted)))
        return Known(
            {row.login: {name: getattr(row, name) for name in _PERSON} for row in people},
            {joined(*row) for row in granted},
            {*places, EVERYWHERE},
        )

    def weigh(self, lines: Sequence[Line], known: Known) -> list[Weighed]:
        found = []
        for line in lines:
            login, _role, place = line.payload
            if place not in known.places:
                why = {"location_id": reason("not_found_location", location=place)}
                found.append(Weighed(line, None, why))
                continue
            same = login in known.people and _person(line).items() <= known.people[login].items()
            found.append(weighed(line, line.key in known.granted, same))
        return found

    def keep(self, scene: Scene, lines: Sequence[Line], known: Known) -> None:
        people = known.people
        said = {line.group: _person(line) for line in lines}
        new = [{"login": login} | dict.fromkeys(_PERSON, "") | said[login] for login in said if login not in people]
        changed = [{"who": login, **people[login], **said[login]} for login in said if login in people]
        if new:
            scene.tx.execute(insert(operators), new)
        if changed:
            scene.tx.execute(update(operators).where(operators.c.login == bindparam("who")), changed)
        missing = [line.payload for line in lines if line.key not in known.granted]
        if missing:
            rows = [{"login": login, "role": role, "location": place} for login, role, place in missing]
            scene.tx.execute(insert(grants), rows)

    def strays(self, tx: Tx, staging: Staging) -> Iterator[Sequence[Any]]:
        for login in staging.groups():
            query = select(grants.c.login, grants.c.role, grants.c.location).where(grants.c.login == login)
            rows = tx.execute(query).all()
            kept = staging.has([joined(*row) for row in rows])
            if strays := [row for row in rows if joined(*row) not in kept]:
                yield strays

    def drop(self, tx: Tx, strays: Sequence[Any]) -> None:
        g = grants.c
        this = (g.login == bindparam("who"), g.role == bindparam("what"), g.location == bindparam("where"))
        tx.execute(delete(grants).where(*this), [{"who": r.login, "what": r.role, "where": r.location} for r in strays])

    def verify(self, tx: Tx, staging: Staging) -> None:
        """S-1d: somebody must be left who can bring anything in."""
        g = grants.c
        admin = (str(Role.INCENTIVES_ADMIN), EVERYWHERE)
        now = list(tx.scalars(select(g.login).where(g.role == admin[0], g.location == admin[1])))
        named = set(staging.groups())
        if not (set(now) - named or staging.has([joined(login, *admin) for login in named])):
            raise Refused("import_failed", reason("last_admin"))


def _person(line: Line) -> dict[str, str]:
    """What the file says of the operator, in this line or another."""
    said: dict[str, str] = json.loads(line.also) if line.also else {}
    return said
