"""What was refused, or waits, is opened in its own form again; what is sent then takes its place."""

from __future__ import annotations

from pathlib import Path
from pkgutil import resolve_name

from tests.pace import BOTH_SIZES, slow
from tests.screens.conftest import OpenApp
from tests.screens.driving import Agent
from tests.screens.forms.steps import begin_customer, save_one_change
from tests.screens.forms.test_changing import rows
from tests.screens.linked.test_person_changing import records
from tests.screens.linked.test_person_view import open_customer
from tests.screens.vendor import Vendor
from tui.model.change import Kind
from tui.sandbox.faults import Faults, InjectedFault
from tui.sandbox.useasy_fields import LEVEL_FIELD
from tui.screens.outbox.mend import FORMS

ADD = "code:POST /useasy/openapi/crm/add"
UPDATE = "code:POST /useasy/openapi/crm/update"


def refusing(faults: Faults, *texts: str) -> None:
    faults.set([InjectedFault.parse(text) for text in texts])


async def states(agent: Agent) -> list[str]:
    """How far each change has come, the oldest first."""
    return [change.state.value for change in reversed(await agent.desk.journal())]


async def reopen(agent: Agent, row: str) -> None:
    """Open the outbox, and from it the form of the change that stands there as `row`."""
    await agent.press("o")
    await agent.until(row)
    await agent.press("e")


async def leave_unsent(agent: Agent) -> None:
    """Leave the form of a refused change, which then stays in the outbox."""
    await agent.press("escape")
    await agent.until("Not sent: it stays in the outbox")


async def create_refused(agent: Agent, faults: Faults, message: str) -> None:
    """Type a new customer, whom the vendor refuses with `message`."""
    await agent.until("▌ 李四")
    refusing(faults, f"{ADD}:code=400,message={message}")
    await begin_customer(agent)
    await agent.type_over("详细地址", "Chengdu 1")
    await agent.go_to_field("手机")
    await agent.type("13900001111")
    await agent.press("ctrl+s")


@slow
@BOTH_SIZES
async def test_a_refused_create_leaves_the_form_open_with_all_that_was_typed(
    open_app: OpenApp, data_dir: Path, faults: Faults, size: tuple[int, int]
) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        await create_refused(agent, faults, "mobile 13900001111 already exists")
        await agent.until("Create Test Person")
        await agent.until("the vendor refused: mobile 13900001111 already exists")
        await agent.until("▌•手机 +13900001111[\\s\\S]*! the vendor refused")
        await agent.until("Test Person")
        faults.set([])
        await agent.press("end", "backspace")
        await agent.type("2")
        await agent.press("ctrl+s")
        await agent.until("Created Test Person")
        assert await states(agent) == ["discarded", "sent"]
    (record,) = records(data_dir, "Test Person")
    assert record["mobile"] == [{"value": "13900001112", "memo": ""}]
    assert record["text_6ts9_1687316347239"] == "Chengdu 1"
    assert record[LEVEL_FIELD] == "level_b"


@slow
@BOTH_SIZES
async def test_a_refused_create_is_opened_from_the_outbox_and_sent_once(
    open_app: OpenApp, data_dir: Path, faults: Faults, size: tuple[int, int]
) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        await create_refused(agent, faults, "详细地址 is too long")
        await agent.until("Create Test Person[\\s\\S]*详细地址 is too long")
        await agent.until("▌•详细地址 +Chengdu 1")
        await leave_unsent(agent)
        faults.set([])
        await reopen(agent, "create · Test Person +refused")
        await agent.until("▌•详细地址 +Chengdu 1")
        await agent.press("backspace", "backspace", "ctrl+s")
        await agent.until("Nothing waits")
        assert await states(agent) == ["discarded", "sent"]
    (record,) = records(data_dir, "Test Person")
    assert record["text_6ts9_1687316347239"] == "Chengdu"


@slow
async def test_a_mended_form_left_keeps_the_draft_and_the_refused_change(
    open_app: OpenApp, data_dir: Path, faults: Faults
) -> None:
    async with open_app("demo-useasy") as agent:
        await create_refused(agent, faults, "not today")
        await agent.until("Create Test Person")
        await agent.go_to_field("详细地址")
        await agent.press("end")
        await agent.type("2")
        await agent.until("Chengdu 12")
        await leave_unsent(agent)
        assert await states(agent) == ["failed"]
        await reopen(agent, "create · Test Person +refused")
        await agent.until("A draft is kept")
        await agent.until("Chengdu 12")
        await agent.press("y")
        await agent.until("详细地址 +Chengdu 12")
        faults.set([])
        await agent.press("ctrl+s")
        await agent.until("Nothing waits")
        assert await agent.desk.drafts.all() == []
        assert await states(agent) == ["discarded", "sent"]
    assert len(records(data_dir, "Test Person")) == 1


@slow
async def test_a_mended_form_left_untouched_leaves_no_draft(open_app: OpenApp, faults: Faults) -> None:
    async with open_app("demo-useasy") as agent:
        await create_refused(agent, faults, "not today")
        await agent.until("Create Test Person")
        await leave_unsent(agent)
        assert await agent.desk.drafts.all() == []


