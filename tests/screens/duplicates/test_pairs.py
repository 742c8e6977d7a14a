"""Duplicates at the desk: listed, compared, merged by hand, and nothing deleted but on purpose."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.pace import BOTH_SIZES, slow
from tests.screens.conftest import OpenApp
from tests.screens.driving import Agent
from tui.desk.duplicates.find_pairs import DuplicatePair, Found
from tui.model.customer import Contact, Customer, FieldSpec
from tui.sandbox.faults import Faults, InjectedFault
from tui.store.store import Store

SMALL, LARGE = (80, 24), (120, 36)


def records(data_dir: Path, name: str) -> list[dict[str, Any]]:
    """The vendor's records of `name`."""
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as connection:
        every = [json.loads(record) for (record,) in connection.execute("SELECT record FROM useasy_customer")]
    return [record for record in every if record["customerName"] == name]


async def open_list(agent: Agent) -> str:
    """Open the list of pairs; the name of the first."""
    await agent.until("Custom fields|1–100")
    await agent.press("equals_sign")
    await agent.until(r"Duplicates · \d+ pairs")
    return (await agent.until(r"▌ +99 +(\S+) +")).split()[2]


async def compare(agent: Agent) -> str:
    """Open the first pair, and take the phone of the right one; the name of the two."""
    name = await open_list(agent)
    await agent.press("enter")
    await agent.until("The left one stays")
    await agent.press("down", "right")
    await agent.until(r"▌ ≈ 手机 +○ .* ● ")
    return name


async def go_on(agent: Agent) -> None:
    """Go on to where the name has to be typed."""
    await agent.press("ctrl+s")
    await agent.until("Deleted: ")
    await agent.press("y")
    await agent.until("Type the name")


async def confirm(agent: Agent, name: str) -> None:
    """Type `name` to confirm."""
    await agent.type(name)
    await agent.press("enter")


@BOTH_SIZES
async def test_pairs_are_listed_with_their_scores_and_reasons(open_app: OpenApp, size: tuple[int, int]) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        await open_list(agent)
        assert "customers, those seen here" in agent.text or "all 3" in agent.text
        await agent.until(r"99 +赵建国 +赵建国 +phone, e-mail")
        await agent.press("G")
        await agent.until("phone 199.*, e-mail ")
        await agent.press("q")
        await agent.until_gone("Duplicates ·")


@slow
async def test_where_there_are_none_it_is_said_with_what_to_do(open_app: OpenApp) -> None:
    async with open_app("demo-ima") as agent:
        await agent.press("equals_sign")
        await agent.until("No duplicates among 0 customers seen here")
        await agent.press("enter", "v", "escape")
        await agent.until_gone("No duplicates")


@BOTH_SIZES
async def test_two_are_compared_field_by_field(open_app: OpenApp, size: tuple[int, int]) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        name = await open_list(agent)
        await agent.press("enter")
        await agent.until(f"{name} · stays +{name} · is deleted")
        await agent.until(f"▌ +客户名字 +{name} +{name}")
        await agent.until(r"≈ 手机 +[●○] .*199.* [●○] .*199")
        await agent.until("The left one stays")
        before = await agent.until(r"≈ 手机.*")
        await agent.press("x")
        after = await agent.until(r"≈ 手机.*")
        assert before != after
        await agent.press("escape")
        await agent.until_gone("is deleted")
        await agent.until(r"Duplicates · \d+ pairs")


async def test_two_are_merged_once_the_name_was_typed_and_the_edit_can_be_undone(
    open_app: OpenApp, data_dir: Path
) -> None:
    async with open_app("demo-useasy") as agent:
        name = await compare(agent)
        one, other = records(data_dir, name)
        await go_on(agent)
        await confirm(agent, "nobody")
        await agent.until(f"type {name} to go on")
        assert len(records(data_dir, name)) == 2
        await agent.press(*["backspace"] * 6)
        await confirm(agent, name)
        await agent.until(f"✓ Merged into {name}; the other record is deleted")
        (left,) = records(data_dir, name)
        await agent.until_gone(f"99 +{name}")

        (gone,) = [record for record in (one, other) if record["_id"] != left["_id"]]
        (was,) = [record for record in (one, other) if record["_id"] == left["_id"]]
        assert [row["value"] for row in left["mobile"]] == [row["value"] for row in gone["mobile"]]
        await agent.press("escape", "J")
        await agent.until(f"delete · {name}")
        await agent.press("down")
        await agent.until(f"▌ .*edit · {name}")
        await agent.press("u")
        await agent.until("Undo this change")
        await agent.press("y")
        await agent.until("Undone")
        (left,) = records(data_dir, name)
        assert left["mobile"] == was["mobile"]


