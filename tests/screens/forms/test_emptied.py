"""A remark or a description that is emptied stays at the vendor, and is never called saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pace import BOTH_SIZES, first_is_fast, slow
from tests.screens.conftest import OpenApp
from tests.screens.forms.test_changing import rows
from tests.screens.linked.test_person_view import open_customer
from tests.screens.vendor import Vendor


@BOTH_SIZES
async def test_an_emptied_remark_says_beforehand_that_it_stays_and_is_not_sent(
    open_app: OpenApp, data_dir: Path, vendor: Vendor, size: tuple[int, int]
) -> None:
    async with open_app(size=size) as agent:
        await open_customer(agent, "李四")
        await agent.press("r")
        await agent.until("Remark on 李四")
        await agent.press("ctrl+a", "ctrl+k")
        await agent.until("! the remark stays as it is: the vendor cannot clear one")
        await agent.press("ctrl+s")
        await agent.until("write a remark or a description")
        await agent.press("tab", "ctrl+a", "ctrl+k")
        await agent.type("met twice")
        await agent.press("ctrl+s")
        await agent.until("Description of 李四 saved; the remark stays as it was")
        await agent.until("description: met +(twice +)?sent")
        await agent.press("J")
        await agent.until("remark · 李四 +sent +description: –")
        assert "remark: " not in agent.text
    ((body,),) = [call["remark_list"] for call in vendor.bodies("/set_remark")]
    assert body["description"] == "met twice"
    assert "remark" not in body
    where = "SELECT remark FROM juzi_follow_user WHERE description = 'met twice'"
    assert rows(data_dir, where) == [("张总",)]


@slow
async def test_an_undo_says_beforehand_which_text_it_leaves(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app() as agent:
        page = await agent.desk.page(agent.app.first_query())
        place, follower = next(
            (place, user)
            for place, one in enumerate(page.items)
            for user in one.follow_users
            if one.union_id and user.user_id == "rocky" and user.remark and not user.description
        )
        await agent.until("▌ 李四")
        await agent.press(*["j"] * place, "r")
        await agent.until("Remark on")
        await agent.press("end")
        await agent.type("!")
        await agent.press("tab")
        await agent.type("new")
        await agent.press("ctrl+s")
        await agent.until("saved")
        await agent.press("u")
        await agent.until("Undo this change")
        await agent.until("! the description stays as it is: the vendor cannot clear one")
        await agent.press("y")
        await agent.until("Undone")
    found = rows(data_dir, "SELECT remark FROM juzi_follow_user WHERE description = 'new'")
    assert found == [(follower.remark,)]


@slow
async def test_a_remark_that_the_vendor_keeps_otherwise_is_not_called_saved(open_app: OpenApp, vendor: Vendor) -> None:
    vendor.answers("/set_remark", lambda _body: {"errcode": 0, "errmsg": "ok"})
    async with open_app() as agent:
        await open_customer(agent, "李四")
        await agent.press("r")
        await agent.until("Remark on 李四")
        await agent.press("end")
        await agent.type("!")
        await agent.press("ctrl+s")
        await agent.until("Saved, but the vendor kept other values in: Remark")


@pytest.mark.parametrize("profile", first_is_fast(["demo-useasy", "demo-ima"]))
async def test_an_emptied_field_that_the_vendor_keeps_is_not_called_saved(
    open_app: OpenApp, vendor: Vendor, profile: str
) -> None:
    """Texts, rows, choices and cascades: what is read back is what is told."""
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四")
        desk = agent.desk
        if profile == "demo-ima":
            main = agent.app.screen
            desk = await main.linked_desks.desk("demo-ima")  # type: ignore[attr-defined]
            customer = (await desk.customer("19900007919", "phone")).customer
            vendor.answers("/customer", lambda _body: {"code": "10000", "data": {}})
        else:
            customer = (await desk.page(agent.app.first_query())).items[0]
            vendor.answers("/update", lambda body: {"success": True, "code": "200", "data": {"_id": body["_id"]}})
        specs = {spec.code: spec for spec in await desk.fields() if spec.editable and spec.enabled}
        held = [custom.code for custom in customer.custom if custom.code in specs and not specs[custom.code].required]
        phones = "phones" if "phones" in specs else "phone"
        delivery = await desk.update(customer, dict.fromkeys((phones, *held), ""))
        told = {change.code for change in delivery.surprises}
        assert told == {phones, *(code for code in held if _has(customer, code))}
        assert not delivery.ok


def _has(customer: object, code: str) -> bool:
    return any(custom.code == code and custom.value for custom in customer.custom)  # type: ignore[attr-defined]
