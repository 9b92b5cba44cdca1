"""Whatever people write, the page is made of the same elements: their words are words."""

import itertools

import httpx
import pytest

from mci_tui.text import safe_text
from tests.portal.kit import ACCEPT, DECLINE, Partner
from tests.portal.reading import Page

HOSTILE = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    '" onmouseover="alert(1)" x="',
    "javascript:alert(1)",
    "<svg/onload=alert(1)>",
    "<!-- --!><b>",
    "]]><b>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "{{ 7*7 }}{% raw %}{# #}",
    "{{ self.__init__.__globals__ }}",
    "%(name)s %s %% %(nothing)d",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<style>*{display:none}</style>",
    "<form action=//evil.example><button>",
    "＜script＞",
    "\u202egnp.exe\u202c",
    "\x1b[31m\x00\x07\x9b",
    "a\u0300\u0301\u0302\u0303\u0304\u0305",
    "\ufeff\u200b\u2066",
    "<\x00script>",
    "<scr\u200bipt>",
)


async def test_an_invitation_is_only_words(partner: Partner, visitor: httpx.AsyncClient) -> None:
    names = ("partner_name", "partner_email", "partner_phone", "contact_name")
    for words in HOSTILE:
        printable = "".join(char for char in words if char.isprintable()) or "plain"
        tokens = (
            partner.asks(summary="plain", partner_phone="plain"),
            partner.asks(engagement=printable, company=words, summary=printable, **dict.fromkeys(names, words)),
        )
        for form in (None, ACCEPT | {"name": ""}, ACCEPT, DECLINE):
            plain, hostile = [await _page(visitor, token, form) for token in tokens]
            assert plain.shape == hostile.shape, words
            for link in hostile.every("a"):
                assert link.attributes["href"].startswith(("mailto:", "tel:")), words
                assert not set(link.attributes["href"]) & set("\"'<> "), words


async def test_what_a_customer_types_is_only_words(partner: Partner, visitor: httpx.AsyncClient) -> None:
    for words in HOSTILE:
        tokens = partner.asks(), partner.asks()
        for field, decision in itertools.product(("role", "reason", "name"), ("", "accept")):
            if field == "name" and not safe_text(words).strip():
                continue
            forms = (ACCEPT | {field: typed, "decision": decision} for typed in ("plain", words))
            plain, hostile = [await _page(visitor, token, form) for token, form in zip(tokens, forms, strict=True)]
            assert plain.shape == hostile.shape, words


async def _page(visitor: httpx.AsyncClient, token: str, form: dict[str, str] | None) -> Page:
    """What is shown after a form was sent, or without one."""
    answer = await (visitor.get(f"/c/{token}") if form is None else visitor.post(f"/c/{token}", data=form))
    return Page((answer if answer.text else await visitor.get(f"/c/{token}")).text)


@pytest.mark.parametrize("words", ["\u202egnp.exe", "\x1b[31m", "a\x00b", "\u200b", "\u2066x"])
async def test_what_could_reorder_or_hide_words_does_not_reach_a_page(
    partner: Partner, visitor: httpx.AsyncClient, words: str
) -> None:
    token = partner.asks(company=words)
    form = {"name": words, "role": words, "reason": words, "decision": ""}
    for answer in (await visitor.get(f"/c/{token}"), await visitor.post(f"/c/{token}", data=form)):
        assert not set(answer.text) & set("\u202e\x1b\x00\u200b\u2066")


def test_a_page_with_somebodys_element_in_it_is_told_from_one_without() -> None:
    assert Page("<p>plain</p>").shape != Page("<p><b>words</b></p>").shape
    assert Page("<p>plain</p>").shape != Page("<p onclick=x>words</p>").shape
