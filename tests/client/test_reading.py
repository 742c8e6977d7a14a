"""Vendor JSON read with tolerance: what is usable is used, what is not is empty, and nothing raises for one value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.client import json_values
from tui.client.json_values import (
    flag_of,
    id_of,
    list_of,
    read_customers,
    records_of,
    required_list,
    required_object,
    text_of,
    time_of,
    unreadable,
    whole_of,
)
from tui.model.customer import Customer
from tui.model.errors import ProtocolError
from tui.model.times import CHINA

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("李四", "李四"),
        ("", ""),
        (None, ""),
        (0, "0"),
        (685775343058800640, "685775343058800640"),
        (10**40, "1" + "0" * 40),
        (1.0, "1"),
        (1.5, "1.5"),
        (True, "true"),
        (False, "false"),
        ([], ""),
        (["试用"], '["试用"]'),
        ({"a": 1}, '{"a": 1}'),
    ],
)
def test_a_value_as_text(value: object, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("685775343058800640", "685775343058800640"),
        (685775343058800640123, "685775343058800640123"),
        (0, "0"),
        ("", None),
        (None, None),
        (True, None),
        ({}, None),
        (["1"], None),
    ],
)
def test_an_id_is_text_however_long(value: object, found: str | None) -> None:
    assert id_of(value) == found


@pytest.mark.parametrize(
    ("value", "number"),
    [
        *((7, 7), ("7", 7), (" 7 ", 7), ("-7", -7), (7.0, 7), (7.5, None), ("7.5", None), ("x", None), (None, None)),
        *((True, None), ([7], None), (float("inf"), None), ("9" * 5000, None)),
    ],
)
def test_a_value_as_a_whole_number(value: object, number: int | None) -> None:
    assert whole_of(value) == number


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        *((True, True), (1, True), ("1", True), ("TRUE", True)),
        *((False, False), (0, False), ("0", False), ("false", False)),
        *((None, None), ("", None), (2, None), ("yes?", None), ([], None)),
    ],
)
def test_a_value_as_yes_or_no(value: object, flag: bool | None) -> None:
    assert flag_of(value) is flag


def test_a_list_may_be_missing_or_be_a_single_value() -> None:
    assert list_of([1, None]) == [1, None]
    assert list_of(None) == ()
    assert list_of({"a": 1}) == ({"a": 1},)
    assert records_of([{"a": 1}, "b", None, {"c": 2}]) == [{"a": 1}, {"c": 2}]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2023-06-26 23:18:43", datetime(2023, 6, 26, 23, 18, 43, tzinfo=CHINA)),
        (" 2023-06-26T23:18:43 ", datetime(2023, 6, 26, 23, 18, 43, tzinfo=CHINA)),
        ("2023-06-26T15:18:43Z", datetime(2023, 6, 26, 15, 18, 43, tzinfo=UTC)),
        ("2023-06-26T23:18:43.000+0900", datetime(2023, 6, 26, 23, 18, 43, tzinfo=timezone(timedelta(hours=9)))),
        ("2023-06-26T23:18:43+08:00[Asia/Shanghai]", datetime(2023, 6, 26, 23, 18, 43, tzinfo=CHINA)),
        ("2023-06-26 23:18:43.1234567 +0800", datetime(2023, 6, 26, 23, 18, 43, 123456, tzinfo=CHINA)),
        ("2023/6/26 9:05", datetime(2023, 6, 26, 9, 5, tzinfo=CHINA)),
        ("2023年6月26日", datetime(2023, 6, 26, tzinfo=CHINA)),
        ("２０２３－06－26", datetime(2023, 6, 26, tzinfo=CHINA)),
        ("2023-06-26", datetime(2023, 6, 26, tzinfo=CHINA)),
        ("20230626231843", datetime(2023, 6, 26, 23, 18, 43, tzinfo=CHINA)),
        ("20230626", datetime(2023, 6, 26, tzinfo=CHINA)),
        *((text, None) for text in ("string", "", "0", "0000-00-00 00:00:00", "2023-02-31", "2023-06-26 25:00:00")),
        *((text, None) for text in ("9999-12-31 23:59:59", "0001-01-01", "13231307283", "-1", "9" * 5000)),
        *[(None, None), (True, None), ([], None), ({}, None), ([1604048292000], None)],
    ],
)
def test_a_time_without_a_zone_is_chinas(text: object, time: datetime | None) -> None:
    assert time_of(text) == time


@pytest.mark.parametrize(
    ("value", "time"),
    [
        (1604048292000, datetime(2020, 10, 30, 8, 58, 12, tzinfo=UTC)),
        (1604048292123, datetime(2020, 10, 30, 8, 58, 12, 123000, tzinfo=UTC)),
        ("1604048292000", datetime(2020, 10, 30, 8, 58, 12, tzinfo=UTC)),
        (1604048292, datetime(2020, 10, 30, 8, 58, 12, tzinfo=UTC)),
        ("1604048292", datetime(2020, 10, 30, 8, 58, 12, tzinfo=UTC)),
        (1604048292000.0, datetime(2020, 10, 30, 8, 58, 12, tzinfo=UTC)),
        (1604048292000000, datetime(2020, 10, 30, 8, 58, 12, tzinfo=UTC)),
        (1604048292000000000, datetime(2020, 10, 30, 8, 58, 12, tzinfo=UTC)),
        *((value, None) for value in (0, 1, -1604048292000, 10**30, -(10**30), 1e308, float("nan"), float("inf"))),
        *((value, None) for value in (253402300799000, -62135596800000, 10**400)),
    ],
)
def test_a_count_is_the_time_that_its_size_tells_and_nought_is_none(value: object, time: datetime | None) -> None:
    assert time_of(value) == time


@pytest.mark.parametrize("read", [text_of, id_of, whole_of, flag_of, list_of, records_of, time_of])
@given(value=JSON)
def test_no_json_makes_a_reader_raise(read: Callable[[object], object], value: object) -> None:
    read(value)


def test_what_must_be_there_is_asked_for() -> None:
    answer: dict[str, object] = {"list": [], "object": {}, "null": None, "text": ""}
    assert required_list(answer, "list") == []
    assert required_object(answer, "object") == {}
    for key in ("object", "null", "text", "missing"):
        with pytest.raises(ProtocolError, match=f"no list '{key}'"):
            required_list(answer, key)
    for key in ("list", "null", "text", "missing"):
        with pytest.raises(ProtocolError, match=f"no object '{key}'"):
            required_object(answer, key)


def test_a_record_of_the_wrong_type_is_unreadable_and_the_others_are_there() -> None:
    records: list[object] = [{"id": 1, "name": "a"}, None, "text", {"name": "no id"}, {"id": "2"}, {"other": 3}]
    customers = read_customers(records, lambda record: Customer(id=text_of(record["id"])), "id")
    assert [customer.unreadable for customer in customers] == [False, True, True, True, False, True]
    assert [customer.id for customer in customers] == ["1", "", "text", "", "2", ""]


def test_an_unreadable_record_is_kept_with_its_id_where_it_has_one() -> None:
    assert unreadable({"id": None, "other": 7}, "id", "other") == Customer(
        id="7", raw={"id": None, "other": 7}, unreadable=True
    )
    assert unreadable(["x"], "id") == Customer(id="", raw={"record": ["x"]}, unreadable=True)


def test_what_to_do_about_a_wrong_answer_is_said() -> None:
    with pytest.raises(ProtocolError) as caught:
        required_list({}, "data")
    assert caught.value.hint() == json_values.WAIT_OR_ASK
