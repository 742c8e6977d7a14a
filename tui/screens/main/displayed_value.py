"""A value as one source tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DisplayedValue:
    """One value, what stands beside it, and whether it is to be hidden."""

    text: str
    memo: str = ""
    hidden: bool = False
    prose: bool = False
    """It is a text of somebody's own, in which a number may stand."""
