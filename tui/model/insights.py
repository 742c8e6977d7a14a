"""Figures about customers and work, as plain data: what screens, the command line and pages draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a figure counts."""

    CUSTOMERS = "customers"
    DEEDS = "deeds"
    """Follow-ups, remarks, edits: one customer may have several."""


@dataclass(frozen=True, slots=True)
class FigureBar:
    """One row of a figure: how many there are of a kind, and the query that lists their customers."""

    label: str
    value: int
    query: str = ""
    """In the query language; empty where none says it, or nobody is meant."""
    customers: int | None = None
    """How many customers the deeds are about; None where the value itself counts customers."""
    outside: bool = False
    """It has no part in the figure's scale, such as who has no value at all: mostly far more than all others."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Some bars of one scale."""

    key: str
    """A stable name: `due`, `silent`, `owner`, `custom.CODE` …"""
    title: str
    unit: Unit
    bars: Sequence[FigureBar] = ()
    note: str = ""
    """What there is to know about it: since when, who is left out."""

    @property
    def largest(self) -> int:
        """The value of the longest bar; 0 without any."""
        return max((bar.value for bar in self.bars if not bar.outside), default=0)

    def folded(self, most: int) -> Folded:
        """Return the bars with at most `most` of those on the scale, and what the others come to.

        Where the scale's bars have nobody they are left out.
        """
        inside = [bar for bar in self.bars if not bar.outside]
        if not self.largest:
            return Folded([bar for bar in self.bars if bar.outside])
        if len(inside) <= most + 1:  # a line that tells of one more is no shorter than that one
            return Folded(self.bars)
        rest = inside[most:]
        shown = (*inside[:most], *(bar for bar in self.bars if bar.outside))
        return Folded(shown, len(rest), sum(bar.value for bar in rest))


@dataclass(frozen=True, slots=True)
class Folded:
    """A figure's bars as far as there is room for them."""

    bars: Sequence[FigureBar]
    others: int = 0
    """How many bars more there are."""
    value: int = 0
    """What those have together; a customer with two tags counts twice."""


@dataclass(frozen=True, slots=True)
class Insights:
    """All figures about those whom a query means."""

    query: str
    """Whom they are about; empty for all who were seen."""
    customers: int
    """How many they are."""
    seen: int
    """How many customers are seen here in all."""
    unread: int
    """How many more there are that are not counted yet."""
    figures: Sequence[Figure] = ()
