"""Which columns the list has, and a customer as one of its rows."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

from tui.desk.outcome import Row
from tui.locale import _
from tui.text import mask
from widgets.columns import Column, ListRow

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


UNREADABLE = "!"
"""Flags a row whose record makes no sense."""


def columns_of(rows: Sequence[Row]) -> tuple[Column, ...]:
    """The columns that `rows` have something in; the name always."""
    columns = (
        Column("name", _("Name"), width=14, min_width=6, weight=3, priority=9),
        Column("remark", _("Remark"), width=12, min_width=4, weight=2, priority=7),
        Column("company", _("Company"), width=16, min_width=6, weight=3, priority=6),
        Column("phone", _("Phone"), width=13, min_width=11, priority=4),
        Column("owner", _("Owner"), width=8, min_width=4, weight=1, priority=5),
        Column("added", _("Added"), width=10, min_width=10, priority=3),
    )
    return tuple(column for column in columns if column.key == "name" or any(getattr(row, column.key) for row in rows))


def list_rows(
    rows: Iterable[Row], columns: Sequence[Column], marked: Container[str], *, hide_phones: bool = False
) -> list[ListRow]:
    """`rows` as the list draws them, those `marked` with their mark."""
    if hide_phones:
        rows = (row._replace(phone=mask(row.phone)) for row in rows)
    return [
        ListRow(
            row.id,
            tuple(getattr(row, column.key) or "–" for column in columns),
            mark=row.id in marked,
            dim=row.unreadable,
            flag=UNREADABLE if row.unreadable else "",
        )
        for row in rows
    ]
