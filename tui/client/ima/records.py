"""ima's customer records: a `CustomerDetail` as a `Customer`, and values as a `CustomerDTO`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from tui.client.field_encoding import FieldEncoding
from tui.client.ima.fields import STANDARD, STANDARD_CODES
from tui.client.json_values import Record, day_of, id_of, list_of, records_of, text_of, time_of
from tui.model.choices import find_choice, key_of
from tui.model.customer import (
    LANDLINE,
    Contact,
    Customer,
    CustomValue,
    FieldSpec,
    FieldType,
    FieldValue,
    FieldValues,
    Tag,
)
from tui.model.errors import N_
from tui.model.field_names import custom_code, find_field, refusal
from tui.model.times import CHINA, iso_time
from tui.model.validate import texts_of

SEPARATOR = ","
"""Between tags, as documented, and between several choices in one value, which is this client's reading of it."""

MOMENT = "%Y-%m-%d %H:%M:%S"
"""How a date and time is written into a custom field, in China's zone."""

Specs = Mapping[str, FieldSpec]
"""The tenant's own fields by their `dictCode`."""


def read_detail(detail: Record, specs: Specs, known_id: str = "") -> Customer:
    """The customer that a `CustomerDetail` is; `known_id` stands in for an id that it leaves out.

    A customer marked as deleted, cancelled or merged is read as any other: `raw` keeps the marks.
    """
    person = detail.get("customer")
    record: Record = person if isinstance(person, dict) else {}
    email = text_of(record.get("email"))
    phones = (
        Contact(value=text_of(record.get("phone"))),
        Contact(value=text_of(record.get("telephone")), memo=LANDLINE),
    )
    return Customer(
        id=id_of(record.get("customerId")) or known_id,
        name=text_of(record.get("name")),
        company=text_of(detail.get("customerGroupName")),
        phones=tuple(row for row in phones if row.value),
        emails=(Contact(value=email),) if email else (),
        tags=tuple(Tag(name=name) for name in _split(text_of(record.get("tag")))),
        owner=text_of(record.get("principalName")),
        description=text_of(record.get("desc")),
        custom=(*_known(detail, record), *_dictionary(detail, specs)),
        created_at=time_of(record.get("createTime")),
        updated_at=time_of(record.get("updateTime")),
        raw=detail,
    )


def _known(detail: Record, record: Record) -> tuple[CustomValue, ...]:
    """What the page documents and the model has no name for."""
    labels = {"staffName": N_("Agent in charge"), "productName": N_("Channel")}
    labels |= {spec.code: spec.label for spec in STANDARD}
    found = {
        "external_id": text_of(record.get("externalId")),
        "customerGroupId": text_of(record.get("customerGroupId")),
        "staffName": text_of(detail.get("staffName")),
        "productName": text_of(detail.get("productName")),
    }
    return tuple(
        CustomValue(code=code, label=labels.get(code, code), value=value) for code, value in found.items() if value
    )


def _dictionary(detail: Record, specs: Specs) -> tuple[CustomValue, ...]:
    found = []
    for entry in records_of(detail.get("customerDictList")):
        if code := text_of(entry.get("dictCode")):
            spec = specs.get(code) or FieldSpec(code=custom_code(code, STANDARD_CODES), param=code, label=code)
            value = read_value(entry.get("value"), spec)
            found.append(
                CustomValue(code=spec.code, label=spec.label, value=value, remark=text_of(entry.get("remark")))
            )
    return tuple(found)


def read_value(value: object, spec: FieldSpec) -> FieldValue:
    """`value` as `spec`'s field holds it: choices by their keys, whether the vendor sent keys or labels.

    What does not fit the field's type is shown as it came.
    """
    match spec.type:
        case FieldType.CHOICES:
            return tuple(key_of(spec.choices, text) for text in _chosen(value, spec))
        case FieldType.CHOICE:
            return key_of(spec.choices, text_of(value))
        case FieldType.DATETIME if moment := time_of(value):
            return iso_time(moment)
        case FieldType.DATE if day := day_of(value):
            return day
        case _:
            return text_of(value)


def _chosen(value: object, spec: FieldSpec) -> list[str]:
    """The texts of several choices: a list, a list in a string, one choice, or a text with commas."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            pass
    if not isinstance(value, str):
        return [text for item in list_of(value) if (text := text_of(item))]
    return [value] if find_choice(spec.choices, value) else _split(value)


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(SEPARATOR) if part.strip()]


def spread(values: FieldValues) -> dict[str, FieldValue]:
    """`values` with contact rows spread over the vendor's single fields: `phones` over `phone` and `telephone` (the row
    with the memo `landline`), `emails` over `email`. A row that is not there clears its field.

    Raises: InvalidError for a second row of a kind, and for a memo, which the vendor has no place for.
    """
    spread_out: dict[str, FieldValue] = {}
    for code, value in values.items():
        if code not in ("phones", "emails"):
            spread_out[code] = value
            continue
        single = "phone" if code == "phones" else "email"
        places = {"": find_field(STANDARD, single)}
        if code == "phones":
            places[LANDLINE] = find_field(STANDARD, "telephone")
        spread_out |= dict.fromkeys((spec.code for spec in places.values()), "")
        for row in value:
            contact = row if isinstance(row, Contact) else Contact(value=row)
            spec = places.get(contact.memo)
            if spec is None:
                raise refusal(places[""], N_("{name} takes no memo"))
            if spread_out[spec.code]:
                raise refusal(spec, N_("{name} takes one value, not {found}"), found=len(value))
            spread_out[spec.code] = contact.value
    return spread_out


def write_body(
    values: FieldValues, specs: tuple[FieldSpec, ...], encoding: FieldEncoding, before: Customer | None = None
) -> dict[str, object]:
    """`values`, as `check_values` returns them for `specs`, as a `CustomerDTO`: nothing but what they name.

    A custom field keeps the remark that it has in `before`. What is empty clears the field.
    """
    remarks = {custom.code: custom.remark for custom in before.custom} if before else {}
    body: dict[str, object] = {}
    entries = []
    for name, value in values.items():
        spec = find_field(specs, name)
        text = _write_value(value, spec, encoding)
        if spec.code in STANDARD_CODES:
            body[spec.param] = text
        else:
            remark = remarks.get(spec.code)
            entries.append({"dictCode": spec.param, "value": text} | ({"remark": remark} if remark else {}))
    return body | ({"customerDictList": entries} if entries else {})


def _write_value(value: FieldValue, spec: FieldSpec, encoding: FieldEncoding) -> str:
    texts = texts_of(value)
    if (spec.code == "tags" or spec.type is FieldType.CHOICES) and not isinstance(value, str):
        for text in texts:
            if SEPARATOR in text and not find_choice(spec.choices, text):
                raise refusal(spec, N_("{name} takes no comma, as in {found!r}"), found=text)
    return SEPARATOR.join(_write_text(text, spec, encoding) for text in texts)


def _write_text(text: str, spec: FieldSpec, encoding: FieldEncoding) -> str:
    if choice := find_choice(spec.choices, text):
        return choice.label if encoding.writes_labels(spec.param) else choice.key
    if spec.type is FieldType.DATETIME:
        return datetime.fromisoformat(text).astimezone(CHINA).strftime(MOMENT)
    return text


def learn(encoding: FieldEncoding, detail: Record, specs: Specs) -> None:
    """Note how `detail` writes the tenant's own fields."""
    for entry in records_of(detail.get("customerDictList")):
        code = text_of(entry.get("dictCode"))
        if spec := specs.get(code):
            encoding.learn(code, _chosen(entry.get("value"), spec), spec)
