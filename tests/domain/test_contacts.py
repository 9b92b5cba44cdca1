"""Contact data: what an address and a phone number must be, and what is pointed out about them."""

import pytest

from mci_tui.domain.contacts import email_problem, mail_domain, normal_email, normal_phone, remarks
from mci_tui.errors import WrongValue


@pytest.mark.parametrize(
    ("typed", "kept", "domain"),
    [
        (" Anna.Bianchi@Contoso.Example ", "Anna.Bianchi@contoso.example", "contoso.example"),
        ("anna+mci@contoso.example", "anna+mci@contoso.example", "contoso.example"),
        ("anna@münchen.example", "anna@münchen.example", "xn--mnchen-3ya.example"),
        ("anna@xn--mnchen-3ya.example", "anna@münchen.example", "xn--mnchen-3ya.example"),
    ],
)
def test_an_address_is_kept_with_its_domain_in_lower_case(typed: str, kept: str, domain: str) -> None:
    """S-3g"""
    assert normal_email(typed) == kept
    assert mail_domain(kept) == domain


@pytest.mark.parametrize(
    "typed",
    ["anna", "anna@", "@contoso.example", "anna@contoso", "a b@contoso.example", "anna@contoso..example", "a@b@c"],
)
def test_anything_else_is_no_address(typed: str) -> None:
    """S-3g"""
    with pytest.raises(WrongValue):
        normal_email(typed)
    problem = email_problem(typed)
    assert problem is not None
    assert problem.code == "email_form"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("anna@contoso.example", None),
        ("", "required"),
        ("  ", "required"),
        ("rossi@partner.example", "email_own"),
        ("rossi@PARTNER.example", "email_own"),
        ("rossi@mail.partner.example", "email_own"),
        ("rossi@mypartner.example", None),
    ],
)
def test_an_address_of_the_partners_own_domains_is_refused(typed: str, code: str | None) -> None:
    """S-3g"""
    problem = email_problem(typed, ("partner.example",))
    assert (problem.code if problem else None) == code


@pytest.mark.parametrize(
    ("email", "codes"),
    [
        ("anna.bianchi@contoso.example", []),
        ("anna@GMAIL.com", ["free_mail"]),
        ("info@contoso.example", ["role_address"]),
        ("Info+mci@contoso.example", ["role_address"]),
        ("admin@gmail.com", ["free_mail", "role_address"]),
        ("information@contoso.example", []),
    ],
)
def test_free_mail_and_role_addresses_are_pointed_out(email: str, codes: list[str]) -> None:
    """S-3g"""
    assert [each.code for each in remarks(email, ("gmail.com",))] == codes


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", ""), ("  ", ""), ("+39 02-1234567", "+39 02 123 4567"), ("+1 (212) 555 0100", "+1 212-555-0100")],
)
def test_a_phone_number_is_kept_in_its_international_form(typed: str, kept: str) -> None:
    """S-3g"""
    assert normal_phone(typed) == kept
    assert normal_phone(kept) == kept


@pytest.mark.parametrize("typed", ["02 1234567", "+39", "phone", "+" + "9" * 39])
def test_a_number_without_a_country_or_of_no_possible_length_is_refused(typed: str) -> None:
    """S-3g"""
    with pytest.raises(WrongValue):
        normal_phone(typed)
