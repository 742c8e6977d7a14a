"""Useasy's records, tolerated: what a tenant mistypes is shown as far as a person can use it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.useasy.tenant import ADDRESS, CONFIGURATION, custom
from tui.client.field_encoding import FieldEncoding
from tui.client.useasy.fields import LISTS, read_fields
from tui.client.useasy.records import read_customer, read_value, write_value
from tui.model.customer import Contact, Customer, FieldType, FieldValue
from tui.model.sendable import unfit_character
from tui.model.times import CHINA
from tui.model.validate import check_values

SPECS = {spec.param: spec for spec in read_fields(CONFIGURATION)}


def read(**record: Any) -> Customer:
    return read_customer({"_id": "1", **record}, SPECS)


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        ([{"value": "333222111", "memo": "王哈"}], (Contact(value="333222111", memo="王哈"),)),
        ([{"value": 333222111, "memo": None}], (Contact(value="333222111"),)),
        ([{"value": "1"}, {}, None, "2", 3], (Contact(value="1"), Contact(value="2"), Contact(value="3"))),
        ({"value": "1"}, (Contact(value="1"),)),
        ("13231307283", (Contact(value="13231307283"),)),
        ([{"memo": "老王"}], (Contact(value="", memo="老王"),)),
        ([], ()),
        (None, ()),
    ],
)
def test_contact_rows(value: object, rows: tuple[Contact, ...]) -> None:
    customer = read(mobile=value, wechat=value)
    assert customer.phones == rows
    assert customer.wechat == rows


@pytest.mark.parametrize(
    ("param", "value", "shown"),
    [
        (ADDRESS, None, ""),
        (ADDRESS, 12, "12"),
        (ADDRESS, True, "true"),
        (ADDRESS, ["a", 2], ("a", "2")),
        (ADDRESS, [{"value": "x", "memo": "y"}], (Contact(value="x", memo="y"),)),
        ("level", "b", "b"),
        ("level", "乙", "b"),
        ("level", "gone", "gone"),
        ("level", ["乙"], ("b",)),
        ("customerSource", ["试用申请", "k2", "gone"], ("k1", "k2", "gone")),
        ("customerSource", "官网", ("k2",)),
        ("customerSource", [{"key": "k1", "value": "试用申请"}], ("k1",)),
        ("region", ["sh", "pd"], ("sh", "pd")),
        ("region", ["上海", "浦东"], ("sh", "pd")),
        ("region", "上海/浦东", ("sh", "pd")),
        ("region", ["sh", "gone"], ("sh", "gone")),
        ("region", None, ()),
        ("budget", 12.5, "12.5"),
        ("budget", "12", "12"),
        ("visit", "2024-11-14 09:46:17", "2024-11-14T09:46:17+08:00"),
        ("visit", "2024-11-14", "2024-11-14T00:00:00+08:00"),
        ("visit", "soon", "soon"),
        ("visit", "0001-01-01 00:00:00", "0001-01-01 00:00:00"),
    ],
)
def test_a_custom_value_is_shown_by_its_type(param: str, value: object, shown: FieldValue) -> None:
    assert custom(read(**{param: value})) == {param: shown}


def test_a_date_loses_no_time_of_day() -> None:
    spec = SPECS["visit"].model_copy(update={"type": FieldType.DATE})
    assert read_value("2024-11-14 00:00:00", spec) == "2024-11-14"
    assert read_value("2024-11-14 09:46:17", spec) == "2024-11-14 09:46:17"


def test_system_keys_are_no_custom_values_and_stay_in_the_raw_record() -> None:
    record = {
        "_id": "1",
        "accountId": "1090",
        "createAgent": "a",
        "updateAgent": "b",
        "createTime": 5,
        "updateTime": "",
    }
    customer = read_customer(record, SPECS)
    assert customer.custom == ()
    assert (customer.created_at, customer.updated_at) == (None, None)
    assert customer.raw == record


def test_a_tenants_key_spelt_like_one_of_ours_is_told_apart() -> None:
    assert custom(read(name="x", customerName="y")) == {"custom.name": "x"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.sampled_from(["value", "key"]), inner),
    max_leaves=12,
)
KEYS = st.text() | st.sampled_from(
    ["_id", "customerName", "mobile", "email", "qq", "wechat", "owner", "createTime", "updateTime", *SPECS]
)


@given(st.dictionaries(KEYS, JSON))
def test_any_record_is_a_customer(record: dict[str, object]) -> None:
    customer = read_customer(record, SPECS, known_id="known")
    assert customer.id
    assert customer.raw == record
    FieldEncoding().learn("level", record.get("level"), SPECS["level"])


TEXT = st.text().filter(lambda text: not unfit_character(text))
VALUES = st.fixed_dictionaries(
    {"customerSource": st.lists(st.sampled_from(["k1", "k2"]), unique=True).map(tuple)},
    optional={
        "level": st.sampled_from(["", "a", "b"]),
        "budget": st.integers().map(str) | st.decimals(0, 1000, places=2).map(str),
        "visit": st.integers(-(10**9), 10**10).map(lambda second: datetime.fromtimestamp(second, CHINA).isoformat()),
        "region": st.sampled_from([(), ("sh", "pd")]),
        "phones": st.lists(st.builds(Contact, value=st.from_regex("[0-9]{1,11}", fullmatch=True), memo=TEXT)).map(
            tuple
        ),
        ADDRESS: TEXT,
    },
)


@given(VALUES)
def test_what_is_written_is_read_back_the_same(values: dict[str, FieldValue]) -> None:
    values = check_values(tuple(SPECS.values()), values, creating=False)
    by_code = {spec.code: spec for spec in SPECS.values()}
    for code, value in values.items():
        assert read_value(write_value(value, by_code[code], FieldEncoding(LISTS)), by_code[code]) == value
