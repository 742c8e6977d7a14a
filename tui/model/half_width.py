"""Digits, letters and signs as a program reads them, whichever keyboard or program wrote them."""

from __future__ import annotations

from tui.model.characters import without_invisible

_SIGNS = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    0x3002: ".",
    0x2236: ":",
    **dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-"),
}
"""Full-width forms to ASCII, and what an input method or a word processor puts for a point, a colon or a minus."""


def half_width(text: str) -> str:
    """Return `text` in ASCII where it is full width, its spaces plain and single, without what nobody sees.

    Unlike NFKC it leaves all else as it is: `10²` does not become 102, nor `½` 1⁄2.
    """
    return " ".join(without_invisible(text).translate(_SIGNS).split())
