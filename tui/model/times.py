"""Times and dates, read one way wherever people, spreadsheets and vendors write them: argument, file, form, query.

- A date: `2024-11-20`, `2024/11/20`, `2024.11.20`, `2024年11月20日`, `20241120`.
- A day by its name: `today`, `yesterday`, `tomorrow`, `今天`, `昨天`, `前天`, `明天`, `后天`; `+3d`, `-1w`, `3天前`.
- A weekday: `周五` and `friday` are the next one to come, today counted; `下周一`, `next monday`, `上周日` and `本周三`
  are of that week, which begins on a Monday.
- A time of day: `14:02`, `14:02:05`, `14时02分`, `9点半`, `下午3点`, `3:30 pm`. Alone it is today's.
- Both, parted by a space or a `T`: `昨天 14:02`, `今晚8点`, `2024-11-20T14:02:00+08:00`, with the zones of ISO 8601.
- Counted from now: `now`, `现在`, `-2h`, `+30m`, `30分钟前`, `2 hours ago`, `半小时后`.
- Digits alone: `202411201402`, `20241120140200`; seconds and milliseconds since 1970.

Digits alone are a count since 1970 only where that gives a year from `FIRST_EPOCH_YEAR` to the next one. Any other
number, such as a phone's, a spreadsheet's own number of a day (45616.58) or the -1 by which programs say that there is
none, is no time: nobody can tell what it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from typing import NamedTuple

from tui.model.half_width import half_width

CHINA = timezone(timedelta(hours=8))
"""The zone of every vendor time that names none; China has had no summer time since 1991."""

FIRST_EPOCH_YEAR = 2000
"""No vendor kept anything before."""

_YEARS = range(2, 9999)
"""Years whose moments can be told in every zone; the calendar's two ends have no room for one."""

_COMPACT_YEARS = range(1900, 2200)
"""Years of a date that is digits alone: beyond them it is some other number."""

_DAYS = {
    "today": 0, "今天": 0, "今日": 0, "yesterday": -1, "昨天": -1, "昨日": -1, "前天": -2, "大前天": -3,
    "tomorrow": 1, "明天": 1, "明日": 1, "后天": 2, "大后天": 3,
}  # fmt: skip
_WEEKDAYS = {
    **{f"{week}{day}": number for week in ("周", "星期", "礼拜") for number, day in enumerate("一二三四五六日")},
    **dict.fromkeys(("周天", "星期天", "礼拜天"), 6),
    **{name[:length]: number for number, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")) for length in (3, len(name))},
}  # fmt: skip
_WEEKS = {
    "上上": -2, "上上个": -2, "上": -1, "上个": -1, "last ": -1, "本": 0, "这": 0, "这个": 0, "this ": 0,
    "下": 1, "下个": 1, "next ": 1, "下下": 2, "下下个": 2,
}  # fmt: skip
_PARTS_OF_DAYS = {"今早": "今天早上", "今晚": "今天晚上", "昨晚": "昨天晚上", "明早": "明天早上", "明晚": "明天晚上"}
_NOW = frozenset({"now", "just now", "现在", "刚才", "刚刚", "此刻"})

_MORNING = {hour: hour % 12 for hour in range(13)}
_NOON = {11: 11, 12: 12, 1: 13, 2: 14, 13: 13, 14: 14}
_AFTERNOON = {hour: hour % 12 + 12 for hour in range(1, 24)}
_EVENING = {hour: hour % 12 + 12 for hour in (*range(5, 12), *range(17, 24))}
"""Hours as people say them, as a clock of 24 hours shows them. 晚上12点 and 晚上1点 are of no one day."""
_HALVES = {
    **dict.fromkeys(("上午", "早上", "清晨", "凌晨", "am", "a.m."), _MORNING),
    **dict.fromkeys(("下午", "傍晚", "pm", "p.m."), _AFTERNOON),
    "中午": _NOON,
    "晚上": _EVENING,
}

_UNITS = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "分", "分钟"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hour", "hours", "小时", "个小时", "钟头"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days", "天"), timedelta(days=1)),
    **dict.fromkeys(("w", "week", "weeks", "周", "个星期", "星期"), timedelta(weeks=1)),
}
_A_DAY = timedelta(days=1)


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(filter(None, words), key=len, reverse=True)))


