"""Queries as the directory names them, one canonical text a list, its pages apart; and as a person reads them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tui.locale import _, listed
from tui.model.conditions import EMPTY, LEVEL
from tui.model.customer import Condition, FieldSpec, Query
from tui.model.display import texts


def key_of(query: Query) -> str:
    """The directory's name for the list of `query`; empty for all customers."""
    if query.owner is None and not query.conditions:
        return ""
    conditions = [condition.model_dump() for condition in query.conditions]
    return json.dumps({"owner": query.owner, "conditions": conditions}, ensure_ascii=False, sort_keys=True)


def query_of(key: str, size: int) -> Query:
    """The first page, of `size`, of the list that `key_of` named `key`."""
    if not key:
        return Query(size=size)
    kept = json.loads(key)
    conditions = tuple(Condition.model_validate(condition) for condition in kept["conditions"])
    return Query(size=size, owner=kept["owner"], conditions=conditions)


def told(query: Query, fields: Sequence[FieldSpec]) -> str:
    """Return what `query` asks for, in the agent's language, by the labels of `fields`; empty for all customers."""
    parts = [query.owner] if query.owner else []
    parts += [_told(condition, fields) for condition in query.conditions]
    return " · ".join(parts)


def _told(condition: Condition, fields: Sequence[FieldSpec]) -> str:
    spec = next((spec for spec in fields if spec.code == condition.field), None)
    label = _(spec.label) if spec is not None else condition.field
    if condition.operator == EMPTY:
        return _("{field} is empty").format(field=label)
    cascade = spec is not None and spec.cascade is not None
    values = [
        text
        for value in condition.values
        for text in texts(tuple(value.split(LEVEL)) if cascade else (value,) if spec and spec.choices else value, spec)
    ]
    return f"{label} = {listed(values)}"
