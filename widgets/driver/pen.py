"""Where the terminal writes next and in which style, and the bytes with which it writes some cells of a row."""

from __future__ import annotations

from bisect import bisect_left
from copy import copy
from functools import lru_cache
from typing import Final

from widgets.driver.graphemes import UNKNOWN, Cell
from widgets.driver.style import REVERSE, STRIKE, UNDERLINE, Style, blank, is_background, transition

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


_GAP: Final = 8
"""Columns between two changes that may be cheaper to write again than to jump over: the longest jump is 8 bytes."""

_ERASE_LINE: Final = "\x1b[K"


class Pen:
    """Collects output until it is taken; its place and its style are those of a terminal that has read it all.

    Args:
        width: The terminal's columns.
        erases_in_colour: Whether erased cells take the background in force (terminfo's `bce`).
    """

    def __init__(self, width: int, *, erases_in_colour: bool) -> None:
        self._width = width
        self._erases_in_colour = erases_in_colour
        self._output: list[str] = []
        self._link = ""
        self.lose_track()

    def resize(self, width: int) -> None:
        """Go on with a terminal of `width` columns."""
        self._width = width
        self.lose_track()

    def lose_track(self) -> None:
        """Take neither the place nor the style for granted."""
        self._row = self._column = SOMEWHERE
        self.style: Style | None = None
        """The style in force, where it is known."""

    def send(self, data: str) -> None:
        """Put out `data`, which moves nothing and leaves the style as it is."""
        self._output.append(data)

    def take(self) -> str:
        """The output since the last call."""
        output = "".join(self._output)
        self._output.clear()
        return output

    def fork(self) -> Pen:
        """Another pen that has done the same until now."""
        pen = copy(self)
        pen._output = self._output.copy()
        return pen

    @property
    def size(self) -> int:
        """The output since it was last taken, in bytes."""
        return sum(len(piece.encode("utf-8", "replace")) for piece in self._output)

    # The place and the style

    def is_at(self, row: int, column: int) -> bool:
        """Whether the next character is written there."""
        return (row, column) == (self._row, self._column)

    def place(self, row: int, column: int) -> None:
        """The terminal's cursor is there now, through what was sent."""
        self._row, self._column = row, column

    def jump(self, row: int, column: int) -> None:
        """Go to a cell."""
        self._output.append(self._way_to(row, column))
        self._row, self._column = row, column

    def _way_to(self, row: int, column: int) -> str:
        # Past the last column the wrap is pending, and terminals differ in what a relative move makes of it.
        here = self._column if self._column < self._width else SOMEWHERE
        return move(self._row, here, row, column)

    def use(self, style: Style) -> None:
        """Make `style` the one in force."""
        self.use_link(style.link)
        self._output.append(transition(self.style, style))
        self.style = style

    def use_link(self, link: str) -> None:
        """Make what is written from now on a link, or none."""
        if link != self._link:
            self._output.append(f"\x1b]8;{link or ';'}\x1b\\")
            self._link = link

    # Writing

    def write(self, row: int, cells: list[Cell], columns: list[int]) -> None:
        """Write those `columns` of a row that is to consist of `cells`; they ascend."""
        tail = self._erasable_tail(cells, columns)
        index, count = 0, len(columns)
        while index < count and (start := columns[index]) < tail:
            index += 1
            stop = start + 1
            while index < count and columns[index] == stop < tail:
                index += 1
                stop += 1
            while not cells[start].columns:  # a piece is written from its first column
                start -= 1
            self._approach(row, cells, start)
            self.write_run(row, cells, start, stop)
        if tail < self._width:
            self._approach(row, cells, tail)
            self._prepare_erasure(cells[tail].style)
            self._output.append(_ERASE_LINE)

    def write_run(self, row: int, cells: list[Cell], start: int, stop: int) -> None:
        """Write the `cells` of a row from `start`, where the pen is, up to `stop`."""
        output = self._output
        column = start
        while column < stop:
            cell = cells[column]
            text, style, columns, doubtful = cell
            is_blank = text == " "
            if style is not self.style and not self._suits(cell):
                self.use(self._style_for_blank(cells, column, stop) if is_blank else style)
            if doubtful:
                self._write_doubtful(row, cells, column)
            elif is_blank:
                end = column + 1
                while end < stop and cells[end] == cell:
                    end += 1
                columns = end - column
                if self._erase(cell.style, columns, last=end == stop):
                    if end == stop:
                        self._row, self._column = row, column
                        return
                    output.append(move(row, column, row, end))
                else:
                    output.append(" " * columns)
            else:
                output.append(text)
            column += columns
            if doubtful and column < stop:
                output.append(move(row, SOMEWHERE, row, column))
        self._row = row
        self._column = SOMEWHERE if doubtful else column

    def write_as_it_is(self, cell: Cell) -> None:
        """Write the doubtful `cell` here, whatever it may be drawn over."""
        self.use(cell.style)
        self._output.append(cell.text)
        self._column = SOMEWHERE

    def _approach(self, row: int, cells: list[Cell], column: int) -> None:
        """Go to a cell of a row, over a small gap by writing what stands there again where that is shorter."""
        way = self._way_to(row, column)
        here = self._column
        if row == self._row and 0 <= here < column <= here + _GAP:
            gap = cells[here:column]
            text = "".join([cell.text for cell in gap])
            if len(text.encode("utf-8", "replace")) <= len(way) and gap[0].columns and all(map(self._writable, gap)):
                way = text
        self._output.append(way)
        self._row, self._column = row, column

    def _writable(self, cell: Cell) -> bool:
        """Whether `cell` can be written with the style in force, wherever it may already be shown."""
        if cell is UNKNOWN or cell.doubtful:
            return False
        return self._suits(cell)

    def _suits(self, cell: Cell) -> bool:
        """Whether the style in force draws `cell` as wanted."""
        style = self.style
        return style is not None and (cell.style == style or (cell.text == " " and cell.style == blank(style)))

    def _style_for_blank(self, cells: list[Cell], column: int, stop: int) -> Style:
        """A style that shows the blank at `column` as wanted: that of the next text if it can, else one near at
        hand.
        """
        wanted = cells[column].style
        for following in range(column + 1, stop):
            text, style, columns, _ = cells[following]
            if text != " " and columns:
                if blank(style) == wanted:
                    return style
                break
            if style != wanted:
                break
        current = self.style
        if current and is_background(wanted._replace(link="")) and not current.verbatim:
            near = current._replace(background=wanted.background, link=wanted.link)
            if blank(near) == wanted:
                return near
        return wanted

    # Pieces of which terminals disagree how wide they are

    def _write_doubtful(self, row: int, cells: list[Cell], column: int) -> None:
        """Write a piece on cells cleared for it, so that nothing old stays where a terminal draws it narrower."""
        cell = cells[column]
        self._output.append(" " * cell.columns)
        self._output.append(move(row, SOMEWHERE, row, column))
        self._output.append(cell.text)
        self._row, self._column = row, SOMEWHERE
        if column + reach(cell) > self._width:
            self._mend(row, cells, self._width - reach(cell), column)

    def _mend(self, row: int, cells: list[Cell], start: int, stop: int) -> None:
        """Write again what a piece at `stop` may be drawn over, by a terminal that moves it left to fit the row."""
        start = max(start, 0)
        while not cells[start].columns:
            start -= 1
        for column in range(start, stop):
            cell = cells[column]
            if cell.columns and not cell.doubtful and cell is not UNKNOWN:
                self.jump(row, column)
                self.write_run(row, cells, column, column + cell.columns)

    # Erasing

    def _erasable_tail(self, cells: list[Cell], columns: list[int]) -> int:
        """Where to erase the rest of the row from; its width if that would not be right, or no gain."""
        width, cell = self._width, cells[-1]
        if cell.text != " " or not self._may_erase(cell.style):
            return width
        start = width - 1
        while start and cells[start - 1] == cell:
            start -= 1
        blanks = columns[bisect_left(columns, start) :]
        return blanks[0] if blanks and blanks[-1] - blanks[0] >= len(_ERASE_LINE) else width

    def _may_erase(self, style: Style) -> bool:
        return is_background(style) and (self._erases_in_colour or not style.background)

    def _prepare_erasure(self, style: Style) -> None:
        """Bring a style into force with which erased cells look like a blank of `style`."""
        current = self.style
        if current and not current.verbatim and not current.attributes & (REVERSE | UNDERLINE | STRIKE):
            self.use(current._replace(background=style.background, link=""))
        else:
            self.use(style)

    def _erase(self, style: Style, columns: int, *, last: bool) -> bool:
        """Erase some characters from the cursor on, which stays, where that is shorter than writing blanks."""
        erasure = f"\x1b[{columns}X"
        way_on = 0 if last else len(f"\x1b[{columns}C")
        if columns <= len(erasure) + way_on or not self._may_erase(style):
            return False
        self._prepare_erasure(style)
        self._output.append(erasure)
        return True


def reach(cell: Cell) -> int:
    """How many columns a doubtful piece may take on some terminal: two a character, at most."""
    return max(2 * len(cell.text), cell.columns)
