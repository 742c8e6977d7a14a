"""Filtering at the vendor: what a typed text most likely asks, and conditions chosen in the form."""

from __future__ import annotations

import pytest

from tests.pace import BOTH_SIZES, slow
from tests.screens.conftest import OpenApp
from tests.screens.driving import Agent
from tui.model.customer import FieldSpec
from tui.screens.forms.filter import condition_for

SPECS = [FieldSpec(code=code, label=code) for code in ("name", "phones", "emails")]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("李四", "name", "李四"),
        ("138 1234-5678", "phones", "13812345678"),
        ("+86 13812345678", "phones", "13812345678"),
        ("5678", "name", "5678"),
        ("a@example.com", "emails", "a@example.com"),
    ],
)
def test_a_text_asks_for_the_field_that_it_looks_like(text: str, field: str, value: str) -> None:
    condition = condition_for(text, SPECS)
    assert (condition.field, condition.values) == (field, (value,))


def test_a_field_that_the_vendor_lacks_is_not_asked_for() -> None:
    assert condition_for("a@example.com", SPECS[:2]).field == "name"


async def to_first_condition(agent: Agent, field: str) -> None:
    """Open the filter, choose `field` for its first condition, and go on to the value."""
    await agent.until("1–100 of 294")
    await agent.press("ctrl+r")
    await agent.until("Which customers")
    await agent.press("tab")
    await agent.type(field)
    await agent.press("enter")
    await agent.until(f"Field +{field}")
    await agent.press("tab", "tab")


@BOTH_SIZES
async def test_a_choice_is_ticked_by_its_label_and_the_heading_says_by_what_the_list_is_filtered(
    open_app: OpenApp, size: tuple[int, int]
) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        await to_first_condition(agent, "客户等级")
        await agent.press("space")
        await agent.until(r"\[ \] 重要客户")
        await agent.press("space", "enter")
        await agent.until("Value +重要客户")
        await agent.press("ctrl+s")
        await agent.until(r"1–\d+ of \d+ · filtered")
        await agent.until("\n 客户等级 = 重要客户")
        await agent.until_gone("of 294")
        await agent.press("ctrl+r")
        await agent.until("Value +重要客户")
        await agent.press("escape")
        await agent.until_gone("Which customers")
        await agent.press("escape")
        await agent.until("of 294 .*· all")
        assert "客户等级 =" not in agent.text


@slow
async def test_a_cascade_is_chosen_level_by_level(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await to_first_condition(agent, "所在地区")
        await agent.type("上海")
        await agent.press("enter")
        await agent.until("市辖区")
        await agent.type("市辖")
        await agent.press("enter")
        await agent.until("浦东新区")
        await agent.type("浦东")
        await agent.press("enter")
        await agent.until("Value +上海市 › 市辖区 › 浦东新区")
        await agent.press("ctrl+s")
        await agent.until("\n 所在地区 = 上海市 › 市辖区 › 浦东新区")
        await agent.until(r"1–\d+ of \d+ · filtered")


@slow
async def test_a_value_that_nobody_can_have_is_refused_in_the_form(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await to_first_condition(agent, "年采购额")
        await agent.type("many")
        await agent.press("ctrl+s")
        await agent.until("takes a number")
        await agent.press("ctrl+u")
        await agent.type("25,000")
        await agent.press("ctrl+s")
        await agent.until("年采购额 = 25000")


@slow
async def test_a_list_without_a_row_says_by_what_it_is_filtered(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await to_first_condition(agent, "客户名字")
        await agent.type("无此人")
        await agent.press("ctrl+s")
        await agent.until("No customer matches: 客户名字 = 无此人")
        await agent.until("Press ctrl\\+r to change the filter")


@slow
async def test_a_test_for_an_empty_field_takes_no_value(open_app: OpenApp) -> None:
    async with open_app("demo-useasy", size=(80, 24)) as agent:
        await to_first_condition(agent, "微信")
        await agent.press("shift+tab", "enter")
        await agent.type("is empty")
        await agent.press("enter")
        await agent.until("Test +is empty")
        await agent.press("ctrl+s")
        await agent.until("微信 is empty")


@slow
async def test_the_filter_speaks_chinese(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    async with open_app("demo-useasy", size=(80, 24)) as agent:
        await agent.press("ctrl+t") if "全部" not in agent.text else None
        await agent.until("全部")
        await agent.press("ctrl+r")
        await agent.until("所有条件都成立的客户")
