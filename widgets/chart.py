"""Charts of horizontal bars, drawn in characters: they read as well without colour, and on a terminal of 40 cells."""

from __future__ import annotations

from widgets.blocks import Chart, ChartBar
from widgets.cells import fit, plain
from widgets.cells import width as cells
from widgets.lines import Line, Span

GAP = 2
"""Blank cells between label, number and bar."""

LONGEST = 40
"""Cells of the longest bar where there is room: longer ones compare no better."""

SHORTEST = 4
"""Cells that the longest bar has at least; labels are cut before."""

_EIGHTHS = " ▏▎▍▌▋▊▉"
_FULL = "█"


def chart_lines(chart: Chart, width: int) -> list[Line]:
    """Return a line of at most `width` cells for each bar of `chart`."""
    numbers = [f"{bar.value:,}" for bar in chart.bars]
    largest = chart.largest or max((bar.value for bar in chart.bars if not bar.outside), default=0)
    number_width = max(map(cells, numbers), default=0)
    longest_label = max((cells(plain(bar.label)) for bar in chart.bars), default=0)
    label_width = max(1, min(longest_label, width - number_width - 2 * GAP - max(SHORTEST, width // 4)))
    room = max(0, min(LONGEST, width - label_width - number_width - 2 * GAP))
    return [
        _line(bar, number, fit(plain(bar.label), label_width), number_width, largest, room, width)
        for bar, number in zip(chart.bars, numbers, strict=True)
    ]


def _line(bar: ChartBar, number: str, label: str, number_width: int, largest: int, room: int, width: int) -> Line:
    drawn = "" if bar.outside else bar_text(bar.value, largest, room)
    head = (
        Span(label, "muted" if bar.outside else "text"),
        Span(" " * GAP),
        Span(number.rjust(number_width), "text" if bar.value and not bar.outside else "muted"),
    )
    line: Line = (*head, Span(" " * GAP), Span(drawn, "info")) if drawn else head
    memo = plain(bar.memo)
    taken = cells(label) + number_width + GAP + (GAP + cells(drawn) if drawn else 0)
    if memo and taken + GAP + cells(memo) <= width:
        line = (*line, Span(" " * GAP), Span(memo, "muted"))
    return line


def bar_text(value: int, largest: int, room: int) -> str:
    """Return a bar for `value`, where one of `room` cells stands for `largest`; whatever there is has some of one."""
    if value <= 0 or largest <= 0 or room <= 0:
        return ""
    eighths = max(1, round(8 * room * value / largest))
    full, rest = divmod(min(eighths, 8 * room), 8)
    return _FULL * full + (_EIGHTHS[rest] if rest else "")


def lines_as_text(chart: Chart, width: int) -> list[str]:
    """Return the same lines without their styles, as a printed page has them."""
    return ["".join(span.text for span in line).rstrip() for line in chart_lines(chart, width)]
