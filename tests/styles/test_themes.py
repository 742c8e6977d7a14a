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
from tui.app.application import theme_for
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


GROUNDS = {"kehu-dark": ("#000000", "#1c1c1c"), "kehu-light": ("#ffffff", "#eeeeee")}
"""The backgrounds that terminals have by themselves, which a theme leaves as they are."""


@pytest.mark.parametrize("theme", THEMES[:2], ids=lambda theme: theme.name)
def test_every_colour_of_a_text_stands_out_from_its_ground_by_four_and_a_half_to_one(theme: Theme) -> None:
    texts = {theme.primary, theme.secondary, theme.accent, theme.success, theme.warning, theme.error}
    texts |= {colour for name, colour in theme.variables.items() if name.startswith("text-") or name == "link-color"}
    pairs = [(text, ground) for text in texts if text for ground in GROUNDS[theme.name]]
    pairs += [
        (theme.variables[f"{name}-foreground"], theme.variables[f"{name}-background"])
        for name in ("block-cursor", "block-cursor-blurred", "input-selection", "screen-selection")
    ]
    assert {pair: contrast(*pair) for pair in pairs if contrast(*pair) < 4.5} == {}


def contrast(one: str, other: str) -> float:
    """How much two colours stand out from each other (WCAG 2, 1.4.3), from 1 to 21."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    triplet = Color.parse(colour).get_truecolor()
    parts = [part / 255 for part in triplet]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("wanted", "environ", "theme"),
    [
        ("auto", {"TERM": "xterm-256color"}, "kehu-dark"),
        ("auto", {"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "kehu-light"),
        ("auto", {"TERM": "vt100"}, "kehu-plain"),
        ("light", {"TERM": "xterm-256color"}, "kehu-light"),
        ("dark", {"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "kehu-dark"),
        ("plain", {"TERM": "xterm-256color"}, "kehu-plain"),
        ("dark", {"TERM": "xterm-256color", "NO_COLOR": "1"}, "kehu-plain"),
    ],
)
def test_the_theme_is_what_is_asked_for_and_plain_without_colour(
    wanted: str, environ: dict[str, str], theme: str
) -> None:
    assert theme_for(environ, wanted) == theme


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
