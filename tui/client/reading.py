"""Tolerant readers of vendor JSON, shared by the dialects.

A vendor sends a number where its page says text, the other way round, null, or nothing. These readers give what a
person can still use, and never raise for one bad value. What must be there for the answer to mean anything at all is
asked for with `required_list` and `required_object`, which raise a `ProtocolError`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from tui.client.errors import N_, ProtocolError
from tui.client.models import Customer

WAIT_OR_ASK = N_("Try again later; if it stays so, tell the vendor's support.")
"""What to do about an answer that is none."""

Record = Mapping[str, Any]
"""A JSON object as a vendor sent it."""

CHINA = timezone(timedelta(hours=8))
"""The zone of every vendor time that names none; China has had no summer time since 1991."""


def text_of(value: object) -> str:
    """VALUE as text: null is empty, a whole number has no point, a list or object is its JSON."""
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
    """VALUE as an id: text that is not empty, or a whole number however long; None for all else."""
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return text_of(value) or None
    return None


def whole_of(value: object) -> int | None:
    """VALUE as a whole number, where it is one or is the text of one."""
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


def flag_of(value: object) -> bool | None:
    """VALUE as yes or no: a boolean, 0 or 1, or the text of one of these."""
    return {"true": True, "1": True, "false": False, "0": False}.get(text_of(value).strip().lower())


def list_of(value: object) -> Sequence[Any]:
    """VALUE as a list: null is empty, and a single value stands for a list of it."""
    if isinstance(value, list):
        return value
    return () if value is None else (value,)


def records_of(value: object) -> list[Record]:
    """The JSON objects in a list; whatever else is in it stays in the customer's raw record alone."""
    return [item for item in list_of(value) if isinstance(item, dict)]


def time_of(value: object, zone: tzinfo = CHINA) -> datetime | None:
    """VALUE as an aware time, where it is the text of one (`2023-06-26 23:18:43`, ISO 8601); ZONE if it names none.

    The calendar's first and last year stand for no time, and cannot be told in every zone.
    """
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if time.year in (MINYEAR, MAXYEAR):
        return None
    return time if time.tzinfo else time.replace(tzinfo=zone)


def iso_time(time: datetime) -> str:
    """TIME as a field's value: ISO 8601, in the vendors' zone."""
    return time.astimezone(CHINA).isoformat()


def time_of_ms(value: object) -> datetime | None:
    """VALUE as an aware time, where it is a count of milliseconds since 1970; 0 stands for none."""
    milliseconds = whole_of(value)
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds else None
    except (ValueError, OverflowError, OSError):
        return None


def required_object(answer: Record, key: str) -> Record:
    """The JSON object at KEY of an answer.

    Raises: ProtocolError where there is none.
    """
    value = answer.get(key)
    if not isinstance(value, dict):
        raise ProtocolError(N_("the answer has no object {key!r}"), todo=WAIT_OR_ASK, key=key)
    return value


def required_list(answer: Record, key: str) -> list[Any]:
    """The JSON list at KEY of an answer.

    Raises: ProtocolError where there is none: nothing in place of a list is never an empty list.
    """
    value = answer.get(key)
    if not isinstance(value, list):
        raise ProtocolError(N_("the answer has no list {key!r}"), todo=WAIT_OR_ASK, key=key)
    return value


def read_customers(
    records: Sequence[object], read: Callable[[Record], Customer], *id_keys: str
) -> tuple[Customer, ...]:
    """Every record of a page: READ makes a customer of a JSON object that has an id under one of ID_KEYS.

    A record of the wrong type, or without an id, is `unreadable`; the others are there.
    """
    return tuple(
        read(record)
        if isinstance(record, dict) and any(id_of(record.get(key)) for key in id_keys)
        else unreadable(record, *id_keys)
        for record in records
    )


def unreadable(record: object, *id_keys: str) -> Customer:
    """A record that is no customer, with its id where one can be found: under one of ID_KEYS, or as itself."""
    if not isinstance(record, dict):
        return Customer(id=id_of(record) or "", raw={"record": record}, unreadable=True)
    found = (id_of(record.get(key)) for key in id_keys)
    return Customer(id=next(filter(None, found), ""), raw=record, unreadable=True)
