"""Blocks laid out as lines: labels in one column, values wrapped beside them. Pure: text in, lines out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from widgets.blocks import SIGNS, Block, Card, Entry, Field, Heading, Note, Raw, Rule, Section, Sides
from widgets.cells import fit, plain, wrap
from widgets.cells import width as cells
from widgets.lines import BLANK, Line, Role, Span, line_width
from widgets.sides_layout import lines_of_sides

GAP = 2
"""Blank cells between a label and its value, and before a state at the right edge."""

LABELS = 14
"""Cells of a sheet's label column at the least: from one sheet to the next, most values stay in their column."""

STACKED_BELOW = 44
"""A pane narrower than this has labels above their values instead of beside them."""

INDENT = 2
"""How far a value is indented below its label in a narrow pane."""

NOTHING = "–"
"""Stands for a value that there is none of."""

LEAST_RULE = 3
"""The least that is left of a heading's rule; its remark is cut before."""

TAG_ARROW = " › "
TAG_SEPARATOR = " · "

NO_ITEM = -1


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
class _Value:
    """An item before it is known on which lines it stands."""

    label: str
    value: str
    shown: str
    ref: str = ""
    opens: bool = False


@dataclass(slots=True)
class _Text:
    """Lines of a block before they have their place; `item` numbers the values of the block, in `values`."""

    lines: list[tuple[Line, int]] = field(default_factory=list)
    values: list[_Value] = field(default_factory=list)

    def add(self, line: Line, item: int = NO_ITEM) -> None:
        self.lines.append((line, item))

    def value(self, label: str, value: str, ref: str = "", *, shown: str | None = None, opens: bool = False) -> int:
        self.values.append(_Value(label, value, value if shown is None else shown, ref, opens))
        return len(self.values) - 1

    def extend(self, other: _Text) -> None:
        start = len(self.values)
        self.lines += ((line, item if item == NO_ITEM else item + start) for line, item in other.lines)
        self.values += other.values


