"""A small terminal, for exactly the sequences that Textual and the driver write.

It differs from pyte where pyte differs from terminals: half a wide character that is written over leaves a blank, a
combining mark joins the cell before, CHA and ECH keep to the row, and erasing takes all attributes, or none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from rich.cells import cell_len, get_character_cell_size

SEQUENCES: Final = re.compile(
    r"\x1b\[(?P<private>[<=>?]?)(?P<parameters>[\d;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1b(?P<escape>[MDE78])"
    r"|(?P<string>\x1bP.*?(?<!\x1b)\x1b\\)"
    r"|(?P<control>[\x00-\x1f\x7f-\x9f])"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f])",
    re.DOTALL,
)

REGIONAL_INDICATORS: Final = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
"""Letters of which two make a flag."""

UNDERLINED: Final = frozenset({"4", "4:3", "21"})
"""Attributes that show on a blank."""


class Look(NamedTuple):
    """What SGR and OSC 8 set: attributes by their code, colours by their parameters."""

    attributes: frozenset[str] = frozenset()
    foreground: str = ""
    background: str = ""
    link: str = ""

    def on_blank(self) -> Look:
        """What can be seen of it where nothing is written."""
        if self.attributes & (UNDERLINED | {"9", "53"}):
            return self
        if "7" not in self.attributes:
            return Look(background=self.background, link=self.link)
        if self.foreground and not self.attributes & {"1", "2"}:
            code, *rest = self.foreground.split(";")
            return Look(background=";".join([str(int(code) + 10), *rest]), link=self.link)
        return Look(self.attributes & {"1", "2", "7"}, self.foreground, "", self.link)


class Glyph(NamedTuple):
    """A column: text, or the rest (no text) of what stands left of it."""

    text: str = " "
    look: Look = Look()

    def seen(self) -> Glyph:
        """What a person sees of it."""
        return self._replace(look=self.look.on_blank()) if self.text == " " else self


BLANK: Final = Glyph()
CODES_OFF: Final = {
    "22": {"1", "2"},
    "23": {"3"},
    "24": {"4", "21", "4:3"},
    "25": {"5", "6"},
    "27": {"7"},
    "28": {"8"},
    "29": {"9"},
    "55": {"53"},
}


class Terminal:
    """Reads what a program writes, and has `rows` of glyphs and a cursor.

    Args:
        height: Its rows.
        width: Its columns.
        erases_in_colour: Whether erased cells take the background in force.
        measure: The columns of a character; Textual's own count unless given.
    """

    def __init__(
        self,
        height: int,
        width: int,
        *,
        erases_in_colour: bool = True,
        measure: Callable[[str], int] = get_character_cell_size,
    ) -> None:
        self.erases_in_colour = erases_in_colour
        self.measure = measure
        self.look = Look()
        self.resize(height, width)

    def resize(self, height: int, width: int) -> None:
        """Another size, and nothing on it."""
        self.height, self.width = height, width
        self.rows = [[BLANK] * width for _ in range(height)]
        self.row = self.column = 0
        self.top, self.bottom = 0, height - 1
        self.saved = (0, 0, Look())
        self.joins = self.flag = False

    def read(self, data: str) -> None:
        """Take what a program wrote."""
        for match in SEQUENCES.finditer(data):
            if (text := match["text"]) is not None:
                self.write(text)
                continue
            self.flag = False
            self.joins = self.joins and match["final"] == "m"
            if match["final"] is not None:
                if not match["private"] and not match["between"]:
                    self.control_sequence(match["parameters"], match["final"])
                elif match[0] in ("\x1b[?1049h", "\x1b[?1049l"):
                    self.rows = [[BLANK] * self.width for _ in range(self.height)]
            elif (osc := match["osc"]) is not None:
                if osc.startswith("8;"):
                    link = osc[2:]
                    self.look = self.look._replace(link="" if link == ";" else link)
            elif (escape := match["escape"]) is not None:
                self.escape(escape)
            elif (control := match["control"]) is not None:
                self.control(control)

    def seen(self) -> tuple[list[list[Glyph]], int, int]:
        """All that a person sees."""
        return [[glyph.seen() for glyph in row] for row in self.rows], self.row, min(self.column, self.width - 1)

    def differences(self, other: Terminal) -> list[str]:
        """Where a person would see something else on `other`."""
        rows, *cursor = self.seen()
        other_rows, *other_cursor = other.seen()
        found = [
            f"({row}, {column}): {glyph} or {other_glyph}"
            for row, glyphs in enumerate(zip(rows, other_rows, strict=True))
            for column, (glyph, other_glyph) in enumerate(zip(*glyphs, strict=True))
            if glyph != other_glyph
        ]
        return found + [f"cursor at {cursor} or {other_cursor}"] * (cursor != other_cursor)

    def text(self) -> list[str]:
        """The rows without their looks."""
        return ["".join(glyph.text for glyph in row) for row in self.rows]

    def write(self, character: str) -> None:
        """Write a character where the cursor is; without auto-wrap, as Textual sets it."""
        columns = self.measure(character)
        if self.joins or columns == 0:
            self.joins = character == "\u200d"
            self.join(character)
            return
        if self.flag and character in REGIONAL_INDICATORS and 0 < self.column < self.width:
            self.join(character)
            self.break_glyph(line := self.rows[self.row], self.column)
            line[self.column] = Glyph("", self.look)
            self.column += 1
            self.flag = False
            return
        self.flag = character in REGIONAL_INDICATORS
        if self.column + columns > self.width:
            self.column = self.width - columns
        line = self.rows[self.row]
        for column in range(self.column, self.column + columns):
            self.break_glyph(line, column)
        line[self.column : self.column + columns] = [
            Glyph(character, self.look),
            *[Glyph("", self.look)] * (columns - 1),
        ]
        self.column += columns

    def join(self, character: str) -> None:
        """Add what takes no column to the glyph before; a variation selector may widen it."""
        line, column = self.rows[self.row], self.column - 1
        while column >= 0 and not line[column].text:
            column -= 1
        if column < 0:
            return
        text, look = line[column].seen()  # joining a blank shows no more of its look: no driver need have sent that
        line[column] = Glyph(text + character, look)
        widened = cell_len(text + character) > cell_len(text) and self.measure is get_character_cell_size
        if character == "\ufe0f" and widened and self.column < self.width:
            self.break_glyph(line, self.column)
            line[self.column] = Glyph("", look)
            self.column += 1

    def break_glyph(self, line: list[Glyph], column: int) -> None:
        """Blank all of the glyph that has `column`."""
        while not line[column].text and column:
            column -= 1
        look = line[column].look
        line[column] = Glyph(" ", look)
        column += 1
        while column < self.width and not line[column].text:
            line[column] = Glyph(" ", look)
            column += 1

    @property
    def erased(self) -> Look:
        """How what is erased looks: where it takes colours, the other attributes too, as on some terminals."""
        return self.look._replace(link="") if self.erases_in_colour else Look()

    def erase(self, line: list[Glyph], start: int, stop: int) -> None:
        """Leave blanks."""
        for column in range(start, min(stop, self.width)):
            self.break_glyph(line, column)
            line[column] = Glyph(" ", self.erased)

    def scroll(self, at: int, count: int) -> None:
        """Move the rows from `at` to the bottom margin up (or, `count` negative, down)."""
        region = self.rows[at : self.bottom + 1]
        for _ in range(min(abs(count), len(region))):
            new = [Glyph(" ", self.erased) for _ in range(self.width)]
            region = [*region[1:], new] if count > 0 else [new, *region[:-1]]
        self.rows[at : self.bottom + 1] = region

    def control(self, control: str) -> None:
        """CR, BS, LF (as the kernel sends it: with a CR), VT."""
        if control == "\r":
            self.column = 0
        elif control == "\b":
            self.column = max(min(self.column, self.width - 1) - 1, 0)
        elif control in "\n\v":
            if control == "\n":
                self.column = 0
            self.escape("D")

    def escape(self, final: str) -> None:
        """RI, IND, DECSC, DECRC."""
        if final == "M":
            if self.row == self.top:
                self.scroll(self.top, -1)
            else:
                self.row = max(self.row - 1, 0)
        elif final == "D":
            if self.row == self.bottom:
                self.scroll(self.top, 1)
            else:
                self.row = min(self.row + 1, self.height - 1)
        elif final == "7":
            self.saved = (self.row, self.column, self.look)
        elif final == "8":
            self.row, self.column, self.look = self.saved

    def control_sequence(self, parameters: str, final: str) -> None:
        """CSI: cursor moves, erasing, lines, margins, SGR."""
        if final == "m":
            self.style(parameters)
            return
        numbers = [int(part or 0) for part in parameters.split(";")] if ":" not in parameters else [0]
        count = max(numbers[0], 1)
        column = min(self.column, self.width - 1)
        line = self.rows[self.row]
        if final == "H":
            second = max(numbers[1], 1) if len(numbers) > 1 else 1
            self.row, self.column = min(count, self.height) - 1, min(second, self.width) - 1
        elif final == "A":
            self.row = max(self.row - count, 0)
        elif final == "B":
            self.row = min(self.row + count, self.height - 1)
        elif final == "C":
            self.column = min(column + count, self.width - 1)
        elif final == "D":
            self.column = max(column - count, 0)
        elif final == "G":
            self.column = min(count, self.width) - 1
        elif final == "d":
            self.row = min(count, self.height) - 1
        elif final == "K":
            start, stop = [(column, self.width), (0, column + 1), (0, self.width)][min(numbers[0], 2)]
            self.erase(line, start, stop)
        elif final == "X":
            self.erase(line, column, column + count)
        elif final == "J":
            for row in self.rows:
                self.erase(row, 0, self.width)
        elif final in "LM" and self.top <= self.row <= self.bottom:
            self.scroll(self.row, count if final == "M" else -count)
            self.column = 0
        elif final == "r":
            bottom = numbers[1] if len(numbers) > 1 and numbers[1] else self.height
            self.top, self.bottom = count - 1, min(bottom, self.height) - 1
            self.row = self.column = 0

    def style(self, parameters: str) -> None:
        """SGR."""
        parts = parameters.split(";")
        while parts:
            code = parts.pop(0)
            attributes, foreground, background, link = self.look
            if code in ("38", "48") and parts[:1] in (["5"], ["2"]):
                size = 2 if parts[0] == "5" else 4
                colour = ";".join([code, *parts[:size]])
                parts = parts[size:]
                foreground, background = (colour, background) if code == "38" else (foreground, colour)
            elif code in ("", "0"):
                attributes, foreground, background = frozenset(), "", ""
            elif code in CODES_OFF:
                attributes -= CODES_OFF[code]
            elif re.fullmatch("3[0-7]|9[0-7]|39", code):
                foreground = "" if code == "39" else code
            elif re.fullmatch("4[0-7]|10[0-7]|49", code):
                background = "" if code == "49" else code
            else:
                attributes |= {code}
            self.look = Look(attributes, foreground, background, link)
