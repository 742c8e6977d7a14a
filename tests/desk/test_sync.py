"""A list that is read into the directory while customers come and go in it, and the line breaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.vendor_list import ListVendor, list_vendor, record
from tui.client.service import ServiceSettings, open_service
from tui.desk import sync
from tui.desk.customer_reader import DeskSettings
from tui.desk.desk import Desk
from tui.desk.sync import SyncReport
from tui.model.errors import NetworkError, UnsupportedError
from tui.store.store import Store

COUNT = 95
"""Ten pages, the last one not full."""


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "PAGE_SIZE", 10)


@pytest.fixture
async def vendor() -> AsyncIterator[ListVendor]:
    async with list_vendor(COUNT) as vendor:
        yield vendor


@pytest.fixture
async def desk(vendor: ListVendor, tmp_path: Path) -> AsyncIterator[Desk]:
    settings = ServiceSettings(profile="team", dialect="juzi", base_url=vendor.url, secret="t", timeout=5.0)
    desk = Desk(
        DeskSettings("team", "juzi", "vendor", "rocky", "agent", "jump"),
        open_service(settings),
        Store.open(tmp_path / "team.db"),
    )
    yield desk
    await desk.close()


async def missing(desk: Desk, vendor: ListVendor) -> list[str]:
    """Who is at the `vendor` and not in the directory."""
    ids = [person["externalUserId"] for person in vendor.people]
    known = await desk._disk.run(lambda store: store.directory.get_many(ids))
    return [id for id in ids if id not in known]


def once(vendor: ListVendor, page: int, *changes: tuple[str, int]) -> None:
    """Before `page` is answered for the first time, let customers come to (`+`) or go from (`-`) places of the list."""

    def change(asked: int) -> None:
        if asked == page:
            vendor.before_page = lambda page: None
            for number, (what, place) in enumerate(changes):
                if what == "+":
                    vendor.people.insert(place, record(1000 + number))
                else:
                    del vendor.people[place]

    vendor.before_page = change


async def test_the_whole_list_is_in_the_directory_and_searchable(desk: Desk, vendor: ListVendor) -> None:
    told: list[tuple[int, int | None]] = []
    report = await desk.sync.run(on_progress=lambda done, total: told.append((done, total)))
    assert report == SyncReport(COUNT, COUNT, 0, complete=True, went_on=False)
    assert not await missing(desk, vendor)
    assert [row.id for row in (await desk.find("客户00042")).rows] == ["wm00042"]
    assert vendor.pages == list(range(1, 11))
    assert told == [*((number * 10, COUNT) for number in range(1, 10)), (COUNT, COUNT)]


@pytest.mark.parametrize(
    ("page", "changes"),
    [
        (5, [("-", 3)]),  # somebody goes from a page that was read: one moves up over its edge
        (5, [("-", 3)] * 3),
        (5, [("-", 3)] * 25),  # more than two pages move up
        (5, [("+", 0)]),  # somebody comes where the list begins
        (5, [("+", 0)] * 4),
        (5, [("+", COUNT)]),  # or ends
        (5, [("-", 80), ("+", 0)]),  # somebody is moved to the front
        (10, [("-", 0)]),
        (2, [("-", 0)]),
        (10, [("+", 0)] * 3),
    ],
)
async def test_nobody_is_missed_while_the_list_moves(
    desk: Desk, vendor: ListVendor, page: int, changes: list[tuple[str, int]]
) -> None:
    once(vendor, page, *changes)
    report = await desk.sync.run()
    assert (report.complete, report.missed) == (True, 0)
    assert not await missing(desk, vendor)


async def test_a_list_that_stands_still_is_read_once(desk: Desk, vendor: ListVendor) -> None:
    await desk.sync.run()
    first = list(vendor.pages)
    await desk.sync.run()
    assert vendor.pages == first * 2


async def test_what_the_vendor_counts_and_never_shows_is_told_and_not_looked_for(
    desk: Desk, vendor: ListVendor
) -> None:
    vendor.hidden = 7
    report = await desk.sync.run()
    assert (report.held, report.total, report.missed, report.complete) == (COUNT, COUNT + 7, 7, True)
    assert vendor.pages == [*range(1, 12), 11]


async def test_an_empty_page_before_the_end_is_asked_for_again(desk: Desk, vendor: ListVendor) -> None:
    vendor.silent = {4}
    report = await desk.sync.run()
    assert (report.held, report.missed, report.complete) == (COUNT, 0, True)
    assert vendor.pages == [1, 2, 3, 4, *range(4, 11)]
    assert not await missing(desk, vendor)


async def test_a_list_without_a_total_is_read_to_its_end(desk: Desk, vendor: ListVendor) -> None:
    vendor.tells_total = False
    report = await desk.sync.run()
    assert report == SyncReport(COUNT, None, 0, complete=True, went_on=False)
    assert not await missing(desk, vendor)


@pytest.mark.parametrize("changes", [[], [("-", 3)], [("+", 0)] * 3, [("-", 3)] * 25, [("-", 80), ("+", 0)]])
async def test_a_broken_line_is_gone_on_after(desk: Desk, vendor: ListVendor, changes: list[tuple[str, int]]) -> None:
    def breaks(page: int) -> None:
        if page == 6:
            raise ConnectionError

    vendor.before_page = breaks
    with pytest.raises(NetworkError):
        await desk.sync.run()
    left_off = await desk.sync.left_off()
    assert left_off is not None
    assert left_off.page == 5
    vendor.before_page = lambda page: None
    for number, (what, place) in enumerate(changes):
        if what == "+":
            vendor.people.insert(place, record(1000 + number))
        else:
            del vendor.people[place]
    vendor.pages.clear()
    report = await desk.sync.run()
    assert (report.complete, report.went_on, report.missed) == (True, True, 0)
    assert not await missing(desk, vendor)
    if not changes:
        assert vendor.pages == [5, 6, 7, 8, 9, 10]
        assert report.held == COUNT


async def test_a_stop_keeps_what_was_read(desk: Desk, vendor: ListVendor) -> None:
    stop = asyncio.Event()
    report = await desk.sync.run(on_progress=lambda done, total: stop.set() if done == 30 else None, stop=stop)
    assert (report.held, report.complete) == (30, False)
    assert await desk._disk.run(lambda store: store.directory.count()) == 30
    assert (await desk.sync.run()).went_on


async def test_anew_begins_at_the_first_page(desk: Desk, vendor: ListVendor) -> None:
    stop = asyncio.Event()
    await desk.sync.run(on_progress=lambda done, total: stop.set(), stop=stop)
    vendor.pages.clear()
    report = await desk.sync.run(anew=True)
    assert not report.went_on
    assert vendor.pages == list(range(1, 11))


async def test_an_interrupted_sync_that_grew_old_begins_anew(
    desk: Desk, vendor: ListVendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = asyncio.Event()
    await desk.sync.run(on_progress=lambda done, total: stop.set(), stop=stop)
    assert await desk.sync.left_off() is not None
    monkeypatch.setattr(sync, "GOES_ON_WITHIN", 0.0)
    assert await desk.sync.left_off() is None


async def test_no_more_than_the_next_page_is_asked_for_ahead(desk: Desk, vendor: ListVendor) -> None:
    vendor.line.clear()
    running = asyncio.ensure_future(desk.sync.run())
    await vendor.asked.wait()
    assert vendor.pages == [1]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    vendor.line.set()


async def test_a_vendor_without_a_list_says_what_to_do_instead(tmp_path: Path) -> None:
    settings = ServiceSettings(profile="desk", dialect="ima", base_url="http://127.0.0.1:9", secret="t", app_id="1")
    desk = Desk(DeskSettings("desk", "ima", "v", "", "a", "h"), open_service(settings), Store.open(tmp_path / "i.db"))
    with pytest.raises(UnsupportedError) as caught:
        await desk.sync.run()
    assert "kehu show" in caught.value.hint()
    await desk.close()