@slow
@BOTH_SIZES
async def test_a_refused_edit_stays_in_its_form_until_the_vendor_takes_it(
    open_app: OpenApp, data_dir: Path, faults: Faults, size: tuple[int, int]
) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        await agent.until("▌ 李四")
        await agent.press("enter")
        await agent.until("Phone +19900007919")
        refusing(faults, f"{UPDATE}:code=400,message=详细地址 不能含有空格")
        await agent.press("e")
        await agent.until("Edit 李四")
        await agent.type_over("详细地址", "Chengdu 1")
        await save_one_change(agent)
        await agent.until("▌•详细地址 +Chengdu 1[\\s\\S]*! the vendor refused: 详细地址")
        faults.set([])
        await agent.press("ctrl+a", "ctrl+k")
        await agent.type("Chengdu2")
        await save_one_change(agent)
        await agent.until("Saved 李四")
        assert await states(agent) == ["discarded", "sent"]
    (record,) = records(data_dir, "李四")
    assert record["text_6ts9_1687316347239"] == "Chengdu2"


@slow
@BOTH_SIZES
async def test_a_linked_profile_s_refused_edit_is_mended_in_its_own_form(
    open_app: OpenApp, data_dir: Path, faults: Faults, size: tuple[int, int]
) -> None:
    async with open_app(size=size) as agent:
        await open_customer(agent, "李四")
        refusing(faults, f"{UPDATE}:code=400,message=not today")
        await agent.press("e")
        await agent.until("Edit 李四")
        await agent.type_over("详细地址", "Chengdu 1")
        await save_one_change(agent)
        await agent.until("Edit 李四 · demo-useasy")
        await agent.until("the vendor refused: not today")
        await leave_unsent(agent)
        faults.set([])
        await reopen(agent, "demo-useasy +edit · 李四 +refused")
        await agent.until("Edit 李四 · demo-useasy")
        await save_one_change(agent)
        await agent.until("Nothing waits")
    (record,) = records(data_dir, "李四")
    assert record["text_6ts9_1687316347239"] == "Chengdu 1"


@BOTH_SIZES
async def test_a_refused_remark_says_why_beside_the_text_that_is_to_blame(
    open_app: OpenApp, data_dir: Path, faults: Faults, size: tuple[int, int]
) -> None:
    async with open_app(size=size) as agent:
        await open_customer(agent, "李四")
        refusing(faults, "refuse:set_remark:code=-2,message=description exceed the limit")
        await agent.press("r")
        await agent.until("Remark on 李四")
        await agent.press("end")
        await agent.type("!")
        await agent.press("tab")
        await agent.press("ctrl+a", "ctrl+k")
        await agent.type("met twice")
        await agent.press("ctrl+s")
        await agent.until("▌•Description +met twice[\\s\\S]*! description exceed the limit \\(-2\\)")
        await agent.until("Remark +张总!")
        faults.set([])
        await agent.press("backspace", "ctrl+s")
        await agent.until("Remark on 李四 saved")
        assert await states(agent) == ["discarded", "sent"]
    where = "SELECT remark, description FROM juzi_follow_user WHERE description = 'met twic'"
    assert rows(data_dir, where) == [("张总!", "met twic")]


@slow
@BOTH_SIZES
async def test_refused_follow_ups_stay_in_their_form_and_are_written_once(
    open_app: OpenApp, data_dir: Path, faults: Faults, size: tuple[int, int]
) -> None:
    async with open_app(size=size) as agent:
        await open_customer(agent, "李四")
        refusing(faults, "refuse:add_follow:code=40058")
        await agent.press("f")
        await agent.until("Follow up 李四")
        await agent.type("called")
        await agent.press("ctrl+n")
        await agent.type("sent the offer")
        await agent.press("ctrl+s")
        await agent.until("the vendor refused this one and gave no reason")
        await agent.until("sent the offer")
        await leave_unsent(agent)
        faults.set([])
        await reopen(agent, "follow-up · 李四 +refused")
        await agent.until("sent the offer")
        await agent.press("end")
        await agent.type(" twice")
        await agent.press("ctrl+s")
        await agent.until("Nothing waits")
        assert await states(agent) == ["discarded", "sent"]
    found = rows(data_dir, "SELECT content FROM juzi_follow_history ORDER BY id DESC LIMIT 2")
    assert sorted(found) == [("called twice",), ("sent the offer",)]


async def test_a_refused_delete_is_asked_about_again_with_the_reason(
    open_app: OpenApp, data_dir: Path, faults: Faults
) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四")
        refusing(faults, "code:POST /useasy/openapi/crm/delete:code=400,message=has open orders")
        await agent.press("d")
        await agent.until("Type the name to confirm")
        await agent.type("李四")
        await agent.press("enter")
        await agent.until("has open orders")
        await agent.press("n")
        await agent.until("Not sent: it stays in the outbox")
        faults.set([])
        await reopen(agent, "delete · 李四 +refused")
        await agent.until("for good\\?[\\s\\S]*has open orders")
        await agent.press("y")
        await agent.until("Nothing waits")
    assert records(data_dir, "李四") == []


