"""Customers counted by what stands in a column: by value, and by spans of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tui.model.query.tree import QueryField
from tui.store.customer_query import Answer, Masks
from tui.store.packed_columns import VALUE, MomentColumn, StoredColumn, TextColumn, laid_over


@dataclass(frozen=True, slots=True)
class ValueCounts:
    """How many customers have each value of a field, and how many have none."""

    values: Mapping[str, int]
    """Compared texts (`field_values`); who has two values counts for both."""
    beginnings: Mapping[str, int]
    """The first value of each customer: a cascade's outermost level."""
    without: int


@dataclass(frozen=True, slots=True)
class SpanCounts:
    """How many customers have a moment in each of the spans between some moments."""

    spans: Sequence[int]
    """One more than moments: before the first, from each up to the next, and from the last on."""
    without: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Customers, counted."""

    count: int
    looked_at: int
    """How many customers are seen here, whom the query means or not."""
    unread: int
    """How many more are seen here, and were not looked at: what they are counted by is being made."""
    values: Mapping[str, ValueCounts]
    """By the field's name."""
    spans: Mapping[str, SpanCounts]
    """By the field's name."""


def counted(answer: Answer, values: Sequence[QueryField], spans: Mapping[QueryField, Sequence[int]]) -> Counted:
    """Count whom `answer` means by the `values` of some fields, and by the `spans` between moments in others."""
    return Counted(
        answer.count,
        answer.looked_at,
        answer.unread,
        {field.name: _count_values(answer, field) for field in values},
        {field.name: _count_spans(answer, field, moments) for field, moments in spans.items()},
    )


def _count_values(answer: Answer, field: QueryField) -> ValueCounts:
    """Count whom `answer` means by their values of `field`, whose column holds texts."""
    found: Counter[str] = Counter()
    for number, mask in answer.masks.items():
        column = answer.column(field).get(number)
        if isinstance(column, TextColumn):
            for text, count in column.counts(mask):
                found[text] += count
    values: Counter[str] = Counter()
    beginnings: Counter[str] = Counter()
    for text, count in found.items():
        parts = text[1:-1].split(VALUE)
        beginnings[parts[0]] += count
        for part in parts:
            values[part] += count
    return ValueCounts(values, beginnings, answer.count - found.total())


def _count_spans(answer: Answer, field: QueryField, moments: Sequence[int]) -> SpanCounts:
    """Count whom `answer` means by when their moment in `field` is, between `moments`, which ascend."""
    columns = answer.column(field)
    since = [_from_on(columns, answer.masks, moment) for moment in (None, *moments)]
    ends = (*since[1:], 0)
    return SpanCounts([start - end for start, end in zip(since, ends, strict=True)], answer.count - since[0])


def _from_on(columns: Mapping[int, StoredColumn], masks: Masks, moment: int | None) -> int:
    """How many of `masks` have a moment from `moment` on; None asks for any."""
    count = 0
    for number, mask in masks.items():
        column = columns.get(number)
        if isinstance(column, MomentColumn) and (both := laid_over(mask, column.from_on(moment))) is not None:
            count += both.count(1)
    return count
