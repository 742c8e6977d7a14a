"""Two records become one at the vendor: saved first, deleted only then, and nothing where one is not as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.desk.conftest import OpenDesk
from tui.desk.desk import Desk
from tui.desk.duplicates.comparing import Comparison, Take
from tui.desk.duplicates.find_pairs import Duplicates
from tui.desk.outcome import Delivery, Kind, State
from tui.model.customer import Contact, Customer, Query
from tui.model.errors import ConflictError, KehuError, NotFoundError, StorageError, UnsupportedError
from tui.sandbox.faults import Faults, InjectedFault

Rows = Callable[..., list[tuple[Any, ...]]]

ADDRESS = "text_6ts9_1687316347239"
ZHAO = "赵建国"


def strike(faults: Faults, *texts: str) -> None:
    faults.set([InjectedFault.parse(text) for text in texts])


async def both(desk: Desk) -> tuple[Customer, Customer]:
    """The customer whom the demo has twice: the first record and the second."""
    await desk.fields()
    listing = await desk.listing(Query(size=100))
    one, other = [row.id for row in listing.rows if row.name == ZHAO]
    return (await desk.customer(one)).customer, (await desk.customer(other)).customer


def records(rows: Rows) -> dict[str, dict[str, Any]]:
    """Those of the vendor's records that are his, by id."""
    every = [json.loads(record) for (record,) in rows("SELECT record FROM useasy_customer")]
    return {record["_id"]: record for record in every if record["customerName"] == ZHAO}


async def test_what_is_taken_is_saved_and_the_other_deleted_and_both_can_be_read_in_the_journal(
    open_desk: OpenDesk, rows: Rows
) -> None:
    desk = await open_desk("demo-useasy")
    stays, goes = await both(desk)
    assert (await desk.update(goes, {ADDRESS: "二号记录的地址"})).ok
    goes = (await desk.customer(goes.id)).customer
    values = Comparison(stays, goes, await desk.fields(), {ADDRESS: Take.GOES}).values
    assert values == {ADDRESS: "二号记录的地址"}
    united = await Duplicates(desk).merge(stays, goes, values)
    assert united.ok
    assert records(rows).keys() == {stays.id}
    assert records(rows)[stays.id][ADDRESS] == "二号记录的地址"
    assert await desk.seen_customer(goes.id) is None

    (deletion, *_) = await desk.journal(goes.id)
    assert deletion.kind is Kind.DELETE
    assert deletion.before is not None
    assert Customer.model_validate(deletion.before) == goes
    (update,) = await desk.journal(stays.id)
    assert (await desk.undo(update.id)).ok
    assert ADDRESS not in stays.raw
    assert records(rows)[stays.id].get(ADDRESS, "") == ""


async def test_with_nothing_to_take_the_other_is_only_deleted(open_desk: OpenDesk, rows: Rows) -> None:
    desk = await open_desk("demo-useasy")
    stays, goes = await both(desk)
    united = await Duplicates(desk).merge(stays, goes, {})
    assert united.ok
    assert records(rows) == {stays.id: stays.raw}
    assert [change.kind for change in await desk.journal()] == [Kind.DELETE]


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("code:update:code=400", State.FAILED),
        ("drop-before:update", State.PENDING),
        ("drop-after:update", State.PENDING),
        ("garbage:update", State.PENDING),
    ],
)
async def test_where_the_update_is_not_known_to_be_saved_nothing_is_deleted(
    open_desk: OpenDesk, rows: Rows, faults: Faults, fault: str, state: State
) -> None:
    desk = await open_desk("demo-useasy")
    stays, goes = await both(desk)
    strike(faults, fault)
    united = await Duplicates(desk).merge(stays, goes, {ADDRESS: "新地址"})
    strike(faults)
    assert not united.ok
    assert united.deletion is None
    assert goes.id in records(rows)
    (change,) = await desk.journal()
    assert (change.kind, change.customer_id) == (Kind.UPDATE, stays.id)
    assert change.state is state


async def test_a_delete_that_the_vendor_refuses_leaves_the_update_saved(
    open_desk: OpenDesk, rows: Rows, faults: Faults
) -> None:
    desk = await open_desk("demo-useasy")
    stays, goes = await both(desk)
    strike(faults, "code:delete:code=400")
    united = await Duplicates(desk).merge(stays, goes, {ADDRESS: "新地址"})
    assert united.update.ok
    assert united.deletion is not None
    assert not united.ok
    assert records(rows)[stays.id][ADDRESS] == "新地址"
    assert goes.id in records(rows)


