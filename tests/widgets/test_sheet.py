"""A pane of blocks, as an agent reads it and copies from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from textual.app import ComposeResult
from textual.strip import Strip

from tests.widgets.drawing import HOSTILE, KitApp, screen_lines
from widgets.blocks import Block, Card, Entry, Field, Heading, Note, Raw, Rule, Section, Side, Sides
from widgets.cells import width
from widgets.lines import line_width
from widgets.sheet import Sheet
from widgets.sheet_layout import lay_out

CUSTOMER: tuple[Block, ...] = (
    Heading("李四", "WeChat · male"),
    Rule(),
    Field("Ids", (("wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg", ""), ("ozynqsulJFCZ2z1aYeS8h-nuasdAAA", ""))),
    Field("Phones", (("13800000000", "mobile"),)),
    Field("Emails"),
    Section("Custom fields"),
    Field("详细地址", (("浦东新区张江高科技园区博云路二号浦软大厦七层七〇一室，门禁在右手边，电话联系", ""),)),
    Field("等级", (("A", ""),), state="waiting", tone="warn"),
    Section("Followed by"),
    Card(
        "张三 rocky", "张总 · since 2020-10-30 14:24", ("call first",), (("标签组名", "标签名"), ("标签组名", "高意向"))
    ),
    Section("Follow history", "kept here"),
    Entry("11-20 14:02", "rocky", "这是跟进记录1", "sent", "ok"),
    Entry("11-21 09:10", "李雷", "这是跟进记录2", "waiting", "warn"),
)


def drawn(blocks: Sequence[Block], room: int) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in lay_out(blocks, room).lines]


def test_a_customer_reads_like_a_card() -> None:
    assert drawn(CUSTOMER, 66) == [
        "李四                                                 WeChat · male",
        "─" * 66,
        "Ids             wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg",
        "                ozynqsulJFCZ2z1aYeS8h-nuasdAAA",
        "Phones          13800000000  mobile",
        "Emails          –",
        "",
        "Custom fields   详细地址  浦东新区张江高科技园区博云路二号浦软大厦",
        "                          七层七〇一室，门禁在右手边，电话联系",
        "                等级      A                                waiting",
        "",
        "Followed by     张三 rocky · 张总 · since 2020-10-30 14:24",
        "                call first",
        "                标签组名 › 标签名 · 高意向",
        "",
        "Follow history  kept here",
        "                11-20 14:02 rocky  这是跟进记录1              sent",
        "                11-21 09:10 李雷   这是跟进记录2           waiting",
    ]


def test_a_narrow_pane_has_labels_above_their_values() -> None:
    assert drawn(
        (Field("Phones", (("13800000000", "mobile"),)), Section("Custom"), Field("等级", (("A", ""),))), 24
    ) == [
        "Phones",
        "  13800000000  mobile",
        "",
        "Custom",
        "  等级",
        "    A",
    ]


PARTS: tuple[Block, ...] = (
    Heading("李四", "WeChat"),
    Field("Owner", (("张三", ""),)),
    Heading("crm · Useasy", "by phone · 4 min ago", ruled=True, ref="crm"),
    Field("Mobile telephone", (("13800000000", "desk"),), ref="phone"),
    Heading("desk · 51ima", ruled=True),
    Note("Nobody here."),
)


def test_each_part_stands_below_its_ruled_heading_and_moves_no_column_above() -> None:
    assert drawn(PARTS, 60) == [
        "李四                                                  WeChat",
        "Owner           张三",
        "",
        "crm · Useasy ────────────────────────── by phone · 4 min ago",
        "Mobile telephone  13800000000  desk",
        "",
        "desk · 51ima ───────────────────────────────────────────────",
        "Nobody here.",
    ]
    assert drawn(PARTS[:2], 60) == drawn(PARTS, 60)[:2]


def test_messages_carry_a_sign() -> None:
    notes = (Note("Not loaded.\nPress R.", "error"), Note("Saved", "ok"), Note("Old", "warn"), Note("Loading…"))
    assert drawn(notes, 40) == ["✗ Not loaded.", "Press R.", "✓ Saved", "! Old", "Loading…"]


def test_a_name_with_line_breaks_is_one_line() -> None:
    assert drawn((Heading("李\r\n四\n", "WeChat"), Card("张\n三", lines=("one\ntwo",))), 30) == [
        "李↵四↵                  WeChat",
        "张↵三",
        "one",
        "two",
    ]


def test_raw_text_keeps_its_lines_and_indentation() -> None:
    assert drawn((Raw('{\n    "name": "a long value of it"\n}'),), 20) == [
        "{",
        '    "name": "a long',
        'value of it"',
        "}",
    ]


@pytest.mark.parametrize("room", range(2, 201))
def test_no_line_is_wider_than_the_pane(room: int) -> None:
    hostile = tuple(
        block
        for text in HOSTILE
        for block in (
            Heading(text, text),
            Heading(text, text, ruled=True),
            Field(text, ((text, text), (text, "")), state=text),
            Entry(text, text, text, text),
            Section(text, text),
            Field(text, ((text, text),)),
            Card(text, text, (text,), ((text, text), ("", text))),
            Entry(text, text, text, text),
            Note(text, "warn"),
            Raw(text),
            Section(text),
        )
    )
    for line in lay_out((*CUSTOMER, *hostile), room).lines:
        assert line_width(line) <= room or room < 8  # less cannot hold a label, an indented value and a wide character


class CountingSheet(Sheet):
    """A sheet that notes which of its lines were painted."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.painted.append(y)
        return super().render_line(y)


