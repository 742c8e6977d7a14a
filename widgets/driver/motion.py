"""The shortest way from one cell to another, in bytes.

Rows and columns count from 0. Only what every terminal since the VT100's children understands: CR, BS, VT (a line feed
that the kernel's output processing leaves alone), RI, CUU, CUD, CUF, CUB, CHA, VPA, CUP.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

SOMEWHERE: Final = -1
"""A row or column that is not known. A column is not, once the last one of a row was written: the wrap is pending."""


@lru_cache(maxsize=256)
def move(row: int, column: int, to_row: int, to_column: int) -> str:
    """The shortest sequence that brings the cursor from one cell, perhaps SOMEWHERE, to another."""
    if (row, column) == (to_row, to_column):
        return ""
    absolute = _absolute(to_row, to_column)
    if row == SOMEWHERE:
        return absolute
    # Sideways first: that ends a pending wrap.
    return min(_sideways(column, to_column) + _vertical(row, to_row), absolute, key=len)


def _absolute(row: int, column: int) -> str:
    """CUP, its ones left out."""
    if column:
        return f"\x1b[{row + 1 if row else ''};{column + 1}H"
    return f"\x1b[{row + 1 if row else ''}H"


def _vertical(row: int, to_row: int) -> str:
    if row == to_row:
        return ""
    absolute = f"\x1b[{to_row + 1}d"
    if row < to_row:
        return min("\v" * (to_row - row), _csi(to_row - row, "B"), absolute, key=len)
    return min("\x1bM" * (row - to_row), _csi(row - to_row, "A"), absolute, key=len)


def _sideways(column: int, to_column: int) -> str:
    if column == to_column:
        return ""
    from_margin = "\r" + (_csi(to_column, "C") if to_column else "")
    ways = [from_margin, f"\x1b[{to_column + 1}G"]
    if SOMEWHERE < column < to_column:
        ways.append(_csi(to_column - column, "C"))
    elif column > to_column:
        ways += ["\b" * (column - to_column), _csi(column - to_column, "D")]
    return min(ways, key=len)


def _csi(count: int, final: str) -> str:
    return f"\x1b[{count if count > 1 else ''}{final}"
