"""What a person typed, as a field's value: `--set NAME=VALUE` on the command line, and a line in a form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from tui.client.errors import N_
from tui.client.models import Contact, FieldSpec, FieldType, FieldValue
from tui.client.reading import CHINA
from tui.client.values.checks import check_value
from tui.client.values.choices import find_choice, find_path, key_of, split_path
from tui.client.values.names import refusal
from tui.model.characters import clean_id, normal
from tui.model.phone_email import read_email, unwrapped_phone

_DAY = r"(?P<year>\d{4})(?:[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?|(?P<mm>\d{2})(?P<dd>\d{2}))"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
_WHEN = re.compile(rf"{_DAY}(?:[T ]\s*{_CLOCK}\s*(?P<zone>Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_COMMA = re.compile("[,;\u3001\uff0c\uff1b]")
"""Also as a Chinese keyboard writes them."""
_WIDE_BAR = "\uff5c"


def parse_value(spec: FieldSpec, text_rows: Sequence[str]) -> FieldValue:
    """The value of SPEC's field that TEXT_ROWS spell; no row, or blank ones, clear the field.

    Contacts are `VALUE` or `VALUE|MEMO`, one a row. Several choices are rows, or commas part them; a choice is named by
    its key or its label. A cascade is `a/b/c` or `a > b`, or one level a row. Dates are year first in the common
    spellings, a time without a zone is China's, as the vendors' are. Full-width digits and letters do.

    Raises: InvalidError, as `check_values`.
    """
    rows = [row for row in text_rows if row.strip()]
    value = _list_value(spec, rows)
    if value is None:
        if len(rows) > 1 and spec.type is not FieldType.TEXTAREA:
            raise refusal(spec, N_("{name} takes one value, not {found}"), found=len(rows))
        value = _single_value(spec, "\n".join(text_rows) if rows else "")
    check_value(spec, value)
    return value


def _list_value(spec: FieldSpec, rows: Sequence[str]) -> FieldValue | None:
    """The value of a field that takes several texts; None for one that takes one."""
    if spec.contacts:
        return tuple(_contact(spec, row) for row in rows)
    if spec.code == "tags":
        return tuple(_split(rows))
    if spec.type is FieldType.CHOICES:
        whole = all(find_choice(spec.choices, row) for row in rows)  # a label may hold a comma
        return tuple(dict.fromkeys(key_of(spec.choices, text.strip()) for text in (rows if whole else _split(rows))))
    if spec.type is FieldType.CASCADE and spec.cascade:
        parts = split_path(spec.cascade, rows[0]) if len(rows) == 1 else tuple(row.strip() for row in rows)
        keys = tuple(node.key for node in find_path(spec.cascade, parts))
        return keys + parts[len(keys) :]
    return None


def _single_value(spec: FieldSpec, text: str) -> str:
    match spec.type:
        case FieldType.CHOICE:
            return key_of(spec.choices, text.strip())
        case FieldType.NUMBER | FieldType.PERCENT:
            return _number(normal(text))
        case FieldType.DATE | FieldType.DATETIME:
            return _when(normal(text), clock=spec.type is FieldType.DATETIME)
        case FieldType.PHONE | FieldType.EMAIL:
            return _reached_at(spec, text)
        case _:
            return text


def _reached_at(spec: FieldSpec, text: str) -> str:
    """Return the phone or e-mail in `text`, without the link or the brackets that it was pasted in."""
    return unwrapped_phone(text) if spec.type is FieldType.PHONE else read_email(text)


def _split(rows: Sequence[str]) -> list[str]:
    return [part.strip() for row in rows for part in _COMMA.split(row) if part.strip()]


def _contact(spec: FieldSpec, row: str) -> Contact:
    value, _, memo = row.replace(_WIDE_BAR, "|").partition("|")
    known = spec.type in (FieldType.PHONE, FieldType.EMAIL)
    return Contact(value=_reached_at(spec, value) if known else clean_id(value), memo=memo.strip())


def _number(text: str) -> str:
    text = text.removesuffix("%").rstrip()
    return text.replace(",", "") if _THOUSANDS.fullmatch(text) else text


def _when(text: str, *, clock: bool) -> str:
    """TEXT as an ISO date, or with CLOCK as a date and time with a zone; TEXT itself where it is neither."""
    found = _WHEN.fullmatch(text)
    if found is None or (found["hour"] and not clock):
        return text
    month, day = int(found["month"] or found["mm"]), int(found["day"] or found["dd"])
    hour = int(found["hour"] or 0)
    try:
        moment = datetime.fromisoformat(
            f"{found['year']}-{month:02}-{day:02}T{hour:02}:{found['minute'] or '00'}:{found['second'] or '00'}"
            f"{(found['zone'] or '').upper()}"
        )
        moment = moment.astimezone(CHINA) if moment.tzinfo else moment.replace(tzinfo=CHINA)
    except (ValueError, OverflowError):  # no such day, no such hour, or at the end of the calendar
        return text
    return moment.isoformat() if clock else moment.date().isoformat()
