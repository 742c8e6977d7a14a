"""What the command line prints: JSON that no terminal can mistake for commands, and tables that fit."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Sequence

from tui.locale import _
from tui.text import fit, plain, width, wrap

GAP = "  "
"""Between two columns."""

NARROWEST = 6
"""Cells that a column keeps when the terminal is too narrow for all of them."""

READABLE = 10
"""Cells that a column keeps at least where another one is to stay whole: a date's."""

PIPED_WIDTH = 10_000
"""Cells a line where no terminal sets a limit: nothing is cut that a program might read."""

_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What JSON leaves as it is and a terminal may obey: C1 controls, and marks that turn the writing around."""


def dumps(value: object, *, indent: int | None = None) -> str:
    """VALUE as JSON, readable where it can be and escaped where a terminal would obey it."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def put(text: str) -> None:
    """One line of data to standard output."""
    sys.stdout.write(text + "\n")


def say(text: str) -> None:
    """One line for a person to standard error: standard output is for data."""
    sys.stderr.write(plain(text) + "\n")


def say_json(value: object) -> None:
    """One JSON document to standard error, on one line."""
    sys.stderr.write(dumps(value) + "\n")


def print_json(value: object) -> None:
    """One JSON document to standard output."""
    put(dumps(value, indent=2))


def print_json_line(value: object) -> None:
    """One line of JSON lines to standard output."""
    put(dumps(value))


def line_width() -> int:
    """Cells a line on standard output."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPED_WIDTH


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, whole: str = "") -> None:
    """ROWS in straight columns, cut to the terminal; a column that is empty in every row is left out.

    The column headed WHOLE is never cut: an id of which a part is missing is none. Columns from the last one on make
    room for it, and that is said.
    """
    used = [index for index in range(len(headings)) if any(row[index] for row in rows)]
    sizes = {index: max(width(headings[index]), *(width(plain(row[index])) for row in rows)) for index in used}
    kept = {index: size for index, size in sizes.items() if headings[index] == whole}
    room = line_width() - sum(size + len(GAP) for size in kept.values())
    cut = [index for index in used if index not in kept]
    while kept and len(cut) > 1 and sum(min(sizes[index], READABLE) + len(GAP) for index in cut) - len(GAP) > room:
        cut.pop()
    sizes = kept | dict(zip(cut, _shrunk([sizes[index] for index in cut], room), strict=True))
    for row in (headings, *rows):
        put(GAP.join(fit(plain(row[index]), sizes[index]) for index in sorted(sizes)).rstrip())
    if left_out := [headings[index] for index in used if index not in sizes]:
        say(_("this terminal has no room for: {columns}").format(columns=", ".join(left_out)))


def _shrunk(widths: list[int], room: int) -> list[int]:
    """WIDTHS taken from the widest columns until they fit into ROOM."""
    room -= len(GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths, default=0) > NARROWEST:
        widest = widths.index(max(widths))
        runner_up = max([size for index, size in enumerate(widths) if index != widest], default=0)
        surplus = sum(widths) - room
        widths[widest] = max(NARROWEST, widths[widest] - surplus, min(runner_up, widths[widest] - 1))
    return widths


def print_facts(facts: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Labels with the lines that belong to them, wrapped to the terminal; what is empty is left out."""
    facts = [(plain(label), [text for text in lines if text]) for label, lines in facts if any(lines)]
    label_width = max((width(label) for label, _ in facts), default=0)
    room = max(NARROWEST, line_width() - label_width - len(GAP))
    for label, lines in facts:
        for text in lines:
            for piece in wrap(text, room):
                put(f"{fit(label, label_width)}{GAP}{piece}".rstrip())
                label = ""
