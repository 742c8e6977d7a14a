"""A customer's fields as values: reading one by its code, comparing, merging, keeping as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from tui.client.models import LANDLINE, Contact, Customer, FieldSpec, FieldType, FieldValue, FieldValues
from tui.desk.outcome import Conflict, FieldChange, FieldConflict
from tui.desk.texts import texts
from tui.model.characters import normal

_PHONE_NOISE = re.compile(r"[\s()./-]+")
_DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)? ?(Z|[+-]\d{2}:?\d{2})?)?"
)

_CHINA = timezone(timedelta(hours=8))
"""Where a vendor's time is from that names no zone (vendor-docs/README.md)."""


def value_of(customer: Customer, code: str) -> FieldValue:
    """CUSTOMER's value of the field CODE; the empty string where it has none."""
    match code:
        case "name" | "company" | "owner" | "description":
            return str(getattr(customer, code))
        case "phones" | "emails" | "wechat" | "qq":
            contacts: tuple[Contact, ...] = getattr(customer, code)
            return contacts
        case "email":
            return customer.emails[0].value if customer.emails else ""
        case "phone" | "telephone":
            wanted = code == "telephone"
            return next((row.value for row in customer.phones if (row.memo == LANDLINE) is wanted), "")
        case "tags":
            return tuple(tag.name for tag in customer.tags)
        case _:
            return next((custom.value for custom in customer.custom if custom.code == code), "")


def _plain(text: str) -> str:
    """TEXT without what a vendor or a keyboard may vary: width, spaces, the spelling of a date."""
    text = normal(text)
    return _date(text) or text


def _date(text: str) -> str:
    """TEXT, all of it a date or a moment, in the one spelling, moments as China's clocks show them; else empty."""
    date = _DATE.fullmatch(text)
    if date is None:
        return ""
    year, month, day, hour, minute, second, zone = date.groups()
    spelled = f"{year}-{int(month):02}-{int(day):02}"
    if hour is None:
        return spelled
    spelled += f" {int(hour):02}:{minute}:{second or '00'}"
    try:
        return f"{datetime.fromisoformat(spelled + (zone or '+08:00')).astimezone(_CHINA):%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError):  # the 31st of February, or 25 o'clock
        return text


def normalised(value: FieldValue) -> object:
    """VALUE in a form that is equal for values which mean the same; lists lose their order, contacts their spelling."""
    if isinstance(value, str):
        return _plain(value)
    return _items(value) or ""


def _items(value: Iterable[str | Contact]) -> frozenset[object]:
    return frozenset(map(_item, value))


def _item(item: str | Contact) -> object:
    if isinstance(item, Contact):
        return _PHONE_NOISE.sub("", _plain(item.value)), _plain(item.memo)
    return _plain(item)


def same(one: FieldValue, other: FieldValue) -> bool:
    """Whether both mean the same; an empty list is as empty as an empty text."""
    if isinstance(one, tuple) != isinstance(other, tuple):
        one, other = (as_tuple(one), as_tuple(other))
    return normalised(one) == normalised(other)


def identical(one: FieldValue, other: FieldValue) -> bool:
    """Whether both are written alike, so that there is nothing to send: outer spaces aside, and a date's spelling."""
    if isinstance(one, tuple) != isinstance(other, tuple):
        one, other = (as_tuple(one), as_tuple(other))
    return _written(one) == _written(other)


def _written(value: FieldValue) -> object:
    if isinstance(value, str):
        return _date(value.strip()) or value.strip()
    return [(item.value.strip(), item.memo.strip()) if isinstance(item, Contact) else _written(item) for item in value]


def as_tuple(value: FieldValue) -> tuple[str, ...] | tuple[Contact, ...]:
    """VALUE as a list, for a field that a vendor gives now as one value and now as a list of one."""
    if isinstance(value, str):
        return (value,) if value else ()
    return value


def changes(
    before: Customer,
    values: FieldValues,
    specs: Iterable[FieldSpec] = (),
    *,
    equal: Callable[[FieldValue, FieldValue], bool] = same,
) -> tuple[FieldChange, ...]:
    """What VALUES change on BEFORE. `drops` is what BEFORE has in a list and the new value has not.

    EQUAL: what is no change; an agent who corrects a space or an order means it (`identical`), a vendor does not.
    """
    known = {spec.code: spec for spec in specs}
    found = []
    for code, after in values.items():
        old = value_of(before, code)
        if equal(old, after):
            continue
        spec = known.get(code)
        cascade = spec is not None and spec.type is FieldType.CASCADE
        drops = _dropped(old, after, spec) if isinstance(old, tuple) and not cascade else ()
        found.append(FieldChange(code, label_of(before, code, spec), old, after, drops))
    return tuple(found)


def _dropped(there: FieldValue, after: FieldValue, spec: FieldSpec | None) -> tuple[str, ...]:
    kept = _items(as_tuple(after))
    items: list[str | Contact] = [*as_tuple(there)]
    return tuple(text for item, text in zip(items, texts(there, spec), strict=True) if _item(item) not in kept)


def label_of(customer: Customer, code: str, spec: FieldSpec | None) -> str:
    """What a person calls the field."""
    if spec is not None:
        return spec.label
    return next((custom.label for custom in customer.custom if custom.code == code), code)


def values_of(customer: Customer, codes: Iterable[str]) -> dict[str, FieldValue]:
    """CUSTOMER's values of the fields CODES."""
    return {code: value_of(customer, code) for code in codes}


def conflict(was: FieldValues, theirs: Customer, mine: FieldValues, specs: Iterable[FieldSpec] = ()) -> Conflict:
    """MINE, typed over the values that the agent read, WAS, against the record as it is now, THEIRS.

    A field that only one side changed merges by itself; one that both changed to the same value is nothing to send.
    What somebody else only spelled another way is not changed; what the agent did is.
    """
    known = {spec.code: spec for spec in specs}
    clashes, clear = [], {}
    for code, wanted in mine.items():
        now = value_of(theirs, code)
        if identical(now, wanted):
            continue
        if same(was[code], now):
            clear[code] = wanted
        elif not same(now, wanted):
            clashes.append(FieldConflict(code, label_of(theirs, code, known.get(code)), was[code], now, wanted))
    return Conflict(tuple(clashes), theirs, clear)


def to_json(values: FieldValues) -> dict[str, Any]:
    """VALUES as plain JSON, for the outbox, the journal and drafts."""
    return {
        code: value
        if isinstance(value, str)
        else [item if isinstance(item, str) else item.model_dump() for item in value]
        for code, value in values.items()
    }


def from_json(values: Mapping[str, Any]) -> dict[str, FieldValue]:
    """What `to_json` made, as values again."""
    return {code: _value(value) for code, value in values.items()}


def _value(value: Any) -> FieldValue:
    if isinstance(value, str):
        return value
    if value and isinstance(value[0], dict):
        return tuple(Contact.model_validate(item) for item in value)
    return tuple(str(item) for item in value)
