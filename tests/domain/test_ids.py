"""The forms of customer IDs: what is taken, how it is kept, what is refused in words."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mci_tui.domain.ids import IdType, normal_id, normal_location, shown_id
from mci_tui.errors import WrongValue
from mci_tui.sentences import SENTENCES

TENANT = "4f1c0e2a-77b1-4c1e-9a55-0c2d5be81f10"
ZEROS = "00000000-0000-0000-0000-000000000000"

GOOD = [
    (IdType.DOMAIN, "contoso.example.com", "contoso.example.com"),
    (IdType.DOMAIN, "  Contoso.Example.COM\t", "contoso.example.com"),
    (IdType.DOMAIN, "www.contoso.example.com", "contoso.example.com"),
    (IdType.DOMAIN, "https://www.contoso.example.com/about?from=mail#top", "contoso.example.com"),
    (IdType.DOMAIN, "HTTP://Contoso.Example.com:8080", "contoso.example.com"),
    (IdType.DOMAIN, "https://anna:secret@contoso.example.com/", "contoso.example.com"),
    (IdType.DOMAIN, "anna.bianchi@contoso.example.com", "contoso.example.com"),
    (IdType.DOMAIN, "mailto:anna.bianchi@contoso.example.com", "contoso.example.com"),
    (IdType.DOMAIN, "contoso.example.com/people/anna", "contoso.example.com"),
    (IdType.DOMAIN, "contoso.example.com/people/anna@fabrikam.example", "contoso.example.com"),
    (IdType.DOMAIN, "contoso.example.com?mail=anna@fabrikam.example", "contoso.example.com"),
    (IdType.DOMAIN, "contoso.example.com#anna@fabrikam.example", "contoso.example.com"),
    (IdType.DOMAIN, "contoso.example.com.", "contoso.example.com"),
    (IdType.DOMAIN, "contoso.example.com:443", "contoso.example.com"),
    (IdType.DOMAIN, "München.example", "xn--mnchen-3ya.example"),
    (IdType.DOMAIN, "MÜNCHEN.EXAMPLE", "xn--mnchen-3ya.example"),
    (IdType.DOMAIN, "xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
    (IdType.DOMAIN, "https://www.straße.example/ü", "xn--strae-oqa.example"),
    (IdType.DOMAIN, "例え。テスト", "xn--r8jz45g.xn--zckzah"),
    (IdType.TENANT, TENANT.upper(), TENANT),
    (IdType.TENANT, f" {{{TENANT}}} ", TENANT),
    (IdType.SUBSCRIPTION, TENANT, TENANT),
    (IdType.TPID, "1234567", "1234567"),
    (IdType.TPID, " 000123 ", "123"),
    (IdType.TPID, "123456789012", "123456789012"),
    (IdType.TPID, "0000123456789012", "123456789012"),
    (IdType.MSX, "7-abc1234567", "7-ABC1234567"),
    (IdType.MSX, " 7-123456 ", "7-123456"),
    (IdType.MSX, "7-ABCDEFGHIJKLMN", "7-ABCDEFGHIJKLMN"),
]

BAD = [
    (IdType.DOMAIN, "", "id_missing"),
    (IdType.DOMAIN, "   ", "id_missing"),
    (IdType.DOMAIN, "contoso", "domain_form"),
    (IdType.DOMAIN, "contoso example.com", "domain_form"),
    (IdType.DOMAIN, "contoso..com", "domain_form"),
    (IdType.DOMAIN, "-contoso.com", "domain_form"),
    (IdType.DOMAIN, "contoso-.com", "domain_form"),
    (IdType.DOMAIN, "192.168.0.1", "domain_form"),
    (IdType.DOMAIN, "https://", "domain_form"),
    (IdType.DOMAIN, "https://[contoso", "domain_form"),
    (IdType.DOMAIN, "https://[::1]/", "domain_form"),
    (IdType.DOMAIN, "anna@", "domain_form"),
    (IdType.DOMAIN, f"{'a' * 64}.example", "domain_form"),
    (IdType.DOMAIN, ".".join(["abcdefgh"] * 29), "domain_form"),
    (IdType.DOMAIN, "con\u202etoso.example", "domain_form"),
    (IdType.TENANT, TENANT[:-1], "tenant_length"),
    (IdType.TENANT, TENANT.replace("-", ""), "tenant_length"),
    (IdType.TENANT, TENANT.replace("f", "g"), "tenant_form"),
    (IdType.TENANT, TENANT.replace("-", "_"), "tenant_form"),
    (IdType.TENANT, ZEROS, "id_zeros"),
    (IdType.SUBSCRIPTION, TENANT + "0", "subscription_length"),
    (IdType.SUBSCRIPTION, "x" * 36, "subscription_form"),
    (IdType.SUBSCRIPTION, ZEROS, "id_zeros"),
    (IdType.TPID, "12", "tpid_form"),
    (IdType.TPID, "0012", "tpid_form"),
    (IdType.TPID, "000", "tpid_form"),
    (IdType.TPID, "1234567890123", "tpid_form"),
    (IdType.TPID, "12a45", "tpid_form"),
    (IdType.TPID, "-12345", "tpid_form"),
    (IdType.TPID, "١٢٣٤٥", "tpid_form"),
    (IdType.MSX, "8-ABC1234567", "msx_form"),
    (IdType.MSX, "7-12345", "msx_form"),
    (IdType.MSX, "7-ABCDEFGHIJKLMNO", "msx_form"),
    (IdType.MSX, "7ABC1234567", "msx_form"),
    (IdType.MSX, "7-ABC_123", "msx_form"),
    (IdType.MSX, "7-ßßßßß", "msx_form"),
]


@pytest.mark.parametrize(("id_type", "typed", "kept"), GOOD)
def test_an_id_is_kept_in_its_normal_form(id_type: IdType, typed: str, kept: str) -> None:
    """S-8"""
    assert normal_id(id_type, typed) == kept


@pytest.mark.parametrize(("id_type", "typed", "code"), BAD)
def test_a_wrong_id_is_refused_with_a_sentence_that_shows_a_right_one(id_type: IdType, typed: str, code: str) -> None:
    """S-8"""
    with pytest.raises(WrongValue) as refusal:
        normal_id(id_type, typed)
    assert refusal.value.why.code == code
    assert code in SENTENCES


def test_a_guid_of_the_wrong_length_is_told_its_length() -> None:
    """S-8"""
    with pytest.raises(WrongValue) as refusal:
        normal_id(IdType.TENANT, TENANT + "ab")
    assert refusal.value.why.params == {"length": 38}


def test_the_workspace_may_give_opportunities_another_form() -> None:
    """S-8"""
    assert normal_id(IdType.MSX, "opp-12", r"OPP-[0-9]+") == "OPP-12"
    with pytest.raises(WrongValue):
        normal_id(IdType.MSX, "7-ABC1234567", r"OPP-[0-9]+")


@given(st.sampled_from(IdType), st.one_of(st.text(), st.from_regex(r"(https?://)?[\w.@:/\[\]-]+", fullmatch=True)))
@example(IdType.DOMAIN, "http://[x")
def test_whatever_is_typed_is_kept_once_and_for_all_or_refused(id_type: IdType, typed: str) -> None:
    """S-8"""
    try:
        kept = normal_id(id_type, typed)
    except WrongValue:
        return
    assert normal_id(id_type, kept) == kept
    assert kept.isascii()
    assert shown_id(id_type, kept)


@pytest.mark.parametrize(
    ("id_type", "kept", "shown"),
    [
        ("domain", "xn--mnchen-3ya.example", "münchen.example"),
        ("domain", "contoso.example", "contoso.example"),
        ("domain", "xn--zzz99999zz.example", "xn--zzz99999zz.example"),
        ("msx", "7-XN--ABCD", "7-XN--ABCD"),
    ],
)
def test_a_domain_is_shown_with_its_own_letters(id_type: str, kept: str, shown: str) -> None:
    """S-8"""
    assert shown_id(id_type, kept) == shown


@pytest.mark.parametrize(("typed", "kept"), [("123456", "123456"), (" 00345678 ", "00345678")])
def test_a_location_id_has_six_to_eight_digits(typed: str, kept: str) -> None:
    """S-8"""
    assert normal_location(typed) == kept


@pytest.mark.parametrize("typed", ["", "12345", "123456789", "12345a", "*", "١٢٣٤٥٦"])
def test_anything_else_is_no_location_id(typed: str) -> None:
    """S-8"""
    with pytest.raises(WrongValue) as refusal:
        normal_location(typed)
    assert refusal.value.why.code == "location_form"
