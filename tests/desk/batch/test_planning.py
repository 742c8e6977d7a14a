"""What a batch would do, told before anything is sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.desk.batch.files import customers, follows, pairs, remarks, sheet
from tests.desk.conftest import OpenDesk
from tui.desk.batch import recipients
from tui.desk.batch.items import follow_request, marked_sheet, read_sheet
from tui.desk.batch.summary import example, summary
from tui.model.change import Kind, State
from tui.model.customer import FollowText, Query
from tui.model.errors import NetworkError
from tui.sandbox.faults import Faults, InjectedFault

Rows = Callable[..., list[tuple[Any, ...]]]


async def test_a_plan_shows_what_changes_and_sends_nothing(open_desk: OpenDesk, sandbox: Path, rows: Rows) -> None:
    desk = await open_desk("demo-juzi")
    await desk.listing(Query(size=100))
    people = pairs(sandbox, 5)
    old = rows("SELECT remark FROM juzi_follow_user ORDER BY customer, place")
    plan = await desk.batches.plan(remarks(people))
    assert (plan.rows, len(plan.steps), plan.refused, plan.looked_up) == (5, 5, (), 0)
    for step, pair in zip(plan.steps, people, strict=True):
        query = (
            "SELECT remark FROM juzi_follow_user JOIN juzi_customer ON customer = ordinal"
            " WHERE external_user_id = ? AND user_id = ?"
        )
        ((there,),) = rows(query, pair.customer, pair.user_id)
        assert [(name, before) for name, before, _after in example(step)] == [("remark", there or "–")]
        assert (step.person.id, step.person.union_id) == (pair.customer, pair.union_id)
    assert rows("SELECT remark FROM juzi_follow_user ORDER BY customer, place") == old
    assert await desk.journal() == []


async def test_how_many_cannot_be_taken_back_is_told_beforehand(open_desk: OpenDesk, sandbox: Path, rows: Rows) -> None:
    desk = await open_desk("demo-juzi")
    people = customers(sandbox, 40)
    query = (
        "SELECT remark FROM juzi_follow_user JOIN juzi_customer ON customer = ordinal"
        " WHERE external_user_id = ? AND user_id = ?"
    )
    firsts = sum(not rows(query, pair.customer, pair.user_id)[0][0] for pair in people)
    assert 0 < firsts < len(people)
    plan = await desk.batches.plan(remarks(people))
    told = f"{firsts} are set where there was none: they can be changed later, but not taken back"
    assert told in summary(plan)


async def test_customers_not_seen_yet_are_looked_up_one_by_one_when_they_are_few(
    open_desk: OpenDesk, sandbox: Path
) -> None:
    desk = await open_desk("demo-juzi", disable={"list"})
    plan = await desk.batches.plan(remarks(customers(sandbox, 4)))
    assert (plan.looked_up, len(plan.steps)) == (4, 4)
    assert "4 were looked up at the vendor" in summary(plan)
    again = await desk.batches.plan(remarks(customers(sandbox, 4)))
    assert again.looked_up == 0, "they are known by now"


async def test_many_are_read_from_the_list_in_a_few_calls(open_desk: OpenDesk, sandbox: Path) -> None:
    desk = await open_desk("demo-juzi", disable={"get"})
    heard: list[tuple[int, int]] = []
    sheet = remarks(customers(sandbox, 100))
    plan = await desk.batches.plan(sheet, on_progress=lambda done, total: heard.append((done, total)))
    assert (plan.looked_up, len(plan.steps), plan.refused) == (100, 100, ())
    assert heard == [(100, 100)]


async def test_no_more_are_looked_up_one_by_one_than_a_limit(
    open_desk: OpenDesk, sandbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipients, "MOST_LOOKUPS", 3)
    desk = await open_desk("demo-juzi", disable={"list"})
    plan = await desk.batches.plan(remarks(customers(sandbox, 5)))
    assert (plan.looked_up, len(plan.steps)) == (3, 3)
    assert [refusal.code for refusal in plan.refused] == ["not_found", "not_found"]


async def test_rows_that_give_a_union_id_need_nobody_looked_up(open_desk: OpenDesk, sandbox: Path) -> None:
    desk = await open_desk("demo-juzi", disable={"list", "get"})
    plan = await desk.batches.plan(remarks(customers(sandbox, 3), by="union_id"))
    assert (plan.looked_up, len(plan.steps)) == (0, 3)


async def test_while_the_line_is_down_nobody_is_called_unknown(
    open_desk: OpenDesk, sandbox: Path, faults: Faults
) -> None:
    desk = await open_desk("demo-juzi", disable={"list"})
    faults.set([InjectedFault.parse("drop-before")])
    with pytest.raises(NetworkError):
        await desk.batches.plan(remarks(customers(sandbox, 3)))


async def test_rows_that_would_be_refused_say_why_before_they_are_sent(
    open_desk: OpenDesk, sandbox: Path, rows: Rows
) -> None:
    desk = await open_desk("demo-juzi")
    one, two = customers(sandbox, 2)
    ((nobody,),) = rows("SELECT external_user_id FROM juzi_customer WHERE union_id IS NULL LIMIT 1")
    text = "\n".join(
        [
            "customer,union_id,user_id,remark",
            f"{one.customer},,{one.user_id},a",
            f"{nobody},,rocky,b",
            "wm-unknown,,rocky,c",
            f"{one.customer},{two.union_id},rocky,d",
            f",{one.union_id},{one.user_id},e",
            f"{two.customer},,rocky,{'长' * 30}",
            f"{two.customer},,lilei-who-does-not,f",
        ]
    )
    plan = await desk.batches.plan(sheet(text))
    assert [(refusal.line, refusal.code) for refusal in plan.refused] == [
        (3, "union_id"),
        (4, "not_found"),
        (5, "union_id"),
        (6, "duplicate"),
        (7, "too_long"),
    ]
    assert "line 2" in plan.refused[3].text
    assert [step.item.line for step in plan.steps] == [2, 8]
    assert [bool(step.warning) for step in plan.steps] == [False, True]
    told = "\n".join(summary(plan))
    assert "2 to send, to 2 customers" in told
    assert "1 may be refused: lilei-who-does-not does not follow" in told
    assert "2 cannot be sent: line 3" in told


async def test_two_follow_ups_on_one_customer_are_two_unless_they_are_the_same(
    open_desk: OpenDesk, sandbox: Path
) -> None:
    desk = await open_desk("demo-juzi")
    (one,) = customers(sandbox, 1)
    rows = [f"{one.union_id},{one.user_id},{text}" for text in ("called", "visited", "called")]
    plan = await desk.batches.plan(sheet("\n".join(["union_id,user_id,content", *rows]), Kind.FOLLOW))
    assert len(plan.steps) == 2
    assert [(refusal.line, refusal.code, refusal.text) for refusal in plan.refused] == [
        (4, "duplicate", "the same as line 2")
    ]


async def test_a_remark_that_is_there_already_is_nothing_to_do_while_the_record_is_fresh(
    open_desk: OpenDesk, sandbox: Path, rows: Rows, monkeypatch: pytest.MonkeyPatch, faults: Faults
) -> None:
    desk = await open_desk("demo-juzi")
    await desk.listing(Query(size=100))
    query = (
        "SELECT union_id, user_id, remark FROM juzi_customer JOIN juzi_follow_user ON customer = ordinal"
        " WHERE union_id IS NOT NULL AND remark <> '' ORDER BY ordinal LIMIT 1"
    )
    ((union_id, user_id, remark),) = rows(query)
    file = sheet(f"union_id,user_id,remark\n{union_id},{user_id},{remark}\n")
    plan = await desk.batches.plan(file)
    assert (len(plan.same), plan.steps, plan.rows) == (1, (), 1)
    assert "1 are so already: nothing to do" in summary(plan)

    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    faults.set([InjectedFault.parse("drop-before")])
    assert len((await desk.batches.plan(file)).steps) == 1, "somebody may have changed it since"
    faults.set([])
    assert len((await desk.batches.plan(file)).same) == 1, "it was read again"


async def test_what_was_set_from_here_since_the_record_was_seen_counts(open_desk: OpenDesk, sandbox: Path) -> None:
    desk = await open_desk("demo-juzi")
    await desk.listing(Query(size=100))
    people = customers(sandbox, 2)
    before = await desk.batches.plan(remarks(people, "first"))
    await desk.batches.send(before)
    second = await desk.batches.plan(remarks(people, "second"))
    assert [dict(step.before or {})["remark"] for step in second.steps] == ["first0", "first1"]
    await desk.batches.send(second)
    lines = [f"{pair.customer},{pair.user_id},{text}" for pair, text in zip(people, ("first0", "second1"), strict=True)]
    third = await desk.batches.plan(sheet("\n".join(["customer,user_id,remark", *lines])))
    assert [step.item.line for step in third.steps] == [2], "the first is not what was last seen at the vendor"
    assert [item.line for item in third.same] == [3]


async def test_a_remark_on_its_way_is_not_taken_for_there(open_desk: OpenDesk, sandbox: Path, faults: Faults) -> None:
    desk = await open_desk("demo-juzi")
    await desk.listing(Query(size=100))
    (one,) = customers(sandbox, 1)
    faults.set([InjectedFault.parse("drop-before:set_remark")])
    report = await desk.batches.send(await desk.batches.plan(remarks([one], "waits")))
    assert report.waiting == 1
    plan = await desk.batches.plan(sheet(f"customer,user_id,remark\n{one.customer},{one.user_id},waits0\n"))
    assert plan.same == ()


async def test_a_follow_up_with_its_own_time_is_known_in_another_file_too(open_desk: OpenDesk, sandbox: Path) -> None:
    desk = await open_desk("demo-juzi")
    people = customers(sandbox, 3)
    at = "2024-11-20 14:02"
    assert (await desk.batches.send(await desk.batches.plan(follows(people[:2], at=at)))).applied == 2
    longer = await desk.batches.plan(follows(people, at=at))
    assert (longer.done, len(longer.steps), longer.resumed) == (2, 1, False)
    again = await desk.batches.plan(follows(people, at=at), again=True)
    assert (again.done, len(again.steps)) == (0, 3)
    untimed = await desk.batches.plan(follows(people))
    assert len(untimed.steps) == 3, "without a time, the same words may be said twice"


@pytest.mark.parametrize("at", ["-2h", "昨天 14:02", "9:05"])
async def test_a_time_counted_from_now_is_no_new_follow_up_when_the_file_is_sent_again_later(
    open_desk: OpenDesk, sandbox: Path, at: str
) -> None:
    desk = await open_desk("demo-juzi")
    people = customers(sandbox, 3)
    now = datetime.now().astimezone() - timedelta(days=3)
    assert (await desk.batches.send(await desk.batches.plan(follows(people, at=at, now=now)))).applied == 3
    for later in (timedelta(minutes=10), timedelta(days=2)):
        again = await desk.batches.plan(follows(people, at=at, now=now + later))
        assert (len(again.steps), again.done) == (0, 3)


async def test_a_vendor_without_follow_ups_keeps_them_as_notes_on_those_it_knows(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-useasy")
    known = (await desk.page(Query(size=2))).items
    text = "customer,content\n" + "".join(f"{customer.id},noted\n" for customer in known) + "nobody,noted\n"
    plan = await desk.batches.plan(read_sheet(text.encode(), "f.csv", Kind.FOLLOW, desk.capabilities))
    assert [refusal.code for refusal in plan.refused] == ["not_found"]
    report = await desk.batches.send(plan)
    assert (report.applied, report.waiting, report.failures) == (2, 0, ())
    assert [change.state for change in await desk.history(known[0].id)] == [State.KEPT]


async def test_marked_customers_are_planned_like_a_file(open_desk: OpenDesk, sandbox: Path) -> None:
    desk = await open_desk("demo-juzi")
    people = customers(sandbox, 3)
    request = follow_request("rocky", [FollowText(content="一"), FollowText(content="二")])
    marked = marked_sheet(Kind.FOLLOW, "3 marked", "abc", [pair.customer for pair in people], request)
    plan = await desk.batches.plan(marked)
    assert [example(step) for step in plan.steps] == [[("content", "", "一 / 二")]] * 3