def lay_out(blocks: Sequence[Block], width: int) -> Layout:
    """BLOCKS as lines of at most WIDTH cells.

    Each part has a label column of its own, as wide as those before it at the least: what is added below moves nothing.
    """
    whole = _Text()
    label_width = 0
    for part in _parts(blocks):
        titles = (_title(block) for block, inside in _with_section(part) if inside is None)
        if titled := _label_width(titles, width):
            label_width = max(label_width, titled, min(LABELS, width // 3))
        _lay_out_part(whole, part, label_width, width)
    return _number(whole)


def _parts(blocks: Sequence[Block]) -> Iterable[Sequence[Block]]:
    """BLOCKS, cut before each ruled heading."""
    cuts = [at for at, block in enumerate(blocks) if at and isinstance(block, Heading) and block.ruled]
    for start, end in zip((0, *cuts), (*cuts, len(blocks)), strict=True):
        yield blocks[start:end]


def _lay_out_part(whole: _Text, blocks: Sequence[Block], label_width: int, width: int) -> None:
    """Add the lines of one part to those of the WHOLE."""
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


def _with_section(blocks: Sequence[Block]) -> Iterable[tuple[Block, Section | None]]:
    """Each block with the section that it is in; a section's own block is in none."""
    section: Section | None = None
    for block in blocks:
        if isinstance(block, (Section, Heading, Rule)):
            section = None
        yield block, section
        if isinstance(block, Section):
            section = block


def _title(block: Block) -> str:
    match block:
        case Section():
            return block.title
        case Field():
            return block.label
        case _:
            return ""


def _label_width(labels: Iterable[str], width: int) -> int:
    """The width of a label column: the longest label's, up to a third of the pane; 0 where labels stand above."""
    longest = max((cells(plain(label)) for label in labels), default=0)
    return 0 if width < STACKED_BELOW else min(longest, width // 3)


def _section(section: Section, blocks: Sequence[Block], label_width: int, width: int) -> _Text:
    room = _room(label_width, width)
    inner = _label_width((block.label for block in blocks if isinstance(block, Field)), room)
    when, who = _entry_widths([block for block in blocks if isinstance(block, Entry)], room)
    body = _Text()
    for line in wrap(section.note, room) if section.note else ():
        body.add((Span(line, "muted"),))
    for block in blocks:
        match block:
            case Field():
                body.extend(_field(block, inner, room, section.title))
            case Entry():
                body.extend(_entry(block, when, who, room))
            case _:
                body.extend(_alone(block, room))
    return _labelled(section.title, "label", body, label_width, width)


def _alone(block: Block, width: int) -> _Text:
    """A block that needs to know nothing of its neighbours."""
    match block:
        case Heading():
            return _heading(block, width)
        case Card():
            return _card(block, width)
        case Note():
            return _note(block, width)
        case Raw():
            return _raw(block, width)
        case Entry():
            return _entry(block, *_entry_widths([block], width), width)
        case Field():
            return _field(block, _label_width([block.label], width), width)
        case Sides():
            return _sides(block, width)
        case Rule():
            return _Text([((Span("─" * width, "rule"),), NO_ITEM)])
        case Section():
            return _section(block, (), 0, width)


def _heading(heading: Heading, width: int) -> _Text:
    text = _Text()
    item = text.value("", heading.text, heading.ref, opens=True)
    aside = plain(heading.aside)
    lines = wrap(plain(heading.text), width)  # a name, whose line breaks are no lines of the pane
    for line in lines:
        text.add((Span(line, "heading"),), item)
    if heading.ruled:
        text.lines[-1] = (_ruled(text.lines[-1][0], aside, width), item)
    elif aside:
        if len(lines) == 1 and cells(lines[0]) + GAP + cells(aside) <= width:
            text.lines[0] = (_at_right(text.lines[0][0], Span(aside, "muted"), width), item)
        else:
            text.add((Span(fit(aside, min(width, cells(aside))), "muted"),))
    return text


def _ruled(line: Line, aside: str, width: int) -> Line:
    """LINE with a rule from its end to ASIDE, which is cut where it has no room."""
    room = width - line_width(line) - 1
    end = fit(aside, min(cells(aside), room - LEAST_RULE - 1))
    rule = room - (cells(end) + 1 if end else 0)
    return (*line, Span(" " + "─" * rule, "rule"), Span(f" {end}" if end else "", "muted")) if rule > 0 else line


def _field(block: Field, label_width: int, width: int, section: str = "") -> _Text:
    room = _room(label_width, width)
    state = Span(fit(block.state, min(cells(plain(block.state)), room // 2)), block.tone)
    state_room = cells(state.text) + GAP if state.text else 0
    body = _Text()
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
        body.lines[0] = (_at_right(first, state, room), item)
    return _labelled(block.label, "label", body, label_width, width)


def _card(card: Card, width: int) -> _Text:
    text = _Text()
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


def _entry_widths(entries: Sequence[Entry], width: int) -> tuple[int, int]:
    """The widths of the time and of the person, the same for all entries of a section."""
    when = max((cells(plain(entry.time)) for entry in entries), default=0)
    who = max((cells(plain(entry.who)) for entry in entries), default=0)
    return min(when, width), min(who, width // 4)


def _entry(entry: Entry, when: int, who: int, width: int) -> _Text:
    text = _Text()
    item = text.value(f"{entry.time} {entry.who}".strip(), entry.text)
    state = Span(fit(entry.state, min(cells(plain(entry.state)), width // 2)), entry.tone)
    head = (Span(fit(entry.time, when), "muted"), Span(" "), Span(fit(entry.who, who), "label"))
    indent = line_width(head) + GAP
    room = width - indent - (cells(state.text) + GAP if state.text else 0)
    if room < STACKED_BELOW // 3:
        first: Line = head
        rest = wrap(entry.text, width - INDENT)
        indent = INDENT
    else:
        opening, *rest = wrap(entry.text, room)
        first = (*head, Span(" " * GAP), Span(opening))
    if state.text and line_width(first) + GAP + cells(state.text) <= width:
        first = _at_right(first, state, width)
    elif state.text:
        text.add(_at_right(BLANK, state, width), item)
    text.add(_cut(first, width), item)
    for line in rest:
        text.add((Span(" " * indent + line),), item)
    return text


def _sides(sides: Sides, width: int) -> _Text:
    text = _Text()
    item = text.value(sides.label, ", ".join(sides.left.values), sides.ref)
    for line in lines_of_sides(sides, width):
        text.add(line, item)
    return text


def _note(note: Note, width: int) -> _Text:
    return _Text([((Span(line, note.tone),), NO_ITEM) for line in wrap(SIGNS[note.tone] + note.text, width)])


def _raw(raw: Raw, width: int) -> _Text:
    text = _Text()
    for line in raw.text.splitlines():
        item = text.value("", line.strip())
        for piece in wrap(line, width):
            text.add((Span(piece),), item)
    return text


def _labelled(label: str, role: Role, body: _Text, label_width: int, width: int) -> _Text:
    """BODY with LABEL at the left of its first line, or, where there is no label column, on a line above it."""
    if not label_width:
        if not label:
            return body
        head = _Text([((Span(fit(label, min(width, cells(plain(label)))), role),), NO_ITEM)])
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


def _at_right(line: Line, end: Span, width: int) -> Line:
    return (*line, Span(" " * max(0, width - line_width(line) - cells(end.text))), end)


def _cut(line: Line, width: int) -> Line:
    """LINE without what lies beyond WIDTH."""
    spans: list[Span] = []
    for span in line:
        room = width - line_width(tuple(spans))
        spans.append(span if cells(span.text) <= room else Span(fit(span.text, room), span.role))
    return tuple(spans)


def _number(text: _Text) -> Layout:
    """The finished layout: which lines each value stands on."""
    owners = tuple(item for _, item in text.lines)
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for at, owner in enumerate(owners):
        first.setdefault(owner, at)
        last[owner] = at
    items = tuple(
        Item(value.label, value.value, value.shown, first[i], last[i], value.ref, value.opens)
        for i, value in enumerate(text.values)
    )
    return Layout(tuple(line for line, _ in text.lines), owners, items)
