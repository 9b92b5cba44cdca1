"""A list of any length: what it shows, how the cursor moves, and what it costs."""

from collections.abc import Sequence

import pytest
from rich.style import Style
from textual.content import Content
from textual.geometry import Region, Size

from mci_tui.errors import NotAllowed, reason
from mci_tui.widgets.record_table import Column, PageRequest, RecordTable
from tests.widgets.listing import SIZE, Host, Record, Source, Table, lines, read, records

SCREEN = (60, 11)
"""Ten rows under the titles."""


def rows_painted(table: Table) -> set[int]:
    return {y for region in table.painted for y in region.line_range if y < table.size.height}


async def test_rows_stand_under_their_titles_and_the_cursor_has_a_mark() -> None:
    table = Table()
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(Source(records(3)))
        await pilot.pause()
        assert lines(table)[:4] == [
            " Customer                               Status        Number",
            "▌Customer 0                             ○ known            0",
            " Customer 1                             ○ known            1",
            " Customer 2                             ○ known            2",
        ]


async def test_a_narrow_table_leaves_columns_out() -> None:
    table = Table()
    async with Host(table).run_test(size=(40, 11)) as pilot:
        table.show_all(Source(records(3)))
        await pilot.pause()
        assert lines(table)[:2] == [" Customer                     Status", "▌Customer 0                   ○ known"]


async def test_the_sorted_column_has_an_arrow() -> None:
    table = Table()
    async with Host(table).run_test(size=SCREEN):
        table.sorted_by = ("name", False)
        assert lines(table)[0].split() == ["Customer", "↑", "Status", "Number"]
        table.sorted_by = ("number", True)
        assert lines(table)[0].split() == ["Customer", "Status", "Number", "↓"]


async def test_a_name_with_escape_sequences_and_markup_is_shown_as_text() -> None:
    table = Table()
    hostile = Record(0, "\x1b]0;x\x07[bold]Rossi[/x] \u202eevil")
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(Source([hostile]))
        await pilot.pause()
        assert lines(table)[1].startswith("▌�]0;x�[bold]Rossi[/x] evil")


async def test_a_wide_name_is_cut_to_its_column_in_cells() -> None:
    table = Table()
    async with Host(table).run_test(size=(40, 11)) as pilot:
        table.show_all(Source([Record(0, "株式会社サンプル商事コーポレーション本社")]))
        await pilot.pause()
        strip = table.render_lines(Region(0, 0, *table.size))[1]
        assert strip.cell_length == 40
        assert "… " in strip.text
        assert strip.text.rstrip().endswith("  ○ known")


async def test_an_empty_list_says_why_once_it_is_known_to_be_empty() -> None:
    table = Table(empty="No customers yet.\nPress a to add one.")
    async with Host(table).run_test(size=SCREEN) as pilot:
        assert not any(lines(table)[1:])
        table.show_all(Source([]))
        await pilot.pause()
        assert [line.strip() for line in lines(table) if line][1:] == ["No customers yet.", "Press a to add one."]
        assert table.current is None


async def test_the_words_of_an_empty_list_can_change() -> None:
    table = Table()
    async with Host(table).run_test(size=SCREEN):
        table.show_all(Source([]))
        table.set_empty(Content("Nothing matches [cor]."))
        assert any("Nothing matches [cor]." in line for line in lines(table))


@pytest.mark.parametrize(
    ("keys", "index"),
    [
        (["down"], 1),
        (["j", "j", "k"], 1),
        (["up"], 0),
        (["pagedown"], 10),
        (["pagedown", "pagedown", "pageup"], 10),
        (["end"], 999),
        (["G"], 999),
        (["end", "home"], 0),
        (["end", "g"], 0),
        (["end", "down", "up"], 998),
    ],
)
async def test_keys_move_the_cursor(keys: list[str], index: int) -> None:
    table, source = Table(), Source(records(1000))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        for key in keys:
            await pilot.press(key)
            await read(pilot)
        assert table.current_index == index
        assert table.current == source.rows[index]
        assert any(line.startswith(f"▌Customer {index} ") for line in lines(table))


async def test_down_paints_two_lines_and_asks_for_no_layout() -> None:
    table = Table()
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(Source(records(1000)))
        await pilot.press("down")
        table.painted.clear()
        await pilot.press("down")
        assert table.painted == [Region(0, 2, 60, 1), Region(0, 3, 60, 1)]
        assert not table._layout_required


