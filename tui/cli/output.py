"""What the command line prints: JSON that no terminal can mistake for commands, and tables that fit."""

from __future__ import annotations

import json
import re
import shutil
import sys
import unicodedata
from collections.abc import Sequence

from tui.cli.streams import tell_json, tell_text, write_json, write_text
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

_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of surrogate pairs, which UTF-8 does not have."""

_MOST_MARKS = 4
"""Signs without a width that JSON leaves in a row as they are, as many as a person is shown on one letter."""

_MARKS = re.compile(
    rf"[^\x00-\u02ff\u2010-\u201f\u3000-\u3029\u3030-\u9fff\uac00-\ud7a3\uff00-\uff60]{{{_MOST_MARKS + 1},}}"
)
"""A run of characters of which some may have no width; one of Chinese or Latin ones is none."""


def dumps(value: object, *, indent: int | None = None) -> str:
    """`value` as JSON, readable where it can be and escaped where a terminal would obey it."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    if text.isascii():
        return _STEERING.sub(_escaped, text)
    text = _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)
    return _STEERING.sub(_escaped, _MARKS.sub(_thinned, text))


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def _thinned(found: re.Match[str]) -> str:
    """What was found, with signs without a width spelt out where more than a few follow one another."""
    shown: list[str] = []
    marks = 0
    for char in found[0]:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 0
        shown.append(char if marks <= _MOST_MARKS else json.dumps(char)[1:-1])
    return "".join(shown)


def put(text: str) -> None:
    """One line for a person to standard output."""
    write_text(text)


def say(text: str) -> None:
    """One line for a person to standard error: standard output is for data."""
    tell_text(plain(text))


def on_terminal(*, as_json: bool = False) -> bool:
    """Whether a person can be asked: a terminal is there, and it is not a program that reads the answer `as_json`."""
    return not as_json and sys.stdin.isatty() and sys.stderr.isatty()


def confirmed(question: str) -> bool:
    """Ask a person at the terminal; anything but a yes is no."""
    import click

    return click.confirm(plain(question), default=False, err=True)


def say_json(value: object) -> None:
    """One JSON document to standard error, on one line."""
    tell_json(dumps(value))


def print_json(value: object) -> None:
    """One JSON document to standard output."""
    write_json(dumps(value, indent=2))


def print_json_line(value: object) -> None:
    """One line of JSON lines to standard output."""
    write_json(dumps(value))


def line_width() -> int:
    """Cells a line on standard output."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPED_WIDTH


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, whole: str = "") -> None:
    """`rows` in straight columns, cut to the terminal; a column that is empty in every row is left out.

    The column headed `whole` is never cut: an id of which a part is missing is none. Columns from the last one on make
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
    """`widths` taken from the widest columns until they fit into `room`."""
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
