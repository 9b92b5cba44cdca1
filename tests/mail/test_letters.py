"""What a customer reads: the whole question, one link, in their own language, whatever people are called (S-5g)."""

import hashlib
import re
from dataclasses import fields, replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mci_tui.mail.letters import MASK, TEXT_VERSION, Invitation, letter, statement, statement_hash
from mci_tui.text import LANGUAGES, _, speaking
from mci_tui.words import MONTHS
from tests.mail.letters import AT, INVITATION, LINK, MESSAGE_ID, TO, Page, contrast, invited, mail, parts

HOSTILE = [
    "<script>alert(1)</script>",
    'O\'Neil & Söhne <b>"GmbH"</b>',
    "{{ link }} {% raw %} %(partner)s %s %%",
    f"Rossi {MASK}",
    "山田太郎 – Ελληνικά – محمد",
    "Rossi\r\nBcc: spy@elsewhere.example",
    "Rossi\0\x1b]0;owned\x07\x9b2J",
    "Rossi \u202eexe.cod\u202c\u2066",
    "=?utf-8?q?Rossi=0D=0ABcc=3A_spy=40elsewhere.example?=",
    "\ud800 lonely",
    '"Rossi, Mario" <spy@elsewhere.example>, other@elsewhere.example',
    "x" * 500,
    "Società Però " * 20,
]


def arrived(sent: EmailMessage) -> EmailMessage:
    """A mail as it is read at the other end."""
    return message_from_bytes(sent.as_bytes(), policy=policy.default)


def shown(sent: EmailMessage, header: str) -> str:
    """A header as a mail program shows it: encoded words that stand side by side are one."""
    raw = message_from_bytes(sent.as_bytes(), policy=policy.compat32)[header]
    return str(make_header(decode_header(raw.replace("\r\n", ""))))


class TestWhatItSays:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_who_asks_whom_for_what_until_when_and_who_answers_questions(self, language: str) -> None:
        text, html = parts(mail(invited(language=language)))
        with speaking(language):
            until = f"23 {_(MONTHS[11])} 2026 (Europe/Rome)"
        for said in (text, Page(html).text):
            for words in (
                INVITATION.contact_name, INVITATION.partner, INVITATION.partner_name, INVITATION.engagement,
                INVITATION.summary, INVITATION.company, INVITATION.partner_email, INVITATION.partner_phone, until,
            ):  # fmt: skip
                assert words in said
        assert all(paragraph in text for paragraph in statement(replace(INVITATION, language=language)))

    def test_what_accepting_means_and_that_declining_is_free(self) -> None:
        said = " ".join(statement(INVITATION))
        assert "may carry out this engagement with Corvara Logistica" in said
        assert "claim for it in Microsoft Commerce Incentives" in said
        assert "Declining costs nothing, and you need not give a reason." in said

    def test_the_letter_is_in_the_customers_language_and_the_readers_own_stays(self) -> None:
        with speaking("en"):
            italian = invited(language="it")
            assert _("Dec") == "Dec"
        assert italian.text.startswith("Gentile Mario Rossi,")
        assert '<html lang="it">' in italian.html
        assert '<html lang="en">' in invited().html
        assert not set(re.findall("[a-z]{4,}", invited().text)) <= set(re.findall("[a-z]{4,}", italian.text))

    def test_only_a_reminder_says_that_it_is_one(self) -> None:
        first, again = invited(), invited(reminder=True)
        assert again.subject.startswith("Reminder: ")
        for said in (again.text, again.html):
            assert "This is a reminder" in said
        assert "eminder" not in first.subject + first.text + first.html

    def test_it_does_not_pass_for_a_mail_of_microsofts(self) -> None:
        sent = mail()
        assert not any("icrosoft" in str(value) for value in sent.values())
        assert all("from Meridiana Cloud, not from Microsoft" in said for said in parts(sent))

    def test_a_partner_without_a_telephone_is_reached_by_mail(self) -> None:
        assert "ask Giulia Neri: giulia.neri@partner.example.net." in invited(partner_phone="").text

    def test_without_a_summary_no_line_announces_one(self) -> None:
        assert len(statement(replace(INVITATION, summary=" "))) == len(statement(INVITATION)) - 1


