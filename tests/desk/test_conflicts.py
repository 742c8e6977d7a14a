"""Two who change one customer: what merges, what an agent is asked, what is told where the vendor gives no read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.desk.conftest import OpenDesk
from tests.desk.test_desk import ADDRESS, first_of, reachable, remark_on, strike
from tui.desk.checks import undoable
from tui.desk.desk import Desk
from tui.desk.outcome import ChangedSinceError, State
from tui.desk.values import value_of
from tui.model.customer import Contact, Customer
from tui.model.errors import NetworkError, UnsupportedError
from tui.sandbox.faults import Faults

Rows = Callable[..., list[tuple[Any, ...]]]

COMPANY = "text_company_1687316347241"

UNREADABLE = ("status:GET /useasy/openapi/crm/findById:status=403", "code:GET /useasy/openapi/crm/findById")
"""The vendor answers a read with a refusal: of the credential, or in its own words."""


def change_behind(sandbox: Path, customer: Customer, **values: str) -> None:
    """What somebody does at the vendor's own screens: `values` by the vendor's names, on a useasy customer."""
    paths = ", ".join(f"'$.{name}', ?" for name in values)
    with closing(sqlite3.connect(sandbox)) as connection, connection:
        connection.execute(
            f"UPDATE useasy_customer SET record = json_set(record, {paths}) WHERE record LIKE ?",
            (*values.values(), f"%{customer.id}%"),
        )


def at_the_vendor(rows: Rows, customer: Customer, name: str) -> str:
    ((record,),) = rows("SELECT record FROM useasy_customer WHERE record LIKE ?", f"%{customer.id}%")
    return str(json.loads(record)[name])


async def outbox_states(desk: Desk) -> list[tuple[State, str]]:
    return [(change.state, change.code) for change in await desk.outbox.items()]


# Before it is sent


async def test_a_value_written_another_way_is_no_change_of_somebody_elses(
    open_desk: OpenDesk, sandbox: Path, rows: Rows
) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    there = str(value_of(customer, ADDRESS))
    assert there
    change_behind(sandbox, customer, **{ADDRESS: f" {there.replace('4', '４')}　"})
    assert (await desk.update(customer, {ADDRESS: "mine"})).ok
    assert at_the_vendor(rows, customer, ADDRESS) == "mine"


async def test_what_changed_once_more_while_the_agent_decided_is_asked_about_again(
    open_desk: OpenDesk, sandbox: Path, rows: Rows
) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    change_behind(sandbox, customer, **{ADDRESS: "theirs"})
    with pytest.raises(ChangedSinceError) as first:
        await desk.update(customer, {ADDRESS: "mine"})
    change_behind(sandbox, customer, **{ADDRESS: "theirs, later"})
    with pytest.raises(ChangedSinceError) as second:
        await desk.update(first.value.conflict.theirs, {ADDRESS: "mine"})
    assert [(field.before, field.theirs) for field in second.value.conflict.fields] == [("theirs", "theirs, later")]
    assert at_the_vendor(rows, customer, ADDRESS) == "theirs, later"


async def test_a_list_that_both_changed_says_what_mine_would_take_away(open_desk: OpenDesk) -> None:
    desk, other = await open_desk("demo-useasy"), await open_desk("demo-useasy")
    customer = await first_of(desk)
    one, two, new = *customer.phones[:2], Contact(value="13800000001")
    await other.update(customer, {"phones": (one, two, new)})
    with pytest.raises(ChangedSinceError) as conflict_for:
        await desk.update(customer, {"phones": (one,)})
    (field,) = conflict_for.value.conflict.fields
    (change,) = desk.preview(conflict_for.value.conflict.theirs, {"phones": field.mine})
    assert len(change.drops) == 2
    assert "13800000001" in change.drops


# The line is down when it is saved


async def test_an_edit_that_waited_is_compared_with_what_is_there_when_it_goes(
    open_desk: OpenDesk, faults: Faults, sandbox: Path, rows: Rows
) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    await desk.fields()
    strike(faults, "drop-before")
    assert (await desk.update(customer, {ADDRESS: "mine", "name": "李思"})).waiting == 1
    change_behind(sandbox, customer, **{ADDRESS: "theirs", COMPANY: "theirs too"})
    strike(faults)
    delivery = await desk.outbox.retry([change.id for change in await desk.outbox.items()])
    assert isinstance(delivery.error, ChangedSinceError)
    assert await outbox_states(desk) == [(State.FAILED, "conflict")]
    assert at_the_vendor(rows, customer, ADDRESS) == "theirs"

    (change,) = await desk.outbox.items()
    found = await desk.conflict_for(change)
    assert [(field.theirs, field.mine) for field in found.fields] == [("theirs", "mine")]
    decided = await desk.resolve(change, found.theirs, found.clear)
    assert decided.ok
    assert await desk.outbox.items() == []
    told = [at_the_vendor(rows, customer, name) for name in ("customerName", ADDRESS, COMPANY)]
    assert told == ["李思", "theirs", "theirs too"]


async def test_a_remark_that_waited_is_compared_with_what_is_there_when_it_goes(
    open_desk: OpenDesk, faults: Faults, sandbox: Path
) -> None:
    desk = await open_desk("demo-juzi")
    customer = await reachable(desk)
    seen = next(user for user in customer.follow_users if user.user_id == "rocky")
    strike(faults, "drop-before")
    assert (await desk.remark([remark_on(customer, "mine")], seen=seen)).waiting == 1
    with closing(sqlite3.connect(sandbox)) as connection, connection:
        connection.execute("UPDATE juzi_follow_user SET remark = 'theirs' WHERE user_id = 'rocky'")
    strike(faults)
    await desk.outbox.retry([change.id for change in await desk.outbox.items()])
    (change,) = await desk.outbox.items()
    assert (change.state, change.code) == (State.FAILED, "conflict")
    found = await desk.conflict_for(change)
    assert (await desk.resolve(change, found.theirs, {"remark": "mine"})).ok
    assert await desk.outbox.items() == []


async def test_what_the_agent_leaves_as_theirs_is_thrown_away_unsent(
    open_desk: OpenDesk, faults: Faults, sandbox: Path, rows: Rows
) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    await desk.fields()
    strike(faults, "drop-before")
    await desk.update(customer, {ADDRESS: "mine"})
    change_behind(sandbox, customer, **{ADDRESS: "theirs"})
    strike(faults)
    await desk.outbox.retry([change.id for change in await desk.outbox.items()])
    (change,) = await desk.outbox.items()
    found = await desk.conflict_for(change)
    assert (await desk.resolve(change, found.theirs, {})).change_ids == ()
    assert [change.state for change in await desk.journal()] == [State.DISCARDED]
    assert at_the_vendor(rows, customer, ADDRESS) == "theirs"


# No read at the vendor


async def test_where_reading_is_switched_off_the_answer_tells_what_others_changed(
    open_desk: OpenDesk, sandbox: Path
) -> None:
    desk = await open_desk("demo-useasy", disable={"get"})
    (customer, *_others) = (await desk.page(_first_page())).items
    await desk.fields()
    change_behind(sandbox, customer, customerName="李斯")
    delivery = await desk.update(customer, {ADDRESS: "mine"})
    assert (delivery.applied, delivery.ok) == (1, False)
    assert [(change.code, change.before, change.after) for change in delivery.meanwhile] == [
        ("name", customer.name, "李斯")
    ]


@pytest.mark.parametrize("refusal", UNREADABLE)
async def test_where_reading_is_refused_it_is_written_and_the_answer_tells_what_others_changed(
    open_desk: OpenDesk, faults: Faults, sandbox: Path, rows: Rows, refusal: str
) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    await desk.fields()
    strike(faults, refusal)
    change_behind(sandbox, customer, customerName="李斯")
    delivery = await desk.update(customer, {ADDRESS: "mine"})
    assert delivery.applied == 1
    assert at_the_vendor(rows, customer, ADDRESS) == "mine"
    assert [(change.code, change.after) for change in delivery.meanwhile] == [("name", "李斯")]


async def test_where_reading_is_refused_a_remark_is_written_all_the_same(open_desk: OpenDesk, faults: Faults) -> None:
    desk = await open_desk("demo-juzi")
    customer = await reachable(desk)
    seen = next(user for user in customer.follow_users if user.user_id == "rocky")
    strike(faults, "code:GET /juzi/api/v1/customer/detail:code=48002")
    delivery = await desk.remark([remark_on(customer, "mine")], seen=seen)
    assert (delivery.applied, delivery.error) == (1, None)


async def test_a_vendor_too_busy_to_be_read_is_not_written_to_unread(
    open_desk: OpenDesk, faults: Faults, rows: Rows
) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    await desk.fields()
    strike(faults, "drop-before:findById")
    delivery = await desk.update(customer, {ADDRESS: "mine"})
    assert (delivery.waiting, isinstance(delivery.error, NetworkError)) == (1, True)
    assert at_the_vendor(rows, customer, ADDRESS) == value_of(customer, ADDRESS)


# Undo


async def test_an_undo_that_clashes_is_decided_field_by_field_and_undone_once(
    open_desk: OpenDesk, sandbox: Path, rows: Rows
) -> None:
    desk = await open_desk("demo-useasy")
    customer = await first_of(desk)
    saved = await desk.update(customer, {ADDRESS: "mine", COMPANY: "my company"})
    change_behind(sandbox, customer, **{ADDRESS: "theirs"})
    with pytest.raises(ChangedSinceError) as conflict_for:
        await desk.undo(saved.change_ids[0])
    found = conflict_for.value.conflict
    assert [(field.before, field.theirs, field.mine) for field in found.fields] == [
        ("mine", "theirs", value_of(customer, ADDRESS))
    ]
    (change,) = await desk.journal()
    assert (await desk.resolve(change, found.theirs, found.clear)).ok
    assert at_the_vendor(rows, customer, ADDRESS) == "theirs"
    assert at_the_vendor(rows, customer, COMPANY) == value_of(customer, COMPANY)
    (_undo, change) = await desk.journal()
    assert undoable(change) == "it was undone already"


async def test_a_remark_where_there_was_none_cannot_be_undone_and_says_so_beforehand(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-juzi")
    for item in (await desk.page(_first_page())).items:
        mine = next((user for user in item.follow_users if user.user_id == "rocky"), None)
        if item.union_id and mine is not None and not mine.remark and not mine.description:
            break
    else:
        raise AssertionError("everybody in the sandbox has a remark")
    saved = await desk.remark([remark_on(item, "new")])
    (change,) = await desk.journal()
    assert undoable(change) == "there was none before, and the vendor cannot clear one"
    with pytest.raises(UnsupportedError):
        await desk.undo(saved.change_ids[0])


def _first_page() -> Any:
    from tui.model.customer import Query

    return Query(size=100)
