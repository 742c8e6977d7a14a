"""A person's contacts and tags, each told once with the sources that have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tui.client.models import Contact, Customer, Tag
from tui.desk.people.matching import key_of
from tui.desk.people.model import Person, SharedContact, SharedTag


def contacts(person: Person, field: str) -> tuple[SharedContact, ...]:
    """PERSON's `phones`, `emails`, `wechat` or `qq`, in the order in which the sources have them."""
    found: dict[str, SharedContact] = {}
    for source, customer in person.records.items():
        rows: tuple[Contact, ...] = getattr(customer, field)
        for row in rows:
            key = key_of(field, row.value) or row.memo
            known = found.setdefault(key, SharedContact(row, ()))
            contact = known.contact if known.contact.memo else known.contact.model_copy(update={"memo": row.memo})
            sources = known.sources if source in known.sources else (*known.sources, source)
            found[key] = SharedContact(contact, sources)
    return tuple(found.values())


def tags(person: Person) -> tuple[SharedTag, ...]:
    """PERSON's tags by their names: the customer's own, and those that colleagues who follow it set."""
    found: dict[str, SharedTag] = {}
    for source, customer in person.records.items():
        for tag in _tags(customer):
            known = found.setdefault(key_of("tags", tag.name), SharedTag(tag, ()))
            if source not in known.sources:
                found[key_of("tags", tag.name)] = replace(known, sources=(*known.sources, source))
    return tuple(found.values())


def _tags(customer: Customer) -> Iterator[Tag]:
    yield from customer.tags
    for follower in customer.follow_users:
        yield from follower.tags
