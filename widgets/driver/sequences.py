"""What a program writes to a terminal, cut into tokens.

Only what draws is told apart; of the rest, only whether it may change a cell, the cursor's place or the style.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final


class Token(IntEnum):
    """What a match of `TOKENS` is: its `lastindex`, the number of the last group that took part."""

    STRIP = 4
    """(1) a line feed or nothing, CUP to (2) row and (3) column, from 1 (empty: 1), and (4) styled text."""
    STYLED = 6
    """(5) the parameters of an SGR sequence and (6) the text after it, perhaps none."""
    TEXT = 7
    """(7) printable text."""
    SYNCHRONISED = 8
    """(8) h: what follows is one frame; l: it was."""
    LINK = 9
    """(9) OSC 8: the parameters and the address of the link that the following text is."""
    INERT = 10
    """(10) Changes no cell, no style, nor where the cursor is."""
    ALTERNATE = 11
    """(11) Enters (h) or leaves (l) the alternate screen."""
    UNFINISHED = 12
    """(12) A sequence whose rest is not there yet."""
    OTHER = 13
    """(13) Anything else."""


_INERT_MODES: Final = "7|12|25|1000|1002|1003|1004|1005|1006|1007|1015|1016|2004|2031|2048"
"""Private modes that draw nothing: auto-wrap, the cursor's looks, mouse, focus, paste, reports of theme and size."""

_INERT_OSC: Final = "0|1|2|4|9|10|11|12|22|52|99|104|110|111|112|777"
"""Titles, palette, notifications, pointer shape, clipboard."""

_STRING_END: Final = r"(?:\x07|\x1b\\)"

_INERT: Final = "|".join(
    (
        r"\x07",  # BEL
        r"\x1b[=>]",  # keypad modes
        rf"\x1b\[\?(?:{_INERT_MODES})[hl]",
        r"\x1b\[\?\d+\$p",  # DECRQM: is this mode known?
        r"\x1b\[[<>=?][\d;]*u",  # the kitty keyboard protocol
        r"\x1b\[[>=?]?\d*c",  # device attributes
        r"\x1b\[>\d*q",  # XTVERSION
        r"\x1b\[\d* q",  # the cursor's shape
        rf"\x1b\](?:{_INERT_OSC})(?:;[^\x07\x1b]*)?{_STRING_END}",
        # OSC 52 (the clipboard) as tmux and GNU screen pass it on, the latter in pieces.
        r"\x1bP(?:tmux;\x1b)?(?:\x1b\]52;[a-z]*;)?[A-Za-z0-9+/=]*\x07?\x1b\\",
    )
)

_TEXT: Final = r"[^\x00-\x1f\x7f-\x9f]"

_SGR: Final = r"\x1b\[[\d;:]*m"

SEGMENTS: Final = re.compile(rf"(?:\x1b\[([\d;:]*)m)?({_TEXT}*)")
"""The segments of styled text: SGR parameters (None where there is no such sequence) and text, either perhaps empty."""

TOKENS: Final = re.compile(
    rf"(\n?)\x1b\[(\d{{0,4}});?(\d{{0,4}})H({_TEXT}*(?:{_SGR}{_TEXT}*)*)"
    rf"|\x1b\[([\d;:]*)m({_TEXT}*)"
    rf"|({_TEXT}+)"
    r"|\x1b\[\?2026([hl])"
    rf"|\x1b\]8;([^\x07\x1b]*;[^\x07\x1b]*){_STRING_END}"
    rf"|({_INERT})"
    r"|(\x1b\[\?1049[hl])"
    r"|(\x1b(?:\[[0-?]*[ -/]*|[\]P^_X][^\x07\x1b]*\x1b?)?\Z)"
    r"|(\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P^_X].*?\x1b\\|\x1b[ -/]*[0-~]|.)",
    re.DOTALL,
)
"""Every character of what is written belongs to exactly one match."""