@pytest.mark.parametrize("changed", [0, 1], ids=["the one that stays", "the one that goes"])
async def test_a_record_that_somebody_changed_since_stops_all_of_it(
    open_desk: OpenDesk, rows: Rows, changed: int
) -> None:
    desk, other = await open_desk("demo-useasy"), await open_desk("demo-useasy")
    pair = await both(desk)
    before = records(rows)
    assert (await other.update(pair[changed], {"wechat": (Contact(value="wx_new"),)})).ok
    with pytest.raises(ConflictError) as stopped:
        await Duplicates(desk).merge(*pair, {ADDRESS: "新地址"})
    assert pair[changed].id in stopped.value.message()
    assert records(rows)[pair[1 - changed].id] == before[pair[1 - changed].id]
    assert records(rows).keys() == before.keys()


async def test_a_memo_that_somebody_wrote_since_stops_all_of_it(open_desk: OpenDesk, rows: Rows) -> None:
    desk, other = await open_desk("demo-useasy"), await open_desk("demo-useasy")
    stays, goes = await both(desk)
    phones = (goes.phones[0].model_copy(update={"memo": "call after six"}), *goes.phones[1:])
    assert (await other.update(goes, {"phones": phones})).ok
    with pytest.raises(ConflictError):
        await Duplicates(desk).merge(stays, goes, {})
    assert goes.id in records(rows)


async def test_where_the_disk_refuses_the_delete_what_was_saved_is_told(
    open_desk: OpenDesk, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await open_desk("demo-useasy")
    stays, goes = await both(desk)

    async def refuse(_customer: Customer) -> Delivery:
        raise StorageError("no space is left")

    monkeypatch.setattr(desk, "delete", refuse)
    united = await Duplicates(desk).merge(stays, goes, {ADDRESS: "新地址"})
    assert united.update.ok
    assert not united.ok
    assert united.deletion is not None
    assert isinstance(united.deletion.error, StorageError)
    assert records(rows)[stays.id][ADDRESS] == "新地址"
    assert goes.id in records(rows)


@pytest.mark.parametrize("gone", [0, 1], ids=["the one that stays", "the one that goes"])
async def test_a_record_that_is_gone_stops_all_of_it(open_desk: OpenDesk, rows: Rows, gone: int) -> None:
    desk, other = await open_desk("demo-useasy"), await open_desk("demo-useasy")
    pair = await both(desk)
    assert (await other.delete(pair[gone])).ok
    with pytest.raises(NotFoundError):
        await Duplicates(desk).merge(*pair, {})
    assert records(rows).keys() == {pair[1 - gone].id}


async def test_a_change_that_still_waits_stops_it(open_desk: OpenDesk, rows: Rows, faults: Faults) -> None:
    desk = await open_desk("demo-useasy")
    stays, goes = await both(desk)
    strike(faults, "drop-before")
    assert (await desk.update(goes, {ADDRESS: "新地址"})).waiting
    strike(faults)
    with pytest.raises(ConflictError, match="outbox"):
        await Duplicates(desk).merge(stays, goes, {})
    assert goes.id in records(rows)


async def test_without_a_line_nothing_is_recorded(open_desk: OpenDesk, faults: Faults) -> None:
    desk = await open_desk("demo-useasy")
    stays, goes = await both(desk)
    strike(faults, "drop-before")
    with pytest.raises(KehuError) as failed:
        await Duplicates(desk).merge(stays, goes, {ADDRESS: "新地址"})
    assert failed.value.kind == "network"
    assert await desk.journal() == []


async def test_a_vendor_that_cannot_says_why(open_desk: OpenDesk) -> None:
    nobody = Customer(id="1")
    for profile, disable, reason in (
        ("demo-juzi", set(), "edit: juzi has no such call"),
        ("demo-ima", set(), "delete: ima has no such call"),
        ("demo-useasy", {"delete"}, "delete: profile demo-useasy switches this off"),
    ):
        desk = await open_desk(profile, disable=disable)
        assert Duplicates(desk).why_not_merge() == reason
        with pytest.raises(UnsupportedError):
            await Duplicates(desk).merge(nobody, nobody, {})
    assert Duplicates(await open_desk("demo-useasy")).why_not_merge() == ""
