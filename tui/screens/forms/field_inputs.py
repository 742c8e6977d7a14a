"""Field configurations as form fields: which input a field gets, and its values in and out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tui.desk.defaults import unusable_default
from tui.locale import _
from tui.model.customer import CascadeChoice, Contact, FieldSpec, FieldType, FieldValue
from tui.model.display import wall_clock
from tui.model.numbers import normal_number, normal_percent
from tui.model.phone_email import read_email, unwrapped_phone
from tui.model.times import normal_clock, normal_day, read_moment
from tui.screens.widget_texts import words
from widgets.form import FormField
from widgets.inputs import (
    CascadeInput,
    CascadeNode,
    ChoiceInput,
    ChoicesInput,
    ContactsInput,
    DateInput,
    DateTimeInput,
    EmailInput,
    NumberInput,
    PercentInput,
    PhoneInput,
    PickOption,
    ReadOnly,
    TagsInput,
    TextInput,
    Value,
    ValueInput,
    is_email,
    is_phone,
)
from widgets.inputs.area import AreaInput

UNEDITABLE = (FieldType.ATTACHMENT,)
"""Types that no text can hold."""


def form_field(spec: FieldSpec, value: FieldValue, key: str, *, creating: bool = False) -> FormField:
    """Return the form's field for `spec`, which starts from `value`; `key` is the form's name for it.

    A required field that a record lacks is marked and does not stop an edit of other fields; when `creating`, it does.
    """
    lacking = spec.required and not creating and not value
    unusable = unusable_default(spec) if creating and not value else ""
    note = ""
    if lacking:
        note = _("required, and empty so far")
    elif unusable:
        note = _("the vendor's default “{text}” is not a value of this field; it is not sent").format(text=unusable)
    return FormField(
        key=key,
        label=_(spec.label),
        input=_input(spec, clearable=lacking or not spec.required),
        value=to_input(spec, value),
        required=spec.required,
        note=note,
        wanted=not lacking,
    )


def _input(spec: FieldSpec, *, clearable: bool) -> ValueInput:
    texts = words()
    if not spec.editable:
        return ReadOnly(_("made by the vendor"))
    if spec.type in UNEDITABLE:
        return ReadOnly(_("attachments cannot be edited here"))
    if spec.contacts:
        return _contacts_input(spec)
    if spec.code == "tags":
        return TagsInput(words=texts)
    match spec.type:
        case FieldType.TEXTAREA:
            return AreaInput(words=texts)
        case FieldType.NUMBER:
            return NumberInput(normal_number, words=texts)
        case FieldType.PERCENT:
            return PercentInput(normal_percent, words=texts)
        case FieldType.DATE:
            return DateInput(normal_day, words=texts)
        case FieldType.DATETIME:
            return DateTimeInput(normal_clock, words=texts)
        case FieldType.PHONE:
            return PhoneInput(tidy=unwrapped_phone, words=texts)
        case FieldType.EMAIL:
            return EmailInput(tidy=read_email, words=texts)
        case FieldType.CHOICE:
            return ChoiceInput(choices_of(spec), clearable=clearable, words=texts)
        case FieldType.CHOICES if spec.choices:
            return ChoicesInput(choices_of(spec), clearable=clearable, words=texts)
        case FieldType.CHOICES:
            return TagsInput(words=texts)
        case FieldType.CASCADE if spec.cascade is not None:
            nodes = cascade_nodes(spec.cascade.children)
            return CascadeInput(nodes, required_levels=spec.cascade.required_levels, clearable=clearable, words=texts)
        case _:
            return TextInput(words=texts)


def _contacts_input(spec: FieldSpec) -> ContactsInput:
    texts = words()

    def check_phone(text: str) -> str | None:
        return None if is_phone(text) else texts.not_phone

    def check_email(text: str) -> str | None:
        return None if is_email(text) else texts.not_email

    match spec.type:
        case FieldType.PHONE:
            return ContactsInput(check=check_phone, tidy=unwrapped_phone, words=texts)
        case FieldType.EMAIL:
            return ContactsInput(check=check_email, tidy=read_email, words=texts)
        case _:
            return ContactsInput(words=texts)


def choices_of(spec: FieldSpec) -> list[PickOption]:
    """Return what the field of `spec` may be."""
    return [PickOption(choice.key, choice.label) for choice in spec.choices]


def cascade_nodes(choices: Sequence[CascadeChoice]) -> tuple[CascadeNode, ...]:
    """Return the nodes of a cascade's `choices`."""
    return tuple(CascadeNode(choice.key, choice.label, cascade_nodes(choice.children)) for choice in choices)


def to_input(spec: FieldSpec, value: FieldValue) -> Value:
    """`value` in the shape that `spec`'s input takes; a moment becomes this machine's wall clock."""
    if isinstance(value, str):
        if spec.type is FieldType.DATETIME and value:
            return wall_clock(value)
        return value
    rows = [(item.value, item.memo) for item in value if isinstance(item, Contact)]
    return tuple(rows) if rows else tuple(item for item in value if isinstance(item, str))


def from_input(spec: FieldSpec, value: Value) -> FieldValue:
    """What `spec`'s input holds as the field's value."""
    if isinstance(value, str):
        if spec.type is FieldType.DATETIME and value:
            return _with_zone(value)
        return value
    if spec.contacts:
        return tuple(Contact(value=row[0], memo=row[1]) for row in value)
    return tuple(item for item in value if isinstance(item, str))


def from_inputs(specs: Mapping[str, FieldSpec], values: Mapping[str, Value]) -> dict[str, FieldValue]:
    """A form's values as the fields' values."""
    return {code: from_input(specs[code], value) for code, value in values.items()}


def _with_zone(text: str) -> str:
    moment = read_moment(text, datetime.now().astimezone())
    return moment.isoformat() if moment else text  # left as it came
