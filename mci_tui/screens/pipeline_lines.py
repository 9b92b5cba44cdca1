"""The figures of the pipeline as lines: a mark and a word, a number, a bar, amounts in whole USD."""

from collections.abc import Iterable

from mci_tui.domain.claims import OPEN, STAGES, TERMINAL
from mci_tui.screens.cells import TONES
from mci_tui.services.pipeline import Figures, Stake
from mci_tui.text import N_, _, current_language, ngettext
from mci_tui.widgets.figures import Figure
from mci_tui.words import MARKS, STATUSES, day, days, number

CONSENTS = {
    "accepted": (N_("✓ agreed"), "success"),
    "declined": (N_("✗ declined"), "muted"),
    "unanswered": (N_("⌛ no answer in time"), "muted"),
}
"""How a question for consent ends, with the colour of its bar."""

WAITS = {
    "quarter": N_("a quarter within"),
    "half": N_("half of them within"),
    "three_quarters": N_("three quarters within"),
}

NOTHING = "–"


def by_status(figures: Figures) -> Iterable[Figure]:
    """The open claims by status with what is at stake, and the ended ones; the bars are all of one scale."""
    most = max(stake.count for stake in figures.statuses.values())
    money = _("payout, USD"), _("deal size, USD")
    for heading, statuses in ((_("Open claims"), OPEN), (_("Ended claims"), TERMINAL)):
        shown = [(status, figures.statuses[status]) for status in STAGES if status in statuses]
        if statuses is TERMINAL:
            yield Figure()
        total = sum(stake.count for _status, stake in shown)
        yield Figure(heading, number(total), 0, money if statuses is OPEN else (), heading=True)
        for status, stake in shown:
            words = STATUSES[status]
            word = f"{words.mark} {_(words.short)}"
            yield Figure(word, _count(stake.count), stake.count / most, _money(stake), TONES.get(status, "muted"))


def by_week(figures: Figures, name: str) -> Iterable[Figure]:
    """The counts of one series, the present week first."""
    yield Figure(_("week of"), heading=True)
    for week, count in reversed(list(zip(figures.weeks, figures.series[name], strict=True))):
        yield Figure(day(week, year=False), _count(count))


def deadlines_and_answers(figures: Figures) -> Iterable[Figure]:
    """What lapses soon, how questions for consent ended, and how soon customers answered."""
    yield from _due(figures)
    yield Figure()
    yield from _consents(figures)
    yield Figure()
    yield from _waits(figures)


def _due(figures: Figures) -> Iterable[Figure]:
    """What lapses soon, out of all that is open."""
    most = max(1, figures.open.count)
    yield Figure(_("Lapses within"), "", 0, (_("payout, USD"), _("deal size, USD")), heading=True)
    for within, stake in figures.due.items():
        yield Figure(days(within), _count(stake.count), stake.count / most, _money(stake))
    yield Figure(_("all open claims"), _count(figures.open.count), figures.open.count / most, _money(figures.open))


def _consents(figures: Figures) -> Iterable[Figure]:
    """Out of all claims that got an answer, or lapsed without one; the rate of consent stands beside."""
    settled = figures.consents.settled
    yield Figure(_("Consent"), number(settled), heading=True)
    for name, (words, tone) in CONSENTS.items():
        count = getattr(figures.consents, name)
        rate = (f"{round(100 * count / settled)} %",) if name == "accepted" and count else ()
        yield Figure(_(words), _count(count), count / max(1, settled), rate, tone)


def _waits(figures: Figures) -> Iterable[Figure]:
    """Of the customers who were asked from here and answered."""
    waits = figures.waits
    count = waits.count if waits else 0
    answers = ngettext("%(count)s answer", "%(count)s answers", count) % {"count": number(count)}
    yield Figure(_("Days to answer"), "", 0, (answers,), heading=True)
    for name, words in WAITS.items():
        hours = getattr(waits, name) if waits else 0
        yield Figure(_(words), _days(hours) if waits else NOTHING, hours / max(1, waits.three_quarters) if waits else 0)


def _count(count: int) -> str:
    return number(count) if count else NOTHING


def _money(stake: Stake) -> tuple[str, str]:
    """Payout and deal size in whole USD."""
    payout, deal_size = ((cents + 50) // 100 for cents in (stake.payout, stake.deal_size))
    return _count(payout), _count(deal_size)


def _days(hours: int) -> str:
    """Hours as days, to the tenth that is not below them."""
    whole, tenth = divmod(-(-10 * hours // 24), 10)
    return f"{number(whole)}{MARKS[current_language()][1]}{tenth}"
