"""The values of a customer that a query compares, by field, in the one form in which they are compared.

A field has any number of texts (`remark` one of each colleague who wrote one), or a moment in epoch seconds. Texts are
compared folded: one width, one case, one space between words, nothing invisible. Phones are compared by their digits,
e-mails without what they were pasted in. A tenant's own field is `custom.CODE`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.model.characters import fold
from tui.model.naming import CUSTOM
from tui.model.phone_email import phone_key, read_email

if TYPE_CHECKING:
    from tui.model.customer import Customer, CustomValue

LONGEST = 4000
"""Characters of one text that are compared: a page of a note, of which nobody looks for the end."""

PHONES, EMAILS = "phones", "emails"

Texts = dict[str, tuple[str, ...]]
"""Texts by the name of their field, as the vendor wrote them; a field without any may be left out."""

_PLAIN_EMAIL = re.compile(r"[\w.+@-]{1,255}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLAIN_NUMBER = re.compile(r"(-?(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{1,15})?)%?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d.*(?:z|[+-]\d\d:?\d\d)", re.ASCII)


def texts_of(customer: Customer) -> Texts:
    """Return the texts of `customer` by field, its moments and what only the desk knows apart.

    Every customer that is kept passes here: it is written for speed.
    """
    followers = customer.follow_users
    found: Texts = {"id": (customer.id,), "gender": (customer.gender,)}
    if customer.name:
        found["name"] = (customer.name,)
    if customer.company:
        found["company"] = (customer.company,)
    if customer.union_id:
        found["union_id"] = (customer.union_id,)
    if customer.kind:
        found["kind"] = (customer.kind,)
    description, tags = [customer.description] if customer.description else [], [tag.name for tag in customer.tags]
    if followers:
        remarks: list[str] = []
        owners: list[str] = []
        for one in followers:
            remarks.append(one.remark)
            owners += (one.name, one.user_id)
            if one.description:
                description.append(one.description)
            if one.tags:
                tags += [tag.name for tag in one.tags]
        found["remark"] = tuple(remarks)
        found["owner"] = tuple(owners)
    elif customer.owner:
        found["owner"] = (customer.owner,)
    if description:
        found["description"] = tuple(description)
    if tags:
        found["tags"] = tuple(tags)
    for name, contacts in (
        (PHONES, customer.phones),
        (EMAILS, customer.emails),
        ("wechat", customer.wechat),
        ("qq", customer.qq),
    ):
        if contacts:
            found[name] = tuple([contact.value for contact in contacts])
    for custom in customer.custom:
        if custom.value:
            found.setdefault(own_name(custom.code), _custom(custom))
    return found


def own_name(code: str) -> str:
    """Return the name of the tenant's own field with `code`, which begins so itself where it is spelt like one of
    ours."""
    return code if code.startswith(CUSTOM) else CUSTOM + code


def _custom(custom: CustomValue) -> tuple[str, ...]:
    value = custom.value
    if isinstance(value, str):
        return (value,)
    return tuple([item if isinstance(item, str) else item.value for item in value])


def compared(field: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Return `texts` of `field` as they are compared, each once, without empty ones."""
    return tuple(dict.fromkeys(filter(None, (compared_text(field, text) for text in texts))))


def compared_text(field: str, text: str) -> str:
    """Return `text`, a value of `field`, as it is compared."""
    if field == EMAILS and _PLAIN_EMAIL.fullmatch(text):
        return text.lower()  # as nearly all are kept
    text = text[:LONGEST]
    if field == PHONES:
        return phone_key(text) or fold(text)
    return fold(read_email(text) if field == EMAILS else text).translate(_NO_MARKS)


_NO_MARKS = dict.fromkeys((1, 2, 3, 4))
"""What the store puts between values, and writes over what it looks for, is left in none."""


def epoch(moment: datetime | None) -> int | None:
    """Return `moment` in whole seconds since 1970; None for none."""
    return None if moment is None else int((moment - _EPOCH).total_seconds() // 1)


def text_moment(text: str) -> int | None:
    """Return the epoch seconds of `text`, a compared value that is a date and time with its zone; None if it is not."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return epoch(datetime.fromisoformat(text.upper()))
    except ValueError:
        return None


def text_day(text: str) -> str:
    """Return the date (`YYYY-MM-DD`) with which `text`, a compared value, begins; empty where it begins with none."""
    return text[:10] if text[4:5] == "-" == text[7:8] and len(text) >= len("2024-11-20") else ""


SortKey = tuple[int, float, str]
"""How a field's texts are ordered: numbers by size, before all else."""


def sort_key(texts: Sequence[str], spelt: str) -> SortKey:
    """Return what `texts`, a customer's compared values of one field, are ordered by; `spelt` is how they are spelt.

    What looks like a number is ordered by its size, and what looks like a moment by when it is, wherever it is from.
    """
    first = texts[0]
    if "0" <= first[0] <= "9" or first[0] == "-":
        if number := _PLAIN_NUMBER.fullmatch(first):
            return 0, float(number[1].replace(",", "")), spelt
        if (moment := text_moment(first)) is not None:
            return 1, 0.0, f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S}{spelt}"
    return 1, 0.0, spelt
