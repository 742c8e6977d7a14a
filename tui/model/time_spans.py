"""Spans of time, as a query names them: a year, a month, a week, a day, a minute.

What `times` reads is a day or a minute. Besides there are:

- `2024`, `2024-11`, `2024年11月`: a year, a month.
- `本周 上周 下周 本月 上月 下月 今年 去年 明年`, `this-week last-month next-year` and their like; a week begins on a
  Monday.
- `30d`, `4w`, `6mo`, `1y`, `30天`, `2周`, `6个月`, `1年`: that day so long ago; after a `+` so far ahead. `2h` and
  `30min` are a minute.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import NamedTuple

from tui.model.half_width import half_width
from tui.model.times import read_day, read_moment


class TimeSpan(NamedTuple):
    """From `start` on and before `end`, both with a zone; None is no bound, where the calendar ends."""

    start: datetime | None
    end: datetime | None

    @property
    def first_day(self) -> str:
        """Its first day, as it is kept (`YYYY-MM-DD`); empty without a start."""
        return self.start.date().isoformat() if self.start else ""

    @property
    def after_days(self) -> str:
        """The day after its last one; empty without an end."""
        if self.end is None:
            return ""
        last = (self.end - timedelta(microseconds=1)).date()
        return (last + timedelta(days=1)).isoformat() if last < date.max else ""

    def shown(self) -> str:
        """Return it as a person reads it: `2024`, `2024-11`, `2024-11-20`, `2024-11-20 14:02`, or from one day to
        another."""
        start, end = self.start, self.end
        if start is None:
            return ""
        day = start.date()
        if start.hour or start.minute or start.second or (end is not None and end - start < timedelta(hours=20)):
            return start.replace(tzinfo=None).isoformat(" ", "seconds" if start.second else "minutes")
        last = (end - timedelta(microseconds=1)).date() if end is not None else date.max
        if last == day:
            return day.isoformat()
        if day.day == 1 and last + timedelta(days=1 if last < date.max else 0) == _next_month(day):
            return day.isoformat()[:7]
        if (day.month, day.day, last.month, last.day, last.year) == (1, 1, 12, 31, day.year):
            return day.isoformat()[:4]
        return f"{day}–{last}"


def _next_month(first: date) -> date:
    return first.replace(month=first.month + 1) if first.month < 12 else date(min(first.year + 1, 9999), 1, 1)


_YEARS = range(1900, 2200)
"""Years that four digits alone are; others are a number."""

_YEAR = re.compile(r"(\d{4})年?", re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:[-/.](\d{1,2})|年 ?(\d{1,2})月)", re.ASCII)
_UNITS = {
    **dict.fromkeys(("mo", "month", "months", "月", "个月"), "month"),
    **dict.fromkeys(("y", "year", "years", "年"), "year"),
    **dict.fromkeys(("d", "day", "days", "天", "日"), "d"),
    **dict.fromkeys(("w", "week", "weeks", "周", "星期", "个星期"), "w"),
    **dict.fromkeys(("h", "hour", "hours", "小时", "个小时"), "h"),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "分钟"), "min"),
}
_COUNTED = re.compile(
    rf"([+-]?) ?(\d{{1,4}}) ?({'|'.join(sorted(_UNITS, key=len, reverse=True))})(前|之前|以前|后|之后| ago)?", re.ASCII
)
_AFTER = ("后", "之后")


@cache
def _named() -> dict[str, tuple[str, int]]:
    """Names of spans to their unit, and how many of it they are ahead."""
    named = {"今年": ("year", 0), "去年": ("year", -1), "前年": ("year", -2), "明年": ("year", 1), "后年": ("year", 2)}
    for unit, word in (("week", "周"), ("week", "星期"), ("month", "月")):
        for ahead, ways in enumerate((("上", "上个"), ("本", "这", "这个"), ("下", "下个")), -1):
            named.update((f"{way}{word}", (unit, ahead)) for way in ways)
    for unit in ("week", "month", "year"):
        for ahead, way in enumerate(("last", "this", "next"), -1):
            named.update((f"{way}{gap}{unit}", (unit, ahead)) for gap in (" ", "-"))
    return named


SPAN_NAMES = ("this-week", "last-week", "this-month", "last-month", "this-year")
SPAN_NAMES_ZH = ("本周", "上周", "本月", "上月", "今年")
"""Those that are offered to whoever types."""


def read_span(text: str, now: datetime, zone: tzinfo | None = None) -> TimeSpan | None:
    """Return the span of time that all of `text` is by the clocks of `zone`; None where it is none.

    `now` has a zone. A `zone` of None is this machine's.
    """
    text = half_width(text).casefold()
    here = now.astimezone(zone)
    try:
        return (
            _year_or_month(text, zone)
            or _named_span(text, here.date(), zone)
            or _counted(text, here, zone)
            or _day_or_minute(text, here, zone)
        )
    except (ValueError, OverflowError):  # a 13th month, or an end of the calendar
        return None


def _year_or_month(text: str, zone: tzinfo | None) -> TimeSpan | None:
    if (found := _YEAR.fullmatch(text)) and int(found[1]) in _YEARS:
        return _whole("year", date(int(found[1]), 1, 1), zone)
    if found := _MONTH.fullmatch(text):
        return _whole("month", date(int(found[1]), int(found[2] or found[3]), 1), zone)
    return None


def _named_span(text: str, today: date, zone: tzinfo | None) -> TimeSpan | None:
    if text not in _named():
        return None
    unit, ahead = _named()[text]
    if unit == "week":
        return _whole(unit, today - timedelta(days=today.weekday() - 7 * ahead), zone)
    first = today.replace(day=1) if unit == "month" else today.replace(month=1, day=1)
    return _whole(unit, _moved(first, unit, ahead), zone)


def _counted(text: str, now: datetime, zone: tzinfo | None) -> TimeSpan | None:
    found = _COUNTED.fullmatch(text)
    if found is None or (found[1] and found[4]):
        return None
    ahead = found[1] == "+" or found[4] in _AFTER
    count = int(found[2]) if ahead else -int(found[2])
    match _UNITS[found[3]]:
        case "h" | "min" as unit:
            ahead_by = timedelta(hours=count) if unit == "h" else timedelta(minutes=count)
            return _minute((now.astimezone(UTC) + ahead_by).astimezone(zone))
        case "d" | "w" as unit:
            day = now.date() + timedelta(days=count if unit == "d" else 7 * count)
        case unit:
            day = _moved(now.date(), unit, count)
    return _whole("day", day, zone)


def _day_or_minute(text: str, now: datetime, zone: tzinfo | None) -> TimeSpan | None:
    if day := read_day(text, now):
        return _whole("day", day, zone)
    moment = read_moment(text, now, zone)
    if moment is None:
        return None
    return TimeSpan(moment, moment + timedelta(seconds=1)) if moment.second else _minute(moment)


def _minute(moment: datetime) -> TimeSpan:
    start = moment.replace(second=0, microsecond=0)
    return TimeSpan(start, start + timedelta(minutes=1))


def _whole(unit: str, first: date, zone: tzinfo | None) -> TimeSpan:
    """Return the `unit` that begins with the day `first`."""
    match unit:
        case "day":
            after = first + timedelta(days=1) if first < date.max else None
        case "week":
            after = first + timedelta(days=7)
        case _:
            after = None if (unit, first.year, first.month) in _LAST else _moved(first, unit, 1)
    return TimeSpan(_midnight(first, zone), None if after is None else _midnight(after, zone))


_LAST = (("year", 9999, 1), ("month", 9999, 12))
"""After them the calendar ends."""


def _moved(day: date, unit: str, count: int) -> date:
    """Return `day` so many months or years on; the last of the month where that has fewer days.

    Raises: ValueError, where the calendar has no such day.
    """
    months = day.year * 12 + day.month - 1 + (count if unit == "month" else 12 * count)
    first = date(months // 12, months % 12 + 1, 1)
    for last in range(day.day, 0, -1):
        try:
            return first.replace(day=last)
        except ValueError:
            continue
    raise ValueError(day)


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    """Return the first moment of `day` by the clocks of `zone`."""
    naive = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # it gets its zone at once
    return naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
