"""Whom the rows of a batch are about: found in the directory, and at the vendor where it does not know them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tui.client.errors import NotFoundError, VendorError
from tui.client.models import Customer, Page, Query
from tui.client.service import Capabilities
from tui.desk.batch.crew import side_by_side
from tui.desk.disk import Disk
from tui.desk.outcome import Record
from tui.desk.paging import ends
from tui.locale import _

FRESH = 600.0
"""Seconds for which a record is taken for the vendor's own, so that a remark that is there already is not sent:
as long as it takes to look at a list and write a file from it."""

READ_AT_ONCE = 500
"""Customers read from the directory at a time: a twentieth of a second, in which nothing else gets at the disk."""

LOOKUPS_AT_ONCE = 5
"""Reads under way at once at the vendor, which leaves the desk some of the profile's calls."""

MOST_LOOKUPS = 2000
"""Customers looked up one by one for one batch; of more than that a file is better made from a list."""

PAGE_WORTH = 10
"""Single reads that a page of a list is worth: its answer is so much larger."""

Progress = Callable[[int, int], None]
"""Called with how many are done, and how many there are."""

Notes = tuple[str, str]
"""A colleague's remark and description."""


@dataclass(frozen=True, slots=True)
class Person:
    """What a batch has to know of a customer."""

    id: str
    union_id: str | None = None
    name: str = ""
    seen_at: float = 0.0
    """Epoch seconds; 0 for one that nobody has seen."""
    notes: Mapping[str, Notes] = field(default_factory=dict)
    """By the colleague's user id."""


def person_of(customer: Customer, seen_at: float) -> Person:
    """What is worth keeping of CUSTOMER, which is some hundred times larger."""
    notes = {user.user_id: (user.remark, user.description) for user in customer.follow_users}
    return Person(customer.id, customer.union_id, customer.name, seen_at, notes)


class Reader(Protocol):
    """What reads at the vendor, and keeps what it read: the Desk."""

    @property
    def capabilities(self) -> Capabilities: ...

    async def customer(self, key: str, by: str = "id") -> Record: ...

    async def page(self, query: Query) -> Page: ...


class People:
    """Finds people by their ids or union ids, at the vendor in as few calls as may be; `looked_up` counts those."""

    def __init__(self, reader: Reader, disk: Disk, needs_union_id: bool) -> None:
        self._reader = reader
        self._disk = disk
        self._needs_union_id = needs_union_id
        self.looked_up = 0
        self.known: dict[str, Person] = {}
        self.missing: dict[str, str] = {}
        """Those who were not found, with the reason in the agent's language."""

    async def seen(self, keys: Sequence[str]) -> None:
        """Find those of KEYS that the directory knows."""
        for start in range(0, len(keys), READ_AT_ONCE):
            some = keys[start : start + READ_AT_ONCE]
            self.known |= await self._disk.run(
                lambda store, some=some: {  # type: ignore[misc]  # the default binds this turn's keys
                    key: person_of(*found) for key, found in store.directory.get_many(some).items()
                }
            )

    async def look_up(self, keys: Iterable[str], on_progress: Progress | None = None) -> None:
        """Ask the vendor for those of KEYS that are not known, or of whom what is needed was missing a while ago.

        Raises: KehuError where the vendor cannot be asked; one whom it does not know is in `missing`.
        """
        left = [key for key in keys if self._to_ask(key)]
        if self._reader.capabilities.can("list") and len(left) > PAGE_WORTH:
            left = await self._from_list(left, on_progress)
        for key in left[MOST_LOOKUPS:]:
            text = _("not known here, and {limit} others were looked up already: list the customers first")
            self.missing[key] = text.format(limit=MOST_LOOKUPS)
        await self._one_by_one(left[:MOST_LOOKUPS], on_progress)

    def _to_ask(self, key: str) -> bool:
        person = self.known.get(key)
        if person is None:
            return True
        return self._needs_union_id and not person.union_id and person.seen_at < time.time() - FRESH

    async def _from_list(self, left: list[str], on_progress: Progress | None) -> list[str]:
        """Read the vendor's list while that is cheaper than to ask for each of LEFT; those whom it does not hold."""
        wanted, total = set(left), len(left)
        query = Query(size=self._reader.capabilities.page_size)
        while True:
            page = await self._reader.page(query)
            now = time.time()
            for customer in page.items:
                for key in wanted.intersection((customer.id, customer.union_id)):
                    self.known[key] = person_of(customer, now)
                    wanted.discard(key)
                    self.looked_up += 1
            if on_progress:
                on_progress(total - len(wanted), total)
            if ends(query.page * query.size, len(page.items), query.size, page.total):
                return [key for key in left if key in wanted]
            pages_left = 1 if page.total is None else -(-page.total // query.size) - query.page
            if pages_left * PAGE_WORTH > len(wanted):
                return [key for key in left if key in wanted]
            query = query.model_copy(update={"page": query.page + 1})

    async def _one_by_one(self, keys: Sequence[str], on_progress: Progress | None) -> None:
        done = 0

        async def ask(key: str) -> None:
            nonlocal done
            await self._ask(key)
            done += 1
            if on_progress:
                on_progress(done, len(keys))

        await side_by_side(keys, ask, at_once=LOOKUPS_AT_ONCE)

    async def _ask(self, key: str) -> None:
        self.looked_up += 1
        try:
            record = await self._reader.customer(key)
        except NotFoundError as error:
            self.missing[key] = error.message(_)
        except VendorError as error:
            if error.passing:
                raise
            self.missing[key] = error.message(_)
        else:
            self.known[key] = person_of(record.customer, record.seen_at)
