"""Tolerant readers of vendor JSON, shared by the dialects.

A vendor sends a number where its page says text, the other way round, null, or nothing. These readers give what a
person can still use, and never raise for one bad value. What must be there for the answer to mean anything at all is
asked for with `required_list` and `required_object`, which raise a `ProtocolError`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, UTC, datetime, time, tzinfo
from typing import Any

from tui.model.characters import normal
from tui.model.choices import read_flag
from tui.model.customer import Customer
from tui.model.errors import N_, ProtocolError
from tui.model.times import CHINA

WAIT_OR_ASK = N_("Try again later; if it stays so, tell the vendor's support.")
"""What to do about an answer that is none."""

ANOTHER = N_("the answer is about another customer than {key}")
"""Told of an answer whose record has another id than the one that was asked for."""

Record = Mapping[str, Any]
"""A JSON object as a vendor sent it."""

EXACT = 2**53
"""Below it every whole number has a JSON number with a point that is exactly it."""

FIRST_COUNTED = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
LAST_COUNTED = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
"""Between them a count since 1970 is believed: no customer was added to these vendors in the last century, and a count
that says so is one of something else."""

_COUNT = re.compile(r"\d+(?:\.\d+)?")
_SPELT = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[Tt ] ?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)? ?([Zz]|[+-]\d{2}:?\d{2}|[+-]\d{2})?(?:\[[\w/+-]+\])?)?"
)
"""A date, with a time and its zone or without, as ISO 8601 has it and as programs vary it."""

_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?")


def text_of(value: object) -> str:
    """`value` as text: null is empty, a whole number has no point, a list or object is its JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)


def id_of(value: object) -> str | None:
    """Return `value` as an id: text that is not empty, or a whole number however long; None for all else.

    A number with a point, such as 6.85775343058800640E17, has lost its last digits: it is nobody's id.
    """
    if isinstance(value, float) and abs(value) >= EXACT:
        return None
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return text_of(value) or None
    return None


def whole_of(value: object) -> int | None:
    """`value` as a whole number, where it is one or is the text of one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    try:
        return int(value) if isinstance(value, str) else None
    except ValueError:
        return None


def count_of(value: object) -> int | None:
    """Return `value` as how many there are, where it is a whole number or the text of one.

    A vendor's -1 stands for no count, and so does a number over `EXACT`, which no program counts to.
    """
    number = whole_of(value)
    return number if number is not None and 0 <= number < EXACT else None


def flag_of(value: object) -> bool | None:
    """`value` as yes or no: a boolean, 0 or 1, or the text of one of these."""
    return read_flag(text_of(value))


def list_of(value: object) -> Sequence[Any]:
    """Return `value` as a list: nothing is empty, an object keyed by 0, 1, 2 … holds its items, and any other value
    stands for a list of it."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and all(key.isdecimal() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return () if value is None else (value,)


def records_of(value: object) -> list[Record]:
    """Return the JSON objects in a list; whatever else is in it stays in the customer's raw record alone."""
    return [item for item in list_of(value) if isinstance(item, dict)]


def time_of(value: object, zone: tzinfo = CHINA) -> datetime | None:
    """Return `value` as a time with a zone where it certainly is one; None where it is none, or stands for none.

    It may be text (`2023-06-26 23:18:43`, ISO 8601; in `zone` where it names none), or a count since 1970. What the
    count is of, its size tells, whatever a page documents: seconds, milliseconds, microseconds and nanoseconds of this
    century have no number in common. The calendar's first and last year stand for no time.
    """
    if isinstance(value, str):
        text = normal(value)
        return _counted(text) if _COUNT.fullmatch(text) else _spelt(text, zone)
    return _counted(value)


def _counted(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        count = float(value)
    except OverflowError:
        return None
    for ticks in (1, 10**3, 10**6, 10**9):
        if FIRST_COUNTED <= count / ticks < LAST_COUNTED:
            return datetime.fromtimestamp(count / ticks, UTC)
    return _spelt(text_of(value), CHINA) if _COMPACT.fullmatch(text_of(value)) else None


def _spelt(text: str, zone: tzinfo) -> datetime | None:
    found = _SPELT.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = (*found.groups(""), "", "")[:8]
    if int(year) in (MINYEAR, MAXYEAR):
        return None
    clock = f"{int(hour or 0):02}:{minute or '00'}:{second or '00'}.{(fraction or '0')[:6]:0<6}"
    try:
        moment = datetime.fromisoformat(f"{year}-{int(month):02}-{int(day):02}T{clock}{offset.upper()}")
    except ValueError:
        return None  # no such day, or no such hour
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def day_of(value: object) -> str:
    """Return `value` as an ISO date where it is the beginning of a day in China, or a day alone; else nothing."""
    moment = time_of(value)
    local = moment.astimezone(CHINA) if moment else None
    return local.date().isoformat() if local and local.time() == time() else ""


def required_object(answer: Record, key: str) -> Record:
    """The JSON object at `key` of an answer.

    Raises: ProtocolError where there is none.
    """
    value = answer.get(key)
    if not isinstance(value, dict):
        raise ProtocolError(N_("the answer has no object {key!r}"), todo=WAIT_OR_ASK, key=key)
    return value


def required_list(answer: Record, key: str) -> list[Any]:
    """The JSON list at `key` of an answer.

    Raises: ProtocolError where there is none: nothing in place of a list is never an empty list.
    """
    value = answer.get(key)
    if not isinstance(value, list):
        raise ProtocolError(N_("the answer has no list {key!r}"), todo=WAIT_OR_ASK, key=key)
    return value


def listed(answer: Record, key: str, total: int | None, before: int, *id_keys: str) -> Sequence[Any]:
    """Return the records at `key` of a page before which the list has `before` others, and which has `total` in all.

    Nothing in place of a list, which many programs write for an empty one, is one where nobody is missing from it. A
    single record that has an id under one of `id_keys`, and an object keyed by 0, 1, 2 …, hold what a list would.

    Raises: ProtocolError where there is no list, and the vendor counts customers that would be on it.
    """
    value = answer.get(key)
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and value and (all(map(str.isdecimal, value)) or any(map(value.get, id_keys))):
        return list_of(value)
    unknown = total is None or total < 0
    nobody_missing = (unknown and key in answer) or (not unknown and (total or 0) <= before)
    if not value and nobody_missing:
        return ()
    return required_list(answer, key)


def read_customers(
    records: Sequence[object], read: Callable[[Record], Customer], *id_keys: str
) -> tuple[Customer, ...]:
    """Return every record of a page: `read` makes a customer of a JSON object that has an id under one of `id_keys`.

    A record of the wrong type, or without an id, is `unreadable`; the others are there.
    """
    return tuple([_read_one(record, read, id_keys) for record in records])


def _read_one(record: object, read: Callable[[Record], Customer], id_keys: Sequence[str]) -> Customer:
    if isinstance(record, dict) and any(id_of(record.get(key)) for key in id_keys):
        try:
            return read(record)
        except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError):
            pass  # a kind of oddness that no reader knows yet costs this record, and not the page
    return unreadable(record, *id_keys)


def unreadable(record: object, *id_keys: str) -> Customer:
    """A record that is no customer, with its id where one can be found: under one of `id_keys`, or as itself."""
    if not isinstance(record, dict):
        return Customer(id=id_of(record) or "", raw={"record": record}, unreadable=True)
    found = (id_of(record.get(key)) for key in id_keys)
    return Customer(id=next(filter(None, found), ""), raw=record, unreadable=True)
