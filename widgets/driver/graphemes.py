"""Text cut into the pieces that a terminal keeps in its cells.

A piece is what must be written at once: a character with its combining marks, a joined emoji, a flag. It takes as many
columns as Textual says (`rich.cells`), whatever the terminal thinks; where the two may disagree, it is `doubtful`.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import cell_len, split_graphemes

from widgets.driver.sequences import SEGMENTS
from widgets.driver.style import DEFAULT, Style, blank, restyle


class Cell(NamedTuple):
    """One column of the screen: a piece's first, or (no text, no columns) one of its others."""

    text: str
    style: Style
    columns: int = 1
    doubtful: bool = False
    """Terminals disagree on how wide this is: after writing it, the cursor may be anywhere in the row."""


UNKNOWN: Final = Cell("\0", DEFAULT)
"""Whatever is there. Wanted: leave it alone. Shown: nobody knows. No program can write this text."""

_VARIATION_SELECTOR: Final = "\ufe0f"
"""Asks for a character's emoji form, which is wide."""

_JOINER: Final = "\u200d"
"""Makes one emoji of the two that it stands between."""

_REGIONAL_INDICATORS: Final = range(0x1F1E6, 0x1F200)
"""The letters that make a flag, two by two."""

_WIDE: Final = (
    range(0x2E80, 0x4DC0),  # CJK radicals, punctuation, kana, bopomofo, ideographs A
    range(0x4E00, 0xA000),  # CJK ideographs
    range(0xAC00, 0xD7A4),  # Hangul syllables
    range(0xF900, 0xFB00),  # compatibility ideographs
    range(0xFE30, 0xFE70),  # compatibility forms
    range(0xFF01, 0xFF61),  # full-width forms
    range(0xFFE0, 0xFFE7),
    range(0x20000, 0x40000),  # further ideographs
)
"""Where all terminals that know wide characters at all agree on two columns; emoji are left out."""

_CONJOINING: Final = range(0x1100, 0x1200)
"""Hangul letters that some terminals join into syllables."""


@lru_cache(maxsize=4096)
def _cell(text: str, style: Style, columns: int = 1, doubtful: bool = False) -> Cell:
    return Cell(text, blank(style) if text == " " else style, columns, doubtful)


@lru_cache(maxsize=128)
def split_strip(strip: str) -> tuple[tuple[Cell, ...], Style] | None:
    """The cells of styled text that begins in the default style, and the style that it ends in; None as for `split`.

    Programs draw again what they drew before: remembered whole, a row costs next to nothing.
    """
    cells: list[Cell] = []
    style = DEFAULT
    for segment in SEGMENTS.finditer(strip):
        parameters, text = segment.group(1, 2)
        if parameters is not None:
            style = restyle(style, parameters)
        if text:
            pieces = split(text, style)
            if pieces is None:
                return None
            cells += pieces
    return tuple(cells), style


@lru_cache(maxsize=128)
def split(text: str, style: Style) -> tuple[Cell, ...] | None:
    """The cells of `text`, one a column; None if it joins what stands before or after it, or its width makes no
    sense.
    """
    if text.isascii():
        return tuple([_cell(character, style) for character in text])
    spans, columns = split_graphemes(text)
    if columns != cell_len(text) or not spans[0][2] or text.endswith(_JOINER):
        return None
    rest = _cell("", style, 0)
    cells: list[Cell] = []
    index = 0
    while index < len(spans):
        start, end, width = spans[index]
        index += 1
        if ord(text[start]) in _REGIONAL_INDICATORS and index < len(spans) and _is_indicator(text, spans[index]):
            end, width = spans[index][1], width + spans[index][2]
            index += 1
        piece = text[start:end]
        cells.append(_cell(piece, style, width, not _certain(piece, width)))
        cells += [rest] * (width - 1)
    return tuple(cells)


def _is_indicator(text: str, span: tuple[int, int, int]) -> bool:
    return ord(text[span[0]]) in _REGIONAL_INDICATORS


@lru_cache(maxsize=4096)
def _certain(piece: str, columns: int) -> bool:
    """Whether terminals agree that `piece` takes `columns` columns."""
    if len(piece) > 1:
        return False
    code = ord(piece)
    if unicodedata.category(piece)[0] in "MC":
        return False
    if columns == 2:
        return any(code in block for block in _WIDE)
    if code < 0x300:
        return True
    return code < 0x10000 and code not in _CONJOINING and cell_len(piece + _VARIATION_SELECTOR) == columns