class SheetApp(KitApp):
    def __init__(self, blocks: Sequence[Block] = CUSTOMER) -> None:
        super().__init__()
        self.blocks = blocks
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield CountingSheet()

    def on_mount(self) -> None:
        self.sheet.show(self.blocks)

    def on_sheet_chosen(self, event: Sheet.Chosen) -> None:
        self.chosen.append(event.ref)

    @property
    def sheet(self) -> CountingSheet:
        return self.query_one(CountingSheet)


def fields(count: int) -> tuple[Field, ...]:
    return tuple(Field(f"Label {i}", ((f"value {i}", ""),)) for i in range(count))


async def test_the_cursor_goes_from_value_to_value() -> None:
    app = SheetApp()
    async with app.run_test(size=(70, 30)) as pilot:
        copied = [app.sheet.current]
        for _ in range(6):
            await pilot.press("down")
            copied.append(app.sheet.current)
        assert copied[:5] == [
            ("", "李四"),
            ("Ids", "wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg"),
            ("Ids", "ozynqsulJFCZ2z1aYeS8h-nuasdAAA"),
            ("Phones", "13800000000"),
            ("详细地址", "浦东新区张江高科技园区博云路二号浦软大厦七层七〇一室，门禁在右手边，电话联系"),
        ]
        await pilot.press("G")
        assert app.sheet.current == ("11-21 09:10 李雷", "这是跟进记录2")
        await pilot.press("k", "k")
        assert app.sheet.current == ("张三 rocky", "call first")
        assert [y for y, line in enumerate(screen_lines(app)) if line.startswith("▌")] == [12]


async def test_a_value_is_copied_as_it_came() -> None:
    app = SheetApp([Field("Note", (("one\ntwo\x1b[m", ""),))])
    async with app.run_test(size=(70, 10)):
        assert app.sheet.current == ("Note", "one\ntwo\x1b[m")
        app.sheet.show([Heading("李\n四")])
        assert app.sheet.current == ("", "李\n四")


