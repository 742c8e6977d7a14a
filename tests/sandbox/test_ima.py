"""ima as its page and the reading guide say: signature, look-ups, merge, quirks, definitions."""

import json

import pytest

from tests.sandbox.callers import ImaCaller, Json
from tests.sandbox.conftest import Clock, Rows

EXTERNAL = "wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg"

SAMPLE = json.loads(
    """{ "customerDictList" : [ { "dictCode" : "1", "remark" : "1", "value" : "1" } ], "customerGroupId" : "1",
    "customerGroupName" : "1", "desc" : "1", "email" : "1", "externalId" : "1", "name" : "1", "phone" : "1",
    "principalEmail" : "1", "tag" : "1", "telephone" : "1" }"""
)
"""The page's body, letter for letter."""


async def put(ima: ImaCaller, body: object, customer: str = "10000001") -> Json:
    return await ima.call("PUT", body=body, customerId=customer)


async def test_wrong_stale_and_missing_signatures_are_21002(ima: ImaCaller, clock: Clock) -> None:
    good = ima.headers()
    clock.now += 300
    stale = {**good, "timestamp": good["timestamp"]}
    accepted = await ima.http.get("/ima/basic/openapi/v1/customer/field/define", headers=stale)
    assert accepted.json()["code"] == "10000"
    clock.now += 1
    answers = [
        (await ima.http.get("/ima/basic/openapi/v1/customer/field/define", headers=headers)).json()
        for headers in (stale, {}, ima.headers(secret="other"), ima.headers(app_id="other"), {**good, "timestamp": ""})
    ]
    assert [answer["code"] for answer in answers] == ["21002"] * 5
    assert all(answer["message"].startswith("认证失败,请重新登录") for answer in answers)
    assert "服务器时间" in answers[0]["message"]


async def test_the_pages_sample_body_is_applied_whole(ima: ImaCaller) -> None:
    answer = await put(ima, SAMPLE)
    assert (answer["code"], answer["message"]) == ("10000", "请求成功")
    detail = await ima.find("customerId", "10000001")
    assert answer["data"] == detail
    customer = detail["customer"]
    for key in ("customerGroupId", "desc", "email", "externalId", "name", "phone", "tag", "telephone"):
        assert customer[key] == "1"
    assert detail["customerGroupName"] == "1"
    assert {"dictCode": "1", "remark": "1", "value": "1"} in detail["customerDictList"]
    assert "principalEmail" not in customer


async def test_only_what_is_given_is_changed(ima: ImaCaller, clock: Clock) -> None:
    before = await ima.find("customerId", "10000001")
    clock.now += 60
    after = (await put(ima, {"tag": "甲,乙", "email": None}))["data"]
    changed = {**before["customer"], "tag": "甲,乙", "updateTime": "2025-11-25 00:01:00"}
    assert after == {**before, "customer": changed}


async def test_custom_fields_are_merged_by_their_code(ima: ImaCaller) -> None:
    before = {row["dictCode"]: row for row in (await ima.find("customerId", "10000001"))["customerDictList"]}
    assert before["1001"]["remark"]
    await put(ima, {"customerDictList": [{"dictCode": "1001", "value": "总监"}, {"dictCode": "1013", "value": "8"}]})
    after = {row["dictCode"]: row for row in (await ima.find("customerId", "10000001"))["customerDictList"]}
    assert after == {
        **before,
        "1001": {**before["1001"], "value": "总监"},
        "1013": {"dictCode": "1013", "value": "8"},
    }


async def test_an_emptied_field_leaves_the_answer(ima: ImaCaller) -> None:
    await put(ima, {"email": "", "phone": "", "customerGroupName": "", "customerGroupId": ""})
    detail = await ima.find("customerId", "10000001")
    assert detail["customer"].keys().isdisjoint({"email", "phone", "phoneDesensitive", "customerGroupId"})
    assert "customerGroupName" not in detail


async def test_a_changed_phone_is_masked_anew_and_found_by(ima: ImaCaller) -> None:
    await put(ima, {"phone": "19912345678"})
    customer = (await ima.find("phone", "19912345678"))["customer"]
    assert (customer["customerId"], customer["phoneDesensitive"]) == ("10000001", "199****5678")
    assert await ima.find("phone", "19900007919") is None


async def test_one_customer_is_found_by_each_of_the_five(ima: ImaCaller) -> None:
    detail = await ima.find("externalId", EXTERNAL)
    customer = detail["customer"]
    for kind, key in (
        ("customerId", "customerId"),
        ("email", "email"),
        ("phone", "phone"),
        ("telePhone", "telephone"),
    ):
        assert await ima.find(kind, customer[key]) == detail


