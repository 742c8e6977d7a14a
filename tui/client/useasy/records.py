"""Useasy's customer records (page, sections 1 to 4): a record as a `Customer`, and a field's value in both directions.

How a tenant holds the value of a configured field is not on the page: what is written takes the shape of what was read
(`FieldEncoding`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from tui.client.field_encoding import FieldEncoding
from tui.client.json_values import Record, day_of, id_of, list_of, text_of, time_of
from tui.model.choices import find_choice, find_path, key_of, split_path
from tui.model.customer import Contact, Customer, CustomValue, FieldSpec, FieldType, FieldValue
from tui.model.errors import N_
from tui.model.field_names import custom_code, refusal
from tui.model.numbers import json_number, read_number
from tui.model.times import CHINA, iso_time
from tui.model.validate import texts_of

Specs = Mapping[str, FieldSpec]
"""Fields by the vendor's own name for them (`param`)."""

MOMENT = "%Y-%m-%d %H:%M:%S"
"""How the vendor writes a time, always China's."""

_SHOWN_ELSEWHERE = frozenset({"_id", "accountId", "createTime", "createAgent", "updateTime", "updateAgent"})
"""System keys that are no custom values: they are the customer's id and times, or stay in the raw record alone."""

_OWN = frozenset({"customerName", "mobile", "email", "qq", "wechat", "owner"})
"""Keys that have a place of their own in `Customer`."""


def read_customer(record: Record, specs: Specs, known_id: str = "") -> Customer:
    """The customer that `record` is; `known_id` stands in for an id that a partial answer leaves out.

    Every key that is neither the system's nor one of ours is a custom value, named by its param until `specs` are
    known.
    """
    return Customer(
        id=id_of(record.get("_id")) or known_id,
        name=text_of(record.get("customerName")),
        phones=_contacts(record.get("mobile")),
        emails=_contacts(record.get("email")),
        qq=_contacts(record.get("qq")),
        wechat=_contacts(record.get("wechat")),
        owner=text_of(record.get("owner")),
        custom=tuple(_custom(param, record[param], specs.get(param)) for param in _custom_params(record, specs)),
        created_at=time_of(record.get("createTime")),
        updated_at=time_of(record.get("updateTime")),
        raw=record,
    )


def _custom_params(record: Record, specs: Specs) -> Iterable[str]:
    """The record's custom keys: in the order of the configuration, then those it does not know."""
    params = [*(param for param in specs if param in record), *(param for param in record if param not in specs)]
    return (param for param in params if param not in _SHOWN_ELSEWHERE | _OWN)


def _custom(param: str, value: object, spec: FieldSpec | None) -> CustomValue:
    if spec is None:
        return CustomValue(code=custom_code(param), label=param, value=_plain(value))
    return CustomValue(code=spec.code, label=spec.label, value=read_value(value, spec))


def read_value(value: object, spec: FieldSpec) -> FieldValue:
    """`value` as `spec`'s field holds it: choices by their keys, whether the vendor sent keys or labels.

    What does not fit the field's type is shown as it came.
    """
    match spec.type:
        case _ if spec.contacts:
            return _contacts(value)
        case FieldType.CHOICE if not isinstance(value, list):
            return key_of(spec.choices, text_of(value))
        case FieldType.CHOICE | FieldType.CHOICES:
            return tuple(key_of(spec.choices, text) for text in _texts(value))
        case FieldType.CASCADE if spec.cascade:
            path = split_path(spec.cascade, value) if isinstance(value, str) else tuple(_texts(value))
            keys = tuple(node.key for node in find_path(spec.cascade, path))
            return keys + path[len(keys) :]
        case FieldType.DATETIME if moment := time_of(value):
            return iso_time(moment)
        case FieldType.DATE if day := day_of(value):
            return day
        case _:
            return _plain(value)


def write_value(value: FieldValue, spec: FieldSpec, encoding: FieldEncoding) -> object:
    """`value`, as `check_values` returns it, as the vendor takes it; what is empty clears the field.

    Contact rows are `{"value", "memo"}`, several choices and a cascade lists of keys, times China's. A choice is sent
    by its key, or by its label where the tenant's own records hold labels.

    Raises: InvalidError for a number that JSON cannot hold exactly, where the tenant's records hold numbers.
    """
    if spec.contacts:
        rows = [item if isinstance(item, Contact) else Contact(value=item) for item in _items(value)]
        return [{"value": row.value, "memo": row.memo} for row in rows]
    texts = [_wire_text(text, spec, encoding) for text in texts_of(value)]
    if spec.type is FieldType.CASCADE and spec.cascade:
        nodes = find_path(spec.cascade, texts)
        return [node.key for node in nodes]
    if spec.type is FieldType.CHOICES or spec.param in encoding.lists or len(texts) > 1:
        return texts
    text = texts[0] if texts else ""
    counts = spec.type in (FieldType.NUMBER, FieldType.PERCENT) and encoding.is_number(spec.param)
    return _wire_number(text, spec) if text and counts else text


def _wire_number(text: str, spec: FieldSpec) -> int | float:
    number = read_number(text)
    exact = None if number is None else json_number(number)
    if exact is None:
        raise refusal(spec, N_("{name} cannot hold {found} exactly"), todo=N_("Write fewer digits."), found=text)
    return exact


def _items(value: FieldValue) -> tuple[str, ...] | tuple[Contact, ...]:
    return texts_of(value) if isinstance(value, str) else value


def _wire_text(text: str, spec: FieldSpec, encoding: FieldEncoding) -> str:
    if choice := find_choice(spec.choices, text):
        return choice.label if encoding.writes_labels(spec.param) else choice.key
    if spec.type is FieldType.DATETIME:
        return datetime.fromisoformat(text).astimezone(CHINA).strftime(MOMENT)
    return text


def _plain(value: object) -> FieldValue:
    """A value of which only its shape is known."""
    if not isinstance(value, list):
        return text_of(value)
    if value and all(isinstance(item, dict) and "value" in item for item in value):
        return _contacts(value)
    return tuple(_texts(value))


def _texts(value: object) -> list[str]:
    """The texts of a list; an object in it stands for its key, or its value."""
    named = (
        item.get("key") or item.get("value") or item if isinstance(item, dict) else item for item in list_of(value)
    )
    return [text for item in named if (text := text_of(item))]


def _contacts(value: object) -> tuple[Contact, ...]:
    """Contact rows; a bare text stands for a row without a memo."""
    rows = (item if isinstance(item, dict) else {"value": item} for item in list_of(value))
    found = (Contact(value=text_of(row.get("value")), memo=text_of(row.get("memo"))) for row in rows)
    return tuple(row for row in found if row.value or row.memo)
