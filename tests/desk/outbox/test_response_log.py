"""What the vendor said to every write is in the journal: its code, words and number of the call, never a secret."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

import pytest

from tests.cli.test_reading import LISI
from tests.desk.conftest import OpenDesk
from tests.desk.test_desk import first_of, strike
from tui.desk.desk import Desk
from tui.desk.outcome import Change, Delivery, State
from tui.model.customer import Customer, FollowEntry, FollowText, Query, Remark
from tui.model.errors import KehuError
from tui.sandbox.demo import DEMO_PROFILES
from tui.sandbox.faults import Faults

Write = Callable[[Desk, Customer], Awaitable[Delivery]]


def remark(desk: Desk, customer: Customer) -> Awaitable[Delivery]:
    user_id = desk.settings.user_id
    return desk.remark([Remark(customer=customer.id, union_id=customer.union_id, user_id=user_id, remark="新备注")])


def follow(desk: Desk, customer: Customer) -> Awaitable[Delivery]:
    texts = (FollowText(content="来电"),)
    user_id = desk.settings.user_id
    entry = FollowEntry(customer=customer.id, union_id=customer.union_id, user_id=user_id, texts=texts)
    return desk.follow([entry])


def update(desk: Desk, customer: Customer) -> Awaitable[Delivery]:
    return desk.update(customer, {"name": "李斯"})


async def create(desk: Desk, customer: Customer) -> Delivery:
    required = {
        spec.code: spec.choices[0].key if spec.choices else "1" for spec in await desk.fields() if spec.required
    }
    return await desk.create({**required, "name": "王五"})


def delete(desk: Desk, customer: Customer) -> Awaitable[Delivery]:
    return desk.delete(customer)


WRITES: dict[str, tuple[str, Write, str]] = {
    "juzi remark": ("demo-juzi", remark, "set_remark"),
    "juzi follow-up": ("demo-juzi", follow, "add_follow"),
    "useasy create": ("demo-useasy", create, "/add"),
    "useasy edit": ("demo-useasy", update, "/update"),
    "useasy delete": ("demo-useasy", delete, "/delete"),
    "ima create": ("demo-ima", create, "POST /ima"),
    "ima edit": ("demo-ima", update, "PUT /ima"),
}
"""Every kind of write that a vendor has: the profile, the write, and a part of its call."""

HEADINGS = {
    "juzi": ("errcode", "errmsg"),
    "useasy": ("success", "code", "message", "traceId"),
    "ima": ("code", "message"),
}
"""What each vendor says beside its records."""


async def customer_of(desk: Desk) -> Customer:
    if desk.capabilities.can("list"):
        return await first_of(desk)
    (known,) = await desk.look_up("external_id", LISI)
    return known.customer


async def written(desk: Desk, write: Write, customer: Customer | None = None) -> Change:
    """The change that `write`, which may fail, leaves in the journal."""
    try:
        await write(desk, customer or await customer_of(desk))
    except KehuError:
        pass
    return (await desk.journal())[0]


def heading(change: Change, dialect: str) -> list[object]:
    assert change.answer is not None
    return [change.answer[name] for name in HEADINGS[dialect]]


@pytest.mark.parametrize("what", WRITES)
async def test_what_succeeded_keeps_the_vendor_s_words(open_desk: OpenDesk, what: str) -> None:
    profile, write, _call = WRITES[what]
    desk = await open_desk(profile)
    change = await written(desk, write)
    assert change.state is State.SENT
    match desk.settings.dialect:
        case "juzi":
            assert change.answer == {"errcode": 0, "errmsg": "ok"}
        case "useasy":
            success, code, words, trace = heading(change, "useasy")
            assert (success, code, words) == (True, "200", "200 ok!")
            assert trace
        case _:
            assert heading(change, "ima")[0] == "10000"
    if write in (create, update):
        assert "data" in (change.answer or {}), "the record as the vendor has it now"


@pytest.mark.parametrize("what", WRITES)
async def test_what_was_refused_keeps_the_vendor_s_words(open_desk: OpenDesk, faults: Faults, what: str) -> None:
    profile, write, call = WRITES[what]
    desk = await open_desk(profile)
    strike(faults, f"code:{call}:code=20001,message=not today")
    change = await written(desk, write)
    assert change.state is State.FAILED
    assert {"20001", "not today"} <= {str(word) for word in heading(change, desk.settings.dialect)}


@pytest.mark.parametrize("what", WRITES)
async def test_an_answer_that_is_none_is_told_by_its_status(open_desk: OpenDesk, faults: Faults, what: str) -> None:
    profile, write, call = WRITES[what]
    desk = await open_desk(profile)
    strike(faults, f"html:{call}:status=405")
    change = await written(desk, write)
    assert change.answer == {"http": 405}


@pytest.mark.parametrize("what", WRITES)
async def test_where_nothing_was_answered_nothing_is_told(open_desk: OpenDesk, faults: Faults, what: str) -> None:
    profile, write, call = WRITES[what]
    desk = await open_desk(profile)
    customer = await customer_of(desk)
    strike(faults, f"drop-before:{call}", *(["drop-before:findById"] if write is delete else []))
    change = await written(desk, write, customer)
    assert change.state in (State.PENDING, State.UNKNOWN)
    assert change.answer is None


@pytest.mark.parametrize("what", WRITES)
async def test_an_answer_that_repeats_the_secret_is_kept_without_it(
    open_desk: OpenDesk, faults: Faults, what: str
) -> None:
    profile, write, call = WRITES[what]
    desk = await open_desk(profile)
    demo = DEMO_PROFILES[profile]
    secret = demo.get("token") or demo["secret"]
    strike(faults, f"code:{call}:code=20001,message=bad {secret}")
    change = await written(desk, write)
    assert "bad …" in json.dumps(change.answer, ensure_ascii=False)
    assert secret not in json.dumps([change.answer, change.message])


async def test_each_of_a_batch_keeps_what_was_said_of_it_alone_and_little_of_that(
    open_desk: OpenDesk, faults: Faults
) -> None:
    desk = await open_desk("demo-juzi")
    page = await desk.page(Query(size=300))
    people = [customer for customer in page.items if customer.union_id and customer.follow_users]
    strike(faults, "refuse:set_remark:every=20,code=84061,message=not a follower")
    await desk.remark(
        [
            Remark(customer=one.id, union_id=one.union_id, user_id=one.follow_users[0].user_id, remark="批量")
            for one in people
        ]
    )
    assert len(people) > desk.capabilities.remark_batch, "more than one call"
    changes = await desk.journal(limit=1000)
    sent = [change for change in changes if change.state is State.SENT]
    refused = [change for change in changes if change.state is State.FAILED]
    assert (len(sent) + len(refused), len(refused)) == (len(people), len(people) // 20)
    assert all(change.answer == {"errcode": 0, "errmsg": "ok"} for change in sent)
    for change in refused:
        assert change.answer is not None
        (entry,) = change.answer["fail_list"]
        assert (entry["errcode"], entry["unionId"]) == ("84061", change.union_id)
