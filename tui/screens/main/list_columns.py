"""Which columns the list has, and a customer as one of its rows."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

from tui.desk.outcome import Row
from tui.locale import _
from tui.model.columns import LIST_COLUMNS, CustomerColumn
from tui.model.masking import OPEN, Masker
from tui.text import width
from widgets.list_layout import Column, ListRow

WIDE = 100
"""Cells from which both panes stand side by side."""

LIST_PERCENT = 47
"""The list's share of a wide screen; main.tcss says so too."""

ABOVE = 3
"""Lines above the rows: the title, the list's own, its columns'."""

BELOW = 2
"""Lines below them: what happened last, the keys."""


class RowSpace(NamedTuple):
    """The first line of the rows, how many there is room for, and how wide they are."""

    top: int
    height: int
    width: int


def place_of_rows(columns: int, lines: int) -> RowSpace:
    """Where the rows stand on a screen of this size."""
    width = columns * LIST_PERCENT // 100 if columns >= WIDE else columns
    return RowSpace(ABOVE, max(0, lines - ABOVE - BELOW), width)


LEAST = 7
"""Cells that a text needs to be of use, where the agent chose the columns: rather than all of them with less, there are
fewer."""

UNREADABLE = "!"
"""Flags a row whose record makes no sense."""


class ListTable(NamedTuple):
    """A page of the list as it is drawn."""

    columns: tuple[Column, ...]
    rows: list[ListRow]


def list_table(
    rows: Sequence[Row],
    columns: Sequence[CustomerColumn] = LIST_COLUMNS,
    marked: Container[str] = (),
    masker: Masker = OPEN,
) -> ListTable:
    """Return `rows` in `columns`, those `marked` with their mark; `masker` hides
    what is not to be seen.

    A column is as wide as what stands in it, up to its own width, before what is left over is handed out: one that is
    empty takes no more than its heading. Of the columns that nobody chose, those that are empty in every row are left
    out, the name never. Where there is no room for all, chosen ones go from the last one on.
    """
    chosen = tuple(columns) != LIST_COLUMNS
    shown, texts = [], []
    for column in columns:
        cells = [column.show(row.value(column.key), _) for row in rows]
        if not chosen and column.key != "name" and not any(cells):
            continue
        cells = [masker.cell(column, cell) for cell in cells]
        title = _(column.label)
        longest = min(column.width, max(map(width, (title, *(cell[: column.width] for cell in cells)))))
        least = max(column.min_width, LEAST) if chosen and column.weight else column.min_width
        shown.append(
            Column(
                column.key,
                title,
                width=longest,
                min_width=min(longest, least),
                weight=column.weight,
                priority=0 if chosen else column.priority,
                align=column.align,
            )
        )
        texts.append([cell or "–" for cell in cells])
    listed = [
        ListRow(
            row.id,
            cells,
            mark=row.id in marked,
            dim=row.unreadable,
            flag=UNREADABLE if row.unreadable else "",
        )
        for row, cells in zip(rows, zip(*texts, strict=True), strict=True)
    ]
    return ListTable(tuple(shown), listed)
