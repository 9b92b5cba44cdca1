"""The portal's pages as HTML, in the language of whoever reads them. Every value is escaped where it is put in."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mci_tui.domain.consent import Decision
from mci_tui.errors import Reason
from mci_tui.mail.letters import Invitation
from mci_tui.services.answers import LIMITS, Question
from mci_tui.text import LANGUAGES, N_, _, current_language, safe_text, speaking
from mci_tui.words import day, say

Fact = tuple[str, list[tuple[str, str]]]
"""What stands on a page as a fact: its name, and its lines, each with what it links to or an empty text."""

NOTICES: dict[int, tuple[str, str]] = {
    400: (N_("This did not arrive whole"), N_("Go back, load the page again and repeat your answer.")),
    403: (
        N_("This came from another page"),
        N_("An answer counts only when it is given here: open the link in the e-mail and answer on its page."),
    ),
    404: (
        N_("This link is not valid"),
        N_(
            "It was mistyped, a newer one has replaced it, or its time is over: ask the person who wrote to you to send"
            " you a new one."
        ),
    ),
    405: (N_("This page cannot do that"), N_("Open the link in the e-mail and answer on its page.")),
    408: (N_("This took too long"), N_("Check your connection, go back and send your answer again.")),
    413: (N_("This is too long"), N_("Go back, shorten what you wrote and send your answer again.")),
    415: (N_("This is not the page's form"), N_("Open the link in the e-mail and answer on its page.")),
    429: (N_("That was very often"), N_("Wait a minute, then open the link in the e-mail again.")),
    500: (
        N_("Something went wrong here"),
        N_("It is not your fault. Open the link in the e-mail again to see whether your answer has arrived."),
    ),
    503: (
        N_("This page is busy at the moment"),
        N_("Wait a minute, then open the link in the e-mail again to see whether your answer has arrived."),
    ),
}
"""What the page of each error says, and what to do."""


class Pages:
    """The pages of a portal; `home` is the path below which customers reach it."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._templates = Environment(
            loader=PackageLoader("mci_tui.portal"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_safe,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def asked(
        self,
        question: Question,
        typed: Mapping[str, str] | None = None,
        problems: Mapping[str, Reason] | None = None,
        *,
        undecided: bool = False,
    ) -> str:
        """The question with its form; `typed` is put back into it, with the `problems` under their fields."""
        with speaking(question.invitation.language):
            said = {field: say(problem) for field, problem in (problems or {}).items()}
            if undecided:
                said["decision"] = _("Choose one of the two: press Accept or Decline.")
            return self._page(
                "question.html",
                _asking(question.invitation),
                paragraphs=question.paragraphs,
                fields=[_field(name, typed or {}, said) for name in LIMITS],
                problem=said.get("decision", ""),
                first=next((name for name in LIMITS if name in said), ""),
            )

    def settled(self, question: Question, *, refused: bool = False) -> str:
        """The answer that is on record; `refused` where somebody has just tried to give the other one."""
        with speaking(question.invitation.language):
            return self._page("answer.html", _answered(question), refused=refused)

    def notice(self, status: int, language: str) -> str:
        """The page of an error, the same for everybody."""
        title, todo = NOTICES.get(status, NOTICES[400 if status < 500 else 500])
        with speaking(language):
            foot = _("This page is run with mci-tui by the company that wrote to you. It is independent of Microsoft.")
            return self._page("notice.html", {"title": _(title), "todo": _(todo), "foot": foot}, language=language)

    def _page(self, template: str, words: Mapping[str, Any], **values: Any) -> str:
        """A template with its words; in the language that is spoken now, unless `language` names one."""
        values = {"home": self._home, "language": current_language()} | values
        return self._templates.get_template(template).render(words=words, **values)


def preferred(accepted: str) -> str:
    """The language of ours that an Accept-Language header likes best."""
    likings = dict.fromkeys(LANGUAGES, 0.0)
    for part in accepted.split(","):
        found = _LIKED.fullmatch(part.strip().lower())
        if found and (language := found["language"]) in likings:
            likings[language] = max(likings[language], float(found["liking"] or 1))
    return max(likings, key=lambda language: likings[language])


_LIKED = re.compile(r"(?P<language>[a-z]{1,8})(-[a-z0-9-]{1,40})?(\s*;\s*q=(?P<liking>[01](\.[0-9]{0,3})?))?")


def _safe(value: Any) -> Any:
    """What may stand on a page: text without what could reorder or hide what stands beside it, its lines kept."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return "\n".join(safe_text(line) for line in value.splitlines())


def _asking(invitation: Invitation) -> dict[str, Any]:
    """The words of the question."""
    until = _("%(day)s, end of the day (%(zone)s)")
    return _common(invitation) | {
        "title": _("%(partner)s asks for your consent") % {"partner": invitation.partner},
        "facts": [
            *_subject(invitation),
            (_("Asked by"), _person(invitation)),
            (_("Answer by"), [(until % {"day": day(invitation.deadline), "zone": invitation.zone}, "")]),
        ],
        "answer": _("Your answer"),
        "kept": _(
            "Your answer is final. It is kept together with your name and role, the time, the text above, and the"
            " network address and browser that it comes from."
        ),
        "choose": _("Choose one of the two"),
        "accept": _("Accept"),
        "decline": _("Decline"),
    }


def _answered(question: Question) -> dict[str, Any]:
    """The words of the answer that is on record."""
    invitation, accepted = question.invitation, question.decision is Decision.ACCEPTED
    given = _("%(name)s accepted on %(day)s.") if accepted else _("%(name)s declined on %(day)s.")
    on = day(question.answered_on) if question.answered_on else ""
    return _common(invitation) | {
        "title": _("Consent is given") if accepted else _("Consent is declined"),
        "mark": "✓" if accepted else "–",
        "given": given % {"name": question.answered_by, "day": on},
        "facts": [*_subject(invitation), (_("Asked by"), _person(invitation))],
        "refused": _("This was answered before, and an answer is final: nothing was changed."),
        "done": _("There is nothing more to do: you can close this page."),
        "correct": _("If something in it is not right, write to %(person)s.") % {"person": invitation.partner_name},
    }


def _common(invitation: Invitation) -> dict[str, Any]:
    foot = _("This page is run by %(partner)s with mci-tui. It is independent of Microsoft.")
    return {"partner": invitation.partner, "foot": foot % {"partner": invitation.partner}}


def _subject(invitation: Invitation) -> list[Fact]:
    return [
        (_("Engagement"), [(invitation.engagement, "")]),
        (_("Company"), [(invitation.company, "")]),
    ]


def _person(invitation: Invitation) -> list[tuple[str, str]]:
    """Who asks, as lines, each with what it links to."""
    email, phone = invitation.partner_email, invitation.partner_phone
    lines = [(invitation.partner_name, ""), (email, f"mailto:{quote(email, safe='@')}")]
    return [*lines, (phone, f"tel:{quote(phone.replace(' ', ''), safe='+')}")] if phone else lines


def _field(name: str, typed: Mapping[str, str], said: Mapping[str, str]) -> dict[str, Any]:
    """One field of the form as its template needs it; `fills` is what a browser may fill into a field of one line."""
    label, hint, fills = {
        "name": (_("Your name"), "", "name"),
        "role": (_("Your role in the company (optional)"), "", "organization-title"),
        "reason": (_("Reason (optional)"), _("If you decline, you may say why."), ""),
    }[name]
    told = {"hint": hint, "problem": said.get(name, "")}
    return told | {
        "name": name,
        "label": label,
        "fills": fills,
        "required": name == "name",
        "limit": LIMITS[name],
        "value": typed.get(name, ""),
        "described": " ".join(f"{name}-{part}" for part, text in told.items() if text),
    }
