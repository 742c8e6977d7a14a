"""Pages asked of the vendor: the one that is wanted and the one after it, never those that were passed by."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from tui.model.errors import KehuError
from tui.store.rows import Listing

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.model.customer import Query

FRESH = 60.0
"""Seconds for which a page that was read (or fetched ahead) is not read again by turning to it."""


class PageReader:
    """Reads a desk's pages. A page that is asked for while it is on its way is not asked for twice."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._calls: dict[Query, asyncio.Task[Listing]] = {}

    def want(self, query: Query | None) -> None:
        """Give up every call that is under way but the one for `query`."""
        for other, call in list(self._calls.items()):
            if other != query:
                call.cancel()

    async def read(self, query: Query) -> Listing:
        """The page as the vendor has it. Whoever waits may stop waiting: `want` alone gives the call up.

        Raises: KehuError.
        """
        call = self._calls.get(query)
        if call is None:
            call = self._calls[query] = asyncio.create_task(self._desk.listing(query))
            call.add_done_callback(lambda done: self._forget(query, done))
        return await asyncio.shield(call)

    def _forget(self, query: Query, call: asyncio.Task[Listing]) -> None:
        if self._calls.get(query) is call:
            del self._calls[query]
        if not call.cancelled():
            call.exception()  # one that nobody waits for any more is told to nobody

    async def fetch_ahead(self, query: Query) -> None:
        """Have the page in the directory by the time it is turned to, unless it was read just now."""
        if not is_fresh(await self._desk.seen(query)):
            try:
                await self.read(query)
            except KehuError:
                pass  # it is told when the page is wanted


def is_fresh(listing: Listing | None, age: float = FRESH) -> bool:
    """Whether `listing` was read at the vendor within the last `age` seconds."""
    return listing is not None and listing.seen_at is not None and time.time() - listing.seen_at <= age
