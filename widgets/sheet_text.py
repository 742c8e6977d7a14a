"""A sheet's lines while they are laid out, the values that stand on them, and the distances that all blocks keep."""

from __future__ import annotations

from dataclasses import dataclass, field

from widgets.cells import fit
from widgets.cells import width as cells
from widgets.lines import Line, Span, line_width

GAP = 2
"""Blank cells between a label and its value, and before a state at the right edge."""

STACKED_BELOW = 44
"""A pane narrower than this has labels above their values instead of beside them."""

INDENT = 2
"""How far a value is indented below its label in a narrow pane."""

NO_ITEM = -1
"""The number of the item on a line that none stands on."""


@dataclass(frozen=True, slots=True)
class Item:
    """One value that can be copied, and which lines it stands on (first, last); `opens` where it begins a part."""

    label: str
    value: str
    shown: str
    """The value as it is drawn."""
    first: int
    last: int
    ref: str = ""
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of a sheet, and for each the number of the item that stands on it, or NO_ITEM."""

    lines: tuple[Line, ...] = ()
    owners: tuple[int, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """An item before it is known on which lines it stands."""

    label: str
    value: str
    shown: str
    ref: str = ""
    opens: bool = False


@dataclass(slots=True)
class Text:
    """Lines of a block before they have their place; `item` numbers the values of the block, in `values`."""

    lines: list[tuple[Line, int]] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)

    def add(self, line: Line, item: int = NO_ITEM) -> None:
        """Put LINE below the others; the value with the number ITEM stands on it."""
        self.lines.append((line, item))

    def value(self, label: str, value: str, ref: str = "", *, shown: str | None = None, opens: bool = False) -> int:
        """The number of a new VALUE, which lines that are added can name; SHOWN is how it is drawn, where otherwise."""
        self.values.append(Value(label, value, value if shown is None else shown, ref, opens))
        return len(self.values) - 1

    def extend(self, other: Text) -> None:
        """Put the lines of OTHER, with their values, below the others."""
        start = len(self.values)
        self.lines += ((line, item if item == NO_ITEM else item + start) for line, item in other.lines)
        self.values += other.values

    def layout(self) -> Layout:
        """The finished layout: which lines each value stands on."""
        owners = tuple(item for _, item in self.lines)
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for at, owner in enumerate(owners):
            first.setdefault(owner, at)
            last[owner] = at
        items = tuple(
            Item(value.label, value.value, value.shown, first[i], last[i], value.ref, value.opens)
            for i, value in enumerate(self.values)
        )
        return Layout(tuple(line for line, _ in self.lines), owners, items)


def at_right(line: Line, end: Span, width: int) -> Line:
    """LINE with END at the right edge of WIDTH cells."""
    return (*line, Span(" " * max(0, width - line_width(line) - cells(end.text))), end)


def cut(line: Line, width: int) -> Line:
    """LINE without what lies beyond WIDTH."""
    spans: list[Span] = []
    for span in line:
        room = width - line_width(tuple(spans))
        spans.append(span if cells(span.text) <= room else Span(fit(span.text, room), span.role))
    return tuple(spans)
