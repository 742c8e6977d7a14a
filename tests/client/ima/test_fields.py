"""ima's field definitions, with integers as numbers or as texts and options in any shape."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.ima.tenant import OPTIONS, line
from tui.client.ima.fields import STANDARD, TYPES, read_fields
from tui.client.ima.records import read_detail
from tui.model.customer import Choice, FieldSpec, FieldType


def read(kind: int | str = 0, **more: object) -> FieldSpec:
    """The field that a definition is."""
    return read_fields([line("c", kind, **more)])[-1]


def test_the_fields_of_the_page_come_first() -> None:
    assert [(spec.code, spec.param, spec.editable) for spec in read_fields([])] == [
        ("name", "name", True),
        ("company", "customerGroupName", True),
        ("customerGroupId", "customerGroupId", True),
        ("phone", "phone", True),
        ("telephone", "telephone", True),
        ("email", "email", True),
        ("external_id", "externalId", True),
        ("tags", "tag", True),
        ("description", "desc", True),
        ("owner", "principalName", False),
    ]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (0, FieldType.TEXT),
        (1, FieldType.TEXTAREA),
        (2, FieldType.CHOICES),
        (3, FieldType.CHOICE),
        (4, FieldType.CHOICES),
        (5, FieldType.CHOICE),
        (6, FieldType.NUMBER),
        (7, FieldType.PERCENT),
        (8, FieldType.DATE),
        (9, FieldType.DATETIME),
        (10, FieldType.ATTACHMENT),
        (11, FieldType.PHONE),
        (12, FieldType.PHONE),
        (13, FieldType.UNKNOWN),
        (None, FieldType.UNKNOWN),
    ],
)
def test_every_type_is_known_as_a_number_and_as_a_text(number: int, kind: FieldType) -> None:
    assert read(number, typeDefine=OPTIONS).type is kind
    assert read(str(number), typeDefine=OPTIONS).type is kind
    assert set(TYPES) == set(range(13))


@pytest.mark.parametrize(
    "options",
    [
        OPTIONS,
        json.loads(OPTIONS),
        json.dumps({"options": [{"code": "k1", "name": "一"}, {"code": "k2", "name": "二"}]}),
        json.dumps([{"id": "k1", "label": "一"}, {"id": "k2", "text": "二"}]),
        json.dumps({"k1": "一", "k2": "二"}),
    ],
)
def test_options_with_keys_and_labels(options: object) -> None:
    assert read(3, typeDefine=options).choices == (Choice(key="k1", label="一"), Choice(key="k2", label="二"))


@pytest.mark.parametrize("options", ['["一", "二"]', ["一", "二"], "一,二", "一;二\n"])
def test_options_that_are_labels_alone(options: object) -> None:
    assert read(3, typeDefine=options).choices == (Choice(key="一", label="一"), Choice(key="二", label="二"))
    assert read(3, typeDefine="", typeValueRange=options).choices == read(3, typeDefine=options).choices


def test_the_default_is_a_choices_key() -> None:
    assert read(3, typeDefine=OPTIONS, defaultValue="二").default == "k2"
    assert read(0, defaultValue=5).default == "5"
    marked = read(5, typeDefine=json.dumps([{"value": "1", "label": "一", "isDefault": "1"}]))
    assert marked.choices == (Choice(key="1", label="一", default=True),)


def test_a_choice_whose_options_cannot_be_read_takes_any_text() -> None:
    assert read(3, typeDefine="{}").type is FieldType.TEXT
    assert read(2).type is FieldType.TEXT


@pytest.mark.parametrize("yes", [1, "1", True])
@pytest.mark.parametrize("no", [0, "0", False, None])
def test_flags(yes: object, no: object) -> None:
    assert read(isRequired=yes).required
    assert not read(isRequired=no).required
    assert read(isSensitive=yes, isShowSensitive=no).sensitive
    assert not read(isSensitive=no, isShowSensitive=yes).sensitive
    assert read(status=yes).enabled
    assert read(status=no).enabled is (no is None)


def test_fields_come_in_the_order_of_their_priority() -> None:
    lines = [line("c", 0, priority="20"), line("a", 0, priority=3), line("b", 0, priority=10)]
    assert [spec.code for spec in read_fields(lines)[len(STANDARD) :]] == ["a", "b", "c"]


def test_a_system_field_gives_its_label_and_rules_to_ours() -> None:
    lines = [
        line("phone", 11, category=0, name="手机号码", isRequired=1, isSensitive=1),
        line("customerClass", 6, category="0", name="客户等级"),
    ]
    fields = read_fields(lines)
    assert len(fields) == len(STANDARD)
    phone = next(spec for spec in fields if spec.code == "phone")
    assert (phone.label, phone.required, phone.sensitive, phone.type) == ("手机号码", True, True, FieldType.PHONE)


def test_a_companys_field_is_none_of_a_customers() -> None:
    assert read_fields([line("c", 0, formType="1")]) == STANDARD


def test_an_attachment_cannot_be_changed_from_here() -> None:
    assert not read(10).editable


def test_a_tenants_field_spelt_like_one_of_ours_is_told_apart() -> None:
    assert read_fields([line("email", 0)])[-1].code == "custom.email"
    assert read_fields([line("external_id", 0)])[-1].code == "custom.external_id"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.sampled_from(["key", "value"]), inner),
    max_leaves=12,
)
DEFINITION_KEYS = st.sampled_from(
    ["category", "code", "name", "defaultValue", "formType", "isRequired", "priority", "status", "type", "typeDefine"]
)
DETAIL_KEYS = st.sampled_from(
    ["customer", "customerDictList", "customerGroupName", "staffName", "customerId", "tag", "phone", "createTime"]
)
ENTRIES = st.lists(st.fixed_dictionaries({"dictCode": st.sampled_from(["c", "1", ""]), "value": JSON}) | JSON)


@given(st.lists(st.dictionaries(DEFINITION_KEYS, JSON | st.sampled_from([0, 2, 3, 9])) | JSON, max_size=4))
def test_any_definitions_are_read(lines: list[object]) -> None:
    fields = read_fields(lines)
    assert [spec.code for spec in fields[: len(STANDARD)]] == [spec.code for spec in STANDARD]


@given(
    st.dictionaries(st.text() | DETAIL_KEYS, JSON | st.dictionaries(DETAIL_KEYS, JSON) | ENTRIES),
    st.sampled_from(sorted(TYPES)),
)
def test_any_detail_is_a_customer(detail: dict[str, object], kind: int) -> None:
    spec = read(kind, typeDefine=OPTIONS)
    customer = read_detail(detail, {"c": spec}, known_id="known")
    assert customer.id
    assert customer.raw == detail
