"""A fresh machine: the demo has customers who are due, and a history."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from tests.screens.driving import Agent
from tui.app.application import KehuApp
from tui.app.opening import open_store
from tui.config import load
from tui.sandbox import app as sandbox


async def test_the_demo_has_a_working_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "create_app", partial(sandbox.create_app, customers=120))
    monkeypatch.setenv("KEHU_DATA_DIR", str(tmp_path))
    config = load(None, os.environ)
    for name in ("demo-juzi", "demo-useasy"):
        chosen = config.profiles[name]
        app = KehuApp(config, chosen, open_store(chosen, config), os.environ)
        async with app.run_test(size=(120, 36)) as pilot:
            agent = Agent(app, pilot)
            await agent.until("▌ 李四")
            await agent.until(r"due 4 · sandbox")
            await agent.until("Next contact +today 18:00")
            await agent.press("enter", "end")
            await agent.until("Sent the quote")
            assert "o outbox  P" in agent.text, "nothing was refused"
