"""Figures about customers: what is counted for each, and the bars that the counts make. Pure: numbers in, bars out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING

from tui.locale import _, ngettext
from tui.model.characters import fold
from tui.model.insights import Figure, FigureBar, Unit
from tui.model.query.completion import quoted
from tui.model.query.field_values import epoch
from tui.model.query.parser import ANY
from tui.model.query.query_names import ME, OF_DEEDS, KnownField, Vocabulary
from tui.model.query.tree import QueryKind
from tui.model.time_spans import read_span

if TYPE_CHECKING:
    from tui.store.column_counts import SpanCounts, ValueCounts

WEEKS = 12
"""Weeks that new customers are told of: a quarter."""

AGES = (0, 7, 30, 90, 365)
"""Days since the last contact between which the silent ones are parted."""


@dataclass(frozen=True, slots=True)
class DaySpan:
    """The days from `start` up to, and not with, `end`; None is no bound."""

    label: str
    start: date | None
    end: date | None

    def query(self, field: str) -> str:
        """Return the query for those whose `field` is in it."""
        if self.start is not None and self.end is not None and self.end - self.start == timedelta(days=1):
            return f"{field}:{self.start}"
        bounds = (f"{field}>={self.start}" if self.start else "", f"{field}<{self.end}" if self.end else "")
        return " ".join(filter(None, bounds))


@dataclass(frozen=True, slots=True)
class SpanFigure:
    """A figure of customers by when something was, or is to be."""

    key: str
    title: str
    field: str
    spans: Sequence[DaySpan]
    """Each begins where the one before ends, the earliest first; those outside of them are not shown."""
    without: str = ""
    """What those are called who have no such moment; empty where they are not told of."""
    latest_first: bool = False
    note: str = ""

    def moments(self, now: datetime, zone: tzinfo | None = None) -> list[int]:
        """Return the bounds of the spans in epoch seconds, by the clocks of `zone`."""
        days = [day for span in self.spans for day in (span.start, span.end) if day is not None]
        found = (read_span(day.isoformat(), now, zone) for day in sorted(set(days)))
        return [epoch(span.start) or 0 for span in found if span is not None]

    def figure(self, counts: SpanCounts) -> Figure:
        """Return the figure that `counts`, between its `moments`, make."""
        # Spans without an end on either side count what the counts have outside of the moments.
        inside = counts.spans[1 if self.spans[0].start else 0 : None if self.spans[-1].end is None else -1]
        bars = [
            FigureBar(span.label, count, span.query(self.field) if count else "")
            for span, count in zip(self.spans, inside, strict=True)
        ]
        if self.latest_first:
            bars.reverse()
        if self.without:
            bars.append(
                FigureBar(self.without, counts.without, f"-{self.field}:*" if counts.without else "", outside=True)
            )
        return Figure(self.key, self.title, Unit.CUSTOMERS, bars, self.note)


def due_figure(today: date) -> SpanFigure:
    """Return the figure of next contacts, as of `today`."""
    tomorrow, after, week = (today + timedelta(days=days) for days in (1, 2, 8))
    return SpanFigure(
        "due",
        _("Next contacts"),
        "next",
        (
            DaySpan(_("overdue"), None, today),
            DaySpan(_("today"), today, tomorrow),
            DaySpan(_("tomorrow"), tomorrow, after),
            DaySpan(_("in 2–7 days"), after, week),
            DaySpan(_("later"), week, None),
        ),
        _("no date"),
    )


def silent_figure(today: date) -> SpanFigure:
    """Return the figure of the last contacts' ages, as of `today`."""
    spans = [DaySpan(_("today"), today, None)]
    for newer, older in pairwise(AGES):
        text = _("{first}–{last} days ago").format(first=newer + 1, last=older)
        spans.append(DaySpan(text, today - timedelta(days=older), today - timedelta(days=newer)))
    spans.append(DaySpan(_("longer ago"), None, today - timedelta(days=AGES[-1])))
    return SpanFigure("silent", _("Last contact"), "last", spans[::-1], _("never, from here"), latest_first=True)


