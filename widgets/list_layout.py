"""The columns of a list: which of them there is room for, and how wide each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from widgets.cells import Align, fit

GUTTER = 3
"""Cells left of a row: mark, cursor bar, blank."""

TAIL = 2
"""Cells right of a row: blank, flag."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row: its cells in the order of the columns, and a one-cell `flag` at its end that says what is up with it."""

    id: str
    cells: tuple[str, ...]
    mark: bool = False
    dim: bool = False
    flag: str = ""


def arrange_rows(columns: Sequence[Column], width: int) -> tuple[Slot, ...]:
    """The columns that there is room for in a list of `width` cells."""
    return arrange(columns, max(1, width - GUTTER - TAIL))


def rows_as_text(rows: Sequence[ListRow], columns: Sequence[Column], width: int) -> list[str]:
    """`rows` as a list of `width` cells draws those that are not under its cursor, without their styles."""
    slots = arrange_rows(columns, width)
    return [" " * GUTTER + row_text(row.cells, slots) for row in rows]


GAP = 2
"""Blank cells between two columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list; widths are in cells."""

    key: str
    title: str
    width: int = 10
    """What it takes when there is room."""
    min_width: int = 4
    """What it can live with; a column that would get less is left out."""
    weight: int = 0
    """Its share of the room that is left over; 0 for a column that never grows."""
    priority: int = 0
    """The lowest priority is left out first; among equals, the rightmost."""
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Slot:
    """A column that is shown: which cell of a row it takes, and how wide it is."""

    index: int
    width: int
    align: Align


def arrange(columns: Sequence[Column], width: int) -> tuple[Slot, ...]:
    """The columns that fit into `width` cells, in their order. The last one left is shown however narrow it is."""
    shown = list(range(len(columns)))
    while len(shown) > 1 and sum(columns[i].min_width for i in shown) + GAP * (len(shown) - 1) > width:
        shown.remove(min(shown, key=lambda i: (columns[i].priority, -i)))
    if not shown:
        return ()
    room = width - GAP * (len(shown) - 1)
    widths = {i: min(columns[i].min_width, room) for i in shown}
    fixed = [i for i in shown if not columns[i].weight]  # a date that is cut is worth less than a name that is
    for some in (fixed, shown):
        _share(widths, room, {i: columns[i].width for i in some}, dict.fromkeys(some, 1))
    _share(widths, room, {i: room for i in shown if columns[i].weight}, {i: columns[i].weight for i in shown})
    return tuple(Slot(i, widths[i], columns[i].align) for i in shown)


def _share(widths: dict[int, int], room: int, limits: dict[int, int], weights: dict[int, int]) -> None:
    """Hand what is left of `room` to the columns below their limit, by weight, until none is left or none wants it."""
    while wanting := [i for i, limit in limits.items() if widths[i] < limit]:
        left = room - sum(widths.values())
        if left <= 0:
            return
        total = sum(weights[i] for i in wanting)
        for i in wanting:
            part = min(max(1, left * weights[i] // total), limits[i] - widths[i], room - sum(widths.values()))
            widths[i] += part


def row_text(cells: Sequence[str], slots: Sequence[Slot]) -> str:
    """One row, each cell cut or padded to its column; a row with too few cells has blanks."""
    return (" " * GAP).join(
        fit(cells[slot.index] if slot.index < len(cells) else "", slot.width, slot.align) for slot in slots
    )
