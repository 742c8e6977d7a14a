"""A frame that is its predecessor moved by some rows: terminals move rows for a few bytes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from operator import is_not
from typing import Final, NamedTuple

from widgets.driver.graphemes import UNKNOWN, Cell

_FEWEST_ROWS: Final = 4
"""Changed rows from which it is worth looking: a cursor that moves changes two."""

_EDGE: Final = 3
"""Columns at the right that need not move along: a scrollbar."""

_ROW_COST: Final = 10
"""About what it takes to get to a row, in bytes."""

_SCROLL_COST: Final = 20
"""About what it takes to move rows: margins, a jump, the lines, margins again."""


class Scroll(NamedTuple):
    """The rows from `top` to `bottom`, both included, move up by so many; down where it is negative."""

    top: int
    bottom: int
    by: int


def find_scroll(wanted: Sequence[list[Cell]], shown: Sequence[list[Cell]], rows: Collection[int]) -> Scroll | None:
    """What to scroll before the rest is painted; None if nothing is gained."""
    if len(rows) < _FEWEST_ROWS:
        return None
    changed = sorted(row for row in rows if wanted[row] != shown[row])
    if len(changed) < _FEWEST_ROWS:
        return None
    edge = max(len(shown[0]) - _EDGE, 1)
    for part in (2, 4, 1):  # a row from the middle, one from the first quarter, the last
        probe = changed[len(changed) // part - (part == 1)]
        scroll = _scroll_around(probe, wanted, shown, edge)
        if scroll and _gain(scroll, wanted, shown) > 0:
            return scroll
    return None


def _scroll_around(probe: int, wanted: Sequence[list[Cell]], shown: Sequence[list[Cell]], edge: int) -> Scroll | None:
    """The rows around `probe` that stand somewhere else, all by the same distance, the nearest place first."""
    height, text = len(shown), wanted[probe][:edge]
    if text.count(text[0]) == edge:
        return None  # an empty row is found everywhere
    others = sorted((row for row in range(height) if row != probe), key=lambda row: abs(row - probe))
    found = next((row for row in others if shown[row][:edge] == text), probe)
    by = found - probe
    if not by:
        return None

    def moves(row: int) -> bool:
        return 0 <= row < height and 0 <= row + by < height and wanted[row][:edge] == shown[row + by][:edge]

    first = last = probe
    while moves(first - 1):
        first -= 1
    while moves(last + 1):
        last += 1
    return Scroll(first + min(by, 0), last + max(by, 0), by)


def _gain(scroll: Scroll, wanted: Sequence[list[Cell]], shown: Sequence[list[Cell]]) -> int:
    """About how many bytes are saved; none if a row holds what must be left alone."""
    top, bottom, by = scroll
    gain = -_SCROLL_COST
    for row in range(top, bottom + 1):
        if UNKNOWN in wanted[row]:
            return 0
        gain += _cost(wanted[row], shown[row])
        if top <= row + by <= bottom:
            gain -= _cost(wanted[row], shown[row + by])
        else:
            gain -= _ROW_COST + sum(cell.text != " " for cell in wanted[row])
    return gain


def _cost(new: list[Cell], old: list[Cell]) -> int:
    cells = sum(map(is_not, new, old))
    return cells + _ROW_COST if cells else 0
