"""A field's value as a person reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tui.model.errors import N_
from tui.model.times import shown_clock

if TYPE_CHECKING:
    from tui.model.customer import FieldSpec, FieldValue

GENDERS: Mapping[str, str] = {"unknown": "", "male": N_("male"), "female": N_("female")}
"""What people call a gender, in English; one that nobody knows is not worth a line."""

KINDS: Mapping[str, str] = {"wechat": N_("WeChat"), "wecom": N_("WeCom")}
"""Kinds of customers that have a name; a vendor's own number or word stands for itself."""

STATES: Mapping[str, str] = {
    "pending": N_("waiting"),
    "sending": N_("sending"),
    "sent": N_("sent"),
    "failed": N_("refused"),
    "unknown": N_("unknown"),
    "discarded": N_("thrown away"),
    "kept": N_("kept here"),
}
"""What people call how far a change has come (`State`)."""

LOOKUPS: Mapping[str, str] = {
    "id": N_("customer id"),
    "union_id": N_("union id"),
    "external_id": N_("external id"),
    "email": N_("e-mail"),
    "phone": N_("phone"),
    "telephone": N_("landline"),
}
"""What a customer can be looked up by, as people call it; another is shown by the vendor's name for it."""


def name_of(names: Mapping[str, str], key: str, translate: Callable[[str], str] = str) -> str:
    """Return what `names`, such as `GENDERS`, call `key`, by `translate`; a key without a name stands for itself."""
    name = names.get(key, key)
    return translate(name) if name else ""


def texts(value: FieldValue, spec: FieldSpec | None = None) -> tuple[str, ...]:
    """`value`, a text a row: `spec`'s labels for its keys, a cascade as one row, a moment as this machine's wall
    clock.
    """
    if isinstance(value, str):
        moment = value and spec is not None and spec.type == "datetime"
        rows: Sequence[str] = (wall_clock(value) if moment else value,) if value else ()
    else:
        rows = [row if isinstance(row, str) else f"{row.value} {row.memo}".rstrip() for row in value]
    if spec is None:
        return tuple(rows)
    if spec.cascade is not None:
        return _path(rows, spec)
    labels = {choice.key: choice.label for choice in spec.choices}
    return tuple(labels.get(row, row) for row in rows)


def wall_clock(moment: str) -> str:
    """An ISO time with a zone as this machine's clock shows it; anything else as it came."""
    try:
        return shown_clock(datetime.fromisoformat(moment), seconds=True)
    except (ValueError, OverflowError):  # a vendor's time that is none, or at the end of the calendar
        return moment


def _path(keys: Sequence[str], spec: FieldSpec) -> tuple[str, ...]:
    names, level = [], spec.cascade.children if spec.cascade else ()
    for key in keys:
        node = next((node for node in level if node.key == key), None)
        names.append(node.label if node else key)
        level = node.children if node else ()
    return (" › ".join(names),) if names else ()
