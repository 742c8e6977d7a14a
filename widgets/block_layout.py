"""Single blocks as lines: those that need no label column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from widgets.blocks import SIGNS, Card, Chart, Entry, Heading, Note, Raw, Rule, Side, Sides
from widgets.cells import fit, plain, wrap
from widgets.cells import width as cells
from widgets.lines import BLANK, Line, Role, Span, line_width

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
        """Put `line` below the others; the value with the number `item` stands on it."""
        self.lines.append((line, item))

    def value(self, label: str, value: str, ref: str = "", *, shown: str | None = None, opens: bool = False) -> int:
        """The number of a new `value`, which lines that are added can name; `shown` is how it is drawn, where
        otherwise.
        """
        self.values.append(Value(label, value, value if shown is None else shown, ref, opens))
        return len(self.values) - 1

    def extend(self, other: Text) -> None:
        """Put the lines of `other`, with their values, below the others."""
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
    """`line` with `end` at the right edge of `width` cells."""
    return (*line, Span(" " * max(0, width - line_width(line) - cells(end.text))), end)


def cut(line: Line, width: int) -> Line:
    """`line` without what lies beyond `width`."""
    spans: list[Span] = []
    for span in line:
        room = width - line_width(tuple(spans))
        spans.append(span if cells(span.text) <= room else Span(fit(span.text, room), span.role))
    return tuple(spans)


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
    """`sides` as lines of at most `width` cells."""
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
    """The rows of `side`, the first of them with whether they are taken."""
    sign = "" if side.taken is None else TAKEN if side.taken else OFFERED
    indent = " " * len(TAKEN)
    rows = [row for value in side.values or (NOTHING,) for row in wrap(value, room - len(TAKEN))]
    return [(sign if place == 0 and sign else indent) + row for place, row in enumerate(rows)]


def _role(sides: Sides, side: Side) -> Role:
    """Quiet is what needs no look, and what does not count."""
    return "muted" if sides.quiet or side.taken is False else "text"


LEAST_RULE = 3
"""The least that is left of a heading's rule; its remark is cut before."""

TAG_ARROW = " › "
TAG_SEPARATOR = " · "


def text_of(block: Heading | Card | Note | Raw | Sides | Rule | Chart, width: int) -> Text:
    """`block` as lines of at most `width` cells."""
    match block:
        case Heading():
            return _heading(block, width)
        case Card():
            return _card(block, width)
        case Note():
            return _note(block, width)
        case Raw():
            return _raw(block, width)
        case Sides():
            return _sides(block, width)
        case Chart():
            return _chart(block, width)
        case Rule():
            return Text([((Span("─" * width, "rule"),), NO_ITEM)])


def _heading(heading: Heading, width: int) -> Text:
    text = Text()
    item = text.value("", heading.text, heading.ref, opens=True)
    aside = plain(heading.aside)
    lines = wrap(plain(heading.text), width)  # a name, whose line breaks are no lines of the pane
    for line in lines:
        text.add((Span(line, "heading"),), item)
    if heading.ruled:
        text.lines[-1] = (_ruled(text.lines[-1][0], aside, width), item)
    elif aside:
        if len(lines) == 1 and cells(lines[0]) + GAP + cells(aside) <= width:
            text.lines[0] = (at_right(text.lines[0][0], Span(aside, "muted"), width), item)
        else:
            text.add((Span(fit(aside, min(width, cells(aside))), "muted"),))
    return text


def _ruled(line: Line, aside: str, width: int) -> Line:
    """`line` with a rule from its end to `aside`, which is cut where it has no room."""
    room = width - line_width(line) - 1
    end = fit(aside, min(cells(aside), room - LEAST_RULE - 1))
    rule = room - (cells(end) + 1 if end else 0)
    return (*line, Span(" " + "─" * rule, "rule"), Span(f" {end}" if end else "", "muted")) if rule > 0 else line


