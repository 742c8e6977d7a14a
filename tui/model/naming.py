"""Which known name a person meant. Light: the configuration asks it before the first frame."""

from __future__ import annotations

from collections.abc import Iterable

NEAR = 0.5
"""How alike (difflib's ratio) a mistyped name must be to be suggested; found by trying."""


CUSTOM = "custom."
"""`custom.CODE` always means the vendor's own field CODE, even where one of our names is spelt alike."""


def nearest(name: str, known: Iterable[str], near: float = NEAR) -> str:
    """The one of `known` that `name` is most likely a slip of, whatever its case; empty where none is as `near` as
    that.
    """
    from difflib import get_close_matches

    folded = {candidate.casefold(): candidate for candidate in known}
    found = get_close_matches(name.strip().casefold(), folded, n=1, cutoff=near)
    return folded[found[0]] if found else ""