class TestEvidence:
    def test_the_hash_covers_the_wordings_version_and_every_word(self) -> None:
        told = "\n".join([TEXT_VERSION, *statement(INVITATION)])
        assert statement_hash(INVITATION) == hashlib.sha256(told.encode()).hexdigest()

    def test_another_engagement_day_partner_or_language_is_another_text(self) -> None:
        others = ({"engagement": "Other"}, {"deadline": AT.date()}, {"partner": "Other"}, {"language": "it"})
        found = {statement_hash(replace(INVITATION, **other)) for other in others}
        assert len(found | {statement_hash(INVITATION)}) == 5


class TestOnTheWire:
    def test_the_headers_are_those_of_a_mail_that_a_program_sends_for_a_company(self) -> None:
        read = arrived(mail())
        assert dict(read.items()) == {
            "From": "Meridiana Cloud <consent@partner.example.net>",
            "To": "Mario Rossi <mario.rossi@corvara.example.com>",
            "Reply-To": "giulia.neri@partner.example.net",
            "Subject": "Meridiana Cloud asks for your consent: Threat Protection Engagement",
            "Date": "Mon, 23 Nov 2026 09:30:00 +0000",
            "Message-ID": MESSAGE_ID,
            "Auto-Submitted": "auto-generated",
            "MIME-Version": "1.0",
            "Content-Type": read["Content-Type"],
        }
        assert read.get_content_type() == "multipart/alternative"
        assert read["Date"].datetime == AT

    def test_both_parts_are_quoted_printable_in_short_lines_of_seven_bits(self) -> None:
        sent = mail(invited(company="Società Però & Figli 山田"))
        assert [part["Content-Transfer-Encoding"] for part in sent.iter_parts()] == ["quoted-printable"] * 2
        raw = sent.as_bytes()
        assert raw.isascii()
        assert max(len(line) for line in raw.split(b"\r\n")) <= 78
        assert raw.count(b"\n") == raw.count(b"\r\n")

    @pytest.mark.parametrize("reminder", [False, True])
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_one_link_stands_whole_in_either_part(self, language: str, reminder: bool) -> None:
        text, html = parts(arrived(mail(invited(language=language, reminder=reminder))))
        assert re.findall(r"https?://\S+", text) == [LINK]
        assert Page(html).links == [LINK]
        assert re.findall(r"https?:", html) == ["https:"]
        assert MASK not in text + html

    def test_the_kept_copy_has_the_mask_and_no_link(self) -> None:
        kept = invited()
        assert kept.text.count(MASK) == kept.html.count(MASK) == 1
        assert LINK not in kept.text + kept.html

    def test_a_link_with_signs_of_html_in_it_stays_one_link(self) -> None:
        link = 'https://consent.partner.example.net/c/a?b=1&c="><img src=x>'
        text, html = parts(arrived(mail(link=link)))
        assert link in text
        assert Page(html).links == [link]

    def test_the_same_mail_is_the_same_bytes(self) -> None:
        assert mail().as_bytes() == mail().as_bytes()
        assert mail().as_bytes() != mail(message_id="<other@partner.example.net>").as_bytes()

    def test_a_letter_that_quotes_its_boundary_stays_whole(self) -> None:
        boundary = mail().get_boundary()
        text, _html = parts(arrived(mail(invited(summary=f"--{boundary}"))))
        assert f"--{boundary}" in text

    def test_a_domain_beyond_ascii_goes_out_as_its_a_label(self) -> None:
        read = arrived(mail(to_address="mario.rossi@Però.example.com", reply_to="Giulia <g@münchen.example.com>"))
        assert [each.addr_spec for each in read["To"].addresses] == ["mario.rossi@xn--per-ena.example.com"]
        assert [each.addr_spec for each in read["Reply-To"].addresses] == ["g@xn--mnchen-3ya.example.com"]

    @pytest.mark.parametrize(
        ("sender", "name"),
        [
            ("consent@partner.example.net", ""),
            ("Meridiana Cloud <consent@partner.example.net>", "Meridiana Cloud"),
            ('"Meridiana, Cloud" <consent@partner.example.net>', "Meridiana, Cloud"),
            ("Meridiana, Cloud <consent@partner.example.net>", "Meridiana, Cloud"),
            ("Società Così <consent@partner.example.net>", "Società Così"),
        ],
    )
    def test_the_sender_may_have_a_name(self, sender: str, name: str) -> None:
        (found,) = arrived(mail(sender=sender))["From"].addresses
        assert (found.display_name, found.addr_spec) == (name, "consent@partner.example.net")

    def test_without_a_reply_address_there_is_no_such_header(self) -> None:
        assert "Reply-To" not in mail(reply_to="")

    @pytest.mark.parametrize(
        "address", ["", "nobody", "a@b\r\nBcc: x@y.example", "a b@c.example", "però@c.example", "@"]
    )
    def test_what_is_no_address_is_refused(self, address: str) -> None:
        with pytest.raises(ValueError, match=r"^No mail can go to "):
            mail(to_address=address).as_bytes()


