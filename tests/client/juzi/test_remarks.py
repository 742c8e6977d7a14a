"""Remarks, in batches."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.client.juzi.conftest import Open
from tests.client.juzi.samples import DONE, TOKEN, UNION, bodies, failed, remark
from tests.client.loopback import TURNS, Answer, Loopback, Seen, Told
from tests.pace import slow
from tui.client.juzi.writes import remark_body
from tui.model.customer import Remark
from tui.model.errors import InvalidError

REMARK_SAMPLE = {"userId": "zhangsan", "unionId": UNION, "remark": "备注信息", "description": "描述信息"}
REMARKED = Remark(customer="wm1", union_id=UNION, user_id="zhangsan", remark="备注信息", description="描述信息")


async def test_the_pages_remark_sample(vendor: Loopback, juzi: Open) -> None:
    vendor.then(DONE)
    result = await juzi().set_remarks([REMARKED])
    assert (result.applied, result.failed) == (1, ())
    (seen,) = vendor.seen
    assert (seen.method, seen.path, seen.query) == ("POST", "/api/v1/customer/set_remark", {"token": TOKEN})
    assert seen.body == {"remark_list": [REMARK_SAMPLE]}


async def test_the_pages_sample_of_a_failed_remark(vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer({"errcode": 0, "errmsg": "ok", "fail_list": [{**REMARK_SAMPLE, "errmsg": "", "errcode": ""}]}))
    result = await juzi().set_remarks([REMARKED])
    assert result.applied == 0
    (failure,) = result.failed
    assert (failure.customer, failure.user_id, failure.code) == ("wm1", "zhangsan", "")
    assert failure.message == "the vendor refused this one and gave no reason"


async def test_a_text_that_is_not_given_is_not_sent_and_one_that_is_empty_is(vendor: Loopback, juzi: Open) -> None:
    vendor.then(DONE)
    await juzi().set_remarks(
        [remark(1), remark(2, remark=None, description="d"), remark(3, remark="", description="d")]
    )
    assert vendor.seen[0].body == {
        "remark_list": [
            {"userId": "rocky", "unionId": "o1", "remark": "第1"},
            {"userId": "rocky", "unionId": "o2", "description": "d"},
            {"userId": "rocky", "unionId": "o3", "remark": "", "description": "d"},
        ]
    }


@pytest.mark.parametrize(
    ("wrong", "field", "named"),
    [
        ({"remark": "一" * 21}, "remark", "21 characters, and the vendor takes 20"),
        ({"description": "😀" * 151}, "description", "151 characters, and the vendor takes 150"),
        ({"remark": None}, "remark", "neither"),
        ({"remark": "", "description": ""}, "remark", "neither"),
        ({"union_id": None}, "union_id", "no union id"),
        ({"union_id": ""}, "union_id", "no union id"),
        ({"user_id": ""}, "user_id", "nobody"),
    ],
)
async def test_one_wrong_remark_keeps_the_whole_batch_from_being_sent(
    wrong: dict[str, Any], field: str, named: str, vendor: Loopback, juzi: Open
) -> None:
    batch = [*(remark(number) for number in range(120)), remark(120, **wrong)]
    with pytest.raises(InvalidError, match=named) as caught:
        await juzi().set_remarks(batch)
    assert caught.value.field == field
    assert "wm120" in str(caught.value)
    assert caught.value.hint()
    assert vendor.seen == []


async def test_limits_count_characters_not_bytes(vendor: Loopback, juzi: Open) -> None:
    vendor.then(DONE)
    result = await juzi().set_remarks([remark(remark="😀" * 20, description="述" * 150)])
    assert result.applied == 1


async def test_remarks_go_in_calls_of_fifty_and_never_more_than_five_at_once(vendor: Loopback, juzi: Open) -> None:
    under_way = most = 0

    async def count(seen: Seen) -> Told:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(TURNS):
            await asyncio.sleep(0)
        under_way -= 1
        return DONE

    vendor.handler = count
    service = juzi()
    # Two batches at once share the limit: it is WeCom's, not a batch's.
    first, second = await asyncio.gather(
        service.set_remarks([remark(number) for number in range(501)]),
        service.set_remarks([remark(number) for number in range(1000, 1250)]),
    )
    assert (first.applied, second.applied) == (501, 250)
    assert most == 5
    sizes = sorted(len(body["remark_list"]) for body in bodies(vendor))
    assert sizes == [1, *[50] * 15]


@slow
async def test_ten_thousand_remarks_of_which_one_call_fails_are_told_apart(vendor: Loopback, juzi: Open) -> None:
    async def answer(seen: Seen) -> Told:
        assert isinstance(seen.body, dict)
        first = seen.body["remark_list"][0]["unionId"]
        if first == "o1800":  # the 37th call
            return Answer({"errcode": 60020, "errmsg": "not allow to access from your ip"})
        if first == "o50":
            refused = seen.body["remark_list"][7]
            return Answer({"errcode": 0, "fail_list": [{**refused, "errcode": "84061", "errmsg": "不是客户"}]})
        return DONE

    vendor.handler = answer
    result = await juzi().set_remarks([remark(number) for number in range(10_000)])
    assert len(vendor.seen) == 200
    assert result.applied == 9_949
    said = {"errcode": 60020, "errmsg": "not allow to access from your ip"}
    lost = [failed(number, "60020", "not allow to access from your ip", answer=said) for number in range(1800, 1850)]
    entry = {**remark_body(remark(57)), "errcode": "84061", "errmsg": "不是客户"}
    own = {"errcode": 0, "fail_list": [entry]}
    assert list(result.failed) == [failed(57, "84061", "不是客户", answer=own), *lost]
    assert len(result.answers) == result.applied
    assert (result.answers[56], result.answers[9_999]) == ({"errcode": 0}, {"errcode": 0, "errmsg": "ok"})


async def test_a_remark_call_that_got_no_clear_answer_is_unknown(vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer(b"<html>"))
    result = await juzi().set_remarks([remark(0)])
    message = "the answer is a web page, not JSON"
    assert result.failed == (failed(0, "protocol", message, unknown=True, template=message, answer={"http": 200}),)


async def test_codes_in_a_fail_list_may_be_numbers_and_repeat_no_secret(vendor: Loopback, juzi: Open) -> None:
    entry = {"userId": "rocky", "unionId": "o0", "errcode": 40014, "errmsg": f"token {TOKEN} is invalid"}
    vendor.then(Answer({"errcode": 0, "fail_list": [entry]}))
    result = await juzi().set_remarks([remark(0)])
    said = {"errcode": 0, "fail_list": [{**entry, "errmsg": "token … is invalid"}]}
    assert result.failed == (failed(0, "40014", "token … is invalid", answer=said),)


async def test_a_known_code_without_words_is_explained(vendor: Loopback, juzi: Open) -> None:
    said = {"errcode": 0, "fail_list": [{"userId": "rocky", "unionId": "o0", "errcode": "84061"}]}
    vendor.then(Answer(said))
    result = await juzi().set_remarks([remark(0)])
    assert result.failed == (failed(0, "84061", "this colleague does not follow the customer", answer=said),)


async def test_an_item_that_was_refused_for_haste_passes_with_waiting(vendor: Loopback, juzi: Open) -> None:
    entry = {"userId": "rocky", "unionId": "o0", "errcode": "45033", "errmsg": "concurrency limit"}
    said = {"errcode": 0, "fail_list": [entry]}
    vendor.then(Answer(said))
    result = await juzi().set_remarks([remark(0)])
    assert result.failed == (failed(0, "45033", "concurrency limit", passing=True, answer=said),)


async def test_of_two_remarks_on_one_customer_the_one_that_failed_is_named(vendor: Loopback, juzi: Open) -> None:
    refused = {"userId": "rocky", "unionId": "o1", "errcode": "-1", "errmsg": "remark exceed"}
    batch = [
        remark(1, remark="a", description="b"),
        remark(1, remark="a"),
        remark(1, remark="c"),
        remark(1, remark="c"),
    ]
    for entries, lost in [
        ([{**refused, "remark": "a"}], [1]),
        ([{**refused, "remark": "c"}], [2]),
        ([{**refused, "remark": "c"}, {**refused, "remark": "c"}], [2, 3]),
        ([{**refused, "remark": "a", "description": "b"}, {**refused, "remark": "c"}], [0, 2]),
        ([refused], [0]),
        ([refused] * 4, [0, 1, 2, 3]),
        ([refused] * 5, [0, 1, 2, 3]),
    ]:
        vendor.then(Answer({"errcode": 0, "fail_list": entries}))
        result = await juzi().set_remarks(batch)
        assert [failure.model_copy(update={"answer": None}) for failure in result.failed] == [
            failed(place, "-1", "remark exceed", customer=1) for place in lost
        ]
        told = [failure.answer["fail_list"] for failure in result.failed if failure.answer]
        assert told == [[entry] for entry in entries][: len(lost)], "each has its own entry alone"
        assert result.applied == 4 - len(lost)


@pytest.mark.parametrize(
    "listed", [[{"userId": "rocky"}], ["o1"], [{"userId": "rocky", "unionId": "o77"}], {"o1": "failed"}, "o1"]
)
async def test_a_failure_that_names_nobody_leaves_the_call_unknown(
    listed: object, vendor: Loopback, juzi: Open
) -> None:
    vendor.then(Answer({"errcode": 0, "fail_list": listed}))
    result = await juzi().set_remarks([remark(0), remark(1)])
    assert result.applied == 0
    assert [failure.unknown for failure in result.failed] == [True, True]


@pytest.mark.parametrize("listed", [None, []])
async def test_an_empty_fail_list_is_a_success(listed: object, vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer({"errcode": 0, "fail_list": listed}))
    assert (await juzi().set_remarks([remark()])).applied == 1


async def test_the_later_of_two_remarks_on_one_customer_is_sent_later(vendor: Loopback, juzi: Open) -> None:
    order: list[str] = []
    release = asyncio.Event()

    async def answer(seen: Seen) -> Told:
        assert isinstance(seen.body, dict)
        texts = [item["remark"] for item in seen.body["remark_list"]]
        if "first" in texts:
            await release.wait()
        elif "last" not in texts:
            release.set()
        order.extend(text for text in texts if text in ("first", "last"))
        return DONE

    vendor.handler = answer
    batch = [remark(0, remark="first"), *(remark(number) for number in range(1, 150)), remark(0, remark="last")]
    assert (await juzi().set_remarks(batch)).applied == 151
    assert order == ["first", "last"]


async def test_an_empty_batch_sends_nothing(vendor: Loopback, juzi: Open) -> None:
    assert (await juzi().set_remarks([])).applied == 0
    assert (await juzi().add_follows([])).applied == 0
    assert vendor.seen == []
