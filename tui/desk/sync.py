"""Filling the directory from the vendor's list: stoppable, gone on with, and honest about what it may have missed.

A vendor's list has no snapshot: while it is read page by page, customers come and go in it, and those behind them move
from one page to another. Two signs tell of that, the total that the vendor tells with each page, and a customer who
stands on a page again:

- the total fell: somebody went, and those who moved up over the edge of the page are on the pages before it. These are
  read again at once.
- the total rose, or somebody stands there again: somebody came, most likely where the list begins. Once its end is
  reached, the pages from the first on are read again until as many new customers were found as are missing.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from tui.client.errors import N_, UnsupportedError
from tui.client.models import Customer, Page, Query
from tui.client.service import CustomerService
from tui.desk.disk import Disk
from tui.desk.paging import ends
from tui.desk.queries import key_of
from tui.locale import _
from tui.store.customers import SAVED_AT_ONCE
from tui.store.directory import SyncState
from tui.store.store import Store

PAGE_SIZE = 500
"""Customers a page: two of them take 14 MiB while one is saved and the next one read; of 1,000 they would take 24."""

GOES_ON_WITHIN = 24 * 3600.0
"""Seconds after its beginning for which an interrupted sync is gone on with: what it read first grows old meanwhile."""

PAGES_REMEMBERED = 2
"""Pages whose customers are looked for on the next one: a list moves by a few customers between two pages."""

Progress = Callable[[int, int | None], None]
"""Called with how many customers are through, and how many there are where the vendor tells."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """How far a sync came."""

    held: int
    """Customers of the list that are in the directory now."""
    total: int | None
    """How many the vendor says there are."""
    missed: int
    """Customers whom the vendor counts and who came on no page."""
    complete: bool
    """The list was read to its end."""
    went_on: bool
    """It went on where an earlier one was interrupted."""
    tidied: bool = False
    """The index was made anew."""


def told(report: SyncReport) -> str:
    """How far a sync came, in the agent's language."""
    held, total = f"{report.held:,}", f"{report.total or 0:,}"
    if not report.complete:
        text = _("Stopped after {held} customers; the next sync goes on from there.")
    elif report.missed:
        text = _("Only {held} of {total} customers came on a page; sync again for the others.")
    else:
        text = _("All {held} customers are in the directory.")
    return text.format(held=held, total=total)


class Sync:
    """Fills one profile's directory. Every method raises `KehuError`s alone."""

    def __init__(self, service: CustomerService, disk: Disk, user_id: str, why_not: Callable[[str], str]) -> None:
        self._service = service
        self._disk = disk
        self._user_id = user_id
        self._why_not = why_not
        self._size = min(PAGE_SIZE, service.capabilities.page_size)

    async def state(self, owner: str | None = None) -> SyncState | None:
        """How far the list, of OWNER alone where given, was read into the directory; None where it never was."""
        return await self._disk.run(lambda store: store.directory.sync(key_of(Query(owner=owner))))

    async def left_off(self, owner: str | None = None) -> SyncState | None:
        """The interrupted sync that `run` goes on with; None where it begins anew."""
        state = await self.state(owner)
        if state is None or state.complete or not state.page or state.size != self._size:
            return None
        return state if time.time() - state.started_at < GOES_ON_WITHIN else None

    async def run(
        self,
        owner: str | None = None,
        *,
        anew: bool = False,
        on_progress: Progress | None = None,
        stop: asyncio.Event | None = None,
    ) -> SyncReport:
        """Read the list, of OWNER alone where given, into the directory, from where it was interrupted unless ANEW.

        STOP ends it after the page under way. What was read stays however it ends, and no more than two pages are in
        memory.
        Raises: UnsupportedError where the vendor has no list.
        """
        if reason := self._why_not("list"):
            raise UnsupportedError(
                N_("there is no list to read: {reason}"),
                todo=N_("Look customers up with kehu show ID, or L in the desk: each one stays in the directory."),
                reason=reason,
            )
        left_off = None if anew else await self.left_off(owner)
        now = time.time()
        query = Query(size=self._size, owner=owner)
        state = left_off or SyncState(key_of(query), 0, self._size, None, now, now)
        walk = _Walk(self._service, self._disk, self._user_id, query, state, on_progress, stop or asyncio.Event())
        try:
            await walk.all(again=left_off is not None)
        finally:
            await walk.close()
        tidied = walk.state.complete and await self._disk.run(lambda store: store.directory.tidy())
        return SyncReport(
            walk.read, walk.state.total, walk.state.missed, walk.state.complete, left_off is not None, tidied
        )


