"""A batch taken back with one key, and those of a batch who were refused sent again with another text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.batch.test_batch import MINE, mark_page, remark_marked
from tests.screens.conftest import OpenApp
from tests.screens.forms.test_changing import rows


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_u_after_a_batch_undoes_the_batch_and_says_of_how_many_that_can_be_done(
    open_app: OpenApp, data_dir: Path, size: tuple[int, int]
) -> None:
    async with open_app(size=size) as agent:
        await agent.until("▌ 李四")
        before = rows(data_dir, "SELECT user_id, customer, remark FROM juzi_follow_user ORDER BY 1, 2")
        await mark_page(agent)
        await remark_marked(agent, "vip")
        await agent.press("y")
        await agent.until(r"\d+ remarks saved")
        await agent.press("u")
        await agent.until("remark × [0-9]+ · .*can be undone")
        await agent.press("enter")
        await agent.until("[0-9]+ of [0-9]+ can be undone")
        await agent.until("there was none before")
        await agent.press("y")
        await agent.until(r"\d+ remarks saved")
        after = rows(data_dir, "SELECT user_id, customer, remark FROM juzi_follow_user ORDER BY 1, 2")
        changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        assert all(old[2] == "" and new[2] == "vip" for old, new in changed)
        await agent.press("u", "escape")
        await agent.press("J")
        await agent.until("Journal")


async def test_those_of_a_batch_who_were_refused_get_another_text_in_one_form(
    open_app: OpenApp, data_dir: Path
) -> None:
    async with open_app() as agent:
        await mark_page(agent)
        await remark_marked(agent, "vip")
        await agent.press("y")
        await agent.until(r"refused: not external contact")
        ((saved,),) = rows(data_dir, MINE, "vip")
        await agent.press("o")
        await agent.until("remark × [0-9]+")
        await agent.press("e")
        await agent.until("Go on with it")
        await agent.press("y")
        await agent.until("Remark on [0-9]+ marked customers[^`]*vip")
        assert saved
