"""The way of a change from the outbox to the vendor, and of the answer back.

Every change is on disk before its first byte is sent. Each call claims its rows first, so that no other kehu process
sends them too, and settles them after, so that a process that dies in between leaves rows in `sending`, which the next
start turns into `unknown` or, where a second sending does no harm, into `pending`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tui.client.errors import (
    N_,
    InvalidError,
    KehuError,
    NetworkError,
    NotFoundError,
    OutcomeUnknownError,
    ProtocolError,
    VendorError,
)
from tui.client.models import Customer, Failure, FollowEntry, FollowText, Remark
from tui.client.service import CustomerService
from tui.desk.disk import Disk
from tui.desk.outcome import ChangedSinceError
from tui.desk.values import conflict, from_json
from tui.locale import _
from tui.store.change import Change, Kind, Settlement, State

MAX_ATTEMPTS = 8
"""How often a change that may be repeated is sent by itself before a person is asked."""

CALLS_AT_ONCE = 5
"""Calls of one batch under way at once: WeCom refuses a sixth remark call (vendor-docs, 45033)."""

Progress = Callable[[int, int], None]
"""Called with how many of a batch are settled, and how many there are."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one claimed change; `customer` is the record as the vendor's answer tells it."""

    change: Change
    settlement: Settlement
    customer: Customer | None = None
    error: KehuError | None = None


class Sender:
    """Sends what stands in the outbox."""

    def __init__(self, service: CustomerService, disk: Disk) -> None:
        self._service = service
        self._disk = disk
        self._under_way: set[asyncio.Task[Any]] = set()

    async def send(
        self, changes: Sequence[Change], *, checked: bool = False, on_progress: Progress | None = None
    ) -> list[Sent]:
        """Send CHANGES, all of one kind, and settle each. CHECKED: the caller has compared with the vendor's record.

        Cancelling it starts no further call and lets those under way finish and be recorded.
        """
        if not changes:
            return []
        done = 0
        sent: list[Sent] = []
        gate = asyncio.Semaphore(CALLS_AT_ONCE)

        async def one_call(chunk: Sequence[Change]) -> None:
            nonlocal done
            async with gate:
                results = await self._finish(self._deliver([change.id for change in chunk], checked))
            sent.extend(results)
            done += len(chunk)
            if on_progress:
                on_progress(done, len(changes))

        size = self._chunk_size(changes[0].kind)
        async with asyncio.TaskGroup() as calls:
            for start in range(0, len(changes), size):
                calls.create_task(one_call(changes[start : start + size]))
        return sorted(sent, key=lambda item: item.change.id)

    async def close(self, patience: float) -> None:
        """Give the calls under way PATIENCE seconds to be answered and recorded."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _finish(self, work: Coroutine[Any, Any, list[Sent]]) -> list[Sent]:
        """Await WORK in such a way that cancelling the caller does not tear a call in two."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    def _chunk_size(self, kind: Kind) -> int:
        limits = self._service.capabilities
        return {Kind.REMARK: limits.remark_batch, Kind.FOLLOW: limits.follow_batch}.get(kind, 1) or 1

    async def _deliver(self, ids: Sequence[int], checked: bool) -> list[Sent]:
        claimed = await self._disk.run(lambda store: store.changes.claim(ids))
        if not claimed:
            return []
        try:
            sent = await self._perform(claimed, checked)
        except KehuError as error:
            sent = [Sent(change, _after_error(change, error), error=error) for change in claimed]
        await self._disk.run(lambda store: store.changes.settle([item.settlement for item in sent]))
        return sent

    async def _perform(self, claimed: Sequence[Change], checked: bool) -> list[Sent]:
        change = claimed[0]
        match change.kind:
            case Kind.UPDATE:
                return [await self._update(change, checked)]
            case Kind.CREATE:
                created = await self._service.create(from_json(change.request["values"]))
                return [Sent(change, _sent(change, created), created)]
            case Kind.DELETE:
                return [await self._delete(change)]
            case Kind.REMARK:
                result = await self._service.set_remarks([remark_of(item) for item in claimed])
                return _of_batch(claimed, result.failed)
            case _:
                result = await self._service.add_follows([follow_of(item) for item in claimed])
                return _of_batch(claimed, result.failed)

    async def _update(self, change: Change, checked: bool) -> Sent:
        """One update. Sent later than it was typed, it is first compared with the record as it is by then."""
        values = from_json(change.request["values"])
        theirs = None
        if self._service.capabilities.can("get") and not checked:
            theirs = await self._service.get(change.customer_id)
            found = conflict(from_json(change.before["values"] if change.before else {}), theirs, values)
            if found.fields:
                raise ChangedSinceError(found)
            values = dict(found.clear)
            if not values:
                return Sent(change, Settlement(change.id, State.SENT, after=change.request["values"]), theirs)
        if theirs is None:
            kept = await self._disk.run(lambda store: store.directory.get(change.customer_id))
            theirs = kept[0] if kept else None
        answer = await self._service.update(change.customer_id, values, theirs)
        return Sent(change, _sent(change, answer), answer)

    async def _delete(self, change: Change) -> Sent:
        """One delete; where its answer is lost, reading the record tells what became of it."""
        try:
            await self._service.delete(change.customer_id)
        except NotFoundError:
            pass  # gone already: what was asked for is true
        except (OutcomeUnknownError, ProtocolError) as error:
            try:
                await self._service.get(change.customer_id)
            except NotFoundError:
                pass
            except KehuError:
                raise error from None
            else:
                raise VendorError(
                    N_("{name} was not deleted: the call was lost and the record is still there"),
                    todo=N_("Delete it again from the outbox."),
                    name=change.customer_name or change.customer_id,
                ) from error
        return Sent(change, Settlement(change.id, State.SENT))


