"""The figures of one profile, counted one after another: the first are there while the others are still counted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING

from tui.desk.customer_queries import names_at
from tui.desk.insights.customer_figures import (
    SpanFigure,
    due_figure,
    new_figure,
    silent_figure,
    told_by_value,
    value_figure,
)
from tui.desk.insights.work_figures import first_day, work_figures
from tui.model.insights import Figure, FigureBar, Insights
from tui.model.query.field_values import epoch
from tui.model.query.parser import parse_query
from tui.model.query.query_names import OWN_FIELDS, KnownField, Vocabulary
from tui.model.query.tree import CustomerQuery
from tui.model.time_spans import read_span

if TYPE_CHECKING:
    from tui.desk.disk import Disk
    from tui.store.column_counts import Counted

AT_ONCE = 4
"""Choice fields counted in one turn at the disk: 0.5 s of 1,000,000 customers, so that others get theirs."""

ALWAYS = ("due", "silent", "new")
"""Figures that say something by having nobody; of others nothing is shown then."""


class InsightsReader:
    """Counts the customers that were seen under one profile, and what was done. No vendor is asked.

    `me` is the acting colleague's id, which may be empty. `query` is whom the figures are about; `now`, which has a
    zone, is when, by the clocks of `zone` (None: this machine's). Its methods raise KehuErrors alone: a QueryError
    where `query` is not understood.
    """

    def __init__(
        self,
        disk: Disk,
        *,
        profile: str,
        dialect: str,
        me: str = "",
        query: str = "",
        now: datetime | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        self._disk = disk
        self._constants = {"profile": profile, "dialect": dialect}
        self._me = me
        self._text = query.strip()
        self._now = now or datetime.now(UTC)
        self._zone = zone
        self._vocabulary = Vocabulary()
        self._query = CustomerQuery()

    async def all(self) -> Insights:
        """Return every figure."""
        return [found async for found in self.growing()][-1]

    async def growing(self) -> AsyncIterator[Insights]:
        """Yield the figures that are counted so far, until all are."""
        constants, me = self._constants, self._me
        self._vocabulary = await self._disk.read(
            lambda store: names_at(store, constants["profile"], constants["dialect"], me)
        )
        self._query = parse_query(self._text, self._vocabulary, self._now, self._zone)
        today = self._now.astimezone(self._zone).date()
        by_name = {known.field.name: known for known in OWN_FIELDS}
        spans = (due_figure(today), silent_figure(today), new_figure(today))
        named = [by_name["owner"], by_name["tags"]]
        counted = await self._count(named, {by_name[span.field]: span for span in spans})
        figures = [*await self._work(today), *(span.figure(counted.spans[span.field]) for span in spans)]
        figures += [self._by_value(known, counted) for known in named]
        yield self._told(counted, figures)
        left = [known for known in self._vocabulary.fields if told_by_value(known)]
        while left:
            some, left = left[:AT_ONCE], left[AT_ONCE:]
            counted = await self._count(some, {})
            figures += [self._by_value(known, counted) for known in some]
            yield self._told(counted, figures)

    async def _work(self, today: date) -> Sequence[Figure]:
        """The figures of what was done, with those whom the figures are about."""
        start = first_day(today)
        moment = read_span(start.isoformat(), self._now, self._zone)
        since = (epoch(moment.start) if moment is not None else None) or 0
        deeds = await self._disk.read(lambda store: store.deeds.since(since))
        if self._text and deeds:
            query = parse_query(f"{self._text} did_on>={start}", self._vocabulary, self._now, self._zone)
            whom = frozenset(await self._disk.read(lambda store: store.directory.answer_ids(query, self._constants)))
            deeds = [deed for deed in deeds if deed.customer in whom]
        return tuple(work_figures(deeds, today, self._vocabulary, self._zone))

    async def _count(self, values: Sequence[KnownField], spans: Mapping[KnownField, SpanFigure]) -> Counted:
        fields = [known.field for known in values]
        moments = {known.field: span.moments(self._now, self._zone) for known, span in spans.items()}
        query, constants = self._query, self._constants
        return await self._disk.read(lambda store: store.directory.counted(query, fields, moments, constants))

    def _by_value(self, known: KnownField, counted: Counted) -> Figure:
        return value_figure(known, counted.values[known.field.name], self._vocabulary)

    def _told(self, counted: Counted, figures: Sequence[Figure]) -> Insights:
        shown = tuple(
            replace(figure, bars=[self._of_those(bar) for bar in figure.bars])
            for figure in figures
            if figure.largest or (counted.count and figure.key in ALWAYS)
        )
        return Insights(self._text, counted.count, counted.looked_at, counted.unread, shown)

    def _of_those(self, bar: FigureBar) -> FigureBar:
        """Return `bar` with whom the figures are about in its query."""
        return replace(bar, query=f"{self._text} {bar.query}") if self._text and bar.query else bar
