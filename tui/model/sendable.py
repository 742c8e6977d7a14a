"""Characters that no vendor can be sent, and that no file on disk can hold."""

from __future__ import annotations

import re
from typing import NamedTuple

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Controls but for tabs and line breaks; and half a surrogate pair, which an emoji cut in two leaves behind, and which
a byte on the command line that is no UTF-8 becomes (PEP 383). UTF-8 cannot hold it: one spoils the whole call."""


class Unfit(NamedTuple):
    """A character that cannot be sent."""

    name: str
    """Its code point: `U+D83D`."""
    place: int
    """Where it stands in its text, from 1."""


def unfit_character(text: str) -> Unfit | None:
    """Return the first character of `text` that cannot be sent; None where all can."""
    found = _UNFIT.search(text)
    return Unfit(f"U+{ord(found[0]):04X}", found.start() + 1) if found else None
