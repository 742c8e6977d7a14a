"""Text on its way in and out of an input: what is typed, what is pasted, what a vendor once sent."""

from __future__ import annotations

import re
import unicodedata

from widgets.cells import HIDDEN, LINE_BREAKS, MAX_MARKS, NEWLINE, UNREADABLE

_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")

_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
"""Format characters and variation selectors that people do type: they hold emoji and some scripts' letters together."""

_SKIN_TONES = range(0x1F3FB, 0x1F400)
_REGIONAL_A = 0x1F1E6
"""The first of the 26 letters that pair up to flags."""

UNPRINTABLE_BUT_TYPED = frozenset({*_JOINERS, "\N{IDEOGRAPHIC SPACE}"})
"""What `str.isprintable`, and so Textual, takes for no letter, and an input method sends all the same."""

_TABSTOP = "    "

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0x3002: ".",
    **dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-"),
}
"""Full-width forms to ASCII, and what an input method puts where a space, a point or a hyphen is meant."""


def visible(text: str) -> str:
    """`text` with every character that could act on a terminal, or that terminals disagree on, replaced by one sign.

    As long as `text`, unlike what `widgets.cells.plain` returns: positions in the one are positions in the other, as an
    editor needs it. So joined emoji come apart, and a flag is its two letters.
    """
    if text.isascii() and text.isprintable():
        return text
    signs: list[str] = []
    marks = 0
    for sign in map(_sign, text):
        marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        signs.append(sign if marks <= MAX_MARKS else HIDDEN)
    return "".join(signs)


def one_line(text: str) -> str:
    """Pasted `text` for a single line: breaks and tabs become spaces, what else could act on a terminal is dropped."""
    return _harmless(_LINE_BREAK.sub(" ", text.rstrip("\r\n")).replace("\t", " "))


def many_lines(text: str) -> str:
    """Pasted `text` for several lines: breaks become newlines, tabs spaces, what else could act is dropped."""
    return "\n".join(_harmless(line) for line in _LINE_BREAK.split(text.replace("\t", _TABSTOP)))


def narrow(text: str) -> str:
    """`text` with full-width letters, digits and signs as ASCII: `１３８－００１` is `138-001`."""
    return text.translate(_NARROW)


_KEY_TWINS = _NARROW | {ord(wide): ord(half) for wide, half in zip("、【】《》", "/[]<>", strict=True)}
"""The same of keys: what a Chinese keyboard has in the place of a sign, where nothing is typed into a text."""


def key_twin(character: str) -> str:
    """Return what the key that types `character` types without an input method."""
    return character.translate(_KEY_TWINS)


def _harmless(text: str) -> str:
    return text if text.isprintable() else "".join(char for char in text if not _acts(char))


def _acts(char: str) -> bool:
    """Whether `char` is a control, a bidi or other format character, half a surrogate pair or a separator of lines."""
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in _JOINERS


def _sign(char: str) -> str:
    """`char`, or what is drawn for it: a control picture (`␛`) where there is one."""
    code = ord(char)
    if char in LINE_BREAKS:
        return NEWLINE
    if code < 0x20:
        return chr(0x2400 + code)
    if char in _JOINERS or code in _SKIN_TONES:
        return HIDDEN
    if _REGIONAL_A <= code < _REGIONAL_A + 26:
        return chr(ord("A") + code - _REGIONAL_A)
    if unicodedata.category(char) == "Co" or code & 0xFFFE == 0xFFFE:
        return UNREADABLE
    return UNREADABLE if _acts(char) else char
