"""The wizard engine, through a toy wizard, as an operator lives it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from threading import Event

import pytest
from textual.binding import Binding
from textual.events import Key, Paste
from textual.screen import Screen
from textual.widgets import Input

from mci_tui.errors import Invalid, Refused, Unusable, reason
from mci_tui.screens.wizards.engine import WizardScreen
from mci_tui.screens.wizards.page import StepPage
from mci_tui.screens.wizards.parts import Line, Trail
from mci_tui.screens.wizards.sitting import Drafts
from tests.screens.wizard_host import SIZES, Desk, Host, Operator, Visit, visit_wizard

FULL = Visit("Ada", "ada@example.com", "", "+39 02 1", "Marco", "road", "", ("mill",))
HOSTILE = "[/x] [@click=app.bell]x[/] \x1b]0;owned\x07\x1b[31mred"
TAKEN = {f"ctrl+{letter}" for letter in "abhijmqsz"}

every_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@asynccontextmanager
async def opened(
    desk: Desk, draft: Visit | None = None, at: str = "", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Operator]:
    """The wizard on a screen, with its first step drawn."""
    host = Host(desk, draft, at)
    async with host.run_test(size=size) as pilot:
        operator = Operator(pilot, host.wizard)
        await operator.settles()
        yield operator


@pytest.fixture
def desk() -> Desk:
    return Desk()


def results(operator: Operator) -> list[str | None]:
    """What the wizard gave when it was left."""
    host = operator.pilot.app
    assert isinstance(host, Host)
    return host.results


# Problems


@every_size
async def test_all_problems_stand_under_their_fields_and_the_first_has_the_focus(
    desk: Desk, size: tuple[int, int]
) -> None:
    async with opened(desk, size=size) as operator:
        await operator.types(guest="Ada", title="far too long")
        await operator.presses("enter")
        assert list(operator.problems()) == ["mail", "title", "phone", "host"]
        assert operator.problems()["title"] == "▲ At most 8 characters; this has 12."
        assert operator.focus == "mail"
        assert operator.step == "step 1 of 4"
        assert not desk.kept


@every_size
async def test_with_every_problem_showing_each_field_can_be_reached_and_seen(desk: Desk, size: tuple[int, int]) -> None:
    async with opened(desk, size=size) as operator:
        await operator.types(title="far too long")
        await operator.presses("enter")
        page = operator.wizard.query_one(StepPage)
        for name in ("guest", "mail", "title", "phone", "host"):
            assert operator.focus == name
            box = operator.box(name)
            assert page.region.contains_region(box.region), name
            await operator.presses("down")
        assert operator.wizard.query_one(Trail).region.y == operator.wizard.query_one("#title").region.y + 2


async def test_a_problem_goes_when_its_field_is_changed_and_the_others_stay(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.presses("enter")
        await operator.pilot.press("A")
        await operator.pilot.pause()
        assert list(operator.problems()) == ["mail", "phone", "host"]


async def test_a_problem_of_a_body_stands_above_the_foot_line(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.fills_guest()
        await operator.presses("space", "enter")
        await operator.presses("enter")
        assert operator.step == "step 3 of 4"
        assert operator.trouble == "▲ Choose at least one engagement."


# Keys


async def test_enter_is_next_while_a_choice_has_the_focus_and_space_chooses(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.fills_guest()
        await operator.presses("down", "space", "enter")
        assert operator.wizard.draft.way == "boat"
        assert operator.step == "step 3 of 5"


async def test_tab_and_arrows_move_among_the_fields(desk: Desk) -> None:
    async with opened(desk) as operator:
        seen = [operator.focus]
        for key in ("tab", "down", "up", "shift+tab"):
            await operator.presses(key)
            seen.append(operator.focus)
        assert seen == ["guest", "mail", "title", "mail", "guest"]


async def test_at_the_ends_of_a_choice_the_arrows_lead_on_to_the_next_field(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.fills_guest()
        await operator.presses("down", "space", "down")
        assert operator.focus == "way"
        await operator.presses("down")
        assert operator.focus == "harbour"
        await operator.presses("up")
        assert operator.focus == "way"


async def test_text_typed_right_behind_enter_goes_to_the_next_step(desk: Desk) -> None:
    """Keys wait for a quick answer: nothing lands in the field that was left."""
    async with opened(desk) as operator:
        await operator.types(guest="Ada", mail="ada@example.com", phone="+39 02 1", host="Marco")
        for key, letter in (("enter", None), ("down", None), ("space", " ")):
            operator.pilot.app.post_message(Key(key, letter))
        await operator.pilot.pause()
        await operator.settles()
        assert operator.wizard.draft == replace(FULL, way="boat", stops=())


async def test_a_click_on_the_foot_line_does_what_its_key_does(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.fills_guest()
        assert operator.foot == ["Esc Back", "F10 Cancel, keep draft", "⏎ Next"]
        await operator.pilot.click("#back")
        await operator.settles()
        assert operator.step == "step 1 of 4"
        await operator.pilot.click("#next")
        await operator.settles()
        assert operator.step == "step 2 of 4"
        await operator.pilot.click("#leave")
        await operator.settles()
        assert results(operator) == [None]


async def test_a_long_review_scrolls_by_arrows_and_pages(desk: Desk) -> None:
    desk.stops = ("mill " * 900, "tower", "bridge")
    async with opened(desk) as operator:
        await operator.reaches_review()
        page = operator.wizard.query_one(StepPage)
        await operator.presses("down")
        assert page.scroll_offset.y == 1
        await operator.presses("pagedown", "pageup", "up")
        assert page.scroll_offset.y == 0


async def test_behind_the_last_field_the_arrows_scroll_and_do_not_begin_again(desk: Desk) -> None:
    async with opened(desk, size=(80, 16)) as operator:
        page = operator.wizard.query_one(StepPage)
        await operator.presses(*["down"] * 6)
        assert operator.focus == "host"
        before = page.scroll_offset.y
        await operator.presses("down", "down")
        assert operator.focus == "host"
        assert page.scroll_offset.y == before + 2


async def test_a_page_key_that_a_choice_has_no_use_for_turns_the_page(desk: Desk) -> None:
    async with opened(desk, Visit(way="boat", guest="A\n" * 3), size=(80, 12)) as operator:
        await operator.fills_guest()
        page = operator.wizard.query_one(StepPage)
        assert operator.focus == "way"
        await operator.presses("pagedown")
        before = page.scroll_offset.y
        await operator.presses("pagedown")
        assert page.scroll_offset.y > before


def test_every_key_has_an_id_and_reaches_the_program_through_ssh_and_tmux() -> None:
    for binding in WizardScreen.BINDINGS:
        assert isinstance(binding, Binding)
        assert (binding.id or "").startswith("wizard.")
        keys = set(binding.key.split(","))
        assert not keys & TAKEN
        assert not any(key.startswith("alt+") for key in keys)
        assert any(key.startswith("ctrl+") for key in keys) or "f10" not in keys


# Back and forth


async def test_back_keeps_what_was_answered(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.fills_guest()
        await operator.presses("space", "escape")
        assert operator.step == "step 1 of 4"
        assert operator.wizard.draft == Visit("Ada", "ada@example.com", "", "+39 02 1", "Marco", "road")
        await operator.presses("enter")
        assert operator.box("way").value == "road"


async def test_a_step_that_does_not_apply_is_passed_over_and_not_counted(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.reaches_review()
        assert operator.step == "step 4 of 4"
        await operator.presses("escape", "escape", "down", "space", "enter", "enter")
        assert operator.step == "step 4 of 5"
        assert operator.box("harbour").display


async def test_a_field_that_does_not_apply_appears_when_it_does(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.fills_guest()
        assert not operator.box("harbour").display
        await operator.presses("down", "space")
        assert operator.box("harbour").display


async def test_a_note_follows_the_draft(desk: Desk) -> None:
    async with opened(desk) as operator:
        note = operator.box("host").query_one(".note", Line)
        assert str(note.content) == "for nobody yet"
        await operator.types(guest="Ada")
        assert str(note.content) == "for Ada"


async def test_the_last_step_saves_and_gives_the_result(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.reaches_review()
        assert operator.foot[-1] == "⏎ Book the visit"
        await operator.presses("enter")
        assert results(operator) == ["visit 1"]
        assert desk.saved == [FULL]
        assert desk.dropped == 1


# Asking between steps


async def test_while_the_service_is_asked_the_foot_line_says_so_and_escape_stays(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.fills_guest()
        gate = desk.gates["stops"] = Event()
        await operator.pilot.press("space", "enter")
        assert operator.foot == ["Esc Stop", "F10 Cancel, keep draft", "Looking for stops …"]
        assert operator.step == "step 2 of 4"
        await operator.pilot.press("escape")
        assert operator.foot[-1] == "⏎ Next"
        gate.set()
        await operator.settles()
        assert operator.step == "step 2 of 4"
        await operator.presses("enter")
        assert operator.step == "step 3 of 4"


async def test_an_answer_to_what_was_changed_meanwhile_is_dropped(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.fills_guest()
        gate = desk.gates["stops"] = Event()
        await operator.pilot.press("space", "enter")
        assert operator.wizard.busy
        await operator.pilot.press("down", "space")
        assert not operator.wizard.busy
        gate.set()
        await operator.settles()
        assert operator.step == "step 2 of 5"


async def test_an_answer_is_dropped_even_if_the_change_has_not_been_heard_of(desk: Desk) -> None:
    async with opened(desk) as operator:
        gate = desk.gates["ways"] = Event()
        await operator.fills_guest_without_waiting()
        entry = operator.box("guest").control
        assert isinstance(entry, Input)
        with entry.prevent(Input.Changed):
            entry.value = "Ada Lovelace"
        gate.set()
        await operator.settles()
        assert operator.step == "step 1 of 4"
        assert operator.wizard.draft.guest == "Ada Lovelace"


async def test_leaving_does_not_wait_for_the_answer(desk: Desk) -> None:
    async with opened(desk) as operator:
        gate = desk.gates["ways"] = Event()
        await operator.fills_guest_without_waiting()
        await operator.presses("f10")
        assert results(operator) == [None]
        assert desk.kept[-1][1] == "guest"
        gate.set()


async def test_when_the_first_question_is_refused_the_step_stays_empty_and_can_be_tried_again(desk: Desk) -> None:
    desk.refusals["ways"] = Unusable(reason("workspace_unreachable"))
    desk.skipped = 1
    async with opened(desk) as operator:
        assert operator.foot[-1] == "⏎ Try again"
        assert operator.trouble.startswith("▲ The database cannot be reached")
        await operator.presses("enter")
        assert operator.focus == "way"
        assert operator.trouble == ""


async def test_what_was_found_is_no_part_of_the_draft(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.reaches_review()
        assert operator.wizard.draft == FULL


async def test_a_choice_that_fell_away_is_taken_out_when_the_step_is_drawn(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.reaches_review()
        desk.stops = ("tower", "bridge")
        await operator.presses("escape", "escape", "enter")
        assert operator.wizard.draft.stops == ()


async def test_a_refused_question_about_an_earlier_field_leads_back_to_it(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.fills_guest()
        desk.refusals["stops"] = Invalid({"harbour": reason("required")})
        await operator.presses("space", "enter")
        assert operator.step == "step 2 of 4"
        assert operator.problems() == {"harbour": "▲ This cannot be empty."}
        assert operator.focus == "harbour"
        await operator.presses("up", "down", "space")
        assert operator.wizard.draft.way == "boat"
        await operator.presses("up", "space")
        assert operator.focus == "way"
        assert operator.box("harbour").display


async def test_the_step_that_one_is_led_back_to_is_asked_for_again(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.fills_guest()
        desk.refusals["stops"] = Invalid({"way": reason("required")})
        await operator.presses("space", "enter")
        assert operator.step == "step 2 of 4"
        assert desk.asked == ["ways", "stops", "ways"]


async def test_another_refusal_is_told_above_the_foot_line(desk: Desk) -> None:
    async with opened(desk) as operator:
        desk.refusals["ways"] = Refused("not_eligible", reason("stale"), reasons=[("sea", reason("role_missing_x"))])
        await operator.fills_guest()
        assert operator.step == "step 1 of 4"
        lines = operator.trouble.splitlines()
        assert lines[0] == "▲ Somebody else changed this meanwhile: look again and repeat."
        assert lines[1].endswith("sea: role_missing_x")
        await operator.presses("enter")
        assert operator.step == "step 2 of 4"
        assert operator.trouble == ""


def test_a_step_that_does_not_apply_mends_nothing(desk: Desk) -> None:
    ferry = visit_wizard(desk).steps[3]
    wizard = replace(visit_wizard(desk), steps=[ferry])
    assert wizard.mending({"harbour"}, Visit(way="road")) is None
    assert wizard.mending({"harbour"}, Visit(way="boat")) is ferry


# Saving


async def test_a_refused_save_returns_to_the_step_that_can_mend_it_with_everything_kept(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.reaches_review()
        desk.refusals["save"] = Invalid({"mail": reason("email_own", domain="example.com"), "way": reason("required")})
        await operator.presses("enter")
        assert operator.step == "step 1 of 4"
        assert list(operator.problems()) == ["mail"]
        assert operator.focus == "mail"
        assert operator.wizard.draft == FULL
        assert desk.dropped == 0


async def test_what_a_later_answer_made_wrong_is_found_before_saving(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.fills_guest()
        await operator.presses("down", "down", "space", "enter")
        await operator.presses("1", "enter")
        assert operator.step == "step 4 of 4"
        await operator.presses("enter")
        assert operator.step == "step 1 of 4"
        assert operator.problems() == {"title": "▲ This cannot be empty."}
        assert not desk.saved


async def test_a_refused_save_that_no_field_can_mend_stays_and_says_why(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.reaches_review()
        desk.refusals["save"] = Unusable(reason("workspace_full"))
        await operator.presses("enter")
        assert operator.step == "step 4 of 4"
        assert operator.trouble == "▲ The disk is full: nothing was changed. Make room and repeat."
        assert not operator.wizard.busy
        await operator.presses("enter")
        assert results(operator) == ["visit 1"]


async def test_while_saving_no_key_does_anything_and_it_is_saved_once(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.reaches_review()
        gate = desk.gates["save"] = Event()
        await operator.pilot.press("enter", "enter", "escape", "f10", "enter")
        assert operator.foot[-1] == "Saving …"
        assert operator.step == "step 4 of 4"
        assert results(operator) == []
        gate.set()
        await operator.settles()
        assert results(operator) == ["visit 1"]
        assert len(desk.saved) == 1


async def test_a_save_that_ends_under_another_screen_waits_for_it(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.reaches_review()
        gate = desk.gates["save"] = Event()
        await operator.pilot.press("enter")
        above: Screen[None] = Screen()
        await operator.pilot.app.push_screen(above)
        gate.set()
        await operator.settles()
        assert operator.pilot.app.screen is above
        assert results(operator) == []
        operator.pilot.app.pop_screen()
        await operator.pilot.pause()
        assert results(operator) == ["visit 1"]
        assert operator.wizard not in operator.pilot.app.screen_stack


# Drafts


async def test_a_draft_is_kept_at_every_step_on_the_way_out_and_back(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.reaches_review()
        assert [at for _visit, at in desk.kept] == ["way", "stops", "review"]
        assert desk.kept[-1][0] == FULL
        await operator.presses("escape")
        assert desk.kept[-1] == (FULL, "stops")


@pytest.mark.parametrize("key", ["f10", "ctrl+o"])
async def test_leaving_keeps_what_is_half_typed(desk: Desk, key: str) -> None:
    async with opened(desk) as operator:
        await operator.pilot.press("A", "d")
        await operator.presses(key)
        assert desk.kept == [(Visit("Ad"), "guest")]
        assert results(operator) == [None]


async def test_escape_on_the_first_step_leaves_and_keeps_only_what_was_typed(desk: Desk) -> None:
    async with opened(desk) as operator:
        assert operator.foot[0] == "Esc Leave"
        await operator.presses("escape")
        assert results(operator) == [None]
        assert desk.kept == []


async def test_keep_now_takes_what_stands_in_the_fields_unchecked(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.fills_guest()
        await operator.presses("escape")
        entry = operator.box("mail").control
        assert isinstance(entry, Input)
        entry.value = "ada@exa"
        operator.wizard.keep_now()
        assert desk.kept[-1] == (Visit("Ada", "ada@exa", "", "+39 02 1", "Marco"), "guest")


def test_keep_now_before_anything_is_drawn_keeps_what_there_was(desk: Desk) -> None:
    WizardScreen(visit_wizard(desk), FULL, "way").keep_now()
    assert desk.kept == [(FULL, "way")]


async def test_keep_now_takes_what_a_body_has_just_changed(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.fills_guest()
        await operator.presses("space", "enter")
        await operator.pilot.press("2")
        operator.wizard.keep_now()
        assert desk.kept[-1][0].stops == ("tower",)


async def test_a_draft_that_cannot_be_kept_is_told_and_a_second_press_leaves_without(desk: Desk) -> None:
    async with opened(desk) as operator:
        await operator.pilot.press("A")
        desk.refusals["keep"] = Unusable(reason("workspace_full"))
        await operator.presses("f10")
        assert results(operator) == []
        assert operator.trouble.splitlines() == [
            "▲ The draft is not kept. The disk is full: nothing was changed. Make room and repeat.",
            "▲ Leave once more to go without it.",
        ]
        assert operator.wizard.draft == Visit("A")
        await operator.presses("f10")
        assert results(operator) == [None]


async def test_a_step_is_reached_even_if_its_draft_cannot_be_kept(desk: Desk) -> None:
    async with opened(desk) as operator:
        desk.refusals["keep"] = Unusable(reason("workspace_full"))
        await operator.fills_guest()
        assert operator.step == "step 2 of 4"
        assert operator.trouble.startswith("▲ The draft is not kept.")


def test_an_older_order_never_overwrites_a_newer_draft(desk: Desk) -> None:
    drafts = Drafts(visit_wizard(desk), kept=False)
    older, newer = drafts.order(Visit("A"), "guest"), drafts.order(Visit("Ada"), "guest")
    newer()
    older()
    assert desk.kept == [(Visit("Ada"), "guest")]


def test_after_saving_no_late_order_brings_the_draft_back(desk: Desk) -> None:
    drafts = Drafts(visit_wizard(desk), kept=False)
    late = drafts.order(FULL, "review")
    drafts.save(FULL)
    late()
    assert desk.kept == []
    assert desk.dropped == 1


def test_a_draft_emptied_again_is_dropped(desk: Desk) -> None:
    drafts = Drafts(visit_wizard(desk), kept=True)
    drafts.order(Visit(), "guest")()
    assert (desk.kept, desk.dropped) == ([], 1)


# Coming back


async def test_a_kept_draft_asks_again_and_stands_where_it_was_left(desk: Desk) -> None:
    async with opened(desk, FULL, "stops") as operator:
        assert operator.step == "step 3 of 4"
        assert desk.asked == ["ways", "stops"]
        assert operator.problems() == {}


async def test_a_kept_draft_with_a_wrong_step_before_stands_there_with_its_problems(desk: Desk) -> None:
    async with opened(desk, Visit("Ada", way="road"), "stops") as operator:
        assert operator.step == "step 1 of 4"
        assert list(operator.problems()) == ["mail", "phone", "host"]
        assert operator.focus == "mail"


async def test_a_kept_draft_whose_question_is_refused_stands_before_it_and_says_why(desk: Desk) -> None:
    desk.refusals["stops"] = Unusable(reason("workspace_unreachable"))
    async with opened(desk, FULL, "review") as operator:
        assert operator.step == "step 2 of 4"
        assert operator.trouble.startswith("▲ The database cannot be reached")
        await operator.presses("enter")
        assert operator.step == "step 3 of 4"


async def test_a_kept_draft_of_a_step_that_is_no_more_begins_at_the_first(desk: Desk) -> None:
    async with opened(desk, FULL, "ferry") as operator:
        assert operator.step == "step 1 of 4"
        assert operator.box("guest").value == "Ada"


async def test_escape_leaves_while_a_kept_draft_is_still_asking(desk: Desk) -> None:
    gate = desk.gates["ways"] = Event()
    host = Host(desk, FULL, "way")
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert Operator(pilot, host.wizard).foot[0] == "Esc Stop"
        await pilot.press("escape")
        assert host.results == [None]
        assert desk.kept == []
        gate.set()


# Narrow terminals


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (80, "● Guest  ─  ○ Way there  ─  ○ Stops  ─  ○ Review"),
        (50, "● Guest ─ ○ Way there ─ ○ Stops ─ ○ Review"),
        (40, "● Guest ○ ○ ○"),
    ],
)
async def test_the_trail_gives_up_words_rather_than_cut_one(desk: Desk, width: int, line: str) -> None:
    async with opened(desk, size=(width, 24)) as operator:
        assert operator.wizard.query_one(Trail).render().plain.rstrip() == line


async def test_columns_stand_one_below_the_other_in_a_narrow_terminal(desk: Desk) -> None:
    async with opened(desk, size=(50, 24)) as operator:
        assert operator.box("host").region.x == operator.box("guest").region.x
    async with opened(desk, size=(80, 24)) as operator:
        assert operator.box("host").region.y == operator.box("guest").region.y


# Hostile text


@every_size
async def test_hostile_text_in_draft_and_findings_is_shown_as_it_is_and_acts_on_nothing(
    desk: Desk, size: tuple[int, int]
) -> None:
    desk.stops, desk.place = (HOSTILE, "tower", "bridge"), HOSTILE
    draft = Visit(HOSTILE, "ada@example.com", HOSTILE[:8], "+39 02 1", "Marco", "road")
    async with opened(desk, draft, size=size) as operator:
        assert operator.wizard.draft.guest.startswith("[/x] [@click=app.bell]x[/] �")
        desk.refusals["ways"] = Refused("no", reason("setting_value", key=HOSTILE, value="x", needs=HOSTILE))
        for number, keys in ((1, ("enter",)), (1, ("enter",)), (2, ("enter",)), (3, ("1", "enter")), (4, ())):
            assert operator.step == f"step {number} of 4"
            assert_harmless(operator)
            await operator.presses(*keys)


def assert_harmless(operator: Operator) -> None:
    """The screen shows the hostile text letter by letter, without what acts on a terminal."""
    drawn = "\n".join(strip.text for strip in operator.wizard._compositor.render_strips())
    assert "\x1b" not in drawn
    assert "[@click=app.bell]x[/]" in drawn


async def test_pasted_text_is_cleaned_and_cut_to_what_there_is_room_for(desk: Desk) -> None:
    async with opened(desk) as operator:
        entry = operator.box("guest").control
        entry.post_message(Paste("Ada\x1b[31m\u202e" + "x" * 60))
        await operator.pilot.pause()
        assert operator.wizard.draft.guest == ("Ada�[31m" + "x" * 60)[:40]
