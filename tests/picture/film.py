"""Screens that follow one another as one SVG that moves by itself, without a script.

Every row that differs is drawn once; a frame is a list of the rows that it shows. The frames stand below one another in
a strip, of which a window shows one at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import accumulate
from typing import NamedTuple

from pyte.screens import Screen

from tests.picture.svg import CELL, EDGE, FONTS, GROUND, MARGIN, SIZE, WIDE_SIZE, Cell, drawn_row, rows_of


class Frame(NamedTuple):
    """What is on the screen for some time."""

    seconds: float
    rows: tuple[tuple[Cell, ...], ...]


def frame_of(screen: Screen, seconds: float) -> Frame:
    """`screen` as it is now, to be shown for `seconds`."""
    return Frame(seconds, tuple(map(tuple, rows_of(screen))))


def joined(frames: Sequence[Frame]) -> list[Frame]:
    """`frames`, those that follow an equal one added to it."""
    found: list[Frame] = []
    for frame in frames:
        if found and found[-1].rows == frame.rows:
            found[-1] = Frame(found[-1].seconds + frame.seconds, frame.rows)
        else:
            found.append(frame)
    return found


def film_of(frames: Sequence[Frame], columns: int, title: str) -> str:
    """`frames`, all of one height, as an SVG that plays them again and again.

    `title` is read to those who do not see it.
    """
    frames = joined(frames)
    height = CELL[1] * len(frames[0].rows)
    inner, outer = round(CELL[0] * columns, 1), round(CELL[0] * columns + 2 * MARGIN[0], 1)
    inks = sorted({cell.look.ink for frame in frames for row in frame.rows for cell in row})
    classes = {ink: f"c{number}" for number, ink in enumerate(inks)}
    drawn = {row: "".join(drawn_row(row, 0, classes)) for frame in frames for row in frame.rows}
    names = {text: f"r{number}" for number, text in enumerate(dict.fromkeys(filter(None, drawn.values())))}
    whole = sum(frame.seconds for frame in frames)
    begins = [0.0, *accumulate(frame.seconds for frame in frames)]
    steps = "".join(
        f"{begin / whole:.3%}{{transform:translateY(-{number * height}px)}}"
        for number, begin in enumerate(begins[: len(frames)])
    )
    name = escape(title)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {outer} {height + 2 * MARGIN[1]}" role="img" '
        f'aria-label="{name}">',
        f"<title>{name}</title>",
        f"<style>text{{font:{SIZE}px {FONTS}}}.b{{font-weight:bold}}.u{{text-decoration:underline}}",
        f".w{{font-size:{WIDE_SIZE}px}}{''.join(f'.{mark}{{fill:{ink}}}' for ink, mark in classes.items())}",
        f"@keyframes film{{{steps}}}.film{{animation:film {whole:.1f}s step-end infinite}}",
        "@media(prefers-reduced-motion:reduce){.film{animation:none}}</style>",
        "<defs>",
        *(f'<g id="{mark}">{text}</g>' for text, mark in names.items()),
        "</defs>",
        f'<rect x=".5" y=".5" width="{outer - 1}" height="{height + 2 * MARGIN[1] - 1}" rx="8" fill="{GROUND}" '
        f'stroke="{EDGE}"/>',
        f'<svg x="{MARGIN[0]}" y="{MARGIN[1]}" width="{inner}" height="{height}" viewBox="0 0 {inner} {height}">',
        '<g class="film">',
    ]
    for number, frame in enumerate(frames):
        uses = [
            f'<use href="#{names[drawn[row]]}" y="{number * height + line * CELL[1]}"/>'
            for line, row in enumerate(frame.rows)
            if drawn[row]
        ]
        parts.append("".join(uses))
    return "\n".join([*parts, "</g>", "</svg>", "</svg>", ""])
