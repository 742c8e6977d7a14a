"""What a reading pane shows: plain blocks of text, top down.

Heading and Rule stand alone. A Section's title stands left of the blocks that follow it, up to the next Section,
Heading or Rule. Texts come as they are, in the reader's language; making them safe to draw is the pane's work. A `ref`
is the owner's name for what a value stands for; it is not drawn, and comes back when the value is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Tone = Literal["muted", "info", "ok", "warn", "error"]
"""How a state or a message is meant; drawn as a colour, and where it matters as a sign too."""

SIGNS: dict[Tone, str] = {"muted": "", "info": "", "ok": "✓ ", "warn": "! ", "error": "✗ "}
"""What a message of each tone begins with, so that colour is never the only sign."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of what is shown, and a quiet remark at the right edge.

    A `ruled` one begins a part of its own: a blank line above it, a line from its text to the remark.
    """

    text: str
    aside: str = ""
    ruled: bool = False
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the pane."""


@dataclass(frozen=True, slots=True)
class Section:
    """A title for the blocks that follow, with a quiet line above them where there is something to say about all.

    The title of a `wide` one stands above its blocks, which are as wide as the pane.
    """

    title: str
    note: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A label and its values, each with a memo; `state` is a word at the right edge (changed, waiting).

    `whole` has the values as they are copied, where some are drawn otherwise, such as hidden from onlookers.
    """

    label: str
    values: tuple[tuple[str, str], ...] = ()
    state: str = ""
    tone: Tone = "muted"
    ref: str = ""
    whole: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """What one of two has in a field, a text a row; `taken` is whether it is the one that counts, None where nobody
    has to say."""

    values: tuple[str, ...] = ()
    taken: bool | None = None


@dataclass(frozen=True, slots=True)
class Sides:
    """A field of two things, side by side. The one-cell `sign` says how they stand to each other; a `quiet` one needs
    no look."""

    label: str
    left: Side
    right: Side
    sign: str = ""
    quiet: bool = False
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One of several of a kind: a title, what is known of it, some lines, and tags as (group, name)."""

    title: str
    aside: str = ""
    lines: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: when, who, what, and how far it got.

    Its text stands beside the time and the person; or on one line with them (`line`), which cuts a long one; or whole
    below them (`below`), as wide as the pane.
    """

    time: str
    who: str
    text: str
    state: str = ""
    tone: Tone = "muted"
    shape: Literal["beside", "line", "below"] = "beside"
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A message about the pane or its section: loading, failed, empty, and what to do."""

    text: str
    tone: Tone = "muted"


@dataclass(frozen=True, slots=True)
class Raw:
    """Text whose lines and indentation are kept."""

    text: str


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One bar of a chart: what it counts, how many there are, and a quiet `memo` behind it.

    One that is `outside` of the chart's scale is a number alone.
    """

    label: str
    value: int
    memo: str = ""
    outside: bool = False
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one scale, each a value that can be pointed at."""

    bars: tuple[ChartBar, ...]
    largest: int = 0
    """What the longest bar stands for, where not all of the scale's bars are among `bars`; else the largest of them."""


Block: TypeAlias = Heading | Rule | Section | Field | Sides | Card | Entry | Note | Raw | Chart