def new_figure(today: date) -> SpanFigure:
    """Return the figure of new customers by week, the week of `today` first."""
    monday = today - timedelta(days=today.weekday())
    starts = [monday - timedelta(weeks=weeks) for weeks in range(WEEKS)]
    spans = [DaySpan(_week(start), start, start + timedelta(weeks=1)) for start in reversed(starts)]
    return SpanFigure("new", _("New customers by week"), "added", spans, latest_first=True)


def _week(monday: date) -> str:
    sunday = monday + timedelta(days=6)
    return f"{monday} – {sunday:%m-%d}"


def told_by_value(known: KnownField) -> bool:
    """Return whether customers are counted by the values of `known`: a field whose values are chosen from some."""
    return bool(known.choices or known.cascade) and known.field.name not in ("state", *OF_DEEDS)


def value_figure(known: KnownField, counts: ValueCounts, vocabulary: Vocabulary) -> Figure:
    """Return the figure of customers by the values of `known`: the most frequent first, then who has none."""
    field = known.field
    ways = list(_ways(known, vocabulary))
    # Of a cascade the first value alone is counted: a city of another province may have a province's name.
    values = counts.beginnings if field.kind is QueryKind.CASCADE else counts.values
    bars = [
        FigureBar(way.label, count, clause(known, way.value))
        for way in ways
        if (count := sum(values.get(text, 0) for text in way.texts))
    ]
    bars.sort(key=lambda bar: -bar.value)
    empty = len(ways) - len(bars)
    if other := _others(known, counts, ways):
        bars.append(other)
    if counts.without:
        bars.append(FigureBar(_("none"), counts.without, f"-{quoted(known.names[0])}:*", outside=True))
    note = ngettext("{count} choice is nobody's", "{count} choices are nobody's", empty).format(count=f"{empty:,}")
    titled = {"owner": _("Customers by colleague"), "tags": _("Customers by tag")}
    title = titled.get(field.name) or _("Customers by {field}").format(field=_(field.label))
    return Figure(field.name, title, Unit.CUSTOMERS, bars, note if empty and field.name not in titled else "")


@dataclass(frozen=True, slots=True)
class _Way:
    """A value that customers may have: what it is called, how a query spells it, and which compared texts mean it."""

    label: str
    value: str
    texts: frozenset[str]


def _ways(known: KnownField, vocabulary: Vocabulary) -> Iterable[_Way]:
    if known.field.name == "owner":
        for one in vocabulary.colleagues:
            value = one.user_id or one.name
            yield _Way(one.name or one.user_id, value, frozenset({fold(value)}))
    elif known.field.name == "tags":
        for text in dict.fromkeys(map(fold, vocabulary.tags)):
            shown = next(tag for tag in vocabulary.tags if fold(tag) == text)
            yield _Way(shown, shown, frozenset({text}))
    else:
        for names in [(choice.names[0], choice.key) for choice in known.choices] or [
            (node.label, node.key) for node in known.cascade
        ]:
            yield _Way(_(names[0]), names[0], frozenset(map(fold, names)))


def _others(known: KnownField, counts: ValueCounts, ways: Sequence[_Way]) -> FigureBar | None:
    """Return the bar of values that the field's configuration has no more; None where nobody has one."""
    if known.field.name in ("owner", "tags") or known.field.kind is QueryKind.CASCADE:
        return None
    choices = frozenset().union(*(way.texts for way in ways))
    strange = {text: count for text, count in counts.values.items() if text not in choices}
    if not strange:
        return None
    return FigureBar(_("values that are no choice any more"), sum(strange.values()))


def clause(known: KnownField, value: str) -> str:
    """Return the query for those whose field `known` has `value`; empty where the language cannot spell it."""
    if '"' in value or "“" in value or "”" in value:
        return ""
    means_more = fold(value) in (ANY, *(ME if known.field.name == "owner" else ()))
    return f"{quoted(known.names[0])}:" + (f'"{value}"' if means_more else quoted(value))
