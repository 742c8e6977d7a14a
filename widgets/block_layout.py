"""Single blocks as lines: those that need no label column."""

from __future__ import annotations

from collections.abc import Sequence

from widgets.blocks import SIGNS, Card, Entry, Heading, Note, Raw, Rule, Sides
from widgets.cells import fit, plain, wrap
from widgets.cells import width as cells
from widgets.lines import BLANK, Line, Span, line_width
from widgets.sheet_text import GAP, INDENT, NO_ITEM, STACKED_BELOW, Text, at_right, cut
from widgets.sides_layout import lines_of_sides

LEAST_RULE = 3
"""The least that is left of a heading's rule; its remark is cut before."""

TAG_ARROW = " › "
TAG_SEPARATOR = " · "


def text_of(block: Heading | Card | Note | Raw | Sides | Rule, width: int) -> Text:
    """BLOCK as lines of at most WIDTH cells."""
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
    """LINE with a rule from its end to ASIDE, which is cut where it has no room."""
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
    """ENTRY as lines of at most WIDTH cells, whose time and person take WHEN and WHO cells."""
    text = Text()
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


def _note(note: Note, width: int) -> Text:
    return Text([((Span(line, note.tone),), NO_ITEM) for line in wrap(SIGNS[note.tone] + note.text, width)])


def _raw(raw: Raw, width: int) -> Text:
    text = Text()
    for line in raw.text.splitlines():
        item = text.value("", line.strip())
        for piece in wrap(line, width):
            text.add((Span(piece),), item)
    return text
