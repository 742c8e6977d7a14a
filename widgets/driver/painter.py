"""What the terminal shows, cell by cell, and the fewest bytes that make it show something else."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from operator import is_not
from typing import Final

from widgets.driver.cells import UNKNOWN, Cell
from widgets.driver.motion import SOMEWHERE, move
from widgets.driver.scrolling import Scroll, find_scroll
from widgets.driver.style import REVERSE, STRIKE, UNDERLINE, Style, blank, is_background, transition

_GAP: Final = 8
"""Columns between two changes that may be cheaper to write again than to jump over: the longest jump is 8 bytes."""

_ERASE_LINE: Final = "\x1b[K"


class Painter:
    """The terminal's end. Collects output until it is taken; its knowledge is that of a terminal which has read it all.

    Args:
        height: Rows of the terminal.
        width: Its columns.
        erases_in_colour: Whether erased cells take the background in force (terminfo's `bce`).
    """

    def __init__(self, height: int, width: int, *, erases_in_colour: bool) -> None:
        self._erases_in_colour = erases_in_colour
        self._output: list[str] = []
        self._link = ""
        self._margins_known = True
        self.resize(height, width)

    def resize(self, height: int, width: int) -> None:
        """Start anew with a terminal of which nothing is known but its size."""
        self._width = width
        self._shown = [[UNKNOWN] * width for _ in range(height)]
        self._lose_track()

    def forget(self) -> None:
        """Take nothing of what the terminal shows for granted."""
        for row in self._shown:
            row[:] = [UNKNOWN] * len(row)
        self._lose_track()

    def _lose_track(self) -> None:
        self._row = self._column = SOMEWHERE
        self._style: Style | None = None

    def take(self) -> str:
        """The output since the last call."""
        output = "".join(self._output)
        self._output.clear()
        return output

    def pass_on(self, data: str) -> None:
        """Write DATA, which changes nothing that is known here."""
        self._output.append(data)

    def pass_on_text(self, text: str) -> None:
        """Write TEXT, which may change any cell, in the style in force."""
        style = self._style
        self._output.append(text)
        self.forget()
        self._style = style

    def pass_on_unknown(self, data: str) -> None:
        """Write DATA, which may change anything: even the margins within which the terminal scrolls."""
        self._output.append(data)
        self._margins_known = False
        self.forget()

    def change_screen(self, sequence: str) -> None:
        """Write SEQUENCE, which enters or leaves the alternate screen."""
        self._output.append(sequence)
        self.forget()

    # The pen and the cursor

    def go_to(self, row: int, column: int) -> None:
        """Bring the cursor to a cell; one past the last column: to where it is once that one is written."""
        if (row, column) == (self._row, self._column):
            return
        width = len(self._shown[row])
        if column < width:
            self._jump(row, column)
            return
        head = width - 1
        while head and not self._shown[row][head].columns:
            head -= 1
        self._jump(row, head)
        cell = self._shown[row][head]
        if cell.doubtful:  # written as it is: to mend what stands before it would take the cursor there
            self.use(cell.style)
            self._output.append(cell.text)
            self._column = SOMEWHERE
        else:
            self._write_run(row, self._shown[row], head, width)

    def rest_at(self, row: int, column: int) -> None:
        """Leave the cursor where the program has it at a frame's end; past the last column is shown in that column."""
        if (row, column) != (self._row, self._column):
            self.go_to(row, min(column, len(self._shown[row]) - 1))

    def _jump(self, row: int, column: int) -> None:
        self._output.append(self._way_to(row, column))
        self._row, self._column = row, column

    def _way_to(self, row: int, column: int) -> str:
        # Past the last column the wrap is pending, and terminals differ in what a relative move makes of it.
        here = self._column if self._column < self._width else SOMEWHERE
        return move(self._row, here, row, column)

    def use(self, style: Style) -> None:
        """Make STYLE the one in force."""
        self.use_link(style.link)
        self._output.append(transition(self._style, style))
        self._style = style

    def use_link(self, link: str) -> None:
        """Make what is written from now on a link, or none."""
        if link != self._link:
            self._output.append(f"\x1b]8;{link or ';'}\x1b\\")
            self._link = link

    # Painting

    def paint(self, wanted: Sequence[list[Cell]], rows: Collection[int]) -> None:
        """Make the terminal show what is WANTED in ROWS; unknown cells are left alone."""
        if self._margins_known and (scroll := find_scroll(wanted, self._shown, rows)):
            self._scroll(scroll)
            rows = {*rows, *range(scroll.top, scroll.bottom + 1)}
        for row in sorted(rows):
            new, old = wanted[row], self._shown[row]
            if new == old:
                continue
            changed = [
                column
                for column, differs in enumerate(map(is_not, new, old))
                if differs and new[column] != old[column] and new[column] is not UNKNOWN
            ]
            if changed:
                if any(new[column].doubtful for column in changed):
                    changed = _spread(new, changed)
                self._paint_row(row, new, changed)
                old[:] = new

    def _scroll(self, scroll: Scroll) -> None:
        """Move rows within margins, which it takes back; what comes in at the end is not known."""
        top, bottom, by = scroll
        lines = f"\x1b[{abs(by) if abs(by) > 1 else ''}{'M' if by > 0 else 'L'}"
        region, new = self._shown[top : bottom + 1], [[UNKNOWN] * self._width for _ in range(abs(by))]
        self._shown[top : bottom + 1] = [*region[by:], *new] if by > 0 else [*new, *region[:by]]
        within_margins = bottom < len(self._shown) - 1
        if within_margins:
            self._output.append(f"\x1b[{top + 1};{bottom + 1}r")
            self._row = self._column = 0  # where setting margins leaves the cursor
        self._jump(top, 0)
        self._output.append(lines)
        if within_margins:
            self._output.append("\x1b[r")
            self._row = self._column = 0

    def _paint_row(self, row: int, new: list[Cell], changed: list[int]) -> None:
        tail = self._erasable_tail(new, changed)
        index, count = 0, len(changed)
        while index < count and (start := changed[index]) < tail:
            index += 1
            stop = start + 1
            while index < count and changed[index] == stop < tail:
                index += 1
                stop += 1
            while not new[start].columns:  # a piece is written from its first column
                start -= 1
            self._approach(row, new, start)
            self._write_run(row, new, start, stop)
        if tail < self._width:
            self._approach(row, new, tail)
            self._prepare_erasure(new[tail].style)
            self._output.append(_ERASE_LINE)

    def _erasable_tail(self, new: list[Cell], changed: list[int]) -> int:
        """Where to erase the rest of the row from; its width if that would not be right, or no gain."""
        width, cell = self._width, new[-1]
        if cell.text != " " or not self._may_erase(cell.style):
            return width
        start = width - 1
        while start and new[start - 1] == cell:
            start -= 1
        blanks = changed[bisect_left(changed, start) :]
        return blanks[0] if blanks and blanks[-1] - blanks[0] >= len(_ERASE_LINE) else width

    def _may_erase(self, style: Style) -> bool:
        return is_background(style) and (self._erases_in_colour or not style.background)

    def _approach(self, row: int, new: list[Cell], column: int) -> None:
        """Go to a cell of a row, over a small gap by writing what stands there again where that is shorter."""
        way = self._way_to(row, column)
        here = self._column
        if row == self._row and 0 <= here < column <= here + _GAP:
            gap = new[here:column]
            text = "".join([cell.text for cell in gap])
            if len(text.encode("utf-8", "replace")) <= len(way) and gap[0].columns and all(map(self._writable, gap)):
                way = text
        self._output.append(way)
        self._row, self._column = row, column

    def _writable(self, cell: Cell) -> bool:
        """Whether CELL, known to be shown, can be written as it is with the style in force."""
        if cell is UNKNOWN or cell.doubtful:
            return False
        return self._suits(cell)

    def _suits(self, cell: Cell) -> bool:
        """Whether the style in force draws CELL as wanted."""
        style = self._style
        return style is not None and (cell.style == style or (cell.text == " " and cell.style == blank(style)))

    def _write_run(self, row: int, new: list[Cell], start: int, stop: int) -> None:
        """Write the cells from START up to STOP; the cursor is at START."""
        output = self._output
        column = start
        while column < stop:
            cell = new[column]
            text, style, columns, doubtful = cell
            is_blank = text == " "
            if style is not self._style and not self._suits(cell):
                self.use(self._style_for_blank(new, column, stop) if is_blank else style)
            if doubtful:
                self._write_doubtful(row, new, column)
            elif is_blank:
                end = column + 1
                while end < stop and new[end] == cell:
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

    def _style_for_blank(self, new: list[Cell], column: int, stop: int) -> Style:
        """A style that shows the blank at COLUMN as wanted: that of the next text if it can, else one near at hand."""
        wanted = new[column].style
        for following in range(column + 1, stop):
            text, style, columns, _ = new[following]
            if text != " " and columns:
                if blank(style) == wanted:
                    return style
                break
            if style != wanted:
                break
        current = self._style
        if current and is_background(wanted._replace(link="")) and not current.verbatim:
            near = current._replace(background=wanted.background, link=wanted.link)
            if blank(near) == wanted:
                return near
        return wanted

    def _write_doubtful(self, row: int, new: list[Cell], column: int) -> None:
        """Write a piece on cells cleared for it, so that nothing old stays where a terminal draws it narrower."""
        cell = new[column]
        self._output.append(" " * cell.columns)
        self._output.append(move(row, SOMEWHERE, row, column))
        self._output.append(cell.text)
        self._row, self._column = row, SOMEWHERE
        if column + _reach(cell) > self._width:
            self._mend(row, new, self._width - _reach(cell), column)

    def _mend(self, row: int, new: list[Cell], start: int, stop: int) -> None:
        """Write again what a piece at STOP may be drawn over, by a terminal that moves it left to fit the row."""
        start = max(start, 0)
        while not new[start].columns:
            start -= 1
        for column in range(start, stop):
            cell = new[column]
            if cell.columns and not cell.doubtful and cell is not UNKNOWN:
                self._jump(row, column)
                self._write_run(row, new, column, column + cell.columns)

    def _prepare_erasure(self, style: Style) -> None:
        """Bring a style into force with which erased cells look like a blank of STYLE."""
        current = self._style
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


def _reach(cell: Cell) -> int:
    """How many columns a doubtful piece may take on some terminal: two a character, at most."""
    return max(2 * len(cell.text), cell.columns)


def _spread(new: list[Cell], changed: list[int]) -> list[int]:
    """CHANGED and all columns that a doubtful piece among them may have been drawn over."""
    columns = set(changed)
    for column, cell in enumerate(new):
        if cell.doubtful and column in columns:
            columns.update(range(column, min(column + _reach(cell), len(new))))
    return sorted(column for column in columns if new[column] is not UNKNOWN)
