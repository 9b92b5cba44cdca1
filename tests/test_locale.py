"""The program in Italian: a complete catalogue, words that fit their places, and screens and commands that use them."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from rich.cells import cell_len

from mci_tui.errors import reason
from mci_tui.screens.keymap import bindings
from mci_tui.sentences import SENTENCES
from mci_tui.settings import language_of
from mci_tui.text import LANGUAGES, _, current_language, ngettext, use_language
from mci_tui.words import (
    ACTIONS,
    DUE,
    ID_TYPES,
    ID_TYPES_SHORT,
    MARKS,
    MONTHS,
    PAY,
    PAY_SHORT,
    PROOF,
    STATUSES,
    amount,
    day,
    days,
    number,
    say,
    usd,
)
from tests import locale as tool
from tests.commands.calls import Mci, desk, files, home, mci
from tests.docs import PARTS
from tests.operator import Place
from tests.places import programme, workspace

__all__ = ["desk", "files", "home", "mci", "programme", "workspace"]

SEED = {
    "Engagement": "Impegno",
    "Claim": "Attestazione",
    "Friendly name": "Nome descrittivo",
    "the location ID": "l'ID località",
    "Payout": "Importo dei proventi",
    "Referral": "Segnalazione",
    "Known customer": "Cliente noto",
    "Add customer": "Aggiungi cliente",
    "Request customer": "Richiedi cliente",
    "Send customer consent email": "Invia messaggio di posta elettronica di consenso del cliente",
    "fixed pay": "pagamento fisso",
    "variable pay": "pagamento variabile",
}
"""The words of Partner Center that the program keeps to."""


@contextmanager
def reading(language: str) -> Iterator[None]:
    """Somebody who reads this language."""
    use_language(language)
    try:
        yield
    finally:
        use_language("en")


@pytest.fixture
def italian() -> Iterator[None]:
    """The reader's language is Italian."""
    with reading("it"):
        yield


class TestCatalogue:
    def test_every_message_is_translated_and_compiled(self) -> None:
        assert list(tool.problems(tool.extracted(), tool.written(), tool.MO.read_bytes())) == []
        assert tool.main(["--check"]) == 0

    def test_the_same_words_make_the_same_bytes_without_date_place_or_person(self) -> None:
        known = tool.written()
        assert tool.compiled(tool.updated(set(known), known)) == tool.MO.read_bytes()
        head = tool.PO.read_text("utf-8").partition("\n\n")[0]
        assert "nplurals=2; plural=(n != 1);" in head
        assert not any(word in head for word in ("Date", "Translator", "Team", "Generated", "fuzzy", "20"))
        assert not any(line.startswith("#:") for line in tool.PO.read_text("utf-8").splitlines())

    def test_each_fault_is_told(self) -> None:
        ids: set[tool.Id] = {"Back", "%(day)s left", ("%(n)s row", "%(n)s rows")}
        known: dict[tool.Id, Message] = {
            "Back": Message("Back", "Indietro"),
            "%(day)s left": Message("%(day)s left", "ancora %(day)s"),
            ("%(n)s row", "%(n)s rows"): Message(("%(n)s row", "%(n)s rows"), ("%(n)s riga", "%(n)s righe")),
        }

        def told(found: set[tool.Id], changes: dict[tool.Id, Message]) -> set[str]:
            changed = known | changes
            mo = tool.compiled(tool.updated(set(changed), changed))
            return {problem.partition(":")[0] for problem in tool.problems(found, changed, mo)}

        assert told(ids, {}) == set()
        assert told({*ids, "New"}, {}) == {"not in the catalogue"}
        assert told(ids - {"Back"}, {}) == {"no longer in the program"}
        assert told(ids, {"Back": Message("Back", "")}) == {"without translation"}
        assert told(ids, {"Back": Message("Back", "Indietro", flags=("fuzzy",))}) == {"fuzzy"}
        assert told(ids, {"%(day)s left": Message("%(day)s left", "ancora %(days)s")}) == {"other placeholders than"}
        assert told(ids, {("%(n)s row", "%(n)s rows"): Message(("%(n)s row", "%(n)s rows"), ("%(n)s riga", ""))}) == {
            "without translation"
        }
        assert [*tool.problems(ids, known, b"old")] == ["the .mo is not what the .po compiles to"]

    def test_messages_are_found_wherever_they_stand(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_text(
            'f"{_(\'inside\')}"\nN_("a" " b")\nngettext("%(n)s row", "%(n)s rows", 2)\n_(x)\n', "utf-8"
        )
        assert tool.extracted(tmp_path) == {"inside", "a b", ("%(n)s row", "%(n)s rows")}

    @pytest.mark.parametrize("call", ['_(f"{x} days")', 'N_("a" + x)', '_("%s" % x)'])
    def test_a_message_that_is_put_together_is_refused(self, tmp_path: Path, call: str) -> None:
        (tmp_path / "a.py").write_text(call, "utf-8")
        with pytest.raises(ValueError, match=r"a\.py:1"):
            tool.extracted(tmp_path)

    def test_words_that_are_kept_as_data_are_marked(self) -> None:
        statuses = [word for status in STATUSES.values() for word in (status.name, status.short)]
        actions = [word for pair in ACTIONS.values() for word in pair]
        tables = (SENTENCES, DUE, ID_TYPES, ID_TYPES_SHORT, PAY, PAY_SHORT, PROOF)
        data = {*statuses, *actions, *MONTHS, *(word for table in tables for word in table.values())}
        keys = {binding.description for _heading, owner in PARTS for binding in bindings(owner)} - {""}
        assert (data | keys) - tool.extracted() == set()


@pytest.mark.usefixtures("italian")
class TestWords:
    def test_they_are_those_of_partner_center(self) -> None:
        assert {english: _(english) for english in SEED} == SEED

    def test_a_reason_is_said_in_italian_with_what_fills_it(self) -> None:
        assert say(reason("fact_unknown", fact="seats", id_type="tenant", value="x")) == (
            "seats: valore non noto per ID tenant x"
        )
        assert say(reason("engagement_not_active", starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30))) == (
            "l'impegno è valido nel periodo 1 lug 2026 – 30 giu 2027"
        )
        assert say(reason("id_type_not_accepted", accepted=("domain", "msx"))) == (
            "questo impegno accetta solo: Nome di dominio, ID opportunità MSX"
        )

    def test_one_and_many_have_their_own_forms(self) -> None:
        one, many = "%(count)s line is wrong:", "%(count)s lines are wrong:"
        assert [ngettext(one, many, count) % {"count": count} for count in (0, 1, 2)] == [
            "0 righe sono errate:",
            "1 riga è errata:",
            "2 righe sono errate:",
        ]
        assert [days(count) for count in (0, 1, 12)] == ["oggi", "1 giorno", "12 gg"]

    def test_figures_and_dates_are_written_as_in_italy(self) -> None:
        assert (number(1_234_567), amount(391_200), usd(800_000), usd(12_550)) == (
            "1.234.567",
            "3.912,00",
            "8.000 USD",
            "125,50 USD",
        )
        assert day(date(2026, 12, 23)) == "23 dic 2026"

    def test_short_forms_fit_narrow_lists(self) -> None:
        marked = {f"{words.mark} {_(words.short)}" for words in STATUSES.values()}
        assert [words for words in marked if cell_len(words) > 18] == []
        assert [short for _name, short in ACTIONS.values() if cell_len(_(short)) > 8] == []
        assert [left for left in map(days, range(1000)) if cell_len(left) > 8] == []
        assert [f"120 gg · {_(what)}" for what in DUE.values() if cell_len(f"120 gg · {_(what)}") > 20] == []
        assert {len(_(month)) for month in MONTHS} == {3}

    def test_no_two_statuses_or_actions_look_alike(self) -> None:
        for words in (
            [_(status.name) for status in STATUSES.values()],
            [_(status.short) for status in STATUSES.values()],
            [_(name) for name, _short in ACTIONS.values()],
            [_(short) for _name, short in ACTIONS.values()],
        ):
            assert len(set(words)) == len(words)