def _card(card: Card, width: int) -> Text:
    text = Text()
    item = text.value("", card.title)
    title = wrap(plain(card.title), width)
    for line in title:
        text.add((Span(line, "strong"),), item)
    if card.aside:
        beside = width - cells(title[-1]) - cells(TAG_SEPARATOR)
        aside = plain(card.aside)
        if cells(aside) <= beside:
            text.lines[-1] = ((Span(title[-1], "strong"), Span(TAG_SEPARATOR + aside, "muted")), item)
        else:
            for line in wrap(aside, width):
                text.add((Span(line, "muted"),), item)
    for said in card.lines:
        item = text.value(card.title, said)
        for line in wrap(said, width):
            text.add((Span(line),), item)
    for tags in _tag_lines(card.tags, width):
        text.add(tags)
    return text


def _tag_lines(tags: Sequence[tuple[str, str]], width: int) -> list[Line]:
    """Tags by group, `group › name · name`, as many groups a line as fit."""
    groups: dict[str, list[str]] = {}
    for group, name in tags:
        groups.setdefault(plain(group), []).append(plain(name))
    lines: list[Line] = []
    current: Line = BLANK
    for group, names in groups.items():
        head = group + TAG_ARROW if group else ""
        piece: Line = (Span(head, "muted"), Span(TAG_SEPARATOR.join(names), "tag"))
        if current and line_width(current) + GAP + 1 + line_width(piece) <= width:
            current = (*current, Span(" " * (GAP + 1)), *piece)
            continue
        if current:
            lines.append(current)
        if line_width(piece) <= width:
            current = piece
        else:
            *full, last = wrap("".join(span.text for span in piece), width)
            lines += ((Span(line, "tag"),) for line in full)
            current = (Span(last, "tag"),)
    return [*lines, current] if current else lines


def entry_widths(entries: Sequence[Entry], width: int) -> tuple[int, int]:
    """The widths of the time and of the person, the same for all entries of a section."""
    when = max((cells(plain(entry.time)) for entry in entries), default=0)
    who = max((cells(plain(entry.who)) for entry in entries), default=0)
    return min(when, width), min(who, width // 4)


def text_of_entry(entry: Entry, when: int, who: int, width: int) -> Text:
    """`entry` as lines of at most `width` cells, whose time and person take `when` and `who` cells."""
    text = Text()
    item = text.value(f"{entry.time} {entry.who}".strip(), entry.text, entry.ref)
    state = Span(fit(entry.state, min(cells(plain(entry.state)), width // 2)), entry.tone)
    head: Line = (Span(fit(entry.time, when), "muted"), Span(" "), Span(fit(entry.who, who), "label"))
    indent = line_width(head) + GAP
    room = width - indent - (cells(state.text) + GAP if state.text else 0)
    if entry.shape == "line":
        said = fit(plain(entry.text), max(0, room))
        first: Line = (*head, Span(" " * GAP), Span(said.rstrip()))
        rest: list[str] = []
    elif entry.shape == "below" or room < STACKED_BELOW // 3:
        first = head
        rest = wrap(entry.text, width - INDENT)
        indent = INDENT
    else:
        opening, *rest = wrap(entry.text, room)
        first = (*head, Span(" " * GAP), Span(opening))
    if state.text and line_width(first) + GAP + cells(state.text) <= width:
        first = at_right(first, state, width)
    elif state.text:
        text.add(at_right(BLANK, state, width), item)
    text.add(cut(first, width), item)
    for line in rest:
        text.add((Span(" " * indent + line),), item)
    return text


def _sides(sides: Sides, width: int) -> Text:
    text = Text()
    item = text.value(sides.label, ", ".join(sides.left.values), sides.ref)
    for line in lines_of_sides(sides, width):
        text.add(line, item)
    return text


def _chart(chart: Chart, width: int) -> Text:
    from widgets.chart import chart_lines  # no first frame has one

    text = Text()
    for bar, line in zip(chart.bars, chart_lines(chart, width), strict=True):
        text.add(line, text.value(bar.label, str(bar.value), bar.ref))
    return text


def _note(note: Note, width: int) -> Text:
    return Text([((Span(line, note.tone),), NO_ITEM) for line in wrap(SIGNS[note.tone] + note.text, width)])


def _raw(raw: Raw, width: int) -> Text:
    text = Text()
    for line in raw.text.splitlines():
        item = text.value("", line.strip())
        for piece in wrap(line, width):
            text.add((Span(piece),), item)
    return text
