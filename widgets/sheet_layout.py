"""A sheet of blocks as lines: labels in one column, values wrapped beside them. Pure: text in, lines out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from widgets.block_layout import (
    GAP,
    INDENT,
    NO_ITEM,
    STACKED_BELOW,
    Layout,
    Text,
    at_right,
    entry_widths,
    text_of,
    text_of_entry,
)
from widgets.blocks import Block, Entry, Field, Heading, Rule, Section
from widgets.cells import fit, plain, wrap
from widgets.cells import width as cells
from widgets.lines import BLANK, Line, Role, Span, line_width

LABELS = 14
"""Cells of a sheet's label column at the least: from one sheet to the next, most values stay in their column."""

NOTHING = "–"
"""Stands for a value that there is none of."""


def lay_out(blocks: Sequence[Block], width: int) -> Layout:
    """`blocks` as lines of at most `width` cells.

    Each part has a label column of its own, as wide as those before it at the least: what is added below moves nothing.
    """
    whole = Text()
    label_width = 0
    for part in _parts(blocks):
        if titled := _label_width(_titles(part), width):
            label_width = max(label_width, titled, min(LABELS, width // 3))
        _lay_out_part(whole, part, label_width, width)
    return whole.layout()


def _parts(blocks: Sequence[Block]) -> Iterable[Sequence[Block]]:
    """`blocks`, cut before each ruled heading."""
    cuts = [at for at, block in enumerate(blocks) if at and isinstance(block, Heading) and block.ruled]
    for start, end in zip((0, *cuts), (*cuts, len(blocks)), strict=True):
        yield blocks[start:end]


def _lay_out_part(whole: Text, blocks: Sequence[Block], label_width: int, width: int) -> None:
    """Add the lines of one part to those of the `whole`."""
    at = 0
    while at < len(blocks):
        block = blocks[at]
        at += 1
        if isinstance(block, Section):
            body = []
            while at < len(blocks) and not isinstance(blocks[at], (Section, Heading, Rule)):
                body.append(blocks[at])
                at += 1
            if whole.lines:
                whole.add(BLANK)
            whole.extend(_section(block, body, label_width, width))
        elif isinstance(block, Field):
            whole.extend(_field(block, label_width, width))
        else:
            if whole.lines and isinstance(block, Heading) and block.ruled:
                whole.add(BLANK)
            whole.extend(_alone(block, width))


def _titles(blocks: Sequence[Block]) -> Iterable[str]:
    """What stands in the label column of a part: its sections' titles, and the labels of fields that are in none."""
    inside = False
    for block in blocks:
        if isinstance(block, Section):
            inside = True
            if not block.wide:
                yield block.title
        elif isinstance(block, (Heading, Rule)):
            inside = False
        elif isinstance(block, Field) and not inside:
            yield block.label


def _label_width(labels: Iterable[str], width: int) -> int:
    """The width of a label column: the longest label's, up to a third of the pane; 0 where labels stand above."""
    longest = max((cells(plain(label)) for label in labels), default=0)
    return 0 if width < STACKED_BELOW else min(longest, width // 3)


def _section(section: Section, blocks: Sequence[Block], label_width: int, width: int) -> Text:
    if section.wide:
        label_width = 0
    room = _room(label_width, width)
    inner = _label_width((block.label for block in blocks if isinstance(block, Field)), room)
    when, who = entry_widths([block for block in blocks if isinstance(block, Entry)], room)
    body = Text()
    for line in wrap(section.note, room) if section.note else ():
        body.add((Span(line, "muted"),))
    for block in blocks:
        match block:
            case Field():
                body.extend(_field(block, inner, room, section.title))
            case Entry():
                body.extend(text_of_entry(block, when, who, room))
            case _:
                body.extend(_alone(block, room))
    return _labelled(section.title, "label", body, label_width, width)


def _alone(block: Block, width: int) -> Text:
    """A block that needs to know nothing of its neighbours."""
    match block:
        case Section():
            return _section(block, (), 0, width)
        case Field():
            return _field(block, _label_width([block.label], width), width)
        case Entry():
            return text_of_entry(block, *entry_widths([block], width), width)
        case _:
            return text_of(block, width)


def _field(block: Field, label_width: int, width: int, section: str = "") -> Text:
    room = _room(label_width, width)
    state = Span(fit(block.state, min(cells(plain(block.state)), room // 2)), block.tone)
    state_room = cells(state.text) + GAP if state.text else 0
    body = Text()
    for place, (value, memo) in enumerate(block.values):
        whole = block.whole[place] if block.whole else value
        item = body.value(block.label or section, whole, block.ref, shown=value)
        lines: list[Line] = [(Span(line),) for line in wrap(value, room - state_room)]
        memo = plain(memo)
        if memo and line_width(lines[-1]) + GAP + cells(memo) <= room - state_room:
            lines[-1] = (*lines[-1], Span(" " * GAP), Span(memo, "muted"))
        elif memo:
            lines += [(Span(line, "muted"),) for line in wrap(memo, room)]
        for line in lines:
            body.add(line, item)
    if not block.values:
        body.add((Span(NOTHING, "muted"),))
    if state.text:
        first, item = body.lines[0]
        body.lines[0] = (at_right(first, state, room), item)
    return _labelled(block.label, "label", body, label_width, width)


def _labelled(label: str, role: Role, body: Text, label_width: int, width: int) -> Text:
    """`body` with `label` at the left of its first line, or, where there is no label column, on a line above it."""
    if not label_width:
        if not label:
            return body
        head = Text([((Span(fit(label, min(width, cells(plain(label)))), role),), NO_ITEM)])
        body.lines = [((Span(" " * INDENT), *line) if line else line, item) for line, item in body.lines]
        head.extend(body)
        return head
    if not body.lines:
        body.add(BLANK)
    labels = [fit(line, label_width) for line in wrap(label, label_width)]
    while len(body.lines) < len(labels):
        body.add(BLANK)
    blank = " " * (label_width + GAP)
    body.lines = [
        ((Span(labels[i] + " " * GAP, role) if i < len(labels) else Span(blank), *line), item)
        for i, (line, item) in enumerate(body.lines)
    ]
    return body


def _room(label_width: int, width: int) -> int:
    """What a label column leaves for the values."""
    return max(2, width - (label_width + GAP if label_width else INDENT))