_SHIFT = rf"(?P<sign>[+-]) ?(?P<count>\d{{1,4}}) ?(?P<unit>{_any(_UNITS)})"
_AGO = rf"(?P<ago_count>\d{{1,4}}|半) ?(?P<ago_unit>{_any(_UNITS)}) ?(?P<ago>ago|later|之?前|之?后|以前|以后)"
_DATE = (
    r"(?P<year>\d{4})(?:(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    r"| ?年 ?(?P<month_1>\d{1,2}) ?月 ?(?P<day_1>\d{1,2}) ?[日号]?|(?P<month_2>\d\d)(?P<day_2>\d\d))"
)
_HALF = rf"(?P<half>{_any(_HALVES)})"
_CLOCK = (
    r"(?P<hour>\d{1,2})(?:"
    r":(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r"|[时点](?:(?P<quarter>半|整|一刻|三刻)|钟|(?P<minute_1>\d{1,2})分?(?:(?P<second_1>\d{1,2})秒)?)?"
    r"|(?= ?[ap]\.?m))"
    r"|(?P<hour_2>\d\d)(?P<minute_2>\d\d)(?P<second_2>\d\d)?"
)
_ZONE = r"(?P<zone>z|utc|gmt)|(?:utc|gmt)?(?P<east>[+-])(?P<zone_hours>\d\d?):?(?P<zone_minutes>\d\d)?"
_GAP = r"(?: |t|(?<=[日号天前后一二三四五六])|(?=[上下中晚凌早清傍]))"

_WHOLE = (
    rf"(?:(?P<named>{_any(_DAYS)})|(?P<week>{_any(_WEEKS)})?(?P<weekday>{_any(_WEEKDAYS)})|{_SHIFT}|{_AGO}|{_DATE})?"
    rf"(?P<clocked>(?:^|{_GAP})(?:{_HALF} ?)?(?:{_CLOCK})(?: ?(?P<half_1>[ap]\.?m\.?))?(?: ?(?:{_ZONE}))?)?"
)
_QUARTERS = {"半": 30, "整": 0, "一刻": 15, "三刻": 45}
_DIGITS = re.compile(r"(\d+)(?:\.0*)?", re.ASCII)


@cache
def _whole() -> re.Pattern[str]:
    """All of it as one pattern; compiling it takes 3 ms, which the first frame does not wait for."""
    return re.compile(_WHOLE, re.ASCII)


