"""The state that SGR sequences (and OSC 8 links) set, and the shortest way from one state to another.

What is understood is normalised, so that equal looks compare equal. What is not (curly underlines, say) is kept letter
for letter since the last reset, and is only ever sent again after a reset: no knowledge is needed for that to be right.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

BOLD: Final = 1
DIM: Final = 2
ITALIC: Final = 4
UNDERLINE: Final = 8
BLINK: Final = 16
REVERSE: Final = 32
CONCEAL: Final = 64
STRIKE: Final = 128

_ON: Final = {
    "1": BOLD,
    "2": DIM,
    "3": ITALIC,
    "4": UNDERLINE,
    "5": BLINK,
    "7": REVERSE,
    "8": CONCEAL,
    "9": STRIKE,
}
_OFF: Final = {
    "22": BOLD | DIM,
    "23": ITALIC,
    "24": UNDERLINE,
    "25": BLINK,
    "27": REVERSE,
    "28": CONCEAL,
    "29": STRIKE,
}
_COLOUR_PARAMETERS: Final = {"5": 3, "2": 5}
"""How many parameters a colour takes, introducer and kind included: 38;5;N and 38;2;R;G;B."""

_FOREGROUNDS: Final = frozenset([*(str(code) for code in range(30, 38)), *(str(code) for code in range(90, 98))])
_BACKGROUNDS: Final = frozenset([*(str(code) for code in range(40, 48)), *(str(code) for code in range(100, 108))])


class Style(NamedTuple):
    """How a cell is drawn. The default value is the terminal's own look."""

    attributes: int = 0
    """Bold, dim and so on: the constants above, or-ed."""
    foreground: str = ""
    """The SGR parameters that set it (`38;5;23`); empty: the terminal's own."""
    background: str = ""
    verbatim: str = ""
    """All parameters since the last reset, when one was not understood; the three above are then empty."""
    link: str = ""
    """The parameters and address of an OSC 8 link (`id=1;https://…`); empty: none."""


DEFAULT: Final = Style()


@lru_cache(maxsize=1024)
def restyle(style: Style, parameters: str) -> Style:
    """`style` after `CSI parameters m`."""
    attributes, foreground, background, verbatim, link = style
    for group in _groups(parameters):
        if group in ("", "0"):
            attributes, foreground, background, verbatim = 0, "", "", ""
        elif verbatim:
            verbatim += ";" + group
        elif group in _ON:
            attributes |= _ON[group]
        elif group in _OFF:
            attributes &= ~_OFF[group]
        elif group == "39":
            foreground = ""
        elif group == "49":
            background = ""
        elif group in _FOREGROUNDS or group.startswith(("38;5;", "38;2;")):
            foreground = group
        elif group in _BACKGROUNDS or group.startswith(("48;5;", "48;2;")):
            background = group
        else:
            verbatim = ";".join([*_codes(attributes, foreground, background), group])
            attributes, foreground, background = 0, "", ""
    return Style(attributes, foreground, background, verbatim, link)


def _groups(parameters: str) -> Iterator[str]:
    """The parameters, those of one colour together; what follows a colour that makes no sense stays in one piece."""
    parts = parameters.split(";")
    index = 0
    while index < len(parts):
        count = 1
        if parts[index] in ("38", "48", "58"):
            kind = parts[index + 1] if index + 1 < len(parts) else ""
            count = _COLOUR_PARAMETERS.get(kind, len(parts))
        yield ";".join(parts[index : index + count])
        index += count


def _codes(attributes: int, foreground: str, background: str) -> list[str]:
    codes = [code for code, bit in _ON.items() if attributes & bit]
    return codes + [colour for colour in (foreground, background) if colour]


@lru_cache(maxsize=1024)
def blank(style: Style) -> Style:
    """What can be seen of `style` on a space: styles that differ in the rest alone are one."""
    attributes, foreground, background, verbatim, link = style
    if verbatim or attributes & (UNDERLINE | STRIKE):
        return style
    if not attributes & REVERSE:
        return Style(background=background, link=link)
    if foreground and not attributes & (BOLD | DIM):
        return Style(background=_as_background(foreground), link=link)
    # The terminal's own foreground, or one that bold or dim may shade: only the terminal knows which colour that is.
    return Style(attributes & (REVERSE | BOLD | DIM), foreground, link=link)


def _as_background(foreground: str) -> str:
    """`38;5;23` to `48;5;23`, `31` to `41`, `91` to `101`."""
    code, *rest = foreground.split(";")
    return ";".join([str(int(code) + 10), *rest])


def is_background(style: Style) -> bool:
    """Whether `style` is nothing but a background: what erasing can leave behind."""
    return style == Style(background=style.background)


@lru_cache(maxsize=2048)
def transition(before: Style | None, after: Style) -> str:
    """The shortest SGR sequence from `before` (None: unknown) to `after`; links are not its concern."""
    if before is not None and before[:4] == after[:4]:
        return ""
    codes = [after.verbatim] if after.verbatim else _codes(after.attributes, after.foreground, after.background)
    # An empty parameter is 0, reset.
    anew = "\x1b[" + ";".join(["", *codes] if codes else []) + "m"
    if before is None or before.verbatim or after.verbatim:
        return anew
    gone = before.attributes & ~after.attributes
    wanted = after.attributes & ~before.attributes
    changes: list[str] = []
    for code, bits in _OFF.items():
        if gone & bits:
            changes.append(code)
            wanted |= after.attributes & bits
    changes += [code for code, bit in _ON.items() if wanted & bit]
    if before.foreground != after.foreground:
        changes.append(after.foreground or "39")
    if before.background != after.background:
        changes.append(after.background or "49")
    return min(f"\x1b[{';'.join(changes)}m", anew, key=len)
