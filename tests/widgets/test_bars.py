"""The bars at the top and the bottom."""

from __future__ import annotations

import pytest
from textual.app import ComposeResult
from textual.strip import Strip

from tests.widgets.drawing import HOSTILE, KitApp, screen_lines
from widgets.bars import KeyBar, KeyHint, StatusLine, TitleBar
from widgets.blocks import Note

HINTS = (
    KeyHint("e", "edit", enabled=False),
    KeyHint("r", "remark"),
    KeyHint("f", "follow up"),
    KeyHint("?", "help", keep=True),
    KeyHint("q", "quit", keep=True),
)


class CountingStatus(StatusLine):
    """A status line that counts how often it was painted."""

    painted = 0

    def render_line(self, y: int) -> Strip:
        self.painted += 1
        return super().render_line(y)


class BarsApp(KitApp):
    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield CountingStatus()
        yield KeyBar()

    def on_mount(self) -> None:
        title = self.query_one(TitleBar)
        title.program, title.context, title.hint, title.state = (
            "kehu",
            "demo-juzi · JuziBot",
            "/ search",
            "sandbox · 12 ms",
        )
        self.query_one(StatusLine).idle = "page 1 of 50"
        self.query_one(KeyBar).hints = HINTS


async def drawn(columns: int) -> list[str]:
    app = BarsApp()
    async with app.run_test(size=(columns, 3)):
        return [line.rstrip() for line in screen_lines(app)]


async def test_a_wide_screen_shows_all() -> None:
    assert await drawn(80) == [
        " kehu  demo-juzi · JuziBot                          / search    sandbox · 12 ms",
        " page 1 of 50",
        " (e edit)  r remark  f follow up  ? help  q quit",
    ]


async def test_a_narrow_screen_drops_what_matters_least() -> None:
    assert await drawn(48) == [
        " kehu  demo-juzi · JuziBot      sandbox · 12 ms",
        " page 1 of 50",
        " r remark  f follow up  ? help  q quit",
    ]
    assert await drawn(30) == [" kehu  demo-… sandbox · 12 ms", " page 1 of 50", " r remark  ? help  q quit"]
    assert await drawn(12) == [" ke… sandb…", " page 1 of …", " ? help"]


async def test_a_long_state_takes_what_a_short_name_leaves() -> None:
    app = BarsApp()
    async with app.run_test(size=(40, 3)) as pilot:
        title = app.query_one(TitleBar)
        title.program, title.context, title.hint = "客户", "", ""
        title.state = "已标记 3,000 位 · 第 1–100 位，共 3,000 位"
        await pilot.pause()
        assert screen_lines(app)[0].rstrip() == " 客户 已标记 3,000 位 · 第 1–100 位，…"


async def test_a_message_has_a_sign_and_stays_until_it_is_taken_away() -> None:
    app = BarsApp()
    async with app.run_test(size=(60, 3)) as pilot:
        status = app.query_one(StatusLine)
        for note, text in [
            (Note("Saved", "ok"), " ✓ Saved"),
            (Note("Refused: 40001", "error"), " ✗ Refused: 40001"),
            (Note("Old", "warn"), " ! Old"),
            (None, " page 1 of 50"),
        ]:
            status.message = note
            await pilot.pause()
            assert screen_lines(app)[1].rstrip() == text
        status.busy = "saving…"
        await pilot.pause()
        assert screen_lines(app)[1] == " page 1 of 50" + "saving… ".rjust(47)


async def test_a_bar_is_painted_only_when_it_says_something_else() -> None:
    app = BarsApp()
    async with app.run_test(size=(60, 3)) as pilot:
        status = app.query_one(CountingStatus)
        status.painted = 0
        status.message, status.busy, status.idle = None, "", "page 1 of 50"
        await pilot.pause()
        assert status.painted == 0
        status.idle = "page 2 of 50"
        await pilot.pause()
        assert status.painted == 1


@pytest.mark.parametrize("columns", [1, 5, 20, 80, 200])
async def test_whatever_a_vendor_sends_is_text(columns: int) -> None:
    app = BarsApp()
    async with app.run_test(size=(columns, 3)) as pilot:
        title, status, keys = app.query_one(TitleBar), app.query_one(StatusLine), app.query_one(KeyBar)
        for text in HOSTILE:
            title.context = title.hint = title.state = status.busy = text
            status.message = Note(text, "error")
            keys.hints = (KeyHint("x", text), KeyHint("y", text, enabled=False))
            await pilot.pause()
            assert len(screen_lines(app)) == 3


class LongStatus(StatusLine):
    """A status line that may take three lines."""

    MOST_LINES = 3


class LongApp(KitApp):
    def compose(self) -> ComposeResult:
        yield LongStatus()
        yield KeyBar()


async def test_a_message_that_is_too_long_for_its_line_is_read_on_the_next_ones() -> None:
    app = LongApp()
    async with app.run_test(size=(48, 6)) as pilot:
        status, keys = app.query_one(LongStatus), app.query_one(KeyBar)
        keys.hints = HINTS
        status.message = Note("the vendor refused: the remark is too long; shorten it, and send it again", "error")
        await pilot.pause()
        lines = [line.rstrip() for line in screen_lines(app)]
        assert " ".join(line.strip() for line in lines[:2]) == f"✗ {status.message.text}"
        assert lines[2].startswith(" r remark")
        status.message = Note("word " * 60, "error")
        await pilot.pause()
        assert [line.rstrip() for line in screen_lines(app)][2].endswith("…")
        status.message = None
        await pilot.pause()
        assert [line.rstrip() for line in screen_lines(app)][1].startswith(" r remark")
        await pilot.resize_terminal(120, 6)


async def test_a_name_in_two_lines_breaks_no_message() -> None:
    status = LongStatus()
    status.message = Note("Deleted 李\n四", "ok")
    assert ["".join(span.text for span in line).rstrip() for line in status.lines(60, 2)] == [" ✓ Deleted 李↵四"]
