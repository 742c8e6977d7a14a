"""juzi as its page says: shapes, limits, errors, partial success."""

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from tests.sandbox.callers import JuziCaller
from tests.sandbox.conftest import CUSTOMERS, Clock, Rows
from tui.sandbox.app import Sandbox
from tui.sandbox.demo import JUZI_EXPIRED_TOKEN
from tui.sandbox.faults import InjectedFault
from tui.sandbox.juzi import _set_remark
from tui.sandbox.tables import connect

UNION = "ozynqsulJFCZ2z1aYeS8h-nuasdAAA"

SAMPLE = {
    "externalUserId": "wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg",
    "unionId": "ozynqsulJFCZ2z1aYeS8h-nuasdAAA",
    "name": "李四",
    "avatar": "http://p.qlogo.cn/bizmail/IcsdgagqefergqerhewSdage/0",
    "gender": 1,
    "type": 1,
    "followUser": [
        {
            "userId": "rocky",
            "name": "张三",
            "remark": "张总",
            "avatar": "http://p.qlogo.cn/bizmail/IcsdgagqefergqerhewSdage/0",
            "createTimestamp": 1604048292000,
            "tags": [
                {
                    "groupName": "标签组名",
                    "tagName": "标签名",
                    "type": "1",
                    "tagId": "etDodGBwAA-rmc_3HDr84OnvfycgOQQQ",
                },
                {"groupName": "个人标签", "tagName": "个人标签名", "type": "2"},
            ],
        }
    ],
}
"""The customer of the page's sample, made into the JSON that it stands for."""


def remark(union_id: str = UNION, user_id: str = "rocky", **texts: object) -> dict[str, object]:
    return {"userId": user_id, "unionId": union_id, **texts}


async def test_the_pages_sample_customer_comes_first_key_for_key(juzi: JuziCaller) -> None:
    assert (await juzi.customers(pageSize=1)) == [SAMPLE]
    assert (await juzi.detail(UNION)) == SAMPLE


@pytest.mark.parametrize(
    ("token", "code"), [("", 41001), ("wrong", 40014), (JUZI_EXPIRED_TOKEN, 42001), ("sandbox-juzi-toke", 40014)]
)
async def test_no_call_passes_without_the_token(juzi: JuziCaller, token: str, code: int) -> None:
    calls = [
        await juzi.get("customer/list", token=token, current=1, pageSize=1),
        await juzi.get("customer/detail", token=token, unionId=UNION),
        await juzi.get("tag/list", token=token),
        await juzi.post("customer/set_remark", {"remark_list": [remark(remark="x")]}, token=token),
        await juzi.post("customer/add_follow", {"follow_list": []}, token=token),
    ]
    assert [answer["errcode"] for answer in calls] == [code] * 5
    assert all(answer.keys() == {"errcode", "errmsg"} for answer in calls)


async def test_pages_follow_each_other_without_gap_or_overlap(juzi: JuziCaller) -> None:
    whole = await juzi.customers(pageSize=1000)
    assert len(whole) == CUSTOMERS
    paged = [row for page in range(1, 6) for row in await juzi.customers(current=page, pageSize=70)]
    assert paged == whole
    assert await juzi.customers(current=6, pageSize=70) == []
    assert (await juzi.get("customer/list", current=6, pageSize=70))["total"] == CUSTOMERS


async def test_the_owner_filter_pages_through_that_members_customers_alone(juzi: JuziCaller) -> None:
    everyone = await juzi.customers(pageSize=1000)
    expected = [row for row in everyone if "lilei" in [user["userId"] for user in row["followUser"]]]
    assert len(expected) > 20
    first = await juzi.get("customer/list", current=1, pageSize=20, userId="lilei")
    second = await juzi.get("customer/list", current=2, pageSize=1000 - 20, userId="lilei")
    assert first["total"] == second["total"] == len(expected)
    assert first["data"] == expected[:20]
    assert (await juzi.customers(pageSize=1000, userId="lilei")) == expected
    nobody = await juzi.get("customer/list", current=1, pageSize=20, userId="nobody")
    assert (nobody["data"], nobody["total"]) == ([], 0)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"current": 1, "pageSize": 1001}, 40058),
        ({"current": 1, "pageSize": 0}, 40058),
        ({"current": 0, "pageSize": 10}, 40058),
        ({"current": "x", "pageSize": 10}, 40058),
        ({"current": 10**30, "pageSize": 10}, 40058),
        ({"pageSize": 10}, 40063),
        ({"current": 1}, 40063),
    ],
)
async def test_a_page_that_cannot_be_is_refused(juzi: JuziCaller, query: dict[str, object], code: int) -> None:
    answer = await juzi.get("customer/list", **query)
    assert answer["errcode"] == code
    assert "data" not in answer


