"""A juzi vendor on loopback whose list a test changes between two pages, holds back, and counts the calls of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from tests.client.loopback import Answer, Loopback, Seen


def record(number: int) -> dict[str, Any]:
    """A customer whose id and name tell its `number`."""
    return {
        "externalUserId": f"wm{number:05}",
        "unionId": f"oz{number:05}",
        "name": f"客户{number:05}",
        "followUser": [{"userId": "rocky", "name": "张三", "createTimestamp": 1604048292000}],
    }


class ListVendor:
    """Its customers are `people`, in that order."""

    def __init__(self, server: Loopback, count: int) -> None:
        self._server = server
        server.handler = self._answer
        self.people = [record(number) for number in range(1, count + 1)]
        self.pages: list[int] = []
        """The pages that were asked for, in order."""
        self.tells_total = True
        self.hidden = 0
        """Customers whom it counts and never shows."""
        self.before_page: Callable[[int], None] = lambda page: None
        """Called with each page before it is looked up."""
        self.refused: set[int] = set()
        """Pages that it will not give out."""
        self.silent: set[int] = set()
        """Pages that are empty when they are asked for the first time."""
        self.line = asyncio.Event()
        """While it is not set, answers wait; `asked` tells that one does."""
        self.line.set()
        self.asked = asyncio.Event()

    @property
    def url(self) -> str:
        return self._server.url

    async def go_down(self) -> None:
        """Answer nobody any more: connections are refused."""
        await self._server.stop()

    async def come_back(self) -> None:
        """Answer again, where it did before."""
        await self._server.start()

    async def _answer(self, seen: Seen) -> Answer:
        if not seen.path.endswith("/list") or "current" not in seen.query:
            number = seen.query.get("externalUserId", "")
            found = next((person for person in self.people if person["externalUserId"] == number), None)
            return Answer({"errcode": 0, "errmsg": "ok", "data": found})
        page, size = int(seen.query["current"]), int(seen.query["pageSize"])
        self.pages.append(page)
        self.asked.set()
        await self.line.wait()
        self.before_page(page)
        if page in self.refused:
            return Answer({"errcode": 99999, "errmsg": "closed"})
        total = {"total": len(self.people) + self.hidden} if self.tells_total else {}
        data = self.people[(page - 1) * size : page * size] if page not in self.silent else []
        self.silent.discard(page)
        return Answer({"errcode": 0, "errmsg": "ok", "data": data, **total})


@asynccontextmanager
async def list_vendor(count: int) -> AsyncIterator[ListVendor]:
    """A vendor with `count` customers, on a free port of this machine."""
    server = Loopback()
    await server.start()
    try:
        yield ListVendor(server, count)
    finally:
        await server.stop()
