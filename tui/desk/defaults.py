"""What a new customer begins with: the values that the vendor's field configuration proposes."""

from __future__ import annotations

from collections.abc import Iterable

from tui.model.customer import FieldSpec, FieldType, FieldValue, FieldValues
from tui.model.errors import InvalidError
from tui.model.typed_values import parse_value
from tui.model.validate import is_empty


def default_of(spec: FieldSpec) -> FieldValue:
    """Return the default of the field `spec` as one of its values.

    It is empty where the field has none, where nobody can write the field, and where the configuration's text is no
    value that the field takes, such as a choice that is no longer there: what cannot be sent is not shown either.
    """
    chosen = tuple(choice.key for choice in spec.choices if choice.default)
    if spec.type is FieldType.CHOICES and chosen:
        texts: tuple[str, ...] = chosen
    else:
        texts = (spec.default,) if spec.default else chosen[:1]
    if not texts:
        return ""
    try:
        return parse_value(spec, texts)
    except InvalidError:
        return ""


def unusable_default(spec: FieldSpec) -> str:
    """Return the configuration's text for a default that is no value of the field `spec`; empty where all is well."""
    return spec.default if spec.editable and spec.enabled and spec.default and is_empty(default_of(spec)) else ""


def with_defaults(specs: Iterable[FieldSpec], values: FieldValues) -> dict[str, FieldValue]:
    """Return `values` for a create, completed by the defaults of those fields of `specs` that nobody gave a value.

    A field that was given empty stays empty: somebody took its default away.
    """
    defaults = {spec.code: value for spec in specs if not is_empty(value := default_of(spec))}
    return {**defaults, **values}
