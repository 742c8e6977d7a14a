"""Walking through a vendor's list page by page while customers come and go in it.

A vendor's list has no snapshot: while it is read, those behind whoever came or went move from one page to another. Two
signs tell of that, the total that the vendor tells with each page, and a customer who stands on a page again:

- the total fell: somebody went, and those who moved up over the edge of the page are on the pages before it. These are
  read again at once.
- the total rose, or somebody stands there again: somebody came, most likely where the list begins. Once its end is
  reached, the pages from the first on are read again until as many new customers were found as are missing.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import chain

from tui.desk.paging import ends
from tui.model.customer import Customer, Page

PAGES_REMEMBERED = 2
"""Pages whose customers are looked for on the next one: a list moves by a few customers between two pages."""


@dataclass(frozen=True, slots=True)
class WalkPosition:
    """How far a walk came."""

    page: int
    """The last page that was taken whole; 0 before the first."""
    total: int | None
    """How many customers the vendor last said there are."""


Read = Callable[[int], Awaitable[Page]]
"""Reads a page, from 1, at the vendor."""

Keep = Callable[[tuple[Customer, ...], WalkPosition], Awaitable[int]]
"""Keeps customers, after whom the walk is at the place; how many of them it had not had."""


class Walk:
    """One walk through the list that `read` reads, after the first `page` of its pages; `keep` takes the customers.

    `count` is how many of them stand on those pages. `stop` ends it after the page under way. `on_page` is called after
    each page with how many are through.
    """

    def __init__(
        self,
        read: Read,
        keep: Keep,
        *,
        page: int = 0,
        count: int = 0,
        total: int | None = None,
        stop: asyncio.Event | None = None,
        on_page: Callable[[int, int | None], None] | None = None,
    ) -> None:
        self.place = WalkPosition(page, total)
        self.read = count
        """Customers of the list that are through, each counted once."""
        self.missed = 0
        """Customers whom the vendor counts and who came on no page."""
        self.nameless = 0
        """Those of them without an id."""
        self.moved = False
        """The list moved while it was read: somebody may have been passed by."""
        self.ended = False
        """The list was read to its end, and what was missing was looked for."""
        self._first = page + 1
        self._read = read
        self._keep = keep
        self._stop = stop or asyncio.Event()
        self._on_page = on_page
        self._remembered: deque[frozenset[str]] = deque(maxlen=PAGES_REMEMBERED)
        self._ahead: tuple[int, asyncio.Task[Page]] | None = None

    @property
    def proved(self) -> bool:
        """Whether everybody who is on the list came on a page, as far as the vendor's totals can prove it."""
        return self.ended and not self.missed and (self.place.total is not None or not self.moved)

    async def all(self, *, again: bool = False) -> None:
        """Read every page from there on; `again`, after a break in which the list may have moved."""
        if again:
            self._first = 1
            await self._overlap()
        number = self.place.page + 1
        while not self._stop.is_set():
            page = await self._page(number)
            if not page.items and page.total is not None and (number - 1) * page.size < page.total:
                page = await self._page(number)  # one that failed in silence would end the list here
            last = ends(number * page.size, len(page.items), page.size, page.total)
            if not last:
                self._fetch(number + 1)
            await self._take(number, page, first_after_break=again)
            again = False
            if last:
                await self._find_missed()
                return
            number += 1

    async def check_head(self) -> None:
        """Read the pages from the first on again until one has nobody new: who came while others went, so that the
        total stayed what it was, stands there."""
        number = self._first
        while self.place.page > self._first and number <= self.place.page and not self._stop.is_set():
            page = await self._page(number)
            fresh = await self._keep(page.items, self.place)
            if not fresh:
                return
            self.moved = True
            self.read += fresh
            number += 1
        self.ended = self.ended and number == self._first

    async def close(self) -> None:
        """Give up the call under way."""
        if self._ahead is not None:
            _number, call = self._ahead
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)

    # Signs that the list moved

    async def _overlap(self) -> None:
        """Read the last page of before again, and those before it as long as there is nobody known on them."""
        self.moved = True
        number = self.place.page
        while number and not self._stop.is_set():
            page = await self._page(number)
            fresh = await self._keep(page.items, self.place)
            self._remembered.append(_ids(page))
            if fresh < len(page.items):
                return
            number -= 1

    async def _take(self, number: int, page: Page, *, first_after_break: bool) -> None:
        """Keep `page`, after those before it where somebody went and others moved up onto them."""
        before, total = self.place.total, page.total
        if before is not None and total is not None and total != before:
            self.moved = True
            for passed in range(max(self._first, number - -(-(before - total) // page.size)), number):
                await self._keep((await self._read(passed)).items, self.place)
        ids = _ids(page)
        self.nameless += sum(not customer.id for customer in page.items)
        known = ids.intersection(chain.from_iterable(self._remembered))
        place = WalkPosition(number, total)
        fresh = await self._keep(page.items, place)
        self.place = place
        there_again = max(0, len(ids) - fresh) if first_after_break else len(known)
        self.moved = self.moved or there_again > 0
        self._remembered.append(ids)
        self.read += len(page.items) - there_again  # an id that a vendor lists twice on a page is counted twice too
        if self._on_page is not None:
            self._on_page(self.read, total)

    async def _find_missed(self) -> None:
        """At the end of the list: where it moved and some are missing, look for them from its beginning on."""
        total = self.place.total
        missed = max(0, total - self.read) if total is not None else 0
        number = self._first
        while self.moved and missed and number <= self.place.page and not self._stop.is_set():
            page = await self._page(number)
            if number < self.place.page:
                self._fetch(number + 1)
            fresh = await self._keep(page.items, self.place)
            missed -= min(missed, fresh)
            self.read += fresh
            number += 1
        if self._stop.is_set() and missed:
            return
        self.missed = missed
        self.ended = True

    # Pages

    def _fetch(self, number: int) -> None:
        """Ask for a page while the one before it is being kept."""
        self._ahead = number, asyncio.ensure_future(self._read(number))

    async def _page(self, number: int) -> Page:
        if self._ahead is None or self._ahead[0] != number:
            await self.close()
            self._fetch(number)
        assert self._ahead is not None
        _number, call = self._ahead
        try:
            return await call
        finally:
            self._ahead = None


def _ids(page: Page) -> frozenset[str]:
    return frozenset(customer.id for customer in page.items if customer.id)
