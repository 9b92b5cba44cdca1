"""Customers are asked for consent, reminded, and asked at another address, by keyboard alone (S-5)."""

import pytest

from mci_tui.domain.mails import State
from tests.operator import SMALL, Place
from tests.stories.asking import AWAITING, CLAIMED, asks, reaches, reminds, set_up_mail
from tests.stories.projects import finds


@pytest.fixture
def desk(workspace: Place) -> Place:
    """The programme in a workspace that can ask customers."""
    set_up_mail(workspace)
    return workspace


async def test_a_customer_is_asked_from_the_action_column_and_stands_as_awaiting_consent(desk: Place) -> None:
    """S-5b, S-5c, S-5d, S-2h, S-6d"""
    async with desk.opened(size=SMALL) as operator:
        await finds(operator, "Threat", "o'neill")
        assert operator.row("O'Neill") == f"O'Neill & Sons {CLAIMED} ◔ Claimed 2 days Send"
        operator.sees("⏎ Send consent email")
        await operator.presses("enter")
        operator.sees("Send customer consent email", "step 1 of 3", f"O'Neill & Sons · {CLAIMED}", "Anna Bianchi")
        operator.sees("anna.bianchi@oneill.example.com", "Marco Rossi", "m.rossi@partner.example")
        await operator.presses("enter")
        operator.sees("step 2 of 3", "Deal size in USD", "in the first 12 months", "in Partner Center's referrals")
        operator.sees("A best estimate will do. It cannot be changed once the e-mail is sent.")
        operator.sees("It changes nothing about who is eligible, or what is paid out.")
        await operator.types("25000.50")
        await operator.presses("enter")
        operator.sees("step 3 of 3", "To Anna Bianchi · anna.bianchi@oneill.example.com", "25,000.50 USD")
        operator.sees("Answer by 25 Nov 2026 · 2 days", "Meridiana Cloud asks for your consent")
        await operator.presses("pagedown")
        operator.sees("You can accept or decline on the page behind this link.", "https://…/c/••••••••")
        await operator.presses("pagedown", "pagedown")
        operator.sees("Anna Bianchi of O'Neill & Sons expects this e-mail, and has agreed to be contacted about it.")
        operator.sees("The deal size of 25,000.50 USD is our best estimate. I know that it cannot be changed")
        await operator.presses("space", "enter")
        operator.sees("Customer asked for consent", f"O'Neill & Sons · {CLAIMED} · Threat Protection Engagement")
        operator.sees("The e-mail goes to Anna Bianchi, anna.bianchi@oneill.example.com.")
        operator.sees("The answer is needed by 25 Nov 2026.", "1 mail waits for mci-tui work.")
        await operator.presses("enter")
        assert operator.row("O'Neill") == f"O'Neill & Sons {CLAIMED} ◐ Awaiting consent 2 days Resend"
        await operator.presses("o")
        operator.sees("Deal size 25,000.50 USD")
        await operator.presses("end")
        operator.sees("Mails 23 Nov 2026, 10:30 ○ Waiting · request for consent · anna.bianchi@oneill.example.com")
        operator.sees("mrossi: customer asked for consent · Claimed → Awaiting consent")
        await operator.presses("m")
        operator.sees("Request for consent · 23 Nov 2026, 10:30", "Dear Anna Bianchi,", "It waits for whoever sends")


async def test_a_wrong_deal_size_and_an_unticked_box_are_said_in_their_place_and_nothing_is_lost(desk: Place) -> None:
    """S-5c, S-5d"""
    async with desk.opened() as operator:
        await reaches(operator, "deal")
        for typed, said in (
            ("", "This cannot be empty."),
            ("0", "A deal size is above 0."),
            ("1,5", "1,5 has a comma: write numbers with a decimal point"),
            ("1.005", "1.005 has more than two decimals"),
            ("10000000000", "An amount in USD lies between 0 and"),
        ):
            await operator.types(typed)
            await operator.presses("enter")
            operator.sees("step 2 of 3", f"▲ {said}")
            await operator.presses("ctrl+u")
        await operator.types("9999999999.99")
        await operator.presses("enter", "enter")
        operator.sees("step 3 of 3", "▲ Tick the box to say that this is so: without it nothing is sent.")
        await operator.presses("space")
        operator.sees("[x] All of this is so")
        operator.does_not_see("▲")
        await operator.presses("escape")
        operator.sees("step 2 of 3", "9999999999.99")
        await operator.presses("enter", "enter")
        operator.sees("▲ Tick the box", "[ ] All of this is so")
        await operator.presses("space", "enter")
        operator.sees("Customer asked for consent")


async def test_a_box_that_is_out_of_view_is_brought_into_view_before_it_is_ticked(desk: Place) -> None:
    """S-5d"""
    async with desk.opened() as operator:
        await reaches(operator, "review")
        operator.does_not_see("All of this is so")
        await operator.presses("space")
        operator.sees("[ ] All of this is so")
        await operator.presses("space")
        operator.sees("[x] All of this is so")


async def test_a_draft_cut_off_at_the_deal_size_comes_back_there_unticked(desk: Place) -> None:
    """S-5c: nothing typed is lost"""
    async with desk.opened() as operator:
        await reaches(operator, "deal")
        await operator.types("2500")
        operator.app.keep_drafts()
    async with desk.opened() as operator:
        await finds(operator, "Threat", "o'neill")
        await operator.presses("enter")
        operator.sees("Send customer consent email", "A draft of this wizard is kept from 23 Nov 2026, 10:30.")
        await operator.presses("enter")
        operator.sees("step 2 of 3", "2500")
        await operator.types("0")
        await operator.presses("enter", "space", "space", "f10", "enter", "enter")
        operator.sees("step 3 of 3", "25,000 USD")
        await operator.presses("enter")
        operator.sees("[ ] All of this is so", "▲ Tick the box")