def read_moment(text: str, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """Return the moment that all of `text` is, with a zone; None where it is none, or nobody can tell which.

    `now` has a zone. `zone` is that of a text which names none; None is this machine's. A date alone is its first
    moment. Of a time that the clocks show twice, in autumn, it is the first; one that they pass over is none.
    """
    text = _plain(text)
    if (found := _DIGITS.fullmatch(text)) and (moment := _counted(found[1], now)):
        return moment
    if len(text) in (12, 14) and text.isdecimal():
        text = f"{text[:8]} {text[8:]}"
    here = now.astimezone(zone)
    if text in _NOW:
        return here.replace(second=0, microsecond=0)
    match = _whole().fullmatch(text) if text else None
    try:
        return _moment(match, here, zone) if match else None
    except (ValueError, LookupError, OverflowError):  # a 31st of February, a 25th hour, or an end of the calendar
        return None


def read_day(text: str, now: datetime) -> date | None:
    """Return the date that all of `text` is; None where it is none. `now` is by the clock whose today is meant.

    A time of day is no part of a date, but for the midnight that spreadsheets and vendors add.
    """
    text = _plain(text)
    if text.isdecimal() and len(text) > len("20241120"):
        return None
    match = _whole().fullmatch(text) if text else None
    try:
        if match is None or (match["clocked"] and (_clock(match) != time() or not match["year"])):
            return None
        return _day(match, now)
    except (ValueError, LookupError, OverflowError):
        return None


class DayOrMoment(NamedTuple):
    """A day, or a moment of one."""

    at: datetime
    """With a zone; of a day its first moment."""
    whole_day: bool


def read_day_or_moment(text: str, now: datetime, zone: tzinfo | None = None) -> DayOrMoment | None:
    """Return the day, or the moment, that all of `text` is; None where it is neither.

    `now` has a zone; `zone` is that of the clock that is meant, None is this machine's. What is counted in days is a
    day: `+3d` is no time of day, `+2h` is one.
    """
    day = read_day(text, now.astimezone(zone))
    if day is not None:
        return DayOrMoment(first_moment(day, zone), True) if day.year in _YEARS else None
    moment = read_moment(text, now, zone)
    return None if moment is None else DayOrMoment(moment, False)


def first_moment(day: date, zone: tzinfo | None = None) -> datetime:
    """Return the moment at which `day` begins by the clocks of `zone`; None is this machine's."""
    midnight = datetime.combine(day, time())
    return midnight.astimezone() if zone is None else midnight.replace(tzinfo=zone)


def normal_day(text: str) -> str | None:
    """Return the date that all of `text` is by this machine's clock, as it is kept and sent; None where it is none."""
    day = read_day(text, datetime.now().astimezone())
    return None if day is None else day.isoformat()


def normal_clock(text: str) -> str | None:
    """Return the moment that all of `text` is as this machine's clock shows it; None where it is none."""
    moment = read_moment(text, datetime.now().astimezone())
    return None if moment is None else shown_clock(moment)


def normal_day_or_moment(text: str) -> str | None:
    """Return the day, or the moment, that all of `text` is by this machine's clock; None where it is neither."""
    found = read_day_or_moment(text, datetime.now().astimezone())
    return None if found is None else shown_day_or_moment(found)


def shown_day_or_moment(when: DayOrMoment) -> str:
    """Return `when` as this machine's clock shows it: `2024-11-20` or `2024-11-20 14:02`."""
    return when.at.astimezone().date().isoformat() if when.whole_day else shown_clock(when.at)


def shown_clock(moment: datetime, *, seconds: bool = False) -> str:
    """Return `moment` as this machine's clock shows it: `2024-11-20 14:02`, with its `seconds` always, or where it has
    any.

    Of a time that the clocks show twice, the second has its offset: what is shown is read as the same moment again.
    """
    local = moment.astimezone().replace(microsecond=0)
    text = local.replace(tzinfo=None).isoformat(" ", "seconds" if seconds or local.second else "minutes")
    again = local.replace(tzinfo=None, fold=0).astimezone()
    return text if again == local else f"{text}{local:%z}"


def _plain(text: str) -> str:
    text = half_width(text).casefold()
    for word, words in _PARTS_OF_DAYS.items():
        if text.startswith(word):
            return words + text[len(word) :]
    return text


def _counted(digits: str, now: datetime) -> datetime | None:
    """The moment that is `digits` seconds (ten of them) or milliseconds (thirteen) after 1970 began."""
    if len(digits) not in (10, 13):
        return None
    moment = datetime.fromtimestamp(int(digits[:10]), UTC) + timedelta(milliseconds=int(digits[10:] or 0))
    return moment if FIRST_EPOCH_YEAR <= moment.year <= now.year + 1 else None


def _moment(match: re.Match[str], now: datetime, zone: tzinfo | None) -> datetime | None:
    shift = _shift(match)
    if shift is not None and not match["clocked"]:
        if shift % _A_DAY:
            return (now.astimezone(UTC) + shift).astimezone(zone).replace(second=0, microsecond=0)
        return _placed((now.replace(tzinfo=None) + shift).replace(second=0, microsecond=0), zone)
    day = _day(match, now)
    if day is None or day.year not in _YEARS or (match["hour_2"] and not match["year"]):
        return None
    return _placed(datetime.combine(day, _clock(match)), _zone(match) or zone)


def _placed(local: datetime, zone: tzinfo | None) -> datetime | None:
    """The moment at which the clocks of `zone` show `local`; None where they never do."""
    moment = local.astimezone() if zone is None else local.replace(tzinfo=zone)
    return moment if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local else None


def _shift(match: re.Match[str]) -> timedelta | None:
    """How far from now; None where it is not counted from there."""
    if match["sign"]:
        count = int(match["count"]) * _UNITS[match["unit"]]
        return -count if match["sign"] == "-" else count
    if match["ago"]:
        unit = _UNITS[match["ago_unit"]]
        count = unit / 2 if match["ago_count"] == "半" else int(match["ago_count"]) * unit
        return -count if match["ago"].endswith(("ago", "前")) else count
    return None


def _day(match: re.Match[str], now: datetime) -> date | None:
    """The day that is named; today where only a time of day is. None where it is hours that are counted."""
    shift = _shift(match)
    if shift is not None:
        return None if shift % _A_DAY else now.date() + shift
    if match["weekday"]:
        ahead = _WEEKDAYS[match["weekday"]] - now.weekday()
        return now.date() + timedelta(days=ahead + 7 * _WEEKS[match["week"]] if match["week"] else ahead % 7)
    if match["year"] is None:
        return now.date() + timedelta(days=_DAYS[match["named"] or "today"])
    year, month, day = (int(_either(match, name)) for name in ("year", "month", "day"))
    if match["month_2"] and year not in _COMPACT_YEARS:
        return None
    return date(year, month, day)


def _clock(match: re.Match[str]) -> time:
    """The time of day that is named; midnight where none is.

    Raises: ValueError, or LookupError, where there is no such time.
    """
    if not match["clocked"]:
        return time()
    hour, minute, second = (int(_either(match, name) or 0) for name in ("hour", "minute", "second"))
    for half in filter(None, (match["half"], match["half_1"])):
        hour = _HALVES[half][hour]
    return time(hour, _QUARTERS.get(match["quarter"], minute), second)


def _zone(match: re.Match[str]) -> tzinfo | None:
    if match["zone"]:
        return UTC
    if match["east"]:
        offset = timedelta(hours=int(match["zone_hours"]), minutes=int(match["zone_minutes"] or 0))
        return timezone(-offset if match["east"] == "-" else offset)
    return None


def _either(match: re.Match[str], name: str) -> str:
    """The part `name`, whichever way it is written; empty where it is not."""
    return next((found for key in (name, f"{name}_1", f"{name}_2") if (found := match.groupdict().get(key))), "")


def iso_time(moment: datetime) -> str:
    """Return `moment` as a field's value: ISO 8601, in the vendors' zone."""
    return moment.astimezone(CHINA).isoformat()
