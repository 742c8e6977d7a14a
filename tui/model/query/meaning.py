"""The plain reading of a query: who is meant, and in which order. Slow and short; the store is held to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.model.numbers import read_number, read_percent
from tui.model.query.field_values import SortKey, compared, epoch, text_day, text_moment, texts_of
from tui.model.query.query_names import OF_DEEDS
from tui.model.query.tree import (
    Below,
    Contains,
    CustomerQuery,
    Days,
    Equals,
    FieldClause,
    HasAny,
    Moments,
    Numbers,
    QueryField,
    QueryKind,
    Test,
)

if TYPE_CHECKING:
    from tui.model.customer import Customer

Order = Callable[[Sequence[str]], SortKey]
"""What the texts of a field are ordered by."""


@dataclass(frozen=True, slots=True)
class SaidDeed:
    """One thing that was done with a customer from here, and what was written."""

    kind: str
    author: str
    at: int
    text: str

    def values_of(self, field: QueryField) -> Sequence[str | int]:
        """Return what it has in `field`: compared texts, or one moment."""
        if field.kind is QueryKind.MOMENT:
            return (self.at,)
        return compared(field.name, ({"said": self.text, "did": self.kind, "did_by": self.author}[field.name],))


@dataclass(frozen=True, slots=True)
class SeenCustomer:
    """A customer with what the desk alone knows of it; moments are epoch seconds."""

    customer: Customer
    place: int
    """Grows with each customer that is met."""
    seen_at: int
    added_at: int | None = None
    """As the list shows it: by the acting colleague, else by the first."""
    last_at: int | None = None
    next_at: int | None = None
    states: Sequence[str] = ()
    """Of what was sent."""
    profile: str = ""
    dialect: str = ""
    found_by: Collection[str] = field(default_factory=frozenset)
    """The words that find it, as `/` searches."""
    deeds: Sequence[SaidDeed] = ()
    """What was done with it from here, and reached somebody."""


def matches(query: CustomerQuery, seen: SeenCustomer) -> bool:
    """Return whether all clauses of `query` are true of `seen`."""
    deeds = [clause for clause in query.clauses if isinstance(clause, FieldClause) and clause.field.name in OF_DEEDS]
    said = [clause for clause in deeds if not clause.negated]
    if said and not _one_is_all(said, seen.deeds):
        return False
    if any(clause.negated and _one_is_all([clause], seen.deeds) for clause in deeds):
        return False
    for clause in query.clauses:
        if isinstance(clause, FieldClause):
            if clause in deeds:
                continue
            values = values_of(clause.field, seen)
            found = any(holds(test, clause.field, values) for test in clause.tests)
        else:
            found = clause.text in seen.found_by
        if found is clause.negated:
            return False
    return True


def _one_is_all(clauses: Sequence[FieldClause], deeds: Sequence[SaidDeed]) -> bool:
    """Return whether all of `clauses`, negated or not, are true of one of `deeds`."""
    return any(
        all(any(holds(test, one.field, deed.values_of(one.field)) for test in one.tests) for one in clauses)
        for deed in deeds
    )


def answer(query: CustomerQuery, customers: Iterable[SeenCustomer], order: Order) -> list[SeenCustomer]:
    """Return those of `customers` whom `query` means, in its order: without one, the most lately seen first."""
    found = [seen for seen in customers if matches(query, seen)]
    found.sort(key=lambda seen: (-seen.seen_at, -seen.place))
    for sort in reversed(query.sorts):
        there = [seen for seen in found if values_of(sort.field, seen)]
        absent = [seen for seen in found if not values_of(sort.field, seen)]
        there.sort(key=lambda seen: _key(sort.field, seen, order), reverse=sort.descending)
        found = there + absent
    return found


def _key(field: QueryField, seen: SeenCustomer, order: Order) -> SortKey:
    values = values_of(field, seen)
    if field.kind is QueryKind.MOMENT:
        return 0, float(values[0]), ""
    return order([str(value) for value in values])


def values_of(field: QueryField, seen: SeenCustomer) -> Sequence[str | int]:
    """Return what `seen` has in `field`: compared texts, or one moment."""
    moments = {
        "created_at": epoch(seen.customer.created_at),
        "updated_at": epoch(seen.customer.updated_at),
        "added": seen.added_at,
        "seen": seen.seen_at,
        "last": seen.last_at,
        "next": seen.next_at,
    }
    if field.name in moments:
        moment = moments[field.name]
        return () if moment is None else (moment,)
    known = {"state": tuple(seen.states), "profile": (seen.profile,), "dialect": (seen.dialect,)}
    return compared(field.name, known.get(field.name) or texts_of(seen.customer).get(field.name, ()))


def holds(test: Test, field: QueryField, values: Sequence[str | int]) -> bool:
    """Return whether `test` holds of the `values` of `field`."""
    texts = [value for value in values if isinstance(value, str)]
    match test:
        case HasAny():
            return bool(values)
        case Contains(piece):
            return any(piece in text for text in texts)
        case Equals(wanted):
            return any(text in wanted for text in texts)
        case Below(paths):
            return any(
                len(path) <= len(texts) and all(text in level for text, level in zip(texts, path, strict=False))
                for path in paths
            )
        case Numbers():
            return any(in_numbers(test, text) for text in texts)
        case Days(start, end):
            days = [day for text in texts if (day := text_day(text))]
            return any(start <= day and (not end or day < end) for day in days)
        case Moments(start, end):
            moments = [value if isinstance(value, int) else text_moment(value) for value in values]
            return any(
                moment is not None and (start is None or start <= moment) and (end is None or moment < end)
                for moment in moments
            )


def in_numbers(test: Numbers, text: str) -> bool:
    """Return whether `text` is a number, or a number of per cent, within the bounds of `test`."""
    number = read_percent(text) if text.endswith("%") else read_number(text)
    if number is None:
        return False
    above = test.low is None or test.low < number or (test.low_in and test.low == number)
    return above and (test.high is None or number < test.high or (test.high_in and test.high == number))
