"""Queries as the directory names them: one canonical text a list, its pages apart."""

from __future__ import annotations

import json

from tui.client.models import Condition, Query


def key_of(query: Query) -> str:
    """The directory's name for the list of QUERY; empty for all customers."""
    if query.owner is None and not query.conditions:
        return ""
    conditions = [condition.model_dump() for condition in query.conditions]
    return json.dumps({"owner": query.owner, "conditions": conditions}, ensure_ascii=False, sort_keys=True)


def query_of(key: str, size: int) -> Query:
    """The first page, of SIZE, of the list that `key_of` named KEY."""
    if not key:
        return Query(size=size)
    kept = json.loads(key)
    conditions = tuple(Condition.model_validate(condition) for condition in kept["conditions"])
    return Query(size=size, owner=kept["owner"], conditions=conditions)
