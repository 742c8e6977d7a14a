"""A value of one source, as it is written at another to settle what they disagree on."""

from __future__ import annotations

from collections.abc import Sequence

from tui.client.models import LANDLINE, Contact, Customer, FieldSpec, FieldValue
from tui.desk.people.differences import COMPANY_LABELS
from tui.desk.people.matching import key_of

SINGLE = {"phones": "phone", "emails": "email"}
"""What holds the one phone or e-mail where a vendor has no rows of them."""


def field_for(field: str, specs: Sequence[FieldSpec]) -> FieldSpec | None:
    """The field that takes FIELD (`name`, `company`, `phones`, `emails`) where the fields are SPECS; None: there is
    none that can be edited."""
    usable = {spec.code: spec for spec in specs if spec.enabled and spec.editable}
    found = usable.get(field) or usable.get(SINGLE.get(field, ""))
    if found is None and field == "company":
        found = next((spec for spec in usable.values() if spec.label.strip().casefold() in COMPANY_LABELS), None)
    return found


def carried(customer: Customer, spec: FieldSpec, field: str, text: str) -> dict[str, FieldValue]:
    """What is written to have TEXT for FIELD in CUSTOMER's field SPEC; nothing where it is there.

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
