"""The rows of a list as text: for the list itself, and for whoever draws them before Textual is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from widgets.columns import Column, Slot, arrange, row_text

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
    """The columns that there is room for in a list of WIDTH cells."""
    return arrange(columns, max(1, width - GUTTER - TAIL))


def rows_as_text(rows: Sequence[ListRow], columns: Sequence[Column], width: int) -> list[str]:
    """ROWS as a list of WIDTH cells draws those that are not under its cursor, without their styles."""
    slots = arrange_rows(columns, width)
    return [" " * GUTTER + row_text(row.cells, slots) for row in rows]
