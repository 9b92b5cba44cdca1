"""Rows that are marked: how they look, what keeps their marks, and what a mark costs."""

from textual import on
from textual.geometry import Region

from mci_tui.widgets.record_table import RecordTable
from tests.widgets.listing import SIZE, Host, Record, Source, Table, lines, read, records

SCREEN = (60, 11)
"""Ten rows under the titles."""


def even(row: Record) -> bool:
    return row.number % 2 == 0


class MarkHost(Host):
    """Remembers what was marked each time that marks changed."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self.told: list[list[int]] = []

    @on(RecordTable.Marked)
    def hear_marks(self, event: RecordTable.Marked[Record]) -> None:
        assert event.control is self.widget
        self.told.append([row.number for row in event.table.marked.values()])


def numbers(table: Table) -> list[int]:
    return [row.number for row in table.marked.values()]


def gutter(table: Table, rows: int = 4) -> str:
    return "".join(line[:1] or " " for line in lines(table)[1 : rows + 1])


async def test_space_marks_a_row_and_goes_on_and_takes_the_mark_away_again() -> None:
    table = Table(markable=lambda _row: True)
    host = MarkHost(table)
    async with host.run_test(size=SCREEN) as pilot:
        table.show_all(Source(records(4)))
        await pilot.press("space", "down", "space")
        assert (numbers(table), table.current_index, gutter(table)) == ([0, 2], 3, "■ ■▌")
        assert dict(table.marked) == {0: Record(0, "Customer 0"), 2: Record(2, "Customer 2")}
        await pilot.press("home", "space")
        assert (numbers(table), gutter(table)) == ([2], " ▌■ ")
        assert host.told == [[0], [0, 2], [2]]


async def test_cursor_and_mark_can_both_be_seen_without_colour_with_and_without_focus() -> None:
    table = Table(markable=lambda _row: True)
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(Source(records(4)))
        await pilot.press("space", "up")
        assert gutter(table) == "█   "
        await pilot.press("down")
        assert gutter(table) == "■▌  "
        table.blur()
        await pilot.pause()
        assert gutter(table) == "■│  "
        table.action_step(-1)
        assert gutter(table) == "┃   "


async def test_on_the_last_row_the_cursor_stays() -> None:
    table = Table(markable=lambda _row: True)
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(Source(records(2)))
        await pilot.press("end", "space")
        assert (numbers(table), gutter(table)) == ([1], " █  ")
        await pilot.press("space")
        assert (numbers(table), gutter(table)) == ([], " ▌  ")


async def test_a_row_that_may_not_be_marked_is_passed_over() -> None:
    table = Table(markable=even)
    host = MarkHost(table)
    async with host.run_test(size=SCREEN) as pilot:
        table.show_all(Source(records(5)))
        await pilot.press(*["space"] * 5)
        assert (numbers(table), table.current_index) == ([0, 2, 4], 4)
        assert host.told == [[0], [0, 2], [0, 2, 4]]


async def test_a_mark_can_be_taken_away_from_a_row_that_may_be_marked_no_more() -> None:
    table = Table(markable=lambda row: row.state == "known")
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(Source(records(3)))
        await pilot.press("space", "home")
        table.show_all(Source([Record(row.number, row.name, "claimed") for row in records(3)]))
        await pilot.press("space", "space")
        assert numbers(table) == []


async def test_all_marks_go_at_once_by_key_and_by_call() -> None:
    table = Table(markable=lambda _row: True)
    host = MarkHost(table)
    async with host.run_test(size=SCREEN) as pilot:
        table.show_all(Source(records(4)))
        await pilot.press("space", "space", "u")
        assert (numbers(table), gutter(table), host.told) == ([], "  ▌ ", [[0], [0, 1], []])
        await pilot.press("space")
        table.clear_marks()
        await pilot.pause()
        assert (numbers(table), gutter(table), host.told[3:]) == ([], "   ▌", [[2], []])
        table.clear_marks()
        await pilot.press("u")
        assert host.told[5:] == []


async def test_marks_stay_with_their_rows_over_pages_another_order_and_a_refresh() -> None:
    table, source = Table(markable=even), Source(records(1000))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        await pilot.press("space", "end", "up")
        await read(pilot)
        await pilot.press("space")
        assert numbers(table) == [0, 998]
        table.sorted_by = ("number", True)
        table.show_all(Source(source.rows[::-1]), keep_cursor=False)
        assert gutter(table) == "▌■  "
        changed = [Record(row.number, row.name, "claimed") for row in source.rows]
        table.show_all(Source(changed), keep_cursor=False)
        assert gutter(table) == "█   "
        assert table.marked[0] == Record(0, "Customer 0", "known")
        table.show_all(Source(records(1000)[2:]), keep_cursor=False)
        assert numbers(table) == [0, 998]


async def test_where_nothing_can_be_marked_space_does_nothing() -> None:
    table = Table()
    host = MarkHost(table)
    async with host.run_test(size=SCREEN) as pilot:
        table.show_all(Source(records(4)))
        await pilot.press("space", "u")
        assert (numbers(table), table.current_index, host.told) == ([], 0, [])
        assert table.check_action("mark", ()) is False


async def test_a_mark_paints_the_lines_that_the_cursor_leaves_and_reaches() -> None:
    table = Table(markable=lambda _row: True)
    host = Host(table)
    async with host.run_test(size=(120, 36)) as pilot:
        table.show_all(Source(records(1000)))
        await pilot.pause()
        table.painted.clear()
        await pilot.press("space")
        assert [region.y for region in table.painted] == [1, 2]
        await pilot.press("end")
        await read(pilot)
        table.painted.clear()
        await pilot.press("space")
        assert table.painted == [Region(0, 35, 1, 1)]
        rows = table.render_lines(Region(0, 0, *table.size))[-2:]
        assert sum(len(strip.render(host.console).encode()) for strip in rows) < 400


async def test_the_row_that_the_cursor_was_sent_to_is_marked_not_the_one_that_it_left() -> None:
    table, source = Table(markable=lambda _row: True), Source(records(1000))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        source.gate.clear()
        await pilot.press("end", "space")
        assert numbers(table) == []
        source.gate.set()
        await read(pilot)
        assert numbers(table) == [999]


async def test_a_mark_is_seen_though_the_next_row_has_to_be_read_first() -> None:
    table, source = Table(markable=lambda _row: True), Source(records(1000))
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(source)
        source.gate.clear()
        table.move_to(SIZE - 1)
        await pilot.pause()
        assert gutter(table, 10).endswith("▌")
        await pilot.press("space")
        assert gutter(table, 10).endswith("█")
        source.gate.set()
        await read(pilot)
        assert (numbers(table), table.current_index) == ([SIZE - 1], SIZE)


async def test_a_refresh_does_not_stop_a_cursor_on_its_way_nor_what_it_is_to_do_there() -> None:
    table, source = Table(), Source(records(1000))
    host = Host(table)
    async with host.run_test(size=SCREEN) as pilot:
        table.show_all(source)
        source.gate.clear()
        await pilot.press("end", "enter")
        table.show_all(source, locate=source.locate)
        source.gate.set()
        await read(pilot)
        assert table.current_index == 999
        opened = [message.row for message in host.heard if isinstance(message, RecordTable.Opened)]
        assert opened == [source.rows[999]]


async def test_another_order_or_another_list_makes_what_was_to_be_opened_void() -> None:
    for again in (False, True):
        table, source = Table(), Source(records(1000))
        host = Host(table)
        async with host.run_test(size=SCREEN) as pilot:
            table.show_all(source)
            await pilot.press("down")
            source.gate.clear()
            await pilot.press("end", "enter")
            if not again:
                table.sorted_by = ("number", True)
            table.show_all(source, keep_cursor=not again)
            source.gate.set()
            await read(pilot)
            assert not [message for message in host.heard if isinstance(message, RecordTable.Opened)]


async def test_rows_drawn_anew_paint_only_what_reads_differently() -> None:
    table = Table()
    words = {4: "renamed"}
    async with Host(table).run_test(size=SCREEN) as pilot:
        table.show_all(Source(records(8)))
        column = table.columns[0]
        table.columns = [type(column)("name", "Customer", lambda row: words.get(row.number, row.name), 12)]
        await pilot.pause()
        table.painted.clear()
        table.draw_rows()
        assert table.painted == []
        words[4] = "renamed again"
        table.draw_rows()
        assert {region.y for region in table.painted} == {5}
