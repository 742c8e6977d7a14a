"""A customer's fields as values: reading one by its code, comparing, merging, keeping as JSON."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from tui.client.models import LANDLINE, Contact, Customer, FieldSpec, FieldType, FieldValue, FieldValues
from tui.desk.outcome import Conflict, FieldChange, FieldConflict
from tui.desk.texts import texts

_PHONE_NOISE = re.compile(r"[\s()./-]+")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?)?(.*)")


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
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    if date := _DATE.fullmatch(text):
        year, month, day, hour, minute, second, zone = date.groups()
        text = f"{year}-{int(month):02}-{int(day):02}"
        if hour is not None:
            text += f" {int(hour):02}:{minute}:{second or '00'}{zone.strip()}"
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


def as_tuple(value: FieldValue) -> tuple[str, ...] | tuple[Contact, ...]:
    """VALUE as a list, for a field that a vendor gives now as one value and now as a list of one."""
    if isinstance(value, str):
        return (value,) if value else ()
    return value


def changes(
    before: Customer, values: FieldValues, specs: Iterable[FieldSpec] = (), current: Customer | None = None
) -> tuple[FieldChange, ...]:
    """What VALUES change on BEFORE. `drops` is what CURRENT, else BEFORE, has in a list and the new value has not."""
    known = {spec.code: spec for spec in specs}
    found = []
    for code, after in values.items():
        old = value_of(before, code)
        if same(old, after):
            continue
        spec = known.get(code)
        there = value_of(current, code) if current else old
        cascade = spec is not None and spec.type is FieldType.CASCADE
        drops = _dropped(there, after, spec) if isinstance(there, tuple) and not cascade else ()
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
    """
    known = {spec.code: spec for spec in specs}
    clashes, clear = [], {}
    for code, wanted in mine.items():
        now = value_of(theirs, code)
        if same(now, wanted):
            continue
        if same(was[code], now):
            clear[code] = wanted
        else:
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