class TestLook:
    @pytest.mark.parametrize("reminder", [False, True])
    def test_every_word_stands_out_from_its_ground(self, reminder: bool) -> None:
        page = Page(invited(reminder=reminder).html)
        assert len(page.inks) >= 3
        assert min(contrast(ink, ground) for ink, ground in page.inks) >= 4.5

    def test_nothing_is_fetched_and_nothing_runs(self) -> None:
        html = invited(reminder=True).html
        used = {tag for tag, _attributes in Page(html).shape}
        assert used == {"html", "head", "meta", "title", "body", "div", "p", "strong", "a", "br"}
        assert not re.search(r"url\(|@import|\bon\w+=", html)


class TestHostileNames:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_no_name_adds_a_header_a_recipient_or_an_element(self, name: str) -> None:
        everywhere: dict[str, Any] = {field.name: name for field in fields(Invitation) if field.type in ("str", str)}
        hostile = letter(replace(INVITATION, **everywhere), reminder=False)
        sent = mail(hostile, to_name=name)
        read = arrived(sent)
        assert read.keys() == arrived(mail()).keys()
        assert [each.addr_spec for each in read["To"].addresses] == [TO]
        text, html = parts(read)
        assert Page(html).shape == Page(invited().html).shape
        assert text.count(LINK) == 1
        assert Page(html).links == [LINK]
        assert len(text.splitlines()) == len(invited().text.splitlines())

    @pytest.mark.parametrize("name", HOSTILE)
    def test_what_is_shown_neither_acts_nor_turns_what_stands_beside_it(self, name: str) -> None:
        sent = mail(invited(partner=name, contact_name=name), to_name=name)
        text, html = parts(arrived(sent))
        for said in (text.replace("\r\n", "\n"), html.replace("\r\n", "\n"), shown(sent, "Subject"), shown(sent, "To")):
            assert not re.search("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\u202a-\u202e\u2066-\u2069]", said)

    @pytest.mark.parametrize(
        "name",
        [
            "Società Agricola Però, Così & Figli S.r.l. – Divisione Müller-Lüdenscheidt di qui è già",
            "S.p.A. 日本語 perché 山田太郎 qui Müller-Lüdenscheidt – (Milano) Žižková Reparto Acquisti",
            "A name in plain letters that is so long that it stands on a line of its own, and more",
        ],
    )
    def test_a_long_name_loses_no_letter_and_no_space(self, name: str) -> None:
        sent = mail(invited(partner=name), to_name=name)
        assert shown(sent, "Subject") == f"{name} asks for your consent: Threat Protection Engagement"
        assert shown(sent, "To") == f"{name} <{TO}>"


def any_text() -> st.SearchStrategy[str]:
    return st.text(max_size=120) | st.sampled_from(HOSTILE)


@given(
    st.fixed_dictionaries({field.name: any_text() for field in fields(Invitation) if field.name != "deadline"}),
    st.booleans(),
)
def test_whatever_people_wrote_becomes_one_mail_to_one_customer(written: dict[str, Any], reminder: bool) -> None:
    asked = invited(reminder=reminder, **written)
    sent = mail(asked, to_name=written["contact_name"])
    read = arrived(sent)
    assert read.keys() == arrived(mail()).keys()
    assert [each.addr_spec for each in read["To"].addresses] == [TO]
    assert max(len(line) for line in sent.as_bytes().split(b"\r\n")) <= 78
    text, html = parts(read)
    page, plain = Page(html), Page(invited(reminder=reminder, summary=" ".join(written["summary"].split())).html)
    assert page.shape == plain.shape
    assert page.links == [LINK]
    assert LINK in text.splitlines()
    assert asked.text.count(MASK) == asked.html.count(MASK) == 1
