"""A value as one source tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DisplayedValue:
    """One value, what stands beside it, and whether its vendor calls it sensitive."""

    text: str
    memo: str = ""
    sensitive: bool = False
