"""Turning pages over a slow line: what is on the screen, what a key is about, and what the vendor is asked."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events

from tests.pace import slow
from tests.screens.driving import Agent
from tests.vendor_list import ListVendor, list_vendor, record
from tui.app.application import KehuApp
from tui.app.opening import open_store
from tui.config import load
from tui.screens.main.main_screen import MainScreen

CUSTOMERS = 2450
"""Twenty-five pages, the last one not full."""


@pytest.fixture
async def vendor() -> AsyncIterator[ListVendor]:
    async with list_vendor(CUSTOMERS) as vendor:
        yield vendor


@asynccontextmanager
async def desk_of(vendor: ListVendor, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Agent]:
    """The desk on `vendor`, its first page read and the second one fetched ahead."""
    async with opened(vendor, folder, monkeypatch) as agent:
        await agent.until("1–100 of 2,450|100 loaded")
        await until_pages(agent, vendor, [1, 2])
        vendor.pages.clear()
        yield agent


@asynccontextmanager
async def opened(vendor: ListVendor, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Agent]:
    file = folder / "kehu.toml"
    file.write_text(
        f'default_profile = "team"\n[profiles.team]\ndialect = "juzi"\nbase_url = "{vendor.url}"\ntoken_env = "TOKEN"\n'
    )
    monkeypatch.setenv("TOKEN", "t")
    monkeypatch.setenv("KEHU_DATA_DIR", str(folder / "data"))
    config = load(file, os.environ)
    profile = config.profiles["team"]
    app = KehuApp(config, profile, open_store(profile, config), os.environ)
    async with app.run_test(size=(120, 36)) as pilot:
        yield Agent(app, pilot)


async def until_pages(agent: Agent, vendor: ListVendor, pages: list[int]) -> None:
    """Wait until the vendor was asked for `pages`."""
    async with asyncio.timeout(15):
        while vendor.pages != pages:
            await agent.until("")


def type_ahead(agent: Agent, *keys: str) -> None:
    """Press `keys` as a slow line delivers them: all at once."""
    for key in keys:
        agent.app.post_message(events.Key(key, key if len(key) == 1 else None))


def shown_customer(agent: Agent) -> str:
    screen = agent.app.screen
    assert isinstance(screen, MainScreen)
    customer = screen.customer_pane.customer
    return customer.id if customer else ""


async def test_twenty_quick_turns_ask_for_two_pages(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        type_ahead(agent, *"n" * 20)
        await agent.until(r"2,001–2,100 of 2,450")
        await until_pages(agent, vendor, [21, 22])


@slow
async def test_the_page_on_its_way_is_not_asked_for_again(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        vendor.line.clear()
        vendor.asked.clear()
        await agent.press("n")
        await agent.until(r"101–200 of 2,450")
        await vendor.asked.wait()
        await agent.press("n")
        await agent.until("loading page 3")
        vendor.line.set()
        await agent.until("201–300 of 2,450")
        await until_pages(agent, vendor, [3, 4])


async def test_a_page_that_is_passed_by_is_given_up(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        vendor.line.clear()
        vendor.asked.clear()
        await agent.press("n")
        await vendor.asked.wait()  # page 3 is being fetched ahead
        await agent.press("p")
        await agent.until("1–100 of 2,450")
        vendor.line.set()
        await agent.press("n", "n")
        await agent.until("201–300 of 2,450")
        assert vendor.pages.count(3) == 2, vendor.pages


async def test_a_turn_and_enter_in_one_packet_open_a_customer_of_the_page_turned_to(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        await agent.press("n")
        await agent.until("101–200 of 2,450")
        screen = agent.app.screen
        assert isinstance(screen, MainScreen)
        disk_goes_on = threading.Event()  # a disk that is slow: what is kept there does not come at once
        busy = asyncio.ensure_future(screen.desk._disk.run(lambda store: disk_goes_on.wait()))
        type_ahead(agent, "p", "enter")
        await asyncio.sleep(0.05)  # long enough for both keys to be handled, were they not to wait
        disk_goes_on.set()
        await busy
        await agent.until(r"Ids +wm00001")
        assert shown_customer(agent) == "wm00001"


@slow
async def test_enter_opens_nobody_of_the_page_before_while_the_page_is_on_its_way(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        await agent.until(r"Ids +wm00001")
        vendor.line.clear()
        type_ahead(agent, "n", "n", "enter", "down", "space", "r")
        await agent.until("loading page 3")
        await agent.until("Page 3 is not here yet")
        await agent.until("  客户00101")  # what was there stays
        screen = agent.app.screen
        assert isinstance(screen, MainScreen)
        assert not screen.reading
        assert not screen.list_pane.marks
        assert await screen.current() is None
        vendor.line.set()
        await agent.until("▌ 客户00201")
        await agent.press("enter")
        await agent.until(r"Ids +wm00201")


@slow
async def test_down_past_the_last_row_turns_one_page_however_long_it_is_held(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        await agent.press("n")
        await agent.until("101–200 of 2,450")
        vendor.line.clear()
        await agent.press("G")
        type_ahead(agent, *["down"] * 10)
        await agent.until("loading page 3")
        vendor.line.set()
        await agent.until("201–300 of 2,450")
        await agent.until("▌ 客户00201")


async def test_a_page_that_cannot_be_read_leaves_the_one_on_the_screen(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        vendor.people[250:250] = [None]  # type: ignore[list-item]  # a record that is none is shown as such

        def refuse(page: int) -> None:
            raise ConnectionError

        vendor.before_page = refuse  # of the third page on: the second one was fetched ahead
        await agent.press("n")
        await agent.until("101–200 of 2,450")
        await agent.press("n")
        await agent.until("offline")
        await agent.until("101–200 of 2,450")
        await agent.press("enter")
        await agent.until(r"Ids +wm00101")


async def test_a_list_without_a_total_says_so_and_ends_where_it_ends(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor.tells_total = False
    del vendor.people[250:]
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        await agent.until("100 loaded, total unknown")
        await agent.press("n")
        await agent.until("101–200, total unknown")
        await agent.press("n")
        await agent.until("201–250, total unknown")
        await agent.press("n")
        await agent.until("This is the last page")
        assert max(vendor.pages) == 3


@slow
async def test_keys_before_the_desk_is_there_are_for_the_page_they_turn_to(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        await agent.press("n", "p")
        await agent.until("1–100 of 2,450")
    async with opened(vendor, tmp_path, monkeypatch) as agent:
        type_ahead(agent, "n", "enter")
        await agent.until("101–200 of 2,450")
        assert shown_customer(agent) != "wm00001"


async def test_the_desk_opens_where_it_was_left(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        await agent.press("n", *["down"] * 40)
        await agent.until("▌ 客户00141")
        await agent.press("q")
    vendor.line.clear()
    async with opened(vendor, tmp_path, monkeypatch) as agent:
        await agent.until("▌ 客户00141")  # before the vendor has answered anything
        vendor.line.set()
        await agent.until("101–200 of 2,450 · .*all")
        await agent.press("n")
        await agent.until("201–300")


@slow
async def test_the_other_language_leaves_the_page_and_the_cursor(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        await agent.press("n", "down", "ctrl+t")
        await agent.until("▌ 客户00102")
        await agent.until("第 101–200 位，共 2,450 位")


@slow
async def test_the_desk_opens_with_the_filter_it_was_left_with(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        await agent.press("ctrl+r")
        await agent.until("Which customers")
        await agent.type("rocky")
        await agent.press("enter", "ctrl+s")
        await agent.until("· rocky")
        await agent.press("q")
    async with opened(vendor, tmp_path, monkeypatch) as agent:
        await agent.until("· rocky")
        await agent.press("escape")
        await agent.until("· all")


@slow
async def test_what_failed_is_not_told_any_more_once_the_list_was_read(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        vendor.refused = {1, 5}
        await agent.press("R")
        await agent.until("✗ the vendor refused")
        vendor.refused = {5}
        await agent.press("R")
        await agent.until_gone("✗ the vendor refused")
        await agent.press(":", "5", "enter")
        await agent.until("✗ the vendor refused")
        await agent.press(":", "6", "enter")
        await agent.until("501–600 of 2,450")
        await agent.until_gone("✗ the vendor refused")


async def test_the_list_is_read_into_the_directory_while_the_agent_works(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.desk.sync.PAGE_SIZE", 100)
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        vendor.line.clear()
        await agent.press("S")
        await agent.until("Sync · x stops")
        await agent.press("down", "down", "enter")  # the desk works while the vendor is waited for
        await agent.until(r"Ids +wm00003")
        await agent.press("q")
        vendor.line.set()
        await agent.until("All 2,450 customers are in the directory")
        await agent.press("slash")
        await agent.type("客户02399")
        await agent.until("▌ 客户02399")


async def test_a_sync_is_stopped_by_its_key_and_goes_on_with_it(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.desk.sync.PAGE_SIZE", 100)
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        vendor.line.clear()
        await agent.press("S")
        await agent.until("Sync · x stops")
        await agent.press("S")
        await agent.until("Stopping the sync after this page")
        vendor.line.set()
        await agent.until("Stopped after 100 customers; the next sync goes on")
        await agent.press("S")
        await agent.until("All 2,450 customers are in the directory")


@slow
async def test_a_sync_says_how_far_it_is_and_stops_like_all_else_that_goes_on(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.desk.sync.PAGE_SIZE", 100)
    monkeypatch.setattr("tui.screens.main.under_way.REPAINT", 0.0)
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:

        def stall(page: int) -> None:
            if page == 4:
                vendor.line.clear()

        vendor.before_page = stall
        await agent.press("S")
        await agent.until(r"Sync: 400 of 2,450 · .*/s · \d+ (s|min) left · x stops")
        await agent.press("ctrl+c")
        await agent.until("Stopping …")
        vendor.line.set()
        await agent.until("Stopped after 500 customers")


@slow
async def test_a_sync_that_fails_says_how_far_it_came(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.desk.sync.PAGE_SIZE", 100)
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        vendor.refused = {3}
        await agent.press("S")
        await agent.until("Sync stopped after 200 customers: the vendor refused")


@slow
async def test_leaving_during_a_sync_ends_it_without_a_fault(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        vendor.line.clear()
        await agent.press("S")
        await agent.until("Sync · x stops")
        agent.app.exit(0)
    assert agent.app.fault is None


@slow
async def test_a_page_seen_before_counts_as_many_as_the_vendor_told_since(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        del vendor.people[2000:]
        await agent.press("R")
        await agent.until("1–100 of 2,000 · all")
        await agent.press("n")
        await agent.until("101–200 of 2,000 · just now")
        await agent.press("slash")
        await agent.type("客户00001")
        await agent.until("1 found")


def limit_disk(agent: Agent, more: int) -> None:
    """Have the disk take no more than so many pages of 4 KiB from here on."""
    with agent.app._store._database.reading() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + more}")


@slow
async def test_a_full_disk_takes_nothing_from_what_the_vendor_tells(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        limit_disk(agent, 0)
        vendor.people[:0] = [record(number) for number in range(5000, 5120)]
        await agent.press("R")
        await agent.until("1–100 of 2,570 · all")
        await agent.until("客户05000")
        await agent.until(r"✗ no space is left on the disk for\s")
        await agent.press("n")
        await agent.until("101–200 of 2,570 · just now")
        await agent.press("n")
        await agent.until("201–300 of 2,570 · all")
        await agent.press("n")
        await agent.until("301–400 of 2,570 · all")
        await agent.until(r"✗ no space is left on the disk for\s")
        limit_disk(agent, 10_000)
        await agent.press("n")
        await agent.until("401–500 of 2,570 · all")
        await agent.until_gone("no space is left")


@slow
async def test_a_full_disk_hides_nothing_of_a_customer_that_is_opened(
    vendor: ListVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(vendor, tmp_path, monkeypatch) as agent:
        limit_disk(agent, 0)
        told = " ".join(f"{number:x}" for number in range(10**6, 10**6 + 9000))  # more than there is room left for
        vendor.people[0]["followUser"][0] |= {"remark": "换了电话", "description": told}
        await agent.press("enter")
        await agent.until("换了电话 · since")
        await agent.until("✗ no space is left on the disk")
        limit_disk(agent, 10_000)
        await agent.press("R")
        await agent.until_gone("no space is left")
        await agent.until("换了电话 · since")
