"""The directory of customers' IDs with their facts, and the opportunities, which are the IDs of variable pay."""

from collections.abc import Sequence
from typing import NamedTuple

from mci_tui.domain.ids import IdType, normal_id
from mci_tui.domain.tables import DIRECTORY, OPPORTUNITIES, Values, facts_of
from mci_tui.domain.workspace import Workspace
from mci_tui.errors import reason
from mci_tui.services.desk import Scene
from mci_tui.services.importing.importer import Importer
from mci_tui.services.importing.lines import Complaints, Line, Weighed, joined, weighed
from mci_tui.services.importing.parties import KnownId, NewId, Party, Writer, known_ids, merged, parties
from mci_tui.store.engine import Tx


class Known(NamedTuple):
    """IDs by the keys of lines, customers by their keys."""

    ids: dict[str, KnownId]
    owners: dict[str, Party]


class DirectoryImporter(Importer[Known]):
    """The same ID again updates it: an empty fact is cleared, a fact without a column stays."""

    kind = DIRECTORY
    group_column = "customer"
    key_column = "id_value"
    about_column = "customer_name"
    also_column = "country"

    def __init__(self, workspace: Workspace, columns: frozenset[str]) -> None:
        self._pattern = workspace.msx_pattern
        self._columns = columns
        self._writer = Writer()

    def prepare(self, number: int, values: Values) -> Line:
        complaints = Complaints()
        id_type = IdType(str(values["id_type"]))
        value = complaints.read("id_value", normal_id, id_type, str(values["id_value"]), self._pattern)
        tenant = values.get("tenant_id")
        if tenant is not None:
            tenant = complaints.read("tenant_id", normal_id, IdType.TENANT, str(tenant))
        complaints.settle()
        country = values.get("country")
        return self._line(number, values, [id_type, value, tenant, facts_of(values)], str(country) if country else None)

    def _line(self, number: int, values: Values, payload: list[object], country: str | None) -> Line:
        customer, key = str(values["customer"]), joined(str(payload[0]), str(payload[1]))
        return Line(number, key, customer, payload, str(values["customer_name"]), country, key)

    def look(self, tx: Tx, lines: Sequence[Line]) -> Known:
        found = known_ids(tx, [(line.payload[0], line.payload[1]) for line in lines])
        ids = {joined(*id_): each for id_, each in found.items()}
        return Known(ids, parties(tx, (line.group for line in lines)))

    def weigh(self, lines: Sequence[Line], known: Known) -> list[Weighed]:
        found = []
        for line in lines:
            id_ = known.ids.get(line.key)
            if id_ is not None and id_.customer != line.group:
                why = {"id_value": reason("id_of_other", customer=id_.customer)}
                found.append(Weighed(line, None, why))
                continue
            party = known.owners.get(line.group)
            same = party is not None and self._party(line, party) == party
            if id_ is not None:
                same = same and (id_.tenant, merged(id_.facts, {})) == self._said(line, id_)
            found.append(weighed(line, id_ is not None, same))
        return found

    def keep(self, scene: Scene, lines: Sequence[Line], known: Known) -> None:
        owners = known.owners
        said = {line.group: line for line in lines}
        new = {key: (line.about, line.also) for key, line in said.items() if key not in owners}
        changed = [(owners[key], self._party(line, owners[key])) for key, line in said.items() if key in owners]
        self._writer.change_customers(scene.tx, [after for before, after in changed if after != before])
        customers = {key: party.id for key, party in owners.items()} | self._writer.make_customers(scene.tx, new)
        new_ids, changed_ids = [], {}
        for line in lines:
            id_ = known.ids.get(line.key)
            row = NewId(customers[line.group], line.payload[0], line.payload[1], *self._said(line, id_))
            if id_ is None:
                new_ids.append(row)
            else:
                changed_ids[id_.id] = row
        self._writer.make_ids(scene.tx, new_ids)
        self._writer.change_ids(scene.tx, changed_ids)

    def finish(self, scene: Scene) -> None:
        self._writer.finish(scene.tx)

    def _said(self, line: Line, id_: KnownId | None) -> tuple[str | None, str]:
        """Tenant and facts of an ID after its line."""
        tenant = line.payload[2] if id_ is None or "tenant_id" in self._columns else id_.tenant
        return tenant, merged(id_.facts if id_ else "{}", line.payload[3])

    def _party(self, line: Line, party: Party) -> Party:
        """The customer after a line."""
        return party._replace(name=line.about, country=line.also if "country" in self._columns else party.country)


class OpportunitiesImporter(DirectoryImporter):
    """The same MSX ID again updates it. A customer that the workspace knows keeps its name and country."""

    kind = OPPORTUNITIES
    key_column = ident_column = "msx_id"
    about_column = also_column = ""

    def prepare(self, number: int, values: Values) -> Line:
        complaints = Complaints()
        value = complaints.read("msx_id", normal_id, IdType.MSX, str(values["msx_id"]), self._pattern)
        complaints.settle()
        own = {"acv": values["acv_usd"], "open": values["open"], "country": values["country"]}
        if "stage" in values:
            own["stage"] = values["stage"]
        payload = [IdType.MSX, value, None, {**facts_of(values), **own}]
        return self._line(number, values, payload, str(values["country"]))

    def _party(self, line: Line, party: Party) -> Party:
        return party
