"""ima's field definitions as `FieldSpec`s, and the fields that `CustomerDTO` documents.

The shape of a definition's options (`typeDefine`, JSON in a string) is not published: a list of texts, of objects, or
a map of keys to labels are all read. A drop-down of which no option can be read takes any text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from types import MappingProxyType

from tui.client.json_values import Record, flag_of, list_of, records_of, text_of, whole_of
from tui.model.choices import key_of
from tui.model.customer import Choice, FieldSpec, FieldType
from tui.model.errors import N_
from tui.model.field_names import custom_code

STANDARD = (
    FieldSpec(code="name", param="name", label=N_("Name")),
    FieldSpec(code="company", param="customerGroupName", label=N_("Company")),
    FieldSpec(code="customerGroupId", param="customerGroupId", label=N_("Company id")),
    FieldSpec(code="phone", param="phone", label=N_("Mobile phone"), type=FieldType.PHONE),
    FieldSpec(code="telephone", param="telephone", label=N_("Landline"), type=FieldType.PHONE),
    FieldSpec(code="email", param="email", label=N_("E-mail"), type=FieldType.EMAIL),
    FieldSpec(code="external_id", param="externalId", label=N_("External id")),
    FieldSpec(code="tags", param="tag", label=N_("Tags")),
    FieldSpec(code="description", param="desc", label=N_("Description"), type=FieldType.TEXTAREA),
    FieldSpec(code="owner", param="principalName", label=N_("Owner"), editable=False),
)
"""What `CustomerDTO` takes by its table, and who is responsible, which only an answer tells."""

UNLISTED = (FieldSpec(code="principalEmail", param="principalEmail", label=N_("Owner's e-mail"), type=FieldType.EMAIL),)
"""What `CustomerDTO` takes by its example alone: sent when asked for, and never answered."""

STANDARD_CODES = frozenset(spec.code for spec in (*STANDARD, *UNLISTED))

TYPES = MappingProxyType(
    {
        0: FieldType.TEXT,
        1: FieldType.TEXTAREA,
        2: FieldType.CHOICES,  # drop-down of several
        3: FieldType.CHOICE,  # drop-down of one
        4: FieldType.CHOICES,  # check boxes
        5: FieldType.CHOICE,  # radio buttons
        6: FieldType.NUMBER,
        7: FieldType.PERCENT,
        8: FieldType.DATE,
        9: FieldType.DATETIME,
        10: FieldType.ATTACHMENT,
        11: FieldType.PHONE,  # mobile phone
        12: FieldType.PHONE,  # contact phone
    }
)
"""A definition's `type`."""

COMPANY_FIELD = 1
"""The `formType` of a company's field; 2 is a customer's."""

SYSTEM_FIELD = 0
"""The `category` of a field that every tenant has; 1 is the tenant's own."""

_CHOOSING = (FieldType.CHOICE, FieldType.CHOICES)
_KEYS = ("key", "code", "id", "value")
_LABELS = ("label", "name", "text", "value", "key")
_LISTS = ("options", "choices", "items", "list", "values")
_DEFAULTS = ("isDefault", "default", "selected", "checked")
_SEPARATOR = re.compile("[,;\n\uff0c\uff1b]")


def read_fields(lines: Iterable[object]) -> tuple[FieldSpec, ...]:
    """The field definitions: `CustomerDTO`'s own fields first, then the tenant's in the order of their `priority`.

    Companies' fields, system fields that `CustomerDTO` does not take, and lines that name no field are left out.
    """
    found = sorted(records_of(list(lines)), key=lambda line: whole_of(line.get("priority")) or 0)
    system = {text_of(line.get("code")): line for line in found if whole_of(line.get("category")) == SYSTEM_FIELD}
    own = {
        code: _read_field(line, code)
        for line in found
        if (code := text_of(line.get("code")))
        and whole_of(line.get("category")) != SYSTEM_FIELD
        and whole_of(line.get("formType")) != COMPANY_FIELD
    }
    return (*(_merged(spec, system.get(spec.param)) for spec in STANDARD), *own.values())


def _read_field(line: Record, code: str) -> FieldSpec:
    number = whole_of(line.get("type"))
    kind = FieldType.UNKNOWN if number is None else TYPES.get(number, FieldType.UNKNOWN)
    choices: tuple[Choice, ...] = ()
    default = text_of(line.get("defaultValue"))
    if kind in _CHOOSING:
        choices = _choices(line.get("typeDefine")) or _choices(line.get("typeValueRange"))
        default = key_of(choices, default)
        kind = kind if choices else FieldType.TEXT
    return FieldSpec(
        code=custom_code(code, STANDARD_CODES),
        param=code,
        label=text_of(line.get("name")) or code,
        type=kind,
        required=bool(flag_of(line.get("isRequired"))),
        editable=kind is not FieldType.ATTACHMENT,
        enabled=flag_of(line.get("status")) is not False,
        sensitive=bool(flag_of(line.get("isSensitive"))),
        default=default,
        choices=choices,
    )


def _merged(standard: FieldSpec, line: Record | None) -> FieldSpec:
    """`standard`, called and restricted as the tenant's definition says; its shape stays the page's."""
    if line is None:
        return standard
    told = _read_field(line, standard.param)
    names = ("label", "required", "enabled", "sensitive", "default")
    return standard.model_copy(update={name: getattr(told, name) for name in names})


def _choices(value: object) -> tuple[Choice, ...]:
    """The options in `value`: JSON, JSON in a string, or a text with commas."""
    if isinstance(value, str):
        try:
            options: object = json.loads(value)
        except (ValueError, RecursionError):
            options = [part.strip() for part in _SEPARATOR.split(value) if part.strip()]
    else:
        options = value
    if isinstance(options, dict):
        listed = next((options[key] for key in _LISTS if isinstance(options.get(key), list)), None)
        options = [{"key": key, "label": label} for key, label in options.items()] if listed is None else listed
    return tuple(choice for item in list_of(options) if (choice := _choice(item)))


def _choice(item: object) -> Choice | None:
    if not isinstance(item, dict):
        text = text_of(item)
        return Choice(key=text, label=text) if text else None
    key, label = _first(item, _KEYS), _first(item, _LABELS)
    if not key and not label:
        return None
    return Choice(key=key or label, label=label or key, default=any(flag_of(item.get(name)) for name in _DEFAULTS))


def _first(item: Record, names: Iterable[str]) -> str:
    return next(filter(None, (text_of(item.get(name)) for name in names)), "")
