"""A query, understood: plain frozen values that the plain reading and the store both answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class QueryKind(StrEnum):
    """What a field holds, as far as a query is concerned."""

    TEXT = "text"
    """Found by any piece."""
    LABEL = "label"
    """Found as a whole: tags, colleagues, states, profiles."""
    CHOICE = "choice"
    CASCADE = "cascade"
    PHONE = "phone"
    """Found by any piece of its digits."""
    NUMBER = "number"
    DAY = "day"
    DATETIME = "datetime"
    """A date and time that the vendor writes as a text."""
    MOMENT = "moment"
    """A date and time that the desk keeps as a number."""


@dataclass(frozen=True, slots=True)
class QueryField:
    """A field that a query may name."""

    name: str
    """What it is called in the store: a name of the customer's JSON, `last`, `next`, …, or `custom.CODE`."""
    label: str
    """What an agent calls it."""
    kind: QueryKind = QueryKind.TEXT


@dataclass(frozen=True, slots=True)
class TextSpan:
    """Where a part of a query stands in its text: from `start` up to `end`."""

    start: int
    end: int


# What may be true of the values of a field. Texts are compared ones (`field_values`).


@dataclass(frozen=True, slots=True)
class HasAny:
    """There is a value."""


@dataclass(frozen=True, slots=True)
class Contains:
    """A value has this piece."""

    piece: str


@dataclass(frozen=True, slots=True)
class Equals:
    """A value is one of these."""

    texts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Below:
    """The values begin with one of these paths: a cascade's levels, outermost first, each by its key or its label."""

    paths: tuple[tuple[frozenset[str], ...], ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A value is a number between two, which count where `low_in` and `high_in` say so; None is no bound."""

    low: Decimal | None = None
    high: Decimal | None = None
    low_in: bool = True
    high_in: bool = True


@dataclass(frozen=True, slots=True)
class Days:
    """A value is a date from `start` on and before `end` (`YYYY-MM-DD`); empty is no bound."""

    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Moments:
    """A value is a moment from `start` on and before `end`, in epoch seconds; None is no bound."""

    start: int | None = None
    end: int | None = None


Test = HasAny | Contains | Equals | Below | Numbers | Days | Moments


@dataclass(frozen=True, slots=True)
class FieldClause:
    """Something that is asked of one field: one of `tests` holds, or none where it is `negated`."""

    field: QueryField
    tests: tuple[Test, ...]
    span: TextSpan
    negated: bool = False
    operator: str = ":"
    shown: tuple[str, ...] = ()
    """What stands after the operator, as it was understood: `2024-10-21` for `30d`, a choice's label for its key."""


@dataclass(frozen=True, slots=True)
class WordsClause:
    """Words that are searched for as `/` does; without whom they find where it is `negated`."""

    text: str
    span: TextSpan
    negated: bool = False


Clause = FieldClause | WordsClause


@dataclass(frozen=True, slots=True)
class SortBy:
    """A field that customers are ordered by; those without a value stand last, whichever way."""

    field: QueryField
    span: TextSpan
    descending: bool = False


@dataclass(frozen=True, slots=True)
class CustomerQuery:
    """Which customers, and in which order. All of its clauses are true of them."""

    text: str = ""
    clauses: Sequence[Clause] = ()
    sorts: Sequence[SortBy] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everybody is meant, in no order."""
        return not self.clauses and not self.sorts

    def asks_for(self, fields: Collection[str]) -> bool:
        """Whether something is asked of one of `fields`, by their names."""
        return any(isinstance(clause, FieldClause) and clause.field.name in fields for clause in self.clauses)

    @property
    def words(self) -> str:
        """What is searched for, where it is words alone, in the search's own order; empty where it is more."""
        if self.sorts or len(self.clauses) != 1:
            return ""
        (clause,) = self.clauses
        return clause.text if isinstance(clause, WordsClause) and not clause.negated else ""
