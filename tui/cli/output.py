"""What the command line prints: JSON that no terminal can mistake for commands, and tables that fit."""

from __future__ import annotations

import json
import re
import shutil
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from tui.cli import streams
from tui.cli.streams import ask, tell_json, tell_text, write_json, write_text
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


def put(text: str, style: str = "", first: int | None = None) -> None:
    """One line for a person to standard output, its `first` characters in a style of `tui.cli.streams`."""
    write_text(text, style, first)


def say(text: str) -> None:
    """One line for a person to standard error, which is for all that is no data; `--quiet` leaves it out."""
    if not streams.manners.quiet:
        tell_text(plain(text))


def warn(text: str) -> None:
    """The same for what nobody may miss: what failed, or is asked."""
    tell_text(plain(text))


def on_terminal(*, as_json: bool = False) -> bool:
    """Whether a person can be asked: a terminal is there, and it is not a program that reads the answer `as_json`."""
    return not as_json and sys.stdin.isatty() and sys.stderr.isatty()


YES = frozenset({"y", "yes", "是", "好"})


def confirmed(question: str, *, default: bool = False) -> bool:
    """Ask a person at the terminal; anything but a yes is no, and Enter alone is what `default` says.

    Ctrl-C ends the command, as it does anywhere.
    """
    import signal

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # asyncio's would wait for the answer
    try:
        ask(f"{question} {'[Y/n]' if default else '[y/N]'} ")
        answer = sys.stdin.readline()
        return answer.strip().casefold() in YES or (default and answer.isspace())
    finally:
        signal.signal(signal.SIGINT, before)


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
    """Print `rows` in straight columns; see `StraightTable`. The column headed `whole` is never cut."""
    table = StraightTable(headings, whole=headings.index(whole) if whole in headings else None, sample=len(rows) + 1)
    for row in rows:
        table.write(row)
    table.finish()


class StraightTable:
    """Prints rows in straight columns, cut to the terminal; a column that is empty in every row is left out.

    How wide a column is, and whether it is empty, the first `sample` rows say: those alone are kept. Where no terminal
    sets a limit, a longer cell that comes later stands out of its column, and is whole all the same.

    The column at the place `whole` is never cut: an id of which a part is missing is none. Columns from the last one on
    make room for it, and that is said. `header`: begin with the headings. `empty`: leave no column out. `sink` takes
    the lines, as UTF-8, in place of standard output.
    """

    cut = 0

    def __init__(
        self,
        headings: Sequence[str],
        *,
        whole: int | None = None,
        header: bool = True,
        empty: bool = False,
        sample: int = 1000,
        sink: Callable[[bytes], object] | None = None,
    ) -> None:
        self._headings = headings
        self._whole = whole
        self._header = header
        self._empty = empty
        self._sample = sample
        self._sink = sink
        self._rows: list[Sequence[str]] = []
        self._sizes: dict[int, int] | None = None

    def write(self, cells: Sequence[object], record: object = None) -> None:
        """Write one row."""
        row = ["" if cell is None else plain(str(cell)) for cell in cells]
        if self._sizes is not None:
            self._put(row, self._sizes)
            return
        self._rows.append(row)
        if len(self._rows) >= self._sample:
            self._begin()

    def finish(self) -> None:
        """Write what is left."""
        if self._sizes is None:
            self._begin()

    def _begin(self) -> None:
        rows, self._rows = self._rows, []
        if not rows and not self._empty:
            self._sizes = {}
            return
        used = [index for index in range(len(self._headings)) if self._empty or any(row[index] for row in rows)]
        headed = [self._headings] if self._header else []
        sizes = {index: max((width(plain(row[index])) for row in (*headed, *rows)), default=0) for index in used}
        kept = {index: size for index, size in sizes.items() if index == self._whole}
        room = self._line_width() - sum(size + len(GAP) for size in kept.values())
        cut = [index for index in used if index not in kept]
        while kept and len(cut) > 1 and sum(min(sizes[index], READABLE) + len(GAP) for index in cut) - len(GAP) > room:
            cut.pop()
        self._sizes = kept | dict(zip(cut, _shrunk([sizes[index] for index in cut], room), strict=True))
        for place, row in enumerate((*headed, *rows)):
            self._put([plain(cell) for cell in row], self._sizes, "heading" if headed and not place else "")
        if left_out := [self._headings[index] for index in used if index not in self._sizes]:
            say(_("this terminal has no room for: {columns}").format(columns=", ".join(left_out)))

    def _line_width(self) -> int:
        return PIPED_WIDTH if self._sink else line_width()

    def _put(self, row: Sequence[str], sizes: Mapping[int, int], style: str = "") -> None:
        limited = self._line_width() < PIPED_WIDTH
        cells = [
            fit(row[index], size if limited and index != self._whole else max(size, width(row[index])))
            for index, size in sorted(sizes.items())
        ]
        line = GAP.join(cells).rstrip()
        if self._sink is None:
            put(line, style)
        else:
            self._sink(line.encode("utf-8", "replace") + b"\n")


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
                put(f"{fit(label, label_width)}{GAP}{piece}".rstrip(), "label", len(label))
                label = ""
