"""A terminal's screen as a small SVG that needs no font but a monospaced one, and looks well on any page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import groupby
from typing import NamedTuple

from pyte.screens import Char, Screen

CELL = (8.4, 18)
"""Width and height of a cell in pixels: what common monospaced fonts measure at `SIZE`."""

SIZE, WIDE_SIZE = 14, 15
"""Of the letters, and of those that take two cells, in pixels."""

BASELINE = 13
"""Where letters stand in a cell, from its top."""

MARGIN = (16, 14)
"""Pixels around the screen."""

GROUND, INK = "#16191d", "#d5d9de"
"""The terminal's own background and text: the page around it may be dark or light."""

EDGE = "#3a4048"
"""The line around the picture, to tell it from a dark page."""

NAMED = {
    "black": "#16191d",
    "red": "#d75f5f",
    "green": "#87af87",
    "brown": "#d7af5f",
    "blue": "#5f87d7",
    "magenta": "#af87d7",
    "cyan": "#5fafd7",
    "white": "#d5d9de",
}
"""pyte's names of the colours that a terminal chooses."""

FONTS = (
    "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', "
    "'Noto Sans Mono CJK SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', monospace"
)

WORDS = re.compile(r"\S+(?: \S+)*")
"""What is placed as one: several blanks in a row are drawn as one by some."""

HALF_BLOCK = "▌"
"""Drawn as a box: fonts leave gaps around it."""


class Look(NamedTuple):
    """What is seen of a cell besides its character."""

    ink: str
    ground: str
    bold: bool
    underline: bool


class Cell(NamedTuple):
    """A character and where it stands."""

    column: int
    text: str
    cells: int
    look: Look


def svg_of(screen: Screen, title: str) -> str:
    """`screen` as an SVG document; `title` is read to those who do not see it."""
    width, height = (round(CELL[0] * screen.columns + 2 * MARGIN[0], 1), CELL[1] * screen.lines + 2 * MARGIN[1])
    rows = rows_of(screen)
    classes = {ink: f"c{number}" for number, ink in enumerate(sorted({cell.look.ink for row in rows for cell in row}))}
    styles = "".join(f".{mark}{{fill:{ink}}}" for ink, mark in classes.items())
    name = escape(title)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{name}">',
        f"<title>{name}</title>",
        f"<style>text{{font:{SIZE}px {FONTS}}}.b{{font-weight:bold}}",
        f".u{{text-decoration:underline}}.w{{font-size:{WIDE_SIZE}px}}{styles}</style>",
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8" fill="{GROUND}" stroke="{EDGE}"/>',
        f'<g transform="translate({MARGIN[0]} {MARGIN[1]})">',
    ]
    for number, row in enumerate(rows):
        parts += drawn_row(row, number, classes)
    return "\n".join([*parts, "</g>", "</svg>", ""])


def rows_of(screen: Screen) -> list[list[Cell]]:
    """The cells of each row of `screen`."""
    return [list(_cells(screen, row)) for row in range(screen.lines)]


def drawn_row(row: Iterable[Cell], number: int, classes: Mapping[str, str]) -> list[str]:
    """`row` as the one with this number; `classes` has a name for each colour of its letters."""
    row = list(row)
    return [*_grounds(row, number), *_texts(row, number, classes)]


def _cells(screen: Screen, row: int) -> Iterator[Cell]:
    """The row's cells. A blank has the look of what it follows, where it shows none of its own."""
    line = screen.buffer[row]
    before = Look(INK, GROUND, False, False)
    for column in range(screen.columns):
        char = line[column]
        if char.data:
            wide = column + 1 < screen.columns and line[column + 1].data == ""
            look = _look(char)
            if char.data == " " and look.ground == before.ground and not look.underline and not before.underline:
                look = before
            yield Cell(column, char.data, 2 if wide else 1, look)
            before = look


def _look(char: Char) -> Look:
    ink, ground = _colour(char.fg, INK), _colour(char.bg, GROUND)
    return Look(*((ground, ink) if char.reverse else (ink, ground)), char.bold, char.underscore)


def _colour(name: str, default: str) -> str:
    if name == "default":
        return default
    return NAMED.get(name.removeprefix("bright"), f"#{name}")


def _grounds(row: Iterable[Cell], number: int) -> Iterator[str]:
    for ground, cells in groupby(row, key=lambda cell: cell.look.ground):
        if ground != GROUND:
            yield _box(list(cells), number, ground)


def _box(cells: list[Cell], number: int, ink: str, share: float = 1) -> str:
    width = sum(cell.cells for cell in cells) * CELL[0] * share
    x = _number(cells[0].column * CELL[0])
    return f'<rect x="{x}" y="{number * CELL[1]}" width="{_number(width)}" height="{CELL[1]}" fill="{ink}"/>'


def _texts(row: Iterable[Cell], number: int, classes: Mapping[str, str]) -> Iterator[str]:
    """The row's letters in runs of one look: a run of wide characters tells where each stands, as fonts differ."""
    for (look, kind), group in groupby(row, key=lambda cell: (cell.look, _kind(cell))):
        cells = list(group)
        if kind == "block":
            yield _box(cells, number, look.ink, 0.5)
            continue
        names = [classes[look.ink], *"b" * look.bold, *"u" * look.underline, *"w" * (kind == "wide")]
        attributes = f'class="{" ".join(names)}" y="{number * CELL[1] + BASELINE}"'
        if kind == "wide":
            inset = (2 * CELL[0] - WIDE_SIZE) / 2
            x = " ".join(_number(cell.column * CELL[0] + inset) for cell in cells)
            yield f'<text {attributes} x="{x}">{"".join(escape(cell.text) for cell in cells)}</text>'
            continue
        for words in WORDS.finditer("".join(cell.text for cell in cells)):
            x = _number((cells[0].column + words.start()) * CELL[0])
            length = _number(len(words[0]) * CELL[0])
            yield f'<text {attributes} x="{x}" textLength="{length}">{escape(words[0])}</text>'


def _kind(cell: Cell) -> str:
    if cell.text == HALF_BLOCK:
        return "block"
    return "wide" if cell.cells == 2 or len(cell.text) > 1 else "narrow"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