async def test_a_value_that_is_not_drawn_whole_is_copied_whole() -> None:
    phones = Field("Phones", (("138****0000", ""), ("139****1111", "")), whole=("13800000000", "13900001111"))
    app = SheetApp([Heading("李四"), phones])
    async with app.run_test(size=(70, 10)) as pilot:
        assert (app.sheet.current, app.sheet.current_shown) == (("", "李四"), "李四")
        await pilot.press("down", "down")
        assert (app.sheet.current, app.sheet.current_shown) == (("Phones", "13900001111"), "139****1111")
        assert "139****1111" in "\n".join(screen_lines(app))
        app.sheet.show(
            [Note("Reading …"), replace(phones, values=tuple((one, "") for one in phones.whole))], keep_scroll=True
        )
        assert app.sheet.current_shown == "13900001111", "the cursor stays on it when it is shown"


async def test_a_sheet_without_values_has_nothing_to_copy_and_takes_every_key() -> None:
    app = SheetApp([Note("Loading…")])
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("down", "up", "pagedown", "pageup", "g", "G", "ctrl+d", "ctrl+u")
        assert app.sheet.current is None
        assert "Loading…" in screen_lines(app)[0]


async def test_only_lines_that_differ_are_painted() -> None:
    app = SheetApp()
    async with app.run_test(size=(70, 30)) as pilot:
        app.sheet.painted.clear()
        app.sheet.show(CUSTOMER)
        await pilot.pause()
        assert app.sheet.painted == []
        app.sheet.show([*CUSTOMER[:3], Field("Phones", (("13900000000", "mobile"),)), *CUSTOMER[4:]])
        await pilot.pause()
        assert app.sheet.painted == [4]
        app.sheet.painted.clear()
        await pilot.press("down")
        assert app.sheet.painted == [0, 2]


async def test_what_does_not_fit_is_counted_and_scrolled_to() -> None:
    app = SheetApp(fields(30))
    async with app.run_test(size=(60, 11)) as pilot:
        assert screen_lines(app)[10].strip() == "↓ 20"
        await pilot.press("pagedown")
        assert screen_lines(app)[0].startswith("▌ Label 9 ")
        assert screen_lines(app)[10].strip() == "↑ 9   ↓ 11"
        await pilot.press("G")
        assert screen_lines(app)[9].startswith("▌ Label 29 ")
        assert screen_lines(app)[10].strip() == "↑ 20"
        await pilot.press("g")
        assert screen_lines(app)[0].startswith("▌ Label 0 ")


async def test_walking_down_and_up_always_shows_the_cursor() -> None:
    app = SheetApp(fields(12))
    async with app.run_test(size=(60, 6)) as pilot:
        for key in ["j"] * 11 + ["k"] * 11:
            await pilot.press(key)
            assert sum(line.startswith("▌") for line in screen_lines(app)) == 1
        assert app.sheet.current == ("Label 0", "value 0")


async def test_a_value_taller_than_the_pane_is_read_to_its_end() -> None:
    text = "\n".join(f"line {i}" for i in range(9))
    app = SheetApp([Field("Long", ((text, ""),)), Field("Next", (("after", ""),))])
    async with app.run_test(size=(60, 5)) as pilot:
        seen = set[str]()
        while app.sheet.current == ("Long", text):
            seen.update(line.split("  ")[-1].strip() for line in (line.rstrip() for line in screen_lines(app)[:4]))
            await pilot.press("down")
        assert seen >= {f"line {i}" for i in range(9)}


async def test_news_of_the_same_customer_leaves_the_reader_where_he_is() -> None:
    app = SheetApp(fields(30))
    async with app.run_test(size=(60, 11)) as pilot:
        await pilot.press("pagedown", "down")
        before = screen_lines(app)
        app.sheet.show(fields(30), keep_scroll=True)
        await pilot.pause()
        assert screen_lines(app) == before
        app.sheet.show(fields(30))
        await pilot.pause()
        assert screen_lines(app)[0].startswith("▌ Label 0 ")


