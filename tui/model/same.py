"""Whether two values of a field mean the same, by the field's type: 12.50 is 12.5, a label is its key.

One answer for all who compare: what was read back after a write, what a colleague changed meanwhile, what an edit or a
row of a file changes at all, what an undo brings back, two records side by side.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from datetime import datetime

from tui.model.characters import normal
from tui.model.choices import find_choice, find_path, read_flag, split_path
from tui.model.customer import Contact, FieldSpec, FieldType, FieldValue
from tui.model.numbers import read_number, read_percent
from tui.model.phone_email import read_email, read_phone
from tui.model.times import CHINA, read_day, read_moment

_DATED = re.compile(r"\d{4} ?[-/.年]")
"""What a text begins with that may be a date, where its field says nothing of one."""

_WRITTEN_ONE_WAY = frozenset(
    {FieldType.NUMBER, FieldType.PERCENT, FieldType.DATE, FieldType.DATETIME, FieldType.CHOICE, FieldType.CHOICES}
)
"""Types that leave an agent nothing to correct but the meaning; of a text or a phone the spelling can be."""


def same(spec: FieldSpec | None, one: FieldValue, other: FieldValue) -> bool:
    """Return whether both mean the same in the field `spec`; None is a field of which nothing is known.

    Nothing told apart: how a number, a date, a phone, an e-mail's domain or a choice is written; width and spaces of a
    text; the order of rows, though not of a cascade's levels; an empty list and an empty text.
    """
    return _meaning(spec, one) == _meaning(spec, other)


def identical(spec: FieldSpec | None, one: FieldValue, other: FieldValue) -> bool:
    """Return whether both are written alike, so that there is nothing to send.

    An agent who corrects a space, a letter's width or the order of phones means it; of a number, a date or a choice
    there is nothing but its meaning to correct.
    """
    if spec is not None and not spec.contacts and (spec.type in _WRITTEN_ONE_WAY or spec.cascade):
        return same(spec, one, other)
    return _written(one) == _written(other)


def row_meaning(spec: FieldSpec | None, row: str | Contact) -> Hashable:
    """Return what one row of a value in the field `spec` means, equal for all rows that mean the same."""
    if isinstance(row, Contact):
        return _text_meaning(spec, row.value, contact=True), normal(row.memo)
    return _text_meaning(spec, row), ""


def _meaning(spec: FieldSpec | None, value: FieldValue) -> Hashable:
    rows = _rows(value)
    if spec is not None and spec.cascade:
        texts = [row.value if isinstance(row, Contact) else row for row in rows]
        path = split_path(spec.cascade, texts[0]) if len(texts) == 1 else tuple(texts)
        keys = tuple(node.key for node in find_path(spec.cascade, path))
        return keys + path[len(keys) :]
    return frozenset(meaning for row in rows if (meaning := row_meaning(spec, row)) != ("", ""))


def _rows(value: FieldValue) -> Sequence[str | Contact]:
    return (value,) if isinstance(value, str) else value


def _text_meaning(spec: FieldSpec | None, text: str, *, contact: bool = False) -> Hashable:
    plain = normal(text)
    match spec.type if spec is not None else None:
        case FieldType.NUMBER:
            number = read_number(text)
            return plain if number is None else number
        case FieldType.PERCENT:
            number = read_percent(text)
            return plain if number is None else number
        case FieldType.DATE:
            return read_day(text, datetime.now(CHINA)) or plain
        case FieldType.DATETIME:
            moment = read_moment(text, datetime.now(CHINA), CHINA)
            return moment.replace(microsecond=0) if moment else plain
        case FieldType.CHOICE | FieldType.CHOICES if spec is not None:
            return _choice(spec, text) or plain
        case FieldType.EMAIL:
            return read_email(text)
        case FieldType.PHONE:
            return _phone(text) or plain
        case None if contact:
            return read_email(text) if "@" in plain else _phone(text) or plain
        case _:
            return _dated(plain) or plain


def _choice(spec: FieldSpec, text: str) -> str:
    """The key of the choice that `text` names; of a yes and no the vendor may answer `true` for `1`."""
    choice = find_choice(spec.choices, text)
    if choice is None and (flag := read_flag(text)) is not None:
        choice = next((one for one in spec.choices if read_flag(one.key) is flag), None)
    return choice.key if choice else ""


def _phone(text: str) -> str:
    """The digits of the phone that all of `text` is; empty where it is none."""
    phone = read_phone(text)
    return phone.key if phone else ""


def _dated(text: str) -> Hashable:
    """The date, or the moment, that all of `text` is; None where it is neither."""
    if not _DATED.match(text):
        return None
    now = datetime.now(CHINA)
    return read_day(text, now) or read_moment(text, now, CHINA)


def _written(value: FieldValue) -> Sequence[Hashable]:
    rows = [
        (row.value.strip(), row.memo.strip()) if isinstance(row, Contact) else (_dated(row) or row.strip(), "")
        for row in _rows(value)
    ]
    return [row for row in rows if row != ("", "")]
