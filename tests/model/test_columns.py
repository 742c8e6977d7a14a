"""The columns of a list: what each shows of a customer, and by which names it is found."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tui.model.change import State
from tui.model.columns import (
    COLUMNS,
    ColumnKind,
    CustomerFacts,
    appointment_text,
    find_column,
    find_columns,
    known_columns,
    moment_text,
)
from tui.model.customer import Choice, Contact, Customer, CustomValue, FieldSpec, FieldType, FollowUser, Gender, Tag
from tui.model.errors import InvalidError
from tui.model.query.query_names import Vocabulary

LEVEL = FieldSpec(
    code="select_x1", label="客户等级", type=FieldType.CHOICE, choices=(Choice(key="a", label="重要客户"),)
)
AMOUNT = FieldSpec(code="number_x2", label="Amount", type=FieldType.NUMBER, sensitive=True)
THEIRS = FieldSpec(code="custom.name", label="Nick")
FIELDS = (LEVEL, AMOUNT, THEIRS, FieldSpec(code="phones", label="电话", type=FieldType.PHONE))

CUSTOMER = Customer(
    id="wm1",
    union_id="oz1",
    name="李四",
    company="句子互动",
    gender=Gender.MALE,
    kind="wechat",
    phones=(Contact(value="13900001234"), Contact(value="021-1")),
    emails=(Contact(value="lisi@example.com"),),
    tags=(Tag(name="老客户"),),
    owner="somebody",
    custom=(
        CustomValue(code="select_x1", label="客户等级", value=("a",)),
        CustomValue(code="number_x2", label="", value="7"),
    ),
    follow_users=(
        FollowUser(user_id="a", name="Anna", remark="", added_at=datetime(2024, 11, 20, tzinfo=UTC)),
        FollowUser(user_id="b", name="Bob", remark="张总", tags=(Tag(name="VIP"),)),
    ),
    created_at=datetime(2020, 1, 2, tzinfo=UTC),
)


def shown(key: str, known: CustomerFacts) -> str:
    column = find_column(key, FIELDS)
    return column.show(column.value(known))


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("name", "李四"),
        ("phone", "13900001234"),
        ("email", "lisi@example.com"),
        ("gender", "male"),
        ("kind", "WeChat"),
        ("owner", "Anna"),
        ("remark", "张总"),
        ("tags", "老客户"),
        ("state", "refused"),
        ("added", "2024-11-20"),
        ("last", ""),
        ("next", "2024-11-21"),
        ("updated", ""),
        ("客户等级", "重要客户"),
        ("number_x2", "7"),
        ("custom.name", ""),
    ],
)
def test_each_column_shows_its_part_of_the_customer(key: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    next_at = datetime(2024, 11, 21, 12, tzinfo=UTC).timestamp()
    assert shown(key, CustomerFacts(CUSTOMER, state=State.FAILED, next_contact=next_at)) == text


def test_the_acting_colleague_s_own_remark_tags_and_name_come_first() -> None:
    known = CustomerFacts(CUSTOMER, "b")
    assert [shown(key, known) for key in ("remark", "tags", "owner")] == ["张总", "VIP, 老客户", "Bob"]
    assert shown("remark", CustomerFacts(CUSTOMER, "a")) == ""


def test_every_column_has_something_to_say_of_an_empty_customer() -> None:
    known = CustomerFacts(Customer(id=""))
    assert {column.show(column.value(known)) for column in known_columns(FIELDS)} == {""}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("name", "name"),
        ("NAME", "name"),
        ("姓名", "name"),
        ("phones", "phone"),
        ("Ｐｈｏｎｅ", "phone"),
        ("次", "next"),
        ("客户等级", "select_x1"),
        ("custom.select_x1", "select_x1"),
        ("amount", "number_x2"),
        ("nick", "custom.name"),
        ("custom.name", "custom.name"),
    ],
)
def test_a_column_is_found_by_key_heading_code_and_label(name: str, key: str) -> None:
    translated = {"Next": "次"}
    assert find_column(name, FIELDS, lambda text: translated.get(text, text)).key == key


@pytest.mark.parametrize(("name", "near"), [("remrak", "Remark"), ("select_x", "select_x1"), ("客户等极", "客户等级")])
def test_a_mistyped_column_is_refused_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(InvalidError, match="there is no column") as refused:
        find_column(name, FIELDS)
    assert refused.value.hint() == f"Did you mean {near}?"


def test_a_label_that_two_fields_have_is_refused_with_their_codes() -> None:
    with pytest.raises(InvalidError, match="several fields are called Amount") as refused:
        find_column("Amount", (*FIELDS, FieldSpec(code="n3", label="Amount")))
    assert refused.value.hint() == "Name one by its code: number_x2, n3."


def test_columns_are_found_in_the_order_in_which_they_are_asked_for_each_once() -> None:
    assert [column.key for column in find_columns(("next", "name", "客户等级", "姓名"), FIELDS)] == [
        *("next", "name", "select_x1")
    ]


def test_a_column_is_hidden_where_a_field_in_it_is_sensitive() -> None:
    assert COLUMNS["phone"].sensitive({"telephone"})
    assert find_column("Amount", FIELDS).sensitive({"number_x2"})
    assert not COLUMNS["name"].sensitive({"phones"})


def test_a_query_filters_and_sorts_by_each_column() -> None:
    fields = {known.field.name for known in Vocabulary(FIELDS).fields}
    assert not {column.sort_field for column in known_columns(FIELDS)} - fields


def test_a_moment_takes_few_cells() -> None:
    now = datetime(2024, 11, 20, 14, 2).astimezone()
    for moment, text in [
        (now.replace(hour=9, minute=30), "09:30"),
        (now.replace(month=3), "03-20 14:02"),
        (now.replace(year=2023), "2023-11-20"),
    ]:
        assert moment_text(moment.timestamp(), now.timestamp()) == text
    assert moment_text(1e18, now.timestamp()) == ""


def test_a_whole_day_to_come_is_told_without_a_time() -> None:
    now = datetime.fromisoformat("2024-11-20 09:30").astimezone()
    texts = {
        "2024-11-20": "11-20",
        "2024-11-20 18:00": "18:00",
        "2024-11-21 00:30": "11-21 00:30",
        "2025-01-02": "2025-01-02",
    }
    for moment, text in texts.items():
        assert appointment_text(datetime.fromisoformat(moment).astimezone().timestamp(), now.timestamp()) == text


def test_each_column_has_room_for_its_least_and_moments_for_their_longest() -> None:
    for column in COLUMNS.values():
        assert 0 < column.min_width <= column.width
        assert column.kind is not ColumnKind.MOMENT or column.width == len("11-20 14:02")