async def test_looking_at_the_contacts_of_a_claim_keeps_no_draft(desk: Place) -> None:
    async with desk.opened() as operator:
        await reaches(operator, "contacts")
        await operator.presses("escape", "enter")
        operator.sees("step 1 of 3")


async def test_without_an_address_to_send_from_the_setting_is_named_before_anything_is_typed(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await reaches(operator, "contacts")
        operator.sees("▲ The workspace's setting mail_from is needed first", "'mci-tui settings set mail_from VALUE'")
        operator.does_not_see("Anna Bianchi")
        set_up_mail(workspace)
        await operator.presses("enter")
        operator.sees("step 1 of 3", "Anna Bianchi")


async def test_whoever_holds_no_role_for_the_location_is_told_before_anything_is_typed(desk: Place) -> None:
    """S-1d"""
    async with desk.opened("ulla") as operator:
        await reaches(operator, "contacts")
        operator.sees("▲ This needs the role incentives_admin / incentives_user (1234567)")


async def test_an_unusual_address_is_confirmed_and_another_tenant_explained_where_they_are_typed(desk: Place) -> None:
    """S-5b, S-3e, S-3g"""
    async with desk.opened() as operator:
        await reaches(operator, "contacts")
        await operator.presses("tab", "ctrl+u")
        operator.does_not_see("This address is meant")
        await operator.types("info@gmail.com")
        operator.sees("gmail.com is a free-mail service", "info is the address of a role", "[ ] This address is meant")
        await operator.presses("enter")
        operator.sees("step 1 of 3", "▲ Confirm that this address is meant")
        await operator.presses("space", "enter")
        operator.sees("step 2 of 3")
        await operator.types("25000")
        await operator.presses("enter")
        operator.sees("step 1 of 3", "▲ No tenant is known for gmail.com", "[x] This address is meant")
        await operator.types("The owner has no other address")
        await operator.presses("enter")
        operator.sees("step 2 of 3", "25000")
        await operator.presses("enter")
        operator.sees("step 3 of 3", "▲ gmail.com is a free-mail service", "To Anna Bianchi · info@gmail.com")


async def test_a_reminder_goes_out_once_a_day_and_another_address_gets_a_new_request(desk: Place) -> None:
    """S-5e"""
    async with desk.opened() as operator:
        await finds(operator, "Threat", "aurelia")
        await operator.presses("enter")
        operator.sees("Resend customer consent email", "step 1 of 2", "Aurelia Foods S.p.A.", "Marco Rossi")
        await operator.presses("enter")
        operator.sees("step 2 of 2", "Answer by 5 Dec 2026 · 12 days · as before", "⏎ Resend")
        operator.does_not_see("Deal size")
        await operator.presses("enter")
        operator.sees("Customer reminded", "The answer is needed by 5 Dec 2026.")
        await operator.presses("enter", "enter")
        operator.sees("▲ This address was written to less than 24 hours ago", "Another address can be written to")
        await operator.presses("enter")
        operator.sees("step 1 of 2")
        await operator.presses("tab", "ctrl+u")
        await operator.types("bea@aurelia.example.com")
        await operator.presses("enter")
        operator.sees("step 2 of 2", "▲ This is another address: every link mailed before becomes void")
        await operator.presses("enter")
        operator.sees("Customer asked at another address", "goes to Anna Bianchi, bea@aurelia.example.com.")
        await operator.presses("enter", "o", "end")
        operator.sees("anna.bianchi@aurelia.example.com → bea@aurelia.example.com")
    with desk.services() as services:
        mails = services.claims.show(AWAITING).mails
        assert [(mail.to[:3], mail.state) for mail in mails] == [("ann", State.CANCELLED), ("bea", State.WAITING)]


async def test_several_marked_claims_are_reminded_at_once_each_with_what_became_of_it(desk: Place) -> None:
    """S-5e"""
    with desk.services() as services:
        asks(services)
        desk.clock.passes(hours=25)
        reminds(services)
    async with desk.opened() as operator:
        await operator.opens("Threat")
        operator.does_not_see("m Remind")
        await operator.presses("m")
        assert operator.told() == ["Mark claims first: Space marks those that await consent."]
        await operator.presses(*["space"] * 9)
        operator.sees("2 marked", "m Remind 2")
        await operator.presses("m")
        operator.sees("Remind customers", "The customers of these 2 claims get a reminder each")
        operator.sees(f"Aurelia Foods S.p.A. · {AWAITING} · consent by 5 Dec 2026")
        operator.sees(f"O'Neill & Sons · {CLAIMED} · consent by 25 Nov 2026", "(●) Remind these 2 customers")
        await operator.presses("escape")
        operator.sees("2 marked")
        await operator.presses("m", "enter")
        operator.sees("1 of 2 reminded.", f"✓ O'Neill & Sons · {CLAIMED}")
        operator.sees(f"▲ Aurelia Foods S.p.A. · {AWAITING}: This address was written to less than 24 hours ago")
        await operator.presses("enter")
        operator.does_not_see("marked", "m Remind")
    with desk.services() as services:
        assert [mail.kind for mail in services.claims.show(CLAIMED).mails] == ["consent", "reminder"]