async def test_half_a_page_turns_when_the_cursor_leaves_the_view() -> None:
    table = Table()
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(Source(records(1000)))
        await pilot.press(*["down"] * 10)
        assert lines(table)[1].startswith(" Customer 5 ")
        assert lines(table)[6].startswith("▌Customer 10 ")


async def test_a_list_of_a_million_asks_for_the_pages_it_shows() -> None:
    table, source = Table(), Source(range(1_000_000))  # type: ignore[arg-type]
    asked: list[PageRequest[Record]] = []

    def fetch(request: PageRequest[Record]) -> Sequence[Record]:
        asked.append(request)
        return [Record(number, f"Customer {number}") for number in range(request.offset, request.offset + request.size)]

    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show(len(source.rows), records(SIZE), fetch)
        await pilot.press("end")
        await read(pilot)
        assert table.current == Record(999_999, "Customer 999999")
        assert [(request.index, request.last) for request in asked] == [(49_999, True)]


async def test_the_cursor_waits_for_its_rows_and_nothing_is_painted_before() -> None:
    table, source = Table(), Source(records(1000))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        await pilot.pause()
        source.gate.clear()
        table.painted.clear()
        await pilot.press("end")
        await pilot.pause()
        assert (table.current_index, table.painted) == (0, [])
        source.gate.set()
        await read(pilot)
        assert table.current_index == 999


async def test_keys_typed_while_rows_are_read_are_not_lost() -> None:
    table, source = Table(), Source(records(1000))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        source.gate.clear()
        await pilot.press("end", "up", "up")
        source.gate.set()
        await read(pilot)
        assert table.current_index == 997


async def test_enter_opens_the_row_that_the_cursor_was_sent_to() -> None:
    table, source = Table(), Source(records(1000))
    host = Host(table)
    async with host.run_test(size=SCREEN) as pilot:
        table.show_all(source)
        source.gate.clear()
        await pilot.press("end", "enter")
        assert not [message for message in host.heard if isinstance(message, RecordTable.Opened)]
        source.gate.set()
        await read(pilot)
        opened = [message.row for message in host.heard if isinstance(message, RecordTable.Opened)]
        assert opened == [source.rows[999]]


async def test_the_next_page_is_read_ahead_in_the_direction_of_travel() -> None:
    table, source = Table(), Source(records(1000))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        await pilot.pause()
        assert source.asked == []
        await pilot.press("pagedown")
        await read(pilot)
        assert [request.index for request in source.asked] == [1]
        await pilot.press("end", "pageup")
        await read(pilot)
        assert [request.index for request in source.asked] == [1, 49, 48]


async def test_an_answer_to_an_earlier_list_is_dropped_and_no_more_asked_of_it() -> None:
    table, slow, quick = Table(), Source(records(1000)), Source([Record(n, "Filtered") for n in range(500)])
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(slow)
        slow.gate.clear()
        await pilot.press("end")
        quick.gate.clear()
        table.show_all(quick, keep_cursor=False)
        await pilot.press("end")
        slow.gate.set()
        await slow.has_answered()
        await pilot.pause()
        assert (table.count, table.current, len(slow.asked)) == (500, quick.rows[0], 1)
        quick.gate.set()
        await read(pilot)
        assert (table.current, len(slow.asked)) == (quick.rows[499], 1)


async def test_where_a_row_stands_in_an_earlier_list_does_not_count() -> None:
    table, source = Table(), Source(records(1000))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        await pilot.press("end")
        await read(pilot)
        slow, quick = Source(source.rows[500:]), Source(source.rows[100:])
        slow.gate.clear()
        quick.gate.clear()
        table.show_all(slow, locate=slow.locate)
        await pilot.pause()
        table.show_all(quick, locate=quick.locate)
        slow.gate.set()
        await slow.has_answered()
        quick.gate.set()
        await read(pilot)
        assert (table.current, table.current_index) == (source.rows[999], 899)


async def test_a_row_that_came_to_the_first_page_is_followed_without_reading_another() -> None:
    table, source = Table(), Source(records(1000))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        await pilot.press("end")
        await read(pilot)
        backwards = Source(source.rows[::-1])
        table.show_all(backwards)
        assert (table.current, table.current_index, backwards.asked) == (source.rows[999], 0, [])


async def test_the_cursor_stays_with_its_row_when_rows_come_before_it() -> None:
    table, source = Table(), Source(records(30))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        await pilot.press("down", "down")
        table.show_all(Source([Record(900, "Added"), *source.rows]))
        await read(pilot)
        assert (table.current, table.current_index) == (source.rows[2], 3)
        assert lines(table)[1].startswith(" Added ")


