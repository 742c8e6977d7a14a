"""Two things side by side: a sign, a label, and the values of both in columns that all rows of a width share."""

from __future__ import annotations

from itertools import zip_longest

from widgets.blocks import Side, Sides
from widgets.cells import fit, wrap
from widgets.lines import Line, Role, Span

SIGN_CELLS = 2
"""The sign, and a blank after it."""

LABEL_CELLS = range(8, 21)
"""How wide the labels may be; a fifth of the pane within that."""

GAP = 2
"""Blank cells between a label or the left values and what is right of them."""

TAKEN, OFFERED = "● ", "○ "
"""Before the values that count, and before those that could."""

NOTHING = "–"
"""Stands for a value that there is none of."""


def lines_of_sides(sides: Sides, width: int) -> list[Line]:
    """SIDES as lines of at most WIDTH cells."""
    label_width = max(LABEL_CELLS.start, min(LABEL_CELLS.stop - 1, width // 5))
    room = max(len(TAKEN) + 2, (width - SIGN_CELLS - label_width - 2 * GAP) // 2)
    labels = wrap(sides.label, label_width)
    left, right = (_values(side, room) for side in (sides.left, sides.right))
    lines: list[Line] = []
    for place, (label, mine, theirs) in enumerate(zip_longest(labels, left, right, fillvalue="")):
        sign = Span(fit(sides.sign if place == 0 else "", SIGN_CELLS), "muted" if sides.quiet else "mark")
        named = Span(fit(label, label_width + GAP), "label")
        lines.append(
            (
                sign,
                named,
                Span(fit(mine, room + GAP), _role(sides, sides.left)),
                Span(theirs, _role(sides, sides.right)),
            )
        )
    return lines


def _values(side: Side, room: int) -> list[str]:
    """The rows of SIDE, the first of them with whether they are taken."""
    sign = "" if side.taken is None else TAKEN if side.taken else OFFERED
    indent = " " * len(TAKEN)
    rows = [row for value in side.values or (NOTHING,) for row in wrap(value, room - len(TAKEN))]
    return [(sign if place == 0 and sign else indent) + row for place, row in enumerate(rows)]


def _role(sides: Sides, side: Side) -> Role:
    """Quiet is what needs no look, and what does not count."""
    return "muted" if sides.quiet or side.taken is False else "text"
