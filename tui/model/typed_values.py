"""What a person typed, as a field's value: `--set NAME=VALUE` on the command line, and a line in a form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import tzinfo

from tui.model.characters import clean_text
from tui.model.choices import find_choice
from tui.model.customer import Contact, FieldSpec, FieldType, FieldValue
from tui.model.errors import N_
from tui.model.field_names import refusal
from tui.model.times import CHINA
from tui.model.validate import check_value

_COMMA = re.compile("[,;\u3001\uff0c\uff1b]")
"""Also as a Chinese keyboard writes them."""
_WIDE_BAR = "\uff5c"

UNSEEN = N_("{name} is given nothing but characters that cannot be seen; leave it empty to clear it")
"""What is copied out of a web page or a chat can be that: nobody who types it means to clear the field."""


def parse_value(spec: FieldSpec, text_rows: Sequence[str], zone: tzinfo | None = CHINA) -> FieldValue:
    """Return the value of the field `spec` that `text_rows` spell; no row, or blank ones, clear the field.

    Contacts are `VALUE` or `VALUE|MEMO`, one a row. Several choices are rows, or commas part them; a choice is named by
    its key or its label. A cascade is `a/b/c` or `a > b`, or one level a row. Numbers and times are as in
    `tui.model.numbers` and `tui.model.times`; a time without a zone is of `zone`, which for None is this machine's.

    Raises: InvalidError, as `check_values`, and for a row of nothing but invisible characters.
    """
    rows = [row for row in text_rows if row.strip()]
    if any(not clean_text(row) for row in rows):
        raise refusal(spec, UNSEEN)
    if spec.contacts:
        return check_value(spec, tuple(map(_contact, rows)))
    if spec.code == "tags":
        return check_value(spec, tuple(_split(rows)))
    if spec.type is FieldType.CHOICES:
        whole = all(find_choice(spec.choices, row) for row in rows)  # a label may hold a comma
        return check_value(spec, tuple(text.strip() for text in (rows if whole else _split(rows))))
    if spec.type is FieldType.CASCADE and spec.cascade and len(rows) != 1:
        return check_value(spec, tuple(row.strip() for row in rows))
    if len(rows) > 1 and spec.type is not FieldType.TEXTAREA:
        raise refusal(spec, N_("{name} takes one value, not {found}"), found=len(rows))
    return check_value(spec, "\n".join(text_rows) if rows else "", zone)


def _split(rows: Sequence[str]) -> list[str]:
    return [part.strip() for row in rows for part in _COMMA.split(row) if part.strip()]


def _contact(row: str) -> Contact:
    value, _, memo = row.replace(_WIDE_BAR, "|").partition("|")
    return Contact(value=value.strip(), memo=memo.strip())
