"""Where the list's rows stand on the main screen, for whoever draws them before Textual has read the style sheet."""

from __future__ import annotations

from typing import NamedTuple

WIDE = 100
"""Cells from which both panes stand side by side."""

LIST_PERCENT = 47
"""The list's share of a wide screen; main.tcss says so too."""

ABOVE = 3
"""Lines above the rows: the title, the list's own, its columns'."""

BELOW = 2
"""Lines below them: what happened last, the keys."""


class Place(NamedTuple):
    """The first line of the rows, how many there is room for, and how wide they are."""

    top: int
    height: int
    width: int


def place_of_rows(columns: int, lines: int) -> Place:
    """Where the rows stand on a screen of this size."""
    width = columns * LIST_PERCENT // 100 if columns >= WIDE else columns
    return Place(ABOVE, max(0, lines - ABOVE - BELOW), width)
