"""A small fictional programme as files that an operator brings: what the stories and the pictures play in."""

from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from mci_tui.services.desk import Desk
from mci_tui.services.imports import Imports
from tests.conftest import LOGIN, MovingClock, new_workspace
from tests.factories import catalogue_text, guid, offer, variable

MILANO, MUENCHEN = "1234567", "2345678"
"""The locations that are enrolled."""

_SEATS = {"fact": "seats", "is": "at_least", "value": 300, "reason": "fewer than 300 paid seats"}
_PUBLIC = {
    "fact": "segment",
    "is": "not_equals",
    "value": "public",
    "reason": "public bodies have an offer of their own",
}
_LIMITS = {"max_active_claims": 1, "max_total_claims": 2}
_SECURITY, _BUSINESS, _CLOUD = "Security", "AI Business Solutions", "Cloud & AI Platforms"

OFFERS: tuple[Mapping[str, Any], ...] = (
    offer(
        code="threat-protection",
        name="Threat Protection Engagement",
        solution_area=_SECURITY,
        partner_role="pre-sales",
        summary="Three days in which you show which attacks reach the customer, and what to close first. Fictional.",
        partner_qualification="A location enrolled in the programme.",
        customer_qualification="At least 300 paid seats; not a public body.",
        links=[{"title": "Delivery guide", "url": "https://guides.example.com/threat-protection"}],
        criterion=[_SEATS, _PUBLIC],
        proof=["invoice", "poe", "customer_survey", "partner_survey"],
        referral={"create": True, "create_when": [{"fact": "country", "is": "one_of", "value": ["IT", "DE"]}]},
        **_LIMITS,
    ),
    offer(
        code="data-security",
        name="Data Security Engagement",
        solution_area=_SECURITY,
        id_types=["domain", "tenant"],
        nomination_list=True,
        payout={"fixed": {"A": 6000, "B": 5000, "C": 4000}},
    ),
    offer(
        code="copilot-workshop",
        name="Copilot & Agents Workshop",
        solution_area=_BUSINESS,
        id_types=["domain", "tenant", "tpid"],
        payout={"fixed": {"A": 15000, "B": 12000, "C": 9000}},
        **_LIMITS,
    ),
    variable(code="erp-assessment", name="ERP Solution Assessment", solution_area=_BUSINESS),
    offer(code="cloud-migration", name="Cloud Migration Assessment", solution_area=_CLOUD, **_LIMITS),
    offer(
        code="migrate-small",
        name="Migrate & Modernise, Small Project",
        solution_area=_CLOUD,
        id_types=["tenant", "subscription"],
        locations=[MUENCHEN],
        consent_days=60,
    ),
    offer(
        code="app-pilot",
        name="App Innovation Pilot",
        solution_area=_CLOUD,
        starts_on=date(2025, 7, 1),
        ends_on=date(2026, 6, 30),
    ),
)

CATALOGUE = catalogue_text(*OFFERS, markets={"A": ["IT", "DE", "FR", "US", "GB", "JP"], "B": ["ES", "GR", "IE", "IL"]})

LOCATIONS = f"""\
location_id,name,country,enrolled,global
{MILANO},Milano,IT,true,false
{MUENCHEN},München,DE,true,false
3456789,Lyon,FR,false,false
1000001,Head office,IT,true,true
"""

OPERATORS = """\
login,name,email,phone,role,location_id
vera,Vera Neri,v.neri@partner.example,,viewer,*
ulla,Ulla Berg,u.berg@partner.example,,incentives_user,2345678
lyon,Luc Roy,l.roy@partner.example,,incentives_user,3456789
rita,Rita Sala,r.sala@partner.example,,referrals_admin,*
"""

_PEOPLE = (
    ("aurelia", "Aurelia Foods S.p.A.", "IT", 1, 1240, "enterprise"),
    ("bergmann", "Bergmann & Söhne GmbH", "DE", 2, 640, "mid_market"),
    ("cafe", "Café [Noir] SARL", "FR", 3, 95, "public"),
    ("corvara", "Corvara Distribuzione", "IT", 4, 870, "mid_market"),
    ("davila", "Dávila Hermanos", "ES", 5, 410, "mid_market"),
    ("etoile", "L'Étoile d'Émeraude SAS", "FR", 6, 520, "mid_market"),
    ("falkenried", "Falkenried Retail", "DE", 7, 2100, "enterprise"),
    ("hoshikage", "星影食品株式会社", "JP", 8, 900, "enterprise"),
    ("kestrel", "Kestrel Aviation Ltd", "GB", 9, "", "enterprise"),
    ("nautilia", "Ελληνική Ναυτιλία ΑΕ", "GR", 10, 720, "enterprise"),
    ("oneill", "O'Neill & Sons", "IE", 11, 330, "small"),
    ("shachar", "שחר מערכות בע״מ", "IL", 12, 480, "mid_market"),
    ("zarya", "ООО «Заря»", "KZ", 13, 610, "mid_market"),
    ("maplethorn", "Maplethorn Mutual", "US", 14, 1500, "enterprise"),
    ("montefalco", "Montefalco Ceramiche S.r.l.", "IT", 15, 450, "mid_market"),
    ("tessile", "Gruppo Tessile Nord", "IT", 16, 300, "mid_market"),
    ("fjord", "Fjordblik Møbler A/S", "DK", 17, 380, "mid_market"),
    ("iwata", "Iwata 岩田製作所", "JP", 18, 760, "enterprise"),
)
"""Key, name, country, number of the tenant, seats, segment."""

