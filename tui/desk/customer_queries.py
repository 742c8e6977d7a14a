"""Asking the customers seen here by the query language: what it may name, whom it means, and of how many."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tui.locale import _
from tui.model.query.completion import QueryCompletion, complete
from tui.model.query.explain import explain
from tui.model.query.operands import QueryError
from tui.model.query.parser import ParsedQuery, parse_query, read_query, sorted_by
from tui.model.query.query_names import Colleague, Vocabulary
from tui.model.query.tree import CustomerQuery

if TYPE_CHECKING:
    from tui.desk.disk import Disk
    from tui.store.rows import Listing
    from tui.store.store import Store

NAMES_LAST = 60.0
"""Seconds for which the names that a query may use are remembered: tags and colleagues come with customers."""


def names_at(store: Store, profile: str, dialect: str, user_id: str) -> Vocabulary:
    """Return what queries may name, as far as is known on disk; labels are in the agent's language."""
    kept = store.directory.fields()
    specs = kept[0] if kept is not None else ()
    return Vocabulary(
        tuple(spec.model_copy(update={"label": _(spec.label)}) for spec in specs),
        {name: _(label) if label else "" for name, label in store.directory.fields_seen().items()},
        store.directory.tags(),
        tuple(Colleague(owner.user_id, owner.name) for owner in store.directory.owners()),
        user_id,
        profile,
        dialect,
    )


def page_at(store: Store, query: CustomerQuery, page: int, size: int, names: Vocabulary) -> Listing:
    """Return a page, from 1, of whom `query` means, with how many they are, of how many seen of how many there are."""
    constants = {"profile": names.profile, "dialect": names.dialect}
    listing = store.directory.answer(query, size, (page - 1) * size, constants)
    return replace(listing, vendor_total=store.directory.vendor_total())


class CustomerQueries:
    """Answers queries at one profile. Every method raises `KehuError`s alone; for a mistake in a query `QueryError`."""

    def __init__(self, disk: Disk, profile: str, dialect: str, user_id: str) -> None:
        self._disk = disk
        self._profile = profile
        self._dialect = dialect
        self._user_id = user_id
        self._names: Vocabulary | None = None
        self._read_at = 0.0

    async def names(self, *, fresh: bool = False) -> Vocabulary:
        """What a query may name; `fresh`: with the tags and colleagues that came a moment ago."""
        if self._names is None or fresh or time.monotonic() - self._read_at > NAMES_LAST:
            self._names = await self._disk.read(
                lambda store: names_at(store, self._profile, self._dialect, self._user_id)
            )
            self._read_at = time.monotonic()
        return self._names

    async def read(self, text: str) -> ParsedQuery:
        """Return what is understood of `text`, which may be half typed, and what is not."""
        return read_query(text, await self.names(), _now())

    async def parse(self, text: str) -> CustomerQuery:
        """Return the query that `text` is.

        Raises: QueryError, for the first word that is not understood.
        """
        return parse_query(text, await self.names(), _now())

    async def sorted_by(self, text: str, sort: str) -> str:
        """Return the query `text` in the order `sort`, what `sort:` takes, in place of its own; empty for no order."""
        return sorted_by(text, sort, await self.names(), _now())

    async def complete(self, text: str, cursor: int) -> QueryCompletion:
        """Return what could stand at the `cursor` of `text`."""
        return complete(text, cursor, await self.names(), _)

    async def page(self, query: CustomerQuery, page: int, size: int) -> Listing:
        """Return a page, from 1, of whom `query` means, in its order."""
        names = await self.names()
        return await self._disk.read(lambda store: page_at(store, query, page, size, names))

    async def find(self, text: str, page: int, size: int) -> tuple[Listing, QueryError | None]:
        """Return a page of whom `text`, as it is typed into a search, means, and what of it is not understood.

        What is not understood is searched for as it stands.
        """
        parsed = await self.read(text)
        if parsed.problems:
            found = await self._disk.read(lambda store: store.directory.search(text, size, (page - 1) * size))
            return found, parsed.problems[0]
        return await self.page(parsed.query, page, size), next(iter(parsed.notes), None)

    async def asked(self) -> Sequence[str]:
        """The queries that were asked on the screen, the latest first."""
        return await self._disk.read(lambda store: store.directory.asked())

    async def note_asked(self, text: str) -> None:
        """Remember the query `text` as the latest that was asked."""
        await self._disk.run(lambda store: store.directory.note_asked(text))

    async def ids(self, query: CustomerQuery) -> Sequence[str]:
        """Return the ids of all whom `query` means, in its order."""
        constants = {"profile": self._profile, "dialect": self._dialect}
        return await self._disk.read(lambda store: store.directory.answer_ids(query, constants))

    async def fill(self) -> AsyncIterator[int]:
        """Make what queries read of customers whom an older kehu kept, a few at a time; yields how many are left."""
        while await self._disk.run(lambda store: store.directory.fill_columns()):
            yield await self._disk.read(lambda store: store.directory.unread())


def fill_now(disk: Disk, progress: Callable[[int], None] | None = None) -> None:
    """The same, waited for here and now; `progress` is told how many customers are left."""
    while disk.run_now(lambda store: store.directory.fill_columns()):
        if progress is not None and (left := disk.run_now(lambda store: store.directory.unread())):
            progress(left)


def told_query(query: CustomerQuery) -> str:
    """Return what `query` asks for, in the agent's language; empty where it asks for everybody."""
    return explain(query, _)


def _now() -> datetime:
    return datetime.now().astimezone()