async def test_far_down_in_the_list_nothing_moves_when_rows_come_before() -> None:
    table, source = Table(), Source(records(1000))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        await pilot.press("end", *["up"] * 3)
        await read(pilot)
        shown = lines(table)
        table.painted.clear()
        later = Source([Record(5000, "Added"), *source.rows])
        table.show_all(later, locate=later.locate)
        await read(pilot)
        assert table.current_index == 997
        assert lines(table) == shown
        assert table.painted == []


async def test_a_row_that_went_leaves_the_cursor_at_its_place() -> None:
    table, source = Table(), Source(records(30))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        await pilot.press("down", "down")
        table.show_all(Source([row for row in source.rows if row.number != 2]))
        assert (table.current, table.current_index) == (source.rows[3], 2)


async def test_the_last_row_gone_leaves_the_cursor_on_the_last_row() -> None:
    table, source = Table(), Source(records(30))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        await pilot.press("end")
        await read(pilot)
        table.show_all(Source(source.rows[:5]))
        assert (table.current, table.current_index) == (source.rows[4], 4)


async def test_a_refresh_paints_only_the_lines_that_read_differently() -> None:
    table, source = Table(), Source(records(30))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        await pilot.pause()
        table.painted.clear()
        changed = [Record(row.number, row.name, "claimed") if row.number == 4 else row for row in records(30)]
        table.show_all(Source(changed))
        await pilot.pause()
        assert table.painted == [Region(0, 5, 60, 1)]


async def test_rows_read_again_are_drawn_again() -> None:
    table, source = Table(), Source(records(5))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        source.rows = [Record(number, "Renamed") for number in range(1000)]
        table.set_count(1000)
        await read(pilot)
        assert lines(table)[5].startswith(" Renamed ")


async def test_a_list_shown_anew_is_drawn_anew_as_its_cells_may_read_differently() -> None:
    days = 12
    column = Column[Record]("due", "Due", lambda row: f"{days} days", 10)
    table, source = Table(), Source(records(5))
    async with Host(table).run_test(size=SCREEN):
        table.columns = [column]
        table.show_all(source)
        days = 11
        table.show_all(source)
        assert lines(table)[1] == "▌11 days"


async def test_a_row_is_sought_where_the_source_finds_it() -> None:
    table, source = Table(), Source(records(1000))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        await pilot.press("down", "down")
        backwards = Source(source.rows[::-1])
        table.show_all(backwards, locate=backwards.locate)
        await read(pilot)
        assert (table.current, table.current_index) == (source.rows[2], 997)


async def test_a_key_pressed_meanwhile_ends_the_search_for_the_row() -> None:
    table, source = Table(), Source(records(1000))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        backwards = Source(source.rows[::-1])
        backwards.gate.clear()
        table.show_all(backwards, locate=backwards.locate)
        await pilot.press("down")
        backwards.gate.set()
        await read(pilot)
        assert (table.current, table.current_index) == (backwards.rows[1], 1)


async def test_rows_come_before_their_count() -> None:
    table, source = Table(), Source(records(1000))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show(SIZE, source.rows[:SIZE], source.fetch)
        await pilot.press("end")
        assert table.current_index == SIZE - 1
        table.painted.clear()
        table.set_count(1000)
        assert (table.count, table.current_index, table.painted) == (1000, SIZE - 1, [])
        await pilot.press("end")
        await read(pilot)
        assert table.current_index == 999


async def test_a_list_that_shrank_meanwhile_ends_where_its_source_ends() -> None:
    table, source = Table(), Source(records(1000))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        source.rows = source.rows[:990]
        await pilot.press("end")
        await read(pilot)
        assert (table.count, table.current) == (990, source.rows[989])


async def test_rows_that_may_not_be_read_leave_the_cursor_where_it_was() -> None:
    table, source = Table(), Source(records(1000))
    refused = NotAllowed(reason("read_only"))

    def fetch(request: PageRequest[Record]) -> Sequence[Record]:
        raise refused

    host = Host(table)
    async with host.run_test(size=SCREEN) as pilot:
        table.show(1000, source.rows[:SIZE], fetch)
        await pilot.press("end")
        await read(pilot)
        assert [message.refused for message in host.heard if isinstance(message, RecordTable.Failed)] == [refused]
        await pilot.press("down")
        assert table.current_index == 1


