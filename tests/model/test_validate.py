"""Values are checked against the field configuration before anything is sent."""

from __future__ import annotations

import pytest

from tui.model.customer import Choice, Contact, FieldSpec, FieldType, FieldValue
from tui.model.errors import InvalidError
from tui.model.validate import check_values

FIELDS = (
    FieldSpec(code="name", label="Name", required=True),
    FieldSpec(code="phones", label="Phones", type=FieldType.PHONE, contacts=True),
    FieldSpec(code="level", label="等级", type=FieldType.CHOICE, choices=(Choice(key="a", label="甲"),), required=True),
    FieldSpec(code="source", label="来源", type=FieldType.CHOICES, choices=(Choice(key="k", label="网"),)),
    FieldSpec(code="free", label="free", type=FieldType.CHOICES),
    FieldSpec(code="day", label="day", type=FieldType.DATE),
    FieldSpec(code="moment", label="moment", type=FieldType.DATETIME),
    FieldSpec(code="made", label="made", editable=False, required=True),
    FieldSpec(code="old", label="old", enabled=False, required=True),
)
WHOLE: dict[str, FieldValue] = {"name": "x", "level": "a"}


@pytest.mark.parametrize(
    "values",
    [
        WHOLE,
        {**WHOLE, "level": "甲"},
        {**WHOLE, "level": ("a",)},
        {**WHOLE, "source": ("k",)},
        {**WHOLE, "source": "k"},
        {**WHOLE, "source": ()},
        {**WHOLE, "free": ("anything",)},
        {**WHOLE, "phones": (Contact(value="1", memo="x"),)},
        {**WHOLE, "phones": ()},
        {**WHOLE, "day": ""},
    ],
)
def test_good_values_pass(values: dict[str, FieldValue]) -> None:
    check_values(FIELDS, values, creating=True)


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"level": ""}, "level", "等级 (level) must not be empty"),
        ({"name": "  "}, "name", "name must not be empty"),
        ({"level": "b"}, "level", "等级 (level) has no choice 'b'"),
        ({"level": ("a", "a")}, "level", "等级 (level) takes one value, not 2"),
        ({"source": ("k", "z")}, "source", "来源 (source) has no choice 'z'"),
        ({"source": (Contact(value="k"),)}, "source", "来源 (source) takes no memo"),
        ({"phones": (Contact(value="x"),)}, "phones", "phones takes a phone number, not 'x'"),
        ({"phones": (Contact(value=" "),)}, "phones", "phones has a row without a value"),
        ({"day": "2024-11-31"}, "day", "day takes a date such as"),
        ({"day": "0001-01-01"}, "day", "day takes a date such as"),
        ({"moment": "0024-11-20 14:02"}, "moment", "moment takes a date and time such as"),
        ({"moment": "13800138000"}, "moment", "moment takes a date and time such as"),
        ({"made": "x"}, "made", "made cannot be changed"),
        ({"old": "x"}, "old", "old is switched off"),
        ({"nmae": "x"}, "nmae", "there is no field 'nmae'"),
        ({}, "", "no value is given"),
    ],
)
def test_a_value_that_breaks_a_rule_is_refused(values: dict[str, FieldValue], field: str, words: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check_values(FIELDS, values, creating=False)
    assert str(caught.value).startswith(words)
    assert caught.value.field == field


def test_a_create_needs_every_required_field_that_can_be_filled() -> None:
    with pytest.raises(InvalidError, match="must be given") as caught:
        check_values(FIELDS, {"name": "x"}, creating=True)
    assert caught.value.field == "level"
    check_values(FIELDS, {"name": "x"}, creating=False)
