"""As much of a customer as a batch of remarks or follow-ups takes: some hundred times less than all of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator, core_schema

    from tui.model.customer import Customer

Notes = tuple[str, str]
"""A colleague's remark and description."""


class RemarkTarget(NamedTuple):
    """What a batch has to know of a customer."""

    id: str
    union_id: str | None = None
    name: str = ""
    seen_at: float = 0.0
    """Epoch seconds; 0 for one that nobody has seen."""
    notes: Mapping[str, Notes] = MappingProxyType({})
    """By the colleague's user id."""


def person_of(customer: Customer, seen_at: float) -> RemarkTarget:
    """What is worth keeping of `customer`, seen at `seen_at`."""
    notes = {user.user_id: (user.remark, user.description) for user in customer.follow_users}
    return RemarkTarget(customer.id, customer.union_id, customer.name, seen_at, notes)


def person_in(json: bytes, seen_at: float) -> RemarkTarget:
    """The same of a customer's JSON, of which no more is read than that: a fifth of the time that all of it takes."""
    record = _reader().validate_json(json)
    notes = {user["user_id"]: (user["remark"], user["description"]) for user in record["follow_users"]}
    return RemarkTarget(record["id"], record["union_id"], record["name"], seen_at, notes)


@cache
def _reader() -> SchemaValidator:
    """Takes from a customer's JSON what a `RemarkTarget` is made of."""
    from pydantic_core import SchemaValidator, core_schema

    def keys(**types: core_schema.CoreSchema) -> core_schema.CoreSchema:
        fields = {name: core_schema.typed_dict_field(type) for name, type in types.items()}
        return core_schema.typed_dict_schema(fields, extra_behavior="ignore")

    text = core_schema.str_schema()
    user = keys(user_id=text, remark=text, description=text)
    return SchemaValidator(
        keys(id=text, union_id=core_schema.nullable_schema(text), name=text, follow_users=core_schema.list_schema(user))
    )
