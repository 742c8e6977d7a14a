"""A customer's fields as values: reading one by its code, comparing, merging, keeping as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tui.desk.outcome import Conflict, FieldChange, FieldConflict
from tui.model.customer import LANDLINE, Contact, Customer, FieldSpec, FieldType, FieldValue, FieldValues
from tui.model.display import texts
from tui.model.same import identical, row_meaning, same

Equal = Callable[[FieldSpec | None, FieldValue, FieldValue], bool]


def value_of(customer: Customer, code: str) -> FieldValue:
    """`customer`'s value of the field `code`; the empty string where it has none."""
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


def as_tuple(value: FieldValue) -> tuple[str, ...] | tuple[Contact, ...]:
    """`value` as a list, for a field that a vendor gives now as one value and now as a list of one."""
    if isinstance(value, str):
        return (value,) if value else ()
    return value


def changes(
    before: Customer,
    values: FieldValues,
    specs: Iterable[FieldSpec] = (),
    *,
    equal: Equal = same,
) -> tuple[FieldChange, ...]:
    """What `values` change on `before`. `drops` is what `before` has in a list and the new value has not.

    `equal`: what is no change; an agent who corrects a space or an order means it (`identical`), a vendor does not.
    """
    known = {spec.code: spec for spec in specs}
    found = []
    for code, after in values.items():
        old = value_of(before, code)
        spec = known.get(code)
        if equal(spec, old, after):
            continue
        cascade = spec is not None and spec.type is FieldType.CASCADE
        drops = _dropped(old, after, spec) if isinstance(old, tuple) and not cascade else ()
        found.append(FieldChange(code, label_of(before, code, spec), old, after, drops))
    return tuple(found)


def _dropped(there: FieldValue, after: FieldValue, spec: FieldSpec | None) -> tuple[str, ...]:
    kept = {row_meaning(spec, row) for row in as_tuple(after)}
    rows: list[str | Contact] = [*as_tuple(there)]
    return tuple(text for row, text in zip(rows, texts(there, spec), strict=True) if row_meaning(spec, row) not in kept)


def label_of(customer: Customer, code: str, spec: FieldSpec | None) -> str:
    """What a person calls the field."""
    if spec is not None:
        return spec.label
    return next((custom.label for custom in customer.custom if custom.code == code), code)


def values_of(customer: Customer, codes: Iterable[str]) -> dict[str, FieldValue]:
    """`customer`'s values of the fields `codes`."""
    return {code: value_of(customer, code) for code in codes}


def conflict(was: FieldValues, theirs: Customer, mine: FieldValues, specs: Iterable[FieldSpec] = ()) -> Conflict:
    """`mine`, typed over the values that the agent read, `was`, against the record as it is now, `theirs`.

    A field that only one side changed merges by itself; one that both changed to the same value is nothing to send.
    What somebody else only spelled another way is not changed; what the agent did is.
    """
    known = {spec.code: spec for spec in specs}
    clashes, clear = [], {}
    for code, wanted in mine.items():
        now, spec = value_of(theirs, code), known.get(code)
        if identical(spec, now, wanted):
            continue
        if same(spec, was[code], now):
            clear[code] = wanted
        elif not same(spec, now, wanted):
            clashes.append(FieldConflict(code, label_of(theirs, code, spec), was[code], now, wanted))
    return Conflict(tuple(clashes), theirs, clear)


def to_json(values: FieldValues) -> dict[str, Any]:
    """`values` as plain JSON, for the outbox, the journal and drafts."""
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
