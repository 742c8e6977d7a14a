"""The themes leave the terminal its own background, and say nothing by colour alone."""

from __future__ import annotations

import pytest
from rich.color import Color
from rich.style import Style
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.theme import Theme
from textual.widgets import Input, Label

from styles.themes import THEMES
from tests.widgets.drawing import KitApp
from widgets.bars import KeyBar, KeyHint
from widgets.blocks import Field, Note, Rule
from widgets.list_layout import Column, ListRow
from widgets.paged_list import PagedList
from widgets.sheet import Sheet

DEFAULT = Color.default()


class Form(ModalScreen[None]):
    def compose(self) -> ComposeResult:
        yield Input(select_on_focus=False)


class WholeKit(KitApp):
    def compose(self) -> ComposeResult:
        yield PagedList([Column("name", "Name")])
        yield Sheet()
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(PagedList).show([ListRow("a", ("李四",), mark=True, flag="!"), ListRow("b", ("old",), dim=True)])
        self.query_one(Sheet).show([Rule(), Field("Phone", (("138", "mobile"),)), Note("failed", "error")])
        self.query_one(KeyBar).hints = (KeyHint("q", "quit"), KeyHint("e", "edit", enabled=False))


def painted(app: KitApp) -> list[tuple[str, Style]]:
    """Every piece of the screen with the style in which it goes out."""
    return [
        (segment.text, segment.style or Style.null())
        for strip in app.screen._compositor.render_strips()
        for segment in strip
    ]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_no_cell_has_a_background_of_its_own(theme: Theme) -> None:
    app = WholeKit(theme.name)
    async with app.run_test(size=(60, 20)):
        assert {style.bgcolor or DEFAULT for _, style in painted(app)} == {DEFAULT}
        assert {style.color or DEFAULT for text, style in painted(app) if "李四" in text} == {DEFAULT}


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_a_form_opens_without_repainting_what_lies_below(theme: Theme) -> None:
    app = WholeKit(theme.name)
    async with app.run_test(size=(60, 20)) as pilot:
        app.set_focus(None)
        await pilot.pause()
        before = painted(app)
        await app.push_screen(Form())
        await pilot.pause()
        below = [
            (segment.text, segment.style or Style.null())
            for strip in app.screen_stack[0]._compositor.render_strips()
            for segment in strip
        ]
        assert below == before


async def test_colours_are_ones_that_256_colour_terminals_have() -> None:
    for theme in THEMES[:2]:
        app = WholeKit(theme.name)
        async with app.run_test(size=(60, 20)):
            triplets = {style.color.triplet for _, style in painted(app) if style.color and style.color.triplet}
            assert triplets
            for red, green, blue in triplets:
                cube = {0, 95, 135, 175, 215, 255}
                assert {red, green, blue} <= cube or (red == green == blue and (red - 8) % 10 == 0)


async def test_without_colour_there_are_weights_and_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = WholeKit()
    async with app.run_test(size=(60, 20)):
        pieces = painted(app)
        assert {style.color or DEFAULT for _, style in pieces} == {DEFAULT}
        assert [style.dim for text, style in pieces if "(e edit)" in text] == [True]
        assert [style.bold for text, style in pieces if text == "q"] == [True]
        assert [style.bold for text, style in pieces if text == "*"] == [True]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_textuals_own_widgets_find_all_their_colours(theme: Theme) -> None:
    class Own(KitApp):
        def compose(self) -> ComposeResult:
            yield Label("label")
            yield Input()

    app = Own(theme.name)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert any("label" in text for text, _ in painted(app)) or len(app.screen_stack) > 1
