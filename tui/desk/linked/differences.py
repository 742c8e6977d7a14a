"""What a person's sources disagree on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from tui.desk.linked.matching import key_of
from tui.desk.linked.person import Difference, Holding, Person, SharedContact, SharedTag, Source
from tui.desk.values import value_of
from tui.model.characters import fold
from tui.model.customer import LANDLINE, Contact, Customer, FieldSpec, FieldValue, Tag
from tui.model.errors import N_

SINGLE = {"phones": "phone", "emails": "email"}
"""What holds the one phone or e-mail where a vendor has no rows of them."""


def field_for(field: str, specs: Sequence[FieldSpec]) -> FieldSpec | None:
    """The field that takes `field` (`name`, `company`, `phones`, `emails`) where the fields are `specs`; None: there is
    none that can be edited."""
    usable = {spec.code: spec for spec in specs if spec.enabled and spec.editable}
    found = usable.get(field) or usable.get(SINGLE.get(field, ""))
    if found is None and field == "company":
        found = next((spec for spec in usable.values() if fold(spec.label) in COMPANY_LABELS), None)
    return found


def carried(customer: Customer, spec: FieldSpec, field: str, text: str) -> dict[str, FieldValue]:
    """What is written to have `text` for `field` in `customer`'s field `spec`; nothing where it is there.

    Among rows it takes the place of the first that is compared, and its memo; the others stay.
    """
    if not spec.contacts:
        return {spec.code: text}
    rows: tuple[Contact, ...] = getattr(customer, field)
    if any(key_of(field, row.value) == key_of(field, text) for row in rows):
        return {}
    first = next((place for place, row in enumerate(rows) if row.memo != LANDLINE), None)
    if first is None:
        return {spec.code: (Contact(value=text), *rows)}
    return {spec.code: (*rows[:first], rows[first].model_copy(update={"value": text}), *rows[first + 1 :])}


def contacts(person: Person, field: str) -> tuple[SharedContact, ...]:
    """`person`'s `phones`, `emails`, `wechat` or `qq`, in the order in which the sources have them."""
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
    """`person`'s tags by their names: the customer's own, and those that colleagues who follow it set."""
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


FIELDS = {"name": N_("Name"), "company": N_("Company"), "phones": N_("Phones"), "emails": N_("E-mails")}
"""The fields that are compared, and what people call them."""

COMPANY_LABELS = frozenset(
    {"公司", "公司名称", "公司名", "企业", "企业名称", "单位", "单位名称", "company", "company name"}
)
"""What a tenant calls the field of its own that holds the company, where the vendor has no such field itself."""


def differences(person: Person) -> tuple[Difference, ...]:
    """The fields of which two sources that have a value agree on none.

    One more phone at one of them is no contradiction, and a landline none to a mobile phone.
    """
    found = []
    for field, label in FIELDS.items():
        every = [holding(source, customer, field) for source, customer in person.records.items()]
        told = [(one, keys) for one in every if (keys := _keys(field, one.value))]
        if any(one.isdisjoint(other) for (_, one), (_, other) in combinations(told, 2)):
            found.append(Difference(field, label, tuple(one for one, _ in told)))
    return tuple(found)


def holding(source: Source, customer: Customer, field: str) -> Holding:
    """What `source`, whose record is `customer`, has for `field`; a company may stand in a field of the tenant's
    own.
    """
    if field == "company" and not customer.company:
        for custom in customer.custom:
            if fold(custom.label) in COMPANY_LABELS:
                return Holding(source, custom.code, custom.value)
    return Holding(source, field, value_of(customer, field))


def _keys(field: str, value: FieldValue) -> frozenset[str]:
    """What is compared of `value`; empty where there is nothing to compare."""
    if isinstance(value, str):
        texts = [value]
    else:
        rows = (item if isinstance(item, Contact) else Contact(value=item) for item in value)
        texts = [row.value for row in rows if row.memo != LANDLINE]
    return frozenset(key for text in texts if (key := key_of(field, text)))