async def test_the_union_id_wins_over_the_external_one(juzi: JuziCaller) -> None:
    _, second = await juzi.customers(pageSize=2)
    both = await juzi.get("customer/detail", unionId=UNION, externalUserId=second["externalUserId"])
    assert both["data"]["name"] == "李四"
    assert (await juzi.get("customer/detail", externalUserId=second["externalUserId"]))["data"] == second


async def test_an_unknown_customer_and_no_id_at_all_are_errors(juzi: JuziCaller) -> None:
    assert (await juzi.get("customer/detail", unionId="nobody"))["errcode"] == 84061
    assert (await juzi.get("customer/detail"))["errcode"] == 40063


async def test_some_customers_lack_a_union_id_and_some_other_optional_keys(juzi: JuziCaller) -> None:
    everyone = await juzi.customers(pageSize=1000)
    lacking = [row for row in everyone if "unionId" not in row]
    assert 0 < len(lacking) < CUSTOMERS / 10
    users = [user for row in everyone for user in row["followUser"]]
    required = {"userId", "name", "remark", "createTimestamp", "tags"}
    assert all(required <= user.keys() <= required | OPTIONAL for user in users)
    for key in OPTIONAL:
        assert sum(key in user for user in users) > 0
    assert {row["gender"] for row in everyone} == {0, 1, 2}
    assert {row["type"] for row in everyone} == {1, 2}
    assert {len(row["followUser"]) for row in everyone} == {1, 2, 3, 4, 5}
    assert {("tagId" in tag) == (tag["type"] == "1") for user in users for tag in user["tags"]} == {True}


OPTIONAL = {"avatar", "description", "state", "remarkMobiles"}


async def test_a_remark_is_stored_and_all_succeeding_leaves_no_fail_list(juzi: JuziCaller) -> None:
    answer = await juzi.post("customer/set_remark", {"remark_list": [remark(remark="李总", description="采购")]})
    assert answer == {"errcode": 0, "errmsg": "ok"}
    (user,) = (await juzi.detail(UNION))["followUser"]
    assert (user["remark"], user["description"]) == ("李总", "采购")


async def test_a_text_that_is_not_given_or_is_empty_stays(juzi: JuziCaller) -> None:
    await juzi.post("customer/set_remark", {"remark_list": [remark(description="只改描述")]})
    (user,) = (await juzi.detail(UNION))["followUser"]
    assert (user["remark"], user["description"]) == ("张总", "只改描述")
    await juzi.post("customer/set_remark", {"remark_list": [remark(remark="", description="x")]})
    (user,) = (await juzi.detail(UNION))["followUser"]
    assert (user["remark"], user["description"]) == ("张总", "x")


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (remark(remark="字" * 21), "-1"),
        (remark(description="字" * 151), "-2"),
        (remark(), "40063"),
        (remark(remark="", description=""), "40063"),
        (remark(remark=7), "40058"),
        (remark(user_id="lilei", remark="x"), "84061"),
        (remark(user_id="nobody", remark="x"), "60111"),
        (remark(union_id="nobody", remark="x"), "84061"),
        (remark(union_id="", remark="x"), "40063"),
    ],
)
async def test_a_remark_that_fails_is_in_the_fail_list_with_a_text_code(
    juzi: JuziCaller, item: dict[str, object], code: str
) -> None:
    good = remark(remark="字" * 20, description="字" * 150)
    answer = await juzi.post("customer/set_remark", {"remark_list": [item, good]})
    assert answer["errcode"] == 0
    (failed,) = answer["fail_list"]
    assert failed == {**item, "errcode": code, "errmsg": failed["errmsg"]}
    assert failed["errmsg"]
    (user,) = (await juzi.detail(UNION))["followUser"]
    assert (user["remark"], user["description"]) == ("字" * 20, "字" * 150)


async def test_batches_end_at_50_remarks_and_500_follow_ups(juzi: JuziCaller, rows: Rows) -> None:
    follow = {"unionId": UNION, "userId": "rocky", "text": [{"content": "x"}]}
    assert (await juzi.post("customer/set_remark", {"remark_list": [remark(remark="x")] * 50}))["errcode"] == 0
    assert (await juzi.post("customer/set_remark", {"remark_list": [remark(remark="y")] * 51}))["errcode"] == 40058
    assert (await juzi.post("customer/add_follow", {"follow_list": [follow] * 501}))["errcode"] == 40058
    assert rows("SELECT count(*) FROM juzi_follow_history") == [(0,)]
    assert (await juzi.post("customer/add_follow", {"follow_list": [follow] * 500}))["errcode"] == 0
    assert rows("SELECT count(*) FROM juzi_follow_history") == [(500,)]
    assert (await juzi.detail(UNION))["followUser"][0]["remark"] == "x"


