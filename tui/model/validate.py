"""Values checked against the field configuration, and put into the one form in which they are kept and sent.

A value is read here, once: what `check_values` returns is what the outbox keeps and what a dialect writes, so that
nothing is parsed a second time, by a stricter reader, while it is being sent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo

from tui.model.characters import clean_id
from tui.model.choices import find_choice, find_path, key_of, labels_of, split_path
from tui.model.customer import Contact, FieldSpec, FieldType, FieldValue, FieldValues
from tui.model.errors import N_, InvalidError
from tui.model.field_names import find_field, refusal
from tui.model.numbers import normal_number, normal_percent
from tui.model.phone_email import read_email, unwrapped_phone
from tui.model.sendable import unfit_character
from tui.model.times import CHINA, iso_time, read_day, read_moment

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_PHONE = re.compile(r"(?=.*[0-9])[0-9+#() .,/-]+((ext\.?|x|转) ?[0-9]+)?", re.IGNORECASE)
"""At least one digit, and what people put between digits; a masked number (`139****1234`) is none."""

_ADDRESSES = {
    FieldType.EMAIL: (read_email, _EMAIL, N_("{name} takes an e-mail address, not {found!r}")),
    FieldType.PHONE: (unwrapped_phone, _PHONE, N_("{name} takes a phone number, not {found!r}")),
}


FIRST_YEAR = 1800
"""Nothing about a customer is older: year 1 is how programs write that there is none, and 24 is half typed."""


def check_values(fields: Sequence[FieldSpec], values: FieldValues, *, creating: bool) -> dict[str, FieldValue]:
    """Return `values` as they are kept and sent, by the codes of the `fields` that they name.

    A choice may be given by its key or its label. When `creating`, every required field must be among `values`: a
    default is sent like any other value, so that what the vendor has is what somebody saw.

    Raises: InvalidError for an unknown or read-only field, an empty required one, a value that the field's type does
        not allow, and nothing to send at all; it names the field, what was found and what is allowed.
    """
    if not values:
        raise InvalidError(N_("no value is given"))
    checked: dict[str, FieldValue] = {}
    for name, value in values.items():
        spec = find_field(fields, name)
        checked[spec.code] = check_value(spec, value)
    for spec in fields if creating else ():
        if spec.required and spec.editable and spec.enabled and spec.code not in checked:
            raise refusal(spec, N_("{name} must be given"))
    return checked


def check_value(spec: FieldSpec, value: FieldValue, zone: tzinfo | None = CHINA) -> FieldValue:
    """Return `value` in the one form that the field `spec` has for it: the shapes are in `tui.model.customer`.

    `zone` is that of a time which names none; None is this machine's. What was returned once is returned as it is.

    Raises: InvalidError.
    """
    if not spec.enabled:
        raise refusal(spec, N_("{name} is switched off"))
    if not spec.editable:
        raise refusal(spec, N_("{name} cannot be changed"))
    if is_empty(value):
        if spec.required:
            raise refusal(spec, N_("{name} must not be empty"))
        return "" if isinstance(value, str) else ()
    _check_characters(spec, value)
    if spec.contacts:
        return tuple(_row(spec, row) for row in ((value,) if isinstance(value, str) else value))
    if not isinstance(value, str) and any(isinstance(item, Contact) for item in value):
        raise refusal(spec, N_("{name} takes no memo"))
    return _read(spec, value, zone)


def is_empty(value: FieldValue) -> bool:
    """Whether `value` clears its field."""
    return not texts_of(value)


def texts_of(value: FieldValue) -> tuple[str, ...]:
    """`value` as a list of texts: one choice, and a list of that one choice, are the same."""
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    return tuple(item.value if isinstance(item, Contact) else item for item in value)


def _row(spec: FieldSpec, row: str | Contact) -> Contact:
    contact = row if isinstance(row, Contact) else Contact(value=row)
    if not contact.value.strip():
        raise refusal(spec, N_("{name} has a row without a value"))
    return contact.model_copy(update={"value": _address(spec, contact.value)})


def _read(spec: FieldSpec, value: FieldValue, zone: tzinfo | None) -> FieldValue:
    texts = texts_of(value)
    match spec.type:
        case FieldType.CHOICE:
            return _keys(spec, (_only(spec, texts),))[0]
        case FieldType.CHOICES:
            return _keys(spec, texts)
        case FieldType.CASCADE if spec.cascade:
            return _path(spec, split_path(spec.cascade, texts[0]) if isinstance(value, str) else texts)
        case FieldType.DATE:
            return _day(spec, _only(spec, texts))
        case FieldType.DATETIME:
            return _moment(spec, _only(spec, texts), zone)
        case FieldType.NUMBER | FieldType.PERCENT:
            return _number(spec, _only(spec, texts))
        case FieldType.EMAIL | FieldType.PHONE:
            return _address(spec, _only(spec, texts))
        case _:
            return value if isinstance(value, str) else texts  # a vendor may hold a list of texts in a text


def _only(spec: FieldSpec, texts: Sequence[str]) -> str:
    if len(texts) > 1:
        raise refusal(spec, N_("{name} takes one value, not {found}"), found=len(texts))
    return texts[0]


def _address(spec: FieldSpec, text: str) -> str:
    if spec.type not in _ADDRESSES:
        return clean_id(text)
    read, form, words = _ADDRESSES[spec.type]
    found = read(text)
    if not form.fullmatch(found):
        raise refusal(spec, words, found=text)
    return found


def _number(spec: FieldSpec, text: str) -> str:
    percent = spec.type is FieldType.PERCENT
    number = normal_percent(text) if percent else normal_number(text)
    if number is None:
        what = (
            N_("{name} takes a number (per cent), not {found!r}")
            if percent
            else N_("{name} takes a number, not {found!r}")
        )
        raise refusal(
            spec, what, todo=N_("Write digits alone, with a point where there is a fraction: 1234.5."), found=text
        )
    return number


def _keys(spec: FieldSpec, texts: Sequence[str]) -> tuple[str, ...]:
    for text in texts if spec.choices else ():
        if find_choice(spec.choices, text) is None:
            raise refusal(
                spec,
                N_("{name} has no choice {found!r}"),
                todo=N_("Use one of: {known}."),
                found=text,
                known=labels_of(spec.choices),
            )
    return tuple(dict.fromkeys(key_of(spec.choices, text.strip()) for text in texts))


def _path(spec: FieldSpec, texts: Sequence[str]) -> tuple[str, ...]:
    assert spec.cascade is not None
    nodes = find_path(spec.cascade, texts)
    below = nodes[-1].children if nodes else spec.cascade.children
    if len(nodes) < len(texts):
        raise refusal(
            spec,
            N_("{name} has no choice {found!r} at level {level}"),
            todo=N_("Use one of: {known}.") if below else N_("Leave that level out."),
            found=texts[len(nodes)],
            level=len(nodes) + 1,
            known=labels_of(below),
        )
    if len(nodes) < spec.cascade.required_levels and below:
        raise refusal(
            spec,
            N_("{name} needs {wanted} levels, not {found}"),
            todo=N_("For the next level, use one of: {known}."),
            wanted=spec.cascade.required_levels,
            found=len(nodes),
            known=labels_of(below),
        )
    return tuple(node.key for node in nodes)


def _day(spec: FieldSpec, text: str) -> str:
    day = read_day(text, datetime.now().astimezone())
    if day is None or day.year < FIRST_YEAR:
        raise refusal(spec, N_("{name} takes a date such as 2024-11-14, not {found!r}"), found=text)
    return day.isoformat()


def _moment(spec: FieldSpec, text: str, zone: tzinfo | None) -> str:
    moment = read_moment(text, datetime.now().astimezone(), zone)
    if moment is None or moment.year < FIRST_YEAR:
        raise refusal(
            spec,
            N_("{name} takes a date and time such as 2024-11-14 09:46 or 2024-11-14T09:46:17+08:00, not {found!r}"),
            found=text,
        )
    return iso_time(moment.replace(microsecond=0))


def _check_characters(spec: FieldSpec, value: FieldValue) -> None:
    """Refuse a text that no vendor can be sent (`unfit_character`)."""
    rows = (value,) if isinstance(value, str) else value
    for text in (part for row in rows for part in ((row.value, row.memo) if isinstance(row, Contact) else (row,))):
        if unfit := unfit_character(text):
            raise refusal(
                spec,
                N_("{name}: character {place} ({found}) cannot be sent"),
                todo=N_("Take it out; half an emoji or a mistyped byte becomes such a one."),
                place=unfit.place,
                found=unfit.name,
            )