class _Walk:
    """One walk through the list; STATE says how far it came."""

    def __init__(
        self,
        service: CustomerService,
        disk: Disk,
        user_id: str,
        query: Query,
        state: SyncState,
        on_progress: Progress | None,
        stop: asyncio.Event,
    ) -> None:
        self.state = state
        self.read = state.page * state.size if state.total is None else min(state.page * state.size, state.total)
        """Customers of the list that are through, each counted once."""
        self._service = service
        self._disk = disk
        self._user_id = user_id
        self._query = query
        self._on_progress = on_progress
        self._stop = stop
        self._moved = False
        """The list moved while it was read: somebody may have been passed by."""
        self._remembered: deque[frozenset[str]] = deque(maxlen=PAGES_REMEMBERED)
        self._ahead: tuple[int, asyncio.Task[Page]] | None = None

    async def all(self, *, again: bool) -> None:
        """Read every page from where the state is; AGAIN, after a break in which the list may have moved."""
        if again:
            await self._overlap()
        number = self.state.page + 1
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

    async def close(self) -> None:
        """Give up the call under way."""
        if self._ahead is not None:
            _number, call = self._ahead
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)

    # Signs that the list moved

    async def _overlap(self) -> None:
        """Read the last page of before again, and those before it as long as there is nobody known on them."""
        self._moved = True
        number = self.state.page
        while number and not self._stop.is_set():
            page = await self._page(number)
            fresh = await self._save(page.items, self.state)
            self._remembered.append(frozenset(customer.id for customer in page.items))
            if fresh < len(page.items):
                return
            number -= 1

    async def _take(self, number: int, page: Page, *, first_after_break: bool) -> None:
        """Keep PAGE, after those before it where somebody went and others moved up onto them."""
        before, total = self.state.total, page.total
        if before is not None and total is not None and total != before:
            self._moved = True
            for passed in range(max(1, number - -(-(before - total) // page.size)), number):
                await self._save((await self._service.list(self._at(passed))).items, self.state)
        ids = frozenset(customer.id for customer in page.items)
        known = ids.intersection(chain.from_iterable(self._remembered))
        state = replace(self.state, page=number, total=total, updated_at=time.time())
        fresh = await self._save(page.items, state)
        there_again = len(ids) - fresh if first_after_break else len(known)
        self._moved = self._moved or there_again > 0
        self._remembered.append(ids)
        self.read += len(ids) - there_again
        if self._on_progress is not None:
            self._on_progress(self.read, total)

    async def _find_missed(self) -> None:
        """At the end of the list: where it moved and some are missing, look for them from its beginning on."""
        total = self.state.total
        missed = max(0, total - self.read) if total is not None else 0
        number = 1
        while self._moved and missed and number <= self.state.page and not self._stop.is_set():
            page = await self._page(number)
            if number < self.state.page:
                self._fetch(number + 1)
            fresh = await self._save(page.items, self.state)
            missed -= min(missed, fresh)
            self.read += fresh
            number += 1
        if self._stop.is_set() and missed:
            return
        self.state = replace(self.state, complete=True, missed=missed, updated_at=time.time())
        await self._disk.run(lambda store: store.directory.save_sync(self.state))

    # Pages

    def _at(self, number: int) -> Query:
        return self._query.model_copy(update={"page": number})

    def _fetch(self, number: int) -> None:
        """Ask for a page while the one before it is being saved."""
        self._ahead = number, asyncio.create_task(self._service.list(self._at(number)))

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

    async def _save(self, customers: tuple[Customer, ...], state: SyncState) -> int:
        """Keep CUSTOMERS, and with the last of them STATE; how many of them this sync had not seen.

        A few at a time, so that a desk that shares the disk's thread never waits for a whole page.
        """
        now, fresh = time.time(), 0
        for start in range(0, max(1, len(customers)), SAVED_AT_ONCE):
            some = customers[start : start + SAVED_AT_ONCE]
            kept = state if start + SAVED_AT_ONCE >= len(customers) else self.state
            fresh += await self._disk.run(partial(self._save_some, customers=some, seen_at=now, state=kept))
        self.state = state
        return fresh

    def _save_some(self, store: Store, customers: Sequence[Customer], seen_at: float, state: SyncState) -> int:
        return store.directory.save(customers, seen_at, self._user_id, listed=True, sync=state)