@slow
async def test_what_waits_is_held_while_it_is_edited_and_waits_again_when_the_form_is_left(
    open_app: OpenApp, data_dir: Path, faults: Faults
) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四")
        await agent.press("enter")
        await agent.until("Phone +19900007919")
        refusing(faults, "drop-before:POST /useasy/openapi/crm/update")
        await agent.press("e")
        await agent.until("Edit 李四")
        await agent.type_over("详细地址", "Chengdu 1")
        await save_one_change(agent)
        await agent.until("Recorded; it goes by itself")
        await reopen(agent, "edit · 李四 +waiting")
        await agent.until("详细地址 +Chengdu 1")
        assert await states(agent) == ["failed"]
        await agent.press("escape")
        await agent.until("edit · 李四 +(waiting|sending)")
        faults.set([])
        await agent.until("Nothing waits")
    (record,) = records(data_dir, "李四")
    assert record["text_6ts9_1687316347239"] == "Chengdu 1"


@slow
async def test_what_waits_is_edited_and_goes_once(open_app: OpenApp, data_dir: Path, faults: Faults) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四")
        await agent.press("c")
        await agent.until("Create a customer")
        refusing(faults, "code:POST /useasy/openapi/crm/add:code=429,message=later")
        await agent.type("Test Person")
        await agent.press("ctrl+s")
        await agent.until("Recorded; it goes by itself")
        await reopen(agent, "create · Test Person +waiting")
        await agent.until("Create Test Person")
        faults.set([])
        await agent.press("end")
        await agent.type("a")
        await agent.press("ctrl+s")
        await agent.until("Nothing waits")
        assert await states(agent) == ["discarded", "sent"]
    assert records(data_dir, "Test Person") == []
    assert len(records(data_dir, "Test Persona")) == 1


async def test_what_may_have_arrived_is_not_edited_and_says_why(open_app: OpenApp, faults: Faults) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四")
        await agent.press("c")
        await agent.until("Create a customer")
        refusing(faults, "drop-after:POST /useasy/openapi/crm/add")
        await agent.type("Test Person")
        await agent.press("ctrl+s")
        await agent.until("unknown")
        await reopen(agent, "create · Test Person +unknown")
        await agent.until("cannot be edited: nobody knows whether it arrived")


@slow
async def test_a_change_that_went_out_meanwhile_is_not_sent_a_second_time(
    open_app: OpenApp, data_dir: Path, faults: Faults
) -> None:
    async with open_app("demo-useasy") as agent:
        await create_refused(agent, faults, "not today")
        await agent.until("Create Test Person")
        faults.set([])
        (change,) = await agent.desk.journal()
        await agent.desk.outbox.retry([change.id])
        await agent.press("ctrl+s")
        await agent.until("has gone its way meanwhile")
        assert await states(agent) == ["sent"]
    assert len(records(data_dir, "Test Person")) == 1


@slow
async def test_one_of_a_batch_is_mended_and_the_others_stay(open_app: OpenApp, data_dir: Path, faults: Faults) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        refusing(faults, "refuse:set_remark:code=40058,message=remark is not allowed")
        await agent.press("space", "space")
        await agent.until("2 marked|marked 2")
        await agent.press("r")
        await agent.until("Remark on 2 marked customers")
        await agent.type("vip")
        await agent.press("ctrl+s")
        await agent.until("Send this\\?")
        await agent.press("y")
        await agent.until("o outbox 2")
        await agent.press("o")
        await agent.until("remark × 2 +refused")
        await agent.press("enter")
        await agent.until("remark · 李四 +refused")
        faults.set([])
        await agent.press("e")
        await agent.until("▌•Remark +vip")
        await agent.type("s")
        await agent.press("ctrl+s")
        await agent.until("remark · 王五 +refused")
        assert sorted(await states(agent)) == ["discarded", "failed", "sent"]


@slow
async def test_the_vendor_gets_what_the_mended_form_shows(open_app: OpenApp, faults: Faults, vendor: Vendor) -> None:
    async with open_app("demo-useasy") as agent:
        await create_refused(agent, faults, "not today")
        await agent.until("Create Test Person")
        faults.set([])
        await agent.go_to_field("详细地址")
        await agent.press("ctrl+a", "ctrl+k", "ctrl+s")
        await agent.until("Created Test Person")
    first, second = vendor.bodies("/add")
    assert second == {key: value for key, value in first.items() if key != "text_6ts9_1687316347239"}


def test_a_change_of_every_kind_can_be_opened() -> None:
    assert set(FORMS) == set(Kind) - {Kind.EXPORT, Kind.REVEAL, Kind.FORGET}, "of these a vendor hears nothing"
    assert all(callable(resolve_name(place)) for place in FORMS.values())
