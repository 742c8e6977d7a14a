"""JuziBot's records that are not as documented."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.juzi.samples import CUSTOMER, LISI
from tui.client.juzi.records import CustomerReader
from tui.model.customer import Customer, Gender, Tag, TagKind


def test_unknown_keys_are_kept() -> None:
    record = copy.deepcopy(CUSTOMER)
    record["followUser"][0] |= {"state": "channel-7", "remarkMobiles": ["13800000000"]}
    customer = CustomerReader().read(record)
    assert customer.raw["followUser"][0]["remarkMobiles"] == ["13800000000"]
    assert customer.raw["followUser"][0]["state"] == "channel-7"
    assert customer.follow_users == LISI.follow_users


@pytest.mark.parametrize(
    ("key", "value", "field", "seen"),
    [
        ("gender", "2", "gender", Gender.FEMALE),
        ("gender", 0, "gender", Gender.UNKNOWN),
        ("gender", 9, "gender", Gender.UNKNOWN),
        ("gender", None, "gender", Gender.UNKNOWN),
        ("type", "2", "kind", "wecom"),
        ("type", 2, "kind", "wecom"),
        ("type", 7, "kind", "7"),
        ("type", None, "kind", ""),
        ("unionId", None, "union_id", None),
        ("unionId", "", "union_id", None),
        ("unionId", 10**30, "union_id", "1" + "0" * 30),
        ("name", 42, "name", "42"),
        ("name", None, "name", ""),
        ("followUser", None, "follow_users", ()),
        ("followUser", [None, "rocky"], "follow_users", ()),
        ("followUser", CUSTOMER["followUser"][0], "follow_users", LISI.follow_users),
    ],
)
def test_a_value_of_another_type_is_tolerated(key: str, value: object, field: str, seen: object) -> None:
    customer = CustomerReader().read({**CUSTOMER, key: value})
    assert getattr(customer, field) == seen
    assert not customer.unreadable
    assert customer.raw[key] == value


def test_a_record_of_its_id_alone_is_a_customer() -> None:
    record = {"externalUserId": "wm1"}
    assert CustomerReader().read(record) == Customer(id="wm1", raw=record)


@pytest.mark.parametrize(
    ("tag", "seen"),
    [
        (
            {"groupName": "g", "tagName": "t", "type": 1, "tagId": 7},
            Tag(name="t", group="g", kind=TagKind.CORP, id="7"),
        ),
        ({"groupName": "g", "tagName": "t", "type": 2}, Tag(name="t", group="g", kind=TagKind.PERSONAL)),
        ({"groupName": None, "tagName": 8, "type": "3"}, Tag(name="8", kind=TagKind.PLAIN)),
        ({"tagName": ["?"]}, Tag(name='["?"]', kind=TagKind.PLAIN)),
        ({}, Tag(name="")),
    ],
)
def test_a_tag_of_an_unknown_type_or_without_a_group_is_tolerated(tag: dict[str, Any], seen: Tag) -> None:
    customer = CustomerReader().read({"externalUserId": "wm1", "followUser": [{"userId": "rocky", "tags": [tag]}]})
    assert customer.follow_users[0].tags == (seen,)


def test_the_owner_is_the_first_colleague_and_the_beginning_the_earliest() -> None:
    record = {
        "externalUserId": "wm1",
        "followUser": [
            {"userId": "rocky", "createTimestamp": "1604048292000"},
            {"userId": "lilei", "name": "李雷", "createTimestamp": 1500000000000},
            {"userId": 7, "createTimestamp": 0},
        ],
    }
    customer = CustomerReader().read(record)
    assert customer.owner == "rocky"
    assert customer.created_at == datetime(2017, 7, 14, 2, 40, tzinfo=UTC)
    assert [user.user_id for user in customer.follow_users] == ["rocky", "lilei", "7"]
    assert customer.follow_users[2].added_at is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["externalUserId", "unionId", "name", "gender", "type", "followUser", "userId", "tags"])
            | st.sampled_from(["remark", "createTimestamp", "groupName", "tagName", "tagId"]),
            inner,
        )
    ),
    max_leaves=20,
)


@given(record=ANYTHING)
def test_whatever_a_record_is_it_is_shown(record: object) -> None:
    customer = CustomerReader().read(record)
    assert customer.unreadable or customer.id