MONTEFALCO = guid(15)
"""The tenant of a customer of whom there is no claim yet, and against whom nothing speaks but a nomination list."""


def _directory() -> str:
    lines = ["customer,customer_name,country,id_type,id_value,tenant_id,fact:seats,fact:segment"]
    for key, name, country, tenant, seats, segment in _PEOPLE:
        about = f"{key},{name},{country}"
        lines.append(f"{about},domain,{key}.example.com,{guid(tenant)},,")
        lines.append(f"{about},tenant,{guid(tenant)},,{seats},{segment}")
    lines.append("montefalco,Montefalco Ceramiche S.r.l.,IT,tpid,900115,,1350,mid_market")
    lines.append("hellstrom,Hellström Industri AB,SE,domain,hellstrom.example.com,,,")
    lines.append("hellstrom,Hellström Industri AB,SE,tpid,900120,,700,mid_market")
    return "\n".join(lines)


DIRECTORY = _directory()

NOMINATIONS = f"""\
engagement,id_type,id_value,eligible,reason
data-security,tenant,{guid(4)},true,
data-security,tenant,{guid(7)},false,withdrawn in October
"""

_KNOWN = ("cafe", "corvara", "falkenried", "kestrel", "nautilia", "bergmann", "tessile", "fjord", "iwata")
_CLAIMS = (
    *(("app-pilot", key, "approved", "2025-09-01,2025-09-10,2025-10-20,2025-11-20") for key in _KNOWN),
    ("threat-protection", "aurelia", "awaiting_consent", "2026-11-05,,,"),
    ("threat-protection", "oneill", "customer_claimed", "2026-10-26,,,"),
    ("threat-protection", "etoile", "consent_received", "2026-09-20,2026-10-01,,"),
    ("threat-protection", "hoshikage", "submitted", "2026-09-10,2026-09-20,2026-11-02,"),
    ("threat-protection", "zarya", "action_required", "2026-08-20,2026-09-01,2026-10-10,"),
    ("threat-protection", "shachar", "rejected", "2026-08-10,2026-08-20,2026-10-01,"),
    ("threat-protection", "fjord", "under_review", "2026-09-08,2026-09-18,2026-10-30,"),
    ("threat-protection", "bergmann", "approved", "2026-07-10,2026-07-15,2026-08-20,2026-09-20"),
    ("threat-protection", "davila", "cancelled", "2026-09-01,,,2026-09-12"),
    ("threat-protection", "falkenried", "consent_expired", "2026-08-01,,,2026-09-01"),
    ("copilot-workshop", "corvara", "disputed", "2026-08-01,2026-08-12,2026-09-20,"),
)


def _claims() -> str:
    people = {key: (name, guid(tenant)) for key, name, _country, tenant, *_facts in _PEOPLE}
    columns = "claim_id,engagement,customer,customer_name,origin,claim_name,location_id,id_type,id_value,status"
    lines = [f"{columns},created_on,consent_on,submitted_on,ended_on,contact_name,contact_email"]
    for number, (code, key, status, dates) in enumerate(_CLAIMS, 301):
        name, tenant = people[key]
        who = f"Anna Bianchi,anna.bianchi@{key}.example.com"
        about = f"{code},{key},{name},added,Wave 1 – {key},{MILANO},tenant,{tenant},{status}"
        lines.append(f"CLM-{number:06},{about},{dates},{who}")
    return "\n".join(lines)


FILES: Mapping[str, str] = {
    "catalogue": CATALOGUE,
    "locations": LOCATIONS,
    "operators": OPERATORS,
    "directory": DIRECTORY,
    "nominations": NOMINATIONS,
    "claims": _claims(),
}
"""What each file says, by kind, in the order in which they are brought in."""


def write_files(folder: Path, *kinds: str) -> dict[str, Path]:
    """Writes the files of these kinds, or all, into `folder`."""
    paths = {kind: folder / f"{kind}.{'toml' if kind == 'catalogue' else 'csv'}" for kind in kinds or FILES}
    for kind, path in paths.items():
        path.write_text(FILES[kind], "utf-8")
    return paths


def make_programme(place: Path) -> None:
    """Makes a workspace at `place` and brings every file of the programme into it."""
    clock = MovingClock()
    with closing(new_workspace(str(place), clock)) as store:
        imports = Imports(Desk(store, clock, LOGIN))
        for kind, path in write_files(place.parent).items():
            done = imports.import_file(kind, path)
            assert not done.bad, (kind, done.bad)
