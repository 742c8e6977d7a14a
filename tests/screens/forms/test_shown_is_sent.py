"""What a form shows is what the vendor gets, and what it does not show the vendor does not get."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.pace import BOTH_SIZES, first_is_fast, slow
from tests.screens.conftest import OpenApp
from tests.screens.forms.steps import begin_customer, save_one_change
from tests.screens.forms.test_changing import rows
from tests.screens.linked.test_person_changing import records
from tests.screens.vendor import Vendor
from tui.sandbox.useasy_fields import LEVEL_FIELD, PRODUCTS_FIELD

FIELDS = "/config/field/list"
DEFINITIONS = "/field/define"


def changed(name: str, **facts: object) -> Callable[[Any], Any]:
    """Make the line of the field configuration that calls its field `name` say `facts`."""

    def touch(answer: Any) -> Any:
        for line in answer["data"]:
            if line["name"] == name:
                line |= facts
        return answer

    return touch


@BOTH_SIZES
async def test_the_default_that_the_create_form_shows_is_sent(
    open_app: OpenApp, vendor: Vendor, size: tuple[int, int]
) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        await agent.until("▌ 李四")
        await begin_customer(agent)
        await agent.go_to_field("客户等级")
        await agent.until("客户等级\\* +普通客户")
        await agent.press("ctrl+s")
        await agent.until("Created Test Person")
    assert vendor.bodies("/add") == [{"customerName": "Test Person", LEVEL_FIELD: "level_b"}]


@slow
async def test_defaults_of_a_choice_of_several_are_shown_and_sent(open_app: OpenApp, vendor: Vendor) -> None:
    choices = [{"key": key, "value": key.upper(), "isDefault": key != "b"} for key in ("a", "b", "c")]
    vendor.touches(FIELDS, changed("感兴趣的产品", choices=choices))
    vendor.answers("/add", lambda body: {"success": True, "code": "200", "data": {**body, "_id": "1"}})
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四")
        await begin_customer(agent)
        await agent.until("感兴趣的产品 +A, C")
        await agent.press("ctrl+s")
        await agent.until("Created Test Person")
    assert vendor.bodies("/add")[0][PRODUCTS_FIELD] == ["a", "c"]


@slow
async def test_a_default_that_was_taken_away_in_the_form_is_sent_as_empty(open_app: OpenApp, vendor: Vendor) -> None:
    vendor.touches(FIELDS, changed("客户等级", required=False))
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四")
        await begin_customer(agent)
        await agent.go_to_field("客户等级")
        await agent.press("delete")
        await agent.until("客户等级 +–")
        await agent.press("ctrl+s")
        await agent.until("Created Test Person|refused")
    assert vendor.bodies("/add") == [{"customerName": "Test Person", LEVEL_FIELD: ""}]


@slow
@pytest.mark.parametrize(
    ("default", "shown", "sent"),
    [("重要", "重要", "重要"), ("不存在", "–", None), ("", "–", None)],
    ids=["a choice", "no choice any more", "none"],
)
async def test_a_default_that_is_no_value_of_its_field_is_not_shown_as_one(
    open_app: OpenApp, vendor: Vendor, default: str, shown: str, sent: str | None
) -> None:
    vendor.touches(DEFINITIONS, changed("客户等级", defaultValue=default, isRequired=0))
    async with open_app("demo-ima") as agent:
        await agent.until("Press L|look")
        await begin_customer(agent)
        await agent.go_to_field("客户等级")
        await agent.until(f"客户等级 +{shown}")
        assert ("“不存在” is not a value of this field" in agent.text) is (default == "不存在")
        await agent.press("ctrl+s")
        await agent.until("Created Test Person")
    (body,) = vendor.bodies("/customer")
    entries = {entry["dictCode"]: entry["value"] for entry in body.get("customerDictList", [])}
    assert entries.get("1004") == sent


@pytest.mark.parametrize(
    ("name", "default", "sent"),
    first_is_fast(
        [
            ("职位", "经理", "经理"),
            ("员工人数", "12", "12"),
            ("签约日期", "2024-11-14", "2024-11-14"),
            ("上次回访", "2024-11-14 09:30:00", "2024-11-14 09:30:00"),
            ("感兴趣的产品", "工单,机器人", "工单,机器人"),
            ("员工人数", "many", None),
            ("签约日期", "2024-02-31", None),
            ("旧客户号", "1", None),
        ],
        several=True,
    ),
)
async def test_every_kind_of_default_is_sent_as_the_form_shows_it(
    open_app: OpenApp, vendor: Vendor, name: str, default: str, sent: str | None
) -> None:
    vendor.touches(DEFINITIONS, changed(name, defaultValue=default))
    codes = {"职位": "1001", "员工人数": "1007", "签约日期": "1009", "上次回访": "1010", "感兴趣的产品": "1003"}
    async with open_app("demo-ima") as agent:
        await agent.until("Press L|look")
        await begin_customer(agent)
        await agent.press("ctrl+s")
        await agent.until("Created Test Person")
    (body,) = vendor.bodies("/customer")
    entries = {entry["dictCode"]: entry["value"] for entry in body["customerDictList"]}
    assert entries.get(codes.get(name, "1014")) == sent


@slow
async def test_an_edit_does_not_send_a_default(open_app: OpenApp, data_dir: Path, vendor: Vendor) -> None:
    lose(data_dir, "李四", LEVEL_FIELD)
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四")
        await agent.until("Custom fields")
        await agent.press("e")
        await agent.until("Edit 李四")
        await agent.type_over("详细地址", "Chengdu 1")
        await save_one_change(agent)
        await agent.until("Saved 李四")
    (body,) = vendor.bodies("/update")
    assert LEVEL_FIELD not in body


@slow
@BOTH_SIZES
@pytest.mark.parametrize("profile", first_is_fast(["demo-useasy", "demo-juzi"]))
async def test_a_required_field_that_was_empty_before_does_not_stop_an_edit_of_another(
    open_app: OpenApp, data_dir: Path, profile: str, size: tuple[int, int]
) -> None:
    lose(data_dir, "李四", LEVEL_FIELD)
    async with open_app(profile, size=size) as agent:
        await agent.until("▌ 李四")
        await agent.press("enter")
        await agent.until("Phone +19900007919")
        await agent.press("e")
        await agent.until("Edit 李四")
        await agent.go_to_field("客户等级")
        await agent.until("客户等级\\* +–")
        await agent.until("required, and empty so far")
        await agent.type_over("详细地址", "Chengdu 1")
        await save_one_change(agent)
        await agent.until("Saved 李四|demo-useasy: saved")
    (record,) = records(data_dir, "李四")
    assert record["text_6ts9_1687316347239"] == "Chengdu 1"
    assert LEVEL_FIELD not in record


@slow
async def test_a_required_field_that_had_a_value_cannot_be_emptied(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("Custom fields")
        await agent.press("e")
        await agent.until("Edit 李四")
        await agent.press("ctrl+a", "ctrl+k", "ctrl+s")
        await agent.until("! required")
        await agent.until("! .*: required")
        assert "Save 1 change" not in agent.text


async def test_a_masked_value_is_not_sent_in_place_of_what_it_hides(open_app: OpenApp, vendor: Vendor) -> None:
    def masked(answer: Any) -> Any:
        data = answer["data"]
        for record in data.get("list", [data]):
            record["email"] = [{"value": "li****@example.com", "memo": ""}]
        return answer

    vendor.touches("/crm/list", masked)
    vendor.touches("685775343050412032", masked)
    async with open_app("demo-useasy") as agent:
        await agent.until("li\\*\\*\\*\\*@")
        await agent.press("e")
        await agent.until("Edit 李四")
        await agent.go_to_field("邮箱")
        await agent.press("end")
        await agent.type("n")
        await save_one_change(agent)
        await agent.until("is masked, and would take the place of what it hides")
        await agent.press("escape")
    assert vendor.bodies("/update") == []


def lose(data_dir: Path, name: str, field: str) -> None:
    """Take the value of `field` away from the records of useasy's customers called `name`."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(data_dir / "sandbox.db")) as connection, connection:
        for position, text in rows(data_dir, "SELECT position, record FROM useasy_customer"):
            record = json.loads(text)
            if record["customerName"] == name:
                record.pop(field, None)
                connection.execute(
                    "UPDATE useasy_customer SET record = ? WHERE position = ?", (json.dumps(record), position)
                )
