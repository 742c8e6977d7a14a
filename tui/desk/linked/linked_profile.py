"""Another profile: its directory and its desk, each opened when it is first needed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from tui.desk.changes_made import changes_made
from tui.desk.disk import Disk, translated
from tui.desk.drafts import KeptDraft, drafts_at
from tui.desk.linked.matching import directory_kind
from tui.desk.linked.person import Source
from tui.desk.outcome import Record
from tui.model.change import UNSETTLED, Change
from tui.model.customer import FieldSpec
from tui.model.errors import AuthError, KehuError, NetworkError
from tui.store.store import Store

if TYPE_CHECKING:
    from tui.desk.desk import Desk

T = TypeVar("T")


class _Once(Generic[T]):
    """Makes a thing when it is first asked for. Whoever stops waiting does not stop it; a failure is tried again."""

    def __init__(self, make: Callable[[], Awaitable[T]]) -> None:
        self._make = make
        self._task: asyncio.Future[T] | None = None

    async def get(self) -> T:
        """The thing."""
        if self._task is None or (self._task.done() and self._task.exception() is not None):
            self._task = asyncio.ensure_future(self._make())
        return await asyncio.shield(self._task)

    async def made(self) -> T | None:
        """The thing, where somebody asked for it and it could be made."""
        if self._task is None:
            return None
        (result,) = await asyncio.gather(self._task, return_exceptions=True)
        return None if isinstance(result, BaseException) else result


class LinkedProfile:
    """The profile that `source` names. Opening its directory costs no credential; its desk does, and still calls
    nobody.

    `open_store` and `open_desk` may block: they run in a thread.
    """

    def __init__(self, source: Source, open_store: Callable[[], Store], open_desk: Callable[[Store], Desk]) -> None:
        self.source = source
        self._open_store = open_store
        self._open_desk = open_desk
        self._disk = _Once(self._opened_disk)
        self._desk = _Once(self._opened_desk)
        self.notices: tuple[KehuError, ...] = ()
        """What there is to tell about how its file opened, once it has been."""

    async def _opened_disk(self) -> Disk:
        store = await asyncio.to_thread(self._open_store)
        self.notices = tuple(map(translated, store.notices))
        return Disk(store)

    async def _opened_desk(self) -> Desk:
        disk = await self._disk.get()
        return await asyncio.to_thread(self._open_desk, disk.store)

    async def desk(self) -> Desk:
        """Its desk.

        Raises: KehuError where it cannot be opened, such as for want of its credential.
        """
        return await self._desk.get()

    async def seen(self, ids: Sequence[str]) -> list[Record]:
        """Those of its customers `ids` that were seen there, from disk alone."""
        found = await (await self._disk.get()).run(lambda store: store.directory.get_many(ids))
        return [Record(*found[id], live=False) for id in ids if id in found]

    async def holding(self, field: str, values: Sequence[str]) -> list[Record]:
        """Those of its customers seen there whose `field` is one of `values`, from disk alone."""
        disk, kind = await self._disk.get(), directory_kind(field)
        found = await disk.run(
            lambda store: [item for value in values for item in store.directory.find_by(kind, value)]
        )
        return list({customer.id: Record(customer, seen_at, live=False) for customer, seen_at in found}.values())

    async def fields(self) -> tuple[FieldSpec, ...]:
        """Its field configuration as it was last read there, from disk alone; empty where it never was."""
        kept = await (await self._disk.get()).run(lambda store: store.directory.fields())
        return kept[0] if kept else ()

    async def journal(self, customer_id: str) -> Sequence[Change]:
        """Every change made from here to its customer `customer_id`, the newest first, from disk alone."""
        return await (await self._disk.get()).run(lambda store: changes_made(store, customer_id))

    async def drafts(self) -> list[KeptDraft]:
        """What was typed into its forms and not sent, from disk alone."""
        return await (await self._disk.get()).run(lambda store: drafts_at(store, self.source.profile))

    async def drop_draft(self, draft_id: int) -> None:
        """Throw one of them away."""
        await (await self._disk.get()).run(lambda store: store.drafts.delete(draft_id))

    async def unsettled(self) -> int:
        """How many of its changes wait, failed or are unknown, from disk alone."""
        counts = await (await self._disk.get()).run(lambda store: store.changes.counts())
        return sum(counts.get(state, 0) for state in UNSETTLED)

    async def ask(self, field: str, values: Sequence[str]) -> list[Record]:
        """Everybody there whose `field` is one of `values`, read at the vendor, one value after the other.

        A value that cannot be asked for hides nobody whom another finds.
        Raises: KehuError where no value finds anybody and one could not be asked for: then nobody is known to be gone.
        """
        desk = await self.desk()
        try:
            await desk.fields()  # records are read by them
        except NetworkError:
            raise
        except KehuError:
            pass  # codes stand for labels
        found: dict[str, Record] = {}
        trouble: KehuError | None = None
        for value in values:
            try:
                found |= {record.customer.id: record for record in await desk.look_up(field, value)}
            except (AuthError, NetworkError) as error:
                trouble = error
                break  # nor would the vendor answer for the others
            except KehuError as error:
                trouble = trouble or error
        if trouble is not None and not found:
            raise trouble
        return list(found.values())

    async def close(self) -> None:
        """Close what was opened."""
        if desk := await self._desk.made():
            await desk.close()
        if disk := await self._disk.made():
            disk.close()
