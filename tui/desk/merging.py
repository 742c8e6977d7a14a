"""A customer's record with other values in it: what stands for a record that cannot be read again after a write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tui.desk.values import as_tuple, value_of
from tui.model.customer import LANDLINE, Contact, Customer, CustomValue, FieldSpec, FieldValue, FieldValues, Tag

STANDARD = ("name", "company", "owner", "description", "phones", "emails", "wechat", "qq", "tags")
"""The codes of what every customer has, whatever the vendor."""

ROWS = {"phone": "phones", "telephone": "phones", "email": "emails"}
"""Codes of single contacts, and the list that each is a row of."""


def told_by(answer: Customer, specs: Sequence[FieldSpec]) -> dict[str, FieldValue]:
    """The fields that `answer`, which may be a part of a record, has a value for."""
    known = [spec.code for spec in specs] or list(STANDARD)
    codes = dict.fromkeys((*known, *(custom.code for custom in answer.custom)))
    return {code: value for code in codes if (value := value_of(answer, code))}


def with_values(customer: Customer, values: FieldValues) -> Customer:
    """`customer` with `values` in the place of its own."""
    for code, value in values.items():
        customer = customer.model_copy(update=_update(customer, code, value))
    return customer


def _update(customer: Customer, code: str, value: FieldValue) -> dict[str, object]:
    match code:
        case "name" | "company" | "owner" | "description":
            return {code: value if isinstance(value, str) else ", ".join(map(str, value))}
        case "phones" | "emails" | "wechat" | "qq":
            return {code: tuple(_contact(row) for row in as_tuple(value))}
        case "phone" | "telephone" | "email":
            return {ROWS[code]: _with_row(customer, code, str(value))}
        case "tags":
            known = {tag.name: tag for tag in customer.tags}
            names = [row.value if isinstance(row, Contact) else row for row in as_tuple(value)]
            return {"tags": tuple(known.get(name) or Tag(name=name) for name in names)}
        case _:
            return {"custom": _with_custom(customer, code, value)}


def _contact(row: str | Contact) -> Contact:
    return row if isinstance(row, Contact) else Contact(value=row)


def _with_row(customer: Customer, code: str, value: str) -> tuple[Contact, ...]:
    """The list with the one row that `code` means set to `value`, or gone."""
    memo = LANDLINE if code == "telephone" else ""
    rows = customer.emails if code == "email" else customer.phones
    old = next((row for row in rows if code == "email" or (row.memo == LANDLINE) is (code == "telephone")), None)
    others = tuple(row for row in rows if row is not old)
    return (Contact(value=value, memo=old.memo if old else memo), *others) if value else others


def _with_custom(customer: Customer, code: str, value: FieldValue) -> tuple[CustomValue, ...]:
    custom = customer.custom
    if any(item.code == code for item in custom):
        return tuple(item.model_copy(update={"value": value}) if item.code == code else item for item in custom)
    return (*custom, CustomValue(code=code, label=code, value=value))


def with_remark(customer: Customer, request: Mapping[str, Any]) -> Customer:
    """`customer` with the texts that a remark's `request` set for its colleague."""
    texts = {name: request[name] for name in ("remark", "description") if request.get(name) is not None}
    followers = tuple(
        follower.model_copy(update=texts) if follower.user_id == request["user_id"] else follower
        for follower in customer.follow_users
    )
    return customer.model_copy(update={"follow_users": followers})
