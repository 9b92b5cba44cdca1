"""What *Add customer* collects: what is wrong is told field by field, all at once."""

from dataclasses import replace
from typing import Any

import pytest

from mci_tui.domain.adding import LIMITS, Addition, check, normal
from mci_tui.domain.workspace import Workspace
from mci_tui.sentences import SENTENCES
from tests.factories import HERE, guid

WORKSPACE = Workspace(partner_domains=("partner.example",))
GOOD = Addition(
    name="Autumn wave",
    location=HERE,
    id_type="tenant",
    id=guid(1).upper(),
    engagement=("assessment",),
    contact_name="Anna Bianchi",
    contact_email="anna@contoso.example",
    partner_name="Marco Rossi",
    partner_email="m.rossi@partner.example",
)


def test_a_complete_addition_has_no_problems_and_a_normal_form() -> None:
    """S-3a S-3b S-3g"""
    typed = replace(GOOD, name="  Autumn wave ", country="it", contact_phone="+39 02-1234567", reason=" moved ")
    assert check(typed, WORKSPACE) == {}
    kept = normal(typed, WORKSPACE)
    assert (kept.name, kept.id, kept.country, kept.reason) == ("Autumn wave", guid(1), "IT", "moved")
    assert kept.contact_phone == "+39 02 123 4567"
    assert normal(kept, WORKSPACE) == kept


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"name": " "}, "name", "required"),
        ({"name": "n" * 81}, "name", "too_long"),
        ({"location": ""}, "location", "choose_location"),
        ({"location": "12"}, "location", "location_form"),
        ({"id_type": ""}, "id_type", "choose_id_type"),
        ({"id_type": "mail"}, "id_type", "not_a_choice"),
        ({"id": ""}, "id", "id_missing"),
        ({"id": "contoso.example"}, "id", "tenant_length"),
        ({"country": "I1"}, "country", "country_form"),
        ({"engagement": ()}, "engagement", "choose_engagement"),
        ({"contact_name": ""}, "contact_name", "required"),
        ({"contact_email": ""}, "contact_email", "required"),
        ({"contact_email": "anna"}, "contact_email", "email_form"),
        ({"contact_email": "x@partner.example"}, "contact_email", "email_own"),
        ({"contact_phone": "phone"}, "contact_phone", "phone_form"),
        ({"contact_language": "fr"}, "contact_language", "language_form"),
        ({"contact_title": "t" * 81}, "contact_title", "too_long"),
        ({"partner_name": ""}, "partner_name", "required"),
        ({"partner_email": "rossi"}, "partner_email", "email_form"),
        ({"partner_phone": "02 1234567"}, "partner_phone", "phone_form"),
        ({"reason": "r" * 501}, "reason", "too_long"),
        ({"hours": "many"}, "hours", "hours_whole"),
        ({"hours": "1,5"}, "hours", "hours_whole"),
        ({"hours": "1.5"}, "hours", "hours_whole"),
        ({"hours": "0"}, "hours", "hours_whole"),
        ({"hours": "²"}, "hours", "hours_whole"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(changes: dict[str, Any], field: str, code: str) -> None:
    """S-3a S-3b S-3f S-3g"""
    problems = check(replace(GOOD, **changes), WORKSPACE)
    assert {name: problem.code for name, problem in problems.items()} == {field: code}


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """S-3a S-3b S-3g"""
    problems = check(Addition(country="Italy"), WORKSPACE)
    assert set(problems) == {
        "name",
        "location",
        "id_type",
        "country",
        "engagement",
        "contact_name",
        "contact_email",
        "partner_name",
        "partner_email",
    }
    assert all(problem.code in SENTENCES for problem in problems.values())


@pytest.mark.parametrize("field", [field for field in LIMITS if hasattr(GOOD, field)])
def test_no_text_is_longer_than_its_limit(field: str) -> None:
    """S-3a S-3b S-3g"""
    longer: dict[str, Any] = {field: "1" * (LIMITS[field] + 1)}
    assert field in check(replace(GOOD, **longer), WORKSPACE)
