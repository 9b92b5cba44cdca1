"""What has happened to a claim, in the reader's words (S-6d)."""

from dataclasses import replace
from typing import Any

import pytest

from mci_tui.screens.claim_history import CHANGED, history_line
from mci_tui.services.claims import HistoryLine
from mci_tui.services.consent import CONTACTS
from mci_tui.text import speaking
from tests.conftest import NOW

LINE = HistoryLine(NOW, "mrossi", "decided", "All is well", {})


@pytest.mark.parametrize(
    ("what", "changes", "english", "italian"),
    [
        (
            "decided",
            {"status": ["submitted", "approved"], "decided_on": "2026-11-03", "source": "operator"},
            "mrossi: review decided → Approved · decided on 3 Nov 2026  All is well",
            "mrossi: decisione della verifica → Approvata · decisa il 3 nov 2026  All is well",
        ),
        (
            "proof",
            {"poe": ["a.pdf", "b.pdf"]},
            "mrossi: proof attached · proof of execution a.pdf → b.pdf  All is well",
            "mrossi: prova allegata · prova di esecuzione a.pdf → b.pdf  All is well",
        ),
        (
            "referral",
            {"referral_kind": ["partner_led", "co_sell"]},
            "mrossi: referral · referral kind partner-led → co-sell  All is well",
            "mrossi: segnalazione · tipo di segnalazione guidata dal partner → co-vendita  All is well",
        ),
        (
            "readdressed",
            {"contact_phone": ["+39 02 1234567", ""]},
            "mrossi: customer asked at another address · contact phone +39 02 1234567 → –  All is well",
            "mrossi: consenso chiesto a un altro indirizzo · telefono del contatto +39 02 1234567 → –  All is well",
        ),
    ],
)
def test_a_line_says_who_did_what_and_what_changed(
    what: str, changes: dict[str, Any], english: str, italian: str
) -> None:
    """S-6d"""
    line = replace(LINE, what=what, changes=changes)
    assert history_line(line) == english
    with speaking("it"):
        assert history_line(line) == italian


def test_everything_that_changes_with_a_request_for_consent_has_a_name() -> None:
    """S-6d"""
    assert {*CONTACTS, "mismatch_reason", "deal_size"} <= CHANGED.keys()
