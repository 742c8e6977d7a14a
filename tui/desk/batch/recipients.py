"""Whom the rows of a batch are about: found in the directory, and at the vendor where it does not know them.

Whose remark is replaced is read again at the vendor first, unless that was done a short while ago (`FRESH`): what a
summary calls *before*, and what an undo writes again, is what stood there, and not what somebody once saw.
"""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Protocol

from tui.client.service import Capabilities
from tui.desk.conflicts import FRESH
from tui.desk.disk import Disk
from tui.desk.outcome import Record
from tui.desk.paging import ends
from tui.desk.run_limited import side_by_side
from tui.locale import _
from tui.model.customer import Customer, FieldSpec, Page, Query
from tui.model.errors import KehuError, NotFoundError, StorageError, VendorError
from tui.model.masking import Masker
from tui.store.remark_targets import RemarkTarget, person_of
from tui.store.store import Store

READ_AT_ONCE = 1000
"""Customers read from the directory at a time: a twentieth of a second, in which nothing else gets at the disk."""

MOST_LOOKUPS = 2000
"""Customers looked up, or read again, one by one for one batch; of more than that a file is better made from a list."""

PAGE_WORTH = 10
"""Single reads that a page of a list is worth: its answer is so much larger."""

UNSEEN = RemarkTarget("")
"""Stands for whom nobody here has seen."""

Progress = Callable[[int, int], None]
"""Called with how many are done, and how many there are."""


class VendorReader(Protocol):
    """What reads at the vendor, and keeps what it read: the Desk."""

    @property
    def capabilities(self) -> Capabilities: ...

    async def customer(self, key: str, by: str = "id") -> Record: ...

    async def page(self, query: Query) -> Page: ...

    async def fields(self, refresh: bool = False) -> tuple[FieldSpec, ...]: ...

    async def masker(self) -> Masker: ...


class Recipients:
    """Finds people by their ids or union ids, at the vendor in as few calls as may be."""

    def __init__(self, reader: VendorReader, disk: Disk, needs_union_id: bool) -> None:
        self._reader = reader
        self._disk = disk
        self._needs_union_id = needs_union_id
        self._asked = 0
        self._refused = 0
        self.known: dict[str, RemarkTarget] = {}
        self.missing: dict[str, str] = {}
        """Those who were not found, with the reason in the agent's language."""
        self.looked_up = 0
        """Customers whom the vendor was asked for because they were not known here."""
        self.renewed = 0
        """Customers who were read again."""
        self.trouble: KehuError | None = None
        """What kept others from being read again, where something did."""

    async def seen(self, keys: Sequence[str]) -> None:
        """Find those of `keys` that the directory knows."""
        for start in range(0, len(keys), READ_AT_ONCE):
            some = keys[start : start + READ_AT_ONCE]
            self.known |= await self._disk.run(partial(_in_directory, keys=some))

    async def look_up(self, keys: Iterable[str], on_progress: Progress | None = None) -> None:
        """Ask the vendor for those of `keys` that are not known, or of whom what is needed was missing a while ago.

        Raises: KehuError where the vendor cannot be asked; one whom it does not know is in `missing`.
        """
        wanted = [key for key in keys if self._to_ask(key)]
        left = await self._from_list(wanted, on_progress)
        for key in left[MOST_LOOKUPS:]:
            text = _("not known here, and {limit} others were looked up already: list the customers first")
            self.missing[key] = text.format(limit=MOST_LOOKUPS)
        await self._one_by_one(left[:MOST_LOOKUPS], self._find, on_progress)
        self.looked_up = len(wanted) - len(left[MOST_LOOKUPS:])

    def _to_ask(self, key: str) -> bool:
        person = self.known.get(key)
        return person is None or (self._needs_union_id and not person.union_id and is_stale(person))

    async def read_again(self, keys: Iterable[str], on_progress: Progress | None = None) -> None:
        """Read those of `keys` who were not read a short while ago, as many as is worth it.

        Of the others, and of all where the vendor cannot be asked, what was known stays known: a batch can be written
        while the line is down, and one that is too large to be read again is not held up for it.
        Raises: StorageError.
        """
        stale = [key for key in keys if key not in self.missing and is_stale(self.known.get(key, UNSEEN))]
        try:
            left = await self._from_list(stale, on_progress, most=MOST_LOOKUPS)
            if self._reader.capabilities.can("get"):
                await self._one_by_one(left[: max(0, MOST_LOOKUPS - self._asked)], self._renew, on_progress)
        except StorageError:
            raise
        except KehuError as error:
            self.trouble = error
        self.renewed = sum(key in self.known and not is_stale(self.known[key]) for key in stale)

    async def _from_list(self, left: list[str], on_progress: Progress | None, *, most: float = math.inf) -> list[str]:
        """Read the vendor's list while that is cheaper than to ask for each of `left`, up to what `most` of them would
        cost; those whom it did not hold so far."""
        if not self._reader.capabilities.can("list") or len(left) <= PAGE_WORTH:
            return left
        wanted, total = set(left), len(left)
        query = Query(size=self._reader.capabilities.page_size)
        while True:
            page = await self._reader.page(query)
            self._take(page.items, wanted)
            if on_progress:
                on_progress(total - len(wanted), total)
            pages_left = 1 if page.total is None else -(-page.total // query.size) - query.page
            ended = ends(query.page * query.size, len(page.items), query.size, page.total)
            if ended or pages_left * PAGE_WORTH > min(len(wanted), most):
                return [key for key in left if key in wanted]
            query = query.model_copy(update={"page": query.page + 1})

    def _take(self, customers: Sequence[Customer], wanted: set[str]) -> None:
        """Know `customers`, just read, as far as they are of interest; they are not `wanted` any more."""
        now = time.time()
        for customer in customers:
            for key in (customer.id, customer.union_id):
                if key and (key in wanted or key in self.known):
                    self.known[key] = person_of(customer, now)
                    wanted.discard(key)

    async def _one_by_one(
        self, keys: Sequence[str], ask: Callable[[str], Awaitable[None]], on_progress: Progress | None
    ) -> None:
        done = 0

        async def ask_one(key: str) -> None:
            nonlocal done
            self._asked += 1
            await ask(key)
            done += 1
            if on_progress:
                on_progress(done, len(keys))

        at_once = self._reader.capabilities.lookups_at_once
        await side_by_side(keys, ask_one, at_once=at_once, stopped=lambda: self._refused >= at_once)

    async def _find(self, key: str) -> None:
        """Ask for `key`; whom the vendor does not give is missing."""
        try:
            await self._read(key)
        except (NotFoundError, VendorError) as error:
            if isinstance(error, VendorError) and error.passing:
                raise
            self.missing[key] = error.message(_)

    async def _renew(self, key: str) -> None:
        """Read `key` again. A vendor that only refuses to tell may take a remark all the same."""
        try:
            await self._read(key)
        except NotFoundError as error:
            self.known.pop(key, None)
            self.missing[key] = error.message(_)
        except VendorError as error:
            if error.passing:
                raise
            self._refused += 1
            self.trouble = error
        else:
            self._refused = 0

    async def _read(self, key: str) -> None:
        record = await self._reader.customer(key)
        self.known[key] = person_of(record.customer, record.seen_at)


def is_stale(person: RemarkTarget) -> bool:
    """`person` was not read at the vendor a short while ago."""
    return person.seen_at < time.time() - FRESH


def _in_directory(store: Store, keys: Sequence[str]) -> dict[str, RemarkTarget]:
    return store.directory.people(keys)
