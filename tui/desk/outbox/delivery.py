"""One call: its way from the outbox to the vendor, and of the answer back.

Every change is on disk before its first byte is sent. Each call claims its rows first, so that no other kehu process
sends them too, and settles them after, so that a process that dies in between leaves rows in `sending`, which the next
start turns into `unknown` or, where a second sending does no harm, into `pending`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from tui import crash
from tui.client.departure import watch
from tui.client.service import CustomerService
from tui.desk.disk import Disk
from tui.desk.outbox.calls import Calls
from tui.desk.outbox.result import Sent, after_error, lost, own_fault
from tui.model.change import Change, Kind, Settlement
from tui.model.errors import N_, InvalidError, KehuError, OwnFaultError, StorageError
from tui.store.outbox import LOST

CUT_OFF = N_("kehu was closed before the answer came")


class Sender:
    """Makes the calls for what stands in the outbox. `announce` is called when one ends that nobody waits for any
    more."""

    def __init__(self, service: CustomerService, disk: Disk, announce: Callable[[], None]) -> None:
        self._capabilities = service.capabilities
        self._calls = Calls(service, disk)
        self._disk = disk
        self._announce = announce
        self._under_way: set[asyncio.Task[Any]] = set()
        self._owed: list[Settlement] = []
        self._noting = asyncio.Lock()

    @property
    def owes(self) -> bool:
        """There are answers that the disk has refused to note so far."""
        return bool(self._owed)

    async def call(self, ids: Sequence[int], *, checked: bool) -> list[Sent]:
        """Send those of `ids`, all of one kind and no more than a call takes, that may go now; what became of each.

        `checked`: the caller has compared with the vendor's records.
        Raises: StorageError where the disk refuses to note that they go, and then nothing is sent.
        """
        return await self._finish(self._claim_and_perform(ids, checked))

    async def settle_owed(self) -> None:
        """Note the answers that the disk refused before.

        Raises: StorageError where it still does.
        """
        async with self._noting:  # noted twice, an answer could fall upon the same change sent again meanwhile
            if settled := tuple(self._owed):
                await self._disk.run(lambda store: store.changes.settle(settled))
                del self._owed[: len(settled)]

    @property
    def can_look(self) -> bool:
        """Reading a record can tell what became of a delete."""
        return self._capabilities.can("get")

    async def look_for_deleted(self, change: Change) -> Sent | None:
        """What reading tells of a delete of which nobody knows; None where it tells nothing now."""
        return await self._calls.look_for_deleted(change)

    def seconds_left(self, change: Change) -> float:
        """How long the vendor may still be at work on a change whose call was lost."""
        return self._calls.seconds_left(change)

    async def close(self, patience: float) -> None:
        """Give the calls under way `patience` seconds to be answered and recorded."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        try:
            await self.settle_owed()
        except StorageError:
            pass  # the next start finds the rows as a process that died leaves them

    async def _finish(self, work: Coroutine[Any, Any, list[Sent]]) -> list[Sent]:
        """Await `work` in such a way that cancelling the caller does not tear a call in two."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(lambda _task: self._announce())
            raise

    def share(self, kind: Kind) -> int:
        """How many changes of `kind` one call takes."""
        limits = self._capabilities
        return {Kind.REMARK: limits.remark_batch, Kind.FOLLOW: limits.follow_batch}.get(kind, 1) or 1

    async def _claim_and_perform(self, ids: Sequence[int], checked: bool) -> list[Sent]:
        """One call for those of `ids` that may go.

        Raises: StorageError where the disk refuses to note that it begins, and then nothing is sent.
        """
        claimed = await self._disk.run(lambda store: store.changes.claim(ids))
        if not claimed:
            return []
        try:
            sent = await self._perform(claimed, checked)
        except asyncio.CancelledError:
            await self._settle([Sent(change, lost(change, LOST, CUT_OFF, passing=True)) for change in claimed])
            raise
        return await self._settle(sent)

    async def _perform(self, claimed: Sequence[Change], checked: bool) -> list[Sent]:
        """What became of `claimed`, whatever went wrong: a refusal, a value that cannot be sent, a fault of our own.

        One of several that cannot be sent is found by halves, and is refused alone.
        """
        with watch() as departure:
            try:
                return await self._calls.perform(claimed, checked)
            except KehuError as refused:
                error = refused
            except Exception as fault:  # noqa: BLE001  # the last line before the change, the batch and the desk are lost
                cause = _first_of(fault)
                crash.note(cause, self._disk.store.path.parent)
                error = own_fault(cause, left=departure.left)
        if isinstance(error, InvalidError | OwnFaultError) and not departure.left and len(claimed) > 1:
            middle = len(claimed) // 2
            return [*await self._perform(claimed[:middle], checked), *await self._perform(claimed[middle:], checked)]
        return [Sent(change, after_error(change, error), error=error) for change in claimed]

    async def _settle(self, sent: list[Sent]) -> list[Sent]:
        """Note what became of `sent`; what the disk refuses is kept until it takes it."""
        self._owed += [item.settlement for item in sent]
        try:
            await self.settle_owed()
        except StorageError as error:
            return [replace(item, unnoted=error) for item in sent]
        return sent


def _first_of(fault: Exception) -> Exception:
    """What a group of tasks ended by."""
    while isinstance(fault, ExceptionGroup):
        fault = fault.exceptions[0]
    return fault
