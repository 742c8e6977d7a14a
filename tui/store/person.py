"""As much of a customer as a batch of remarks or follow-ups takes: some hundred times less than all of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tui.client.models import Customer

Notes = tuple[str, str]
"""A colleague's remark and description."""


class Person(NamedTuple):
    """What a batch has to know of a customer."""

    id: str
    union_id: str | None = None
    name: str = ""
    seen_at: float = 0.0
    """Epoch seconds; 0 for one that nobody has seen."""
    notes: Mapping[str, Notes] = MappingProxyType({})
    """By the colleague's user id."""


def person_of(customer: Customer, seen_at: float) -> Person:
    """What is worth keeping of CUSTOMER, seen at SEEN_AT."""
    notes = {user.user_id: (user.remark, user.description) for user in customer.follow_users}
    return Person(customer.id, customer.union_id, customer.name, seen_at, notes)


def person_in(record: Mapping[str, Any], seen_at: float) -> Person:
    """The same of a customer as plain JSON."""
    notes = {user["user_id"]: (user["remark"], user["description"]) for user in record["follow_users"]}
    return Person(record["id"], record["union_id"], record["name"], seen_at, notes)
