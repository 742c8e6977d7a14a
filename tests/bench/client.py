"""What kehu adds to the requests that it makes."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Final

import httpx

from tests.bench.measure import Family, Measure, Target
from tests.bench.setting import Server, Setting
from tui.client.service import ServiceSettings, open_service
from tui.model.customer import Query

CUSTOMERS: Final = 20_000
"""At the server whose pages are read."""

PAGE: Final = 1000
"""Rows a page: the most that the vendor gives."""

LISTED: Final = 100
"""Rows that the command prints."""


def listed(setting: Setting) -> Iterator[Measure]:
    """One page from the command line."""
    server = setting.serve(setting.times(CUSTOMERS, PAGE))
    config = setting.configure(server)
    command = [setting.kehu, "list", "--json", "--size", str(LISTED)]
    bare = setting.yardstick("request", list_address(server, 1, LISTED))
    for compiled in (True, False):
        env = setting.environ(setting.folder / "listed", config, compiled=compiled)
        seconds: list[float] = []
        yardstick: list[float] = []
        for turn in range(setting.times(9, 2)):
            for program, into in ((command, seconds), (bare, yardstick)):
                began = time.perf_counter()
                setting.run(program, env)
                if turn:  # the first one may have had to compile
                    into.append(time.perf_counter() - began)
        what = f"`kehu list --json` of {LISTED}" + ("" if compiled else ", nothing compiled before")
        yield Measure(what, "s", seconds, Target(1.25, relative=True), yardstick, "httpx and pydantic")


def paged(setting: Setting) -> Iterator[Measure]:
    """Pages of a thousand through the client layer."""
    customers = setting.times(CUSTOMERS, PAGE)
    server = setting.serve(customers)
    pages = range(1, customers // PAGE + 1)
    seconds, yardstick = [], []
    for _ in range(setting.rounds):
        seconds.append(asyncio.run(_read_pages(server, pages)) / len(pages) * 1000)
        began = time.perf_counter()
        for page in pages:
            assert len(json.loads(httpx.get(list_address(server, page, PAGE)).text)["data"]) == PAGE
        yardstick.append((time.perf_counter() - began) / len(pages) * 1000)
    yield Measure(
        "a page of 1,000 to customers",
        "ms",
        seconds,
        Target(1.3, relative=True),
        yardstick,
        "httpx.get and json.loads",
    )


async def _read_pages(server: Server, pages: range) -> float:
    """Seconds that it takes to have `pages` as customers."""
    settings = ServiceSettings(profile="bench", dialect="juzi", base_url=server.base_url, secret=server.token)
    service = open_service(settings)
    try:
        began = time.perf_counter()
        for page in pages:
            assert len((await service.list(Query(page=page, size=PAGE))).items) == PAGE
        return time.perf_counter() - began
    finally:
        await service.aclose()


def list_address(server: Server, page: int, size: int) -> str:
    """Return the address of a page of customers at `server`."""
    return f"{server.base_url}/api/v1/customer/list?token={server.token}&current={page}&pageSize={size}"


FAMILIES: Final = (Family("list", listed), Family("client", paged))
