"""A vendor that is stopped and started: what the header, the list, the customer and the linked parts say of it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.pace import BOTH_SIZES, slow
from tests.screens.driving import Agent
from tests.vendor_list import ListVendor, list_vendor
from tui.app.application import KehuApp
from tui.app.opening import open_store
from tui.config import load


@pytest.fixture
async def vendor() -> AsyncIterator[ListVendor]:
    async with list_vendor(120) as vendor:
        yield vendor


@pytest.fixture
async def other() -> AsyncIterator[ListVendor]:
    async with list_vendor(120) as vendor:
        yield vendor


@asynccontextmanager
async def desk_of(
    vendor: ListVendor, other: ListVendor, folder: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> AsyncIterator[Agent]:
    """The desk on `vendor`, each customer of which is linked to the record with the same union id at `other`."""
    file = folder / "kehu.toml"
    file.write_text(
        f"""
        default_profile = "team"
        [profiles.team]
        dialect = "juzi"
        base_url = "{vendor.url}"
        token_env = "TOKEN"
        user_id = "rocky"
        [profiles.team.links.shop]
        theirs = "union_id"
        ours = "union_id"
        [profiles.shop]
        dialect = "juzi"
        base_url = "{other.url}"
        token_env = "TOKEN"
        """
    )
    monkeypatch.setenv("TOKEN", "t")
    monkeypatch.setenv("KEHU_DATA_DIR", str(folder / "data"))
    config = load(file, os.environ)
    profile = config.profiles["team"]
    app = KehuApp(config, profile, open_store(profile, config), os.environ)
    async with app.run_test(size=size) as pilot:
        agent = Agent(app, pilot)
        await agent.until("1–100 of 120 · all")
        await agent.until(r"127.0.0.1:\d+ · \d+ ms")
        yield agent


@BOTH_SIZES
async def test_what_an_outage_has_marked_is_marked_no_more_once_the_vendor_answers(
    vendor: ListVendor, other: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async with desk_of(vendor, other, tmp_path, monkeypatch, size) as agent:
        await vendor.go_down()
        await agent.press("R")
        await agent.until(r"127.0.0.1:\d+ · offline")
        await agent.until("✗ ")
        await agent.until("1–100 of 120 · .+ · all")  # its age
        await agent.press("enter")
        await agent.until("客户00001 .*· offline|客户00001 +offline")
        await agent.until("✗ .*cannot be reached|✗ ")
        await vendor.come_back()
        await agent.press("R")  # the customer alone is read
        await agent.until(r"127.0.0.1:\d+ · \d+ ms")
        await agent.until_gone("offline")
        await agent.press("escape")
        await agent.until("1–100 of 120 · all")  # the list was read again by itself
        assert "✗" not in agent.text


@slow
async def test_a_list_that_fails_marks_the_customer_beside_it_too(
    vendor: ListVendor, other: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, other, tmp_path, monkeypatch, (120, 36)) as agent:
        await agent.press("enter")
        await agent.until("shop · JuziBot")
        await agent.press("escape")
        await vendor.go_down()
        await agent.press("R")
        await agent.until("客户00001 .*offline · ")
        await vendor.come_back()
        await agent.press("R")
        await agent.until_gone("offline")


async def test_what_waits_goes_as_soon_as_any_call_is_answered(
    vendor: ListVendor, other: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, other, tmp_path, monkeypatch, (120, 36)) as agent:
        await agent.until("▌ 客户00001")
        await vendor.go_down()
        await agent.press("r")
        await agent.until("Remark on 客户00001")
        await agent.type("vip")
        await agent.press("ctrl+s")
        await agent.until("outbox 1")
        await agent.until("offline")
        await vendor.come_back()
        await agent.press("R")
        await agent.until_gone("outbox 1")
        await agent.until_gone("offline")


@slow
async def test_each_linked_part_tells_of_its_own_vendor(
    vendor: ListVendor, other: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, other, tmp_path, monkeypatch, (120, 36)) as agent:
        await agent.press("enter")
        await agent.until("shop · JuziBot")
        await agent.until_gone("looking")
        await other.go_down()
        await agent.press("R")
        await agent.until("shop · JuziBot .*no answer")
        assert "offline" not in agent.text
        await other.come_back()
        await agent.press("R")
        await agent.until_gone("no answer")
        assert "✗" not in agent.text
