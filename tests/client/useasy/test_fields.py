"""Useasy's field configuration: a field's kind is told by its shape first, then by its words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.samples import sample_curl, sample_json
from tui.client.useasy.fields import STANDARD, read_fields
from tui.model.customer import Cascade, CascadeChoice, Choice, FieldSpec, FieldType

CHOICES = [{"key": "k1", "value": "一", "isDefault": False}, {"key": "k2", "value": "二", "isDefault": True}]
BELOW = [{"key": "a", "value": "甲", "children": [{"key": "b", "value": "乙"}]}]
OPTIONS = {"level": 2, "fillLevel": 1, "children": BELOW}


def read(**line: Any) -> FieldSpec:
    """The field that a line of the configuration is."""
    *standard, spec = read_fields([{"param": "p", "name": "名", "status": 1, **line}])
    assert len(standard) == len(STANDARD)
    return spec


def test_the_fields_of_the_page_come_first_even_where_the_configuration_leaves_them_out() -> None:
    codes = [(spec.code, spec.param) for spec in read_fields([])]
    assert codes == [
        ("name", "customerName"),
        ("phones", "mobile"),
        ("emails", "email"),
        ("qq", "qq"),
        ("wechat", "wechat"),
        ("owner", "owner"),
        ("assignTime", "assignTime"),
        ("createMethod", "createMethod"),
        ("visitorId", "visitorId"),
        ("firstOwner", "firstOwner"),
        ("firstAssignTime", "firstAssignTime"),
    ]


def test_the_first_sample_is_a_text_field() -> None:
    *_, spec = read_fields(sample_curl("useasy", "fields").answer["data"])
    assert spec == FieldSpec(
        code="text_6ts9_1687316347239",
        param="text_6ts9_1687316347239",
        label="详细地址",
        type=FieldType.TEXT,
        searchable=False,
    )


def test_the_second_sample_is_a_choice_that_is_switched_off() -> None:
    *_, spec = read_fields(sample_json("useasy", "fields_answer")["data"])
    assert spec == FieldSpec(
        code="string",
        param="string",
        label="string",
        type=FieldType.CHOICE,
        required=True,
        enabled=False,
        default="string",
        choices=(Choice(key="string", label="string", default=True),),
        cascade=Cascade(levels=1, children=(CascadeChoice(key="string", label="string"),)),
    )


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ({"type": "text"}, FieldType.TEXT),
        ({"type": "auto_number"}, FieldType.TEXT),
        ({"type": "something new"}, FieldType.TEXT),
        ({"type": None}, FieldType.TEXT),
        ({"type": 7}, FieldType.TEXT),
        ({"type": "textarea"}, FieldType.TEXTAREA),
        ({"type": "multiLineText"}, FieldType.TEXTAREA),
        ({"type": "Number"}, FieldType.NUMBER),
        ({"type": "percent"}, FieldType.PERCENT),
        ({"type": "date"}, FieldType.DATE),
        ({"type": "dateTime"}, FieldType.DATETIME),
        ({"type": "phone"}, FieldType.PHONE),
        ({"type": "mobile"}, FieldType.PHONE),
        ({"type": "email"}, FieldType.EMAIL),
        ({"type": "attachment"}, FieldType.ATTACHMENT),
        ({"type": "text", "choices": CHOICES}, FieldType.CHOICE),
        ({"type": "number", "choices": CHOICES}, FieldType.CHOICE),
        ({"type": "select", "choices": []}, FieldType.TEXT),
        ({"type": "multiSelect", "choices": CHOICES}, FieldType.CHOICES),
        ({"type": "checkbox", "choices": CHOICES}, FieldType.CHOICES),
        ({"type": "multiSelect"}, FieldType.CHOICES),
        ({"type": "text", "options": OPTIONS}, FieldType.CASCADE),
        ({"type": "text", "options": {"level": 2, "children": []}}, FieldType.TEXT),
    ],
)
def test_a_fields_kind(line: dict[str, Any], kind: FieldType) -> None:
    assert read(**line).type is kind


def test_a_choice_whose_values_are_lists_is_of_several() -> None:
    line = {"param": "p", "type": "select", "choices": CHOICES}
    assert read_fields([line])[-1].type is FieldType.CHOICE
    assert read_fields([line], lists={"p"})[-1].type is FieldType.CHOICES


def test_the_choice_that_the_pages_sample_writes_as_a_list_is_of_several() -> None:
    assert read(param="customerSource", type="select", choices=CHOICES).type is FieldType.CHOICES


def test_choices_keep_keys_labels_and_the_default() -> None:
    spec = read(choices=CHOICES)
    assert spec.choices == (Choice(key="k1", label="一"), Choice(key="k2", label="二", default=True))
    assert spec.default == "k2"


def test_a_choice_without_a_key_or_without_a_label_is_both() -> None:
    spec = read(choices=[{"key": 1}, {"value": "二"}, "三", {}, None])
    assert [(choice.key, choice.label) for choice in spec.choices] == [("1", "1"), ("二", "二"), ("三", "三")]


def test_a_cascade_keeps_its_levels_and_how_many_must_be_filled() -> None:
    assert read(options=OPTIONS).cascade == Cascade(
        levels=2,
        required_levels=1,
        children=(CascadeChoice(key="a", label="甲", children=(CascadeChoice(key="b", label="乙"),)),),
    )


def test_a_cascade_that_does_not_count_its_levels_is_measured() -> None:
    cascade = read(options={**OPTIONS, "level": None, "fillLevel": "2"}).cascade
    assert cascade is not None
    assert (cascade.levels, cascade.required_levels) == (2, 2)


@pytest.mark.parametrize(("status", "enabled"), [(1, True), ("1", True), (0, False), ("0", False), (None, True)])
def test_a_field_is_on_or_off(status: object, enabled: bool) -> None:
    assert read(status=status).enabled is enabled


@pytest.mark.parametrize("status", [-1, "-1"])
def test_a_deleted_field_is_left_out(status: object) -> None:
    assert read_fields([{"param": "p", "status": status}]) == STANDARD


def test_a_field_says_itself_whether_it_is_editable() -> None:
    assert not read(editable=False).editable
    assert read(editable=None).editable


def test_a_field_that_the_vendor_lists_as_fixed_is_not_editable() -> None:
    fields = read_fields([{"param": "a"}, {"param": "b"}, {"param": "owner"}], fixed={"b", "owner"})
    assert [spec.code for spec in fields if not spec.editable] == ["owner", "firstOwner", "firstAssignTime", "b"]


@pytest.mark.parametrize("param", ["createTime", "updateAgent", "accountId", "firstOwner", "firstAssignTime"])
def test_what_the_vendor_fills_in_is_never_editable(param: str) -> None:
    fields = read_fields([{"param": param, "name": "名", "status": 1, "editable": True}])
    assert [spec.editable for spec in fields if spec.param == param] == [False]


def test_fields_come_in_the_order_of_the_configuration() -> None:
    lines = [{"param": "c", "sort": "30"}, {"param": "a", "sort": 4}, {"param": "b", "sort": 20}, {"param": "z"}]
    assert [spec.code for spec in read_fields(lines)[len(STANDARD) :]] == ["z", "a", "b", "c"]


def test_a_configured_field_of_the_page_takes_label_and_rules_from_the_configuration() -> None:
    lines = [
        {"param": "mobile", "name": "手机号", "type": "phone", "required": True, "isSystem": True},
        {"param": "customerName", "name": "客户名称", "type": "text", "required": False},
        {"param": "owner", "name": "归属人", "type": "select", "choices": CHOICES},
    ]
    fields = read_fields(lines)
    assert [spec.code for spec in fields] == [spec.code for spec in STANDARD]
    name, phones, *_ = fields
    assert (name.label, name.required, name.type) == ("客户名称", True, FieldType.TEXT)
    assert (phones.label, phones.required, phones.type, phones.contacts) == ("手机号", True, FieldType.PHONE, True)
    owner = fields[5]
    assert (owner.label, owner.type, len(owner.choices)) == ("归属人", FieldType.CHOICE, 2)


def test_a_tenants_field_spelt_like_one_of_ours_is_told_apart() -> None:
    assert read(param="name").code == "custom.name"
    assert read(param="tags").code == "custom.tags"


def test_lines_that_name_no_field_are_left_out() -> None:
    assert read_fields([None, 3, "text", [], {}, {"name": "无"}]) == STANDARD


def test_a_field_may_be_named_by_either_of_its_other_keys() -> None:
    assert read_fields([{"field": "f"}])[-1].param == "f"
    assert read_fields([{"glFieldId": "g"}])[-1].param == "g"


KEYS = st.sampled_from(["param", "name", "type", "status", "choices", "options", "children", "key", "value", "level"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(KEYS, JSON) | JSON, max_size=4))
def test_any_configuration_is_read(lines: list[object]) -> None:
    fields = read_fields(lines)
    assert [spec.code for spec in fields[: len(STANDARD)]] == [spec.code for spec in STANDARD]
    assert all(spec.param for spec in fields)
