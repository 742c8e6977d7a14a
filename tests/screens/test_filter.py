"""What a typed text most likely asks of the vendor."""

from __future__ import annotations

import pytest

from tui.client.models import FieldSpec
from tui.screens.filter import condition_for

SPECS = [FieldSpec(code=code, label=code) for code in ("name", "phones", "emails")]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("李四", "name", "李四"),
        ("138 1234-5678", "phones", "13812345678"),
        ("+86 13812345678", "phones", "13812345678"),
        ("5678", "name", "5678"),
        ("a@example.com", "emails", "a@example.com"),
    ],
)
def test_a_text_asks_for_the_field_that_it_looks_like(text: str, field: str, value: str) -> None:
    condition = condition_for(text, SPECS)
    assert (condition.field, condition.values) == (field, (value,))


def test_a_field_that_the_vendor_lacks_is_not_asked_for() -> None:
    assert condition_for("a@example.com", SPECS[:2]).field == "name"