class TestLanguage:
    def test_one_that_the_program_does_not_speak_is_english(self) -> None:
        with reading("fr"):
            assert (current_language(), _("Back"), days(2), usd(800_000)) == ("en", "Back", "2 days", "8,000 USD")
        assert language_of({"LANG": "fr_FR.UTF-8"}) == "en"

    def test_every_language_has_its_marks(self) -> None:
        assert set(MARKS) == set(LANGUAGES)

    @pytest.mark.parametrize(("name", "value"), [("MCI_LANGUAGE", "it"), ("LANG", "it_IT.UTF-8")])
    def test_commands_answer_in_that_of_the_environment(
        self, mci: Mci, desk: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        monkeypatch.setenv(name, value)
        assert "Lo sportello degli impegni MCI per il terminale." in mci("--help").out
        assert mci("claims", "list").out == "Ancora nessuna attestazione.\n"
        told = mci("engagements", "show", "cloud-assessment").out
        assert "Cloud Assessment · pagamento fisso" in told
        assert "8.000 USD" in told
        refused = mci("claims", "show", "CLM-7")
        assert refused.err == "Qui non c'è l'attestazione CLM-7. 'mci-tui claims list' le elenca.\n"

    def test_scripts_get_the_same_codes_and_figures_in_every_language(
        self, mci: Mci, desk: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        english = mci("engagements", "list", "--json").out
        monkeypatch.setenv("MCI_LANGUAGE", "it")
        assert mci("engagements", "list", "--json").out == english

    def test_tables_are_separated_by_semicolons_in_italian(
        self, mci: Mci, desk: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MCI_LANGUAGE", "it")
        header = next(csv.reader(io.StringIO(mci("claims", "list", "--csv").out.lstrip("\ufeff")), delimiter=";"))
        assert header[:3] == ["claim_id", "claim_name", "engagement"]


class TestScreens:
    async def test_both_lists_open_in_italian_and_no_title_is_cut(self, workspace: Place) -> None:
        with reading("it"):
            async with workspace.opened() as operator:
                operator.sees("Impegno", "Compenso", "Validità", "Idonei", "Non id.", "Completi", "⏎ Clienti")
                for _area in range(3):
                    assert "…" not in operator.line_with("Compenso")
                    await operator.presses("s")
                await operator.opens("Threat")
                operator.sees("Idonei 13 Non idonei 7 Completi 3", "ordine: cliente ↑", "a Aggiungi cliente")
                for title in ("Cliente ↑", "ID att. ↑", "Stato ↑", "Scade ↑"):
                    titles = operator.line_with("ID att.")
                    assert title in titles
                    assert "…" not in titles
                    await operator.presses("s")
                row = operator.row("Corvara")
                assert row == "Corvara Distribuzione – ○ Noto – Richiedi"
                await operator.presses("right")
                operator.sees("Cliente ↑ Motivi")
                await operator.presses("right")
                assert operator.row("Falkenried").endswith("⌛ Senza consenso")

    async def test_statuses_dates_and_actions_of_the_list_stand_uncut(self, workspace: Place) -> None:
        with reading("it"):
            async with workspace.opened() as operator:
                await operator.opens("Threat")
                assert [row for row in operator.rows() if "…" in row] == []
