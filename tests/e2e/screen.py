"""pyte's screen, mended where pyte differs from terminals."""

from __future__ import annotations

import re
import unicodedata

import pyte
from pyte.screens import wcwidth

PRIVATE = re.compile(rb"\x1b\[[<=>][\d;]*[a-zA-Z]")
"""Sequences that ask the terminal for a keyboard protocol or its version; pyte would print their end."""

BEGUN = re.compile(rb"\x1b(?:\[[0-?]*)?\Z")
"""A sequence whose end is still to come."""


class Screen(pyte.Screen):
    """Half a wide character that is written over leaves a blank, and joiners are no reason to drop what follows."""

    def draw(self, data: str) -> None:
        """Write `data` where the cursor is."""
        for char in data:
            cells = wcwidth(char)
            if cells < 0 or (cells == 0 and not self._joins(char)):
                continue
            if cells > 0:
                self._break(min(self.cursor.x, self.columns - cells), cells)
            super().draw(char)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """Erase from the cursor, up to it, or all."""
        self._break(self.cursor.x, 1)
        super().erase_in_line(how, private)

    def erase_characters(self, count: int | None = None) -> None:
        """Erase `count` cells from the cursor on."""
        self._break(self.cursor.x, count or 1)
        super().erase_characters(count)

    def set_margins(self, top: int | None = None, bottom: int | None = None) -> None:
        """Have only the lines from `top` to `bottom` scroll, or all; either way the cursor goes home."""
        super().set_margins(top, bottom)
        self.cursor_position()

    def _joins(self, char: str) -> bool:
        """Whether pyte adds `char` to the cell before; it knows combining marks alone."""
        return bool(unicodedata.combining(char)) and self.cursor.x > 0

    def _break(self, start: int, cells: int) -> None:
        """Blank the halves that are left of wide characters when `cells` from `start` on are written."""
        line = self.buffer[self.cursor.y]
        if 0 < start < self.columns and line[start].data == "":
            line[start - 1] = line[start - 1]._replace(data=" ")
            line[start] = line[start]._replace(data=" ")
        end = start + cells
        if 0 < end < self.columns and line[end].data == "":
            line[end] = line[end]._replace(data=" ")

    @property
    def display(self) -> list[str]:
        """The lines as text; a wide character stands once."""
        return ["".join(self.buffer[y][x].data for x in range(self.columns)) for y in range(self.lines)]

    @property
    def grid(self) -> list[str]:
        """The lines with one character a column: a letter without its marks, NUL for a wide one's second half."""
        return ["".join((self.buffer[y][x].data or "\0")[0] for x in range(self.columns)) for y in range(self.lines)]


class Reader:
    """Feeds a screen with what a program writes, however it is cut into chunks."""

    def __init__(self, screen: pyte.Screen) -> None:
        self._stream = pyte.ByteStream(screen)
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """Take `chunk`."""
        data = self._rest + chunk
        begun = BEGUN.search(data)
        cut = begun.start() if begun else len(data)
        self._rest = data[cut:]
        self._stream.feed(PRIVATE.sub(b"", data[:cut]))