def remark_of(change: Change) -> Remark:
    """The remark that CHANGE sends."""
    return Remark(
        customer=change.customer_id,
        union_id=change.union_id,
        user_id=change.request["user_id"],
        remark=change.request.get("remark"),
        description=change.request.get("description"),
    )


def follow_of(change: Change) -> FollowEntry:
    """The follow-ups that CHANGE sends."""
    return FollowEntry(
        customer=change.customer_id,
        union_id=change.union_id,
        user_id=change.request["user_id"],
        texts=tuple(FollowText.model_validate(text) for text in change.request["texts"]),
    )


def _sent(change: Change, answer: Customer) -> Settlement:
    return Settlement(
        change.id, State.SENT, after=change.request["values"], answer=dict(answer.raw), customer_id=answer.id
    )


def _of_batch(claimed: Sequence[Change], failed: Iterable[Failure]) -> list[Sent]:
    failures = {failure.index: failure for failure in failed}
    sent = []
    for index, change in enumerate(claimed):
        failure = failures.get(index)
        if failure is None:
            settlement = Settlement(change.id, State.SENT, after=dict(change.request))
        elif failure.unknown:
            settlement = _lost(change, failure.code, failure.message)
        else:
            settlement = Settlement(change.id, State.FAILED, code=failure.code, message=failure.message)
        sent.append(Sent(change, settlement))
    return sent


def _lost(change: Change, code: str, message: str) -> Settlement:
    """Nobody knows whether CHANGE arrived: it goes again where that does no harm, else a person decides."""
    if not change.repeatable:
        return Settlement(change.id, State.UNKNOWN, code=code, message=message)
    again = State.PENDING if change.attempts < MAX_ATTEMPTS else State.FAILED
    return Settlement(change.id, again, code=code, message=message)


def _after_error(change: Change, error: KehuError) -> Settlement:
    code, message = error.code or error.kind, error.message(_)
    if isinstance(error, NetworkError):  # it was not sent: nothing speaks against sending it later
        again = State.PENDING if change.attempts < MAX_ATTEMPTS else State.FAILED
        return Settlement(change.id, again, code=code, message=message)
    if isinstance(error, OutcomeUnknownError | ProtocolError):
        return _lost(change, code, message)
    if isinstance(error, VendorError) and error.passing and change.repeatable:
        return _lost(change, code, message)
    if isinstance(error, InvalidError):
        code = error.field or code
    return Settlement(change.id, State.FAILED, code=code, message=message)