async def test_what_comes_above_the_cursor_moves_nothing_that_is_read() -> None:
    app = SheetApp(fields(30))
    async with app.run_test(size=(60, 11)) as pilot:
        await pilot.press("pagedown", "down")
        before = screen_lines(app)[:10]
        app.sheet.painted.clear()
        app.sheet.show([Note("new"), Field("New", (("one", ""), ("two", ""))), *fields(30)], keep_scroll=True)
        await pilot.pause()
        assert screen_lines(app)[:10] == before
        assert app.sheet.painted == [10]


async def test_what_comes_below_is_all_that_is_painted() -> None:
    app = SheetApp(CUSTOMER[:5])
    async with app.run_test(size=(70, 30)) as pilot:
        app.sheet.painted.clear()
        app.sheet.show([*CUSTOMER[:5], *PARTS[2:]], keep_scroll=True)
        await pilot.pause()
        assert app.sheet.painted == [7, 8, 10, 11]


async def test_keys_go_from_part_to_part() -> None:
    app = SheetApp(PARTS)
    async with app.run_test(size=(60, 4)) as pilot:
        await pilot.press("right_curly_bracket")
        assert app.sheet.current == ("", "crm · Useasy")
        assert screen_lines(app)[0].startswith("▌ crm · Useasy ─")
        await pilot.press("right_curly_bracket", "right_curly_bracket")
        assert app.sheet.current == ("", "desk · 51ima")
        await pilot.press("left_curly_bracket", "left_curly_bracket")
        assert app.sheet.current == ("", "李四")


async def test_enter_tells_what_a_value_stands_for() -> None:
    app = SheetApp(PARTS)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("enter", "down", "enter")
        assert app.chosen == []
        await pilot.press("down", "enter", "down", "enter")
        assert app.chosen == ["crm", "phone"]


async def test_the_cursor_bar_is_there_only_with_the_focus() -> None:
    app = SheetApp()
    async with app.run_test(size=(60, 20)) as pilot:
        app.screen.set_focus(None)
        await pilot.pause()
        assert not any("▌" in line for line in screen_lines(app))


@pytest.mark.parametrize("columns", [20, 60, 200])
async def test_whatever_a_vendor_sends_is_text(columns: int) -> None:
    app = SheetApp([Field(text, ((text, text),), state=text) for text in HOSTILE])
    async with app.run_test(size=(columns, 60)):
        assert any("[bold]" in line for line in screen_lines(app))


async def test_a_tiny_terminal_and_back_shows_the_same() -> None:
    app = SheetApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down")
        before = screen_lines(app)
        for size in ((20, 5), (1, 1), (4, 2), (200, 60), (80, 24)):
            await pilot.resize_terminal(*size)
            screen_lines(app)
        assert screen_lines(app) == before
        assert width(before[0]) == 80


def test_two_things_stand_side_by_side_with_the_sign_that_tells_how() -> None:
    sides = (
        Sides("", Side(("the first",)), Side(("the second",))),
        Sides("Name", Side(("赵建国",)), Side(("赵建国",)), quiet=True),
        Sides("Phones", Side(("13800000000 work", "13900000000"), True), Side(("+86 138-0000-0000",), False), "≈"),
        Sides("所在地区与门店", Side((), False), Side(("上海市 › 市辖区 › 浦东新区 › 张江",), True), "≠"),
    )
    assert drawn(sides, 60) == [
        "                  the first              the second",
        "  Name            赵建国                 赵建国",
        "≈ Phones        ● 13800000000 work     ○ +86 138-0000-0000",
        "                  13900000000",
        "≠ 所在地区与门  ○ –                    ● 上海市 › 市辖区 ›",
        "  店                                     浦东新区 › 张江",
    ]


@pytest.mark.parametrize("room", [2, 10, 25, 40, 60, 100, 200])
def test_sides_are_never_wider_than_the_pane_that_can_hold_them(room: int) -> None:
    for text in HOSTILE:
        block = Sides(text, Side((text, text), True), Side((text,), False), "≠")
        assert all(line_width(line) <= max(room, 22) for line in lay_out((block,), room).lines)
