"""The outbox on the screen: what the agent sees of a change whose fate nobody knows, and what can be done about it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.pace import BOTH_SIZES, first_is_fast, slow
from tests.screens.conftest import OpenApp
from tests.screens.driving import Agent
from tests.screens.linked.test_person_changing import records
from tests.screens.linked.test_person_view import open_customer
from tui.desk.batch.items import read_sheet
from tui.desk.outcome import Kind
from tui.model.customer import Contact, FieldValue
from tui.sandbox.faults import Faults, InjectedFault
from tui.screens.main.main_screen import MainScreen

PHONE = "19900001234"

LISI = "wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg"


async def create_unanswered(agent: Agent, faults: Faults, fault: str, name: str, **values: FieldValue) -> None:
    """Create a customer called `name` with a call that `fault` strikes, so that no answer comes."""
    required = [spec for spec in await agent.desk.fields() if spec.required and spec.code not in ("name", *values)]
    others = {spec.code: spec.choices[0].key if spec.choices else "1" for spec in required}
    faults.set([InjectedFault.parse(f"{fault}:count=1")])
    await agent.desk.create({**others, "name": name, **values})
    await agent.until("o outbox 1")


@BOTH_SIZES
async def test_a_create_of_unknown_fate_shows_who_may_be_the_one(
    open_app: OpenApp, data_dir: Path, faults: Faults, size: tuple[int, int]
) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        await create_unanswered(agent, faults, "drop-after:POST /useasy/openapi/crm/add", "新客户")
        await agent.press("o")
        await agent.until("create · 新客户 +unknown")
        await agent.press("enter")
        await agent.until("may\\s+have been applied")
        await agent.until('"name": "新客户"')
        await agent.press("escape")
        await agent.until("send again")
        await agent.press("v")
        await agent.until("The vendor's customers called 新客户")
        await agent.until("1–1 of 1")
        await agent.until("▌ 新客户")
        await agent.press("o")
        await agent.until("create · 新客户")
        await agent.press("D")
        await agent.until("Did you see at the vendor that this arrived")
        await agent.press("y")
        await agent.until("Nothing waits")
        await agent.press("escape", "escape")
        await agent.until("1–100 of 29")
    assert len(records(data_dir, "新客户")) == 1


@slow
async def test_a_create_of_unknown_fate_that_did_not_arrive_shows_nobody_and_is_sent_again(
    open_app: OpenApp, data_dir: Path, faults: Faults
) -> None:
    async with open_app("demo-useasy") as agent:
        await create_unanswered(agent, faults, "drop-before:POST /useasy/openapi/crm/add", "新客户")
        await agent.press("o")
        await agent.until("create · 新客户 +unknown")
        await agent.press("v")
        await agent.until("The vendor's customers called 新客户")
        await agent.until("No customer|no customer")
        await agent.press("o")
        await agent.until("create · 新客户")
        await agent.press("s")
        await agent.until("Nobody knows whether this arrived. Send it again")
        await agent.press("n")
        await agent.until("create · 新客户 +unknown")
        assert records(data_dir, "新客户") == []
        await agent.press("s")
        await agent.until("Nobody knows whether this arrived. Send it again")
        await agent.press("y")
        await agent.until("Nothing waits")
    assert len(records(data_dir, "新客户")) == 1


@slow
@BOTH_SIZES
async def test_a_create_of_unknown_fate_is_looked_up_by_phone_where_there_is_no_list(
    open_app: OpenApp, faults: Faults, size: tuple[int, int]
) -> None:
    async with open_app("demo-ima", size=size) as agent:
        await create_unanswered(agent, faults, "drop-after:POST /ima", "新客户", phone=PHONE)
        await agent.press("o")
        await agent.until("create · 新客户 +unknown")
        await agent.press("v")
        await agent.until(f"Look up[\\s\\S]*{PHONE}")
        await agent.press("enter")
        await agent.until("Found 新客户")


@slow
@BOTH_SIZES
async def test_what_is_held_back_is_called_so_in_full(open_app: OpenApp, size: tuple[int, int]) -> None:
    async with open_app(size=size) as agent:
        rows = f"customer,user_id,remark\n{LISI},rocky,vip\n{LISI},lilei,vip\n".encode()
        sheet = read_sheet(rows, "f.csv", Kind.REMARK, agent.desk.capabilities, "")
        stopped = asyncio.Event()
        stopped.set()
        await agent.desk.batches.send(await agent.desk.batches.plan(sheet), stop=stopped)
        await agent.until("o outbox 2")
        await agent.press("o")
        await agent.until("remark × 2 +held back +stopped by hand")
        await agent.press("X", "y")
        await agent.until("Nothing waits")
        await agent.press("escape", "J")
        await agent.until("remark · 李四 +thrown away +remark: ")


# A linked profile's change


@slow
@BOTH_SIZES
async def test_a_linked_profile_s_change_shows_the_person_whose_record_it_is(
    open_app: OpenApp, data_dir: Path, faults: Faults, size: tuple[int, int]
) -> None:
    async with open_app(size=size) as agent:
        await open_customer(agent, "李四")
        main = agent.app.screen
        assert isinstance(main, MainScreen)
        desk = main.linked_desks.opened["demo-useasy"]
        (record,) = records(data_dir, "李四")
        customer = (await desk.customer(record["_id"])).customer
        faults.set([InjectedFault.parse("code:POST /useasy/openapi/crm/update:code=500,message=not today")])
        await desk.update(customer, {"phones": (Contact(value=PHONE),)})
        faults.set([])
        await agent.press("q", "down")
        await agent.until("o outbox 1")
        await agent.press("o")
        await agent.until("demo-useasy +edit · 李四")
        await agent.press("v")
        await agent.until_gone("Outbox")
        await agent.until("李四[\\s\\S]*demo-useasy")
        assert main.reading
        assert main.customer_pane.person is not None
        assert main.customer_pane.person.own.customer.name == "李四"
        assert "P switches" not in agent.text


# Whose it is


@pytest.mark.parametrize(
    ("key", "question"),
    first_is_fast([("r", "Whose remark on {}"), ("f", "In whose name do you follow up {}")], several=True),
)
async def test_a_question_about_colleagues_names_the_customer(open_app: OpenApp, key: str, question: str) -> None:
    async with open_app(size=(120, 36)) as agent:
        page = await agent.desk.page(agent.app.first_query())
        places = range(len(page.items))
        place = next(
            place
            for place in places
            if (one := page.items[place]).union_id
            and one.follow_users
            and all(user.user_id != "rocky" for user in one.follow_users)
        )
        await agent.until("▌ 李四")
        await agent.press(*["j"] * place, key)
        await agent.until(question.format(page.items[place].name))
