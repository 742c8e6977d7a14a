"""Choices and cascades looked up by key or by label: people type labels, vendors send now one and now the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from tui.model.characters import fold
from tui.model.customer import Cascade, CascadeChoice, Choice

SHOWN = 12
"""How many choices an error names; a longer list would bury the message."""

AnyChoice = TypeVar("AnyChoice", Choice, CascadeChoice)

_SEPARATOR = re.compile(r"\s*[/>›|]\s*")
"""Between the levels of a cascade that is written on one line (folded, so a full-width slash is one too)."""


def read_flag(text: str) -> bool | None:
    """Return `text` as yes or no: `true` and `false` in any case, 1 and 0; None where it is neither."""
    return {"true": True, "1": True, "false": False, "0": False}.get(text.strip().lower())


def find_choice(choices: Sequence[AnyChoice], text: str) -> AnyChoice | None:
    """The one of `choices` whose key `text` is, else whose label, else one of either in another width or case."""
    for choice in choices:
        if choice.key == text:
            return choice
    for choice in choices:
        if choice.label == text:
            return choice
    loose = fold(text)
    return next((choice for choice in choices if loose in (fold(choice.key), fold(choice.label))), None)


def key_of(choices: Sequence[Choice], text: str) -> str:
    """The key of the one of `choices` that `text` names; `text` itself where it names none."""
    choice = find_choice(choices, text)
    return choice.key if choice else text


def find_path(cascade: Cascade, texts: Iterable[str]) -> tuple[CascadeChoice, ...]:
    """The nodes that `texts` name, outermost first, as far down as they can be followed."""
    nodes: list[CascadeChoice] = []
    level = cascade.children
    for text in texts:
        node = find_choice(level, text)
        if node is None:
            break
        nodes.append(node)
        level = node.children
    return tuple(nodes)


def split_path(cascade: Cascade, text: str) -> tuple[str, ...]:
    """The keys of the levels that `text` (`a/b/c`, `a > b`) names; a label may hold a separator of its own.

    Where `text` names no path, its parts as they stand.
    """
    return _descend(cascade.children, fold(text)) or tuple(part for part in _SEPARATOR.split(text.strip()) if part)


def _descend(level: Sequence[CascadeChoice], rest: str) -> tuple[str, ...]:
    for node in level:
        for name in (fold(node.key), fold(node.label)):
            if rest == name:
                return (node.key,)
            separator = _SEPARATOR.match(rest, len(name)) if name and rest.startswith(name) else None
            below = _descend(node.children, rest[separator.end() :]) if separator else ()
            if below:
                return (node.key, *below)
    return ()


def labels_of(choices: Sequence[Choice] | Sequence[CascadeChoice]) -> str:
    """`choices` for a message: their labels, with the key where it differs, and no more than `SHOWN` of them."""
    names = [item.label if item.label == item.key else f"{item.label} ({item.key})" for item in choices[:SHOWN]]
    return ", ".join([*names, "…"] if len(choices) > SHOWN else names)