@pytest.mark.parametrize("body", [[], {}, {"remark_list": []}, {"remark_list": ["x"]}, {"remark_list": {}}])
async def test_a_body_that_is_no_batch_is_refused(juzi: JuziCaller, body: object) -> None:
    assert (await juzi.post("customer/set_remark", body))["errcode"] == 40063


async def test_a_body_that_is_not_json_is_refused(juzi: JuziCaller) -> None:
    response = await juzi.http.post("/juzi/api/v1/customer/add_follow?token=sandbox-juzi-token", content=b"{")
    assert response.json()["errcode"] == 40058


async def test_the_pages_follow_sample_is_stored_with_given_and_present_time(
    juzi: JuziCaller, rows: Rows, clock: Clock
) -> None:
    text = [{"content": "这是跟进记录1", "timestamp": 1602667647}, {"content": "这是跟进记录2"}]
    body = {"follow_list": [{"unionId": UNION, "userId": "rocky", "text": text}]}
    assert (await juzi.post("customer/add_follow", body)) == {"errcode": 0, "errmsg": "ok"}
    assert rows("SELECT union_id, user_id, content, timestamp FROM juzi_follow_history ORDER BY id") == [
        (UNION, "rocky", "这是跟进记录1", 1602667647),
        (UNION, "rocky", "这是跟进记录2", int(clock.now)),
    ]


@pytest.mark.parametrize(
    "item",
    [
        {"unionId": UNION, "userId": "lilei", "text": [{"content": "x"}]},
        {"unionId": UNION, "userId": "rocky", "text": []},
        {"unionId": UNION, "userId": "rocky", "text": [{"content": "good"}, {"content": ""}]},
        {"unionId": UNION, "userId": "rocky", "text": [{"content": "x", "timestamp": "1602667647"}]},
        {"unionId": UNION, "userId": "rocky", "text": [{"content": "x", "timestamp": 1602667647000}]},
    ],
)
async def test_a_follow_up_that_fails_is_given_back_as_it_came_and_the_others_are_applied(
    juzi: JuziCaller, rows: Rows, item: dict[str, object]
) -> None:
    good = {"unionId": UNION, "userId": "rocky", "text": [{"content": "applied"}]}
    answer = await juzi.post("customer/add_follow", {"follow_list": [item, good]})
    assert answer == {"errcode": 0, "errmsg": "ok", "fail_list": [item]}
    assert rows("SELECT content FROM juzi_follow_history") == [("applied",)]


async def test_the_sixth_remark_call_at_once_is_refused_and_five_are_not(juzi: JuziCaller, sandbox: Sandbox) -> None:
    sandbox.faults.set([InjectedFault.parse("latency:set_remark:seconds=0.05")])
    calls = [juzi.post("customer/set_remark", {"remark_list": [remark(remark=f"r{n}")]}) for n in range(6)]
    codes = [answer["errcode"] for answer in await asyncio.gather(*calls)]
    assert sorted(codes) == [0, 0, 0, 0, 0, 45033]
    calls = [juzi.post("customer/set_remark", {"remark_list": [remark(remark=f"r{n}")]}) for n in range(5)]
    assert [answer["errcode"] for answer in await asyncio.gather(*calls)] == [0] * 5


async def test_corp_tags_come_in_their_groups_and_one_group_has_no_time(juzi: JuziCaller) -> None:
    groups = (await juzi.get("tag/list", isSync="true"))["data"]
    assert all(group.keys() == {"id", "name", "createTimestamp", "order", "tags"} for group in groups)
    tags = [tag for group in groups for tag in group["tags"]]
    assert all(tag.keys() == {"id", "name", "createTimestamp", "order"} for tag in tags)
    assert (groups[0]["name"], tags[0]["id"]) == ("标签组名", "etDodGBwAA-rmc_3HDr84OnvfycgOQQQ")
    assert [group["createTimestamp"] == 0 for group in groups] == [False] * (len(groups) - 1) + [True]
    on_customers = {
        tag["tagId"]
        for row in await juzi.customers(pageSize=1000)
        for user in row["followUser"]
        for tag in user["tags"]
        if tag["type"] == "1"
    }
    assert on_customers <= {tag["id"] for tag in tags}


def test_a_remark_reads_no_other_customer_of_its_colleague(database: Path) -> None:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with closing(connect(database)) as connection:
        connection.set_progress_handler(count, 1)
        assert _set_remark(connection, remark(remark="VIP")) is None
    assert steps < 100, "SQLite's steps: some of them for each customer that is read"
