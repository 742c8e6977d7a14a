"""Tests asked of a whole column: which of a block's customers are meant.

Each returns a mask: a byte for each customer, 1 for those who are. The same is said of one customer, in fewer words and
much more slowly, by `tui.model.query.meaning`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import partial
from itertools import chain
from math import inf

from tui.model.query.field_values import SortKey, sort_key, text_day, text_moment
from tui.model.query.meaning import in_numbers
from tui.model.query.tree import Below, Contains, Days, Equals, HasAny, Moments, Numbers, Test
from tui.store.packed_columns import (
    EARLIEST,
    SWAPPED,
    VALUE,
    MomentColumn,
    StoredColumn,
    TextColumn,
    combine,
    laid_over,
    united,
)

Flags = Sequence[bool]

_DAY = len("\x022024-11-20\x02")
_CLOCK = len("2024-11-20t14:02:05")
"""Characters of a moment before its zone."""

_AFTER_DAYS = ":"
"""Stands after all that begins with a digit."""

_ODD_NUMBER = re.compile(rf"[+-]? ?[\d,.]+(?:e[+-]?\d{{1,3}})?%?{VALUE}", re.ASCII)
"""What may be a number although it is not written plainly; most of what is none is told apart at once."""

_WALL = re.compile(rf"{VALUE}\d{{4}}-\d\d-\d\dt\d\d:\d\d:\d\d", re.ASCII)
_OFFSET = re.compile(r"t([+-])(\d\d):?(\d\d)", re.ASCII)


def mask_of(tests: Sequence[Test], column: StoredColumn) -> bytes | None:
    """Return the mask of those in `column` of whom one of `tests` is true; None for nobody."""
    if isinstance(column, TextColumn):
        return _any(_texts(test, column) for test in tests)
    return _any(_moments(test, column) for test in tests) if isinstance(column, MomentColumn) else None


def _any(masks: Iterable[bytes | None]) -> bytes | None:
    found = None
    for mask in masks:
        if mask is not None:
            found = mask if found is None else united(found, mask)
    return found


def _moments(test: Test, column: MomentColumn) -> bytes | None:
    match test:
        case HasAny():
            return column.from_on(None)
        case Moments(start, None):
            return column.from_on(start)
        case Moments(start, int(end)):
            return laid_over(column.from_on(start), column.from_on(end).translate(SWAPPED))
        case _:
            return None


def _texts(test: Test, column: TextColumn) -> bytes | None:
    match test:
        case HasAny():
            return column.present()
        case Contains(piece):
            return column.having(piece)
        case Equals(wanted):
            return _any(column.having(combine([text])) for text in wanted)
        case Below(paths):
            beginnings = tuple(chain.from_iterable(map(_beginnings, paths)))
            return column.mask([text.startswith(beginnings) for text in column.texts])
        case Numbers():
            return _numbers(test, column)
        case Days():
            return column.mask(_days(test, column))
        case Moments():
            return column.mask(_text_moments(test, column))


def _beginnings(path: Sequence[frozenset[str]]) -> Sequence[str]:
    """How texts begin that begin with `path`: each level by its key or its label."""
    ways = [VALUE]
    for level in path:
        ways = [f"{way}{name}{VALUE}" for way in ways for name in level]
    return ways


def _each(holds: Callable[[str], bool], column: TextColumn) -> Flags:
    """Return of each of a column's texts whether `holds` is true of one of its values."""
    return [any(map(holds, text[1:-1].split(VALUE))) for text in column.texts]


def _numbers(test: Numbers, column: TextColumn) -> bytes | None:
    """Plain numbers stand first, in their order: those between two are looked for by halving, and only at the two are
    they compared exactly. All else is looked at one by one."""
    if not column.is_single:
        return column.mask(_each(partial(in_numbers, test), column))
    texts = column.texts
    plain = bisect_left(texts, 1, key=lambda text: _key(text)[0])
    low = -inf if test.low is None else float(test.low)
    high = inf if test.high is None else float(test.high)
    at_low = bisect_left(texts, low, hi=plain, key=_float)
    after_low = bisect_right(texts, low, lo=at_low, hi=plain, key=_float)
    at_high = max(after_low, bisect_left(texts, high, lo=at_low, hi=plain, key=_float))
    after_high = max(at_high, bisect_right(texts, high, lo=at_low, hi=plain, key=_float))
    odd = (number for number in range(plain, column.count) if _ODD_NUMBER.fullmatch(texts[number], 1))
    doubtful = (*range(at_low, after_low), *range(at_high, after_high), *odd)
    sure = range(after_low, at_high)
    return column.of((*sure, *(number for number in doubtful if in_numbers(test, texts[number][1:-1]))))


def _key(text: str) -> SortKey:
    """Of a text with one value, what it is ordered by; how it is spelt tells nothing here."""
    return sort_key((text[1:-1],), "")


def _float(text: str) -> float:
    return _key(text)[1]


def _days(test: Days, column: TextColumn) -> Flags:
    start, end = test.start, test.end or _AFTER_DAYS
    if column.is_single:
        return [
            start <= text[1:11] < end and text[5:6] == "-" == text[8:9] and len(text) >= _DAY for text in column.texts
        ]
    return _each(lambda text: bool(day := text_day(text)) and start <= day < end, column)


def _text_moments(test: Moments, column: TextColumn) -> Flags:
    zones = {text[11:12] + text[1 + _CLOCK : -1] for text in column.texts}
    if len(zones) == 1 and column.is_single and (zone := _zone_of(zones.pop())) is not None:
        # All are of one zone: they need not be read to be compared.
        try:
            low = "" if test.start is None else _wall(test.start, zone)
            high = _AFTER_DAYS if test.end is None else _wall(test.end, zone)
        except (OverflowError, ValueError, OSError):  # no calendar has it
            pass
        else:
            return [low <= text[1 : 1 + _CLOCK] < high and bool(_WALL.match(text)) for text in column.texts]
    start = EARLIEST if test.start is None else test.start
    end = -EARLIEST if test.end is None else test.end
    return _each(lambda text: (moment := text_moment(text)) is not None and start <= moment < end, column)


def _zone_of(rest: str) -> tzinfo | None:
    """Return the zone that stands after a moment in a column; None where something else does."""
    if rest == "tz":
        return UTC
    found = _OFFSET.fullmatch(rest)
    if found is None:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == "-" else offset)


def _wall(moment: int, zone: tzinfo) -> str:
    """Return what the clocks of `zone` show at `moment`, as a column has it."""
    return datetime.fromtimestamp(moment, zone).replace(tzinfo=None).isoformat("t", "seconds")