async def test_moved_tells_the_last_row_of_several_and_what_changed_in_place() -> None:
    table, source = Table(), Source(records(30))
    host = Host(table)
    async with host.run_test(size=SCREEN) as pilot:
        table.show_all(source)
        table.action_step(1)
        table.action_step(1)
        await pilot.pause()
        assert [message.row for message in host.heard if isinstance(message, RecordTable.Moved)] == [source.rows[2]]
        host.heard.clear()
        table.show_all(Source([Record(row.number, row.name, "claimed") for row in source.rows]))
        table.show_all(Source([Record(row.number, row.name, "claimed") for row in source.rows]))
        await pilot.pause()
        assert [message.row for message in host.heard if isinstance(message, RecordTable.Moved)] == [
            Record(2, "Customer 2", "claimed")
        ]
        host.heard.clear()
        table.show_all(Source([Record(row.number, row.name, "claimed") for row in source.rows]))
        await pilot.pause()
        assert host.heard == []


async def test_the_foot_is_painted_with_every_move_and_only_where_it_differs() -> None:
    table = Table(foot=True)
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(Source(records(3)))
        table.set_foot(Content("by name"), Content("Anna [x]"))
        await pilot.pause()
        assert [line for line in lines(table) if line][-1] == f" 1 of 3{' ' * 16}by name{' ' * 21}Anna [x]"
        assert len(lines(table)) == 11
        table.painted.clear()
        await pilot.press("down")
        assert lines(table)[10].startswith(" 2 of 3 ")
        assert table.painted[-1] == Region(0, 10, 7, 1)


async def test_a_click_moves_and_a_click_on_the_cursor_opens() -> None:
    table, source = Table(), Source(records(30))
    host = Host(table)
    async with host.run_test(size=SCREEN) as pilot:
        table.show_all(source)
        await pilot.click(table, offset=(5, 4))
        assert table.current_index == 3
        assert not [message for message in host.heard if isinstance(message, RecordTable.Opened)]
        await pilot.click(table, offset=(5, 4))
        await pilot.click(table, offset=(5, 0))
        opened = [message.row for message in host.heard if isinstance(message, RecordTable.Opened)]
        assert opened == [source.rows[3]]


async def test_the_cursor_can_be_told_from_other_rows_without_colour_and_without_focus() -> None:
    table = Table()
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(Source(records(3)))
        await pilot.pause()
        assert [line[0] for line in lines(table)[1:4]] == ["▌", " ", " "]
        table.blur()
        await pilot.pause()
        assert [line[0] for line in lines(table)[1:4]] == ["│", " ", " "]


async def test_the_cursor_row_has_its_own_background_and_one_foreground_in_every_theme() -> None:
    table = Table()
    host = Host(table)
    async with host.run_test(size=SCREEN) as pilot:
        table.show_all(Source(records(3)))
        for theme in host.available_themes:
            host.theme = theme
            await pilot.pause()
            styles = [[seg.style or Style() for seg in strip] for strip in table.render_lines(Region(0, 1, 60, 2))]
            backgrounds = [{style.bgcolor for style in line} for line in styles]
            assert [len(colours) for colours in backgrounds] == [1, 1], theme
            assert backgrounds[0] != backgrounds[1], theme
            assert len({style.color for style in styles[0]}) == 1, theme


async def test_a_smaller_or_bigger_terminal_keeps_the_cursor_in_view() -> None:
    table, source = Table(), Source(records(1000))
    async with Host(table).run_test(size=(60, 31)) as pilot:
        table.show_all(source)
        await pilot.press(*["down"] * 25)
        for size in [(60, 6), (1, 1), (120, 40), (60, 11)]:
            await pilot.resize_terminal(*size)
            await read(pilot)
            assert table.size == Size(*size)
            assert table.current == source.rows[25]
        assert any(line.startswith("▌Customer 25 ") for line in lines(table))


async def test_other_columns_can_be_shown() -> None:
    table = Table()
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(Source(records(3)))
        table.columns = table.columns[1:]
        await pilot.pause()
        assert lines(table)[1].split() == ["▌○", "known", "0"]


async def test_a_key_stays_within_its_bytes() -> None:
    table = Table()
    host = Host(table)
    async with host.run_test(size=(120, 36)) as pilot:
        table.show_all(Source(records(1000)))
        await pilot.press("down")
        rows = table.render_lines(Region(0, 0, *table.size))[1:3]
        assert sum(len(strip.render(host.console).encode()) for strip in rows) < 400
