"""What a widget under test has drawn, and the texts that try to break it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from textual.app import App

import styles
from styles.themes import THEMES
from widgets.cells import width

KIT = Path(styles.__file__).parent / "kit.tcss"

HOSTILE = (
    "[bold]markup[/] [/] [link=x]",
    "\x1b[31mred\x1b[2J\x1b]0;title\x07",
    "\x9b31mred \x9d0;title\x9c",
    "nul\x00bell\x07back\x08del\x7f",
    "two\nlines\r\nand\u2028more\ttab",
    "\u202eevil\u2066bidi\u2069\u200f\u061c",
    "half \ud83d a pair \udc00",
    "Z\u0301\u0302\u0303\u0304\u0305\u0306\u0307algo",
    "\u0301starts with a mark",
    "👨\u200d👩\u200d👧 👍🏽 🇨🇳 ❤\ufe0f 1\ufe0f\u20e3 🏴\U000e0067\U000e007f",
    "ends in a joiner\u200d",
    "宽字符宽字符宽字符宽字符宽字符宽字符宽字符",
    "مرحبا بالعالم שלום",
    "\ufeff\u200b\u3164\xad",
    "\ue000\U0010ffff\ufffe",
    "",
)

_STEERING = (
    *range(0x20),
    *range(0x7F, 0xA0),
    *range(0x200B, 0x2010),
    *range(0x2028, 0x202F),
    *range(0x2066, 0x206A),
    *range(0xD800, 0xE000),
    0x061C,
    0xFE0F,
    0xFEFF,
)

DANGEROUS = frozenset(map(chr, _STEERING))
"""Code points that steer a terminal, draw nothing, or crash an encoder."""


class KitApp(App[None]):
    """An app that looks like the kit."""

    CSS_PATH: ClassVar = [KIT]

    def __init__(self, theme: str = "kehu-dark") -> None:
        super().__init__(ansi_color=True)
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme


def screen_lines(app: App[Any]) -> list[str]:
    """The text of the screen, line by line; every line is as wide as the screen and holds nothing dangerous."""
    lines = ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]
    for line in lines:
        assert width(line) == app.size.width, line
        assert not DANGEROUS.intersection(line), ascii(line)
    return lines
