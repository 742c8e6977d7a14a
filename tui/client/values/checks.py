"""Values checked against the field configuration before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from tui.client.errors import N_, InvalidError
from tui.client.models import Contact, FieldSpec, FieldType, FieldValue, FieldValues
from tui.client.reading import CHINA
from tui.client.values.choices import find_choice, find_path, labels_of
from tui.client.values.names import find_field, refusal

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_PHONE = re.compile(r"(?=.*[0-9])[0-9+#() .,/-]+((ext\.?|x|转) ?[0-9]+)?", re.IGNORECASE)
"""At least one digit, and what people put between digits; a masked number (`139****1234`) is none."""

_FORMS = {
    FieldType.NUMBER: (_NUMBER, N_("{name} takes a number, not {found!r}")),
    FieldType.PERCENT: (_NUMBER, N_("{name} takes a number (per cent), not {found!r}")),
    FieldType.EMAIL: (_EMAIL, N_("{name} takes an e-mail address, not {found!r}")),
    FieldType.PHONE: (_PHONE, N_("{name} takes a phone number, not {found!r}")),
}


def check_values(fields: Sequence[FieldSpec], values: FieldValues, *, creating: bool) -> None:
    """Make sure that VALUES can be sent to a vendor whose field configuration is FIELDS.

    A choice may be given by its key or its label. When CREATING, every required field must be among VALUES: a default
    is sent like any other value, so that what the vendor has is what somebody saw.

    Raises: InvalidError for an unknown or read-only field, an empty required one, a value that the field's type does
        not allow, and nothing to send at all; it names the field, what was found and what is allowed.
    """
    if not values:
        raise InvalidError(N_("no value is given"))
    given = set()
    for name, value in values.items():
        spec = find_field(fields, name)
        given.add(spec.code)
        check_value(spec, value)
    for spec in fields if creating else ():
        if spec.required and spec.editable and spec.enabled and spec.code not in given:
            raise refusal(spec, N_("{name} must be given"))


def check_value(spec: FieldSpec, value: FieldValue) -> None:
    """Make sure that SPEC's field takes VALUE.

    Raises: InvalidError.
    """
    if not spec.enabled:
        raise refusal(spec, N_("{name} is switched off"))
    if not spec.editable:
        raise refusal(spec, N_("{name} cannot be changed"))
    if is_empty(value):
        if spec.required:
            raise refusal(spec, N_("{name} must not be empty"))
    elif spec.contacts:
        _check_rows(spec, texts_of(value))
    elif not isinstance(value, str) and any(isinstance(item, Contact) for item in value):
        raise refusal(spec, N_("{name} takes no memo"))
    else:
        _check_texts(spec, texts_of(value))


def is_empty(value: FieldValue) -> bool:
    """Whether VALUE clears its field."""
    return not texts_of(value)


def texts_of(value: FieldValue) -> tuple[str, ...]:
    """VALUE as a list of texts: one choice, and a list of that one choice, are the same."""
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    return tuple(item.value if isinstance(item, Contact) else item for item in value)


def _check_rows(spec: FieldSpec, rows: Sequence[str]) -> None:
    for text in rows:
        if not text.strip():
            raise refusal(spec, N_("{name} has a row without a value"))
        _check_form(spec, text)


def _check_texts(spec: FieldSpec, texts: Sequence[str]) -> None:
    match spec.type:
        case FieldType.CHOICE:
            _check_choices(spec, (_only(spec, texts),))
        case FieldType.CHOICES:
            _check_choices(spec, texts)
        case FieldType.CASCADE:
            _check_path(spec, texts)
        case FieldType.DATE:
            _check_date(spec, _only(spec, texts))
        case FieldType.DATETIME:
            _check_datetime(spec, _only(spec, texts))
        case FieldType.NUMBER | FieldType.PERCENT | FieldType.EMAIL | FieldType.PHONE:
            _check_form(spec, _only(spec, texts))
        case _:
            pass  # a text takes any text, and a vendor may hold a list of them in it


def _only(spec: FieldSpec, texts: Sequence[str]) -> str:
    if len(texts) > 1:
        raise refusal(spec, N_("{name} takes one value, not {found}"), found=len(texts))
    return texts[0]


def _check_form(spec: FieldSpec, text: str) -> None:
    form = _FORMS.get(spec.type)
    if form and not form[0].fullmatch(text):
        raise refusal(spec, form[1], found=text)


def _check_choices(spec: FieldSpec, texts: Sequence[str]) -> None:
    for text in texts:
        if spec.choices and find_choice(spec.choices, text) is None:
            raise refusal(
                spec,
                N_("{name} has no choice {found!r}"),
                todo=N_("Use one of: {known}."),
                found=text,
                known=labels_of(spec.choices),
            )


def _check_path(spec: FieldSpec, texts: Sequence[str]) -> None:
    if spec.cascade is None:
        return
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


def _check_date(spec: FieldSpec, text: str) -> None:
    try:
        good = date.fromisoformat(text).isoformat() == text
    except ValueError:
        good = False
    if not good:
        raise refusal(spec, N_("{name} takes a date such as 2024-11-14, not {found!r}"), found=text)


def _check_datetime(spec: FieldSpec, text: str) -> None:
    try:
        time = datetime.fromisoformat(text)
        good = time.tzinfo is not None and bool(time.astimezone(CHINA))
    except (ValueError, OverflowError):
        good = False
    if not good:
        raise refusal(
            spec,
            N_("{name} takes a date and time with a zone such as 2024-11-14T09:46:17+08:00, not {found!r}"),
            found=text,
        )
