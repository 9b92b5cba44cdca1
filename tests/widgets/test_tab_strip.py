"""Tabs on one line."""

from mci_tui.widgets.tab_strip import Tab, TabStrip
from tests.widgets.listing import Host, lines

TABS = (Tab("eligible", "Eligible", 12128), Tab("not", "Not eligible", 41), Tab("complete", "Complete"))


def activated(host: Host) -> list[str]:
    return [message.key for message in host.heard if isinstance(message, TabStrip.Activated)]


def underlined(strip: TabStrip) -> str:
    return "".join(segment.text for segment in strip.render_line(0) if segment.style and segment.style.underline)


async def test_labels_stand_with_their_counts_and_none_without_one() -> None:
    strip = TabStrip(TABS)
    async with Host(strip).run_test(size=(80, 5)):
        assert lines(strip) == [" Eligible 12,128    Not eligible 41    Complete"]


async def test_the_active_tab_is_the_first_until_another_is_activated() -> None:
    strip = TabStrip(TABS)
    host = Host(strip)
    async with host.run_test(size=(80, 5)) as pilot:
        assert (strip.active, underlined(strip)) == ("eligible", "Eligible")
        strip.activate("not")
        await pilot.pause()
        assert (strip.active, underlined(strip), activated(host)) == ("not", "Not eligible", ["not"])


async def test_activating_the_active_tab_or_none_tells_nothing() -> None:
    strip = TabStrip(TABS, active="not")
    host = Host(strip)
    async with host.run_test(size=(80, 5)) as pilot:
        strip.activate("not")
        strip.activate("gone")
        await pilot.pause()
        assert (strip.active, activated(host)) == ("not", [])


async def test_next_and_previous_go_round() -> None:
    strip = TabStrip(TABS)
    host = Host(strip)
    async with host.run_test(size=(80, 5)) as pilot:
        strip.previous()
        strip.next()
        strip.next()
        await pilot.pause()
        assert activated(host) == ["complete", "eligible", "not"]


async def test_a_click_activates_the_tab_under_it() -> None:
    strip = TabStrip(TABS)
    host = Host(strip)
    async with host.run_test(size=(80, 5)) as pilot:
        await pilot.click(strip, offset=(18, 0))
        await pilot.click(strip, offset=(42, 0))
        await pilot.click(strip, offset=(70, 0))
        assert activated(host) == ["complete"]


async def test_counts_change_without_a_layout() -> None:
    strip = TabStrip(TABS)
    async with Host(strip).run_test(size=(80, 5)):
        strip.set_counts({"not": 1000, "complete": 0})
        assert not strip._layout_required
        assert lines(strip) == [" Eligible 12,128    Not eligible 1,000    Complete 0"]


async def test_the_active_tab_is_in_view_where_not_all_fit() -> None:
    strip = TabStrip(TABS)
    async with Host(strip).run_test(size=(34, 5)) as pilot:
        assert lines(strip) == [" Eligible 12,128 Not eligible 41 …"]
        strip.activate("complete")
        await pilot.pause()
        assert lines(strip) == [" Not eligible 41 Complete"]


async def test_labels_are_shown_as_text() -> None:
    strip = TabStrip([Tab("a", "\x1b[1mSolutions [/x]", 3)])
    async with Host(strip).run_test(size=(80, 5)):
        assert lines(strip) == [" �[1mSolutions [/x] 3"]


async def test_a_strip_without_tabs_is_blank() -> None:
    strip = TabStrip()
    async with Host(strip).run_test(size=(80, 5)):
        strip.next()
        assert (lines(strip), strip.active) == ([""], None)
