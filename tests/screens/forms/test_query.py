"""Asking by the query language on the screen: typed, understood, completed, listed, and left again."""

from __future__ import annotations

import pytest

from tests.screens.conftest import OpenApp
from widgets.line_edit import LineEdit

SIZES = pytest.mark.parametrize("size", [(120, 36), (80, 24)])


@SIZES
async def test_a_query_is_listed_with_what_it_means_and_of_how_many(open_app: OpenApp, size: tuple[int, int]) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        await agent.until("1–100 of 294")
        await agent.press("F")
        await agent.until("all customers seen here")
        await agent.type("客户等级:重要客户 sort:name")
        await agent.until("客户等级 is 重要客户 · by Name")
        await agent.press("enter")
        await agent.until(r"\d+ of the \d+ seen here; the vendor has 294")
        await agent.until("\n 客户等级 is 重要客户 · by Name")
        await agent.press("escape")
        await agent.until("1–100 of 294 .*· all")
        assert "客户等级 is" not in agent.text


async def test_nought_lists_everybody_again_and_the_query_is_remembered(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("1–100 of 294")
        await agent.press("F")
        await agent.type("company:*")
        await agent.press("enter")
        await agent.until(r"of the \d+ seen here")
        await agent.press("0")
        await agent.until("1–100 of 294 .*· all")
        await agent.press("F")
        await agent.until("company:\\*")
        await agent.press("down", "enter")
        await agent.until("Company is there")
        await agent.press("enter")
        await agent.until(r"of the \d+ seen here")


async def test_a_mistake_is_told_as_it_is_typed_with_the_nearest_name_and_sends_nothing(open_app: OpenApp) -> None:
    async with open_app("demo-useasy", size=(80, 24)) as agent:
        await agent.until("1–100 of 294")
        await agent.press("F")
        await agent.type("客户级别:重要客户")
        await agent.until("there is no field '客户级别'. Did you mean 客户等级")
        await agent.press("enter")
        await agent.until("Which customers")
        await agent.press("ctrl+u")
        await agent.type("客户等级:重要")
        await agent.until("Did you mean 重要客户")


async def test_tab_completes_a_field_and_its_choice_and_enter_never_does(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("1–100 of 294")
        await agent.press("F")
        await agent.type("客户等")
        await agent.until("客户等级:")
        await agent.press("tab")
        await agent.until("重要客户")
        await agent.type("重要")
        await agent.press("tab")
        await agent.until("客户等级 is 重要客户")
        await agent.press("enter")
        await agent.until(r"of the \d+ seen here")


async def test_a_search_understands_the_language_too(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("1–100 of 294")
        await agent.press("slash")
        await agent.type("客户等级:重要客户")
        await agent.until(r"\d+ of the \d+ seen here")
        await agent.press("ctrl+u")
        await agent.type("nmae:x")
        await agent.until("there is no field 'nmae'. Did you mean name")
        await agent.press("escape")
        await agent.until("1–100 of 294 .*· all")


async def test_all_whom_a_query_means_are_marked(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("1–100 of 294")
        await agent.press("F")
        await agent.type("name:* sort:name")
        await agent.press("enter")
        await agent.until(r"1–100 of \d+; \d+ seen; vendor 294")
        await agent.press("A")
        await agent.until(r"\d+ marked")


async def test_what_the_vendor_answers_exactly_is_one_key_away(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("1–100 of 294")
        await agent.press("F")
        await agent.type("客户等级:重要客户 name:x")
        await agent.press("ctrl+r")
        await agent.until("Value +重要客户")
        await agent.press("ctrl+s")
        await agent.until(r"1–\d+ of \d+ · filtered")


async def test_a_query_speaks_chinese(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    async with open_app("demo-useasy", size=(80, 24)) as agent:
        await agent.press("ctrl+t") if "全部" not in agent.text else None
        await agent.until("全部")
        await agent.press("F")
        await agent.until("见过的所有客户")
        agent.app.screen.query_one(LineEdit).insert_text_at_cursor("公司：食品　－标签：ＶＩＰ")
        await agent.until("公司含“食品” · 标签不是ＶＩＰ")
        await agent.press("enter")
        await agent.until(r"见过的 \d+ 位客户中")
