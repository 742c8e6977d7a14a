"""Which characters nobody sees, and a text without them: as it is meant, and as it is compared.

Copying from WeChat, WhatsApp, a web page or a spreadsheet brings characters along that are drawn as nothing, and spaces
that are no space bar's. They are no part of an id, a phone or a name. What a vendor sent is kept as it came; it is
compared, and searched, without them.
"""

from __future__ import annotations

import re
import unicodedata

_IGNORABLE = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Unicode's property `Default_Ignorable_Code_Point` (DerivedCoreProperties.txt): what is drawn as nothing."""

_JOINERS = "\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef"
"""Those that people type all the same: they hold emoji, flags and some scripts' letters together."""

_CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
"""C0 and C1 controls but for those that are white space, which `str.strip` and `str.split` know."""

_BLANK_CONTROLS = re.compile("[\x0b\x0c\x1c-\x1f]+")
"""White space that cannot be sent: what a line break within a paragraph becomes when it is copied from an office."""

_ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
"""What a terminal obeys (ECMA-48): a colour, a cursor's move, a title. Copying from some brings it along."""

_INVISIBLE = re.compile(f"[{_IGNORABLE}]+")
_NO_PART_OF_AN_ID = re.compile(f"[{_IGNORABLE}{_CONTROLS}]+")
_NO_PART_OF_A_TEXT = re.compile(rf"(?![{_JOINERS}])[{_IGNORABLE}]|(?<!\S)[{_JOINERS}]+|[\u200c\u200d]+(?!\S)")
"""A joiner that joins nothing, at the beginning or the end of a word, is as much as any other."""


def without_invisible(text: str) -> str:
    """Return `text` without what is drawn as nothing."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def clean_id(text: str) -> str:
    """Return `text`, an id or any value that has one spelling, without what is invisible in it or blank around it.

    White space in it that no vendor can be sent becomes a space; a terminal's escape sequence goes whole.
    """
    if "\x1b" in text:
        text = _ESCAPE_SEQUENCE.sub("", text)
    return _BLANK_CONTROLS.sub(" ", _NO_PART_OF_AN_ID.sub("", text)).strip()


def clean_text(text: str) -> str:
    """Return `text`, which a person wrote, without what is invisible or blank around it; its emoji stay whole."""
    return (text if text.isascii() else _NO_PART_OF_A_TEXT.sub("", text)).strip()


def normal(text: str) -> str:
    """Return `text` in one width, with nothing invisible, one space between words and none around them."""
    return " ".join(unicodedata.normalize("NFKC", without_invisible(text)).split())


def fold(text: str) -> str:
    """Return `text` as it is compared where case tells nothing: as `normal`, in one case."""
    return normal(text).casefold()
