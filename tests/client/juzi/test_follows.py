"""Follow history, in batches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from tests.client.juzi.conftest import Open
from tests.client.juzi.samples import DONE, TOKEN, UNION, bodies, failed, follow
from tests.client.loopback import HANG_UP, Answer, Loopback, Told
from tui.model.customer import FollowEntry, FollowText
from tui.model.errors import InvalidError

FOLLOW_SAMPLE = {
    "unionId": UNION,
    "userId": "rocky",
    "text": [{"content": "这是跟进记录1", "timestamp": 1602667647}, {"content": "这是跟进记录2"}],
}
FOLLOWED = FollowEntry(
    customer="wm1",
    union_id=UNION,
    user_id="rocky",
    texts=(
        # 17:27:27 in China: the zone of the time does not matter, what is sent are seconds since 1970.
        FollowText(content="这是跟进记录1", at=datetime(2020, 10, 14, 17, 27, 27, tzinfo=timezone(timedelta(hours=8)))),
        FollowText(content="这是跟进记录2"),
    ),
)


async def test_the_pages_follow_sample(vendor: Loopback, juzi: Open) -> None:
    vendor.then(DONE)
    result = await juzi().add_follows([FOLLOWED])
    assert (result.applied, result.failed) == (1, ())
    (seen,) = vendor.seen
    assert (seen.method, seen.path, seen.query) == ("POST", "/api/v1/customer/add_follow", {"token": TOKEN})
    assert seen.body == {"follow_list": [FOLLOW_SAMPLE]}


async def test_the_pages_sample_of_a_failed_follow_up(vendor: Loopback, juzi: Open) -> None:
    sample = {**FOLLOW_SAMPLE, "userId": "zhangsan"}
    vendor.then(Answer({"errcode": 0, "errmsg": "ok", "fail_list": [sample]}))
    result = await juzi().add_follows([FOLLOWED, FOLLOWED.model_copy(update={"user_id": "zhangsan"})])
    assert result.applied == 1
    (failure,) = result.failed
    assert (failure.index, failure.customer, failure.user_id) == (1, "wm1", "zhangsan")
    assert failure.message == "the vendor refused this one and gave no reason"
    assert not failure.unknown


async def test_a_follow_up_that_was_added_in_part_is_unknown(vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer({"errcode": 0, "fail_list": [{**FOLLOW_SAMPLE, "text": FOLLOW_SAMPLE["text"][:1]}]}))
    (failure,) = (await juzi().add_follows([FOLLOWED])).failed
    assert failure.unknown
    assert failure.message == "only a part of this follow-up was added"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"union_id": None}, "union_id"),
        ({"user_id": ""}, "user_id"),
        ({"texts": ()}, "content"),
        ({"texts": (FollowText(content="a"), FollowText(content=""))}, "content"),
        ({"texts": (FollowText(content="a", at=datetime(2020, 1, 1)),)}, "at"),  # noqa: DTZ001  # that it has no zone
    ],
)
async def test_one_wrong_follow_up_keeps_the_whole_batch_from_being_sent(
    wrong: dict[str, Any], field: str, vendor: Loopback, juzi: Open
) -> None:
    batch = [*(follow(number) for number in range(600)), follow(600, **wrong)]
    with pytest.raises(InvalidError, match="wm600") as caught:
        await juzi().add_follows(batch)
    assert caught.value.field == field
    assert vendor.seen == []


async def test_follow_ups_go_in_calls_of_five_hundred_in_their_order(vendor: Loopback, juzi: Open) -> None:
    vendor.then(DONE)
    assert (await juzi().add_follows([follow(number) for number in range(1001)])).applied == 1001
    assert [len(body["follow_list"]) for body in bodies(vendor)] == [500, 500, 1]
    sent = [item["unionId"] for body in bodies(vendor) for item in body["follow_list"]]
    assert sent == [f"o{number}" for number in range(1001)]


@pytest.mark.parametrize("told", [HANG_UP, Answer(b"<html>", 502), Answer(b""), Answer({"data": 1})])
async def test_a_follow_call_without_a_clear_answer_is_unknown_and_never_sent_again(
    told: Told, vendor: Loopback, juzi: Open
) -> None:
    vendor.then(DONE, told, DONE)
    result = await juzi().add_follows([follow(number) for number in range(1500)])
    assert len(vendor.seen) == 3
    assert result.applied == 1000
    assert [failure.index for failure in result.failed] == list(range(500, 1000))
    assert all(failure.unknown and failure.code == "unknown" for failure in result.failed)


async def test_a_follow_call_that_was_refused_did_not_happen(vendor: Loopback, juzi: Open) -> None:
    said = {"errcode": 45009, "errmsg": "api freq out of limit"}
    vendor.then(Answer(said))
    result = await juzi().add_follows([follow(0)])
    assert result.failed == (failed(0, "45009", "api freq out of limit", passing=True, answer=said),)
    assert len(vendor.seen) == 1


async def test_of_two_follow_ups_on_one_customer_the_one_that_failed_is_named(vendor: Loopback, juzi: Open) -> None:
    at = datetime(2020, 10, 14, tzinfo=UTC)
    batch = [follow(1, "a"), follow(1, "b"), follow(1, texts=(FollowText(content="b", at=at),))]
    entry = {"userId": "rocky", "unionId": "o1", "text": [{"content": "b", "timestamp": int(at.timestamp())}]}
    vendor.then(Answer({"errcode": 0, "fail_list": [entry]}))
    assert [failure.index for failure in (await juzi().add_follows(batch)).failed] == [2]
    vendor.then(Answer({"errcode": 0, "fail_list": [{**entry, "text": [{"content": "b"}]}]}))
    assert [failure.index for failure in (await juzi().add_follows(batch)).failed] == [1]


BARE = {"userId": "rocky", "unionId": "o1"}


@pytest.mark.parametrize(
    ("entries", "unknown"),
    [
        ([BARE], [True, True]),
        ([{**BARE, "text": [{"content": "of neither"}]}], [True, True]),
        ([BARE, BARE], [False, False]),
        ([{**BARE, "text": [{"content": "b"}]}, BARE], [False, False]),
    ],
)
async def test_of_two_follow_ups_on_one_customer_none_is_called_added_where_the_vendor_names_neither(
    entries: list[Any], unknown: list[bool], vendor: Loopback, juzi: Open
) -> None:
    vendor.then(Answer({"errcode": 0, "fail_list": entries}))
    result = await juzi().add_follows([follow(1, "a"), follow(1, "b")])
    assert result.applied == 0
    assert [failure.unknown for failure in result.failed] == unknown


@pytest.mark.parametrize(
    "listed",
    [
        [{"content": "a", "timestamp": 1602667647}],
        [{"content": "a…"}],
        {"content": "a", "timestamp": 1602667647},
        "a",
    ],
)
async def test_a_follow_up_whose_listed_part_is_spelt_otherwise_is_not_called_refused(
    listed: object, vendor: Loopback, juzi: Open
) -> None:
    vendor.then(Answer({"errcode": 0, "fail_list": [{**BARE, "text": listed}]}))
    two = follow(1, texts=(FollowText(content="a"), FollowText(content="b")))
    (failure,) = (await juzi().add_follows([two])).failed
    assert failure.unknown


async def test_a_follow_up_whose_texts_are_all_listed_with_the_vendors_times_is_refused(
    vendor: Loopback, juzi: Open
) -> None:
    listed = [{"content": "a", "timestamp": 1602667647}, {"content": "b", "timestamp": 1602667648}]
    vendor.then(Answer({"errcode": 0, "fail_list": [{**BARE, "text": listed}]}))
    two = follow(1, texts=(FollowText(content="a"), FollowText(content="b")))
    (failure,) = (await juzi().add_follows([two])).failed
    assert not failure.unknown
