"""Values compared, merged and kept: what counts as the same, and who wins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.desk.values import changes, conflict, from_json, to_json, value_of, values_of
from tui.model.customer import (
    Cascade,
    CascadeChoice,
    Choice,
    Contact,
    Customer,
    CustomValue,
    FieldSpec,
    FieldType,
    FieldValue,
    Tag,
)
from tui.model.display import texts
from tui.model.same import identical, same

MOBILE = Contact(value="199 0000 0001", memo="home")

CUSTOMER = Customer(
    id="1",
    name="李四",
    company="星河",
    phones=(MOBILE, Contact(value="021-5555 0000", memo="landline")),
    emails=(Contact(value="li@example.com"),),
    tags=(Tag(name="VIP", group="等级"), Tag(name="新客")),
    custom=(CustomValue(code="text_1", label="详细地址", value="浦东新区"),),
)

ADDRESS = FieldSpec(code="text_1", label="详细地址")


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("name", "李四"),
        ("company", "星河"),
        ("phones", CUSTOMER.phones),
        ("phone", "199 0000 0001"),
        ("telephone", "021-5555 0000"),
        ("email", "li@example.com"),
        ("tags", ("VIP", "新客")),
        ("text_1", "浦东新区"),
        ("text_2", ""),
    ],
)
def test_a_field_is_read_by_its_code(code: str, value: FieldValue) -> None:
    assert value_of(CUSTOMER, code) == value


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ａｎｎ　Lee", "Ann Lee"),
        (" 浦东新区 ", "浦东新区"),
        ("2024-1-5", "2024/01/05"),
        ("2024年1月5日", "2024-01-05"),
        ("2024-01-05T09:30", "2024-1-5 9:30:00"),
        ("2024-01-05 09:30:00", "2024-01-05T09:30:00+08:00"),
        ("2024-01-05T01:30:00Z", "2024-01-05 09:30"),
        (("b", "a"), ("a", "b")),
        ((), ""),
        (("a",), "a"),
        ((Contact(value="199-0000 0001"),), (Contact(value="19900000001"),)),
        ((Contact(value="1", memo="a"), Contact(value="2")), (Contact(value="2"), Contact(value="1", memo="a"))),
    ],
)
def test_values_that_mean_the_same_are_the_same(one: FieldValue, other: FieldValue) -> None:
    assert same(None, one, other)
    assert same(None, other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("李四", "李五"),
        ("2024-01-05", "2024-05-01"),
        ("2024-01-05 09:30", "2024-01-05 09:31"),
        ("2024-01-05T09:30+00:00", "2024-01-05T09:30+08:00"),
        ("2024-01-05 打过电话", "2024-01-05 见过面"),
        ("2024-01-05", "2024-01-05 09:30"),
        (("a",), ("a", "b")),
        ((Contact(value="1", memo="a"),), (Contact(value="1", memo="b"),)),
        ((), ("a",)),
        ("", "a"),
    ],
)
def test_values_that_differ_are_not_the_same(one: FieldValue, other: FieldValue) -> None:
    assert not same(None, one, other)
    assert not same(None, other, one)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Ａｎｎ", "Ann"),
        ("张 三", "张  三"),
        ("first second", "first\nsecond"),
        (("a", "b"), ("b", "a")),
        ((Contact(value="199-0000"),), (Contact(value="1990000"),)),
        ((Contact(value="1"), Contact(value="2")), (Contact(value="2"), Contact(value="1"))),
    ],
)
def test_what_an_agent_only_spells_anew_is_to_be_sent_and_is_no_surprise(before: FieldValue, after: FieldValue) -> None:
    assert not identical(None, before, after)
    assert same(None, before, after)
    assert identical(None, after, after)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a ", "a"), ("", ()), (("a",), "a"), ("2024-1-5", "2024/01/05"), ("2024-01-05 9:30", "2024-01-05T09:30+08:00")],
)
def test_what_is_written_alike_is_nothing_to_send(one: FieldValue, other: FieldValue) -> None:
    assert identical(None, one, other)


def test_a_correction_of_the_spelling_alone_merges_with_what_others_did() -> None:
    there = CUSTOMER.model_copy(update={"company": "Ａｎｎ"})
    found = conflict({"company": "Ａｎｎ"}, there, {"company": "Ann"})
    assert (found.fields, found.clear) == ((), {"company": "Ann"})


def test_only_what_differs_is_a_change() -> None:
    found = changes(CUSTOMER, {"name": "李四 ", "company": "星河科技", "text_1": "黄浦区"}, [ADDRESS])
    assert [(change.code, change.label, change.before, change.after) for change in found] == [
        ("company", "company", "星河", "星河科技"),
        ("text_1", "详细地址", "浦东新区", "黄浦区"),
    ]


def test_a_list_that_loses_a_value_says_which() -> None:
    (change,) = changes(CUSTOMER, {"phones": (Contact(value="19900000001", memo="home"),)})
    assert change.drops == ("021-5555 0000 landline",)


def test_fields_that_one_side_changed_merge_by_themselves() -> None:
    theirs = CUSTOMER.model_copy(update={"name": "李四四"})
    found = conflict(values_of(CUSTOMER, ["company"]), theirs, {"company": "星河科技"})
    assert found.fields == ()
    assert found.clear == {"company": "星河科技"}


def test_a_field_that_both_changed_is_a_conflict() -> None:
    theirs = CUSTOMER.model_copy(update={"company": "银河"})
    mine: dict[str, FieldValue] = {"company": "星河科技", "name": "李思"}
    found = conflict(values_of(CUSTOMER, mine), theirs, mine)
    (field,) = found.fields
    assert (field.code, field.before, field.theirs, field.mine) == ("company", "星河", "银河", "星河科技")
    assert found.clear == {"name": "李思"}


def test_both_changing_to_the_same_is_nothing_to_send() -> None:
    theirs = CUSTOMER.model_copy(update={"company": "星河科技"})
    found = conflict({"company": "星河"}, theirs, {"company": "星河科技 "})
    assert found.fields == ()
    assert found.clear == {}


def test_keys_are_read_as_their_labels() -> None:
    choice = FieldSpec(code="c", label="C", type=FieldType.CHOICES, choices=(Choice(key="1", label="高"),))
    tree = (CascadeChoice(key="zj", label="浙江", children=(CascadeChoice(key="hz", label="杭州"),)),)
    cascade = FieldSpec(code="p", label="P", type=FieldType.CASCADE, cascade=Cascade(levels=2, children=tree))
    assert texts(("1", "2"), choice) == ("高", "2")
    assert texts(("zj", "hz"), cascade) == ("浙江 › 杭州",)
    assert texts((MOBILE,)) == ("199 0000 0001 home",)
    assert texts("") == ()


WORDS = st.text(max_size=20)
VALUES = st.one_of(
    WORDS,
    st.lists(WORDS, max_size=4).map(tuple),
    st.lists(st.builds(Contact, value=WORDS, memo=WORDS), max_size=4).map(tuple),
)


@given(st.dictionaries(WORDS, VALUES, max_size=5))
def test_what_is_kept_as_json_comes_back(values: dict[str, FieldValue]) -> None:
    assert from_json(to_json(values)) == values


@given(VALUES)
def test_a_value_is_the_same_as_itself(value: FieldValue) -> None:
    assert same(None, value, value)
