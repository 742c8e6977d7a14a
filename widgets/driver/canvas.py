"""What a program wants shown, read from what it writes; and what the terminal must be sent for it.

    canvas = Canvas(36, 120, erases_in_colour=True)
    terminal.write(canvas.write(frame))
    terminal.write(canvas.flush())

A terminal that reads this shows, after every flush, what it would show had it read the frames themselves: the same
cells and the same cursor. Whatever is not understood is passed on in its place, to a terminal in the very state that
the program put it in; from there on nothing is known, and everything is passed on, until the program says again where
it writes and in which style.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from widgets.driver.graphemes import UNKNOWN, Cell, split, split_strip
from widgets.driver.painter import Painter
from widgets.driver.sequences import TOKENS, Token
from widgets.driver.style import DEFAULT, Style, blank, restyle

_SYNCHRONISED_FROM: Final = 1024
"""Characters from which a frame is worth the 16 bytes of synchronised output: less comes in one packet anyway."""

ENTER: Final = "\x1b[?1049h"
"""Enters the alternate screen."""

LEAVE: Final = "\x1b[?1049l"
"""Leaves it."""


class Canvas:
    """The program's end of a terminal.

    Args:
        height: Rows of the terminal.
        width: Its columns.
        erases_in_colour: Whether the terminal's erased cells take the background in force (terminfo's `bce`).
    """

    def __init__(self, height: int, width: int, *, erases_in_colour: bool) -> None:
        self._painter = Painter(height, width, erases_in_colour=erases_in_colour)
        self._unfinished = ""
        self._synchronised = False
        self._link = ""
        self.ahead = False
        """Whether the alternate screen was entered on behalf of a program that has yet to do so."""
        self._style: Style | None = DEFAULT
        """What the program writes in next; None: whatever is in force."""
        self.resize(height, width)

    def resize(self, height: int, width: int) -> None:
        """Start anew with a terminal of another size; what it shows now is its own affair until it is drawn over."""
        self._height, self._width = height, width
        self._painter.resize(height, width)
        self._left: list[list[Cell]] = []
        """The alternate screen's cells while the program is off it."""
        self._lose_all()

    def forget(self) -> None:
        """Take nothing of what the terminal shows for granted: the next flush draws all that the program has drawn."""
        self._painter.forget()
        self._changed.update(range(self._height))

    def _lose_all(self) -> None:
        self._wanted: list[list[Cell]] = [[UNKNOWN] * self._width for _ in range(self._height)]
        self._changed: set[int] = set()
        self._at: tuple[int, int] | None = None
        """Where the program writes next; None: wherever the terminal's cursor is."""

    def enter(self) -> str:
        """Enter the alternate screen ahead of the program: what is drawn until it does so itself stays."""
        output = self.write(ENTER)
        self.ahead = True
        return output

    # Reading

    def write(self, data: str) -> str:
        """Read what the program writes; returns what the terminal must be sent at once, which is seldom anything."""
        if self._unfinished:
            data, self._unfinished = self._unfinished + data, ""
        self._read(data)
        return self._painter.take()

    def _read(self, data: str) -> None:
        for match in TOKENS.finditer(data):
            kind = match.lastindex
            if kind == Token.STRIP:
                self._draw_strip(match)
            elif kind == Token.STYLED:
                self._set_style(match[5])
                if match[6]:
                    self._write_text(match[6])
            elif kind == Token.TEXT:
                self._write_text(match[7])
            elif kind == Token.SYNCHRONISED:
                self._synchronised |= match[8] == "h"
            elif kind == Token.LINK:
                self._set_link("" if match[9] == ";" else match[9])
            elif kind == Token.INERT:
                self._paint()
                self._painter.pass_on(match[10])
            elif kind == Token.ALTERNATE:
                self._change_screen(match[11])
            elif kind == Token.UNFINISHED:
                self._unfinished = match[12]
            else:
                self._pass_on(match[13])
                self._style = None

    def _set_style(self, parameters: str) -> None:
        if self._style is not None:
            self._style = restyle(self._style, parameters)
        elif parameters.partition(";")[0] in ("", "0"):
            self._style = restyle(DEFAULT._replace(link=self._link), parameters)
        else:
            self._pass_on(f"\x1b[{parameters}m")

    def _set_link(self, link: str) -> None:
        self._link = link
        if self._style is None:
            self._painter.use_link(link)
        else:
            self._style = self._style._replace(link=link)

    def _draw_strip(self, match: re.Match[str]) -> None:
        line_feed, row, column, strip = match.group(1, 2, 3, 4)
        self._move(line_feed, (int(row or 1) or 1) - 1, (int(column or 1) or 1) - 1)
        if not strip:
            return
        drawn = split_strip(strip) if self._at and self._style == DEFAULT else None
        if drawn and self._fits(drawn[0]):
            self._put(drawn[0])
            self._style = drawn[1]
        else:
            self._read(strip)

    def _move(self, line_feed: str, row: int, column: int) -> None:
        if row >= self._height or column >= self._width:
            self._pass_on(f"{line_feed}\x1b[{row + 1};{column + 1}H")
            return
        if line_feed and (self._at is None or self._at[0] == self._height - 1):
            self._pass_on(line_feed)  # it may scroll
        self._at = row, column

    def _write_text(self, text: str) -> None:
        cells = split(text, self._style) if self._at and self._style is not None else None
        if cells and self._fits(cells):
            self._put(cells)
        else:
            self._settle()
            self._painter.pass_on_text(text)
            self._lose_all()

    def _fits(self, cells: Sequence[Cell]) -> bool:
        return self._at is not None and self._at[1] + len(cells) <= self._width

    def _put(self, cells: Sequence[Cell]) -> None:
        """Want `cells` from the program's place on."""
        assert self._at is not None
        row, start = self._at
        stop = start + len(cells)
        line = self._wanted[row]
        if start < stop:
            if not line[start].columns:
                _break_piece(line, start)
            if stop < self._width and not line[stop].columns:
                _break_piece(line, stop)
            line[start:stop] = cells
            self._changed.add(row)
            self._at = row, stop

    def _change_screen(self, sequence: str) -> None:
        """Enter or leave the alternate screen: what was drawn there is drawn again by the first flush after."""
        if self.ahead and sequence == ENTER:
            self.ahead = False
            return
        drawn = self._wanted
        self._settle()
        self._painter.change_screen(sequence)
        self._lose_all()
        self._style = DEFAULT._replace(link=self._link)
        if sequence.endswith("l"):
            self._left = drawn
        elif self._left:
            self._wanted, self._left = self._left, []
            self._changed.update(range(self._height))

    # Writing

    def flush(self) -> str:
        """End a frame; returns what the terminal must be sent for it: nothing at all for one that changes nothing."""
        self._paint()
        if self._at is not None:
            self._painter.rest_at(*self._at)
        output = self._painter.take()
        if self._synchronised and len(output) >= _SYNCHRONISED_FROM:
            output = f"\x1b[?2026h{output}\x1b[?2026l"
        self._synchronised = False
        return output

    def _paint(self) -> None:
        self._painter.paint(self._wanted, self._changed)
        self._changed.clear()

    def _pass_on(self, data: str) -> None:
        """Send what may change anything."""
        self._settle()
        self._painter.pass_on_unknown(data)
        self._lose_all()

    def _settle(self) -> None:
        """Bring the terminal into the state that the program put it in."""
        self._paint()
        if self._at is not None:
            self._painter.go_to(*self._at)
        if self._style is not None:
            self._painter.use(self._style)


def _break_piece(line: list[Cell], column: int) -> None:
    """Blank the piece of which `column` is a part: a terminal draws no half of one."""
    while not line[column].columns:
        column -= 1
    head = line[column]
    line[column : column + head.columns] = [Cell(" ", blank(head.style))] * head.columns
