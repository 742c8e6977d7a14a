"""A page of rows, as an agent sees it and walks through it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Sequence
from typing import Any, Literal

import pytest
from textual.app import ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip

from tests.widgets.drawing import HOSTILE, KitApp, screen_lines
from widgets.blocks import Note
from widgets.cells import width
from widgets.list_layout import Column, ListRow
from widgets.paged_list import PagedList

COLUMNS = (
    Column("name", "Name", width=14, min_width=8, weight=2, priority=9),
    Column("remark", "Remark", width=10, min_width=6, priority=2),
    Column("added", "Added", width=10, min_width=10, priority=3),
)

HEADING = 1
"""Lines above the first row."""


class CountingList(PagedList):
    """A list that notes which of its lines were painted."""

    def __init__(self) -> None:
        super().__init__(COLUMNS)
        self.painted: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.painted.append(y)
        return super().render_line(y)


class ListApp(KitApp):
    def __init__(self, count: int = 100) -> None:
        super().__init__()
        self.count = count
        self.heard: list[Message] = []
        self.rested_on: list[str] = []
        self.rested = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield CountingList()

    def on_mount(self) -> None:
        self.pane.show(page(self.count))

    @property
    def pane(self) -> CountingList:
        return self.query_one(CountingList)

    def on_paged_list_highlighted(self, message: PagedList.Highlighted) -> None:
        self.heard.append(message)

    def on_paged_list_opened(self, message: PagedList.Opened) -> None:
        self.heard.append(message)

    def on_paged_list_page_wanted(self, message: PagedList.PageWanted) -> None:
        self.heard.append(message)

    def on_paged_list_marked(self, message: PagedList.Marked) -> None:
        self.heard.append(message)

    def on_paged_list_rested(self, message: PagedList.Rested) -> None:
        self.rested_on.append(message.row_id)
        self.rested.set()

    def told(self) -> list[tuple[object, ...]]:
        """What the list told since the last time, as plain tuples; where the cursor rested is told by the clock."""
        plain: list[tuple[object, ...]] = []
        for message in self.heard:
            match message:
                case PagedList.Marked():
                    plain.append(("Marked", message.ids, message.on))
                case PagedList.PageWanted():
                    plain.append(("PageWanted", message.direction))
                case PagedList.RowMessage():
                    plain.append((type(message).__name__, message.row_id))
        self.heard.clear()
        return plain


def page(count: int, first: int = 0) -> list[ListRow]:
    return [ListRow(f"c{i}", (f"客户{i}", f"remark {i}", "2020-10-30")) for i in range(first, first + count)]


async def test_the_cursor_is_seen_without_colour() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 20)) as pilot:
        assert screen_lines(app)[0].split() == ["Name", "Remark", "Added"]
        assert screen_lines(app)[1].startswith(" ▌ 客户0")
        await pilot.press("j")
        assert screen_lines(app)[1].startswith("   客户0")
        assert screen_lines(app)[2].startswith(" ▌ 客户1")


async def test_moving_the_cursor_paints_two_rows() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("down")
        app.pane.painted.clear()
        await pilot.press("down")
        assert app.pane.painted == [HEADING + 1, HEADING + 2]


async def test_moving_the_cursor_makes_two_lines_anew() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 20)):
        before = app.pane.lines(60, 20)[HEADING:]
        app.pane.action_move(1)
        after = app.pane.lines(60, 20)[HEADING:]
        assert [y for y, (old, new) in enumerate(zip(before, after, strict=True)) if old is not new] == [0, 1]


async def test_moving_the_cursor_begins_no_task() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 20)):
        before = asyncio.all_tasks()
        app.pane.action_move(1)
        app.pane.action_move(1)
        assert asyncio.all_tasks() == before
        await app.rested.wait()
        assert app.rested_on[-1] == "c2"


async def test_showing_the_same_page_again_paints_nothing_and_a_changed_row_alone() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 20)) as pilot:
        app.pane.painted.clear()
        app.pane.show(page(100))
        await pilot.pause()
        assert app.pane.painted == []
        changed = page(100)
        changed[5] = ListRow("c5", ("王五", "", ""))
        app.pane.show(changed)
        await pilot.pause()
        assert app.pane.painted == [HEADING + 5]


async def test_pages_that_were_turned_leave_no_lines_behind() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 20)) as pilot:
        gc.collect()
        gc.disable()  # a line is gone with its page, whenever the garbage is looked for
        try:
            drawn = []
            for number in range(10):
                app.pane.show(page(100, number * 100))
                await pilot.pause()
                drawn.append(sum(isinstance(one, Strip) for one in gc.get_objects()))
        finally:
            gc.enable()
        assert drawn[-1] <= drawn[1]


async def test_the_cursor_leaving_the_screen_turns_it_by_a_screen() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 11)) as pilot:
        await pilot.press(*["down"] * 10)
        lines = screen_lines(app)
        assert lines[1].startswith("   客户9 ")
        assert lines[2].startswith(" ▌ 客户10 ")
        app.pane.painted.clear()
        await pilot.press("down")
        assert app.pane.painted == [HEADING + 1, HEADING + 2]


async def test_keys_go_by_screens_halves_and_ends() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 11)) as pilot:
        for key, cursor in [
            ("pagedown", 9),
            ("ctrl+d", 14),
            ("ctrl+f", 23),
            ("ctrl+u", 18),
            ("pageup", 9),
            ("G", 99),
            ("k", 98),
            ("g", 0),
            ("end", 99),
            ("home", 0),
        ]:
            await pilot.press(key)
            assert app.pane.cursor_index == cursor, key
            assert any(line[1] == "▌" for line in screen_lines(app)), key


async def test_moving_past_an_end_asks_for_the_page_beyond() -> None:
    app = ListApp(5)
    async with app.run_test(size=(60, 11)) as pilot:
        app.told()
        await pilot.press("up")
        assert app.told() == [("PageWanted", -1)]
        await pilot.press("G")
        app.told()
        await pilot.press("down", "pagedown")
        assert app.told() == [("PageWanted", 1), ("PageWanted", 1)]
        assert app.pane.cursor_id == "c4"


@pytest.mark.parametrize(("end", "expected"), [("first", "c5"), ("last", "c104")])
async def test_a_turned_page_starts_at_the_end_that_was_asked_for(end: Literal["first", "last"], expected: str) -> None:
    app = ListApp(5)
    async with app.run_test(size=(60, 11)):
        app.pane.show(page(100, first=5), cursor=end)
        assert app.pane.cursor_id == expected
        assert sum(line[1] == "▌" for line in screen_lines(app)) == 1


async def test_news_of_a_page_leaves_the_cursor_on_its_customer_and_where_it_was() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 11)) as pilot:
        await pilot.press(*["down"] * 4)
        app.told()
        app.pane.show([*page(3, first=900), *page(100)])
        await pilot.pause()
        assert app.pane.cursor_id == "c4"
        assert screen_lines(app)[HEADING + 4].startswith(" ▌ 客户4 ")
        assert app.told() == []
        app.pane.show(page(4), cursor_id="c2")
        await pilot.pause()
        assert app.told() == [("Highlighted", "c2")]
        app.pane.show(page(2))
        assert app.pane.cursor_id == "c1"


async def test_a_row_is_told_at_once_and_again_when_the_cursor_rests_on_it() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 11)) as pilot:
        await app.rested.wait()
        assert app.told() == [("Highlighted", "c0")]
        app.rested.clear()
        for _ in range(3):
            app.pane.action_move(1)
        await pilot.pause()
        assert app.told() == [("Highlighted", "c1"), ("Highlighted", "c2"), ("Highlighted", "c3")]
        await app.rested.wait()
        assert app.rested_on == ["c0", "c3"]


async def test_enter_opens_the_row() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 11)) as pilot:
        app.told()
        await pilot.press("enter")
        assert app.told() == [("Opened", "c0")]


async def test_marks_are_signs_and_the_cursor_goes_on() -> None:
    app = ListApp(3)
    async with app.run_test(size=(60, 11)) as pilot:
        app.told()
        await pilot.press("space")
        assert app.told() == [("Marked", ("c0",), True), ("Highlighted", "c1")]
        assert screen_lines(app)[1].startswith("*  客户0")
        await pilot.press("a")
        assert app.told() == [("Marked", ("c0", "c1", "c2"), True)]
        assert [line[:3] for line in screen_lines(app)[1:4]] == ["*  ", "*▌ ", "*  "]
        await pilot.press("a")
        assert app.told() == [("Marked", ("c0", "c1", "c2"), False)]
        app.pane.mark(["c2"], True)
        assert [row.id for row in app.pane.rows if row.mark] == ["c2"]


async def test_an_empty_list_says_why_and_takes_every_key() -> None:
    app = ListApp(0)
    async with app.run_test(size=(60, 11)) as pilot:
        app.pane.notice = Note("No connection to the vendor.\nPress R to try again.", "error")
        await pilot.press("down", "up", "pagedown", "g", "G", "enter", "space", "a", "ctrl+d")
        lines = [line.strip() for line in screen_lines(app)]
        assert lines[5:7] == ["✗ No connection to the vendor.", "Press R to try again."]
        assert app.pane.cursor_id is None
        app.pane.show(page(1))
        await pilot.pause()
        assert "客户0" in screen_lines(app)[1]


async def test_a_flag_stands_at_the_end_of_its_row() -> None:
    app = ListApp(0)
    async with app.run_test(size=(40, 11)) as pilot:
        app.pane.show([ListRow("a", ("李四",), flag="!"), ListRow("b", ("unreadable",), dim=True, flag="?")])
        await pilot.pause()
        assert [line[-1] for line in screen_lines(app)[:4]] == [" ", "!", "?", " "]


@pytest.mark.parametrize("columns", [20, 37, 80, 200])
async def test_whatever_a_vendor_sends_is_text_and_keeps_the_columns_straight(columns: int) -> None:
    app = ListApp(0)
    async with app.run_test(size=(columns, 30)) as pilot:
        app.pane.show([ListRow(f"h{i}", (text, text, "END"), flag=text) for i, text in enumerate(HOSTILE)])
        await pilot.pause()
        lines = screen_lines(app)
        if columns >= 37:
            ends = {width(line[: line.index("END")]) for line in lines[1 : len(HOSTILE) + 1]}
            assert ends == {width(lines[0][: lines[0].index("Added")])}


async def resized(pilot: Pilot[Any], columns: int, rows: int) -> None:
    """Resize the terminal, and wait until the screen is laid out anew."""
    await pilot.resize_terminal(columns, rows)
    while pilot.app.screen._compositor.size != (columns, rows):
        await pilot.pause(0.01)


async def test_a_tiny_terminal_and_back_keeps_the_cursor() -> None:
    app = ListApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["down"] * 7)
        sizes: Sequence[tuple[int, int]] = ((20, 5), (1, 1), (7, 2), (200, 60))
        for columns, rows in sizes:
            await resized(pilot, columns, rows)
            screen_lines(app)
            await pilot.press("down", "up")
        await resized(pilot, 80, 24)
        assert [line[:6] for line in screen_lines(app) if "▌" in line] == [" ▌ 客户7"]


async def test_the_bar_turns_quiet_when_another_pane_has_the_focus() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 11)) as pilot:
        focused = app.pane.render_line(HEADING)
        app.screen.set_focus(None)
        await pilot.pause()
        blurred = app.pane.render_line(HEADING)
        assert blurred.text == focused.text
        assert blurred != focused


async def test_other_columns_are_drawn_at_once() -> None:
    app = ListApp(1)
    async with app.run_test(size=(60, 11)) as pilot:
        app.pane.columns = (Column("only", "Only"),)
        await pilot.pause()
        assert screen_lines(app)[0].split() == ["Only"]


async def test_a_list_tells_whether_the_agent_moved_or_other_rows_are_shown() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 11)) as pilot:
        app.heard.clear()
        await pilot.press("down")
        app.pane.show(page(1))
        await pilot.pause()
        told = [message.by_agent for message in app.heard if isinstance(message, PagedList.Highlighted)]
        assert told == [True, False]
