"""Search conditions: what is read as which key, and what no record can meet."""

from __future__ import annotations

import pytest

from tui.client.field_encoding import FieldEncoding
from tui.client.useasy.search_terms import terms_of
from tui.model.conditions import check_condition, parse_condition
from tui.model.customer import Cascade, CascadeChoice, Choice, Condition, FieldSpec, FieldType
from tui.model.errors import InvalidError

OTHER = CascadeChoice(key="x", label="其他")
TREE = Cascade(
    levels=2,
    children=(
        CascadeChoice(key="a", label="Shoes", children=(CascadeChoice(key="a1", label="Red"), OTHER)),
        CascadeChoice(key="b", label="Hats/Caps", children=(CascadeChoice(key="b1", label="Blue"), OTHER)),
    ),
)
LEVELS = (
    Choice(key="1", label="VIP"),
    Choice(key="2", label="vip"),
    Choice(key="3", label="A, B"),
    Choice(key="4", label="Old"),
)
FIELDS = (
    FieldSpec(code="level", label="Level", type=FieldType.CHOICE, choices=LEVELS, param="level"),
    FieldSpec(code="goods", label="Goods", type=FieldType.CASCADE, cascade=TREE, param="goods"),
    FieldSpec(code="one", label="Twin", param="one"),
    FieldSpec(code="two", label="twin", param="two"),
    FieldSpec(code="off", label="Off", enabled=False, param="off"),
)


@pytest.mark.parametrize(
    ("field", "text", "values"),
    [
        ("level", "VIP", ("1",)),
        ("Level", "vip", ("2",)),
        ("level", "1,2,VIP", ("1", "2")),
        ("level", "A, B", ("3",)),
        ("level", r"A\, B, old", ("3", "4")),
        ("goods", "a", ("a",)),
        ("goods", "Red", ("a/a1",)),
        ("goods", "Hats/Caps/Blue", ("b/b1",)),
        ("goods", "b › x", ("b/x",)),
        ("goods", "Shoes/其他", ("a/x",)),
        ("nobody's", "a, b", ("a", "b")),
    ],
)
def test_a_condition_holds_the_keys_of_what_was_written(field: str, text: str, values: tuple[str, ...]) -> None:
    condition = parse_condition(FIELDS, field, "eq", text)
    assert condition.values == values
    assert check_condition(FIELDS, condition) == condition


@pytest.mark.parametrize(
    ("field", "text", "named"),
    [
        ("level", "Vip", "1, 2"),
        ("goods", "其他", "Shoes/其他, Hats/Caps/其他"),
        ("TWIN", "x", "one, two"),
    ],
)
def test_a_label_that_several_have_is_refused_with_what_tells_them_apart(field: str, text: str, named: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_condition(FIELDS, field, "eq", text)
    assert caught.value.facts["known"] == named


def test_a_field_that_is_switched_off_is_not_searched_by() -> None:
    with pytest.raises(InvalidError, match="not searched by"):
        parse_condition(FIELDS, "off", "eq", "x")


def test_a_key_that_stands_in_several_places_is_asked_for_with_the_levels_above_it() -> None:
    goods = FIELDS[1]
    one = check_condition(FIELDS, Condition(field="goods", values=("Shoes/其他",)))
    assert [term["value"] for term in terms_of(one, goods, FieldEncoding())] == [["a"], ["x"]]
    blue = check_condition(FIELDS, Condition(field="goods", values=("Blue", "Red")))
    assert [term["value"] for term in terms_of(blue, goods, FieldEncoding())] == [["b1", "a1"]]
    both = check_condition(FIELDS, Condition(field="goods", values=("Shoes/其他", "Red")))
    with pytest.raises(InvalidError, match="one of these at a time"):
        terms_of(both, goods, FieldEncoding())
