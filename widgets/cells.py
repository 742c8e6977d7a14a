"""Text that others wrote, made safe to draw, and cut to a number of terminal cells.

Widths are the ones that Rich and Textual measure. What `plain` returns is as wide as its characters one by one, so
that every terminal agrees on it, whether or not it knows how to join emoji.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from rich.cells import cell_len, get_character_cell_size

Align = Literal["left", "right"]

HIDDEN = "·"
"""Stands for a character that draws nothing, or would steer the terminal."""

NEWLINE = "↵"
"""Stands for a line break inside text that is drawn on one line."""

LINE_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029")
"""Every character that ends a line."""

UNREADABLE = "\N{REPLACEMENT CHARACTER}"
"""Stands for half a surrogate pair, a noncharacter or a private-use character: no terminal agrees on those."""

NO_BASE = "\N{DOTTED CIRCLE}"
"""Carries a combining mark that has no letter to stand on."""

MAX_MARKS = 4
"""Combining marks kept on one character: enough for every living script, too few to paint over other lines."""

MAX_HIDDEN = 4
"""Signs in a row for characters that draw nothing: enough to see that some are there."""

_SURELY_PLAIN = re.compile(
    "[ -~\xa1-\xac\xae-\u02ff\u0370-\u0377\u0391-\u03a1\u03a3-\u03ff\u0400-\u0482\u2010-\u2015\u2018-\u201f\u2026"
    "\u2500-\u25fc\u3000-\u3029\u3030-\u303e\u3041-\u3096\u30a0-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\uff01-\uff60]*"
)
"""Most names and notes: Latin, Greek, Cyrillic, Chinese, Japanese and Korean, without marks or emoji."""

_GLYPH_CHOOSERS = frozenset(
    map(chr, (0x200C, 0x200D, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x180B, 0x180E), 0x180F))
)
"""Joiners and variation selectors choose the glyph of a neighbour; terminals disagree on the width of the result."""

_EMOJI_SUFFIXES = frozenset(map(chr, (*range(0x1F3FB, 0x1F400), *range(0xE0020, 0xE0080))))
"""Skin tones, and the tags of regional flags: likewise, when they follow an emoji."""

_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Letters and marks that draw nothing."""

_REGIONAL_A = 0x1F1E6
"""The first of the 26 letters that pair up to flags; they are drawn as the letters that they are (`CN`)."""

_NEVER_FIRST = frozenset(",.;:!?)]}%、。，．；：！？）】》」』〉”’…")
"""Punctuation that a wrapped line does not begin with."""


def plain(text: str) -> str:
    """`text` as one line that can neither style, move, clear, retitle nor crash; unchanged where it is harmless.

    Controls and invisible formatting characters become visible signs, line breaks become `↵`, tabs and odd spaces
    become spaces, joined emoji come apart, and piled-up combining marks and runs of invisible ones are thinned out.
    """
    if _SURELY_PLAIN.fullmatch(text):
        return text
    drawn: list[str] = []
    marks = hidden = 0
    after_emoji = False
    for char in text.replace("\r\n", "\n"):
        if char in _GLYPH_CHOOSERS or (after_emoji and char in _EMOJI_SUFFIXES):
            continue
        shown = _drawn_as(char)
        if get_character_cell_size(shown) == 0:
            if not drawn:
                drawn.append(NO_BASE)
            marks += 1
            if marks <= MAX_MARKS:
                drawn.append(shown)
            continue
        marks = 0
        hidden = hidden + 1 if shown == HIDDEN != char else 0
        if hidden > MAX_HIDDEN:
            continue
        after_emoji = unicodedata.category(char) in ("So", "Cn")  # Cn: an emoji newer than this Python
        drawn.append(shown)
    return "".join(drawn)


def _drawn_as(char: str) -> str:
    """`char`, or the one character that is drawn in its place."""
    code = ord(char)
    if char in LINE_BREAKS:
        return NEWLINE
    if char == "\t":
        return " "
    if code < 0x20:
        return chr(0x2400 + code)  # the control pictures: ␀ ␁ … ␛ …
    if code == 0x7F:
        return "␡"
    if _REGIONAL_A <= code < _REGIONAL_A + 26:
        return chr(ord("A") + code - _REGIONAL_A)
    category = unicodedata.category(char)
    if category in ("Cc", "Cf") or char in _FILLERS or char in _EMOJI_SUFFIXES:
        return HIDDEN
    if category in ("Cs", "Co") or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return UNREADABLE
    if category == "Zs" and char != "\N{IDEOGRAPHIC SPACE}":
        return " "
    return char


def width(text: str) -> int:
    """The number of cells that `text` takes, as Rich and Textual measure it."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, width: int, align: Align = "left", ellipsis: str = "…") -> str:
    """`text` made plain and exactly `width` cells wide: padded, or cut with an ellipsis, never through a character."""
    if width <= 0:
        return ""
    text = plain(text)
    size = len(text) if text.isascii() else cell_len(text)
    if size > width:
        tail = ellipsis if cell_len(ellipsis) <= width else ""
        text = _head(text, width - cell_len(tail)) + tail
        size = cell_len(text)
    blanks = " " * (width - size)
    return text + blanks if align == "left" else blanks + text


def _head(text: str, width: int) -> str:
    """As much of plain `text` as fits into `width` cells, marks included."""
    used = 0
    for index, char in enumerate(text):
        used += get_character_cell_size(char)
        if used > width:
            return text[:index]
    return text


def wrap(text: str, width: int) -> list[str]:
    """`text` made plain, its own line breaks kept, in lines of at most `width` cells (2 at the least: a wide
    character).

    Breaks at spaces and beside wide characters; a word longer than a line is broken where the line ends. Never empty.
    """
    return [piece for line in re.split(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", text) for piece in _wrap_line(line, width)]


def _wrap_line(text: str, width: int) -> list[str]:
    text = plain(text)
    room = max(2, width)
    if (len(text) if text.isascii() else cell_len(text)) <= room:
        return [text]
    lines: list[str] = []
    start = used = 0
    breaks_at = 0  # where the line may end; 0 is nowhere yet
    used_at_break = 0
    previous = 0
    for index, char in enumerate(text):
        size = get_character_cell_size(char)
        if index > start and size:
            after_space = text[index - 1] == " " and not text[start:index].isspace()  # never after an indentation
            if char != " " and (after_space or ((size == 2 or previous == 2) and char not in _NEVER_FIRST)):
                breaks_at, used_at_break = index, used
            if used + size > room and char != " ":
                if breaks_at <= start:
                    breaks_at, used_at_break = index, used
                lines.append(text[start:breaks_at].rstrip(" "))
                start, used = breaks_at, used - used_at_break
        used += size
        previous = size or previous
    lines.append(text[start:].rstrip(" "))
    return lines
