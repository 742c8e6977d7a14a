"""Views of the list: by their keys, by name, saved from the screen; and the day's customers worked one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.conftest import OpenApp

SIZES = [(80, 24), (120, 36)]


@pytest.mark.parametrize("size", SIZES)
async def test_a_key_shows_a_view_and_0_shows_all(open_app: OpenApp, size: tuple[int, int]) -> None:
    async with open_app(size=size) as agent:
        await agent.until("▌ 李四")
        await agent.press("2")
        await agent.until("mine +[0-9]")
        await agent.until_gone("王五")
        await agent.press("9")
        await agent.until("No view has the key 9; V shows them all")
        await agent.press("0")
        await agent.until("Customers +1–100 of 300")
        await agent.until("王五")


@pytest.mark.parametrize("size", SIZES)
async def test_who_is_due_is_worked_with_a_key_or_two_each(open_app: OpenApp, size: tuple[int, int]) -> None:
    async with open_app(size=size) as agent:
        await agent.until("▌ 李四")
        await agent.press("space", "space", "space", "t")
        await agent.until("Next contact with 3 marked customers")
        await agent.type("today")
        await agent.press("enter")
        await agent.until("due 3 · sandbox")
        await agent.press("U")
        await agent.until("3 marks taken off")
        await agent.press("T")
        await agent.until("today +3 of")
        await agent.press("enter")
        await agent.until("Next contact +today")
        await agent.press("full_stop")
        await agent.until("due 2 · sandbox")
        await agent.until("Next contact +today")
        await agent.press("t")
        await agent.until("Next contact with")
        await agent.press("ctrl+a", "ctrl+k")
        await agent.type("+20d")
        await agent.press("enter")
        await agent.until("due 1 · sandbox")
        await agent.until("Next contact +today")
        await agent.press("full_stop")
        await agent.until_gone("due 1")
        await agent.until("No customer matches")


async def test_what_is_listed_is_saved_as_a_view(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("V")
        await agent.until("no query is listed")
        await agent.press("escape", "F")
        await agent.until("owner|Filter|Query")
        await agent.type("remark:张总")
        await agent.press("ctrl+s")
        await agent.until_gone("王五")
        await agent.press("V")
        await agent.until("Views")
        await agent.type("save")
        await agent.press("enter")
        await agent.until("Save this list as a view")
        await agent.type("张总们")
        await agent.press("enter")
        await agent.until("View 张总们 saved; 5 shows it")
        await agent.press("0")
        await agent.until("王五")
        await agent.press("5")
        await agent.until("张总们 +[0-9]")
        await agent.until_gone("王五")


async def test_a_view_is_found_by_typing_a_piece_of_its_name(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("V")
        await agent.until("silent 30 d +")
        await agent.type("mine")
        await agent.press("enter")
        await agent.until("mine +[0-9]")


async def test_the_desk_can_begin_in_a_view(
    open_app: OpenApp, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kehu.toml"
    path.write_text('start_view = "mine"\n', encoding="utf-8")
    monkeypatch.setenv("KEHU_CONFIG", str(path))
    async with open_app() as agent:
        await agent.until("mine +[0-9]")
        await agent.until("1 today  2 mine")


async def test_who_is_due_is_listed_by_a_key_that_comes_right_after_the_marks_were_taken_off(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("U", "T")
        await agent.until("today +0 of the [0-9]+ seen here")
