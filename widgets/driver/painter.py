"""What the terminal shows, cell by cell, and the fewest bytes that make it show something else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from operator import is_not
from typing import Final, NamedTuple

from widgets.driver.graphemes import UNKNOWN, Cell
from widgets.driver.pen import Pen, reach
from widgets.driver.scrolling import Scroll, find_scroll
from widgets.driver.style import Style, blank

_ORDERED_FROM: Final = 4
"""Changed rows from which it is worth looking for a better order than from top to bottom: a cursor changes two."""


class _Change(NamedTuple):
    """`columns`, ascending, of a row that is to consist of `cells`."""

    row: int
    cells: list[Cell]
    columns: list[int]


class Painter:
    """The terminal's end. Collects output until it is taken; its knowledge is that of a terminal which has read it all.

    Args:
        height: Rows of the terminal.
        width: Its columns.
        erases_in_colour: Whether erased cells take the background in force (terminfo's `bce`).
    """

    def __init__(self, height: int, width: int, *, erases_in_colour: bool) -> None:
        self._pen = Pen(width, erases_in_colour=erases_in_colour)
        self._margins_known = True
        self.resize(height, width)

    def resize(self, height: int, width: int) -> None:
        """Start anew with a terminal of which nothing is known but its size."""
        self._width = width
        self._shown = [[UNKNOWN] * width for _ in range(height)]
        self._pen.resize(width)

    def forget(self) -> None:
        """Take nothing of what the terminal shows for granted."""
        for row in self._shown:
            row[:] = [UNKNOWN] * len(row)
        self._pen.lose_track()

    def take(self) -> str:
        """The output since the last call."""
        return self._pen.take()

    def pass_on(self, data: str) -> None:
        """Write `data`, which changes nothing that is known here."""
        self._pen.send(data)

    def pass_on_text(self, text: str) -> None:
        """Write `text`, which may change any cell, in the style in force."""
        style = self._pen.style
        self._pen.send(text)
        self.forget()
        self._pen.style = style

    def pass_on_unknown(self, data: str) -> None:
        """Write `data`, which may change anything: even the margins within which the terminal scrolls."""
        self._pen.send(data)
        self._margins_known = False
        self.forget()

    def change_screen(self, sequence: str) -> None:
        """Write `sequence`, which enters or leaves the alternate screen."""
        self._pen.send(sequence)
        self.forget()

    # The pen and the cursor

    def go_to(self, row: int, column: int) -> None:
        """Bring the cursor to a cell; one past the last column: to where it is once that one is written."""
        if self._pen.is_at(row, column):
            return
        cells = self._shown[row]
        if column < len(cells):
            self._pen.jump(row, column)
            return
        head = len(cells) - 1
        while head and not cells[head].columns:
            head -= 1
        self._pen.jump(row, head)
        if cells[head].doubtful:  # to mend what stands before it would take the cursor there
            self._pen.write_as_it_is(cells[head])
        else:
            self._pen.write_run(row, cells, head, len(cells))

    def rest_at(self, row: int, column: int) -> None:
        """Leave the cursor where the program has it at a frame's end; past the last column is shown in that column."""
        if not self._pen.is_at(row, column):
            self.go_to(row, min(column, len(self._shown[row]) - 1))

    def use(self, style: Style) -> None:
        """Make `style` the one in force."""
        self._pen.use(style)

    def use_link(self, link: str) -> None:
        """Make what is written from now on a link, or none."""
        self._pen.use_link(link)

    # Painting

    def paint(self, wanted: Sequence[list[Cell]], rows: Collection[int]) -> None:
        """Make the terminal show what is `wanted` in `rows`; unknown cells are left alone."""
        if self._margins_known and (scroll := find_scroll(wanted, self._shown, rows)):
            self._scroll(scroll)
            rows = {*rows, *range(scroll.top, scroll.bottom + 1)}
        changes = list(self._changes(wanted, rows))
        self._write(changes)
        for row, cells, _ in changes:
            self._shown[row][:] = cells

    def _scroll(self, scroll: Scroll) -> None:
        """Move rows within margins, which it takes back; what comes in at the end is not known."""
        top, bottom, by = scroll
        pen = self._pen
        lines = f"\x1b[{abs(by) if abs(by) > 1 else ''}{'M' if by > 0 else 'L'}"
        region, new = self._shown[top : bottom + 1], [[UNKNOWN] * self._width for _ in range(abs(by))]
        self._shown[top : bottom + 1] = [*region[by:], *new] if by > 0 else [*new, *region[:by]]
        within_margins = bottom < len(self._shown) - 1
        if within_margins:
            pen.send(f"\x1b[{top + 1};{bottom + 1}r")
            pen.place(0, 0)  # where setting margins leaves the cursor
        pen.jump(top, 0)
        pen.send(lines)
        if within_margins:
            pen.send("\x1b[r")
            pen.place(0, 0)

    def _changes(self, wanted: Sequence[list[Cell]], rows: Iterable[int]) -> Iterable[_Change]:
        """What differs between what is shown and what is `wanted` in `rows`, from top to bottom."""
        for row in sorted(rows):
            new, old = wanted[row], self._shown[row]
            if new == old:
                continue
            changed = [
                column
                for column, differs in enumerate(map(is_not, new, old))
                if differs and new[column] != old[column] and new[column] is not UNKNOWN
            ]
            if any(new[column].doubtful for column in changed):
                changed = _spread(new, changed)
            if changed:
                yield _Change(row, new, changed)

    def _write(self, changes: Sequence[_Change]) -> None:
        """Write `changes` from top to bottom, or one style after the other where that is shorter."""
        other = self._pen.fork() if len(changes) >= _ORDERED_FROM else None
        for change in changes:
            self._pen.write(*change)
        if other is not None:
            for piece in _by_style(changes):
                other.write(*piece)
            if other.size < self._pen.size:
                self._pen = other


def _by_style(changes: Iterable[_Change]) -> Iterable[_Change]:
    """The pieces of `changes`, those of one style together: all labels of a column, say, then what stands beside
    them.
    """
    groups: dict[Style, list[_Change]] = {}
    for change in changes:
        for style, piece in _pieces(change):
            groups.setdefault(style, []).append(piece)
    return chain.from_iterable(groups.values())


def _pieces(change: _Change) -> Iterable[tuple[Style, _Change]]:
    """`change` cut where its style changes, each piece with its style; blanks stay with what they can be written with.

    With a doubtful cell in it, the row stays whole: all of it may have to be mended.
    """
    row, cells, columns = change
    style, nothing_yet = cells[columns[0]].style, True
    start = 0
    if not any(cell.doubtful for cell in cells):
        for index, column in enumerate(columns):
            text, wanted, _, _ = cells[column]
            is_blank = text == " "
            if nothing_yet and blank(wanted) == style:
                style, nothing_yet = wanted, is_blank
            elif wanted != style and not (is_blank and wanted == blank(style)):
                yield style, _Change(row, cells, columns[start:index])
                start, style, nothing_yet = index, wanted, is_blank
    yield style, _Change(row, cells, columns[start:])


def _spread(new: list[Cell], changed: list[int]) -> list[int]:
    """`changed` and all columns that a doubtful piece among them may have been drawn over."""
    columns = set(changed)
    for column, cell in enumerate(new):
        if cell.doubtful and column in columns:
            columns.update(range(column, min(column + reach(cell), len(new))))
    return sorted(column for column in columns if new[column] is not UNKNOWN)
