"""The workspace's settings: who may change them, what they can be, what is kept of the change."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from mci_tui.domain.workspace import FREE_MAIL
from mci_tui.errors import Invalid, NotAllowed
from mci_tui.services import Services
from mci_tui.services.workspace import set_up
from mci_tui.store.engine import Store, make_store
from mci_tui.store.schema import grants, history, operators, settings
from tests.conftest import NOW, MovingClock
from tests.factories import HERE, Books


def test_a_new_workspace_has_its_maker_as_the_admin_of_all_locations(services: Services, store: Store) -> None:
    """S-1d"""
    with store.read() as tx:
        assert [tuple(row) for row in tx.execute(select(grants))] == [("mrossi", "incentives_admin", "*")]
        assert [line.what for line in tx.execute(select(history))] == ["made"]
    shown = services.settings.show()
    assert (shown.partner_name, shown.partner_domains, shown.timezone) == (
        "Meridiana Cloud",
        ("partner.example",),
        "Europe/Rome",
    )
    assert (shown.reminder_hours, shown.max_reminders, shown.free_mail_domains) == (24, 5, FREE_MAIL)


def test_a_workspace_whose_settings_are_wrong_is_told_all_of_it_and_not_filled(place: str) -> None:
    """S-10"""
    made = make_store(place, NOW)
    with pytest.raises(Invalid) as refusal:
        set_up(made, NOW, "mrossi", {"timezone": "Europe/Roma", "partner_domains": "x"}, email="m", phone="12")
    assert {field: why.code for field, why in refusal.value.problems.items()} == {
        "timezone": "timezone_unknown",
        "partner_domains": "domain_form",
        "email": "email_form",
        "phone": "phone_form",
    }
    with made.read() as tx:
        assert [tx.execute(select(table)).all() for table in (settings, grants, operators, history)] == [[], [], [], []]
    made.close()


def test_a_setting_is_kept_and_the_change_is_in_history(services: Services, store: Store) -> None:
    """S-1d"""
    expected = []
    for key, text, value in (
        ("partner_name", " Meridiana ", "Meridiana"),
        ("partner_domains", "partner.example; www.Other.example", ("partner.example", "other.example")),
        ("timezone", "America/Havana", "America/Havana"),
        ("reminder_hours", "48", 48),
        ("max_reminders", "0", 0),
        ("free_mail_domains", "", ()),
        ("allow_recorded_answers", "FALSE", False),
        ("msx_pattern", "OPP-[0-9]+", "OPP-[0-9]+"),
        ("mail_from", "Desk <desk@partner.example>", "Desk <desk@partner.example>"),
        ("portal_url", "https://consent.partner.example/", "https://consent.partner.example"),
        ("portal_url", "http://127.0.0.1:8765", "http://127.0.0.1:8765"),
    ):
        before = getattr(services.settings.show(), key)
        assert getattr(services.settings.set(key, text), key) == value
        assert getattr(services.settings.show(), key) == value
        expected.append(("mrossi", key, None, json.loads(json.dumps({key: [before, value]}))))
    with store.read() as tx:
        told = tx.execute(select(history).where(history.c.what == "setting").order_by(history.c.id))
        assert [(line.who, line.note, line.claim_id, json.loads(line.changes)) for line in told] == expected


def test_a_setting_that_cannot_be_is_refused_by_name(services: Services) -> None:
    """S-1d"""
    before = services.settings.show()
    for key, text, code in (
        ("colour", "red", "setting_unknown"),
        ("timezone", "Rome", "timezone_unknown"),
        ("timezone", "../etc/passwd", "timezone_unknown"),
        ("timezone", "", "timezone_unknown"),
        ("partner_domains", "partner", "domain_form"),
        ("reminder_hours", "0", "setting_value"),
        ("reminder_hours", "two", "setting_value"),
        ("max_reminders", "-1", "setting_value"),
        ("allow_recorded_answers", "yes", "setting_value"),
        ("msx_pattern", "(", "setting_value"),
        ("mail_from", "desk", "setting_value"),
        ("portal_url", "http://consent.partner.example", "setting_value"),
        ("portal_url", "https://[consent", "setting_value"),
        ("portal_url", "https://consent.partner.example/?from=mail", "setting_value"),
        ("portal_url", "https://me:secret@consent.partner.example", "setting_value"),
        ("portal_url", "https://consent.partner.example:99999", "setting_value"),
    ):
        with pytest.raises(Invalid) as refusal:
            services.settings.set(key, text)
        assert {field: why.code for field, why in refusal.value.problems.items()} == {key: code}
    assert services.settings.show() == before


def test_only_an_incentives_admin_of_all_locations_changes_settings(
    as_operator: Callable[[str], Services], store: Store, clock: MovingClock
) -> None:
    """S-1d"""
    books = Books(store, clock)
    others = {"incentives_admin": HERE, "incentives_user": "*", "viewer": "*", "referrals_admin": "*"}
    for role, location in others.items():
        books.grant(f"one {role}", role, location)
        with pytest.raises(NotAllowed):
            as_operator(f"one {role}").settings.set("partner_name", "Mine")
    with store.read() as tx:
        attempts = tx.execute(select(history).where(history.c.what == "refused").order_by(history.c.id))
        assert [(line.who, line.note) for line in attempts] == [(f"one {role}", "administer") for role in others]
    books.grant("another", "incentives_admin", "*")
    assert as_operator("another").settings.set("partner_name", "Ours").partner_name == "Ours"


def test_a_change_of_the_zone_moves_no_deadline_that_runs(services: Services, store: Store, clock: MovingClock) -> None:
    """S-10"""
    books = Books(store, clock)
    books.location()
    customer = books.customer()
    books.claim(books.engagement(consent_days=30), customer, books.identifier(customer))
    services.settings.set("timezone", "Pacific/Kiritimati")
    clock.now = NOW.replace(month=12, day=23, hour=22, minute=59)
    assert services.claims.show("CLM-000001").claim.status == "customer_claimed"
    clock.passes(minutes=1)
    assert services.claims.show("CLM-000001").claim.status == "consent_expired"
