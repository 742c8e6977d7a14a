"""Figures about what was done from here: by kind, by day, by colleague. Pure: rows in, bars out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from tui.locale import N_, _
from tui.model.change import Kind
from tui.model.characters import fold
from tui.model.insights import Figure, FigureBar, Unit
from tui.model.query.completion import quoted
from tui.model.query.query_names import Vocabulary

if TYPE_CHECKING:
    from tui.store.deeds import Deed

DAYS = 14
"""Days that follow-ups are told of, one by one."""

MONTH = 30
"""Days that are looked back on for colleagues."""

KINDS = {
    Kind.FOLLOW: N_("follow-ups"),
    Kind.REMARK: N_("remarks"),
    Kind.UPDATE: N_("edits"),
    Kind.CREATE: N_("created"),
}
"""Kinds that are told apart, and what they are called."""


def first_day(today: date) -> date:
    """Return the first day whose deeds the figures are about."""
    return today - timedelta(days=max(DAYS, MONTH) - 1)


def work_figures(deeds: Sequence[Deed], today: date, vocabulary: Vocabulary, zone: tzinfo | None) -> Iterable[Figure]:
    """Yield the figures about `deeds`, those from `first_day` on, as of `today` by the clocks of `zone`."""
    if not deeds:
        return
    dated = [(datetime.fromtimestamp(deed.at, zone).date(), deed) for deed in deeds]
    yield _mine(
        [(day, deed) for day, deed in dated if not vocabulary.me or deed.author == fold(vocabulary.me)],
        today,
        vocabulary,
    )
    follows = [(day, deed) for day, deed in dated if deed.kind == Kind.FOLLOW]
    yield _by_day(follows, today)
    yield _by_colleague(follows, today, vocabulary)


Dated = tuple[date, "Deed"]


def _mine(dated: Sequence[Dated], today: date, vocabulary: Vocabulary) -> Figure:
    """What the acting colleague did today and this week; what all did, where nobody acts."""
    monday = today - timedelta(days=today.weekday())
    by = " did_by:me" if vocabulary.me else ""
    bars = []
    for kind, name in KINDS.items():
        for label, start, when in (
            (_("today: {kind}"), today, f"did_on:{today}"),
            (_("this week: {kind}"), monday, f"did_on>={monday}"),
        ):
            some = [deed for day, deed in dated if deed.kind == kind and day >= start]
            bars.append(_bar(label.format(kind=_(name)), some, f"did:{kind.value} {when}{by}"))
    title = _("My day and week") if vocabulary.me else _("Done from here")
    return Figure("mine", title, Unit.DEEDS, [bar for bar in bars if bar.value])


def _by_day(follows: Sequence[Dated], today: date) -> Figure:
    days = [today - timedelta(days=days) for days in range(DAYS)]
    of: Mapping[date, list[Deed]] = {day: [] for day in days}
    for day, deed in follows:
        if day in of:
            of[day].append(deed)
    bars = [_bar(f"{day} {_weekday(day)}", some, f"did:follow did_on:{day}") for day, some in of.items()]
    return Figure("follows_by_day", _("Follow-ups by day"), Unit.DEEDS, bars)


def _by_colleague(follows: Sequence[Dated], today: date, vocabulary: Vocabulary) -> Figure:
    start = today - timedelta(days=MONTH - 1)
    of: dict[str, list[Deed]] = {}
    for day, deed in follows:
        if day >= start:
            of.setdefault(deed.author, []).append(deed)
    bars = []
    for author, some in of.items():
        colleague = vocabulary.colleague(author)
        name = (colleague.name or colleague.user_id) if colleague else author or _("unknown")
        query = f"did:follow did_on>={start} did_by:{quoted(author)}" if author and '"' not in author else ""
        bars.append(_bar(name, some, query))
    bars.sort(key=lambda bar: -bar.value)
    note = _("the last {count} days").format(count=MONTH)
    return Figure("follows_by_colleague", _("Follow-ups by colleague"), Unit.DEEDS, bars, note)


def _bar(label: str, deeds: Sequence[Deed], query: str) -> FigureBar:
    customers = len({deed.customer for deed in deeds})
    return FigureBar(label, len(deeds), query if deeds else "", customers)


def _weekday(day: date) -> str:
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[day.weekday()]
