"""A follow-up at a vendor that takes none: kept here, or sent at the linked profile whose vendor does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.conftest import OpenApp
from tests.screens.driving import PATIENCE
from tests.screens.forms.test_changing import rows
from tui.screens.main.main_screen import MainScreen


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_note_on_someone_whom_juzi_knows_is_sent_there_by_a_key_and_the_history_tells_it(
    open_app: OpenApp, data_dir: Path, size: tuple[int, int]
) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        await agent.until("▌ 李四")
        await agent.press("enter")
        screen = agent.app.screen
        assert isinstance(screen, MainScreen)
        await agent.until("= demo-ima")
        assert await screen.customer_pane.settled(PATIENCE) is not None
        await agent.press("f")
        await agent.until("Note on 李四 .kept here alone")
        await agent.until("kept here alone; ctrl.o sends it at demo-juzi")
        await agent.type("said yes")
        await agent.press("ctrl+o")
        await agent.until("sent at demo-juzi; once sent")
        await agent.press("ctrl+s")
        await agent.until("Follow-up on 李四 sent at demo-juzi")
        found = rows(data_dir, "SELECT count(*) FROM juzi_follow_history WHERE content LIKE '%said yes%'")
        assert found == [(1,)]
        await agent.press("h")
        await agent.until("said yes +sent")
