"""The Desk on all three vendors: what is read is kept, what is changed is recorded, sent, and read back."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.desk.conftest import OpenDesk
from tests.desk.workshop import Workshop
from tui.desk.desk import Desk
from tui.desk.outcome import Change, ChangedSinceError, Kind, State
from tui.desk.values import value_of
from tui.model.customer import Condition, Contact, Customer, FollowEntry, FollowText, Query, Remark
from tui.model.errors import (
    InvalidError,
    KehuError,
    NotFoundError,
    UnsupportedError,
)
from tui.sandbox.faults import Faults, InjectedFault

Rows = Callable[..., list[tuple[Any, ...]]]

ADDRESS = "text_6ts9_1687316347239"


def strike(faults: Faults, *texts: str) -> None:
    faults.set([InjectedFault.parse(text) for text in texts])


async def first_of(desk: Desk) -> Customer:
    listing = await desk.listing(Query(size=5))
    return (await desk.customer(listing.rows[0].id)).customer


# Reading


async def test_a_page_read_is_there_without_the_network(open_desk: OpenDesk, faults: Faults) -> None:
    desk = await open_desk("demo-juzi")
    query = Query(page=2, size=100)
    assert await desk.seen(query) is None
    listing = await desk.listing(query)
    strike(faults, "drop-before")
    seen = await desk.seen(query)
    assert seen is not None
    assert [row.id for row in seen.rows] == [row.id for row in listing.rows]
    assert (seen.total, seen.source) == (300, "directory")


async def test_pages_of_another_size_do_not_replace_the_desks_own(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-juzi")
    await desk.listing(Query(size=100))
    await desk.page(Query(size=7))
    seen = await desk.seen(Query(size=100))
    assert seen is not None
    assert len(seen.rows) == 100


async def test_a_customer_opened_is_the_vendors_and_later_the_directorys(open_desk: OpenDesk, faults: Faults) -> None:
    desk = await open_desk("demo-juzi")
    customer = await first_of(desk)
    assert customer.name == "李四"
    strike(faults, "drop-before")
    with pytest.raises(KehuError) as failed:
        await desk.customer(customer.id)
    assert failed.value.kind == "network"
    seen = await desk.seen_customer(customer.id)
    assert seen is not None
    assert seen.customer == customer
    assert not seen.live


async def test_a_customer_the_vendor_deleted_leaves_the_directory(open_desk: OpenDesk, rows: Rows) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    other = await open_desk("demo-useasy")
    assert (await other.delete(customer)).ok
    with pytest.raises(NotFoundError):
        await desk.customer(customer.id)
    assert await desk.seen_customer(customer.id) is None


async def test_the_field_configuration_is_kept_for_when_the_line_is_down(open_desk: OpenDesk, faults: Faults) -> None:
    desk = await open_desk("demo-useasy")
    specs = await desk.fields()
    strike(faults, "drop-before")
    assert await desk.fields() == specs
    later = await open_desk("demo-useasy")
    assert await later.fields() == specs


async def test_a_vendor_without_a_list_lists_the_directory(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-ima")
    assert (await desk.listing(Query())).rows == ()
    juzi = await open_desk("demo-juzi")
    found = await desk.customer((await first_of(juzi)).id, by="external_id")
    listing = await desk.listing(Query())
    assert [row.id for row in listing.rows] == [found.customer.id]
    with pytest.raises(UnsupportedError):
        await desk.page(Query())


async def test_search_finds_who_was_seen(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-juzi")
    await desk.listing(Query(size=100))
    for text in ("李四", "lisi", "ls", "张总"):
        assert "李四" in [row.name for row in (await desk.find(text)).rows], text


async def test_conditions_are_searched_at_the_vendor(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    condition = Condition(field="phones", operator="eq", values=(customer.phones[0].value,))
    listing = await desk.listing(Query(conditions=(condition,)))
    assert customer.id in [row.id for row in listing.rows]
    assert listing.total == len(listing.rows)


# Editing


async def test_only_what_changed_is_sent_and_the_vendors_values_come_back(open_desk: OpenDesk, rows: Rows) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    delivery = await desk.update(customer, {ADDRESS: "黄浦区 1 号", "name": customer.name})
    assert delivery.ok
    assert delivery.applied == 1
    assert delivery.customer is not None
    assert value_of(delivery.customer, ADDRESS) == "黄浦区 1 号"
    (change,) = await desk.journal(customer.id)
    assert change.request == {"values": {ADDRESS: "黄浦区 1 号"}}
    assert change.before == {"values": {ADDRESS: value_of(customer, ADDRESS)}}
    ((record,),) = rows("SELECT record FROM useasy_customer WHERE record LIKE ?", f"%{customer.id}%")
    assert json.loads(record)[ADDRESS] == "黄浦区 1 号"


async def test_saving_what_was_not_changed_sends_nothing(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    delivery = await desk.update(customer, {"name": customer.name + " "})
    assert delivery.change_ids == ()
    assert await desk.journal() == []


async def test_a_value_its_type_does_not_allow_is_refused_before_it_is_recorded(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    with pytest.raises(InvalidError):
        await desk.update(customer, {"emails": (Contact(value="no address"),)})
    assert await desk.journal() == []


async def test_ima_takes_standard_and_custom_fields_in_one_edit(open_desk: OpenDesk) -> None:
    juzi, desk = await open_desk("demo-juzi"), await open_desk("demo-ima")
    specs = await desk.fields()
    customer = (await desk.customer((await first_of(juzi)).id, by="external_id")).customer
    text = next(
        spec for spec in specs if spec.type == "text" and spec.editable and spec.enabled and spec.code.isdigit()
    )
    delivery = await desk.update(customer, {"name": "李思", text.code: "新值"})
    assert delivery.ok, delivery
    assert delivery.customer is not None
    assert (delivery.customer.name, value_of(delivery.customer, text.code)) == ("李思", "新值")


async def test_a_field_somebody_else_changed_meanwhile_is_a_conflict(open_desk: OpenDesk) -> None:
    desk, other = await open_desk("demo-useasy"), await open_desk("demo-useasy")
    customer = await first_of(desk)
    assert (await other.update(customer, {ADDRESS: "theirs"})).ok
    with pytest.raises(ChangedSinceError) as conflict_for:
        await desk.update(customer, {ADDRESS: "mine", "name": "李思"})
    found = conflict_for.value.conflict
    assert [(field.theirs, field.mine) for field in found.fields] == [("theirs", "mine")]
    assert found.clear == {"name": "李思"}
    assert [change.request for change in await desk.journal()] == [{"values": {ADDRESS: "theirs"}}]
    delivery = await desk.update(found.theirs, {**found.clear, ADDRESS: "mine"})
    assert delivery.ok
    assert delivery.customer is not None
    assert value_of(delivery.customer, ADDRESS) == "mine"


async def test_fields_that_only_one_side_changed_merge(open_desk: OpenDesk) -> None:
    desk, other = await open_desk("demo-useasy"), await open_desk("demo-useasy")
    customer = await first_of(desk)
    await other.update(customer, {ADDRESS: "theirs"})
    delivery = await desk.update(customer, {"name": "李思"})
    assert delivery.ok
    assert delivery.customer is not None
    assert (delivery.customer.name, value_of(delivery.customer, ADDRESS)) == ("李思", "theirs")


async def test_an_edit_answered_with_garbage_is_not_called_saved(open_desk: OpenDesk, faults: Faults) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    strike(faults, "garbage:crm/update")
    delivery = await desk.update(customer, {"name": "李思"})
    assert (delivery.ok, delivery.applied, delivery.waiting) == (False, 0, 1)


async def test_a_value_that_the_vendor_kept_otherwise_is_told(open_desk: OpenDesk, sandbox: Path) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    with closing(sqlite3.connect(sandbox)) as connection:
        connection.execute(
            """
            CREATE TRIGGER rename AFTER UPDATE OF record ON useasy_customer BEGIN
                UPDATE useasy_customer SET record = json_set(record, '$.customerName', '李斯')
                WHERE position = new.position AND json_extract(record, '$.customerName') = '李思';
            END
            """
        )
    delivery = await desk.update(customer, {"name": "李思"})
    assert not delivery.ok
    assert [(change.code, change.before, change.after) for change in delivery.surprises] == [("name", "李思", "李斯")]


# Creating and deleting


async def test_a_customer_created_is_read_back_and_can_be_deleted(open_desk: OpenDesk, rows: Rows) -> None:
    desk = await open_desk("demo-useasy")
    required = {
        spec.code: spec.choices[0].key
        for spec in await desk.fields()
        if spec.required and spec.choices and spec.enabled
    }
    delivery = await desk.create({"name": "新客户", "phones": (Contact(value="19900001234", memo="本人"),), **required})
    assert delivery.ok, delivery
    created = delivery.customer
    assert created is not None
    assert created.phones == (Contact(value="19900001234", memo="本人"),)
    (change,) = await desk.journal()
    assert (change.state, change.customer_id) == (State.SENT, created.id)
    assert (await desk.delete(created)).ok
    assert rows("SELECT count(*) FROM useasy_customer WHERE record LIKE ?", f"%{created.id}%") == [(0,)]
    assert (await desk.journal())[0].before is not None


async def test_a_create_whose_answer_is_lost_is_unknown_and_never_sent_again(
    open_desk: OpenDesk, faults: Faults, rows: Rows
) -> None:
    desk = await open_desk("demo-ima")
    required = {
        spec.code: spec.choices[0].key if spec.choices else "1" for spec in await desk.fields() if spec.required
    }
    strike(faults, "drop-after:POST /ima:count=1")
    before = rows("SELECT count(*) FROM ima_customer")[0][0]
    delivery = await desk.create({**required, "name": "新客户"})
    assert [failure.unknown for failure in delivery.failures] == [True]
    (change,) = await desk.outbox.items()
    assert change.state is State.UNKNOWN
    await desk.start()
    assert rows("SELECT count(*) FROM ima_customer") == [(before + 1,)]
    await desk.outbox.mark_done([change.id])
    assert await desk.outbox.items() == []


async def test_a_delete_whose_answer_is_lost_is_read_again_once_it_has_had_its_time(
    open_desk: OpenDesk, faults: Faults, rows: Rows
) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    strike(faults, "drop-before:crm/delete:count=1")
    lost = time.time()
    delivery = await desk.delete(customer)
    assert delivery.applied == 0
    assert [change.state for change in await desk.outbox.items()] == [State.UNKNOWN], "it may yet be deleted"
    (change,) = await until_settled(desk)
    assert change.state is State.FAILED
    assert "the record is still there" in change.message
    assert change.settled_at is not None
    assert change.settled_at - lost > desk.capabilities.answer_within
    strike(faults, "drop-after:crm/delete:count=1")
    assert (await desk.outbox.retry(delivery.change_ids)).applied == 1
    assert rows("SELECT count(*) FROM useasy_customer WHERE record LIKE ?", f"%{customer.id}%") == [(0,)]
    assert await desk.outbox.items() == []


async def test_a_delete_that_the_vendor_does_after_its_call_was_lost_is_told_as_done(
    open_desk: OpenDesk, faults: Faults, sandbox: Path
) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    strike(faults, "drop-before:crm/delete:count=1")
    assert (await desk.delete(customer)).applied == 0
    with closing(sqlite3.connect(sandbox)) as connection:
        connection.execute("DELETE FROM useasy_customer WHERE json_extract(record, '$._id') = ?", (customer.id,))
        connection.commit()
    assert await until_settled(desk) == []
    (change,) = await desk.journal(customer.id)
    assert change.state is State.SENT
    assert await desk.seen_customer(customer.id) is None


async def test_a_gateways_404_is_not_taken_for_a_customer_that_is_gone(
    open_desk: OpenDesk, faults: Faults, rows: Rows
) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    strike(faults, "status:crm/:status=404")
    assert (await desk.delete(customer)).applied == 0
    assert [change.state for change in await desk.outbox.items()] == [State.UNKNOWN]
    with pytest.raises(NotFoundError):
        await desk.customer(customer.id)
    assert await desk.seen_customer(customer.id) is not None


async def until_settled(desk: Desk) -> Sequence[Change]:
    """The outbox once nothing in it is unknown, which the desk finds out by itself."""
    changed = asyncio.Event()
    stop = desk.subscribe(changed.set)
    try:
        async with asyncio.timeout(30):
            while True:
                items = await desk.outbox.items()
                if all(change.state is not State.UNKNOWN for change in items):
                    return items
                await changed.wait()
                changed.clear()
    finally:
        stop()


# Remarks and follow-ups


async def reachable(desk: Desk) -> Customer:
    for item in (await desk.page(Query(size=50))).items:
        if item.union_id and any(user.user_id == "rocky" for user in item.follow_users):
            return item
    raise AssertionError("nobody in the sandbox can be remarked on")


def remark_on(customer: Customer, text: str, user_id: str = "rocky") -> Remark:
    return Remark(customer=customer.id, union_id=customer.union_id, user_id=user_id, remark=text)


async def test_a_remark_is_saved_read_back_and_in_the_history(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-juzi")
    customer = await reachable(desk)
    delivery = await desk.remark([remark_on(customer, "重要客户")])
    assert delivery.ok
    assert delivery.customer is not None
    assert [user.remark for user in delivery.customer.follow_users if user.user_id == "rocky"] == ["重要客户"]
    (change,) = await desk.history(customer.id)
    assert (change.state, change.user_id) == (State.SENT, "rocky")


async def test_a_remark_somebody_else_changed_meanwhile_is_not_overwritten(open_desk: OpenDesk) -> None:
    desk, other = await open_desk("demo-juzi"), await open_desk("demo-juzi")
    customer = await reachable(desk)
    seen = next(user for user in customer.follow_users if user.user_id == "rocky")
    await other.remark([remark_on(customer, "theirs")])
    with pytest.raises(ChangedSinceError) as conflict_for:
        await desk.remark([remark_on(customer, "mine")], seen=seen)
    assert [(field.before, field.theirs, field.mine) for field in conflict_for.value.conflict.fields] == [
        (seen.remark, "theirs", "mine")
    ]


@pytest.mark.parametrize(
    ("remark", "field"),
    [
        (Remark(customer="1", union_id=None, user_id="rocky", remark="a"), "union_id"),
        (Remark(customer="1", union_id="u", user_id="rocky"), "remark"),
        (Remark(customer="1", union_id="u", user_id="rocky", remark="长" * 21), "remark"),
        (Remark(customer="1", union_id="u", user_id="rocky", description="长" * 151), "description"),
        (Remark(customer="1", union_id="u", user_id="", remark="a"), "user_id"),
    ],
)
async def test_a_remark_the_vendor_would_refuse_is_not_even_recorded(
    open_desk: OpenDesk, remark: Remark, field: str
) -> None:
    desk = await open_desk("demo-juzi")
    with pytest.raises(InvalidError) as refused:
        await desk.remark([remark])
    assert refused.value.field == field
    assert await desk.journal() == []


async def test_a_remark_the_vendor_refuses_says_why(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-juzi")
    customer = await reachable(desk)
    delivery = await desk.remark([remark_on(customer, "a", user_id="nobody")])
    (failure,) = delivery.failures
    assert (failure.code, failure.customer, failure.user_id) == ("60111", customer.id, "nobody")
    assert [change.state for change in await desk.outbox.items()] == [State.FAILED]


async def test_follow_ups_arrive_with_their_times(open_desk: OpenDesk, rows: Rows) -> None:
    desk = await open_desk("demo-juzi")
    customer = await reachable(desk)
    at = datetime(2020, 10, 14, 9, 27, 27, tzinfo=UTC)
    texts = (FollowText(content="这是跟进记录1", at=at), FollowText(content="这是跟进记录2"))
    entry = FollowEntry(customer=customer.id, union_id=customer.union_id, user_id="rocky", texts=texts)
    assert (await desk.follow([entry])).ok
    found = rows("SELECT content, timestamp FROM juzi_follow_history WHERE union_id = ?", customer.union_id)
    assert found[0] == ("这是跟进记录1", 1602667647)
    assert found[1][0] == "这是跟进记录2"


async def test_a_follow_up_whose_answer_is_lost_is_never_sent_again_by_itself(
    open_desk: OpenDesk, faults: Faults, rows: Rows
) -> None:
    desk = await open_desk("demo-juzi")
    customer = await reachable(desk)
    strike(faults, "drop-after:add_follow:count=1")
    entry = FollowEntry(
        customer=customer.id, union_id=customer.union_id, user_id="rocky", texts=(FollowText(content="once"),)
    )
    delivery = await desk.follow([entry])
    assert [failure.unknown for failure in delivery.failures] == [True]
    await desk.start()
    assert rows("SELECT count(*) FROM juzi_follow_history WHERE content = 'once'") == [(1,)]
    assert [change.state for change in await desk.outbox.items()] == [State.UNKNOWN]


async def test_a_vendor_without_follow_ups_keeps_notes_here(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    entry = FollowEntry(customer=customer.id, union_id=None, user_id="rocky", texts=(FollowText(content="note"),))
    assert (await desk.follow([entry])).ok
    (change,) = await desk.history(customer.id)
    assert change.state is State.KEPT
    assert await desk.outbox.items() == []


async def test_what_a_lost_line_kept_back_is_sent_when_it_is_there_again(open_desk: OpenDesk, faults: Faults) -> None:
    desk = await open_desk("demo-juzi")
    customer = await reachable(desk)
    strike(faults, "drop-before:set_remark")
    delivery = await desk.remark([remark_on(customer, "later")])
    assert (delivery.applied, delivery.waiting, delivery.failures) == (0, 1, ())
    strike(faults)
    again = await open_desk("demo-juzi")
    sent = await again.outbox.retry(delivery.change_ids)
    assert sent.applied == 1
    assert await again.outbox.items() == []


# Undo


async def test_an_edit_is_undone_by_writing_the_values_before(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    saved = await desk.update(customer, {ADDRESS: "黄浦区"})
    undone = await desk.undo(saved.change_ids[0])
    assert undone.ok
    assert undone.customer is not None
    assert value_of(undone.customer, ADDRESS) == value_of(customer, ADDRESS)
    with pytest.raises(UnsupportedError):
        await desk.undo(saved.change_ids[0])


async def test_an_undo_over_somebody_elses_change_is_a_conflict(open_desk: OpenDesk) -> None:
    desk, other = await open_desk("demo-useasy"), await open_desk("demo-useasy")
    customer = await first_of(desk)
    saved = await desk.update(customer, {ADDRESS: "mine"})
    assert saved.customer is not None
    await other.update(saved.customer, {ADDRESS: "theirs"})
    with pytest.raises(ChangedSinceError):
        await desk.undo(saved.change_ids[0])
    assert (await desk.undo(saved.change_ids[0], force=True)).ok


async def test_a_remark_is_undone(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-juzi")
    customer = await reachable(desk)
    before = next(user.remark for user in customer.follow_users if user.user_id == "rocky")
    saved = await desk.remark([remark_on(customer, "new")])
    undone = await desk.undo(saved.change_ids[0])
    assert undone.ok, undone
    assert undone.customer is not None
    assert [user.remark for user in undone.customer.follow_users if user.user_id == "rocky"] == [before]


async def test_a_follow_up_cannot_be_undone_and_says_why(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-juzi")
    customer = await reachable(desk)
    entry = FollowEntry(
        customer=customer.id, union_id=customer.union_id, user_id="rocky", texts=(FollowText(content="said"),)
    )
    delivery = await desk.follow([entry])
    with pytest.raises(UnsupportedError, match="for good"):
        await desk.undo(delivery.change_ids[0])


# Drafts, and what listeners hear


async def test_a_draft_outlives_the_desk(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-juzi")
    await desk.drafts.save(1, "edit", "1", {"name": "half a n"})
    later = await open_desk("demo-juzi")
    draft = await later.drafts.get(1)
    assert draft is not None
    assert draft.values == {"name": "half a n"}
    await later.drafts.drop(1)
    assert await desk.drafts.get(1) is None


async def test_listeners_hear_of_changes_until_they_leave(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-useasy")
    heard: list[None] = []
    leave = desk.subscribe(lambda: heard.append(None))
    customer = await first_of(desk)
    entry = FollowEntry(customer=customer.id, union_id=None, user_id="rocky", texts=(FollowText(content="note"),))
    await desk.follow([entry])
    assert heard
    heard.clear()
    leave()
    await desk.follow([entry])
    assert heard == []


async def test_what_cannot_be_done_says_why(open_desk: OpenDesk) -> None:
    juzi = await open_desk("demo-juzi")
    assert "no such call" in juzi.why_not("update")
    useasy = await open_desk("demo-useasy", disable={"delete"})
    assert "switches this off" in useasy.why_not("delete")
    assert useasy.why_not("update") == ""
    with pytest.raises(UnsupportedError):
        await useasy.delete(Customer(id="1"))


# Numbers, which a tenant may hold as JSON numbers


VOLUME = "number_b7q2_1687316347303"


async def hold_a_number(open_desk: OpenDesk, sandbox: Path, number: str) -> tuple[Desk, Customer]:
    """A desk, and its first customer, whose record holds the JSON number `number`."""
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    with closing(sqlite3.connect(sandbox)) as connection, connection:
        connection.execute(
            f"UPDATE useasy_customer SET record = json_set(record, '$.{VOLUME}', json(?)) WHERE record LIKE ?",
            (number, f"%{customer.id}%"),
        )
    return desk, (await desk.customer(customer.id)).customer


@pytest.mark.parametrize(
    ("typed", "held"),
    [("007", "7"), ("+5", "5"), (".5", "0.5"), ("1,234.50", "1234.5"), ("685770000643772123", "685770000643772123")],
)
async def test_a_number_with_a_nought_or_a_plus_before_it_is_written_as_the_number_that_it_is(
    open_desk: OpenDesk, sandbox: Path, rows: Rows, typed: str, held: str
) -> None:
    desk, customer = await hold_a_number(open_desk, sandbox, "12")
    delivery = await desk.update(customer, {VOLUME: typed})
    assert delivery.ok, delivery
    assert not await desk.outbox.items()
    found = rows("SELECT record FROM useasy_customer WHERE record LIKE ?", f"%{customer.id}%")
    assert f'"{VOLUME}":{held}' in found[0][0].replace(": ", ":")


async def test_what_an_older_version_left_in_the_outbox_is_sent_or_refused_and_never_ends_the_desk(
    open_desk: OpenDesk, sandbox: Path
) -> None:
    desk, customer = await hold_a_number(open_desk, sandbox, "12")
    for typed, state in (("007", State.SENT), ("much", State.FAILED), ("\ud83d", State.FAILED)):
        values = {"values": {VOLUME: typed}}
        new = desk._new(Kind.UPDATE, customer, values, before={"values": {VOLUME: "12"}})
        (id,) = await desk.outbox.record([new])
        await desk.outbox.deliver([id], checked=True)
        (change,) = await desk.batches.changes([id])
        assert change.state is state, typed
        assert state is State.SENT or "年采购额" in change.message


async def test_12_50_saved_and_read_back_as_12_5_is_no_surprise_and_nothing_to_send_again(
    open_desk: OpenDesk, sandbox: Path, workshop: Workshop
) -> None:
    desk, customer = await hold_a_number(open_desk, sandbox, "12")
    delivery = await desk.update(customer, {VOLUME: "12.50"})
    assert delivery.ok
    assert delivery.surprises == ()
    assert delivery.customer is not None
    for typed in ("12.50", "12.5", "+12.500"):
        assert desk.preview(delivery.customer, {VOLUME: typed}) == ()
    again = await open_desk("demo-useasy-2")  # it has not read the configuration yet
    workshop.calls.clear()
    assert (await again.update(delivery.customer, {VOLUME: "12.500"})).applied == 0
    assert not [call for call in workshop.calls if call.endswith("/update")]
