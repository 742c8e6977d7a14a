"""Batches as the desk has them: planned, recorded as a whole, sent, sent again, and seen by their causes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.desk.batch.items import ImportFile
from tui.desk.batch.plan import Plan, Step
from tui.desk.batch.planning import Planner
from tui.desk.batch.recipients import Progress, VendorReader
from tui.desk.changes_made import change_made
from tui.desk.disk import Disk
from tui.desk.outbox.queue import Outbox
from tui.desk.outcome import Delivery
from tui.model.change import Change, Kind, NewChange, State
from tui.model.errors import ConflictError, StorageError
from tui.store.batches import BatchGroup
from tui.store.drafts import DraftId
from tui.store.store_errors import Overtaken

if TYPE_CHECKING:
    from tui.desk.customer_reader import DeskSettings
    from tui.store.store import Store

__all__ = ["BatchGroup", "BatchSender"]


class BatchSender:
    """Batches of remarks, follow-ups, creates and edits of one profile.

    `reader` is the desk; `announce` tells that the outbox changed.
    """

    def __init__(
        self, settings: DeskSettings, reader: VendorReader, disk: Disk, outbox: Outbox, announce: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._reader = reader
        self._disk = disk
        self._outbox = outbox
        self._announce = announce

    async def plan(
        self, sheet: ImportFile, *, again: bool = False, shown: Plan | None = None, on_progress: Progress | None = None
    ) -> Plan:
        """What sending `sheet` would do. What of it was sent before is passed over, unless `again`.

        Remarks are compared with what the vendor has now, but for records that were read less than `FRESH` ago. A
        plan that is as old as that is made anew before it is sent. What a colleague changes in between is replaced
        unseen, as it would be however late it was read: the vendor takes a remark without a condition, so that to read
        right before each call makes the gap shorter, never none, and costs a call for each customer. What was read
        is in the journal, and an undo compares again before it writes.

        `shown` is the plan that the agent has looked at, where this one is made anew in its place.
        `on_progress` hears of customers that are looked up at the vendor, or read again.
        Raises: KehuError where one has to be looked up and the vendor cannot be asked.
        """
        await self.recover()
        if sheet.kind in (Kind.CREATE, Kind.UPDATE):
            from tui.desk.batch.field_planning import FieldPlanner

            specs, masker = await self._reader.fields(), await self._reader.masker()
            planner = FieldPlanner(sheet, self._reader, self._disk, specs, masker, again=again)
            return await planner.plan(on_progress)
        return await Planner(sheet, self._reader, self._disk, again=again, shown=shown).plan(on_progress)

    async def send(
        self,
        plan: Plan,
        *,
        on_progress: Progress | None = None,
        stop: asyncio.Event | None = None,
        draft: DraftId | None = None,
    ) -> Delivery:
        """Record every step of `plan` in one transaction, then send them; with `stop` set, no further call is begun.

        What a person stops is kept from being sent by itself; see the package. `draft` is what it was typed as, and
        goes.
        Raises: ConflictError where another process began with the same file meanwhile; StorageError.
        """
        self._outbox.require_changes()
        news = [self._new(plan, step) for step in plan.steps if step.change_id is None]
        ids = [step.change_id for step in plan.steps if step.change_id is not None]
        befores = {step.change_id: dict(step.before) for step in plan.steps if step.change_id and step.before}
        if befores:
            await self._disk.run(lambda store: store.batches.note_before(befores))
        try:
            recorded = await self._disk.run(lambda store: store.changes.add(news, draft=draft, newest=plan.newest))
        except StorageError as error:
            if isinstance(error.__cause__, Overtaken):
                raise ConflictError(error.what, todo=error.todo) from error
            raise
        # An edit is compared with the record once more as it goes: a field has more than one hand at it.
        checked = plan.kind is not Kind.UPDATE
        return await self._send([*ids, *recorded], on_progress, stop, checked=checked)

    async def retry(
        self, ids: Sequence[int], *, on_progress: Progress | None = None, stop: asyncio.Event | None = None
    ) -> Delivery:
        """Send those of `ids` that wait, failed or are unknown, because a person says so.

        What was summed up longer than `FRESH` ago is compared again, one by one.
        Raises: StorageError.
        """
        return await self._send(ids, on_progress, stop, checked=False)

    async def _send(
        self, ids: Sequence[int], on_progress: Progress | None, stop: asyncio.Event | None, *, checked: bool
    ) -> Delivery:
        self._outbox.require_changes()
        await self._disk.run(lambda store: store.changes.retry(ids))
        self._announce()
        delivery = await self._outbox.deliver(sorted(ids), checked=checked, on_progress=on_progress, stop=stop)
        if isinstance(delivery.error, StorageError):
            raise delivery.error
        return delivery

    def _new(self, plan: Plan, step: Step) -> NewChange:
        kept = plan.kind is Kind.FOLLOW and not self._reader.capabilities.can("add_follows")
        return NewChange(
            kind=plan.kind,
            state=State.KEPT if kept else State.PENDING,
            customer_id=step.person.id,
            customer_name=step.person.name,
            union_id=step.person.union_id,
            user_id=step.item.user_id or self._settings.user_id,
            request=step.item.request,
            before=step.before,
            repeatable=plan.kind in (Kind.REMARK, Kind.UPDATE),
            batch=plan.batch,
            undo_of=step.item.undo_of,
            os_user=self._settings.os_user,
            host=self._settings.host,
            profile=self._settings.profile,
            source=self._settings.source,
            author=self._settings.author,
        )

    async def waiting(self) -> int:
        """How many changes of batches wait to be sent by themselves."""
        return len(await self._disk.run(lambda store: store.batches.all_waiting()))

    async def hold(self) -> int:
        """Keep what waits of batches from being sent by itself, as when a batch is stopped; how many those are."""
        held = await self._disk.run(lambda store: store.changes.hold(store.batches.all_waiting()))
        self._announce()
        return len(held)

    async def last_made(self) -> Sequence[Change]:
        """The changes of the batch that was recorded last, where nothing was since; empty where something was."""

        def made(store: Store) -> list[Change]:
            batch = store.batches.last()
            members = store.batches.of(batch) if batch is not None else []
            undone_by = store.changes.undone_by([change.id for change in members])
            found = (change_made(store, change.id) for change in members)
            return [replace(one, undone_by=undone_by.get(one.id)) for one in found if one is not None]

        return await self._disk.read(made)

    # The outbox by its causes

    async def recover(self) -> None:
        """Put right what processes that died left behind; nothing is sent."""
        await self._disk.run(lambda store: store.changes.recover())

    async def groups(self) -> Sequence[BatchGroup]:
        """What waits, failed or is unknown, the oldest first: a batch's changes as one for each cause."""
        return await self._disk.run(lambda store: store.batches.groups())

    async def members(self, first: Change) -> Sequence[int]:
        """The ids of the group that `first` stands for; itself alone where it is of no batch."""
        return await self._disk.run(lambda store: store.batches.members(first))

    async def unsettled(self, states: Sequence[State], batch: str | None = None) -> Sequence[int]:
        """The ids of what stands in the outbox in one of `states`, of `batch` alone where given."""
        return await self._disk.run(lambda store: store.batches.unsettled(states, batch))

    async def changes(self, ids: Sequence[int]) -> Sequence[Change]:
        """Those of the changes `ids` that there are."""
        return await self._disk.run(lambda store: store.changes.get_many(ids))
