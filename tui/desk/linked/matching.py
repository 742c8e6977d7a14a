"""When two values are the same to a person, and by which of its values a customer is looked for."""

from __future__ import annotations

from tui.desk.values import value_of
from tui.model.characters import clean_id, fold
from tui.model.customer import Contact, Customer, FieldValue
from tui.model.field_names import OWN_NAMES
from tui.model.naming import CUSTOM
from tui.model.phone_email import phone_key, read_email, read_phone

PHONES = frozenset({"phones", "phone", "telephone"})
EMAILS = frozenset({"emails", "email"})
"""Fields that hold phone numbers, and e-mail addresses, whichever vendor's."""

MOST_VALUES = 20
"""Values by which one customer is looked for, each of which is a request: who has more is a switchboard."""


def key_of(field: str, text: str) -> str:
    """Return `text`, a value of `field`, in a form that is equal for all ways to write it: of a phone its digits, of
    all else what is left without width, case, spaces and what nobody sees."""
    if field in PHONES and (number := phone_key(text)):
        return number
    return "".join(fold(read_email(text) if field in EMAILS else text).split())


def looked_for(customer: Customer, ours: str) -> tuple[str, ...]:
    """Return the values of the field `ours` by which `customer` is looked for, each once and in its normal form.

    Of a phone or an e-mail the vendor's client asks for the other spellings too, until somebody is found.
    """
    found = dict.fromkeys(filter(None, (_asked_for(ours, text) for text in _texts(_value(customer, ours)))))
    return tuple(found)[:MOST_VALUES]


def _asked_for(field: str, text: str) -> str:
    if field in EMAILS:
        return read_email(text)
    phone = read_phone(text) if field in PHONES else None
    return phone.spellings[0] if phone else clean_id(text)


def _value(customer: Customer, field: str) -> FieldValue:
    if field in ("id", "union_id"):
        return getattr(customer, field) or ""
    return value_of(customer, code_of(field))


def _texts(value: FieldValue) -> list[str]:
    items = (value,) if isinstance(value, str) else value
    return [item.value if isinstance(item, Contact) else item for item in items]


def code_of(field: str) -> str:
    """The code under which a customer has the `field` that a link names: `custom.` stays where it tells two apart."""
    bare = field.removeprefix(CUSTOM)
    return field if bare in OWN_NAMES else bare


def directory_kind(field: str) -> str:
    """What the directory calls `field` when customers are looked up in it by its value."""
    if field in PHONES:
        return "phone"
    return "email" if field in EMAILS else code_of(field)
