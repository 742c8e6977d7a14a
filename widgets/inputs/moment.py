"""Inputs of dates and times, as an agent types them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from widgets.inputs.line import TextInput
from widgets.inputs.words import ENGLISH, Words
from widgets.typed import narrow

Clock = Callable[[], datetime]
"""Tells the wall clock's time in the zone that the input speaks of."""

_DAYS = {"today": 0, "今天": 0, "tomorrow": 1, "明天": 1, "yesterday": -1, "昨天": -1, "后天": 2, "前天": -2}
_NOW = ("now", "现在")
_UNITS = {
    "d": timedelta(days=1),
    "天": timedelta(days=1),
    "w": timedelta(weeks=1),
    "周": timedelta(weeks=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
}
_SHIFT = re.compile(r"([+-]\d{1,4})([dwhm天周]?)", re.IGNORECASE | re.ASCII)
_DATE = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d\d)(\d\d))", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?", re.ASCII)


def local_now() -> datetime:
    """The computer's own wall clock."""
    return datetime.now().astimezone().replace(tzinfo=None)


def read_date(text: str, now: datetime) -> date | None:
    """The date that TEXT means: `2024-1-5`, `20240105`, `2024年1月5日`, `today`, `+3d`; None where it means none."""
    text = text.strip().lower()
    if text in _DAYS:
        return now.date() + timedelta(days=_DAYS[text])
    if shift := _SHIFT.fullmatch(text):
        unit = _UNITS[shift[2] or "d"]
        return (now + int(shift[1]) * unit).date() if unit >= timedelta(days=1) else None
    if match := _DATE.fullmatch(text):
        year, *rest = (int(part) for part in match.groups() if part and part.isdecimal())
        try:
            return date(year, *rest)
        except ValueError:  # a 13th month or a 31st of February
            return None
    return None


def read_time(text: str) -> time | None:
    """The time of day that TEXT means: `9:30`, `09:30:15`; None where it means none."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    try:
        hour, minute, second = (int(part) for part in match.groups(default="0"))
        return time(hour, minute, second)
    except ValueError:  # a 25th hour
        return None


class DateInput(TextInput):
    """A date; left, it is written `YYYY-MM-DD`."""

    def __init__(
        self,
        *,
        zone: str = "",
        clock: Clock = local_now,
        placeholder: str = "YYYY-MM-DD",
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """ZONE is shown beside the line; CLOCK tells what `today` and `now` are there."""
        super().__init__(placeholder=placeholder, suffix=zone, words=words, name=name, id=id, classes=classes)
        self._clock = clock

    def tidy(self, text: str) -> str:
        day = read_date(narrow(text), self._clock())
        return text.strip() if day is None else day.isoformat()

    def check(self, text: str) -> str | None:
        return self.words.not_date if read_date(text, self._clock()) is None else None


class DateTimeInput(DateInput):
    """A date with a time of day, `YYYY-MM-DD HH:MM`, with seconds where they were given.

    The value says nothing of a zone: it is the one that `zone` names beside the line.
    """

    def __init__(
        self,
        *,
        zone: str = "",
        clock: Clock = local_now,
        placeholder: str = "YYYY-MM-DD HH:MM",
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            zone=zone, clock=clock, placeholder=placeholder, words=words, name=name, id=id, classes=classes
        )

    def tidy(self, text: str) -> str:
        return self._read(text) or text.strip()

    def check(self, text: str) -> str | None:
        return None if self._read(text) else self.words.not_datetime

    def _read(self, typed: str) -> str | None:
        """The moment that TYPED means, written out. A date alone is its midnight, a time alone is today's."""
        now = self._clock()
        text = " ".join(narrow(typed).replace("T", " ").split())
        if text.lower() in _NOW:
            return now.strftime("%Y-%m-%d %H:%M")
        if shift := _SHIFT.fullmatch(text.lower()):
            return (now + int(shift[1]) * _UNITS[shift[2] or "d"]).strftime("%Y-%m-%d %H:%M")
        first, _, last = text.rpartition(" ")
        clock_time = read_time(last)
        day = read_date(text if clock_time is None else first or "today", now)
        if day is None:
            return None
        seconds = clock_time is not None and last.count(":") == 2
        return f"{day.isoformat()} {(clock_time or time()).isoformat('seconds' if seconds else 'minutes')}"