@slow
async def test_leaving_on_the_way_merges_nothing_and_keeps_what_was_chosen(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app("demo-useasy", size=SMALL) as agent:
        name = await compare(agent)
        for leave in ("escape", "n"):
            await agent.press("ctrl+s")
            await agent.until("now +then")
            await agent.press(leave)
            await agent.until(r" ≈ 手机 +○ ")
        await go_on(agent)
        await agent.press("escape")
        await agent.until(r" ≈ 手机 +○ ")
        assert len(records(data_dir, name)) == 2


@slow
async def test_what_cannot_be_taken_says_why(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await open_list(agent)
        await agent.press("enter")
        await agent.until("The left one stays")
        await agent.press("right")
        await agent.until("! 客户名字 is the same in both")
        await agent.press("down", "b")
        await agent.until("! 手机 takes the value of one")
        await agent.press("G", "left")
        await agent.until(r"▌ .*Ids")


@slow
async def test_what_the_vendor_calls_sensitive_is_hidden_as_in_the_pane(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app("demo-ima", size=SMALL) as agent:
        with closing(Store.open(data_dir / "profiles" / "demo-ima.db")) as store:
            store.directory.save_fields([FieldSpec(code="phone", label="手机", sensitive=True)], time.time())
            phones = (Contact(value="13812345678"),)
            store.directory.save([Customer(id=id, phones=phones) for id in ("1", "2")], time.time())
        for masks in (0, 1, 1):  # m hides contacts, and shows them again, but not what is sensitive
            await agent.press(*["m"] * masks, "equals_sign")
            await agent.until("1 pair ")
            await agent.until(r"phone 138\*\*\*\*5678")
            await agent.press("escape")
            await agent.until_gone("1 pair ")


@slow
async def test_what_too_many_share_is_told_below_the_pairs(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app("demo-juzi", size=SMALL) as agent:
        await agent.until("李四")
        phones = (Contact(value="021-55501234"),)
        with closing(Store.open(data_dir / "profiles" / "demo-juzi.db")) as store:
            store.directory.save([Customer(id=str(number), phones=phones) for number in range(50)], time.time())
        await agent.press("equals_sign")
        await agent.until("– +phone +02155501234 +50 customers have it: it")
        await agent.until("0 pairs")
        await agent.press("G", "enter", "v")
        await agent.until("0 pairs")


@slow
async def test_moving_past_the_end_reads_on_however_fast_the_keys_come(
    open_app: OpenApp, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, go_on = asyncio.Event(), asyncio.Event()
    next_pairs = Found.next

    async def slow(found: Found) -> Sequence[DuplicatePair]:
        pairs = await next_pairs(found)
        read.set()
        await go_on.wait()
        return pairs

    async with open_app("demo-juzi", size=SMALL) as agent:
        await agent.until("李四")
        with closing(Store.open(data_dir / "profiles" / "demo-juzi.db")) as store:
            for side in "ab":
                phones = [(Contact(value=f"138{number:08}"),) for number in range(250)]
                people = [Customer(id=f"{number:03}{side}", phones=phone) for number, phone in enumerate(phones)]
                store.directory.save(people, time.time(), listed=True)
        await agent.press("equals_sign")
        await agent.until("250 pairs")
        await agent.until("▌ +75 +000a +000b")
        monkeypatch.setattr(Found, "next", slow)
        await agent.press("G", "down")
        await read.wait()
        await agent.press("down", "down")
        go_on.set()
        await agent.until("▌ +75 +100a +100b")
        await agent.press("G")
        await agent.until("▌ +75 +199a +199b")
        await agent.press("down")
        await agent.until("▌ +75 +200a +200b")
        await agent.press("G")
        await agent.until("▌ +75 +249a +249b")


@slow
async def test_where_the_vendor_cannot_merge_it_says_why(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app("demo-juzi") as agent:
        await agent.until("Followed by")
        with closing(Store.open(data_dir / "profiles" / "demo-juzi.db")) as store:
            listing = store.directory.known(0, 2)
            both = [found[0] for row in listing.rows if (found := store.directory.get(row.id))]
            phones = (Contact(value="13812345678"),)
            store.directory.save([one.model_copy(update={"phones": phones}) for one in both], time.time())
        await agent.press("equals_sign")
        await agent.until(r"▌ +75 .* phone")
        await agent.press("enter")
        await agent.until("cannot be merged here: edit: juzi has no such call")
        await agent.until(r"\(ctrl\+s merge\)")
        await agent.until("Followed by")
        await agent.press("right", "ctrl+s")
        await agent.until("! They cannot be merged here")


@slow
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("code:update:code=400,message=no", "! Nothing was deleted. 1 refused. .*the vendor refused"),
        ("drop-before:update", "! Nothing was deleted. Recorded; it goes by itself"),
        ("code:delete:code=400,message=no", r"! Saved \w+. 1 refused. .*the vendor refused"),
    ],
    ids=["update refused", "update waits", "delete refused"],
)
@BOTH_SIZES
async def test_what_failed_is_told_with_what_was_done_and_both_records_are_there(
    open_app: OpenApp, data_dir: Path, faults: Faults, size: tuple[int, int], fault: str, told: str
) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        name = await compare(agent)
        faults.set([InjectedFault.parse(fault)])
        await go_on(agent)
        await confirm(agent, name)
        await agent.until(told)
        await agent.until(f"99 +{name}")
        assert len(records(data_dir, name)) == 2


@slow
async def test_a_record_that_somebody_changed_meanwhile_stops_it(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app("demo-useasy", size=LARGE) as agent:
        name = await compare(agent)
        with closing(sqlite3.connect(data_dir / "sandbox.db")) as connection, connection:
            connection.execute(
                "UPDATE useasy_customer SET record = json_set(record, '$.qq', json('[{\"value\": \"7654321\"}]'))"
                " WHERE json_extract(record, '$.customerName') = ?",
                (name,),
            )
        await go_on(agent)
        await confirm(agent, name)
        await agent.until(f"! Nothing was merged: {name} .* was changed by somebody else")
        assert len(records(data_dir, name)) == 2


@slow
async def test_a_record_that_is_gone_at_the_vendor_leaves_the_list(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app("demo-useasy", size=SMALL) as agent:
        name = await open_list(agent)
        one = records(data_dir, name)[0]
        with closing(sqlite3.connect(data_dir / "sandbox.db")) as connection, connection:
            connection.execute("DELETE FROM useasy_customer WHERE json_extract(record, '$._id') = ?", (one["_id"],))
        await agent.press("enter")
        await agent.until("! the vendor has no such record")
        await agent.press("escape")
        await agent.until(r"Duplicates · \d+ pairs")
        await agent.until_gone(f"99 +{name}")
