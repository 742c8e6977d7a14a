"""What a person's sources disagree on."""

from __future__ import annotations

from itertools import combinations

from tui.client.errors import N_
from tui.client.models import LANDLINE, Contact, Customer, FieldValue
from tui.desk.people.matching import key_of
from tui.desk.people.model import Difference, Holding, Person, Source
from tui.desk.values import value_of

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
    """What SOURCE, whose record is CUSTOMER, has for FIELD; a company may stand in a field of the tenant's own."""
    if field == "company" and not customer.company:
        for custom in customer.custom:
            if custom.label.strip().casefold() in COMPANY_LABELS:
                return Holding(source, custom.code, custom.value)
    return Holding(source, field, value_of(customer, field))


def _keys(field: str, value: FieldValue) -> frozenset[str]:
    """What is compared of VALUE; empty where there is nothing to compare."""
    if isinstance(value, str):
        texts = [value]
    else:
        rows = (item if isinstance(item, Contact) else Contact(value=item) for item in value)
        texts = [row.value for row in rows if row.memo != LANDLINE]
    return frozenset(key for text in texts if (key := key_of(field, text)))