@pytest.mark.parametrize("kind", ["customerId", "externalId", "email", "phone", "telePhone"])
async def test_nobody_is_a_success_without_data(ima: ImaCaller, kind: str) -> None:
    assert await ima.call("GET", "/detail", type=kind, content="nobody") == {
        "code": "10000",
        "data": None,
        "message": "请求成功",
    }


@pytest.mark.parametrize("query", [{"type": "name", "content": "李四"}, {"type": "phone"}, {"content": "1"}])
async def test_a_look_up_by_something_else_fails(ima: ImaCaller, query: dict[str, str]) -> None:
    assert (await ima.call("GET", "/detail", **query))["code"] == "20001"


async def test_a_created_customer_has_the_quirks_of_the_pages_answer(ima: ImaCaller) -> None:
    answer = await ima.call("POST", body={"name": "新客户", "externalId": "x-1", "customerGroupName": "新公司"})
    detail = answer["data"]
    customer = detail["customer"]
    assert customer["blacklist"] == "0"
    assert (customer["deleted"], customer["isDeleted"], customer["anonymous"]) == (False, False, 1)
    assert customer["createTime"] == "2025-11-25 00:00:00"
    assert detail["customerDictList"] == [{"dictCode": "1004", "remark": "", "value": "普通"}]
    assert await ima.find("externalId", "x-1") == detail
    other = (await ima.call("POST", body={"name": "同事", "customerGroupName": "新公司"}))["data"]["customer"]
    assert other["customerId"] != customer["customerId"]
    assert other["customerGroupId"] == customer["customerGroupId"]
    by_id = (await put(ima, {"customerGroupId": customer["customerGroupId"]}))["data"]
    assert by_id["customerGroupName"] == "新公司"


@pytest.mark.parametrize(
    "body",
    [
        [],
        None,
        {"name": ""},
        {"name": 7},
        {"tag": ["a"]},
        {"customerDictList": {}},
        {"customerDictList": ["x"]},
        {"customerDictList": [{"dictCode": "1001"}]},
        {"customerDictList": [{"dictCode": 1001, "value": "x"}]},
        {"customerDictList": [{"dictCode": "1004", "value": ""}]},
        {"customerGroupId": "999999"},
    ],
)
async def test_a_body_that_cannot_be_applied_fails_and_changes_nothing(ima: ImaCaller, body: object) -> None:
    before = await ima.find("customerId", "10000001")
    answer = await put(ima, body)
    assert (answer["code"], answer["data"]) == ("20001", None)
    assert await ima.find("customerId", "10000001") == before


@pytest.mark.parametrize("customer", ["", "1", "10009999", "nobody", "9" * 40])
async def test_an_update_of_nobody_fails(ima: ImaCaller, customer: str) -> None:
    answer = await put(ima, {"name": "x"}, customer)
    assert (answer["code"], answer["message"]) == ("20001", "客户不存在")


async def test_a_customer_without_a_name_is_not_created(ima: ImaCaller, rows: Rows) -> None:
    (count,) = rows("SELECT count(*) FROM ima_customer")
    assert (await ima.call("POST", body={"email": "a@example.com"}))["code"] == "20001"
    assert rows("SELECT count(*) FROM ima_customer") == [count]


async def test_definitions_cover_every_type_and_come_with_their_oddities(ima: ImaCaller) -> None:
    fields = (await ima.call("GET", "/field/define"))["data"]
    keys = "category code name description defaultValue remark formType isRequired isSensitive isShowSensitive priority"
    assert all(field.keys() == {*keys.split(), "status", "typeDefine", "typeValueRange", "type"} for field in fields)
    assert {int(field["type"]) for field in fields} == set(range(13))
    assert {type(field["type"]) for field in fields} == {int, str}
    by_code = {field["code"]: field for field in fields}
    assert int(by_code["1012"]["isSensitive"]) == 1
    assert [field["code"] for field in fields if int(field["status"]) == 0] == ["1014"]
    assert json.loads(by_code["1004"]["typeDefine"])[0] == {"key": "重要", "value": "重要"}
    assert json.loads(by_code["1005"]["typeDefine"]) == by_code["1005"]["typeValueRange"].split(",")
    priorities = [int(field["priority"]) for field in fields]
    assert sorted(priorities) == list(range(1, len(fields) + 1)) != priorities


async def test_times_come_in_two_forms(ima: ImaCaller) -> None:
    plain = (await ima.find("customerId", "10000001"))["customer"]["createTime"]
    zoned = (await ima.find("customerId", "10000014"))["customer"]["createTime"]
    assert plain == "2020-10-30 16:58:12"
    assert zoned.endswith(".000+0000")
