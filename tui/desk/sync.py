"""Filling the directory from the vendor's list: stoppable, gone on with, and honest about what it may have missed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from tui.client.service import CustomerService
from tui.desk.disk import Disk
from tui.desk.queries import key_of
from tui.desk.walk import Walk, WalkPosition
from tui.locale import _, ngettext
from tui.model.customer import Customer, Page, Query
from tui.model.errors import N_, UnsupportedError
from tui.store.customers import SAVED_AT_ONCE
from tui.store.directory import SyncState
from tui.store.store import Store

PAGE_SIZE = 500
"""Customers a page: two of them take 14 MiB while one is saved and the next one read; of 1,000 they would take 24."""

GOES_ON_WITHIN = 24 * 3600.0
"""Seconds after its beginning for which an interrupted sync is gone on with: what it read first grows old meanwhile."""

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
    nameless: int = 0
    """Records without an id, which cannot be kept."""


def told(report: SyncReport) -> str:
    """How far a sync came, in the agent's language."""
    held, total = f"{report.held:,}", f"{report.total or 0:,}"
    if not report.complete:
        text = _("Stopped after {held} customers; the next sync goes on from there.")
    elif report.missed:
        text = _("Only {held} of {total} customers came on a page; sync again for the others.")
    else:
        text = _("All {held} customers are in the directory.")
    told = text.format(held=held, total=total)
    if report.nameless:
        more = ngettext(
            "{count} record of the vendor's has no id, and was left out.",
            "{count} records of the vendor's have no id, and were left out.",
            report.nameless,
        )
        told = f"{told} {more.format(count=f'{report.nameless:,}')}"
    return told


class Sync:
    """Fills one profile's directory. Every method raises `KehuError`s alone."""

    def __init__(self, service: CustomerService, disk: Disk, user_id: str, why_not: Callable[[str], str]) -> None:
        self._service = service
        self._disk = disk
        self._user_id = user_id
        self._why_not = why_not
        self._size = min(PAGE_SIZE, service.capabilities.page_size)

    async def state(self, owner: str | None = None) -> SyncState | None:
        """How far the list, of `owner` alone where given, was read into the directory; None where it never was."""
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
        """Read the list, of `owner` alone where given, into the directory, from where it was interrupted unless `anew`.

        `stop` ends it after the page under way. What was read stays however it ends, and no more than two pages are in
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
        filling = _Filling(self._service, self._disk, self._user_id, query, state)
        walk = filling.walk(on_progress, stop)
        try:
            await walk.all(again=left_off is not None)
        finally:
            await walk.close()
        if walk.ended:
            await filling.finish(walk.missed)
        tidied = walk.ended and await self._disk.run(lambda store: store.directory.tidy())
        return SyncReport(
            walk.read - walk.nameless,
            walk.place.total,
            walk.missed,
            walk.ended,
            left_off is not None,
            tidied,
            walk.nameless,
        )


class _Filling:
    """Keeps what a walk through the list of `query` brings; `state` says how far it came."""

    def __init__(self, service: CustomerService, disk: Disk, user_id: str, query: Query, state: SyncState) -> None:
        self._service = service
        self._disk = disk
        self._user_id = user_id
        self._query = query
        self._state = state

    def walk(self, on_progress: Progress | None, stop: asyncio.Event | None) -> Walk:
        """Return the walk on from the state."""
        page, total = self._state.page, self._state.total
        count = page * self._state.size if total is None else min(page * self._state.size, total)
        return Walk(self._read, self._keep, page=page, count=count, total=total, stop=stop, on_page=on_progress)

    async def finish(self, missed: int) -> None:
        """Note that the list was read to its end."""
        self._state = replace(self._state, complete=True, missed=missed, updated_at=time.time())
        await self._disk.run(lambda store: store.directory.save_sync(self._state))

    async def _read(self, number: int) -> Page:
        return await self._service.list(self._query.model_copy(update={"page": number}))

    async def _keep(self, customers: tuple[Customer, ...], place: WalkPosition) -> int:
        """Keep `customers`, and with the last of them the `place`; how many of them this sync had not seen.

        A few at a time, so that a desk that shares the disk's thread never waits for a whole page.
        """
        now, fresh = time.time(), 0
        state = replace(self._state, page=place.page, total=place.total, updated_at=now)
        named = [customer for customer in customers if customer.id]
        for start in range(0, max(1, len(named)), SAVED_AT_ONCE):
            some = named[start : start + SAVED_AT_ONCE]
            kept = state if start + SAVED_AT_ONCE >= len(named) else self._state
            fresh += await self._disk.run(partial(self._save, customers=some, seen_at=now, state=kept))
        self._state = state
        return fresh

    def _save(self, store: Store, customers: Sequence[Customer], seen_at: float, state: SyncState) -> int:
        return store.directory.save(customers, seen_at, self._user_id, listed=True, sync=state)
