"""Which field a name means, and which one is meant by a name that is mistyped."""

from __future__ import annotations

import pytest

from tui.model.choices import SHOWN, labels_of
from tui.model.customer import Choice, FieldSpec
from tui.model.errors import InvalidError
from tui.model.field_names import custom_code, find_field
from tui.model.naming import nearest

FIELDS = (
    FieldSpec(code="name", label="Name"),
    FieldSpec(code="custom.name", label="别名"),
    FieldSpec(code="custom.tags", label="标记"),
    FieldSpec(code="text_6ts9", label="详细地址"),
)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("name", "name"),
        ("custom.name", "custom.name"),
        ("text_6ts9", "text_6ts9"),
        ("custom.text_6ts9", "text_6ts9"),
        ("tags", "custom.tags"),
    ],
)
def test_a_name_means_one_field(name: str, code: str) -> None:
    assert find_field(FIELDS, name).code == code


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("nmae", "Did you mean name?"),
        ("NAME", "Did you mean name?"),
        ("text_6tz9", "Did you mean text_6ts9?"),
        ("详细地址", "Did you mean text_6ts9?"),
        ("zzz", "Use one of: name, custom.name, custom.tags, text_6ts9."),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(InvalidError) as caught:
        find_field(FIELDS, name)
    assert str(caught.value) == f"there is no field {name!r}"
    assert caught.value.hint() == hint


def test_custom_name_never_means_our_own_name() -> None:
    with pytest.raises(InvalidError):
        find_field(FIELDS[:1], "custom.name")


def test_the_nearest_name() -> None:
    assert nearest("emial", ["email", "name"]) == "email"
    assert nearest("x", ["email", "name"]) == ""
    assert nearest("x", []) == ""


def test_a_vendors_code_is_ours_unless_it_is_taken() -> None:
    assert custom_code("text_1") == "text_1"
    assert custom_code("phone") == "custom.phone"
    assert custom_code("external_id", {"external_id"}) == "custom.external_id"


def test_a_long_list_of_choices_is_cut_in_messages() -> None:
    choices = tuple(Choice(key=str(number), label=str(number)) for number in range(SHOWN + 1))
    assert labels_of(choices) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …"
    assert labels_of(choices[:2]) == "0, 1"
