"""When two values are the same to a person, and by which of its values a customer is looked for."""

from __future__ import annotations

import unicodedata

from tui.client.models import Contact, Customer, FieldValue
from tui.client.values import CUSTOM
from tui.client.values.names import OWN_NAMES
from tui.desk.values import value_of
from tui.store.terms import digits

PHONES = frozenset({"phones", "phone", "telephone"})
EMAILS = frozenset({"emails", "email"})
"""Fields that hold phone numbers, and e-mail addresses, whichever vendor's."""

MOST_VALUES = 4
"""Values by which one customer is looked for: each is a request."""


def key_of(field: str, text: str) -> str:
    """TEXT, a value of FIELD, in a form that is equal for all ways to write it: of a phone its digits, of all else
    what is left without width, spaces and case."""
    if field in PHONES and (number := digits(text)):
        return number
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def looked_for(customer: Customer, ours: str) -> tuple[str, ...]:
    """CUSTOMER's values of the field OURS, as they are asked for; a phone as it is written, and as bare digits."""
    found: dict[str, None] = {}
    for text in _texts(_value(customer, ours)):
        if text := text.strip():
            found[text] = None
            if ours in PHONES and (number := digits(text)):
                found[number] = None
    return tuple(found)[:MOST_VALUES]


def _value(customer: Customer, field: str) -> FieldValue:
    if field in ("id", "union_id"):
        return getattr(customer, field) or ""
    return value_of(customer, code_of(field))


def _texts(value: FieldValue) -> list[str]:
    items = (value,) if isinstance(value, str) else value
    return [item.value if isinstance(item, Contact) else item for item in items]


def code_of(field: str) -> str:
    """The code under which a customer has the FIELD that a link names: `custom.` stays where it tells two apart."""
    bare = field.removeprefix(CUSTOM)
    return field if bare in OWN_NAMES else bare


def directory_kind(field: str) -> str:
    """What the directory calls FIELD when customers are looked up in it by its value."""
    if field in PHONES:
        return "phone"
    return "email" if field in EMAILS else code_of(field)
